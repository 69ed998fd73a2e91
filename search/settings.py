"""All settings, from BROADSHEET_* variables; command-line flags of the same name take precedence.

BROADSHEET_INDEX=tantivy:archive.index sets `Settings.index`, BROADSHEET_LIMIT_WORDS=100 sets `Settings.limits.words`.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from search.errors import SettingsError

MEGABYTE = 1_000_000
UI_LANGUAGES = ("auto", "en", "de", "es", "fr")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a query. A query that exceeds one is refused with QueryRefused, which names the limit."""

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
    """The last hit that can be paged to."""
    page_size: int = 100
    names: int = 10_000
    """Names in one list."""


@dataclass(frozen=True, slots=True)
class Settings:
    index: str = "tantivy:broadsheet-index"
    """The index: DIRECTORY, tantivy:DIRECTORY or whoosh:DIRECTORY."""
    spellings: str = ""
    """A file of names with several spellings, one group per line: Kyiv, Kiev. A search for one also finds the others."""
    host: str = "127.0.0.1"
    """The address that `serve` listens on."""
    port: int = 8000
    """The port that `serve` listens on."""
    trusted_hosts: str = ""
    """Host names accepted in requests, separated by commas; `host` and the names of this machine are always accepted."""
    ui_language: str = "auto"
    """The language of the web pages: auto (the language of the reader's browser), en, de, es or fr."""
    saved_pages: bool = True
    """Whether readers can view an article's saved page, without scripts and network access."""
    remote_images: bool = False
    """Whether article pages load pictures from publishers' servers, which can then see who reads them."""
    feedback: bool = True
    """Whether the ranking of a search for several words takes related terms from its top results."""
    processes: int = 2
    """Server processes."""
    threads: int = 4
    """Threads of each server process."""
    response_cache: int = 16 * MEGABYTE
    """Memory that each server process uses to keep recent responses, in bytes; 0 = none."""
    jobs: int = 0
    """Worker processes that read pages; 0 = one per CPU."""
    page_seconds: int = 10
    """The maximum time for reading and extracting a page, in seconds."""
    page_bytes: int = 10 * MEGABYTE
    """The maximum size of a page in bytes, decompressed and without embedded data: images."""
    page_memory: int = 1_000 * MEGABYTE
    """The maximum memory of a worker for one page, in bytes."""
    batch: int = 2_000
    """Documents between two commits of `index`."""
    limits: Limits = field(default_factory=Limits)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Raises SettingsError, naming the variable, if a number is invalid or negative or a language is unknown."""
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
