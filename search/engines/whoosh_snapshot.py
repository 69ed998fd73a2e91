"""One state of a Whoosh index: everything that reads it. Its answers never change, so the dear ones are kept.

    Snapshot("3f9a-12", [(segment, deleted)]).search(SearchRequest(query)) -> Results

Documents are numbered through all segments; a posting list may hold deleted ones, `found` sets never do.
"""

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import accumulate, chain
from typing import Any, NamedTuple

from search.article import Article
from search.engine import Collection, Document, Stats
from search.engines.stored import CURRENT, EARLIER, decode
from search.engines.whoosh_documents import unpack
from search.engines.whoosh_query import K1, Documents, Frequencies, Matching
from search.engines.whoosh_segment import Segment, letters
from search.query import Interval, SearchRequest, has_words
from search.results import Facet, FacetValue, Hit, Period, Results

B = 0.75
DAY_SHIFT = 40
"""`article.tie_number` has the day above these bits."""
LAST_DAY = 1 << 22
"""More than any day number."""
PERIOD_CHARACTERS: dict[Interval, int] = {"year": 4, "month": 7, "day": 10}


class Place(NamedTuple):
    """Where the document of a source is, and what its posting says of it; id is "" unless it is an article."""

    number: int
    state: str
    stamp: str
    id: str


