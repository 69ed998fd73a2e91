"""A file of many pages (WARC, zip, JSON lines) -> its pages, one after the other.

    SourceFile("news/crawl.warc.gz", …) ──records──▶ SourceFile("news/crawl.warc.gz!/8c4f…", page=RawPage(url="https://…", …)) …

A record that cannot become a page comes with its problem instead. Where an archive breaks off, the last that comes is
the archive itself with the problem. Only so much of an archive is in memory as one page may take.
"""

import gzip
import hashlib
import io
import os
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

from indexer.sources.folders import CONTAINERS, SourceFile, kind_of, utc_text
from indexer.sources.raw_page import RawPage
from indexer.sources.read import Opener, gunzip, page_of, stored_bytes, too_large, unreadable
from search.errors import PAGE_ERRORS, PageError
from search.settings import Settings

BROKEN = (
    EOFError, zlib.error, zipfile.BadZipFile, struct.error, RuntimeError, ValueError, IndexError,
)  # fmt: skip
"""What Python's zipfile and decompressors raise at damaged or unknown content."""


Wanted = Callable[[str], bool]
"""Whether the record of this name is to be read."""


def records(
    file: SourceFile, settings: Settings, wanted: Wanted = lambda _: True, opener: Opener | None = None
) -> Iterator[SourceFile]:
    """All records of a container that are wanted, in its order. A record's stamp is a digest of its content."""
    read = {"jsonl": _lines, "zip": _members, "warc": _responses}[file.kind]
    try:
        with open(file.path, "rb", opener=opener) as stream:
            if not os.fstat(stream.fileno()).st_size:
                raise PageError("empty", PAGE_ERRORS["empty"])
            yield from read(file, stream, settings, wanted)
    except PageError as error:
        yield replace(file, problem=_problem(error))
    except (gzip.BadGzipFile, *BROKEN) as error:
        yield replace(file, problem=_problem(_undecodable(error)))
    except OSError as error:
        yield replace(file, stamp="", problem=_problem(unreadable(error)))


def _record_file(file: SourceFile, record: str, stamp: str) -> SourceFile:
    """A record as if it were a file by itself."""
    return replace(file, source=f"{file.source}!/{record}", path=f"{file.path}!/{record}", stamp=stamp)


def _lines(file: SourceFile, stream: BinaryIO, settings: Settings, wanted: Wanted) -> Iterator[SourceFile]:
    """One article a line; a record is called by the number of its line, from 1."""
    lines = cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if file.path.lower().endswith(".gz") else stream
    number = 0
    while line := lines.readline(settings.page_bytes + 1):
        number += 1
        record = _record_file(file, str(number), _digest(line, ""))
        if len(line) > settings.page_bytes:
            while line and not line.endswith(b"\n"):
                line = lines.readline(settings.page_bytes)
            yield replace(record, problem=_problem(too_large(settings.page_bytes)))
        elif line.strip() and wanted(str(number)):
            yield replace(record, page=RawPage(record.source, record.stamp, line, "article", file.captured or None))


def _members(file: SourceFile, stream: BinaryIO, settings: Settings, wanted: Wanted) -> Iterator[SourceFile]:
    """The pages in a zip file; other members are passed over, archives in the archive reported and not opened."""
    with zipfile.ZipFile(stream) as archive:
        for member in {member.filename: member for member in archive.infolist()}.values():
            kind = kind_of(member.filename)
            if kind is None or member.is_dir() or _is_hidden(member.filename) or not wanted(member.filename):
                continue
            record = _record_file(file, member.filename, f"{member.CRC:08x}-{member.file_size}-{member.date_time}")
            record = replace(record, kind=kind, captured=_member_captured(member) or file.captured)
            try:
                yield replace(record, page=_member_page(archive, member, record, settings))
            except PageError as error:
                yield replace(record, problem=_problem(error))


def _member_page(archive: zipfile.ZipFile, member: zipfile.ZipInfo, page: SourceFile, settings: Settings) -> RawPage:
    if _leads_out(member.filename):
        raise PageError("unsafe-name", PAGE_ERRORS["unsafe-name"])
    if page.kind in CONTAINERS:
        raise PageError("not-a-page", "archives inside archives are not opened; unpack it to index it")
    if member.flag_bits & 1:
        raise PageError("undecodable", "it is encrypted; unpack it to index it")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Python unpacks these by whole blocks, of which 2 KB may hold gigabytes.
        raise PageError("undecodable", "it uses an unsupported compression method (not deflate); unpack it to index it")
    limit = stored_bytes(settings)
    try:
        with archive.open(member) as content:
            data = content.read(limit + 1)
    except BROKEN as error:
        raise _undecodable(error) from error
    if len(data) > limit:
        raise too_large(limit)
    return page_of(page, data, settings)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") and part != ".." for part in name.split("/")) or name.startswith("__MACOSX/")


