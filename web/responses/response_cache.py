"""The most recent responses of a process, to answer the same request again: least recently used out first, bounded in bytes.

    cache.put(b"…", Response("<html>…"))        cache.get(b"…") -> Response("<html>…")

A key stands for all that the response was made from, so that a response never has to be taken back: it is not asked for again.
"""

import threading
from collections import OrderedDict
from typing import NamedTuple

from flask import Response

MAX_SHARE = 8
"""A response may take this part of the room, so that one does not push out all others."""
ENTRY_BYTES = 1_500
"""What an entry takes beside its body and headers: objects, and its place in the table."""


class KeptResponse(NamedTuple):
    """A response with status 200. `found`: how many articles a search found, else None."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    found: int | None

    @property
    def size(self) -> int:
        return ENTRY_BYTES + len(self.body) + sum(len(name) + len(value) for name, value in self.headers)


class ResponseCache:
    """Of at most `max_bytes`; of 0, it stores nothing. May be used by several threads."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self._stored: OrderedDict[bytes, KeptResponse] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Response | None:
        """The response as it was when it was stored."""
        with self._lock:
            stored = self._stored.get(key)
            if stored is None:
                return None
            self._stored.move_to_end(key)
        return Response(stored.body, headers=list(stored.headers))

    def found(self, key: bytes) -> int | None:
        """How many articles the search found that the response was made for, if that is still known."""
        with self._lock:
            stored = self._stored.get(key)
        return stored.found if stored else None

    def put(self, key: bytes, response: Response, found: int | None = None) -> None:
        """Store it, unless it is an error, streamed, or for one client only."""
        if response.status_code != 200 or response.is_streamed or is_private(response):
            return
        stored = KeptResponse(tuple(response.headers), response.get_data(), found)
        if stored.size > self.max_bytes // MAX_SHARE:
            return
        with self._lock:
            self._drop(key)
            self._stored[key] = stored
            self.size += stored.size
            while self.size > self.max_bytes:
                self._drop(next(iter(self._stored)))

    def _drop(self, key: bytes) -> None:
        if replaced := self._stored.pop(key, None):
            self.size -= replaced.size


def is_private(response: Response) -> bool:
    control = response.cache_control
    return "Set-Cookie" in response.headers or bool(control.private) or control.no_store
