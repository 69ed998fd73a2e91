"""How far each target of each alert has been told, kept in a file beside the file of searches.

with open_state(Path("alerts.toml")) as state:     # alerts.toml.state; no other process may use it meanwhile
    state.put(("Peace talks", "stdout"), Told(until=1_646_388_000_000_000))
    state.save()

A delivery is written down, whole, before it is made, and struck out after it. After a crash the same delivery is made again, with
the same key; of a file it is seen how much of it is there already.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from search.engines.disk.durable_files import read_signed, signed, sync
from search.errors import SettingsError

StateKey = tuple[str, str]
"""The names of a search and of a target."""


class Delivery(msgspec.Struct, frozen=True):
    """key: the same at each attempt; until: the instant up to which it tells; text: all of it; offset: where in the file it
    begins, None if the target is none; hits: how many."""

    key: str
    until: int
    text: str
    hits: int
    offset: int | None = None


class Told(msgspec.Struct, frozen=True):
    """`until`: the instant up to which the target was told; `delivery`: what it is to be told next, begun but not finished."""

    until: int
    delivery: Delivery | None = None


class State:
    def __init__(self, path: Path, told: dict[StateKey, Told]) -> None:
        self.path = path
        self._told = told
        self._saved = dict(told)

    def get(self, key: StateKey) -> Told | None:
        return self._told.get(key)

    def put(self, key: StateKey, told: Told) -> None:
        self._told[key] = told

    def keep(self, keys: set[StateKey]) -> None:
        """Forgets all others: searches that are gone from the file."""
        self._told = {key: told for key, told in self._told.items() if key in keys}

    def save(self) -> None:
        """Durable on return; nothing is written if nothing changed."""
        if self._told != self._saved:
            self.save_after(lambda: None)

    def save_after(self, act: Callable[[], None]) -> None:
        """Does it and saves, with nothing between the two but a new name for a file that is on the disk already."""
        draft = self.path.with_name(f"{self.path.name}.next")
        with draft.open("w", encoding="utf-8") as file:
            file.write(signed(self._values()))
            file.flush()
            os.fsync(file.fileno())
        try:
            act()
        except BaseException:
            draft.unlink()
            raise
        draft.replace(self.path)
        sync(self.path.parent)
        self._saved = dict(self._told)

    def _values(self) -> dict[str, Any]:
        return {"told": [[*key, msgspec.to_builtins(told)] for key, told in sorted(self._told.items(), key=lambda item: item[0])]}


@contextmanager
def open_state(searches: Path) -> Iterator[State]:
    """Raises SettingsError if another process has it open, or the file is not what was written."""
    path = searches.with_name(f"{searches.name}.state")
    descriptor = os.open(searches.with_name(f"{searches.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SettingsError(f"Another process runs the searches of {searches}; try again when it has finished.") from error
        yield State(path, _read(path))
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[StateKey, Told]:
    try:
        return {(name, target): msgspec.convert(told, Told) for name, target, told in read_signed(path)["told"]}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, msgspec.ValidationError) as error:
        raise SettingsError(
            f"{path} is not what was written, so what was already reported is not known. Remove it to begin anew from now on."
        ) from error
