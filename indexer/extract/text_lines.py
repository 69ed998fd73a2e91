"""The lines of a text -> its paragraphs and lone lines, whether it has a line a paragraph or was wrapped, even in narrow columns.

    >>> split_blocks("The council voted on Tues-\\nday to deepen the har-\\nbour and to close the old\\nlanding stage.\\n")
    ['The council voted on Tuesday to deepen the harbour and to close the old landing stage.']

Scans, mailers and the terminals of agencies wrap at 28 to 100 characters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from search.analysis.sentences import ends_sentence
from search.lexicon.read import read_lexicon

MIN_WRAP_CHARACTERS = 26
WIDE_WRAP_CHARACTERS = 40
"""Lines of a poem, a list or a table may be as short as a narrower column."""
MAX_WRAP_CHARACTERS = 110
"""A text whose lines are longer was not wrapped by hand or by a mailer."""
MIN_PAIRS = 4
WRAPPED_SHARE = 0.8
"""Of the lines of a narrow column that another follows, so many are full. Texts in 29 languages, wrapped at 28 to 36 characters,
have 1.0, and 600 lists of their phrases up to 0.65; scans have lines that are not so even."""
MAX_HEAD_LINES = 4
LIST_ITEM = re.compile(r"^\s*(?:[-•*▪◦‣]\s+|\(?\d{1,2}[.)]\s+)\S")


def split_blocks(text: str, language: str | None = None) -> list[str]:
    """The paragraphs and lone lines of a text, each on one line."""
    lines = [line.rstrip() for line in re.split(r"\r\n|[\r\n\f]", text)]
    width = _wrap_width(lines)
    words = _Words(language or "en", _whole_words(lines) if width else {})
    blocks: list[str] = []
    for previous, line in pairwise(["", *lines]):
        if line and previous and width and _continues(previous, line, width, in_head=len(blocks) <= MAX_HEAD_LINES):
            blocks[-1] = _join(blocks[-1], line.lstrip(), words)
        elif line:
            blocks.append(line)
    return [" ".join(block.split()) for block in blocks if not re.fullmatch(r"[\W_]+", block)]


def ends_line(text: str) -> bool:
    """Whether a sentence ends here, or what it announces follows."""
    return ends_sentence(text) or text.endswith((":", ";"))


def _wrap_width(lines: list[str]) -> int:
    """How wide the text was wrapped, 0 if it was not: then no line is very long and many, of those that have another one next
    to them, are about as long as the longest."""
    around = zip(["", *lines], lines, [*lines[1:], ""], strict=False)
    lengths = [len(line) for before, line, after in around if line and (before or after)]
    if not lengths:
        return 0
    width = sorted(lengths)[int(0.98 * (len(lengths) - 1))] if len(lengths) >= 50 else max(lengths)
    if not MIN_WRAP_CHARACTERS <= width <= MAX_WRAP_CHARACTERS:
        return 0
    if width < WIDE_WRAP_CHARACTERS:
        return width if _is_column(lines, width) else 0
    full = sum(length > 0.8 * width for length in lengths)
    return width if full >= 0.2 * len(lengths) else 0


def _is_column(lines: list[str], width: int) -> bool:
    """Whether lines end where the next word did not fit, and sentences go on from line to line."""
    pairs = [(line, after) for line, after in pairwise(lines) if line and after]
    full = sum(_is_full(line, after, width) for line, after in pairs)
    running = sum(not after.lstrip()[:1].isupper() for _, after in pairs)
    return len(pairs) >= MIN_PAIRS and full >= WRAPPED_SHARE * len(pairs) and running >= len(pairs) / 3


def _is_full(line: str, after: str, width: int) -> bool:
    return len(line) + 1 + len(after.split()[0]) > 0.9 * width


def _continues(previous: str, line: str, width: int, in_head: bool) -> bool:
    """Whether `line` is the rest of `previous`: its first word would not have fitted there, or the sentence goes on."""
    if (line[0].isspace() and not previous[0].isspace()) or LIST_ITEM.match(line):
        return False  # an indented first line; centred lines are all indented
    goes_on = line.lstrip()[:1].islower()
    if goes_on and _BROKEN_WORD.search(previous):
        return True
    runs_over = goes_on and not ends_line(previous) and (in_head or len(previous) > 0.6 * width)
    return runs_over or _is_full(previous, line, width)


# --- words broken at the end of a line --------------------------------------------------------------------------------

_BROKEN_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:[-‐¬]|\xad)$")
_HYPHENS = read_lexicon("indexer.extract.lexicon", "hyphens")


@dataclass(frozen=True, slots=True)
class _Words:
    """counts: how often each word, and each compound with a hyphen, stands in the text unbroken."""

    language: str
    counts: Mapping[str, int]

    def keep_hyphen(self, first: str, second: str) -> bool:
        joined, compound = self.counts.get(first + second, 0), self.counts.get(f"{first}-{second}", 0)
        if joined or compound:
            return compound > joined
        firsts, seconds = (_HYPHENS.by_language(kind).get(self.language, ()) for kind in ("first", "second"))
        return first in firsts or second in seconds


def _join(start: str, rest: str, words: _Words) -> str:
    """ "even-" and "ing to" are "evening to", "well-" and "known" are "well-known"."""
    broken = _BROKEN_WORD.search(start)
    if not broken:
        return start + ("" if re.search(r"\w-$", start) else " ") + rest
    following = re.match(r"[^\W\d_]*", rest)
    second = following[0] if following else ""
    if broken[0][-1] in "¬\xad":
        return start[:-1] + rest
    if not second or second[0].isupper():  # "Anglo-" and "French"
        return start + rest
    return start + rest if words.keep_hyphen(broken[0][:-1].lower(), second) else start[:-1] + rest


def _whole_words(lines: list[str]) -> dict[str, int]:
    """How often each word, and each compound with a hyphen, stands in the text unbroken."""
    counts: dict[str, int] = {}
    for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", "\n".join(lines).lower()):
        counts[word] = counts.get(word, 0) + 1
    return counts
