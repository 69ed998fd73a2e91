"""How often a client may ask: a bucket of tokens for each, filled evenly (the generic cell rate algorithm).

    RateLimit(60, shared_table()).wait_seconds("198.51.100.7") ──▶ 0.0, 0.0, … 0.98

For each client one number is kept, when its bucket is full again, in memory that all processes of the server share: the limit is
that of the server. Processes do not wait for each other, so of requests in the very same moment one may be missed. There is room
for a fixed number of clients; of those that fall into the same row, one whose bucket is nearly full is forgotten first.
"""

import hashlib
import math
import mmap
import secrets
import struct
import time

ROWS = 16_384
PLACES = 4
"""Of a row."""
SECONDS_A_MINUTE = 60.0
_PLACE = struct.Struct("=8sd")
_ROW_BYTES = PLACES * _PLACE.size
_KEY_BYTES = 16


def shared_table() -> mmap.mmap:
    """To be made before the processes are: a key that scatters clients over the rows, and the rows (1 MB)."""
    table = mmap.mmap(-1, _KEY_BYTES + ROWS * _ROW_BYTES)
    table[:_KEY_BYTES] = secrets.token_bytes(_KEY_BYTES)
    return table


class RateLimit:
    def __init__(self, per_minute: int, table: mmap.mmap) -> None:
        self.table = table
        self.key = table[:_KEY_BYTES]
        self.interval = SECONDS_A_MINUTE / per_minute

    def wait_seconds(self, client: str) -> float:
        """0 if the client may ask now, and it is counted; otherwise how long it has to wait."""
        now = time.monotonic()
        digest = hashlib.blake2b(client.encode("utf-8", "surrogatepass"), digest_size=16, key=self.key).digest()
        row = _KEY_BYTES + int.from_bytes(digest[8:]) % ROWS * _ROW_BYTES
        places = [
            (row + place * _PLACE.size, *_PLACE.unpack_from(self.table, row + place * _PLACE.size)) for place in range(PLACES)
        ]
        mine = next((place for place in places if place[1] == digest[:8]), None)
        offset, full_at = (mine[0], max(mine[2], now)) if mine else (min(places, key=lambda place: place[2])[0], now)
        wait = full_at + self.interval - now - SECONDS_A_MINUTE
        if wait > 1e-9:
            return float(wait)
        _PLACE.pack_into(self.table, offset, digest[:8], full_at + self.interval)
        return 0.0


def retry_after(seconds: float) -> int:
    """As in the header: whole seconds, after which the request is answered."""
    return max(1, math.ceil(seconds))
