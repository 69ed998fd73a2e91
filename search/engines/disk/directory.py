"""The directory of an embedded index, whatever the engine: may it be used, what was it written with, is it on the disk.

    index_id, _ = open_directory(path, "tantivy", main_file="meta.json", create=True)

`broadsheet.json` there names engine, schema, analyser and stemmers; an index of others answers wrongly, so it is refused.
"""

import errno
import os
import secrets
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from search.analysis.analyzer import ANALYSIS_VERSION
from search.engines.disk.durable_files import Unsigned, read_signed, sync, write_signed
from search.engines.disk.replacement import FORMAT_FILE, recover
from search.errors import DiskFull, EngineError, IndexDamaged, IndexMismatch, IndexMissing
from search.indexing.fields import SCHEMA_VERSION

SIGNED_SINCE = 7
"""The first schema whose small files have a checksum of their own."""


class IndexFound(NamedTuple):
    """`id`: random, of the index in the directory; `same_schema`: whether its files are written as this version writes them."""

    id: str
    same_schema: bool


def open_directory(path: Path, engine: str, *, main_file: str, create: bool, any_version: bool) -> IndexFound:
    """Which index is in the directory; a new index's directory is made (mode 0700) and gets its format file.

    main_file: a glob pattern of the engine's own main file. Nothing is ever deleted. Raises IndexMissing, IndexMismatch,
    IndexDamaged, or EngineError for a place where no index can be made.
    """
    if "\ufffd" in os.fsencode(path).decode("utf-8", "replace"):
        raise EngineError(f"{os.fsencode(path)!r}: the path of an index must be valid UTF-8")
    end_replacement(path)
    # Another process may be making the index: it writes the format file first, so that is looked for last.
    has_main_file = _has(path, main_file)
    written = _read_format(path)
    if written is None and has_main_file:
        raise damaged(path, f"{FORMAT_FILE} is missing")
    if written is None:
        return IndexFound(_create(path, engine, create), True)
    differing = [name for name, value in _format_of(engine).items() if written.get(name) != value]
    if "engine" in differing:
        raise _mismatch(path, engine, written, differing)
    if not (create and _holds_nothing(path)) and not _has(path, main_file):  # the former: creating it was cut off
        raise damaged(path, f"{main_file} is missing")
    if differing and not any_version:
        raise _mismatch(path, engine, written, differing)
    return IndexFound(str(written.get("id")), "schema" not in differing)


def damaged(path: Path, what: str) -> IndexDamaged:
    return IndexDamaged(
        f"The index at {path} is damaged: {what}. Restore it from a backup, or move it away and run `broadsheet index` again."
    )


def is_full(number: int | None) -> bool:
    """Whether the error of this number means that there is no room."""
    return number in (errno.ENOSPC, errno.EDQUOT)


def disk_full(path: Path) -> DiskFull:
    place = path.resolve()
    while not place.exists():
        place = place.parent
    mount = next(folder for folder in (place, *place.parents) if folder.is_mount())
    return DiskFull(f"The disk of the index at {path} is full: {free_bytes(place) / 1e6:,.1f} MB are free on {mount}.")


def free_bytes(path: Path) -> int:
    """Where a file of that directory can be written to."""
    status = os.statvfs(path)
    return status.f_bavail * status.f_frsize


def end_replacement(path: Path) -> None:
    """Ends one that was cut off while there was no index at `path`."""
    try:
        recover(path)
    except OSError as error:
        raise EngineError(f"The index at {path} was being replaced, which cannot be ended: {error.strerror}") from error


def _format_of(engine: str) -> dict[str, Any]:
    """What an index must have been written with to be used by this version of the program."""
    return {"engine": engine, "schema": SCHEMA_VERSION, "analysis": ANALYSIS_VERSION, "stemmer": version("PyStemmer")}


def _read_format(path: Path) -> dict[str, Any] | None:
    try:
        return read_signed(path / FORMAT_FILE)
    except FileNotFoundError:
        return None
    except Unsigned as unsigned:  # as all were up to schema 6
        written = unsigned.values
    except NotADirectoryError as error:
        raise EngineError(f"{path} is a file; give the directory of an index") from error
    except ValueError as error:
        raise damaged(path, f"{FORMAT_FILE} is not what was written") from error
    except OSError as error:
        raise EngineError(f"The index at {path} cannot be read ({error.strerror}); check its owner and permissions") from error
    if not isinstance(written, dict) or written.get("schema", SIGNED_SINCE) in range(SIGNED_SINCE, SCHEMA_VERSION + 1):
        raise damaged(path, f"{FORMAT_FILE} does not describe an index")
    return written


def _create(path: Path, engine: str, create: bool) -> str:
    if not create:
        raise IndexMissing(f"There is no index at {path}. Create one with `broadsheet index --index {engine}:{path} FOLDER`.")
    try:
        if path.is_dir() and not _holds_nothing(path) and not _has(path, FORMAT_FILE):
            raise EngineError(f"{path} contains other files but no index; give a new or empty directory")
        made = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
        index_id = secrets.token_hex(6)
        write_signed(path / FORMAT_FILE, _format_of(engine) | {"id": index_id})
        for folder in made or [path]:
            sync(folder.parent)  # which names it
    except OSError as error:
        if is_full(error.errno):
            raise disk_full(path) from error
        raise EngineError(f"Cannot create an index at {path}: {error.strerror}") from error
    return index_id


def _has(path: Path, file: str) -> bool:
    return path.is_dir() and any(path.glob(file))


def _holds_nothing(path: Path) -> bool:
    """Whether there are none but the files that are made before an index holds something."""
    return all(name.startswith((".", FORMAT_FILE)) for name in os.listdir(path))


def _mismatch(path: Path, engine: str, written: dict[str, Any], differing: list[str]) -> IndexMismatch:
    expected = _format_of(engine)
    if "engine" in differing:
        return IndexMismatch(
            f"The index at {path} was written by the engine {written.get('engine')!r}, not {engine!r}. Open it as "
            f"{written.get('engine')}:{path}, or write a {engine} index elsewhere with `broadsheet reindex`."
        )
    changes = ", ".join(f"{name} {written.get(name)!r} instead of {expected[name]!r}" for name in differing)
    return IndexMismatch(
        f"The index at {path} was written by another version of Broadsheet ({changes}). "
        f"Rebuild it with `broadsheet reindex --index {engine}:{path}`."
    )