def _leads_out(name: str) -> bool:
    return "\\" in name or ".." in name.split("/") or posixpath.isabs(name) or name[1:2] == ":"


def _member_captured(member: zipfile.ZipInfo) -> str | None:
    """A zip file's times have no zone: they are taken for UTC. 1980-01-01 stands for "unknown"."""
    if member.date_time <= (1980, 1, 1, 23, 59, 59):
        return None
    try:
        return utc_text(datetime(*member.date_time, tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _responses(file: SourceFile, stream: BinaryIO, settings: Settings, wanted: Wanted) -> Iterator[SourceFile]:
    """The HTML pages of a WARC file that were answered with status 200."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # takes a while to load, and few archives need it

    any_record = False
    try:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=True):
            any_record = True
            if record.record_type == WarcRecordType.response and _is_page(record):
                name = (record.record_id or "").strip("<>").removeprefix("urn:uuid:") or str(record.stream_pos)
                if not wanted(name):
                    continue
                expected = min(record.content_length, stored_bytes(settings) + 1)
                body = record.reader.read(expected)
                if len(body) < expected:
                    raise EOFError("the last record is incomplete")
                found = _record_file(file, name, _digest(body, record.headers.get("WARC-Date") or ""))
                try:
                    yield replace(found, page=_response_page(record, body, found, settings))
                except PageError as error:
                    yield replace(found, problem=_problem(error))
    except OSError as error:  # fastwarc's word for a damaged archive
        raise EOFError(str(error)) from error
    if not any_record:
        raise EOFError("it contains no WARC record")


def _is_page(record: Any) -> bool:
    headers = record.http_headers
    kind = (record.http_content_type or "").lower()
    return headers is not None and headers.status_code == 200 and kind in ("text/html", "application/xhtml+xml")


def _response_page(record: Any, body: bytes, page: SourceFile, settings: Settings) -> RawPage:
    limit = stored_bytes(settings)
    if len(body) > limit:
        raise too_large(limit)
    return RawPage(
        source=page.source,
        stamp=page.stamp,
        data=_decoded_body(record.http_headers, body, limit),
        captured=utc_text(record.record_date.timestamp()) if record.record_date else None,
        content_type=record.http_headers.get("Content-Type"),
        url=(record.headers.get("WARC-Target-URI") or "").strip("<>") or None,
    )


def _decoded_body(headers: Any, body: bytes, limit: int) -> bytes:
    """The body without transfer and content encodings, which archives keep as the server sent them. Some keep the header
    though the body is decoded: that shows in the first bytes."""
    from fastwarc.stream_io import BrotliReader, ChunkedReader

    try:
        if "chunked" in (headers.get("Transfer-Encoding") or "").lower() and _looks_chunked(body):
            body = ChunkedReader(io.BytesIO(body)).read(limit)
        encoding = (headers.get("Content-Encoding") or "").strip().lower()
        if encoding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
            return gunzip(body, limit)
        if encoding == "br" and body.lstrip()[:1] != b"<":
            body = BrotliReader(io.BytesIO(body)).read(limit + 1)
        elif encoding == "deflate" and body.lstrip()[:1] != b"<":
            body = zlib.decompressobj(zlib.MAX_WBITS if body[:1] == b"\x78" else -zlib.MAX_WBITS).decompress(body, limit + 1)
    except (OSError, zlib.error) as error:
        raise _undecodable(error) from error
    if len(body) > limit:
        raise too_large(limit)
    return body


def _looks_chunked(body: bytes) -> bool:
    size = body.partition(b"\r\n")[0].partition(b";")[0].strip()
    return 0 < len(size) <= 8 and all(byte in b"0123456789abcdefABCDEF" for byte in size)


def _undecodable(error: Exception) -> PageError:
    return PageError("undecodable", f"{PAGE_ERRORS['undecodable']}: {error or 'the data is incomplete'}")


def _problem(error: PageError) -> tuple[str, str]:
    return error.code, str(error)


def _digest(content: bytes, more: str) -> str:
    return hashlib.sha256(more.encode() + b"\n" + content).hexdigest()[:16]
