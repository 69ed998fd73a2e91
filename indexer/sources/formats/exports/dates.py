"""Dates of exports -> ISO 8601, as precise and with the zone as they are given.

>>> iso_date("Fri, 04 Mar 2022 10:00:00 +0100"), iso_date("20220304T090000Z"), iso_date("20220304")
('2022-03-04T10:00:00+01:00', '2022-03-04T09:00:00+00:00', '2022-03-04')
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_EPOCH = re.compile(r"1\d{9}(?:\d{3})?$")
"""Seconds or milliseconds since 1970."""
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?\s*(Z|[+-]\d\d:?\d\d)?)?$", re.IGNORECASE)
_ISO = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?)?$", re.IGNORECASE
)


def iso_date(text: str | None) -> str | None:
    """None for what is no date of ISO 8601 or of mail, or the zero that stands for "not yet"."""
    text = (text or "").strip()
    if not text or text.startswith(("0000", "-")):
        return None
    if _EPOCH.match(text):
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    if found := _ISO.match(text) or _COMPACT.match(text):
        return _checked(*found.groups())
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        when = parsedate_to_datetime(text)
        return when.isoformat() if when.year > 1 else None
    return None


def place_of(dateline: str | None) -> str | None:
    """ "PARIS, 4 March (Wire) –" and "PARIS, Jan. 1" are Paris; None for "Monday, July 1, 1991", a day alone."""
    if _DAY_ALONE.match(dateline or ""):
        return None
    return _AFTER_PLACE.split(dateline or "")[0].strip(" ,–—-") or None


_DAY_ALONE = re.compile(r"[^\W\d_]+,\s[^\W\d_]+\.?\s\d{1,2},\s\d{4}")
_AFTER_PLACE = re.compile(r",\s*(?:[^\W\d_]{3,9}\.?\s)?\d|(?:^|\s)\d|\(|\s[–—-](?:\s|$)")


def dated(name: str, text: str | None) -> dict[str, str | None]:
    """The fields of a date: in ISO 8601 if it is one, and as it is printed."""
    return {name: iso_date(text), f"{name}_text": (text or "").strip() or None}


def local_with_zone(local: str | None, utc: str | None) -> str | None:
    """A local time whose zone shows by the same moment in UTC: "2022-03-04 10:00:00" beside "2022-03-04 09:00:00" is +01:00."""
    here, there = iso_date(local), iso_date(utc)
    if not here or not there or len(here) <= 10 or len(there) <= 10:
        return here or (f"{there}+00:00" if there and len(there) > 10 else there)
    shift = datetime.fromisoformat(here).replace(tzinfo=None) - datetime.fromisoformat(there).replace(tzinfo=None)
    if abs(shift) > timedelta(hours=14) or shift.total_seconds() % 900:
        return here
    return datetime.fromisoformat(here).replace(tzinfo=timezone(shift)).isoformat()


def _checked(
    year: str, month: str, day: str | None, hour: str | None, minute: str | None, second: str | None, zone: str | None
) -> str | None:
    try:
        if day is None:
            date(int(year), int(month), 1)
            return f"{year}-{month}"
        if hour is None or minute is None:
            return date(int(year), int(month), int(day)).isoformat()
        offset = "+00:00" if (zone or "").upper() in ("Z", "UTC", "GMT") else zone or ""
        return datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{offset}").isoformat()
    except ValueError:
        return None
