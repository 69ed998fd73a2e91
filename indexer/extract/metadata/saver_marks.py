"""What the program that saved a page, or the web archive it came from, left in it -> the page's address, and when it was saved.

    >>> original_of("https://web.archive.org/web/20240506120000/https://beacon.example/truce.html")
    ('https://beacon.example/truce.html', '2024-05-06T12:00:00Z')

Toolbars and notes that archives put on a page are taken off it: they are no part of the text and hold dates of their own.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml.html import HtmlElement

from indexer.extract.body.page_elements import PageElements

MARKED_BYTES = 20_000
"""At the beginning and the end of a page, in which programs leave comments."""


@dataclass(frozen=True, slots=True)
class SaverMarks:
    """url: where the page was saved from. captured: when, as in Article. is_archived: both are a web archive's word. authors:
    names that a browser's reading view shows."""

    url: str | None = None
    captured: str | None = None
    is_archived: bool = False
    authors: tuple[str, ...] = ()


def take_marks(data: bytes, page: PageElements, url: str | None) -> SaverMarks:
    """What is noted on the page; takes off what is no part of it. data: its mark-up; url: where it was fetched from, if known."""
    is_reading_view = b"reader-" in data and any(kind.encode() in data for kind in _READING_VIEW)
    ends = data[:MARKED_BYTES] + b"\n" + data[-MARKED_BYTES:]
    named = list(_named_addresses(page))
    found = [(address, _instant(time)) for address, time in (*_in_comments(ends), *_in_elements(page, is_reading_view))]
    authors = tuple(_take_reading_view(page)) if is_reading_view else ()
    appended = _wayback_time(ends)
    linked = _wayback_address(page) if appended and not url else None
    if appended or _has_toolbar(page.tree):  # a page that tells its own address may still have the toolbar
        _take_toolbars(page)
    if capture := _capture_of(data, filter(None, (url, *named, *(address for address, _ in found)))):
        _take_toolbars(page)
        return SaverMarks(*capture, True, authors)
    noted = next((plain for address, _ in found if (plain := _plain(address))), None)
    if appended:
        return SaverMarks(url or noted or linked, appended, True, authors)
    return SaverMarks(noted, next((time for _, time in found if time), None), False, authors)


def _capture_of(data: bytes, addresses: Iterable[str]) -> tuple[str, str | None] | None:
    """The address that a web archive has kept the page of, and when."""
    if original := next(filter(None, map(original_of, addresses)), None):
        return original
    replayed = _REPLAYED.search(data, 0, MARKED_BYTES)
    return (html.unescape(replayed[1].decode("utf-8", "replace")), _instant(replayed[2].decode())) if replayed else None


# https://web.archive.org/web/20240506120000if_/https://…, https://archive.ph/2024.05.06-120000/https://…, and without the host
_ARCHIVED = re.compile(
    r"(?:https?:)?(?://[^/\s]+)?/(?:[\w.-]{1,40}/){0,4}?(\d{14}|\d{4}\.\d\d\.\d\d-\d{6})(?:[a-z]{2}_)?/(https?:/{1,2}[^/\s].*)$",
    re.IGNORECASE,
)
# __wm.wombat("https://beacon.example/truce.html","20240506120000", by which the Wayback Machine tells its scripts what they show
_REPLAYED = re.compile(rb"__wm\.wombat\(\s*\"(https?://[^\"\s]{1,2000})\"\s*,\s*\"(\d{14})\"")


# <!-- FILE ARCHIVED ON 12:00:00 May 06, 2024 AND RETRIEVED FROM THE INTERNET ARCHIVE ON 09:33:01 Mar 05, 2026.
_FILE_ARCHIVED = re.compile(
    rb"<!--\s{0,40}FILE ARCHIVED ON (\d\d:\d\d:\d\d) (\w{3}) (\d{1,2}), (\d{4}) AND RETRIEVED FROM THE\s{1,40}INTERNET ARCHIVE ON"
)
# /web/20240506120000*/https://…, where the toolbar lists all captures of the page
_CALENDAR = re.compile(r"(?:https?:)?(?://[^/\s]+)?/web/\d{0,14}\*/(https?://\S+)$")


def _wayback_time(ends: bytes) -> str | None:
    """When the Wayback Machine captured the page, by the note that it appends to every page."""
    note = _FILE_ARCHIVED.search(ends)
    return _instant(note.expand(rb"\3 \2 \4 \1 GMT").decode("utf-8", "replace")) if note else None


def _wayback_address(page: PageElements) -> str | None:
    """The address of a page of the Wayback Machine that does not name it itself: that of the toolbar, else of links that lead to
    this page, if all of a kind lead to one."""
    toolbar = [element.get("value", "") for element in page.of("input") if element.get("id") == "wmtbURL"]
    calendar, permanent, fragments = [], [], []
    for link in page.of("a"):
        href = link.get("href", "")
        if match := _CALENDAR.match(href):
            calendar.append(match[1])
        elif original := original_of(href):
            if "bookmark" in link.get("rel", "").lower().split() or _is_in_headline(link):
                permanent.append(original[0])
            elif "#" in href:
                fragments.append(original[0])
    for kind in (toolbar, calendar, permanent, fragments):
        addresses = {address.partition("#")[0] for address in kind}
        if len(addresses) == 1 and (plain := _plain(addresses.pop())):
            return plain
    return None


def _is_in_headline(link: HtmlElement) -> bool:
    parent = link.getparent()
    return parent is not None and parent.tag == "h1"


