"""Marked passages -> the few fragments that cover most of the query, whole sentences where they fit.

A fragment is always a substring of its passage; it is cut at spaces and never inside a visible character.
"""

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from search.analysis.sentences import sentences
from search.model.article import Article
from search.model.results import Fragment, Mark

MAX_FRAGMENTS = 3
FRAGMENT_CHARACTERS = 240
"""The target length of a fragment; a sentence up to half as long again is still shown whole."""


class LeafMark(msgspec.Struct, frozen=True, order=True):
    """A part of a passage that matched, and the leaf of the query that it matched."""

    start: int
    end: int
    leaf: int


class _Candidate(msgspec.Struct, frozen=True):
    """A part of a passage that may become a fragment, None until it is computed. `order`: the position of the passage; `leaves`:
    one bit for each leaf of its marks."""

    order: int
    stretch: Mark | None
    marks: list[LeafMark]
    leaves: int


def whole(text: str, found: Sequence[LeafMark]) -> Fragment:
    """The whole passage as a fragment."""
    return Fragment(text, _merged([(m.start, m.end) for m in found]))


def beginning(article: Article) -> tuple[Fragment, ...]:
    """The first sentences of the standfirst or the body, without marks, preferably not a subhead; () if there is no text."""
    texts = [article.standfirst, *(p.text for p in article.paragraphs if p.kind == "text"), *(p.text for p in article.paragraphs)]
    text = next((text for text in texts if text), None)
    if text is None:
        return ()
    first = sentences(text)[0]
    stretch = _window(text, first, first[0], first[0]) if _is_long(first) else first
    return (_fragment(text, *_grown(text, *stretch), []),)


def best_fragments(body: list[tuple[str, list[LeafMark]]]) -> tuple[Fragment, ...]:
    """At most MAX_FRAGMENTS of the marked stretches, in reading order. Each next one has the most leaves not yet shown, then the
    most leaves, then the most marks, then the earliest position."""
    fragments: list[Fragment] = []
    last_order, last_end = -1, 0
    for order, stretch in sorted(_best(body)):
        if order == last_order and stretch[0] < last_end:
            continue  # shown by the fragment before, which grew over it
        text, found = body[order]
        start, end = _grown(text, *stretch)
        fragments.append(_fragment(text, start, end, found))
        last_order, last_end = order, end
    return tuple(fragments)


def _best(body: list[tuple[str, list[LeafMark]]]) -> list[tuple[int, Mark]]:
    """The chosen stretches, each with the number of its passage. A passage has at least as many leaves as any stretch of it, so
    it is divided only if it is the best."""
    candidates = [_candidate(order, None, found) for order, (_, found) in enumerate(body)]
    chosen: list[tuple[int, Mark]] = []
    shown = 0
    while candidates and len(chosen) < MAX_FRAGMENTS:
        best = max(candidates, key=lambda c: ((c.leaves & ~shown).bit_count(), c.leaves.bit_count(), len(c.marks)))
        at = candidates.index(best)
        parts = [best] if best.stretch else _divided(body[best.order][0], best)
        if len(parts) == 1 and parts[0].stretch:
            chosen.append((best.order, parts[0].stretch))
            shown |= best.leaves
            parts = []
        candidates[at : at + 1] = parts
    return chosen


def _divided(text: str, passage: _Candidate) -> list[_Candidate]:
    """The sentences that have marks; long ones as windows around the marks; sentences joined by a mark as one."""
    borders = sentences(text)
    by_stretch: dict[Mark, list[LeafMark]] = {}
    last: Mark = (0, 0)
    for mark in passage.marks:
        if not (last[0] <= mark.start and mark.end <= last[1]):
            sentence = _sentence_at(borders, mark.start)
            if mark.end > sentence[1]:
                sentence = (sentence[0], _sentence_at(borders, mark.end - 1)[1])
            last = _window(text, sentence, mark.start, mark.end) if _is_long(sentence) else sentence
        by_stretch.setdefault(last, []).append(mark)
    return [_candidate(passage.order, stretch, marks) for stretch, marks in by_stretch.items()]


def _sentence_at(borders: list[Mark], place: int) -> Mark:
    """The last sentence that starts at or before this position."""
    return borders[max(bisect_right(borders, (place, _END)) - 1, 0)]


_END = sys.maxsize


def _candidate(order: int, stretch: Mark | None, marks: list[LeafMark]) -> _Candidate:
    leaves = 0
    for mark in marks:
        leaves |= 1 << mark.leaf
    return _Candidate(order, stretch, marks, leaves)


def _fragment(text: str, start: int, end: int, found: Sequence[LeafMark]) -> Fragment:
    inside = [(m.start - start, m.end - start) for m in found if start <= m.start and m.end <= end]
    return Fragment(text[start:end], _merged(inside), start > 0, end < len(text))


def _merged(spans: list[Mark]) -> tuple[Mark, ...]:
    """Sorted spans with overlapping ones merged."""
    merged: list[Mark] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _is_long(stretch: Mark) -> bool:
    return stretch[1] - stretch[0] > FRAGMENT_CHARACTERS * 3 // 2


def _window(text: str, sentence: Mark, start: int, end: int) -> Mark:
    """Part of a sentence, FRAGMENT_CHARACTERS long if possible, with [start, end) slightly before its middle."""
    low = max(sentence[0], min(start, (start + end) // 2 - FRAGMENT_CHARACTERS * 2 // 5))
    high = min(sentence[1], max(end, low + FRAGMENT_CHARACTERS))
    if low > sentence[0]:
        low = _at_blank(text, low, range(low, min(low + _MAX_SHIFT, start) + 1), before=True)
    if high < sentence[1]:
        high = _at_blank(text, high, range(high, max(high - _MAX_SHIFT, end) - 1, -1), before=False)
    return low, high


_MAX_SHIFT = 30


def _at_blank(text: str, at: int, near: range, *, before: bool) -> int:
    """The nearest preceding position with a space before or at it; otherwise the next one that splits no visible character."""
    for place in near:
        if text[place - 1 if before else place].isspace():
            return place
    step = -1 if before else 1
    while 0 < at < len(text) and _inside_character(text, at):
        at += step
    return at


_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")


def _inside_character(text: str, at: int) -> bool:
    """Whether a cut there would separate a letter from its accents or split an emoji."""
    if unicodedata.category(text[at])[0] == "M" or "\u200d" in text[at - 1 : at + 1] or "\U0001f3fb" <= text[at] <= "\U0001f3ff":
        return True
    if not _FLAG_LETTER.match(text, at):
        return False
    before = at
    while before and _FLAG_LETTER.match(text, before - 1):
        before -= 1
    return (at - before) % 2 == 1  # two letters make a flag


def _grown(text: str, start: int, end: int) -> Mark:
    """A short stretch extended by the following sentences as far as they fit."""
    if end - start < FRAGMENT_CHARACTERS // 2:
        for _, next_end in sentences(text):
            if end < next_end <= start + FRAGMENT_CHARACTERS:
                end = next_end
    return start, end
