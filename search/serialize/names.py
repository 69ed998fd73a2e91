"""The table of a list of names as JSON, JSON Lines and CSV."""

from collections.abc import Iterator

import msgspec

from search.model.results import FacetValue
from search.serialize.export import csv_line
from search.serialize.search import Shape, encode
from search.service.bulk_lookup import NameRow, NamesTable

COLUMNS = ("name", "articles", "first", "last", "outlets", "search", "suggestion")


def csv_table(table: NamesTable) -> Iterator[str]:
    """Line by line, with COLUMNS first; invalid lines are left out."""
    yield csv_line(COLUMNS)
    for row in table.rows:
        outlets = "; ".join(f"{outlet.value} ({outlet.count})" for outlet in row.outlets)
        yield csv_line((row.name, str(row.articles), row.first, row.last, outlets, row.path, _meant(row)))


class NameShape(Shape, frozen=True):
    """articles: how many mention it; first, last: the days of the oldest and newest; outlets: those with the most of these
    articles; search: the path of the search page that shows them; suggestion: if nothing mentions the name, a query that finds
    something."""

    line: int
    name: str
    query: str
    articles: int
    first: str | None
    last: str | None
    outlets: tuple[FacetValue, ...]
    search: str
    suggestion: str | None


class BadLineShape(Shape, frozen=True):
    """line: counted from 1; why: what is wrong with it, or that time ran out."""

    line: int
    name: str
    why: str


class NamesAnswer(Shape, frozen=True):
    """names: in the order of the list; bad: the lines that were skipped."""

    status: str
    names: tuple[NameShape, ...]
    bad: tuple[BadLineShape, ...]


def names_json(table: NamesTable) -> bytes:
    """The response of `/api/names`."""
    bad = tuple(BadLineShape(one.line, one.name, str(one.why)) for one in table.bad)
    return encode(NamesAnswer("ok", tuple(map(_shape, table.rows)), bad))


def json_lines(table: NamesTable) -> Iterator[str]:
    return (encode(_shape(row)).decode() + "\n" for row in table.rows)


def _shape(row: NameRow) -> NameShape:
    return NameShape(row.line, row.name, row.query, row.articles, row.first, row.last, row.outlets, row.path, _meant(row))


def _meant(row: NameRow) -> str | None:
    return row.suggestion.text if row.suggestion else None


class NamesRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /api/names`. queries: each name is a query in the query language."""

    names: tuple[str, ...]
    queries: bool = False
