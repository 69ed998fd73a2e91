"""An article's source -> the page as it was saved, for a reader of the article.

    read_saved_page(article, "/archive/news", settings, read_apart)     source "news/crawl.warc.gz!/8c4f…"
    ──open below the root──▶ RawPage ──decode──▶ SavedPage("<html>…", "html", changed=False)

Whatever the index says, only a file that lies below the root of its collection is opened, and no link is followed to it. What has
to be taken apart to find the page in it is read in another process, since it may have been made to harm.
"""

import errno
import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from indexer.sources.files.folders import file_stamp, names_below_root
from indexer.sources.files.read import Opener, Read, is_archive, looked_into, read_head, read_page, records
from indexer.sources.formats import html, text
from indexer.sources.formats.kinds import format_of
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, SourceFile
from search.errors import PageError
from search.model.article import Article
from search.model.saved_page import NoSavedPage, SavedPage
from search.settings import Settings

ReadApart = Callable[[Read, SourceFile, Settings], list[SourceFile]]
"""What a function of a module reads of a file, within `index`'s limits of time and memory: load.archive_reader.read_apart."""
_PLAIN = frozenset((html.FORMAT.name, text.FORMAT.name))
"""The formats whose files are pages as they stand."""


def read_saved_page(article: Article, root: str | None, settings: Settings, read_apart: ReadApart) -> SavedPage:
    """What the article's source holds now; `index`'s limits on the size of a page and the time it takes hold here too.

    Raises NoSavedPage."""
    file_source, in_archive, record = article.source.partition("!/")
    path = file_source.partition("/")[2]
    names = names_below_root(path)
    unknown = NoSavedPage(article.source, True, f"{article.source} is not in a collection of the index")
    if not root or not names:
        raise unknown
    opener = partial(_open_below, root, names)
    try:
        format = format_of(path, lambda: read_head(path, opener))
        if not isinstance(format, Format):
            raise unknown
        file = looked_into(SourceFile(file_source, path, _stamp(opener), "", format.name), opener)
        if is_archive(file) != bool(in_archive):
            raise unknown
        find = partial(_find, root, names, record, article.stamp)
        found = [file] if file.kind in _PLAIN else read_apart(find, file, settings)
        if not found:
            raise FileNotFoundError(errno.ENOENT, f"it contains no record {record}")
        page = read_page(found[-1], settings, opener)
        return _shown(page, changed=page.stamp != article.stamp)
    except OSError as error:
        message = f"{os.path.join(root, *names)}: {error.strerror}"
        raise NoSavedPage(article.source, not isinstance(error, PermissionError), message) from error
    except PageError as error:
        raise NoSavedPage(article.source, False, f"{os.path.join(root, *names)}: {error}") from error


def _open_below(root: str, names: list[str], _path: str, flags: int) -> int:
    """A descriptor of the file that the names lead to, from folder to folder, so that none can be exchanged for a link."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name in names[:-1]:
            inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        file = os.open(names[-1], flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)  # a pipe would be waited for
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise FileNotFoundError(errno.ENOENT, "it is not a regular file")
    return file


def _stamp(opener: Opener) -> str:
    descriptor = opener("", os.O_RDONLY)
    try:
        return file_stamp(os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _find(root: str, names: list[str], record: str, stamp: str, file: SourceFile, settings: Settings) -> Iterator[SourceFile]:
    """The file with its page or, of an archive, the record of that name; of several the one with the stamp, else the last, as in
    the index."""
    opener = partial(_open_below, root, names)
    if not record:
        yield replace(file, page=read_page(file, settings, opener))
        return
    last = None
    for found in records(file, settings, lambda name: record == name or record.startswith(f"{name}!/"), opener):
        if found.passed_over:
            continue
        if found.source == f"{file.source}!/{record}" or (found.source == file.source and not last):
            last = found
            if found.page and found.stamp == stamp:
                break
    if last:
        yield last


def _shown(page: RawPage, changed: bool) -> SavedPage:
    if page.kind == "article":
        return SavedPage(_laid_out(page.text()), "text", changed)
    return SavedPage(page.text(), page.kind, changed)


def _laid_out(line: str) -> str:
    """A line of JSON over several lines, if it is one."""
    try:
        return json.dumps(json.loads(line), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return line
