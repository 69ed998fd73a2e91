"""Text -> terms with positions: the one analyser of all engines, the highlighter and the oracle.

Two kinds of terms (search/indexing/fields.py says which field has which):

- *exact* terms are folded, one for each token in order; phrases, prefixes, wildcards and typos are looked up in them. Of U.S.
  each letter is one, as of U. S.; a number has no signs between its thousands.
- *bag* terms are stemmed and folded and carry their language, `en|negoti`; plain words are looked up in them. A token may
  have several: stem-then-fold and fold-then-stem; the joined form of cease-fire, `en|ceasefir`, beside its parts; the
  initialism of US, U.S. and U. S., `|u.s.`; Đoković as Djokovic; 12000 of 12 000. Terms without a language (`|1953`, `|北京`)
  are the same in every language; a word of an article whose language is not known is `?|dividends`
  (search/analysis/unknown_language.py).

    >>> [t.term for t in exact_tokens("Cease-fire in 北京, U.S. says")]
    ['cease', 'fire', 'in', '北', '京', 'u', 's', 'says']
    >>> sorted(bag_terms("Cease-fire", "en"))
    ['en|ceas', 'en|ceasefir', 'en|fire']
    >>> word_terms("négociations", ("fr", "en"))
    ('fr|negoci', 'en|negoci', '?|negociations')

Scripts written without spaces (Chinese, Japanese, Korean, Thai …) give one exact term a character, and overlapping bigrams
and single characters in the bag.
"""

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import chain, zip_longest
from typing import Any, ClassVar, NamedTuple, TypeVar
from zlib import crc32

import Stemmer

from search.analysis.folding import MARKS, NON_JOINER, fold
from search.analysis.joined_tokens import JOINERS, READ_OTHERWISE, Compound, chunk_compounds, compounds, exact
from search.analysis.letters import spelt_out
from search.analysis.tokens import INITIALS, MAX_REMEMBERED_CHARACTERS, MAX_TERM_CHARACTERS, Token, chunk_tokens, is_unspaced

__all__ = [
    "ANALYSIS_VERSION",
    "FILLER",
    "JOINERS",
    "MAX_TERM_CHARACTERS",
    "NON_JOINER",
    "READ_OTHERWISE",
    "UNKNOWN",
    "Compound",
    "Term",
    "TextTerms",
    "Token",
    "bag_terms",
    "bag_tokens",
    "chunk_bag_terms",
    "chunk_compounds",
    "chunk_exact_terms",
    "chunk_words",
    "compound_bag_tokens",
    "compounds",
    "exact_spans",
    "exact_terms",
    "exact_tokens",
    "fold",
    "is_stemmed",
    "is_unspaced",
    "sampled_terms",
    "spaced_initials",
    "spaced_numbers",
    "spaced_terms",
    "stems",
    "text_terms",
    "without_blanks_inside",
    "word_terms",
]

ANALYSIS_VERSION = 2
"""Raised with every change of the terms; an index of another version raises IndexMismatch."""

UNKNOWN = "?|"
"""The prefix of a word's term in an article without a known language."""

SAMPLED = 4

FILLER = "¶"
"""Separates passages in an exact field; never a term of a text."""

_STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "da": "danish", "nl": "dutch", "en": "english",
    "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
    "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "nb": "norwegian",
    "nn": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

_LETTERS = re.compile(rf"(?:[^\W\d_]|[{MARKS}])+")
_ONE_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ÿА-яЁё]{1,64}")  # most pieces are; no other rule has a say in these
_AROUND = ',;:!?…()[]"“”„«»'  # what stands around words and is part of no token


@dataclass(frozen=True, slots=True)
class Term:
    """A term and the part of the text it was made from."""

    term: str
    start: int
    end: int


def exact_terms(text: str) -> list[str]:
    """The exact terms of the text, in order."""
    return list(chain.from_iterable(map(_EXACT_TERMS.__getitem__, text.split())))


