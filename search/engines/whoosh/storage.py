"""The files of a Whoosh index, kept so that a commit survives a power cut and damage is noticed; Whoosh sees to neither.

index = open_index(path)            # Whoosh's own, which writes and reads through DurableStorage
list(damaged_files(path))           # [] when all is well
"""

# mypy: allow-untyped-calls

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError

from search.engines.disk.backup import IndexFiles
from search.engines.disk.directory import open_directory
from search.engines.disk.durable_files import Unsigned, read_signed, sync, sync_directory, write_signed
from search.engines.disk.replacement import FORMAT_FILE
from search.engines.whoosh.schema import SCHEMA
from search.errors import EngineError

INDEX_NAME = "MAIN"
MAIN_FILE = f"_{INDEX_NAME}_*.toc"
"""The table of contents: it names the segments of the index, and what is deleted in them."""
SEGMENT_FILE = f"{INDEX_NAME}_*.seg"
CHECKSUM_FILE = "checksums.json"
"""{"files": {"MAIN_3f….seg": "9c1f…"}, "sha256": "07b2…"}: the SHA-256 of each file, and of the list itself."""
CHUNK_BYTES = 1 << 20
READ_TRIES = 3
READ_WAIT_SECONDS = 0.05

T = TypeVar("T")


class DurableStorage(FileStorage):
    """Whoosh's storage, but a commit is on the disk before it counts."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Whoosh's last step of a commit, before it deletes what is no longer needed: the table of contents, written under
        another name, gets its own. Here all files and their checksums are on the disk before, the new name after."""
        folder = Path(self.folder)
        listed = read_checksums(folder) if (folder / CHECKSUM_FILE).exists() else {}  # not yet in a new index
        known = {name: digest for name, digest in listed.items() if (folder / name).exists()}
        segments = {file.name: sha256(file) for file in folder.glob(SEGMENT_FILE) if file.name not in known}
        sync_directory(folder)  # before the list: a segment in it is on the disk, even if the commit is cut off
        write_signed(folder / CHECKSUM_FILE, {"files": known | segments | {newname: sha256(folder / oldname)}})
        super().rename_file(oldname, newname, safe)
        sync(folder)


def open_index(path: Path) -> Any:
    """Whoosh's index in the directory, made there if it has no file yet."""
    storage = DurableStorage(str(path))
    if not any(INDEX_NAME in name for name in os.listdir(path)):
        return storage.create_index(SCHEMA, INDEX_NAME)
    return while_others_write(lambda: storage.open_index(INDEX_NAME, SCHEMA))


def while_others_write(read: Callable[[], T]) -> T:
    """What is read, tried again when a commit swept files away meanwhile. (Whoosh's readers try ten times by themselves.)"""
    for _ in range(READ_TRIES - 1):
        try:
            return read()
        except (FileNotFoundError, EmptyIndexError):
            time.sleep(READ_WAIT_SECONDS)
    return read()


def index_files(path: Path) -> IndexFiles:
    """Of the last commit."""
    signed = open_directory(path, "whoosh", main_file=MAIN_FILE, create=False, any_version=True).same_schema
    refuse_strangers(path)
    storage = FileStorage(str(path))
    generation = TOC._latest_generation(storage, INDEX_NAME)
    names = (FORMAT_FILE, MAIN_FILE.replace("*", str(generation)), CHECKSUM_FILE)
    small = {name: (path / name).read_bytes() for name in names}
    checksums = read_checksums(path, signed)
    if checksums.get(names[1]) != hashlib.sha256(small[names[1]]).hexdigest():
        raise ValueError(f"{names[1]} is not what was written")
    large = tuple(f"{segment.segment_id()}.seg" for segment in TOC.read(storage, INDEX_NAME, generation).segments)
    if small != {name: (path / name).read_bytes() for name in names}:
        raise FileNotFoundError(0, "a commit came between", names[1])
    return IndexFiles(small, large, lambda name, _: checksums.get(name, ""), lambda file, digest: _sha256(file) == digest)


def refuse_strangers(path: Path) -> None:
    """Whoever can write the files can run code here."""
    if path.stat().st_mode & stat.S_IWOTH:
        raise EngineError(
            f"{path} is writable by everyone, and a Whoosh index can contain code. If it is yours, run chmod 700 {path}"
        )


def damaged_files(path: Path, signed: bool = True) -> Iterator[str]:
    """A line for each file that is not what was written. A missing one shows when the index is read; what a broken commit
    left over may have no checksum and is no part of the index. signed: whether the schema is one whose lists are."""
    try:
        checksums = read_checksums(path, signed)
    except (OSError, ValueError, KeyError, TypeError):
        yield f"{CHECKSUM_FILE} is missing or not what was written"
        return
    for name, digest in checksums.items():
        if (path / name).exists() and sha256(path / name) != digest:
            yield f"{name} is damaged"


def contents_changed(path: Path, generation: int) -> bool:
    """Whether the table of contents is not what was written: removed documents would come back, or others be left out."""
    name = MAIN_FILE.replace("*", str(generation))
    return read_checksums(path).get(name) != sha256(path / name)


def read_checksums(path: Path, signed: bool = True) -> dict[str, str]:
    """The SHA-256 of each file. Raises OSError, ValueError, KeyError or TypeError when the list is not what was written."""
    try:
        return dict(read_signed(path / CHECKSUM_FILE)["files"])
    except Unsigned as unsigned:
        if signed:
            raise
        return dict(unsigned.values)


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return _sha256(stream)


def _sha256(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()
