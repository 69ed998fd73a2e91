"""All settings, from BROADSHEET_* variables; command-line flags of the same name take precedence.

BROADSHEET_INDEX=tantivy:archive.index sets `Settings.index`, BROADSHEET_LIMIT_WORDS=100 sets `Settings.limits.words`.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from search.errors import SettingsError

MEGABYTE = 1_000_000
SMTP_SECURITY = ("starttls", "tls", "none")
UI_LANGUAGES = ("auto", "en", "de", "es", "fr")
LOG_QUERIES = ("hash", "plain", "off")


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
    metrics_port: int = 0
    """The port of the metrics for Prometheus, at `/metrics`; 0 = none."""
    metrics_host: str = "127.0.0.1"
    """The address that metrics are served on."""
    access_log: str = "off"
    """The log of requests: off, json (lines of JSON on standard output), or the name of a file for the same lines."""
    log_queries: str = "hash"
    """Queries in that log: hash (a keyed hash), plain or off."""
    log_secret: str = ""
    """The key of these hashes; without it each start makes a new one, so that hashes of two starts cannot be compared."""
    log_clients: bool = False
    """Whether that log names who asked: the token, the signed-in name, or else the address."""
    search_log: str = ""
    """A file for the log of searches, which `broadsheet searches` counts; none if empty."""
    search_log_bytes: int = 10 * MEGABYTE
    """The maximum size of the log of searches, in bytes; the oldest searches are dropped."""
    tokens: str = ""
    """A file of tokens made by `broadsheet token`; it closes the archive to whoever has none."""
    auth_header: str = ""
    """The header in which trusted proxies name who has signed in, such as X-Remote-User; closes the archive to others."""
    trusted_proxies: str = ""
    """Addresses or networks of proxies whose headers are believed, separated by commas; unix stands for Unix sockets."""
    rate_limit: int = 0
    """Requests that a client may make in a minute; 0 = no limit."""
    cors_origins: str = ""
    """Origins whose pages may use the API from a browser, separated by commas; * = any."""
    jobs: int = 0
    """Worker processes that read pages; 0 = one per CPU."""
    page_seconds: int = 10
    """The maximum CPU time for reading and extracting a page, in seconds."""
    page_bytes: int = 10 * MEGABYTE
    """The maximum size of a page in bytes, decompressed and without embedded data: images."""
    page_memory: int = 1_000 * MEGABYTE
    """The maximum memory of a worker for one page, in bytes."""
    batch: int = 2_000
    """Documents between two commits of `index`."""
    smtp_host: str = ""
    """The mail server that `alert` sends e-mail through."""
    smtp_port: int = 587
    """Its port."""
    smtp_user: str = ""
    """The user name at the mail server; none if it wants no login."""
    smtp_password: str = ""
    """The password of that user."""
    smtp_from: str = ""
    """The sender of e-mail; broadsheet@ and the mail server if not given."""
    smtp_security: str = "starttls"
    """How the connection to the mail server is encrypted: starttls, tls (from the start) or none."""
    limits: Limits = field(default_factory=Limits)

    @property
    def is_closed(self) -> bool:
        """Whether only those may ask who have a token or are signed in."""
        return bool(self.tokens or self.auth_header.strip())

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Raises SettingsError, naming the variable, if a number is invalid or negative or a choice is unknown."""
        limits = Limits(**_read(Limits, "BROADSHEET_LIMIT_", environ))
        settings = cls(limits=limits, **_read(cls, "BROADSHEET_", environ))
        for name, choices in (("ui_language", UI_LANGUAGES), ("log_queries", LOG_QUERIES), ("smtp_security", SMTP_SECURITY)):
            if getattr(settings, name) not in choices:
                given = getattr(settings, name)
                raise SettingsError(f"BROADSHEET_{name.upper()} is {given!r}; give one of {', '.join(choices)}")
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
