"""Titles before names: who is called so is the same person without.

without_title(["US", "President", "Donald", "Trump"]) -> ["Donald", "Trump"]
"""

from collections.abc import Collection, Sequence

from search.analysis.analyzer import fold
from search.lexicon.read import read_lexicon

_LEXICON = read_lexicon("search.lexicon", "titles")
TITLES = frozenset(fold(title) for kind in ("honorific", "doctor", "title") for title in _LEXICON.of(kind))


def without_title(words: Sequence[str], more: Collection[str] = ()) -> Sequence[str]:
    """The words of a name after its last title; all of them where a title is all that would be left. `more`: titles beside those
    that are known."""
    ends = [place for place, word in enumerate(words, 1) if is_title(word) or title_key(word) in more]
    return words[ends[-1] :] if ends and ends[-1] < len(words) else words


def is_title(word: str) -> bool:
    """Mr., MP or US-Präsident: a compound is what it ends with."""
    return title_key(word) in TITLES


def title_key(word: str) -> str:
    return fold(word).replace("‐", "-").rpartition("-")[2].rstrip(".")
