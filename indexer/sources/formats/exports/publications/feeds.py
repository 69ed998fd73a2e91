"""An RSS or Atom file -> its items with the text they carry.

RSS 0.9 to 2.0 with content:encoded, dc and media elements; Atom 0.3 and 1.0. An item that has no text but a description is an
article of that description.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from email.utils import parseaddr
from html import escape
from typing import BinaryIO
from urllib.parse import urljoin

from lxml import etree

from indexer.sources.formats.exports.article import ExportedArticle, Fields, Part, Unread, given, identity, web_address
from indexer.sources.formats.exports.dates import dated
from indexer.sources.formats.exports.inline_text import element_text, inline_text, summary_beside
from indexer.sources.formats.exports.records import export_format
from indexer.sources.formats.exports.xml_items import local_name, xml_items

MEDIA = "http://search.yahoo.com/mrss/"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def read_feed(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    for item in xml_items(stream, ("item", "entry"), max_bytes):
        if isinstance(item, Unread):
            yield item
        elif local_name(item) == "item":
            yield _rss_item(item)
        else:
            yield _atom_entry(item)


def _rss_item(item: etree._Element) -> ExportedArticle:
    channel = _channel(item)
    guid = item.find("{*}guid")
    own = element_text(guid) or item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    url = _words(item, "link") or _linked(item) or (own if guid is None or guid.get("isPermaLink") != "false" else None)
    text, description = _html(item, "encoded"), _html(item, "description")
    return ExportedArticle(
        own or url,
        given(
            id=identity("feed", own, url),
            url=web_address(url),
            headline=inline_text(_html(item, "title")),
            standfirst=summary_beside(description, text),
            html=text or description,
            captions=list(_media(item)),
            authors=[_person(name) for child in item.iterchildren("{*}creator", "{*}author") if (name := element_text(child))],
            **dated("published", _first(item, "pubDate", "date", "issued")),
            **dated("updated", _first(item, "modified", "updated")),
            tags=list(filter(None, map(_term, item.iterchildren("{*}category", "{*}subject")))),
            publisher=_words(item, "publisher") or _words(channel, "title"),
            language=_words(item, "language") or _words(channel, "language") or _language(item),
        ),
    )


def _atom_entry(entry: etree._Element) -> ExportedArticle:
    feed, source = entry.getparent(), entry.find("{*}source")
    base = next((found for element in (entry, *entry.iterancestors()) if (found := element.get(_BASE))), "")
    url = _joined(base, _linked(entry))
    text, summary = _html(entry, "content"), _html(entry, "summary")
    people = _authors(entry) or _authors(source) or _authors(feed)
    return ExportedArticle(
        _words(entry, "id") or url,
        given(
            id=identity("feed", _words(entry, "id"), url),
            url=web_address(url),
            headline=inline_text(_html(entry, "title")),
            standfirst=summary_beside(summary, text),
            html=text or summary,
            captions=list(_media(entry)),
            authors=people,
            **dated("published", _first(entry, "published", "issued", "created", "updated")),
            **dated("updated", _first(entry, "updated", "modified")),
            tags=list(filter(None, map(_term, entry.iterchildren("{*}category")))),
            publisher=inline_text(_html(source, "title")) or inline_text(_html(feed, "title")),
            language=_language(entry),
        ),
    )


def _channel(item: etree._Element) -> etree._Element | None:
    """The element around the item; in RSS 1.0 one beside it."""
    parent = item.getparent()
    return parent if parent is None or local_name(parent) == "channel" else parent.find("{*}channel")


def _html(parent: etree._Element | None, name: str) -> str | None:
    """The content of an element as HTML, however it is written: escaped, as elements of XHTML, or as plain text."""
    for element in parent.iterchildren(f"{{*}}{name}") if parent is not None else ():
        if etree.QName(element).namespace == MEDIA:
            continue
        if len(element):
            return escape(element.text or "", quote=False) + "".join(map(_serialized, element))
        text = "".join(map(str, element.itertext())).strip()
        if element.get("mode") == "base64":  # Atom 0.3
            text = _decoded(text)
        plain = (element.get("type") or "").lower() in ("text", "text/plain") and element.get("mode") != "escaped"
        if text:
            return escape(text, quote=False) if plain else text
    return None


def _decoded(text: str) -> str:
    try:
        return b64decode(text).decode("utf-8", "replace")
    except ValueError:
        return text


def _serialized(element: etree._Element) -> str:
    for inner in element.iter(etree.Element):
        inner.tag = local_name(inner)
    return etree.tostring(element, encoding="unicode", method="html")


def _media(item: etree._Element) -> Iterator[Fields]:
    """Media RSS: pictures with a description or a credit."""
    for content in item.iter(f"{{{MEDIA}}}content"):
        picture = content.get("medium") == "image" or (content.get("type") or "image").startswith("image")
        text, credit = (element_text(content.find(f"{{{MEDIA}}}{name}")) for name in ("description", "credit"))
        if picture and (text or credit):
            yield given(text=inline_text(text), credit=credit, image_url=content.get("url"))


def _authors(parent: etree._Element | None) -> list[str]:
    if parent is None:
        return []
    return [name for author in parent.iterchildren("{*}author") if (name := _words(author, "name") or element_text(author))]


def _person(text: str) -> str:
    """ "ann@example.org (Ann Reed)" and "Ann Reed <ann@example.org>" are Ann Reed."""
    name, address = parseaddr(text)
    return name if name and "@" in address else text


def _linked(item: etree._Element) -> str | None:
    links = [link for link in item.iterchildren("{*}link") if link.get("href")]
    best = next((link for link in links if link.get("rel", "alternate") == "alternate"), None)
    return best.get("href") if best is not None else None


def _joined(base: str, address: str | None) -> str | None:
    try:
        return urljoin(base, address or "") or None
    except ValueError:  # as "http://[", of which the library says that it is no address of IPv6
        return None


def _term(category: etree._Element) -> str | None:
    return inline_text(category.get("label") or category.get("term") or "".join(map(str, category.itertext())))


def _first(item: etree._Element, *names: str) -> str | None:
    return next((text for name in names if (text := _words(item, name))), None)


def _language(element: etree._Element) -> str | None:
    return next((found for each in (element, *element.iterancestors()) if (found := each.get(_LANGUAGE))), None)


def _words(parent: etree._Element | None, name: str) -> str | None:
    return None if parent is None else element_text(parent.find(f"{{*}}{name}"))


_BEGINS = re.compile(
    rb"<rss\b|<rdf:RDF\b[^>]*purl\.org/rss|<(?:\w+:)?feed\b[^>]*(?:w3\.org/2005/Atom|purl\.org/atom)", re.IGNORECASE
)
FORMAT = export_format("feed", "feeds", (".rss", ".atom"), read_feed, lambda head: _BEGINS.search(head) is not None)
