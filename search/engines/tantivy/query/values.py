"""What the documents found have of each keyword: facets, timelines, groups of copies.

ValueCounter(searcher, builder).of(query, Wanted(frequent=("section",), size=20))
-> Counted(articles=40, values={"section": Values({"World": 12, …}, distinct=7)})
"""

import heapq
from collections.abc import Hashable, Iterable
from functools import cached_property
from math import log
from threading import Lock
from typing import Any, NamedTuple

import tantivy

from search.engines.tantivy.query.builder import QueryBuilder
from search.engines.tantivy.query.combine import COUNT_ARTICLES, all_of
from search.engines.versions import CURRENT
from search.model.results import FacetValue
from search.query.nodes import FACETS

MAX_BUCKETS = 65_000
"""tantivy's aggregations stop there. A segment hands over as many, or rare values would be undercounted."""

ARTICLES = "articles"
COPIED = "copied"
MIN_COPIED = 2
"""The groups of copies that so many of the documents found are in, and no others: most articles found are without theirs."""

MAX_VALUES = 1_000
MORE_VALUES = 10_000
"""Of a facet each segment hands over as many values, those it has most of: more if a value that it has left out might belong
among the first, and there are no more. Of 30,000 authors in 100,000 articles 1,000 cost 10 ms, 10,000 cost 30, all of them 80."""

MANY_DOCUMENTS = 50_000
MAX_HITS_COUNTED = 2_000
SAMPLED = 20_000
"""In an archive of many documents a facet with more than MAX_VALUES values is counted whole only in so many hits: in a sample of
more it is seen which values are the most frequent, and those are counted in all hits. To read the words of a value takes 2 µs."""
DISTINCT_SAMPLED = 1_000
"""In so many hits it is seen how many values there are."""
MAX_KEPT = 50_000
"""So many values with their counts are kept of searches, about 5 MB."""
CHOSEN = 3
"""Times as many values of a sample are counted as are wanted."""

Counts = dict[str, int]


class Values(NamedTuple):
    """How many documents have each value, and how many values there are."""

    counts: Counts
    distinct: int


class Wanted(NamedTuple):
    """Keywords of which all values are wanted, and those of which the `size` most frequent are."""

    whole: tuple[str, ...] = ()
    frequent: tuple[str, ...] = ()
    size: int = 0


class Counted(NamedTuple):
    """`articles`: how many were found, None if nothing was asked for."""

    articles: int | None
    values: dict[str, Values]


