"""A stream of XML -> the elements that hold an article each, one at a time, with no more of the file in memory.

    for item in xml_items(stream, ("item",), 10_000_000): …

No DTD or address is opened, and an element may take a bounded number of bytes. Exports are often not quite XML: control
characters, the names of HTML (&nbsp;), a bare &, and bytes that are not of the encoding are mended on the way. Of the entities
that a file declares, those that stand for plain words are read; what is no entity at all is text as in a browser: "AT&T;". After
other damage what can still be read is, and the rest is reported.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from html import unescape
from html.entities import html5
from typing import IO, cast

from lxml import etree

from indexer.sources.decode import codec_of
from indexer.sources.formats.exports.article import Unread

CHUNK_BYTES = 1 << 16
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,200}\?>")
_DECLARED = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']\s*([^\s\"'>]+)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_ENTITY = re.compile(r"&(?:(\w{1,31});|#(?:\d{1,30}|x[0-9a-fA-F]{1,30});)?")
# <!ENTITY paper "The River Post">
_DECLARED_ENTITY = re.compile(r"<!ENTITY\s{1,20}(\w{1,31})\s{1,20}(?:\"([^\"<>&%]{0,200})\"|'([^'<>&%]{0,200})')\s{0,20}>")
_MAX_ENTITY_CHARACTERS = 40
_CDATA, _CDATA_END = "<![CDATA[", "]]>"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return broken.decode("cp1252", "replace"), error.end


codecs.register_error("broadsheet-windows-1252", _as_windows_1252)


def xml_items(stream: IO[bytes], tags: Iterable[str], max_bytes: int) -> Iterator["etree._Element | Unread"]:
    """The elements of these names in any namespace, in the order of their ends; what stands beside them before the first stays
    there to be looked at, what follows is dropped. The last may be a report of what could not be read."""
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    since_last, end = 0, b""
    kept = _Kept()
    for text in _clean(_decoded(stream)):
        data = text.encode("utf-8", "replace")
        parser.feed(data)
        since_last += len(data)
        end = data.rstrip() or end
        for _, found in parser.read_events():
            element = cast(etree._Element, found)
            since_last = 0
            yield element
            kept.drop(element)
        if since_last > max_bytes:
            yield Unread(
                None, "too-large", f"an article is larger than {max_bytes:,} bytes (BROADSHEET_PAGE_BYTES); it ends the reading"
            )
            return
        if any("RESOURCE_LIMIT" in error.type_name for error in parser.feed_error_log):
            yield Unread(
                None,
                "too-complex",
                "the mark-up is nested too deeply, or entities are, or a text is too long; it ends the reading",
            )
            return
    yield from _end(parser, in_a_tag=not end.endswith(b">"))


def _end(parser: "etree.XMLPullParser", in_a_tag: bool) -> Iterator["etree._Element | Unread"]:
    """What is only complete now, unless the file breaks off: then its last element was closed by the parser. `in_a_tag`: the
    error of a tag that is cut off behind its < is also that of a < in a text."""
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        yield Unread(None, "undecodable", f"the file is not XML: {error.msg}")
        return
    errors = [error for error in parser.feed_error_log if error.level == etree.ErrorLevels.FATAL]
    broken_off = in_a_tag or any(
        error.type_name in ("ERR_TAG_NOT_FINISHED", "ERR_DOCUMENT_END", "ERR_CDATA_NOT_FINISHED") for error in errors
    )
    if not broken_off:
        yield from (cast(etree._Element, found) for _, found in parser.read_events())
    if errors:
        first = errors[0]
        places = "1 place is" if len(errors) == 1 else f"{len(errors):,} places are"
        what = "the file breaks off" if broken_off else f"{places} not XML"
        yield Unread(None, "undecodable", f"{what} (line {first.line}: {first.message}); what could be read before and after was")


def local_name(element: "etree._Element") -> str:
    """The name of an element without its namespace, or without its prefix where no namespace is declared for that: Word's <o:p>
    in a page that was made in Word."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


class _Kept:
    """Drops elements that have been read. `_before`: the sibling before the first of them, which stays, of this parent."""

    def __init__(self) -> None:
        self._parent: etree._Element | None = None
        self._before: etree._Element | None = None

    def drop(self, element: "etree._Element") -> None:
        parent = element.getparent()
        if parent is None:
            return
        if parent is not self._parent:
            self._parent, self._before = parent, element.getprevious()
        element.clear()
        # The parser may be ahead of the reading by many siblings: what follows stays, and none are counted.
        while (read := element.getprevious()) is not None and read is not self._before:
            parent.remove(read)


def _decoded(stream: IO[bytes]) -> Iterator[str]:
    """The text by byte order mark or declaration, else UTF-8; what is not of the encoding is read as windows-1252."""
    chunk = stream.read(CHUNK_BYTES)
    decoder = codecs.getincrementaldecoder(_codec(chunk))(errors="broadsheet-windows-1252")
    start = _DECLARATION.sub("", decoder.decode(chunk).removeprefix("\ufeff"), count=1).lstrip()
    yield start
    while chunk := stream.read(CHUNK_BYTES):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _codec(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[:4] in (b"<\0?\0", b"<\0r\0"):
        return "utf-16-le"
    declared = _DECLARED.search(start[:300])
    codec = codec_of(declared[1].decode("ascii", "replace")) if declared else None
    return codec if codec and not codec.startswith("utf-16") else "utf-8"


def _clean(texts: Iterable[str]) -> Iterator[str]:
    """Without characters and references that XML does not have; CDATA stays as it is."""
    rest, in_cdata, mended = "", False, partial(_mended, declared={})
    for number, text in enumerate(texts):
        rest += _ILLEGAL.sub("", text)
        if not number:
            mended = partial(_mended, declared={name: one or other for name, one, other in _DECLARED_ENTITY.findall(rest)})
        done, rest, in_cdata = _clean_part(rest, in_cdata, mended)
        yield done
    yield rest if in_cdata else _ENTITY.sub(mended, rest)


def _clean_part(text: str, in_cdata: bool, mended: Callable[[re.Match[str]], str]) -> tuple[str, str, bool]:
    """What is clean of the text, what has to wait for its other half, and whether that is in CDATA."""
    done, start = [], 0
    while True:
        mark = _CDATA_END if in_cdata else _CDATA
        at = text.find(mark, start)
        end = at + len(mark) if at >= 0 else len(text) - _waiting(text[max(start, len(text) - _MAX_ENTITY_CHARACTERS) :])
        piece = text[start:end]
        done.append(piece if in_cdata else _ENTITY.sub(mended, piece))
        if at < 0:
            return "".join(done), text[end:], in_cdata
        start, in_cdata = end, not in_cdata


def _waiting(text: str) -> int:
    """How many of the last characters of a text may be half a reference or half a mark."""
    at = max(text.rfind("&"), text.rfind("<"), text.rfind("]]"), len(text) - 1 if text.endswith("]") else -1)
    return len(text) - at if at >= 0 else 0


def _mended(found: re.Match[str], declared: Mapping[str, str]) -> str:
    """A reference as XML has it; what is none is text. A number of a control character means what it does in windows-1252."""
    name = found[1]
    if name in _XML_ENTITIES:
        return found[0]
    if name is None:
        letters = unescape(found[0]) if len(found[0]) > 1 else "&"
    else:
        letters = html5.get(f"{name};") or declared.get(name) or found[0]
    return _ILLEGAL.sub("", letters).translate(_ESCAPED)


_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;"})
