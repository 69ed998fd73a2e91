"""Dates as typed in a query -> day numbers (proleptic Gregorian ordinals, as date.toordinal).

>>> day_range("date", "2022-03", today=date(2022, 4, 1)) == day_range("date", "last month", today=date(2022, 4, 1))
True
"""

import re
from calendar import monthrange
from datetime import date, timedelta

from search.model.instants import first_instant, last_instant
from search.query.nodes import InstantRange

UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_UNIT = rf"(?:{'|'.join(UNITS.values())})"
IN_WORDS = rf"(?i:(?:this|last)\s+(?:[0-9]{{1,4}}\s+)?{_UNIT}s?|[0-9]{{1,4}}\s+{_UNIT}s?\s+ago)(?!\w)"
"""Dates that contain spaces: last month, last 7 days, 2 weeks ago."""
_END = rf"(?:{IN_WORDS}|[^\]\s]*)"
BETWEEN = rf"\[\s{{0,3}}{_END}(?:\s+[Tt][Oo]\s+{_END}\s*)?\]?"
""" "[2022 TO last month]", its bracket closed or not."""

Days = tuple[int | None, int | None]
"""First and last day number, both inclusive; None leaves that end open."""


def day_range(name: str, value: str, today: date) -> Days | None:
    """The meaning of date:VALUE, after:VALUE or before:VALUE, inclusive; None if VALUE is not a date."""
    if name == "date":
        pair = re.fullmatch(rf"\[\s*({_END})\s+TO\s+({_END})\s*\]?|(\S+)\.\.(\S+)", value, re.IGNORECASE)
        if pair:
            return _between(pair[1] or pair[3] or "*", pair[2] or pair[4] or "*", today)
    days = period(value) or relative_period(value, today)
    if name == "date":
        return days
    if days is None:
        return None
    return (days[0], None) if name == "after" else (None, days[1])


def added_range(first: int | None, last: int | None) -> InstantRange:
    """Added on these days of UTC, both inclusive."""
    ends = None if first is None else first_instant(first), None if last is None else last_instant(last)
    return InstantRange("added", *ends)


def period(text: str) -> tuple[int, int] | None:
    """First and last day number of 2022, 2022-03 or 2022-03-04; None for other text."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text, re.ASCII)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last = date(year or 0, month or 12, day or monthrange(year or 0, month or 12)[1])
    except ValueError:
        return None
    return first.toordinal(), last.toordinal()


def relative_period(text: str, today: date) -> tuple[int, int] | None:
    """First and last day number of today, yesterday, this or last week, month or year (calendar periods; weeks start on Monday),
    last 7 days (from 7 days ago to today), 7 days ago or 7d. Hyphens may replace spaces. None for other text."""
    words = re.split(r"[\s_-]+", text.lower().strip(" -"))
    short = re.fullmatch("([0-9]{1,4})([dwmy])", words[0])
    if short and len(words) == 1:
        words = [short[1], UNITS[short[2]], "ago"]
    try:
        match words:
            case ["today"]:
                first = last = today
            case ["yesterday"]:
                first = last = _ago("1", "day", today)
            case ["this", unit]:
                first, last = _around(unit, today)
            case ["last", unit]:
                first, last = _around(unit, _ago("1", unit, today))
            case ["last", number, unit]:
                first, last = _ago(number, unit, today), today
            case [number, unit, "ago"]:
                first = last = _ago(number, unit, today)
            case _:
                return None
    except (ValueError, OverflowError):  # no such unit or number, or before the year 1
        return None
    return first.toordinal(), last.toordinal()


def _ago(number: str, unit: str, today: date) -> date:
    """The same day of an earlier month, or its last day. Raises ValueError or OverflowError if there is none."""
    if not re.fullmatch("[0-9]{1,4}", number):
        raise ValueError(number)
    match unit.removesuffix("s"):
        case "day":
            return today - timedelta(days=int(number))
        case "week":
            return today - timedelta(weeks=int(number))
        case "month" | "year" as whole:
            months = today.year * 12 + today.month - 1 - int(number) * (12 if whole == "year" else 1)
            year, month = months // 12, months % 12 + 1
            return date(year, month, min(today.day, monthrange(year, month)[1]))
        case _:
            raise ValueError(unit)


def _around(unit: str, day: date) -> tuple[date, date]:
    """The first and last day of the week, month or year that contains the day. Raises ValueError for another unit."""
    match unit.removesuffix("s"):
        case "day":
            return day, day
        case "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        case "month":
            return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        case "year":
            return date(day.year, 1, 1), date(day.year, 12, 31)
        case _:
            raise ValueError(unit)


def _between(first: str, last: str, today: date) -> Days | None:
    start, end = (period(text) or relative_period(text, today) for text in (first, last))
    if (first != "*" and not start) or (last != "*" and not end):
        return None
    if start and end and start > end:
        start, end = end, start
    return (start[0] if start else None, end[1] if end else None)
