"""The bytes of a page -> its text, decided as browsers do, and by the text where nothing is declared.

    >>> decode("<meta charset=iso-8859-1><p>Évian “talks”".encode("cp1252"), None)
    '<meta charset=iso-8859-1><p>Évian “talks”'

In this order: a byte order mark; what the Content-Type header declares; what the first 4 KB declare; UTF-8 if the bytes
are UTF-8; what the text looks like (encodings.py). A declaration that the bytes or the text plainly contradict is passed over.
"""

import codecs
import re
from dataclasses import dataclass

from indexer.sources.encodings import beyond_ascii, decode_as, doubts, guess_codec
from search.errors import PAGE_ERRORS, PageError

PRESCAN_BYTES = 4_096
SAMPLE_BYTES = 16_384
BINARY_SHARE = 0.03
"""A text has hardly any control characters; in compressed data or pictures every tenth byte is one."""
SURE_SEQUENCES = 10
"""So many well-formed multi-byte sequences, and no ill-formed one, are UTF-8 whatever the page declares."""

_BLANK = re.compile(rb"(?:[\0 \t\r\n\f]|\xef\xbb\xbf)*")


@dataclass(frozen=True, slots=True)
class Decoded:
    """utf8: the text in UTF-8: mostly the very bytes. encoding: as people call it, "windows-1251". remark: why it was taken,
    where that is a guess; None where the page declares it or is UTF-8."""

    utf8: bytes
    encoding: str = "utf-8"
    remark: str | None = None


def decode(data: bytes, content_type: str | None) -> str:
    """The text of a page; never fails on a wrong character, which becomes U+FFFD.

    Raises PageError "empty" for nothing but white space, "not-a-page" for content that is no text."""
    return decode_page(data, content_type).utf8.decode()


def decode_page(data: bytes, content_type: str | None) -> Decoded:
    """The text that `decode` gives, and how it was decoded. Raises what `decode` raises."""
    if not data or data.isspace():
        raise PageError("empty", PAGE_ERRORS["empty"])
    found = _decode_marked(data) or _decode_declared(data, content_type)
    if _BLANK.fullmatch(found.utf8):
        raise PageError("empty", PAGE_ERRORS["empty"])
    utf8 = found.utf8.replace(b"\0", b"") if b"\0" in found.utf8 else found.utf8
    if mended := _mend_twice_encoded(utf8):
        return Decoded(mended, found.encoding, "its characters were encoded in UTF-8 twice")
    return found if utf8 is found.utf8 else Decoded(utf8, found.encoding, found.remark)


def _decode_marked(data: bytes) -> Decoded | None:
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return _decoded(data[len(mark) :].decode(codec, "replace"), codec)
    return None


def _decode_declared(data: bytes, content_type: str | None) -> Decoded:
    declared = _header_codec(content_type)
    if utf16 := _unmarked_utf16(data):
        return _decoded(data.decode(utf16, "replace"), utf16)
    if declared and declared.startswith("utf-16"):
        if b"\0" in data:
            return _decoded(data.decode(declared, "replace"), declared)
        declared = None  # mark-up, blanks and ends of lines have zero bytes in UTF-16
    _refuse_binary(data)
    return _decode_as(data, declared or _page_codec(data))


