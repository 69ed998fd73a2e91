"""JSON lines: one article a line, as `broadsheet extract` prints it; a record is called by the number of its line, from 1.

b'{"title": "Truce signed"…}\\n…' -> RawPage(…, kind="article") …
"""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

import msgspec

from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, OpenArchive, SourceFile, digest, too_large

BREAKS_OFF = "the last line breaks off"


def _records(archive: OpenArchive) -> Iterator[SourceFile]:
    file, most = archive.file, archive.settings.page_bytes
    lines = archive.stream
    if file.path.lower().endswith(".gz"):
        lines = cast(BinaryIO, gzip.GzipFile(fileobj=archive.stream))
    number = 0
    while line := lines.readline(most + 1):
        number += 1
        record = file.record(str(number), digest(line))
        if len(line) > most:
            while line and not line.endswith(b"\n"):
                line = lines.readline(most)
            yield record.failed(too_large(most))
        elif line.strip() and archive.wanted(str(number)):
            cut = BREAKS_OFF if _breaks_off(line) else None
            yield replace(record, page=RawPage(record.source, record.stamp, line, "article", file.captured or None, cut=cut))
            if cut:
                raise EOFError(cut)


def _breaks_off(line: bytes) -> bool:
    """Whether it is the beginning of the last line."""
    if line.endswith(b"\n"):
        return False
    try:
        msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return True
    return False


FORMAT = Format("jsonl", "articles", (".jsonl", ".ndjson"), records=_records, compressions=(".gz",), inside=True)
