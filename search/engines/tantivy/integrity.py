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
from typing import Any, BinaryIO

from search.engines.disk.backup import IndexFiles
from search.engines.disk.directory import open_directory
from search.engines.disk.durable_files import read_signed
from search.engines.disk.replacement import FORMAT_FILE
from search.engines.tantivy.commits import COMMIT_FILE, META_FILE

MANAGED_FILE = ".managed.json"
SEGMENT_PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")

FOOTER_MAGIC = 1337
FOOTER_BYTES = 200
"""No footer is longer."""
FOOTER_END = struct.Struct("<II")
"""The length of the footer's JSON and the magic number, the last 8 bytes of a file."""
VERSION_PARTS = ("major", "minor", "patch", "index_format_version")
CHUNK_BYTES = 1 << 20

_SEGMENT_FILE = re.compile(rf"[0-9a-f]{{32}}\.({'|'.join(SEGMENT_PARTS)}|\d+\.del)")


def index_files(path: Path) -> IndexFiles:
    """Of the last commit or merge."""
    open_directory(path, "tantivy", main_file=META_FILE, create=False, any_version=True)
    small = _small_files(path)
    if small != _small_files(path):
        raise FileNotFoundError(0, "a commit came between", META_FILE)
    large = tuple(name for segment in json.loads(small[META_FILE])["segments"] for name in segment_files(segment))
    small[MANAGED_FILE] = json.dumps([META_FILE, *large]).encode()
    written_by = _versions_on_record(path)
    return IndexFiles(
        small,
        large,
        lambda _, file: _footer(file),
        lambda file, footer: _footer(file) == footer and _is_whole(file, written_by),
    )


def _small_files(path: Path) -> dict[str, bytes]:
    names = (FORMAT_FILE, META_FILE, COMMIT_FILE)
    return {name: (path / name).read_bytes() for name in names if name != COMMIT_FILE or (path / name).exists()}


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
        try:
            with (path / name).open("rb") as file:
                wrong = None if _is_whole(file, written_by) else "is damaged"
        except FileNotFoundError:
            wrong = "is missing"
        except OSError:
            wrong = "is damaged"
        if wrong:
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


def _is_whole(file: BinaryIO, written_by: set[str] | None) -> bool:
    """The checksum of a file is not that of its footer: of that each value is compared."""
    try:
        size = file.seek(0, os.SEEK_END)
        length, magic = FOOTER_END.unpack(_read_at(file, size - FOOTER_END.size, FOOTER_END.size))
        body = size - FOOTER_END.size - length
        footer = json.loads(_read_at(file, body, length))
        version = ".".join(str(footer["version"][part]) for part in VERSION_PARTS)
        known = written_by is None or version in written_by
        return bool(magic == FOOTER_MAGIC and footer["crc"] == _checksum(file, body) and known)
    except (ValueError, KeyError, TypeError, struct.error):
        return False


def _footer(file: BinaryIO) -> str:
    """With the size of the file: what is on record of its content."""
    size = file.seek(0, os.SEEK_END)
    return f"{size} {_read_at(file, size - FOOTER_BYTES, FOOTER_BYTES).hex()}"


def _read_at(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(max(start, 0))
    return file.read(size)


def _checksum(file: BinaryIO, size: int) -> int:
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
