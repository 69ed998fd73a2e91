"""What the processes of a server have in common; made before they are.

Shared.made() ──▶ the same key of hashes, table of rates and folder of counters in each
"""

import mmap
import secrets
from dataclasses import dataclass, field

from web.access.rate_limit import shared_table


@dataclass(frozen=True, slots=True)
class Shared:
    """`key`: for hashes of queries in the log; `rates`: for the limit per client; `metrics`: the folder of counters."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    rates: mmap.mmap = field(default_factory=shared_table, repr=False)
    metrics: str | None = None
