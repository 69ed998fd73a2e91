"""Puts a new index in the place of another, so that a process killed at any time leaves one of the two, whole.

    replace_directory(path, fresh_place(path))     # the finished index there is now the one at `path`
    recover(path)                                  # on opening, where a replacement was cut off

On Linux two directories change places in a single step. Elsewhere, and on file systems that cannot do that, the old one is moved
aside first, with a note of which index takes its place; for a moment there is none at `path`, and who opens it then goes on.
"""

import ctypes
import os
import shutil
from contextlib import suppress
from pathlib import Path

from search.engines.disk.durable_files import read_signed, sync, write_signed
from search.errors import EngineError

EXCHANGE = 2  # RENAME_EXCHANGE of Linux's <linux/fs.h>
CURRENT_DIRECTORY = -100  # AT_FDCWD of <fcntl.h>
FORMAT_FILE = "broadsheet.json"
NOTE_FILE = "replaced-by.json"
"""In a directory moved aside: {"id": …} of the index that takes its place."""


def fresh_place(path: Path) -> Path:
    """Where the new index is built: beside the old one, under a name that nobody gives to an index."""
    return path.with_name(f".{path.name}.reindex")


def replace_directory(path: Path, fresh: Path) -> None:
    """Afterwards the index that was built at `fresh` is the one at `path`, also after a power cut, and the old one is deleted.
    Raises EngineError if it cannot be put there; it then stays where it is, and so does the old one."""
    try:
        old = fresh if _exchange(path, fresh) else _move(path, fresh)
        sync(path.parent)  # before the old index is deleted
    except OSError as error:
        message = f"The index at {path} cannot be replaced: {error.strerror}. The new one is complete at {fresh}."
        raise EngineError(message) from error
    _remove(old)


def recover(path: Path) -> None:
    """Ends a replacement that was cut off while there was no index at `path`. Raises OSError."""
    path = path.resolve()
    replacing = None if path.exists() else _id_in(_aside(path) / NOTE_FILE)
    if replacing is None:
        return
    fresh = fresh_place(path)
    try:
        (fresh if _id_in(fresh / FORMAT_FILE) == replacing else _aside(path)).rename(path)
        sync(path.parent)
    except OSError:
        if not path.exists():  # else another process was quicker
            raise


def remove_remains(path: Path) -> None:
    """What a replacement that was cut off left beside the index; to be called by who holds its lock."""
    path = path.resolve()
    (path / NOTE_FILE).unlink(missing_ok=True)
    _remove(fresh_place(path))
    if (_aside(path) / NOTE_FILE).exists():
        _remove(_aside(path))


def _remove(place: Path) -> None:
    """The note last: by it what is left of an index moved aside is known where this is cut off."""
    with suppress(OSError):
        for file in place.iterdir():
            if file.name != NOTE_FILE and not file.is_dir():
                file.unlink()
    shutil.rmtree(place, ignore_errors=True)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.replaced")


def _exchange(path: Path, fresh: Path) -> bool:
    """Whether the two have changed places, in a single step."""
    with suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None, use_errno=True)
        return bool(libc.renameat2(CURRENT_DIRECTORY, os.fsencode(path), CURRENT_DIRECTORY, os.fsencode(fresh), EXCHANGE) == 0)
    return False


def _move(path: Path, fresh: Path) -> Path:
    """As `replace_directory` does, in several steps; where the old index is then."""
    aside = _aside(path)
    replacing = _id_in(fresh / FORMAT_FILE)
    write_signed(path / NOTE_FILE, {"id": replacing})
    path.rename(aside)
    try:
        fresh.rename(path)
    except OSError:
        if _id_in(path / FORMAT_FILE) != replacing:  # else `recover` of another process did it
            aside.rename(path)
            raise
    return aside


def _id_in(file: Path) -> str | None:
    try:
        return str(read_signed(file)["id"])
    except (OSError, ValueError, KeyError):
        return None
