"""One state of a tantivy index: everything that reads it. Its answers never change, so the dear ones are kept.

Snapshot(searcher, schema, "3f9a-12").search(SearchRequest(query)) -> Results
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import tantivy

from search.analysis.edit_distance import within_edits
from search.analysis.typo_model import edits1
from search.analysis.unknown_language import frequent_languages
from search.engines.codec import key_term, storable_key
from search.engines.protocol import Collection, Stats, Tally
from search.engines.tantivy.order import Found, Order, Ranking, date_key
from search.engines.tantivy.query import QueryBuilder, all_of, either, finds_articles_only
from search.engines.tantivy.schema import (
    FILLER_TERM,
    Stored,
    article_of,
    from_stored,
    group_number,
    group_of,
    state_of,
    stored_version,
)
from search.engines.top_terms import most_frequent
from search.engines.versions import ARTICLE_STATES, CURRENT, EARLIER, Version
from search.indexing.fields import NAME
from search.indexing.near_duplicates import Signature
from search.model.article import Article, tiebreak_key, version_key
from search.model.results import COPIES_SHOWN, Facet, FacetValue, Hit, Period
from search.query.nodes import MatchAll, Query, Results, SearchRequest, has_words

MAX_BUCKETS = 65_000
"""tantivy's aggregations stop there. A segment hands over as many, or rare values would be undercounted."""

COMPLETIONS_ASKED = 8
"""Times as many terms are read as completions are wanted: the most frequent may be of removed articles."""

GROUPED_EXPECTED = 20
"""Articles asked for beyond the page, that the others of their group stand before."""

MANY_SIGNATURES = 10_000
"""So many articles are no longer read to see which of them are copies."""

Counts = dict[str, int]


