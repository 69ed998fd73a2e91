"""What may be meant by each word of a query that is in doubt, with what speaks for it.

    corrections(asked)  # [[Correction(0, 5, "peace", …), Correction(0, 5, "piece", …)], …]

What the words need of the index is asked for all of them together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from math import log

from search.analysis.analyzer import word_terms
from search.analysis.typo_model import LEFT_OUT, ONE_IN, likelihood
from search.engines.protocol import Misspelt, Reader
from search.query.nodes import Phrase, Query, SearchRequest
from search.service.suggestions.typed_words import RARE, TypedWord
from search.service.suggestions.word_languages import Languages, Spread

MISPRINT = 50 * ONE_IN
MISPRINT_IF_SHORT = 200 * ONE_IN
"""Times as many articles, times how likely the typo is, have the word that is suggested for one that stands so in some: 50
times for a swap. Swept 5-400 on 1,500 words of an archive in 19 languages: 10 takes 3 of a thousand for misprints, 60 takes 2."""
MIN_LETTERS_OF_MISPRINT = 6
"""A shorter word is more often another one that is right."""
MORE = 3
"""Times as many articles have the word that is suggested for one that stands nowhere so and is found by its stem alone."""
IN_ITS_LANGUAGE = 10
"""The same, in the language of the query, if the word is rare there and frequent in another."""
LIKELY = ONE_IN / 5
"""Such a word is corrected for a typo at least as likely: not for any one letter in place of another."""
SHARE_OF_LANGUAGE = 0.1
"""A query may be in a language that has this share of its probability."""
MIN_LETTERS_OF_TWO_EDITS = 6
LETTERS_KEPT = 3
"""Two edits are looked for behind the first letters, which people get right."""
CHOICES = (6, 4, 2, 2)
"""Corrections tried of each word when one, two, three, four are in doubt: at most 16 queries. Of more words the first are."""
HOPELESS = 1000
"""A correction is not tried if another is so many times as likely and frequent."""


@dataclass(frozen=True)
class Correction:
    """What to write from `start` to `end` of the query; `likelihood`: of its being typed so; `count`: the articles that `query`
    finds, which have it."""

    start: int
    end: int
    text: str
    likelihood: float
    count: int
    query: Query
    languages: Languages

    @cached_property
    def articles(self) -> Spread:
        only = [*self.languages.articles]
        return self.languages.spread(self.query) if only[1:] else dict.fromkeys(only, self.count)

    def articles_in(self, languages: Iterable[str]) -> int:
        return sum(self.articles.get(language, 0) for language in languages)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: `words` of it that may be misspelt, with the articles that have each, found by stem, at most."""

    reader: Reader
    text: str
    total: int
    languages: Languages
    words: tuple[tuple[TypedWord, Spread], ...]

    def others(self, *words: Correction | TypedWord) -> list[Spread]:
        """The articles that have each of the other words that any article has."""
        starts = [range(word.start, word.end) for word in words]
        return [spread for word, spread in self.words if spread and not any(word.start in here for here in starts)]

    def likely_languages(self, word: TypedWord) -> list[str]:
        """Which languages the query may be in by its other words, or if nothing has these, by what the archive has most of."""
        shares = self.languages.shares(self.others(word))
        return [language for language, share in shares.items() if share >= SHARE_OF_LANGUAGE]


@dataclass(slots=True)
class _Doubt:
    """A word that `count` articles have: in all, or of `likely` languages if others have it in other languages. `stands_so`: the
    articles that have it exactly so; `near`: the words that may be meant, each with the number of its articles."""

    word: TypedWord
    count: int
    likely: list[str] | None
    stands_so: int = 0
    near: dict[str, int] = field(default_factory=dict)

    @property
    def is_rare(self) -> bool:
        """Whether it stands nowhere so, and few articles have a form of it."""
        return self.likely is None and not self.stands_so

    @property
    def is_unknown(self) -> bool:
        return self.likely is None and not self.count and not self.near


