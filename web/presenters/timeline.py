"""Periods -> a timeline: a bar for each period with hits, gaps where the archive has no articles, and wider bars for longer
spans.

[1953-07: 2, 1953-09: 1, …, 2015-07: 3] ──▶ bars for 1953: 3 of 40, …, 2015: 3 of 12, a gap for 1961–1963
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from search.model.results import Period
from web.i18n.catalogue import t, texts
from web.presenters.axis import Tick, line_place, round_number, ticks
from web.presenters.formatting import date_words

MONTHS_SHOWN, YEARS_SHOWN, DECADES_SHOWN = 36, 120, 120
"""The longest span shown by month, year and decade; longer ones are shown by century."""
WIDE_SLOTS = 24
"""With fewer slots than this, bars do not become wider: the space between them does."""
SLOT_WIDTH, BAR_WIDTH = 10, 8


class Bar(msgspec.Struct, frozen=True):
    """`slot`: its position, from 0; `width`: in slots, more than 1 only for a gap, whose `archive` is 0; `from_date`, `to_date`:
    the period; `count`: hits; `archive`: all articles; `share`: "2.5%"; `height` and `share_height`: of the hits and of their
    share, from 0 to 1, relative to the tallest bar."""

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


class Timeline(msgspec.Struct, frozen=True):
    """`bars` and gaps in order; `dates`: the first and last date of each slot; `ticks`: the labels below it; `scale`: the line at
    a round number of articles and, as the second, at a round share of them, each with its distance from the top."""

    bars: tuple[Bar, ...]
    gaps: tuple[Bar, ...]
    slots: int
    dates: tuple[tuple[str, str], ...] = ()
    ticks: tuple[Tick, ...] = ()
    scale: tuple[tuple[str, str], ...] = ()

    @property
    def bar_width(self) -> float:
        """In the units of the drawing, in which a slot is SLOT_WIDTH wide."""
        return BAR_WIDTH * min(1, self.slots / WIDE_SLOTS)

    @property
    def ends(self) -> tuple[str, ...]:
        """The first and the last date, as text."""
        return (date_words(self.bars[0].from_date), date_words(self.bars[-1].to_date)) if self.bars else ()

    @property
    def spans(self) -> str:
        """The dates of the slots, "1953 1954" or "1950:1959 1960:1969"."""
        return " ".join(first if first == last else f"{first}:{last}" for first, last in self.dates)

    @property
    def shares_differ(self) -> bool:
        """Whether the share is worth showing: not for the whole archive."""
        return any(bar.count < bar.archive for bar in self.bars)

    @property
    def rows(self) -> list[Bar]:
        """Bars and gaps in order of time."""
        return sorted((*self.bars, *self.gaps), key=lambda bar: bar.slot)


def timeline(found: Iterable[Period], archive: Iterable[Period] = ()) -> Timeline:
    """The timeline of the hits, compared with all articles; the periods are all days, all months or all years. Without `archive`
    it has no gaps."""
    found = tuple(found)
    if not found:
        return Timeline((), (), 0)
    step = _step(found[0].start, found[-1].start)
    first, last = _slot(found[0].start, step), _slot(found[-1].start, step)
    hits, held = _sums(found, step), _sums(archive or found, step)
    shares = {slot: count / held[slot] for slot, count in hits.items()}
    most, most_share = max(hits.values()), max(shares.values())
    dates = tuple(_dates(slot, slot, step) for slot in range(first, last + 1))
    say = texts()
    bars = []
    for slot, count in sorted(hits.items()):
        start, end = dates[slot - first]
        share = say.percent(round(100 * shares[slot], 1) / 100)
        heights = (count / most, shares[slot] / most_share)
        bars.append(Bar(slot - first, 1, _label(start, end, step), start, end, count, held[slot], share, *heights))
    gaps = [
        Bar(a - first, b - a + 1, _label(*_dates(a, b, step), step), *_dates(a, b, step)) for a, b in _gaps(first, last, held)
    ]
    labels = ticks(first, last, step, lambda slot: date_words(_dates(slot, slot, step)[0]))
    return Timeline(tuple(bars), tuple(gaps) if archive else (), len(dates), dates, labels, _scale(most, most_share))


def _scale(most: int, most_share: float) -> tuple[tuple[str, str], ...]:
    articles, percent = round_number(most), round_number(100 * most_share)
    return (
        (texts().number(articles), line_place(articles / most)),
        (texts().percent(percent / 100), line_place(percent / 100 / most_share)),
    )


def may_show_months(years: Sequence[Period]) -> bool:
    """Whether the hits of these years can be shown by month."""
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
    """The first and last slot of each span without articles in the archive."""
    before = first
    for slot in sorted(slot for slot in held if first < slot <= last):
        if slot > before + 1:
            yield before + 1, slot - 1
        before = slot


def _step(first: str, last: str) -> int:
    """The number of years per bar; 0 for a month, -1 for a day."""
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
