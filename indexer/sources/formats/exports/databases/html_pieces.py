"""A saved HTML page of many documents -> the mark-up of each, and its lines.

The page is cut before it is parsed, so that only a document at a time is a tree.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import BinaryIO

from lxml import etree

from indexer.sources.decode import decode
from indexer.sources.formats.exports.article import ExportedArticle, Part, Unread
from search.errors import PageError

EXPORT_FACTOR = 10
"""An export of hundreds of documents may take so many times what one page may."""
HEAD_CHARACTERS = 2_048
"""Of the beginning and of the end of a page, where its element is opened and closed."""
_BEGINS = re.compile(r"<html[\s>]", re.IGNORECASE)
_ENDS = re.compile(r"</html\s*>", re.IGNORECASE)
MAX_TAG_CHARACTERS = 20_000
"""The parser's time grows with the square of an element's attributes: so many characters take it 0.03 s."""
_DATA_ADDRESS = re.compile(r"data:[\w/+.;=-]{0,80};base64,[A-Za-z0-9+/=]+")
_BLOCKS = frozenset(
    ("address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5",
    "h6", "header",
     "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul", "aside")
)  # fmt: skip
_UNREAD = ("script", "style", "head", "title", "noscript", "template", "button", "select", "nav")


def read_html(stream: BinaryIO, max_bytes: int, documents: Callable[[str], Iterator[Part]]) -> Iterator[Part]:
    """The documents of the page, of which `documents` gets the text; of a page that breaks off the last one is cut."""
    html = _read(stream, max_bytes)
    if isinstance(html, Unread):
        yield html
        return
    found = documents(html)
    if not _BEGINS.search(html[:HEAD_CHARACTERS]) or _ENDS.search(html[-HEAD_CHARACTERS:]):
        yield from found
        return
    last = next(found, None)
    for part in found:
        if last:
            yield last
        last = part
    why = "the page breaks off: it has no </html>"
    if last:
        yield replace(last, cut=why) if isinstance(last, ExportedArticle) else last
    yield Unread(None, "undecodable", why)


def _read(stream: BinaryIO, max_bytes: int) -> str | Unread:
    """The text of the page as browsers decode it."""
    data = stream.read(max_bytes * EXPORT_FACTOR + 1)
    if len(data) > max_bytes * EXPORT_FACTOR:
        return Unread(None, "too-large", f"the export is larger than {max_bytes * EXPORT_FACTOR:,} bytes; save it in parts")
    try:
        html = _DATA_ADDRESS.sub("data:,", decode(data, None))
    except PageError as error:
        return Unread(None, error.code, str(error))
    if any(len(between) - between.find("<") > MAX_TAG_CHARACTERS for between in html.split(">") if "<" in between):
        return Unread(
            None, "too-complex", f"it has a tag of more than {MAX_TAG_CHARACTERS:,} characters; nothing of it was taken"
        )
    return html


def pieces(html: str, start: "re.Pattern[str]") -> Iterator[str]:
    """The page from each place where a document starts to the next."""
    places = [found.start() for found in start.finditer(html)]
    for place, end in pairwise([*places, len(html)]):
        yield html[place:end]


def tree_of(html: str) -> "etree._Element":
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    tree = etree.fromstring(b"<body>" + html.replace("\0", "").encode("utf-8", "replace"), parser)
    etree.strip_elements(tree, *_UNREAD, with_tail=False)
    return tree


def lines_of(element: "etree._Element") -> list[str]:
    """A line for each paragraph, heading or cell; a <br> is a line's end in it: "\\n"."""
    lines: list[list[str]] = [[]]
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        tag = inner.tag
        if event == "start":
            if tag in _BLOCKS:
                lines.append([])
            lines[-1].append("\n" if tag == "br" else _flat(inner.text))
        else:
            if tag in _BLOCKS:
                lines.append([])
            if inner is not element:
                lines[-1].append(_flat(inner.tail))
    texts = ("".join(line) for line in lines)
    return [text for each in texts if (text := "\n".join(filter(None, (" ".join(part.split()) for part in each.split("\n")))))]


def classed(element: "etree._Element", *names: str) -> "Iterator[etree._Element]":
    """The elements within that have one of these classes, in order."""
    wanted = {name.lower() for name in names}
    for inner in element.iter(etree.Element):
        if wanted & set((inner.get("class") or "").lower().split()):
            yield inner


def take_out(element: "etree._Element") -> None:
    """Its words and those within; what follows it stays."""
    element.text = None
    del element[:]


def text_of(element: "etree._Element | None") -> str | None:
    return None if element is None else " ".join(" ".join(lines_of(element)).split()) or None


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\r", " ")
