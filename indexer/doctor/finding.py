"""What was looked at, what was found, and what is to be done.

Finding("disk", "0.4 GB free of 20.0 GB; the index takes 0.9 GB", "make room: …")
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`do`: None if nothing is to be done."""

    check: str
    says: str
    do: str | None = None


def size(count: int) -> str:
    """12_300_000 -> 12.3 MB"""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"
