"""Paths -> an up-to-date index: list, skip what is unchanged, read the rest in worker processes, add.

    report = load(["archive"], engine, settings)

A run that was interrupted or killed goes on when it is started again: what the engine has acknowledged is unchanged then.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from indexer.extract.json_articles import article_from_record
from indexer.extract.language_id import default_language
from indexer.load.report import Report, Skipped
from indexer.load.workers import Outcome, Pool
from indexer.quotes.detect import with_quotes
from indexer.sources.files.folders import Listing
from indexer.sources.files.read import is_archive, looked_into, read_page, records
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import SourceFile, utc_text
from search.engines.protocol import Collection, Container, Document, Engine, Skip
from search.errors import PageError
from search.model.article import Article
from search.settings import MEGABYTE, Settings

if TYPE_CHECKING:
    from indexer.extract.explain import PageExplanation

FILES_PER_LOOKUP = 1_000
RECORDS_PER_LOOKUP = 64
BYTES_PER_LOOKUP = 10 * MEGABYTE
BATCH_SECONDS = 10
BATCH_BYTES = 100 * MEGABYTE

Progress = Callable[[Report], None]


def load(
    paths: Iterable[str],
    engine: Engine,
    settings: Settings,
    *,
    collection: str | None = None,
    listed: Iterable[str] = (),
    language: str | None = None,
    prune: bool = False,
    retry_skipped: bool = False,
    progress: Progress = lambda _: None,
) -> Report:
    """Index what is new or changed below the paths; on return all that is reported is durable and searchable.

    collection, listed: as in folders.Listing. language: a code that language_id.default_language takes, from now on assumed for
    articles of these paths' collections that tell none; without it each collection keeps the one it has. prune: remove the
    sources of vanished files, of folders that were listed completely. retry_skipped: try pages again that were skipped
    earlier though they are unchanged. progress: called at every page. SIGINT and SIGTERM end the run after what is under way
    is committed; the report says so."""
    start = time.monotonic()
    default = None if language is None else default_language(language)
    known = {each.name: each for each in engine.collections()}
    listing = Listing(paths, {name: each.root for name, each in known.items()}, collection, listed)
    retry = frozenset(_skipped(engine)) if retry_skipped else frozenset[str]()
    with Pool(make_article, settings) as pool, _asked_to_stop() as stop:
        collections = {name: replace(known.get(name, Collection(name, root)), root=root) for name, root in listing.roots.items()}
        if language is not None:
            collections |= {name: replace(each, language=default) for name, each in collections.items() if listing.has(name)}
        run = _Run(engine, settings, listing, collections, retry, stop, progress)
        if changed := [each for name, each in collections.items() if each != known.get(name)]:
            engine.add(changed)
        for task, outcome in pool.run(run.changed(), stop=stop):
            run.done(task, outcome)
        run.batch.flush()
        run.report.interrupted = stop()
    run.report.skipped += [Skipped(path, "unreadable", why) for path, why in listing.problems]
    if not run.report.interrupted:
        run.report.removed = engine.remove(vanished) if (vanished := list(run.vanished(prune))) else 0
    run.report.seconds = time.monotonic() - start
    return run.report


def make_article(page: RawPage, settings: Settings) -> Article:
    """The article of a file or record with its quotes; runs in a worker. Raises PageError."""
    return with_quotes(read_article(page, settings))


def read_article(page: RawPage, settings: Settings) -> Article:
    """The article of a file or record as it stands there; runs in a worker. Raises PageError."""
    if page.kind == "article":
        return article_from_record(page.data, page.source, page.stamp, page.captured, page.language)
    from indexer.extract.pipeline import extract  # the parsers take half a second to load: only workers need them

    return extract(page, settings)


@dataclass(slots=True)
class _Reading:
    """A container some of whose records are under way. `records`: hashes of the sources of its records, if it was read before."""

    file: SourceFile
    read_before: bool
    under_way: int = 0
    ended: bool = False
    whole: bool = True
    records: set[int] = field(default_factory=set)


class _Run:
    """The state of one run of `load`."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        listing: Listing,
        collections: Mapping[str, Collection],
        retry: frozenset[str],
        stop: Callable[[], bool],
        progress: Progress,
    ) -> None:
        self.report = Report()
        self.batch = _Batch(engine, settings, self.report, collections)
        self._engine = engine
        self._settings = settings
        self._listing = listing
        self._collections = collections
        self._retry = retry
        self._stop = stop
        self._progress = progress
        self._locked = False
        self._files: set[int] = set()
        self._updating: set[str] = set()
        self._containers: dict[str, _Reading] = {}

    def changed(self) -> Iterator[SourceFile]:
        """The files and records that are not in the index as they are."""
        files = iter(self._listing)
        while chunk := list(islice(files, FILES_PER_LOOKUP)):
            known = self._known([file.source for file in chunk if not file.passed_over])
            for file in chunk:
                if self._stop():
                    return
                if file.passed_over:
                    self.report.passed_over[file.passed_over] += 1
                    continue
                self._files.add(hash(file.source))
                if self._is_new(file.source, file.stamp, known):
                    self._lock()
                    file = looked_into(file)
                    if is_archive(file):
                        yield from self._changed_records(file, file.source in known or file.source in self._retry)
                    else:
                        yield self._with_language(file)

    def done(self, task: SourceFile, outcome: Outcome) -> None:
        """Take what became of a task into the batch."""
        known = task.source in self._updating
        self._updating.discard(task.source)
        self.batch.put(_document(task, outcome), task.path, known)
        reading = self._containers.get(task.source.partition("!/")[0])
        if reading:
            reading.under_way -= 1
            self._end_container(reading)
        self._count_seen()

    def vanished(self, prune: bool) -> Iterator[str]:
        """Sources that are not there any more: records of containers read anew, and with `prune` those of files."""
        whole = {source: r for source, r in self._containers.items() if r.read_before and r.whole and r.ended}
        complete = self._listing.complete if prune else frozenset[str]()
        for collection in {source.partition("/")[0] for source in whole} | complete:
            for entry in self._engine.sources(collection):
                file = entry.source.partition("!/")[0]
                reading = whole.get(file)
                file_gone = collection in complete and hash(file) not in self._files
                record_gone = reading and entry.source != file and hash(entry.source) not in reading.records
                if file_gone or record_gone:
                    yield entry.source

    def _changed_records(self, file: SourceFile, read_before: bool) -> Iterator[SourceFile]:
        reading = self._containers[file.source] = _Reading(file, read_before)
        if not read_before:
            self.batch.put(Container(file.source, ""))  # tells the next run, should this one be cut off, that there are records
        for chunk in _chunks(records(file, self._settings)):
            known = self._known([record.source for record in chunk if not record.passed_over])
            for record in chunk:
                if self._stop():
                    return
                if record.passed_over:
                    self.report.passed_over[record.passed_over] += 1
                    continue
                if read_before:
                    reading.records.add(hash(record.source))
                reading.whole = reading.whole and record.source != file.source
                if self._is_new(record.source, record.stamp, known):
                    reading.under_way += 1
                    yield self._with_language(record)
        reading.ended = True
        self._end_container(reading)

    def _with_language(self, file: SourceFile) -> SourceFile:
        language = self._collections[file.source.partition("/")[0]].language
        return replace(file, language=language) if language else file

    def _end_container(self, reading: _Reading) -> None:
        """Once all its records are on their way into the index, a container need not be opened again."""
        if reading.ended and reading.whole and not reading.under_way:
            self.batch.put(Container(reading.file.source, reading.file.stamp))

    def _lock(self) -> None:
        """Take the index before the first page is read: if another run has it, that shows at once."""
        if not self._locked:
            self._engine.add(())
            self._locked = True

    def _known(self, sources: list[str]) -> dict[str, str]:
        return {source: stamp for source, stamp in self._engine.known(sources).items() if source not in self._retry}

    def _is_new(self, source: str, stamp: str, known: dict[str, str]) -> bool:
        if source not in known:
            return True
        if known[source] != stamp:
            self._updating.add(source)
            return True
        self.report.unchanged += 1
        self._count_seen()
        return False

    def _count_seen(self) -> None:
        self.report.seen += 1
        self._progress(self.report)


