"""The names of months in a text, in the languages that have newspapers.

    months_in("le 3 mai 2021", "fr") -> [MonthName(5, 5, 8)]

Texts are those of `fold`. A name of the page's own language may have an ending ("temmuz'da", "maiatzaren"). Where that language
has none of the names, those of all languages are looked for; of several months that a name may mean it is
the one that most languages mean.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from search.lexicon.read import read_lexicon

_KINDS = tuple(str.split("january february march april may june july august september october november december"))
"""Of months.toml, January first."""
MIN_STEM_LETTERS, MAX_ENDING_LETTERS = 4, 3
"""Letters of a month's name in ASCII that may have an ending (market is not of March), and of the ending."""
MIN_FOREIGN_LETTERS = 3
"""Letters of a name that is looked for in pages of any language."""
_HEBREW_PREFIXES = "בלה"
"""In, to and the, written together with the word."""
_ALIASES = {"nb": "no", "iw": "he", "in": "id", "tl": "fil", "sh": "hr", "ji": "yi", "mo": "ro"}

_WORD = re.compile(r"[^\s\d_,;:!?/|()\[\]{}<>\"“”„«»…•·–—\-、。，،؛၊။፣.]+(?:\.[^\W\d_][^\s\d\W]*)*")
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c]+")
_SAME_LETTERS = str.maketrans({"ı": "i", "’": "'", "ʼ": "'", "ی": "ي", "ک": "ك", "ى": "ي", "\u00a0": " ", "\u202f": " "})
_DIGIT = re.compile(r"\d")


class MonthName(NamedTuple):
    month: int
    start: int
    end: int


class _Names(NamedTuple):
    """months: by name. longest: how many words the longest name has that begins with a word, if more than one."""

    months: Mapping[str, int]
    longest: Mapping[str, int]


def fold(text: str) -> str:
    """In small letters, digits as ASCII has them, without accents; the marks of scripts whose vowels are marks stay."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_SAME_LETTERS))
    plain = unicodedata.normalize("NFC", _MARKS.sub("", apart)).translate(_SAME_LETTERS)
    return _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), plain)


def months_in(text: str, language: str | None) -> list[MonthName]:
    """In their order in the text. `language`: BCP 47."""
    words = list(_WORD.finditer(text))
    own = _names_of(language_of(language))
    return list(_found(text, words, own, True)) or list(_found(text, words, _names_of_all(), False))


def language_of(tag: str | None) -> str:
    """ "nb-NO" is Norwegian, "no", as the data files name it."""
    primary = re.split("[-_]", (tag or "").casefold())[0]
    return _ALIASES.get(primary, primary)


def _found(text: str, words: list[re.Match[str]], names: _Names, endings: bool) -> Iterator[MonthName]:
    at = 0
    while at < len(words):
        start = words[at].start()
        for end in range(min(at + names.longest.get(words[at][0], 1), len(words)), at, -1):
            name = text[start : words[end - 1].end()].replace("-", " ")
            if month := names.months.get(name) or (_with_ending(name, names.months) if endings else None):
                yield MonthName(month, start, words[end - 1].end())
                at = end - 1
                break
        at += 1


def _with_ending(name: str, names: Mapping[str, int]) -> int | None:
    """The month of "maiatzaren", "temmuz'da", "d'abril", "במאי"."""
    if "'" in name and " " not in name:
        before, _, after = name.partition("'")
        return names.get(after) or names.get(before)
    shortest = max(MIN_STEM_LETTERS if name.isascii() else 2, len(name) - MAX_ENDING_LETTERS, name.rfind(" ") + 2)
    stems = (name[:end] for end in range(len(name) - 1, shortest - 1, -1))
    return next(filter(None, map(names.get, stems)), None) or names.get(name.lstrip(_HEBREW_PREFIXES))


@lru_cache(maxsize=200)
def _names_of(language: str) -> _Names:
    found: dict[str, int] = {}
    for month, names in enumerate(_tables(), 1):
        found.update(dict.fromkeys(map(_key, names.get(language, ())), month))
    return _names(found)


@cache
def _names_of_all() -> _Names:
    votes: dict[str, Counter[int]] = {}
    for month, table in enumerate(_tables(), 1):
        for names in table.values():
            for name in set(map(_key, names)):
                votes.setdefault(name, Counter())[month] += 1
    meant = {name: months.most_common(2) for name, months in votes.items() if len(name) >= MIN_FOREIGN_LETTERS}
    return _names({name: first[0] for name, (first, *others) in meant.items() if not others or first[1] > others[0][1]})


def _names(months: Mapping[str, int]) -> _Names:
    longest: dict[str, int] = {}
    for words in (name.split() for name in months if " " in name):
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return _Names(months, longest)


@cache
def _tables() -> tuple[Mapping[str, tuple[str, ...]], ...]:
    lexicon = read_lexicon("indexer.extract.fields", "months")
    return tuple(map(lexicon.by_language, _KINDS))


def _key(name: str) -> str:
    return " ".join(_WORD.findall(fold(name)))
