"""The SGML of research collections (TREC, Gigaword, Reuters-21578) -> its documents.

<DOC><DOCNO>AP880212-0001</DOCNO><HEAD>…</HEAD><TEXT>…</TEXT>
</DOC>, or <DOC id="NYT_ENG_19940701.0001" type="story">. Elements are
those of the newspapers in TREC; end tags of paragraphs may be missing. Advisories to editors are counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from indexer.sources.decode import decode
from indexer.sources.formats.exports.article import ExportedArticle, LeftOut, Part, Unread, given, identity, paragraphs_html
from indexer.sources.formats.exports.dates import dated, place_of
from indexer.sources.formats.exports.records import export_format
from search.errors import PageError

_START = re.compile(rb"<(?:DOC|REUTERS)(?=[\s>])[^<>]*>", re.IGNORECASE)
_END = re.compile(rb"</(?:DOC|REUTERS)\s*>", re.IGNORECASE)
_ID = re.compile(r"<(?:DOC|REUTERS)\s[^<>]*\b(?:new)?id\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_TYPE = re.compile(r"<DOC\s[^<>]*\btype\s*=\s*[\"']?(\w+)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_PARAGRAPH = re.compile(r"<P\b[^<>]*>|</P>|<BR>", re.IGNORECASE)
_INDENTED = re.compile(r"\n(?:[ \t]*\n|[ \t]{2,}(?=\S))")
_DAY_IN_NUMBER = re.compile(r"(?<!\d)((?:19|20)?\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")
_FIELDS = {
    "headline": ("HEADLINE", "HEAD", "HL", "TITLE", "TI", "H3"),
    "byline": ("BYLINE", "AUTHOR", "BY"),
    "dateline": ("DATELINE",),
    "section": ("SECTION",),
    "standfirst": ("ABSTRACT", "SUMMARY"),
    "date": ("DATE_TIME", "DATETIME", "DATE", "DD", "DATE1", "PUB_DATE", "PUBDATE"),
    "publisher": ("SOURCE", "SO", "PUB", "NAME"),
    "language": ("LANGUAGE", "LANG"),
}
_INNER_TEXT = re.compile(r"<(?:TEXT|BODY)\b", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
RULE = " ----"
"""Parts headline and byline: <HL> Truce Signed ---- By Jane Doe</HL>."""
SHORT_DAY_DIGITS = 6
_TEXTS = ("LEADPARA", "LP", "TEXT", "BODY")
CHUNK_BYTES = 1 << 16


def read_sgml(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    left_out: Counter[str] = Counter()
    for number, data in enumerate(_documents(stream, max_bytes), 1):
        if isinstance(data, Unread):
            yield data
            continue
        try:
            text = decode(data, None)
        except PageError as error:
            yield Unread(str(number), error.code, str(error))
            continue
        kind = _TYPE.search(text[:300])
        if kind and kind[1].lower() == "advis":
            left_out["advisories"] += 1
        else:
            yield _article(text) or Unread(_own(text) or str(number), "no-article", "the document has no text")
    if left_out:
        yield LeftOut(left_out)


def _documents(stream: BinaryIO, max_bytes: int) -> Iterator[bytes | Unread]:
    """From <DOC> to </DOC>, one at a time."""
    held = b""
    found_any = False
    while chunk := stream.read(CHUNK_BYTES):
        held += chunk
        while end := _END.search(held):
            start = _START.search(held, 0, end.start())
            if start:
                found_any = True
                yield held[start.start() : end.start()]
            held = held[end.end() :]
        if len(held) > max_bytes:
            yield Unread(
                None, "too-large", f"a document is larger than {max_bytes:,} bytes (BROADSHEET_PAGE_BYTES); it ends the reading"
            )
            return
    if _START.search(held):
        yield Unread(None, "undecodable", "the file breaks off within its last document")
    elif not found_any:
        yield Unread(None, "no-article", "the file has no <DOC>")


def _article(document: str) -> ExportedArticle | None:
    parts = [part for tag in _TEXTS for part in _elements(document, tag) if not _INNER_TEXT.search(part)]
    paragraphs = [text for part in parts for text in _paragraphs(part)]
    if not paragraphs:
        return None
    own = _own(document)
    fields = {
        name: next((text for tag in tags for part in _elements(document, tag) if (text := _words(part))), None)
        for name, tags in _FIELDS.items()
    }
    printed = fields.pop("date") or _day_of(own)
    if printed and len(printed) == SHORT_DAY_DIGITS:  # 910514
        printed = _day_of(printed)
    headline, line, below = (fields["headline"] or "").partition(RULE)
    if line:
        fields |= {"headline": headline.strip(), "byline": fields["byline"] or below.strip(" -")}
    fields["dateline"] = place_of(fields["dateline"])
    return ExportedArticle(
        own, given(id=identity("sgml", own), html=paragraphs_html(paragraphs), **fields, **dated("published", printed))
    )


def _own(document: str) -> str | None:
    named = _ID.search(document[:500])
    return named[1] if named else next((_words(part) for tag in ("DOCNO", "DOCID") for part in _elements(document, tag)), None)


def _elements(document: str, tag: str) -> Iterator[str]:
    """What stands in the elements of that name; one that does not end goes to the end."""
    for found in re.finditer(rf"<{tag}(?:\s[^<>]*)?>(.*?)(?:</{tag}\s*>|\Z)", document, re.IGNORECASE | re.DOTALL):
        yield found[1]


def _paragraphs(text: str) -> Iterator[str]:
    pieces = _PARAGRAPH.split(text) if _PARAGRAPH.search(text) else _INDENTED.split("\n" + text.strip("\n"))
    for piece in pieces:
        if words := _words(piece):
            yield words


def _words(text: str) -> str | None:
    return " ".join(_CONTROLS.sub(" ", unescape(_TAG.sub(" ", text))).split()) or None


def _day_of(own: str | None) -> str | None:
    """The day in AP880212-0001 or NYT_ENG_19940701.0001; of two digits a year is of the last century."""
    found = _DAY_IN_NUMBER.search(own or "")
    return f"{found[1] if len(found[1]) == 4 else '19' + found[1]}-{found[2]}-{found[3]}" if found else None


_BEGINS = re.compile(
    rb"\s*+(?:(?><!--.*?-->|<!DOCTYPE[^>]*>|<\?xml[^>]*>)\s*+)*+<(?:DOC|REUTERS)(?:\s[^>]*)?>", re.IGNORECASE | re.DOTALL
)
"""Without backtracking: a file that is nothing but comments could be taken apart in countless ways."""
FORMAT = export_format(
    "sgml", "SGML of TREC, Gigaword and Reuters-21578", (".sgml", ".sgm"), read_sgml, lambda head: _BEGINS.match(head) is not None
)
