"""Copies one state of an embedded index into another directory, while others search it and write to it; and back.

    backup("tantivy:archive.index", Path("/backup/archive"))            # Copied(files=21, copied=14, kept=7, …)
    restore(Path("/backup/archive"), "tantivy:archive.index")

A backup is an index like any other, so that it can be verified, searched and backed up. The files of segments never change once
they are written and have names of their own: one that the last backup has is taken from there, by a hard link. The new backup is
built beside the last one and takes its place as a rebuilt index does (search/engines/disk/replacement.py): a process killed at
any time leaves one of the two, whole.
"""

import fcntl
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from search.engines.disk.directory import damaged, disk_full, end_replacement, is_full
from search.engines.disk.durable_files import Unsigned, read_signed, sync, sync_directory, write_signed
from search.engines.disk.replacement import FORMAT_FILE, fresh_place, remove_remains, replace_directory
from search.engines.protocol import open_engine, parse_url
from search.errors import DiskFull, EngineError, IndexDamaged, IndexLocked, IndexMismatch, IndexMissing, SettingsError
from search.model.withdrawal import Withdrawal

BACKUP_FILE = "backup.json"
"""In a backup alone: {"index": "/srv/archive.index", "id": "3f…", "made": "2022-03-04T10:00:00+00:00"}: of what, and when."""
TRIES = 20
"""How often the files of a state may be deleted before all of them are open. One try takes some milliseconds, a commit more."""

CHUNK_BYTES = 1 << 20

Progress = Callable[[int, int], None]
"""Is told how many bytes of how many are done."""


class IndexFiles(NamedTuple):
    """One state of an index. small: files by name, with what is in them; large: the names of those that never change.
    digest: what is on record of the content of one of these; is_whole: whether it has the content on record."""

    small: dict[str, bytes]
    large: tuple[str, ...]
    digest: Callable[[str, BinaryIO], str]
    is_whole: Callable[[BinaryIO, str], bool]


FILES = {"tantivy": "search.engines.tantivy.integrity", "whoosh": "search.engines.whoosh.storage"}
"""For each engine the module whose `index_files(path)` gives IndexFiles, or raises FileNotFoundError if a commit came between."""
MARKS = (FORMAT_FILE, "meta.json", "_MAIN_*.toc")
"""Patterns of files of which an index has one, however damaged it is."""


@dataclass(frozen=True, slots=True)
class Copied:
    """files: of the copy; copied, linked, kept: how each file of a segment came there: from the index by a copy, a hard link, or
    from the last backup; removed: those of the last backup that are in this one no more; made: when the backup was made.
    withdrawals: how many of the index that was replaced were carried over to the restored one; unread: why there may be more of
    them, None if there are not."""

    files: int = 0
    copied: int = 0
    linked: int = 0
    kept: int = 0
    removed: int = 0
    bytes: int = 0
    bytes_copied: int = 0
    made: str | None = None
    withdrawals: int = 0
    unread: str | None = None


class Replaced(NamedTuple):
    """What is to be kept of an index in whose place another is put, and why that may not be all."""

    withdrawals: tuple[Withdrawal, ...] = ()
    unread: str | None = None


def backup(url: str, place: Path, *, link: bool = False, progress: Progress = lambda *_: None) -> Copied:
    """Afterwards `place` has the state of the last commit, checked and on the disk; before, what it had. link: share the files
    with the index where the disk allows.

    Raises SettingsError for a place that is no place for a backup of this index, IndexLocked while another process writes one
    there, IndexMissing or IndexDamaged for the index, DiskFull, or EngineError for a place that cannot be written to.
    """
    kind, source = parse_url(url)
    source, place = source.resolve(), place.resolve()
    _refuse_place(source, place)
    with _one_at_a_time(place):
        remove_remains(place)
        last = place if _has_backup(source, place) else None
        with _built(place, "The last backup is kept." if last else "Nothing was kept.") as fresh:
            copied = _copy_state(kind, source, fresh, last, link, progress)
            made = datetime.now(UTC).isoformat(timespec="seconds")
            write_signed(fresh / BACKUP_FILE, {"index": str(source), "id": _read(fresh / FORMAT_FILE).get("id"), "made": made})
            _check(kind, source, fresh)
        removed = len(_segment_files(last) - _segment_files(fresh)) if last else 0
        _put(place, fresh)
    return replace(copied, removed=removed, made=made)


