"""An export of Ghost, one file of JSON -> the published posts in it.

Posts that were only sent by mail are published, too; drafts, scheduled posts and pages are counted.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from indexer.sources.formats.exports.article import (
    ExportedArticle,
    LeftOut,
    Part,
    Unread,
    figure_html,
    given,
    identity,
    paragraphs_html,
    web_address,
)
from indexer.sources.formats.exports.dates import dated
from indexer.sources.formats.exports.inline_text import inline_text
from indexer.sources.formats.exports.markup import without_classes
from indexer.sources.formats.exports.records import export_format

FILE_FACTOR = 10
"""An export may take so many times what one post may."""
_SITE = "__GHOST_URL__"
_CARDS = frozenset(
    str.split(
        "kg-bookmark-card kg-signup-card kg-button-card kg-email-cta kg-cta-card"
        " kg-audio-card kg-file-card kg-product-card kg-nft-card"
    )
)
_PLURALS = {"draft": "drafts", "scheduled": "scheduled posts"}


def read_ghost(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    data = stream.read(max_bytes * FILE_FACTOR + 1)
    if len(data) > max_bytes * FILE_FACTOR:
        yield Unread(None, "too-large", f"the export is larger than {max_bytes * FILE_FACTOR:,} bytes (BROADSHEET_PAGE_BYTES)")
        return
    try:
        site = _Site(_tables(msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        yield Unread(None, "bad-record", f"it is no export of Ghost: {error}")
        return
    left_out: Counter[str] = Counter()
    for post in site.rows("posts"):
        status = post.get("status") or "published"
        if post.get("type") == "page" or post.get("page") in (1, True):
            left_out["pages"] += 1
        elif status not in ("published", "sent"):
            left_out[_PLURALS.get(status, f"with the status {status}")] += 1
        else:
            yield site.article(post)
    if left_out:
        yield LeftOut(left_out)


def _tables(document: Any) -> dict[str, Any]:
    database = document.get("db") if isinstance(document, dict) else None
    inner = database[0] if isinstance(database, list) and database else document
    tables = inner.get("data") if isinstance(inner, dict) else None
    if not isinstance(tables, dict) or not isinstance(tables.get("posts"), list):
        raise ValueError("it has no posts")
    return tables


class _Site:
    """The tables of the export, with what belongs to each post."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self._tables = tables
        self._authors = self._joined("posts_authors", "author_id", "users")
        self._tags = self._joined("posts_tags", "tag_id", "tags")
        self._meta = {row.get("post_id"): row for row in self.rows("posts_meta")}
        self._users = {row.get("id"): row.get("name") for row in self.rows("users")}
        self._settings = {str(row.get("key")): row.get("value") for row in self.rows("settings")}

    def rows(self, table: str) -> list[dict[str, Any]]:
        """With the values that a table has: no lists and no objects."""
        rows = self._tables.get(table)
        return [
            {name: value for name, value in row.items() if not isinstance(value, list | dict)}
            for row in (rows if isinstance(rows, list) else ())
            if isinstance(row, dict)
        ]

    def _joined(self, table: str, key: str, others: str) -> dict[Any, list[str]]:
        """post -> names, in their order."""
        names = {row.get("id"): row.get("name") for row in self.rows(others)}
        found: dict[Any, list[str]] = defaultdict(list)
        for row in sorted(self.rows(table), key=_order):
            if isinstance(name := names.get(row.get(key)), str):
                found[row.get("post_id")].append(name)
        return found

    def article(self, post: dict[str, Any]) -> Part:
        number = post.get("id")
        own = str(post.get("uuid") or number or "") or None
        html, plain = _text(post, "html"), _text(post, "plaintext")
        if html is None and plain is None:
            return Unread(own, "bad-record", "the post has neither HTML nor plain text")
        caption = inline_text(_text(self._meta.get(number, {}), "feature_image_caption"))
        body = without_classes(html.replace(_SITE, ""), _CARDS) if html else paragraphs_html(re.split(r"\n\s*\n", plain or ""))
        url = web_address(_text(post, "canonical_url"))
        first_author = self._users.get(post.get("author_id"))
        published, updated = _moment(post, "published_at") or _moment(post, "created_at"), _moment(post, "updated_at")
        language = self._settings.get("locale") or self._settings.get("lang")
        return ExportedArticle(
            _text(post, "slug") or own,
            given(
                id=identity("ghost", own, url),
                url=url,
                headline=inline_text(_text(post, "title")),
                standfirst=inline_text(_text(post, "custom_excerpt")),
                html=figure_html(caption, None, web_address(_text(post, "feature_image"))) + body,
                authors=self._authors.get(number) or ([first_author] if isinstance(first_author, str) else []),
                tags=[tag for tag in self._tags.get(number, ()) if not tag.startswith("#")],
                publisher=_text(self._settings, "title"),
                language=language if isinstance(language, str) else None,
                **dated("published", published),
                **(dated("updated", updated) if updated != published else {}),
            ),
        )


def _order(row: dict[str, Any]) -> float:
    order = row.get("sort_order")
    return order if isinstance(order, int | float) else 0


def _moment(row: dict[str, Any], name: str) -> str | None:
    """Exports of 2014 have milliseconds since 1970."""
    return str(row[name]) if isinstance(row.get(name), int) else _text(row, name)


def _text(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) and value.strip() else None


_BEGINS = re.compile(rb'\s*\{\s*"(?:db|meta|data)"\s*:.{0,400}?"(?:exported_on|posts)"', re.DOTALL)
FORMAT = export_format("ghost", "exports of Ghost", (), read_ghost, lambda head: _BEGINS.match(head) is not None)
