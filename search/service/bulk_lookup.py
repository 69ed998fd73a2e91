"""Many names at once: a list -> a table of what the archive has on each.

    names_table(reader, ["Ada Marsh", "", "Bo Reed"], Limits())
    -> NamesTable(rows=(NameRow(1, "Ada Marsh", '"Ada Marsh"', 12, "1953-07-27", "2015-02-12", (FacetValue("Beacon", 7),)), …))

A name is looked for as a phrase, a query as the search box reads it. What is wrong with one line leaves the others as they are.
For a name that nothing mentions the table says what may have been meant.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from urllib.parse import urlencode

from search.engines.protocol import Reader, Tally
from search.errors import QueryRefused
from search.model.results import FacetValue
from search.model.text import encodable
from search.query.messages import Remark
from search.query.nodes import MatchAll, MatchNone, Query
from search.query.parsing.in_quotes import quotation
from search.query.parsing.parser import parse
from search.service.search import SearchParams, count_each
from search.service.suggestions.did_you_mean import Suggestion, suggest
from search.settings import Limits

OUTLETS = 3
"""So many publishers are named, those with most of the articles."""
AT_ONCE = 1_000
"""Names that are asked for together."""
MAX_SUGGESTIONS = 100
"""Names that nothing mentions for which others are looked for: each takes as long as ten that are found."""


@dataclass(frozen=True, slots=True)
class NameRow:
    """`line`: from 1; `query`: what was looked for; `first`, `last`: the days of the oldest and newest dated article;
    `suggestion`: what finds something, if nothing mentions the name and the list has no more than MAX_SUGGESTIONS before it."""

    line: int
    name: str
    query: str
    articles: int
    first: str | None
    last: str | None
    outlets: tuple[FacetValue, ...]
    suggestion: Suggestion | None = None

    @property
    def path(self) -> str:
        """The address of the search page that shows the articles, without the host."""
        return "/?" + urlencode({"q": encodable(self.query)})


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was passed over; `str(why)` says why in English."""

    line: int
    name: str
    why: Remark | QueryRefused


@dataclass(frozen=True, slots=True)
class NamesTable:
    rows: tuple[NameRow, ...]
    bad: tuple[BadLine, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    line: int
    name: str
    query: str
    meaning: Query


def names_table(
    reader: Reader, lines: Sequence[str], limits: Limits, *, queries: bool = False, seconds: float | None = None
) -> NamesTable:
    """The table of the lines' names, or with `queries` of the queries that they are; empty lines count for nothing. After
    `seconds` no further name is looked up: those left are bad. Raises QueryRefused for more lines than `limits.names`, and
    EngineError."""
    if sum(1 for line in lines if line.strip()) > limits.names:
        raise QueryRefused("names", limits.names, f"The list exceeds the limit (names) of {limits.names:,}; split it.")
    until = math.inf if seconds is None else time.monotonic() + seconds
    rows: list[NameRow] = []
    bad: list[BadLine] = []
    asked = _read(lines, limits, queries, until, bad)
    while some := list(islice(asked, AT_ONCE)):
        tallies = reader.tally([one.meaning for one in some], OUTLETS, until)
        rows += [_row(one, tally) for one, tally in zip(some, tallies, strict=False)]
        bad += [BadLine(one.line, one.name, Remark("time_over")) for one in some[len(tallies) :]]
    known: dict[str, Suggestion | None] = {}
    for place in [place for place, row in enumerate(rows) if not row.articles][:MAX_SUGGESTIONS]:
        row = rows[place]
        if time.monotonic() > until:
            break
        if row.query not in known:
            known[row.query] = _suggestion(reader, row, limits)
        rows[place] = replace(row, suggestion=known[row.query])
    return NamesTable(tuple(rows), tuple(sorted(bad, key=lambda one: one.line)))


def _suggestion(reader: Reader, row: NameRow, limits: Limits) -> Suggestion | None:
    """Another spelling of it or, of several words, the articles that have them apart."""

    def hits(texts: Sequence[str]) -> list[int]:
        return count_each(reader, [SearchParams(text) for text in texts], limits)

    if found := suggest(reader, row.query, parse(row.query, limits).typed, 0, hits):
        return found
    apart = row.query.strip('"')
    [total] = hits([apart]) if " " in apart else [0]
    return Suggestion(apart, (), total) if total else None


def _read(lines: Iterable[str], limits: Limits, queries: bool, until: float, bad: list[BadLine]) -> Iterator[_Asked]:
    for number, line in enumerate(lines, 1):
        name = " ".join(line.removeprefix("\ufeff").split())
        if not name:
            continue
        if time.monotonic() > until:
            bad.append(BadLine(number, name, Remark("time_over")))
            continue
        query = name if queries else quotation(name)
        try:
            meaning = parse(query, limits).query
        except QueryRefused as error:
            bad.append(BadLine(number, name, error.with_traceback(None)))
            continue
        if isinstance(meaning, MatchNone | MatchAll):
            bad.append(BadLine(number, name, Remark("no_word")))
        else:
            yield _Asked(number, name, query, meaning)


def _row(asked: _Asked, tally: Tally) -> NameRow:
    return NameRow(
        asked.line, asked.name, asked.query, tally.articles, _iso(tally.first_day), _iso(tally.last_day), tally.publishers
    )


def _iso(day: int | None) -> str | None:
    return date.fromordinal(day).isoformat() if day else None
