"""Query -> tantivy's query objects; never a query string, whose parser can be made to do anything.

    QueryBuilder(searcher, schema, ("en", "fr")).build(And((Word("treaty"), FieldEquals("section", "World"))))

Filters add nothing to a score. A leaf that looks in several fields scores as the best of them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import chain, count, takewhile
from typing import Any

import tantivy
from tantivy import Query as TantivyQuery

from search.analysis.analyzer import FILLER, UNKNOWN, fold, word_terms
from search.analysis.unknown_language import Stemmed, StemmedSoFar
from search.engines.codec import storable_key
from search.engines.speaker_marks import marked
from search.engines.tantivy.query.combine import (
    all_of,
    at_least,
    best_of,
    count_articles,
    either,
    in_one_language,
    language_of,
    literal,
    literals,
    without_score,
)
from search.engines.versions import CURRENT, EARLIER
from search.errors import QueryRefused
from search.indexing.fields import ALL, BODY, EXACT_FIELDS, NOT_IN_BODY, SPEAKING, speaker_mark
from search.model.article import FEATURES
from search.query.nodes import (
    ANY,
    MAX_EXACT_ARTICLES,
    MAX_NEAR_ARTICLES,
    NAME_FIELDS,
    Added,
    And,
    AtLeast,
    BagTerm,
    DateRange,
    FieldEquals,
    Filter,
    Fuzzy,
    Has,
    InstantRange,
    MatchAll,
    MatchNone,
    Near,
    Not,
    Or,
    Phrase,
    PhrasePrefix,
    Preference,
    Prefix,
    Query,
    Quoted,
    Removed,
    TextLeaf,
    Wildcard,
    Word,
    parts_of_field,
)
from search.ranking.bm25 import documents_with, idf

MAX_DEPTH = 100
"""tantivy walks a query by recursion: some 300 levels use up a small stack and end the process."""

FEW_VALUES = 100
"""So many values are found sooner one by one than by tantivy's set of terms, which takes a quarter of a millisecond at least."""
ARTICLE_NUMBERS = 1 << 63
PATTERN_SCORE = NAME_SCORE = 1.0
MAX_PATTERN_TERMS = 10_000
"""tantivy refuses a phrase of regular expressions that more than 16,384 terms of a segment match."""

MAX_PHRASES = 1_000
MAX_TIMES_RAREST = 30
"""A phrase whose last word is begun is looked for as so many phrases at most, if the words that begin so are together in at
most so many times the articles of the rarest word before. In 100,000 articles 916 phrases took 175 ms, regular expressions 211,
where the word before is in all of them; where it is in 8,000, they took 59 and 29."""


