"""What the scores of hits are made of.

score_parts(engine, request, results) -> ((Part("match", "peace", 2.1), Part("proximity", 'body:"peace talks"', 0.2)), …)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from search.describe import describe
from search.engine import Engine
from search.query import Added, And, AtLeast, Between, Has, Or, Query, SearchRequest, Value, has_words, leaves
from search.results import Results

Scores = dict[str, float]
"""By the source of a hit; only those that match."""


@dataclass(frozen=True, slots=True)
class Part:
    """What `text` adds to a score: as a "match", by "proximity" (words side by side) or by "recency"."""

    kind: str
    text: str
    score: float


def score_parts(engine: Engine, request: SearchRequest, results: Results) -> tuple[tuple[Part, ...], ...]:
    """For each hit of the request's results the parts of its score, in the order of the query; they add up to it. None where
    hits are not ordered by relevance."""
    articles = [hit.article for hit in results.hits]
    if not articles or request.order_by != "relevance" or not has_words(request.query):
        return tuple(() for _ in articles)

    def scores(query: Query) -> Scores:
        return engine.scores(query, articles, request.versions)

    sources = [article.source for article in articles]
    gains = [("match", text, found) for text, found in _matches(request.query, scores, set(sources))]
    gains += [_preferred(preference.query, preference.weight, scores) for preference in request.prefer]
    return tuple(tuple(_together([Part(kind, text, g[source]) for kind, text, g in gains if source in g])) for source in sources)


def _matches(query: Query, scores: Callable[[Query], Scores], among: set[str]) -> Iterator[tuple[str, Scores]]:
    """The leaves, each with its score in those documents where all that it is a part of matches too; `among`: the documents
    that match the query."""
    match query:
        case And(parts):
            for part in parts:
                yield from _matches(part, scores, among)
        case Or(parts) | AtLeast(parts):
            for part in parts:
                yield from _matches(part, scores, among & scores(part).keys() if isinstance(part, And | Or | AtLeast) else among)
        case _ if isinstance(query, Added) or leaves(query) == [query]:
            yield describe(query), {source: score for source, score in scores(query).items() if source in among}


def _preferred(query: Query, weight: float, scores: Callable[[Query], Scores]) -> tuple[str, str, Scores]:
    found = scores(query)
    if isinstance(query, (Value, Has, Between)):
        return "recency", describe(query), dict.fromkeys(found, weight)
    return "proximity", describe(query), {source: weight * score for source, score in found.items()}


def _together(parts: list[Part]) -> Iterator[Part]:
    """Recency is made of steps: they are shown as one part, under the narrowest of their dates."""
    yield from (part for part in parts if part.kind != "recency")
    recent = [part for part in parts if part.kind == "recency"]
    if recent:
        yield Part("recency", recent[0].text, sum(part.score for part in recent))
