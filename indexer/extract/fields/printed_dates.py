"""Dates as newspapers print them and as pages mark them up.

    >>> parse_printed_date("10 de marzo de 2022", "es").iso
    '2022-03-10'
    >>> parse_printed_date("Nov. 24, 2016, 3:30 p.m. EST", "en").iso
    '2016-11-24T15:30-05:00'

Every date is as precise as its text and keeps the local day printed there. Years are of the Gregorian calendar, of the Buddhist
one and of the eras of Japan and Taiwan; dates of the Persian, Islamic and Hebrew calendars are not read.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from indexer.extract.fields.month_names import MonthName, fold, language_of, months_in
from search.lexicon.read import read_lexicon
from search.model.article import PrintedDate

MAX_TEXT_CHARACTERS = 300
"""A date is looked for in the first so many characters."""
MAX_PART_CHARACTERS = 40
"""How far from the month's name day and year may stand."""


def parse_printed_date(text: str, language: str | None) -> PrintedDate | None:
    """The first date in the text, None if it has none. `language` (BCP 47) says whose months are meant, and with its region
    whether 10/03/2022 is in March or October: English without a region counts as American."""
    return _parse(" ".join(text[:MAX_TEXT_CHARACTERS].split()), language)


@lru_cache(maxsize=500)
def _parse(printed: str, language: str | None) -> PrintedDate | None:
    """Kept for the elements around it, which have the same text."""
    if not has_numbers(printed):
        return None
    iso = _machine_date(printed)
    if iso is None:
        plain = fold(printed)
        iso = _east_asian_date(plain) or _date_with_month_name(plain, language) or _numeric_date(plain, language)
    try:
        return PrintedDate(printed, iso) if iso else None
    except ValueError:  # the 31st of February, an hour 25
        return None


def has_numbers(text: str) -> bool:
    """Whether there may be a date in the text."""
    return (_TWO_DIGITS if text.isascii() else _NUMBERS).search(text) is not None


def is_plausible(when: PrintedDate, today: date | None = None) -> bool:
    """False for a day in the future and for the days that software puts where it knows none."""
    latest = (today or datetime.now(UTC).date()) + timedelta(days=2)
    return when.first_day() <= latest and when.iso[:10] != "1900-01-01" and not is_placeholder(when)


def is_placeholder(when: PrintedDate) -> bool:
    """Whether it can only be what software puts where it knows no date; a newspaper may well be of New Year 1900."""
    return when.iso[:10] == "1970-01-01" or when.iso[:4] == "0001"


# --- marked-up dates -------------------------------------------------------------------------------------------------

_TWO_DIGITS = re.compile(r"\d\d")
_NUMBERS = re.compile(r"\d\d|\d年|[〇一二三四五六七八九]{4}年|元年")
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
        return _iso(_year(year), month, int(day), hour, minute, second, zone=zone)
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


_AMERICAN_STANDARD = {"et": -5, "eastern": -5, "ct": -6, "central": -6, "mt": -7, "mountain": -7, "pt": -8, "pacific": -8}


@cache
def _offsets() -> dict[str, str]:
    return {zone.text: zone.kind for zone in read_lexicon("indexer.extract.fields", "time_zones").entries}


def _offset(zone: str | None, day: str) -> str:
    """ "+01:00" of "CET", "GMT+1", "+0100"; "" if unknown. "ET" is summer or standard time by the rule of the United States."""
    name = (zone or "").strip().casefold()
    if match := re.search(r"([+\-−])(\d\d?):?(\d\d)?$", name):
        hours, minutes = int(match[2]), int(match[3] or 0)
        return (
            f"{'+' if match[1] == '+' or not hours + minutes else '-'}{hours:02}:{minutes:02}"
            if hours < 15 > minutes // 4
            else ""
        )
    if name in _AMERICAN_STANDARD:
        return f"-{-_AMERICAN_STANDARD[name] - _is_american_summer(date.fromisoformat(day)):02}:00"
    return _offsets().get(name, "")


def _is_american_summer(day: date) -> bool:
    """Second Sunday of March to first Sunday of November, the rule since 2007; earlier years differ by a few weeks."""
    start, end = (first + timedelta(days=6 - first.weekday()) for first in (date(day.year, 3, 8), date(day.year, 11, 1)))
    return start <= day < end


