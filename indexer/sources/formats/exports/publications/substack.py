"""An export of Substack, a zip file of a table and a page for each post -> the published posts.

posts.csv has a line a post, posts/123.the-title.html its text. Drafts are counted.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from indexer.sources.decode import decode
from indexer.sources.formats.exports.article import ExportedArticle, LeftOut, Part, Unread, given, identity, web_address
from indexer.sources.formats.exports.dates import dated
from indexer.sources.formats.exports.inline_text import inline_text
from indexer.sources.formats.exports.markup import without_classes
from indexer.sources.formats.exports.records import export_format
from indexer.sources.zip_members import read_member
from search.errors import PageError

_WIDGETS = frozenset(
    str.split(
        "subscription-widget-wrap subscription-widget-wrap-editor subscription-widget button-wrapper captioned-button-wrap"
        " embedded-publication-wrap digest-post-embed install-substack-app-embed comment poll-embed community-chat"
        " paywall-jump image-link-expand"
    )
)
TABLE_FACTOR = 5
"""The table of posts may take so many times what one post may."""


def read_substack(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    with zipfile.ZipFile(stream) as archive:
        names = set(archive.namelist())
        table = next((name for name in names if name == "posts.csv" or name.endswith("/posts.csv")), None)
        if table is None:
            yield Unread(None, "no-article", "it looks like an export of Substack, but has no posts.csv")
            return
        folder = table.removesuffix("posts.csv") + "posts/"
        lines = decode(read_member(archive, archive.getinfo(table), max_bytes * TABLE_FACTOR), "text/csv; charset=utf-8")
        drafts = 0
        for row in _rows(lines):
            if isinstance(row, Unread):
                yield row
                continue
            own = (row.get("post_id") or "").strip()
            if (row.get("is_published") or "").lower() != "true":
                drafts += 1
                continue
            page = f"{folder}{own}.html"
            try:
                html = (
                    decode(read_member(archive, archive.getinfo(page), max_bytes), "text/html; charset=utf-8")
                    if page in names
                    else ""
                )
            except PageError as error:
                yield Unread(own, error.code, str(error))
                continue
            yield _article(row, own, html) if html.strip() else Unread(own, "no-article", "the export has no text for the post")
        if drafts:
            yield LeftOut(Counter(drafts=drafts))


def _rows(lines: str) -> Iterator[dict[str, str] | Unread]:
    """The lines of the table; one that cannot be read is reported, and the next one read."""
    rows = csv.DictReader(io.StringIO(lines))
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:  # a field may have 131,072 characters
            yield Unread(None, "bad-record", f"line {rows.line_num} of posts.csv: {error}")
            continue
        if row is None:
            return
        yield row


def _article(row: Mapping[str, object], own: str, html: str) -> ExportedArticle:
    fields = {name: value for name, value in row.items() if isinstance(value, str)}
    number = own.partition(".")[0]
    url = web_address(fields.get("post_url"))
    return ExportedArticle(
        own,
        given(
            id=identity("substack", number, url),
            url=url,
            headline=inline_text(fields.get("title")),
            standfirst=inline_text(fields.get("subtitle")),
            html=without_classes(html, _WIDGETS),
            **dated("published", fields.get("post_date")),
        ),
    )


_BEGINS = re.compile(rb"PK(?:\x03\x04.{26}|\x01\x02.{42})(?:[\w .-]{0,80}/)?posts\.csv", re.DOTALL)
FORMAT = export_format(
    "substack", "exports of Substack", (), read_substack, lambda start: _BEGINS.search(start) is not None, within="zip"
)
