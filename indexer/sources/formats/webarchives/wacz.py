"""WACZ: a zip file with the WARC files of a crawl, with which tools such as Browsertrix and ReplayWeb.page save sites.

    b"PK\\x03\\x04…" -> RawPage("news/site.wacz!/data.warc.gz!/8c4f…", url="https://…") …

Its lists of pages and its index name nothing that is not in the WARC files, and are not needed to read these from end to end.
"""

import posixpath
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from indexer.sources.formats.webarchives import warc
from indexer.sources.source_file import Format, OpenArchive, SourceFile, inner_records
from indexer.sources.zip_members import open_member
from search.errors import PageError


def _records(archive: OpenArchive) -> Iterator[SourceFile]:
    crawls = 0
    with zipfile.ZipFile(archive.stream) as members:
        for member in members.infolist():
            name = posixpath.basename(member.filename)
            if member.filename.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz", ".warc.zst")):
                crawls += 1
                yield from _pages(archive, members, member, name)
    if not crawls:
        raise PageError("undecodable", "it has no WARC file in its folder archive")


def _pages(archive: OpenArchive, members: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Iterator[SourceFile]:
    crawl = archive.file.record(name, archive.file.stamp)
    try:
        stream = open_member(members, member)
    except PageError as error:
        yield crawl.failed(error)
        return
    with stream:
        yield from inner_records(warc.FORMAT, archive.within(crawl, name, cast(BinaryIO, stream)))


FORMAT = Format("wacz", "web archives of whole sites", (".wacz",), records=_records, compressions=())
