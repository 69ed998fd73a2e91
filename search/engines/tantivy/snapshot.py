"""One state of a tantivy index, read. It never changes, so what is dear to read is kept.

snapshot.counts(query, ("section",))             # {"section": {"World": 12, ...}}
snapshot.count_with(("bag_all",), "en|truce")    # how many current articles have the term
"""

import heapq
from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property
from math import inf, log
from typing import Any, NamedTuple

import tantivy

from search.analysis.unknown_language import StemmedSoFar, frequent_languages
from search.engines.codec import key_term, storable_key
from search.engines.protocol import Collection, Stats
from search.engines.tantivy.commits import NOTHING, Commit, Contents
from search.engines.tantivy.order import Found, Order
from search.engines.tantivy.query.builder import QueryBuilder
from search.engines.tantivy.query.combine import COUNT_ARTICLES, all_of, either
from search.engines.tantivy.schema import Stored, from_stored, group_of, stored_checksum, stored_version
from search.engines.versions import ARTICLE_STATES, CURRENT, EARLIER, Version
from search.indexing.fields import ALL, BODY, NOT_IN_BODY
from search.indexing.near_duplicates import Signature
from search.model.article import Article, tiebreak_key, version_key
from search.model.results import FacetValue
from search.model.site_profile import SiteProfile
from search.model.withdrawal import Withdrawal
from search.query.nodes import FACETS

MAX_BUCKETS = 65_000
"""tantivy's aggregations stop there. A segment hands over as many, or rare values would be undercounted."""

MANY_SIGNATURES = 10_000
"""So many articles are no longer read to see which of them are copies."""

MAX_DOCUMENTS_LISTED = 2_000
"""In an archive of so many the terms of a field are listed once and kept: 26,000 of 2,000 news articles, in 22 ms and 4 MB. Then
the thousands that a typo may have been are looked for in a quarter of the time. In a larger archive a list costs too much."""

FEW_COUNTED = 5_000
"""So many documents are sooner counted by a search than by an aggregation, which scores none but takes longer to begin."""

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
"""Values with their counts that are kept of searches; about 5 MB."""
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