def corrections(asked: Asked) -> list[list[Correction]]:
    """Of each word in doubt, likeliest first."""
    doubts = _doubts(asked)
    _look_near(asked, doubts)
    halves = _split(asked, [doubt.word for doubt in doubts if doubt.is_unknown])
    candidates = [_candidates(asked, doubt) for doubt in doubts]
    compared = [(d, found) for d, found in zip(doubts, candidates, strict=True) if found and (found[1:] or not d.is_rare)]
    printed_so = (doubt.word for doubt, _ in compared if doubt.stands_so and not asked.others(doubt.word))
    look_up(asked, chain.from_iterable(found for _, found in compared), printed_so)
    return [
        halves.get(doubt.word, []) if doubt.is_unknown else _probable(asked, doubt, _likeliest_first(asked, found))
        for doubt, found in zip(doubts, candidates, strict=True)
    ]


def _doubts(asked: Asked) -> list[_Doubt]:
    doubts: list[_Doubt] = []
    for word, articles in asked.words:
        everywhere = sum(articles.values())
        likely = asked.likely_languages(word) if everywhere > RARE else None
        count = everywhere if likely is None else sum(articles.get(language, 0) for language in likely)
        if count <= RARE:
            doubts.append(_Doubt(word, count, likely))
    foreign = [doubt for doubt in doubts if doubt.likely is not None]
    asked.languages.look_up(doubt.word.instead(doubt.word.term) for doubt in foreign)
    for doubt in foreign:
        if sum(asked.languages.spread(doubt.word.instead(doubt.word.term)).values()) <= RARE:
            doubt.likely = None  # to a stemmer of another language it looks like a form of one of its words
        elif asked.total > RARE or not asked.others(doubt.word):
            doubts.remove(doubt)
    return doubts


def _look_near(asked: Asked, doubts: list[_Doubt]) -> None:
    for doubt, near in zip(doubts, _near(asked.reader, [doubt.word for doubt in doubts], 1), strict=True):
        doubt.near = near
        if doubt.likely is None:
            doubt.stands_so = near.pop(doubt.word.term, 0)
    lost = [doubt for doubt in doubts if doubt.is_unknown and len(doubt.word.term) >= MIN_LETTERS_OF_TWO_EDITS]
    for doubt, near in zip(lost, _near(asked.reader, [doubt.word for doubt in lost], 2), strict=True):
        doubt.near = near


def _candidates(asked: Asked, doubt: _Doubt) -> list[Correction]:
    word, near = doubt.word, doubt.near
    if doubt.likely is not None:
        near = {term: number for term, number in near.items() if likelihood(word.term, term) >= LIKELY}
    if doubt.count or doubt.likely is not None:
        near = _other_words(asked.reader, word, near)
    if doubt.stands_so:
        least = _least_of_misprint(doubt)
        near = {term: number for term, number in near.items() if number * likelihood(word.term, term) >= least}
    elif doubt.likely is None:
        near = {term: number for term, number in near.items() if number >= MORE * doubt.count}
    return _likeliest(asked, word, near)


def _probable(asked: Asked, doubt: _Doubt, found: list[Correction]) -> list[Correction]:
    if doubt.likely is not None:  # only `count` articles have it in the likely languages of the query, and more in others
        return [each for each in found if each.articles_in(doubt.likely) >= IN_ITS_LANGUAGE * (doubt.count + 1)]
    if not doubt.stands_so or not found:
        return found
    # What articles have so is misprinted if a word is far more frequent in the language of the other words, or if there are none
    # in that of these articles.
    word, least = doubt.word, _least_of_misprint(doubt)
    likely = asked.likely_languages(word) if asked.others(word) else [*asked.languages.spread(word.instead(word.term))]
    return [each for each in found if each.articles_in(likely) * each.likelihood >= least]


def _least_of_misprint(doubt: _Doubt) -> float:
    times = MISPRINT if len(doubt.word.term) >= MIN_LETTERS_OF_MISPRINT else MISPRINT_IF_SHORT
    return max(doubt.count, doubt.stands_so) * times


def of_frequent(asked: Asked) -> tuple[list[Correction], list[Correction]]:
    """In place of words that are not in doubt others that are more frequent: of words in phrases alone, and of the rest."""
    words = asked.words[: len(CHOICES)]
    quoted: list[Correction] = []
    plain: list[Correction] = []
    candidates: list[list[Correction]] = []
    for (word, articles), near in zip(words, _near(asked.reader, [word for word, _ in words], 1), strict=True):
        count = sum(articles.values())
        more = {term: number for term, number in near.items() if number >= MORE * count}
        candidates.append(_likeliest(asked, word, _other_words(asked.reader, word, more) if count else more))
    look_up(asked, chain.from_iterable(candidates))
    for (word, _), found in zip(words, candidates, strict=True):
        some = quoted if all(isinstance(leaf, Phrase) for leaf in word.leaves) else plain
        some += _likeliest_first(asked, found)[: CHOICES[-1]]
    return quoted, plain