def restore(place: Path, url: str, *, overwrite: bool = False, progress: Progress = lambda *_: None) -> Copied:
    """Afterwards the index at `url` is a copy of the backup; before, it is what it was. It has an id of its own, so that nothing
    that was kept of the index before is taken for one of its states. overwrite: replace the index that is there; what is
    withdrawn in that is withdrawn in the copy too, and of two accounts of one withdrawal its own is kept.

    Raises SettingsError where one is and is not to be replaced, IndexMissing or IndexDamaged for the backup, IndexLocked while
    another process writes to the index, DiskFull, or EngineError for a place that cannot be written to and for a backup of
    another version, to which withdrawals cannot be carried over.
    """
    kind, path = parse_url(url)
    path, place = path.resolve(), place.resolve()
    if _is_free(place):
        raise IndexMissing(f"There is no backup at {place}; make one with `broadsheet backup --index {url} {place}`.")
    _refuse_place(place, path)
    with _one_at_a_time(path), ExitStack() as held:
        replaced = Replaced()
        if _has_index(path):
            if not overwrite:
                raise SettingsError(f"There is an index at {path}; add --replace to put the backup in its place")
            replaced = held.enter_context(_without_writers(url))
        remove_remains(path)
        with _built(path, "What was there is kept.") as fresh:
            copied = _copy_state(kind, place, fresh, None, False, progress)
            write_signed(fresh / FORMAT_FILE, _read(fresh / FORMAT_FILE) | {"id": secrets.token_hex(6)})
            _check(kind, place, fresh)
            withdrawals = _carry_over(replaced.withdrawals, f"{kind}:{fresh}", place)
        _put(path, fresh)
    made = _read(place / BACKUP_FILE).get("made")
    return replace(copied, made=made, withdrawals=withdrawals, unread=replaced.unread)


def _refuse_place(source: Path, target: Path) -> None:
    if source == target:
        raise SettingsError(f"{target} is the index itself; give another directory for its backup")
    if source in target.parents or target in source.parents:
        raise SettingsError(f"{source} and {target} must not contain each other; give a directory elsewhere")
    if target.is_mount():
        raise SettingsError(
            f"{target} is a mount point, which cannot be replaced; give a directory on it, such as {target}/archive"
        )
    if target.exists() and not target.is_dir():
        raise SettingsError(f"{target} is a file; give a directory")


@contextmanager
def _one_at_a_time(place: Path) -> Iterator[None]:
    """Keeps others from building beside `place`, with a lock that ends with this process."""
    lock = place.with_name(f".{place.name}.lock")
    try:
        made = [folder for folder in place.parents if not folder.exists()]
        place.parent.mkdir(parents=True, exist_ok=True)
        for folder in made:
            sync(folder.parent)
        descriptor = _locked(lock)
    except BlockingIOError as error:
        raise IndexLocked(f"Another process is writing to {place}; try again when it has finished.") from error
    except OSError as error:
        raise _failed(place, error, "Nothing was changed.") from error
    try:
        end_replacement(place)
        yield
    finally:
        try:
            lock.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


def _locked(lock: Path) -> int:
    """The descriptor of the file. Who had the lock before may have deleted the file after it was opened here."""
    while True:
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), lock.stat()):
                    return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _has_backup(source: Path, place: Path) -> bool:
    """Whether a backup of this index is there. Raises SettingsError for anything else: it is not to be overwritten."""
    if _is_free(place):
        return False
    about = _read(place / BACKUP_FILE)
    if not about:
        raise SettingsError(f"{place} exists and contains no backup; give a new or empty directory")
    if about["index"] != str(source) and about["id"] != _read(source / FORMAT_FILE).get("id"):
        raise SettingsError(f"{place} is the backup of another index, {about['index']}; give a directory of its own")
    return True


def _has_index(path: Path) -> bool:
    """Whether an index is there, whole or damaged. Raises SettingsError for anything else: it is not to be overwritten."""
    if _is_free(path):
        return False
    if not any(any(path.glob(mark)) for mark in MARKS):
        raise SettingsError(f"{path} exists and contains no index; give the directory of one, or a new or empty directory")
    return True


def _is_free(path: Path) -> bool:
    return not path.exists() or (path.is_dir() and not any(path.iterdir()))


@contextmanager
def _without_writers(url: str) -> Iterator[Replaced]:
    """A damaged index takes no lock; but nobody can begin to write to it either. What can be read of it is read."""
    withdrawals: tuple[Withdrawal, ...] = ()
    unread = None
    with ExitStack() as held:
        try:
            engine = held.enter_context(open_engine(url, any_version=True))
            withdrawals = engine.reader().withdrawals()  # in case it takes no lock
            engine.lock()
            withdrawals = engine.reader().withdrawals()
        except (IndexLocked, IndexMismatch):
            raise
        except EngineError as error:
            unread = str(error)
        yield Replaced(withdrawals, unread)


def _carry_over(withdrawals: tuple[Withdrawal, ...], copy: str, place: Path) -> int:
    """Withdraws from the copy of the backup at `place`, and erases, what it does not know as withdrawn; how many of them."""
    if not withdrawals:
        return 0
    with open_engine(copy, any_version=True) as engine:
        known = engine.reader().withdrawals()
    unknown = [replace(each, erased=False) for each in withdrawals if each not in known]
    try:
        if unknown:
            with open_engine(copy) as engine:
                engine.withdraw(unknown)
    except IndexMismatch as error:
        raise EngineError(
            f"Another version of Broadsheet wrote the backup at {place}, and more is withdrawn than it knows. Restore it to a "
            "new directory, rebuild that with `broadsheet reindex`, back it up and restore that backup here. Nothing was changed."
        ) from error
    return len(unknown)


