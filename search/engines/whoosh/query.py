"""Query -> the documents that match, each with its score. Whoosh's own query classes are not used: their ranges and exclusions
lose or keep wrong documents, and they know no swapped letters.

    Finder(snapshot, snapshot.current).find(Word("treaty"))  # {3: 4.1, 17: 2.2}: all of them, exact

Scores are tantivy's (search/ranking/bm25.py); filters add nothing, a leaf that looks in several fields scores as the best of
them, patterns and typos score 1.
"""

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from math import inf

from search.analysis.analyzer import fold
from search.analysis.edit_distance import within_edits
from search.engines.codec import storable_key
from search.engines.speaker_marks import marked
from search.engines.whoosh.snapshot import Documents, Snapshot
from search.errors import QueryRefused
from search.indexing.fields import ALL, BODY, SPEAKING, speaker_mark
from search.model.article import DAY_SHIFT
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
from search.ranking.bm25 import K1, B, documents_with, idf

MAX_DEPTH = 100
PATTERN_SCORE = NAME_SCORE = 1.0

Scores = dict[int, float]
Positions = Sequence[int]


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds among the `visible` documents."""

    snapshot: Snapshot
    visible: Documents

    def find(self, query: Query, depth: int = 0) -> Scores:
        """Raises QueryRefused for a tree deeper than MAX_DEPTH."""
        if depth > MAX_DEPTH:
            raise QueryRefused("depth", MAX_DEPTH, f"The query is nested more than {MAX_DEPTH} deep; simplify it.")
        match query:
            case And(parts):
                return all_of([self.find(part, depth + 1) for part in parts]) if parts else self._unscored(self.visible)
            case Or(parts):
                return one_of(self.find(part, depth + 1) for part in parts)
            case AtLeast(parts, least):
                return at_least([self.find(part, depth + 1) for part in parts], least)
            case Not(part):
                return self._unscored(self.visible - self.find(part, depth + 1).keys())
            case Removed(part):
                found = Finder(self.snapshot, self.snapshot.articles).find(part, depth + 1)
                now, before = self.snapshot.current - found.keys(), self.snapshot.earlier & found.keys()
                return self._unscored(self._of_one_article(now, before))
            case Added(part):
                found = Finder(self.snapshot, self.snapshot.articles).find(part, depth + 1)
                now, before = self.snapshot.current & found.keys(), self.snapshot.earlier - found.keys()
                return {number: found[number] for number in self._of_one_article(now, before)}
            case MatchAll():
                return self._unscored(self.visible)
            case MatchNone():
                return {}
            case FieldEquals(name, value):
                return self._unscored(self.visible & self.snapshot.having(name, value))
            case Has(feature):
                return self._unscored(self.visible & self.snapshot.having("has", feature))
            case DateRange(first, last):
                return self._unscored(self._between(max(first or 0, 1), inf if last is None else last))
            case InstantRange(name, first, last):
                instants, end = self.snapshot.numbers(name), inf if last is None else last
                return self._unscored({number for number in self.visible if max(first or 1, 1) <= instants[number] <= end})
            case BagTerm(text):
                return self._term(f"bag_{ALL}", text)
            case Quoted():
                return best_of(self._quoted(query))
            case _:
                return best_of(self._leaf(query))

    def prefer(self, scores: Scores, preferences: tuple[Preference, ...]) -> Scores:
        """The scores with what the preferences add to them."""
        preferred = dict(scores)
        for preference in preferences:
            score = 1.0 if isinstance(preference.query, Filter) else 0.0
            for number, found in self.find(preference.query).items():
                if number in preferred:
                    preferred[number] += preference.weight * (score or found)
        return preferred

    def effective(self, preferences: tuple[Preference, ...]) -> tuple[Preference, ...]:
        """Those that add something."""
        return tuple(each for each in preferences if not self._is_too_frequent(each.query))

    def _is_too_frequent(self, query: Query) -> bool:
        """As nodes.Preference has it."""
        match query:
            case Near(first, second, _, field):
                return min(self._having(field, first), self._having(field, second)) > MAX_NEAR_ARTICLES
            case Phrase((word,), field):
                return self._having(field, word) > MAX_EXACT_ARTICLES
            case _:
                return False

    def _having(self, field: str, word: str) -> int:
        return sum(len(self.snapshot.frequencies(f"exact_{name}", word)) for name in parts_of_field(field))

    def _unscored(self, documents: Documents) -> Scores:
        return dict.fromkeys(documents, 0.0)

    def _between(self, first: int, last: float) -> Documents:
        ties = self.snapshot.numbers("tie")
        return {document for document in self.visible if first <= ties[document] >> DAY_SHIFT <= last}

    def _of_one_article(self, versions: Documents, others: Documents) -> Documents:
        """Those of the versions whose article has one of the others too."""
        numbers = self.snapshot.numbers("article")
        articles = {numbers[other] for other in others}
        return {version for version in versions if numbers[version] in articles}

    def _quoted(self, quoted: Quoted) -> list[Scores]:
        """What it finds among the terms of the first speaker of each article, of the second, and so on."""
        marks = takewhile(lambda mark: any(self.snapshot.terms(f"exact_{SPEAKING}", mark)), map(speaker_mark, count()))
        both = ([best_of(self._leaf(marked(leaf, mark), mark)) for leaf in (quoted.words, quoted.speaker)] for mark in marks)
        return [all_of(found) for found in both]

    def _leaf(self, leaf: TextLeaf, mark: str = "") -> list[Scores]:
        """What it finds in each index field."""
        fields = [f"exact_{name}" for name in parts_of_field(leaf.field)]
        match leaf:
            case Word(text, name) if name not in NAME_FIELDS:
                return self._word(name, [mark + term for term in self.snapshot.word_terms(text)])
            case Word(text, _):
                return [
                    dict.fromkeys(self.snapshot.frequencies(field, fold(text)).keys() & self.visible, NAME_SCORE)
                    for field in fields
                ]
            case Phrase((word,), _):
                return [self._term(field, word) for field in fields]
            case Phrase(words, _):
                return [self._in_places(field, words, phrase_places) for field in fields]
            case PhrasePrefix(words, start, _):
                return [self._begun_phrase(field, words, start) for field in fields]
            case Near(first, second, distance, _):
                return [self._in_places(field, (first, second), lambda p: near_places(p[0], p[1], distance)) for field in fields]
            case Prefix(start, _):
                return [self._any_term(field, self.snapshot.terms(field, start)) for field in fields]
            case Wildcard(pattern, _):
                return [self._any_term(field, self._wildcard_terms(field, pattern)) for field in fields]
            case Fuzzy(word, edits, _):
                return [self._any_term(field, self._fuzzy_terms(field, storable_key(word), edits)) for field in fields]

    def _term(self, field: str, term: str) -> Scores:
        found = self.snapshot.frequencies(field, term)
        return self._bm25(field, self._idf(len(found)), found)

    def _word(self, field: str, terms: list[str]) -> list[Scores]:
        """Whichever of its terms an article has, a word counts as much: its idf is that of all articles that have any of them."""
        bag = f"bag_{ALL if field in (ANY, BODY) else field}"
        found = {term: self.snapshot.frequencies(bag, term) for term in terms}
        of_word = self._idf(documents_with({term: len(having) for term, having in found.items()}))
        if field == BODY:
            found = {term: self.snapshot.in_body(term) for term in found}
        return [self._bm25(bag, of_word, having) for having in found.values()]

    def _in_places(self, field: str, words: tuple[str, ...], places: Callable[[list[Positions]], int]) -> Scores:
        """Documents that have all the words, in places that `places` counts."""
        positions = {word: self.snapshot.positions(field, word) for word in dict.fromkeys(words)}
        having_all = self.visible.intersection(*positions.values()) if words else set()
        counts = {number: places([array("I", positions[word][number]) for word in words]) for number in having_all}
        return self._bm25(field, sum(self._idf(len(positions[word])) for word in words), counts)

    def _begun_phrase(self, field: str, words: tuple[str, ...], start: str) -> Scores:
        positions = [self.snapshot.positions(field, word) for word in words]
        having_all = self.visible.intersection(*positions)
        last: dict[int, list[int]] = {}
        for term in self.snapshot.terms(field, start) if having_all else ():
            for number, places in self.snapshot.positions(field, term).items():
                if number in having_all:
                    last.setdefault(number, []).extend(array("I", places))
        found = (n for n, ends in last.items() if phrase_places([*(array("I", some[n]) for some in positions), ends]))
        return dict.fromkeys(found, PATTERN_SCORE)

    def _any_term(self, field: str, terms: Iterable[str]) -> Scores:
        found = set().union(*(self.snapshot.frequencies(field, term) for term in terms))
        return dict.fromkeys(found & self.visible, PATTERN_SCORE)

    def _wildcard_terms(self, field: str, pattern: str) -> Iterable[str]:
        start = re.split(r"[*?]", pattern, maxsplit=1)[0]
        fits = re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), re.DOTALL).fullmatch
        return filter(fits, self.snapshot.terms(field, start))

    def _fuzzy_terms(self, field: str, word: str, edits: int) -> Iterable[str]:
        return (term for term in self.snapshot.lexicon(field) if within_edits(word, term, edits))

    def _idf(self, documents: int) -> float:
        return idf(documents, len(self.snapshot.articles))

    def _bm25(self, field: str, idf: float, frequencies: dict[int, float] | dict[int, int]) -> Scores:
        lengths = self.snapshot.numbers(f"length_{field}")
        average = self.snapshot.average(f"length_{field}") if frequencies else 0.0
        return {
            document: idf * (K1 + 1) * frequency / (frequency + K1 * (1 - B + B * lengths[document] / average))
            for document, frequency in frequencies.items()
            if frequency and document in self.visible
        }


def all_of(found: list[Scores]) -> Scores:
    """Documents found by each, with the sum of their scores."""
    fewest = min(found, key=len)
    return {number: sum(scores[number] for scores in found) for number in fewest if all(number in scores for scores in found)}


def one_of(found: Iterable[Scores]) -> Scores:
    """Documents found by any, with the sum of their scores."""
    total: Scores = {}
    for scores in found:
        for number, score in scores.items():
            total[number] = total.get(number, 0.0) + score
    return total


def at_least(found: list[Scores], least: int) -> Scores:
    """Documents found by so many, with the sum of their scores."""
    times = Counter(number for scores in found for number in scores)
    return {number: score for number, score in one_of(found).items() if times[number] >= least}


def best_of(found: list[Scores]) -> Scores:
    """Documents found by any, with the greatest of their scores."""
    best: Scores = {}
    for scores in found:
        for number, score in scores.items():
            best[number] = max(score, best.get(number, 0.0))
    return best


def phrase_places(positions: Sequence[Positions]) -> int:
    """In how many places each word follows the one before."""
    starts = set(positions[0])
    for offset, places in enumerate(positions[1:], 1):
        starts.intersection_update([place - offset for place in places])
    return len(starts)


def near_places(first: Positions, second: Positions, distance: int) -> int:
    """How many places of the first have the second, at another place, at most `distance` words between."""
    reach, found = distance + 1, 0
    for place in first:
        start = bisect_left(second, place - reach)
        found += any(other != place and other <= place + reach for other in second[start : start + 2])
    return found
