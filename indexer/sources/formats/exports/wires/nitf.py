"""NITF, IPTC's older XML for text, as agencies and research collections have it -> its articles.

A file may hold one <nitf> or many in an element around them. https://iptc.org/std/NITF/
"""

import re
from collections.abc import Iterator
from html import escape
from typing import BinaryIO

from lxml import etree

from indexer.sources.formats.exports.article import (
    ExportedArticle,
    Fields,
    Part,
    Unread,
    figure_html,
    given,
    identity,
    web_address,
)
from indexer.sources.formats.exports.dates import dated, place_of
from indexer.sources.formats.exports.inline_text import element_text
from indexer.sources.formats.exports.records import export_format
from indexer.sources.formats.exports.xml_items import local_name, xml_items

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMES = {"hl1": "h2", "hl2": "h2", "bq": "blockquote", "block": "div", "pre": "pre", "fn": "div", "credit": "p"}
_KEPT = frozenset(("p", "h2", "h3", "h4", "table", "tr", "td", "th", "ul", "ol", "li", "dl", "dt", "dd", "br", "pre"))
_UNREAD = frozenset(
    ("media-metadata", "media-object", "note", "datasource", "custom-table", "nitf-table-metadata", "script", "style")
)


def read_nitf(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    for item in xml_items(stream, ("nitf",), max_bytes):
        yield item if isinstance(item, Unread) else nitf_article(item)


def nitf_article(nitf: etree._Element) -> ExportedArticle:
    own = _attribute(nitf, "doc-id", "id-string") or nitf.get("uno")
    fields = nitf_fields(nitf)
    return ExportedArticle(own, {**fields, **given(id=identity("nitf", own, fields.get("url")))})


def nitf_fields(nitf: etree._Element) -> Fields:
    """What an <nitf> says, also of one within an item of NewsML."""
    published = (
        _attribute(nitf, "date.issue", "norm")
        or _attribute(nitf, "pubdata", "date.publication")
        or _attribute(nitf, "story.date", "norm")
    )
    updated = _attribute(nitf, "date.release", "norm")
    return given(
        url=web_address(_attribute(nitf, "pubdata", "ex-ref")),
        headline=_headline(nitf),
        standfirst=element_text(_first(nitf, "abstract")),
        html=_html(nitf),
        **_authors(nitf),
        dateline=_dateline(nitf),
        section=_attribute(nitf, "pubdata", "position.section") or _meta(nitf, "online_sections") or _meta(nitf, "dsk"),
        tags=list(dict.fromkeys(_tags(nitf))),
        publisher=_attribute(nitf, "pubdata", "name")
        or element_text(_first(nitf, "distributor"))
        or _attribute(nitf, "doc.copyright", "holder"),
        language=next((found for each in nitf.iter("{*}body", "{*}nitf") if (found := each.get(LANGUAGE))), None),
        contributors=element_text(_first(nitf, "tagline")),
        **dated("published", published),
        **(dated("updated", updated) if updated != published else {}),
    )


def _headline(nitf: etree._Element) -> str | None:
    head = _first(nitf, "hedline")
    return element_text(_first(head, "hl1")) or element_text(head) or element_text(_first(nitf, "title"))


def _html(nitf: etree._Element) -> str:
    content = _first(nitf, "body.content")
    if content is None:
        return ""
    whole = [
        block for block in content.iterchildren("{*}block") if block.get("class") == "full_text"
    ]  # else its lead is there twice
    return "".join(_converted(part) for part in whole or [content])


def _converted(element: etree._Element) -> str:
    """The element as HTML, its tail included. Not deep: the parser ends at 256 elements within elements."""
    name = local_name(element)
    inner = escape(element.text or "", quote=False)
    if name == "media":
        return _media(element) + escape(element.tail or "", quote=False)
    if name in _UNREAD:
        return escape(element.tail or "", quote=False)
    inner += "".join(_converted(child) for child in element.iterchildren(etree.Element))
    shown = _NAMES.get(name, name if name in _KEPT else "")
    if name == "body.content":
        return inner
    return (f"<{shown}>{inner}</{shown}>" if shown else inner) + escape(element.tail or "", quote=False)


def _media(media: etree._Element) -> str:
    """The caption of a picture, with what is under the words about its producer."""
    if media.get("media-type", "image") not in ("image", "photo", "picture", "graphic"):
        return ""
    caption, producer = (element_text(_first(media, name)) for name in ("media-caption", "media-producer"))
    if caption and producer and caption.endswith(producer):
        caption = caption[: -len(producer)].rstrip(" (/-–")
    return figure_html(caption, producer, web_address(_attribute(media, "media-reference", "source")))


def _authors(nitf: etree._Element) -> Fields:
    """The people marked up in the byline, else the byline as it is printed."""
    bylines = [byline for byline in nitf.iter("{*}byline") if byline.get("class") != "normalized_byline"]
    people = [name for byline in bylines for person in byline.iter("{*}person") if (name := element_text(person))]
    if people:
        return {"authors": people}
    whole = element_text(bylines[0]) if bylines else None
    for title in [title for byline in bylines[:1] for title in byline.iter("{*}byttl")]:
        title.text = None
        del title[:]
    return given(byline=(element_text(bylines[0]) or "").strip(" ,") or whole if bylines else None)


def _dateline(nitf: etree._Element) -> str | None:
    dateline = _first(nitf, "dateline")
    if dateline is None:
        return None
    place = element_text(_first(dateline, "location"))
    for day in dateline.iter("{*}story.date"):
        day.text = None
        del day[:]
    return place or place_of(element_text(dateline))


def _tags(nitf: etree._Element) -> Iterator[str]:
    for keyword in nitf.iter("{*}keyword"):
        yield keyword.get("key") or ""
    for subject in nitf.iter("{*}tobject.subject"):
        yield subject.get("tobject.subject.matter") or subject.get("tobject.subject.type") or ""
    for classifier in nitf.iter("{*}classifier"):
        if classifier.get("type") in ("general_descriptor", "descriptor"):
            yield element_text(classifier) or ""


def _meta(nitf: etree._Element, name: str) -> str | None:
    return next(
        ((meta.get("content") or "").partition(";")[0].strip() for meta in nitf.iter("{*}meta") if meta.get("name") == name), None
    )


def _attribute(nitf: etree._Element, tag: str, name: str) -> str | None:
    return next((value.strip() for element in nitf.iter(f"{{*}}{tag}") if (value := element.get(name)) and value.strip()), None)


def _first(element: etree._Element | None, tag: str) -> etree._Element | None:
    return None if element is None else next(element.iter(f"{{*}}{tag}"), None)


_BEGINS = re.compile(rb"<(?:\w+:)?nitf[\s>]")
FORMAT = export_format("nitf", "NITF", (".nitf",), read_nitf, lambda head: _BEGINS.search(head) is not None)