class QueryBuilder:
    """Builds queries for one state of the index. `documents`: all in its files, also those that were removed; `languages`:
    those of its articles; `frequent`: of these, what unknown_language has; `stemmed`: in earlier states."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        documents: int,
        languages: tuple[str, ...] = (),
        frequent: tuple[str, ...] = (),
        stemmed: StemmedSoFar | None = None,
    ) -> None:
        self._searcher = searcher
        self.documents = documents
        self._schema = schema
        self._languages = languages
        self._frequent = frequent
        self._stemmed = stemmed or StemmedSoFar()

    def build(self, query: Query, depth: int = 0) -> TantivyQuery:
        """Raises QueryRefused for a tree deeper than MAX_DEPTH."""
        if depth > MAX_DEPTH:
            raise QueryRefused("depth", MAX_DEPTH, f"The query is nested more than {MAX_DEPTH} deep; simplify it.")
        match query:
            case And(parts):
                return self._all_of(parts, depth)
            case Or():
                return either(self.clauses(query, depth))
            case AtLeast(parts, least):
                return at_least([self._one_at_a_time(part, depth + 1) for part in parts], least)
            case Not():
                return self._all_of((query,), depth)
            case Removed(part):
                found, now, before = self._now_and_before(part, depth)
                return self._of_one_article(all_of([now], [found]), all_of([found, before], []))
            case Added(part):
                found, now, before = self._now_and_before(part, depth)
                return self._of_one_article(all_of([found, now], []), all_of([before], [found]))
            case InstantRange(field, first, last):
                return self._range(field, max(first or 1, 1), last)
            case MatchAll():
                return without_score(TantivyQuery.all_query())
            case MatchNone():
                return TantivyQuery.empty_query()
            case FieldEquals(field, value):
                return self.one_of(f"kw_{field}", (value,))
            case Has(feature):
                return self.one_of("kw_has", (feature,))
            case DateRange(first, last):
                return self._range("day", max(first or 0, 0), last)
            case BagTerm(text):
                return self._term(f"bag_{ALL}", text)
            case Quoted():
                return self._quoted(query)
            case _:
                return self._leaf(query)

    def clauses(self, query: Query, depth: int = 0) -> list[TantivyQuery]:
        """Queries of which any finds what the query does, and whose scores add up to its score: many in one union are found in
        half the time that unions within a union take."""
        match query:
            case Or(parts) if depth <= MAX_DEPTH:
                return [
                    self._boosted(clause, float(times))
                    for part, times in _counted(parts)
                    for clause in self.clauses(part, depth + 1)
                ]
            case Word(text, field) if field not in NAME_FIELDS:
                return [*chain.from_iterable(self._word(field, self.word_terms(text)).values())]
            case _:
                return [self.build(query, depth)]

    def preferred(self, preferences: tuple[Preference, ...]) -> list[TantivyQuery]:
        """What they add to the scores, as clauses."""
        return [
            TantivyQuery.const_score_query(clause, each.weight)
            if isinstance(each.query, Filter)
            else self._boosted(clause, each.weight)
            for each in preferences
            for clause in self.clauses(each.query)
        ]

    def effective(self, preferences: tuple[Preference, ...]) -> tuple[Preference, ...]:
        """Those that add something."""
        return tuple(each for each in preferences if not self._is_too_frequent(each.query))

    def _is_too_frequent(self, query: Query) -> bool:
        """As Preference has it."""
        match query:
            case Near(first, second, _, field):
                names = self.exact_fields(field)
                rarer = min(sum(self._searcher.doc_freq(name, word) for name in names) for word in (first, second))
                return rarer > MAX_NEAR_ARTICLES
            case Phrase((word,), field):
                return sum(self._searcher.doc_freq(name, word) for name in self.exact_fields(field)) > MAX_EXACT_ARTICLES
            case _:
                return False

    def one_of(self, field: str, values: tuple[str, ...]) -> TantivyQuery:
        """Documents with one of the values in an untokenized field."""
        keys = [storable_key(value) for value in values]
        if len(keys) <= FEW_VALUES:
            return without_score(either([TantivyQuery.term_query(self._schema, field, key, "basic") for key in keys]))
        return without_score(TantivyQuery.term_set_query(self._schema, field, keys))

    def sample(self, share: float) -> TantivyQuery:
        """That share of the articles, always the same ones: their numbers are hashes of 63 bits."""
        return self._range("article", 0, int(share * ARTICLE_NUMBERS))

    def from_number(self, query: TantivyQuery, key: str, least: int) -> TantivyQuery:
        """What has that number in the field, or a greater one."""
        return all_of([query, self._range(key, least, None)], [])

    def _all_of(self, parts: tuple[Query, ...], depth: int) -> TantivyQuery:
        unwanted = [self.build(part.part, depth + 1) for part in parts if isinstance(part, Not)]
        words: list[dict[str, TantivyQuery]] = []
        wanted: list[TantivyQuery] = []
        for part, times in _counted(tuple(part for part in parts if not isinstance(part, Not))):
            if isinstance(part, Word) and part.field not in NAME_FIELDS:
                found = self._word(part.field, self.word_terms(part.text))
                words.append({language: self._boosted(either(some), float(times)) for language, some in found.items()})
            else:
                wanted.append(self._boosted(self.build(part, depth + 1), float(times)))
        return all_of([*in_one_language(words), *wanted], unwanted)

    def _one_at_a_time(self, part: Query, depth: int) -> list[TantivyQuery]:
        """Queries that together find what the part does, of which no article is found by two."""
        if isinstance(part, Word) and part.field not in NAME_FIELDS:
            return [either(some) for some in self._word(part.field, self.word_terms(part.text)).values()]
        return [self.build(part, depth)]

    def _boosted(self, query: TantivyQuery, factor: float) -> TantivyQuery:
        return query if factor == 1.0 else TantivyQuery.boost_query(query, factor)

    def _now_and_before(self, part: Query, depth: int) -> tuple[TantivyQuery, TantivyQuery, TantivyQuery]:
        """The part; current versions; earlier ones."""
        return self.build(part, depth + 1), self.one_of("state", (CURRENT,)), self.one_of("state", (EARLIER,))

    def _of_one_article(self, versions: TantivyQuery, others: TantivyQuery) -> TantivyQuery:
        """Those of the versions whose article has one of the others too."""
        if count_articles(self._searcher, others) > count_articles(self._searcher, versions):
            others = all_of([others, self._in_articles_of(versions)], [])
        return all_of([versions, self._in_articles_of(others)], [])

    def _in_articles_of(self, query: TantivyQuery) -> TantivyQuery:
        """All versions of the articles that the query finds a version of."""
        found: Any = self._searcher.search(
            query, max(count_articles(self._searcher, query), 1), count=False, order_by_field="article"
        )
        numbers = list(dict.fromkeys(number for number, _ in found.hits))
        return without_score(TantivyQuery.term_set_query(self._schema, "article", numbers))

    def _range(self, field: str, first: int, last: int | None) -> TantivyQuery:
        if last is not None and last < first:
            return TantivyQuery.empty_query()
        return without_score(TantivyQuery.range_query(self._schema, field, tantivy.FieldType.Unsigned, first, last))

    def _quoted(self, quoted: Quoted) -> TantivyQuery:
        """Words and speaker are looked for among the terms of the first speaker of each article, of the second, and so on."""
        found = [
            all_of([self._leaf(marked(quoted.words, mark), mark), self._leaf(marked(quoted.speaker, mark), mark)], [])
            for mark in self._speaker_marks
        ]
        return best_of(found)

    @cached_property
    def _speaker_marks(self) -> list[str]:
        marks = map(speaker_mark, count())
        return list(takewhile(lambda mark: self._searcher.terms_with_prefix(f"exact_{SPEAKING}", mark, limit=1), marks))

    def _leaf(self, leaf: TextLeaf, mark: str = "") -> TantivyQuery:
        match leaf:
            case Word(text, field) if field not in NAME_FIELDS:
                found = self._word(field, [mark + term for term in self.word_terms(text)])
                return either([*chain.from_iterable(found.values())])
            case Word(text, field):
                return TantivyQuery.const_score_query(self._term(f"exact_{field}", storable_key(fold(text))), NAME_SCORE)
            case Phrase(words, field):
                return self._in_fields(field, lambda name: self._phrase(name, words))
            case PhrasePrefix(words, start, field):
                return self._in_fields(field, lambda name: self._begun_phrase(name, words, start))
            case Near(first, second, distance, field):
                return self._in_fields(field, lambda name: self._near(name, first, second, distance))
            case Prefix(start, field) if start:
                return self._in_fields(field, lambda name: self._fuzzy(name, start, 0, prefix=True))
            case Prefix(_, field):
                return self._in_fields(field, lambda name: self._wildcard(name, "*"))
            case Wildcard(pattern, field):
                return self._in_fields(field, lambda name: self._wildcard(name, pattern))
            case Fuzzy(word, edits, field):
                return self._in_fields(field, lambda name: self._fuzzy(name, word, edits))

    def word_terms(self, word: str) -> tuple[str, ...]:
        """The bag terms by which a word is found."""
        return tuple(dict.fromkeys((*word_terms(word, self._languages), *self._unknown_language.forms(word))))

    @cached_property
    def _unknown_language(self) -> Stemmed:
        terms = self._searcher.terms_with_prefix(f"bag_{ALL}", UNKNOWN)
        return self._stemmed.of_state((term for term, _ in terms), self._frequent)

    def _word(self, field: str, terms: Sequence[str]) -> dict[str, list[TantivyQuery]]:
        """What finds the word in articles of each language, "" for any: an article has terms of one, and terms of none. Whichever
        it has, the word counts as much: its idf is that of all articles that have any of them; of two the better counts."""
        bag = f"bag_{ALL if field in (ANY, BODY) else field}"
        counts = {term: count for term in terms if (count := self._searcher.doc_freq(bag, storable_key(term)))}
        of_word = idf(documents_with(counts), self.documents)
        found: dict[str, list[TantivyQuery]] = {}
        for term, count in counts.items():
            factor = of_word / idf(count, self.documents) if len(counts) > 1 else 1.0
            query = self._boosted(self.with_term(field, term), factor)
            found.setdefault(language_of(term), []).append(query)
        if "" in found and len(found) > 1:
            return {"": [best_of([*chain.from_iterable(found.values())])]}
        return {language: [best_of(some)] for language, some in found.items()}

    def with_term(self, field: str, term: str) -> TantivyQuery:
        """What has the bag term in the field, or in any."""
        if field != BODY:
            return self._term(f"bag_{ALL if field == ANY else field}", term)
        elsewhere = f"bag_{NOT_IN_BODY}"
        return all_of([self._term(f"bag_{ALL}", term)], [self._term(elsewhere, term)] if self._has(elsewhere, term) else [])

    def exact_fields(self, field: str) -> list[str]:
        """The index fields that `field` stands for, without those of features that no article has."""
        return [name for part in parts_of_field(field) if (name := f"exact_{part}") in self._exact_fields]

    @cached_property
    def _exact_fields(self) -> frozenset[str]:
        """Many an archive has no tags or credits. The features tell: to list a field's terms takes as long as there are many."""
        return frozenset(f"exact_{name}" for name in EXACT_FIELDS if name not in FEATURES or self._has("kw_has", name))

    def _in_fields(self, field: str, build: Callable[[str], TantivyQuery | None]) -> TantivyQuery:
        """The leaf in each of the index fields that `field` stands for; `build` gives None where it cannot match."""
        found = [build(name) for name in self.exact_fields(field)]
        return best_of([query for query in found if query is not None])

    def _phrase(self, field: str, words: tuple[str, ...]) -> TantivyQuery | None:
        if not words or not all(self._has(field, word) for word in words):
            return None
        if len(words) == 1:
            return self._term(field, words[0])
        return TantivyQuery.phrase_query(self._schema, field, list(words))

    def _begun_phrase(self, field: str, words: tuple[str, ...], start: str) -> TantivyQuery | None:
        """tantivy's own query for this is not used: it knows of 50 terms that begin so and passes over all others. Nothing is
        looked for where the whole words do not stand together."""
        phrase = self._phrase(field, words)
        if phrase is None or (words[1:] and not count_articles(self._searcher, phrase)):
            return None
        if phrases := self._phrases(field, [*map(storable_key, words)], storable_key(start)):
            return TantivyQuery.const_score_query(either(phrases), PATTERN_SCORE)
        whole = [literals(word) for word in words]
        lasts = self._begun(field, storable_key(start))
        begun = [TantivyQuery.regex_phrase_query(self._schema, field, [*whole, last]) for last in lasts]
        return TantivyQuery.const_score_query(either(begun), PATTERN_SCORE) if begun else None

    def _phrases(self, field: str, words: list[str], start: str) -> list[TantivyQuery]:
        """One for each word that begins so; none if regular expressions take less time."""
        begun = self._searcher.terms_with_prefix(field, start, limit=MAX_PHRASES)
        rarest = min(self._searcher.doc_freq(field, word) for word in words)
        if len(begun) == MAX_PHRASES or sum(count for _, count in begun) > rarest * MAX_TIMES_RAREST:
            return []
        return [TantivyQuery.phrase_query(self._schema, field, [*words, term]) for term, _ in begun if FILLER not in term]

    def _begun(self, field: str, start: str) -> list[str]:
        """Regular expressions, each of MAX_PATTERN_TERMS at most, of the terms that begin so."""
        terms = [term for term, _ in self._searcher.terms_with_prefix(field, start, limit=MAX_PATTERN_TERMS + 1)]
        if len(terms) <= MAX_PATTERN_TERMS:
            return [f"{literals(start)}[^{FILLER}]*"] if terms else []
        all_terms = self._searcher.terms_with_prefix(field, start)
        longer = dict.fromkeys(term[: len(start) + 1] for term, _ in all_terms if term not in (start, FILLER))
        alone = [literals(start)] if any(term == start for term, _ in all_terms) else []
        return [*alone, *(each for longer_start in longer for each in self._begun(field, longer_start))]

    def _near(self, field: str, first: str, second: str, distance: int) -> TantivyQuery | None:
        """Slop counts the words between in the order given, so both orders are asked; for a word beside itself it would be
        content with one place, so each distance is asked for alone."""
        if not self._has(field, first) or not self._has(field, second):
            return None
        if first == second:
            apart = range(1, distance + 2)
            return best_of([TantivyQuery.phrase_query(self._schema, field, [(0, first), (gap, first)]) for gap in apart])
        orders: list[list[str | tuple[int, str]]] = [[first, second], [second, first]]
        return best_of([TantivyQuery.phrase_query(self._schema, field, order, distance) for order in orders])

    def _wildcard(self, field: str, pattern: str) -> TantivyQuery:
        """No term holds the filler's character, so "any character" without it passes over the fillers."""
        other = f"[^{FILLER}]"
        parts = {"*": other + "*", "?": other}
        expression = "".join(parts.get(char) or literal(char) for char in storable_key(pattern))
        return TantivyQuery.regex_query(self._schema, field, expression)

    def _fuzzy(self, field: str, word: str, edits: int, prefix: bool = False) -> TantivyQuery:
        return TantivyQuery.fuzzy_term_query(self._schema, field, storable_key(word), edits, True, prefix)

    def _term(self, field: str, term: str) -> TantivyQuery:
        return TantivyQuery.term_query(self._schema, field, term, "freq")

    def _has(self, field: str, term: str) -> bool:
        return self._searcher.doc_freq(field, storable_key(term)) > 0


def _counted(parts: tuple[Query, ...]) -> Iterator[tuple[Query, int]]:
    """The parts, each leaf once, with how often it stands there. Of deep trees not even the hash could be computed."""
    times = Counter(part for part in parts if not isinstance(part, _JOINED))
    yield from times.items()
    yield from ((part, 1) for part in parts if isinstance(part, _JOINED))


_JOINED = (And, Or, AtLeast, Not, Removed, Added, Quoted)
