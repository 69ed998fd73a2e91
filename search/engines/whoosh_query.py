"""Query -> the documents that match and their scores. Whoosh's own query classes are not used: their ranges and exclusions
lose or keep wrong documents, and they know no swapped letters.

    matching = Matching(snapshot, snapshot.current)
    matching.find(Word("treaty"))             # {3, 17}: all of them, exact
    matching.scores(Word("treaty"), {3, 17})  # {3: 4.1, 17: 2.2}

Scores are tantivy's: BM25 (Robertson & Zaragoza 2009) with idf = ln(1 + (N - n + 0.5) / (n + 0.5)); filters add nothing, a
leaf that looks in several fields scores as the best of them, patterns and typos score 1.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log
from typing import Protocol

from search.analysis import fold, word_terms
from search.document import ALL
from search.engines.stored import storable_key
from search.errors import QueryRefused
from search.highlight import within_edits
from search.query import (
    ANY,
    NAME_FIELDS,
    And,
    Between,
    Everything,
    Fuzzy,
    Has,
    Near,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    TextLeaf,
    Value,
    Wildcard,
    Word,
    parts_of_field,
)

MAX_DEPTH = 100
K1 = 1.2
PATTERN_SCORE = 1.0

Documents = set[int]
Frequencies = dict[int, float]


class Postings(Protocol):
    """What matching asks of a state of the index."""

    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def articles(self) -> int:
        """How many there are, all versions."""

    @property
    def days(self) -> list[int]:
        """Each document's day number, 0 without one."""

    def frequencies(self, field: str, term: str) -> Frequencies: ...
    def positions(self, field: str, term: str) -> dict[int, bytes]: ...
    def terms(self, field: str, prefix: str) -> Iterable[str]: ...
    def similar_terms(self, field: str, word: str, edits: int) -> Iterable[str]:
        """Those that may be within so many edits."""

    def length_norms(self, field: str) -> list[float]:
        """K1 * (1 - b + b * length / average length) of each document."""


@dataclass(frozen=True, slots=True)
class FieldMatch:
    """Where a leaf matches in one index field and how often; idf None: the score is PATTERN_SCORE."""

    field: str
    idf: float | None
    frequencies: Frequencies


