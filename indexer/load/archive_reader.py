"""Archives and exports -> their records, read in a process of its own, so that a hostile file harms only itself.

    with ArchiveReader(settings) as reader:
        for record in reader.records(SourceFile("news/export.xml", …)):
            …                                   SourceFile("news/export.xml!/7", page=RawPage(…)) …

A file that takes too long or too much memory ends the process, not the run: after the records that were read comes the file
itself with the problem. Where the process died of something else, it is read by a second one, because the system may have
killed the first for no fault of the file.
"""

import multiprocessing
import os
import pickle
import selectors
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from threading import BoundedSemaphore
from types import TracebackType
from typing import Self

from indexer.load.interrupt import start_fork_server
from indexer.load.workers import TICK_SECONDS, WALL_FACTOR, confine, problem_of
from indexer.sources.files.read import Read, records
from indexer.sources.source_file import SourceFile
from search.errors import PAGE_ERRORS, PageError
from search.settings import MEGABYTE, Settings

FILES_PER_PROCESS = 1_000
"""The process is replaced after this many files, because parsers fragment memory."""
MIN_BYTES_PER_SECOND = 4 * MEGABYTE
"""Of a file's size, for which there is CPU time beyond that for each record, since much of a file may be no record. Of text
without a record a second takes 130 MB of JSON, 27 of XML or mail, 21 of SGML, 8 of HTML; 1.6 of rich text, of which no more than
10 MB are read."""


READ_APART_AT_ONCE = 2
_free = BoundedSemaphore(READ_APART_AT_ONCE)


def read_apart(read: Read, file: SourceFile, settings: Settings) -> list[SourceFile]:
    """What `read` gives of the file, in a process for it alone; for servers, of whose threads only a few at once are let in.
    Raises PageError."""
    if not _free.acquire(timeout=settings.page_seconds):
        raise PageError("timed-out", "too many saved pages are being read at once; try again")
    try:
        multiprocessing.get_context("forkserver").set_forkserver_preload(["__main__", __name__])
        with ArchiveReader(settings, read) as reader:
            return list(reader.records(file))
    finally:
        _free.release()


class ArchiveReader:
    """The process is started for the first archive. read: files.read.records, or another function of a module."""

    def __init__(self, settings: Settings, read: Read = records) -> None:
        self._settings = settings
        self._read = read
        self._process: _Process | None = None

    def records(self, file: SourceFile, stop: Callable[[], bool] = lambda: False) -> Iterator[SourceFile]:
        """As files.read.records; ends early once `stop()` is true."""
        given = 0
        for is_last_try in (False, True):
            process = self._ready()
            whole = False
            try:
                for number, record in enumerate(process.answers(file, stop)):
                    if number >= given:
                        given += 1
                        yield record
                whole = not process.spent
                return
            except (EOFError, OSError):
                if problem := process.cause_of_death(self._settings, is_last_try):
                    yield file.failed(problem)
                    return
            finally:
                if not whole:
                    self.close()

    def close(self) -> None:
        if self._process:
            self._process.end()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _ready(self) -> "_Process":
        if self._process and self._process.files >= FILES_PER_PROCESS:
            self.close()
        self._process = self._process or _Process(self._read, self._settings)
        return self._process


class _Process:
    """The parent's side. `spent`: it is of no use any more: the last file was not read to its end, or took its memory."""

    def __init__(self, read: Read, settings: Settings) -> None:
        self.files = 0
        self._seconds = settings.page_seconds
        self.spent = False
        context = multiprocessing.get_context("forkserver")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_read_on, args=(theirs, read, settings), daemon=True)
        start_fork_server()
        self._process.start()
        theirs.close()
        self._answers = selectors.DefaultSelector()
        self._answers.register(self._pipe, selectors.EVENT_READ)

    def answers(self, file: SourceFile, stop: Callable[[], bool]) -> Iterator[SourceFile]:
        """Raises EOFError or OSError if the process dies, or is ended because nothing comes of it."""
        self.files += 1
        self.spent = True
        self._pipe.send(file)
        patience = WALL_FACTOR * (self._seconds + _seconds_for_size(file))
        while True:
            deadline = time.monotonic() + patience
            while not self._answers.select(TICK_SECONDS):
                if stop():
                    return
                if time.monotonic() > deadline:
                    os.kill(self._process.pid or 0, signal.SIGPROF)
                    break
            record: SourceFile | None = self._pipe.recv()
            if record is None:
                self.spent = False
                return
            yield record
            if record.source == file.source and record.problem and record.problem[0] == "out-of-memory":
                return

    def cause_of_death(self, settings: Settings, is_last_try: bool) -> PageError | None:
        """None if the file is to be read once more."""
        self._process.join()
        if self._process.exitcode == -signal.SIGPROF:
            seconds = f"{settings.page_seconds} s (BROADSHEET_PAGE_SECONDS)"
            return PageError("timed-out", f"reading it took longer than {seconds} without coming to another article")
        return PageError("out-of-memory", PAGE_ERRORS["out-of-memory"]) if is_last_try else None

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self._answers.close()
        self._pipe.close()


def _read_on(pipe: Connection, read: Read, settings: Settings) -> None:
    """The reading process: a file in, its records and None out, until the pipe is closed."""
    confine(settings)
    try:
        while True:
            file: SourceFile = pipe.recv()
            clock = _Clock(file, settings)
            for record in _each(read, file, settings):
                pipe.send_bytes(pickle.dumps(record))
                clock.restart()
            clock.stop()
            pipe.send(None)
    except (EOFError, OSError):
        return


def _each(read: Read, file: SourceFile, settings: Settings) -> Iterator[SourceFile]:
    problem = None
    try:
        yield from read(file, settings)
    except Exception as failure:
        problem = problem_of(failure)
    if problem:  # with the exception goes what the reader held in memory
        yield (replace(file, stamp="") if problem.code == "failed" else file).failed(problem)


class _Clock:
    """Ends this process, whatever code it is in, when it has taken too much CPU time for a record. What was taken of the time for
    the file's size is gone for the rest of the file."""

    def __init__(self, file: SourceFile, settings: Settings) -> None:
        self._seconds = float(settings.page_seconds)
        self._more = _seconds_for_size(file)
        signal.setitimer(signal.ITIMER_PROF, self._seconds + self._more)

    def restart(self) -> None:
        self._more = min(self._more, self.stop())
        signal.setitimer(signal.ITIMER_PROF, self._seconds + self._more)

    def stop(self) -> float:
        """The seconds that were left."""
        return signal.setitimer(signal.ITIMER_PROF, 0)[0]


def _seconds_for_size(file: SourceFile) -> float:
    try:
        return os.stat(file.path).st_size / MIN_BYTES_PER_SECOND
    except OSError:
        return 0.0
