"""The engine in pure Python: Whoosh, embedded, in a directory. See search/engines/protocol.py for what it promises.

    with WhooshEngine(Path("archive.whoosh"), create=True) as engine:
        engine.add([article])
        engine.reader().search(SearchRequest(Word("treaty"))).total

Writing is here, reading in reader.py; schema.py says what is written, storage.py how it gets to the disk. Whoosh's files hold
pickles, which run code when they are read: never open an index that came from elsewhere.
"""

# mypy: allow-untyped-calls

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from search.analysis.unknown_language import StemmedSoFar
from search.engines.codec import storable_key
from search.engines.disk.directory import damaged, open_directory
from search.engines.disk.durable_files import remove_drafts
from search.engines.disk.replacement import FORMAT_FILE, recover, remove_remains
from search.engines.prepare import prepare, refuse, stamped, version_of
from search.engines.protocol import AddReport, Document, Prepared
from search.engines.versions import Plan, ids_concerned, plan
from search.engines.whoosh.failures import library_errors
from search.engines.whoosh.reader import WhooshReader
from search.engines.whoosh.schema import values_of
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.storage import (
    MAIN_FILE,
    contents_changed,
    damaged_files,
    open_index,
    refuse_strangers,
    while_others_write,
)
from search.errors import DiskFull, EngineError, IndexLocked
from search.model.instants import now
from search.model.withdrawal import Blocks, Withdrawal, gather, not_kept_out, utc_now

BATCH_DOCUMENTS = 1_000
BATCH_BYTES = 2_000_000
"""What is written between two commits, at most; bytes are those of stored forms."""
POOL_MEGABYTES = 192
"""What Whoosh holds of a commit's postings in memory. A batch takes some 75 times its bytes there; with less room Whoosh sorts
it on the disk, at half the speed."""

State = tuple[int, int, int]
"""Of the file that names the index: its number and the time it was written; the generation."""