@dataclass
class Matching:
    """Finds among `visible`. Keeps what it found: for one search."""

    postings: Postings
    visible: Documents
    _found: dict[int, Documents] = field(default_factory=dict)
    _leaves: dict[TextLeaf, list[FieldMatch]] = field(default_factory=dict)

    def find(self, query: Query, depth: int = 0) -> Documents:
        """The visible documents that match. Raises QueryRefused for a tree deeper than MAX_DEPTH."""
        if depth > MAX_DEPTH:
            raise QueryRefused("depth", MAX_DEPTH, f"The query is nested more than {MAX_DEPTH} deep; make it flatter.")
        if id(query) not in self._found:  # not by value: hashing a tree walks it to its full depth
            self._found[id(query)] = self._find(query, depth + 1)
        return self._found[id(query)]

    def one_of(self, name: str, values: Iterable[str]) -> Documents:
        """The visible documents with one of the values as a keyword."""
        found: Documents = set()
        for value in values:
            found.update(self.postings.frequencies(f"kw_{name}", storable_key(value)))
        return found & self.visible

    def scores(self, query: Query, among: Documents) -> Frequencies:
        """The score of each of `among`, all of which match."""
        scores = dict.fromkeys(among, 0.0)
        self._add_scores(query, among, scores)
        return scores

    def _find(self, query: Query, depth: int) -> Documents:
        match query:
            case And(parts):
                return self._all_of([self.find(part, depth) for part in parts])
            case Or(parts):
                return _union(self.find(part, depth) for part in parts)
            case Not(part):
                return self.visible - self.find(part, depth)
            case Everything():
                return self.visible
            case Nothing():
                return set()
            case Value(name, value):
                return self.one_of(name, (value,))
            case Has(feature):
                return self.one_of("has", (feature,))
            case Between(first, last):
                days, low, high = self.postings.days, max(first or 0, 1), float("inf") if last is None else last
                return {document for document in self.visible if low <= days[document] <= high}
            case _:
                return _union(match.frequencies for match in self._leaf(query)) & self.visible

    def _all_of(self, found: list[Documents]) -> Documents:
        if not found:
            return self.visible
        smallest, *others = sorted(found, key=len)
        return smallest.intersection(*others)

    def _add_scores(self, query: Query, among: Documents, scores: Frequencies) -> None:
        match query:
            case And(parts):
                for part in parts:
                    self._add_scores(part, among, scores)
            case Or(parts):
                for part in parts:
                    self._add_scores(part, among & self.find(part), scores)
            case Word() | Phrase() | Near() | Prefix() | Wildcard() | Fuzzy():
                for document, score in self._best(self._leaf(query), among).items():
                    scores[document] += score

    def _best(self, matches: list[FieldMatch], among: Documents) -> Frequencies:
        best: Frequencies = {}
        for match in matches:
            documents = among & match.frequencies.keys()
            if match.idf is None:
                best |= dict.fromkeys(documents, PATTERN_SCORE)
                continue
            weight, norms = match.idf * (K1 + 1), self.postings.length_norms(match.field)
            for document in documents:
                frequency = match.frequencies[document]
                score = weight * frequency / (frequency + norms[document])
                if score > best.get(document, 0.0):
                    best[document] = score
        return best

    def _leaf(self, leaf: TextLeaf) -> list[FieldMatch]:
        if leaf not in self._leaves:
            self._leaves[leaf] = [match for match in self._look_up(leaf) if match.frequencies]
        return self._leaves[leaf]

    def _look_up(self, leaf: TextLeaf) -> list[FieldMatch]:
        fields = [f"exact_{name}" for name in parts_of_field(leaf.field)]
        match leaf:
            case Word(text, name) if name not in NAME_FIELDS:
                bag = f"bag_{ALL if name == ANY else name}"
                return [self._term(bag, term) for term in word_terms(text, self.postings.languages)]
            case Word(text, _):
                return [self._term(name, fold(text)) for name in fields]
            case Phrase((word,), _):
                return [self._term(name, word) for name in fields]
            case Phrase(words, _):
                return [self._in_places(name, words, phrase_places) for name in fields]
            case Near(first, second, distance, _):
                return [self._in_places(name, (first, second), lambda p: near_places(p[0], p[1], distance)) for name in fields]
            case Prefix(start, _):
                return [self._any_term(name, self.postings.terms(name, start)) for name in fields]
            case Wildcard(pattern, _):
                return [self._any_term(name, self._wildcard_terms(name, pattern)) for name in fields]
            case Fuzzy(word, edits, _):
                return [self._any_term(name, self._fuzzy_terms(name, storable_key(word), edits)) for name in fields]

    def _term(self, field: str, term: str) -> FieldMatch:
        found = self.postings.frequencies(field, term)
        return FieldMatch(field, self._idf(len(found)), found)

    def _idf(self, documents: int) -> float:
        return log(1 + (max(self.postings.articles - documents, 0) + 0.5) / (documents + 0.5))

    def _any_term(self, field: str, terms: Iterable[str]) -> FieldMatch:
        found: Frequencies = {}
        for term in terms:
            found |= self.postings.frequencies(field, term)
        return FieldMatch(field, None, found)

    def _in_places(self, field: str, words: tuple[str, ...], places: "Places") -> FieldMatch:
        """Documents that have all the words, and in which `places` counts them at least once."""
        positions = {word: self.postings.positions(field, word) for word in dict.fromkeys(words)}
        in_all = set.intersection(*(set(some) for some in positions.values())) & self.visible if positions else set()
        counts = {document: places([_unpacked(positions[word][document]) for word in words]) for document in in_all}
        idf = sum(self._idf(len(positions[word])) for word in words)
        return FieldMatch(field, idf, {document: float(count) for document, count in counts.items() if count})

    def _wildcard_terms(self, field: str, pattern: str) -> Iterable[str]:
        start = re.split(r"[*?]", pattern, maxsplit=1)[0]
        fits = re.compile("".join({"*": ".*", "?": "."}.get(char) or re.escape(char) for char in pattern), re.DOTALL).fullmatch
        return (term for term in self.postings.terms(field, start) if fits(term))

    def _fuzzy_terms(self, field: str, word: str, edits: int) -> Iterable[str]:
        return (term for term in self.postings.similar_terms(field, word, edits) if within_edits(word, term, edits))


def _union(found: Iterable[Iterable[int]]) -> Documents:
    documents: Documents = set()
    return documents.union(*found)


Positions = Sequence[int]
Places = Callable[[Sequence[Positions]], int]
"""In how many places the words, whose positions are given, stand as wanted."""


def phrase_places(positions: Sequence[Positions]) -> int:
    starts = set(positions[0])
    for offset, places in enumerate(positions[1:], 1):
        starts.intersection_update([place - offset for place in places])
    return len(starts)


def near_places(first: Positions, second: Positions, distance: int) -> int:
    """The places of the first that have the second, at another place, at most `distance` words between."""
    reach, found = distance + 1, 0
    for place in first:
        start = bisect_left(second, place - reach)
        found += any(other != place and other <= place + reach for other in second[start : start + 2])
    return found


def _unpacked(positions: bytes) -> Positions:
    unpacked = array("I")
    unpacked.frombytes(positions)
    return unpacked
