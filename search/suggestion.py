"""Did you mean: a query's words corrected by the archive's own vocabulary.

    suggest(engine, "peice talks", parse("peice talks").query, 0, hits)
    -> Suggestion("peace talks", (("peice", "peace"),), total=12)

A word is in doubt if nothing has it, or little, where a word one edit away is far more frequent. Of the corrections, the one
with which the whole query finds most is suggested, weighed by how likely the typo is; never one that finds nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import prod

from search.analysis import Token, exact_tokens, word_terms
from search.document import ALL
from search.engine import Engine
from search.printed import as_printed, in_case_of
from search.query import ANY, NAME_FIELDS, Near, Or, Phrase, PhrasePrefix, Query, SearchRequest, TextLeaf, Word, leaves
from search.typos import UNLIKELY, likelihood

RARE = 3
"""A word that so many articles have, or fewer, may be a typo that others made too."""
FAR_MORE = 1000
"""Times as many articles have the word that is suggested for one that is rare, not absent."""
MORE = 3
"""The same, if it is found by its stem alone and nowhere stands so, or if nothing has all that is asked for."""
MIN_LETTERS = 3
MIN_LETTERS_OF_TWO_EDITS = 6
LETTERS_KEPT = 3
"""Two edits are looked for behind the first letters, which people get right."""
MAX_LETTERS = 40
MAX_WORDS = 4
"""Words of a query that are looked at."""
CHOICES = (8, 4, 2, 2)
"""Corrections tried of each word when one, two, three, four are in doubt: at most 16 queries."""

Hits = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text`: the corrected query as it would be typed; `changed`: (typed, meant) of each word; `total`: what it finds."""

    text: str
    changed: tuple[tuple[str, str], ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Typed:
    """A word of the query: where it stands, and what it asks for, in each field. `exact`: it is part of a phrase."""

    start: int
    end: int
    term: str
    leaves: tuple[TextLeaf, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(leaf.field for leaf in self.leaves))


@dataclass(frozen=True, slots=True)
class _Correction:
    """What to write from `start` to `end` of the query; `weight`: how likely it was meant."""

    start: int
    end: int
    text: str
    weight: float


def suggest(engine: Engine, text: str, query: Query, total: int, hits: Hits) -> Suggestion | None:
    """Of a text, read as the query, that finds `total` articles; `hits` tells how many another text finds. None if nothing better
    is known."""
    if total > RARE and " OR " not in text:
        return None  # each of its words has as many articles
    typed = list(_typed_words(text, query))
    doubtful = [found for word in typed[:MAX_WORDS] if (found := _corrections(engine, word))]
    if doubtful:
        choices = [some[: CHOICES[len(doubtful) - 1]] for some in doubtful]
        return _best(engine, text, product(*choices), total, hits)
    if total:
        return None
    joined = _joined(engine, text, typed)
    unlike = [(each,) for word in typed[:MAX_WORDS] for each in _corrections(engine, word, however_frequent=True)[:2]]
    return _best(engine, text, [(each,) for each in joined], 0, hits) or _best(engine, text, unlike, 0, hits)


def _best(engine: Engine, text: str, chosen: Iterable[tuple[_Correction, ...]], total: int, hits: Hits) -> Suggestion | None:
    best: tuple[_Correction, ...] = ()
    most, found = 0.0, 0
    for corrections in chosen:
        count = hits(_corrected(text, corrections))
        if count > total and (score := count * prod(each.weight for each in corrections)) > most:
            best, most, found = corrections, score, count
    if not best:
        return None
    printed = tuple(replace(each, text=as_printed(engine, each.text)) for each in best)
    changed = tuple((text[each.start : each.end], in_case_of(text[each.start : each.end], each.text)) for each in printed)
    return Suggestion(_corrected(text, printed), changed, found)


def _corrected(text: str, corrections: Iterable[_Correction]) -> str:
    for each in sorted(corrections, key=lambda each: -each.start):
        text = text[: each.start] + in_case_of(text[each.start : each.end], each.text) + text[each.end :]
    return text


def _typed_words(text: str, query: Query) -> Iterator[_Typed]:
    """The words that hits must show and that have letters; fields, operators and patterns are none."""
    asked: dict[str, list[TextLeaf]] = {}
    for leaf in leaves(query):
        match leaf:
            case Word(word, _):
                asked.setdefault(word, []).append(leaf)
            case Phrase(words, field) | PhrasePrefix(words, _, field):
                for word in words:
                    asked.setdefault(word, []).append(Phrase((word,), field))
            case Near(first, second, _, field):
                for word in (first, second):
                    asked.setdefault(word, []).append(Phrase((word,), field))
    for token in exact_tokens(text):
        found = asked.get(token.word) or asked.get(token.term)
        if found and _may_be_misspelt(token):
            yield _Typed(token.start, token.end, token.term, tuple(found))


def _may_be_misspelt(token: Token) -> bool:
    return not token.unspaced and MIN_LETTERS <= len(token.term) <= MAX_LETTERS and not any(c.isdigit() for c in token.term)


def _corrections(engine: Engine, word: _Typed, however_frequent: bool = False) -> list[_Correction]:
    """Of a word in doubt, most likely first; with `however_frequent` of any."""
    if not however_frequent and _is_plainly_frequent(engine, word):
        return []
    count = _count(engine, Or(word.leaves))
    if count > RARE and not however_frequent:
        return []
    near = _near(engine, word, 1)
    stands_so = near.pop(word.term, 0)
    if not count and not near and len(word.term) >= MIN_LETTERS_OF_TWO_EDITS:
        near = _near(engine, word, 2, word.term[:LETTERS_KEPT])
    if count:
        least = count * (FAR_MORE if stands_so and not however_frequent else MORE)
        near = {term: number for term, number in near.items() if number >= least and not _same_word(engine, term, word)}
    weights = {term: likelihood(word.term, term) for term in near}
    first = sorted(near, key=lambda term: (-near[term] * weights[term], term))[: CHOICES[0]]
    found = [_Correction(word.start, word.end, term, weights[term]) for term in first]
    return found if count or found else _split(engine, word)


def _is_plainly_frequent(engine: Engine, word: _Typed) -> bool:
    """Whether one of its stems is: no search has to count all that has it."""
    languages = engine.languages()
    for leaf in word.leaves:
        if isinstance(leaf, Word) and leaf.field not in NAME_FIELDS:
            counts = engine.bag_counts(ALL if leaf.field == ANY else leaf.field, word_terms(leaf.text, languages))
            if max(counts.values(), default=0) > RARE:
                return True
    return False


def _near(engine: Engine, word: _Typed, edits: int, start: str = "") -> dict[str, int]:
    near: dict[str, int] = {}
    for field in word.fields:
        for term, count in engine.near_words(field, word.term, edits, start).items():
            near[term] = max(count, near.get(term, 0))
    return near


def _same_word(engine: Engine, term: str, word: _Typed) -> bool:
    """Whether a search for the one finds the other, being forms of one word."""
    languages = engine.languages()
    return not set(word_terms(term, languages)).isdisjoint(word_terms(word.term, languages))


def _split(engine: Engine, word: _Typed) -> list[_Correction]:
    """peacetalks -> peace talks, where most articles have the two side by side."""
    places = range(2, len(word.term) - 1)
    phrases = {f"{word.term[:place]} {word.term[place:]}": (word.term[:place], word.term[place:]) for place in places}
    counts = {text: _count(engine, Or(tuple(Phrase(words, f) for f in word.fields))) for text, words in phrases.items()}
    best = max(counts, key=lambda text: counts[text], default="")
    return [_Correction(word.start, word.end, best, UNLIKELY)] if counts.get(best) else []


def _joined(engine: Engine, text: str, typed: list[_Typed]) -> Iterator[_Correction]:
    """news paper -> newspaper."""
    for left, right in pairwise(typed):
        together = left.term + right.term
        if text[left.end : right.start] == " " and _count(engine, Phrase((together,))):
            yield _Correction(left.start, right.end, together, 1.0)


def _count(engine: Engine, query: Query) -> int:
    return engine.search(SearchRequest(query, size=0)).total
