"""Worker processes that turn pages into articles, so that a hostile page harms only itself.

    with Pool(make_article, settings) as pool:
        for task, outcome in pool.run(tasks):
            …outcome.article or outcome.error…

Each worker has its own pipe and one task at a time. A worker that takes too much CPU time or memory ends and is replaced, and
its page is reported; so is one that waits for something that does not come. A page whose worker died is given to a second one,
because the system may have killed the first for no fault of the page. Tasks are taken from their iterator only as workers become
free.
"""

import gc
import multiprocessing
import os
import pickle
import resource
import selectors
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

import msgspec

from indexer.load.interrupt import start_fork_server
from indexer.load.report import notices
from indexer.sources.files.read import read_page
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import SourceFile
from search.engines.prepare import prepare
from search.engines.protocol import Prepared
from search.errors import PAGE_ERRORS, BroadsheetError, PageError
from search.model.article import Article
from search.settings import Settings

Work = Callable[[RawPage, Settings], Article]
Attempt = Callable[[SourceFile, Settings], "Outcome"]

PAGES_PER_WORKER = 1_000
"""A worker is replaced after this many pages, because parsers fragment memory. Lines of JSON, which meet no parser, do not count:
a worker knows more and more of the words it analyses."""
AHEAD_PER_WORKER = 32
"""The number of outcomes that may wait for a slow page before them if order is kept."""
STARTS = 3
"""How many times in a row a worker may die before it is ready."""
WALL_FACTOR = 20
"""So many times its CPU time may a page take by the clock: the machine may be busy, a disk slow."""
TICK_SECONDS = 0.25
"""The longest delay before a requested stop is noticed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a task. `error`: (code, message), None if there is an article. `ms`: CPU time from the bytes of the page,
    once read, to its article. `remarks`: what the report is to say of the page, by report.NOTICES. `prepared`: the article ready
    for an engine, in place of itself, from a pool that prepares."""

    article: Article | None
    error: tuple[str, str] | None
    ms: float
    remarks: tuple[str, ...] = ()
    prepared: Prepared | None = None


