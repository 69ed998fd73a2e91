"""Letters that readers treat as one: how terms (search/analysis/analyzer.py) are folded, script by script.

Arabic script, following Lucene's ArabicNormalizer and PersianNormalizer, extended to what keyboards of other languages produce: ک
ڪ become ك; ی ى become ي; ة ہ ھ ە ۃ become ه; a hamza or madda on a letter and every vowel point are dropped (أ إ آ ٱ become ا, ؤ
becomes و, ئ becomes ي). Urdu's ے remains distinct from ی, because it distinguishes لڑکے from لڑکی.

Scripts of India, following Lucene's HindiNormalizer, IndicNormalizer and BengaliNormalizer: nukta is dropped (फ़ becomes फ);
chandrabindu becomes anusvara (हँ becomes हं), and in Bengali is dropped; a nasal without a vowel before a consonant of its class
becomes anusvara (न्द becomes ंद), as does dental न् before any consonant that is not a nasal. Vowel length is kept.
"""

import re
import unicodedata

ARABIC_LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdfb\ufe70-\ufefc"
)
"""For use inside a regular expression's [...]."""
HEBREW_LETTERS = "\u05d0-\u05ea\u05ef-\u05f2"


def _alike(letters: str, letter: str) -> dict[str, str]:
    return dict.fromkeys(letters.replace(" ", ""), letter)


_ARABIC = {
    **_alike("ک ڪ", "ك"),
    **_alike("ی ى", "ي"),
    **_alike("ة ہ ھ ە ۃ ۂ ۀ", "ه"),
    **_alike("أ إ آ ٱ ٲ ٳ ٵ", "ا"),
    **_alike("ؤ ٶ", "و"),
    **_alike("ئ ٸ", "ي"),
    "ۓ": "ے",
}
_POINTS = "".join(
    chr(code)
    for first, last in ((0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6ED), (0x8CA, 0x8FF))
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)) == "Mn"
)
"""Vowel points of Hebrew and Arabic and the signs above and below, which few people type."""

_INDIC_BLOCKS = (0x900, 0xA00, 0xA80, 0xB00, 0xC00, 0xC80)
"""Devanagari, Gurmukhi, Gujarati, Oriya, Telugu, Kannada; each has its letters in the same order."""
_BENGALI = 0x980
_NUKTAS = [chr(block + 0x3C) for block in (*_INDIC_BLOCKS, _BENGALI)]


def _without_nukta() -> dict[str, str]:
    taken_apart = {chr(code): unicodedata.normalize("NFD", chr(code)) for code in range(0x900, 0xD00)}
    return {letter: parts[0] for letter, parts in taken_apart.items() if len(parts) == 2 and parts[1] in _NUKTAS}


_INDIC = {
    **dict.fromkeys(_NUKTAS, ""),
    **_without_nukta(),
    **{chr(block + 0x01): chr(block + 0x02) for block in _INDIC_BLOCKS},
    "\u0a70": "\u0a02",  # tippi, the anusvara of Gurmukhi that stands with other vowels
    "\u0981": "",
    "\u09ce": "\u09a4\u09cd",  # ৎ
    **dict(zip("ൺൻർൽൾൿ", ("ണ്", "ന്", "ര്", "ല്", "ള്", "ക്"), strict=True)),
}

ALIKE: dict[str, str] = _ARABIC | _INDIC | dict.fromkeys(_POINTS, "")


def _dead_nasals() -> re.Pattern[str]:
    """A nasal with virama before consonants where it is equivalent to anusvara; only inside a word, because no word starts with a
    mark."""
    classes = (
        (0x19, 0x15, 0x18),
        (0x1E, 0x1A, 0x1D),
        (0x23, 0x1F, 0x22),
        (0x28, 0x15, 0x27),
        (0x28, 0x2A, 0x2D),
        (0x2E, 0x2A, 0x2D),
    )
    sibilants = (0x28, 0x36, 0x38)
    found = [
        f"{chr(block + nasal)}{chr(block + 0x4D)}(?=[{chr(block + first)}-{chr(block + last)}])"
        for block in _INDIC_BLOCKS
        for nasal, first, last in (*classes, sibilants)
    ]
    found.append("\u0999\u09cd(?=[\u0995-\u0998])")  # ঙ্ক
    return re.compile(rf"(?<=\S)(?:{'|'.join(found)})")


_DEAD_NASAL = _dead_nasals()


def nasals_as_anusvara(text: str) -> str:
    """चन्द्र -> चंद्र"""
    return _DEAD_NASAL.sub(lambda nasal: chr(ord(nasal[0][0]) & ~0x7F | 0x02), text)


_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj"})
_SPELT_OUT_LETTERS: dict[str | None, re.Pattern[str]] = {
    None: re.compile("[äöüåøđ]"),
    "de": re.compile("[åøđ]"),  # its stemmer has ä, ö and ü both ways
    **dict.fromkeys(("az", "et", "fi", "hu", "tr", "vi"), re.compile("(?!)")),
}
"""Languages some or all of whose letters have no spelled-out form; in the last, such letters occur in every other word and nobody
spells them out."""
SPELT_OUT_PAIRS = ("ae", "oe", "ue", "aa", "dj")
"""Each starts with the letter that the one in its place is folded to."""


def spelt_out(word: str, language: str | None) -> str | None:
    """The word (lower case) spelled without letters specific to its language, such as Djokovic or Aalborg; None if it has none.
    Folding already turns þ, æ, œ and ß into two letters."""
    letters = _SPELT_OUT_LETTERS.get(language) or _SPELT_OUT_LETTERS[None]
    return word.translate(_SPELT_OUT) if letters.search(word) else None