@contextmanager
def _built(place: Path, kept: str) -> Iterator[Path]:
    """An empty directory beside `place`, gone again if what is built in it fails. kept: what is there then."""
    fresh = fresh_place(place)
    try:
        shutil.rmtree(fresh, ignore_errors=True)  # of a run that was killed
        fresh.mkdir(mode=0o700)
        yield fresh
    except BaseException as error:
        shutil.rmtree(fresh, ignore_errors=True)
        if isinstance(error, OSError):
            raise _failed(place, error, kept) from error
        if isinstance(error, DiskFull):
            raise DiskFull(disk_full(place).disk, kept) from error
        raise


def _failed(place: Path, error: OSError, kept: str) -> EngineError:
    if is_full(error.errno):
        return DiskFull(disk_full(place).disk, kept)
    return EngineError(f"{error.filename or place}: {error.strerror}. {kept}")


def _copy_state(kind: str, source: Path, fresh: Path, last: Path | None, link: bool, progress: Progress) -> Copied:
    """Writes one state of the index at `source` to an empty directory, from which it can be opened, and syncs it."""
    with _held(kind, source) as (files, streams):
        for name, content in files.small.items():
            (fresh / name).write_bytes(content)
        sizes = {name: os.fstat(stream.fileno()).st_size for name, stream in streams.items()}
        done, came = 0, Counter[str]()
        for name, stream in streams.items():
            progress(done, sum(sizes.values()))
            how = _take(name, stream, files, source, fresh, last, link)
            done += sizes[name]
            came[how] += 1
            came[f"{how} bytes"] += sizes[name]
        sync_directory(fresh)
    total = done + sum(map(len, files.small.values()))
    return Copied(len(files.small) + len(sizes), came["copied"], came["linked"], came["kept"], 0, total, came["copied bytes"])


@contextmanager
def _held(kind: str, source: Path) -> Iterator[tuple[IndexFiles, dict[str, BinaryIO]]]:
    """One state of the index, with its files open: they can be read even when a commit or a merge has deleted them."""
    index_files: Callable[[Path], IndexFiles] = import_module(FILES[kind]).index_files
    with ExitStack() as opened:
        for _ in range(TRIES):
            try:
                files = index_files(source)
                streams: dict[str, BinaryIO] = {name: opened.enter_context((source / name).open("rb")) for name in files.large}
                break
            except FileNotFoundError as error:
                missing = Path(error.filename).name
                opened.close()
            except (ValueError, KeyError, TypeError) as error:
                raise damaged(source, str(error)) from error
        else:
            raise damaged(source, f"{missing} is missing")
        yield files, streams


def _take(name: str, stream: BinaryIO, files: IndexFiles, source: Path, fresh: Path, last: Path | None, link: bool) -> str:
    """Returns how the file came. What was kept is looked through again: a backup that was damaged is mended by the next."""
    digest = files.digest(name, stream)
    target = fresh / name
    if last and _is_kept(last / name, stream, link) and _has(last / name, files, digest) and _linked(last / name, target):
        return "kept"
    how = "linked" if link and _linked(source / name, target) else "copied"
    if how == "copied":
        stream.seek(0)
        with target.open("wb") as copy:
            shutil.copyfileobj(stream, copy, CHUNK_BYTES)
    if not _has(target, files, digest):
        raise damaged(source, f"{name} is damaged")
    return how


def _segment_files(place: Path) -> set[str]:
    """All but the small ones, which are written anew each time."""
    return {name for name in os.listdir(place) if not name.startswith((".", "_")) and not name.endswith(".json")}


def _is_kept(file: Path, stream: BinaryIO, link: bool) -> bool:
    """One that is shared with the index is kept only if that is still wanted."""
    return file.exists() and (link or not os.path.samestat(file.stat(), os.fstat(stream.fileno())))


def _has(file: Path, files: IndexFiles, digest: str) -> bool:
    with file.open("rb") as stream:
        return files.is_whole(stream, digest)


def _linked(file: Path, target: Path) -> bool:
    """False on another disk, on one without hard links, or if the file was deleted meanwhile."""
    try:
        os.link(file, target)
    except OSError:
        return False
    return True


def _check(kind: str, source: Path, fresh: Path) -> None:
    """The files are those of the index: if they do not fit together, they do not there either."""
    try:
        open_engine(f"{kind}:{fresh}", any_version=True).close()
    except IndexDamaged as error:
        raise IndexDamaged(str(error).replace(str(fresh), str(source))) from error
    sync_directory(fresh)


def _put(path: Path, fresh: Path) -> None:
    if not _is_free(path):
        replace_directory(path, fresh)
        return
    try:
        fresh.rename(path)
        sync(path.parent)
    except OSError as error:
        raise _failed(path, error, f"The copy is complete at {fresh}.") from error


def _read(file: Path) -> dict[str, Any]:
    """What is on record in the file, {} if nothing is."""
    try:
        return read_signed(file)
    except Unsigned as unsigned:
        return dict(unsigned.values)
    except (OSError, ValueError):
        return {}
