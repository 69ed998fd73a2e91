"""What a query uses of its limits: words, patterns, typos and changes are counted, and what exceeds a limit is refused.

usage = Usage(Limits(words=2))
usage.words += 3
usage.check()  ->  QueryRefused: The query has 3 words; the limit (words) is 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from search.errors import QueryRefused
from search.settings import Limits

MIN_LETTERS_BEFORE_STAR = 3
MIN_LETTERS_BEFORE_QUESTION_MARK = 1
MIN_LETTERS_BEFORE_TILDE = 3
MAX_EDITS = 2


@dataclass(slots=True)
class Usage:
    """The counts of one query. Each check raises QueryRefused, which names the limit."""

    limits: Limits
    words: int = 0
    patterns: int = 0
    typos: int = 0
    changes: int = 0

    def check(self) -> None:
        for limit, count, noun in (
            ("words", self.words, "words"),
            ("patterns", self.patterns, "words with * or ?"),
            ("typos", self.typos, "words with ~"),
            ("changes", self.changes, "words with removed: or added:"),
        ):
            _check(limit, getattr(self.limits, limit), count, f"The query has {count:,} {noun}")

    def check_characters(self, text: str) -> None:
        _check("characters", self.limits.characters, len(text), f"The query has {len(text):,} characters")

    def check_depth(self, depth: int) -> None:
        _check("depth", self.limits.depth, depth, f"The query has parentheses nested {depth} deep")

    def check_phrase(self, words: Sequence[object]) -> None:
        _check("phrase_words", self.limits.phrase_words, len(words), f"A phrase has {len(words)} words")

    def check_distance(self, distance: int) -> None:
        what = f"The query asks for words within {distance:,} words of each other"
        _check("proximity", self.limits.proximity, distance, what)


def check_edits(word: str, edits: int) -> None:
    """`word`: as typed, with its ~."""
    _check("edits", MAX_EDITS, edits, f"{word} asks for {edits:,} edits")


def check_letters(pattern: str, start: str) -> None:
    """`start`: the letters before the first * or ?."""
    for sign, least in (("*", MIN_LETTERS_BEFORE_STAR), ("?", MIN_LETTERS_BEFORE_QUESTION_MARK)):
        if sign in pattern and len(start) < least:
            why = f"{pattern}: {sign} needs at least {least} letter{'s'[: least > 1]} before it in the word."
            raise QueryRefused(f"letters before {sign}", least, why)


def _check(limit: str, allowed: int, used: int, what: str) -> None:
    if used > allowed:
        raise QueryRefused(limit, allowed, f"{what}; the limit ({limit}) is {allowed:,}.")
