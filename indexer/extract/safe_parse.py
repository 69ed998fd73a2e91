"""Looks at a page before it is parsed: what would take a parser too long, or make it lose text, is refused by name.

>>> check_complexity(b"<p " + b" ".join(b"a%d=1" % n for n in range(9_000)) + b">")
Traceback (most recent call last):
search.errors.PageError: an element has 9000 attributes, more than 1000; nothing of the page was taken
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from search.errors import PAGE_ERRORS, PageError

MAX_ATTRIBUTES = 1_000
"""Of one element: the parser's time grows with the square of their number."""
MAX_ELEMENTS = 150_000
"""The largest page met had 20,000; a tree of more than these takes longer than a page may."""
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""Decided in C for each element that is touched; lxml.html's own parser asks Python, which costs a tenth of the time."""
EMBEDDING_BYTES = 1_000_000
"""A smaller page is parsed as it is, which is quicker than looking for embedded data."""
_LONG_TAG = 2_800
"""Bytes; so many different attributes do not fit into a shorter one."""
_STRIDE = _LONG_TAG // 2
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_DATA_URI = re.compile(rb"data:[\w/+.;=-]{0,80};base64,[A-Za-z0-9+/=%\s]{100,}")
_XML_DECLARATION = re.compile(rb"\s*<\?xml[^>]*\?>")


def cut_embedded_data(page: bytes) -> bytes:
    """Without the pictures and fonts that a page saved as one file carries in data: addresses."""
    return _DATA_URI.sub(b"data:,", page) if len(page) > EMBEDDING_BYTES and b";base64," in page else page


def check_complexity(data: bytes) -> None:
    """Raises PageError("too-complex") for too many elements, or attributes of one element."""
    tags = data.count(b"<") if len(data) > 4 * MAX_ELEMENTS else 0  # a tag has two bytes at least
    if tags > 2 * MAX_ELEMENTS:
        raise _too_complex(f"the page has {tags} tags, more than {2 * MAX_ELEMENTS}")
    for tag in _long_tags(data):
        attributes = len(_QUOTED.sub(b"", tag).partition(b">")[0].split()) - 1
        if attributes > MAX_ATTRIBUTES:
            raise _too_complex(f"an element has {attributes} attributes, more than {MAX_ATTRIBUTES}")


def _long_tags(data: bytes) -> Iterator[bytes]:
    """Tags that do not end soon, with all up to the next <. Each spans a whole stride without a >, and begins in the one before:
    these are quicker to look for than the ends of all tags."""
    for at in [at for at in range(0, len(data), _STRIDE) if data.find(b">", at, at + _STRIDE) < 0]:
        start = data.rfind(b"<", max(0, at - _STRIDE), at)
        if start >= 0 and data[start + 1 : start + 2].isalpha():
            end = data.find(b"<", start + 1)
            end = end if end >= 0 else len(data)
            if end - start - 1 > _LONG_TAG and data.find(b">", start + 1, start + 1 + _LONG_TAG) < 0:
                yield data[start + 1 : end]


def parse(page: bytes) -> HtmlElement:
    """The tree of a page in UTF-8, with nothing lost.

    Raises PageError("too-complex") if the parser would take too long or stopped early, "no-article" if there is no element."""
    if declaration := _XML_DECLARATION.match(page):
        page = page[declaration.end() :]
    check_complexity(page)
    parser = etree.HTMLParser(
        huge_tree=True, no_network=True, encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree: HtmlElement | None = etree.fromstring(page, parser)
    except etree.ParserError as error:
        raise PageError("no-article", PAGE_ERRORS["no-article"]) from error
    if tree is None:
        raise PageError("no-article", PAGE_ERRORS["no-article"])
    stopped = next(
        (entry for entry in parser.error_log if entry.level == etree.ErrorLevels.FATAL and "RESOURCE" in entry.type_name), None
    )
    if stopped is not None:
        raise _too_complex(f"the parser stopped early: {stopped.message.partition(',')[0]}")
    _join(tree)
    return tree


def _join(tree: HtmlElement) -> None:
    """Puts into the body what the parser leaves beside it: what stands below a </body> or an </html> that comes too early, and
    that browsers show all the same."""
    body, others = tree.find("body"), list(tree.itersiblings("html"))
    if body is None and others:
        body = etree.SubElement(tree, "body")
    if body is None:
        return
    if body.tail and len(body):
        body[-1].tail = (body[-1].tail or "") + body.tail
    elif body.tail:
        body.text = (body.text or "") + body.tail
    body.tail = None
    for part in (*body.itersiblings(), *others):
        for outer in part.iter("html", "body"):
            outer.tag = "div"
        body.append(part)


def _too_complex(reason: str) -> PageError:
    return PageError("too-complex", f"{reason}; the page was not read")
