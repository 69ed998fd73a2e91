"""One state of a tantivy index, read. It never changes, so what is dear to read is kept.

snapshot.values.counts(query, ("section",))      # {"section": {"World": 12, ...}}
snapshot.count_with(("bag_all",), "en|truce")    # how many current articles have the term
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from math import inf
from typing import Any

import tantivy

from search.analysis.unknown_language import StemmedSoFar, frequent_languages
from search.engines.codec import key_term, storable_key
from search.engines.protocol import Collection, Stats
from search.engines.tantivy.commits import NOTHING, Commit, Contents
from search.engines.tantivy.order import Order
from search.engines.tantivy.query.best_first import Found
from search.engines.tantivy.query.builder import QueryBuilder
from search.engines.tantivy.query.combine import all_of, either
from search.engines.tantivy.query.values import Counts, ValueCounter, most_frequent_values
from search.engines.tantivy.schema import Stored, from_stored, group_of, stored_checksum, stored_version
from search.engines.versions import ARTICLE_STATES, CURRENT, EARLIER, Version
from search.indexing.fields import ALL, BODY, NOT_IN_BODY
from search.indexing.near_duplicates import Signature
from search.model.article import Article, tiebreak_key, version_key
from search.model.site_profile import SiteProfile
from search.model.withdrawal import Withdrawal

MANY_SIGNATURES = 10_000
"""So many articles are no longer read to see which of them are copies."""

MAX_DOCUMENTS_LISTED = 2_000
"""In an archive of so many the terms of a field are listed once and kept: 26,000 of 2,000 news articles, in 22 ms and 4 MB. Then
the thousands that a typo may have been are looked for in a quarter of the time. In a larger archive a list costs too much."""

FEW_COUNTED = 5_000
"""So many documents are sooner counted by a search than by an aggregation, which scores none but takes longer to begin."""


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
        self.values = ValueCounter(searcher, self.plain)
        self._terms: dict[str, frozenset[str]] = {}

    @property
    def documents(self) -> int:
        return self.searcher.num_docs

    @cached_property
    def _language_counts(self) -> Counts:
        return self.values.counts(self.in_states(ARTICLE_STATES), ("language",))["language"]

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

    @cached_property
    def stats(self) -> Stats:
        """As Reader.stats, but for the bytes."""
        current = self.in_states((CURRENT,))
        articles = self.order.count(current)
        counts = self.values.counts(current, ("has", "language"))
        first_day, last_day = self._day_range()
        return Stats(
            articles=articles,
            versions=self.order.count(self.in_states((EARLIER,))),
            skipped=self.values.counts(self.in_states(("skip",)), ("code",))["code"],
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


def _decoded_checksum(stored: tantivy.Document) -> int:
    from_stored(stored)
    return stored_checksum(stored)


def _in_place(found: list[Found]) -> Iterator[tantivy.DocAddress]:
    """In the order in which they lie in the files, which is the quickest to read."""
    places = sorted((address.segment_ord, address.doc) for _, address in found)
    return (tantivy.DocAddress(segment, place) for segment, place in places)
