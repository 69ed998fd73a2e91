"""The bytes of a page -> its text, decided as browsers do.

    >>> decode("<meta charset=iso-8859-1><p>Évian “talks”".encode("cp1252"), None)
    '<meta charset=iso-8859-1><p>Évian “talks”'

In this order: a byte order mark; what the Content-Type header declares; what the first 4 KB declare; UTF-8 if the bytes
are UTF-8; windows-1252. A declaration that the bytes plainly contradict is passed over.
"""

import codecs
import re

from search.errors import PAGE_ERRORS, PageError

PRESCAN_BYTES = 4_096
SAMPLE_BYTES = 16_384
BINARY_SHARE = 0.03
"""A text has hardly any control characters; in compressed data or pictures every tenth byte is one."""
SURE_SEQUENCES = 10
"""So many well-formed multi-byte sequences, and no ill-formed one, are UTF-8 whatever the page declares."""

_BLANK = re.compile(rb"(?:[\0 \t\r\n\f]|\xef\xbb\xbf)*")


def decode(data: bytes, content_type: str | None) -> str:
    """The text of a page; never fails on a wrong character, which becomes U+FFFD.

    Raises PageError "empty" for nothing but white space, "not-a-page" for content that is no text."""
    return to_utf8(data, content_type).decode()


def to_utf8(data: bytes, content_type: str | None) -> bytes:
    """The text that `decode` gives, in UTF-8: mostly the very bytes. Raises what `decode` raises."""
    if not data or data.isspace():
        raise PageError("empty", PAGE_ERRORS["empty"])
    text = _decode_marked(data)
    if text is None:
        text = _decode_declared(data, content_type)
    utf8 = data if text is None else text.encode("utf-8", "replace")
    if _BLANK.fullmatch(utf8):
        raise PageError("empty", PAGE_ERRORS["empty"])
    return utf8.replace(b"\0", b"") if b"\0" in utf8 else utf8


def _decode_marked(data: bytes) -> str | None:
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    return None


def _decode_declared(data: bytes, content_type: str | None) -> str | None:
    """None if the bytes are UTF-8; so too `_decode_as`."""
    declared = _header_codec(content_type)
    if utf16 := _unmarked_utf16(data):
        return data.decode(utf16, "replace")
    if declared and declared.startswith("utf-16"):
        if b"\0" in data:
            return data.decode(declared, "replace")
        declared = None  # mark-up, blanks and ends of lines have zero bytes in UTF-16
    _refuse_binary(data)
    return _decode_as(data, declared or _page_codec(data) or "utf-8")


def _decode_as(data: bytes, declared: str) -> str | None:
    """The text by the declared codec, or by the one that the bytes show where that cannot be right."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_not_quite_utf8(data) if declared == "utf-8" else _decode_other(data, declared)
    if declared == "utf-8" or (data.isascii() and declared != "iso2022_jp"):
        return None
    sequences = len(data) - len(data.translate(None, bytes(range(0xC0, 0x100))))
    return None if sequences >= (SURE_SEQUENCES if declared in _MULTI_BYTE else 1) else _decode_other(data, declared)


def _decode_not_quite_utf8(data: bytes) -> str:
    """Text said to be UTF-8: with a few broken characters it is, else it is windows-1252."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(char > "\x7f" for char in text) - broken
    return text if whole > broken else _decode_other(data, "cp1252")


_MULTI_BYTE = ("gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "iso2022_jp")
# Bytes that windows-1252 leaves undefined stay control characters, as in browsers; Python's codec refuses them.
_WINDOWS_1252 = str.maketrans({chr(byte): bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)})


def _decode_other(data: bytes, codec: str) -> str:
    return data.decode("latin-1").translate(_WINDOWS_1252) if codec == "cp1252" else data.decode(codec, "replace")


_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_META_CHARSET = re.compile(rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([^\s\"'/>;]+)", re.IGNORECASE)
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