class Snapshot:
    """`generation` names the state; equal generations, equal documents. stemmed: in earlier states of the index."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        generation: str,
        commit: Commit,
        stemmed: StemmedSoFar | None = None,
    ) -> None:
        self._stemmed = stemmed
        self.searcher = searcher
        self._schema = schema
        self.generation = generation
        self.commit = commit
        self.plain = QueryBuilder(searcher, schema, searcher.num_docs)
        self._kept: dict[Hashable, Counted] = {}
        self._terms: dict[str, frozenset[str]] = {}

    @property
    def documents(self) -> int:
        return self.searcher.num_docs

    @cached_property
    def _language_counts(self) -> Counts:
        return self.counts(self.in_states(ARTICLE_STATES), ("language",))["language"]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        return tuple(value.value for value in most_frequent_values(self._language_counts, len(self._language_counts)))

    @cached_property
    def frequent_languages(self) -> tuple[str, ...]:
        return frequent_languages(self._language_counts)

    @cached_property
    def builder(self) -> QueryBuilder:
        documents = self.searcher.num_docs + self.commit.removed
        return QueryBuilder(self.searcher, self._schema, documents, self.languages, self.frequent_languages, self._stemmed)

    @cached_property
    def order(self) -> Order:
        return Order(self.searcher, self._schema, self.builder)

    @cached_property
    def has_earlier_versions(self) -> bool:
        return self.order.count(self.in_states((EARLIER,))) > 0

    @cached_property
    def _all_current(self) -> bool:
        """Whether every article in the files is a current one: then the number that have a term stands in the dictionary."""
        return not self.commit.removed and not self.has_earlier_versions

    @cached_property
    def has_groups(self) -> bool:
        return self.order.count(tantivy.Query.exists_query("group", False)) > 0

    def kept_values(self, key: Hashable, query: tantivy.Query, asked: Wanted) -> Counted:
        """`values` of what the key tells from all else, the latest of which are kept: of a search each page asks for the same."""
        found = self._kept.pop((key, asked), None) or self.values(query, asked)
        self._kept[key, asked] = found
        while sum(map(_size, [*self._kept.values()])) > MAX_KEPT:
            self._kept.pop(next(iter([*self._kept])), None)
        return found

    def counts(self, query: tantivy.Query, names: tuple[str, ...]) -> dict[str, Counts]:
        """How many of the documents found have each value of these keywords; of COPIED the groups that several have."""
        return {name: values.counts for name, values in self.values(query, Wanted(names)).values.items()}

    def values(self, query: tantivy.Query, asked: Wanted) -> Counted:
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

    @cached_property
    def _distinct_in_all(self) -> dict[str, int]:
        """How many values each facet has in a large archive."""
        return self._distinct(self.in_states((CURRENT,)), FACETS) if self.documents > MANY_DOCUMENTS else {}

    def _frequent_values(self, query: tantivy.Query, name: str, size: int, hits: int) -> Values:
        """The values most frequent in a sample of the hits, counted in all of them. How many more there are is estimated: the
        number of different values grows as a power of that of articles (Heaps' law), and is known for sample and archive."""
        chosen = CHOSEN * size
        first = [each["key"] for each in self._aggregated(self._sample(query, SAMPLED, hits), {name: chosen})[name]["buckets"]]
        having = all_of([query, self.plain.one_of(_keyword(name), tuple(first))], [])
        counted = _counts(self._aggregated(having, {name: MAX_BUCKETS})[name])
        counts = {value: counted[value] for value in first}
        sampled = min(DISTINCT_SAMPLED, hits)
        in_sample = max(self._distinct(self._sample(query, sampled, hits), [name])[name], 1)
        growth = log(self._distinct_in_all[name] / in_sample) / log(self.documents / sampled)
        return Values(counts, max(round(in_sample * (hits / sampled) ** growth), len(counts)))

    def _sample(self, query: tantivy.Query, size: int, hits: int) -> tantivy.Query:
        """About so many of the hits, always the same."""
        return all_of([query, self.plain.sample(size / hits)], []) if size < hits else query

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
                terms = self.searcher.terms_with_prefix(_keyword(name), "", query)
                found[name] = {term: count for term, count in terms if count >= least}
        cut = [name for name in limits if name not in asked.whole and answers[name]["sum_other_doc_count"]]
        found |= self._recounted(query, {name: _candidates(answers[name], asked.size) for name in cut})
        distinct |= self._distinct(query, [name for name in cut if name not in distinct])
        values = {name: Values(counts, distinct[name] if name in cut else len(counts)) for name, counts in found.items()}
        return int(answers[ARTICLES]["value"]), values

    def _aggregated(self, query: tantivy.Query, limits: dict[str, int]) -> dict[str, Any]:
        """Of each keyword so many values as each segment has most of, and the number of articles."""
        asked = {name: {"terms": _terms(name, limit)} for name, limit in limits.items()}
        return self.searcher.aggregate(query, asked | {ARTICLES: COUNT_ARTICLES})

    def _recounted(self, query: tantivy.Query, names: dict[str, list[str]]) -> dict[str, Counts]:
        """Of each keyword these values: not every segment told of them."""
        asked = {name: {"terms": _terms(name, len(some)) | {"include": some}} for name, some in names.items()}
        answer = self.searcher.aggregate(query, asked) if asked else {}
        return {name: _counts(answer[name]) for name in names}

    def _distinct(self, query: tantivy.Query, names: Iterable[str]) -> dict[str, int]:
        """An estimate of how many values there are."""
        asked = {name: {"cardinality": {"field": _keyword(name)}} for name in names}
        answer = self.searcher.aggregate(query, asked) if asked else {}
        return {name: round(answer[name]["value"]) for name in asked}

    @cached_property
    def stats(self) -> Stats:
        """As Reader.stats, but for the bytes."""
        current = self.in_states((CURRENT,))
        articles = self.order.count(current)
        counts = self.counts(current, ("has", "language"))
        first_day, last_day = self._day_range()
        return Stats(
            articles=articles,
            versions=self.order.count(self.in_states((EARLIER,))),
            skipped=self.counts(self.in_states(("skip",)), ("code",))["code"],
            collections=self.collections(),
            languages=counts["language"],
            first_day=first_day,
            last_day=last_day,
            undated=articles - counts["has"].get("date", 0),
            without_author=articles - counts["has"].get("author", 0),
            bytes=0,
        )

    def _day_range(self) -> tuple[int | None, int | None]:
        """The day numbers of the oldest and the newest dated current article."""
        ends = {end: {end: {"field": "day"}} for end in ("min", "max")}
        answer = self.searcher.aggregate(self.in_states((CURRENT,)), ends)
        first, last = answer["min"]["value"], answer["max"]["value"]
        return (None, None) if first is None else (int(first), int(last))

    def last_change(self) -> int:
        """The greatest instant that an article has, 0 if there is none."""
        result: Any = self.searcher.search(tantivy.Query.all_query(), 1, count=False, order_by_field="changed")
        return max((int(instant or 0) for instant, _ in result.hits), default=0) if self.documents else 0

    def count_with(self, names: Iterable[str], term: str, most: float = inf) -> int:
        """The current articles that have the term in one of the index fields, which nothing but articles has. Of a term that more
        than `most` have, articles removed since and earlier versions may count too."""
        term = storable_key(term)
        having = {name: number for name in names if (number := self.searcher.doc_freq(name, term))}
        if (self._all_current or max(having.values(), default=0) > most) and len(having) < 2:
            return sum(having.values())
        found = either([self.plain.one_of(name, (term,)) for name in having])
        current = all_of([found], [self.in_states((EARLIER,))] if self.has_earlier_versions else [])
        return self.order.count(current, few=sum(having.values()) <= FEW_COUNTED)

    def count_word(self, field: str, term: str, most: float) -> int:
        """The current articles that have the bag term in the field, as `count_with`."""
        if field != BODY:
            return self.count_with((f"bag_{field}",), term, most)
        if not self.searcher.doc_freq(f"bag_{NOT_IN_BODY}", storable_key(term)):
            return self.count_with((f"bag_{ALL}",), term, most)
        earlier = [self.in_states((EARLIER,))] if self.has_earlier_versions else []
        return self.order.count(all_of([self.plain.with_term(BODY, storable_key(term))], earlier))

    def present(self, name: str, terms: set[str]) -> set[str]:
        """Those of the terms that the index field has, if only in removed articles."""
        if self.documents > MAX_DOCUMENTS_LISTED:
            return {term for term in terms if self.searcher.doc_freq(name, term)}
        if name not in self._terms:
            self._terms[name] = frozenset(term for term, _ in self.searcher.terms_with_prefix(name, ""))
        return terms & self._terms[name]

    def in_states(self, states: tuple[str, ...]) -> tantivy.Query:
        return self.plain.one_of("state", states)

    def with_values(self, field: str, values: Iterable[str]) -> Iterator[Stored]:
        """The documents that have one of the values in an untokenized field."""
        return map(from_stored, self._with_values(field, tuple(values)))

    def versions_with(self, field: str, values: Iterable[str]) -> list[Version]:
        """As `with_values`, without what they say."""
        return list(map(stored_version, self._with_values(field, tuple(values))))

    def signatures(self, keys: set[int], most: int) -> tuple[list[Signature], set[int]]:
        """As near_duplicates.Lookup. All keys together are found in a tenth of the time that one after the other takes; so they
        are counted alone only where there is so much boilerplate that it would take longer to read who has them."""
        common: set[int] = set()
        found = self._with_keys(keys, MANY_SIGNATURES)
        if len(found) == MANY_SIGNATURES:
            terms = {key: key_term(key) for key in keys}
            common = {key for key, term in terms.items() if self.searcher.doc_freq("copy_keys", term) > most}
            common = {key for key in common if self.count_with(("copy_keys",), terms[key]) > most}
            found = self._with_keys(keys - common, self.documents)
        return [stored_version(self.searcher.doc(address)).signature for address in _in_place(found)], common

    def _with_keys(self, keys: set[int], limit: int) -> list[Found]:
        if not keys or not self.documents:
            return []
        having = self.plain.one_of("copy_keys", tuple(map(key_term, keys)))
        result: Any = self.searcher.search(all_of([having, self.in_states((CURRENT,))], []), limit)
        return result.hits  # type: ignore[no-any-return]

    def stored(self, query: tantivy.Query | None = None) -> Iterator[Stored]:
        """All documents found, in the order they lie in the files; without a query all there are."""
        return map(from_stored, self._read(query or tantivy.Query.all_query()))

    def contents(self) -> Contents:
        """What is there, every document read and decoded."""
        return NOTHING.changed(map(_decoded_checksum, self._read(tantivy.Query.all_query())), ())

    def checksums(self, sources: Iterable[str]) -> list[int]:
        return list(map(stored_checksum, self._with_values("source", tuple(sources))))

    def _with_values(self, field: str, values: tuple[str, ...]) -> Iterator[tantivy.Document]:
        return self._read(self.plain.one_of(field, values)) if values else iter(())

    def _read(self, query: tantivy.Query) -> Iterator[tantivy.Document]:
        if self.documents:
            result: Any = self.searcher.search(query, self.documents)
            yield from map(self.searcher.doc, _in_place(result.hits))

    def copies(self, id: str) -> list[Article]:
        groups = {version.group for version in self.versions_with("id", (id,)) if version.group}
        found = [s.document for s in self.with_values("kw_group", groups) if isinstance(s.document, Article)]
        return sorted((each for each in found if each.id != storable_key(id)), key=tiebreak_key, reverse=True)

    def versions(self, id: str) -> list[Article]:
        found = [s.document for s in self.with_values("id", (id,)) if isinstance(s.document, Article)]
        return sorted(found, key=version_key, reverse=True)

    def current(self, id: str) -> Article | None:
        query = all_of([self.plain.one_of("id", (id,)), self.in_states((CURRENT,))], [])
        return next((s.document for s in self.stored(query) if isinstance(s.document, Article)), None)

    def collections(self) -> tuple[Collection, ...]:
        found = [s.document for s in self.with_values("state", ("collection",))]
        return tuple(sorted((c for c in found if isinstance(c, Collection)), key=lambda collection: collection.name))

    def site_profiles(self) -> tuple[SiteProfile, ...]:
        found = [s.document for s in self.with_values("state", ("siteprofile",))]
        return tuple(sorted((p for p in found if isinstance(p, SiteProfile)), key=lambda profile: profile.site))

    @cached_property
    def withdrawals(self) -> tuple[Withdrawal, ...]:
        found = [s.document for s in self.with_values("state", ("withdrawal",))]
        return tuple(sorted((w for w in found if isinstance(w, Withdrawal)), key=lambda each: each.source))

    def beside_removed(self) -> Iterator[tuple[Stored, str, int]]:
        """All documents, with their groups and checksums, of the segments that still hold removed ones."""
        found: Any = self.searcher.search(tantivy.Query.all_query(), max(self.documents, 1))
        beside = [each for each in found.hits if each[1].segment_ord in self.commit.ragged]
        for stored in map(self.searcher.doc, _in_place(beside)):
            yield from_stored(stored), group_of(stored), stored_checksum(stored)


def _size(counted: Counted) -> int:
    """How much it has to keep."""
    return 10 + sum(len(values.counts) for values in counted.values.values())


def _decoded_checksum(stored: tantivy.Document) -> int:
    from_stored(stored)
    return stored_checksum(stored)


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


def _in_place(found: list[Found]) -> Iterator[tantivy.DocAddress]:
    """In the order in which they lie in the files, which is the quickest to read."""
    places = sorted((address.segment_ord, address.doc) for _, address in found)
    return (tantivy.DocAddress(segment, place) for segment, place in places)


def most_frequent_values(counts: Counts, size: int) -> tuple[FacetValue, ...]:
    """By count, then by value."""
    first = heapq.nsmallest(size, counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, count) for value, count in first)
