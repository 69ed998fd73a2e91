"""A reader of exports -> a Format: each article becomes a record of the file, in the form of a line of JSON.

    ExportedArticle("7", {"headline": …}) -> SourceFile("site/export.xml!/7", page=RawPage(b'{"headline": …}', kind="article"))

A record is called as the file calls the article, else by its number. What is passed over is counted with the file's path.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO, cast

import msgspec

from indexer.sources.formats.exports.article import ExportedArticle, LeftOut, Part, Reader
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, OpenArchive, SourceFile, digest, too_large
from search.errors import PageError

MAX_NAME_CHARACTERS = 200
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f]+|!(?=/|$)")


def export_format(
    name: str,
    files: str,
    endings: tuple[str, ...],
    reader: Callable[..., Iterator[Part]],
    begins: Callable[[bytes], bool] = lambda _: False,
    within: str = "",
    at_place: bool = False,
) -> Format:
    """The format of files that the reader, an article.Reader, reads. name, files, endings, begins, within: as in Format.
    at_place: whether the reader takes `place` as well."""
    return Format(
        name,
        files,
        endings,
        begins,
        records=lambda archive: _records(archive, partial(reader, place=archive.place) if at_place else reader),
        compressions=(".gz",),
        within=within,
        inside=True,
    )


def _records(archive: OpenArchive, reader: Reader) -> Iterator[SourceFile]:
    file, most = archive.file, archive.settings.page_bytes
    taken: set[int] = set()
    for number, part in enumerate(reader(_unpacked(archive), most), 1):
        if isinstance(part, LeftOut):
            for what, count in part.counts.items():
                for _ in range(count):
                    yield file.left_out(what)
            continue
        if part.name is None and not isinstance(part, ExportedArticle):
            yield file.failed(PageError(part.code, part.message))
            continue
        name = _record_name(part.name, number, taken)
        if not archive.wanted(name):
            continue
        record = file.record(name, "")
        if not isinstance(part, ExportedArticle):
            yield replace(record, stamp=digest(part.message.encode())).failed(PageError(part.code, part.message))
            continue
        line = msgspec.json.encode(part.fields)
        record = replace(record, stamp=digest(line))
        if len(line) > most:
            yield record.failed(too_large(most))
        else:
            page = RawPage(record.source, record.stamp, line, "article", file.captured or None, cut=part.cut)
            yield replace(record, page=page)


def _unpacked(archive: OpenArchive) -> BinaryIO:
    compressed = archive.file.path.lower().endswith(".gz")
    return cast(BinaryIO, gzip.GzipFile(fileobj=archive.stream)) if compressed else archive.stream


def _record_name(own: str | None, number: int, taken: set[int]) -> str:
    """The same for the same file; the second of a name is told from the first by its number in the file."""
    name = _UNFIT.sub("_", (own or "").strip())[:MAX_NAME_CHARACTERS] or str(number)
    if hash(name) in taken:
        name = f"{name}#{number}"
    taken.add(hash(name))
    return name
