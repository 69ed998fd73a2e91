"""What the scores of hits are made of.

score_parts(reader, request, results) -> ((Part("match", "peace", 2.1), Part("proximity", 'body:"peace talks"~7', 0.2)), …)
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.engines.protocol import Reader
from search.model.results import Hit
from search.query.format import describe
from search.query.messages import Remark
from search.query.nodes import (
    Added,
    And,
    AtLeast,
    DateRange,
    FieldEquals,
    Has,
    Or,
    Preference,
    Query,
    Results,
    SearchRequest,
    has_words,
    leaves,
)

Scores = dict[str, float]
"""By the source of a hit; only those that match."""


@dataclass(frozen=True, slots=True)
class Part:
    """What `text` adds to a score. `kind`: "match", "proximity" (words close together), "exact" (a word as typed), "recency" or
    "feedback" (terms of the first results)."""

    kind: str
    text: str
    score: float


def score_parts(reader: Reader, request: SearchRequest, results: Results) -> tuple[tuple[Part, ...], ...]:
    """For each hit of the request's results the parts of its score, in the order of the query; they add up to it. None where
    hits are not ordered by relevance."""
    articles = [hit.article for hit in results.hits]
    if not articles or request.order_by != "relevance" or not has_words(request.query):
        return tuple(() for _ in articles)

    queries = [*dict.fromkeys((*_scored(request.query), *(preference.query for preference in results.preferred)))]
    scores = dict(zip(queries, reader.scores(queries, articles, request.versions), strict=True))
    sources = [article.source for article in articles]
    gains = [("match", text, found) for text, found in _matches(request.query, scores, set(sources))]
    gains += [_preferred(preference, results.hits, scores) for preference in results.preferred]
    parts = {source: [Part(kind, text, found[source]) for kind, text, found in gains if source in found] for source in sources}
    kept = {hit.article.source: Part("feedback", Remark("kept"), hit.kept) for hit in results.hits if hit.kept}
    return tuple((*_together(parts[source]), *([kept[source]] if source in kept else [])) for source in sources)


def _scored(query: Query) -> Iterator[Query]:
    """The parts of it whose scores `_matches` looks at."""
    yield query
    if isinstance(query, And | Or | AtLeast):
        for part in query.parts:
            yield from _scored(part)


def _matches(query: Query, scores: Mapping[Query, Scores], among: set[str]) -> Iterator[tuple[str, Scores]]:
    """The leaves, each with its score in those documents where all that it is a part of matches too; `among`: the documents
    that match the query."""
    match query:
        case And(parts):
            for part, times in Counter(parts).items():
                yield from _repeated(_matches(part, scores, among), times)
        case Or(parts) | AtLeast(parts):
            for part, times in Counter(parts).items():
                within = among & scores[part].keys() if isinstance(part, And | Or | AtLeast) else among
                yield from _repeated(_matches(part, scores, within), times)
        case _ if isinstance(query, Added) or leaves(query) == [query]:
            yield describe(query), {source: score for source, score in scores[query].items() if source in among}


def _repeated(matches: Iterator[tuple[str, Scores]], times: int) -> Iterator[tuple[str, Scores]]:
    """Of a part that stands there so many times."""
    for text, found in matches:
        yield text, {source: score * times for source, score in found.items()}


def _preferred(preference: Preference, hits: Sequence[Hit], scores: Mapping[Query, Scores]) -> tuple[str, str, Scores]:
    found = scores[preference.query]
    if isinstance(preference.query, (FieldEquals, Has, DateRange)):
        found = dict.fromkeys(found, 1.0)
    if preference.kind == "feedback":
        kept = {hit.article.source for hit in hits if hit.kept is not None}
        found = {source: score for source, score in found.items() if source not in kept}
    parts = preference.query.parts if isinstance(preference.query, Or) else (preference.query,)
    text = ", ".join(map(describe, parts))
    return preference.kind, text, {source: preference.weight * score for source, score in found.items()}


def _together(parts: list[Part]) -> Iterator[Part]:
    """Recency is made of steps: they are shown as one part, under the narrowest of their dates."""
    yield from (part for part in parts if part.kind != "recency")
    recent = [part for part in parts if part.kind == "recency"]
    if recent:
        yield Part("recency", recent[0].text, sum(part.score for part in recent))
