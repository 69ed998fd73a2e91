"""One search from beginning to end: SearchParams -> SearchResponse. Web pages, JSON API and command line all ask here.

answer(reader, SearchParams(text="cease-fire", from_date="1953"), Limits()) ──▶ SearchResponse(tiers=…, highlights=…)
"""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

import msgspec

from search.engines.protocol import Reader
from search.errors import BadRequest, CursorExpired, QueryRefused
from search.highlight.highlighter import highlight
from search.highlight.removed_text import removed_fragments
from search.indexing.fields import filter_value
from search.model.results import Highlights, Hit
from search.query.nodes import (
    FACETS,
    And,
    DateRange,
    FieldEquals,
    Has,
    Interval,
    MatchAll,
    Not,
    OrderBy,
    Preference,
    Query,
    Results,
    SearchRequest,
    has_words,
    place_of,
    removals,
)
from search.query.parameters import EXCLUDING, FILTERS, INTERVALS, ORDERS, QUERY_FIELDS
from search.query.parsing.date_ranges import added_range, period
from search.query.parsing.parser import Understood, parse
from search.query.parsing.synonyms import NO_SPELLINGS, Spellings
from search.ranking.boosts import has_several_words, proximity, recency
from search.service.cursor import Cursor, read_cursor
from search.service.explain import Explanation, explain
from search.service.suggestions.did_you_mean import Suggestion, suggest
from search.service.tiers import Tiers, search_tiers, with_some_words
from search.settings import Limits


@dataclass(frozen=True, slots=True)
class SearchParams:
    """What somebody asks.

    page: from 1. from_date, to_date: "2022", "2022-03" or "2022-03-04", both inclusive; added_from, added_to: likewise, when
    the article was added to the index, in UTC.
    filters: values by a name of FILTERS; an article has one value of each name. excluded: likewise, an article has none of them.
    query_fields: where words without a field
    are looked for, names of QUERY_FIELDS; () is everywhere. facets: names of FACETS to count. versions: earlier ones too.
    recency: the half-life, in days, of what newer articles gain in the order by relevance; None for no gain.
    cursor: the `next` of an earlier answer to the same question: the hits that follow it, in place of a page.
    explain: say what became of each word and what each score is made of.
    feedback: of several words, the first hits tell what else they are about (SearchRequest.feedback); a setting.
    edited: only articles of which a version with another text is kept.
    collapse: wire copies are one hit; None leaves it to where the question is asked: on the web page they are, elsewhere not.
    today: the day that it is asked on, which "last month" and recency go by; behind a cursor that of the first page.
    """

    text: str = ""
    page: int = 1
    page_size: int = 10
    order_by: OrderBy = "relevance"
    from_date: str | None = None
    to_date: str | None = None
    added_from: str | None = None
    added_to: str | None = None
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    query_fields: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    timeline: Interval | None = None
    versions: bool = False
    recency: int | None = None
    cursor: str | None = None
    explain: bool = False
    feedback: bool = True
    collapse: bool | None = None
    edited: bool = False
    today: date = field(default_factory=date.today)


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """`order_by`: the order in effect; `tiers`: the page's hits with all the words and, after them, those with some of them;
    `highlights`: one for each of tiers.hits; `pages`: the pages that can be opened; `next`: the cursor of the hits that follow,
    None after the last; `explanation`: None unless asked for; `suggestion`: what may have been meant, None on later pages;
    `start`: how many hits stand before the page's first, 0 where a cursor goes on by date."""

    question: SearchParams
    understood: Understood
    order_by: OrderBy
    tiers: Tiers
    highlights: tuple[Highlights, ...]
    pages: int
    took_ms: float
    next: str | None = None
    explanation: Explanation | None = None
    suggestion: Suggestion | None = None
    start: int = 0

    @property
    def results(self) -> Results:
        """The total, facets and timeline of the articles with all the words."""
        return self.tiers.first

    @property
    def some_total(self) -> int:
        """How many articles follow those with all the words."""
        return self.tiers.second.total if self.tiers.second else 0


