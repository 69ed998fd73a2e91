"""The date of publication that a reader of a page sees.

find_date(PageElements(tree), "en", "https://beacon.example/2022/03/10/truce") -> PrintedDate("March 10, 2022", "2022-03-10")
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from itertools import chain, islice

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import hints, is_elsewhere, short_text
from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.printed_dates import has_numbers, is_plausible, parse_printed_date
from indexer.extract.lexicon.phrases import has_part
from search.lexicon.read import read_lexicon
from search.model.article import PrintedDate

_URL_DATE = re.compile(
    r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?:([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)|(?<=/\d{4})/(0[1-9]|1[0-2])/)"
)
_DATE_HINT = re.compile(r"(?i)date|time|publi(?!cation\b)|posted|veröff|fecha|datum|data(?:-|_|$)|byline|dateline|meta")
_DATE_ATTRIBUTE = re.compile(r"(?i)publi|creat|-date(?:time)?$|-dt$|-time(?:stamp)?$|-unixtime$")
_ARCHIVED = re.compile(r"^.+(?=https?:/)")
_COUNTRY = re.compile(r"^https?://[^/:]+\.([a-z]{2})(?:[/:?#]|$)")
_GENERIC_ENDINGS = frozenset(("ai", "cc", "co", "fm", "io", "me", "tv", "us", "ws"))
"""Country domains used all over the world, and that of the United States."""
_CAPTURED = re.compile(r"(?i)\b(?:captur|crawl|snapshot|archived|retrieved|accessed|abgerufen|consult[aé])")
"""In lines that say when a page was saved or read, not when it was published."""
_OF_CAPTURE = re.compile(r"^(?:wm-ipp|HEADER$)")
"""Ids of elements that web archives add to the pages they keep."""
UPDATE_WORDS = read_lexicon(__package__, "date_words").of("update")
_UPDATE_TAGS = str.split("time span p div small em i li meta")
_TEXT_TAGS = str.split("h2 h3 h5 h6 span div p li small em i b strong dd td a address font summary")
_HEADS = frozenset(("h2", "h3"))
"""Headings print the date only where they are named for it; in others it is of what they head."""
DAY = timedelta(days=1)
MAX_EAST, MAX_WEST = timedelta(hours=14), timedelta(hours=10)
"""The largest differences of local time from UTC: Kiribati and Hawaii."""
MAX_TIMES = 8
"""Time elements searched for the day that the reader sees."""
MAX_LINE = 140
"""Letters; a longer text is no line with a date."""
NEXT_LINE = 45
"""Letters; a longer text with a date next to the headline may be the headline again, or a standfirst."""
DATE_LINE = 100
"""Letters; a longer text with a date may be a comment or a teaser."""
NEAR_ELEMENTS = 40
"""So many elements from the headline a date is rather the article's than one named for it further away."""
NEXT_ELEMENTS = 12
"""Where a date next to the headline needs no name to be the article's."""
SEARCHED_ELEMENTS = 400
"""How many elements around the headline are looked at for a printed date."""


def date_in_url(url: str | None) -> PrintedDate | None:
    """ ".../2022/03/10/..." gives the day, ".../2022/03/..." the month; in a web archive the archived address counts."""
    match = _URL_DATE.search(_ARCHIVED.sub("", url or ""))
    return parse_printed_date("-".join(filter(None, match.group(1, 3, 4, 5))), None) if match else None


def find_date(page: PageElements, language: str | None, url: str | None = None) -> PrintedDate | None:
    """The date of publication that a reader of the page sees: marked up, printed near the headline, or in the address."""
    tag = regional_tag(page.tree, language, url)
    looks = (_marked_dates, _hinted_dates, _attribute_dates, _only_day)
    candidates = chain.from_iterable(look(page, tag) for look in looks)
    canonical = next((link.get("href") for link in page.of("link") if link.get("rel") == "canonical"), None)
    return next(filter(is_plausible, candidates), None) or date_in_url(url) or date_in_url(canonical)


