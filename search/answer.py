"""One search from beginning to end: a Question -> its Answer. Web pages, JSON API and command line all ask here.

answer(engine, Question(text="cease-fire", from_date="1953"), Limits()) ──▶ Answer(results=…, highlights=…)
"""

import re
import time
from dataclasses import dataclass, field, replace
from datetime import date
from typing import get_args

from search.article import tie_number
from search.cursor import Cursor, read_cursor
from search.dates import period
from search.describe import describe
from search.document import filter_value
from search.engine import Engine
from search.errors import BadRequest, CursorExpired, QueryRefused
from search.explain import Explanation, explain
from search.highlight import highlight
from search.language import Understood, parse
from search.preferences import has_several_words, proximity, recency
from search.query import (
    FACETS,
    NAME_FIELDS,
    TEXT_FIELDS,
    And,
    AtLeast,
    Between,
    Everything,
    Interval,
    OrderBy,
    Preference,
    Query,
    SearchRequest,
    has_words,
    removals,
)
from search.removed import removed_fragments
from search.results import Highlights, Hit, Results
from search.settings import Limits
from search.spellings import NO_SPELLINGS, Spellings
from search.suggestion import Suggestion, suggest

FILTERS = (*FACETS, "collection")
"""What a search can be narrowed by."""
QUERY_FIELDS = (*TEXT_FIELDS, *NAME_FIELDS)
"""The fields that words can be looked for in."""
ORDERS: tuple[OrderBy, ...] = get_args(OrderBy)
INTERVALS: tuple[Interval, ...] = get_args(Interval)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks.

    page: from 1. from_date, to_date: "2022", "2022-03" or "2022-03-04", both inclusive.
    filters: values by a name of FILTERS; an article has one value of each name. query_fields: where words without a field
    are looked for, names of QUERY_FIELDS; () is everywhere. facets: names of FACETS to count. versions: earlier ones too.
    recency: the half-life, in days, of what newer articles gain in the order by relevance; None for no gain.
    cursor: the `next` of an earlier answer to the same question: the hits that follow it, in place of a page.
    explain: say what became of each word and what each score is made of.
    feedback: of several words, the first hits tell what else they are about (SearchRequest.feedback); a setting.
    collapse: wire copies are one hit; None leaves it to where the question is asked: on the web page they are, elsewhere not.
    today: the day that it is asked on, which "last month" and recency go by; behind a cursor that of the first page.
    """

    text: str = ""
    page: int = 1
    page_size: int = 10
    order_by: OrderBy = "relevance"
    from_date: str | None = None
    to_date: str | None = None
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    query_fields: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    timeline: Interval | None = None
    versions: bool = False
    recency: int | None = None
    cursor: str | None = None
    explain: bool = False
    feedback: bool = True
    collapse: bool | None = None
    today: date = field(default_factory=date.today)


@dataclass(frozen=True, slots=True)
class Answer:
    """`order_by`: the order in effect; `highlights`: one for each of results.hits; `pages`: the pages that can be opened;
    `relaxed`: no article has all the words asked for, these have most of them (`understood` says how many); `next`: the cursor
    of the hits that follow, None after the last; `explanation`: None unless asked for; `suggestion`: what may have been meant,
    None on later pages."""

    question: Question
    understood: Understood
    order_by: OrderBy
    results: Results
    highlights: tuple[Highlights, ...]
    pages: int
    took_ms: float
    relaxed: bool = False
    next: str | None = None
    explanation: Explanation | None = None
    suggestion: Suggestion | None = None


def answer(engine: Engine, question: Question, limits: Limits, spellings: Spellings = NO_SPELLINGS) -> Answer:
    """Search and highlight. Without words: everything that passes the filters, newest first.

    Raises BadRequest naming the parameter, QueryRefused naming the limit, CursorExpired or EngineError. A page past the last
    has no hits.
    """
    started = time.perf_counter()
    check(question, limits)
    if question.cursor:
        question = replace(question, today=read_cursor(question.cursor).today)
    understood = _parse(question, question.text, limits, spellings)
    request = search_request(question, understood.query, proximity(understood.typed))
    request = replace(request, feedback=question.feedback and has_several_words(understood.typed))
    results = engine.search(request)
    suggestion = _suggestion(engine, question, limits, spellings, understood, results.total)
    relaxed = None if results.total else with_most_words(engine, understood.query, question.versions)
    if relaxed:
        understood = replace(understood, query=relaxed, text=describe(relaxed))
        request = search_request(question, relaxed)
        results = engine.search(request)
    if question.cursor and request.order_by == "relevance" and read_cursor(question.cursor).generation != results.generation:
        raise CursorExpired("The archive has changed since this search began; begin it anew, without the cursor.")
    explanation = explain(engine, request, results, question.text, understood) if question.explain else None
    return Answer(
        question,
        understood,
        request.order_by,
        results,
        tuple(_highlights(engine, hit, understood.query) for hit in results.hits),
        pages=min(-(-results.total // question.page_size), limits.hits // question.page_size),
        took_ms=(time.perf_counter() - started) * 1000,
        relaxed=bool(relaxed),
        next=_next(request, results, question.today, limits),
        explanation=explanation,
        suggestion=suggestion,
    )


def count(engine: Engine, question: Question, limits: Limits, spellings: Spellings = NO_SPELLINGS) -> int:
    """The total of the question's `answer`, in less time. Raises as it does, but not CursorExpired."""
    check(question, limits)
    query = _parse(question, question.text, limits, spellings).query
    total = _total(engine, question, query)
    relaxed = None if total else with_most_words(engine, query, question.versions)
    return _total(engine, question, relaxed) if relaxed else total


