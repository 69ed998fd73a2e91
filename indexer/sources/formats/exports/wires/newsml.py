"""NewsML, IPTC's XML for news of all kinds, G2 and the version 1 before it -> its items of text: one, or many in a message.

The text is inline, as NITF, HTML or plain. Pictures, packages and what is withheld or cancelled are counted.
https://iptc.org/std/NewsML-G2/ https://iptc.org/std/NewsML/
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
from indexer.sources.formats.exports.dates import dated, place_of
from indexer.sources.formats.exports.inline_text import element_text
from indexer.sources.formats.exports.records import export_format
from indexer.sources.formats.exports.wires.nitf import LANGUAGE, nitf_fields
from indexer.sources.formats.exports.xml_items import local_name, xml_items

_OTHER_ITEMS = ("packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_STATUSES = {"canceled": "cancelled items", "withheld": "withheld items"}


def read_newsml(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    left_out: Counter[str] = Counter()
    for item in xml_items(stream, ("newsItem", "NewsItem", *_OTHER_ITEMS), max_bytes):
        if isinstance(item, Unread):
            yield item
            continue
        is_first_version = local_name(item) == "NewsItem"
        if reason := (_reason_against_first if is_first_version else _reason_against)(item):
            left_out[reason] += 1
        else:
            yield (_article_of_first if is_first_version else _article)(item)
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


def _reason_against_first(item: etree._Element) -> str | None:
    """As `_reason_against`, of an item of version 1."""
    status = (_formal_name(item, "Status") or "").lower()
    return _STATUSES.get(status) or (None if _content_of_first(item) is not None else "items without text")


def _content_of_first(item: etree._Element) -> etree._Element | None:
    """The text; of the same in several forms, the first."""
    for content in item.iter("{*}ContentItem"):
        data = _first(content, "DataContent")
        if data is not None and (_formal_name(content, "MediaType") or "text").lower() == "text" and element_text(data):
            return data
    return None


def _article_of_first(item: etree._Element) -> ExportedArticle:
    content = _content_of_first(item)
    assert content is not None
    own = _words(item, "PublicIdentifier", "NewsItemId")
    inner = _first(content, "nitf")
    marked = nitf_fields(inner) if inner is not None else {}
    created, updated = (_words(item, tag, "ThisRevisionCreated") for tag in ("FirstCreated", "ThisRevisionCreated"))
    fields: Fields = given(
        id=identity("newsml", own),
        headline=_words(item, "HeadLine"),
        standfirst=_words(item, "SubHeadLine"),
        html=marked.get("html") or _html_of(content, ""),
        byline=_words(item, "ByLine") or marked.get("byline"),
        dateline=place_of(_words(item, "DateLine")),
        publisher=_formal_name(_first(item, "Provider"), "Party") or _words(item, "CreditLine"),
        language=_formal_name(item, "Language") or next((each.get(LANGUAGE) for each in item.iter() if each.get(LANGUAGE)), None),
        **dated("published", created),
        **(dated("updated", updated) if updated != created else {}),
    )
    return ExportedArticle(own, {**marked, **fields})


def _formal_name(element: etree._Element | None, tag: str) -> str | None:
    found = None if element is None else _first(element, tag)
    return None if found is None else found.get("FormalName")


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
        dateline=place_of(_words(item, "dateline")) or _name_of(item, "located"),
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
    return next((_html_of(each, each.get("contenttype", "")) for each in item.iter("{*}inlineXML", "{*}inlineData")), "")


def _html_of(content: etree._Element, content_type: str) -> str:
    body = next(content.iter("{*}body"), content)
    if len(body):
        return "".join(map(_serialized, body.iterchildren(etree.Element)))
    text = "".join(map(str, content.itertext())).strip()
    alone = _ONE_PARAGRAPH.fullmatch(text)
    if not alone and ("html" in content_type or _MARKED_UP.match(text)):
        return text
    return paragraphs_html(_paragraphs(alone[1] if alone else text))


def _serialized(element: etree._Element) -> str:
    for inner in element.iter(etree.Element):
        inner.tag = local_name(inner)
    return etree.tostring(element, encoding="unicode", method="html")


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


_BEGINS = re.compile(rb"<(?:\w+:)?(?:newsItem|newsMessage|packageItem|NewsML)[\s>]")
FORMAT = export_format("newsml", "NewsML", (".newsml",), read_newsml, lambda head: _BEGINS.search(head) is not None)
