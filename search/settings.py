"""All settings: command-line flags, before BROADSHEET_* variables, before the file broadsheet.toml.

BROADSHEET_INDEX=tantivy:archive.index or, in the file, index = "tantivy:archive.index" sets `Settings.index`;
BROADSHEET_LIMIT_WORDS=100 or words = 100 in its table [limits] sets `Settings.limits.words`.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from search.errors import SettingsError

MEGABYTE = 1_000_000
SETTINGS_FILE = "broadsheet.toml"
"""Read if it is in the working directory."""
UI_LANGUAGES = ("auto", "en", "de", "es", "fr")
CHOICES = {
    "ui_language": UI_LANGUAGES,
    "log_queries": ("hash", "plain", "off"),
    "smtp_security": ("starttls", "tls", "none"),
}
PATTERNS = {
    "title": (r"(?s:.*\S.*)", "a text that is not empty"),
    "accent": (r"(#[0-9a-fA-F]{6})?", "a colour such as #8c1d18"),
    "base_url": (
        r"(https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,4}|:[1-5][0-9]{4})?(/[A-Za-z0-9._~/-]*)?)?",
        "an address such as https://archive.example/ (a name with other letters as xn--…)",
    ),
}
RANGES = {
    **dict.fromkeys(("port", "metrics_port", "smtp_port"), (0, 65_535)),
    **dict.fromkeys(("processes", "threads", "page_seconds", "page_bytes", "page_memory", "batch"), (1, None)),
}
"""The least and the largest value of numbers that may not be any whole number."""
FILES = ("spellings", "access_log", "search_log", "tokens", "logo")
"""Settings that name a file: in broadsheet.toml relative to its folder."""


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
    base_url: str = ""
    """The address of the archive as readers reach it, such as https://news.example/archive/; that of each request if empty."""
    title: str = "Broadsheet"
    """The name of the archive, shown on its pages and in feeds."""
    logo: str = ""
    """A file with a logo, SVG or PNG, shown in place of the title."""
    accent: str = ""
    """The colour of links and buttons, such as #8c1d18; darker or lighter shades of it are used where it is hard to read."""
    welcome: str = ""
    """A plain text for the start page; a blank line begins a paragraph."""
    contact: str = ""
    """How readers reach whoever runs the archive, shown at the foot of pages: a web or e-mail address, or a text."""
    imprint: str = ""
    """Who is responsible for the archive, shown at the foot of pages: a web address or a text."""
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
    def from_environment(cls, environ: Mapping[str, str] = os.environ, config: str | None = None) -> "Settings":
        """config: the file of settings; by default BROADSHEET_CONFIG or, if there is one, broadsheet.toml.

        Raises SettingsError, naming the variable or the file and the key, for an unusable value or unknown key."""
        path = config or environ.get("BROADSHEET_CONFIG") or (SETTINGS_FILE if os.path.exists(SETTINGS_FILE) else "")
        table = _from_file(path) if path else {}
        in_limits = table.pop("limits", {})
        limits = Limits(**in_limits | dict(_from_variables(fields(Limits), "BROADSHEET_LIMIT_", environ)))
        return cls(limits=limits, **table | dict(_from_variables(_PLAIN, "BROADSHEET_", environ)))


_PLAIN = tuple(each for each in fields(Settings) if each.name != "limits")


def possible_values(setting: "Field[Any]", in_file: bool = False) -> str:
    """What may be given, in words."""
    name = setting.name
    if name in CHOICES:
        return f"one of {', '.join(CHOICES[name])}"
    if name in PATTERNS:
        return PATTERNS[name][1]
    if setting.type is bool:
        return "true or false" if in_file else "yes or no"
    if setting.type is str:
        return "a text in quotation marks"
    least, most = RANGES.get(name, (0, None))
    return "a whole number" + (f" from {least} to {most}" if most else f", at least {least}" if least else "")


def is_possible(setting: "Field[Any]", value: object) -> bool:
    name = setting.name
    if type(value) is not setting.type:
        return False
    if isinstance(value, str):
        return value in CHOICES.get(name, (value,)) and bool(re.fullmatch(PATTERNS.get(name, (r"[^\0]*",))[0], value))
    least, most = RANGES.get(name, (0, None))
    return isinstance(value, bool) or (isinstance(value, int) and least <= value and (most is None or value <= most))


def _from_variables(settings: tuple["Field[Any]", ...], prefix: str, environ: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for setting in settings:
        name = prefix + setting.name.upper()
        if name in environ:
            value = _typed(setting, environ[name])
            if not is_possible(setting, value):
                raise SettingsError(f"{name} is {environ[name]!r}; give {possible_values(setting)}")
            yield setting.name, value


def _typed(setting: "Field[Any]", text: str) -> object:
    """The value of a variable; the text itself if it is none."""
    if setting.type is int and text.isascii() and text.isdigit():
        return int(text)
    return text.lower() == "yes" if setting.type is bool and text.lower() in ("yes", "no") else text


def _from_file(path: str) -> dict[str, Any]:
    import tomllib

    try:
        with open(path, "rb") as file:
            table = tomllib.load(file)
    except OSError as error:
        raise SettingsError(f"The settings in {path} cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not a TOML file: {error}") from error
    limits = table.pop("limits", {})
    if not isinstance(limits, dict):
        raise SettingsError(f"{path}: limits = {limits!r}; give a table [limits]")
    folder = os.path.dirname(os.path.abspath(path))
    values = dict(_checked(_PLAIN, table, path, ""))
    return {name: _below(folder, name, value) for name, value in values.items()} | {
        "limits": dict(_checked(fields(Limits), limits, path, "limits."))
    }


def _checked(
    settings: tuple["Field[Any]", ...], table: Mapping[str, object], path: str, prefix: str
) -> Iterator[tuple[str, object]]:
    known = {each.name: each for each in settings}
    for name, value in table.items():
        if name not in known:
            raise SettingsError(f"{path}: {prefix}{name} is unknown; {_meant(name, known)}")
        if not is_possible(known[name], value):
            raise SettingsError(f"{path}: {prefix}{name} is {value!r}; give {possible_values(known[name], in_file=True)}")
        yield name, value


def _meant(name: str, known: Mapping[str, object]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), known, 1)
    return f"{near[0]} may be meant" if near else f"there are {', '.join(sorted(known))}"


def _below(folder: str, name: str, value: Any) -> Any:
    """A path of the file, which is relative to its folder, as a path from anywhere."""
    if name == "index" and value:
        engine, colon, directory = value.partition(":")
        return f"{engine}:{os.path.join(folder, directory)}" if colon and "/" not in engine else os.path.join(folder, value)
    is_path = name in FILES and value not in ("", "off", "json")
    return os.path.join(folder, value) if is_path else value
