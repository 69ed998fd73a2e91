"""One state of a tantivy index: everything that reads it. Its answers never change, so the dear ones are kept.

Snapshot(searcher, schema, "3f9a-12").search(SearchRequest(query)) -> Results
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import tantivy

from search.article import Article, version_key
from search.document import NAME
from search.edits import within_edits
from search.engine import Collection, Tally
from search.engines.most_frequent import most_frequent
from search.engines.stored import ARTICLE_STATES, CURRENT, EARLIER, storable_key
from search.engines.tantivy_documents import FILLER_TERM, Stored, article_of, from_stored, sort_keys, state_of
from search.engines.tantivy_query import QueryBuilder, all_of, common_score, either, finds_articles_only
from search.query import Everything, Near, Phrase, Query, SearchRequest, has_words, leaves
from search.results import Facet, FacetValue, Hit, Period, Results
from search.typos import one_edit

MAX_BUCKETS = 65_000
"""tantivy's aggregations stop there. A segment hands over as many, or rare values would be undercounted."""

TIES_EXPECTED = 24
"""Hits asked for beyond the page, so that those of the last score are complete at the first attempt nearly always."""

TIES_OF_PHRASES = 50
"""One in so many articles is expected to tie for a phrase, which most have once: only their lengths differ."""

COMPLETIONS_ASKED = 8
"""Times as many terms are read as completions are wanted: the most frequent may be of removed articles."""

Found = tuple[float, tantivy.DocAddress]
Counts = dict[str, int]


