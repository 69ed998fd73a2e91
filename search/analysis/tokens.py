"""Text without spaces -> its tokens, that is, words and numbers.

[token.word for token in chunk_tokens("U.S.-led")] -> ["u.s.", "led"]
"""

import re
import sys
from dataclasses import dataclass
from functools import lru_cache

from search.analysis.folding import (
    APOSTROPHES,
    DOTS,
    DROP_INVISIBLE,
    GERESH,
    GERSHAYIM,
    LETTER,
    MARKS,
    NON_JOINER,
    WORD,
    compatible,
    fold,
)
from search.analysis.letters import ARABIC_LETTERS, HEBREW_LETTERS

MAX_TERM_CHARACTERS = 100
"""The maximum length of a token; longer ones (base64, rows of letters) are cut, in texts and in queries."""
# Scripts without spaces, and Hangul, whose particles are written onto the word.
_UNSPACED = (
    "\u0e00-\u0e30\u0e32\u0e33\u0e40-\u0e46"  # Thai
    "\u0e80-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"  # Lao
    "\u1000-\u102a\u103f\u104c-\u1055\u1780-\u17b3\u17dc"  # Burmese, Khmer
    "\u1100-\u115f\uac00-\ud7af\u3005-\u3007\u3038-\u303a\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e\u3192-\u3195\u3280-\u3289"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\uffa1-\uffbe\uffc2-\uffc7\uffca-\uffcf\uffd2-\uffd7\uffda-\uffdc\U00020000-\U000323af"
)
_UNSPACED_RUN = re.compile(f"(?P<unspaced>[{_UNSPACED}][{_UNSPACED}{MARKS}]*)|[^{_UNSPACED}]+")
_UNSPACED_TOKEN = re.compile(f"[{_UNSPACED}][{MARKS}]*")
_HEBREW = f"[{HEBREW_LETTERS}]"
_QUOTES = '"“”„'
# What stands inside a word and is no part of it: of col·legi, צה״ל, ג׳ורג׳. A quotation mark is none that stands after a single
# letter ה ב ל …, which is a word of its own (ב"הארץ"), or before four letters or more.
_UNREAD = rf"""(?<=[lL])[{DOTS}](?=[lL])
    | (?<={_HEBREW})[{GERESH}{GERSHAYIM}](?={_HEBREW})
    | (?<=[גזצץתדחעטסר])[{APOSTROPHES}](?={_HEBREW})
    | (?<={_HEBREW})[{_QUOTES}](?={_HEBREW}(?!{_HEBREW}))
    | (?:(?<={_HEBREW}{_HEBREW})|(?<=[^\Wמשהוכלב]))(?<={_HEBREW})[{_QUOTES}](?={_HEBREW}{{2,3}}(?![{_QUOTES}{HEBREW_LETTERS}]))"""
_JOINED_MARKS = rf"(?:[{MARKS.replace(NON_JOINER, '')}]|{NON_JOINER}(?![{ARABIC_LETTERS}]))+"
_TOKENS = rf"""
    (?P<initials>(?<!{WORD}){LETTER}(?:\.{LETTER})+(?!{WORD}|[{MARKS}])\.?)   # U.S., J.R.R.
    | (?<!{WORD})[A-Za-z](?:\+\+|\#)(?!{WORD})                         # C++, C#
    | (?P<number>(?:\d+(?:[.,٫٬]\d+)+                                  # 1,000  10.03.2022
        | \d{{1,3}}(?:['’]\d{{3}})+(?:[.,]\d+)?(?!\d)                   # 1'000
        | [０-９]+(?:[．，][０-９]+)+)(?:{WORD}|[{MARKS}])*)            # １，０００  1.5bn
"""
_TOKEN = re.compile(rf"{_TOKENS} | {WORD}+(?:{_JOINED_MARKS}{WORD}*)*", re.VERBOSE)
_UNREAD_TOKEN = re.compile(
    rf"""{_TOKENS}
    | {WORD}+(?:(?:{_JOINED_MARKS} | {_UNREAD}){WORD}*)*""",
    re.VERBOSE,
)
_MAY_HAVE_UNREAD = re.compile(rf"[{DOTS}{HEBREW_LETTERS}]")
INITIALS = re.compile("[A-ZА-ЯЁΑ-Ω]{2,5}")
_THOUSANDS = re.compile(
    r"""((?:[1-9]\d{0,2}([.,'])\d{3}(?:\2\d{3})*   # 1,234,567  1.234.567  1'234'567
        | [1-9]\d?(?:,\d\d)+,\d{3}))                # 12,34,567
        ((?:(?!\2)[.,]\d+)?\D*)""",
    re.VERBOSE,
)
_NUMBER_SIGNS = str.maketrans("٫٬．，’", ".,.,'")
_NOT_READ = str.maketrans({"ŀ": "l", "Ŀ": "L"} | dict.fromkeys(DOTS + GERESH + GERSHAYIM + _QUOTES + APOSTROPHES + ".", ""))


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text. `word`: lower case, accents kept, numbers in plain digits; `term`: its exact term; [start, end): code
    points of the text; `initials`: `u.s.` for US in capitals."""

    word: str
    term: str
    start: int
    end: int
    unspaced: bool = False
    initials: str | None = None


def is_unspaced(char: str) -> bool:
    """Whether it is a token by itself, with the marks that follow it."""
    return _UNSPACED_TOKEN.match(char) is not None


MAX_REMEMBERED_CHARACTERS = 64
"""The maximum length of a piece whose analysis is cached; longer ones, such as a Chinese paragraph, rarely recur."""


def chunk_tokens(chunk: str) -> tuple[Token, ...]:
    """The tokens of a piece without spaces, in which U.S. is one token."""
    return _chunk_tokens(chunk) if len(chunk) <= MAX_REMEMBERED_CHARACTERS else _chunk_tokens.__wrapped__(chunk)


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
    word = raw.lower() if raw.isascii() else compatible(compatible(raw).lower()).translate(DROP_INVISIBLE)
    if kind == "number":
        word = _in_plain_digits(word.translate(_NUMBER_SIGNS))
    initials = ".".join(word) + "." if INITIALS.fullmatch(raw) else None
    word = sys.intern(word)
    return Token(word, word if word.isascii() else sys.intern(fold(word)), start, end, unspaced, initials)


def _in_plain_digits(number: str) -> str:
    """1,234,567.5 -> 1234567.5"""
    grouped = _THOUSANDS.fullmatch(number)
    return re.sub(r"\D", "", grouped[1]) + grouped[3] if grouped else number


def is_dotted(token: Token) -> bool:
    return token.word.endswith(".")


def letters_of(text: str, token: Token) -> tuple[Token, ...]:
    """The letters of U.S. as tokens; the last one includes the final point."""
    found = list(re.finditer(r"[^.]+\.?$|[^.]+", text[token.start : token.end]))
    return tuple(_token(m[0].rstrip("."), token.start + m.start(), token.start + m.end(), None, False) for m in found)
