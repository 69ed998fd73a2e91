"""Which format has a file? Its name says, or, where the name says nothing, its first bytes.

    format_of("2022/talks.html.gz", head)   -> html.FORMAT, without a look at the file
    format_of("news.php@id=5", head)        -> html.FORMAT, if head() begins as HTML does
    format_of("scan.pdf", head)             -> ".pdf": of no format, and counted so

A new format is a module with a constant FORMAT and a line in FORMATS: the listing, archives of archives, error messages and
the README's table go by it.
"""

import os
import re
import zlib
from collections.abc import Callable

from indexer.sources.decompress import COMPRESSED, GZIP
from indexer.sources.formats import html, jsonl, maff, mhtml, text, webarchive, zip
from indexer.sources.formats.exports.databases import europresse, factiva, nexis, office
from indexer.sources.formats.exports.newspapers import alto, mets, pdf
from indexer.sources.formats.exports.publications import feeds, ghost, letters, substack, wordpress
from indexer.sources.formats.exports.wires import newsml, ninjs, nitf, sgml
from indexer.sources.formats.webarchives import arc, wacz, warc
from indexer.sources.formats.webarchives.answers import is_document
from indexer.sources.source_file import HEAD_BYTES, Format

FORMATS: tuple[Format, ...] = (
    html.FORMAT, mhtml.FORMAT, webarchive.FORMAT, maff.FORMAT, text.FORMAT, warc.FORMAT, wacz.FORMAT, arc.FORMAT, zip.FORMAT,
    jsonl.FORMAT,
    wordpress.FORMAT, ghost.FORMAT, substack.FORMAT, feeds.FORMAT, letters.LETTER, letters.MAILBOX,
    nexis.FORMAT, nexis.TEXT_FORMAT, factiva.FORMAT, europresse.FORMAT, office.DOCX, office.RTF,
    newsml.FORMAT, nitf.FORMAT, ninjs.FORMAT, sgml.FORMAT,
    mets.FORMAT, alto.FORMAT, pdf.FORMAT,
)  # fmt: skip
"""In the order of the README's table, in which first bytes are tried too."""

_BY_ENDING = {ending: format for format in FORMATS for ending in format.endings}
_BY_NAME = {format.name: format for format in FORMATS}

_ASSETS = """
.css .js .mjs .map .ico .png .jpg .jpeg .jfif .gif .webp .avif .svg .svgz .bmp .tif .tiff .cur .woff .woff2 .ttf .otf .eot .mp3
.m4a .ogg .oga .wav .mp4 .m4v .webm .ogv .mov .avi .swf .flv .vtt .wasm .webmanifest"""
"""What pages are drawn with: pictures, styles, scripts, fonts, sound and film."""
_OTHER = """
.doc .odt .xls .xlsx .ods .csv .tsv .ppt .pptx .odp .msg .epub .mobi .djvu .ps .tex .md .rst .rar .7z
.tar .tgz .bz2 .xz .iso .exe .dll .so .py .sh .c .h .java .sql .db .sqlite .log .ini .yaml .yml .toml .cdx .cdxj"""
"""Of no format, and no part of a page."""
_DATA = ".xml .json .rss .atom .rdf"
"""What scripts and feed readers load; these may hold anything, so that their first bytes are asked."""
_UNTOLD = "untyped undecodable"
"""Content of a crawl whose type nobody tells."""
_TELLING = frozenset(f"{_ASSETS} {_OTHER}".split())
"""Endings that say that a file is of no format: it is not opened."""
_QUIET = frozenset(f"{_ASSETS} {_DATA} hidden link _files {_UNTOLD}".split())
"""What nobody looks for an article in: besides the above what is hidden, what is listed where the link leads, and what a browser
saved beside its page."""
MAX_ENDING_CHARACTERS = 12


def format_of(name: str, head: Callable[[], bytes]) -> Format | str:
    """The format of the file of that name; if it has none, what it is counted as. `head` gives its first bytes, as they are
    stored; it is called only if the name says nothing, and may raise what it likes."""
    ending, compressed = ending_of(name)
    format = _BY_ENDING.get(ending)
    if format:
        return format if compressed in ("", *format.compressions) else ending + compressed
    if ending in _TELLING or compressed in (".br", ".zst"):
        return ending + compressed
    start = _unpacked(head())
    return (
        next((format for format in FORMATS if not format.within and format.begins(start)), None)
        or ending + compressed
        or "no ending"
    )


def inner_format(name: str, start: Callable[[], bytes]) -> str:
    """The name of the format that a file of the format of that name has by its content, mostly the same. `start`: its first
    INNER_BYTES, decompressed, of a zip file its last as well; it is called only for formats that others may be within."""
    inner = [format for format in FORMATS if format.within == name]
    if not inner:
        return name
    data = start()
    return next((format.name for format in inner if format.begins(data)), name)


def named(name: str) -> Format:
    """The format that SourceFile.kind names."""
    return _BY_NAME[name]


def is_asset(counted_as: str) -> bool:
    """Whether what was passed over as that is nothing that a reader would look for: a part of a page, or hidden."""
    if is_left_out(counted_as):
        return True
    if "/" in counted_as:
        return not is_document(counted_as)
    return counted_as in _QUIET or counted_as.startswith("HTTP ")


def is_left_out(counted_as: str) -> bool:
    """Whether it is a part of an export that is no article by its own word: "export.xml: drafts"."""
    return ": " in counted_as


def ending_of(name: str) -> tuple[str, str]:
    """The ending of a name and that of its compression, in lower case: "a.HTML.gz" -> (".html", ".gz"). What is no ending but
    part of an address, as in "page.html@id=5" or "1.2 million", is none."""
    stem, ending = os.path.splitext(os.path.basename(name).lower())
    if ending in COMPRESSED:
        return _plausible(os.path.splitext(stem)[1]), ending
    return _plausible(ending), ""


def known_endings() -> str:
    """For messages: ".html .htm …"."""
    return " ".join(_BY_ENDING)


def _plausible(ending: str) -> str:
    return ending if re.fullmatch(rf"\.[a-z0-9]{{1,{MAX_ENDING_CHARACTERS}}}", ending) else ""


def _unpacked(head: bytes) -> bytes:
    if not head.startswith(GZIP):
        return head
    try:
        return zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""