def each_page(paths: Iterable[str], settings: Settings) -> Iterator[tuple[str, Outcome]]:
    """Every page below the paths and what becomes of it, in the order of the paths, with what a person calls it. No index is
    needed. A folder that cannot be listed comes as an outcome too."""
    listings = [Listing([path], {}) for path in paths]
    with Pool(read_article, settings) as pool:
        for task, outcome in pool.run(_pages(listings, settings), ordered=True):
            yield task.path, outcome
    for path, why in (problem for listing in listings for problem in listing.problems):
        yield path, Outcome(None, ("unreadable", why), 0.0)


def explain_each(paths: Iterable[str], settings: Settings) -> "Iterator[tuple[str, PageExplanation]]":
    """Every page below the paths with why its article is what it is, read in this process."""
    from indexer.extract.explain import PageExplanation, explain

    listings = [Listing([path], {}) for path in paths]
    for file in _pages(listings, settings):
        try:
            yield file.path, explain(read_page(file, settings), settings)
        except PageError as refused:
            yield file.path, PageExplanation(None, (refused.code, str(refused)), (), ())
    for path, why in (problem for listing in listings for problem in listing.problems):
        yield path, PageExplanation(None, ("unreadable", why), (), ())


def _pages(listings: Iterable[Listing], settings: Settings) -> Iterator[SourceFile]:
    for listed in chain.from_iterable(listings):
        if not listed.passed_over:
            file = looked_into(listed)
            yield from (record for record in records(file, settings) if not record.passed_over) if is_archive(file) else (file,)


