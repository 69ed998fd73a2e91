"""A TOML file of searches -> alerts, and what is wrong with those that cannot run.

    [[search]]
    name = "Peace talks"
    query = "peace talks -film"
    section = ["World"]
    to = ["stdout", { file = "peace.jsonl" }, { email = "desk@example.org" }, { webhook = "https://example.org/hook" }]

A search takes the filters and dates of the API under their names. Files are found from the folder of the TOML file.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

from search.errors import BroadsheetError, SettingsError
from search.model.instants import first_instant
from search.query.parameters import FILTERS
from search.query.parsing.date_ranges import period
from search.service.search import SearchParams

TargetKind = Literal["stdout", "file", "email", "webhook"]
Format = Literal["text", "jsonl"]
JSONL_ENDINGS = (".jsonl", ".ndjson")
DATES = ("from-date", "to-date")
WEBHOOK_SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Target:
    """`place`: a path, an address or a URL, "" for stdout; `format`: of stdout and of a file."""

    kind: TargetKind
    place: str = ""
    format: Format = "text"

    @property
    def key(self) -> str:
        """Its name in the state and in messages."""
        return f"{self.kind} {self.place}".strip()


@dataclass(frozen=True, slots=True)
class Alert:
    """`since`: the instant from which on articles are new to a search that has not run before, None for its first run."""

    name: str
    question: SearchParams
    targets: tuple[Target, ...]
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Of a search, or of one target of it."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class AlertFile:
    """`site`: the address at which the archive is served, for links, None if it is not given."""

    alerts: tuple[Alert, ...]
    failures: tuple[Failure, ...] = ()
    site: str | None = None


def read_alerts(path: Path) -> AlertFile:
    """Raises SettingsError for a file that is no such file; what is wrong with one search is one of the failures."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The searches in {path} cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not a TOML file: {error}") from error
    if unknown := values.keys() - {"site", "search"}:
        raise SettingsError(f"{path}: {_listed(unknown)} is unknown; searches are given as [[search]]")
    searches, site = values.get("search", []), values.get("site")
    if not isinstance(searches, list) or not searches:
        raise SettingsError(f"{path} has no search; give each as [[search]] with a name and a query")
    if site is not None and not _is_web_address(site):
        raise SettingsError(f"{path}: site is {site!r}; give the address of the archive, such as https://archive.example.org")
    alerts: dict[str, Alert] = {}
    failures = []
    for number, each in enumerate(searches, 1):
        name = each.get("name") if isinstance(each, dict) else None
        label = name if isinstance(name, str) and name.strip() else f"search {number}"
        try:
            if label in alerts:
                raise SettingsError("there is another search of this name")
            alerts[label] = _alert(each, path.parent)
        except BroadsheetError as error:
            failures.append(Failure(label, str(error)))
    return AlertFile(tuple(alerts.values()), tuple(failures), site.rstrip("/") if site else None)


def _alert(values: Any, folder: Path) -> Alert:
    if not isinstance(values, dict):
        raise SettingsError("it is not a table; give it as [[search]]")
    known = {"name", "query", "to", "since", "query-fields", *DATES, *FILTERS}
    if unknown := values.keys() - known:
        raise SettingsError(f"{_listed(unknown)} is unknown; a search takes {_listed(known)}")
    name = _text(values, "name")
    if name is None:
        raise SettingsError("it has no name")
    question = SearchParams(
        text=_text(values, "query") or "",
        filters={each: some for each in FILTERS if (some := _texts(values, each))},
        query_fields=_texts(values, "query-fields"),
        from_date=_text(values, "from-date"),
        to_date=_text(values, "to-date"),
    )
    targets = tuple(_targets(values.get("to", "stdout"), folder))
    if not targets:
        raise SettingsError('it has no target; give to = "stdout", or a list of targets')
    if len({target.key for target in targets}) < len(targets):
        raise SettingsError("it has the same target twice")
    return Alert(name, question, targets, _since(_text(values, "since")))


def _since(text: str | None) -> int | None:
    if text is None:
        return None
    days = period(text)
    if days is None:
        raise SettingsError(f"since is {text!r}; give a date as 2022, 2022-03 or 2022-03-04")
    return max(first_instant(days[0]) - 1, 0)


def _targets(given: Any, folder: Path) -> Iterator[Target]:
    for each in given if isinstance(given, list) else [given]:
        values = {"stdout": True} if each == "stdout" else each
        kinds = [kind for kind in get_args(TargetKind) if isinstance(values, dict) and kind in values]
        if len(kinds) != 1 or values.keys() - {kinds[0], "format"}:
            raise SettingsError(f'to has {each!r}; give "stdout", {{ file = … }}, {{ email = … }} or {{ webhook = … }}')
        yield _target(cast(TargetKind, kinds[0]), values, folder)


def _target(kind: TargetKind, values: dict[str, Any], folder: Path) -> Target:
    asked = values.get("format")
    if asked is not None and (asked not in get_args(Format) or kind not in ("stdout", "file")):
        raise SettingsError(f"format is {asked!r}; give text or jsonl, for stdout or a file")
    if kind == "stdout":
        return Target(kind, "", asked or "text")
    place = _text(values, kind)
    if place is None:
        raise SettingsError(f"to has {kind} without a value")
    if kind == "webhook" and not _is_web_address(place):
        raise SettingsError(f"webhook is {place!r}; give a URL that begins with https:// or http://")
    if kind == "email" and ("@" not in place or any(char.isspace() for char in place)):
        raise SettingsError(f"email is {place!r}; give an address such as desk@example.org")
    if kind != "file":
        return Target(kind, place)
    return Target(kind, str(folder.resolve() / place), asked or ("jsonl" if place.endswith(JSONL_ENDINGS) else "text"))


def _is_web_address(text: Any) -> bool:
    try:
        parts = urlsplit(text) if isinstance(text, str) else None
        return parts is not None and parts.scheme in WEBHOOK_SCHEMES and bool(parts.hostname)
    except ValueError:
        return False


def _text(values: dict[str, Any], name: str) -> str | None:
    value = values.get(name)
    if value is not None and not isinstance(value, str | int):
        raise SettingsError(f"{name} is {value!r}; give text")
    return (str(value).strip() or None) if value is not None else None


def _texts(values: dict[str, Any], name: str) -> tuple[str, ...]:
    value = values.get(name, [])
    found = (_text({name: each}, name) for each in (value if isinstance(value, list) else [value]))
    return tuple(each for each in found if each)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def as_json_lines(alert: Alert) -> Alert:
    """The alert with JSON Lines on stdout."""
    return replace(alert, targets=tuple(replace(t, format="jsonl") if t.kind == "stdout" else t for t in alert.targets))
