"""What a server answered, as a crawl file keeps it -> the page, decoded as the headers say or as the bytes show.

page_of_answer(b"HTTP/1.1 200 OK\\r\\nContent-Encoding: gzip\\r\\n\\r\\n\\x1f\\x8b…", …) -> RawPage(data=b"<html>…", …)
"""

import re
from dataclasses import dataclass
from functools import partial

from indexer.sources.decompress import GZIP, Decompressor, gunzip, inflate, unbrotli, unzstd
from indexer.sources.first_bytes import begins_as_html
from indexer.sources.raw_page import PageKind
from indexer.sources.source_file import HEAD_BYTES, too_large, undecodable

PAGE_STATUSES = ("200", "203", "206")
"""A page, one that a proxy changed, and part of one."""
MAX_HEADER_BYTES = 65_536
MAX_ENCODINGS = 3
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_HTML_TYPE = re.compile(r"\b(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
_UNTOLD_TYPE = re.compile(
    r"(?i)^[\s\"']*+(?:application/(?:octet-stream|x-unknown|unknown)|unknown/unknown|\*/\*|text|html|unk|none|binary/octet-stream|application/force-download|x-unknown/unknown)?[\s\"';,]*+$|^[^/]*$"
)
_DOCUMENT_TYPE = re.compile(r"(?i)pdf|msword|officedocument|opendocument|\brtf|epub|rfc822|postscript")


@dataclass(frozen=True, slots=True)
class Answer:
    """status: "" if there is none. headers: names in lower case. body: as it was sent."""

    status: str
    headers: dict[str, str]
    body: bytes


def read_answer(block: bytes) -> Answer:
    """An answer with its status line, or content alone."""
    if not block.startswith(b"HTTP/"):
        return Answer("", {}, block)
    end = _HEADERS_END.search(block, 0, MAX_HEADER_BYTES)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    first, *lines = head.decode("latin-1").splitlines() or [""]
    status = re.match(r"HTTP/[\d.]*\s+(\d{3})", first)
    return Answer(status[1] if status else "", read_headers(lines), body)


def read_headers(lines: list[str]) -> dict[str, str]:
    """Names in lower case; of one that comes twice the first, unless that is empty."""
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        if line[:1] in (" ", "\t") and name:
            headers[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            headers[name] = headers.get(name) or value.strip()
    return headers


def kind_of_content(content_type: str, body: bytes, is_text_page: bool = False) -> PageKind | str:
    """What is read of content of that type: "html" or, if texts are pages here, "text"; else what it is counted as."""
    if _HTML_TYPE.search(content_type):
        return "html"
    media_type = content_type.partition(";")[0].partition(",")[0].strip("\"' ").lower()
    if _UNTOLD_TYPE.match(media_type) or media_type == "text/plain":
        if begins_as_html(body[:HEAD_BYTES]):
            return "html"
        if media_type == "text/plain" and is_text_page:
            return "text"
    return media_type if "/" in media_type and len(media_type) < 80 else "untyped"


def decode_body(headers: dict[str, str], body: bytes, limit: int) -> tuple[bytes, str | None]:
    """The body without transfer and content encodings, which archives keep as the server sent them, and what is wrong with its
    end, if only a part can be decoded. Some archives keep the header though the body is decoded: that shows in the first bytes.

    Raises PageError "undecodable" if nothing of it can be decoded, "too-large"."""
    fault = None
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _without_chunks(body)
    encodings = [each.strip("\"' ").lower() for each in headers.get("content-encoding", "").split(",")]
    for encoding in reversed(encodings[:MAX_ENCODINGS]):
        decompressor = _decompressor(encoding, body)
        if decompressor is None or not body:
            continue
        decoded, why = decompressor(body, limit)
        if why and not decoded:
            if _is_plain(body):
                continue
            raise undecodable(why)
        body, fault = decoded, fault or why or None
    if len(body) > limit:
        raise too_large(limit)
    return body, fault


def _decompressor(encoding: str, body: bytes) -> Decompressor | None:
    if begins_as_html(body[:HEAD_BYTES]):
        return None
    match encoding:
        case "gzip" | "x-gzip":
            return gunzip if body.startswith(GZIP) else inflate  # some servers leave gzip's header out
        case "deflate":
            return gunzip if body.startswith(GZIP) else inflate
        case "br":
            return unbrotli
        case "zstd":
            return partial(unzstd, dictionary=None)
    return None


def _is_plain(body: bytes) -> bool:
    """Text that was decoded already, though it does not begin as HTML does."""
    sample = body[:HEAD_BYTES]
    return sum(byte < 9 or 13 < byte < 32 for byte in sample) * 100 <= len(sample)


_CHUNK = re.compile(rb"(?:\r?\n)?([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


def _without_chunks(body: bytes) -> bytes:
    """What stands in the chunks; a body that does not begin with one is taken as it is, and so is the rest from a bad one on."""
    pieces: list[bytes] = []
    at = 0
    while chunk := _CHUNK.match(body, at):
        length = int(chunk[1], 16)
        at = chunk.end() + length
        if not length:
            return b"".join(pieces)
        pieces.append(body[chunk.end() : at])
    if not pieces:
        return body
    return b"".join([*pieces, body[at:]])


def is_document(media_type: str) -> bool:
    """Whether content of that type, which is not read, may be an article."""
    return bool(_DOCUMENT_TYPE.search(media_type))
