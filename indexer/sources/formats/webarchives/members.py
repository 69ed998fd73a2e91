"""The bytes of a crawl file, unpacked piece by piece; what is damaged is passed over up to the next compressed member.

    for piece in unpack(stream, faults): …      piece.data, and piece.starts where a compressed member begins

Crawlers compress each record by itself, so that a damaged one costs no other.
"""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple, Protocol

from indexer.sources.decompress import BREAKS_OFF, GZIP, MAX_WINDOW_BITS, ZSTD, unzstd

if sys.version_info >= (3, 14):
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdDict, ZstdError
else:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdDict, ZstdError

PIECE_BYTES = 65_536
PROBE_BYTES = 512
MAX_DICTIONARY_BYTES = 10_000_000
_DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"
"""Begins a .warc.zst whose records need a dictionary: https://iipc.github.io/warc-specifications/specifications/warc-zstd/"""


class Piece(NamedTuple):
    data: bytes
    starts: bool = False


def unpack(stream: BinaryIO, faults: list[str]) -> Iterator[Piece]:
    """All that can be unpacked of the stream, told by its first bytes; `faults` gets a line for each place that is damaged."""
    head = stream.read(8)
    stream.seek(0)
    if head.startswith(GZIP):
        yield from _members(stream, 0, GZIP + b"\x08", _Gzip, faults)
    elif head.startswith(_DICTIONARY_FRAME):
        size = int.from_bytes(head[4:8], "little")
        stream.seek(8)
        dictionary = stream.read(min(size, MAX_DICTIONARY_BYTES))
        if dictionary.startswith(ZSTD):
            dictionary, _ = unzstd(dictionary, MAX_DICTIONARY_BYTES)
        shared = ZstdDict(dictionary)
        yield from _members(stream, 8 + size, ZSTD, lambda: _Zstd(shared), faults)
    elif head.startswith(ZSTD):
        yield from _members(stream, 0, ZSTD, _Zstd, faults)
    else:
        while data := stream.read(PIECE_BYTES):
            yield Piece(data)


def is_compressed(stream: BinaryIO) -> bool:
    head = stream.read(4)
    stream.seek(0)
    return head.startswith((GZIP, _DICTIONARY_FRAME, ZSTD))


class _Engine(Protocol):
    """Unpacks one member."""

    @property
    def eof(self) -> bool: ...

    @property
    def rest(self) -> bytes:
        """What follows the member, once its end is reached."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What the data hold, at most PIECE_BYTES at a time."""


class _Gzip:
    def __init__(self) -> None:
        self._engine = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._engine.eof

    @property
    def rest(self) -> bytes:
        return self._engine.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._engine.eof:
            yield self._engine.decompress(data, PIECE_BYTES)
            data = self._engine.unconsumed_tail


class _Zstd:
    def __init__(self, dictionary: ZstdDict | None = None) -> None:
        self._engine = ZstdDecompressor(dictionary, {DecompressionParameter.window_log_max: MAX_WINDOW_BITS})

    @property
    def eof(self) -> bool:
        return self._engine.eof

    @property
    def rest(self) -> bytes:
        return self._engine.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._engine.decompress(data, PIECE_BYTES)
        while not self._engine.eof and not self._engine.needs_input:
            yield self._engine.decompress(b"", PIECE_BYTES)


def _members(stream: BinaryIO, start: int, magic: bytes, engine_of: Callable[[], _Engine], faults: list[str]) -> Iterator[Piece]:
    """All members from the offset on. After a damaged one those from the next place where one begins."""
    at: int | None = start
    while at is not None:
        stream.seek(at)
        raw = stream.read(PIECE_BYTES)
        while raw.startswith(magic):
            engine, starts, read = engine_of(), True, len(raw)
            try:
                while raw and not engine.eof:
                    for data in engine.feed(raw):
                        yield Piece(data, starts)
                        starts = False
                    raw = b"" if engine.eof else stream.read(PIECE_BYTES)
                    read += len(raw)
            except (zlib.error, ZstdError) as error:
                faults.append(f"at byte {at:,}: {error}")
                break
            if not engine.eof:
                faults.append(f"at byte {at:,}: {BREAKS_OFF}")
                break
            at += read - len(engine.rest)
            raw = engine.rest or stream.read(PIECE_BYTES)
            while 0 < len(raw) < len(magic) and (more := stream.read(PIECE_BYTES)):
                raw += more
        else:
            if not raw.strip(b"\0\r\n"):  # the end, or padding up to it
                return
            faults.append(f"at byte {at:,}: it is no compressed record")
        at = _next_member(stream, at + 1, magic, engine_of)


def _next_member(stream: BinaryIO, start: int, magic: bytes, engine_of: Callable[[], _Engine]) -> int | None:
    """The offset of the next place where a member begins that can be unpacked for PROBE_BYTES; None if there is none."""
    stream.seek(start)
    window, offset = b"", start
    while data := stream.read(PIECE_BYTES):
        window += data
        at = window.find(magic)
        while at >= 0:
            try:
                for _ in engine_of().feed(window[at : at + PROBE_BYTES]):
                    pass
                return offset + at
            except (zlib.error, ZstdError):
                pass
            at = window.find(magic, at + 1)
        keep = min(len(window), PROBE_BYTES)
        offset += len(window) - keep
        window = window[-keep:]
    return None
