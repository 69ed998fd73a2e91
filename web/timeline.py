"""Periods -> the bars of a timeline, coarser the longer they reach.

[1953-07: 2, 1953-09: 1, …, 2015-07: 3] ──▶ bars for 1953: 3, …, 2015: 3
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from search.results import Period
from web.words import date_words

MONTHS_SHOWN, YEARS_SHOWN, DECADES_SHOWN = 36, 120, 120
"""The longest stretch shown by month, year, decade; beyond it centuries."""
FEWEST_SLOTS = 24
"""A timeline is at least this wide, so that few bars do not become slabs."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`slot`: its place, from 0; `height`: 0 to 1; `from_date`, `to_date`: what it stands for."""

    slot: int
    height: float
    count: int
    archive: int
    label: str
    from_date: str
    to_date: str


@dataclass(frozen=True, slots=True)
class Timeline:
    bars: tuple[Bar, ...]
    slots: int

    @property
    def ends(self) -> tuple[str, ...]:
        """The first and the last date of all, in words."""
        return (date_words(self.bars[0].from_date), date_words(self.bars[-1].to_date)) if self.bars else ()


def timeline(periods: Iterable[Period]) -> Timeline:
    """Bars of the periods, which are all days or all months."""
    periods = tuple(periods)
    if not periods:
        return Timeline((), FEWEST_SLOTS)
    step = _step(periods[0].start, periods[-1].start)
    first, last = _slot(periods[0].start, step), _slot(periods[-1].start, step)
    sums: dict[int, tuple[str, int, int]] = {}
    for period in periods:
        slot = _slot(period.start, step) - first
        start, count, archive = sums.get(slot, (period.start, 0, 0))
        sums[slot] = (start, count + period.count, archive + period.archive)
    tallest = max(count for _, count, _ in sums.values())
    bars = tuple(
        Bar(slot, count / tallest, count, archive, *_span(start, step)) for slot, (start, count, archive) in sums.items()
    )
    return Timeline(bars, max(last - first + 1, FEWEST_SLOTS))


def _step(first: str, last: str) -> int:
    """Years a bar stands for; 0 is a month, -1 a day."""
    if len(first) == 10:
        return -1
    if _slot(last, 0) - _slot(first, 0) < MONTHS_SHOWN:
        return 0
    years = int(last[:4]) - int(first[:4])
    return 1 if years < YEARS_SHOWN else 10 if years < DECADES_SHOWN * 10 else 100


def _slot(start: str, step: int) -> int:
    if step == -1:
        return date.fromisoformat(start).toordinal()
    if step == 0:
        return int(start[:4]) * 12 + int(start[5:7]) - 1
    return int(start[:4]) // step


def _span(start: str, step: int) -> tuple[str, str, str]:
    """Label, first and last date of the bar that `start` falls in."""
    if step <= 0:
        return date_words(start), start, start
    year = int(start[:4]) // step * step
    first, last = f"{max(year, 1):04}", f"{year + step - 1:04}"
    return (first if step == 1 else f"{first}–{last}"), first, last