class TextTerms(NamedTuple):
    """The terms of a text. `sampled`: `sampled_terms` of the exact ones."""

    exact: list[str]
    bag: list[str]
    sampled: bytes


def text_terms(text: str, language: str | None) -> TextTerms:
    """`exact_terms` and `bag_terms` of the same text, in less time than one after the other."""
    lines = "\n".join(map(_both_terms(language, not text.isupper()).__getitem__, text.split())).split("\n")
    bag = list(filter(None, lines[1::3]))
    bag += [term.term for term in spaced_terms(text, language)]
    return TextTerms(list(filter(None, lines[::3])), bag, "".join(lines[2::3]).encode())


def sampled_terms(terms: Iterable[str]) -> bytes:
    """For each term 1 if it belongs to a sample, which is the same in every text, of one in SAMPLED of all terms; else 0."""
    return bytes([crc32(term.encode()) % SAMPLED == 0 for term in terms])


def exact_tokens(text: str) -> list[Token]:
    """The tokens of the text, in order; their terms are `exact_terms`."""
    return [token for compound in compounds(text) for token in compound.tokens]


def exact_spans(text: str) -> list[tuple[int, int]]:
    """[start, end) of each of `exact_terms`."""
    spans: list[tuple[int, int]] = []
    offset = 0
    for chunk in text.split():
        offset = text.find(chunk, offset)
        for start, end in _EXACT_SPANS[chunk]:
            spans.append((offset + start, offset + end))
        offset += len(chunk)
    return spans


def bag_terms(text: str, language: str | None) -> list[str]:
    """The bag terms of a text in that language."""
    initials = not text.isupper()  # in a HEADLINE IN CAPITALS, US may be us
    terms = list(chain.from_iterable(map(_bag_terms(language, initials).__getitem__, text.split())))
    terms += [term.term for term in spaced_terms(text, language)]
    return terms


def bag_tokens(text: str, language: str | None) -> list[Term]:
    """`bag_terms`, each with its part of the text."""
    initials = not text.isupper()
    terms = [term for compound in compounds(text) for term in compound_bag_tokens(compound, language, initials)]
    return terms + spaced_terms(text, language)


def compound_bag_tokens(compound: Compound, language: str | None, initials: bool) -> list[Term]:
    found: list[Term] = []
    for token in compound.significant:
        found += [Term(form, token.start, token.end) for form in _token_bag_terms(token, language, initials)]
    for left, right in zip(compound.tokens, compound.tokens[1:], strict=False):
        if left.unspaced:
            found.append(Term("|" + left.term + right.term, left.start, right.end))
    if compound.joined:
        start, end = compound.significant[0].start, compound.significant[-1].end
        found += [Term(form, start, end) for form in stems(compound.joined, language)]
    if compound.others:
        known = {term.term for term in found}
        for other in compound.others:
            forms = [form for form in stems(other.word, language) if form not in known]
            known.update(forms)
            found += [Term(form, other.start, other.end) for form in forms]
    return found


def _token_bag_terms(token: Token, language: str | None, initials: bool) -> tuple[str, ...]:
    terms = ("|" + token.term,) if token.unspaced else stems(token.word, language)
    return (*terms, "|" + token.initials) if initials and token.initials else terms