def _parse(question: Question, text: str, limits: Limits, spellings: Spellings) -> Understood:
    return parse(text, limits, question.query_fields, spellings, question.today)


def _total(engine: Engine, question: Question, query: Query) -> int:
    return engine.search(replace(search_request(question, query), size=0, facets=(), timeline=None, prefer=())).total


def _highlights(engine: Engine, hit: Hit, query: Query) -> Highlights:
    shown = highlight(hit.article, query)
    if not hit.current or not removals(query):
        return shown
    return replace(shown, removed=removed_fragments(hit.article, engine.versions(hit.article.id)[1:], query))


def _suggestion(
    engine: Engine, question: Question, limits: Limits, spellings: Spellings, understood: Understood, total: int
) -> Suggestion | None:
    if question.page > 1 or question.cursor:
        return None
    if not total and question.filters and not _total(engine, question, Everything()):
        return None  # nothing passes the filters, whatever the words

    def hits(text: str) -> int:
        try:
            query = _parse(question, text, limits, spellings).query
        except QueryRefused:  # a correction may be longer
            return 0
        return _total(engine, question, query)

    return suggest(engine, question.text, understood.typed, total, hits)


def with_most_words(engine: Engine, query: Query, versions: bool) -> AtLeast | And | None:
    """Of a query whose words no article has together: what finds those with most of them; None if it asks for one thing only,
    if nothing has any of them, or if articles have all and it was a filter that found none."""
    parts = query.parts if isinstance(query, And) else ()
    words = tuple(part for part in parts if has_words(part))
    rest = tuple(part for part in parts if not has_words(part))
    if len(words) < 2:
        return None

    def finds(least: int) -> bool:
        return engine.search(SearchRequest(AtLeast(words, least), size=0, versions=versions)).total > 0

    if not finds(1) or finds(len(words)):
        return None
    least, too_many = 1, len(words)
    while too_many - least > 1:
        middle = (least + too_many) // 2
        least, too_many = (middle, too_many) if finds(middle) else (least, middle)
    most = AtLeast(words, least)
    return And((most, *rest)) if rest else most


def _next(request: SearchRequest, results: Results, today: date, limits: Limits) -> str | None:
    if request.order_by == "relevance":
        seen = request.start + len(results.hits)
        more = results.hits and seen < min(results.total, limits.hits)
        return str(Cursor("relevance", seen, today, results.generation)) if more else None
    if len(results.hits) < request.size:
        return None
    return str(Cursor(request.order_by, tie_number(results.hits[-1].article), today))


def check(question: Question, limits: Limits) -> None:
    """Raises BadRequest or QueryRefused when something other than the text of the query is wrong."""
    _check_number("page", question.page)
    _check_number("page-size", question.page_size)
    _check_number("recency", 1 if question.recency is None else question.recency)
    _check_choice("order-by", (question.order_by,), ORDERS)
    _check_choice("query-fields", question.query_fields, QUERY_FIELDS)
    _check_choice("facets", question.facets, FACETS)
    _check_choice("timeline", (question.timeline,) if question.timeline else (), INTERVALS)
    _check_choice("filter", tuple(question.filters), FILTERS)
    for year in question.filters.get("year", ()):
        if not re.fullmatch("[0-9]{4}", year):
            raise BadRequest("year", year, "a year has four digits, as in 2022")
    if question.page_size > limits.page_size:
        message = f"a page has at most {limits.page_size} hits"
        raise QueryRefused("page_size", limits.page_size, message)
    if question.page * question.page_size > limits.hits:
        message = f"only the first {limits.hits:,} hits can be paged through; narrow the search by a date or another word"
        raise QueryRefused("hits", limits.hits, message)


def search_request(question: Question, query: Query, prefer: tuple[Preference, ...] = ()) -> SearchRequest:
    """`prefer`: beside the question's recency."""
    (first, _), (_, last) = days("from-date", question.from_date), days("to-date", question.to_date)
    if first is not None and last is not None and first > last:
        raise BadRequest("to-date", str(question.to_date), f"it lies before from-date {question.from_date}")
    order_by: OrderBy = question.order_by
    if order_by == "relevance" and not has_words(query):
        order_by = "newest"
    if question.recency:
        prefer += recency(question.recency, question.today.toordinal())
    start, after = (question.page - 1) * question.page_size, None
    if question.cursor:
        start, after = _position(read_cursor(question.cursor), order_by, question.cursor)
    if first is not None or last is not None:
        between = Between(first, last)
        query = between if isinstance(query, Everything) else And((query, between))
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


def _position(cursor: Cursor, order_by: OrderBy, text: str) -> tuple[int, int | None]:
    """Where to go on: (start, after) of the request."""
    if cursor.order_by != order_by:
        raise BadRequest("cursor", text, f"it is of a search ordered by {cursor.order_by}, not by {order_by}")
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
        raise BadRequest(parameter, str(number), "give a whole number from 1 on")


def _check_choice(parameter: str, values: tuple[str, ...], choices: tuple[str, ...]) -> None:
    for value in values:
        if value not in choices:
            raise BadRequest(parameter, value, f"give {'one of ' if len(choices) > 1 else ''}{', '.join(choices)}")
