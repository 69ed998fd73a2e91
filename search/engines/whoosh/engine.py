"""The engine in pure Python: Whoosh, embedded, in a directory. See search/engines/protocol.py for what it promises.

    with WhooshEngine(Path("archive.whoosh"), create=True) as engine:
        engine.add([article])
        engine.search(SearchRequest(Word("treaty"))).total

Writing is here; schema.py says what is written, storage.py how it gets to the disk, snapshot.py,
query.py and results.py read it. Whoosh's files hold pickles, which run code when they are read: never open an
index that came from elsewhere.
"""

# mypy: allow-untyped-calls

import math
import stat
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from search.engines.codec import kind_of, storable_key
from search.engines.directory import damaged, open_directory, remove_leftovers
from search.engines.protocol import AddReport, Collection, Document, SourceEntry, Stats, Tally
from search.engines.versions import Plan, ids_concerned, plan
from search.engines.whoosh.results import answer, tally
from search.engines.whoosh.schema import Prepared, prepare
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.storage import MAIN_FILE, damaged_files, open_index, while_others_write
from search.errors import BroadsheetError, EngineError, IndexLocked
from search.model.article import Article
from search.query.nodes import Query, Results, SearchRequest

BATCH_DOCUMENTS = 1_000
BATCH_BYTES = 2_000_000
"""What is written between two commits, at most; bytes are those of stored forms."""
POOL_MEGABYTES = 192
"""What Whoosh holds of a commit's postings in memory. A batch takes some 75 times its bytes there; with less room Whoosh sorts
it on the disk, at half the speed."""


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
        self._snapshot: Snapshot | None = None
        with _library_errors(path, opening=True):
            self._index = open_index(path)
        with self._current():
            pass

    @property
    def url(self) -> str:
        return f"whoosh:{self._path}"

    @property
    def generation(self) -> str:
        with self._current() as snapshot:
            return snapshot.generation

    def search(self, request: SearchRequest) -> Results:
        with self._current() as snapshot:
            return answer(request, snapshot)

    def scores(self, query: Query, articles: Sequence[Article], versions: bool = False) -> dict[str, float]:
        sources = tuple(article.source for article in articles)
        hits = self.search(SearchRequest(query, {"source": sources}, size=len(sources), versions=versions)).hits
        return {hit.article.source: hit.score for hit in hits}

    def tally(self, queries: Sequence[Query], publishers: int, until: float = math.inf) -> list[Tally]:
        with self._current() as snapshot:
            in_time = takewhile(lambda _: time.monotonic() <= until, queries)
            return [tally(query, publishers, snapshot) for query in in_time]

    def get(self, id: str) -> Article | None:
        with self._current() as snapshot:
            numbers = _newest_first(snapshot, id)
            return snapshot.article(numbers[0]) if numbers else None

    def versions(self, id: str) -> list[Article]:
        with self._current() as snapshot:
            return [snapshot.article(number) for number in _newest_first(snapshot, id)]

    def copies(self, id: str) -> list[Article]:
        with self._current() as snapshot:
            return snapshot.copies(id)

    def known(self, sources: Sequence[str]) -> dict[str, str]:
        with self._current() as snapshot:
            return {s: entry.stamp for s in sources for entry in snapshot.entries("source", storable_key(s)).values()}

    def sources(self, collection: str | None = None) -> Iterator[SourceEntry]:
        with self._current() as snapshot:
            entries = list(snapshot.entries_in(collection))
        for entry in entries:
            if entry.state != "collection":
                yield SourceEntry(entry.source, entry.stamp, kind_of(entry.state))

    def collections(self) -> tuple[Collection, ...]:
        with self._current() as snapshot:
            return snapshot.collections()

    def documents(self) -> Iterator[Document]:
        with self._current() as snapshot:
            numbers = snapshot.documents()
        for number in numbers:
            with self._reading, _library_errors(self._path):
                document = snapshot.document(number)
            yield document

    def languages(self) -> tuple[str, ...]:
        with self._current() as snapshot:
            return snapshot.languages

    def frequent_languages(self) -> tuple[str, ...]:
        with self._current() as snapshot:
            return snapshot.frequent_languages

    def word_terms(self, word: str) -> tuple[str, ...]:
        with self._current() as snapshot:
            return snapshot.word_terms(word)

    def vocabulary(self, field: str, prefix: str = "") -> Iterator[tuple[str, int]]:
        with self._current() as snapshot:
            found = snapshot.vocabulary(f"exact_{field}", prefix)
        yield from found

    def near_words(self, field: str, word: str, edits: int, start: str = "") -> dict[str, int]:
        with self._current() as snapshot:
            return snapshot.near_words(field, storable_key(word), edits, storable_key(start))

    def completions(self, field: str, start: str, size: int) -> list[tuple[str, int]]:
        with self._current() as snapshot:
            return snapshot.completions(field, storable_key(start), size)

    def bag_counts(self, field: str, terms: Iterable[str]) -> dict[str, int]:
        with self._current() as snapshot:
            counts = {term: len(snapshot.current & snapshot.frequencies(f"bag_{field}", term).keys()) for term in terms}
        return {term: count for term, count in counts.items() if count}

    def stats(self) -> Stats:
        with self._current() as snapshot:
            return snapshot.stats(sum(file.stat().st_size for file in self._path.iterdir() if file.is_file()))

    def verify(self) -> list[str]:
        try:
            with self._writing, _library_errors(self._path):
                problems = list(damaged_files(self._path))
            if not problems:
                with self._reading:
                    self._snapshot = None  # read anew: a file that is open already may be missing
                for _ in self.documents():
                    pass
        except EngineError as error:
            problems = [str(error)]
        return problems

    def add(self, documents: Iterable[Document]) -> AddReport:
        added = 0
        failed: list[tuple[str, str]] = []
        self._take_lock()
        for batch in _batches(documents, failed):
            self._store({ready.version.source: ready for ready in batch}, set())
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
            self._snapshot = None
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
                planned = _plan(snapshot, batch, unwanted)
                gone = snapshot.having("source", *planned.deletes)
                others = snapshot.having("source", *planned.puts.keys() - batch.keys())
                rewritten = [prepare(snapshot.document(number)) for number in others]
            with _library_errors(self._path), self._index.writer(limitmb=POOL_MEGABYTES) as writer:  # commits at its end
                for number in gone:
                    writer.delete_document(number)
                for ready in (*batch.values(), *rewritten):
                    writer.add_document(**ready.values_as(*planned.puts[ready.version.source]))

    def _take_lock(self) -> None:
        """Held until the engine is closed, Whoosh's own only until a commit: one process writes at a time."""
        self._check_open()
        if self._lock is None:
            with _library_errors(self._path):
                lock = self._index.lock("ENGINE")
                self._lock = lock if lock.acquire() else None
                if self._lock:
                    remove_leftovers(self._path)
        if self._lock is None:
            raise IndexLocked(f"Another process is writing to the index at {self._path}; try again when it has finished.")

    @contextmanager
    def _current(self) -> Iterator[Snapshot]:
        """The state of the last commit of any process, for this thread alone."""
        with self._reading, _library_errors(self._path):
            self._check_open()
            if self._snapshot is None or self._snapshot.generation != self._named(self._index.latest_generation()):
                reader = while_others_write(self._index.reader)
                self._snapshot = Snapshot(self._named(reader.generation() or 0), reader)  # an index without segments has none
            yield self._snapshot

    def _named(self, generation: int) -> str:
        return f"{self._id}-{generation}"

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError(f"The index at {self._path} was closed; open it again.")


