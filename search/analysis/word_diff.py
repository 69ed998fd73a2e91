"""The runs that two lists of words have in common, by the shortest edit path, in bounded time.

    common_runs(["a", "b", "c"], ["a", "x", "c"], Effort())  ->  [Run(0, 0, 1), Run(2, 2, 1)]

E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), forward and greedy. Its time grows with the square of the
number of edits, so after ROUND_EDITS edits the best path so far is accepted and the search restarts at its end. Once the effort
is used up, everything that remains counts as changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

ROUND_EDITS = 256
"""Up to this many edits, the path found is the shortest."""
MAX_STEPS = 1_000_000
"""About a second."""


class Run(NamedTuple):
    """`before[before:before + length]` equals `after[after:after + length]`."""

    before: int
    after: int
    length: int


@dataclass(slots=True)
class Effort:
    """How many steps the comparison may still take; several comparisons can share it. `sufficed`: whether all was compared."""

    left: int = MAX_STEPS
    passed_over: bool = False

    def allows(self, steps: int) -> bool:
        """Takes so many steps at once, if so many are left; if not, what they were for is passed over."""
        if steps > self.left:
            self.passed_over = True
            return False
        self.left -= steps
        return True

    @property
    def sufficed(self) -> bool:
        return self.left > 0 and not self.passed_over


def common_runs(before: Sequence[str], after: Sequence[str], effort: Effort) -> list[Run]:
    """The runs in order; no two of them are adjacent on both sides."""
    numbers: dict[str, int] = {}
    a = [numbers.setdefault(word, len(numbers)) for word in before]
    b = [numbers.setdefault(word, len(numbers)) for word in after]
    start = _alike(a, b)
    end = _alike(a[start:][::-1], b[start:][::-1])
    middle = _Grid(a[start : len(a) - end], b[start : len(b) - end], effort)
    runs = [Run(0, 0, start), *(Run(x + start, y + start, n) for x, y, n in middle.runs()), Run(len(a) - end, len(b) - end, end)]
    return _joined(run for run in runs if run.length)


def _alike(a: list[int], b: list[int]) -> int:
    """The length of the common beginning."""
    return next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else Run(-1, -1, 0)
        if (last.before + last.length, last.after + last.length) == (run.before, run.after):
            joined[-1] = last._replace(length=last.length + run.length)
        else:
            joined.append(run)
    return joined


Way = tuple[Run, "Way"] | None
"""The runs passed so far, last one first."""


@dataclass(slots=True)
class _Grid:
    """The path leads from (0, 0) to (len(a), len(b)): a step right drops a word of a, a step down inserts a word of b, and a
    diagonal step, where the words are equal, costs nothing. A diagonal is numbered x - y."""

    a: list[int]
    b: list[int]
    effort: Effort

    def runs(self) -> list[Run]:
        runs: list[Run] = []
        x = y = 0
        while x < len(self.a) and y < len(self.b) and self.effort.left > 0:
            x, y, way = self._way_from(x, y)
            found: list[Run] = []
            while way:
                run, way = way
                found.append(run)
            runs += reversed(found)
        return runs

    def _way_from(self, x: int, y: int) -> tuple[int, int, Way]:
        """The end of the path that gets furthest with ROUND_EDITS edits, and the path."""
        begun = x - y
        reached: dict[int, tuple[int, Way]] = {begun: self._slide(x, y, None)}  # by diagonal: how far right, and how
        for edits in range(1, ROUND_EDITS + 1):
            for diagonal in range(begun - edits, begun + edits + 1, 2):
                step = self._step(reached, diagonal)
                if step:
                    x, way = reached[diagonal] = self._slide(step[0], step[0] - diagonal, step[1])
                    if x == len(self.a) and x - diagonal == len(self.b):
                        return x, x - diagonal, way
            if self.effort.left <= 0:
                break
        best = max(reached, key=lambda diagonal: 2 * reached[diagonal][0] - diagonal)
        x, way = reached[best]
        return x, x - best, way

    def _step(self, reached: dict[int, tuple[int, Way]], diagonal: int) -> tuple[int, Way] | None:
        """The furthest point on the diagonal after one more edit; None if it is outside."""
        left, above = reached.get(diagonal - 1), reached.get(diagonal + 1)
        right = (left[0] + 1, left[1]) if left and left[0] < len(self.a) else None
        down = above if above and above[0] - diagonal <= len(self.b) else None
        return down if down and (not right or down[0] >= right[0]) else right

    def _slide(self, x: int, y: int, way: Way) -> tuple[int, Way]:
        """Follows the diagonal while the words are equal."""
        a, b, start = self.a, self.b, x
        shift = y - x
        end = min(len(a), len(b) - shift)
        while x < end and a[x] == b[x + shift]:
            x += 1
        self.effort.left -= 1 + x - start
        return x, (Run(start, start + shift, x - start), way) if x > start else way
