"""MAFF: pages saved by Firefox, each in a folder of a zip file with a note of where and when.

b"PK\\x03\\x04…" -> RawPage("news/a.maff!/1204_77/index.html", url="https://…", captured="…") …
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime
from html import unescape

from indexer.sources.formats import zip
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, OpenArchive, SourceFile, stored_bytes, utc_text
from indexer.sources.zip_members import read_member
from search.errors import PAGE_ERRORS, PageError

MAX_NOTE_BYTES = 100_000
# <MAF:originalurl RDF:resource="https://…"/>
_NOTE = re.compile(r"<MAF:(\w+)\s+RDF:resource=(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


def _records(archive: OpenArchive) -> Iterator[SourceFile]:
    with zipfile.ZipFile(archive.stream) as members:
        by_name = {member.filename: member for member in members.infolist()}
        pages = 0
        for note in (name for name in by_name if re.fullmatch(r"(?:[^/]+/)?index\.rdf", name)):
            told = _told(members, by_name[note])
            name = note.removesuffix("index.rdf") + told.get("indexfilename", "index.html")
            page = by_name.get(name)
            if page is None or not archive.wanted(name):
                continue
            pages += 1
            record = archive.file.record(name, f"{page.CRC:08x}-{page.file_size}-{page.date_time}")
            try:
                if zip.leads_out(name):
                    raise PageError("unsafe-name", PAGE_ERRORS["unsafe-name"])
                data = read_member(members, page, stored_bytes(archive.settings))
                captured = _instant(told.get("archivetime", "")) or zip.captured(page) or archive.file.captured or None
                charset = told.get("charset")
                content_type = f"text/html; charset={charset}" if charset else None
                url = told.get("originalurl") or None
                yield replace(record, page=RawPage(record.source, record.stamp, data, "html", captured, content_type, url))
            except PageError as error:
                yield record.failed(error)
    if not pages and archive.wanted("index.html"):
        raise PageError("undecodable", "it has no page with a note (index.rdf)")


def _told(members: zipfile.ZipFile, note: zipfile.ZipInfo) -> dict[str, str]:
    """What a page's note says, by names in lower case."""
    try:
        text = read_member(members, note, MAX_NOTE_BYTES).decode("utf-8", "replace")
    except PageError:
        return {}
    return {match[1].lower(): unescape(match[2] or match[3] or "") for match in _NOTE.finditer(text)}


def _instant(text: str) -> str | None:
    try:
        return utc_text(parsedate_to_datetime(text).timestamp())
    except (ValueError, OverflowError):
        return None


FORMAT = Format("maff", "pages saved by Firefox", (".maff",), records=_records, compressions=())