class ValueCounter:
    """Of one state of the index."""

    def __init__(self, searcher: tantivy.Searcher, builder: QueryBuilder) -> None:
        self._searcher = searcher
        self._builder = builder
        self._kept: dict[Hashable, Counted] = {}
        self._kept_size = 0
        self._lock = Lock()

    def of(self, query: tantivy.Query, asked: Wanted) -> Counted:
        """What the documents found have of each keyword."""
        if not asked.whole + asked.frequent:
            return Counted(None, {})
        many = [n for n in asked.frequent if n not in asked.whole and self._distinct_in_all.get(n, 0) > MAX_VALUES]
        few = asked._replace(frequent=tuple(name for name in asked.frequent if name not in many))
        hits, values = self._values(query, few)
        if many and hits > MAX_HITS_COUNTED:
            values |= {name: self._frequent_values(query, name, asked.size, hits) for name in many}
        elif many:
            values |= self._values(query, Wanted(frequent=tuple(many), size=asked.size))[1]
        return Counted(hits, values)

    def kept(self, key: Hashable, query: tantivy.Query, asked: Wanted) -> Counted:
        """`of`, for what the key tells from all else, the latest of which are kept: of a search each page asks for the same."""
        if not asked.whole + asked.frequent:
            return Counted(None, {})
        with self._lock:
            found = self._kept.get((key, asked))
            if found:
                self._kept[key, asked] = self._kept.pop((key, asked))  # now the latest
                return found
        found = self.of(query, asked)
        with self._lock:
            self._kept_size += _size(found) - _size(self._kept.pop((key, asked), None))
            self._kept[key, asked] = found
            while self._kept_size > MAX_KEPT:
                self._kept_size -= _size(self._kept.pop(next(iter(self._kept))))
        return found

    def counts(self, query: tantivy.Query, names: tuple[str, ...]) -> dict[str, Counts]:
        """How many of the documents found have each value of these keywords; of COPIED the groups that several have."""
        return {name: values.counts for name, values in self.of(query, Wanted(names)).values.items()}

    @cached_property
    def _distinct_in_all(self) -> dict[str, int]:
        """How many values each facet has in a large archive."""
        return (
            self._distinct(self._builder.one_of("state", (CURRENT,)), FACETS) if self._searcher.num_docs > MANY_DOCUMENTS else {}
        )

    def _frequent_values(self, query: tantivy.Query, name: str, size: int, hits: int) -> Values:
        """The values most frequent in a sample of the hits, counted in all of them. How many more there are is estimated: the
        number of different values grows as a power of that of articles (Heaps' law), and is known for sample and archive."""
        chosen = CHOSEN * size
        first = [each["key"] for each in self._aggregated(self._sample(query, SAMPLED, hits), {name: chosen})[name]["buckets"]]
        having = all_of([query, self._builder.one_of(_keyword(name), tuple(first))], [])
        counts = _counts(self._aggregated(having, {name: MAX_BUCKETS})[name])
        if not counts.keys() >= {*first}:
            counts = self._recounted(having, {name: first})[name]
        counts = {value: counts[value] for value in first}
        sampled = min(DISTINCT_SAMPLED, hits)
        in_sample = max(self._distinct(self._sample(query, sampled, hits), [name])[name], 1)
        growth = log(self._distinct_in_all[name] / in_sample) / log(self._searcher.num_docs / sampled)
        return Values(counts, max(round(in_sample * (hits / sampled) ** growth), len(counts)))

    def _sample(self, query: tantivy.Query, size: int, hits: int) -> tantivy.Query:
        """About so many of the hits, always the same."""
        return all_of([query, self._builder.sample(size / hits)], []) if size < hits else query

    def _values(self, query: tantivy.Query, asked: Wanted) -> tuple[int, dict[str, Values]]:
        """In one go over the documents found; in more where a keyword has too many values."""
        limits = dict.fromkeys(asked.frequent, max(asked.size, MAX_VALUES)) | dict.fromkeys(asked.whole, MAX_BUCKETS)
        answers = self._aggregated(query, limits)
        unsure = [name for name in asked.frequent if name not in asked.whole and not _is_sure(answers[name], asked.size)]
        distinct = self._distinct(query, unsure)
        few = [name for name in unsure if distinct[name] <= MORE_VALUES]
        if few:
            answers |= self._aggregated(query, dict.fromkeys(few, max(asked.size, MORE_VALUES)))
        found = {name: _counts(answers[name]) for name in limits}
        for name in asked.whole:
            if len(found[name]) == MAX_BUCKETS:  # the slower way has no limit
                least = MIN_COPIED if name == COPIED else 1
                terms = self._searcher.terms_with_prefix(_keyword(name), "", query)
                found[name] = {term: count for term, count in terms if count >= least}
        cut = [name for name in limits if name not in asked.whole and answers[name]["sum_other_doc_count"]]
        found |= self._recounted(query, {name: _candidates(answers[name], asked.size) for name in cut})
        distinct |= self._distinct(query, [name for name in cut if name not in distinct])
        values = {name: Values(counts, distinct[name] if name in cut else len(counts)) for name, counts in found.items()}
        return int(answers[ARTICLES]["value"]), values

    def _aggregated(self, query: tantivy.Query, limits: dict[str, int]) -> dict[str, Any]:
        """Of each keyword so many values as each segment has most of, and the number of articles."""
        asked = {name: {"terms": _terms(name, limit)} for name, limit in limits.items()}
        return self._searcher.aggregate(query, asked | {ARTICLES: COUNT_ARTICLES})

    def _recounted(self, query: tantivy.Query, names: dict[str, list[str]]) -> dict[str, Counts]:
        """Of each keyword these values: not every segment told of them."""
        asked = {name: {"terms": _terms(name, len(some)) | {"include": some}} for name, some in names.items()}
        answer = self._searcher.aggregate(query, asked) if asked else {}
        return {name: _counts(answer[name]) for name in names}

    def _distinct(self, query: tantivy.Query, names: Iterable[str]) -> dict[str, int]:
        """An estimate of how many values there are."""
        asked = {name: {"cardinality": {"field": _keyword(name)}} for name in names}
        answer = self._searcher.aggregate(query, asked) if asked else {}
        return {name: round(answer[name]["value"]) for name in asked}


def _size(counted: Counted | None) -> int:
    """How much it has to keep."""
    return 10 + sum(len(values.counts) for values in counted.values.values()) if counted else 0


def _terms(name: str, limit: int) -> dict[str, Any]:
    """The aggregation that counts it."""
    terms = {"field": _keyword(name), "size": limit, "segment_size": limit}
    return terms | {"min_doc_count": MIN_COPIED} if name == COPIED else terms


def _is_sure(answer: dict[str, Any], size: int) -> bool:
    """Whether no value that a segment left out belongs among the `size` most frequent."""
    return not answer["sum_other_doc_count"] or _unseen(answer) < _least(answer, size)


def _candidates(answer: dict[str, Any], size: int) -> list[str]:
    """The values that may be among the `size` most frequent."""
    least = _least(answer, size) - _unseen(answer)
    return [bucket["key"] for bucket in answer["buckets"] if bucket["doc_count"] >= least][: max(size, MAX_VALUES)]


def _least(answer: dict[str, Any], size: int) -> int:
    """What the last of the `size` most frequent has at least; they come most frequent first."""
    return int(answer["buckets"][:size][-1]["doc_count"]) if size and answer["buckets"] else 0


def _unseen(answer: dict[str, Any]) -> int:
    """How much greater a count may be than it is known to be."""
    return int(answer["doc_count_error_upper_bound"] or 0)


def _counts(answer: dict[str, Any]) -> Counts:
    return {bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]}


def _keyword(name: str) -> str:
    return "kw_group" if name == COPIED else f"kw_{name}"


def most_frequent_values(counts: Counts, size: int) -> tuple[FacetValue, ...]:
    """By count, then by value."""
    first = heapq.nsmallest(size, counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, count) for value, count in first)
