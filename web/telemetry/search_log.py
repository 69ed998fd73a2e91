"""A log of what was searched for, to see what readers look for and do not find. Without addresses or names.

{"day":"2026-03-04","query":"high-level talks","found":0} ──▶ top_searches(…) ──▶ TopSearch("high-level talks", 12, 0)

It has the first page of each search for words, of the web page and the API: no feeds, no suggestions, no results as you type.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from search.model.text import encodable
from search.settings import Settings
from web.telemetry.append_file import AppendFile, old_part
from web.telemetry.visits import Visit


class LoggedSearch(msgspec.Struct, frozen=True):
    """`found`: how many articles; None if the response came from a client's own copy and is no longer known."""

    day: str
    query: str
    found: int | None


@dataclass(frozen=True, slots=True)
class TopSearch:
    """`query` as it was typed most often; `found`: how many articles at the last time, None if never known."""

    query: str
    count: int
    found: int | None


class SearchLog:
    """Raises SettingsError when the file cannot be written."""

    def __init__(self, settings: Settings) -> None:
        self._file = AppendFile(Path(settings.search_log), settings.search_log_bytes)

    def __call__(self, visit: Visit) -> None:
        if visit.search:
            query = encodable(" ".join(visit.query.split()))
            self._file.write(msgspec.json.encode(LoggedSearch(f"{datetime.now(UTC):%Y-%m-%d}", query, visit.found)))


def top_searches(path: Path, *, limit: int, without_results: bool = False, since: str = "") -> list[TopSearch]:
    """The most frequent searches from the day `since` on; upper and lower case count as one. `without_results`: those that found
    nothing at the last time. Raises OSError when there is no such file."""
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    found: dict[str, int | None] = {}
    for search in _logged(path):
        if search.day >= since:
            key = search.query.casefold()
            counts[key] += 1
            forms.setdefault(key, Counter())[search.query] += 1
            found[key] = search.found if search.found is not None else found.get(key)
    keys = sorted(counts, key=lambda key: (-counts[key], key))
    top = (TopSearch(forms[key].most_common(1)[0][0], counts[key], found[key]) for key in keys)
    return [each for each in top if each.found == 0 or not without_results][:limit]


def _logged(path: Path) -> Iterator[LoggedSearch]:
    """All lines, the old ones first; one that a full disk cut off is passed over."""
    decode = msgspec.json.Decoder(LoggedSearch).decode
    for part in [old for old in (old_part(path),) if old.exists()] + [path]:
        with part.open("rb") as lines:
            for line in lines:
                try:
                    yield decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    continue
