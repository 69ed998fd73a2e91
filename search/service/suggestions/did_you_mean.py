"""Did you mean: a query's words corrected by the archive's own vocabulary.

    suggest(engine, "peice talks", parse("peice talks").query, 0, hits)
    -> Suggestion("peace talks", (("peice", "peace"),), total=12)

A word is in doubt if nothing has it, or little where a word a typo away is far more frequent, or little in the language of the
query's other words. Of the corrections the likeliest is suggested: by how such typos are made (search/analysis/typo_model.py),
how frequent the words are in the languages that the query may be in (search/service/suggestions/word_languages.py), and how much
the whole query then finds. Never one that finds nothing, or no more than what was typed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, product
from math import inf, log, prod

from search.analysis.analyzer import Token, exact_tokens, is_stemmed, word_terms
from search.analysis.typo_model import LEFT_OUT, ONE_IN, likelihood
from search.engines.protocol import Engine
from search.indexing.fields import ALL
from search.query.nodes import ANY, NAME_FIELDS, Near, Or, Phrase, PhrasePrefix, Query, SearchRequest, TextLeaf, Word, leaves
from search.service.suggestions.surface_forms import as_printed, match_case
from search.service.suggestions.word_languages import Languages, Spread

RARE = 3
"""A word that so many articles have, or fewer, may be a typo that others made too."""
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
WORTH = 2 * ONE_IN
"""A frequent word is corrected if two articles have it with the other words for a swap, more for a less likely typo; in a phrase
one does, since fewer words stand side by side by chance."""
SHARE_OF_LANGUAGE = 0.1
"""A query may be in a language that has this share of its probability."""
MIN_LETTERS = 3
MIN_LETTERS_OF_TWO_EDITS = 6
LETTERS_KEPT = 3
"""Two edits are looked for behind the first letters, which people get right."""
MAX_LETTERS = 40
MAX_WORDS = 16
"""Words of a query that are looked at."""
CHOICES = (6, 4, 2, 2)
"""Corrections tried of each word when one, two, three, four are in doubt: at most 16 queries. Of more words the first are."""
HOPELESS = 1000
"""A correction is not tried if another is so many times as likely and frequent."""
TOGETHER = 0.5
"""The exponent of how many articles the whole query finds. Swept 0-0.7 with word_languages.DAMPED: the share of words put right
 changes by a hundredth."""

Hits = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text`: the corrected query as it would be typed; `changed`: (typed, meant) of each word; `total`: what it finds."""

    text: str
    changed: tuple[tuple[str, str], ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Typed:
    """A word of the query: where it stands, and what it asks for, in each field."""

    start: int
    end: int
    term: str
    leaves: tuple[TextLeaf, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(leaf.field for leaf in self.leaves))

    def instead(self, *terms: str) -> Query:
        """What finds the terms, side by side, where the word is looked for."""
        return Or(tuple(Phrase(terms, field) for field in self.fields))


@dataclass(frozen=True)
class _Correction:
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
class _Asked:
    """What is asked for: `words` of it that may be misspelt, with the articles that have each, found by stem, at most."""

    engine: Engine
    text: str
    total: int
    hits: Hits
    languages: Languages
    words: tuple[tuple[_Typed, Spread], ...]

    def others(self, *words: _Correction | _Typed) -> list[Spread]:
        """The articles that have each of the other words that any article has."""
        starts = [range(word.start, word.end) for word in words]
        return [spread for word, spread in self.words if spread and not any(word.start in here for here in starts)]

    def likely_languages(self, word: _Typed) -> list[str]:
        """Which languages the query may be in by its other words, or if nothing has these, by what the archive has most of."""
        shares = self.languages.shares(self.others(word))
        return [language for language, share in shares.items() if share >= SHARE_OF_LANGUAGE]


def suggest(engine: Engine, text: str, query: Query, total: int, hits: Hits) -> Suggestion | None:
    """Of a text, read as the query, that finds `total` articles; `hits` tells how many another text finds. None if nothing better
    is known."""
    typed = [*_typed_words(text, query)][:MAX_WORDS]
    if total > RARE and " OR " not in text and all(_is_at_home(engine, word) for word in typed):
        return None  # each of its words has as many articles
    languages = Languages(engine)
    words = tuple((word, _articles_with(languages, word)) for word in typed)
    asked = _Asked(engine, text, total, hits, languages, words)
    doubtful = [found for word, articles in words if (found := _corrections(asked, word, articles))][: len(CHOICES)]
    if doubtful:
        all_of_them = product(*(some[: CHOICES[len(doubtful) - 1]] for some in doubtful))
        one_of_them = ((some[0],) for some in doubtful) if doubtful[1:] else ()
        return _best(asked, all_of_them) or _best(asked, one_of_them)
    if total:
        return None
    joined = ((each,) for each in _joined(asked, typed))
    return _best(asked, joined) or _best(asked, _of_frequent(asked, quoted=True)) or _best(asked, _of_frequent(asked), WORTH)


def _best(asked: _Asked, chosen: Iterable[tuple[_Correction, ...]], worth: float = 0) -> Suggestion | None:
    """Of choices of corrections that of the likeliest query; `worth`: what it has to find, times how likely it is typed so."""
    best: tuple[_Correction, ...] = ()
    most, found = -inf, 0
    for plausible, corrections in _by_plausibility(asked, [*chosen]):
        if best and plausible + TOGETHER * log(sum(asked.languages.articles.values())) <= most:
            break  # whatever it finds
        count = asked.hits(_corrected(asked.text, corrections))
        if count > asked.total and count * prod(each.likelihood for each in corrections) >= worth:
            score = plausible + TOGETHER * log(count)
            best, most, found = (corrections, score, count) if score > most else (best, most, found)
    if not best:
        return None
    printed = tuple(replace(each, text=as_printed(asked.engine, each.text)) for each in best)
    typed = [asked.text[each.start : each.end] for each in printed]
    changed = tuple((before, match_case(before, each.text)) for before, each in zip(typed, printed, strict=True))
    return Suggestion(_corrected(asked.text, printed), changed, found)


def _by_plausibility(asked: _Asked, chosen: list[tuple[_Correction, ...]]) -> list[tuple[float, tuple[_Correction, ...]]]:
    if len(chosen) < 2:
        return [(0, only) for only in chosen]
    return sorted(((_plausible(asked, each), each) for each in chosen), key=lambda pair: -pair[0])


def _plausible(asked: _Asked, corrections: Sequence[_Correction]) -> float:
    """The logarithm of how likely the corrected query is asked for and typed so, but for what it finds."""
    words = [*asked.others(*corrections), *(each.articles for each in corrections)]
    return asked.languages.log_probability(words) + sum(log(each.likelihood) for each in corrections)


def _corrected(text: str, corrections: Iterable[_Correction]) -> str:
    for each in sorted(corrections, key=lambda each: -each.start):
        text = text[: each.start] + match_case(text[each.start : each.end], each.text) + text[each.end :]
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


def _is_at_home(engine: Engine, word: _Typed) -> bool:
    """Whether articles in the archive's first language have it, or it was asked for as it stands."""
    for leaf in word.leaves:
        if not isinstance(leaf, Word) or leaf.field in NAME_FIELDS:
            return True
        first, *others = engine.languages() or ("",)
        terms = word_terms(leaf.text, (first, *(language for language in others if not is_stemmed(language))))
        counts = engine.bag_counts(ALL if leaf.field == ANY else leaf.field, terms)
        if max(counts.values(), default=0) > RARE:
            return True
    return False


def _articles_with(languages: Languages, word: _Typed) -> Spread:
    """The articles of each language that have it: of a stem as many as the index knows of, so that no search has to count."""
    stemmed = [leaf for leaf in word.leaves if isinstance(leaf, Word) and leaf.field not in NAME_FIELDS]
    if len(stemmed) < len(word.leaves):
        return languages.spread(Or(word.leaves))
    found: Spread = {}
    for leaf in stemmed:
        terms = word_terms(leaf.text, languages.engine.languages())
        for term, count in languages.engine.bag_counts(ALL if leaf.field == ANY else leaf.field, terms).items():
            language = term.removeprefix("?").partition("|")[0]  # ?| is of no known language
            found[language] = max(count, found.get(language, 0))
    return found


def _corrections(asked: _Asked, word: _Typed, articles: Spread) -> list[_Correction]:
    """Of a word in doubt, likeliest first."""
    everywhere = sum(articles.values())
    if everywhere <= RARE:
        return _of_rare(asked, word, everywhere)
    likely = asked.likely_languages(word)
    here = sum(articles.get(language, 0) for language in likely)
    if here > RARE:
        return []
    if sum(asked.languages.spread(word.instead(word.term)).values()) <= RARE:
        return _of_rare(asked, word, here)  # to a stemmer of another language it looks like a form of one of its words
    return _of_foreign(asked, word, here, likely) if asked.total <= RARE and asked.others(word) else []


def _of_rare(asked: _Asked, word: _Typed, count: int) -> list[_Correction]:
    near = _near(asked.engine, word, 1)
    stands_so = near.pop(word.term, 0)
    if not count and not near and len(word.term) >= MIN_LETTERS_OF_TWO_EDITS:
        near = _near(asked.engine, word, 2, word.term[:LETTERS_KEPT])
    if not near:
        return [] if count else _split(asked, word)
    near = _other_words(asked.engine, word, near) if count else near
    if stands_so:
        return _of_misprint(asked, word, near, max(count, stands_so))
    return _likeliest(asked, word, {term: number for term, number in near.items() if number >= MORE * count})


def _of_misprint(asked: _Asked, word: _Typed, near: dict[str, int], count: int) -> list[_Correction]:
    """Of a word that articles have, as one that is far more frequent in the language of the other words, or if there are none in
    that of these articles."""
    least = count * (MISPRINT if len(word.term) >= MIN_LETTERS_OF_MISPRINT else MISPRINT_IF_SHORT)
    near = {term: number for term, number in near.items() if number * likelihood(word.term, term) >= least}
    if not near:
        return []
    likely = asked.likely_languages(word) if asked.others(word) else [*asked.languages.spread(word.instead(word.term))]
    found = _likeliest(asked, word, near)
    return [each for each in found if each.articles_in(likely) * each.likelihood >= least]


def _of_foreign(asked: _Asked, word: _Typed, here: int, likely: Iterable[str]) -> list[_Correction]:
    """Of a word that only `here` articles have in the likely languages of the query, and more in others."""
    near = {term: number for term, number in _near(asked.engine, word, 1).items() if likelihood(word.term, term) >= LIKELY}
    found = _likeliest(asked, word, _other_words(asked.engine, word, near))
    return [each for each in found if each.articles_in(likely) >= IN_ITS_LANGUAGE * (here + 1)]


def _of_frequent(asked: _Asked, quoted: bool = False) -> Iterator[tuple[_Correction, ...]]:
    """One or the other word of those that are not in doubt, in phrases or not, in place of it one that is more frequent."""
    for word, articles in asked.words[: len(CHOICES)]:
        if quoted == all(isinstance(leaf, Phrase) for leaf in word.leaves):
            count = sum(articles.values())
            near = {term: number for term, number in _near(asked.engine, word, 1).items() if number >= MORE * count}
            near = _other_words(asked.engine, word, near) if count else near
            yield from ((each,) for each in _likeliest(asked, word, near)[: CHOICES[-1]])


def _likeliest(asked: _Asked, word: _Typed, near: dict[str, int]) -> list[_Correction]:
    """Of words near it, each with the number of its articles, those that could be meant, likeliest first, at most CHOICES[0]."""
    how_likely = {term: likelihood(word.term, term) for term in near}
    scores = {term: number * how_likely[term] for term, number in near.items()}
    least = max(scores.values(), default=0) / HOPELESS
    first = sorted((term for term in near if scores[term] >= least), key=lambda term: (-scores[term], term))[: CHOICES[0]]
    found = [
        _Correction(word.start, word.end, term, how_likely[term], near[term], word.instead(term), asked.languages)
        for term in first
    ]
    return sorted(found, key=lambda each: -_plausible(asked, (each,))) if found[1:] else found


def _other_words(engine: Engine, word: _Typed, near: dict[str, int]) -> dict[str, int]:
    """Those that are no forms of the word, by which a search would find it."""
    languages = engine.languages()
    stems = {*word_terms(word.term, languages)}
    return {term: number for term, number in near.items() if stems.isdisjoint(word_terms(term, languages))}


def _near(engine: Engine, word: _Typed, edits: int, start: str = "") -> dict[str, int]:
    near: dict[str, int] = {}
    for field in word.fields:
        for term, count in engine.near_words(field, word.term, edits, start).items():
            near[term] = max(count, near.get(term, 0))
    return near


def _split(asked: _Asked, word: _Typed) -> list[_Correction]:
    """peacetalks -> peace talks, where most articles have the two side by side."""
    halves = [(word.term[:place], word.term[place:]) for place in range(2, len(word.term) - 1)]
    counts = {both: _count(asked.engine, word.instead(*both)) for both in halves}
    best = max(halves, key=lambda both: counts[both], default=("", ""))
    return [_apart_or_joined(asked, word, word, " ".join(best), counts[best], word.instead(*best))] if counts.get(best) else []


def _joined(asked: _Asked, typed: list[_Typed]) -> Iterator[_Correction]:
    """news paper -> newspaper."""
    for left, right in pairwise(typed):
        together = left.term + right.term
        if asked.text[left.end : right.start] == " " and (count := _count(asked.engine, Phrase((together,)))):
            yield _apart_or_joined(asked, left, right, together, count, Phrase((together,)))


def _apart_or_joined(asked: _Asked, first: _Typed, last: _Typed, text: str, count: int, query: Query) -> _Correction:
    return _Correction(first.start, last.end, text, LEFT_OUT * ONE_IN, count, query, asked.languages)


def _count(engine: Engine, query: Query) -> int:
    return engine.search(SearchRequest(query, size=0)).total
