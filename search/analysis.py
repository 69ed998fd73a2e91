"""Text -> terms with positions: the one analyser of all engines, the highlighter and the oracle.

Two kinds of terms (search/document.py says which field has which):

- *exact* terms are folded, one for each token in order; phrases, prefixes, wildcards and typos are looked up in them.
- *bag* terms are stemmed and folded and carry their language, `en|negoti`; plain words are looked up in them. A token may
  have several: stem-then-fold and fold-then-stem; the joined form of cease-fire, `en|ceasefir`, beside its parts; the
  initialism of US, `|u.s.`. Terms without a language (`|1953`, `|北京`) are the same in every language.

    >>> [t.term for t in exact_tokens("Cease-fire in 北京, U.S. says")]
    ['cease', 'fire', 'in', '北', '京', 'u.s.', 'says']
    >>> sorted(bag_terms("Cease-fire", "en"))
    ['en|ceas', 'en|ceasefir', 'en|fire']
    >>> word_terms("négociations", ("fr", "en"))
    ('fr|negoci', 'en|negoci')

Scripts written without spaces (Chinese, Japanese, Korean, Thai …) give one exact term a character, and overlapping bigrams
and single characters in the bag.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

import Stemmer

ANALYSIS_VERSION = 1
"""Goes up with every change of the terms; an index of another version is an IndexMismatch."""

FILLER = "¶"
"""Stands between passages in an exact field; never a term of a text."""

MAX_TERM_CHARACTERS = 100
"""Longer tokens (base64, row upon row of letters) are cut to this, in texts and queries alike."""

_STEMMERS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "da": "danish", "nl": "dutch", "en": "english",
    "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
    "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "nb": "norwegian",
    "nn": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Scripts without spaces, and Hangul, whose particles are written onto the word.
_UNSPACED = (
    "\u0e00-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e50-\u0e59"  # Thai
    "\u0e80-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0ed0-\u0edf"  # Lao
    "\u1000-\u102a\u103f-\u1055\u1780-\u17b3\u17dc\u17e0-\u17e9"  # Burmese, Khmer
    "\u1100-\u115f\uac00-\ud7af\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"
)
_HALF_WIDTH_MARKS = "\uff9e\uff9f"
_JAMO_AFTER_FIRST = "\u1160-\u11ff"  # the vowel and the end of a Hangul syllable that was taken apart (NFD)
_INVISIBLE = "\u00ad\u200c\u200d\u2060\ufeff"  # soft hyphen, joiners: inside a word they are not there
_HYPHENS = "-\u2010\u2011"
_APOSTROPHES = "'\u2018\u2019\u02bb\u02bc\uff07`\u00b4"
_TATWEEL = (
    "\u0640\ufcf2\ufcf3\ufcf4\ufe71\ufe77\ufe79\ufe7b\ufe7d\ufe7f"  # Arabic strokes that only fill, alone and below a vowel point
)
# Vowel points of Hebrew and Arabic, which few people type.
_POINTS = (*range(0x591, 0x5BE), 0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7, *range(0x64B, 0x653), 0x670)


def _mark_ranges() -> str:
    """Combining marks (Unicode category M) below U+20000, as the inside of a regular expression's [...]."""
    ranges: list[str] = []
    start = None
    for code in range(0x300, 0x20001):
        if unicodedata.category(chr(code))[0] == "M":
            start = code if start is None else start
        elif start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(ranges)


