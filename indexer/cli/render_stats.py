"""The contents of an index, as text for a terminal and as a JSON record."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from indexer.load.report import counted
from search.engines.protocol import Stats


def stats_record(found: Stats) -> dict[str, Any]:
    days = {"first_day": _iso(found.first_day), "last_day": _iso(found.last_day)}
    return asdict(found) | days


def stats_lines(found: Stats) -> Iterator[str]:
    yield f"articles     {found.articles:,}, {found.undated:,} undated, {found.without_author:,} without an author"
    yield f"versions     {counted(found.versions, 'earlier version')}"
    yield f"dates        {_iso(found.first_day) or '-'} to {_iso(found.last_day) or '-'}"
    yield f"languages    {', '.join(f'{name} {count:,}' for name, count in found.languages.items()) or '-'}"
    yield f"skipped      {', '.join(f'{code} {count:,}' for code, count in found.skipped.items()) or '-'}"
    for collection in found.collections:
        added = f", last updated {collection.added}" if collection.added else ""
        language = f", default language {collection.language}" if collection.language else ""
        yield f"collection   {collection.name}: {collection.root}{added}{language}"
    yield f"size         {found.bytes / 1e6:,.1f} MB"


def _iso(day: int | None) -> str | None:
    return date.fromordinal(day).isoformat() if day else None