def look_up(asked: Asked, corrections: Iterable[Correction], words: Iterable[TypedWord] = ()) -> None:
    """In which languages they are, all at once."""
    queries = [each.query for each in corrections]
    if queries and len(asked.languages.articles) < 2:
        queries = []  # their languages are known
    asked.languages.look_up([*queries, *(word.instead(word.term) for word in words)])


def _likeliest(asked: Asked, word: TypedWord, near: dict[str, int]) -> list[Correction]:
    """Of words near it, each with the number of its articles, those that could be meant, at most CHOICES[0]."""
    how_likely = {term: likelihood(word.term, term) for term in near}
    scores = {term: number * how_likely[term] for term, number in near.items()}
    least = max(scores.values(), default=0) / HOPELESS
    first = sorted((term for term in near if scores[term] >= least), key=lambda term: (-scores[term], term))[: CHOICES[0]]
    return [
        Correction(word.start, word.end, term, how_likely[term], near[term], word.instead(term), asked.languages)
        for term in first
    ]


def _likeliest_first(asked: Asked, found: list[Correction]) -> list[Correction]:
    return sorted(found, key=lambda each: -plausible(asked, (each,))) if found[1:] else found


def _other_words(reader: Reader, word: TypedWord, near: dict[str, int]) -> dict[str, int]:
    """Those that are no forms of the word, by which a search would find it."""
    languages = reader.languages
    stems = {*word_terms(word.term, languages)}
    return {term: number for term, number in near.items() if stems.isdisjoint(word_terms(term, languages))}


def _near(reader: Reader, words: Sequence[TypedWord], edits: int) -> list[dict[str, int]]:
    """For each the words so many edits away; two behind the first letters."""
    asked = [
        Misspelt(field, word.term, edits, word.term[:LETTERS_KEPT] if edits > 1 else "")
        for word in words
        for field in word.fields
    ]
    found = iter(reader.words.near(asked) if asked else ())
    each = []
    for word in words:
        near: dict[str, int] = {}
        for _ in word.fields:
            for term, count in next(found).items():
                near[term] = max(count, near.get(term, 0))
        each.append(near)
    return each


def _split(asked: Asked, words: Sequence[TypedWord]) -> dict[TypedWord, list[Correction]]:
    """peacetalks -> peace talks, where most articles have the two side by side."""
    halves = [(w, (w.term[:place], w.term[place:])) for w in words for place in range(2, len(w.term) - 1)]
    counts = dict(zip(halves, _count(asked.reader, [word.instead(*both) for word, both in halves]), strict=True))
    found: dict[TypedWord, list[Correction]] = {}
    for word in words:
        best = max((each for each in halves if each[0] == word), key=lambda each: counts[each], default=None)
        if best and counts[best]:
            both = best[1]
            found[word] = [_apart_or_joined(asked, word, word, " ".join(both), counts[best], word.instead(*both))]
    return found


def joined(asked: Asked, typed: list[TypedWord]) -> Iterator[Correction]:
    """news paper -> newspaper."""
    pairs = [(left, right) for left, right in pairwise(typed) if asked.text[left.end : right.start] == " "]
    words = [left.term + right.term for left, right in pairs]
    counts = _count(asked.reader, [Phrase((word,)) for word in words])
    for (left, right), word, count in zip(pairs, words, counts, strict=True):
        if count:
            yield _apart_or_joined(asked, left, right, word, count, Phrase((word,)))


def _apart_or_joined(asked: Asked, first: TypedWord, last: TypedWord, text: str, count: int, query: Query) -> Correction:
    return Correction(first.start, last.end, text, LEFT_OUT * ONE_IN, count, query, asked.languages)


def _count(reader: Reader, queries: Sequence[Query]) -> list[int]:
    found = reader.search_each([SearchRequest(query, size=0) for query in queries]) if queries else []
    return [results.total for results in found]


def plausible(asked: Asked, corrections: Sequence[Correction]) -> float:
    """The logarithm of how likely the corrected query is asked for and typed so, but for what it finds."""
    words = [*asked.others(*corrections), *(each.articles for each in corrections)]
    return asked.languages.log_probability(words) + sum(log(each.likelihood) for each in corrections)