_MARKS = _mark_ranges() + _HALF_WIDTH_MARKS + _JAMO_AFTER_FIRST + _INVISIBLE + _TATWEEL
_NO_LETTERS = _APOSTROPHES + _TATWEEL + _HALF_WIDTH_MARKS  # some of them are letters to Unicode
_WORD = rf"[^\W_{_NO_LETTERS}]"
_LETTER = rf"[^\W\d_{_NO_LETTERS}ßẞæÆœŒþÞĳĲŉ\ufb00-\ufb06][{_MARKS}]*"  # not those that stand for two
_UNSPACED_RUN = re.compile(f"(?P<unspaced>[{_UNSPACED}][{_UNSPACED}{_MARKS}]*)|[^{_UNSPACED}]+")
_UNSPACED_TOKEN = re.compile(f"[{_UNSPACED}][{_MARKS}]*")
_TOKEN = re.compile(
    rf"""(?<!{_WORD}){_LETTER}(?:\.{_LETTER})+(?!{_WORD}|[{_MARKS}])\.?   # U.S., J.R.R.
    | (?<!{_WORD})[A-Za-z](?:\+\+|\#)(?!{_WORD})                         # C++, C#
    | \d+(?:[.,]\d+)+(?:{_WORD}|[{_MARKS}])*                            # 1,000  10.03.2022  1.5bn
    | {_WORD}(?:{_WORD}|[{_MARKS}])*""",
    re.VERBOSE,
)
_PLAIN = re.compile(rf"{_WORD}(?:{_WORD}|[{_MARKS}])*|[{_MARKS}]+")
_LETTERS = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+")
_CHUNK = re.compile(r"\S+")
_ONE_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ÿА-яЁё]{1,64}")  # most pieces are; no other rule has a say in these
_AROUND = ',;:!?…()[]"“”„«»'  # what stands around words and is part of no token
_INITIALS = re.compile(r"[A-Z]{2,5}")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_FOLDED_LETTERS = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ĳ": "ij",
        "ŉ": "n",
        "ё": "е",
    }
    | dict.fromkeys(_INVISIBLE + _TATWEEL, "")
    | dict.fromkeys(map(chr, _POINTS), "")
    | dict.fromkeys(_APOSTROPHES, "'")
)
_DROP_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text. `word`: lower case, accents kept; `term`: its exact term; [start, end): code points of the text;
    `initials`: `u.s.` of a US in capitals."""

    word: str
    term: str
    start: int
    end: int
    unspaced: bool = False
    initials: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A term with the stretch of text it was made of."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Compound:
    """Tokens joined by one hyphen, apostrophe, & or /, without white space; or one token alone; or a run of an unspaced script.

    `joined`: the word without the joiners (`ceasefire`, `usled`), None where there is none: of one token, of an unspaced run,
    of C++/Java or 1.5-litre, whose parts are no plain words.
    `significant`: the tokens that stand for themselves, without the s of people's and the l of l'accord.
    """

    tokens: tuple[Token, ...]
    joined: str | None
    significant: tuple[Token, ...]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


def exact_terms(text: str) -> list[str]:
    """The exact terms of the text, in order."""
    terms: list[str] = []
    chunks = text.split()
    read = _reader(_chunk_exact_terms, chunks)
    for chunk in chunks:
        terms += read(chunk.strip(_AROUND))
    return terms


def exact_tokens(text: str) -> list[Token]:
    """The tokens of the text, in order; their terms are `exact_terms`."""
    return [token for compound in compounds(text) for token in compound.tokens]


def exact_spans(text: str) -> list[tuple[int, int]]:
    """[start, end) of each of `exact_terms`."""
    spans: list[tuple[int, int]] = []
    chunks = text.split()
    read = _reader(_chunk_exact_spans, chunks)
    offset = 0
    for chunk in chunks:
        offset = text.find(chunk, offset)
        for start, end in read(chunk):
            spans.append((offset + start, offset + end))
        offset += len(chunk)
    return spans


def bag_terms(text: str, language: str | None) -> list[str]:
    """The bag terms of a text in that language."""
    terms: list[str] = []
    initials = not text.isupper()  # in a HEADLINE IN CAPITALS, US may be us
    chunks = text.split()
    read = _reader(_chunk_bag_terms, chunks)
    for chunk in chunks:
        terms += read(chunk.strip(_AROUND), language, initials)
    return terms


def bag_tokens(text: str, language: str | None) -> list[Term]:
    """`bag_terms`, each with its stretch of text."""
    initials = not text.isupper()
    return [term for compound in compounds(text) for term in compound_bag_tokens(compound, language, initials)]


def compound_bag_tokens(compound: Compound, language: str | None, initials: bool) -> list[Term]:
    found: list[Term] = []
    for token in compound.significant:
        forms = ("|" + token.term,) if token.unspaced else stems(token.word, language)
        found += [Term(form, token.start, token.end) for form in forms]
        if initials and token.initials:
            found.append(Term("|" + token.initials, token.start, token.end))
    for left, right in zip(compound.tokens, compound.tokens[1:], strict=False):
        if left.unspaced:
            found.append(Term("|" + left.term + right.term, left.start, right.end))
    if compound.joined:
        found += [Term(form, compound.start, compound.significant[-1].end) for form in stems(compound.joined, language)]
    return found


def word_terms(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    """The bag terms by which a query's word (`Token.word` or `Compound.joined`) is found in articles of these languages."""
    return tuple({term: None for language in (*languages, None) for term in stems(word, language)})


