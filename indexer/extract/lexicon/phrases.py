"""Phrases of a data file -> what finds them in a line of a page.

    read more          these words, in capitals or not
    kommentar*         the word may go on
    skip past …        something stands there, of up to 40 characters unless the code says another number
    # comments         a number
    this <article>     one of the entries of the kind "article" in the same file
    editor's note      any apostrophe, or none
    mitarbeit:         there may be a blank before a colon

>>> Openings(read_lexicon("indexer.extract.lexicon", "related_lines"), "label", ":").match("Read more: The vote")
<re.Match object; span=(0, 10), match='Read more:'>
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from search.lexicon.read import Lexicon

MAX_GAP_CHARACTERS = 40
"""Characters that "…" stands for."""
KEY_LETTERS = 2
"""By so many letters a line is told to begin with none of the phrases."""
_PIECE = re.compile(r"<(\w+)>|(\w+|\.\.\.|.)")
_SIGNS = {" ": r"\s", "*": r"\w*", "#": r"\d+", "'": "['’]?", ":": r"\s?[:：]", "...": r"(?:\.\.\.|…)"}
_ENDS_WORD = re.compile("[^\\W_\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]$")  # in a script with blanks between words
_TWO_LETTERS = re.compile(r"\w[\w ]")


def has_part(text: str, parts: Iterable[str]) -> bool:
    """Whether one of the parts, given in small letters, stands anywhere in the text; quicker than a pattern."""
    return any(map(text.lower().__contains__, parts))


class _Starts:
    """Patterns by the first letters of a line, which is held against few of them."""

    def match(self, line: str) -> re.Match[str] | None:
        """One of the phrases, if the line begins with one."""
        start = line[:KEY_LETTERS]
        patterns = self._met.get(start)
        if patterns is None:
            patterns = self._met[start] = self.patterns(start.lower())
        for pattern in patterns:
            if found := pattern.match(line):
                return found
        return None

    def patterns(self, start: str) -> list[re.Pattern[str]]:
        raise NotImplementedError

    @cached_property
    def _met(self) -> dict[str, list[re.Pattern[str]]]:
        """The patterns to try by the first letters of a line, of those met: most lines have none."""
        return {}


@dataclass(frozen=True)
class Openings(_Starts):
    """The phrases of a kind at the start of a line. after: the regular expression of what has to follow."""

    lexicon: Lexicon
    kind: str
    after: str = ""
    gap: int = MAX_GAP_CHARACTERS
    flags: int = re.IGNORECASE

    def patterns(self, start: str) -> list[re.Pattern[str]]:
        keys = (start[:length] for length in range(len(start), -1, -1))
        return [self._by_start[key] for key in keys if key in self._by_start]

    @cached_property
    def _by_start(self) -> dict[str, re.Pattern[str]]:
        by_start: dict[str, list[str]] = {}
        for phrase in sorted(self.lexicon.of(self.kind), key=len, reverse=True):
            for start in set(_starts(phrase, self.lexicon)):
                by_start.setdefault(start, []).append(_pattern(phrase, self.lexicon, self.gap))
        return {start: re.compile(f"(?:{'|'.join(some)}){self.after}", self.flags) for start, some in by_start.items()}


@dataclass(frozen=True)
class AnyOpening(_Starts):
    """Several kinds of openings: a line that begins with none of them is told at once."""

    openings: tuple[Openings, ...]

    def patterns(self, start: str) -> list[re.Pattern[str]]:
        return [pattern for opening in self.openings for pattern in opening.patterns(start)]


@dataclass(frozen=True)
class Mentions:
    """The phrases of a kind anywhere in a line. before, after: the regular expressions of what has to stand around them."""

    lexicon: Lexicon
    kind: str
    before: str = r"(?<!\w)"
    after: str = ""
    gap: int = MAX_GAP_CHARACTERS

    def search(self, line: str) -> re.Match[str] | None:
        return self._compiled.search(line)

    def match(self, line: str) -> re.Match[str] | None:
        return self._compiled.match(line)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(f"{self.before}{_alternatives(self.kind, self.lexicon, self.gap)}{self.after}", re.IGNORECASE)


def _alternatives(kind: str, lexicon: Lexicon, gap: int) -> str:
    longest_first = sorted(lexicon.of(kind), key=len, reverse=True)
    return f"(?:{'|'.join(_pattern(phrase, lexicon, gap) for phrase in longest_first)})"


def _pattern(phrase: str, lexicon: Lexicon, gap: int) -> str:
    """The regular expression of a phrase; it ends where a word ends."""
    signs = {**_SIGNS, "…": f".{{0,{gap}}}"}
    pattern, before = "", ""
    for kind, text in _PIECE.findall(phrase):
        if text == "…" and _ENDS_WORD.search(before):
            pattern += r"\b"
        pattern += _alternatives(kind, lexicon, gap) if kind else signs.get(text) or re.escape(text)
        before = text
    return pattern + (r"\b" if _ENDS_WORD.search(phrase) else "")


def _starts(phrase: str, lexicon: Lexicon) -> Iterator[str]:
    """The first letters of what the phrase stands for, as far as they are certain."""
    kind, text = _PIECE.findall(phrase)[0]
    if kind:
        for first in lexicon.of(kind):
            yield from _starts(first, lexicon)
    else:
        yield "" if text == "…" or text in _SIGNS else phrase[: KEY_LETTERS if _TWO_LETTERS.match(phrase) else 1].lower()
