"""What is to be done: the listing and what the engine knows -> one step after the other, without any change to the index.

for step in LoadPlan(listing, engine, reader, …): …
    Unchanged() … Read(SourceFile("news/a.html", …), update=True) … Opened("news/b.zip") Read(…) … Closed("news/b.zip", stamp)
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from indexer.load.archive_reader import ArchiveReader
from indexer.sources.files.folders import Listing
from indexer.sources.files.read import is_archive, looked_into
from indexer.sources.source_file import SourceFile
from search.engines.codec import storable_key
from search.engines.protocol import Collection, Engine
from search.model.withdrawal import Blocks, utc_now
from search.settings import MEGABYTE

FILES_PER_LOOKUP = 1_000
RECORDS_PER_LOOKUP = 64
BYTES_PER_LOOKUP = 10 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Read:
    """A page that is new, or has changed: `update`."""

    file: SourceFile
    update: bool


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A page that is in the index as it is."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A page that has not changed since its article was withdrawn."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or record of no format; `counted_as` as in SourceFile.passed_over."""

    counted_as: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An archive whose records follow; `first`: for the first time."""

    source: str
    first: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """The records of the archive are over; `stamp`: its own, None if it could not be read to its end."""

    source: str
    stamp: str | None


Step = Read | Unchanged | Withheld | PassedOver | Opened | Closed


@dataclass(slots=True)
class _ReadAnew:
    """An archive that was read before: hashes of its records' sources, and of those of them that could not be read, which may
    be archives themselves; `whole` once all of them are there."""

    records: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)
    whole: bool = False

    def lacks(self, source: str) -> bool:
        """Whether the record is gone, and not only behind the place where an archive in the archive breaks off."""
        if hash(source) in self.records:
            return False
        outer = source.split("!/")
        return not any(hash("!/".join(outer[:depth])) in self.unread for depth in range(2, len(outer)))


class LoadPlan:
    """Iterate once; then ask for `vanished`. retry: sources that are read though they have not changed. Ends early once `stop()`
    is true. ready: as for pipeline.load."""

    def __init__(
        self,
        listing: Listing,
        engine: Engine,
        reader: ArchiveReader,
        collections: Mapping[str, Collection],
        retry: frozenset[str],
        stop: Callable[[], bool],
        ready: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._listing = listing
        self._engine = engine
        self._reader = reader
        self._collections = collections
        self._retry = retry
        self._stop = stop
        self._ready = ready
        self._withheld = Blocks(engine.reader().withdrawals(), utc_now()).stamps()
        self._files: set[int] = set()
        self._read_anew: dict[str, _ReadAnew] = {}

    def __iter__(self) -> Iterator[Step]:
        files = iter(self._listing)
        while chunk := list(islice(files, FILES_PER_LOOKUP)):
            known = self._known(chunk)
            for file in chunk:
                if self._stop():
                    return
                if not file.passed_over:
                    self._files.add(hash(file.source))
                step = self._step(file, known)
                if not isinstance(step, Read):
                    yield step
                elif not self._ready(file.path):
                    continue
                elif is_archive(opened := looked_into(file)):
                    yield from self._records(opened, first=not (file.source in known or file.source in self._retry))
                else:
                    yield replace(step, file=replace(step.file, kind=opened.kind))

    def vanished(self, prune: bool) -> Iterator[str]:
        """Sources that are not there any more: records of archives read anew, and with `prune` those of files."""
        reader = self._engine.reader()
        whole = {source: anew for source, anew in self._read_anew.items() if anew.whole}
        complete = self._listing.complete if prune else frozenset[str]()
        for collection in {source.partition("/")[0] for source in whole} | complete:
            for entry in reader.sources(collection):
                file = entry.source.partition("!/")[0]
                anew = whole.get(file)
                file_gone = collection in complete and hash(file) not in self._files
                if file_gone or (anew and entry.source != file and anew.lacks(entry.source)):
                    yield entry.source

    def _records(self, file: SourceFile, first: bool) -> Iterator[Step]:
        yield Opened(file.source, first)
        anew, whole = _ReadAnew(), True
        for chunk in _chunks(self._reader.records(file, self._stop)):
            known = self._known(chunk)
            for record in chunk:
                if self._stop():
                    return
                if not first and not record.passed_over:
                    anew.records.add(hash(record.source))
                    if record.problem:
                        anew.unread.add(hash(record.source))
                whole = whole and record.source != file.source
                yield self._step(record, known)
        if self._stop():
            return
        anew.whole = whole
        if not first:
            self._read_anew[file.source] = anew
        yield Closed(file.source, file.stamp if whole else None)

    def _step(self, file: SourceFile, known: Mapping[str, str]) -> Step:
        if file.passed_over:
            return PassedOver(file.passed_over)
        if self._withheld.get(storable_key(file.source)) == file.stamp and file.source not in known:
            return Withheld()
        cut = file.page is not None and file.page.cut is not None  # what was read of it before may have been whole
        if (known.get(file.source) == file.stamp and not self._turned_bad(file)) or (cut and file.source in known):
            return Unchanged()
        language = self._collections[file.source.partition("/")[0]].language
        return Read(replace(file, language=language) if language else file, file.source in known)

    def _turned_bad(self, file: SourceFile) -> bool:
        """Whether what could be read once cannot any more, though its stamp says that nothing has changed."""
        return file.problem is not None and bool(self._engine.reader().holding_articles([file.source]))

    def _known(self, files: list[SourceFile]) -> dict[str, str]:
        """As of the last commit, which is that of this run's last batch: a record may have been added by it already."""
        found = self._engine.reader().known([file.source for file in files if not file.passed_over])
        return {source: stamp for source, stamp in found.items() if source not in self._retry}


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
