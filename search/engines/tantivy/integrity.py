"""Whether the files of a tantivy index are all there and unchanged.

    damaged_files(path)     # [] or ["7b24….store is damaged"]

tantivy ends each segment file with a CRC-32 of the rest, written with the file, but does not look at it when it reads. So no
list of checksums has to be kept in step with segments that are merged in the background; here they are read and compared.
"""

import json
import os
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from search.engines.durable_files import read_signed
from search.engines.tantivy.commits import COMMIT_FILE, META_FILE

MANAGED_FILE = ".managed.json"
SEGMENT_PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")

FOOTER_MAGIC = 1337
FOOTER_END = struct.Struct("<II")
"""The length of the footer's JSON and the magic number, the last 8 bytes of a file."""
VERSION_PARTS = ("major", "minor", "patch", "index_format_version")
CHUNK_BYTES = 1 << 20

_SEGMENT_FILE = re.compile(rf"[0-9a-f]{{32}}\.({'|'.join(SEGMENT_PARTS)}|\d+\.del)")


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
    there = set(filter(_SEGMENT_FILE.fullmatch, os.listdir(path)))  # before the list: tantivy lists a file, then makes it
    managed = _read_json(path / MANAGED_FILE)
    names = [name for segment in meta["segments"] for name in segment_files(segment)]
    if not _lists(managed, {*names, *there}):
        yield MANAGED_FILE, "is missing, or not the list of all files"
    written_by = _versions_on_record(path)
    for name in names:
        if wrong := _what_is_wrong(path / name, written_by):
            yield name, wrong


def _lists(managed: Any, names: set[str]) -> bool:
    """A list of these files. It may have more, of segments that were merged away."""
    if not isinstance(managed, list) or not all(isinstance(name, str) for name in managed):
        return False
    return names <= set(managed) and all(name == META_FILE or _SEGMENT_FILE.fullmatch(name) for name in managed)


def segment_files(segment: dict[str, Any]) -> list[str]:
    """The files of a segment as meta.json describes it."""
    stem = segment["segment_id"].replace("-", "")
    deletes = segment.get("deletes")
    return [f"{stem}.{part}" for part in SEGMENT_PARTS] + ([f"{stem}.{deletes['opstamp']}.del"] if deletes else [])


def _versions_on_record(path: Path) -> set[str] | None:
    """The versions of tantivy that have written to the index, None if there is no record of them."""
    try:
        return set(read_signed(path / COMMIT_FILE)["written_by"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _what_is_wrong(path: Path, written_by: set[str] | None) -> str | None:
    """The checksum of a file is not that of its footer: of that each value is compared."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            length, magic = FOOTER_END.unpack(_read_at(file, size - FOOTER_END.size, FOOTER_END.size))
            body = size - FOOTER_END.size - length
            footer = json.loads(_read_at(file, body, length))
            version = ".".join(str(footer["version"][part]) for part in VERSION_PARTS)
            known = written_by is None or version in written_by
            return None if magic == FOOTER_MAGIC and footer["crc"] == _checksum(file, body) and known else "is damaged"
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
