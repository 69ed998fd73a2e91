"""The axes of a timeline: labels at round years, months or days, its two ends, and a line at a round number.

ticks(1912, 2026, 1) ──▶ 1912 at the left end, 1920, 1940, …, 2000, 2026 at the right end
"""

from collections.abc import Callable

import msgspec

MAX_YEAR_TICKS, MAX_DATE_TICKS = 9, 5
"""How many labels fit: a year is short, a month or a day is not."""
YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1_000, 2_000)
MONTH_STEPS = (1, 2, 3, 6, 12)
DAY_STEPS = (1, 2, 7, 14, 28)
YEAR_MARGIN, DATE_MARGIN = 0.07, 0.18
"""How close to an end, as a share of the width, another label would touch the one of the end."""
BARS_TOP, BARS_BOTTOM, BARS_HEIGHT = 4, 58, 60
"""Where the tallest bar begins and all bars end, and the height of the drawing."""


class Tick(msgspec.Struct, frozen=True):
    """`place`: "12.5%" from the left; `anchor`: which end of the label is there, as in SVG."""

    place: str
    label: str
    anchor: str = "middle"


def ticks(first: int, last: int, step: int, label: Callable[[int], str]) -> tuple[Tick, ...]:
    """`first`, `last`: slots as numbered by web/presenters/timeline.py; `step`: the years per slot, 0 for months, -1 for days;
    `label`: of a slot. The labels of the ends are at the edges, unless each slot has one below it."""
    slots = last - first + 1
    most, margin = (MAX_YEAR_TICKS, YEAR_MARGIN) if step > 0 else (MAX_DATE_TICKS, DATE_MARGIN)
    start = 1 if step < 0 else 0  # day number 1 is a Monday
    spacing = _spacing(slots, step, most)
    inner = (slot for slot in range(first, last + 1) if (slot - start) % spacing == 0)
    placed = [(slot, (slot - first + 0.5) / slots) for slot in inner]
    if slots <= most:
        return tuple(Tick(f"{100 * place:.1f}%", label(slot)) for slot, place in placed)
    between = [Tick(f"{100 * place:.1f}%", label(slot)) for slot, place in placed if margin < place < 1 - margin]
    return (Tick("0%", label(first), "start"), *between, Tick("100%", label(last), "end"))


def _spacing(slots: int, step: int, most: int) -> int:
    """Every how many slots there is a label: the smallest round number with which all fit."""
    units = YEAR_STEPS if step > 0 else MONTH_STEPS if step == 0 else DAY_STEPS
    rounds = [unit // max(step, 1) for unit in units if unit % max(step, 1) == 0]
    return next((each for each in rounds if slots / each <= most), rounds[-1])


def round_number(most: float) -> float:
    """The greatest of 1, 2, 5, 10, 20, 50 … (or 0.5, 0.2 …) that is not above: 41 -> 20."""
    magnitude = 1.0
    while magnitude > most:
        magnitude /= 10
    while magnitude * 10 <= most:
        magnitude *= 10
    return next(factor * magnitude for factor in (5, 2, 1) if factor * magnitude <= most)


def line_place(share_of_tallest: float) -> str:
    """The distance from the top, "37.0%", of a line at that share of the height of the tallest bar."""
    return f"{100 * (BARS_BOTTOM - share_of_tallest * (BARS_BOTTOM - BARS_TOP)) / BARS_HEIGHT:.1f}%"
