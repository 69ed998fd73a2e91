"""WARC: what a crawler was answered, record by record.

    b"WARC/1.0…" -> RawPage("news/crawl.warc.gz!/8c4f…", url="https://…", captured="2021-05-06T07:08:09Z") …

Pages are the HTML among the answers (statuses 200, 203 and 206), resources and conversions, and the texts among the conversions.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from indexer.sources.formats.webarchives.answers import (
    MAX_HEADER_BYTES,
    PAGE_STATUSES,
    decode_body,
    kind_of_content,
    read_answer,
    read_headers,
)
from indexer.sources.formats.webarchives.crawl_records import CrawlRecord, Grammar, read_records
from indexer.sources.formats.webarchives.members import is_compressed, unpack
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, OpenArchive, SourceFile, digest, stored_bytes, too_large, utc_text
from search.errors import PageError

MAX_FAULTS_TOLD = 3
_HEADERS_END = re.compile(rb"\r?\n\r?\n")


_START = rb"WARC/\d\.\d{1,2}[ \t]*\r?\n"
_NEXT = re.compile(rb"(?:\r?\n){0,2}(?=" + _START + rb"[\w-]+:)")


def _headers(head: bytes) -> tuple[dict[str, str], int]:
    end = _HEADERS_END.search(head)
    if not end or _NEXT.search(head, 1, end.end()):  # they break off, and another record begins
        return {}, 0
    headers = read_headers(head[: end.start()].decode("utf-8", "replace").splitlines()[1:])
    return (headers, end.end()) if "warc-type" in headers else ({}, 0)


WARC = Grammar(re.compile(_START), _NEXT, _headers)


def _begins(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"WARC/")


def _records(archive: OpenArchive) -> Iterator[SourceFile]:
    return read_crawl(archive, WARC)


def read_crawl(archive: OpenArchive, grammar: Grammar) -> Iterator[SourceFile]:
    """The pages of a crawl file with such records; raises EOFError in the end if some of it is damaged."""
    faults: list[str] = []
    limit = stored_bytes(archive.settings)
    size = 0 if is_compressed(archive.stream) else archive.stream.seek(0, os.SEEK_END)
    archive.stream.seek(0)
    any_record = False
    pieces = unpack(archive.stream, faults)
    for record in read_records(pieces, grammar, limit + MAX_HEADER_BYTES, size, faults):
        any_record = True
        yield from _page(archive, record, limit)
    if faults:
        more = f"; and {len(faults) - MAX_FAULTS_TOLD:,} more" if len(faults) > MAX_FAULTS_TOLD else ""
        raise EOFError("; ".join(faults[:MAX_FAULTS_TOLD]) + more)
    if not any_record:
        raise EOFError("it has no record of a crawl")


def _page(archive: OpenArchive, record: CrawlRecord, limit: int) -> Iterator[SourceFile]:
    """The page of a record, its problem, or what it is counted as; nothing for what a crawler notes beside pages."""
    kind = record.headers.get("warc-type", "").lower()
    if kind not in ("response", "resource", "conversion"):
        return
    name = record.headers.get("warc-record-id", "").strip("<> ").removeprefix("urn:uuid:") or str(record.offset)
    if not archive.wanted(name):
        return
    answer = read_answer(record.block)
    date = record.headers.get("warc-date", "")
    found = archive.file.record(name, digest(answer.body, date))
    if answer.status and answer.status not in PAGE_STATUSES:
        yield found.counted_as(f"HTTP {answer.status}")
        return
    content_type = answer.headers.get("content-type") or ("" if answer.status else record.headers.get("content-type", ""))
    try:
        if len(answer.body) > limit:
            raise too_large(limit)
        body, fault = decode_body(answer.headers, answer.body, limit)
        page_kind = kind_of_content(content_type, body, is_text_page=kind == "conversion")
        if page_kind not in ("html", "text"):
            yield found.counted_as(page_kind)
            return
        page = RawPage(
            source=found.source,
            stamp=found.stamp,
            data=body,
            kind="text" if page_kind == "text" else "html",
            captured=_instant(date),
            content_type=content_type or None,
            url=_address(record.headers.get("warc-target-uri", "")),
            cut=fault or _cut(record),
        )
        yield replace(found, page=page)
    except PageError as error:
        untyped = kind_of_content(content_type, b"") != "html"
        yield found.counted_as("undecodable") if untyped else found.failed(error)


def _cut(record: CrawlRecord) -> str | None:
    if reason := record.headers.get("warc-truncated"):
        return f"the crawler cut it off ({reason})"
    return None if record.complete else "its record breaks off, or is not as long as it says"


def _instant(date: str) -> str | None:
    """ "2021-05-06T07:08:09.123Z", and as precise as it may be: a year alone is enough."""
    numbers = [int(number) for number in re.findall(r"\d{1,4}", date)[:6]]
    if not numbers:
        return None
    year, month, day, hour, minute, second = numbers + [1, 1, 0, 0, 0][len(numbers) - 1 :]
    try:
        return utc_text(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _address(uri: str) -> str | None:
    uri = uri.strip("<> ")
    return uri if uri.lower().startswith(("http://", "https://")) else None


FORMAT = Format("warc", "web archives", (".warc",), _begins, records=_records, compressions=(".gz", ".zst"))
