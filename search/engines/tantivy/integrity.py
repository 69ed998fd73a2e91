"""Whether the files of a tantivy index are all there and unchanged.

tantivy ends each segment file with a CRC-32 of the rest, written with the file, but does not look at it when it reads. So no
list of checksums has to be kept in step with segments that are merged in the background; here they are read and compared.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

META_FILE = "meta.json"
MANAGED_FILE = ".managed.json"
SEGMENT_PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")

FOOTER_MAGIC = 1337
FOOTER_END = struct.Struct("<II")
"""The length of the footer's JSON and the magic number, the last 8 bytes of a file."""
CHUNK_BYTES = 1 << 20


def damaged_files(path: Path) -> list[str]:
    """A line for each file of the index that is missing or changed. Where another process commits or merges meanwhile, files
    go that were there: they are damaged only if the index still names them."""
    found = dict(_damaged_files(path))
    return [f"{name} {wrong}" for name, wrong in dict(_damaged_files(path)).items() if name in found] if found else []


def _damaged_files(path: Path) -> Iterator[tuple[str, str]]:
    """The name of each damaged file, and what is wrong with it."""
    meta = _read_json(path / META_FILE)
    if not isinstance(meta, dict) or not isinstance(meta.get("segments"), list):
        yield META_FILE, "cannot be read"
        return
    managed = _read_json(path / MANAGED_FILE)
    names = [name for segment in meta["segments"] for name in segment_files(segment)]
    if not isinstance(managed, list) or not set(names) <= set(managed):
        yield MANAGED_FILE, "is missing or does not name all files"
    for name in names:
        wrong = _what_is_wrong(path / name)
        if wrong:
            yield name, wrong


def segment_files(segment: dict[str, Any]) -> list[str]:
    """The files of a segment as meta.json describes it."""
    stem = segment["segment_id"].replace("-", "")
    deletes = segment.get("deletes")
    return [f"{stem}.{part}" for part in SEGMENT_PARTS] + ([f"{stem}.{deletes['opstamp']}.del"] if deletes else [])


def last_commit(path: Path) -> tuple[int, int]:
    """The number of the last commit, and how many documents the files still hold that were removed."""
    meta = json.loads((path / META_FILE).read_bytes())
    deletes = [segment["deletes"] for segment in meta["segments"] if segment.get("deletes")]
    return int(meta["opstamp"]), sum(each["num_deleted_docs"] for each in deletes)


def _what_is_wrong(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            length, magic = FOOTER_END.unpack(_read_at(file, size - FOOTER_END.size, FOOTER_END.size))
            body = size - FOOTER_END.size - length
            footer = json.loads(_read_at(file, body, length))
            return None if magic == FOOTER_MAGIC and footer["crc"] == _checksum(file, body) else "is damaged"
    except FileNotFoundError:
        return "is missing"
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return "is damaged"


def _read_at(file: Any, start: int, size: int) -> bytes:
    file.seek(max(start, 0))
    data: bytes = file.read(size)
    return data


def _checksum(file: Any, size: int) -> int:
    file.seek(0)
    checksum = 0
    while size:
        chunk = file.read(min(size, CHUNK_BYTES))
        checksum = zlib.crc32(chunk, checksum)
        size -= len(chunk)
        if not chunk:
            return -1
    return checksum


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