class Snapshot:
    """`generation` names the state. Not for several threads at once."""

    def __init__(self, generation: str, segments: list[tuple[Segment, frozenset[int]]]) -> None:
        self.generation = generation
        self._segments = [segment for segment, _ in segments]
        self._starts = [0, *accumulate(segment.size for segment in self._segments)]
        self._deleted = {start + n for start, (_, deleted) in zip(self._starts, segments, strict=False) for n in deleted}
        self._norms: dict[str, list[float]] = {}
        self._keywords: dict[str, list[tuple[str, ...]]] = {}

    def search(self, request: SearchRequest) -> Results:
        matching = Matching(self, self.all_versions if request.versions else self.current)
        text = matching.find(request.query)
        filters = {name: matching.one_of(name, values) for name, values in request.filters.items()}
        hits = text.intersection(*filters.values())
        facets = [self._facet(name, text, filters, request.facet_size) for name in request.facets]
        return Results(
            len(hits), tuple(self._page(matching, hits, request)), tuple(facets), self._timeline(hits, request), self.generation
        )

    def _page(self, matching: Matching, hits: Documents, request: SearchRequest) -> list[Hit]:
        ties, days = self.ties, self.days
        scores: Frequencies = {}
        if request.order_by == "oldest":
            best = self._first(hits, request, lambda n: ties[n] + ((LAST_DAY - 2 * days[n]) << DAY_SHIFT if days[n] else 0))
        elif request.order_by == "newest" or not has_words(request.query):
            best = self._first(hits, request, ties.__getitem__)
        elif request.start < len(hits) and request.size:
            scores = matching.scores(request.query, hits)
            best = self._first(hits, request, lambda n: (scores[n], ties[n]))
        else:
            best = []
        return [Hit(self.article(n), scores.get(n, 0.0), n in self.current) for n in best]

    def _facet(self, name: str, text: Documents, filters: dict[str, Documents], size: int) -> Facet:
        others = [found for filtered, found in filters.items() if filtered != name]
        counts = self.counts(name, text.intersection(*others))
        first = heapq.nsmallest(size, counts.items(), key=lambda item: (-item[1], item[0]))
        return Facet(name, tuple(FacetValue(*item) for item in first), len(counts))

    def _timeline(self, hits: Documents, request: SearchRequest) -> tuple[Period, ...]:
        if request.timeline is None:
            return ()
        counts = self._periods(hits, request.timeline)
        archive = self._periods(self.current, request.timeline)
        return tuple(Period(start, counts[start], archive[start]) for start in sorted(counts))

    def _periods(self, documents: Documents, interval: Interval) -> Counter[str]:
        periods: Counter[str] = Counter()
        for day, count in Counter(map(self.days.__getitem__, documents)).items():
            if day:
                periods[date.fromordinal(day).isoformat()[: PERIOD_CHARACTERS[interval]]] += count
        return periods

    def counts(self, name: str, documents: Documents) -> Counter[str]:
        """How many of the documents have each value of the keyword."""
        if name not in self._keywords:
            self._keywords[name] = [values for segment in self._segments for values in segment.keywords(f"kw_{name}")]
        return Counter(chain.from_iterable(map(self._keywords[name].__getitem__, documents)))

    @cached_property
    def current(self) -> Documents:
        return self.in_state(CURRENT)

    @cached_property
    def all_versions(self) -> Documents:
        return self.current | self.in_state(EARLIER)

    @cached_property
    def articles(self) -> int:
        return len(self.all_versions)

    @cached_property
    def live(self) -> list[int]:
        """All documents, of any kind."""
        return [number for number in range(self._starts[-1]) if number not in self._deleted]

    @cached_property
    def ties(self) -> list[int]:
        return self._numbers("tie")

    @cached_property
    def days(self) -> list[int]:
        return [tie >> DAY_SHIFT for tie in self.ties]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        counts = self.counts("language", self.all_versions)
        return tuple(sorted(counts, key=lambda language: (-counts[language], language)))

    def in_state(self, state: str) -> Documents:
        return self.frequencies("state", state).keys() - self._deleted

    def frequencies(self, field: str, term: str) -> Frequencies:
        found: Frequencies = {}
        for start, segment in zip(self._starts, self._segments, strict=False):
            for numbers, weights, _ in segment.blocks(field, term):
                found.update(zip(map(start.__add__, numbers), weights, strict=True))
        return found

    def positions(self, field: str, term: str) -> dict[int, bytes]:
        """The values of a term's postings; in an exact field its positions."""
        found: dict[int, bytes] = {}
        for start, segment in zip(self._starts, self._segments, strict=False):
            for numbers, _, values in segment.blocks(field, term):
                found.update(zip(map(start.__add__, numbers), values, strict=True))
        return found

    def terms(self, field: str, prefix: str) -> Iterable[str]:
        return dict.fromkeys(chain.from_iterable(segment.terms(field, prefix) for segment in self._segments))

    def similar_terms(self, field: str, word: str, edits: int) -> Iterable[str]:
        size, wanted = len(word), letters(word)
        return dict.fromkeys(
            term
            for segment in self._segments
            for term, bits in segment.lexicon(field)
            if abs(len(term) - size) <= edits and (bits ^ wanted).bit_count() <= 2 * edits
        )

    def length_norms(self, field: str) -> list[float]:
        if field not in self._norms:
            lengths = self._numbers(f"length_{field}")
            average = sum(lengths) / max(self.articles, 1) or 1.0
            self._norms[field] = [K1 * (1 - B + B * length / average) for length in lengths]
        return self._norms[field]

    def vocabulary(self, field: str, prefix: str) -> list[tuple[str, int]]:
        counts = ((term, len(self.frequencies(field, term).keys() & self.current)) for term in self.terms(field, prefix))
        return sorted((term, count) for term, count in counts if count)

    def places(self, sources: Iterable[str]) -> dict[str, Place]:
        """Where those of the sources are that are in the index."""
        found: dict[str, Place] = {}
        wanted = set(sources)
        for start, segment in zip(reversed(self._starts[:-1]), reversed(self._segments), strict=True):
            for source in wanted - found.keys():
                for numbers, _, values in segment.blocks("source", source):
                    for number, value in zip(numbers, values, strict=True):
                        if start + number not in self._deleted:
                            found[source] = Place(start + number, *unpack(value))
        return found

    def places_in(self, collection: str | None) -> Iterator[tuple[str, Place]]:
        """The sources of a collection, or all, each with its place."""
        for source in self.terms("source", "" if collection is None else collection + "/"):
            yield from self.places((source,)).items()

    def versions(self, id: str) -> list[tuple[tuple[str, ...], int]]:
        """The `version_key` and the number of each version, the current one first."""
        found = self.positions("id", id).items()
        return sorted(((unpack(value), number) for number, value in found if number not in self._deleted), reverse=True)

    def document(self, number: int) -> Document:
        """Raises msgspec.MsgspecError or KeyError when it was damaged."""
        place = bisect_right(self._starts, number) - 1
        state, data = self._segments[place].document(number - self._starts[place])
        return decode(data, state)

    def article(self, number: int) -> Article:
        document = self.document(number)
        assert isinstance(document, Article)
        return document

    def collections(self) -> tuple[Collection, ...]:
        found = [self.document(number) for number in self.in_state("collection")]
        return tuple(sorted((c for c in found if isinstance(c, Collection)), key=lambda collection: collection.name))

    def stats(self, bytes: int) -> Stats:
        days = [self.days[number] for number in self.current if self.days[number]]
        return Stats(
            articles=len(self.current),
            versions=self.articles - len(self.current),
            skipped=dict(self.counts("code", self.in_state("skip"))),
            collections=self.collections(),
            languages=dict(self.counts("language", self.current)),
            first_day=min(days, default=None),
            last_day=max(days, default=None),
            undated=len(self.current) - len(days),
            without_author=len(self.current) - self.counts("has", self.current)["author"],
            bytes=bytes,
        )

    def _numbers(self, column: str) -> list[int]:
        return [number for segment in self._segments for number in segment.numbers(column)]

    def _first(self, hits: Documents, request: SearchRequest, key: Callable[[int], Any]) -> list[int]:
        """Those of the request's page, greatest key first."""
        return heapq.nlargest(request.start + request.size, hits, key)[request.start :]
