"""One search from beginning to end: a Question -> its Answer. Web pages, JSON API and command line all ask here.

answer(engine, Question(text="cease-fire", from_date="1953"), Limits()) ──▶ Answer(results=…, highlights=…)
"""

import re
import time
from dataclasses import dataclass, field
from typing import get_args

from search.dates import period
from search.engine import Engine
from search.errors import BadRequest, QueryRefused
from search.highlight import highlight
from search.language import Understood, parse
from search.query import (
    FACETS,
    NAME_FIELDS,
    TEXT_FIELDS,
    And,
    Between,
    Everything,
    Interval,
    OrderBy,
    Query,
    SearchRequest,
    has_words,
)
from search.results import Highlights, Results
from search.settings import Limits

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


@dataclass(frozen=True, slots=True)
class Answer:
    """`order_by`: the order in effect; `highlights`: one for each of results.hits; `pages`: the pages that can be opened."""

    question: Question
    understood: Understood
    order_by: OrderBy
    results: Results
    highlights: tuple[Highlights, ...]
    pages: int
    took_ms: float


def answer(engine: Engine, question: Question, limits: Limits) -> Answer:
    """Search and highlight. Without words: everything that passes the filters, newest first.

    Raises BadRequest naming the parameter, QueryRefused naming the limit, or EngineError. A page past the last has no hits.
    """
    started = time.perf_counter()
    check(question, limits)
    understood = parse(question.text, limits, question.query_fields)
    request = search_request(question, understood.query)
    results = engine.search(request)
    return Answer(
        question,
        understood,
        request.order_by,
        results,
        tuple(highlight(hit.article, understood.query) for hit in results.hits),
        pages=min(-(-results.total // question.page_size), limits.hits // question.page_size),
        took_ms=(time.perf_counter() - started) * 1000,
    )


def check(question: Question, limits: Limits) -> None:
    """Raises BadRequest or QueryRefused when something other than the text of the query is wrong."""
    _check_number("page", question.page)
    _check_number("page-size", question.page_size)
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


def search_request(question: Question, query: Query) -> SearchRequest:
    (first, _), (_, last) = days("from-date", question.from_date), days("to-date", question.to_date)
    if first is not None and last is not None and first > last:
        raise BadRequest("to-date", str(question.to_date), f"it lies before from-date {question.from_date}")
    order_by: OrderBy = question.order_by
    if order_by == "relevance" and not has_words(query):
        order_by = "newest"
    if first is not None or last is not None:
        between = Between(first, last)
        query = between if isinstance(query, Everything) else And((query, between))
    return SearchRequest(
        query,
        filters=question.filters,
        order_by=order_by,
        start=(question.page - 1) * question.page_size,
        size=question.page_size,
        facets=question.facets,
        timeline=question.timeline,
        versions=question.versions,
    )


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