def compounds(text: str) -> list[Compound]:
    """The text's tokens, grouped, in order."""
    found: list[Compound] = []
    for chunk in _CHUNK.finditer(text):
        found += [_moved(compound, chunk.start()) for compound in chunk_compounds(chunk[0])]
    return found


@lru_cache(maxsize=200_000)
def stems(word: str, language: str | None) -> tuple[str, ...]:
    """The bag terms of one word (lower case, accents kept) in a language: stem-then-fold, fold-then-stem if it differs."""
    folded = fold(word)
    if _THOUSANDS.fullmatch(folded):
        return ("|" + folded, "|" + re.sub(r"\D", "", folded))
    if language not in _STEMMERS or not _LETTERS.fullmatch(folded):
        return ("|" + folded,)
    stemmer = _stemmer(language)
    first = fold(stemmer.stemWord(word))
    if folded == word:
        return (f"{language}|{first}",)
    second = stemmer.stemWord(folded)
    return (f"{language}|{first}",) if first == second else (f"{language}|{first}", f"{language}|{second}")


def fold(text: str) -> str:
    """Lower case; no accents on Latin and Greek letters; ß ss, ø o, æ ae; one kind of apostrophe; compatibility forms gone.

    が, й and Hangul stay what they are."""
    if text.isascii():
        return text.lower()
    text = _compatible(text.translate(_FOLDED_LETTERS)).casefold().translate(_FOLDED_LETTERS)
    if text.isascii():
        return text
    kept: list[str] = []
    accented = False  # whether the base letter before is Latin or Greek
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char):
            if not accented:
                kept.append(char)
        else:
            accented = char < "\u0400" or "\u1e00" <= char < "\u2000"
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_FOLDED_LETTERS)


def is_unspaced(char: str) -> bool:
    """Whether it is a token by itself, with the marks that follow it."""
    return _UNSPACED_TOKEN.match(char) is not None


def _compatible(text: str) -> str:
    """NFKC, save for characters that would come apart into what is not one word: ½ (1⁄2), ﷺ (with blanks in it), Thai ำ."""
    return unicodedata.normalize("NFC", "".join(map(_compatible_character, text)))


