"""A file saved from Nexis (LexisNexis), as HTML, DOCX, RTF or text -> its documents.

Both layouts are read: the one in use since about 2019, where the headline comes first and "Body" stands above the text, and the
one before, where each document begins with "3 of 10 DOCUMENTS" and the labels are in capitals, for universities with HEADLINE and
BODY among them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import BinaryIO

from indexer.sources.formats.exports.article import ExportedArticle, Part, Unread, given, identity, paragraphs_html
from indexer.sources.formats.exports.databases.html_pieces import lines_of, read_html, tree_of
from indexer.sources.formats.exports.databases.printed import PACKAGE, any_of, is_date, language_code, section_of
from indexer.sources.formats.exports.dates import dated, place_of
from indexer.sources.formats.exports.records import export_format
from search.lexicon.read import read_lexicon

_COUNTED = rf"(?:\d+ {any_of('of')} \d+ {any_of('document')}|{any_of('document')} \d+ {any_of('of')} \d+)"
_DOCUMENT = re.compile(rf"\b{_COUNTED}\b|doc_id_|end of document|load-date".encode())
_DOCUMENT_SIGNS = (b" document", b"document ", b"dokument", b"documento", b"doc_id_", b"load-date")
_LENGTH_LABELS = [re.sub("[^a-z]", r"[^\\s<:]{1,8}", label) for label in read_lexicon(PACKAGE, "labels").of("length")]
_LENGTH = re.compile(rf"(?:{'|'.join(_LENGTH_LABELS)})\s*:".encode())
"""What tells such a file among others, in small letters: both; ä may be a letter of any encoding or "&auml;". The signs are
looked for first, since most pages have none and a pattern of alternatives takes a hundred times as long."""
_NUMBER = re.compile(f"{_COUNTED}$", re.IGNORECASE)
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\))\s", re.IGNORECASE)
_RIGHTS = re.compile(rf"{any_of('rights')}\.?$", re.IGNORECASE)
_PART = re.compile(r"(?=<(?:a|A)\s+(?:name|NAME)=[\"']?DOC_ID|<a name=[\"']?doc)", re.IGNORECASE)
_PERCENT = re.compile(r"\s{0,9}\(\d{1,3}\s?%\)")
_EDITION = re.compile(rf"{any_of('edition')}\b.{{0,40}}$|.{{0,40}}\b{any_of('edition')}\W?(?:\s?\d+)?;?$", re.IGNORECASE)
_SIDE_CAPTION = re.compile(r"\n|;\s(?=[A-Z])")
LABEL_CHARACTERS = 30
_HEADING_LABELS = ("section", "length", "headline", "byline", "dateline", "standfirst")
_CLOSING_LABELS = ("graphic", "language", "tags", "closing", "classification")


def read_nexis(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    return read_html(stream, max_bytes, _documents)


def _documents(html: str) -> Iterator[Part]:
    if "<" in html[:200]:
        return documents(line for piece in _PART.split(html) for line in lines_of(tree_of(piece)))
    return documents(_paragraphs(html))


def documents(lines: Iterable[str]) -> Iterator[Part]:
    """The documents in the lines of an export; each line a paragraph, a heading or a field."""
    number = 0
    for found in _split(lines):
        article = _article(found)
        if article:
            number += 1
            yield article
        elif found.has_text:
            yield Unread(None, "bad-record", f"document {number + 1} has no text below a line of its length (Length: … words)")
    if not number:
        yield Unread(None, "no-article", "it looks like an export of Nexis, but no document of it has a text")


@dataclass(slots=True)
class _Found:
    """The lines of a document: `top` without a label, above the text; `fields` with one; `body`; what comes after has labels."""

    top: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    numbered: bool = False
    open: bool = False
    closed: bool = False
    awaited: str | None = None

    @property
    def has_text(self) -> bool:
        return self.open or len(self.top) > 4


def _split(lines: Iterable[str]) -> Iterator[_Found]:
    found = _Found()
    for line in lines:
        if _is_mark("end", line) or _NUMBER.match(line):
            if found.fields:
                yield found
            found = _Found(numbered=bool(_NUMBER.match(line)))
        else:
            _take(found, line)
    if found.fields:
        yield found


def _take(found: _Found, line: str) -> None:
    label, value = _labelled(line, found)
    if _is_mark("body", line) and not found.body and (found.open if found.numbered else not found.open):
        found.open = True
    elif label and (label in _HEADING_LABELS or label in _CLOSING_LABELS):
        found.closed = found.closed or (label in _CLOSING_LABELS and bool(found.body))
        found.fields.setdefault(label, value)
        found.awaited = None if value else label
        found.open = found.open or (label == "length" and found.numbered)
    elif found.awaited:
        found.fields[found.awaited] = line
        found.awaited = None
    elif found.closed:
        return
    elif found.open:
        found.body.append(" ".join(line.split()))
    else:
        found.top.append(line)


def _labelled(line: str, found: _Found) -> tuple[str | None, str]:
    """(kind of field, value) of "Byline: Ann Reed", where such a field may stand.

    A paragraph of the text may begin like one ("Notes: …"). In the old layout labels are in capitals; in the new one the text
    ends with a label that stands alone or is no word of a text, as "Load-Date"."""
    label, colon, value = line.partition(":")
    name = label.strip().lower()
    kind = _labels().get(name) if len(name) <= LABEL_CHARACTERS else None
    if kind is None or (kind in _HEADING_LABELS and (found.body or not colon)):
        return None, ""
    if found.numbered:
        return (kind, value.strip()) if colon and label.isupper() else (None, "")
    if (
        kind in _CLOSING_LABELS
        and found.body
        and not found.closed
        and colon
        and kind != "closing"
        and not (kind == "language" and language_code(value))
    ):
        return None, ""
    return kind, value.strip()


def _article(found: _Found) -> ExportedArticle | None:
    body = [line for line in found.body if not _RIGHTS.match(line) and not (_COPYRIGHT.match(line) and len(line) < 200)]
    if not body:
        return None
    fields = found.fields
    headline, publication, printed = _top(found)
    headline = fields.get("headline") or headline
    language = language_code(fields.get("language"))
    return ExportedArticle(
        None,
        given(
            id=identity("nexis", f"{publication}|{printed}|{headline}|{fields.get('length')}") if headline and printed else None,
            headline=headline,
            standfirst=" ".join(fields.get("standfirst", "").split()),
            html=paragraphs_html(body),
            captions=[{"text": text.strip()} for text in _SIDE_CAPTION.split(fields.get("graphic", "")) if text.strip()],
            byline=fields.get("byline"),
            dateline=place_of(fields.get("dateline")),
            section=section_of(fields.get("section")),
            tags=[tag.strip() for tag in _PERCENT.sub("", fields.get("tags", "")).split(";") if tag.strip()],
            publisher=publication,
            language=language,
            **dated("published", printed),
        ),
    )


def _top(found: _Found) -> tuple[str | None, str | None, str | None]:
    """(headline, publication, date) of the lines without a label. They stand in this order, or before 2019 publication, date,
    headline; behind the date there may be more lines with the edition."""
    lines = [kept for line in found.top if (kept := _without_copyright(line))]
    date_at = next((at for at, line in enumerate(lines) if at > 0 and is_date(line.partition("\n")[0])), None)
    if date_at is None:
        return (lines[-1] if found.numbered else lines[0]) if lines else None, None, None
    printed = lines[date_at].partition("\n")[0]
    if found.numbered:
        rest = [line for line in lines[date_at + 1 :] if not _EDITION.match(line)]
        return " ".join(" ".join(rest).split()) or None, lines[date_at - 1], printed
    headline = " ".join(" ".join(lines[: date_at - 1]).split()) or lines[0]
    return headline, lines[date_at - 1] if date_at > 1 else None, printed


def _without_copyright(line: str) -> str:
    """ "Copyright 2022 River Ltd\\nAll Rights Reserved\\nRiver Post" is "River Post"."""
    parts = line.split("\n")
    rights = next((at for at, part in enumerate(parts) if _RIGHTS.match(part)), None)
    if rights is None:
        return "" if _COPYRIGHT.match(line) else line
    return "\n".join(parts[rights + 1 :])


def _is_mark(kind: str, line: str) -> bool:
    return line.strip(" :").lower() in _marks(kind)


@cache
def _marks(kind: str) -> frozenset[str]:
    return frozenset(read_lexicon(PACKAGE, "labels").of(kind))


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    lexicon = read_lexicon(PACKAGE, "labels")
    return {label: kind for kind in reversed(_HEADING_LABELS + _CLOSING_LABELS) for label in lexicon.of(kind)}


def _paragraphs(text: str) -> Iterator[str]:
    """Of a text file: blank lines part paragraphs, in which lines are wrapped."""
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = [" ".join(line.split()) for line in block.splitlines() if line.strip()]
        if lines:
            if any(_labels().get(line.partition(":")[0].lower()) for line in lines[1:]):
                yield from lines
            else:
                yield ("\n" if is_date(lines[0]) else " ").join(lines)


def _begins(start: bytes) -> bool:
    start = start.lower()
    return any(sign in start for sign in _DOCUMENT_SIGNS) and bool(_DOCUMENT.search(start) and _LENGTH.search(start))


FORMAT = export_format("nexis", "pages saved from Nexis", (), read_nexis, _begins, within="html")
TEXT_FORMAT = export_format("nexis-text", "text saved from Nexis", (), read_nexis, _begins, within="text")