# --- printed dates ----------------------------------------------------------------------------------------------------


@cache
def _words(kind: str) -> str:
    """The words of date_words.toml as alternatives of a regular expression, the longest first."""
    words = {fold(word) for word in read_lexicon("indexer.extract.fields", "date_words").of(kind)}
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


@cache
def _month_first() -> frozenset[str]:
    return frozenset(read_lexicon("indexer.extract.fields", "date_words").of("month_first"))


_GAP = r"(?:[\s,.\-/–)('’،၊፣·]*(?:JOINER)(?![^\W\d_]))?(?:[\s,.\-/–)('’،၊፣·]*(?:JOINER)(?![^\W\d_]))?[\s,.\-/–)('’،၊፣·]*"
_DAY = r"(?<!\d)(\d{1,2})(?!\d)(?:\s?(?:ORDINAL)(?![^\W\d_])\.?)?"
_YEAR = r"((?<!\d)\d{4}(?!\d)|['’]\d\d(?!\d)|(?<=-)\d\d(?![\d:]))"
_HOUR = r"(?:\s*\d{1,2}:\d\d(?::\d\d)?(?:\s[a-z]{3,4})?)?"


@cache
def _part(pattern: str) -> re.Pattern[str]:
    for name, words in (("GAP", _GAP), ("DAY", _DAY), ("YEAR", _YEAR), ("HOUR", _HOUR)):
        pattern = pattern.replace(name, words)
    return re.compile(pattern.replace("JOINER", _words("joiner")).replace("ORDINAL", _words("ordinal")))


def _date_with_month_name(text: str, language: str | None) -> str | None:
    """ "tuesday, november 9, 1999", "9. november 1999", "le 3 mai 2021 a 18h30", "2024. aprilis 28.", "march 2022"."""
    if numbered := _NUMBERED_MONTH.search(text):
        day, month, year = numbered.group(1, 2, 3) if numbered[1] else numbered.group(6, 5, 4)
        return _with_time(text, (year, int(month), day), numbered.start(), numbered.end())
    if not _HAS_YEAR.search(text):
        return None
    readings = [reading for name in months_in(text, language) for reading in _readings(text, name)]
    return next((reading for reading in readings if len(reading) > 7), None) or next(iter(readings), None)


