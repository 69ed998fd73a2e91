"""A letter as mail programs store it -> the newsletter in it.

The HTML part is the text, else the plain part. Of a forwarded or attached letter the outer one counts, unless it has no words. A
mailbox is read a letter at a time; the lines "From …" part it (mboxrd and mboxo: ">From" in a text is "From").
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import CloseBoundaryNotFoundDefect, MessageError
from email.message import EmailMessage
from email.utils import getaddresses
from typing import BinaryIO

from indexer.sources.decode import decode
from indexer.sources.formats.exports.article import ExportedArticle, Part, Unread, given, identity, paragraphs_html, web_address
from indexer.sources.formats.exports.dates import dated
from indexer.sources.formats.exports.records import export_format
from search.errors import PageError

_FROM_LINE = re.compile(rb"From \S+ (?>.*?\d\d:\d\d).*\d{4}|From \S*\s*$|From - ")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_PREHEADER = re.compile(
    r"<(div|span|td|p)\b[^<>]{0,2000}style\s{0,9}=\s{0,9}[\"'][^\"'<>]{0,2000}"
    r"(?:display\s{0,9}:\s{0,9}none|mso-hide\s{0,9}:\s{0,9}all|font-size\s{0,9}:\s{0,9}0|max-height\s{0,9}:\s{0,9}0)"
    r"[^\"'<>]{0,2000}[\"'][^<>]{0,2000}>[^<]{0,5000}</\1>",
    re.IGNORECASE,
)
_LAYOUT = re.compile(r"<(/?)(?:table|tbody|thead|tfoot|tr|td|th|center|font)\b[^<>]*>", re.IGNORECASE)
_ONLINE = ("Archived-At", "List-Archive-Item", "X-Newsletter-Url", "Content-Location")


def read_letter(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    data = stream.read(max_bytes + 1)
    yield _letter(data, max_bytes, None)


def read_mailbox(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    """A letter that is too large is reported, and the next one read."""
    lines: list[bytes] = []
    size, number, before = 0, 0, b"\n"
    for line in _lines(stream):
        if line.startswith(b"From ") and not before.strip() and _FROM_LINE.match(line):
            if number:
                yield _letter(b"".join(lines), max_bytes, number)
            number, size, lines = number + 1, 0, []
        elif size <= max_bytes:
            lines.append(line)
            size += len(line)
        before = line
    if number:
        in_header = all(line.strip() for line in lines)
        last = _letter(b"".join(lines), max_bytes, number)
        if not in_header:
            yield last
        if in_header or (isinstance(last, ExportedArticle) and last.cut):
            yield Unread(None, "undecodable", "the mailbox breaks off within its last letter")
    else:
        yield Unread(None, "bad-record", "the mailbox has no line that begins a letter (From …)")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines, those without end in pieces."""
    while line := stream.readline(1 << 16):
        yield line


def _letter(data: bytes, max_bytes: int, number: int | None) -> Part:
    if len(data) > max_bytes:
        return Unread(
            str(number) if number else None, "too-large", f"the letter is larger than {max_bytes:,} bytes (BROADSHEET_PAGE_BYTES)"
        )
    if number:
        data = _QUOTED_FROM.sub(rb"\1", data)
    try:
        message = message_from_bytes(data, policy=policy.default)
    except RecursionError:
        return Unread(str(number) if number else None, "too-complex", "the letter has parts within parts, too deeply")
    if not {"from", "subject", "date"} & {name.lower() for name in message}:
        return Unread(str(number) if number else None, "bad-record", "it has no header of a letter (From, Subject or Date)")
    own = (_header(message, "Message-ID") or "").strip("<>") or None
    try:
        html = _html(message)
        attached = None if html else _attached(message)
        if attached:
            message, html = attached, _html(attached)
    except PageError as error:
        return Unread(own, error.code, str(error))
    if html is None:
        return Unread(own, "no-article", "the letter has no text")
    return _article(message, own, html)


def _attached(message: EmailMessage) -> EmailMessage | None:
    """The letter that one without words of its own forwards."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            return inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage) else None
    return None


def _article(message: EmailMessage, own: str | None, html: str) -> ExportedArticle:
    url = web_address(next((value.strip("<> ") for name in _ONLINE if (value := _header(message, name))), None))
    names = [name or address for name, address in getaddresses([_header(message, "From") or ""])]
    listed = re.sub(r"\s*<[^>]*>\s*$", "", _header(message, "List-Id") or "").strip("\"' ")
    return ExportedArticle(
        own,
        given(
            id=identity("mail", own, url),
            url=url,
            headline=_header(message, "Subject"),
            html=html,
            authors=[name for name in names if name],
            publisher=listed or None,
            **dated("published", _header(message, "Date")),
            language=(_header(message, "Content-Language") or "").partition(",")[0].strip() or None,
        ),
        cut="its last part has no end"
        if any(isinstance(fault, CloseBoundaryNotFoundDefect) for fault in message.defects)
        else None,
    )


def _header(message: EmailMessage, name: str) -> str | None:
    """Decoded; what cannot be is as it stands."""
    try:
        value = message.get(name)
    except (
        MessageError,
        ValueError,
        IndexError,
        AttributeError,
        TypeError,
        KeyError,
    ):  # what the parser of headers raises at some
        value = next((raw for key, raw in message.raw_items() if key.lower() == name.lower()), None)
    return " ".join(str(value).split()) or None if value is not None else None


def _html(message: EmailMessage) -> str | None:
    html = plain = None
    for part in _parts(message):
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in ("text/html", "text/plain"):
            continue
        text = _text(part)
        if kind == "text/html" and html is None and text.strip():
            html = text
        elif kind == "text/plain" and plain is None and text.strip():
            plain = text
    if html:
        return _LAYOUT.sub(r"<\1div>", _PREHEADER.sub("", html))
    return paragraphs_html(re.split(r"\n\s*\n", _unflowed(plain))) if plain else None


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts of the letter, not those of letters attached to it."""
    if message.get_content_maintype() == "multipart":
        for part in message.iter_parts():
            if isinstance(part, EmailMessage):
                yield from _parts(part)
    elif message.get_content_type() != "message/rfc822":
        yield message


def _text(part: EmailMessage) -> str:
    """By the declared charset; of 8-bit bytes that are not of it, by the rule for pages."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return ""
    return decode(payload, f"text/html; charset={part.get_content_charset() or 'utf-8'}")


def _unflowed(text: str) -> str:
    """RFC 3676: a line that ends in a blank runs on. A line of hyphens and a blank begins the signature."""
    return re.split(r"^-- ?\r?$", text.replace("\r\n", "\n"), maxsplit=1, flags=re.MULTILINE)[0]


LETTER = export_format("letter", "newsletters", (".eml",), read_letter)
MAILBOX = export_format(
    "mailbox", "mailboxes", (".mbox", ".mbx"), read_mailbox, lambda head: _FROM_LINE.match(head.partition(b"\n")[0]) is not None
)
