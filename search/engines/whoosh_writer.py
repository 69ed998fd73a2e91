"""Postings read and written by the list, and a writer whose commit survives a power cut.

All of it stands on the inside of whoosh3 3.54 (the version is pinned, the contract suite holds it to this): Whoosh itself
handles every posting alone, sorts them on the disk, and never calls fsync.
"""

# mypy: allow-untyped-calls

import heapq
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3LeafMatcher, W3PostingsWriter
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.matching.wrappers import FilterMatcher
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from search.engines.whoosh_documents import SCHEMA, Postings
from search.engines.whoosh_files import write_toc

POSTINGS_A_BLOCK = 512
SEGMENTS_OF_A_SIZE = 10
"""So many segments of about the same size are merged into one."""
LARGE_SEGMENT = 1_000
LARGE_SEGMENTS = 40
"""Merging costs half as much as indexing: segments of so many documents wait until they are so many."""

Block = tuple[tuple[int, ...], Any, Any]
"""Document numbers; their weights; their values."""
PostingList = tuple[tuple[str, bytes], list[int], list[float], list[bytes]]
"""Field and term; document numbers; their weights; their values, none in a field without values."""


class DurableWriter(SegmentWriter):
    """Its `commit` is on the disk when it returns. It holds in memory what is added until then. The caller has the lock."""

    def __init__(self, path: Path) -> None:
        index = FileIndex(FileStorage(str(path)), schema=SCHEMA)
        super().__init__(index, _lk=False, codec=BlockCodec())
        self.mergetype = merge_alike
        self._path = path
        self._lists: defaultdict[str, dict[str, tuple[array[int], array[float], list[bytes]]]] = defaultdict(dict)
        self._merged: list[Iterator[PostingList]] = []

    def add_postings(self, postings: Mapping[str, Postings], **columns: Any) -> None:
        """A document: its postings of each field, and what is stored of it."""
        for field, terms in postings.items():
            lists = self._lists[field]
            for term, weight, value in terms:
                if term not in lists:
                    lists[term] = (array("I"), array("f"), [])
                numbers, weights, values = lists[term]
                numbers.append(self.docnum)
                weights.append(weight)
                if value is not None:
                    values.append(value)
        self.add_document(**columns)

    def add_reader(self, reader: Any) -> None:
        """Merge a segment: its documents now, its postings at the commit."""
        start = self.docnum
        renumbered = self.write_per_doc(set(self.schema.names()), reader)
        self._merged.append(lists_of(reader, start, renumbered))
        self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        self.fieldwriter.write(self.schema, heapq.merge(self._added_lists(), *self._merged, key=itemgetter(0)))
        self.fieldwriter.close()

    def _added_lists(self) -> Iterator[PostingList]:
        for field in sorted(self._lists):
            lists = self._lists[field]
            for term in sorted(lists):  # code points stand in the order of their UTF-8
                yield (field, term.encode()), *lists[term]  # type: ignore[misc]

    def _commit_toc(self, segments: list[Any]) -> None:
        write_toc(self._path, TOC(self.schema, segments, self.generation))
        clean_files(self.storage, self.indexname, self.generation, segments)


def merge_alike(writer: DurableWriter, segments: list[Any]) -> list[Any]:
    """A merge policy: many segments of about the same size become one, and one that is mostly deleted is written anew."""
    by_size: defaultdict[int, list[Any]] = defaultdict(list)
    for segment in segments:
        by_size[len(str(segment.doc_count()))].append(segment)
    kept = []
    for alike in by_size.values():
        most = LARGE_SEGMENTS if alike[0].doc_count() >= LARGE_SEGMENT else SEGMENTS_OF_A_SIZE
        for segment in alike:
            if len(alike) < most and segment.deleted_count() <= segment.doc_count():
                kept.append(segment)
            elif segment.doc_count():
                writer.add_reader(SegmentReader(writer.storage, writer.schema, segment))
    return kept


def lists_of(reader: Any, start: int, renumbered: dict[int, int] | None) -> Iterator[PostingList]:
    """The postings of a segment without those of deleted documents. Its documents get the numbers from `start` on, or, if
    some were deleted, those of `renumbered`."""
    for field, term in reader.all_terms():
        numbers: list[int] = []
        weights: list[float] = []
        values: list[bytes] = []
        for block_numbers, block_weights, block_values in blocks(reader, field, term):
            for number, weight, value in zip(block_numbers, block_weights, block_values, strict=True):
                if renumbered is None or number in renumbered:
                    numbers.append(start + number if renumbered is None else renumbered[number])
                    weights.append(weight)
                    if value is not None:
                        values.append(value)
        if numbers:
            yield (field, term), numbers, weights, values


def blocks(reader: SegmentReader, field: str, term: bytes) -> Iterator[Block]:
    """The postings of a term, those of deleted documents too."""
    matcher: Any = reader.postings(field, term)
    found: Iterator[Block] = (matcher.child if isinstance(matcher, FilterMatcher) else matcher).blocks()
    return found


class BlockMatcher(W3LeafMatcher):
    def blocks(self) -> Iterator[Block]:
        while self.is_active():
            self._read_ids()
            self._read_weights()
            self._read_values()
            block: Any = (self._ids, self._weights, self._values)
            yield block
            self._next_block()

    def copy(self) -> "BlockMatcher":
        raise NotImplementedError("blocks are read once")


class ListWriter(W3PostingsWriter):
    def add_list(self, numbers: list[int], weights: list[float], values: list[bytes]) -> None:
        for start in range(0, len(numbers), POSTINGS_A_BLOCK):
            if start:
                self._write_block()
            end = start + POSTINGS_A_BLOCK
            self._ids = array("I", numbers[start:end])
            self._weights = array("f", weights[start:end])
            self._values = values[start:end]
            self._maxweight = max(self._weights)


class ListFieldWriter(W3FieldWriter):
    def write(self, schema: Any, lists: Iterable[PostingList]) -> None:
        """`lists`: in the order of field and term; those of one term follow each other in the order of their documents."""
        for field, of_field in groupby(lists, key=lambda a_list: a_list[0][0]):
            self.start_field(field, schema[field])
            for (_, term), of_term in groupby(of_field, key=itemgetter(0)):
                self.start_term(term)
                numbers, weights, values = [], [], []
                for _, some_numbers, some_weights, some_values in of_term:
                    numbers += some_numbers
                    weights += some_weights
                    values += some_values
                postings: Any = self._postwriter
                postings.add_list(numbers, weights, values)
                self.finish_term()
            self.finish_field()


class BlockCodec(W3Codec):
    """Whoosh's own format, in larger blocks. The table of contents names this class: if it moves, SCHEMA_VERSION goes up."""

    def field_writer(self, storage: Any, segment: Any) -> ListFieldWriter:
        return ListFieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> ListWriter:
        return ListWriter(dbfile, POSTINGS_A_BLOCK, byteids, self._compression, self._inlinelimit)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> BlockMatcher:
        start, length = terminfo.extent()
        return BlockMatcher(dbfile, start, length, format_, term=term, scorer=scorer)
