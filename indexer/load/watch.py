"""Folders whose files come and go -> runs of `index` that keep up with them, each file read when it is whole.

    for report in watch(["/srv/pages"], update, stop, interval=300, prune=False): …

The operating system notices what is written (watchfiles); where it does not, as on most network drives, all is listed anew after
each interval. Either way a run lists and compares as `index` does.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from indexer.load.interrupt import Stop
from indexer.load.report import Report
from search.errors import IndexLocked

QUIET_SECONDS = 1.0
"""A file that has not changed for so long may be whole. One that was seen to grow has to be quiet for longer than it was then."""
TICK_MILLISECONDS = 250
LOCKED_SECONDS = 5.0
"""After so long it is tried again to write to an index that another process writes to."""

Update = Callable[[list[str], bool, Callable[[str], bool]], Report]
"""Indexes these paths, with or without pruning, without the files that are not ready yet."""


@dataclass(slots=True)
class _Seen:
    """`since`: when the file was first seen as it is; `gap`: the longest time that it was quiet and then changed."""

    stamp: tuple[int, int]
    since: float
    gap: float = 0.0


class WholeFiles:
    """Tells of files whether they are whole, and which have to be asked about again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, _Seen] = {}

    def note(self, path: str) -> None:
        """The file was written to, or may have been."""
        try:
            status = os.stat(path)
        except OSError:
            self._waiting.pop(path, None)
            return
        stamp, now = (status.st_size, status.st_mtime_ns), self._clock()
        seen = self._waiting.get(path)
        if seen is None:
            age = max(time.time() - status.st_mtime, 0.0)  # of one that was renamed into place
            self._waiting[path] = _Seen(stamp, now - age)
        elif seen.stamp != stamp:
            self._waiting[path] = _Seen(stamp, now, max(seen.gap, now - seen.since))

    def ready(self, path: str) -> bool:
        """Whether it is whole; one that is not is `due` later."""
        self.note(path)
        if path in self._waiting and not self._is_whole(path):
            return False
        self._waiting.pop(path, None)
        return True

    def due(self) -> list[str]:
        """Those that are whole by now, folders among them."""
        return [path for path in self._waiting if self._is_whole(path)]

    def forget(self, paths: Iterable[str]) -> None:
        """Those that a run has not asked about: folders, and what it passes over."""
        for path in paths:
            if path in self._waiting and self._is_whole(path):
                del self._waiting[path]

    def _is_whole(self, path: str) -> bool:
        seen = self._waiting[path]
        return self._clock() - seen.since >= max(QUIET_SECONDS, 2 * seen.gap) and not _is_being_written(path)


def _is_being_written(path: str) -> bool:
    """Whether a process has it open for writing: the system then gives no lease for reading. Of a file of another user, or where
    there are no leases, it is not known, and taken for no."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except (OSError, AttributeError):
        return False
    finally:
        os.close(descriptor)
    return False


def watch(
    paths: list[str], update: Update, stop: Stop, *, interval: float, prune: bool, say: Callable[[str], None]
) -> Iterator[Report]:
    """The report of each run, until `stop`. prune: as for `index`. say: takes messages."""
    files = WholeFiles()
    everything_at = retry_at = 0.0
    for changed in _notices(paths, stop, say):
        gone = False
        for path in changed:
            files.note(path)
            gone = gone or not os.path.lexists(path)
        now = time.monotonic()
        if now < retry_at:
            continue
        everything = now >= everything_at or (gone and prune)
        due = files.due()
        if not everything and not due:
            continue
        try:
            report = update(paths if everything else _folders(due, paths), everything and prune, files.ready)
        except IndexLocked as error:
            say(f"{error} Trying again every {LOCKED_SECONDS:.0f} seconds.")
            retry_at, everything_at = now + LOCKED_SECONDS, 0.0
            continue
        files.forget(due)
        if everything:
            everything_at = now + interval
        yield report
        if report.interrupted:
            return


def _notices(paths: list[str], stop: Stop, say: Callable[[str], None]) -> Iterator[set[str]]:
    """The paths that changed, a few times a second; nothing but ticks where the system tells nothing. From the first tick on no
    change is missed: what is listed then may change at once."""
    from watchfiles import watch as watch_files

    try:
        found = watch_files(
            *paths, watch_filter=None, debounce=TICK_MILLISECONDS, rust_timeout=TICK_MILLISECONDS, yield_on_timeout=True
        )
        for changes in found:
            if stop():
                return
            yield {path for _, path in changes}
    except OSError as error:
        say(
            f"the system does not tell what changes ({error.strerror or error}); the folders are listed again after each interval"
        )
    while not stop.wait(TICK_MILLISECONDS / 1000):
        yield set()


def _folders(files: Iterable[str], paths: list[str]) -> list[str]:
    """The folders to list for these files, above what a listing passes over."""
    return sorted({_folder(file, paths) for file in files})


def _folder(file: str, paths: list[str]) -> str:
    given = next((path for path in paths if file.startswith(path.rstrip("/") + "/")), None)
    if given is None:
        return file
    folder = given.rstrip("/")
    for name in os.path.relpath(file, given).split(os.sep)[:-1]:
        if name.startswith(".") or name.endswith("_files"):
            break
        folder = os.path.join(folder, name)
    return folder or "/"
