"""Paths -> the pages and archives below them; only files whose name says nothing are looked into.

    listing = Listing(["archive"], known={})
    for file in listing: …          SourceFile(source="archive/2022/talks.html", path="archive/2022/talks.html", …)

A root that was given belongs to a collection; a source is the collection's name and the path below its root, so that an
archive can move. Order is by name. Hidden files and folders are left out, files of no format are given as passed over, the
`NAME_files` folder that a browser saves beside NAME.html among them; links are not followed.
"""

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from indexer.sources.files.read import is_archive, read_head
from indexer.sources.formats.kinds import ending_of, format_of, known_endings
from indexer.sources.source_file import Format, SourceFile, unreadable, utc_text
from search.engines.protocol import Collection
from search.errors import CollectionConflict, SettingsError


class Listing:
    """The files below paths; iterate once. Afterwards `complete` has the collections of which all files were listed, and
    `problems` each path that could not be listed, with the reason.

    known: the root of each collection that the index has. A path below one of them belongs to that collection; any other
    folder becomes a collection called like the folder, or `name`; of a file given by itself the folder it lies in.
    listed: more paths, of a list; in it files of no format are passed over and missing ones are problems.
    Raises SettingsError for a path that cannot be indexed, CollectionConflict when a name stands for another folder."""

    def __init__(
        self, paths: Iterable[str], known: Mapping[str, str], name: str | None = None, listed: Iterable[str] = ()
    ) -> None:
        self.problems: list[tuple[str, str]] = []
        self._listed: set[str] = set()
        self._unlisted: set[str] = set()
        self._passed_over: list[SourceFile] = []
        given = list(paths)
        check_given(given)
        for path in listed:
            if not os.path.exists(path):
                self.problems.append((path, "there is no such file or folder"))
            elif os.path.isdir(path) or isinstance(format := _format(path), Format):
                given.append(path)
            else:
                self._passed_over.append(_passed_over(path, format))
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
        yield from self._passed_over
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
                yield _passed_over(entry.path, "hidden")
            elif entry.is_symlink():
                yield from _link(entry, source, _home(folder.real, self._name_of_root))
            elif not entry.is_dir():
                yield from _source_file(entry.path, source, os.lstat)
            elif _belongs_to_a_page(entry.name, names):
                yield from _parts_of_a_page(entry.path)
            else:
                yield _Folder(entry.path, os.path.join(folder.real, entry.name), source)

    def _not_listed(self, path: str, prefix: str, why: str) -> None:
        self.problems.append((path, why))
        self._unlisted.add(prefix.partition("/")[0])


def count_pages(paths: Iterable[str], listed: Iterable[str] = ()) -> int | None:
    """How many pages a run of `index` over these paths has before it, for its progress; None if there is an archive among them,
    whose records only reading it can count, or a path that the run itself will refuse."""
    count = 0
    try:
        for file in Listing(paths, {}, listed=listed):
            if not file.passed_over and is_archive(file):
                return None
            count += not file.passed_over
    except (CollectionConflict, SettingsError):
        return None
    return count


@dataclass(frozen=True, slots=True)
class _Folder:
    """`path`: as given, `real`: the same without links, `source`: what the sources in it begin with."""

    path: str
    real: str
    source: str


def check_given(paths: Iterable[str]) -> None:
    """A path given by name must be something that can be indexed; in a folder other files are passed over.

    Raises SettingsError naming the first that is not."""
    for path in paths:
        if re.match(r"[a-zA-Z][a-zA-Z+.-]+://", path):
            raise SettingsError(
                f"{path} is an address, and Broadsheet reads files: save the page, or give a crawl of the site (WARC)"
            )
        if not os.path.exists(path):
            raise SettingsError(f"{path}: there is no such file or folder")
        if not os.path.isdir(path) and not isinstance(_format(path), Format):
            raise SettingsError(
                f"{path} is not a kind of file that can be indexed ({known_endings()}, most also with .gz, .br or .zst; files of "
                "other names if they begin as HTML does)"
            )


def _format(path: str) -> Format | str:
    """The format of a file; one that cannot be opened is for whoever reads it to report."""
    try:
        return format_of(path, lambda: read_head(path) if os.path.isfile(path) else b"")
    except OSError:
        return ending_of(path)[0]


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


def _parts_of_a_page(folder: str) -> Iterator[SourceFile]:
    for path, _, names in os.walk(folder):
        for name in names:
            yield _passed_over(os.path.join(path, name), "_files")


def _passed_over(path: str, counted_as: str) -> SourceFile:
    return SourceFile("", path, "", "", "", passed_over=counted_as)


def _link(entry: os.DirEntry[str], source: str, root: str) -> Iterator[SourceFile]:
    """A link into its own root is passed over, since what it leads to is listed there; any other is reported."""
    target = os.path.realpath(entry.path)
    format = format_of(entry.name, lambda: b"")
    if os.path.exists(target) and (target + "/").startswith(root.rstrip("/") + "/"):
        yield _passed_over(entry.path, "link")
    elif isinstance(format, Format) or os.path.isdir(target):
        why = "a link that leads out of its folder" if os.path.exists(target) else "a link that leads nowhere"
        stamp = "link-" + _readable(os.readlink(entry.path))
        kind = format.name if isinstance(format, Format) else "html"
        yield SourceFile(source, entry.path, stamp, "", kind, ("unreadable", f"{why} is not followed"))
    else:
        yield _passed_over(entry.path, format)


def _source_file(path: str, source: str, status_of: Callable[[str], os.stat_result]) -> Iterator[SourceFile]:
    """The file as a source, or as passed over if it is of no format, if it is still there."""
    try:
        status = status_of(path)
        is_file = stat.S_ISREG(status.st_mode)
        format = format_of(path, lambda: read_head(path) if is_file else b"")
    except FileNotFoundError:
        return
    except OSError as error:
        yield SourceFile(source, path, "", "", "html").failed(unreadable(error))
        return
    if isinstance(format, str):
        yield _passed_over(path, format)
    elif not is_file:
        problem = ("unreadable", "it is no regular file but a pipe, socket or device")
        yield SourceFile(source, path, file_stamp(status), "", format.name, problem)
    else:
        yield SourceFile(source, path, file_stamp(status), utc_text(status.st_mtime), format.name)


def file_stamp(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}"


def names_below_root(path: str) -> list[str]:
    """The names of the folders and the file that the path in a source was made of; [] for a path that no listing makes."""
    pieces = path.split("/")
    names = [os.fsdecode(_WRITTEN.sub(_as_it_was, piece.encode("utf-8", "replace"))) for piece in pieces]
    usable = not any(name in ("", ".", "..") or "\0" in name or "/" in name for name in names)
    return names if usable and [_readable(name) for name in names] == pieces else []


def _readable(name: str) -> str:
    """A file name or path as text. Bytes that are not UTF-8 become \\xNN and a backslash two, so that different names stay
    different; the ! at the end of a folder's name becomes \\x21, since "!/" stands between an archive and its record."""
    text = os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")
    return re.sub("!(?=/|$)", r"\\x21", text)


_WRITTEN = re.compile(rb"\\(?:\\|x([0-9a-f]{2}))")


def _as_it_was(written: re.Match[bytes]) -> bytes:
    return bytes.fromhex(written[1].decode()) if written[1] else b"\\"
