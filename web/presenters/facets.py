"""Facets -> groups of check boxes: several values of a filter may be chosen, and each may be excluded.

Facet("section", World: 22, News: 16, …) ──▶ Group("section", choices, 40 more), those that narrow best first
"""

from collections.abc import Iterable, Iterator
from html import escape
from math import log

import msgspec
from markupsafe import Markup

from search.model.results import Facet, FacetValue
from search.query.parameters import EXCLUDING
from search.service.search import SearchParams
from web.i18n.catalogue import t, texts
from web.presenters.formatting import value_words
from web.presenters.links import search_url, values_url

FIRST_SHOWN = 6
"""The number of values that are shown at once; the others are behind a "Show more"."""


class Choice(msgspec.Struct, frozen=True):
    value: str
    count: int
    chosen: bool


class Group(msgspec.Struct, frozen=True):
    """`hidden`: how many values there are beyond the choices; all are at `url`."""

    name: str
    choices: tuple[Choice, ...]
    hidden: int
    url: str

    @property
    def first(self) -> tuple[Choice, ...]:
        """Those shown at once: all that are chosen, and the most frequent others."""
        kept = max(FIRST_SHOWN, sum(choice.chosen for choice in self.choices))
        return self.choices[:kept]

    @property
    def more(self) -> tuple[Choice, ...]:
        return self.choices[len(self.first) :]


def facet_groups(asked: SearchParams, facets: Iterable[Facet], total: int) -> list[Group]:
    """Groups with values to choose from, those first whose values tell most about an article."""
    useful = [facet for facet in facets if facet.values or asked.filters.get(facet.name)]
    return [_group(asked, facet) for facet in sorted(useful, key=lambda facet: -_information(facet, total))]


def _information(facet: Facet, total: int) -> float:
    """How much the most frequent values narrow the results: the sum of p log(1/p) over their shares, as in entropy. A value that
    all articles have tells nothing, and neither does one that a single article has."""
    shares = (value.count / max(total, value.count) for value in facet.values[:FIRST_SHOWN])
    return sum(share * log(1 / share) for share in shares)


def _group(asked: SearchParams, facet: Facet) -> Group:
    """Chosen values come first, including those that no result has; years in order of time."""
    chosen = asked.filters.get(facet.name, ())
    counted = {value.value: value.count for value in facet.values}
    values = [FacetValue(value, counted.get(value, 0)) for value in chosen]
    values += [value for value in facet.values if value.value not in chosen]
    if facet.name == "year":
        values.sort(key=lambda value: (value.value in chosen, value.value), reverse=True)
    choices = tuple(Choice(value.value, value.count, value.value in chosen) for value in values)
    return Group(facet.name, choices, max(facet.distinct - len(facet.values), 0), values_url(asked, facet.name))


def check_boxes(choices: Iterable[Choice], name: str) -> Markup:
    """List items of the search form: a check box with its count, and a button that excludes the value."""
    return Markup("".join(_check_boxes(choices, name)))


def _check_boxes(choices: Iterable[Choice], name: str) -> Iterator[str]:
    say = texts()
    for choice in choices:
        value, label = escape(choice.value), escape(value_words(choice.value, name))
        checked = " checked" if choice.chosen else ""
        exclude = escape(say("results.exclude", value=value_words(choice.value, name)))
        button = (
            f'<button form="search" name="{EXCLUDING}{name}" value="{value}" title="{exclude}" aria-label="{exclude}">−</button>'
        )
        yield (
            f'<li><label><input type="checkbox" form="search" name="{name}" value="{value}"{checked}>'
            f'<span dir="auto">{label}</span> <span class="count">{say.number(choice.count)}</span></label>'
            f"{'' if choice.chosen else button}</li>"
        )


def value_links(values: Iterable[FacetValue], name: str, asked: SearchParams) -> Markup:
    """List items: each value with a link to the results that have it."""
    return Markup("".join(_value_links(values, name, asked)))


def _value_links(values: Iterable[FacetValue], name: str, asked: SearchParams) -> Iterator[str]:
    others = {filtered: some for filtered, some in asked.filters.items() if filtered != name}
    for value in values:
        url = search_url(asked, filters={**others, name: (value.value,)}, page=1)
        count = t("articles", n=value.count)
        label = f'<span dir="auto">{escape(value_words(value.value, name))}</span>'
        number = f'<span class="count" title="{count}">{texts().number(value.count)}</span>'
        yield f'<li><a href="{escape(url)}">{label} {number}</a></li>'
