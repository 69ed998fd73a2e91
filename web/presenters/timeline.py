"""Periods -> the strip of a timeline: a bar for each period that has hits, a gap where the archive has nothing; coarser the
longer it reaches.

[1953-07: 2, 1953-09: 1, …, 2015-07: 3] ──▶ bars for 1953: 3 of 40, …, 2015: 3 of 12, a gap for 1961–1963
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from search.model.results import Period
from web.i18n.catalogue import Texts, t, texts
from web.presenters.formatting import date_words

MONTHS_SHOWN, YEARS_SHOWN, DECADES_SHOWN = 36, 120, 120
"""The longest stretch shown by month, year, decade; beyond it centuries."""
MIN_SLOTS = 24
"""A timeline is at least this wide, so that few bars do not become slabs."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`slot`: its place, from 0; `width`: in slots, over 1 only in a gap, whose `archive` is 0; `from_date`, `to_date`: what it
    stands for; `count`: hits; `archive`: all articles; `share`: "2.5 %";
    `height` of the hits, `share_height` of their share: 0 to 1, the tallest bar's."""

    slot: int
    width: int
    label: str
    from_date: str
    to_date: str
    count: int = 0
    archive: int = 0
    share: str = ""
    height: float = 0
    share_height: float = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """`bars` and gaps in their order; `dates`: for each slot, first and last date."""

    bars: tuple[Bar, ...]
    gaps: tuple[Bar, ...]
    slots: int
    dates: tuple[tuple[str, str], ...] = ()

    @property
    def ends(self) -> tuple[str, ...]:
        """The first and the last date of all, in words."""
        return (date_words(self.bars[0].from_date), date_words(self.bars[-1].to_date)) if self.bars else ()

    @property
    def spans(self) -> str:
        """The dates of the slots, "1953 1954" or "1950:1959 1960:1969"."""
        return " ".join(first if first == last else f"{first}:{last}" for first, last in self.dates)

    @property
    def shares_differ(self) -> bool:
        """Whether there is more to see than the hits: not of the whole archive."""
        return any(bar.count < bar.archive for bar in self.bars)

    @property
    def rows(self) -> list[Bar]:
        """Bars and gaps by time."""
        return sorted((*self.bars, *self.gaps), key=lambda bar: bar.slot)


def timeline(found: Iterable[Period], archive: Iterable[Period] = ()) -> Timeline:
    """Of the hits, and of all articles; the periods are all days, all months or all years. Without `archive` it has no gaps."""
    found = tuple(found)
    if not found:
        return Timeline((), (), MIN_SLOTS)
    step = _step(found[0].start, found[-1].start)
    first, last = _slot(found[0].start, step), _slot(found[-1].start, step)
    hits, held = _sums(found, step), _sums(archive or found, step)
    shares = {slot: count / held[slot] for slot, count in hits.items()}
    most, most_share = max(hits.values()), max(shares.values())
    dates = tuple(_dates(slot, slot, step) for slot in range(first, last + 1))
    bars = []
    for slot, count in sorted(hits.items()):
        start, end = dates[slot - first]
        share = _percent(texts(), round(100 * shares[slot], 1))
        heights = (count / most, shares[slot] / most_share)
        bars.append(Bar(slot - first, 1, _label(start, end, step), start, end, count, held[slot], share, *heights))
    gaps = [
        Bar(a - first, b - a + 1, _label(*_dates(a, b, step), step), *_dates(a, b, step)) for a, b in _gaps(first, last, held)
    ]
    return Timeline(tuple(bars), tuple(gaps) if archive else (), max(last - first + 1, MIN_SLOTS), dates)


@lru_cache(maxsize=2_002)
def _percent(say: Texts, number: float) -> str:
    """2.5 -> "2.5 %"; there are no more than 1,001 in a language."""
    return say("percent", number=say.number(number, 1))


def may_show_months(years: Sequence[Period]) -> bool:
    """Whether hits within these years, counted by month, may be shown by month."""
    return bool(years) and int(years[-1].start) - int(years[0].start) <= MONTHS_SHOWN // 12


def _sums(periods: Iterable[Period], step: int) -> dict[int, int]:
    """Articles by slot."""
    sums: dict[int, int] = defaultdict(int)
    if step > 0:  # as `_slot`, but for a whole archive
        for period in periods:
            sums[int(period.start[:4]) // step] += period.count
        return sums
    for period in periods:
        sums[_slot(period.start, step)] += period.count
    return sums


def _gaps(first: int, last: int, held: dict[int, int]) -> Iterator[tuple[int, int]]:
    """The first and last slot of each stretch of which the archive has nothing."""
    before = first
    for slot in sorted(slot for slot in held if first < slot <= last):
        if slot > before + 1:
            yield before + 1, slot - 1
        before = slot


def _step(first: str, last: str) -> int:
    """Years a bar stands for; 0 is a month, -1 a day."""
    if len(first) == 10:
        return -1
    if len(first) == 7 and _slot(last, 0) - _slot(first, 0) < MONTHS_SHOWN:
        return 0
    years = int(last[:4]) - int(first[:4])
    return 1 if years < YEARS_SHOWN else 10 if years < DECADES_SHOWN * 10 else 100


def _slot(start: str, step: int) -> int:
    if step == -1:
        return date.fromisoformat(start).toordinal()
    if step == 0:
        return int(start[:4]) * 12 + int(start[5:7]) - 1
    return int(start[:4]) // step


def _dates(first: int, last: int, step: int) -> tuple[str, str]:
    """The first and last date of these slots."""
    if step == -1:
        return date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()
    if step == 0:
        return f"{first // 12:04}-{first % 12 + 1:02}", f"{last // 12:04}-{last % 12 + 1:02}"
    return f"{max(first * step, 1):04}", f"{last * step + step - 1:04}"


def _label(first: str, last: str, step: int) -> str:
    start, end = (first, last) if step > 0 else (date_words(first), date_words(last))
    return start if start == end else t("timeline.span", first=start, last=end)