def answer(
    reader: Reader, question: SearchParams, limits: Limits, spellings: Spellings = NO_SPELLINGS, *, all_words: bool = False
) -> SearchResponse:
    """Search and highlight. Without words: everything that passes the filters, newest first. With `all_words` articles with some
    of them are left out.

    Raises BadRequest naming the parameter, QueryRefused naming the limit, CursorExpired or EngineError. A page past the last
    has no hits.
    """
    started = time.perf_counter()
    check(question, limits)
    if question.cursor:
        question = replace(question, today=read_cursor(question.cursor).today)
    understood = _parse(question, question.text, limits, spellings)
    request, second = _requests(question, understood, all_words)
    tiers = search_tiers(reader, request, second, behind_second=_goes_on_in_second(question, second))
    _check_generation(question, request, tiers)
    suggestion = _suggestion(reader, question, limits, spellings, understood, tiers.first.total)
    explanation = explain(reader, request, second, tiers, question.text, understood) if question.explain else None
    return SearchResponse(
        question,
        understood,
        request.order_by,
        tiers,
        tuple(_highlights(reader, tiers.hits, understood.query)),
        pages=min(-(-tiers.total // question.page_size), limits.hits // question.page_size),
        took_ms=(time.perf_counter() - started) * 1000,
        next=_next(reader, request, second, tiers, question.today, limits),
        explanation=explanation,
        suggestion=suggestion,
        start=request.start,
    )


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The hits before and after one, and how many there are in all."""

    before: Hit | None
    after: Hit | None
    total: int


def neighbours(
    reader: Reader, question: SearchParams, place: int, id: str, limits: Limits, spellings: Spellings = NO_SPELLINGS
) -> Neighbours | None:
    """The hits beside this article, or the group of wire copies it belongs to, which is hit number `place` of the question, from
    1 and whatever its page. None if another is there: the archive has changed. Costs a search for three hits that counts no
    values and no periods. Raises as `answer`, but not CursorExpired."""
    question = replace(question, page=1, cursor=None, facets=(), timeline=None)
    check(question, limits)
    understood = _parse(question, question.text, limits, spellings)
    request, second = _requests(question, understood, all_words=False)
    first = max(place - 2, 0)
    tiers = search_tiers(reader, replace(request, start=first, size=place + 1 - first), second, behind_second=False)
    hits = dict(enumerate(tiers.hits, first + 1))
    here = hits.get(place)
    if here is None or id not in {article.id for article in (here.article, *here.copies)}:
        return None
    return Neighbours(hits.get(place - 1), hits.get(place + 1), tiers.total)


def request_all_words(question: SearchParams, limits: Limits, spellings: Spellings = NO_SPELLINGS) -> SearchRequest:
    """What finds the articles with all the words, without highlights, suggestion or what is preferred. Raises as `answer`, but
    not CursorExpired."""
    check(question, limits)
    if question.cursor:
        question = replace(question, today=read_cursor(question.cursor).today)
        _goes_on_in_second(question, None)
    return search_request(question, _parse(question, question.text, limits, spellings).query)


def count_each(
    reader: Reader, questions: Iterable[SearchParams], limits: Limits, spellings: Spellings = NO_SPELLINGS
) -> list[int]:
    """How many articles have all the words of each: the total of the question's `answer`, in less time. 0 where the query passes
    a limit; otherwise raises as `answer` does, but not CursorExpired."""
    asked: dict[int, SearchRequest] = {}
    count = 0
    for count, question in enumerate(questions, 1):
        with suppress(QueryRefused):
            check(question, limits)
            asked[count] = _bare(question, _parse(question, question.text, limits, spellings).query)
    totals = dict(zip(asked, reader.search_each([*asked.values()]), strict=True))
    return [totals[number].total if number in totals else 0 for number in range(1, count + 1)]


def _parse(question: SearchParams, text: str, limits: Limits, spellings: Spellings) -> Understood:
    return parse(text, limits, question.query_fields, spellings, question.today)


def _requests(question: SearchParams, understood: Understood, all_words: bool) -> tuple[SearchRequest, SearchRequest | None]:
    """Those of the two tiers."""
    some = None if all_words else with_some_words(understood)
    return _ranked(question, understood.query, understood), _ranked(question, some, understood) if some else None


def _ranked(question: SearchParams, query: Query, understood: Understood) -> SearchRequest:
    """The request for what the query finds, ordered by all that the words typed tell."""
    request = search_request(question, query, proximity(understood.typed))
    return replace(request, feedback=question.feedback and has_several_words(understood.typed))


def _bare(question: SearchParams, query: Query) -> SearchRequest:
    """For the total alone."""
    return replace(search_request(question, query), size=0, facets=(), timeline=None, prefer=())


def _highlights(reader: Reader, hits: Sequence[Hit], query: Query) -> Iterator[Highlights]:
    languages = reader.frequent_languages
    changed = [hit.article.id for hit in hits if hit.current] if removals(query) else []
    versions = dict(zip(changed, reader.versions_each(changed), strict=True)) if changed else {}
    for hit in hits:
        shown = highlight(hit.article, query, languages)
        if hit.current and changed:
            removed = removed_fragments(hit.article, versions[hit.article.id][1:], query, languages)
            shown = msgspec.structs.replace(shown, removed=removed)
        yield shown


def _suggestion(
    reader: Reader, question: SearchParams, limits: Limits, spellings: Spellings, understood: Understood, total: int
) -> Suggestion | None:
    if question.page > 1 or question.cursor:
        return None
    if not total and question.filters and not reader.search(_bare(question, MatchAll())).total:
        return None  # nothing passes the filters, whatever the words

    def hits(texts: Sequence[str]) -> list[int]:
        return count_each(reader, [replace(question, text=text) for text in texts], limits, spellings)

    return suggest(reader, question.text, understood.typed, total, hits)


def _goes_on_in_second(question: SearchParams, second: SearchRequest | None) -> bool:
    """Whether the question's cursor stands in the second tier."""
    if not question.cursor or not read_cursor(question.cursor).in_second:
        return False
    if second is None:
        raise BadRequest("cursor", question.cursor, "it belongs to another search")
    return True


def _check_generation(question: SearchParams, request: SearchRequest, tiers: Tiers) -> None:
    if question.cursor and request.order_by == "relevance" and read_cursor(question.cursor).generation != tiers.first.generation:
        raise CursorExpired("The archive has changed since this search began; repeat the search without the cursor.")


def _next(
    reader: Reader, request: SearchRequest, second: SearchRequest | None, tiers: Tiers, today: date, limits: Limits
) -> str | None:
    if request.order_by == "relevance":
        seen = request.start + len(tiers.hits)
        more = tiers.hits and seen < min(tiers.total, limits.hits)
        return str(Cursor("relevance", seen, today, tiers.first.generation)) if more else None
    if len(tiers.hits) < request.size:
        return None
    in_second, last = bool(tiers.second and tiers.second.hits), place_of(tiers.hits[-1].article, request.order_by)
    more = request.start + request.size < tiers.total
    if request.after is not None:
        behind = {"start": 0, "size": 1, "after": last, "facets": (), "timeline": None}
        following = replace(second, **behind) if second else None  # type: ignore[arg-type]
        behind_last = search_tiers(reader, replace(request, **behind), following, behind_second=in_second)  # type: ignore[arg-type]
        more = bool(behind_last.hits)
    return str(Cursor(request.order_by, last, today, in_second=in_second)) if more else None


def check(question: SearchParams, limits: Limits) -> None:
    """Raises BadRequest or QueryRefused when something other than the text of the query is wrong."""
    _check_number("page", question.page)
    _check_number("page-size", question.page_size)
    _check_number("recency", 1 if question.recency is None else question.recency)
    _check_choice("order-by", (question.order_by,), ORDERS)
    _check_choice("query-fields", question.query_fields, QUERY_FIELDS)
    _check_choice("facets", question.facets, FACETS)
    _check_choice("timeline", (question.timeline,) if question.timeline else (), INTERVALS)
    _check_choice("filter", (*question.filters, *question.excluded), FILTERS)
    for parameter, values in (("year", question.filters), (f"{EXCLUDING}year", question.excluded)):
        for year in values.get("year", ()):
            if not re.fullmatch("[0-9]{4}", year):
                raise BadRequest(parameter, year, "a year has four digits, as in 2022")
    if question.page_size > limits.page_size:
        message = f"a page has at most {limits.page_size} results"
        raise QueryRefused("page_size", limits.page_size, message)
    if question.page * question.page_size > limits.hits:
        message = f"only the first {limits.hits:,} results can be paged through; narrow the search with a date or another word"
        raise QueryRefused("hits", limits.hits, message)


def search_request(question: SearchParams, query: Query, prefer: tuple[Preference, ...] = ()) -> SearchRequest:
    """`prefer`: beside the question's recency."""
    first, last = _between("from-date", question.from_date, "to-date", question.to_date)
    added = _between("added-from", question.added_from, "added-to", question.added_to)
    order_by: OrderBy = question.order_by
    if order_by == "relevance" and not has_words(query):
        order_by = "newest"
    if question.recency:
        prefer += recency(question.recency, question.today.toordinal())
    start, after = (question.page - 1) * question.page_size, None
    if question.cursor:
        start, after = _position(read_cursor(question.cursor), order_by, question.cursor)
    if first is not None or last is not None:
        query = _within(query, DateRange(first, last))
    if question.edited:
        query = _within(query, Has("changes"))
    if added != (None, None):
        query = _within(query, added_range(*added))
    if question.excluded:
        query = And((query, *_without(question.excluded)))
    return SearchRequest(
        query,
        filters={name: tuple(filter_value(name, value) for value in some) for name, some in question.filters.items()},
        order_by=order_by,
        start=start,
        size=question.page_size,
        facets=question.facets,
        timeline=question.timeline,
        versions=question.versions,
        prefer=prefer,
        after=after,
        collapse=bool(question.collapse),
    )


def _within(query: Query, filtered: Query) -> Query:
    return filtered if isinstance(query, MatchAll) else And((query, filtered))


def _between(since: str, first: str | None, until: str, last: str | None) -> tuple[int | None, int | None]:
    """The day numbers of these two parameters."""
    (start, _), (_, end) = days(since, first), days(until, last)
    if start is not None and end is not None and start > end:
        raise BadRequest(until, str(last), f"it is before {since} {first}")
    return start, end


def _without(excluded: dict[str, tuple[str, ...]]) -> Iterator[Query]:
    for name, values in excluded.items():
        yield from (Not(FieldEquals(name, filter_value(name, value))) for value in values)


def _position(cursor: Cursor, order_by: OrderBy, text: str) -> tuple[int, int | None]:
    """Where to go on: (start, after) of the request."""
    if cursor.order_by != order_by:
        raise BadRequest("cursor", text, f"it belongs to a search sorted by {cursor.order_by}, not by {order_by}")
    return (cursor.place, None) if order_by == "relevance" else (0, cursor.place)


def days(parameter: str, text: str | None) -> tuple[int | None, int | None]:
    """The first and last day number of "2022", "2022-03" or "2022-03-04". Raises BadRequest naming the parameter."""
    if text is None:
        return None, None
    found = period(text)
    if found is None:
        raise BadRequest(parameter, text, "give a date as 2022, 2022-03 or 2022-03-04")
    return found


def _check_number(parameter: str, number: int) -> None:
    if number < 1:
        raise BadRequest(parameter, str(number), "give a whole number, 1 or greater")


def _check_choice(parameter: str, values: tuple[str, ...], choices: tuple[str, ...]) -> None:
    for value in values:
        if value not in choices:
            raise BadRequest(parameter, value, f"give {'one of ' if len(choices) > 1 else ''}{', '.join(choices)}")
