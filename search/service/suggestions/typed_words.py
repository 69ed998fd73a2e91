"""The words of a query that may be misspelt, and how many articles have each.

typed_words("peice talks", parse("peice talks").query)  # TypedWord(0, 5, "peice", …), TypedWord(6, 11, "talks", …)
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from search.analysis.analyzer import Token, exact_tokens, is_stemmed, word_terms
from search.engines.protocol import FieldTerm, Reader
from search.indexing.fields import ALL
from search.query.nodes import ANY, NAME_FIELDS, Near, Or, Phrase, PhrasePrefix, Query, TextLeaf, Word, leaves
from search.service.suggestions.word_languages import Languages, Spread

RARE = 3
"""A word that so many articles have, or fewer, may be a typo that others made too."""
MIN_LETTERS = 3
MAX_LETTERS = 40


@dataclass(frozen=True, slots=True)
class TypedWord:
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


def typed_words(text: str, query: Query) -> Iterator[TypedWord]:
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
            yield TypedWord(token.start, token.end, token.term, tuple(found))


def _may_be_misspelt(token: Token) -> bool:
    return not token.unspaced and MIN_LETTERS <= len(token.term) <= MAX_LETTERS and not any(c.isdigit() for c in token.term)


def are_at_home(reader: Reader, typed: list[TypedWord]) -> bool:
    """Whether articles in the archive's first language have each, or it was asked for as it stands."""
    first, *others = reader.languages or ("",)
    languages = (first, *(language for language in others if not is_stemmed(language)))
    terms = [some for word in typed if (some := _bag_terms(word, languages)) is not None]
    counts = reader.words.having(set().union(*terms)) if terms else {}
    return all(any(counts.get(term, 0) > RARE for term in some) for some in terms)


def articles_with(languages: Languages, typed: list[TypedWord]) -> Iterator[Spread]:
    """The articles of each language that have each word: of a stem as many as the index knows of, so that no search has to
    count."""
    terms = {word: _bag_terms(word, languages.reader.languages) for word in typed}
    stemmed = {term for some in terms.values() for term in some or ()}
    counts = languages.reader.words.having(stemmed) if stemmed else {}
    languages.look_up(Or(word.leaves) for word, some in terms.items() if some is None)
    for word in typed:
        yield languages.spread(Or(word.leaves)) if (some := terms[word]) is None else _spread(some, counts)


def _spread(terms: Iterable[FieldTerm], counts: Mapping[FieldTerm, int]) -> Spread:
    spread: Spread = {}
    for field, term in terms:
        if count := counts.get((field, term)):
            language = term.removeprefix("?").partition("|")[0]  # ?| is of no known language
            spread[language] = max(count, spread.get(language, 0))
    return spread


def _bag_terms(word: TypedWord, languages: Iterable[str]) -> list[FieldTerm] | None:
    """Those that it is found by; None if it is asked for as it stands."""
    terms: list[FieldTerm] = []
    for leaf in word.leaves:
        if not isinstance(leaf, Word) or leaf.field in NAME_FIELDS:
            return None
        terms += [(ALL if leaf.field == ANY else leaf.field, term) for term in word_terms(leaf.text, languages)]
    return terms
