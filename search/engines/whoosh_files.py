"""The files of a Whoosh index: the table of contents, which names the segments, their checksums, the lock.

Whoosh never calls fsync; here a table of contents is on the disk before it counts.
"""

# mypy: allow-untyped-calls

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import _DEF_INDEX_NAME, TOC, EmptyIndexError

from search.engines.index_directory import sync_directory, write_atomically
from search.engines.whoosh_documents import SCHEMA

MAIN_FILE = f"_{_DEF_INDEX_NAME}_*.toc"
SEGMENT_FILE = f"{_DEF_INDEX_NAME}_*.seg"
CHECKSUM_FILE = "checksums.json"
OPEN_TRIES = 20
OPEN_WAIT_SECONDS = 0.05

_T = TypeVar("_T")


def write_toc(path: Path, toc: TOC) -> None:
    """The table of contents makes new segments part of the index: they must be on the disk before it, and it before the old
    ones go. So it is made in memory, and its checksum is known before it is there."""
    memory = RamStorage()
    toc.write(memory, _DEF_INDEX_NAME)
    (name,) = memory.list()
    data = bytes(memory.files[name])
    known = {file: digest for file, digest in read_checksums(path).items() if (path / file).exists()}
    new = {file.name: sha256(file) for file in path.glob(SEGMENT_FILE) if file.name not in known}
    draft = path / (name + ".new")
    draft.write_bytes(data)
    write_atomically(path / CHECKSUM_FILE, json.dumps(known | new | {name: hashlib.sha256(data).hexdigest()}))
    sync_directory(path)
    draft.replace(path / name)
    sync_directory(path)


def read_checksums(path: Path) -> dict[str, str]:
    """The SHA-256 of each file; {} where there is no list of them that can be read."""
    try:
        checksums = json.loads((path / CHECKSUM_FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    return checksums if isinstance(checksums, dict) else {}


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged_files(path: Path) -> list[str]:
    """A line for each file of the index that is missing or changed. What a broken commit left over is no part of it."""
    while True:
        generation = latest_generation(path)
        found = list(_damaged_files(path, generation))
        if not found or latest_generation(path) == generation:  # else another process committed meanwhile
            return found


def _damaged_files(path: Path, generation: int) -> Iterator[str]:
    checksums = read_checksums(path)
    if not checksums:
        yield f"{CHECKSUM_FILE} cannot be read"
    toc = f"_{_DEF_INDEX_NAME}_{generation}.toc"
    problem = _what_is_wrong(path / toc, checksums)
    if problem:
        yield problem
        return  # a changed pickle is not to be read
    for segment in read_toc(path, lambda _, contents: contents.segments):
        problem = _what_is_wrong(path / f"{segment.segment_id()}.seg", checksums)
        if problem:
            yield problem


def _what_is_wrong(file: Path, checksums: dict[str, str]) -> str | None:
    try:
        return None if checksums.get(file.name) == sha256(file) else f"{file.name} is damaged"
    except FileNotFoundError:
        return f"{file.name} is missing"


def create_files(path: Path) -> None:
    """Make the table of contents of an empty index."""
    write_toc(path, TOC(SCHEMA, [], 0))


def acquire_lock(path: Path) -> Any | None:
    """The write lock, to be released; None when another one holds it."""
    lock = FileStorage(str(path)).lock(f"{_DEF_INDEX_NAME}_WRITELOCK")
    return lock if lock.acquire() else None


def latest_generation(path: Path) -> int:
    """The number of the last commit; -1 when there is no table of contents."""
    return int(TOC._latest_generation(FileStorage(str(path)), _DEF_INDEX_NAME))


def read_toc(path: Path, open_all: Callable[[FileStorage, Any], _T]) -> _T:
    """What `open_all` makes of the latest table of contents; again, when a commit swept files away meanwhile."""
    storage = FileStorage(str(path))
    for tries_left in reversed(range(OPEN_TRIES)):
        try:
            return open_all(storage, TOC.read(storage, _DEF_INDEX_NAME, schema=SCHEMA))
        except (FileNotFoundError, EmptyIndexError):
            if not tries_left:
                raise
            time.sleep(OPEN_WAIT_SECONDS)
    raise AssertionError("never reached")
