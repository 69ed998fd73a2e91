"""Points in time as an index keeps them: the number of microseconds since 1970 in UTC, and the same as text.

    instant_text(1_646_388_000_000_000) == "2022-03-04T10:00:00.000000Z"

All texts have the same length, so that they sort as the instants do.
"""

import time
from datetime import UTC, date, datetime, timedelta

DAY_MICROSECONDS = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()


def now() -> int:
    return time.time_ns() // 1000


def instant_text(instant: int) -> str | None:
    """None for 0, an instant that is not known."""
    return (_EPOCH + timedelta(microseconds=instant)).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if instant else None


def instant_number(text: str | None) -> int:
    """0 for None. Raises ValueError for a text that is no instant."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1) if text else 0


def first_instant(day: int) -> int:
    """Of the day with that number (date.toordinal), in UTC."""
    return (day - _EPOCH_DAY) * DAY_MICROSECONDS


def last_instant(day: int) -> int:
    return first_instant(day + 1) - 1


def utc_day(instant: int) -> date:
    return date.fromordinal(_EPOCH_DAY + instant // DAY_MICROSECONDS)