_NUMBERED_MONTH = re.compile(  # Vietnamese and Mongolian months have numbers
    r"(?<!\d)(\d{1,2})\s?thang\s(\d{1,2})(?:,?\s(?:nam\s)?|/)(\d{4})|(?<!\d)(\d{4})\sоны\s(\d{1,2})-р\sсарын\s(\d{1,2})"
    .replace("thang", "(?:thang|thg)")
)  # fmt: skip
_HAS_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|['’-]\d\d(?!\d)")


def _readings(text: str, name: MonthName) -> Iterator[str]:
    """The dates that the numbers around a month's name make, the likeliest first."""
    at = max(0, name.start - MAX_PART_CHARACTERS)
    before, after = text[at : name.start], text[name.end : name.end + MAX_PART_CHARACTERS]

    def full(year: str, day: str, start: int, end: int) -> str:
        return _with_time(text, (year, name.month, day), start, end)

    if found := _part("GAPDAYHOURGAPYEAR").match(after):  # May 4, 2021
        yield full(found[2], found[1], name.start, name.end + found.end())
    year_after, day_before = _part("GAPYEAR").match(after), _part("DAYGAP$").search(before)
    if year_after and day_before:  # 4 May 2021
        yield full(year_after[1], day_before[1], at + day_before.start(), name.end + year_after.end())
    if (year := _part("YEARGAP$").search(before)) and (day := _part("GAPDAY").match(after)):  # 2021. május 4.
        yield full(year[1], day[1], at + year.start(), name.end + day.end())
    if found := _part("YEARGAPDAYGAP$").search(before):  # 2021. gada 4. maijs
        yield full(found[1], found[2], at + found.start(), name.end)
    if year_after and not day_before:
        yield f"{_year(year_after[1]):04}-{name.month:02}"


def _numeric_date(text: str, language: str | None) -> str | None:
    match = _NUMERIC.search(text)
    if not match:
        return None
    first, separator, second, year = match.groups()
    tag = (language or "").replace("_", "-").casefold()
    month_first = separator == "/" and (tag in _month_first() or language_of(tag) in _month_first() - {"en"})
    if int(first) > 12 or int(second) > 12:
        month_first = int(second) > 12
    day, month = (second, first) if month_first else (first, second)
    return _with_time(text, (year, int(month), day), match.start(), match.end())


_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})\s?([./\-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?!\d|[./]\d)")


def _east_asian_date(text: str) -> str | None:
    """ "1964年10月10日", "令和6年5月3日", "2024년 5월 3일 오후 6:30", "二〇一四年五月四日"."""
    if not _YEAR_SIGN.search(text):
        return None
    text = _HAN_NUMBER.sub(_in_digits, text)
    match = _east_asian_pattern().search(text)
    if not match:
        return None
    era, digits, month, day = match.groups()
    year = (1 if digits == "元" else int(digits)) + _eras().get(era, 0)
    if not era and (digits == "元" or len(digits) < 4):
        return None
    if day:
        return _with_time(text, (str(year), int(month), day), match.start(), match.end())
    return f"{year:04}-{int(month):02}" if month else f"{year:04}"


@cache
def _eras() -> dict[str | None, int]:
    words = read_lexicon("indexer.extract.fields", "date_words").entries
    return {fold(word.text): int(word.kind.removeprefix("era_")) for word in words if word.kind.startswith("era_")}


@cache
def _east_asian_pattern() -> re.Pattern[str]:
    eras = "|".join(filter(None, _eras()))
    return re.compile(rf"({eras})?\s?(\d{{1,4}}|元)\s?[年년]\s?(?:(\d{{1,2}})\s?[月월]\s?(?:(\d{{1,2}})\s?[日일号號])?)?")


_YEAR_SIGN = re.compile("[年년]")
_HAN_NUMBER = re.compile("(?<![〇○零一二三四五六七八九十廿卅])[〇○零一二三四五六七八九十廿卅]+(?=[年月日])")
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def _in_digits(number: re.Match[str]) -> str:
    """ "二〇一四" is 2014, "二十三" is 23."""
    text = number[0].replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    return f"{(tens or '一')}{ones or '〇'}".translate(_HAN_DIGITS) if ten else text.translate(_HAN_DIGITS)


_TIME = (
    r"(?<![\d.:/])(\d{1,2})(?:(?::|h|\.|：|時|时|點|点|시\s?)(\d\d)(?!\d|[./]\d)(?::(\d\d))?(?:分|분)?|(?=\s?[ap]\.?m\b)|(?:\su(?:hr|ur)|h|時|시)(?!\w))"
    r"\s*(?:(am|a\.m|a)|(AFTERNOON))?\.?(?!\w)[\s,(]*((?:utc|gmt)\s?[+\-−]\s?\d{1,2}(?::?\d\d)?|[+\-−]\d{2}:?\d{2}|[a-zа-я]{1,8}\b)?"
)
_AFTERNOON_BEFORE = r"(?<!\w)(?:AFTERNOON)\s?$"
MAX_TIME_AFTER, MAX_TIME_BEFORE = 45, 20
"""Characters after and before a date in which its time is looked for."""


def _with_time(text: str, parts: tuple[str, int, str], start: int, end: int) -> str:
    """The date with the time printed after it, inside it or before it."""
    year, month, day = parts
    after, inside, before = text[end : end + MAX_TIME_AFTER], text[start:end], text[max(0, start - MAX_TIME_BEFORE) : start]
    for place in (after, inside, before):
        if (time := _time_pattern(_TIME).search(place)) and (time[2] or place != inside):  # "4 am Faoilleach" is in Gaelic
            hour, minute, second, morning, afternoon, zone = time.groups()
            if morning or afternoon or _time_pattern(_AFTERNOON_BEFORE).search(place[: time.start()]):
                hour = int(hour) % 12 + 12 * (not morning)
            return _iso(_year(year), month, int(day), hour, minute, second, zone=zone)
    return _iso(_year(year), month, int(day))


@cache
def _time_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("AFTERNOON", _words("afternoon")))


_BUDDHIST_YEARS = range(2420, 2700)


def _year(text: str) -> int:
    """Two digits are of 1970 to 2069; Thai pages count from 543 BC."""
    number = int(digits := text.lstrip("'’"))
    if len(digits) == 2:
        return number + (1900 if number >= 70 else 2000)
    return number - 543 if number in _BUDDHIST_YEARS else number