def _decode_as(data: bytes, declared: str | None) -> Decoded:
    """The text by the declared codec, or by the one that the bytes show where that cannot be right."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_not_quite_utf8(data, declared) if declared in (None, "utf-8") else _decode_legacy(data, declared)
    if declared is None and _ISO_2022_JP.search(data):
        return _decoded(data.decode("iso2022_jp", "replace"), "iso2022_jp", NOTHING_DECLARED)
    if declared in (None, "utf-8") or (data.isascii() and declared != "iso2022_jp"):
        return Decoded(data)
    sequences = len(data) - len(data.translate(None, bytes(range(0xC0, 0x100))))
    return Decoded(data) if sequences >= (SURE_SEQUENCES if declared in _MULTI_BYTE else 1) else _decode_legacy(data, declared)


NOTHING_DECLARED = "guessed by its text: it declares none"
NOT_UTF_8 = "guessed by its text: it declares UTF-8"


def _decode_not_quite_utf8(data: bytes, declared: str | None) -> Decoded:
    """Text that is UTF-8 with a few broken characters, such as one cut at the end, or in an encoding that must be guessed."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = beyond_ascii(text) - broken
    if whole > broken:
        return _decoded(text, "utf-8")
    codec = guess_codec(data)
    return _decoded(
        decode_as(data, codec), codec, NOTHING_DECLARED if declared is None else "guessed by its text: it declares UTF-8"
    )


def _decode_legacy(data: bytes, declared: str) -> Decoded:
    if other := doubts(data, declared):
        return _decoded(decode_as(data, other), other, f"guessed by its text: it declares {name_of(declared)}")
    return _decoded(decode_as(data, declared), declared)


def _decoded(text: str, codec: str, remark: str | None = None) -> Decoded:
    return Decoded(text.encode("utf-8", "replace"), name_of(codec), remark)


_NAMES = {
    "cp932": "shift_jis", "cp949": "euc-kr", "big5hkscs": "big5", "euc_jp": "euc-jp", "iso2022_jp": "iso-2022-jp",
    "cp866": "ibm866", "mac-roman": "macintosh", "mac-cyrillic": "x-mac-cyrillic",
}  # fmt: skip


def name_of(codec: str) -> str:
    """What the web calls Python's codec: "cp1251" -> "windows-1251", "iso8859-2" -> "iso-8859-2"."""
    return _NAMES.get(codec) or re.sub("^cp(?=[18])", "windows-", re.sub("^iso(?=8)", "iso-", codec))


# A character of UTF-8 whose bytes were taken for windows-1252 and encoded again: "é" as "Ã©", "’" as "â€™".
_TWICE = re.compile(
    rb"\xc3[\x82-\xb4](?:\xc2[\x80-\xbf]|\xc5[\x92\x93\xa0\xa1\xb8\xbd\xbe]|\xc6\x92|\xcb[\x86\x9c]|\xe2\x80[\x93-\xba]|\xe2\x82\xac"
    rb"|\xe2\x84\xa2){1,3}"
)
_BYTE_OF = {ord(decode_as(bytes([byte]), "cp1252")): byte for byte in range(0x80, 0x100)}
_FIRST_BYTES = bytes(range(0xC0, 0x100))
"""Of characters beyond ASCII in UTF-8."""
MIN_TWICE_ENCODED = 3
"""Characters; fewer may be an example of the fault."""


def _mend_twice_encoded(utf8: bytes) -> bytes | None:
    """The text if most of its characters beyond ASCII were encoded twice, else None."""
    mended = 0

    def mend(match: re.Match[bytes]) -> bytes:
        nonlocal mended
        try:
            once = bytes(_BYTE_OF[ord(char)] for char in match[0].decode())
            once.decode()
        except (KeyError, UnicodeDecodeError):
            return match[0]
        mended += 1
        return once

    if utf8.count(b"\xc3") < MIN_TWICE_ENCODED or len(_TWICE.findall(utf8)) < MIN_TWICE_ENCODED:
        return None
    text = _TWICE.sub(mend, utf8)
    characters = len(text) - len(text.translate(None, _FIRST_BYTES))
    return text if mended >= MIN_TWICE_ENCODED and mended * 2 >= characters else None


