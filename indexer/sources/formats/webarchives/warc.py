"""WARC: what a crawler was answered, record by record.

b"WARC/1.0…" -> RawPage("news/crawl.warc.gz!/8c4f…", url="https://…", captured="2021-05-06T07:08:09Z") …
"""

import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from indexer.sources.decompress import gunzip, whole
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, OpenArchive, SourceFile, digest, stored_bytes, too_large, undecodable, utc_text
from search.errors import PageError
from search.settings import Settings


def _begins(head: bytes) -> bool:
    return head.startswith(b"WARC/")


def _records(archive: OpenArchive) -> Iterator[SourceFile]:
    """The HTML pages of a WARC file that were answered with status 200."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # takes a while to load, and few archives need it

    any_record = False
    try:
        for record in ArchiveIterator(archive.stream, record_types=WarcRecordType.any_type, parse_http=True):
            any_record = True
            if record.record_type == WarcRecordType.response and _is_page(record):
                name = (record.record_id or "").strip("<>").removeprefix("urn:uuid:") or str(record.stream_pos)
                if not archive.wanted(name):
                    continue
                expected = min(record.content_length, stored_bytes(archive.settings) + 1)
                body = record.reader.read(expected)
                if len(body) < expected:
                    raise EOFError("its last record breaks off")
                found = archive.file.record(name, digest(body, record.headers.get("WARC-Date") or ""))
                try:
                    yield replace(found, page=_response_page(record, body, found, archive.settings))
                except PageError as error:
                    yield found.failed(error)
    except OSError as error:  # fastwarc's word for a damaged archive
        raise EOFError(str(error)) from error
    if not any_record:
        raise EOFError("it has no WARC record")


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
            return whole(gunzip, body, limit)
        if encoding == "br" and body.lstrip()[:1] != b"<":
            body = BrotliReader(io.BytesIO(body)).read(limit + 1)
        elif encoding == "deflate" and body.lstrip()[:1] != b"<":
            body = zlib.decompressobj(zlib.MAX_WBITS if body[:1] == b"\x78" else -zlib.MAX_WBITS).decompress(body, limit + 1)
    except (OSError, zlib.error) as error:
        raise undecodable(error) from error
    if len(body) > limit:
        raise too_large(limit)
    return body


def _looks_chunked(body: bytes) -> bool:
    size = body.partition(b"\r\n")[0].partition(b";")[0].strip()
    return 0 < len(size) <= 8 and all(byte in b"0123456789abcdefABCDEF" for byte in size)


FORMAT = Format("warc", "web archives", (".warc",), _begins, records=_records)