@lru_cache(maxsize=10_000)
def _compatible_character(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    return plain if _PLAIN.fullmatch(plain) and char not in "ໜໝゟヿ" else char


LONGEST_REMEMBERED = 64
"""The length of pieces between blanks whose analysis is kept; longer ones (a Chinese paragraph is one) hardly come again."""
P = ParamSpec("P")
R = TypeVar("R")


def _reader(remembering: Callable[P, R], chunks: list[str]) -> Callable[P, R]:
    """The cached function, or the plain one below it for long pieces."""
    if max(map(len, chunks), default=0) <= LONGEST_REMEMBERED:
        return remembering
    return remembering.__wrapped__  # type: ignore[attr-defined, no-any-return]


def chunk_exact_terms(chunk: str) -> tuple[str, ...]:
    return _chunk_exact_terms(chunk) if len(chunk) <= LONGEST_REMEMBERED else _chunk_exact_terms.__wrapped__(chunk)


@lru_cache(maxsize=300_000)
def _chunk_exact_terms(chunk: str) -> tuple[str, ...]:
    if _ONE_WORD.fullmatch(chunk):
        return (sys.intern(fold(chunk)),)
    return tuple(token.term for compound in chunk_compounds(chunk) for token in compound.tokens)


@lru_cache(maxsize=100_000)
def _chunk_exact_spans(chunk: str) -> tuple[tuple[int, int], ...]:
    return tuple((token.start, token.end) for compound in chunk_compounds(chunk) for token in compound.tokens)


def chunk_bag_terms(chunk: str, language: str | None, initials: bool) -> tuple[str, ...]:
    return (
        _chunk_bag_terms(chunk, language, initials)
        if len(chunk) <= LONGEST_REMEMBERED
        else _chunk_bag_terms.__wrapped__(chunk, language, initials)
    )


@lru_cache(maxsize=300_000)
def _chunk_bag_terms(chunk: str, language: str | None, initials: bool) -> tuple[str, ...]:
    if _ONE_WORD.fullmatch(chunk) and not _INITIALS.fullmatch(chunk):
        return stems(chunk.lower(), language)
    return tuple(term.term for compound in chunk_compounds(chunk) for term in compound_bag_tokens(compound, language, initials))


def chunk_words(chunk: str) -> tuple[str, ...]:
    """`Token.word` of what is significant in it."""
    if _ONE_WORD.fullmatch(chunk):
        return (chunk.lower(),)
    return tuple(token.word for compound in chunk_compounds(chunk) for token in compound.significant)


def chunk_compounds(chunk: str) -> tuple[Compound, ...]:
    """The compounds of a piece of text without white space."""
    return _chunk_compounds(chunk) if len(chunk) <= LONGEST_REMEMBERED else _chunk_compounds.__wrapped__(chunk)


@lru_cache(maxsize=100_000)
def _chunk_compounds(chunk: str) -> tuple[Compound, ...]:
    found: list[Compound] = []
    for run in _UNSPACED_RUN.finditer(chunk):
        pattern = _UNSPACED_TOKEN if run["unspaced"] else _TOKEN
        tokens = [
            _token(m[0], m.start(), m.end(), bool(run["unspaced"])) for m in pattern.finditer(chunk, run.start(), run.end())
        ]
        found += [_compound(chunk, together) for together in _together(chunk, tokens)]
    return tuple(found)


def _token(raw: str, start: int, end: int, unspaced: bool) -> Token:
    raw = raw[:MAX_TERM_CHARACTERS]
    if "." in raw and not raw[0].isdigit():
        raw = raw.rstrip(".") + "."
    word = raw.lower() if raw.isascii() else _compatible(_compatible(raw).lower()).translate(_DROP_INVISIBLE)
    initials = ".".join(word) + "." if _INITIALS.fullmatch(raw) else None
    return Token(sys.intern(word), sys.intern(fold(word)), start, end, unspaced, initials)


def _moved(compound: Compound, offset: int) -> Compound:
    if not offset:
        return compound
    tokens = tuple(Token(t.word, t.term, t.start + offset, t.end + offset, t.unspaced, t.initials) for t in compound.tokens)
    if compound.significant is compound.tokens:
        return Compound(tokens, compound.joined, tokens)
    first = compound.tokens.index(compound.significant[0])
    return Compound(tokens, compound.joined, tokens[first : first + len(compound.significant)])


_ENGLISH_POSSESSIVE = {"s"}
# l'accord, d'Évian, qu'il, dell'accordo: the word begins after the apostrophe.
_ELISIONS = {
    "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "dell", "all", "nell",
    "sull", "dall", "un", "quell", "quest",
}  # fmt: skip
_JOINERS = frozenset(_HYPHENS + _APOSTROPHES + "&/")
_MAX_JOINED_PARTS = 6


def _together(text: str, tokens: list[Token]) -> Iterator[list[Token]]:
    """Tokens that belong together: one joiner between them, or characters of an unspaced script side by side."""
    run: list[Token] = []
    for token in tokens:
        if run and not _belongs(text, run[-1], token):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _belongs(text: str, left: Token, right: Token) -> bool:
    gap = right.start - left.end
    if left.unspaced or right.unspaced:
        return gap == 0 and left.unspaced and right.unspaced
    return gap == 1 and text[left.end] in _JOINERS


def _compound(text: str, run: list[Token]) -> Compound:
    tokens = significant = tuple(run)
    if len(run) == 1 or run[0].unspaced:
        return Compound(tokens, None, significant)
    if text[run[-2].end] in _APOSTROPHES and run[-1].term in _ENGLISH_POSSESSIVE:
        significant = significant[:-1]
    if len(significant) > 1 and text[run[0].end] in _APOSTROPHES and run[0].term in _ELISIONS:
        significant = significant[1:]
    if not 1 < len(significant) <= _MAX_JOINED_PARTS:
        return Compound(tokens, None, significant)
    joined = "".join(t.word if t.word[0].isdigit() else t.word.replace(".", "") for t in significant)[:MAX_TERM_CHARACTERS]
    return Compound(tokens, joined if _PLAIN.fullmatch(joined) else None, significant)


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Any:
    return Stemmer.Stemmer(_STEMMERS[language])
