"""The archive at a glance, next to the latest articles on the start page: outlets over the years, collections, missing fields.

reader ──compute_overview──▶ Counts, cached for each state of the index ──▶ Glance, with links in the page's language and plots
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from search.engines.protocol import Reader, Stats
from search.model.results import FacetValue, Period
from search.query.nodes import MatchAll, SearchRequest
from search.query.parsing.in_quotes import quotation
from search.query.parsing.parser import parse
from search.service.search import SearchParams
from web.i18n.catalogue import t
from web.presenters.facets import Group
from web.presenters.links import Link, filter_url, search_url

MAX_OUTLETS = MAX_COLLECTIONS = 12
MIN_PLOTTED = 5
"""The fewest articles of an outlet whose years are worth a plot."""
EXAMPLES_READ, MAX_EXAMPLE_CHARACTERS = 30, 40
"""The newest articles that the example searches of the start page are taken from, and the length of one."""
MISSING = ("date", "author", "section", "url")
"""Fields that an article should have, as named by has:."""
MAX_SLOTS, MIN_SLOTS = 60, 24
"""The number of bars that fit into the plot of an outlet."""
BAR_WIDTH, BAR_HEIGHT = 4, 20
HIT_HEIGHT, HEADING_HEIGHT, ROW_HEIGHT, LINE_HEIGHT, ROW_CHARACTERS = 110, 50, 26, 10, 17
"""Roughly, in pixels, of the start page: a hit, the heading of a list, one of its rows, what a row of two lines has more; and
how many characters of a name fit into a line."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """`bars`: its articles by year, as an SVG path in which each slot is BAR_WIDTH wide and BAR_HEIGHT high, "" for
    a few; `first`, `last`: the years of its oldest and newest articles, "" if none has a date."""

    name: str
    count: int
    bars: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Counts:
    """`outlets`: those with the most articles, and `other_outlets`, the number of the others; `slots`: their years;
    `collections`: their articles, by name; `missing`: the number of articles without a field, by a name of MISSING;
    `examples`: searches that find something, each with its number of articles."""

    stats: Stats
    outlets: tuple[Outlet, ...]
    slots: int
    other_outlets: int
    collections: dict[str, int]
    missing: dict[str, int]
    examples: dict[str, int]


@dataclass(frozen=True, slots=True)
class Glance:
    """`outlets`: each with a link to its articles and the years they cover, as text. `collections`: each with the time of its
    last update, if known."""

    outlets: tuple[tuple[Outlet, Link, str], ...]
    collections: tuple[tuple[Link, str | None], ...]
    missing: tuple[Link, ...]
    examples: tuple[Link, ...]
    skipped: int


def compute_overview(reader: Reader) -> Counts:
    stats = reader.stats()
    first, last = (date.fromordinal(day or 1).year for day in (stats.first_day, stats.last_day))
    step = (last - first) // MAX_SLOTS + 1
    publishers = reader.search(SearchRequest(MatchAll(), size=0, facets=("publisher",), facet_size=MAX_OUTLETS)).facets[0]
    names = [collection.name for collection in stats.collections[:MAX_COLLECTIONS]]
    years = [SearchRequest(MatchAll(), {"publisher": (one.value,)}, size=0, timeline="year") for one in publishers.values]
    of_collections = [SearchRequest(MatchAll(), {"collection": (name,)}, size=0) for name in names]
    lacking = [SearchRequest(parse(_lacks(feature)).query, size=0) for feature in MISSING]
    found = iter(reader.search_each([*years, *of_collections, *lacking]))
    return Counts(
        stats=stats,
        outlets=tuple(_outlet(value, next(found).timeline, first, step) for value in publishers.values),
        slots=max((last - first) // step + 1, MIN_SLOTS),
        other_outlets=publishers.distinct - len(publishers.values),
        collections={name: next(found).total for name in names},
        missing={feature: next(found).total for feature in MISSING},
        examples=_examples(reader),
    )


def glance(counts: Counts) -> Glance:
    return Glance(
        outlets=tuple((o, Link(o.name, filter_url("publisher", o.name), count=o.count), _reach(o)) for o in counts.outlets),
        collections=tuple(_collections(counts)),
        missing=tuple(_missing(counts)),
        examples=tuple(Link(text, search_url(SearchParams(text)), count=n) for text, n in counts.examples.items()),
        skipped=sum(counts.stats.skipped.values()),
    )


def groups_beside(groups: Sequence[Group], outlets: Sequence[Outlet], hits: int) -> int:
    """How many groups of values fit beside the latest articles, below the outlets, so that both columns end alike."""
    room = hits * HIT_HEIGHT - HEADING_HEIGHT
    room -= sum(ROW_HEIGHT + LINE_HEIGHT * bool(outlet.bars or len(outlet.name) > ROW_CHARACTERS) for outlet in outlets)
    for number, group in enumerate(groups):
        room -= HEADING_HEIGHT + len(group.first) * ROW_HEIGHT
        if room < 0:
            return number
    return len(groups)


def _examples(reader: Reader) -> dict[str, int]:
    """A tag, a person quoted, an author and a place of the newest articles, as searches."""
    newest = reader.search(SearchRequest(MatchAll(), order_by="newest", size=EXAMPLES_READ, facets=("tag",), facet_size=1))
    articles = [hit.article for hit in newest.hits]
    tags = [value.value for value in newest.facets[0].values]
    speakers = [f"by:{quotation(quote.speaker)}" for article in articles for quote in article.quotes if quote.speaker]
    authors = [f"author:{quotation(author)}" for article in articles for author in article.authors]
    places = [f"place:{quotation(article.dateline)}" for article in articles if article.dateline]
    typed = [some[0] for some in (tags, speakers, authors, places) if some and len(some[0]) <= MAX_EXAMPLE_CHARACTERS]
    found = reader.search_each([SearchRequest(parse(text).query, size=0) for text in typed])
    return {text: results.total for text, results in zip(typed, found, strict=True) if results.total}


def _outlet(found: FacetValue, years: Sequence[Period], first: int, step: int) -> Outlet:
    slots: Counter[int] = Counter()
    for year in years:
        slots[(int(year.start) - first) // step] += year.count
    most = max(slots.values(), default=1)
    bars = (
        f"M{(slot + 0.5) * BAR_WIDTH:g} {BAR_HEIGHT}V{BAR_HEIGHT - 2 - number / most * (BAR_HEIGHT - 3):.1f}"
        for slot, number in sorted(slots.items())
    )
    plot = "".join(bars) if found.count >= MIN_PLOTTED else ""
    return Outlet(found.value, found.count, plot, *((years[0].start, years[-1].start) if years else ("", "")))


def _reach(outlet: Outlet) -> str:
    return outlet.first if outlet.first == outlet.last else t("timeline.span", first=outlet.first, last=outlet.last)


def _collections(counts: Counts) -> Iterator[tuple[Link, str | None]]:
    for collection in counts.stats.collections[:MAX_COLLECTIONS]:
        number = counts.collections[collection.name]
        yield Link(collection.name, filter_url("collection", collection.name), count=number), collection.added


def _missing(counts: Counts) -> Iterator[Link]:
    for feature, number in counts.missing.items():
        if number:
            yield Link(t(f"without.{feature}"), search_url(SearchParams(_lacks(feature))), count=number)


def _lacks(feature: str) -> str:
    """The query that finds them."""
    return f"NOT has:{feature}"
