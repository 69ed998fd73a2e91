"""The hits of a request in their order: by day, by instant, or by score with what is preferred and feedback.

order = Order(searcher, schema, builder)
ranking = order.ranking(query, request)
total, found = order.page(query, request, ranking)
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import tantivy

from search.engines.tantivy.query.best_first import MAX_TIES_EXPECTED, BestFirst, Found
from search.engines.tantivy.query.builder import NAME_SCORE, PATTERN_SCORE, QueryBuilder
from search.engines.tantivy.query.combine import Within, all_of, count_articles, either, without_score
from search.engines.tantivy.schema import profile_of, sort_keys
from search.engines.versions import EARLIER
from search.indexing.fields import ALL
from search.query.nodes import (
    INSTANT_SHIFT,
    INSTANTS,
    NAME_FIELDS,
    Added,
    And,
    AtLeast,
    BagTerm,
    Filter,
    Fuzzy,
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
from search.ranking.feedback import FIRST_KEPT, FIRST_READ, REORDERED, reordered, telling_terms

TIES_EXPECTED = 24
"""Hits asked for beyond the page, so that those of the last score are complete at the first attempt nearly always."""

TIES_OF_WORDS, TIES_OF_PHRASES = 2_000, 50
"""Beyond these one in so many articles is expected to tie: more for a phrase, which most have once, so that only their lengths
differ. To look again takes as long as to fetch thousands of hits."""

FETCHED_ONCE = 1_000
"""Hits that are fetched at once and kept for the whole request."""

MAX_UNWANTED = 1_000
"""In an archive of so few earlier versions those found are fetched with the other hits and left out."""

NEWEST_SHARE = 0.02
MANY = 100
"""The newest hits are looked for first in the newest years that have this share of the articles, and times as many as hits."""

WALKED = 20_000
"""Hits fetched at a time where all are wanted, 3 MB of them."""

MAX_TERMS_COUNTED = 100_000
"""Terms whose document frequency is kept."""
MAX_COUNTED = 1_000
"""Of a term of the first hits that more have, articles removed since may count."""

Place = tuple[int, int]
"""Segment and number of a document."""


@dataclass(frozen=True)
class Ranking:
    """What the order by relevance goes by. `prefer`: all that is preferred, feedback included; `preferred`: without it, as
    clauses, which with `beside` find nothing that the query does not; `total`: how many it finds; `first`: the first of them, in
    their places; `reordered`: how many of these feedback puts in another order; `raised`: by how much it raised the scores of
    those that it keeps in their places, None without feedback."""

    prefer: tuple[Preference, ...] = ()
    preferred: tuple[tantivy.Query, ...] = ()
    beside: bool = False
    total: int | None = None
    first: tuple[Found, ...] = ()
    reordered: int = 0
    raised: float | None = None

    def query(self, within: Within) -> tantivy.Query:
        """What finds what is within, with these scores."""
        if not self.preferred:
            return within.query
        return within.beside(self.preferred).query if self.beside else within.preferring(self.preferred)

    @cached_property
    def places(self) -> dict[Place, int]:
        return {_place(address): place for place, (_, address) in enumerate(self.first)}

    def kept(self, address: tantivy.DocAddress) -> float | None:
        """As Hit.kept."""
        if self.raised is None:
            return None
        place = self.places.get(_place(address), self.reordered)
        return self.raised if place < FIRST_KEPT else None if place < self.reordered else 0.0

    def without_hits(self) -> "Ranking":
        return Ranking(self.prefer, self.preferred, self.beside)


@dataclass(frozen=True, slots=True)
class Order:
    """Of one state of the index."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    builder: QueryBuilder
    _counted: dict[str, int] = field(default_factory=dict)

    @property
    def _best(self) -> BestFirst:
        return BestFirst(self.searcher, self.builder)

    def ranking(self, within: Within, request: SearchRequest, hits: int, articles: int | None = None) -> Ranking:
        """`within`: where the request's query is looked for; `hits`: how many of the first may be asked for; `articles`: how many
        there are, if that is known."""
        if not request.size or request.order_by != "relevance" or not has_words(request.query):
            return Ranking()
        prefer = self.builder.effective(request.prefer)
        if not prefer and not request.feedback and _common_score(request.query) is not None:
            return Ranking()
        if hits > FETCHED_ONCE and not request.feedback:
            return Ranking(prefer, tuple(self.builder.preferred(prefer)))
        least = REORDERED if request.feedback else 1
        ranking = self._ranked(within, request, prefer, max(hits if hits <= FETCHED_ONCE else 1, least), articles)
        if not request.feedback or len(ranking.first) <= FIRST_KEPT:
            return ranking
        profiles = [profile_of(self.searcher.doc(address)) for _, address in ranking.first[:FIRST_READ]]
        asked = {term for leaf in leaves(request.query) if isinstance(leaf, Word) for term in self.builder.word_terms(leaf.text)}
        score = ranking.first[FIRST_KEPT - 1][0]
        feedback = telling_terms(profiles, score, asked, self._having, self.searcher.num_docs)
        hits = ranking.total or 0 if request.collapse else hits
        return self._with_feedback(within, ranking, feedback, hits) if feedback else ranking

    def _ranked(
        self, within: Within, request: SearchRequest, prefer: tuple[Preference, ...], hits: int, articles: int | None
    ) -> Ranking:
        """Without feedback. Words in the form typed are words of the query nearly always: where they find nothing else, all are
        looked for in one union, in half the time."""
        plain = Ranking(prefer, tuple(self.builder.preferred(prefer)))
        if prefer and len(within.clauses) > 1 and not any(isinstance(each.query, Filter) for each in prefer):
            beside = replace(plain, beside=True)
            total, first = self._best_of(within, beside, request, 0, hits)
            if total == (self.count(within.query) if articles is None else articles):
                return replace(beside, total=total, first=tuple(first))
        total, first = self._best_of(within, plain, request, 0, hits)
        return replace(plain, total=total, first=tuple(first))

    def _best_of(self, within: Within, ranking: Ranking, request: SearchRequest, start: int, end: int) -> tuple[int, list[Found]]:
        """The hits from `start` to `end` by score. To look whether each is unwanted takes as long again as to score it: few of
        them are fetched with the others and left out."""
        ties = TIES_EXPECTED + max(self._more_ties(request.query, ranking), end // 4)
        unwanted = None if start or not _is_quick(request.query) else self._unwanted(within)
        if unwanted is None:
            return self._best.by_score(ranking.query(within), start, end, ties)
        total, hits = self._best.by_score(ranking.query(within.with_unwanted), 0, end + len(unwanted), ties)
        wanted = [hit for hit in hits if _place(hit[1]) not in unwanted] if unwanted else hits
        return total - len(unwanted), wanted[:end]

    def _unwanted(self, within: Within) -> set[Place] | None:
        """What is found that is unwanted, None if it may be much: these are earlier versions."""
        if within.unwanted is None or self.searcher.doc_freq("state", EARLIER) > MAX_UNWANTED:
            return None
        found = all_of([without_score(within.with_unwanted.query), within.unwanted], [])
        result: Any = self.searcher.search(found, MAX_UNWANTED)
        return {_place(address) for _, address in result.hits}

    def _with_feedback(self, within: Within, ranking: Ranking, feedback: tuple[Preference, ...], hits: int) -> Ranking:
        """The first hits kept in their places, their scores raised by so much that none after them has a greater one."""
        kept, others, rest = ranking.first[:FIRST_KEPT], ranking.first[FIRST_KEPT:REORDERED], ranking.first[REORDERED:]
        some = reordered(ranking.total or 0)
        if some <= REORDERED:
            others = self._reordered(others, feedback)
        else:
            query = within.preferring([*ranking.preferred, *self.builder.preferred(feedback)])
            places = {_place(address) for _, address in kept}
            found = self._best.by_score(query, 0, max(hits, REORDERED) + FIRST_KEPT, TIES_EXPECTED)[1]
            others, rest = tuple(hit for hit in found if _place(hit[1]) not in places), ()
        raised = max(0.0, others[0][0] - kept[-1][0])
        first = (*((score + raised, address) for score, address in kept), *others, *rest)
        return replace(ranking, prefer=ranking.prefer + feedback, first=first, reordered=some, raised=raised)

    def _reordered(self, hits: Sequence[Found], preferences: tuple[Preference, ...]) -> tuple[Found, ...]:
        """These hits with what the preferences add to their scores. They are found by the numbers of their articles, which their
        other versions have too."""
        numbers = sorted({*self._best.values("article", hits)})
        these = either([tantivy.Query.term_query(self.schema, "article", number, "basic") for number in numbers])
        query = all_of([without_score(these), either(self.builder.preferred(preferences))], [])
        result: Any = self.searcher.search(query, 2 * len(hits))
        if result.count > len(result.hits):
            result = self.searcher.search(query, result.count)
        gained = {_place(address): score for score, address in result.hits}
        scored = [(score + gained.get(_place(address), 0.0), address) for score, address in hits]
        return tuple(self._best.in_order(sorted(scored, key=lambda hit: -hit[0]), 0, len(scored)))

    def page(self, within: Within, request: SearchRequest, ranking: Ranking) -> tuple[int, list[Found]]:
        """How many there are, and those of the request's page."""
        documents = self.searcher.num_docs
        start, end = min(request.start, documents), min(request.start + request.size, documents)
        if start >= end:
            return self.count(within.query), []
        if not has_words(request.query) or request.order_by != "relevance":
            total, found = self._after(within.query, request, start, end)
            return total, [(0.0, address) for _, address in found]
        if ranking.total is not None and (end <= len(ranking.first) or len(ranking.first) == ranking.total):
            return ranking.total, list(ranking.first[start:end])
        alike = None if ranking.preferred else _common_score(request.query)
        if alike is not None:
            total, found = self._by_key(within.query, "newest", start, end)
            return total, [(alike, address) for _, address in found]
        begun = list(ranking.first[start:])
        total, found = self._best_of(within, ranking, request, start + len(begun), end)
        return total, begun + found

    def together(self, within: Within, request: SearchRequest, ranking: Ranking) -> list[Found]:
        """All that is within, part of what the ranking is of, in the order of the whole."""
        _, found = self.page(within, request, ranking.without_hits())
        last = len(ranking.first)
        return sorted(found, key=lambda hit: ranking.places.get(_place(hit[1]), last))

    def count(self, query: tantivy.Query, *, few: bool = False) -> int:
        """`few`: whether not many are expected."""
        result: Any = self.searcher.search(query, 1) if few else None
        return int(result.count) if result else count_articles(self.searcher, query)

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

    def _below(self, query: tantivy.Query, key: str, last: int) -> tantivy.Query:
        """What has a lower number in the field."""
        lower = tantivy.Query.range_query(self.schema, key, tantivy.FieldType.Unsigned, 0, last, include_upper=False)
        return all_of([query, lower], [])

    def _having(self, term: str) -> int:
        if len(self._counted) > MAX_TERMS_COUNTED:
            self._counted.clear()
        if term not in self._counted:
            number = self.searcher.doc_freq(f"bag_{ALL}", term)
            removed = self.builder.documents > self.searcher.num_docs  # whose terms the dictionary still counts
            self._counted[term] = (
                self.count(self.builder.build(BagTerm(term)), few=True) if removed and number <= MAX_COUNTED else number
            )
        return self._counted[term]

    def _after(self, query: tantivy.Query, request: SearchRequest, start: int, end: int) -> tuple[int, list[Found]]:
        """The hits by date or instant, what comes after the request's place; the total is that of all."""
        key = date_key(request)
        counted = request.counted or request.collapse
        if request.after is None:
            find = self._newest if key == "newest" and _is_quick(request.query) else partial(self._by_key, key=key)
            return find(query, start=start, end=end, counted=counted)
        total = self.count(query) if counted else 0
        return total, self._by_key(self.later(query, request.after, key), key, start, end, counted=False)[1]

    def _newest(self, query: tantivy.Query, start: int, end: int, *, counted: bool = True) -> tuple[int, list[Found]]:
        """`_by_key`, looked for in the newest years first, where they nearly always are."""
        if end <= FETCHED_ONCE and (years := self._newest_years(end)):
            recent = all_of([query, self.builder.one_of("kw_year", years)], [])
            _, found = self._by_key(recent, "newest", start, end, counted=False)
            if len(found) == end - start:
                return self.count(query) if counted else 0, found
        return self._by_key(query, "newest", start, end, counted=counted)

    def _newest_years(self, hits: int) -> tuple[str, ...]:
        """Those of a small part of a large archive, which has many times as many articles; () of a small one."""
        years: list[str] = []
        least = max(self.searcher.num_docs * NEWEST_SHARE, hits * MANY)
        if least > self.searcher.num_docs // 2:
            return ()
        for year, count in sorted(self.searcher.terms_with_prefix("kw_year", ""), reverse=True):
            if least <= 0:
                break
            years.append(year)
            least -= count
        return tuple(years)

    def _by_key(self, query: tantivy.Query, key: str, start: int, end: int, *, counted: bool = True) -> tuple[int, list[Found]]:
        """The total is 0 if it is not counted."""
        result: Any = self.searcher.search(query, end - start, offset=start, order_by_field=key, count=counted)
        if key in INSTANTS and result.hits:
            return result.count or 0, list(self._by_instant(query, key, start, [int(instant) for instant, _ in result.hits]))
        return result.count or 0, result.hits

    def _by_instant(self, query: tantivy.Query, key: str, start: int, instants: list[int]) -> Iterator[Found]:
        """The hits of these instants, in order, from the one at `start` on; tantivy breaks ties by place in the index."""
        before = start and self.count(self.builder.from_number(query, key, instants[0] + 1))
        for instant, count in Counter(instants).items():
            offset = max(start - before, 0)
            alike = self._of_instant(query, key, instant)
            yield from self._by_key(alike, "newest", offset, offset + count)[1]
            before += offset + count

    def _of_instant(self, query: tantivy.Query, key: str, instant: int) -> tantivy.Query:
        same = tantivy.Query.range_query(self.schema, key, tantivy.FieldType.Unsigned, instant, instant)
        return all_of([query, without_score(same)], [])

    def _more_ties(self, query: Query, ranking: Ranking) -> int:
        """How many more are expected than TIES_EXPECTED."""
        asked = leaves(query)
        if any(isinstance(leaf, PhrasePrefix) for leaf in asked) and all(_common_score(leaf) for leaf in asked):
            return MAX_TIES_EXPECTED  # most score 1
        all_phrases = all(
            isinstance(leaf, Near | PhrasePrefix) or (isinstance(leaf, Phrase) and leaf.words[1:]) for leaf in asked
        )
        share = TIES_OF_PHRASES if all_phrases and not ranking.prefer else TIES_OF_WORDS
        return min(self.searcher.num_docs // share, MAX_TIES_EXPECTED)


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


def _is_quick(query: Query) -> bool:
    """Whether it is words alone, which are found so quickly that it may save time to look twice."""
    return all(isinstance(leaf, Word) or (isinstance(leaf, Phrase) and not leaf.words[1:]) for leaf in leaves(query))


def _place(address: tantivy.DocAddress) -> Place:
    return address.segment_ord, address.doc
