"""MHTML: a page that a browser saved with its pictures in one file, as the parts of a mail.

b"From: <Saved by Blink>…" -> RawPage(…, url="https://…", content_type="text/html; charset=windows-1252")
"""

import re
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, SourceFile, utc_text
from search.errors import PageError
from search.settings import Settings

_MULTIPART = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)


def _begins(head: bytes) -> bool:
    return bool(_MULTIPART.match(head))


def _page(file: SourceFile, data: bytes, _: Settings) -> RawPage:
    """The first HTML part, with the address and the day the browser noted."""
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


FORMAT = Format("mhtml", "pages saved by browsers as one file", (".mhtml", ".mht"), _begins, _page)
