"""Text -> terms with positions: the one analyser of all engines, the highlighter and the oracle.

Two kinds of terms (search/document.py says which field has which):

- *exact* terms are folded, one for each token in order; phrases, prefixes, wildcards and typos are looked up in them. Of U.S.
  each letter is one, as of U. S.; a number has no signs between its thousands.
- *bag* terms are stemmed and folded and carry their language, `en|negoti`; plain words are looked up in them. A token may
  have several: stem-then-fold and fold-then-stem; the joined form of cease-fire, `en|ceasefir`, beside its parts; the
  initialism of US, U.S. and U. S., `|u.s.`; Đoković as Djokovic; 12000 of 12 000. Terms without a language (`|1953`, `|北京`)
  are the same in every language.

    >>> [t.term for t in exact_tokens("Cease-fire in 北京, U.S. says")]
    ['cease', 'fire', 'in', '北', '京', 'u', 's', 'says']
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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

import Stemmer

from search.letters import ALIKE, ARABIC_LETTERS, HEBREW_LETTERS, nasals_as_anusvara, spelt_out

ANALYSIS_VERSION = 2
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
    "\u0e00-\u0e30\u0e32\u0e33\u0e40-\u0e46"  # Thai
    "\u0e80-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"  # Lao
    "\u1000-\u102a\u103f\u104c-\u1055\u1780-\u17b3\u17dc"  # Burmese, Khmer
    "\u1100-\u115f\uac00-\ud7af\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"
)
_HALF_WIDTH_MARKS = "\uff9e\uff9f"
_JAMO_AFTER_FIRST = "\u1160-\u11ff"  # the vowel and the end of a Hangul syllable that was taken apart (NFD)
_INVISIBLE = "\u00ad\u200c\u200d\u2060\ufeff"  # soft hyphen, joiners: inside a word they are not there
_HYPHENS = "-\u2010\u2011"
NON_JOINER = "\u200c"  # between letters of the Arabic script it parts a word as a hyphen does
_APOSTROPHES = "'\u2018\u2019\u201b\u2032\u02b9\u02bb\u02bc\u02bd\uff07`\u00b4"
_DOTS = "\u00b7\u2022\u2027\u2219"  # of the Catalan l·l
_GERESH, _GERSHAYIM = "\u05f3", "\u05f4"  # of the Hebrew ג׳ and צה״ל
_TATWEEL = (
    "\u0640\ufcf2\ufcf3\ufcf4\ufe71\ufe77\ufe79\ufe7b\ufe7d\ufe7f"  # Arabic strokes that only fill, alone and below a vowel point
)


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
_PLAIN_LETTER = rf"[^\W\d_{_NO_LETTERS}]"
_LETTER = rf"[^\W\d_{_NO_LETTERS}ßẞæÆœŒþÞĳĲŉ\ufb00-\ufb06][{_MARKS}]*"  # not those that stand for two
_UNSPACED_RUN = re.compile(f"(?P<unspaced>[{_UNSPACED}][{_UNSPACED}{_MARKS}]*)|[^{_UNSPACED}]+")
_UNSPACED_TOKEN = re.compile(f"[{_UNSPACED}][{_MARKS}]*")
_HEBREW = f"[{HEBREW_LETTERS}]"
_QUOTES = '"“”„'
# What stands inside a word and is no part of it: of col·legi, צה״ל, ג׳ורג׳. A quotation mark is none that stands after a single
# letter ה ב ל …, which is a word of its own (ב"הארץ"), or before four letters or more.
_UNREAD = rf"""(?<=[lL])[{_DOTS}](?=[lL])
    | (?<={_HEBREW})[{_GERESH}{_GERSHAYIM}](?={_HEBREW})
    | (?<=[גזצץתדחעטסר])[{_APOSTROPHES}](?={_HEBREW})
    | (?<={_HEBREW})[{_QUOTES}](?={_HEBREW}(?!{_HEBREW}))
    | (?:(?<={_HEBREW}{_HEBREW})|(?<=[^\Wמשהוכלב]))(?<={_HEBREW})[{_QUOTES}](?={_HEBREW}{{2,3}}(?![{_QUOTES}{HEBREW_LETTERS}]))"""
_JOINED_MARKS = rf"(?:[{_MARKS.replace(NON_JOINER, '')}]|{NON_JOINER}(?![{ARABIC_LETTERS}]))+"
_TOKENS = rf"""
    (?P<initials>(?<!{_WORD}){_LETTER}(?:\.{_LETTER})+(?!{_WORD}|[{_MARKS}])\.?)   # U.S., J.R.R.
    | (?<!{_WORD})[A-Za-z](?:\+\+|\#)(?!{_WORD})                         # C++, C#
    | (?P<number>(?:\d+(?:[.,٫٬]\d+)+                                  # 1,000  10.03.2022
        | \d{{1,3}}(?:['’]\d{{3}})+(?:[.,]\d+)?(?!\d)                   # 1'000
        | [０-９]+(?:[．，][０-９]+)+)(?:{_WORD}|[{_MARKS}])*)            # １，０００  1.5bn
"""
_TOKEN = re.compile(rf"{_TOKENS} | {_WORD}+(?:{_JOINED_MARKS}{_WORD}*)*", re.VERBOSE)
_UNREAD_TOKEN = re.compile(
    rf"""{_TOKENS}
    | (?<![\w.@/:]){_PLAIN_LETTER}(?:{_PLAIN_LETTER}|[{_MARKS}])*
        (?:l\.l|L\.L)(?:{_PLAIN_LETTER}|[{_MARKS}])+(?![\w@/:]|\.\w)   # col.legi
    | {_WORD}+(?:(?:{_JOINED_MARKS} | {_UNREAD}){_WORD}*)*""",
    re.VERBOSE,
)
_MAY_HAVE_UNREAD = re.compile(rf"[{_DOTS}{HEBREW_LETTERS}]|l\.l|L\.L")
_PLAIN = re.compile(rf"{_WORD}(?:{_WORD}|[{_MARKS}])*|[{_MARKS}]+")
_LETTERS = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+")
_CHUNK = re.compile(r"\S+")
_ONE_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ÿА-яЁё]{1,64}")  # most pieces are; no other rule has a say in these
_AROUND = ',;:!?…()[]"“”„«»'  # what stands around words and is part of no token
_INITIALS = re.compile("[A-ZА-ЯЁΑ-Ω]{2,5}")
_THOUSANDS = re.compile(
    r"""((?:[1-9]\d{0,2}([.,'])\d{3}(?:\2\d{3})*   # 1,234,567  1.234.567  1'234'567
        | [1-9]\d?(?:,\d\d)+,\d{3}))                # 12,34,567
        ((?:(?!\2)[.,]\d+)?\D*)""",
    re.VERBOSE,
)
_NUMBER_SIGNS = str.maketrans("٫٬．，’", ".,.,'")
_NOT_READ = str.maketrans({"ŀ": "l", "Ŀ": "L"} | dict.fromkeys(_DOTS + _GERESH + _GERSHAYIM + _QUOTES + _APOSTROPHES + ".", ""))
READ_OTHERWISE = frozenset(
    ("an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no", "of", "on", "or", "so", "to", "up",
     "us", "we")
)  # fmt: skip
"""What I.T. and U.S. are not found by: words that most texts have."""
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
    | {"ŀ": "l"}
    | ALIKE
    | dict.fromkeys(_INVISIBLE + _TATWEEL + _DOTS + _GERESH + _GERSHAYIM, "")
    | dict.fromkeys(_APOSTROPHES, "'")
)
_DROP_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text. `word`: lower case, accents kept, numbers in plain digits; `term`: its exact term; [start, end): code
    points of the text; `initials`: `u.s.` of a US in capitals."""

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
class Form:
    """A word (as Token.word) that a stretch of the text is found by beside its own."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Compound:
    """Tokens joined by one hyphen, apostrophe, & or /, without white space; or one token alone; or a run of an unspaced script.

    `joined`: the word without the joiners (`ceasefire`, `usled`; `jrr` of J.R.R.), None where there is none: of one token, of an
    unspaced run, of C++/Java or 1.5-litre, whose parts are no plain words, of U.S., which us does not find.
    `significant`: the tokens that stand for themselves, without the s of people's and the l of l'accord; the letters of U.S. are
    one here, with the word `u.s.`
    `others`: what else it is found by: neighbours joined (`email` of E-Mail-Adresse), names with what is not significant in them
    (`loreal`, `mcdonalds`), each letter of U.S.
    """

    tokens: tuple[Token, ...]
    joined: str | None
    significant: tuple[Token, ...]
    others: tuple[Form, ...] = ()

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @property
    def units(self) -> tuple[tuple[Token, ...], ...]:
        """The tokens, the letters of each U.S. together."""
        found: list[list[Token]] = []
        for token in self.tokens:
            initialism = next((s for s in self.significant if _is_dotted(s) and s.start < token.start < s.end), None)
            if initialism and found:
                found[-1].append(token)
            else:
                found.append([token])
        return tuple(map(tuple, found))

    @property
    def phrase(self) -> tuple[str, ...]:
        """The exact terms of what is significant."""
        start, end = self.significant[0].start, self.significant[-1].end
        return tuple(token.term for token in self.tokens if start <= token.start < end)


def exact_terms(text: str) -> list[str]:
    """The exact terms of the text, in order."""
    terms: list[str] = []
    chunks = text.split()
    read = _reader(_chunk_exact_terms, chunks)
    for chunk in chunks:
        terms += read(chunk)
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
        terms += read(chunk, language, initials)
    terms += [term.term for term in spaced_terms(text, language)]
    return terms


def bag_tokens(text: str, language: str | None) -> list[Term]:
    """`bag_terms`, each with its stretch of text."""
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
    """The bag terms of one word (lower case, accents kept) in a language: stem-then-fold, fold-then-stem if it differs; the same
    of the word as it is spelt without letters of its own (Djokovic)."""
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
    if language in _STEMMERS and (word.isalpha() or _LETTERS.fullmatch(word)):
        return f"{language}|{_stemmer(language).stemWord(word)}"
    return f"|{word}"


def fold(text: str) -> str:
    """Lower case; no accents on Latin and Greek letters; ß ss, ø o, æ ae; digits 0-9; one kind of apostrophe; compatibility forms
    gone; letters of the Arabic and the Indian scripts as search/letters.py says.

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
    folded = "".join(kept)
    if folded.isascii():
        return folded
    return nasals_as_anusvara(unicodedata.normalize("NFC", folded).translate(_FOLDED_LETTERS))


def is_unspaced(char: str) -> bool:
    """Whether it is a token by itself, with the marks that follow it."""
    return _UNSPACED_TOKEN.match(char) is not None


def _compatible(text: str) -> str:
    """NFKC, save for characters that would come apart into what is not one word: ½ (1⁄2), ﷺ (with blanks in it), Thai ำ. All
    digits are 0-9."""
    return unicodedata.normalize("NFC", "".join(map(_compatible_character, text)))


@lru_cache(maxsize=10_000)
def _compatible_character(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    plain = unicodedata.normalize("NFKC", char)
    return plain if _PLAIN.fullmatch(plain) and char not in "ໜໝゟヿ" else char


LONGEST_REMEMBERED = 64
"""The length of pieces between blanks whose analysis is kept; longer ones (a Chinese paragraph is one) hardly come again."""
P = ParamSpec("P")
R = TypeVar("R")


def _reader(remembering: Callable[P, R], chunks: list[str]) -> Callable[P, R]:
    """The cached function, or where there are long pieces one that reads those with the plain function below it."""
    if max(map(len, chunks), default=0) <= LONGEST_REMEMBERED:
        return remembering
    plain = remembering.__wrapped__  # type: ignore[attr-defined]

    def read(*args: P.args, **kwargs: P.kwargs) -> R:
        return (remembering if len(str(args[0])) <= LONGEST_REMEMBERED else plain)(*args, **kwargs)

    return read


def chunk_exact_terms(chunk: str) -> tuple[str, ...]:
    return _chunk_exact_terms(chunk) if len(chunk) <= LONGEST_REMEMBERED else _chunk_exact_terms.__wrapped__(chunk)


@lru_cache(maxsize=300_000)
def _chunk_exact_terms(chunk: str) -> tuple[str, ...]:
    if _ONE_WORD.fullmatch(chunk):
        return (sys.intern(fold(chunk)),)
    stripped = chunk.strip(_AROUND)
    if stripped != chunk:
        return chunk_exact_terms(stripped)
    tokens = chunk_tokens(chunk)
    if "." in chunk:
        return tuple(letter.term for token in tokens for letter in _exact(chunk, token))
    return tuple([token.term for token in tokens])


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
    return tuple([_compound(chunk, together) for together in _together(chunk, chunk_tokens(chunk))])


def chunk_tokens(chunk: str) -> tuple[Token, ...]:
    """The tokens of a piece without white space; here U.S. is one."""
    return _chunk_tokens(chunk) if len(chunk) <= LONGEST_REMEMBERED else _chunk_tokens.__wrapped__(chunk)


@lru_cache(maxsize=100_000)
def _chunk_tokens(chunk: str) -> tuple[Token, ...]:
    spaced = _UNREAD_TOKEN if _MAY_HAVE_UNREAD.search(chunk) else _TOKEN
    if chunk.isascii():
        return tuple([_token(m[0], m.start(), m.end(), m.lastgroup, False) for m in spaced.finditer(chunk)])
    found: list[Token] = []
    for run in _UNSPACED_RUN.finditer(chunk):
        unspaced = bool(run["unspaced"])
        matches = (_UNSPACED_TOKEN if unspaced else spaced).finditer(chunk, run.start(), run.end())
        found += [_token(m[0], m.start(), m.end(), m.lastgroup, unspaced) for m in matches]
    return tuple(found)


def _token(raw: str, start: int, end: int, kind: str | None, unspaced: bool) -> Token:
    raw = raw[:MAX_TERM_CHARACTERS]
    if kind == "initials":
        raw = raw.rstrip(".") + "."
    elif not kind and not raw.isalnum():
        raw = raw.translate(_NOT_READ)
    word = raw.lower() if raw.isascii() else _compatible(_compatible(raw).lower()).translate(_DROP_INVISIBLE)
    if kind == "number":
        word = _in_plain_digits(word.translate(_NUMBER_SIGNS))
    initials = ".".join(word) + "." if _INITIALS.fullmatch(raw) else None
    word = sys.intern(word)
    return Token(word, word if word.isascii() else sys.intern(fold(word)), start, end, unspaced, initials)


def _in_plain_digits(number: str) -> str:
    """1,234,567.5 -> 1234567.5"""
    grouped = _THOUSANDS.fullmatch(number)
    return re.sub(r"\D", "", grouped[1]) + grouped[3] if grouped else number


def _moved(compound: Compound, offset: int) -> Compound:
    if not offset:
        return compound
    tokens = _tokens_moved(compound.tokens, offset)
    significant = tokens if compound.significant is compound.tokens else _tokens_moved(compound.significant, offset)
    others = tuple(Form(other.word, other.start + offset, other.end + offset) for other in compound.others)
    return Compound(tokens, compound.joined, significant, others)


def _tokens_moved(tokens: tuple[Token, ...], offset: int) -> tuple[Token, ...]:
    return tuple(Token(t.word, t.term, t.start + offset, t.end + offset, t.unspaced, t.initials) for t in tokens)


_ENGLISH_POSSESSIVE = {"s"}
# l'accord, d'Évian, qu'il, dell'accordo: the word begins after the apostrophe.
_ELISIONS = {
    "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "dell", "all", "nell",
    "sull", "dall", "un", "quell", "quest",
}  # fmt: skip
_JOINED_ELISIONS = {"dell", "all", "nell", "sull", "dall"}
"""Those written joined with words, too; the others are with names alone."""
JOINERS = _HYPHENS + _APOSTROPHES + "&/"
_PARTING = frozenset(JOINERS + NON_JOINER)
_MAX_JOINED_PARTS = 6
_MAX_LETTERS_OF_DEGREE = 4


def _together(text: str, tokens: Iterable[Token]) -> Iterator[list[Token]]:
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
    return gap == 1 and (text[left.end] in _PARTING or (text[left.end] == "." and _is_degree(text, left, right)))


def _is_degree(text: str, left: Token, right: Token) -> bool:
    """Ph.D., B.Sc.: few letters, the first of each in capitals, one of them alone."""
    lengths = (len(left.term), len(right.term)) if left.term.isalpha() and right.term.isalpha() else (0, 0)
    capitals = text[left.start].isupper() and text[right.start].isupper()
    return capitals and min(lengths) == 1 and max(lengths) <= _MAX_LETTERS_OF_DEGREE


def _compound(text: str, run: list[Token]) -> Compound:
    if run[0].unspaced or (len(run) == 1 and not _is_dotted(run[0])):
        tokens = tuple(run)
        return Compound(tokens, None, tokens)
    if len(run) == 1:
        return _initialism(text, run[0])
    significant = _significant(text, run)
    tokens = tuple([letter for token in run for letter in _exact(text, token)])
    joined = _joined(significant) if 1 < len(significant) <= _MAX_JOINED_PARTS else None
    others: list[Form] = []
    if len(significant) > 2:
        others += _neighbours(text, significant)
    if len(significant) < len(run):
        others += _names(text, run, significant)
    if len(tokens) > len(run):
        others += [form for token in significant if _is_dotted(token) for form in _initialism(text, token).others]
    return Compound(tokens, joined, tuple(significant), tuple(others))


def _exact(text: str, token: Token) -> tuple[Token, ...]:
    return _letters(text, token) if _is_dotted(token) else (token,)


def _significant(text: str, run: list[Token]) -> list[Token]:
    significant = run
    if len(run) > 1 and text[run[-2].end] in _APOSTROPHES and run[-1].term in _ENGLISH_POSSESSIVE:
        significant = significant[:-1]
    if len(significant) > 1 and text[run[0].end] in _APOSTROPHES and run[0].term in _ELISIONS:
        significant = significant[1:]
    return significant


def _is_dotted(token: Token) -> bool:
    return token.word.endswith(".")


def _initialism(text: str, token: Token) -> Compound:
    letters = _letters(text, token)
    together = "".join(letter.word for letter in letters)
    joined = None if together in READ_OTHERWISE else together
    forms = [Form(letter.word, letter.start, letter.end) for letter in letters]
    return Compound(letters, joined, (token,), tuple(forms))


def _letters(text: str, token: Token) -> tuple[Token, ...]:
    """Of U.S. each; the last has the last point."""
    found = list(re.finditer(r"[^.]+\.?$|[^.]+", text[token.start : token.end]))
    return tuple(_token(m[0].rstrip("."), token.start + m.start(), token.start + m.end(), None, False) for m in found)


def _joined(tokens: Sequence[Token]) -> str | None:
    joined = "".join(t.word if t.word[0].isdigit() else t.word.replace(".", "") for t in tokens)[:MAX_TERM_CHARACTERS]
    return joined if _PLAIN.fullmatch(joined) else None


def _neighbours(text: str, tokens: list[Token]) -> Iterator[Form]:
    """Of three and more tokens those side by side joined, but not all of them; not of a date or a path."""
    count = len(tokens)
    if count > _MAX_JOINED_PARTS or all(token.word.isdigit() for token in tokens) or "/" in text:
        return
    for length in range(2, count):
        for first in range(count - length + 1):
            some = tokens[first : first + length]
            if joined := _joined(some):
                yield Form(joined, some[0].start, some[-1].end)


def _names(text: str, run: list[Token], significant: list[Token]) -> Iterator[Form]:
    """L'Oréal as loreal, and as l and oreal; McDonald's as mcdonalds."""
    if len(run) > _MAX_JOINED_PARTS:
        return
    is_name = text[significant[0].start].isupper()
    elided = run[0] is not significant[0] and (is_name or run[0].term in _JOINED_ELISIONS)
    possessive = run[-1] is not significant[-1] and is_name
    if elided:
        yield Form(run[0].word, run[0].start, run[0].end)
    for some in (
        [run[0], *significant] if elided else [],
        [*significant, run[-1]] if possessive else [],
        run if elided and possessive else [],
    ):
        if some and (joined := _joined(some)):
            yield Form(joined, some[0].start, some[-1].end)


# ---------------------------------------------------------------- across blanks

_A_LETTER = r"[^\W\d_]"
_MAY_BE_NUMBER = re.compile(r"[0-9٠-٩۰-۹०-९০-৯]\s\d{3}(?!\d)")  # a set of characters is faster than \d
_SPACED_NUMBER = re.compile(rf"(?<![\w.,'’{_MARKS}])(?!0)(\d{{1,3}}(?:\s\d{{3}})+)([.,٫]\d{{1,2}})?(?![\w{_MARKS}]|[.,]\d)")
_MAY_BE_INITIALS = re.compile(rf"\.\s{{1,2}}{_A_LETTER}\.")
_SPACED_INITIALS = re.compile(
    rf"(?<![\w.&'’{_MARKS}])(?:Ph|{_A_LETTER})\.(?:{_A_LETTER}\.)*(?:\s{{1,2}}{_A_LETTER}\.(?:{_A_LETTER}\.)*){{1,5}}(?!\w)"
)


def spaced_terms(text: str, language: str | None) -> list[Term]:
    """The bag terms of what stands together across blanks: the number 1 234 567, the initials J. R. R. and Ph. D."""
    found: list[Term] = []
    if _MAY_BE_NUMBER.search(text):
        for m in _SPACED_NUMBER.finditer(text):
            found.append(Term("|" + fold(_without_blanks(m)), m.start(), m.end()))
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
    return Stemmer.Stemmer(_STEMMERS[language])
