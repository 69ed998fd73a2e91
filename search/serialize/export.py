"""Articles, or pictures, as an export: JSON Lines or CSV.

CSV is meant for spreadsheets: UTF-8 with a byte order mark, and no cell that a spreadsheet would evaluate as a formula.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from search.model.article import Article
from search.model.text import encodable
from search.service.pictures import ArticlePictures

COLUMNS = (
    "id", "url", "headline", "alternativeHeadline", "standfirst", "authors", "publisher", "section", "published", "updated",
    "dateline", "language", "tags", "words", "captured",
)  # fmt: skip
PICTURE_COLUMNS = ("id", "url", "headline", "publisher", "published", "number", "caption", "credit", "image")
Row = dict[str, str | int | tuple[str, ...] | None]
EXPORT_TYPES = {"jsonl": "application/x-ndjson", "csv": "text/csv"}
"""The media type of each kind of export."""
FORMATS = tuple(EXPORT_TYPES)


def export_lines(articles: Iterable[Article], kind: str) -> Iterator[str]:
    """The export, line by line; `kind` is one of FORMATS."""
    return _lines(map(row, articles), COLUMNS, kind)


def picture_lines(found: Iterable[ArticlePictures], kind: str) -> Iterator[str]:
    """The same for pictures."""
    return _lines(chain.from_iterable(map(picture_rows, found)), PICTURE_COLUMNS, kind)


def _lines(rows: Iterable[Row], columns: Iterable[str], kind: str) -> Iterator[str]:
    if kind == "csv":
        yield "\ufeff" + csv_line(columns)
        yield from (csv_line(each.values()) for each in rows)
    else:
        yield from (msgspec.json.encode(each).decode() + "\n" for each in rows)


def row(article: Article) -> Row:
    published, updated = (printed.iso if printed else None for printed in (article.published, article.updated))
    values = (
        article.id, article.url, article.headline, article.alternative_headline, article.standfirst, article.authors,
        article.publisher, article.section, published, updated, article.dateline, article.language, article.tags,
        article.word_count, article.captured,
    )  # fmt: skip
    return dict(zip(COLUMNS, map(_encodable, values), strict=True))


def picture_rows(found: ArticlePictures) -> Iterator[Row]:
    """`number`: the picture's place among those of the article, from 1."""
    article, published = found.article, found.article.published
    about = (article.id, article.url, article.headline, article.publisher, published.iso if published else None)
    for shown in found.captions:
        caption = article.captions[shown.index]
        values = (*about, shown.index + 1, caption.text, caption.credit, caption.image_url)
        yield dict(zip(PICTURE_COLUMNS, map(_encodable, values), strict=True))


def _encodable(value: str | int | tuple[str, ...] | None) -> str | int | tuple[str, ...] | None:
    if isinstance(value, tuple):
        return tuple(encodable(each) for each in value)
    return encodable(value) if isinstance(value, str) else value


_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""How a cell begins that a spreadsheet evaluates; signs of full width do so in some languages."""


def csv_line(values: Iterable[str | int | tuple[str, ...] | None]) -> str:
    """One line of CSV. No cell can be evaluated as a formula."""
    line = io.StringIO()
    csv.writer(line).writerow(map(_cell, values))
    return line.getvalue()


def _cell(value: str | int | tuple[str, ...] | None) -> str:
    text = "; ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) else text
