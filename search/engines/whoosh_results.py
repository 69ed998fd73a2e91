"""SearchRequest -> Results, of one state of a Whoosh index.

answer(SearchRequest(Word("treaty"), facets=("section",)), snapshot)
"""

import heapq
from collections.abc import Callable, Iterator
from typing import Any

from search.article import DAY_SHIFT
from search.engine import Tally
from search.engines.whoosh_query import Finder, Scores
from search.engines.whoosh_snapshot import Documents, Snapshot
from search.query import OrderBy, Query, SearchRequest, has_words
from search.results import COPIES_SHOWN, Facet, FacetValue, Hit, Period, Results


def answer(request: SearchRequest, snapshot: Snapshot) -> Results:
    finder = Finder(snapshot, snapshot.articles if request.versions else snapshot.current)
    scores = finder.find(request.query)
    found = set(scores)
    filters = {name: snapshot.having(name, *values) for name, values in request.filters.items()}
    hits = found.intersection(*filters.values())
    scores = finder.prefer(scores, request.prefer)
    groups = _groups(request, snapshot, hits, scores)
    firsts = hits.difference(*(group[1:] for group in groups))
    return Results(
        total=len(firsts),
        hits=tuple(_page(request, snapshot, firsts, scores, {group[0]: group[1:] for group in groups})),
        facets=tuple(_facet(name, request.facet_size, snapshot, found, filters) for name in request.facets),
        timeline=_timeline(request, snapshot, hits),
        generation=snapshot.generation,
        articles=len(hits),
    )


def tally(query: Query, publishers: int, snapshot: Snapshot) -> Tally:
    found = set(Finder(snapshot, snapshot.current).find(query))
    ties = snapshot.numbers("tie")
    days = [day for number in found if (day := ties[number] >> DAY_SHIFT)]
    counts = snapshot.counts("publisher", found)
    return Tally(len(found), min(days, default=None), max(days, default=None), _most_frequent(counts, publishers))


def _most_frequent(counts: dict[str, int], size: int) -> tuple[FacetValue, ...]:
    first = heapq.nsmallest(size, counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(*item) for item in first)


def _groups(request: SearchRequest, snapshot: Snapshot, hits: Documents, scores: Scores) -> list[list[int]]:
    """Those of the hits that are in a group together, each group in the order of the request."""
    key = _order(_order_by(request), snapshot.numbers("tie"), scores)
    groups = [sorted(members & hits, key=key) for members in snapshot.values("group").values()] if request.collapse else []
    return [group for group in groups if len(group) > 1]


def _page(
    request: SearchRequest, snapshot: Snapshot, hits: Documents, scores: Scores, copies: dict[int, list[int]]
) -> Iterator[Hit]:
    order = _order_by(request)
    key = _order(order, snapshot.numbers("tie"), scores)
    if request.after is not None and order != "relevance":
        last = _order(order, [request.after], scores)(0)
        hits = {number for number in hits if key(number) > last}
    first = heapq.nsmallest(request.start + request.size, hits, key)
    for number in first[request.start :]:
        score = scores[number] if order == "relevance" else 0.0
        others = copies.get(number, [])
        shown = tuple(snapshot.article(other) for other in others[:COPIES_SHOWN])
        yield Hit(snapshot.article(number), score, number in snapshot.current, shown, len(others))


def _order_by(request: SearchRequest) -> OrderBy:
    return request.order_by if request.order_by != "relevance" or has_words(request.query) else "newest"


def _order(order: OrderBy, ties: list[int], scores: Scores) -> Callable[[int], Any]:
    """A document's sort key: the first document has the least."""
    match order:
        case "relevance":
            return lambda number: (-scores[number], -ties[number])
        case "newest":
            return lambda number: -ties[number]
        case "oldest":
            return lambda number: (not ties[number] >> DAY_SHIFT, ties[number] >> DAY_SHIFT, -ties[number])


def _facet(name: str, size: int, snapshot: Snapshot, found: Documents, filters: dict[str, Documents]) -> Facet:
    others = [chosen for filtered, chosen in filters.items() if filtered != name]
    counts = snapshot.counts(name, found.intersection(*others))
    return Facet(name, _most_frequent(counts, size), len(counts))


def _timeline(request: SearchRequest, snapshot: Snapshot, hits: Documents) -> tuple[Period, ...]:
    if request.timeline is None:
        return ()
    archive = snapshot.counts(request.timeline, snapshot.current)
    counts = snapshot.counts(request.timeline, hits)
    return tuple(Period(start, counts[start], archive.get(start, 0)) for start in sorted(counts))
