"""The hits of a request in their order: by day, by instant, or by score with what is preferred and feedback.

order = Order(searcher, schema, builder)
ranking = order.ranking(query, request)
total, found = order.page(query, request, ranking)
"""

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

import tantivy

from search.engines.tantivy.query import NAME_SCORE, PATTERN_SCORE, QueryBuilder, all_of, either, without_score
from search.engines.tantivy.schema import group_of, profile_of, sort_keys
from search.indexing.fields import ALL
from search.query.nodes import (
    INSTANT_SHIFT,
    INSTANTS,
    NAME_FIELDS,
    Added,
    And,
    AtLeast,
    BagTerm,
    Fuzzy,
    Leaf,
    Near,
    Or,
    Phrase,
    PhrasePrefix,
    Preference,
    Prefix,
    Query,
    Quoted,
    SearchRequest,
    Wildcard,
    Word,
    has_words,
    leaves,
)
from search.ranking.feedback import FIRST_KEPT, FIRST_READ, telling_terms

TIES_EXPECTED = 24
"""Hits asked for beyond the page, so that those of the last score are complete at the first attempt nearly always."""

NEWEST_A_TIE = 8
"""Times as many of the newest hits are looked at as ties are wanted, and again when these are too few."""

TIES_OF_PHRASES = 50
"""One in so many articles is expected to tie for a phrase, which most have once: only their lengths differ."""

WALKED = 20_000
"""Hits fetched at a time where all are wanted, 3 MB of them."""

MAX_TIES_EXPECTED = 2_000
"""Where more tie, one in a few of the newest hits is among them."""

MAX_TERMS_COUNTED = 100_000
"""Terms whose document frequency is kept."""

Found = tuple[float, tantivy.DocAddress]
Place = tuple[int, int]
"""Segment and number of a document."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What the order by relevance goes by beside the query. `prefer`: all that is preferred, feedback included; `kept`: the first
    hits, in the places they keep, each with its group, "" for none."""

    prefer: tuple[Preference, ...] = ()
    kept: tuple[tuple[Found, str], ...] = ()

    def raised(self, score: float, address: tantivy.DocAddress) -> float | None:
        """By how much the score of a kept hit was raised; None of others."""
        return next((score - own for (own, kept), _ in self.kept if _place(kept) == _place(address)), None)

    def of_groups(self, groups: Container[str]) -> "Ranking":
        """The same for articles of these groups alone."""
        return Ranking(self.prefer, tuple(kept for kept in self.kept if kept[1] in groups))