class WhooshEngine:
    """An Engine."""

    def __init__(self, path: Path, *, create: bool = False, any_version: bool = False) -> None:
        self._path = path
        self._any_version = any_version
        opened = open_directory(path, "whoosh", main_file=MAIN_FILE, create=create, any_version=any_version)
        self._signed = opened.same_schema
        refuse_strangers(path)
        self._refreshing = threading.Lock()
        self._writing = threading.RLock()
        self._lock: Any = None
        self._closed = False
        self._reader: WhooshReader | None = None
        self._stemmed = StemmedSoFar()
        self._mark: State | None = None
        with library_errors(path, opening=True):
            self._index = open_index(path)
        self.reader()

    @property
    def url(self) -> str:
        return f"whoosh:{self._path}"

    def reader(self) -> WhooshReader:
        self._check_open()
        with self._refreshing, library_errors(self._path):
            if self._reader is None or self._mark != self._state():
                self._reader, self._mark = self._load()
            return self._reader

    def lock(self) -> None:
        """Held until the engine is closed, Whoosh's own only until a commit."""
        self._check_open()
        with self._writing, library_errors(self._path):
            if self._lock is None:
                lock = self._index.lock("ENGINE")
                if not lock.acquire():
                    message = f"Another process is writing to the index at {self._path}; try again when it has finished."
                    raise IndexLocked(message)
                try:
                    self._check_before_writing()
                    remove_drafts(self._path)
                    remove_remains(self._path)
                except BaseException:
                    lock.release()
                    raise
                self._lock = lock
                if not self._any_version:
                    self._erase()  # where a withdrawal was cut off

    def add(self, documents: Iterable[Document | Prepared]) -> AddReport:
        added = 0
        failed: list[tuple[str, str]] = []
        withdrawn: set[str] = set()
        self.lock()
        for batch in _batches(documents, failed):
            refused = self._store({ready.source: ready for ready in batch}, set())
            withdrawn |= refused
            added += len(batch) - len(refused)
        return AddReport(added, tuple(failed), tuple(withdrawn))

    def remove(self, sources: Iterable[str]) -> int:
        unwanted = {storable_key(source) for source in sources}
        present = len(self.reader().known(tuple(unwanted)))
        if present:
            self._store({}, unwanted)
        return present

    def withdraw(self, withdrawals: Sequence[Withdrawal]) -> tuple[Withdrawal, ...]:
        with self._writing:
            self.lock()
            found = gather(withdrawals, self.reader().documents, now := utc_now())
            batch = {each.source: prepare(each) for each in found}
            self._store(batch, set(Blocks(found, now).stamps()))
            self._erase()
        return tuple(found)

    def check_health(self) -> None:
        self.reader()

    def verify(self) -> list[str]:
        try:
            with self._writing, library_errors(self._path):
                problems = list(damaged_files(self._path, self._signed))
            if not problems:
                with self._refreshing:
                    self._reader = None  # read anew: a file that is open already may be missing
                reader = self.reader()
                for _ in reader.documents():
                    pass
                problems += not_kept_out(reader.withdrawals(), reader.documents, utc_now())
        except EngineError as error:
            problems = [str(error)]
        return problems

    def close(self) -> None:
        with self._writing, self._refreshing, library_errors(self._path):
            self._closed = True
            self._reader = None
            lock, self._lock = self._lock, None
            if lock:
                lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _store(self, batch: dict[str, Prepared], unwanted: set[str], optimize: bool = False) -> set[str]:
        """Write and commit the batch, and remove the unwanted sources; afterwards each article has one current version. The
        sources of the batch that are withdrawn. optimize: into a single segment, which holds nothing of what was removed."""
        with self._writing:
            self.lock()
            reader = self.reader()
            snapshot = reader.snapshot
            with reader.alone, library_errors(self._path):
                batch, refused = refuse(batch, snapshot.withdrawals, utc_now())
                planned = _plan(snapshot, batch, unwanted | refused)
                gone = snapshot.having("source", *planned.deletes)
                others = snapshot.having("source", *planned.puts.keys() - batch.keys())
                rewritten = [prepare(snapshot.document(number)) for number in others]
            try:
                with library_errors(self._path), self._index.writer(limitmb=POOL_MEGABYTES) as writer:  # commits at its end
                    writer.optimize = optimize
                    for number in gone:
                        writer.delete_document(number)
                    for ready in (*batch.values(), *rewritten):
                        written = stamped(ready, planned.stamps.get(ready.source))
                        writer.add_document(**values_of(written, *planned.puts[ready.source]))
            except DiskFull as error:
                raise DiskFull(error.disk, f"The {len(snapshot.documents()):,} documents in it are kept.") from error
        return refused

    def _erase(self) -> None:
        """Whoosh keeps the text of what was removed until it merges the segment."""
        reader = self.reader()
        if pending := [each for each in reader.withdrawals() if not each.erased]:
            self._store({each.source: prepare(replace(each, erased=True)) for each in pending}, set(), optimize=True)

    def _check_before_writing(self) -> None:
        """Merges, and changes of a group, write again what was stored: damage would get a new checksum, and be found no more."""
        self.reader()
        for problem in damaged_files(self._path, self._signed):
            raise damaged(self._path, problem)

    def _state(self) -> State:
        """Differs after each commit, and when `reindex` has put another index in the directory's place."""
        try:
            status = os.stat(self._path / FORMAT_FILE)
        except FileNotFoundError:
            recover(self._path)
            status = os.stat(self._path / FORMAT_FILE)
        return status.st_ino, status.st_mtime_ns, self._index.latest_generation()

    def _load(self) -> tuple[WhooshReader, State]:
        """Id, generation and files have to be of the same commit: read again if the next one came between them."""
        mark = None
        while mark is None or self._state() != mark:
            mark = self._state()
            index_id, self._signed = open_directory(
                self._path, "whoosh", main_file=MAIN_FILE, create=False, any_version=self._any_version
            )
            if self._signed and while_others_write(lambda: contents_changed(self._path, self._index.latest_generation())):
                if self._state() == mark:
                    raise damaged(self._path, f"{MAIN_FILE} is not what was written")
                continue
            reader = while_others_write(self._index.reader)
        generation = reader.generation() or 0  # an index without segments has none
        return WhooshReader(self._path, Snapshot(f"{index_id}-{generation}", reader, self._stemmed)), mark

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError(f"The index at {self._path} was closed; open it again.")


def _plan(snapshot: Snapshot, batch: dict[str, Prepared], unwanted: set[str]) -> Plan:
    coming = [version_of(ready) for ready in batch.values()]
    replaced = snapshot.versions_with("source", batch.keys() | unwanted)
    siblings = snapshot.versions_with("id", ids_concerned(coming, replaced))
    last = max(snapshot.numbers("changed"), default=0)
    return plan(coming, unwanted, (*replaced, *siblings), snapshot.signatures, max(now(), last + 1))


def _batches(documents: Iterable[Document | Prepared], failed: list[tuple[str, str]]) -> Iterator[list[Prepared]]:
    """Documents made ready, some at a time; those that cannot be are added to `failed`."""
    batch: list[Prepared] = []
    size = 0
    for document in documents:
        try:
            batch.append(prepare(document))
            size += len(batch[-1].document)
        except Exception as error:  # whatever is wrong with one document, the others are stored
            failed.append((document.source, f"{type(error).__name__}: {error}"))
        if len(batch) == BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
