"""ARC, what crawlers wrote before WARC: a line with address, time, type and length, and what the server answered.

b"filedesc://a.arc 0.0.0.0 20010506070809 text/plain 77…" -> RawPage("news/a.arc.gz!/1204", url="http://…") …
"""

import re
from collections.abc import Iterator

from indexer.sources.formats.webarchives.crawl_records import Grammar
from indexer.sources.formats.webarchives.warc import read_crawl
from indexer.sources.source_file import Format, OpenArchive, SourceFile

_LINE = rb"[a-z][a-z0-9+.-]{1,15}:[^\s]{1,4000} [\d.:a-fA-F]{2,45} \d{8,17} [^\r\n]{0,300}? ?\d{1,15}[ \t]*\r?\n"
_FIELDS = re.compile(rb"(\S+) \S+ (\d+) ([^\r\n]*?) ?(\d+)[ \t]*\r?\n")


def _headers(head: bytes) -> tuple[dict[str, str], int]:
    """As a WARC record would have them."""
    match = _FIELDS.match(head)
    if not match:
        return {}, 0
    address, time, content_type, length = (value.decode("utf-8", "replace") for value in match.groups())
    told = address.startswith(("filedesc:", "dns:", "metadata:"))
    digits = time[:14].ljust(14, "0")
    return {
        "warc-type": "warcinfo" if told else "response",
        "warc-target-uri": address,
        "warc-date": f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:]}Z",
        "content-type": content_type.split(" ")[0],
        "content-length": length,
    }, match.end()


ARC = Grammar(re.compile(_LINE), re.compile(rb"\r?\n(?:\r?\n)?(?=" + _LINE + rb"HTTP/)"), _headers)


def _records(archive: OpenArchive) -> Iterator[SourceFile]:
    return read_crawl(archive, ARC)


def _begins(head: bytes) -> bool:
    return head.startswith(b"filedesc:")


FORMAT = Format("arc", "old web archives", (".arc",), _begins, records=_records, compressions=(".gz", ".zst"))
