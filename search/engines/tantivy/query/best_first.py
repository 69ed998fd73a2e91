"""The best hits of a query, those of the same score newest first.

    BestFirst(searcher, builder).by_score(query, 0, 10, ties_expected=24)   # how many there are, and the first ten

tantivy breaks ties by place in the index, which merges change. So the hits that tie with the last are fetched with it, to be put
in order here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import tantivy

from search.engines.tantivy.query.builder import ARTICLE_NUMBERS, QueryBuilder
from search.engines.tantivy.query.combine import all_of

MAX_TIES_EXPECTED = 2_000
SAMPLED = 5_000
"""Where more hits tie, it is seen in a sample of so many hits how new those wanted are at least."""

Found = tuple[float, tantivy.DocAddress]


@dataclass(frozen=True, slots=True)
class BestFirst:
    """Of one state of the index."""

    _searcher: tantivy.Searcher
    _builder: QueryBuilder

    def by_score(self, query: tantivy.Query, start: int, end: int, ties_expected: int) -> tuple[int, list[Found]]:
        """How many there are, and those from `start` to `end`; `ties_expected`: with the last of them."""
        limit = end + ties_expected
        total, hits = self._fetched(query, 0, limit)
        if _are_cut(hits, end, limit):
            limit += MAX_TIES_EXPECTED
            hits += self._fetched(query, len(hits), limit)[1]
        if _are_cut(hits, end, limit):
            score = hits[-1][0]
            better = [hit for hit in hits if hit[0] > score]
            hits = better + self._newest_of_score(query, total, better, score, end - len(better))
        return total, self.in_order(hits, start, end)

    def _fetched(self, query: tantivy.Query, first: int, limit: int) -> tuple[int, list[Found]]:
        result: Any = self._searcher.search(query, limit - first, offset=first)
        return result.count, result.hits

    def _newest_of_score(self, query: tantivy.Query, total: int, better: list[Found], score: float, wanted: int) -> list[Found]:
        """Hits of that score, the newest so many of them among others. In a sample it is seen how new these are at least."""
        share = min(SAMPLED / total, 1.0)
        sampled = sum(number <= share * ARTICLE_NUMBERS for number in self.values("article", better))
        sample = self._of_score(all_of([query, self._builder.sample(share)], []), sampled, 2 * SAMPLED, score)
        newest, ties_newest = self.values("newest", better), sorted(self.values("newest", sample), reverse=True)
        place = wanted * share
        while True:
            place += 3 * sqrt(place) + 3
            least = ties_newest[int(place)] if place < len(ties_newest) else 0
            newer = self._builder.from_number(query, "newest", least) if least else query
            first = sum(number >= least for number in newest)
            found = self._of_score(newer, first, first + int(4 * place / share), score)
            if len(found) >= wanted or not least:
                return found
            place *= 2

    def _of_score(self, query: tantivy.Query, first: int, limit: int, score: float) -> list[Found]:
        """All hits of that score; `first` hits have a greater one, and up to `limit` they are looked for first."""
        total, hits = self._fetched(query, first, max(limit, first + 1))
        if hits and hits[-1][0] == score and first + len(hits) < total:
            return self._of_score(query, first, first + 4 * len(hits), score)
        return [hit for hit in hits if hit[0] == score]

    def values(self, field: str, hits: Sequence[Found]) -> list[int]:
        """Of each hit that number."""
        return self._searcher.fast_field_values(field, [address for _, address in hits])  # type: ignore[return-value]

    def in_order(self, hits: list[Found], start: int, end: int) -> list[Found]:
        """Those from `start` to `end`, best first, then newest; all that tie with one of them are among the hits, best first."""
        if not hits[start:end]:
            return []
        best, worst = hits[start][0], hits[min(end, len(hits)) - 1][0]
        begin = next(place for place, (score, _) in enumerate(hits) if score <= best)
        page = [hit for hit in hits[begin:] if hit[0] >= worst]
        newest = self.values("newest", page)
        order = sorted(range(len(page)), key=lambda place: (-page[place][0], -newest[place]))
        return [page[place] for place in order[start - begin : end - begin]]


def _are_cut(hits: list[Found], end: int, limit: int) -> bool:
    """Whether more may tie with the last before `end` than these."""
    return len(hits) == limit and hits[-1][0] == hits[end - 1][0]