def find_update(page: PageElements, language: str | None, url: str | None = None) -> PrintedDate | None:
    """The date of the last change that a reader of the page sees: marked up, or in a short line that tells of it."""
    tag = regional_tag(page.tree, language, url)
    before, after = page.beside_heading(*_UPDATE_TAGS, before=SEARCHED_ELEMENTS // 4, after=SEARCHED_ELEMENTS)
    searched = (*before, *after)
    marked = (element for element in searched if "dateModified" in (element.get("itemprop"), element.get("property")))
    changed = (element for element in searched if _is_update(element) and not is_elsewhere(element))
    dates = (when for element in chain(marked, changed) for when in _dates_of(element, tag))
    return next((when for when in dates if when.precision == "day" and is_plausible(when)), None)


def _is_update(element: HtmlElement) -> bool:
    """Whether it is short, has a number and says that it tells of a change, in its text or by its name."""
    text = element.text or ""
    if len(text) > MAX_LINE or (len(element) == 0 and not has_numbers(text)):
        return False
    told = (text and tells_update(text)) or _is_named_for_update(element.get("class"), element.get("id"))
    return told and has_numbers(short_text(element, MAX_LINE))


def tells_update(text: str) -> bool:
    """Whether a line, or a name, tells of a change of the text."""
    return has_part(text, UPDATE_WORDS)


@lru_cache(maxsize=20_000)
def _is_named_for_update(*names: str | None) -> bool:
    return tells_update(" ".join(filter(None, names)))


def regional_tag(tree: HtmlElement, language: str | None, url: str | None) -> str | None:
    """The language with its region, for the order of day and month: "en-uk" for a page of a .uk site that only says "en"."""
    tag = tree.get("lang") or ""
    if tag[:2] == language and len(tag) > 2:
        return tag
    country = _COUNTRY.search(url or "") if language == "en" else None
    return f"en-{country[1]}" if country and country[1] not in _GENERIC_ENDINGS else language


def readers_day(claimed: PrintedDate, page: PageElements, language: str | None, url: str | None) -> PrintedDate:
    """The date as the page shows it, if the claimed one is the same moment in UTC and falls on another day."""
    instant = claimed.instant
    if not instant or instant.utcoffset():
        return claimed
    for element in islice(page.of("time"), MAX_TIMES):
        if is_elsewhere(element) or _is_of_update(element):
            continue
        shown = parse_printed_date(short_text(element, MAX_LINE), regional_tag(page.tree, language, url))
        if shown and shown.precision == "day" and (same := _of_the_moment(shown, instant)):
            return same if same.day != claimed.day else claimed
    return claimed


def _of_the_moment(shown: PrintedDate, instant: datetime) -> PrintedDate | None:
    """The shown date if it is the same moment, with the offset that its time implies; a day without a time may differ by one."""
    instant = instant.replace(second=0, microsecond=0)
    if shown.instant:
        return shown if shown.instant.replace(second=0, microsecond=0) == instant else None
    if len(shown.iso) > 10:
        east = datetime.fromisoformat(shown.iso[:16]).replace(tzinfo=UTC) - instant
        if east % timedelta(minutes=15) or not -MAX_WEST <= east <= MAX_EAST:
            return None
        return PrintedDate(
            shown.text, datetime.fromisoformat(shown.iso[:16]).replace(tzinfo=timezone(east)).isoformat("T", "minutes")
        )
    days = shown.day - instant.date().toordinal()
    midnight = instant.replace(hour=0, minute=0)
    near = days == 0 or (days == -1 and instant - midnight < MAX_WEST) or (days == 1 and instant - midnight >= DAY - MAX_EAST)
    return shown if near else None


def opening_date(text: str, language: str | None) -> PrintedDate | None:
    """The date that a text begins with: "10.3.2022 - The talks …", "Oslo, 10 March 2022. The talks …"."""
    opening = _OPENING.match(text[:60])
    when = parse_printed_date(opening[1], language) if opening else None
    return when if when and when.precision == "day" and is_plausible(when) else None


_OPENING = re.compile(
    r"(?:[^\W\d_][^\d.]{1,25},\s)?\(?((?:[^\W\d_]{3,10}\.?\s)?\d{1,2}(?:\.|th|st|nd|rd)?\s?[^\W_]{1,10}\.?,?\s?\d{4})\)?\s?[-–—:.|]"
)


def _marked_dates(page: PageElements, language: str | None) -> Iterator[PrintedDate]:
    marked = [
        element
        for element in page.of("*")
        if "datePublished" in (element.get("itemprop"), element.get("property")) or element.get("pubdate") is not None
    ]
    times = [element for element in page.of("time") if not is_elsewhere(element) and not _is_of_capture(element)]
    for element in (*marked, *sorted(times, key=_is_of_update)):
        yield from _dates_of(element, language)


def _is_of_update(element: HtmlElement) -> bool:
    return tells_update(f"{hints(element)} {element.text or ''} {element.getparent().text or ''}")


def _hinted_dates(page: PageElements, language: str | None) -> Iterator[PrintedDate]:
    """Short texts near the headline, those of elements named for it first, notes of an update last."""
    found = []
    for element, text, away in _short_texts(page):
        when = parse_printed_date(text, language)
        if when and when.precision == "day" and not _CAPTURED.search(text) and not _is_of_capture(element):
            named = hints(element)
            elsewhere, unnamed = is_elsewhere(element), not _DATE_HINT.search(named)
            if not (unnamed and (elsewhere or element.tag in _HEADS)):
                updated, long = tells_update(f"{named} {text}"), len(text) > DATE_LINE
                unlike = unnamed and (away > NEXT_ELEMENTS or len(text) > NEXT_LINE or _is_link(element))
                found.append((elsewhere, updated, long, away > NEAR_ELEMENTS, unlike, when))
    return (when for *_, when in sorted(found, key=lambda item: item[:5]))


def _short_texts(page: PageElements) -> Iterator[tuple[HtmlElement, str, int]]:
    """Elements that may print a date, with their texts of at most MAX_LINE, and how far from the headline they are: from
    it on, then those before it, the last first. Elements inside one whose text has no number are skipped."""
    before, after = page.beside_heading(*_TEXT_TAGS, before=SEARCHED_ELEMENTS // 2, after=SEARCHED_ELEMENTS)
    for searched, step in ((after, 1), (before, -1)):
        dateless: set[HtmlElement] = set()
        texts = []
        for at, element in enumerate(searched):
            own = element.text or ""
            if len(own.strip()) > MAX_LINE or (len(element) == 0 and not has_numbers(own)):  # for speed: most elements are so
                continue
            if element.getparent() in dateless:
                dateless.add(element)
            elif text := short_text(element, MAX_LINE):
                if has_numbers(text):
                    texts.append((element, text, _away(page, at if step > 0 else len(searched) - at, step)))
                else:
                    dateless.add(element)
        yield from texts[::step]


def _is_link(element: HtmlElement) -> bool:
    return any(part.tag == "a" for part in chain(element.iter("a"), element.iterancestors()))


def _away(page: PageElements, elements: int, step: int) -> int:
    """What stands above the headline, such as the day of the visit, has to be nearer to it than what stands below."""
    if page.heading is None:
        return NEAR_ELEMENTS
    return elements if step > 0 or elements <= NEXT_ELEMENTS else elements + NEAR_ELEMENTS


def _only_day(page: PageElements, language: str | None) -> Iterator[PrintedDate]:
    """The day of the page's time elements, wherever they stand, if they all are of one."""
    times = [when for element in page.of("time") for when in _dates_of(element, language) if not _is_of_capture(element)]
    if len({when.day for when in times}) == 1:
        yield times[0]


def _is_of_capture(element: HtmlElement) -> bool:
    return any(_OF_CAPTURE.match(parent.get("id") or "") for parent in (element, *element.iterancestors()))


def _attribute_dates(page: PageElements, language: str | None) -> Iterator[PrintedDate]:
    """data-published="…", data-date="…": left for scripts that print them; title="…" of what was posted "2 days ago"."""
    for name, value in chain.from_iterable(element.items() for element in page.of("*")):
        if not (8 <= len(value) <= 40 and value[0].isdigit()):
            continue
        if name == "title" or (name.startswith("data-") and _DATE_ATTRIBUTE.search(name)):
            when = parse_printed_date(value, language)
            if when and len(when.iso) >= 10:
                yield when


def _dates_of(element: HtmlElement, language: str | None) -> Iterator[PrintedDate]:
    values = (element.get("datetime"), element.get("content"), element.get("title"), element.text_content())
    yield from islice(filter(None, (parse_printed_date(value, language) for value in values if value)), 1)