def original_of(address: str) -> tuple[str, str | None] | None:
    """The address that a web archive's address shows a capture of, and the time of that; None for any other address."""
    match = _ARCHIVED.match(address.strip()) if "/http" in address.lower() else None
    return (re.sub(r"^(https?:)/+", r"\1//", match[2]), _instant(match[1])) if match else None


# Comments: of Internet Explorer and Chrome, of SingleFile and of HTTrack.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(\S{1,2000})\s*-->")
_SINGLE_FILE = re.compile(
    r"<!--\s*Page saved with SingleFile\b.{0,200}?\burl:\s*(\S{1,2000}).{0,200}?saved date:\s*([^\n]{10,80})", re.DOTALL
)
_MIRRORED = re.compile(r"<!--\s*Mirrored from (\S{3,2000}) by HTTrack[^,>]{0,100}, ([^>]{10,40}?)\s*-->")


def _in_comments(ends: bytes) -> Iterator[tuple[str, str]]:
    if not any(map(ends.__contains__, (b"SingleFile", b"saved from url", b"HTTrack"))):  # quicker than the patterns
        return
    text = ends.decode("utf-8", "replace")
    for match in _SINGLE_FILE.finditer(text):
        yield match[1], match[2]
    for match in _SAVED_FROM.finditer(text):
        yield match[1], ""
    for match in _MIRRORED.finditer(text):
        yield match[1] if "://" in match[1] else f"http://{match[1]}", match[2]


_NOTED_ADDRESS = ("savepage-url", "source-url")
_NOTED_TIME = ("savepage-date", "created")


def _in_elements(page: PageElements, may_be_reading_view: bool) -> Iterator[tuple[str, str]]:
    """Notes of Save Page WE, Evernote, WebScrapBook and Firefox's reading view; last where relative addresses start from."""
    if source := page.tree.get("data-scrapbook-source"):
        yield source, page.tree.get("data-scrapbook-create", "")
    notes: dict[str, str] = {}
    for meta in page.of("meta"):
        name = (meta.get("name") or meta.get("itemprop") or "").lower()
        if name in (*_NOTED_ADDRESS, *_NOTED_TIME):
            notes.setdefault(name, meta.get("content") or "")
    address = next((notes[name] for name in _NOTED_ADDRESS if notes.get(name)), "")
    if address:
        yield address, next((notes[name] for name in _NOTED_TIME if notes.get(name)), "")
    for link in page.of("a") if may_be_reading_view else ():
        if "reader-domain" in link.get("class", "").split():
            yield link.get("href", ""), ""
    for base in page.of("base"):
        if (start := base.get("href", "")) and not start.endswith("/"):
            yield start, ""


def _named_addresses(page: PageElements) -> Iterator[str]:
    """Where the page says it is, in which a web archive may have put an address of its own."""
    for link in page.of("link"):
        if "canonical" in link.get("rel", "").lower().split():
            yield link.get("href", "")
    for meta in page.of("meta"):
        if (meta.get("property") or meta.get("name") or "").lower() in ("og:url", "twitter:url"):
            yield meta.get("content", "")


def _plain(address: str) -> str | None:
    """An address on the web, without its fragment; None for a home page."""
    address = html.unescape(address).strip().partition("#")[0]
    return address if re.match(r"https?://[^\s/]+\.[^\s/]+/[^\s]", address) else None


def _instant(text: str) -> str | None:
    """A time that programs write: "20240506120000", "2024-05-06T12:00:00Z", "Mon May 06 2024 14:00:00 GMT+0200 (CEST)", "Mon, 06
    May 2024 12:00:00 GMT"."""
    if digits := re.match(r"\s*(\d{4})[-.]?(\d\d)[-.]?(\d\d)[T -]?(\d\d):?(\d\d):?(\d\d)", text):
        parts = [int(part) for part in digits.groups()]
        try:
            return _utc(datetime(*parts, tzinfo=UTC))  # type: ignore[misc,arg-type]
        except ValueError:
            return None
    browser = re.match(r"\w{3} (\w{3}) (\d\d) (\d{4}) ([\d:]{8}) GMT([+-]\d{4})", text.strip())
    try:
        return _utc(parsedate_to_datetime(browser.expand(r"\2 \1 \3 \4 \5") if browser else text))
    except (ValueError, OverflowError):
        return None


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


# --- what is no part of the page --------------------------------------------------------------------------------------

_TOOLBARS = ("wm-ipp-base", "wm-ipp", "wm-ipp-print", "wm-capinfo", "wm-toolbar", "donato")
"""Ids in the Wayback Machine's toolbar."""


def _has_toolbar(tree: HtmlElement) -> bool:
    return any((element.get("id") or "").startswith("wm-ipp") for element in tree.iterfind("body/div"))


def _take_toolbars(page: PageElements) -> None:
    elements = {element.get("id"): element for element in page.of("div") if element.get("id")}
    page.take_off(element for name in _TOOLBARS if (element := elements.get(name)) is not None)
    if {"HEADER", "SOLID", "CONTENT"} <= elements.keys():  # archive.today puts the page into CONTENT
        page.take_off([elements["HEADER"]])


_READING_VIEW = frozenset(("reader-credits", "reader-estimated-time", "reader-domain"))
"""Classes of what it adds."""


def _take_reading_view(page: PageElements) -> Iterator[str]:
    """Takes what Firefox's reading view puts above the text, and gives the names there."""
    parts = [element for element in page.of("div", "a") if not _READING_VIEW.isdisjoint(element.get("class", "").split())]
    if len(parts) < 2:  # a site may have a class of one of these names
        return
    for element in parts:
        if "reader-credits" in element.get("class", "").split():
            yield " ".join(" ".join(element.itertext()).split())
    page.take_off(parts)
