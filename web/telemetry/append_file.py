"""A file that several processes append lines to, each line whole.

    AppendFile(Path("access.jsonl")).write(b"…")

A line is one write to a file opened for appending, so lines of several processes do not mix. A file that was moved away, by
logrotate or by `max_bytes`, is opened anew before the next line.
"""

import fcntl
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

from search.errors import SettingsError


class AppendFile:
    """With `max_bytes`, a file that has half of them is renamed to NAME.1, in place of an earlier one. Files are made readable
    for their owner alone. Raises SettingsError when the file cannot be opened; later failures are named once on standard error,
    and the lines are lost: serving goes on."""

    def __init__(self, path: Path, max_bytes: int = 0) -> None:
        self.path = path
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._failed = False
        self._descriptor: int | None = None
        try:
            os.close(self._open())
        except OSError as error:
            raise SettingsError(f"Cannot write to {path}: {error.strerror}; name a file in a folder that is there") from error

    def write(self, line: bytes) -> None:
        with self._lock:
            try:
                os.write(self._current(), line + b"\n")
                self._failed = False
            except OSError as error:
                if not self._failed:
                    print(f"Cannot write to {self.path}: {error.strerror}", file=sys.stderr, flush=True)
                self._failed = True

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _current(self) -> int:
        """The file that has the name now; a new one when it is full. Each process opens it for itself, at its first line."""
        descriptor = self._descriptor
        if descriptor is None or not self._is_named(descriptor):
            descriptor = self._reopen()
        if self.max_bytes and os.fstat(descriptor).st_size >= self.max_bytes // 2:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # of processes that find it full, the first one renames it
            if self._is_named(descriptor):
                os.replace(self.path, old_part(self.path))
            descriptor = self._reopen()
        return descriptor

    def _is_named(self, descriptor: int) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(os.stat(self.path), os.fstat(descriptor))
        return False

    def _reopen(self) -> int:
        opened = self._open()
        self.close()
        self._descriptor = opened
        return opened


def old_part(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")
