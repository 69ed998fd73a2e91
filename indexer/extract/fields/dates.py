"""Dates as newspapers print them and as pages mark them up.

    >>> parse_printed_date("10 de marzo de 2022", "es").iso
    '2022-03-10'
    >>> parse_printed_date("Nov. 24, 2016, 3:30 p.m. EST", "en").iso
    '2016-11-24T15:30-05:00'

Every date is as precise as its text and keeps the local day printed there. `find_date` looks for the date a reader sees.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain, islice

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import heading_of, hints, is_elsewhere, short_text
from search.model.article import PrintedDate

MAX_TEXT_CHARACTERS = 300
"""A date is looked for in the first so many characters."""


def parse_printed_date(text: str, language: str | None) -> PrintedDate | None:
    """The first date in the text, None if it has none. `language` (BCP 47) decides whether 10/03/2022 is in March or October:
    month first in English unless the tag names a region that prints the day first."""
    printed = " ".join(text[:MAX_TEXT_CHARACTERS].split())
    if not any(map(str.isdigit, printed)):
        return None
    iso = _machine_date(printed)
    if iso is None:
        plain = _fold(printed)
        iso = _east_asian_date(plain) or _date_with_month_name(plain, language) or _numeric_date(plain, language)
    try:
        return PrintedDate(printed, iso) if iso else None
    except ValueError:  # the 31st of February, an hour 25
        return None


def is_plausible(when: PrintedDate, today: date | None = None) -> bool:
    """False for a day in the future and for the days that software puts where it knows none."""
    latest = (today or datetime.now(UTC).date()) + timedelta(days=2)
    return when.first_day() <= latest and when.iso[:10] != "1900-01-01" and not is_placeholder(when)


def is_placeholder(when: PrintedDate) -> bool:
    """Whether it can only be what software puts where it knows no date; a newspaper may well be of New Year 1900."""
    return when.iso[:10] == "1970-01-01" or when.iso[:4] == "0001"


# --- marked-up dates -------------------------------------------------------------------------------------------------

_ISO = re.compile(
    r"(?<!\d)(\d{4})(?:-(\d\d)-(\d\d)|/(\d\d?)/(\d\d?)|\.\s?(\d\d?)\.\s?(\d\d?)\.?)(?!\d)"
    r"(?:(?:[T,]|\s|&nbsp;|\()*(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,:]\d+)?)?\)?\s*(Z\b|(?:UTC|GMT)?\s?[+\-−]\d\d:?(?:\d\d)?|[A-Z]{2,5}\b)?)?"
)
_COMPACT = re.compile(r"^(1[0-9]\d\d|2[01]\d\d)(0[1-9]|1[0-2])([0-3]\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})?)?$")
_PARTIAL = re.compile(r"^\d{4}(?:-(?:0[1-9]|1[0-2]))?$")
_EPOCH = re.compile(r"^-?\d{9,10}(?:\d{3})?(?:\.\d+)?$")


def _machine_date(text: str) -> str | None:
    if match := _COMPACT.match(text) or _ISO.search(text):
        year, *days, hour, minute, second, zone = match.groups()
        if zone in ("AM", "PM"):  # "2022-03-10 6:30 PM"
            hour, zone = str(int(hour) % 12 + 12 * (zone == "PM")), None
        month, day = (int(part) for part in days if part)
        return _iso(int(year), month, day, hour, minute, second, zone=zone)
    if _PARTIAL.match(text):
        return text
    if _EPOCH.match(text):
        seconds = float(text) / (1000 if len(text.split(".")[0]) > 11 else 1)
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    return None


def _iso(year: int, month: int, day: int, *time: str | int | None, zone: str | None = None) -> str:
    """ISO 8601 of the parts. time: hour, minute, second; left out if it is none (24:00, 25:61)."""
    shown = f"{year:04}-{month:02}-{day:02}"
    hour, minute, second = (*(None if part is None else int(part) for part in time), None, None, None)[:3]
    if hour is None or hour > 23 or (minute or 0) > 59 or (second or 0) > 59:
        return shown
    seconds = "" if second is None else f":{second:02}"
    return f"{shown}T{hour:02}:{minute or 0:02}{seconds}{_offset(zone, shown)}"


# Hours east of Greenwich. Names that several regions share stand for the largest one that prints them.
_ZONES = {
    "z utc gmt wet": 0, "cet mez bst west wat": 1, "cest mesz eet cat sast": 2, "eest msk eat trt": 3, "gst": 4, "pkt": 5,
    "ist": 5.5, "nzdt": 13,
    "wib": 7, "hkt sgt myt awst pht wita": 8, "jst kst wit": 9, "acst": 9.5, "aest": 10, "acdt": 10.5, "aedt": 11, "nzst": 12,
    "brt art adt": -3, "edt ast": -4, "est cdt": -5, "cst mdt": -6, "mst pdt": -7, "pst akdt": -8, "akst": -9, "hst": -10,
}  # fmt: skip
_HOURS_OF_ZONE = {name: hours for names, hours in _ZONES.items() for name in names.split()}
_AMERICAN_STANDARD = {"et": -5, "eastern": -5, "ct": -6, "central": -6, "mt": -7, "mountain": -7, "pt": -8, "pacific": -8}


def _offset(zone: str | None, day: str) -> str:
    """ "+01:00" of "CET", "GMT+1", "+0100"; "" if unknown. "ET" is summer or standard time by the rule of the United States."""
    name = (zone or "").strip().casefold()
    east = _HOURS_OF_ZONE.get(name)
    if match := re.search(r"([+\-−])(\d\d?):?(\d\d)?$", name):
        east = (int(match[2]) + int(match[3] or 0) / 60) * (1 if match[1] == "+" else -1)
    elif name in _AMERICAN_STANDARD:
        east = _AMERICAN_STANDARD[name] + _is_american_summer(date.fromisoformat(day))
    if east is None or abs(east) >= 15:
        return ""
    return f"{'-' if east < 0 else '+'}{int(abs(east)):02}:{round(abs(east) * 60) % 60:02}"


def _is_american_summer(day: date) -> bool:
    """Second Sunday of March to first Sunday of November, the rule since 2007; earlier years differ by a few weeks."""
    start, end = (first + timedelta(days=6 - first.weekday()) for first in (date(day.year, 3, 8), date(day.year, 11, 1)))
    return start <= day < end


# --- printed dates ----------------------------------------------------------------------------------------------------

# Beginnings of month names, January first, of some forty languages. The longest beginning wins: červenec before červen.
_MONTH_BEGINNINGS = """
january januari januar janner enero janvier jaanuar gennaio janeiro gener tammik stycz leden ledna ianuari sijec январ січ янв януар јануар ιανουαρ ocak มกราคม जनवरी জানুয়ারি يناير ינואר sausi ژانویه جانفي
februar febrero fevrier veebruar febbraio fevereiro febrer helmik luty lutego unor veljac феврал лют февруар фебруар φεβρουαρ subat กุมภาพันธ์ फरवरी ফেব্রুয়ারি فبراير פברואר vasari فوریه فيفري
march marzo mars marz maerz marts maart marco marc maliskuu maalisk marzec marca brezen brezna marti marcius ozuj март берез μαρτ mart maret mac machi มีนาคม मार्च মার্চ مارس מרץ kovo
april abril avril aprile huhtik kwie duben dubna travn travanj апрел квіт април απριλ nisan เมษายน अप्रैल এপ্রিল ابريل אפריל baland آوریل افريل
mayo maggio maio maig toukok kveten kvetn svib mays mayis май мая трав мај μαιο μαϊ mai maja maj majus maijs mei พฤษภาคม मई مايو מאי geguz ماي
june junio juin juni juny giugno junho kesak czerwi czerwc cerven cervna lipanj lipnj iunie junius июн черв юни јун ιουν haziran มิถุนายน जून জুন يونيو יוני birzel ژوئن جوان
july julio juillet juli juliol luglio julho heinak lipiec lipca cervenec cervence srpanj srpnj iulie julius июл лип юли јул ιουλ temmuz julai กรกฎาคม जुलाई জুলাই يوليو יולי liepos ژوئیه جويلية
august agosto aout augustus augusti agost elok sierp srpen srpna kolovoz avgust август серп αυγουστ agustos agustus ogos agosti สิงหาคม अगस्त আগস্ট اغسطس אוגוסט rugpj اوت
september septiembre setiembre septembre settembre setembro setembre syysk wrze zari ruj septembrie szeptember сентябр верес септемв септемб σεπτεμβρ eylul septemba กันยายน सितंबर সেপ্টেম্বর سبتمبر ספטמבר rugsej سپتامبر
october octubre octobre oktober oktoober ottobre outubro lokak pazdz rijen rijna octombrie октябр жовт октомв октоб οκτωβρ ekim oktoba ตุลาคม अक्टूबर অক্টোবর اكتوبر אוקטובר spali اکتبر
november noviembre novembre novembro marrask listopad studen noiembrie ноябр листоп ноемв новемб νοεμβρ kasim novemba พฤศจิกายน नवंबर নভেম্বর نوفمبر נובמבר lapkr نوامبر
december diciembre decembre dezember desember dicembre dezembro jouluk grud prosin decembrie detsember disember декабр груд декемв децемб δεκεμβρ aralik desemba ธันวาคม दिसंबर ডিসেম্বর ديسمبر דצמבר gruod دسامبر
"""  # noqa: E501
_MONTH_ABBREVIATIONS = (
    "jan ene janv gen led янв oca jän ม.ค;feb fev fevr febr фев sub úno;mar mrz mär maa бре бер;apr abr avr nis апр kwi"
    ";may mai mag maj mei май;jun giu haz июн cze juin;jul lug juil tem июл lip;aug ago aou авг sie"
    ";sep sept set eyl сен сент wrz zář"
    ";oct okt ott out eki окт paz říj;nov kas ноя нояб lis;dec dic dez des ara дек gru pro"
)
_LISTOPAD_IS_OCTOBER = ("hr", "bs")
_BUDDHIST_YEARS = range(2420, 2700)
_WORD = re.compile(r"[^\W\d_]{2,}")
_DAY_BEFORE = re.compile(r"(?<!\d)(\d{1,2})\s?(?:st|nd|rd|th|er|o|a|\.|ος|η|-?го|-?е)?[\s,.\-/]*(?:de\s|of\s|d['’])?\s*$")
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})[.,\-/]?\s*(?:m\.|gada|eko|г\.)?\s*$")
_DAY_YEAR_AFTER = re.compile(
    r"\.?[\s,.\-/]*(\d{1,2})(?!\d)(?:st|nd|rd|th)?(?:\s*\d{1,2}:\d\d(?::\d\d)?(?:\s[a-z]{3,4})?)?[\s,.\-/]+(?:de\s|at\s)?(\d{4})(?!\d)"
)
_YEAR_AFTER = re.compile(r"\.?[\s,.\-/]*(?:del?\s|of\s|พ\.?ศ\.?\s?|υ\s)?(\d{4}|['’]\d\d)(?!\d)")
_DAY_AFTER = re.compile(r"\.?\s*(\d{1,2})(?!\d)")
_TIME = re.compile(
    r"(?<![\d.:/])(\d{1,2})(?:(?::|h|\.|：|時|时|點|点|시\s?)(\d\d)(?!\d|[./]\d)(?::(\d\d))?(?:分|분)?|(?=\s?[ap]\.?m\b)|(?:\su(?:hr|ur)|h|時|시)(?!\w))"
    r"\s*([ap])?(?:\.?m\b\.?)?[\s,(]*((?:utc|gmt)\s?[+\-−]\s?\d{1,2}(?::?\d\d)?|[+\-−]\d{2}:?\d{2}|[a-z]{1,8}\b)?"
)
_VIETNAMESE = re.compile(r"(\d{1,2})\sthang\s(\d{1,2}),?\s(?:nam\s)?(\d{4})")
_AFTERNOON = re.compile(r"午後|下午|晚上|오후")


def _fold(text: str) -> str:
    """Lower case without accents and other marks: "Février" and "fevrier" read the same, full-width digits as digits."""
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return unicodedata.normalize("NFC", "".join(c for c in apart if unicodedata.category(c)[0] != "M"))


@cache
def _months() -> tuple[dict[str, int], dict[str, int]]:
    tables = (_MONTH_BEGINNINGS.strip().splitlines(), _MONTH_ABBREVIATIONS.split(";"))
    first, second = ({_fold(name): n for n, names in enumerate(table, start=1) for name in names.split()} for table in tables)
    return first, second


def _month_of(word: str, language: str | None) -> int | None:
    beginnings, abbreviations = _months()
    if word.startswith("listopad") and (language or "")[:2] in _LISTOPAD_IS_OCTOBER:
        return 10
    if word in abbreviations:
        return abbreviations[word]
    lengths = range(len(word), max(2, len(word) - 7), -1)
    return next((beginnings[word[:n]] for n in lengths if word[:n] in beginnings), None)


def _date_with_month_name(text: str, language: str | None) -> str | None:
    """ "tuesday, november 9, 1999", "9. november 1999", "le 3 mai 2021 a 18h30", "2024. aprilis 28.", "march 2022"."""
    if numbered := _VIETNAMESE.search(text):  # the months have no names
        return _with_time(text, (numbered[3], int(numbered[2]), numbered[1]), numbered.start(), numbered.end())
    for word in _WORD.finditer(text):
        month = _month_of(word.group(), language)
        if month is None:
            continue
        before, after = text[: word.start()], text[word.end() :]
        if day_year := _DAY_YEAR_AFTER.match(after):
            return _with_time(text, (day_year[2], month, day_year[1]), word.start(), word.end() + day_year.end())
        if year := _YEAR_AFTER.match(after):
            if day_before := _DAY_BEFORE.search(before):
                return _with_time(text, (year[1], month, day_before[1]), day_before.start(), word.end() + year.end())
            return f"{_year(year[1]):04}-{month:02}"
        if (year := _YEAR_BEFORE.search(before)) and (day := _DAY_AFTER.match(after)):
            return _with_time(text, (year[1], month, day[1]), year.start(), word.end() + day.end())
    return None


def _numeric_date(text: str, language: str | None) -> str | None:
    match = re.search(r"(?<![\d.])(\d{1,2})\s?([./\-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?!\d|\.\d)", text)
    if not match:
        return None
    first, separator, second, year = match.groups()
    tag = (language or "").replace("_", "-").casefold()
    month_first = separator == "/" and (tag in ("en", "en-us") or tag.endswith("-us"))
    if int(first) > 12 or int(second) > 12:
        month_first = int(second) > 12
    day, month = (second, first) if month_first else (first, second)
    return _with_time(text, (year, int(month), day), match.start(), match.end())


def _east_asian_date(text: str) -> str | None:
    """ "1964年10月10日", "令和6年5月3日", "2024년 5월 3일 오후 6:30"."""
    match = re.search(r"(令和|平成|昭和)?(\d{1,4}|元)\s?[年년]\s?(?:(\d{1,2})\s?[月월]\s?(?:(\d{1,2})\s?[日일])?)?", text)
    if not match:
        return None
    era, digits, month, day = match.groups()
    year = (1 if digits == "元" else int(digits)) + {"令和": 2018, "平成": 1988, "昭和": 1925}.get(era, 0)
    if not era and (digits == "元" or len(digits) < 4):
        return None
    if day:
        return _with_time(text, (str(year), int(month), day), match.start(), match.end())
    return f"{year:04}-{int(month):02}" if month else f"{year:04}"


def _with_time(text: str, parts: tuple[str, int, str], start: int, end: int) -> str:
    """The date with the time printed after it, inside it or before it."""
    year, month, day = parts
    time = _TIME.search(text[end : end + 45]) or _TIME.search(text[start:end]) or _TIME.search(text[max(0, start - 20) : start])
    if not time:
        return _iso(_year(year), month, int(day))
    hour, minute, second, half, zone = time.groups()
    if half or _AFTERNOON.search(text[end : end + 10]):
        hour = int(hour) % 12 + 12 * (half != "a")
    return _iso(_year(year), month, int(day), hour, minute, second, zone=zone)


def _year(text: str) -> int:
    """Two digits are of 1970 to 2069; Thai pages count from 543 BC."""
    number = int(text.lstrip("'’"))
    if number < 100:
        return number + (1900 if number >= 70 else 2000)
    return number - 543 if number in _BUDDHIST_YEARS else number


# --- the date on the page ---------------------------------------------------------------------------------------------

_URL_DATE = re.compile(
    r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?:([/-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)|(?<=/\d{4})/(0[1-9]|1[0-2])/)"
)
_DATE_HINT = re.compile(r"(?i)date|time|publi(?!cation\b)|posted|veröff|fecha|datum|data(?:-|_|$)|byline|dateline|meta")
_DATE_ATTRIBUTE = re.compile(r"(?i)publi|creat|-date(?:time)?$|-dt$|-time$")
UPDATE_HINT = re.compile(r"(?i)updat|modif|a[ck]?tuali[sz]|mise? à jour|edited|geändert|änderung|aggiornat|bijgewerkt")
_TEXT_TAGS = str.split("h1 h5 h6 span div p li small em i b strong dd td a address font")
DATE_LINE = 100
"""Letters; a longer text with a date may be a comment or a teaser."""
SEARCHED_ELEMENTS = 400
"""How many elements around the headline are looked at for a printed date."""


def date_in_url(url: str | None) -> PrintedDate | None:
    """ ".../2022/03/10/..." gives the day, ".../2022/03/..." the month."""
    match = _URL_DATE.search(url or "")
    return parse_printed_date("-".join(filter(None, match.group(1, 3, 4, 5))), None) if match else None


def find_date(tree: HtmlElement, language: str | None, url: str | None = None) -> PrintedDate | None:
    """The date of publication that a reader of the page sees: marked up, printed near the headline, or in the address."""
    tag = tree.get("lang") if (tree.get("lang") or "")[:2] == language else language
    candidates = chain.from_iterable(look(tree, tag) for look in (_marked_dates, _hinted_dates, _attribute_dates))
    canonical = next((link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"), None)
    return next(filter(is_plausible, candidates), None) or date_in_url(url or canonical)


def opening_date(text: str, language: str | None) -> PrintedDate | None:
    """The date that a text begins with: "10.3.2022 - The talks …", "Oslo, 10 March 2022. The talks …"."""
    opening = _OPENING.match(text[:60])
    when = parse_printed_date(opening[1], language) if opening else None
    return when if when and when.precision == "day" and is_plausible(when) else None


_OPENING = re.compile(
    r"(?:[^\W\d_][^\d.]{1,25},\s)?\(?((?:[^\W\d_]{3,10}\.?\s)?\d{1,2}(?:\.|th|st|nd|rd)?\s?[^\W_]{1,10}\.?,?\s?\d{4})\)?\s?[-–—:.|]"
)


def _marked_dates(tree: HtmlElement, language: str | None) -> Iterator[PrintedDate]:
    marked = tree.xpath(".//*[@itemprop='datePublished' or @pubdate or @property='datePublished']")
    times = [element for element in tree.iter("time") if not is_elsewhere(element)]
    for element in (*marked, *sorted(times, key=_tells_update)):
        yield from _dates_of(element, language)


def _tells_update(element: HtmlElement) -> bool:
    return bool(UPDATE_HINT.search(f"{hints(element)} {element.text or ''} {element.getparent().text or ''}"))


def _hinted_dates(tree: HtmlElement, language: str | None) -> Iterator[PrintedDate]:
    """Short texts near the headline, those of elements named for it first, notes of an update last."""
    found = []
    for element in _around(tree):
        text = short_text(element, 140)
        when = parse_printed_date(text, language) if len(text) >= 6 else None
        if when and when.precision == "day":
            named = hints(element)
            elsewhere, unnamed = is_elsewhere(element), not _DATE_HINT.search(named)
            if not (elsewhere and unnamed):
                found.append((elsewhere, bool(UPDATE_HINT.search(f"{named} {text}")), len(text) > DATE_LINE, unnamed, when))
    return (when for *_, when in sorted(found, key=lambda item: item[:4]))


def _attribute_dates(tree: HtmlElement, language: str | None) -> Iterator[PrintedDate]:
    """data-published="…", data-date="…": left for scripts that print them."""
    for value in tree.xpath(".//@*[starts-with(name(), 'data-')]"):
        if 8 <= len(value) <= 40 and value[:1].isdigit() and _DATE_ATTRIBUTE.search(value.attrname):
            when = parse_printed_date(value, language)
            if when and len(when.iso) >= 10:
                yield when


def _around(tree: HtmlElement) -> list[HtmlElement]:
    """Elements that may print a date: from the headline on, then those before it, last first."""
    elements = list(tree.iter(*_TEXT_TAGS))
    heading = heading_of(tree)
    at = elements.index(heading) if heading is not None else 0
    return elements[at : at + SEARCHED_ELEMENTS] + elements[max(0, at - SEARCHED_ELEMENTS // 2) : at][::-1]


def _dates_of(element: HtmlElement, language: str | None) -> Iterator[PrintedDate]:
    values = (element.get("datetime"), element.get("content"), element.get("title"), element.text_content())
    yield from islice(filter(None, (parse_printed_date(value, language) for value in values if value)), 1)
