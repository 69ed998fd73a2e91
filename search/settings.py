"""All settings, from BROADSHEET_* variables; a command line flag of the same name wins.

BROADSHEET_INDEX=tantivy:archive.index sets `Settings.index`, BROADSHEET_LIMIT_WORDS=100 sets `Settings.limits.words`.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from search.errors import SettingsError

MEGABYTE = 1_000_000
UI_LANGUAGES = ("auto", "en", "de")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may ask for at most; past it the query is refused with QueryRefused naming the limit."""

    characters: int = 1_000
    words: int = 64
    depth: int = 20
    phrase_words: int = 32
    proximity: int = 20
    patterns: int = 4
    """Words with * or ? in them."""
    typos: int = 4
    changes: int = 4
    """Words and phrases with removed: or added:."""
    hits: int = 10_000
    """The last hit that a page may show."""
    page_size: int = 100
    names: int = 10_000
    """Names in one list."""


@dataclass(frozen=True, slots=True)
class Settings:
    index: str = "tantivy:broadsheet-index"
    """The index: tantivy:DIRECTORY or whoosh:DIRECTORY."""
    spellings: str = ""
    """A file of names that are spelt in several ways, a line each: Kyiv, Kiev. A search for one finds the others too."""
    host: str = "127.0.0.1"
    """The address that `serve` listens on."""
    port: int = 8000
    """The port that `serve` listens on."""
    trusted_hosts: str = ""
    """Host names that requests may be addressed to, separated by commas; those of this machine and `host` always are."""
    ui_language: str = "auto"
    """The language of the pages: auto (what the reader's browser asks for), en or de."""
    saved_pages: bool = True
    """Whether the file that an article was read from can be seen, without its scripts and with no network."""
    remote_images: bool = False
    """Whether an article's page shows pictures from their publishers' servers, which then know who reads it."""
    feedback: bool = True
    """Whether the first hits of a search for several words tell what else it may be about."""
    processes: int = 2
    """Server processes."""
    threads: int = 4
    """Threads of each server process."""
    jobs: int = 0
    """Worker processes that read pages; 0: one a processor."""
    page_seconds: int = 10
    """The time a page may take to be read and extracted."""
    page_bytes: int = 10 * MEGABYTE
    """The size of a page, decompressed and without embedded data: images."""
    page_memory: int = 1_000 * MEGABYTE
    """The memory a worker may take for a page."""
    batch: int = 2_000
    """Documents between two commits of `index`."""
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Raises SettingsError naming the variable when a number is not one, or is negative, or a language unknown."""
        limits = Limits(**_read(Limits, "BROADSHEET_LIMIT_", environ))
        settings = cls(limits=limits, **_read(cls, "BROADSHEET_", environ))
        if settings.ui_language not in UI_LANGUAGES:
            raise SettingsError(f"BROADSHEET_UI_LANGUAGE is {settings.ui_language!r}; give one of {', '.join(UI_LANGUAGES)}")
        return settings


def _read(kind: type[Limits] | type[Settings], prefix: str, environ: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for item in fields(kind):
        name = prefix + item.name.upper()
        if item.name != "limits" and name in environ:
            values[item.name] = _READ_AS[item.type](name, environ[name])
    return values


def _whole_number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise SettingsError(f"{name} is {text!r}; give a whole number")
    return int(text)


def _yes_or_no(name: str, text: str) -> bool:
    if text.lower() not in ("yes", "no"):
        raise SettingsError(f"{name} is {text!r}; give yes or no")
    return text.lower() == "yes"


_READ_AS: dict[Any, Callable[[str, str], Any]] = {str: lambda _, text: text, int: _whole_number, bool: _yes_or_no}
