"""Where a request ends, found while its bytes come in.

    the bytes so far ──▶ whether the head, the body or nothing more is awaited, and the bytes that were sent ahead

It decides when a request is handed to gunicorn's parser, never what the request says. The parser is given the bytes up to the
end found here and nothing else, so a request that the two read differently is refused: none can be smuggled in behind another.
"""

import re
from enum import Enum, auto

MAX_HEAD_BYTES = 1_000_000
"""A longer head is handed over as it is: the parser refuses it."""
MAX_CHUNK_LINE_BYTES = 8_190
"""gunicorn's own limit for the line that tells the size of a chunk."""
_BODY_FIELD = re.compile(rb"\r\n(content-length|transfer-encoding)[ \t]*:([^\r\n]*)", re.I)
_EXPECTS_CONTINUE = re.compile(rb"[^\r\n]* HTTP/1\.1\r\n(?:.*\r\n)?expect:[ \t]*100-continue[ \t]*\r\n", re.I | re.DOTALL)
_HEXADECIMAL = re.compile(rb"[0-9a-fA-F]+")


class Extent(Enum):
    HEAD = auto()
    """The head is still coming."""
    BODY = auto()
    """The head is there, the body still coming."""
    WHOLE = auto()
    """All is there."""
    TOO_LARGE = auto()
    """The body is longer than the limit, and is not taken in."""
    UNCLEAR = auto()
    """Malformed or ambiguous: to be refused."""


class Incoming:
    """The bytes of one request, and of what a client sends behind it.

    >>> incoming = Incoming(max_body_bytes=10)
    >>> incoming.take(b"POST / HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\na").name, incoming.take(b"bGET").name, incoming.split()
    ('BODY', 'WHOLE', (b'POST / HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\nab', b'GET'))
    """

    def __init__(self, max_body_bytes: int) -> None:
        self.max_body_bytes = max_body_bytes
        self.data = bytearray()
        self.extent = Extent.HEAD
        self._body = 0  # where the body begins
        self._end: int | None = None  # where the request ends; None for a chunked one
        self._chunk = 0  # where the next chunk begins

    def take(self, data: bytes) -> Extent:
        searched = max(len(self.data) - 3, 0)
        self.data += data
        if self.extent is Extent.HEAD:
            self._find_head(searched)
        if self.extent is Extent.BODY:
            self._find_end()
        return self.extent

    def awaits_continue(self) -> bool:
        """Whether the client holds the body back until it is told to go on (RFC 9110, section 10.1.1)."""
        held_back = self.extent is Extent.BODY and len(self.data) == self._body
        return held_back and _EXPECTS_CONTINUE.match(self.data[: self._body]) is not None

    def is_chunked(self) -> bool:
        return self._body > 0 and self._end is None

    def split(self) -> tuple[bytes, bytes]:
        """The request, and what was sent ahead behind it."""
        end = len(self.data) if self._end is None else self._end
        return bytes(self.data[:end]), bytes(self.data[end:])

    def _find_head(self, searched: int) -> None:
        end = self.data.find(b"\r\n\r\n", searched)
        if end < 0:
            self.extent = Extent.UNCLEAR if len(self.data) >= MAX_HEAD_BYTES else Extent.HEAD
            return
        self._body = self._chunk = end + 4
        fields = [(name.lower(), value.strip(b" \t").lower()) for name, value in _BODY_FIELD.findall(self.data[: end + 2])]
        match fields:
            case []:
                self._end = self._body
                self.extent = Extent.WHOLE
            case [(b"transfer-encoding", b"chunked")]:
                self.extent = Extent.BODY
            case [(b"content-length", length)] if length.isdigit() and len(length) <= 18:
                self._end = self._body + int(length)
                self.extent = Extent.TOO_LARGE if int(length) > self.max_body_bytes else Extent.BODY
            case _:  # two lengths, a length and chunks, another coding
                self.extent = Extent.UNCLEAR

    def _find_end(self) -> None:
        if self._end is None:
            self._find_chunks()
        elif len(self.data) >= self._end:
            self.extent = Extent.WHOLE

    def _find_chunks(self) -> None:
        """Passes over the chunks that are there: "5", five bytes, … "0", trailers, an empty line."""
        while (end := self.data.find(b"\r\n", self._chunk, self._chunk + MAX_CHUNK_LINE_BYTES)) >= 0:
            size = self.data[self._chunk : end].partition(b";")[0].rstrip(b" \t")
            if not _HEXADECIMAL.fullmatch(size):
                self.extent = Extent.UNCLEAR
                return
            if int(size, 16) == 0:
                self._find_trailers(end)
                break
            self._chunk = end + 2 + int(size, 16) + 2
        if self.extent is Extent.BODY and max(self._chunk, len(self.data)) - self._body > self.max_body_bytes:
            self.extent = Extent.TOO_LARGE
        elif self.extent is Extent.BODY and len(self.data) - self._chunk > MAX_CHUNK_LINE_BYTES:
            self.extent = Extent.UNCLEAR

    def _find_trailers(self, last: int) -> None:
        """`last` is where the line of the last chunk ends: an empty line follows it, or trailers and one."""
        end = last if self.data.startswith(b"\r\n", last + 2) else self.data.find(b"\r\n\r\n", last + 2)
        if end >= 0:
            self._end = end + 4
            self.extent = Extent.WHOLE
