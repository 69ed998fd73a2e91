"""Compressed bytes -> what they hold, never more than a limit, whatever they claim.

    >>> decompress(gzip.compress(b"<p>Truce"), ".gz", limit=1_000)
    b'<p>Truce'

A compressed file is told by its first bytes (gzip, Zstandard) or by its ending (Brotli, which has no mark).
"""

import sys
import zlib
from collections.abc import Callable

import brotli

if sys.version_info >= (3, 14):
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdDict, ZstdError
else:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdDict, ZstdError

from indexer.sources.source_file import too_large, undecodable

COMPRESSED = (".gz", ".br", ".zst")
"""Endings behind the ending of a format."""
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
BREAKS_OFF = "the compressed data breaks off"
PIECE_BYTES = 4_096
MAX_WINDOW_BITS = 27
"""Of Zstandard, 128 MB: what its own program takes without being told to."""


def decompress(data: bytes, ending: str, limit: int) -> bytes:
    """The content of a file with that ending. Raises PageError "undecodable" for what is damaged or breaks off, "too-large"."""
    if ending == ".br":
        return whole(unbrotli, data, limit)
    if ending == ".zst" or data.startswith(ZSTD):
        return whole(unzstd, data, limit)
    if ending == ".gz" or data.startswith(GZIP):
        return whole(gunzip, data, limit)
    return data


Decompressor = Callable[[bytes, int], tuple[bytes, str]]
"""Data and a limit in bytes -> what can be decompressed, and what is wrong with the rest, "" if nothing is. Raises PageError
"too-large"."""


def whole(decompressor: Decompressor, data: bytes, limit: int) -> bytes:
    """What the data hold; raises PageError if they are damaged."""
    content, fault = decompressor(data, limit)
    if fault:
        raise undecodable(fault)
    return content


def gunzip(data: bytes, limit: int) -> tuple[bytes, str]:
    """All members of a gzip file; what is appended to them is passed over."""
    members: list[bytes] = []
    while not members or data.startswith(GZIP):
        engine = zlib.decompressobj(wbits=31)
        content, fault = _all_of(engine.decompress, data, limit - sum(map(len, members)))
        members.append(content)
        if fault or not engine.eof:
            return b"".join(members), fault or BREAKS_OFF
        data = engine.unused_data
    return b"".join(members), ""


def inflate(data: bytes, limit: int) -> tuple[bytes, str]:
    """Deflate, with zlib's header or without one."""
    engine = zlib.decompressobj(zlib.MAX_WBITS if data[:1] == b"\x78" else -zlib.MAX_WBITS)
    content, fault = _all_of(engine.decompress, data, limit)
    return content, fault or ("" if engine.eof else BREAKS_OFF)


def unbrotli(data: bytes, limit: int) -> tuple[bytes, str]:
    engine = brotli.Decompressor()
    content, fault = _all_of(lambda piece, most: engine.process(piece, output_buffer_limit=most), data, limit)
    return content, fault or ("" if engine.is_finished() else BREAKS_OFF)


def unzstd(data: bytes, limit: int, dictionary: ZstdDict | None = None) -> tuple[bytes, str]:
    """All frames."""
    frames: list[bytes] = []
    while not frames or data[:4] == ZSTD:
        engine = ZstdDecompressor(dictionary, {DecompressionParameter.window_log_max: MAX_WINDOW_BITS})
        content, fault = _all_of(engine.decompress, data, limit - sum(map(len, frames)))
        frames.append(content)
        if fault or not engine.eof:
            return b"".join(frames), fault or BREAKS_OFF
        data = engine.unused_data
    return b"".join(frames), ""


def _all_of(decompress_piece: Callable[[bytes, int], bytes], data: bytes, limit: int) -> tuple[bytes, str]:
    """Piece by piece, so that what stands before a fault is kept."""
    found: list[bytes] = []
    left = limit + 1
    for at in range(0, len(data), PIECE_BYTES):
        try:
            found.append(decompress_piece(data[at : at + PIECE_BYTES], left))
        except EOFError:
            break  # the compressed data ended in the piece before
        except (zlib.error, brotli.error, ZstdError) as error:
            return b"".join(found), str(error)
        left -= len(found[-1])
        if left <= 0:
            raise too_large(limit)
    return b"".join(found), ""