class Snapshot:
    """`generation` names the state; equal generations, equal documents."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, generation: str) -> None:
        self._searcher = searcher
        self._schema = schema
        self.generation = generation
        self._plain = QueryBuilder(searcher, schema, ())
        self._kept: dict[tuple[str, bool], Counts] = {}

    @property
    def documents(self) -> int:
        return self._searcher.num_docs

    @cached_property
    def languages(self) -> tuple[str, ...]:
        counts = self.counts(self.in_states(ARTICLE_STATES), ("language",))["language"]
        return tuple(value.value for value in _most_frequent(counts, len(counts)))

    @cached_property
    def builder(self) -> QueryBuilder:
        return QueryBuilder(self._searcher, self._schema, self.languages)

    @cached_property
    def has_earlier_versions(self) -> bool:
        return self.count(self.in_states((EARLIER,))) > 0

    def search(self, request: SearchRequest) -> Results:
        text = self.builder.build(request.query)
        query = self._within(text, request)
        total, found = self._page(query, request)
        return Results(
            total,
            tuple(self._hits(found, request.versions)),
            tuple(self._facets(text, query, request)),
            tuple(self._timeline(query, request)),
            self.generation,
        )

    def tally(self, query: Query, publishers: int) -> Tally:
        """All of it in one go over the documents found; every article has a "newest"."""
        within = self._within(self.builder.build(query), SearchRequest(query))
        asked = {
            "articles": {"value_count": {"field": "newest"}},
            "first": {"min": {"field": "day"}},
            "last": {"max": {"field": "day"}},
            "publishers": {"terms": {"field": "kw_publisher", "size": MAX_BUCKETS, "segment_size": MAX_BUCKETS}},
        }
        answer = self._searcher.aggregate(within, asked)
        counts = {bucket["key"]: bucket["doc_count"] for bucket in answer["publishers"]["buckets"]}
        first, last = answer["first"]["value"], answer["last"]["value"]
        return Tally(
            int(answer["articles"]["value"]),
            None if first is None else int(first),
            None if last is None else int(last),
            _most_frequent(counts, publishers),
        )

    def _within(self, text: tantivy.Query, request: SearchRequest, leave_out: str | None = None) -> tantivy.Query:
        """The query within the request's filters, but for that on the name to leave out, and within what may be found.

        Nearly every document is a current article. Asking for each whether it is one takes as long as the rest of the search,
        so the few others are taken out, and only where the query could find them."""
        filters = {name: values for name, values in request.filters.items() if name != leave_out}
        wanted = [text, *(self.builder.one_of(_filtered(name), values) for name, values in filters.items())]
        unwanted = []
        if not finds_articles_only(request.query) and not filters.keys() - {"collection", "source"}:
            wanted.append(self.in_states(ARTICLE_STATES if request.versions else (CURRENT,)))
        elif not request.versions and self.has_earlier_versions:
            unwanted.append(self.in_states((EARLIER,)))
        return all_of(wanted, unwanted)

    def _page(self, query: tantivy.Query, request: SearchRequest) -> tuple[int, list[Found]]:
        start, end = min(request.start, self.documents), min(request.start + request.size, self.documents)
        if start >= end:
            return self.count(query), []
        if not has_words(request.query) or request.order_by != "relevance":
            key = "oldest" if request.order_by == "oldest" else "newest"
            total, found = self._after(query, request.after, key, start, end)
            return total, [(0.0, address) for _, address in found]
        if request.prefer:
            return self._by_score(self.builder.prefer(query, request.prefer), start, end, TIES_EXPECTED)
        alike = common_score(request.query)
        if alike is not None:
            total, found = self._by_key(query, "newest", start, end)
            return total, [(alike, address) for _, address in found]
        of_phrases = all(
            isinstance(leaf, Near) or (isinstance(leaf, Phrase) and leaf.words[1:]) for leaf in leaves(request.query)
        )
        more = self.documents // TIES_OF_PHRASES if of_phrases else 0
        return self._by_score(query, start, end, TIES_EXPECTED + more)

    def _after(self, query: tantivy.Query, tie: int | None, key: str, start: int, end: int) -> tuple[int, list[Found]]:
        """`_by_key` of what comes after the article with that tie_number; the total is that of all."""
        if tie is None:
            return self._by_key(query, key, start, end)
        last = sort_keys(tie)[0 if key == "newest" else 1]
        later = tantivy.Query.range_query(self._schema, key, tantivy.FieldType.Unsigned, 0, last, include_upper=False)
        return self.count(query), self._by_key(all_of([query, later], []), key, start, end)[1]

    def _by_key(self, query: tantivy.Query, key: str, start: int, end: int) -> tuple[int, list[Found]]:
        result: Any = self._searcher.search(query, end - start, offset=start, order_by_field=key)
        return result.count, result.hits

    def _by_score(self, query: tantivy.Query, start: int, end: int, ties_expected: int) -> tuple[int, list[Found]]:
        """tantivy breaks ties by place in the index, which merges change. So hits of one score are fetched together, as many
        as there are, and put in order here."""
        limit = end + ties_expected
        while True:
            result: Any = self._searcher.search(query, limit)
            hits = result.hits
            if len(hits) < limit or hits[-1][0] < hits[end - 1][0]:
                break
            limit = min(limit * 10, self.documents + 1)
        if len(hits) > end:
            hits = [hit for hit in hits if hit[0] >= hits[end - 1][0]]
        if len({score for score, _ in hits}) < len(hits):
            ties = self._searcher.fast_field_values("newest", [address for _, address in hits])
            order = sorted(range(len(hits)), key=lambda place: (-hits[place][0], -(ties[place] or 0)))
            hits = [hits[place] for place in order]
        return result.count, hits[start:end]

    def _hits(self, found: list[Found], versions: bool) -> Iterator[Hit]:
        """What a search finds are articles; without `versions`, current ones."""
        for score, address in found:
            stored = self._searcher.doc(address)
            yield Hit(article_of(stored), score, not versions or state_of(stored) == CURRENT)

    def _facets(self, text: tantivy.Query, query: tantivy.Query, request: SearchRequest) -> Iterator[Facet]:
        together = tuple(name for name in request.facets if name not in request.filters)
        plain = isinstance(request.query, Everything) and not request.filters
        counts = self._kept_counts(query, together, request.versions) if plain else self.counts(query, together)
        for name in request.facets:
            if name not in counts:
                counts |= self.counts(self._within(text, request, leave_out=name), (name,))
            yield Facet(name, _most_frequent(counts[name], request.facet_size), len(counts[name]))

    def _timeline(self, query: tantivy.Query, request: SearchRequest) -> list[Period]:
        if request.timeline is None:
            return []
        counts = self.counts(query, (request.timeline,))[request.timeline]
        archive = self._kept_counts(self.in_states((CURRENT,)), (request.timeline,), False)[request.timeline]
        return [Period(start, counts[start], archive.get(start, 0)) for start in sorted(counts)]

    def _kept_counts(self, query: tantivy.Query, names: tuple[str, ...], versions: bool) -> dict[str, Counts]:
        """`counts` of the whole archive."""
        missing = tuple(name for name in names if (name, versions) not in self._kept)
        self._kept |= {(name, versions): counts for name, counts in self.counts(query, missing).items()}
        return {name: self._kept[name, versions] for name in names}

    def counts(self, query: tantivy.Query, names: tuple[str, ...]) -> dict[str, Counts]:
        """How many of the documents found have each value of these keywords."""
        if not names:
            return {}
        size = {"size": MAX_BUCKETS, "segment_size": MAX_BUCKETS}
        answer = self._searcher.aggregate(query, {name: {"terms": {"field": f"kw_{name}", **size}} for name in names})
        counts = {name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]} for name in names}
        for name in names:
            if len(counts[name]) == MAX_BUCKETS:  # the slower way has no limit
                counts[name] = dict(self._searcher.terms_with_prefix(f"kw_{name}", "", query))
        return counts

    def vocabulary(self, field: str, prefix: str) -> list[tuple[str, int]]:
        query = self.in_states((CURRENT,))
        terms = self._searcher.terms_with_prefix(f"exact_{field}", storable_key(prefix), query)
        return sorted((term, count) for term, count in terms if term != FILLER_TERM)

    def near_words(self, field: str, word: str, edits: int, start: str) -> dict[str, int]:
        names = self.builder.exact_fields(field)
        if edits == 1:
            possible = {word, *one_edit(word)}
            near = {t for t in possible if t.startswith(start) and any(self._searcher.doc_freq(name, t) for name in names)}
        else:
            terms = (term for name in names for term, _ in self._searcher.terms_with_prefix(name, start))
            near = {term for term in terms if term != FILLER_TERM and within_edits(word, term, edits)}
        counts = {term: self._current_with(names, term) for term in near}
        return {term: count for term, count in counts.items() if count}

    def completions(self, field: str, start: str, size: int) -> list[tuple[str, int]]:
        """Of each index field the most frequent terms are asked for; more of them, should another term have its few in all."""
        names = [f"kw_{NAME}"] if field == NAME else self.builder.exact_fields(field)
        limit = size * COMPLETIONS_ASKED
        while True:
            at_most: Counter[str] = Counter()
            unseen = 0
            for name in names:
                terms = self._searcher.terms_with_prefix(name, start, limit=limit)
                at_most.update({term: count for term, count in terms if term != FILLER_TERM})
                unseen += terms[-1][1] if len(terms) == limit else 0
            found = most_frequent(at_most.items(), lambda term: self._current_with(names, term), size)
            if not unseen or (len(found) == size and found[-1][1] > unseen):
                return found
            limit *= COMPLETIONS_ASKED

    def _current_with(self, names: Iterable[str], term: str) -> int:
        """The current articles that have the term in one of the index fields, which nothing but articles has."""
        found = either([self._plain.one_of(name, (term,)) for name in names])
        return self.count(all_of([found], [self.in_states((EARLIER,))] if self.has_earlier_versions else []))

    def day_range(self) -> tuple[int | None, int | None]:
        """The day numbers of the oldest and the newest dated current article."""
        ends = {end: {end: {"field": "day"}} for end in ("min", "max")}
        answer = self._searcher.aggregate(self.in_states((CURRENT,)), ends)
        first, last = answer["min"]["value"], answer["max"]["value"]
        return (None, None) if first is None else (int(first), int(last))

    def count(self, query: tantivy.Query) -> int:
        result: Any = self._searcher.search(query, 1)
        return int(result.count)

    def count_with(self, field: str, term: str) -> int:
        """The current articles that have the term."""
        return self.count(all_of([self._plain.one_of(field, (term,)), self.in_states((CURRENT,))], []))

    def in_states(self, states: tuple[str, ...]) -> tantivy.Query:
        return self._plain.one_of("state", states)

    def with_values(self, field: str, values: Iterable[str]) -> Iterator[Stored]:
        """The documents that have one of the values in an untokenized field."""
        wanted = tuple(values)
        return self.stored(self._plain.one_of(field, wanted)) if wanted else iter(())

    def stored(self, query: tantivy.Query | None = None) -> Iterator[Stored]:
        """All documents found, in the order they lie in the files; without a query all there are."""
        if self.documents:
            result: Any = self._searcher.search(query or tantivy.Query.all_query(), self.documents)
            places = sorted((address.segment_ord, address.doc) for _, address in result.hits)
            yield from (self._read(tantivy.DocAddress(segment, place)) for segment, place in places)

    def _read(self, address: tantivy.DocAddress) -> Stored:
        return from_stored(self._searcher.doc(address))

    def versions(self, id: str) -> list[Article]:
        found = [s.document for s in self.with_values("id", (id,)) if isinstance(s.document, Article)]
        return sorted(found, key=version_key, reverse=True)

    def current(self, id: str) -> Article | None:
        query = all_of([self._plain.one_of("id", (id,)), self.in_states((CURRENT,))], [])
        return next((s.document for s in self.stored(query) if isinstance(s.document, Article)), None)

    def collections(self) -> tuple[Collection, ...]:
        found = [s.document for s in self.with_values("state", ("collection",))]
        return tuple(sorted((c for c in found if isinstance(c, Collection)), key=lambda collection: collection.name))


def _filtered(name: str) -> str:
    """The index field of a filter."""
    return name if name == "source" else f"kw_{name}"


def _most_frequent(counts: Counts, size: int) -> tuple[FacetValue, ...]:
    """By count, then by value."""
    first = heapq.nsmallest(size, counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, count) for value, count in first)
