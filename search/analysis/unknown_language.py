"""How articles without a known language are found in any form of a word: with the stemmers of the archive's frequent languages.

Their words are stored unstemmed, separate from those of all other articles: `?|dividend`, `?|dividends`. A query's word is looked
up as all of these that share its stem in one of the languages:

    stemmed = Stemmed(["?|dividend", "?|dividends", "?|rain"], ("en",))
    stemmed.forms("dividends")                       # ("?|dividend", "?|dividends")
    form_of("dividends", ("en",))("?|dividend")      # True: the same for one term
"""

from collections.abc import Callable, Iterable, Mapping

from search.analysis.analyzer import UNKNOWN, is_stemmed, stems

MIN_SHARE = 0.05
"""The share of the articles with a known language that makes a language frequent."""


def frequent_languages(articles: Mapping[str, int]) -> tuple[str, ...]:
    """The frequent languages that have a stemmer, most frequent first, given the number of articles in each language."""
    least = sum(articles.values()) * MIN_SHARE
    frequent = [language for language, count in articles.items() if count >= least and is_stemmed(language)]
    return tuple(sorted(frequent, key=lambda language: (-articles[language], language)))


class Stemmed:
    """The terms of articles without a known language, by their stems in each of the languages."""

    def __init__(self, terms: Iterable[str], languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._learned: set[str] = set()
        self._forms: dict[str, list[str]] = {}
        self.learn(terms)

    def learn(self, terms: Iterable[str]) -> None:
        """Add terms; those that it has take no time."""
        for term in terms:
            if term not in self._learned:
                for stem in stems_in(term.removeprefix(UNKNOWN), self.languages):
                    self._forms.setdefault(stem, []).append(term)
                self._learned.add(term)

    def forms(self, word: str) -> tuple[str, ...]:
        """The terms that are forms of the word, which is given as in Token.word; in the same order in every process."""
        found = (term for stem in stems_in(word, self.languages) for term in self._forms.get(stem, ()))
        return tuple(sorted(set(found))) if self._forms else ()


class StemmedSoFar:
    """What was stemmed of an index, kept from one of its states to the next: to stem 55,000 terms takes seconds, and a batch
    brings few new ones. Terms that the index no longer has are still among the forms of a word; nothing is found by them."""

    def __init__(self) -> None:
        self._stemmed = Stemmed((), ())

    def of_state(self, terms: Iterable[str], languages: tuple[str, ...]) -> Stemmed:
        """Given all terms that a state has, and its frequent languages."""
        if self._stemmed.languages != languages:
            self._stemmed = Stemmed((), languages)
        stemmed = self._stemmed
        stemmed.learn(terms)
        return stemmed


def form_of(word: str, languages: tuple[str, ...]) -> Callable[[str], bool]:
    """Returns a function that says whether a term of an article without a known language is a form of the word."""
    wanted = stems_in(word, languages)
    return lambda term: term.startswith(UNKNOWN) and not wanted.isdisjoint(stems_in(term.removeprefix(UNKNOWN), languages))


def stems_in(word: str, languages: tuple[str, ...]) -> set[str]:
    return {stem for language in languages for stem in stems(word, language)}
