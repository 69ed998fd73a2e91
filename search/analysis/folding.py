"""Folds text as terms are folded: lower case, no accents, digits 0-9, one form of each letter.

    fold("Straße in Łódź, 12٣") -> "strasse in lodz, 123"

search/analysis/letters.py says which letters of the Arabic and the Indian scripts are equivalent.
"""

import re
import unicodedata
from functools import lru_cache

from search.analysis.letters import ALIKE, nasals_as_anusvara

_HALF_WIDTH_MARKS = "\uff9e\uff9f"
_JAMO_AFTER_FIRST = "\u1160-\u11ff"  # the vowel and the end of a Hangul syllable that was taken apart (NFD)
_INVISIBLE = "\u00ad\u200c\u200d\u2060\ufeff"  # soft hyphen, joiners: inside a word they are not there
HYPHENS = "-\u2010\u2011"
NON_JOINER = "\u200c"  # between letters of the Arabic script it parts a word as a hyphen does
APOSTROPHES = "'\u2018\u2019\u201b\u2032\u02b9\u02bb\u02bc\u02bd\uff07`\u00b4"
DOTS = "\u00b7\u2022\u2027\u2219"  # of the Catalan l·l
GERESH, GERSHAYIM = "\u05f3", "\u05f4"  # of the Hebrew ג׳ and צה״ל
_TATWEEL = (
    "\u0640\ufcf2\ufcf3\ufcf4\ufe71\ufe77\ufe79\ufe7b\ufe7d\ufe7f"  # Arabic strokes that only fill, alone and below a vowel point
)


def _mark_ranges() -> str:
    """Combining marks (Unicode category M) below U+20000, for use inside a regular expression's [...]."""
    ranges: list[str] = []
    start = None
    for code in range(0x300, 0x20001):
        if unicodedata.category(chr(code))[0] == "M":
            start = code if start is None else start
        elif start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(ranges)


MARKS = _mark_ranges() + _HALF_WIDTH_MARKS + _JAMO_AFTER_FIRST + _INVISIBLE + _TATWEEL
_NO_LETTERS = APOSTROPHES + _TATWEEL + _HALF_WIDTH_MARKS  # some of them are letters to Unicode
WORD = rf"[^\W_{_NO_LETTERS}]"
PLAIN_LETTER = rf"[^\W\d_{_NO_LETTERS}]"
LETTER = rf"[^\W\d_{_NO_LETTERS}ßẞæÆœŒþÞĳĲŉ\ufb00-\ufb06][{MARKS}]*"  # not those that stand for two
PLAIN = re.compile(rf"{WORD}(?:{WORD}|[{MARKS}])*|[{MARKS}]+")
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
    | dict.fromkeys(_INVISIBLE + _TATWEEL + DOTS + GERESH + GERSHAYIM, "")
    | dict.fromkeys(APOSTROPHES, "'")
)
DROP_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))


def fold(text: str) -> str:
    """Lower case; no accents on Latin and Greek letters; ß as ss, ø as o, æ as ae; digits 0-9; one kind of apostrophe; no
    compatibility forms; letters of the Arabic and Indian scripts as in search/analysis/letters.py.

    が, й and Hangul are unchanged.
    """
    if text.isascii():
        return text.lower()
    text = compatible(text.translate(_FOLDED_LETTERS)).casefold().translate(_FOLDED_LETTERS)
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


def compatible(text: str) -> str:
    """NFKC, except for characters that would turn into more than one word: ½ (1⁄2), ﷺ (which contains spaces), Thai ำ. All digits
    become 0-9."""
    return unicodedata.normalize("NFC", "".join(map(_compatible_character, text)))


@lru_cache(maxsize=10_000)
def _compatible_character(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    plain = unicodedata.normalize("NFKC", char)
    return plain if PLAIN.fullmatch(plain) and char not in "ໜໝゟヿ" else char
