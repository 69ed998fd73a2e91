"""Files that survive a power cut, and small files of JSON that tell when they were changed.

write_signed(path / "commit.json", {"documents": 3})     # {"documents": 3, "sha256": "9c1f…"}
read_signed(path / "commit.json")                        # {"documents": 3}, or ValueError after a single flipped bit
"""

import hashlib
import json
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

DRAFT_SECONDS = 60
"""A draft older than this is nobody's: writing one takes no time."""
SIGNATURE = "sha256"

_DRAFT = ".new"


class Unsigned(ValueError):
    """The file has no signature; `values` is what it says, whatever that is."""

    def __init__(self, values: Any) -> None:
        super().__init__("has no checksum")
        self.values = values


def write_signed(path: Path, values: Mapping[str, Any]) -> None:
    """Writes the values atomically, with their own checksum."""
    write_atomically(path, signed(values))


def read_signed(path: Path) -> dict[str, Any]:
    """Raises OSError, Unsigned, or another ValueError for a file that is not what was written."""
    content = path.read_bytes()
    values = json.loads(content)
    if not isinstance(values, dict) or SIGNATURE not in values:
        raise Unsigned(values)
    del values[SIGNATURE]
    if content != signed(values).encode():
        raise ValueError("does not match its checksum")
    return values


def signed(values: Mapping[str, Any]) -> str:
    """What `read_signed` reads."""
    digest = hashlib.sha256(json.dumps(values).encode()).hexdigest()
    return json.dumps({**values, SIGNATURE: digest})


def write_atomically(path: Path, text: str) -> None:
    """The file has the old content or the new one, also after a power cut."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}{_DRAFT}")  # of this writer alone
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync(path.parent)


def remove_drafts(path: Path, others: str = "") -> None:
    """What writers that were killed left of `write_atomically` in the directory, and of a library that does so with names of this
    pattern; to be called by who holds its lock."""
    for draft in (*path.glob(f"*{_DRAFT}"), *(path.glob(others) if others else ())):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > DRAFT_SECONDS:
                draft.unlink()


def sync_directory(path: Path) -> None:
    """What is in the directory survives a power cut: its files first, then the directory itself."""
    for name in os.listdir(path):
        sync(path / name)
    sync(path)


def sync(path: Path) -> None:
    """What the file or directory holds now survives a power cut; of a directory that is the names of its files."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # merged away meanwhile
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