def _refuse_strangers(path: Path) -> None:
    """Whoever can write the files can run code here."""
    if path.stat().st_mode & stat.S_IWOTH:
        raise EngineError(
            f"{path} is writable by everyone, and a Whoosh index can contain code. If it is yours, run chmod 700 {path}"
        )


def _plan(snapshot: Snapshot, batch: dict[str, Prepared], unwanted: set[str]) -> Plan:
    coming = [ready.version for ready in batch.values()]
    replaced = snapshot.versions_with("source", batch.keys() | unwanted)
    siblings = snapshot.versions_with("id", ids_concerned(coming, replaced))
    return plan(coming, unwanted, (*replaced, *siblings), snapshot.signatures)


def _newest_first(snapshot: Snapshot, id: str) -> list[int]:
    """The numbers of an article's versions."""
    entries = snapshot.entries("id", storable_key(id))
    return sorted(entries, key=lambda number: entries[number].version_key, reverse=True)


def _batches(documents: Iterable[Document], failed: list[tuple[str, str]]) -> Iterator[list[Prepared]]:
    """Documents made ready, some at a time; those that cannot be are added to `failed`."""
    batch: list[Prepared] = []
    size = 0
    for document in documents:
        try:
            batch.append(prepare(document))
            size += len(batch[-1].values["document"])
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
        raise EngineError(f"The index at {path} failed: {error}. Check its files with `broadsheet verify`.") from error
    except Exception as error:
        raise damaged(path, f"{type(error).__name__}: {error}") from error