_MULTI_BYTE = ("gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "iso2022_jp")
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_META_CHARSET = re.compile(rb"<meta\s[^<>]*?charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\A\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']\s*([^\s\"'>]+)", re.IGNORECASE)


def _header_codec(content_type: str | None) -> str | None:
    found = _HEADER_CHARSET.search(content_type or "")
    return codec_of(found[1]) if found else None


def _page_codec(data: bytes) -> str | None:
    start = _COMMENT.sub(b"", data[:PRESCAN_BYTES])
    found = _XML_ENCODING.search(start) or _META_CHARSET.search(start)
    codec = codec_of(found[1].decode("ascii", "replace")) if found else None
    # A declaration that could be read as ASCII is not in UTF-16, whatever it says.
    return "utf-8" if (codec or "").startswith("utf-16") else codec


# Labels that browsers read otherwise than Python does: https://encoding.spec.whatwg.org/#names-and-labels
_LABELS = {
    "cp1252": "ascii us-ascii ansi_x3.4-1968 iso-8859-1 iso8859-1 iso_8859-1 iso88591 latin1 l1 cp819 x-user-defined",
    "cp1254": "iso-8859-9 iso8859-9 iso_8859-9 latin5 l5",
    "cp874": "iso-8859-11 iso8859-11 tis-620 windows-874 dos-874",
    "gb18030": "gb2312 gbk gb_2312-80 x-gbk cp936 chinese iso-ir-58 csgb2312",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j csshiftjis",
    "cp949": "euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean windows-949 cseuckr iso-ir-149",
    "euc_jp": "x-euc-jp cseucpkdfmtjapanese",
    "iso8859-8": "iso-8859-8-i logical visual",
    "mac-roman": "macintosh x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "utf-8": "unicode-1-1-utf-8 x-unicode20utf8 utf-8n",
    "utf-16-le": "utf-16 unicode ucs-2 iso-10646-ucs-2 csunicode unicodefeff",
}
_CODEC_OF_LABEL = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
# Python knows many more codecs (utf-7, idna, base64 …) that a page must not choose.
_WEB_CODEC = re.compile(
    r"utf-8|utf-16-[lb]e|cp125\d|cp874|cp866|cp932|cp949|iso8859-\d+|koi8-[ru]|gb18030|big5hkscs|euc_jp|iso2022_jp"
    r"|mac-(?:roman|cyrillic)"
)


def codec_of(label: str) -> str | None:
    """Python's codec for a charset label as browsers understand it; None for one that they do not take."""
    label = label.strip().lower()
    name = _CODEC_OF_LABEL.get(label, label.removeprefix("x-") if label.startswith("x-cp") else label)
    try:
        name = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return name if _WEB_CODEC.fullmatch(name) else None


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark shows by its mark-up: every second byte is 0."""
    sample = data[: PRESCAN_BYTES // 2 * 2]
    if b"\0" not in sample:
        return None
    pairs = len(sample) // 2
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    if pairs and max(high, low) > 0.3 * pairs and min(high, low) < 0.03 * pairs:
        return "utf-16-be" if high > low else "utf-16-le"
    return None


_MAGIC = (
    (b"%PDF-", "PDF"), (b"\x89PNG", "PNG"), (b"GIF8", "GIF"), (b"\xff\xd8\xff", "JPEG"), (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "gzip"), (b"BZh9", "bzip2"), (b"7z\xbc\xaf", "7z"), (b"\x28\xb5\x2f\xfd", "Zstandard"), (b"\xfd7zXZ", "xz"),
    (b"\x7fELF", "ELF"), (b"\xd0\xcf\x11\xe0", "Office"), (b"SQLite format 3", "SQLite"), (b"wOF", "font"),
)  # fmt: skip
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\f\r\x0e\x0f\x1b"))  # ISO-2022 shifts with 0E, 0F and 1B


def _refuse_binary(data: bytes) -> None:
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise PageError("not-a-page", f"the content is a {name} file, not text or HTML")
    sample = data[:SAMPLE_BYTES]
    if len(sample) - len(sample.translate(None, _CONTROLS)) > BINARY_SHARE * len(sample):
        raise PageError("not-a-page", f"{PAGE_ERRORS['not-a-page']}: too many control characters")
