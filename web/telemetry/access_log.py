"""A log of all requests, a line of JSON each.

{"time":"2026-03-04T05:06:07.089Z","method":"GET","route":"/api/search","status":200,"bytes":3127,"ms":4.21,"query":"5f0c…"}

What was searched for is private: it is left out, or a keyed hash by which equal searches can be told without knowing them. The
key is made at each start unless it is set, so hashes of two starts cannot be compared, nor words be guessed from them.
"""

import hmac
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from search.settings import Settings
from web.telemetry.append_file import AppendFile
from web.telemetry.visits import Visit

HASH_CHARACTERS = 16


class AccessLog:
    """`key`: for the hashes of queries. Raises SettingsError when the file cannot be written."""

    def __init__(self, settings: Settings, key: bytes) -> None:
        self.settings = settings
        self.key = key
        self._file = None if settings.access_log == "json" else AppendFile(Path(settings.access_log))

    def __call__(self, visit: Visit) -> None:
        line = msgspec.json.encode(self.record(visit))
        if self._file:
            self._file.write(line)
        else:
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()

    def record(self, visit: Visit) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        record: dict[str, Any] = {
            "time": now.replace("+00:00", "Z"),
            "method": visit.method,
            "route": visit.route,
            "status": visit.status,
            "bytes": visit.size,
            "ms": round(visit.seconds * 1000, 2),
        }
        if visit.query and self.settings.log_queries != "off":
            record["query"] = visit.query if self.settings.log_queries == "plain" else hashed(visit.query, self.key)
        if visit.found is not None:
            record["found"] = visit.found
        if visit.cached:
            record["cached"] = True
        if visit.refused:
            record["refused"] = visit.refused
        if self.settings.log_clients:
            record["client"] = visit.client
        return record


def hashed(query: str, key: bytes) -> str:
    return hmac.digest(key, query.encode("utf-8", "surrogatepass"), "sha256").hex()[:HASH_CHARACTERS]