@dataclass(frozen=True, slots=True)
class Order:
    """Of one state of the index."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    builder: QueryBuilder
    _counted: dict[str, int] = field(default_factory=dict)

    def ranking(self, query: tantivy.Query, request: SearchRequest) -> Ranking:
        """`query`: that of the request within its filters."""
        if not request.size or request.order_by != "relevance" or not has_words(request.query):
            return Ranking()
        plain = Ranking(self.builder.effective(request.prefer))
        if not request.feedback:
            return plain
        _, first = self._by_score(self.builder.prefer(query, plain.prefer), 0, FIRST_READ, TIES_EXPECTED)
        if len(first) <= FIRST_KEPT:
            return plain
        stored = [self.searcher.doc(address) for _, address in first]
        asked = {term for leaf in leaves(request.query) if isinstance(leaf, Word) for term in self.builder.word_terms(leaf.text)}
        score = first[FIRST_KEPT - 1][0]
        feedback = telling_terms([profile_of(each) for each in stored], score, asked, self._having, self.searcher.num_docs)
        if not feedback:
            return plain
        kept = tuple((hit, group_of(each)) for hit, each in zip(first[:FIRST_KEPT], stored, strict=False))
        return Ranking(plain.prefer + feedback, kept)

    def page(self, query: tantivy.Query, request: SearchRequest, ranking: Ranking) -> tuple[int, list[Found]]:
        """How many there are, and those of the request's page."""
        documents = self.searcher.num_docs
        start, end = min(request.start, documents), min(request.start + request.size, documents)
        if start >= end:
            return self.count(query), []
        if not has_words(request.query) or request.order_by != "relevance":
            total, found = self._after(query, request.after, date_key(request), start, end)
            return total, [(0.0, address) for _, address in found]
        if ranking.kept:
            return self._behind_kept(self.builder.prefer(query, ranking.prefer), ranking, start, end)
        if ranking.prefer:
            return self._by_score(self.builder.prefer(query, ranking.prefer), start, end, TIES_EXPECTED)
        alike = _common_score(request.query)
        if alike is not None:
            total, found = self._by_key(query, "newest", start, end)
            return total, [(alike, address) for _, address in found]
        return self._by_score(query, start, end, TIES_EXPECTED + self._more_ties(leaves(request.query)))

    def count(self, query: tantivy.Query) -> int:
        result: Any = self.searcher.search(query, 1)
        return int(result.count)

    def later(self, query: tantivy.Query, tie: int, key: str) -> tantivy.Query:
        """What comes after the hit at that place (nodes.place_of)."""
        if key in INSTANTS:
            instant, tie = divmod(tie, 1 << INSTANT_SHIFT)
            alike = self._of_instant(query, key, instant)
            return either([self._below(query, key, instant), self._below(alike, "newest", tie)])
        return self._below(query, key, sort_keys(tie)[0 if key == "newest" else 1])

    def walk(self, query: tantivy.Query, tie: int | None, key: str) -> Iterator[tantivy.DocAddress]:
        """All that is found, in the order of the key, from the article with that tiebreak_key on."""
        rest = query if tie is None else self.later(query, tie, key)
        while True:
            result: Any = self.searcher.search(rest, WALKED, count=False, order_by_field=key)
            yield from (address for _, address in result.hits)
            if len(result.hits) < WALKED:
                return
            rest = self._below(query, key, result.hits[-1][0])

    def _from(self, query: tantivy.Query, key: str, least: int) -> tantivy.Query:
        """What has that number in the field, or a greater one."""
        upper = tantivy.Query.range_query(self.schema, key, tantivy.FieldType.Unsigned, least, None)
        return all_of([query, without_score(upper)], [])

    def _below(self, query: tantivy.Query, key: str, last: int) -> tantivy.Query:
        """What has a lower number in the field."""
        lower = tantivy.Query.range_query(self.schema, key, tantivy.FieldType.Unsigned, 0, last, include_upper=False)
        return all_of([query, lower], [])

    def _having(self, term: str) -> int:
        if len(self._counted) > MAX_TERMS_COUNTED:
            self._counted.clear()
        if term not in self._counted:
            removed = self.builder.documents > self.searcher.num_docs  # whose terms the dictionary still counts
            self._counted[term] = (
                self.count(self.builder.build(BagTerm(term))) if removed else self.searcher.doc_freq(f"bag_{ALL}", term)
            )
        return self._counted[term]

    def _behind_kept(self, query: tantivy.Query, ranking: Ranking, start: int, end: int) -> tuple[int, list[Found]]:
        """The kept hits in their places, their scores raised by so much that none after them has a greater one."""
        kept = [hit for hit, _ in ranking.kept]
        total, _, found = self._fetch(query, 0, max(end, len(kept) + 1), TIES_EXPECTED)
        places = {_place(address) for _, address in kept}
        others = [hit for hit in found if _place(hit[1]) not in places]
        raised = max(0.0, others[0][0] - kept[-1][0]) if others else 0.0
        first = [(score + raised, address) for score, address in kept]
        return total, first[start:end] + self._in_order(others, max(start - len(first), 0), max(end - len(first), 0))

    def _after(self, query: tantivy.Query, tie: int | None, key: str, start: int, end: int) -> tuple[int, list[Found]]:
        """`_by_key` of what comes after the article with that tiebreak_key; the total is that of all."""
        if tie is None:
            return self._by_key(query, key, start, end)
        return self.count(query), self._by_key(self.later(query, tie, key), key, start, end)[1]

    def _by_key(self, query: tantivy.Query, key: str, start: int, end: int) -> tuple[int, list[Found]]:
        result: Any = self.searcher.search(query, end - start, offset=start, order_by_field=key)
        if key in INSTANTS and result.hits:
            return result.count, list(self._by_instant(query, key, start, [int(instant) for instant, _ in result.hits]))
        return result.count, result.hits

    def _by_instant(self, query: tantivy.Query, key: str, start: int, instants: list[int]) -> Iterator[Found]:
        """The hits of these instants, in order, from the one at `start` on; tantivy breaks ties by place in the index."""
        before = start and self.count(self._from(query, key, instants[0] + 1))
        for instant, count in Counter(instants).items():
            offset = max(start - before, 0)
            alike = self._of_instant(query, key, instant)
            yield from self._by_key(alike, "newest", offset, offset + count)[1]
            before += offset + count

    def _of_instant(self, query: tantivy.Query, key: str, instant: int) -> tantivy.Query:
        same = tantivy.Query.range_query(self.schema, key, tantivy.FieldType.Unsigned, instant, instant)
        return all_of([query, without_score(same)], [])

    def _by_score(self, query: tantivy.Query, start: int, end: int, ties_expected: int) -> tuple[int, list[Found]]:
        total, first, hits = self._fetch(query, start, end, ties_expected)
        return total, self._in_order(hits, start - first, end - first)

    def _fetch(self, query: tantivy.Query, start: int, end: int, ties_expected: int) -> tuple[int, int, list[Found]]:
        """How many there are; the place of the first hit fetched; the hits, best first.

        tantivy breaks ties by place in the index, which merges change. So the hits that tie with the page's first and last are
        fetched with it, to be put in order here; the pages before are not."""
        first, limit = max(start - ties_expected, 0), end + ties_expected
        total, hits = self._best(query, first, limit)
        if first and hits[start - first :] and hits[0][0] == hits[start - first][0]:
            first = 0  # as many may tie with the page's first
            total, hits = self._best(query, first, limit)
        if len(hits) == limit - first and hits[-1][0] == hits[end - first - 1][0]:
            hits += self._best(query, limit, limit + MAX_TIES_EXPECTED)[1]
            if limit + MAX_TIES_EXPECTED < total and hits[-1][0] == hits[end - first - 1][0]:
                hits = self._with_ties(query, total, hits, end - first)
        return total, first, hits

    def _best(self, query: tantivy.Query, first: int, limit: int) -> tuple[int, list[Found]]:
        result: Any = self.searcher.search(query, limit - first, offset=first)
        return result.count, result.hits

    def _with_ties(self, query: tantivy.Query, total: int, hits: list[Found], end: int) -> list[Found]:
        """The hits, the last of which tie with more than were fetched, with as many of all those as are wanted before `end`."""
        score = hits[-1][0]
        better = [hit for hit in hits if hit[0] > score]
        return better + self._newest_of_score(query, total, score, end - len(better))

    def _newest_of_score(self, query: tantivy.Query, total: int, score: float, wanted: int) -> list[Found]:
        """They are looked for among the newest hits, more and more of them: where many tie, few hits have as many."""
        newest = wanted * NEWEST_A_TIE
        while newest < total:
            [(least, _)] = self._by_key(query, "newest", newest - 1, newest)[1]
            ties = self._of_score(self._from(query, "newest", int(least)), newest, score)
            if len(ties) >= wanted:
                return ties
            newest *= NEWEST_A_TIE
        return self._of_score(query, total, score)

    def _of_score(self, query: tantivy.Query, limit: int, score: float) -> list[Found]:
        return [hit for hit in self._best(query, 0, limit)[1] if hit[0] == score]

    def _in_order(self, hits: list[Found], start: int, end: int) -> list[Found]:
        """Those from `start` to `end`; all that tie with one of them are among the hits."""
        if not hits[start:end]:
            return []
        best, worst = hits[start][0], hits[min(end, len(hits)) - 1][0]
        begin = next(place for place, (score, _) in enumerate(hits) if score <= best)
        page = [hit for hit in hits[begin:] if hit[0] >= worst]
        if len({score for score, _ in page}) < len(page):
            ties = self.searcher.fast_field_values("newest", [address for _, address in page])
            order = sorted(range(len(page)), key=lambda place: (-page[place][0], -(ties[place] or 0)))
            page = [page[place] for place in order]
        return page[start - begin : end - begin]

    def _more_ties(self, asked: list[Leaf]) -> int:
        """How many more are expected than TIES_EXPECTED: of what is dear to find it is better to fetch more at once."""
        if any(isinstance(leaf, PhrasePrefix) for leaf in asked) and all(_common_score(leaf) for leaf in asked):
            return MAX_TIES_EXPECTED  # most score 1
        if all(isinstance(leaf, Near | PhrasePrefix) or (isinstance(leaf, Phrase) and leaf.words[1:]) for leaf in asked):
            return min(self.searcher.num_docs // TIES_OF_PHRASES, MAX_TIES_EXPECTED)
        return 0


def date_key(request: SearchRequest) -> str:
    """The field that hits stand in order by where they stand by date."""
    return request.order_by if request.order_by != "relevance" else "newest"


def _common_score(query: Query) -> float | None:
    """The score of all documents found if it is the same: patterns, typos and words of names score 1, filters and Not 0."""
    match query:
        case And(parts):
            scores = [_common_score(part) for part in parts]
            return None if None in scores else sum(score or 0.0 for score in scores)
        case Or((part,)) | Added(part):
            return _common_score(part)
        case PhrasePrefix() | Prefix() | Wildcard() | Fuzzy():
            return PATTERN_SCORE
        case Word(_, field) if field in NAME_FIELDS:
            return NAME_SCORE
        case Word() | BagTerm() | Phrase() | Near() | Quoted() | Or() | AtLeast():
            return None
        case _:
            return 0.0


def _place(address: tantivy.DocAddress) -> Place:
    return address.segment_ord, address.doc
