"""Two tiers of results: first the articles with all the words, and where these are few then those with some of them.

    with_some_words(parse("climate policy of brazil"))  # finds those with two of the four, or three
    search_tiers(reader, first, second, behind_second=False) -> Tiers(Results(total=3, …), Results(total=40, …))

Words typed plainly are soft (parser.Understood.soft); all else that is asked for, and the filters, both tiers have. The tiers
are one list to walk through: the second one's first hit follows the last of the first tier, in whatever order.
"""

from dataclasses import dataclass, replace

from search.engines.protocol import Reader
from search.model.results import Hit
from search.query.nodes import And, AtLeast, FieldEquals, Not, Or, Query, Results, SearchRequest
from search.query.parsing.parser import Understood

FEW = 100
"""With fewer hits in the first tier there is a second one."""
SHARE_PERCENT = 30
"""Of the words, rounded up, that an article of the second tier has at least."""


@dataclass(frozen=True, slots=True)
class Tiers:
    """A page of the walk through both. `second` is None where there is none; its facets and timeline are empty."""

    first: Results
    second: Results | None = None

    @property
    def total(self) -> int:
        return self.first.total + (self.second.total if self.second else 0)

    @property
    def articles(self) -> int:
        return self.first.articles + (self.second.articles if self.second else 0)

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self.first.hits + (self.second.hits if self.second else ())


def least_words(words: int) -> int:
    """How many of so many words an article of the second tier has at least."""
    return -(-words * SHARE_PERCENT // 100)


def with_some_words(understood: Understood) -> Query | None:
    """What finds the second tier of a query, without the first; None if it has too few soft words."""
    words = understood.soft
    least = least_words(len(words))
    if least >= len(words):
        return None
    return And((AtLeast(words, least), *understood.required, Not(And(words))))


def search_tiers(reader: Reader, first: SearchRequest, second: SearchRequest | None, behind_second: bool) -> Tiers:
    """Both requests ask for the same page: `start` counts from the first hit of the first tier, `after` is a hit of the first
    tier or, with `behind_second`, of the second. `second` differs in its query alone; None for no second tier."""
    if second and behind_second:
        results = reader.search(replace(first, size=0, after=None))
        return Tiers(results, _second(reader, second, first, results))
    results = reader.search(first)
    if second is None or results.total >= FEW:
        return Tiers(results)
    start, size = max(first.start - results.total, 0), first.size - len(results.hits)
    return Tiers(results, _second(reader, replace(second, start=start, size=size, after=None), first, results))


def _second(reader: Reader, request: SearchRequest, first: SearchRequest, results: Results) -> Results:
    request = replace(request, facets=(), timeline=None)
    if request.collapse and results.total:
        request = _without_groups(reader, request, first, results.total)
    return reader.search(request)


def _without_groups(reader: Reader, request: SearchRequest, first: SearchRequest, hits: int) -> SearchRequest:
    """Without wire copies of what the first tier shows."""
    asked = replace(first, start=0, size=0, after=None, timeline=None, prefer=(), collapse=False)
    [groups] = reader.search(replace(asked, facets=("group",), facet_size=hits)).facets
    shown: tuple[Query, ...] = tuple(FieldEquals("group", group.value) for group in groups.values)
    return replace(request, query=And((request.query, Not(Or(shown))))) if shown else request
