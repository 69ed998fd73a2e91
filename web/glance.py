"""The archive at a glance, beside the newest articles of the start page: outlets over the years, collections, what is missing.

engine ──seen──▶ Counts, kept for each state of the index ──▶ Glance, with links in the page's language and plots
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from search.answer import Question
from search.engine import Engine, Stats
from search.language import parse
from search.query import Everything, SearchRequest
from search.results import Period
from web.catalogue import t
from web.links import Link, filter_url, search_url

MOST_OUTLETS = MOST_COLLECTIONS = 12
MISSING = ("date", "author", "section", "url")
"""What an article should have, as has: calls it."""
MOST_SLOTS, FEWEST_SLOTS = 60, 24
"""The bars that an outlet's years have room for."""


@dataclass(frozen=True, slots=True)
class Outlet:
    name: str
    count: int
    years: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """`outlets`: those with most articles, and how many `other_outlets` there are; `collections`: articles by name; `missing`:
    articles that lack it, by a name of MISSING."""

    stats: Stats
    outlets: tuple[Outlet, ...]
    other_outlets: int
    collections: dict[str, int]
    missing: dict[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """An outlet: `bars`: (slot, height from 0 to 1, of its own tallest) for the years in which it has articles; `reach`: from
    the first to the last of them, in words."""

    link: Link
    bars: tuple[tuple[int, float], ...]
    reach: str


@dataclass(frozen=True, slots=True)
class Glance:
    """`slots`: how many bars wide the rows are."""

    rows: tuple[Row, ...]
    slots: int
    other_outlets: int
    collections: tuple[Link, ...]
    missing: tuple[Link, ...]
    skipped: int


def seen(engine: Engine) -> Counts:
    publishers = engine.search(SearchRequest(Everything(), size=0, facets=("publisher",), facet_size=MOST_OUTLETS)).facets[0]
    stats = engine.stats()
    names = [collection.name for collection in stats.collections]
    return Counts(
        stats,
        tuple(Outlet(v.value, v.count, _years(engine, v.value)) for v in publishers.values),
        publishers.distinct - len(publishers.values),
        {name: _total(engine, "", collection=(name,)) for name in names[:MOST_COLLECTIONS]},
        {feature: _total(engine, _lacks(feature)) for feature in MISSING},
    )


def glance(counts: Counts) -> Glance:
    first, last = (date.fromordinal(day or 1).year for day in (counts.stats.first_day, counts.stats.last_day))
    step = (last - first) // MOST_SLOTS + 1
    return Glance(
        rows=tuple(_row(outlet, first, step) for outlet in counts.outlets),
        slots=max((last - first) // step + 1, FEWEST_SLOTS),
        other_outlets=counts.other_outlets,
        collections=tuple(_collections(counts)),
        missing=tuple(_missing(counts)),
        skipped=sum(counts.stats.skipped.values()),
    )


def _row(outlet: Outlet, first: int, step: int) -> Row:
    slots: dict[int, int] = {}
    for year in outlet.years:
        slot = (int(year.start) - first) // step
        slots[slot] = slots.get(slot, 0) + year.count
    most = max(slots.values(), default=1)
    ends = list(dict.fromkeys((outlet.years[0].start, outlet.years[-1].start))) if outlet.years else []
    reach = t("timeline.span", first=ends[0], last=ends[1]) if len(ends) > 1 else "".join(ends)
    link = Link(outlet.name, filter_url("publisher", outlet.name), count=outlet.count)
    return Row(link, tuple((slot, number / most) for slot, number in slots.items()), reach)


def _collections(counts: Counts) -> Iterator[Link]:
    """If there is more than one to choose from."""
    if len(counts.collections) > 1:
        for name, number in counts.collections.items():
            yield Link(name, filter_url("collection", name), count=number)


def _missing(counts: Counts) -> Iterator[Link]:
    for feature, number in counts.missing.items():
        if number:
            yield Link(t(f"without.{feature}"), search_url(Question(_lacks(feature))), count=number)


def _lacks(feature: str) -> str:
    """The query for it."""
    return f"NOT has:{feature}"


def _years(engine: Engine, publisher: str) -> tuple[Period, ...]:
    return engine.search(SearchRequest(Everything(), {"publisher": (publisher,)}, size=0, timeline="year")).timeline


def _total(engine: Engine, typed: str, **filters: tuple[str, ...]) -> int:
    return engine.search(SearchRequest(parse(typed).query, filters, size=0)).total
