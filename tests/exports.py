"""Exports of newsrooms and databases, for the tests of their readers."""

import io

import msgspec

from indexer.extract.json_articles import article_from_record
from indexer.sources.formats.exports.article import ExportedArticle, LeftOut, Part, Reader, Unread
from search.model.article import Article

MAX_BYTES = 100_000


def parts(reader: Reader, data: str | bytes, max_bytes: int = MAX_BYTES) -> list[Part]:
    return list(reader(io.BytesIO(data.encode() if isinstance(data, str) else data), max_bytes))


def articles(reader: Reader, data: str | bytes) -> list[Article]:
    """The articles as they get into an index; anything else in the data fails the test."""
    found = []
    for part in parts(reader, data):
        assert isinstance(part, ExportedArticle), part
        found.append(made(part))
    return found


def article(reader: Reader, data: str | bytes) -> Article:
    [found] = articles(reader, data)
    return found


def made(part: ExportedArticle) -> Article:
    return article_from_record(msgspec.json.encode(part.fields), f"news/export!/{part.name or 1}", "stamp")


def readable(reader: Reader, data: str | bytes) -> tuple[list[Article], list[str], dict[str, int]]:
    """The articles, the codes of what is reported and what is left out, of data that are not all well."""
    found = parts(reader, data)
    left_out: dict[str, int] = {}
    for part in found:
        left_out |= dict(part.counts) if isinstance(part, LeftOut) else {}
    return (
        [made(part) for part in found if isinstance(part, ExportedArticle)],
        [part.code for part in found if isinstance(part, Unread)],
        left_out,
    )


def texts(found: Article) -> list[str]:
    return [paragraph.text for paragraph in found.paragraphs]
