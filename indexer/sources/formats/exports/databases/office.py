"""A DOCX or RTF file -> its lines, and what is in them: an export of a database, or one text.

Nexis and Factiva give out such files. Any other is an article whose first line is its headline, as a manuscript has it.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import IO, BinaryIO

from lxml import etree

from indexer.sources.formats.exports.article import ExportedArticle, Part, Unread, given, paragraphs_html
from indexer.sources.formats.exports.databases import factiva, nexis
from indexer.sources.formats.exports.records import export_format
from indexer.sources.formats.exports.xml_items import local_name, xml_items
from indexer.sources.zip_members import open_member

FILE_FACTOR = 10
"""An export of hundreds of documents may take so many times what one page may."""
MIN_PARAGRAPH_CHARACTERS = 300
"""What a paragraph counts for at least, since Word's mark-up of one takes as much: millions of empty ones are no text."""
DOCUMENT = "word/document.xml"
_PICTURE = re.compile(rb"[0-9a-fA-F\s]{1000,}")  # in hexadecimal figures
_LINE = re.compile(rb"\\line(?![a-z]) ?")
"""A break within a paragraph, which the library does not tell from its end."""
_NEXIS = re.compile(
    r"(?:end of document|ende des dokuments|fin du document|fin del documento|\d+ of \d+ documents?)$", re.IGNORECASE
)
_FACTIVA = re.compile(r"(?:AN\s+)?Document [A-Za-z0-9]{15,40}$")


def read_docx(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(stream) as archive, open_member(archive, archive.getinfo(DOCUMENT)) as document:
            yield from _parts(list(_docx_lines(document, max_bytes)))
    except KeyError:
        yield Unread(None, "not-a-page", "the file is no Word document: it has no text")


def _docx_lines(document: IO[bytes], max_bytes: int) -> Iterator[str | Unread]:
    """Each paragraph; one in a cell of a table, too. A document is read up to the largest size an export may have."""
    left = max_bytes * FILE_FACTOR
    for paragraph in xml_items(document, ("p",), max_bytes):
        if isinstance(paragraph, Unread):
            yield paragraph
            return
        line = "".join(_runs(paragraph))
        left -= max(len(line), MIN_PARAGRAPH_CHARACTERS)
        if left < 0:
            yield Unread(
                None,
                "too-large",
                f"the document has more than {max_bytes * FILE_FACTOR:,} characters, mark-up included; save it in parts",
            )
            return
        yield line


def _runs(paragraph: etree._Element) -> Iterator[str]:
    for element in paragraph.iter(etree.Element):
        name = local_name(element)
        if name == "t":
            yield element.text or ""
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "tab":
            yield "\t"


def read_rtf(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    from striprtf.striprtf import rtf_to_text  # few files need it

    data = stream.read(max_bytes * FILE_FACTOR + 1)
    words = _PICTURE.sub(b"", data)
    if len(data) > max_bytes * FILE_FACTOR or len(words) > max_bytes:
        yield Unread(None, "too-large", f"the file has more than {max_bytes:,} bytes of text; save it in parts")
        return
    if not data.lstrip().startswith(b"{\\rtf"):
        yield Unread(None, "not-a-page", "the file is no RTF")
        return
    text = rtf_to_text(_LINE.sub(rb"\\u8232?", words).decode("latin-1"), errors="replace")
    yield from _parts(text.split("\n"))


def _parts(lines: "list[str | Unread] | list[str]") -> Iterator[Part]:
    problems = [line for line in lines if isinstance(line, Unread)]
    texts = [stripped for line in lines if isinstance(line, str) and (stripped := line.replace("\u2028", "\n").strip())]
    if any(_FACTIVA.match(line) for line in texts):
        yield from factiva.documents(texts)
    elif any(map(_NEXIS.match, texts)):
        yield from nexis.documents(texts)
    elif len(texts) > 1:
        yield ExportedArticle(None, given(headline=texts[0], html=paragraphs_html(texts[1:])))
    elif not problems:
        yield Unread(None, "no-article", "the document has no text below its first line")
    yield from problems


DOCX = export_format("docx", "Word documents", (".docx",), read_docx)
RTF = export_format("rtf", "rich text", (".rtf",), read_rtf, lambda head: head.lstrip().startswith(b"{\\rtf"))
