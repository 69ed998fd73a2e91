"""SearchRequest -> Results, of one state of a Whoosh index.

answer(SearchRequest(Word("treaty"), facets=("section",)), snapshot)
"""

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from search.engines.protocol import Tally
from search.engines.whoosh.query import Finder, Scores
from search.engines.whoosh.snapshot import Documents, Snapshot
from search.model.article import DAY_SHIFT
from search.model.results import COPIES_SHOWN, Facet, FacetValue, Hit, Period
from search.query.nodes import (
    INSTANT_SHIFT,
    INSTANTS,
    OrderBy,
    Preference,
    Query,
    Results,
    SearchRequest,
    Word,
    has_words,
    leaves,
)
from search.ranking.feedback import FIRST_KEPT, FIRST_READ, reordered, telling_terms


def answer(request: SearchRequest, snapshot: Snapshot) -> Results:
    finder = _finder(request, snapshot)
    scores = finder.find(request.query)
    found = set(scores)
    filters = {name: snapshot.having(name, *values) for name, values in request.filters.items()}
    hits = found.intersection(*filters.values())
    ranking = _ranking(request, finder, hits, scores)
    groups = _groups(request, snapshot, hits, ranking)
    firsts = hits.difference(*(group[1:] for group in groups))
    return Results(
        total=len(firsts) if request.counted else 0,
        hits=tuple(_page(request, snapshot, firsts, ranking, {group[0]: group[1:] for group in groups})),
        facets=tuple(_facet(name, request.facet_size, snapshot, found, filters) for name in request.facets),
        timeline=_timeline(request, snapshot, hits),
        generation=snapshot.generation,
        articles=len(hits) if request.counted else 0,
        preferred=ranking.prefer,
    )


def by_date(request: SearchRequest, snapshot: Snapshot) -> list[int]:
    """All that is found, as Reader.articles."""
    filters = (snapshot.having(name, *values) for name, values in request.filters.items())
    hits = set(_finder(request, snapshot).find(request.query)).intersection(*filters)
    order: OrderBy = "oldest" if request.order_by == "oldest" else "newest"
    key = _order(order, snapshot, Ranking({}))
    return sorted(_behind(hits, request.after, order, key), key=key)


def _finder(request: SearchRequest, snapshot: Snapshot) -> Finder:
    return Finder(snapshot, snapshot.articles if request.versions else snapshot.current)


def _behind(hits: Documents, after: int | None, order: OrderBy, key: Callable[[int], Any]) -> Documents:
    """Those that follow the article with that tiebreak_key, in an order by date."""
    if after is None or order == "relevance":
        return hits
    instant, tie = divmod(after, 1 << INSTANT_SHIFT)
    last = _sort_key(order, tie, instant)
    return {number for number in hits if key(number) > last}


@dataclass(frozen=True, slots=True)
class Ranking:
    """The scores with all that is preferred, feedback included; and of the first hits, which feedback leaves in their places,
    what the score of each was raised by; `behind`: those that it does not look at."""

    scores: Scores
    prefer: tuple[Preference, ...] = ()
    kept: Mapping[int, float] = field(default_factory=dict)
    behind: Documents = field(default_factory=set)


def _ranking(request: SearchRequest, finder: Finder, hits: Documents, scores: Scores) -> Ranking:
    if not request.size or _order_by(request) != "relevance":
        return Ranking(scores)
    prefer = finder.effective(request.prefer)
    plain = Ranking(finder.prefer(scores, prefer), prefer)
    snapshot = finder.snapshot
    first = heapq.nsmallest(reordered(len(hits)), hits, _order("relevance", snapshot, plain))
    if not request.feedback or len(first) <= FIRST_KEPT:
        return plain
    asked = {term for leaf in leaves(request.query) if isinstance(leaf, Word) for term in snapshot.word_terms(leaf.text)}
    profiles = [snapshot.profile_of(number) for number in first[:FIRST_READ]]
    score = plain.scores[first[FIRST_KEPT - 1]]
    feedback = telling_terms(profiles, score, asked, snapshot.having_term, len(snapshot.articles))
    if not feedback:
        return plain
    kept, others = first[:FIRST_KEPT], first[FIRST_KEPT:]
    preferred = finder.prefer({number: plain.scores[number] for number in others}, feedback)
    raised = max(0.0, max(preferred.values()) - plain.scores[kept[-1]])
    keeping = {number: plain.scores[number] + raised for number in kept}
    scores = plain.scores | preferred | keeping
    return Ranking(scores, prefer + feedback, dict.fromkeys(kept, raised), hits.difference(first))


def tally(query: Query, publishers: int, snapshot: Snapshot) -> Tally:
    found = set(Finder(snapshot, snapshot.current).find(query))
    ties = snapshot.numbers("tie")
    days = [day for number in found if (day := ties[number] >> DAY_SHIFT)]
    counts = snapshot.counts("publisher", found)
    return Tally(len(found), min(days, default=None), max(days, default=None), _most_frequent(counts, publishers))


def _most_frequent(counts: dict[str, int], size: int) -> tuple[FacetValue, ...]:
    first = heapq.nsmallest(size, counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(*item) for item in first)


def _groups(request: SearchRequest, snapshot: Snapshot, hits: Documents, ranking: Ranking) -> list[list[int]]:
    """Those of the hits that are in a group together, each group in the order of the request."""
    key = _order(_order_by(request), snapshot, ranking)
    groups = [sorted(members & hits, key=key) for members in snapshot.values("group").values()] if request.collapse else []
    return [group for group in groups if len(group) > 1]


def _page(
    request: SearchRequest, snapshot: Snapshot, hits: Documents, ranking: Ranking, copies: dict[int, list[int]]
) -> Iterator[Hit]:
    order = _order_by(request)
    key = _order(order, snapshot, ranking)
    first = heapq.nsmallest(request.start + request.size, _behind(hits, request.after, order, key), key)
    for number in first[request.start :]:
        score = ranking.scores[number] if order == "relevance" else 0.0
        others = copies.get(number, []) if request.counted else []
        shown = tuple(snapshot.article(other) for other in others[:COPIES_SHOWN])
        kept = ranking.kept.get(number, 0.0 if number in ranking.behind else None)
        yield Hit(snapshot.article(number), score, number in snapshot.current, shown, len(others), kept)


def _order_by(request: SearchRequest) -> OrderBy:
    return request.order_by if request.order_by != "relevance" or has_words(request.query) else "newest"


def _order(order: OrderBy, snapshot: Snapshot, ranking: Ranking) -> Callable[[int], Any]:
    """A document's sort key: the first document has the least."""
    ties = snapshot.numbers("tie")
    if order == "relevance":
        return lambda number: (number not in ranking.kept, -ranking.scores[number], -ties[number])
    instants = snapshot.numbers(order) if order in INSTANTS else ties
    return lambda number: _sort_key(order, ties[number], instants[number])


def _sort_key(order: OrderBy, tie: int, instant: int) -> tuple[int, ...]:
    """In an order that is not by relevance."""
    match order:
        case "newest":
            return (-tie,)
        case "oldest":
            return (not tie >> DAY_SHIFT, tie >> DAY_SHIFT, -tie)
        case _:
            return (-instant, -tie)


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
