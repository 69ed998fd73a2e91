"""NewsML-G2, IPTC's XML for news of all kinds -> its items of text: one, or many in a news message.

The text is inline, as NITF, HTML or plain. Pictures, packages and what is withheld or cancelled are counted.
https://iptc.org/std/NewsML-G2/
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from indexer.sources.formats.exports.article import (
    ExportedArticle,
    Fields,
    LeftOut,
    Part,
    Unread,
    given,
    identity,
    paragraphs_html,
)
from indexer.sources.formats.exports.dates import dated
from indexer.sources.formats.exports.inline_text import element_text
from indexer.sources.formats.exports.records import export_format
from indexer.sources.formats.exports.wires.nitf import LANGUAGE, nitf_fields
from indexer.sources.formats.exports.xml_items import local_name, xml_items

_OTHER_ITEMS = ("packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_STATUSES = {"canceled": "cancelled items", "withheld": "withheld items"}


def read_newsml(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    left_out: Counter[str] = Counter()
    for item in xml_items(stream, ("newsItem", *_OTHER_ITEMS), max_bytes):
        if isinstance(item, Unread):
            yield item
        elif reason := _reason_against(item):
            left_out[reason] += 1
        else:
            yield _article(item)
    if left_out:
        yield LeftOut(left_out)


def _reason_against(item: etree._Element) -> str | None:
    """What the item is if it is no text to be published; in the plural."""
    name = local_name(item)
    if name != "newsItem":
        return f"{name}s"
    kind, status = (_code(item, tag) for tag in ("itemClass", "pubStatus"))
    if status in _STATUSES:
        return _STATUSES[status]
    return None if kind in ("", "text", "composite") else f"items of the class {kind}"


def _article(item: etree._Element) -> ExportedArticle:
    own = item.get("guid")
    inner = _first(item, "nitf")
    marked = nitf_fields(inner) if inner is not None else {}
    created = _words(item, "contentCreated", "firstCreated", "versionCreated")
    updated = _words(item, "versionCreated")
    language = next((tag.get("tag") for tag in item.iter("{*}language") if tag.get("tag")), None) or item.get(LANGUAGE)
    described = {each.get("role", "").rpartition(":")[2]: element_text(each) for each in item.iter("{*}description")}
    fields: Fields = given(
        id=identity("newsml", own),
        headline=_words(item, "headline"),
        standfirst=described.get("summary") or described.get(""),
        html=marked.get("html") or _html(item),
        byline=_words(item, "by") or marked.get("byline") or _name_of(item, "creator"),
        dateline=_place(_words(item, "dateline")) or _name_of(item, "located"),
        section=_name_of(item, "service"),
        tags=list(dict.fromkeys(name for subject in item.iter("{*}subject") if (name := _named(subject)))),
        publisher=_name_of(item, "provider") or _name_of(item, "infoSource") or _words(item, "creditline"),
        language=language,
        **dated("published", created),
        **(dated("updated", updated) if updated != created else {}),
    )
    return ExportedArticle(own, {**marked, **fields})


_MARKED_UP = re.compile(r"\s*<(?:p|div|h\d|html|body)\b[^<>]*>", re.IGNORECASE)
"""What is HTML though it is said to be plain text."""
_ONE_PARAGRAPH = re.compile(r"<p>([^<>]*)</p>", re.IGNORECASE)
"""Plain text that is marked up as a whole."""


def _paragraphs(text: str) -> list[str]:
    """Parted by blank lines and, unless all lines are indented, by indents."""
    has_margin = any(line[:1].strip() for line in text.splitlines()[1:])
    return re.split(r"\n\s*\n|\n[ \t]{2,}(?=\S)" if has_margin else r"\n\s*\n", text)


def _html(item: etree._Element) -> str:
    for content in item.iter("{*}inlineXML", "{*}inlineData"):
        body = next(content.iter("{*}body"), content)
        if len(body):
            return "".join(map(_serialized, body.iterchildren(etree.Element)))
        text = "".join(map(str, content.itertext())).strip()
        alone = _ONE_PARAGRAPH.fullmatch(text)
        if not alone and ("html" in content.get("contenttype", "") or _MARKED_UP.match(text)):
            return text
        return paragraphs_html(_paragraphs(alone[1] if alone else text))
    return ""


def _serialized(element: etree._Element) -> str:
    for inner in element.iter(etree.Element):
        inner.tag = local_name(inner)
    return etree.tostring(element, encoding="unicode", method="html")


def _place(dateline: str | None) -> str | None:
    """ "PARIS, 4 March (Wire) –" is Paris, as a dateline prints it."""
    place = re.split(r",?\s*\d|\(|\s[–—-](?:\s|$)", dateline or "")[0].strip(" ,–—-")
    return place or None


def _name_of(item: etree._Element, tag: str) -> str | None:
    return next((name for each in item.iter(f"{{*}}{tag}") if (name := _named(each))), None)


def _named(element: etree._Element) -> str | None:
    return element_text(element.find("{*}name")) or element.get("literal")


def _code(item: etree._Element, tag: str) -> str:
    """The code of a controlled value, without its scheme."""
    found = _first(item, tag)
    return "" if found is None else re.split(r"[:/]", found.get("qcode") or found.get("uri") or "")[-1].lower()


def _words(item: etree._Element, *tags: str) -> str | None:
    return next((text for tag in tags if (text := element_text(_first(item, tag)))), None)


def _first(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iter(f"{{*}}{tag}"), None)


_BEGINS = re.compile(rb"<(?:\w+:)?(?:newsItem|newsMessage|packageItem)[\s>]")
FORMAT = export_format("newsml", "NewsML-G2", (".newsml",), read_newsml, lambda head: _BEGINS.search(head) is not None)
