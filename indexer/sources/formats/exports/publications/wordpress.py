"""An export of WordPress (WXR: RSS with WordPress's own elements) -> the published articles in it.

Published posts are articles, and so are other kinds of posts that a site has of its own, as "story". What is not published
(draft, pending, future, private, in the trash, behind a password), pages, attachments and what is WordPress's or a plugin's
own, as menus and templates, is counted by its kind. Comments are not read.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from indexer.sources.formats.exports.article import ExportedArticle, LeftOut, Part, Unread, given, identity, web_address
from indexer.sources.formats.exports.dates import iso_date, local_with_zone
from indexer.sources.formats.exports.inline_text import element_text, inline_text
from indexer.sources.formats.exports.publications.shortcodes import post_html
from indexer.sources.formats.exports.records import export_format
from indexer.sources.formats.exports.xml_items import local_name, xml_items

_OWN_KINDS = re.compile(
    r"page|attachment|revision|nav_menu_item|custom_css|customize_changeset|oembed_cache|user_request|wp_\w+"
    r"|acf-[\w-]+|wpcf7_\w+|elementor_\w+|amp_\w+|product(?:_variation)?|shop_\w+|feedback|jp_\w+|mc4wp-form|tablepress_table"
)
_PLURALS = {
    "draft": "drafts",
    "auto-draft": "drafts",
    "pending": "posts pending review",
    "future": "scheduled posts",
    "private": "private posts",
    "trash": "posts in the trash",
    "page": "pages",
    "attachment": "attachments",
}
_UNCATEGORIZED = frozenset(("uncategorized", "uncategorised", "non-classe", "sin-categoria", "allgemein", "senza-categoria"))


def read_wordpress(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    passed_over: Counter[str] = Counter()
    names: dict[str, str] = {}
    for item in xml_items(stream, ("item", "author"), max_bytes):
        if isinstance(item, Unread):
            yield item
        elif local_name(item) == "author":
            names |= _author(item)
        elif reason := _reason_against(item):
            passed_over[reason] += 1
        else:
            yield _article(item, names)
    if passed_over:
        yield LeftOut(passed_over)


def _author(element: etree._Element) -> dict[str, str]:
    """login -> name of one of the site's users."""
    login, name = _own(element, "author_login"), _own(element, "author_display_name")
    full = " ".join(filter(None, (_own(element, "author_first_name"), _own(element, "author_last_name"))))
    shown = name if name and name != login else full or name
    return {login: shown} if login and shown else {}


def _reason_against(item: etree._Element) -> str | None:
    """What the item is if it is not a published article; in the plural."""
    kind, status = _own(item, "post_type") or "post", _own(item, "status") or "publish"
    if _OWN_KINDS.fullmatch(kind):
        return _PLURALS.get(kind, f"of the kind {kind}")
    if status not in ("publish", "published"):
        return _PLURALS.get(status, f"with the status {status}")
    return "posts behind a password" if _own(item, "post_password") else None


def _article(item: etree._Element, names: dict[str, str]) -> ExportedArticle:
    channel = item.getparent()
    guid, number = _plain(item, "guid"), _own(item, "post_id")
    url = _plain(item, "link") or guid
    login = _plain(item, "creator")
    co_authors = _filed(item, "author")
    categories = [name for name, slug in _categories(item, "category") if slug not in _UNCATEGORIZED]
    return ExportedArticle(
        number or guid,
        given(
            id=identity("wordpress", _own_name(channel, guid or number), url),
            url=web_address(url),
            headline=inline_text(_raw(item, "title")),
            standfirst=inline_text(_raw(item, "encoded", "excerpt")),
            html=post_html(_raw(item, "encoded", "content") or ""),
            authors=co_authors or ([names.get(login, login)] if login else []),
            published=local_with_zone(_own(item, "post_date"), _own(item, "post_date_gmt")) or iso_date(_plain(item, "pubDate")),
            updated=local_with_zone(_own(item, "post_modified"), _own(item, "post_modified_gmt")),
            section=categories[0] if categories else None,
            tags=list(dict.fromkeys((*categories[1:], *_filed(item, "post_tag")))),
            publisher=_plain(channel, "title") if channel is not None else None,
            language=_plain(channel, "language") if channel is not None else None,
        ),
    )


def _own_name(channel: etree._Element | None, name: str | None) -> str | None:
    """The name with the site's address, since posts of every site are numbered from 1; None where no site is named. The sites of
    a network have base_site_url in common."""
    places = ("base_blog_url", "link", "base_site_url")
    site = next((text for place in places if (text := _plain(channel, place))), None) if channel is not None else None
    return f"{site} {name}" if site and name else None


def _filed(item: etree._Element, domain: str) -> list[str]:
    return [name for name, _ in _categories(item, domain)]


def _categories(item: etree._Element, domain: str) -> Iterator[tuple[str, str]]:
    """(name, slug) of what the item is filed under."""
    for category in item.iterchildren("{*}category"):
        name = inline_text("".join(map(str, category.itertext())))
        if name and category.get("domain", "category") in (domain, {"post_tag": "tag"}.get(domain)):
            yield name, category.get("nicename") or name.lower()


def _own(item: etree._Element, name: str) -> str | None:
    """Of WordPress's own elements, whatever the version in their namespace."""
    return _plain(item, name)


def _plain(item: etree._Element, name: str) -> str | None:
    return element_text(item.find(f"{{*}}{name}"))


def _raw(item: etree._Element, name: str, namespace: str = "") -> str | None:
    """With its mark-up and its lines."""
    for child in item.iterchildren(f"{{*}}{name}"):
        if namespace in (etree.QName(child).namespace or child.prefix or ""):
            return "".join(map(str, child.itertext()))
    return None


_BEGINS = re.compile(rb"WordPress eXtended RSS|wordpress\.org/export/")
FORMAT = export_format(
    "wordpress", "exports of WordPress", (".wxr",), read_wordpress, lambda head: _BEGINS.search(head) is not None
)