class Pool:
    """`work` is a module-level function that raises PageError. It runs in `settings.jobs` processes; 0 = one per CPU. prepares:
    so that an engine has little left to do with the articles."""

    def __init__(self, work: Work, settings: Settings, *, prepares: bool = False) -> None:
        self._work = partial(attempt, work, prepares=prepares)
        self._settings = settings
        self._jobs = settings.jobs or len(os.sched_getaffinity(0))
        self._workers: list[_Worker] = []
        self._answers = selectors.DefaultSelector()
        self._again: list[tuple[int, SourceFile]] = []
        self._failed_starts = 0
        # Workers are forked of a small server process that has the extractor loaded: replacing one is quick, and nothing
        # of this process (threads and locks of an engine) gets into them.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["__main__", work.__module__, "indexer.extract.pipeline", "search.engines.prepare"])

    def run(
        self, tasks: Iterable[SourceFile], *, ordered: bool = False, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[tuple[SourceFile, Outcome]]:
        """Each task with its outcome, in the order of the tasks or of their completion. Ends early once `stop()` is true; tasks
        in progress are then dropped."""
        self._again = []
        queue = enumerate(tasks)
        following = next(queue, None)
        waiting: dict[int, tuple[SourceFile, Outcome]] = {}
        next_number = 0
        while not stop():
            while self._again and (worker := self._free_worker()):
                worker.give(*self._again.pop(), last_try=True)
            while following and following[0] - next_number < AHEAD_PER_WORKER * self._jobs and (worker := self._free_worker()):
                worker.give(*following)
                following = next(queue, None)
            if not following and not self._again and not any(worker.task for worker in self._workers):
                break
            for number, task, outcome in self._finished():
                waiting[number] = (task, outcome)
            while waiting and (not ordered or next_number in waiting):
                number = next_number if ordered else next(iter(waiting))
                yield waiting.pop(number)
                next_number += 1

    def close(self) -> None:
        for worker in list(self._workers):
            self._end(worker)
        self._answers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _free_worker(self) -> "_Worker | None":
        for worker in self._workers:
            if worker.ready and worker.task is None:
                return worker
        if all(worker.ready for worker in self._workers) and len(self._workers) < self._jobs:
            worker = _Worker(self._context, self._work, self._settings)
            self._answers.register(worker.pipe, selectors.EVENT_READ, worker)
            self._workers.append(worker)
        return None

    def _end(self, worker: "_Worker") -> None:
        self._answers.unregister(worker.pipe)
        self._workers.remove(worker)
        worker.end()

    def _finished(self) -> Iterator[tuple[int, SourceFile, Outcome]]:
        """The outcomes that have arrived, after waiting briefly for one."""
        ready = [key.data for key, _ in self._answers.select(TICK_SECONDS)]
        for worker in list(self._workers):
            outcome = worker.answer() if worker in ready else worker.overdue()
            if worker.dead and not worker.ready:
                self._failed_starts += 1
            elif worker.task and worker.dead and not outcome:
                self._again.append(worker.task)
            elif worker.task and outcome:
                self._failed_starts = 0
                yield (*worker.task, outcome)
                worker.pages += worker.task[1].page is None or worker.task[1].page.kind != "article"
                worker.task = None
            if worker.dead or (worker.pages >= PAGES_PER_WORKER and not worker.task):
                self._end(worker)
        if self._failed_starts >= STARTS:
            raise BroadsheetError("worker processes cannot start; the reason is printed above")


class _Worker:
    """The parent's side of one worker process."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, work: Attempt, settings: Settings) -> None:
        self.ready = False
        self.dead = False
        self.pages = 0
        self.task: tuple[int, SourceFile] | None = None
        self._last_try = False
        self._deadline = 0.0
        self._seconds = settings.page_seconds
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work_on, args=(theirs, work, settings), daemon=True)
        start_fork_server()
        self._process.start()
        theirs.close()

    def give(self, number: int, task: SourceFile, last_try: bool = False) -> None:
        self.task = (number, task)
        self._last_try = last_try
        self._deadline = time.monotonic() + WALL_FACTOR * self._seconds
        try:
            self.pipe.send_bytes(pickle.dumps(task))  # what `send` adds for locks and sockets takes as long again
        except OSError:
            self.dead = True  # the closed pipe is reported by answer()

    def answer(self) -> Outcome | None:
        """The outcome that arrived; None if the worker has become ready, or has died and its page is to be retried."""
        try:
            message = self.pipe.recv_bytes()
        except (EOFError, OSError):
            self.dead = True
            self._process.join()
            if self._process.exitcode == -signal.SIGPROF:
                return self._timed_out(f"{self._seconds} s of CPU time (BROADSHEET_PAGE_SECONDS)")
            return Outcome(None, ("out-of-memory", PAGE_ERRORS["out-of-memory"]), 0.0) if self._last_try else None
        if not self.ready:
            self.ready = True
            return None
        outcome = _DECODER.decode(message)
        self.dead = bool(outcome.error and outcome.error[0] == "out-of-memory")
        return outcome

    def overdue(self) -> Outcome | None:
        if self.task is None or time.monotonic() < self._deadline:
            return None
        self.dead = True
        return self._timed_out(f"{WALL_FACTOR * self._seconds} s by the clock ({WALL_FACTOR} times BROADSHEET_PAGE_SECONDS)")

    def _timed_out(self, limit: str) -> Outcome:
        return Outcome(None, ("timed-out", f"{PAGE_ERRORS['timed-out']} of {limit}"), self._seconds * 1000.0)

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


_DECODER = msgspec.msgpack.Decoder(Outcome)


def _work_on(pipe: Connection, work: Attempt, settings: Settings) -> None:
    """The worker process: tasks in, outcomes out, until the pipe is closed."""
    confine(settings)
    try:
        pipe.send_bytes(b"ready")
        while True:
            task = pipe.recv()
            signal.alarm(WALL_FACTOR * settings.page_seconds + 5)  # ends this process should the parent be gone
            signal.setitimer(signal.ITIMER_PROF, settings.page_seconds)  # ends it, whatever code it is in
            outcome = work(task, settings)
            signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.send_bytes(msgspec.msgpack.encode(outcome))
            signal.alarm(0)
    except (EOFError, OSError):
        return


def confine(settings: Settings) -> None:
    """What holds for every process that reads what others wrote: a limit of memory, and Ctrl-C is for its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole process group; the parent ends its workers
    resource.setrlimit(resource.RLIMIT_DATA, (settings.page_memory, settings.page_memory))
    gc.freeze()  # what is loaded stays: looking through it for garbage again and again costs a twentieth of the time


def problem_of(failure: Exception) -> PageError:
    """What is reported of a page or file that an exception ended the reading of."""
    if isinstance(failure, PageError):
        return failure
    if isinstance(failure, MemoryError):
        return PageError("out-of-memory", PAGE_ERRORS["out-of-memory"])
    if isinstance(failure, RecursionError):
        return PageError("too-complex", PAGE_ERRORS["too-complex"])
    # a bug met by one page must not stop the others; it is reported with its class
    return PageError("failed", f"{PAGE_ERRORS['failed']}: {type(failure).__name__}: {failure}"[:500])


def attempt(work: Work, task: SourceFile, settings: Settings, *, prepares: bool = False) -> Outcome:
    """The outcome of a task, whatever `work` raises."""
    start = end = time.process_time()
    article, error, prepared = None, None, None
    remarks: tuple[str, ...] = ()
    try:
        page = read_page(task, settings)
        start = time.process_time()
        article = work(page, settings)
        remarks = (*_remarks(page), *notices(article))
        msgspec.msgpack.encode(article)  # a text that cannot be stored, as of a lone surrogate, fails here and not in the index
        end = time.process_time()
        prepared = prepare(article) if prepares else None
    except Exception as failure:
        problem = problem_of(failure)
        error = (problem.code, str(problem))
    ms = round(((time.process_time() if error else end) - start) * 1000, 3)
    return Outcome(None if error or prepared else article, error, ms, remarks, prepared)


def _remarks(page: RawPage) -> tuple[str, ...]:
    guessed = page.kind != "article" and page.decoded().remark is not None
    return (("guessed_encoding",) if guessed else ()) + (("cut",) if page.cut else ())