@dataclass(frozen=True, slots=True)
class _Put:
    document: Document
    path: str
    known: bool


class _Batch:
    """Documents that wait to be added together; when they are, they are counted in the report."""

    def __init__(self, engine: Engine, settings: Settings, report: Report, collections: Mapping[str, Collection]) -> None:
        self._engine = engine
        self._most = settings.batch
        self._report = report
        self._collections = collections
        self._clear()

    def put(self, document: Document, path: str = "", known: bool = False) -> None:
        self._waiting.append(_Put(document, path, known))
        if isinstance(document, Article):
            self._bytes += sum(len(paragraph.text) for paragraph in document.paragraphs)
        late = time.monotonic() - self._since > BATCH_SECONDS
        if late or len(self._waiting) >= self._most or self._bytes > BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        if not self._waiting:
            return
        documents = [put.document for put in self._waiting]
        failed = dict(self._engine.add([*documents, *self._collections_of(documents)]).failed)
        for put in self._waiting:
            if put.document.source in failed:
                self._report.skipped.append(Skipped(put.path, "failed", failed[put.document.source]))
            elif isinstance(put.document, Skip):
                self._report.skip(put.path, put.document)
            elif isinstance(put.document, Article):
                self._report.count(put.document, put.known, put.path)
        self._clear()

    def _collections_of(self, documents: Iterable[Document]) -> Iterator[Collection]:
        """Those that get an article, as they are to be kept from now on."""
        now = utc_text(time.time())
        for name in sorted({document.collection for document in documents if isinstance(document, Article)}):
            yield replace(self._collections[name], added=now)

    def _clear(self) -> None:
        self._waiting: list[_Put] = []
        self._bytes = 0
        self._since = time.monotonic()


TRIED_EVERY_TIME = ("failed", "unreadable")
"""These may go well next time though the page has not changed: after an update, or with other permissions. But what the
listing shows to be a pipe or a link will be one next time."""


def _document(task: SourceFile, outcome: Outcome) -> Document:
    if outcome.article:
        return outcome.article
    code, message = outcome.error or ("failed", "no outcome")
    again = code in TRIED_EVERY_TIME and not task.problem
    return Skip(task.source, "" if again else task.stamp, code, message)


def _chunks(found: Iterator[SourceFile]) -> Iterator[list[SourceFile]]:
    """A few records at a time, and no more than a page or two of the largest kind."""
    chunk: list[SourceFile] = []
    size = 0
    for record in found:
        chunk.append(record)
        size += len(record.page.data) if record.page else 0
        if len(chunk) >= RECORDS_PER_LOOKUP or size > BYTES_PER_LOOKUP:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _skipped(engine: Engine) -> Iterator[str]:
    """The skipped sources, and the containers of skipped records."""
    for entry in engine.sources():
        if entry.kind == "skip":
            yield entry.source
            yield entry.source.partition("!/")[0]


@contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C or SIGTERM came; a second Ctrl-C ends the process as usual."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return

    def ask(number: int, frame: object) -> None:  # noqa: ARG001
        asked.set()
        signal.signal(number, before[number])

    before: dict[int, Any] = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
