"""The errors of tantivy, and of the system below it, as ours.

with library_errors(path):
    index.reload()
"""

import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import msgspec

from search.engines.codec import DocumentDamaged
from search.engines.disk.directory import damaged, disk_full, free_bytes, is_full
from search.errors import BroadsheetError, EngineError

FULL_DISK_BYTES = 1_000_000
"""With less the disk is why a thread of tantivy failed, which does not say why. Of 12 full disks, 0 to 6 MB in size, all had
0 bytes free afterwards; a disk of blocks may keep some."""
_WRITER_KILLED = "index writer was killed"

P = ParamSpec("P")
R = TypeVar("R")


class InDirectory(Protocol):
    path: Path


S = TypeVar("S", bound=InDirectory)


@contextmanager
def library_errors(path: Path, opening: bool = False) -> Iterator[None]:
    """Raises EngineError, IndexDamaged in place of what the library raises."""
    try:
        yield
    except BroadsheetError:
        raise
    except (FileNotFoundError, KeyError, DocumentDamaged, msgspec.MsgspecError) as error:
        raise damaged(path, f"{type(error).__name__}: {error}") from error
    except (ValueError, OSError, RuntimeError) as error:
        number = _number_of_system(error)
        if is_full(number) or (_WRITER_KILLED in str(error) and free_bytes(path) < FULL_DISK_BYTES):
            raise disk_full(path) from error
        if number:
            raise EngineError(
                f"The index at {path} cannot be used: {os.strerror(number)}. It must be writable, even for searching; "
                "check its disk, owner and permissions."
            ) from error
        if opening:
            raise damaged(path, str(error)) from error
        raise EngineError(f"The index at {path} failed: {error}. Check its files with `broadsheet verify`.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic of Rust, which is no Exception
            raise
        raise damaged(path, str(error)) from error


def translated(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """The method under `library_errors`; not for a generator, which runs later."""

    @wraps(method)
    def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with library_errors(self.path):
            return method(self, *args, **kwargs)

    return run


def _number_of_system(error: Exception) -> int | None:
    """The number of the system's error, if it was the system that failed and not a file that is missing or wrong."""
    found = re.search(r"(?:os error|code:) (\d+)", str(error))  # tantivy: "Os { code: 13, kind: PermissionDenied …"
    number = error.errno if isinstance(error, OSError) else int(found[1]) if found else None
    return number if number != errno.ENOENT else None
