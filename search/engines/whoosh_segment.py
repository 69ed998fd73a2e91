"""One segment of a Whoosh index: its postings, terms, columns and documents. It never changes (what is deleted in it stands
in the table of contents), so what is dear to read is kept.
"""

import weakref
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from whoosh.reading import SegmentReader

from search.engines.whoosh_documents import SCHEMA
from search.engines.whoosh_writer import Block, blocks

_T = TypeVar("_T")
Lexicon = list[tuple[str, int]]
"""Terms, each with its `letters`."""


class Segment:
    """Its documents are numbered from 0. Not for several threads at once: whoever reads moves a place in the file."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._reader = SegmentReader(storage, SCHEMA, segment)
        self.size: int = segment.doc_count_all()
        self._lexicons: dict[str, Lexicon] = {}
        self._numbers: dict[str, list[int]] = {}
        self._keywords: dict[str, list[tuple[str, ...]]] = {}
        weakref.finalize(self, self._reader.close)

    def blocks(self, field: str, term: str) -> Iterator[Block]:
        """The postings of a term, deleted documents among them."""
        key = term.encode("utf-8", "surrogatepass")
        return blocks(self._reader, field, key) if (field, key) in self._reader else iter(())

    def terms(self, field: str, prefix: str) -> Iterator[str]:
        return (term.decode() for term in self._reader.expand_prefix(field, prefix.encode("utf-8", "surrogatepass")))

    def lexicon(self, field: str) -> Lexicon:
        return _kept(self._lexicons, field, lambda: [(term, letters(term)) for term in self.terms(field, "")])

    def numbers(self, column: str) -> list[int]:
        """The column's number of each document; 0 where it has none."""
        return _kept(self._numbers, column, lambda: list(self._reader.column_reader(column, translate=False)))

    def keywords(self, field: str) -> list[tuple[str, ...]]:
        """Each document's values in a field."""
        return _kept(self._keywords, field, lambda: self._read_keywords(field))

    def _read_keywords(self, field: str) -> list[tuple[str, ...]]:
        values: list[tuple[str, ...]] = [()] * self.size
        for value in self.terms(field, ""):
            alone = (value,)
            for numbers, _, _ in self.blocks(field, value):
                for number in numbers:
                    values[number] = values[number] + alone if values[number] else alone
        return values

    def document(self, number: int) -> tuple[str, bytes]:
        """State and stored form."""
        fields = self._reader.stored_fields(number)
        return fields["stored_state"], fields["document"]


def letters(word: str) -> int:
    """The letters a word has, as a set of 64 bits: an edit changes two of them at most."""
    bits = 0
    for char in word:
        bits |= 1 << (ord(char) & 63)
    return bits


def _kept(cache: dict[str, _T], name: str, read: Callable[[], _T]) -> _T:
    if name not in cache:
        cache[name] = read()
    return cache[name]
