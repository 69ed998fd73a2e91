"""The errors of Whoosh, and of the system below it, as ours.

with library_errors(path):
    index.reader()
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from search.engines.disk.directory import damaged, disk_full, is_full
from search.errors import BroadsheetError, EngineError

P = ParamSpec("P")
R = TypeVar("R")


class InTurn(Protocol):
    path: Path
    alone: AbstractContextManager[Any]


S = TypeVar("S", bound=InTurn)


@contextmanager
def library_errors(path: Path, opening: bool = False) -> Iterator[None]:
    """The errors of Whoosh and of the system as ours. Whoosh reads a damaged file as far as it goes: any error may come of it."""
    try:
        yield
    except (BroadsheetError, GeneratorExit):
        raise
    except OSError as error:
        if is_full(error.errno):
            raise disk_full(path) from error
        if opening or isinstance(error, FileNotFoundError):
            raise damaged(path, str(error)) from error
        raise EngineError(f"The index at {path} failed: {error}. Check its files with `broadsheet verify`.") from error
    except Exception as error:
        raise damaged(path, f"{type(error).__name__}: {error}") from error


def in_turn(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """The method for one thread at a time, under `library_errors`; not for a generator, which runs later."""

    @wraps(method)
    def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.alone, library_errors(self.path):
            return method(self, *args, **kwargs)

    return run
