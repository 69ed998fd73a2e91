"""SearchRequest -> Results, of one state of a tantivy index.

Finder(snapshot).search(SearchRequest(Word("treaty"), facets=("section",)))
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import tantivy

from search.engines.protocol import Tally
from search.engines.tantivy.order import Ranking, date_key
from search.engines.tantivy.query.best_first import Found
from search.engines.tantivy.query.combine import Within
from search.engines.tantivy.query.values import COPIED, MAX_BUCKETS, Counted, Counts, Values, Wanted, most_frequent_values
from search.engines.tantivy.schema import article_of, group_number, group_of, state_of
from search.engines.tantivy.snapshot import Snapshot
from search.engines.versions import ARTICLE_STATES, CURRENT, EARLIER
from search.model.article import Article, tiebreak_key
from search.model.results import COPIES_SHOWN, Facet, Hit, Period
from search.query.nodes import And, AtLeast, FieldEquals, MatchAll, Not, Or, Query, Results, SearchRequest, has_words

GROUPED_EXPECTED = 20
"""Articles asked for beyond the page, that the others of their group stand before."""


@dataclass(frozen=True, slots=True)
class Finder:
    snapshot: Snapshot

    def search(self, request: SearchRequest) -> Results:
        text = self.snapshot.builder.clauses(request.query)
        within = self._within(text, request)
        counted = self._counted(within.query, request)
        sizes = counted.values[COPIED].counts if COPIED in counted.values else {}
        end = request.start + request.size + (GROUPED_EXPECTED if request.collapse else 0)
        ranking = self.snapshot.order.ranking(within, request, end, counted.articles)
        articles, found = self._page(within, request, ranking, sizes)
        return Results(
            articles - sum(size - 1 for size in sizes.values()) if request.counted else 0,
            tuple(self._hits(found, within, request, ranking, sizes)),
            tuple(self._facets(text, request, counted.values)),
            tuple(self._timeline(request, counted.values)),
            self.snapshot.generation,
            articles if request.counted else 0,
            ranking.prefer,
        )

    def articles(self, request: SearchRequest) -> Iterator[Article]:
        """As Reader.articles."""
        query = self._within(self.snapshot.builder.clauses(request.query), request).query
        key = "oldest" if request.order_by == "oldest" else "newest"
        addresses = self.snapshot.order.walk(query, request.after, key)
        return (article_of(self.snapshot.searcher.doc(address)) for address in addresses)

    def scores(self, query: Query, articles: Sequence[Article], versions: bool) -> dict[str, float]:
        """As Reader.scores; reads no article."""
        sources = {tiebreak_key(article): article.source for article in articles}
        request = SearchRequest(query, {"source": tuple(sources.values())}, size=len(sources), versions=versions)
        _, found = self.snapshot.order.page(self._within(self.snapshot.builder.clauses(query), request), request, Ranking())
        ties: Any = self.snapshot.searcher.fast_field_values("newest", [address for _, address in found])
        return {sources[tie]: score for (score, _), tie in zip(found, ties, strict=True)}

    def tally(self, query: Query, publishers: int) -> Tally:
        """All of it in one go over the documents found; every article has a "newest"."""
        within = self._within(self.snapshot.builder.clauses(query), SearchRequest(query)).query
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

    def _within(self, text: list[tantivy.Query], request: SearchRequest, leave_out: str | None = None) -> Within:
        """The query within the request's filters, but for that on the name to leave out, and within what may be found.

        Nearly every document is a current article. Asking for each whether it is one takes as long as the rest of the search,
        so the few others are taken out, and only where the query could find them."""
        filters = {name: values for name, values in request.filters.items() if name != leave_out}
        wanted = [self.snapshot.builder.one_of(_filtered(name), values) for name, values in filters.items()]
        unwanted = None
        if not _finds_articles_only(request.query) and not filters.keys() - {"collection", "source"}:
            wanted.append(self.snapshot.in_states(ARTICLE_STATES if request.versions else (CURRENT,)))
        elif not request.versions and self.snapshot.has_earlier_versions:
            unwanted = self.snapshot.in_states((EARLIER,))
        return Within(tuple(text), tuple(wanted), unwanted)

    def _page(self, within: Within, request: SearchRequest, ranking: Ranking, sizes: Counts) -> tuple[int, list[Found]]:
        if self._counts_groups(request):
            if not sizes:
                return self.snapshot.order.page(within, request, ranking)
            most = request.start + request.size + sum(size - 1 for size in sizes.values())
            return self._firsts(within, request, ranking, self._groups_before(within.query, request, sizes), most)
        if request.collapse and self.snapshot.has_groups:
            return self._firsts(within, request, ranking, set(), self.snapshot.documents)
        return self.snapshot.order.page(within, request, ranking)

    def _counts_groups(self, request: SearchRequest) -> bool:
        """Whether it matters how many of each group are found. For the next hits after one it does in any case."""
        return request.collapse and self.snapshot.has_groups and (request.counted or request.after is not None)

    def _firsts(
        self, within: Within, request: SearchRequest, ranking: Ranking, before: set[int], most: int
    ) -> tuple[int, list[Found]]:
        """The page of the articles that are the first of their group, or in none; `before`: the groups of which none is one. As
        many more articles are fetched as are not, of `most` that there may be up to the page's end."""
        end = request.start + request.size
        limit = min(end + GROUPED_EXPECTED, most)
        while True:
            articles, found = self.snapshot.order.page(within, replace(request, start=0, size=limit), ranking)
            firsts = self._first_of_groups(found, before)
            if len(firsts) >= end or limit >= min(most, self.snapshot.documents, articles):
                return articles, firsts[request.start : end]
            limit = min(limit * 4, most)

    def _groups_before(self, query: tantivy.Query, request: SearchRequest, sizes: Counts) -> set[int]:
        """The groups that have an article up to the one that the request goes on after."""
        if request.after is None or (request.order_by == "relevance" and has_words(request.query)):
            return set()
        later = self.snapshot.values.counts(self.snapshot.order.later(query, request.after, date_key(request)), ("group",))[
            "group"
        ]
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

    def _hits(self, found: list[Found], within: Within, request: SearchRequest, ranking: Ranking, sizes: Counts) -> Iterator[Hit]:
        """What a search finds are articles; without `versions`, current ones."""
        stored = [self.snapshot.searcher.doc(address) for _, address in found]
        groups = [group_of(each) if sizes else "" for each in stored]
        copies = self._copies(within, request, ranking, {group: sizes[group] for group in groups if group in sizes})
        for (score, address), each, group in zip(found, stored, groups, strict=True):
            current = not request.versions or state_of(each) == CURRENT
            others = sizes.get(group, 1) - 1 if request.counted else 0
            yield Hit(article_of(each), score, current, copies[group] if others else (), others, ranking.kept(address))

    def _copies(self, within: Within, request: SearchRequest, ranking: Ranking, sizes: Counts) -> dict[str, tuple[Article, ...]]:
        """Of each group the articles found that are in it, in the order of the request, but for the first; all in one go."""
        if not sizes or not request.counted:
            return {}
        members = within.among(self.snapshot.plain.one_of("kw_group", tuple(sizes)))
        all_of_them = replace(request, start=0, size=sum(sizes.values()), after=None)
        addresses = [address for _, address in self.snapshot.order.together(members, all_of_them, ranking)]
        numbers = self.snapshot.searcher.fast_field_values("group", addresses)
        in_group: dict[Any, list[tantivy.DocAddress]] = {group_number(group): [] for group in sizes}
        for number, address in zip(numbers, addresses, strict=True):
            in_group[number].append(address)
        return {
            group: tuple(
                article_of(self.snapshot.searcher.doc(each)) for each in in_group[group_number(group)][1 : COPIES_SHOWN + 1]
            )
            for group in sizes
        }

    def _counted(self, query: tantivy.Query, request: SearchRequest) -> Counted:
        """What groups, timeline and facets need of the documents found, in one go; not the facets of filtered names."""
        groups = (COPIED,) if self._counts_groups(request) else ()
        whole = groups + ((request.timeline,) if request.timeline else ())
        facets = tuple(name for name in request.facets if name not in request.filters and name not in whole)
        asked = Wanted(whole, facets, request.facet_size)
        return self.snapshot.values.kept((request.query, *request.filters.items(), request.versions), query, asked)

    def _facets(self, text: list[tantivy.Query], request: SearchRequest, counted: dict[str, Values]) -> Iterator[Facet]:
        for name in request.facets:
            if name in request.filters:
                within = self._within(text, request, leave_out=name).query
                values = self.snapshot.values.of(within, Wanted(frequent=(name,), size=request.facet_size)).values[name]
            else:
                values = counted[name]
            yield Facet(name, most_frequent_values(values.counts, request.facet_size), values.distinct)

    def _timeline(self, request: SearchRequest, counted: dict[str, Values]) -> Iterator[Period]:
        if request.timeline:
            whole = self.snapshot.values.kept(MatchAll(), self.snapshot.in_states((CURRENT,)), Wanted((request.timeline,)))
            archive = whole.values[request.timeline].counts
            for start, count in sorted(counted[request.timeline].counts.items()):
                yield Period(start, count, archive.get(start, 0))


def _finds_articles_only(query: Query) -> bool:
    """Whether nothing but articles can match: other documents have no text and no keyword but their collection."""
    match query:
        case And(parts):
            return any(_finds_articles_only(part) for part in parts)
        case Or(parts) | AtLeast(parts):
            return all(_finds_articles_only(part) for part in parts)
        case FieldEquals(field, _):
            return field != "collection"
        case Not() | MatchAll():
            return False
        case _:
            return True


def _filtered(name: str) -> str:
    """The index field of a filter."""
    return name if name == "source" else f"kw_{name}"
