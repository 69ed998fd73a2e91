"""The default engine: tantivy, embedded, in a directory. See search/engines/protocol.py for what it promises.

    with TantivyEngine(Path("archive.index"), create=True) as engine:
        engine.add([article])
        engine.reader().search(SearchRequest(Word("treaty"))).total

Writing is here, reading in reader.py, which field holds what in schema.py.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from search.analysis.unknown_language import StemmedSoFar
from search.engines.codec import checksum, storable_key
from search.engines.disk.directory import damaged, open_directory
from search.engines.disk.durable_files import remove_drafts, sync
from search.engines.disk.replacement import recover, remove_remains
from search.engines.prepare import prepare, refuse, stamped, version_of
from search.engines.protocol import AddReport, Document, Prepared
from search.engines.tantivy.commits import META_FILE, NOTHING, read_commit, write_done, write_next
from search.engines.tantivy.failures import library_errors
from search.engines.tantivy.integrity import damaged_files
from search.engines.tantivy.reader import TantivyReader
from search.engines.tantivy.schema import schema, with_state
from search.engines.tantivy.snapshot import Snapshot
from search.engines.versions import Plan, ids_concerned, plan
from search.errors import DiskFull, EngineError, IndexLocked
from search.model.instants import now
from search.model.withdrawal import Blocks, Withdrawal, gather, not_kept_out, utc_now

BATCH_DOCUMENTS = 4_000
BATCH_BYTES = 64_000_000
"""What `add` holds in memory between two commits, at most."""
DRAFTS = ".tmp??????"
"""What tantivy writes before it becomes meta.json or .managed.json, and leaves behind when it is killed."""
WRITER_BYTES = 128_000_000
"""Postings in memory before tantivy writes a segment."""


class TantivyEngine:
    """An Engine."""

    def __init__(self, path: Path, *, create: bool = False, any_version: bool = False) -> None:
        self._path = path
        self._any_version = any_version
        self._id = ""
        if create:
            self._open(create=True)
        self._meta_file = str(path / META_FILE)
        self._mark: tuple[int, int, int] | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._writing = threading.RLock()
        self._refreshing = threading.Lock()
        self._closed = False
        self._load()

    @property
    def url(self) -> str:
        return f"tantivy:{self._path}"

    def reader(self) -> TantivyReader:
        """Every commit, and every merge, of any process replaces the meta file."""
        self._check_open()
        with library_errors(self._path):
            if self._file_mark() != self._mark:
                with self._refreshing:
                    if self._file_mark() != self._mark:
                        self._load()
        return self._reader

    def lock(self) -> None:
        with self._writing:
            self._locked_writer()

    def add(self, documents: Iterable[Document | Prepared]) -> AddReport:
        added = 0
        failed: list[tuple[str, str]] = []
        withdrawn: set[str] = set()
        self.lock()
        for batch in _batches(documents, failed):
            refused = self._store(batch, set())
            withdrawn |= refused
            added += len(batch) - len(refused)
        if added or withdrawn:
            self._make_durable()
        return AddReport(added, tuple(failed), tuple(withdrawn))

    def remove(self, sources: Iterable[str]) -> int:
        unwanted = {storable_key(source) for source in sources}
        before = len(self.reader().known(tuple(unwanted)))
        if before:
            self._store([], unwanted)
            self._make_durable()
        return before

    def withdraw(self, withdrawals: Sequence[Withdrawal]) -> tuple[Withdrawal, ...]:
        with self._writing:
            self._end_merges()
            self.lock()
            found = gather(withdrawals, self.reader().documents, now := utc_now())
            self._store(list(map(prepare, found)), set(Blocks(found, now).stamps()))
            self._make_durable()
            self._erase()
        return tuple(found)

    def check_health(self) -> None:
        self.reader()

    def verify(self) -> list[str]:
        problems = damaged_files(self._path)
        try:
            snapshot = self.reader().snapshot
            with library_errors(self._path):
                found, withdrawals = snapshot.contents(), snapshot.withdrawals
            if found.documents != snapshot.documents:
                problems.append(f"only {found.documents} of {snapshot.documents} documents can be read")
            elif snapshot.commit.contents not in (found, None):
                problems.append("the documents are not those of the last commit")
            problems += not_kept_out(withdrawals, self.reader().documents, utc_now())
        except EngineError as error:
            problems.append(str(error))
        return problems

    def close(self) -> None:
        with self._writing, library_errors(self._path):
            self._closed = True
            writer, self._writer = self._writer, None
            if writer:
                writer.wait_merging_threads()
                sync(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _store(self, batch: list[Prepared], unwanted: set[str]) -> set[str]:
        """Write and commit the batch, and remove the unwanted sources; afterwards each article has one current version. The
        sources of the batch that are withdrawn."""
        with self._committed() as writer:
            snapshot = self.reader().snapshot
            kept, refused = refuse({ready.source: ready for ready in batch}, snapshot.withdrawals, utc_now())
            self._write(writer, snapshot, kept, unwanted | refused)
        return refused

    @contextmanager
    def _committed(self) -> Iterator[tantivy.IndexWriter]:
        """What is written inside is committed at the end, or dropped."""
        with self._writing:
            writer = self._locked_writer()
            try:
                with library_errors(self._path):
                    yield writer
                    writer.commit()
            except BaseException as error:
                self._writer = None  # drops what is half written, and the lock
                if isinstance(error, DiskFull):
                    with suppress(ValueError, RuntimeError, OSError):
                        writer.wait_merging_threads()  # lets go of the lock, which the frames of the error would hold
                    raise DiskFull(error.disk, f"The {self.reader().snapshot.documents:,} documents in it are kept.") from error
                raise

    def _write(self, writer: tantivy.IndexWriter, snapshot: Snapshot, batch: dict[str, Prepared], unwanted: set[str]) -> None:
        planned = _plan(snapshot, batch, unwanted)
        others = snapshot.with_values("source", planned.puts.keys() - batch.keys())
        rewritten = [prepare(stored.document) for stored in others]
        for source in planned.deletes:
            writer.delete_documents_by_term("source", source)
        put = []
        for prepared in (*batch.values(), *rewritten):
            ready, place = stamped(prepared, planned.stamps.get(prepared.source)), planned.puts[prepared.source]
            writer.add_document(with_state(ready, *place))
            put.append(checksum(ready.document, *place))
        before = snapshot.commit.contents or NOTHING
        write_next(self._path, snapshot.commit, before.changed(put, snapshot.checksums(planned.deletes)))

    def _end_merges(self) -> None:
        """A merge that was begun before something is removed may end with it."""
        writer, self._writer = self._writer, None
        if writer:
            writer.wait_merging_threads()

    def _erase(self) -> None:
        """tantivy keeps the text of what was removed until it merges the segment, which it cannot be asked to do. So all else in
        such segments is written anew, and tantivy deletes the files of a segment that holds nothing more. Does so if a withdrawal
        is not erased yet."""
        pending = [each for each in self.reader().snapshot.withdrawals if not each.erased]
        if not pending:
            return
        with self._committed() as writer:
            snapshot = self.reader().snapshot
            erased = [prepare(replace(each, erased=True)) for each in pending]
            replaced = {each.source for each in erased}
            put, gone = [], snapshot.checksums(replaced)
            for ready in erased:
                put.append(_write_again(writer, ready, ready.state, ""))
            for stored, group, before in snapshot.beside_removed():
                if stored.document.source not in replaced:
                    put.append(_write_again(writer, prepare(stored.document), stored.state, group))
                    gone.append(before)
            contents = snapshot.commit.contents or NOTHING
            write_next(self._path, snapshot.commit, contents.changed(put, gone))
        self._make_durable()

    def _locked_writer(self) -> tantivy.IndexWriter:
        self._check_open()
        if self._writer is None:
            try:
                with library_errors(self._path):
                    writer = self._index.writer(WRITER_BYTES, num_threads=1)
                    self._check_before_writing()
                    remove_drafts(self._path, DRAFTS)
                    remove_remains(self._path)
                    writer.garbage_collect_files()  # of a commit that was cut off; the next one may have files of the same names
                    self._writer = writer
                if not self._any_version:
                    self._erase()  # where a withdrawal was cut off
            except EngineError as error:
                if "LockBusy" not in str(error):
                    raise
                message = f"Another process is writing to the index at {self._path}; try again when it has finished."
                raise IndexLocked(message) from error.__cause__
        return self._writer

    def _check_before_writing(self) -> None:
        """Merges, and changes of a group, write again what was stored: damage would get a new checksum, and be found no more."""
        self.reader()
        for problem in damaged_files(self._path):
            raise damaged(self._path, problem)

    def _make_durable(self) -> None:
        """tantivy syncs each file it writes, but not the directory that names them: a power cut would lose the commit."""
        commit = self.reader().snapshot.commit
        with library_errors(self._path):
            write_done(self._path, commit)

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError(f"The index at {self._path} was closed; open it again.")

    def _file_mark(self) -> tuple[int, int, int]:
        """Differs after each commit and merge."""
        try:
            status = os.stat(self._meta_file)
        except FileNotFoundError:
            recover(self._path)
            status = os.stat(self._meta_file)
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _load(self) -> None:
        """Generation and searcher have to be of the same commit: read again if the next one came between them. The mark is set
        last: a thread that finds it set finds the reader too."""
        mark = None
        while mark is None or self._file_mark() != mark:
            same_schema = self._open()
            with library_errors(self._path, opening=True):
                mark = self._file_mark()
                commit = read_commit(self._path, same_schema)
                self._index.reload()
                generation = f"{self._id}-{commit.opstamp}"
                snapshot = Snapshot(self._index.searcher(), self._index.schema, generation, commit, self._stemmed)
        if commit.wrong:
            raise damaged(self._path, commit.wrong)
        self._reader, self._mark = TantivyReader(self._path, snapshot), mark

    def _open(self, create: bool = False) -> bool:
        """Open the index in the directory, if it is not open: at first, and when `reindex` has put another in its place. Returns
        IndexFound.same_schema."""
        index_id, same_schema = open_directory(
            self._path, "tantivy", main_file=META_FILE, create=create, any_version=self._any_version
        )
        if index_id == self._id:
            return same_schema
        with library_errors(self._path, opening=True):
            new = not (self._path / META_FILE).exists()
            self._index = tantivy.Index(schema(), str(self._path)) if new else tantivy.Index.open(str(self._path))
            self._index.config_reader(reload_policy="manual")
        self._id = index_id
        self._stemmed = StemmedSoFar()
        return same_schema


def _write_again(writer: tantivy.IndexWriter, ready: Prepared, state: str, group: str) -> int:
    """In place of what the index has of the source. Its checksum."""
    writer.delete_documents_by_term("source", ready.source)
    writer.add_document(with_state(ready, state, group))
    return checksum(ready.document, state, group)


def _batches(documents: Iterable[Document | Prepared], failed: list[tuple[str, str]]) -> Iterator[list[Prepared]]:
    """Documents made ready, some at a time; those that cannot be are added to `failed`."""
    batch: list[Prepared] = []
    size = 0
    for document in documents:
        try:
            batch.append(prepare(document))
            size += batch[-1].size
        except Exception as error:  # whatever is wrong with one document, the others are stored
            failed.append((document.source, f"{type(error).__name__}: {error}"))
        if len(batch) == BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _plan(snapshot: Snapshot, batch: dict[str, Prepared], unwanted: set[str]) -> Plan:
    coming = [version_of(ready) for ready in batch.values()]
    replaced = snapshot.versions_with("source", batch.keys() | unwanted)
    siblings = snapshot.versions_with("id", ids_concerned(coming, replaced))
    return plan(coming, unwanted, (*replaced, *siblings), snapshot.signatures, max(now(), snapshot.last_change() + 1))
