"""SearchRequest -> Results, of one state of a tantivy index.

Finder(snapshot).search(SearchRequest(Word("treaty"), facets=("section",)))
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import tantivy

from search.engines.protocol import Tally
from search.engines.tantivy.order import Found, Ranking, date_key
from search.engines.tantivy.query import all_of, finds_articles_only
from search.engines.tantivy.schema import article_of, group_number, group_of, state_of
from search.engines.tantivy.snapshot import MAX_BUCKETS, Counts, Snapshot, most_frequent_values
from search.engines.versions import ARTICLE_STATES, CURRENT, EARLIER
from search.model.article import Article, tiebreak_key
from search.model.results import COPIES_SHOWN, Facet, Hit, Period
from search.query.nodes import MatchAll, Query, Results, SearchRequest, has_words

GROUPED_EXPECTED = 20
"""Articles asked for beyond the page, that the others of their group stand before."""


@dataclass(frozen=True, slots=True)
class Finder:
    snapshot: Snapshot

    def search(self, request: SearchRequest) -> Results:
        text = self.snapshot.builder.build(request.query)
        query = self._within(text, request)
        sizes = self._group_sizes(query) if request.collapse else {}
        ranking = self.snapshot.order.ranking(query, request)
        articles, found = (
            self._firsts(query, request, ranking, sizes) if sizes else self.snapshot.order.page(query, request, ranking)
        )
        counts = self._counted(query, request)
        return Results(
            articles - sum(size - 1 for size in sizes.values()),
            tuple(self._hits(found, query, request, ranking, sizes)),
            tuple(self._facets(text, request, counts)),
            tuple(self._timeline(request, counts)),
            self.snapshot.generation,
            articles,
            ranking.prefer,
        )

    def articles(self, request: SearchRequest) -> Iterator[Article]:
        """As Reader.articles."""
        query = self._within(self.snapshot.builder.build(request.query), request)
        addresses = self.snapshot.order.walk(query, request.after, date_key(request))
        return (article_of(self.snapshot.searcher.doc(address)) for address in addresses)

    def scores(self, query: Query, articles: Sequence[Article], versions: bool) -> dict[str, float]:
        """As Reader.scores; reads no article."""
        sources = {tiebreak_key(article): article.source for article in articles}
        request = SearchRequest(query, {"source": tuple(sources.values())}, size=len(sources), versions=versions)
        _, found = self.snapshot.order.page(self._within(self.snapshot.builder.build(query), request), request, Ranking())
        ties: Any = self.snapshot.searcher.fast_field_values("newest", [address for _, address in found])
        return {sources[tie]: score for (score, _), tie in zip(found, ties, strict=True)}

    def tally(self, query: Query, publishers: int) -> Tally:
        """All of it in one go over the documents found; every article has a "newest"."""
        within = self._within(self.snapshot.builder.build(query), SearchRequest(query))
        asked = {
            "articles": {"value_count": {"field": "newest"}},
            "first": {"min": {"field": "day"}},
            "last": {"max": {"field": "day"}},
            "publishers": {"terms": {"field": "kw_publisher", "size": MAX_BUCKETS, "segment_size": MAX_BUCKETS}},
        }
        answer = self.snapshot.searcher.aggregate(within, asked)
        counts = {bucket["key"]: bucket["doc_count"] for bucket in answer["publishers"]["buckets"]}
        first, last = answer["first"]["value"], answer["last"]["value"]
        return Tally(
            int(answer["articles"]["value"]),
            None if first is None else int(first),
            None if last is None else int(last),
            most_frequent_values(counts, publishers),
        )

    def _within(self, text: tantivy.Query, request: SearchRequest, leave_out: str | None = None) -> tantivy.Query:
        """The query within the request's filters, but for that on the name to leave out, and within what may be found.

        Nearly every document is a current article. Asking for each whether it is one takes as long as the rest of the search,
        so the few others are taken out, and only where the query could find them."""
        filters = {name: values for name, values in request.filters.items() if name != leave_out}
        wanted = [text, *(self.snapshot.builder.one_of(_filtered(name), values) for name, values in filters.items())]
        unwanted = []
        if not finds_articles_only(request.query) and not filters.keys() - {"collection", "source"}:
            wanted.append(self.snapshot.in_states(ARTICLE_STATES if request.versions else (CURRENT,)))
        elif not request.versions and self.snapshot.has_earlier_versions:
            unwanted.append(self.snapshot.in_states((EARLIER,)))
        return all_of(wanted, unwanted)

    def _group_sizes(self, query: tantivy.Query) -> Counts:
        """How many of the articles found each group has, if there are several."""
        counts = self.snapshot.counts(query, ("group",))["group"] if self.snapshot.has_groups else {}
        return {group: count for group, count in counts.items() if count > 1}

    def _firsts(self, query: tantivy.Query, request: SearchRequest, ranking: Ranking, sizes: Counts) -> tuple[int, list[Found]]:
        """The page of the articles that are the first of their group, or in none. As many more are fetched as are not."""
        end = request.start + request.size
        most = end + sum(size - 1 for size in sizes.values())
        limit = min(end + GROUPED_EXPECTED, most)
        before = self._groups_before(query, request, sizes)
        while True:
            articles, found = self.snapshot.order.page(query, replace(request, start=0, size=limit), ranking)
            firsts = self._first_of_groups(found, before)
            if len(firsts) >= end or limit >= min(most, self.snapshot.documents):
                return articles, firsts[request.start : end]
            limit = min(limit * 4, most)

    def _groups_before(self, query: tantivy.Query, request: SearchRequest, sizes: Counts) -> set[int]:
        """The groups that have an article up to the one that the request goes on after."""
        if request.after is None or (request.order_by == "relevance" and has_words(request.query)):
            return set()
        later = self.snapshot.counts(self.snapshot.order.later(query, request.after, date_key(request)), ("group",))["group"]
        return {group_number(group) for group, size in sizes.items() if later.get(group, 0) < size}

    def _first_of_groups(self, found: list[Found], before: set[int]) -> list[Found]:
        seen: set[int | None] = {*before}
        firsts = []
        groups = self.snapshot.searcher.fast_field_values("group", [address for _, address in found])
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
            stored = self.snapshot.searcher.doc(address)
            current = not request.versions or state_of(stored) == CURRENT
            group = group_of(stored) if sizes else ""
            copies = self._group(query, request, ranking, group) if group in sizes else ()
            yield Hit(article_of(stored), score, current, copies, sizes.get(group, 1) - 1, ranking.raised(score, address))

    def _group(self, query: tantivy.Query, request: SearchRequest, ranking: Ranking, group: str) -> tuple[Article, ...]:
        """The articles found that are in the group, in the order of the request, but for the first."""
        members = all_of([query, self.snapshot.plain.one_of("kw_group", (group,))], [])
        following = replace(request, start=1, size=COPIES_SHOWN, after=None)
        _, found = self.snapshot.order.page(members, following, ranking.of_group(group))
        return tuple(article_of(self.snapshot.searcher.doc(address)) for _, address in found)

    def _counted(self, query: tantivy.Query, request: SearchRequest) -> dict[str, Counts]:
        """What the timeline and the facets need of the documents found, in one go; not the facets of filtered names."""
        timeline = (request.timeline,) if request.timeline else ()
        names = tuple({*timeline, *(name for name in request.facets if name not in request.filters)})
        plain = isinstance(request.query, MatchAll) and not request.filters
        return self.snapshot.kept_counts(query, names, request.versions) if plain else self.snapshot.counts(query, names)

    def _facets(self, text: tantivy.Query, request: SearchRequest, counted: dict[str, Counts]) -> Iterator[Facet]:
        for name in request.facets:
            if name in request.filters:
                counts = self.snapshot.counts(self._within(text, request, leave_out=name), (name,))[name]
            else:
                counts = counted[name]
            yield Facet(name, most_frequent_values(counts, request.facet_size), len(counts))

    def _timeline(self, request: SearchRequest, counted: dict[str, Counts]) -> Iterator[Period]:
        if request.timeline:
            archive = self.snapshot.kept_counts(self.snapshot.in_states((CURRENT,)), (request.timeline,), False)[request.timeline]
            for start, count in sorted(counted[request.timeline].items()):
                yield Period(start, count, archive.get(start, 0))


def _filtered(name: str) -> str:
    """The index field of a filter."""
    return name if name == "source" else f"kw_{name}"
