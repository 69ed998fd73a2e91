"""A file -> the page in it, decompressed, within limits.

    SourceFile("news/a.html.gz", …) ──read_page──▶ RawPage("news/a.html.gz", data=b"<html>…")

Raises PageError: "unreadable", "undecodable" for a compressed file that breaks off, "too-large".
"""

import zlib
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from indexer.sources.folders import SourceFile, utc_text
from indexer.sources.raw_page import PageKind, RawPage
from search.errors import PAGE_ERRORS, PageError
from search.settings import Settings

EMBEDDED_FACTOR = 5
"""So many times `Settings.page_bytes` may a page take as it is stored, with the pictures that are embedded in it."""


Opener = Callable[[str, int], int]
"""As the builtin `open` takes it: a path and flags -> a file descriptor."""


def read_page(file: SourceFile, settings: Settings, opener: Opener | None = None) -> RawPage:
    """The page in a file that is no container, or of a record."""
    if file.problem:
        raise PageError(*file.problem)
    page = file.page or page_of(file, _read_file(file.path, stored_bytes(settings), opener), settings)
    return replace(page, language=file.language) if file.language else page


def page_of(file: SourceFile, stored: bytes, settings: Settings) -> RawPage:
    """The page that a file's content, given as it is stored, holds."""
    data = gunzip(stored, stored_bytes(settings)) if file.path.lower().endswith(".gz") else stored
    if file.kind == "mhtml":
        return _page_of_mhtml(file, data)
    kind: PageKind = "text" if file.kind == "text" else "html"
    return RawPage(file.source, file.stamp, data, kind, file.captured or None)


def stored_bytes(settings: Settings) -> int:
    """The most that is read of one page."""
    return settings.page_bytes * EMBEDDED_FACTOR


def gunzip(data: bytes, limit: int) -> bytes:
    """All members of a gzip file, together no more than `limit` bytes; what is appended to them is passed over."""
    members: list[bytes] = []
    while not members or data.startswith(b"\x1f\x8b"):
        engine = zlib.decompressobj(wbits=31)
        try:
            members.append(engine.decompress(data, limit + 1))
        except zlib.error as error:
            raise PageError("undecodable", f"{PAGE_ERRORS['undecodable']}: {error}") from error
        limit -= len(members[-1])
        if limit < 0:
            raise PageError("too-large", PAGE_ERRORS["too-large"])
        if not engine.eof:
            raise PageError("undecodable", f"{PAGE_ERRORS['undecodable']}: the compressed data is incomplete")
        data = engine.unused_data
    return b"".join(members)


def too_large(limit: int) -> PageError:
    return PageError("too-large", f"{PAGE_ERRORS['too-large']} of {limit:,} bytes (BROADSHEET_PAGE_BYTES)")


def unreadable(error: OSError) -> PageError:
    return PageError("unreadable", f"{PAGE_ERRORS['unreadable']}: {error.strerror or error}")


def _read_file(path: str, limit: int, opener: Opener | None) -> bytes:
    try:
        with open(path, "rb", opener=opener) as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise unreadable(error) from error
    if len(data) > limit:
        raise too_large(limit)
    return data


def _page_of_mhtml(file: SourceFile, data: bytes) -> RawPage:
    """The first HTML part of a page that a browser saved as one file, with the address and the day the browser noted."""
    message = message_from_bytes(data)
    part = next((part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    content = part.get_payload(decode=True) if part else None
    if part is None or not isinstance(content, bytes):
        raise PageError("not-a-page", "the MHTML file has no HTML part")
    return RawPage(
        source=file.source,
        stamp=file.stamp,
        data=content,
        captured=_saved(message) or file.captured or None,
        content_type=_header(part, "Content-Type"),
        url=_header(part, "Content-Location") or _header(message, "Snapshot-Content-Location"),
    )


def _header(part: Message, name: str) -> str | None:
    value = part.get(name)
    return str(value).strip() or None if value is not None else None


def _saved(message: Message) -> str | None:
    try:
        return utc_text(parsedate_to_datetime(_header(message, "Date") or "").timestamp())
    except (ValueError, OverflowError):
        return None