def word_terms(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    """The bag terms by which a query's word (`Token.word` or `Compound.joined`) is found in articles in these languages."""
    return tuple({term: None for language in (*languages, None) for term in stems(word, language)})


def is_stemmed(language: str) -> bool:
    """Whether there is a stemmer for the language."""
    return language in _STEMMERS


@lru_cache(maxsize=200_000)
def stems(word: str, language: str | None) -> tuple[str, ...]:
    """The bag terms of one word (lower case, accents kept) in a language: stemmed then folded, folded then stemmed if that
    differs, and the same for its spelling without language-specific letters (Djokovic)."""
    folded = fold(word)
    if folded == word:
        return (_stem(word, language),)
    spelt = spelt_out(word, language)
    return tuple(
        dict.fromkeys((*_both_ways(word, folded, language), *(_both_ways(spelt, fold(spelt), language) if spelt else ())))
    )


def _both_ways(word: str, folded: str, language: str | None) -> tuple[str, str]:
    first = _stem(word, language)
    tag, _, stem = first.partition("|")
    return f"{tag}|{fold(stem)}", _stem(folded, language)


def _stem(word: str, language: str | None) -> str:
    if (language is None or language in _STEMMERS) and (word.isalpha() or _LETTERS.fullmatch(word)):
        if language:
            return f"{language}|{_stemmer(language).stemWord(word)}"
        return f"|{word}" if is_unspaced(word[0]) else UNKNOWN + word
    return f"|{word}"


T = TypeVar("T")


class _Table(dict[str, T]):
    """What `read` finds in pieces of text, remembered: to look a word up takes a hundredth of the time. Long pieces, which rarely
    recur, are read each time. All tables together remember MANY pieces."""

    MANY = 600_000
    CHECKED_EACH = 1_000
    _all: ClassVar[list["_Table[Any]"]] = []

    def __init__(self, read: Callable[[str], T]) -> None:
        self._read = read
        self._all.append(self)

    def __missing__(self, chunk: str) -> T:
        found = self._read(chunk)
        if len(chunk) <= MAX_REMEMBERED_CHARACTERS:
            if not len(self) % self.CHECKED_EACH and sum(map(len, self._all)) >= self.MANY:
                for table in self._all:
                    table.clear()
            self[chunk] = found
        return found


def chunk_exact_terms(chunk: str) -> tuple[str, ...]:
    return _EXACT_TERMS[chunk]


def _read_exact_terms(chunk: str) -> tuple[str, ...]:
    if _ONE_WORD.fullmatch(chunk):
        return (sys.intern(fold(chunk)),)
    stripped = chunk.strip(_AROUND)
    if stripped != chunk:
        return _EXACT_TERMS[stripped]
    tokens = chunk_tokens(chunk)
    if "." in chunk:
        return tuple(letter.term for token in tokens for letter in exact(chunk, token))
    return tuple([token.term for token in tokens])


def _read_exact_spans(chunk: str) -> tuple[tuple[int, int], ...]:
    return tuple((token.start, token.end) for compound in chunk_compounds(chunk) for token in compound.tokens)


_EXACT_TERMS = _Table(_read_exact_terms)
_EXACT_SPANS = _Table(_read_exact_spans)


def chunk_bag_terms(chunk: str, language: str | None, initials: bool) -> tuple[str, ...]:
    return _bag_terms(language, initials)[chunk]


@cache
def _bag_terms(language: str | None, initials: bool) -> _Table[tuple[str, ...]]:
    return _Table(partial(_read_bag_terms, language, initials))


def _read_bag_terms(language: str | None, initials: bool, chunk: str) -> tuple[str, ...]:
    if _ONE_WORD.fullmatch(chunk) and not INITIALS.fullmatch(chunk):
        return stems(chunk.lower(), language)
    stripped = chunk.strip(_AROUND)
    if stripped != chunk:
        return chunk_bag_terms(stripped, language, initials)
    terms: list[str] = []
    for compound in chunk_compounds(chunk):
        if len(compound.tokens) > 1:
            terms += [term.term for term in compound_bag_tokens(compound, language, initials)]
        else:
            terms += _token_bag_terms(compound.tokens[0], language, initials)
    return tuple(terms)


@cache
def _both_terms(language: str | None, initials: bool) -> _Table[str]:
    return _Table(partial(_read_both_terms, language, initials))


def _read_both_terms(language: str | None, initials: bool, chunk: str) -> str:
    """Of a piece three lines for each term of either kind: one exact term, one bag term, whether the exact one is sampled. As one
    string they are found in half the time that a tuple of tuples takes: they lie in one place of the memory."""
    if _ONE_WORD.fullmatch(chunk) and not INITIALS.fullmatch(chunk):
        return _as_lines((fold(chunk),), stems(chunk.lower(), language))
    stripped = chunk.strip(_AROUND)
    if stripped == chunk and chunk.endswith(".") and _ONE_WORD.fullmatch(chunk[:-1]):
        stripped = chunk[:-1]  # the end of a sentence, not of U.S.
    if stripped != chunk:
        return _both_terms(language, initials)[stripped]
    return _as_lines(_read_exact_terms(chunk), _read_bag_terms(language, initials, chunk))


def _as_lines(exact: tuple[str, ...], bag: tuple[str, ...]) -> str:
    lines = zip_longest(exact, bag, sampled_terms(exact).decode(), fillvalue="")
    return "\n".join(chain.from_iterable(lines)) or "\n\n"


def chunk_words(chunk: str) -> tuple[str, ...]:
    """The `Token.word` of each significant token."""
    if _ONE_WORD.fullmatch(chunk):
        return (chunk.lower(),)
    return tuple(token.word for compound in chunk_compounds(chunk) for token in compound.significant)


# ---------------------------------------------------------------- across blanks

_A_LETTER = r"[^\W\d_]"
_MAY_BE_NUMBER = re.compile(r"[0-9٠-٩۰-۹०-९০-৯]\s\d{3}(?!\d)")  # a set of characters is faster than \d
_SPACED_NUMBER = re.compile(rf"(?<![\w.,'’{MARKS}])(?!0)(\d{{1,3}}(?:\s\d{{3}})+)([.,٫]\d{{1,2}})?(?![\w{MARKS}]|[.,]\d)")
_MAY_BE_INITIALS = re.compile(rf"\.\s{{1,2}}{_A_LETTER}\.")
_SPACED_INITIALS = re.compile(
    rf"(?<![\w.&'’{MARKS}])(?:Ph|{_A_LETTER})\.(?:{_A_LETTER}\.)*(?:\s{{1,2}}{_A_LETTER}\.(?:{_A_LETTER}\.)*){{1,5}}(?!\w)"
)


def spaced_terms(text: str, language: str | None) -> list[Term]:
    """The bag terms of text that belongs together across spaces: the number 1 234 567, the initials J. R. R. and Ph. D."""
    return spaced_numbers(text) + spaced_initials(text, language)


def spaced_numbers(text: str) -> list[Term]:
    if not _MAY_BE_NUMBER.search(text):
        return []
    return [Term("|" + fold(_without_blanks(m)), m.start(), m.end()) for m in _SPACED_NUMBER.finditer(text)]


def spaced_initials(text: str, language: str | None) -> list[Term]:
    found: list[Term] = []
    if _MAY_BE_INITIALS.search(text):
        for m in _SPACED_INITIALS.finditer(text):
            for compound in chunk_compounds(_without_blanks(m)):
                terms = compound_bag_tokens(Compound(compound.tokens, compound.joined, compound.significant), language, False)
                found += [Term(term.term, m.start(), m.end()) for term in terms]
    return found


def without_blanks_inside(text: str) -> str:
    """1 234 567 -> 1234567, J. R. R. Tolkien -> J.R.R. Tolkien"""
    if _MAY_BE_NUMBER.search(text):
        text = _SPACED_NUMBER.sub(_without_blanks, text)
    return _SPACED_INITIALS.sub(_without_blanks, text) if _MAY_BE_INITIALS.search(text) else text


def _without_blanks(found: re.Match[str]) -> str:
    return re.sub(r"\s", "", found[0])


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Any:
    """It has no cache of its own, which would cost more than it saves: `stems` has one."""
    return Stemmer.Stemmer(_STEMMERS[language], 0)