class Snapshot:
    """`generation` names the state; equal generations, equal documents. `removed`: how many documents the files still hold that
    were removed."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, generation: str, removed: int) -> None:
        self._searcher = searcher
        self._schema = schema
        self.generation = generation
        self._removed = removed
        self._plain = QueryBuilder(searcher, schema, searcher.num_docs)
        self._kept: dict[tuple[str, bool], Counts] = {}

    @property
    def documents(self) -> int:
        return self._searcher.num_docs

    @cached_property
    def _language_counts(self) -> Counts:
        return self.counts(self.in_states(ARTICLE_STATES), ("language",))["language"]

    @cached_property
    def languages(self) -> tuple[str, ...]:
        return tuple(value.value for value in _most_frequent(self._language_counts, len(self._language_counts)))

    @cached_property
    def frequent_languages(self) -> tuple[str, ...]:
        return frequent_languages(self._language_counts)

    @cached_property
    def builder(self) -> QueryBuilder:
        return QueryBuilder(
            self._searcher, self._schema, self._searcher.num_docs + self._removed, self.languages, self.frequent_languages
        )

    @cached_property
    def _order(self) -> Order:
        return Order(self._searcher, self._schema, self.builder)

    @cached_property
    def has_earlier_versions(self) -> bool:
        return self._order.count(self.in_states((EARLIER,))) > 0

    @cached_property
    def _all_current(self) -> bool:
        """Whether every article in the files is a current one: then the number that have a term stands in the dictionary."""
        return not self._removed and not self.has_earlier_versions

    @cached_property
    def has_groups(self) -> bool:
        return bool(self._searcher.terms_with_prefix("kw_group", "", limit=1))

    def search(self, request: SearchRequest) -> Results:
        text = self.builder.build(request.query)
        query = self._within(text, request)
        sizes = self._group_sizes(query) if request.collapse else {}
        ranking = self._order.ranking(query, request)
        articles, found = self._firsts(query, request, ranking, sizes) if sizes else self._order.page(query, request, ranking)
        counts = self._counted(query, request)
        return Results(
            articles - sum(size - 1 for size in sizes.values()),
            tuple(self._hits(found, query, request, ranking, sizes)),
            tuple(self._facets(text, request, counts)),
            tuple(self._timeline(request, counts)),
            self.generation,
            articles,
            ranking.prefer,
        )

    def scores(self, query: Query, articles: Sequence[Article], versions: bool) -> dict[str, float]:
        """As Engine.scores; reads no article."""
        sources = {tiebreak_key(article): article.source for article in articles}
        request = SearchRequest(query, {"source": tuple(sources.values())}, size=len(sources), versions=versions)
        _, found = self._order.page(self._within(self.builder.build(query), request), request, Ranking())
        ties: Any = self._searcher.fast_field_values("newest", [address for _, address in found])
        return {sources[tie]: score for (score, _), tie in zip(found, ties, strict=True)}

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

    def _group_sizes(self, query: tantivy.Query) -> Counts:
        """How many of the articles found each group has, if there are several."""
        counts = self.counts(query, ("group",))["group"] if self.has_groups else {}
        return {group: count for group, count in counts.items() if count > 1}

    def _firsts(self, query: tantivy.Query, request: SearchRequest, ranking: Ranking, sizes: Counts) -> tuple[int, list[Found]]:
        """The page of the articles that are the first of their group, or in none. As many more are fetched as are not."""
        end = request.start + request.size
        most = end + sum(size - 1 for size in sizes.values())
        limit = min(end + GROUPED_EXPECTED, most)
        before = self._groups_before(query, request, sizes)
        while True:
            articles, found = self._order.page(query, replace(request, start=0, size=limit), ranking)
            firsts = self._first_of_groups(found, before)
            if len(firsts) >= end or limit >= min(most, self.documents):
                return articles, firsts[request.start : end]
            limit = min(limit * 4, most)

    def _groups_before(self, query: tantivy.Query, request: SearchRequest, sizes: Counts) -> set[int]:
        """The groups that have an article up to the one that the request goes on after."""
        if request.after is None or (request.order_by == "relevance" and has_words(request.query)):
            return set()
        later = self.counts(self._order.later(query, request.after, date_key(request)), ("group",))["group"]
        return {group_number(group) for group, size in sizes.items() if later.get(group, 0) < size}

    def _first_of_groups(self, found: list[Found], before: set[int]) -> list[Found]:
        seen: set[int | None] = {*before}
        firsts = []
        groups = self._searcher.fast_field_values("group", [address for _, address in found])
        for hit, group in zip(found, groups, strict=True):
            if group not in seen:
                firsts.append(hit)
            if group is not None:
                seen.add(group)  # type: ignore[arg-type]
        return firsts

    def _hits(
        self, found: list[Found], query: tantivy.Query, request: SearchRequest, ranking: Ranking, sizes: Counts
    ) -> Iterator[Hit]:
        """What a search finds are articles; without `versions`, current ones."""
        for score, address in found:
            stored = self._searcher.doc(address)
            current = not request.versions or state_of(stored) == CURRENT
            group = group_of(stored) if sizes else ""
            copies = self._group(query, request, ranking, group) if group in sizes else ()
            yield Hit(article_of(stored), score, current, copies, sizes.get(group, 1) - 1, ranking.raised(score, address))

    def _group(self, query: tantivy.Query, request: SearchRequest, ranking: Ranking, group: str) -> tuple[Article, ...]:
        """The articles found that are in the group, in the order of the request, but for the first."""
        members = all_of([query, self._plain.one_of("kw_group", (group,))], [])
        following = replace(request, start=1, size=COPIES_SHOWN, after=None)
        _, found = self._order.page(members, following, ranking.of_group(group))
        return tuple(article_of(self._searcher.doc(address)) for _, address in found)

    def _counted(self, query: tantivy.Query, request: SearchRequest) -> dict[str, Counts]:
        """What the timeline and the facets need of the documents found, in one go; not the facets of filtered names."""
        timeline = (request.timeline,) if request.timeline else ()
        names = tuple({*timeline, *(name for name in request.facets if name not in request.filters)})
        plain = isinstance(request.query, MatchAll) and not request.filters
        return self._kept_counts(query, names, request.versions) if plain else self.counts(query, names)

    def _facets(self, text: tantivy.Query, request: SearchRequest, counted: dict[str, Counts]) -> Iterator[Facet]:
        for name in request.facets:
            if name in request.filters:
                counts = self.counts(self._within(text, request, leave_out=name), (name,))[name]
            else:
                counts = counted[name]
            yield Facet(name, _most_frequent(counts, request.facet_size), len(counts))

    def _timeline(self, request: SearchRequest, counted: dict[str, Counts]) -> Iterator[Period]:
        if request.timeline:
            archive = self._kept_counts(self.in_states((CURRENT,)), (request.timeline,), False)[request.timeline]
            for start, count in sorted(counted[request.timeline].items()):
                yield Period(start, count, archive.get(start, 0))

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
            possible = {word, *edits1(word)}
            possible = {term for term in possible if term.startswith(start)}
            doc_freq = self._searcher.doc_freq
            near = {term for name in names for term in possible if doc_freq(name, term)}
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
        term = storable_key(term)
        having = {name: number for name in names if (number := self._searcher.doc_freq(name, term))}
        if self._all_current and len(having) < 2:
            return sum(having.values())
        found = either([self._plain.one_of(name, (term,)) for name in having])
        return self._order.count(all_of([found], [self.in_states((EARLIER,))] if self.has_earlier_versions else []))

    @cached_property
    def stats(self) -> Stats:
        """As Engine.stats, but for the bytes."""
        current = self.in_states((CURRENT,))
        articles = self._order.count(current)
        counts = self.counts(current, ("has", "language"))
        first_day, last_day = self._day_range()
        return Stats(
            articles=articles,
            versions=self._order.count(self.in_states((EARLIER,))),
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
        answer = self._searcher.aggregate(self.in_states((CURRENT,)), ends)
        first, last = answer["min"]["value"], answer["max"]["value"]
        return (None, None) if first is None else (int(first), int(last))

    def count_with(self, field: str, term: str) -> int:
        """The current articles that have the term of a field that only articles have."""
        return self._current_with((field,), term)

    def in_states(self, states: tuple[str, ...]) -> tantivy.Query:
        return self._plain.one_of("state", states)

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
            common = {key for key, term in terms.items() if self._searcher.doc_freq("copy_keys", term) > most}
            common = {key for key in common if self.count_with("copy_keys", terms[key]) > most}
            found = self._with_keys(keys - common, self.documents)
        return [stored_version(self._searcher.doc(address)).signature for address in _in_place(found)], common

    def _with_keys(self, keys: set[int], limit: int) -> list[Found]:
        if not keys or not self.documents:
            return []
        having = self._plain.one_of("copy_keys", tuple(map(key_term, keys)))
        result: Any = self._searcher.search(all_of([having, self.in_states((CURRENT,))], []), limit)
        return result.hits  # type: ignore[no-any-return]

    def stored(self, query: tantivy.Query | None = None) -> Iterator[Stored]:
        """All documents found, in the order they lie in the files; without a query all there are."""
        return map(from_stored, self._read(query or tantivy.Query.all_query()))

    def _with_values(self, field: str, values: tuple[str, ...]) -> Iterator[tantivy.Document]:
        return self._read(self._plain.one_of(field, values)) if values else iter(())

    def _read(self, query: tantivy.Query) -> Iterator[tantivy.Document]:
        if self.documents:
            result: Any = self._searcher.search(query, self.documents)
            yield from map(self._searcher.doc, _in_place(result.hits))

    def copies(self, id: str) -> list[Article]:
        groups = {version.group for version in self.versions_with("id", (id,)) if version.group}
        found = [s.document for s in self.with_values("kw_group", groups) if isinstance(s.document, Article)]
        return sorted((each for each in found if each.id != storable_key(id)), key=tiebreak_key, reverse=True)

    def versions(self, id: str) -> list[Article]:
        found = [s.document for s in self.with_values("id", (id,)) if isinstance(s.document, Article)]
        return sorted(found, key=version_key, reverse=True)

    def current(self, id: str) -> Article | None:
        query = all_of([self._plain.one_of("id", (id,)), self.in_states((CURRENT,))], [])
        return next((s.document for s in self.stored(query) if isinstance(s.document, Article)), None)

    def collections(self) -> tuple[Collection, ...]:
        found = [s.document for s in self.with_values("state", ("collection",))]
        return tuple(sorted((c for c in found if isinstance(c, Collection)), key=lambda collection: collection.name))


def _in_place(found: list[Found]) -> Iterator[tantivy.DocAddress]:
    """In the order in which they lie in the files, which is the quickest to read."""
    places = sorted((address.segment_ord, address.doc) for _, address in found)
    return (tantivy.DocAddress(segment, place) for segment, place in places)


def _filtered(name: str) -> str:
    """The index field of a filter."""
    return name if name == "source" else f"kw_{name}"


def _most_frequent(counts: Counts, size: int) -> tuple[FacetValue, ...]:
    """By count, then by value."""
    first = heapq.nsmallest(size, counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, count) for value, count in first)
