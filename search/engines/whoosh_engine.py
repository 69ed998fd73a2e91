"""The engine in pure Python: Whoosh, embedded, in a directory. See search/engine.py for what it promises.

    with WhooshEngine(Path("archive.whoosh"), create=True) as engine:
        engine.add([article])
        engine.search(SearchRequest(Word("treaty"))).total

Writing is here, reading in whoosh_snapshot.py, which field holds what in whoosh_documents.py. Whoosh's files hold pickles,
which run code when they are read: never open an index that came from elsewhere.
"""

import stat
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from search.article import Article, version_key
from search.engine import AddReport, Document, SourceEntry, Stats
from search.engines.index_directory import damaged, open_directory
from search.engines.stored import CURRENT, EARLIER, kind_of, storable_key
from search.engines.whoosh_documents import Prepared, prepare
from search.engines.whoosh_files import (
    MAIN_FILE,
    acquire_lock,
    create_files,
    damaged_files,
    latest_generation,
    read_toc,
)
from search.engines.whoosh_segment import Segment
from search.engines.whoosh_snapshot import Snapshot
from search.engines.whoosh_writer import DurableWriter
from search.errors import BroadsheetError, EngineError, IndexLocked
from search.query import SearchRequest
from search.results import Results

BATCH_DOCUMENTS = 4_000
BATCH_BYTES = 16_000_000
"""What `add` holds in memory between two commits, at most: stored forms."""


