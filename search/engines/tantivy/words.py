"""The vocabulary of one state of a tantivy index: search/engines/protocol.py:Words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from search.analysis.edit_distance import within_edits
from search.analysis.typo_model import edits1
from search.engines.codec import storable_key
from search.engines.protocol import Counted, FieldTerm, Misspelt
from search.engines.tantivy.failures import translated
from search.engines.tantivy.schema import FILLER_TERM
from search.engines.tantivy.snapshot import Snapshot
from search.engines.top_terms import most_frequent
from search.engines.versions import CURRENT
from search.indexing.fields import NAME

COMPLETIONS_ASKED = 8
"""Times as many terms are read as completions are wanted: the most frequent may be of removed articles."""

NEAR_KEPT = 1_000
"""Misspelt words whose neighbours are kept: a page is asked for again, with other filters, or by its feed."""
MAX_COUNTED = 1_000
"""Articles that have a bag term are counted one by one up to so many: in 100,000 the hundred words of an article took 45 ms."""


class TantivyWords:
    def __init__(self, path: Path, snapshot: Snapshot) -> None:
        self.path = path
        self._snapshot = snapshot
        self._searcher = snapshot.searcher
        self._near = lru_cache(NEAR_KEPT)(self._look_near)

    @translated
    def having(self, terms: Iterable[FieldTerm]) -> dict[FieldTerm, int]:
        counts = {(field, term): self._snapshot.count_word(field, term, MAX_COUNTED) for field, term in terms}
        return {term: count for term, count in counts.items() if count}

    @translated
    def beginning(self, starts: Sequence[FieldTerm]) -> list[list[Counted]]:
        return [self._beginning(field, start) for field, start in starts]

    @translated
    def near(self, asked: Sequence[Misspelt]) -> list[dict[str, int]]:
        return [dict(self._near(each)) for each in asked]

    @translated
    def completions(self, field: str, start: str, size: int) -> list[Counted]:
        """Of each index field the most frequent terms are asked for; more of them, should another term have its few in all."""
        names = [f"kw_{NAME}"] if field == NAME else self._snapshot.builder.exact_fields(field)
        start, limit = storable_key(start), size * COMPLETIONS_ASKED
        while True:
            at_most: Counter[str] = Counter()
            unseen = 0
            for name in names:
                terms = self._searcher.terms_with_prefix(name, start, limit=limit)
                at_most.update({term: count for term, count in terms if term != FILLER_TERM})
                unseen += terms[-1][1] if len(terms) == limit else 0
            found = most_frequent(at_most.items(), lambda term: self._snapshot.count_with(names, term), size)
            if not unseen or (len(found) == size and found[-1][1] > unseen):
                return found
            limit *= COMPLETIONS_ASKED

    def _beginning(self, field: str, start: str) -> list[Counted]:
        query = self._snapshot.in_states((CURRENT,))
        terms = self._searcher.terms_with_prefix(f"exact_{field}", storable_key(start), query)
        return sorted((term, count) for term, count in terms if term != FILLER_TERM)

    def _look_near(self, asked: Misspelt) -> dict[str, int]:
        word, start, edits = storable_key(asked.word), storable_key(asked.start), asked.edits
        names = self._snapshot.builder.exact_fields(asked.field)
        if edits == 1:
            possible = {term for term in (word, *edits1(word)) if term.startswith(start)}
            near = {term for name in names for term in self._snapshot.present(name, possible)}
        else:
            terms = (term for name in names for term, _ in self._searcher.terms_with_prefix(name, start))
            near = {term for term in terms if term != FILLER_TERM and within_edits(word, term, edits)}
        counts = {term: self._snapshot.count_with(names, term) for term in near}
        return {term: count for term, count in counts.items() if count}
