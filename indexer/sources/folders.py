"""Paths -> the pages and archives below them, without opening a file.

    listing = Listing(["archive"], known={})
    for file in listing: …          SourceFile(source="archive/2022/talks.html", path="archive/2022/talks.html", …)

A root that was given belongs to a collection; a source is the collection's name and the path below its root, so that an
archive can move. Order is by name. Hidden files, the `NAME_files` folder that a browser saves beside NAME.html, and other
kinds of files are passed over; links are not followed.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from indexer.sources.raw_page import RawPage
from search.engines.protocol import Collection
from search.errors import CollectionConflict, SettingsError

FileKind = Literal["html", "text", "mhtml", "jsonl", "zip", "warc"]

_ENDINGS: dict[str, FileKind] = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".txt": "text", ".mhtml": "mhtml", ".mht": "mhtml",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".zip": "zip", ".warc": "warc",
}  # fmt: skip
CONTAINERS = ("jsonl", "zip", "warc")
"""Kinds of files that hold many pages."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be read, or a record of one. `path`: what a person calls it: as given, or below the folder as given, with
    "!/record" for a record. source, stamp, captured: as in Article. `problem`: (code, message) where it is known already that
    it cannot be read. `page`: of a record, which is read with its container. `language`: as in RawPage."""

    source: str
    path: str
    stamp: str
    captured: str
    kind: FileKind
    problem: tuple[str, str] | None = None
    page: RawPage | None = None
    language: str | None = None


def kind_of(name: str) -> FileKind | None:
    """The kind of file by its name, of which any but .zip, .mht and .mhtml may end in .gz as well."""
    stem, ending = os.path.splitext(name.lower())
    if ending != ".gz":
        return _ENDINGS.get(ending)
    kind = _ENDINGS.get(os.path.splitext(stem)[1])
    return None if kind in ("zip", "mhtml") else kind


class Listing:
    """The files below paths; iterate once. Afterwards `complete` has the collections of which all files were listed, and
    `problems` each path that could not be listed, with the reason.

    known: the root of each collection that the index has. A path below one of them belongs to that collection; any other
    folder becomes a collection called like the folder, or `name`; of a file given by itself the folder it lies in.
    listed: more paths, of a list; in it other kinds of files are passed over and missing ones are problems.
    Raises SettingsError for a path that cannot be indexed, CollectionConflict when a name stands for another folder."""

    def __init__(
        self, paths: Iterable[str], known: Mapping[str, str], name: str | None = None, listed: Iterable[str] = ()
    ) -> None:
        self.problems: list[tuple[str, str]] = []
        self._listed: set[str] = set()
        self._unlisted: set[str] = set()
        given = list(paths)
        for path in given:
            _check_given(path)
        for path in listed:
            if not os.path.exists(path):
                self.problems.append((path, "there is no such file or folder"))
            elif os.path.isdir(path) or kind_of(path):
                given.append(path)
        self._paths = _without_nested(given)
        self._name_of_root = {root: collection for collection, root in known.items()}
        new = _new_collections(self._paths, self._name_of_root, name)
        for collection, root in new.items():
            _agree(collection, root, known)
            self._name_of_root.pop(known.get(collection, ""), None)
            self._name_of_root[root] = collection
        self.new_collections = tuple(Collection(collection, root) for collection, root in new.items())

    @property
    def roots(self) -> dict[str, str]:
        """The root of each collection, known before or new."""
        return {collection: root for root, collection in self._name_of_root.items()}

    def has(self, collection: str) -> bool:
        """Whether a path leads into the collection, or the collection lies below a path."""
        root = self.roots[collection]
        return any(_is_within(path, root) or _is_within(root, path) for path in self._paths)

    @property
    def complete(self) -> frozenset[str]:
        return frozenset(self._listed - self._unlisted)

    def __iter__(self) -> Iterator[SourceFile]:
        for real, path in self._paths.items():
            home = _home(real, self._name_of_root)
            below = _readable(os.path.relpath(real, home)) if real != home else ""
            source = f"{self._name_of_root[home]}/{below}".rstrip("/")
            if os.path.isdir(path):
                yield from self._walk(_Folder(path, real, source))
            else:
                yield from _source_file(path, source, os.stat)

    def _walk(self, top: "_Folder") -> Iterator[SourceFile]:
        """All files below the folder, however deep it is."""
        open_folders = [self._entries(top)]
        while open_folders:
            entry = next(open_folders[-1], None)
            if entry is None:
                open_folders.pop()
            elif isinstance(entry, _Folder):
                open_folders.append(self._entries(entry))
            else:
                yield entry

    def _entries(self, folder: "_Folder") -> "Iterator[SourceFile | _Folder]":
        prefix = self._name_of_root.get(folder.real, folder.source)
        if folder.real in self._name_of_root:
            self._listed.add(prefix)
        try:
            with os.scandir(folder.path) as entries:
                here = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            return self._not_listed(folder.path, prefix, f"the folder could not be listed: {error.strerror or error}")
        if folder.real in self._name_of_root and not here:
            return self._not_listed(folder.path, prefix, "the folder is empty; check that its disk is mounted")
        names = {entry.name for entry in here}
        for entry in here:
            source = f"{prefix}/{_readable(entry.name)}"
            if entry.name.startswith("."):
                continue
            if entry.is_symlink():
                yield from _link(entry, source, _home(folder.real, self._name_of_root))
            elif not entry.is_dir():
                yield from _source_file(entry.path, source, os.lstat)
            elif not _belongs_to_a_page(entry.name, names):
                yield _Folder(entry.path, os.path.join(folder.real, entry.name), source)

    def _not_listed(self, path: str, prefix: str, why: str) -> None:
        self.problems.append((path, why))
        self._unlisted.add(prefix.partition("/")[0])


@dataclass(frozen=True, slots=True)
class _Folder:
    """`path`: as given, `real`: the same without links, `source`: what the sources in it begin with."""

    path: str
    real: str
    source: str


def _check_given(path: str) -> None:
    """A path given by name must be something that can be indexed; in a folder other files are passed over."""
    if not os.path.exists(path):
        raise SettingsError(f"{path}: there is no such file or folder")
    if not os.path.isdir(path) and kind_of(path) is None:
        raise SettingsError(f"files of this kind cannot be indexed: {path} (supported: {' '.join(_ENDINGS)}; most also with .gz)")


def _without_nested(paths: Iterable[str]) -> dict[str, str]:
    """Real path -> path as given, without those that lie in a folder that is given too."""
    real = {_real(path): path for path in dict.fromkeys(paths)}
    folders = {path: "" for path, given in real.items() if os.path.isdir(given)}
    return {path: given for path, given in real.items() if not _home(os.path.dirname(path), folders) or path == "/"}


def _real(path: str) -> str:
    """The absolute path; of a file that is a link, where the link lies."""
    if os.path.isdir(path):
        return os.path.realpath(path)
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def _new_collections(real_paths: Iterable[str], name_of_root: Mapping[str, str], name: str | None) -> dict[str, str]:
    """name -> root of the collections that these paths need and that are not known."""
    if name is not None and (_readable(name) != name or not name or "/" in name or name.startswith(".")):
        raise SettingsError(
            f"{name!r} is not a valid collection name: it must not be empty, contain a slash, start with a dot or end with !"
        )
    folders = list(dict.fromkeys(path if os.path.isdir(path) else os.path.dirname(path) for path in real_paths))
    if name is not None and folders:
        top = os.path.commonpath(folders)
        home = name_of_root.get(_home(top, name_of_root), name)
        if home != name:
            raise CollectionConflict(f"{top} already belongs to the collection {home!r}; omit --collection {name}")
        return {} if _home(top, name_of_root) else {name: top}
    new: dict[str, str] = {}
    for folder in folders:
        if not _home(folder, name_of_root):
            collection = _readable(os.path.basename(folder)) or "root"
            _agree(collection, folder, new)
            new[collection] = folder
    return new


def _agree(name: str, root: str, known: Mapping[str, str]) -> None:
    other_root = known.get(name, root)
    if other_root != root and os.path.isdir(other_root):
        raise CollectionConflict(
            f"the collection {name!r} already stands for the folder {other_root}; give {root} another name with --collection"
        )


def _home(path: str, name_of_root: Mapping[str, str]) -> str:
    """The nearest folder above (or at) the path that is the root of a collection, "" if there is none."""
    while path not in name_of_root:
        parent = os.path.dirname(path)
        if parent == path:
            return ""
        path = parent
    return path


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _belongs_to_a_page(folder: str, names: set[str]) -> bool:
    """NAME_files beside NAME.html holds the pictures and scripts of that page."""
    stem = folder.removesuffix("_files")
    return stem != folder and any(stem + ending in names for ending in (".html", ".htm", ".xhtml"))


def _link(entry: os.DirEntry[str], source: str, root: str) -> Iterator[SourceFile]:
    """A link into its own root is passed over, since what it leads to is listed there; any other is reported."""
    target = os.path.realpath(entry.path)
    kind = kind_of(entry.name)
    if os.path.exists(target) and (target + "/").startswith(root.rstrip("/") + "/"):
        return
    if kind or os.path.isdir(target):
        why = "a link that leads out of its folder" if os.path.exists(target) else "a link that leads nowhere"
        stamp = "link-" + _readable(os.readlink(entry.path))
        yield SourceFile(source, entry.path, stamp, "", kind or "html", ("unreadable", f"{why} is not followed"))


def _source_file(path: str, source: str, status_of: Callable[[str], os.stat_result]) -> Iterator[SourceFile]:
    """The file as a source, if it is of a kind that is read and still there."""
    kind = kind_of(path)
    if kind is None:
        return
    try:
        status = status_of(path)
    except FileNotFoundError:
        return
    except OSError as error:
        yield SourceFile(source, path, "", "", kind, ("unreadable", f"the file cannot be looked at: {error.strerror}"))
        return
    stamp = file_stamp(status)
    if not stat.S_ISREG(status.st_mode):
        problem = ("unreadable", "it is no regular file but a pipe, socket or device")
        yield SourceFile(source, path, stamp, "", kind, problem)
    else:
        yield SourceFile(source, path, stamp, utc_text(status.st_mtime), kind)


def file_stamp(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}"


def names_below_root(path: str) -> list[str]:
    """The names of the folders and the file that the path in a source was made of; [] for a path that no listing makes."""
    pieces = path.split("/")
    names = [os.fsdecode(_WRITTEN.sub(_as_it_was, piece.encode("utf-8", "replace"))) for piece in pieces]
    usable = not any(name in ("", ".", "..") or "\0" in name or "/" in name for name in names)
    return names if usable and [_readable(name) for name in names] == pieces else []


def utc_text(seconds: float) -> str:
    """1646388000.5 -> "2022-03-04T10:00:00Z"; seconds that no calendar has become the nearest one it has."""
    moment = datetime.fromtimestamp(min(max(int(seconds), -62_000_000_000), 250_000_000_000), UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _readable(name: str) -> str:
    """A file name or path as text. Bytes that are not UTF-8 become \\xNN and a backslash two, so that different names stay
    different; the ! at the end of a folder's name becomes \\x21, since "!/" stands between an archive and its record."""
    text = os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")
    return re.sub("!(?=/|$)", r"\\x21", text)


_WRITTEN = re.compile(rb"\\(?:\\|x([0-9a-f]{2}))")


def _as_it_was(written: re.Match[bytes]) -> bytes:
    return bytes.fromhex(written[1].decode()) if written[1] else b"\\"
