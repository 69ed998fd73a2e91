"""The lines of a page with their places -> the order in which they are read, and the paragraphs they make.

A page is cut where no letter stands: across, between a headline and the columns below it, and down, between columns. Of two
cuts the one down goes first, since the lines of columns side by side are read column by column.

The values below were swept on 72 pages that a browser printed: 1 to 4 columns 0.9 to 3 letter sizes apart, lines 1.15 to 1.5
sizes apart, paragraphs with gaps or indents, four languages. With them .94 of the paragraphs are whole and in order, and .93 on
the third of the pages that was kept back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from indexer.sources.formats.exports.newspapers.hyphens import joined

GUTTER = 0.5
"""Width of the empty strip between two columns, in sizes of the letters; words are a third of one apart. Swept .2-2: the same up
to .6, .79 of the paragraphs from .7 on, where columns run into each other."""
PARAGRAPH_GAP = 1.25
"""Distance from a line to the next of another paragraph, in distances of the lines of a paragraph. Swept 1.1-2: the best is 1.15,
1.4 costs .02, 1.6 a half; higher than the best, since lines of other makers are less even."""
MAX_LINE_GAP = 2.0
"""Distance of the lines of a paragraph, in sizes of the letters: lines that are all farther apart are paragraphs each."""
INDENT = 0.5
"""How far the first line of a paragraph stands in, in sizes of the letters. Swept .3-1.5: the same up to .7, .66 from .9 on."""
MAX_CUTS = 60
"""Cuts within cuts; a page has fewer than ten."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text on a page; y grows upwards, as in PDF."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    page: int = 0


def reading_order(lines: list[Line], cuts: int = 0) -> list[Line]:
    if len(lines) < 2 or cuts > MAX_CUTS:
        return sorted(lines, key=lambda line: (-line.top, line.left))
    size = median(line.size for line in lines)
    columns = _groups(lines, [(line.left, line.right) for line in lines], GUTTER * size)
    if len(columns) > 1:
        return [line for column in columns for line in reading_order(column, cuts + 1)]
    rows = _groups(lines, [(-line.top, -line.bottom) for line in lines], 0.0)
    if len(rows) == 1:
        return sorted(lines, key=lambda line: (-line.top, line.left))
    return [line for part in _joined_rows(rows, size) for line in part]


def _groups(lines: list[Line], spans: list[tuple[float, float]], gap: float) -> list[list[Line]]:
    """The lines parted at each gap that no span covers, in order."""
    groups: list[list[Line]] = []
    reached = float("-inf")
    for (start, end), line in sorted(zip(spans, lines, strict=True), key=lambda each: each[0]):
        if not groups or start - reached > gap:
            groups.append([])
        groups[-1].append(line)
        reached = max(reached, end)
    return groups


def _joined_rows(rows: list[list[Line]], size: float) -> Iterator[list[Line]]:
    """Rows one below the other that have the same columns are read column by column; a row without columns by itself."""
    waiting: list[Line] = []
    for row in rows:
        together = waiting + row
        parted = len(_columns(together, size)) > 1
        if waiting and not parted:
            yield from _in_columns(waiting, size)
            waiting = []
        waiting = waiting + row
    yield from _in_columns(waiting, size)


def _in_columns(lines: list[Line], size: float) -> Iterator[list[Line]]:
    for column in _columns(lines, size):
        yield sorted(column, key=lambda line: (-line.top, line.left))


def _columns(lines: list[Line], size: float) -> list[list[Line]]:
    return _groups(lines, [(line.left, line.right) for line in lines], GUTTER * size)


def paragraphs(lines: Iterable[Line]) -> list[str]:
    """The lines of a paragraph stand close together, its first may stand in; words parted at the end of a line are joined."""
    found: list[list[Line]] = []
    for column in _runs(lines):
        gaps = [above.bottom - below.bottom for above, below in pairwise(column)]
        usual = min(median(gaps), MAX_LINE_GAP * column[0].size) if gaps else 0.0
        edge = min(line.left for line in column)
        right = max(line.right for line in column)
        for number, line in enumerate(column):
            above = column[number - 1] if number else None
            goes_on = number == 0 and found and _goes_on(found[-1][-1], line)
            if (above is None and not goes_on) or (above and _begins(above, line, usual, edge, right)):
                found.append([])
            found[-1].append(line)
    return [text for each in found if (text := joined(line.text for line in each))]


def _begins(above: Line, line: Line, usual: float, edge: float, right: float) -> bool:
    far = above.bottom - line.bottom > PARAGRAPH_GAP * usual
    indented = line.left - edge > INDENT * line.size and above.left - edge <= INDENT * line.size
    short = above.right < right - 0.25 * (right - edge) and above.text[-1:] in '.!?”"»' and abs(above.size - line.size) > 0.5
    return far or indented or short or abs(above.size - line.size) > 0.1 * line.size


def _goes_on(last: Line, line: Line) -> bool:
    """Whether a column goes on with the sentence of the one before it."""
    return abs(last.size - line.size) < 0.1 * line.size and last.text[-1:] not in '.!?:”"»' and not line.text[:1].isupper()


def _runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines one below the other: a new run begins where the next line stands higher or beside."""
    run: list[Line] = []
    for line in lines:
        if run and (line.page != run[-1].page or line.bottom >= run[-1].bottom):
            yield run
            run = []
        run.append(line)
    if run:
        yield run
