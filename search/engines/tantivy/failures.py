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
from search.engines.directory import damaged
from search.errors import BroadsheetError, EngineError

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
        if refused := _refused_by_system(error):
            raise EngineError(
                f"The index at {path} cannot be used: {refused}. It must be writable, even for searching; "
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


def _refused_by_system(error: Exception) -> str | None:
    """What the system said, if it was the system that failed and not a file that is missing or wrong."""
    found = re.search(r"(?:os error|code:) (\d+)", str(error))  # tantivy: "Os { code: 13, kind: PermissionDenied …"
    number = error.errno if isinstance(error, OSError) else int(found[1]) if found else None
    return os.strerror(number) if number and number != errno.ENOENT else None
