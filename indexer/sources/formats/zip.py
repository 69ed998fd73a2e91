"""Zip files: their members, each by the format of its own; archives in the archive are reported and not opened, unless they are
exports.

b"PK\\x03\\x04…" -> RawPage("news/2022.zip!/03/a.html") …
"""

import os
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import BinaryIO, cast

from indexer.sources.decompress import COMPRESSED, decompress
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import (
    BROKEN,
    HEAD_BYTES,
    INNER_BYTES,
    FilePlace,
    Folder,
    Format,
    OpenArchive,
    SourceFile,
    inner_records,
    stored_bytes,
    undecodable,
    utc_text,
)
from indexer.sources.zip_members import open_member, read_member
from search.errors import PAGE_ERRORS, PageError
from search.settings import Settings

PageOf = Callable[[SourceFile, bytes, Settings], RawPage]


def _records(archive: OpenArchive) -> Iterator[SourceFile]:
    with zipfile.ZipFile(archive.stream) as members:
        for member in {member.filename: member for member in members.infolist()}.values():
            name = member.filename
            if member.is_dir() or not archive.wanted(name):
                continue
            record = archive.file.record(name, f"{member.CRC:08x}-{member.file_size}-{member.date_time}")
            try:
                format = "hidden" if is_hidden(name) else archive.format_of(name, lambda: _head(members, member))  # noqa: B023
                if isinstance(format, str):
                    yield record.counted_as(format)
                    continue
                record = replace(record, kind=format.name, captured=captured(member) or archive.file.captured)
                if leads_out(name):
                    raise PageError("unsafe-name", PAGE_ERRORS["unsafe-name"])
                if format.page:
                    yield replace(record, page=_page(members, member, format.page, record, archive.settings))
                    continue
                with _stream(members, member, stored_bytes(archive.settings)) as stream:
                    format = archive.inner_format(format.name, lambda: _ends(stream))
                    if not format.inside:
                        raise PageError("not-a-page", "an archive inside an archive is not opened; unpack it to index it")
                    folder, _, own = name.rpartition("/")
                    place = FilePlace(_ZipFolder(members, folder), own)
                    inner = archive.within(replace(record, kind=format.name), name, stream, place)
                    yield from inner_records(format, inner)
            except PageError as error:
                yield record.failed(error)


def _stream(members: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> BinaryIO:
    """Of a member that is not too large all of it, since readers of some formats look at the end first."""
    if member.file_size <= limit:
        return BytesIO(read_member(members, member, limit))
    stream = cast(BinaryIO, open_member(members, member))
    stream.name = None  # type: ignore[misc]  # the member's, by which a reader would look for other files beside it
    return stream


@dataclass(frozen=True, slots=True)
class _ZipFolder:
    members: zipfile.ZipFile
    path: str

    def names(self) -> Sequence[str]:
        folders = (member.filename.rpartition("/") for member in self.members.infolist())
        return [name for folder, _, name in folders if folder == self.path and name]

    def open(self, address: str) -> BinaryIO:
        path = posixpath.normpath(posixpath.join(self.path, address))
        if not path.startswith(f"{self.path}/" if self.path else "") or leads_out(path):
            raise PermissionError("it lies outside the folder")
        try:
            return cast(BinaryIO, open_member(self.members, self.members.getinfo(path)))
        except (KeyError, PageError, *BROKEN) as error:
            raise FileNotFoundError(str(error)) from error

    def around(self) -> Folder | None:
        return _ZipFolder(self.members, self.path.rpartition("/")[0]) if self.path else None


def _ends(stream: BinaryIO) -> bytes:
    """The first and the last bytes of a zip file, which has the names of its members at its end."""
    start = stream.read(INNER_BYTES)
    stream.seek(max(stream.seek(0, os.SEEK_END) - INNER_BYTES, len(start)))
    end = stream.read(INNER_BYTES)
    stream.seek(0)
    return start + end


def _page(members: zipfile.ZipFile, member: zipfile.ZipInfo, page: PageOf, record: SourceFile, settings: Settings) -> RawPage:
    data = read_member(members, member, stored_bytes(settings))
    ending = os.path.splitext(member.filename.lower())[1]
    return page(record, decompress(data, ending if ending in COMPRESSED else "", stored_bytes(settings)), settings)


def _head(members: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """The first bytes of a member. Raises PageError if they cannot be unpacked, or there are none: what it was is not known."""
    if not member.file_size:
        raise PageError("empty", PAGE_ERRORS["empty"])
    try:
        with open_member(members, member) as stream:
            return stream.read(HEAD_BYTES)
    except (OSError, *BROKEN) as error:
        raise undecodable(error) from error


def is_hidden(name: str) -> bool:
    return any(part.startswith(".") and part != ".." for part in name.split("/")) or name.startswith("__MACOSX/")


def leads_out(name: str) -> bool:
    return "\\" in name or ".." in name.split("/") or posixpath.isabs(name) or name[1:2] == ":"


def captured(member: zipfile.ZipInfo) -> str | None:
    """A zip file's times have no zone: they are taken for UTC. 1980-01-01 stands for "unknown"."""
    if member.date_time <= (1980, 1, 1, 23, 59, 59):
        return None
    try:
        return utc_text(datetime(*member.date_time, tzinfo=UTC).timestamp())
    except ValueError:
        return None


FORMAT = Format("zip", "archives of pages, text, articles and exports", (".zip",), records=_records, compressions=())
