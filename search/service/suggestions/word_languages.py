"""In which languages an archive has words, and what that tells of the language of a query.

    languages = Languages(reader)
    languages.spread(Phrase(("war",)))            # {"en": 120, "de": 190}: articles of each language
    languages.shares([{"en": 80}])                # {"en": 0.97, "de": 0.03}: the language of a query with a word of that spread
    languages.log_probability([{"en": 80}, {"en": 120, "de": 190}])

"" stands for articles without a known language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log, prod

from search.engines.protocol import Reader
from search.query.nodes import MatchAll, Query, Results, SearchRequest

Spread = dict[str, int]
"""How many articles of each language have something."""


DAMPED = 0.5
"""The exponent of how frequent a word is: what people ask for is not what articles have most of."""
UNSEEN = 0.1
"""Articles that a language counts as having a word in that none of its articles has."""
MANY_LANGUAGES = 1000


@dataclass(frozen=True, slots=True)
class Languages:
    reader: Reader
    _spreads: dict[Query, Spread] = field(default_factory=dict)

    @property
    def articles(self) -> Spread:
        """The current articles of each language."""
        return self.spread(MatchAll())

    def spread(self, query: Query) -> Spread:
        """The articles of each language that match."""
        self.look_up([query])
        return self._spreads[query]

    def look_up(self, queries: Iterable[Query]) -> None:
        """Ask for the spreads of all of them at once; what is known is not asked again."""
        if new := [query for query in dict.fromkeys(queries) if query not in self._spreads]:
            if MatchAll() not in {*new, *self._spreads}:
                new.append(MatchAll())  # which will be asked for too
            asked = [SearchRequest(query, size=0, facets=("language",), facet_size=MANY_LANGUAGES) for query in new]
            self._spreads.update(zip(new, map(_spread, self.reader.search_each(asked)), strict=True))

    def log_probability(self, words: Iterable[Spread]) -> float:
        """Of these words in a query: a mixture of the archive's languages, in each of which a word is as likely as it is frequent
        there (damped), whatever the others are."""
        return log(sum(self._weights([*words]).values()))

    def shares(self, words: Iterable[Spread]) -> dict[str, float]:
        """How likely a query with these words is in each language; without any as the archive has them."""
        weights = self._weights([*words])
        total = sum(weights.values())
        return {language: weight / total for language, weight in weights.items()}

    def _weights(self, words: Sequence[Spread]) -> dict[str, float]:
        every = sum(self.articles.values())
        return {
            language: articles / every * prod((spread.get(language, 0) + UNSEEN) / (articles + 1) for spread in words) ** DAMPED
            for language, articles in self.articles.items()
        }


def _spread(found: Results) -> Spread:
    counts = {value.value: value.count for value in found.facets[0].values}
    unknown = found.total - sum(counts.values())
    return {**counts, "": unknown} if unknown else counts
