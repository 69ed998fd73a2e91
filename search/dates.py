"""Dates as a searcher types them -> day numbers (proleptic Gregorian ordinals, as date.toordinal).

>>> day_range("date", "2022-03")
(738215, 738245)
"""

import re
from calendar import monthrange
from datetime import date

Days = tuple[int | None, int | None]
"""First and last day number, both inclusive; None is open."""


def day_range(name: str, value: str) -> Days | None:
    """What date:VALUE, after:VALUE or before:VALUE means, inclusive; None when VALUE is no date."""
    if name == "date":
        pair = re.fullmatch(r"\[\s*(\S*)\s+TO\s+([^\s\]]*)\s*\]?|(\S+)\.\.(\S+)", value, re.IGNORECASE)
        if pair:
            return _between(pair[1] or pair[3] or "*", pair[2] or pair[4] or "*")
        return period(value)
    days = period(value)
    if days is None:
        return None
    return (days[0], None) if name == "after" else (None, days[1])


def period(text: str) -> tuple[int, int] | None:
    """First and last day number of 2022, 2022-03 or 2022-03-04; None when the text is none of these."""
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


def _between(first: str, last: str) -> Days | None:
    start, end = period(first), period(last)
    if (first != "*" and not start) or (last != "*" and not end):
        return None
    if start and end and start > end:
        start, end = end, start
    return (start[0] if start else None, end[1] if end else None)