class WhooshEngine:
    """An Engine. Threads take turns."""

    def __init__(self, path: Path, *, create: bool = False, any_version: bool = False) -> None:
        self._path = path
        self._id = open_directory(path, "whoosh", main_file=MAIN_FILE, create=create, any_version=any_version)
        _refuse_strangers(path)
        self._reading = threading.RLock()
        self._writing = threading.RLock()
        self._lock: Any = None
        self._closed = False
        self._segments: dict[str, Segment] = {}
        with _library_errors(path, opening=True):
            if latest_generation(path) < 0:
                create_files(path)
            self._snapshot = self._load()

    @property
    def url(self) -> str:
        return f"whoosh:{self._path}"

    @property
    def generation(self) -> str:
        with self._current() as snapshot:
            return snapshot.generation

    def search(self, request: SearchRequest) -> Results:
        with self._current() as snapshot:
            return snapshot.search(request)

    def get(self, id: str) -> Article | None:
        with self._current() as snapshot:
            found = snapshot.versions(storable_key(id))
            return snapshot.article(found[0][1]) if found else None

    def versions(self, id: str) -> list[Article]:
        with self._current() as snapshot:
            return [snapshot.article(number) for _, number in snapshot.versions(storable_key(id))]

    def known(self, sources: Sequence[str]) -> dict[str, str]:
        with self._current() as snapshot:
            places = snapshot.places(map(storable_key, sources))
        return {source: places[storable_key(source)].stamp for source in sources if storable_key(source) in places}

    def sources(self, collection: str | None = None) -> Iterator[SourceEntry]:
        with self._current() as snapshot:
            places = list(snapshot.places_in(collection))
        for source, place in places:
            if place.state != "collection":
                yield SourceEntry(source, place.stamp, kind_of(place.state))

    def collections(self) -> dict[str, str]:
        with self._current() as snapshot:
            return {collection.name: collection.root for collection in snapshot.collections()}

    def documents(self) -> Iterator[Document]:
        with self._current() as snapshot:
            numbers = snapshot.live
        for number in numbers:
            with self._reading, _library_errors(self._path):
                document = snapshot.document(number)
            yield document

    def languages(self) -> tuple[str, ...]:
        with self._current() as snapshot:
            return snapshot.languages

    def vocabulary(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        with self._current() as snapshot:
            found = snapshot.vocabulary(f"exact_{field}", prefix)
        yield from found

    def stats(self) -> Stats:
        with self._current() as snapshot:
            return snapshot.stats(sum(file.stat().st_size for file in self._path.iterdir() if file.is_file()))

    def verify(self) -> list[str]:
        problems: list[str] = []
        try:
            with self._writing, _library_errors(self._path):
                problems += damaged_files(self._path)
            for _ in self.documents():
                pass
        except EngineError as error:
            problems.append(str(error))
        return problems

    def add(self, documents: Iterable[Document]) -> AddReport:
        added = 0
        failed: list[tuple[str, str]] = []
        for batch in _batches(documents, failed):
            self._store({ready.document.source: ready for ready in batch}, set())
            added += len(batch)
        return AddReport(added, tuple(failed))

    def remove(self, sources: Iterable[str]) -> int:
        unwanted = {storable_key(source) for source in sources}
        present = len(self.known(tuple(unwanted)))
        if present:
            self._store({}, unwanted)
        return present

    def close(self) -> None:
        with self._writing, self._reading, _library_errors(self._path):
            self._closed = True
            self._segments.clear()
            self._snapshot = Snapshot("", [])
            lock, self._lock = self._lock, None
            if lock:
                lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _store(self, batch: dict[str, Prepared], unwanted: set[str]) -> None:
        """Write and commit the batch, and remove the unwanted sources; afterwards each article has one current version."""
        with self._writing:
            self._take_lock()
            with self._current() as snapshot:
                changes = _changes(snapshot, batch, unwanted)
            with _library_errors(self._path):
                writer = DurableWriter(self._path)
                try:
                    for number in changes.gone:
                        writer.delete_document(number)
                    for ready, state in changes.written:
                        writer.add_postings(ready.postings(state), **ready.columns(state))
                    writer.commit()
                except BaseException:
                    if not writer.is_closed:
                        writer.cancel()
                    raise

    def _take_lock(self) -> None:
        """Held until the engine is closed: one process writes at a time."""
        self._check_open()
        if self._lock is None:
            with _library_errors(self._path):
                self._lock = acquire_lock(self._path)
        if self._lock is None:
            raise IndexLocked(f"Another process is writing to the index at {self._path}; try again when it has finished.")

    @contextmanager
    def _current(self) -> Iterator[Snapshot]:
        """The state of the last commit of any process, for this thread alone."""
        with self._reading, _library_errors(self._path):
            self._check_open()
            if latest_generation(self._path) != self._number:
                self._snapshot = self._load()
            yield self._snapshot

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError(f"The index at {self._path} was closed; open it again.")

    def _load(self) -> Snapshot:
        return read_toc(self._path, self._open_segments)

    def _open_segments(self, storage: Any, toc: Any) -> Snapshot:
        """Segments that were open already stay so, with all that they keep."""
        self._segments = {
            segment.segment_id(): self._segments.get(segment.segment_id()) or Segment(storage, segment)
            for segment in toc.segments
        }
        self._number = toc.generation
        deleted = (frozenset(segment.deleted_docs()) for segment in toc.segments)
        return Snapshot(f"{self._id}-{toc.generation}", list(zip(self._segments.values(), deleted, strict=True)))


def _refuse_strangers(path: Path) -> None:
    """Whoever can write the files can run code here."""
    if path.stat().st_mode & stat.S_IWOTH:
        raise EngineError(f"Everyone may write to {path}, and a Whoosh index can hold code. If it is yours: chmod 700 {path}")


class Changes(NamedTuple):
    """gone: numbers of documents to delete; written: documents, each with its state."""

    gone: set[int]
    written: list[tuple[Prepared, str]]


def _changes(snapshot: Snapshot, batch: dict[str, Prepared], unwanted: set[str]) -> Changes:
    """What is to be done so that the batch is in the index and the unwanted sources are not. Another version of an article
    that becomes the current one, or is it no more, is written again."""
    replaced = snapshot.places(batch.keys() | unwanted)
    gone = {place.number for place in replaced.values()}
    articles = [ready.document for ready in batch.values() if isinstance(ready.document, Article)]
    ids = {article.id for article in articles} | {place.id for place in replaced.values() if place.id}
    versions = [(id, key, number) for id in ids for key, number in snapshot.versions(id) if number not in gone]
    newest: dict[str, tuple[str, ...]] = {}
    for id, key in [(a.id, version_key(a)) for a in articles] + [(id, key) for id, key, _ in versions]:
        newest[id] = max(key, newest.get(id, key))

    written = [(ready, _state(ready.document, newest)) for ready in batch.values()]
    for id, key, number in versions:
        if (key == newest[id]) != (number in snapshot.current):
            gone.add(number)
            written.append((prepare(snapshot.document(number)), CURRENT if key == newest[id] else EARLIER))
    return Changes(gone, written)


def _state(document: Document, newest: dict[str, tuple[str, ...]]) -> str:
    if not isinstance(document, Article):
        return type(document).__name__.lower()
    return CURRENT if newest[document.id] == version_key(document) else EARLIER


def _batches(documents: Iterable[Document], failed: list[tuple[str, str]]) -> Iterator[list[Prepared]]:
    """Documents made ready, some at a time; those that cannot be are added to `failed`."""
    batch: list[Prepared] = []
    size = 0
    for document in documents:
        try:
            batch.append(prepare(document))
            size += len(batch[-1].data)
        except Exception as error:  # whatever is wrong with one document, the others are stored
            failed.append((document.source, f"{type(error).__name__}: {error}"))
        if len(batch) == BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@contextmanager
def _library_errors(path: Path, opening: bool = False) -> Iterator[None]:
    """The errors of Whoosh and of the system as ours. Whoosh reads a damaged file as far as it goes: any error may come of it."""
    try:
        yield
    except (BroadsheetError, GeneratorExit):
        raise
    except OSError as error:
        if opening or isinstance(error, FileNotFoundError):
            raise damaged(path, str(error)) from error
        raise EngineError(
            f"The index at {path} failed: {error}. `broadsheet verify` tells whether its files are whole."
        ) from error
    except Exception as error:
        raise damaged(path, f"{type(error).__name__}: {error}") from error
