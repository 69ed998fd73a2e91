"""The default engine: tantivy, embedded, in a directory. See search/engines/protocol.py for what it promises.

    with TantivyEngine(Path("archive.index"), create=True) as engine:
        engine.add([article])
        engine.search(SearchRequest(Word("treaty"))).total

Writing is here, reading in snapshot.py, which field holds what in schema.py.
"""

import errno
import math
import os
import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import tantivy

from search.engines.codec import kind_of, storable_key
from search.engines.directory import damaged, open_directory, remove_leftovers, sync
from search.engines.protocol import AddReport, Collection, Document, SourceEntry, Stats, Tally
from search.engines.tantivy.integrity import META_FILE, damaged_files, last_commit
from search.engines.tantivy.schema import Prepared, prepare, schema
from search.engines.tantivy.snapshot import Snapshot
from search.engines.versions import Plan, ids_concerned, plan
from search.errors import BroadsheetError, EngineError, IndexLocked
from search.model.article import Article
from search.query.nodes import Query, Results, SearchRequest

BATCH_DOCUMENTS = 4_000
BATCH_BYTES = 32_000_000
"""What `add` holds in memory between two commits, at most."""
TALLY_THREADS = 2
"""tantivy lets go of Python's lock while it looks."""
WRITER_BYTES = 128_000_000
"""Postings in memory before tantivy writes a segment."""


