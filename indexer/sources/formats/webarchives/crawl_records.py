"""Unpacked pieces of a crawl file -> its records, whatever lengths they claim.

    b"WARC/1.0\\r\\nWARC-Type: response\\r\\n…" -> CrawlRecord({"warc-type": "response", …}, block=b"HTTP/1.1 200 OK…")

A length is checked: behind the record the next one has to begin, or the file to end. If not, the record goes up to where the
next begins, and reading goes on there.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexer.sources.formats.webarchives.members import Piece

MAX_HEADER_BYTES = 65_536
MAX_BLANK_BYTES = 4_096
"""Between two records; the line by which one is told is shorter, too."""
SEARCH_BYTES = 131_072
_BLANK = b"\r\n \t\0"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class CrawlRecord:
    """A record as it stands. headers: names in lower case; of one that comes twice the first. block: what follows the headers,
    up to the bytes that were asked for. complete: whether all of the block was there. offset: of its beginning, unpacked."""

    headers: dict[str, str]
    block: bytes
    complete: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """How records of a kind of file begin. start: matches at the beginning of one. next: matches before one that follows
    something else. headers: reads the lines from the beginning on; the headers and how many bytes they take, 0 if it is no
    record."""

    start: re.Pattern[bytes]
    next: re.Pattern[bytes]
    headers: Callable[[bytes], tuple[dict[str, str], int]]


def read_records(
    pieces: Iterator[Piece], grammar: Grammar, block_bytes: int, size: int, faults: list[str]
) -> Iterator[CrawlRecord]:
    """All records. block_bytes: the most that is kept of a block. size: of the file, 0 if its pieces are unpacked from it.
    `faults` gets a line for each damaged place."""
    window = _Window(pieces)
    while _find_start(window, grammar, faults):
        offset = window.offset
        headers, length = grammar.headers(window.peek(MAX_HEADER_BYTES, within_member=True))
        if not length:
            faults.append(f"the record at byte {offset:,} has no headers")
            window.take(1)
            continue
        window.take(length)
        block, complete = _read_block(window, grammar, headers, block_bytes, size)
        if not complete:
            faults.append(f"the record at byte {offset:,} is not as long as it says")
        yield CrawlRecord(headers, block, complete, offset)


def _find_start(window: "_Window", grammar: Grammar, faults: list[str]) -> bool:
    """Goes to the next record; False at the end."""
    lost = None
    while True:
        window.skip_blank()
        head = window.peek(MAX_BLANK_BYTES)
        if not head or grammar.start.match(head):
            break
        lost = window.offset if lost is None else lost
        window.take(1)
        window.take_until(grammar, 0)
    if lost is not None:
        faults.append(f"at byte {lost:,} no record begins")
    return bool(head)


def _read_block(window: "_Window", grammar: Grammar, headers: dict[str, str], most: int, size: int) -> tuple[bytes, bool]:
    claimed = headers.get("content-length", "").strip()
    length = int(claimed) if claimed.isascii() and claimed.isdigit() and len(claimed) < 16 else None
    if length is None or (size and window.offset + length > size):
        nothing = window.starts_member or grammar.start.match(window.peek(MAX_BLANK_BYTES))
        return b"" if nothing else window.take_until(grammar, most), False
    block, taken = window.take_block(length, most)
    if taken == length and window.ends_record(grammar):
        return block, True
    found = grammar.next.search(block + window.peek(MAX_BLANK_BYTES)) if taken <= most else None
    if found and found.start() < taken:
        window.put_back(block[found.start() :])
        return block[: found.start()], False
    if taken < length or window.starts_member:
        return block, False
    return (block + window.take_until(grammar, most - len(block)))[:most], False


class _Window:
    """The part of the unpacked bytes that is being looked at."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self.offset = 0
        self._pieces = pieces
        self._buffer = bytearray()
        self._starts: deque[int] = deque()

    @property
    def starts_member(self) -> bool:
        """Whether a compressed member begins here."""
        self._fill(1)
        return bool(self._starts) and self._starts[0] == self.offset

    def peek(self, count: int, within_member: bool = False) -> bytes:
        self._fill(count)
        return bytes(self._buffer[: self._room(count) if within_member else count])

    def take(self, count: int) -> bytes:
        self._fill(count)
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self.offset += len(taken)
        while self._starts and self._starts[0] < self.offset:
            self._starts.popleft()
        return taken

    def take_block(self, length: int, most: int) -> tuple[bytes, int]:
        """The next bytes, up to the end of the member, and how many they are; the first `most` of them are kept."""
        kept, taken = bytearray(), 0
        while taken < length:
            self._fill(1)
            piece = self.take(self._room(min(length - taken, max(len(self._buffer), 1))))
            if not piece:
                break
            taken += len(piece)
            kept += piece[: max(0, most - len(kept))]
            if self.starts_member:
                break
        return bytes(kept), taken

    def take_until(self, grammar: Grammar, most: int) -> bytes:
        """What stands before the next record, the next member or the end; the first `most` bytes of it are kept."""
        kept = bytearray()
        while head := self.peek(SEARCH_BYTES):
            room = self._room(len(head))
            found = grammar.next.search(head, 0, room)
            last = found is not None or room < SEARCH_BYTES
            piece = self.take(found.start() if found else room if last else room - MAX_BLANK_BYTES)
            kept += piece[: max(0, most - len(kept))]
            if last:
                break
        return bytes(kept)

    def ends_record(self, grammar: Grammar) -> bool:
        """Whether a record may end here: a blank line follows, the next record or the end."""
        head = self.peek(MAX_BLANK_BYTES)
        rest = head.lstrip(_BLANK)
        return not rest or bool(grammar.start.match(rest)) or head.startswith((b"\r\n\r\n", b"\n\n")) or self.starts_member

    def skip_blank(self) -> None:
        while head := self.peek(MAX_BLANK_BYTES):
            rest = head.removeprefix(_BOM).lstrip(_BLANK)
            self.take(len(head) - len(rest))
            if rest:
                break

    def put_back(self, data: bytes) -> None:
        self._buffer[:0] = data
        self.offset -= len(data)

    def _room(self, count: int) -> int:
        """So many of the next bytes as belong to the member."""
        following = next((start for start in self._starts if start > self.offset), None)
        return count if following is None else min(count, following - self.offset)

    def _fill(self, count: int) -> None:
        while len(self._buffer) < count and (piece := next(self._pieces, None)):
            if piece.starts:
                self._starts.append(self.offset + len(self._buffer))
            self._buffer += piece.data
