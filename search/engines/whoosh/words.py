"""The vocabulary of one state of a Whoosh index: search/engines/protocol.py:Words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from search.analysis.edit_distance import within_edits
from search.analysis.typo_model import edits1
from search.engines.codec import storable_key
from search.engines.protocol import Counted, FieldTerm, Misspelt
from search.engines.top_terms import most_frequent
from search.engines.whoosh.failures import in_turn
from search.engines.whoosh.snapshot import Snapshot
from search.indexing.fields import BODY, NAME
from search.query.nodes import parts_of_field


class WhooshWords:
    """`alone`: as that of WhooshReader."""

    def __init__(self, path: Path, snapshot: Snapshot, alone: AbstractContextManager[Any]) -> None:
        self.path = path
        self.alone = alone
        self._snapshot = snapshot

    @in_turn
    def having(self, terms: Iterable[FieldTerm]) -> dict[FieldTerm, int]:
        counts = {(field, term): self._count(field, term) for field, term in terms}
        return {term: count for term, count in counts.items() if count}

    @in_turn
    def beginning(self, starts: Sequence[FieldTerm]) -> list[list[Counted]]:
        return [self._beginning(f"exact_{field}", start) for field, start in starts]

    @in_turn
    def near(self, asked: Sequence[Misspelt]) -> list[dict[str, int]]:
        return [self._near(each.field, storable_key(each.word), each.edits, storable_key(each.start)) for each in asked]

    @in_turn
    def completions(self, field: str, start: str, size: int) -> list[Counted]:
        names = [f"kw_{NAME}"] if field == NAME else [f"exact_{name}" for name in parts_of_field(field)]
        at_most: Counter[str] = Counter()
        for name in names:
            terms = self._snapshot.terms(name, storable_key(start))
            at_most.update({term: self._snapshot.document_frequency(name, term) for term in terms})
        return most_frequent(at_most.items(), lambda term: self._snapshot.current_with(names, term), size)

    def _count(self, field: str, term: str) -> int:
        """The current articles that have the bag term in the field."""
        if field == BODY:
            return len(self._snapshot.current & self._snapshot.in_body(term).keys())
        return self._snapshot.current_with((f"bag_{field}",), term)

    def _beginning(self, field: str, start: str) -> list[Counted]:
        counts = ((term, self._snapshot.current_with((field,), term)) for term in self._snapshot.terms(field, start))
        return sorted((term, count) for term, count in counts if count)

    def _near(self, field: str, word: str, edits: int, start: str) -> dict[str, int]:
        names = [f"exact_{name}" for name in parts_of_field(field)]
        if edits == 1:
            possible = {term for term in (word, *edits1(word)) if term.startswith(start)}
            near = {term for name in names for term in self._snapshot.present(name, possible)}
        else:
            near = {t for name in names for t in self._snapshot.terms(name, start) if within_edits(word, t, edits)}
        counts = {term: self._snapshot.current_with(names, term) for term in near}
        return {term: count for term, count in counts.items() if count}