class TantivyEngine:
    """An Engine. Threads may search at once; adding and removing take turns."""

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

    @property
    def generation(self) -> str:
        with self._reading() as snapshot:
            return snapshot.generation

    def search(self, request: SearchRequest) -> Results:
        with self._reading() as snapshot:
            return snapshot.search(request)

    def scores(self, query: Query, articles: Sequence[Article], versions: bool = False) -> dict[str, float]:
        with self._reading() as snapshot:
            return snapshot.scores(query, articles, versions)

    def tally(self, queries: Sequence[Query], publishers: int, until: float = math.inf) -> list[Tally]:
        with self._reading() as snapshot, ThreadPoolExecutor(TALLY_THREADS) as threads:

            def in_time(query: Query) -> Tally | None:
                return snapshot.tally(query, publishers) if time.monotonic() <= until else None

            tallies: list[Tally] = []
            for tally in threads.map(in_time, queries):
                if tally is None:
                    break
                tallies.append(tally)
            return tallies

    def get(self, id: str) -> Article | None:
        with self._reading() as snapshot:
            return snapshot.current(id)

    def versions(self, id: str) -> list[Article]:
        with self._reading() as snapshot:
            return snapshot.versions(id)

    def copies(self, id: str) -> list[Article]:
        with self._reading() as snapshot:
            return snapshot.copies(id)

    def known(self, sources: Sequence[str]) -> dict[str, str]:
        with self._reading() as snapshot:
            stamps = {s.document.source: s.document.stamp for s in snapshot.with_values("source", sources)}
        return {source: stamps[storable_key(source)] for source in sources if storable_key(source) in stamps}

    def sources(self, collection: str | None = None) -> Iterator[SourceEntry]:
        with self._reading() as snapshot:
            found = snapshot.stored() if collection is None else snapshot.with_values("kw_collection", (collection,))
            for stored in found:
                if stored.state != "collection":
                    yield SourceEntry(stored.document.source, stored.document.stamp, kind_of(stored.state))

    def collections(self) -> tuple[Collection, ...]:
        with self._reading() as snapshot:
            return snapshot.collections()

    def documents(self) -> Iterator[Document]:
        with self._reading() as snapshot:
            yield from (stored.document for stored in snapshot.stored())

    def languages(self) -> tuple[str, ...]:
        with self._reading() as snapshot:
            return snapshot.languages

    def frequent_languages(self) -> tuple[str, ...]:
        with self._reading() as snapshot:
            return snapshot.frequent_languages

    def word_terms(self, word: str) -> tuple[str, ...]:
        with self._reading() as snapshot:
            return snapshot.builder.word_terms(word)

    def vocabulary(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        with self._reading() as snapshot:
            yield from snapshot.vocabulary(field, prefix)

    def near_words(self, field: str, word: str, edits: int, start: str = "") -> dict[str, int]:
        with self._reading() as snapshot:
            return snapshot.near_words(field, storable_key(word), edits, storable_key(start))

    def completions(self, field: str, start: str, size: int) -> list[tuple[str, int]]:
        with self._reading() as snapshot:
            return snapshot.completions(field, storable_key(start), size)

    def bag_counts(self, field: str, terms: Iterable[str]) -> dict[str, int]:
        with self._reading() as snapshot:
            counts = {term: snapshot.count_with(f"bag_{field}", term) for term in terms}
        return {term: count for term, count in counts.items() if count}

    def stats(self) -> Stats:
        with self._reading() as snapshot:
            return replace(snapshot.stats, bytes=_size(self._path))

    def verify(self) -> list[str]:
        problems = damaged_files(self._path)
        try:
            with self._reading() as snapshot:
                read = sum(1 for _ in snapshot.stored())
                if read != snapshot.documents:
                    problems.append(f"only {read} of {snapshot.documents} documents can be read")
        except EngineError as error:
            problems.append(str(error))
        return problems

    def add(self, documents: Iterable[Document]) -> AddReport:
        """As in Engine; with no documents it still takes the write lock, or raises IndexLocked."""
        added = 0
        failed: list[tuple[str, str]] = []
        with self._writing:
            self._locked_writer()
        for batch in _batches(documents, failed):
            self._store(batch, set())
            added += len(batch)
        if added:
            self._make_durable()
        return AddReport(added, tuple(failed))

    def remove(self, sources: Iterable[str]) -> int:
        unwanted = {storable_key(source) for source in sources}
        before = len(self.known(tuple(unwanted)))
        if before:
            self._store([], unwanted)
            self._make_durable()
        return before

    def close(self) -> None:
        with self._writing, _library_errors(self._path):
            self._closed = True
            writer, self._writer = self._writer, None
            if writer:
                writer.wait_merging_threads()
                sync(self._path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _store(self, batch: list[Prepared], unwanted: set[str]) -> None:
        """Write and commit the batch, and remove the unwanted sources; afterwards each article has one current version."""
        with self._writing:
            writer = self._locked_writer()
            try:
                with _library_errors(self._path):
                    self._write(writer, {ready.version.source: ready for ready in batch}, unwanted)
                    writer.commit()
            except BaseException:
                self._writer = None  # drops what is half written, and the lock
                raise

    def _write(self, writer: tantivy.IndexWriter, batch: dict[str, Prepared], unwanted: set[str]) -> None:
        snapshot = self._fresh_snapshot()
        planned = _plan(snapshot, batch, unwanted)
        others = snapshot.with_values("source", planned.puts.keys() - batch.keys())
        rewritten = [prepare(stored.document) for stored in others]
        for source in planned.deletes:
            writer.delete_documents_by_term("source", source)
        for ready in (*batch.values(), *rewritten):
            writer.add_document(ready.in_state(*planned.puts[ready.version.source]))

    def _locked_writer(self) -> tantivy.IndexWriter:
        self._check_open()
        if self._writer is None:
            try:
                with _library_errors(self._path):
                    self._writer = self._index.writer(WRITER_BYTES, num_threads=1)
                    remove_leftovers(self._path)
            except EngineError as error:
                if "LockBusy" not in str(error):
                    raise
                message = f"Another process is writing to the index at {self._path}; try again when it has finished."
                raise IndexLocked(message) from error.__cause__
        return self._writer

    def _make_durable(self) -> None:
        """tantivy syncs each file it writes, but not the directory that names them: a power cut would lose the commit."""
        with _library_errors(self._path):
            sync(self._path)

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        self._check_open()
        with _library_errors(self._path):
            yield self._fresh_snapshot()

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError(f"The index at {self._path} was closed; open it again.")

    def _fresh_snapshot(self) -> Snapshot:
        """The state of the last commit of any process; every commit, and every merge, replaces the meta file."""
        if self._file_mark() != self._mark:
            with self._refreshing:
                if self._file_mark() != self._mark:
                    self._load()
        return self._snapshot

    def _file_mark(self) -> tuple[int, int, int]:
        """Differs after each commit and merge."""
        status = os.stat(self._meta_file)
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _load(self) -> None:
        """Generation and searcher have to be of the same commit: read again if the next one came between them. The mark is set
        last: a thread that finds it set finds the snapshot too."""
        mark = None
        while mark is None or self._file_mark() != mark:
            self._open()
            with _library_errors(self._path, opening=True):
                mark = self._file_mark()
                opstamp, removed = last_commit(self._path)
                self._index.reload()
                snapshot = Snapshot(self._index.searcher(), self._index.schema, f"{self._id}-{opstamp}", removed)
        self._snapshot, self._mark = snapshot, mark

    def _open(self, create: bool = False) -> None:
        """Open the index in the directory, if it is not open: at first, and when `reindex` has put another in its place."""
        index_id = open_directory(self._path, "tantivy", main_file=META_FILE, create=create, any_version=self._any_version)
        if index_id == self._id:
            return
        with _library_errors(self._path, opening=True):
            new = not (self._path / META_FILE).exists()
            self._index = tantivy.Index(schema(), str(self._path)) if new else tantivy.Index.open(str(self._path))
            self._index.config_reader(reload_policy="manual")
        self._id = index_id


def _batches(documents: Iterable[Document], failed: list[tuple[str, str]]) -> Iterator[list[Prepared]]:
    """Documents made ready, some at a time; those that cannot be are added to `failed`."""
    batch: list[Prepared] = []
    size = 0
    for document in documents:
        try:
            batch.append(prepare(document))
            size += batch[-1].bytes
        except Exception as error:  # whatever is wrong with one document, the others are stored
            failed.append((document.source, f"{type(error).__name__}: {error}"))
        if len(batch) == BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _plan(snapshot: Snapshot, batch: dict[str, Prepared], unwanted: set[str]) -> Plan:
    coming = [ready.version for ready in batch.values()]
    replaced = snapshot.versions_with("source", batch.keys() | unwanted)
    siblings = snapshot.versions_with("id", ids_concerned(coming, replaced))
    return plan(coming, unwanted, (*replaced, *siblings), snapshot.signatures)


def _size(folder: Path) -> int:
    """The bytes of its files; one that was merged away meanwhile has none."""
    size = 0
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            size += file.stat().st_size
    return size


def _refused_by_system(error: Exception) -> str | None:
    """What the system said, if it was the system that failed and not a file that is missing or wrong."""
    found = re.search(r"(?:os error|code:) (\d+)", str(error))  # tantivy: "Os { code: 13, kind: PermissionDenied …"
    number = error.errno if isinstance(error, OSError) else int(found[1]) if found else None
    return os.strerror(number) if number and number != errno.ENOENT else None


@contextmanager
def _library_errors(path: Path, opening: bool = False) -> Iterator[None]:
    """The errors of tantivy and of the system as ours."""
    try:
        yield
    except BroadsheetError:
        raise
    except (FileNotFoundError, KeyError, msgspec.MsgspecError) as error:
        raise damaged(path, f"{type(error).__name__}: {error}") from error
    except (ValueError, OSError, RuntimeError) as error:
        if refused := _refused_by_system(error):
            raise EngineError(
                f"The index at {path} cannot be used: {refused}. It must be writable, even for searching; "
                "check its disk, owner and permissions."
            ) from error
        if opening:
            raise damaged(path, str(error)) from error
        raise EngineError(f"The index at {path} failed: {error}. Check its files with `broadsheet verify`.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic of Rust, which is no Exception
            raise
        raise damaged(path, str(error)) from error
