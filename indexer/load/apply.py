"""Steps of a plan and what became of pages -> an index that has them, and a report.

with Changes(engine, settings, collections, progress) as changes:
    for task, outcome in pool.run(changes.pages(plan)):
        changes.done(task, outcome)
    changes.flush()
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from indexer.load.plan import Closed, Opened, PassedOver, Read, Step, Withheld
from indexer.load.report import Report, Skipped
from indexer.load.workers import Outcome
from indexer.sources.source_file import SourceFile, utc_text
from search.engines.protocol import AddReport, Collection, Container, Engine, Prepared, Skip
from search.settings import MEGABYTE, Settings

BATCH_SECONDS = 10
BATCH_BYTES = 32 * MEGABYTE
TRIED_EVERY_TIME = ("failed", "unreadable")
"""These may go well next time though the page has not changed: after an update, or with other permissions. But what the
listing shows to be a pipe or a link will be one next time."""
NOT_READ = frozenset(str.split("empty undecodable unreadable too-large too-complex timed-out out-of-memory failed"))
"""Of a page that was an article before these say nothing: the article is kept, and the page tried every time. The other reasons
say that the page has become something else."""

Progress = Callable[[Report], None]
Written = Prepared | Skip | Container
"""What a run writes of sources; articles are prepared."""


class Changes:
    """What a run changes in the index. collections: as they are to be kept. progress: called at every page. What was not
    flushed when an error leaves it may be missing."""

    def __init__(self, engine: Engine, settings: Settings, collections: Mapping[str, Collection], progress: Progress) -> None:
        self.report = Report()
        self._batch = _Batch(engine, settings, self.report, collections)
        self._engine = engine
        self._progress = progress
        self._locked = False
        self._updates: set[str] = set()
        self._under_way: Counter[str] = Counter()
        self._closed: dict[str, str] = {}
        self._unread: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._batch.close()

    def pages(self, steps: Iterable[Step]) -> Iterator[SourceFile]:
        """The pages that are to be read, as they are asked for; the other steps are taken on the way."""
        for step in steps:
            match step:
                case Read(file, update):
                    self._lock()
                    if update:
                        self._updates.add(file.source)
                    self._under_way[_archive(file.source)] += 1
                    yield file
                case Opened(source, first):
                    self._lock()
                    if first:  # tells the next run, should this one be cut off, that there are records
                        self._batch.put(Container(source, ""))
                case Closed(source, stamp):
                    if stamp is not None:
                        self._closed[source] = stamp
                        self._close(source)
                case PassedOver(counted_as):
                    self.report.passed_over[counted_as] += 1
                case Withheld():
                    self.report.withdrawn += 1
                    self._count_seen()
                case _:
                    self.report.unchanged += 1
                    self._count_seen()

    def done(self, task: SourceFile, outcome: Outcome) -> None:
        """Take what became of a page into the batch. Raises what the engine raised at an earlier one."""
        archive = _archive(task.source)
        if outcome.error and self._stays(task, outcome.error[0]):
            code, message = outcome.error
            self.report.skipped.append(Skipped(task.path, code, f"{message}; the article that was read of it before is kept"))
            self._unread.add(archive)
        else:
            self._batch.put(_document(task, outcome), task.path, task.source in self._updates, outcome.remarks)
        self._updates.discard(task.source)
        self._under_way[archive] -= 1
        self._close(archive)
        self._count_seen()

    def flush(self) -> None:
        """On return all that was done is durable and searchable, and counted in the report."""
        self._batch.flush()

    def _stays(self, task: SourceFile, code: str) -> bool:
        """Whether the article that the index has of the source stays in it."""
        return code in NOT_READ and task.source in self._updates and bool(self._engine.reader().holding_articles([task.source]))

    def _close(self, archive: str) -> None:
        """Once all its records are on their way into the index, an archive need not be opened again."""
        if not self._under_way[archive]:
            del self._under_way[archive]
            if archive in self._closed:
                stamp = self._closed.pop(archive)
                if archive not in self._unread:
                    self._batch.put(Container(archive, stamp))

    def _lock(self) -> None:
        """Take the index before the first page is read: if another run has it, that shows at once."""
        if not self._locked:
            self._engine.lock()
            self._locked = True

    def _count_seen(self) -> None:
        self.report.seen += 1
        self._progress(self.report)


def _archive(source: str) -> str:
    return source.partition("!/")[0]


def _document(task: SourceFile, outcome: Outcome) -> Prepared | Skip:
    if outcome.prepared:
        return outcome.prepared
    code, message = outcome.error or ("failed", "no outcome")
    again = code in TRIED_EVERY_TIME and not task.problem
    return Skip(task.source, "" if again else task.stamp, code, message)


@dataclass(frozen=True, slots=True)
class _Put:
    document: Written
    path: str
    update: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Writing:
    """A batch that the engine is at work on."""

    puts: list[_Put]
    added: Future[AddReport]


class _Batch:
    """Documents that wait to be added together. A thread adds them, so that meanwhile pages are read; when it is done, they are
    counted in the report. There is one batch being added and one that waits, at most."""

    def __init__(self, engine: Engine, settings: Settings, report: Report, collections: Mapping[str, Collection]) -> None:
        self._engine = engine
        self._most = settings.batch
        self._report = report
        self._collections = collections
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self._writing: _Writing | None = None
        self._clear()

    def put(self, document: Written, path: str = "", update: bool = False, remarks: tuple[str, ...] = ()) -> None:
        self._waiting.append(_Put(document, path, update, remarks))
        if isinstance(document, Prepared):
            self._bytes += document.size
        late = time.monotonic() - self._since > BATCH_SECONDS
        if late or len(self._waiting) >= self._most or self._bytes > BATCH_BYTES:
            self._begin()

    def flush(self) -> None:
        self._begin()
        self._finish()

    def close(self) -> None:
        self._thread.shutdown()

    def _begin(self) -> None:
        self._finish()
        if self._waiting:
            documents = [put.document for put in self._waiting]
            added = self._thread.submit(self._engine.add, [*documents, *self._collections_of(documents)])
            self._writing = _Writing(self._waiting, added)
            self._clear()

    def _finish(self) -> None:
        """Wait for the batch that is being added, and count it."""
        if not self._writing:
            return
        writing, self._writing = self._writing, None
        added = writing.added.result()
        failed, withdrawn = dict(added.failed), set(added.withdrawn)
        for put in writing.puts:
            if put.document.source in failed:
                self._report.skipped.append(Skipped(put.path, "failed", failed[put.document.source]))
            elif put.document.source in withdrawn:
                self._report.withdrawn += 1
            elif isinstance(put.document, Skip):
                self._report.skip(put.path, put.document)
            elif isinstance(put.document, Prepared):
                self._report.count(put.path, put.update, put.remarks)

    def _collections_of(self, documents: Iterable[Written]) -> Iterator[Collection]:
        """Those that get an article, as they are to be kept from now on."""
        now = utc_text(time.time())
        names = {document.source.partition("/")[0] for document in documents if isinstance(document, Prepared)}
        for name in sorted(names):
            yield replace(self._collections[name], added=now)

    def _clear(self) -> None:
        self._waiting: list[_Put] = []
        self._bytes = 0
        self._since = time.monotonic()
