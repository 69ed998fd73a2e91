"""A file or record to be read, and what a file format is: the two things that listing, formats and workers speak of.

SourceFile("news/crawl.warc.gz", …) ──Format.records──▶ SourceFile("news/crawl.warc.gz!/8c4f…", page=RawPage(…)) …
SourceFile("news/a.mhtml", …) ──Format.page──▶ RawPage("news/a.mhtml", …)
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, BinaryIO, NamedTuple, Protocol

from indexer.sources.raw_page import RawPage
from search.errors import PAGE_ERRORS, PageError
from search.settings import Settings

BROKEN = (
    EOFError, zlib.error, zipfile.BadZipFile, struct.error, RuntimeError, ValueError, IndexError,
)  # fmt: skip
"""What Python's zipfile and decompressors raise at damaged or unknown content."""
HEAD_BYTES = 2_048
"""Bytes of a file's beginning, decompressed, that tell its format where its name does not."""
INNER_BYTES = 65_536
"""Bytes that tell an export of a database from a page: it begins with styles and a list of what follows."""
EMBEDDED_FACTOR = 5
"""So many times `Settings.page_bytes` may a page take as it is stored, with the pictures that are embedded in it."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be read, or a record of one. `path`: what a person calls it: as given, or below the folder as given, with
    "!/record" for a record. source, stamp, captured: as in Article. `kind`: the name of its Format. `problem`: (code, message)
    where it is known already that it cannot be read. `page`: of a record, which is read with its container. `language`: as in
    RawPage. `passed_over`: set for what is of no format: what it is counted as, mostly its ending; then only `path` counts."""

    source: str
    path: str
    stamp: str
    captured: str
    kind: str
    problem: tuple[str, str] | None = None
    page: RawPage | None = None
    language: str | None = None
    passed_over: str | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """For the way to another process: what a dataclass has by itself takes six times as long."""
        return SourceFile, _values(self)

    def record(self, name: str, stamp: str) -> "SourceFile":
        """The record of that name as if it were a file by itself."""
        return replace(self, source=f"{self.source}!/{name}", path=f"{self.path}!/{name}", stamp=stamp)

    def failed(self, error: PageError) -> "SourceFile":
        return replace(self, problem=(error.code, str(error)))

    def left_out(self, what: str) -> "SourceFile":
        """A part of the file that is no article by its own word, as "drafts"; counted with the file's path."""
        return replace(self.record("", ""), passed_over=f"{self.path}: {what}")

    def counted_as(self, what: str) -> "SourceFile":
        """A member of the archive that is passed over."""
        return replace(self, passed_over=what)


_values = attrgetter(*(field.name for field in fields(SourceFile)))


class Folder(Protocol):
    """Where a file lies: a folder of a disk, or of a zip file. Equal for the same one."""

    def names(self) -> Sequence[str]:
        """Of the files in it."""

    def open(self, address: str) -> BinaryIO:
        """A file in it or below it, as other files name it: "alto/page1.xml". Raises OSError, also for what lies elsewhere."""

    def around(self) -> "Folder | None":
        """The folder that it lies in."""

    def __hash__(self) -> int: ...


class FilePlace(NamedTuple):
    """Where a file lies, and what it is called there."""

    folder: Folder
    name: str


@dataclass(frozen=True, slots=True)
class OpenArchive:
    """An open file of many pages, as its format's `records` gets it. `stream`: its bytes as stored, from the beginning, seekable.
    `wanted`: whether the record of this name is to be read. `format_of`: the format of a member, by its name and, if the name
    says nothing, by its first bytes, which are asked for only then; as a str what it is counted as when passed over.
    `inner_format`: the format that a member of the format of that name has by its content, of which it is given the beginning.
    `place`: where the file lies."""

    file: SourceFile
    stream: BinaryIO
    settings: Settings
    wanted: Callable[[str], bool]
    format_of: "Callable[[str, Callable[[], bytes]], Format | str]"
    inner_format: "Callable[[str, Callable[[], bytes]], Format]"
    place: FilePlace

    def within(self, file: SourceFile, name: str, stream: BinaryIO, place: FilePlace | None = None) -> "OpenArchive":
        """An archive that is the record of that name of this one."""
        return replace(
            self, file=file, stream=stream, wanted=lambda inner: self.wanted(f"{name}!/{inner}"), place=place or self.place
        )


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file; each is the constant FORMAT of its module, and all stand in formats/kinds.py:FORMATS.

    name: what SourceFile.kind says. files: what the README calls them. endings: with their dot, in lower case;
    compressions: endings that may stand behind these. begins: whether a file, of whose beginning HEAD_BYTES are
    given, is of this format: asked where the name says nothing. page: makes the page of a file's content, decompressed, or
    records: gives the records of an archive, in its order, those that cannot become a page with their problem; one of the two.
    within: the name of the format whose files may be of this one by their content, as a page may be an export of a database: of
    such files INNER_BYTES are given to `begins`.
    inside: whether `records` can read a member of an archive.
    Both raise PageError; `records` may also raise what BROKEN names and OSError, after what it could give.
    """

    name: str
    files: str
    endings: tuple[str, ...]
    begins: Callable[[bytes], bool] = lambda _: False
    page: Callable[[SourceFile, bytes, Settings], RawPage] | None = None
    records: Callable[[OpenArchive], Iterator[SourceFile]] | None = None
    compressions: tuple[str, ...] = (".gz", ".br", ".zst")
    within: str = ""
    inside: bool = False


def inner_records(format: Format, archive: OpenArchive) -> Iterator[SourceFile]:
    """The records of an archive in an archive; where it breaks off, the last is itself with the problem."""
    assert format.records, f"{format.name} is no archive"
    try:
        yield from format.records(archive)
    except PageError as error:
        yield archive.file.failed(error)
    except (OSError, *BROKEN) as error:
        yield archive.file.failed(undecodable(error))


def stored_bytes(settings: Settings) -> int:
    """The most that is read of one page."""
    return settings.page_bytes * EMBEDDED_FACTOR


def too_large(limit: int) -> PageError:
    return PageError("too-large", f"{PAGE_ERRORS['too-large']} of {limit:,} bytes (BROADSHEET_PAGE_BYTES)")


def unreadable(error: OSError) -> PageError:
    return PageError("unreadable", f"{PAGE_ERRORS['unreadable']}: {error.strerror or error}")


def undecodable(error: Exception | str) -> PageError:
    return PageError("undecodable", f"{PAGE_ERRORS['undecodable']}: {str(error) or 'it breaks off'}")


def digest(content: bytes, more: str = "") -> str:
    """A stamp of what a record holds."""
    return hashlib.sha256(more.encode() + b"\n" + content).hexdigest()[:16]


def utc_text(seconds: float) -> str:
    """1646388000.5 -> "2022-03-04T10:00:00Z"; seconds that no calendar has become the nearest one it has."""
    moment = datetime.fromtimestamp(min(max(int(seconds), -62_000_000_000), 250_000_000_000), UTC)
    return moment.isoformat().replace("+00:00", "Z")
