"""A file -> the page in it or, of an archive, one page after the other, decompressed, within limits.

    SourceFile("news/a.html.gz", …) ──read_page──▶ RawPage("news/a.html.gz", data=b"<html>…")
    SourceFile("news/crawl.warc.gz", …) ──records──▶ SourceFile("news/crawl.warc.gz!/8c4f…", page=RawPage(url="https://…", …)) …

Only so much of an archive is in memory as one page may take.
"""

import gzip
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import BinaryIO

from indexer.sources.decompress import GZIP, decompress
from indexer.sources.formats.kinds import ending_of, format_of, inner_format, named
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import (
    BROKEN,
    HEAD_BYTES,
    INNER_BYTES,
    FilePlace,
    Folder,
    OpenArchive,
    SourceFile,
    inner_records,
    stored_bytes,
    too_large,
    undecodable,
    unreadable,
)
from search.errors import PAGE_ERRORS, PageError
from search.settings import Settings

Opener = Callable[[str, int], int]
"""As the builtin `open` takes it: a path and flags -> a file descriptor."""
Read = Callable[[SourceFile, Settings], Iterator[SourceFile]]
"""Reads a file as `records` does."""


def open_regular(path: str, flags: int) -> int:
    """Never waits: what was a file when it was listed may be a pipe when it is opened. Raises OSError."""
    file = os.open(path, flags | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError("it is no regular file but a pipe, socket or device")
    return file


@dataclass(frozen=True, slots=True)
class DiskFolder:
    path: str
    opener: Opener

    def names(self) -> Sequence[str]:
        try:
            with os.scandir(self.path) as entries:
                return [entry.name for entry in entries if entry.is_file()]
        except OSError:
            return ()

    def open(self, address: str) -> BinaryIO:
        path = os.path.realpath(os.path.join(self.path, address))
        if os.path.commonpath([path, os.path.realpath(self.path)]) != os.path.realpath(self.path):
            raise PermissionError("it lies outside the folder")
        return open(path, "rb", opener=self.opener)

    def around(self) -> Folder:
        return DiskFolder(os.path.dirname(self.path), self.opener)


def read_page(file: SourceFile, settings: Settings, opener: Opener = open_regular) -> RawPage:
    """The page in a file that is no archive, or of a record.

    Raises PageError: "unreadable", "undecodable" for a compressed file that breaks off, "too-large"."""
    if file.problem:
        raise PageError(*file.problem)
    page = file.page or _page_of_file(file, settings, opener)
    return replace(page, language=file.language) if file.language else page


def records(
    file: SourceFile, settings: Settings, wanted: Callable[[str], bool] = lambda _: True, opener: Opener = open_regular
) -> Iterator[SourceFile]:
    """All records of an archive that are wanted, in its order. A record's stamp is a digest of its content.

    A record that cannot become a page comes with its problem instead. Where an archive breaks off, the last that comes is the
    archive itself with the problem."""
    read = named(file.kind).records
    assert read, f"{file.kind} is no archive"
    try:
        with open(file.path, "rb", opener=opener) as stream:
            if not os.fstat(stream.fileno()).st_size:
                raise PageError("empty", PAGE_ERRORS["empty"])
            folder, name = os.path.split(os.path.abspath(file.path))
            place = FilePlace(DiskFolder(folder, opener), name)
            archive = OpenArchive(file, stream, settings, wanted, format_of, lambda *told: named(inner_format(*told)), place)
            for record in read(archive):
                yield from _opened(record, archive)
    except PageError as error:
        yield file.failed(error)
    except (gzip.BadGzipFile, *BROKEN) as error:
        yield file.failed(undecodable(error))
    except OSError as error:
        yield replace(file, stamp="").failed(unreadable(error))


def looked_into(file: SourceFile, opener: Opener = open_regular) -> SourceFile:
    """The file with the format that its content has: a page may be an export of many articles. To be called once it is to be
    read: it is opened for that. Whatever it holds, no more than INNER_BYTES are looked at, twice of a zip file, by patterns that
    take linear time."""

    def start() -> bytes:
        with open(file.path, "rb", opener=opener) as stream:
            data = start_of(stream.read(INNER_BYTES))
            if file.kind == "zip":  # which has the names of its members at its end
                stream.seek(max(stream.tell(), os.fstat(stream.fileno()).st_size - INNER_BYTES))
                data += stream.read(INNER_BYTES)
            return data

    if file.problem or file.page:
        return file
    try:
        return replace(file, kind=inner_format(file.kind, start))
    except OSError:
        return file  # reading it will tell


def _opened(record: SourceFile, archive: OpenArchive) -> Iterator[SourceFile]:
    """The record or, of a page that is an export of many articles, the articles."""
    page = record.page
    kind = record.kind
    if page is not None and page.kind != "article" and not record.problem:
        kind = inner_format(record.kind, lambda: page.data[:INNER_BYTES])
    if page is None or kind == record.kind:
        yield record
    else:
        file = replace(record, kind=kind, page=None)
        name = record.source.removeprefix(archive.file.source + "!/")
        yield from inner_records(named(kind), archive.within(file, name, BytesIO(page.data)))


def is_archive(file: SourceFile) -> bool:
    """Whether the file holds many pages and can be opened for them."""
    return not file.problem and not file.page and named(file.kind).records is not None


def read_head(path: str, opener: Opener = open_regular) -> bytes:
    """The first bytes of a file, as they are stored. Raises OSError."""
    with open(path, "rb", opener=opener) as file:
        return file.read(HEAD_BYTES)


def start_of(data: bytes) -> bytes:
    """What the beginning of a file that may be compressed says, as far as it goes."""
    if not data.startswith(GZIP):
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, INNER_BYTES)
    except zlib.error:
        return b""


def _page_of_file(file: SourceFile, settings: Settings, opener: Opener) -> RawPage:
    read, limit = named(file.kind).page, stored_bytes(settings)
    assert read, f"{file.kind} is no page"
    try:
        with open(file.path, "rb", opener=opener) as stream:
            data = stream.read(limit + 1)
    except OSError as error:
        raise unreadable(error) from error
    if len(data) > limit:
        raise too_large(limit)
    return read(file, decompress(data, ending_of(file.path)[1], limit), settings)
