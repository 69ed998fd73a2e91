"""The parameters of a search: URL -> SearchParams, and SearchParams -> URL.

    /?q=truce&author=Ng,%20Ada&from-date=1953 ◀──▶ SearchParams("truce", filters={"author": ("Ng, Ada",)}, from_date="1953")

Names are accepted in kebab, snake and camel case; a parameter without a value is ignored. Lists are given with commas or by
repeating the parameter, filters only by repeating it, because names contain commas.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import quote_plus

from search.errors import BadRequest
from search.indexing.fields import filter_value
from search.query.parameters import BY_NAME, EXCLUDING, Parameter
from search.service.search import SearchParams

MAX_NUMBER = 999_999_999
"""Of any parameter that is a number; the limits of most are smaller."""
NAMES_SECONDS = 18.0
"""The time limit for looking up a list of names; with the page that shows it, the response takes at most 20 seconds."""
PLACE = "at"
"""The parameter of an article's page that tells which hit of the search it is, from 1."""
PICTURES = "pictures"
"""The parameter of an article's page that was opened from the page of pictures: their photographer, or nothing for all."""
VIEWS = ("compact", "full")
"""How a page shows its hits: with one excerpt, so that many fit on a screen, or with more."""


@dataclass(frozen=True, slots=True)
class PageParams(SearchParams):
    """A search and how a page shows it: `view`, one of VIEWS, which only pages understand."""

    view: str = VIEWS[0]


_DEFAULTS = PageParams()
_WRITTEN = {
    "text": "q", "order_by": "order-by", "from_date": "from-date", "to_date": "to-date",
    "added_from": "added-from", "added_to": "added-to", "filters": "", "excluded": EXCLUDING,
    "query_fields": "query-fields", "facets": "facets", "timeline": "timeline", "recency": "recency", "page_size": "page-size",
    "page": "page", "collapse": "collapse", "versions": "versions", "explain": "explain", "view": "view",
}  # fmt: skip
"""The fields of PageParams and their parameters, in the order of a URL; each filter has a parameter of its own, here
given by its prefix."""

Given = Iterable[tuple[str, str]]
"""Parameters as in a URL, in order, possibly repeated."""


def read_question(given: Given, *, strict: bool, known: Iterable[str] = BY_NAME, feedback: bool = True) -> SearchParams:
    """The search that a URL describes with the parameters `known`; `feedback`: from the settings. Raises BadRequest for an
    invalid value and, if `strict`, for an unknown name."""
    values = named_values(given, known, strict=strict)
    read: dict[str, Any] = {}
    filters: dict[str, tuple[str, ...]] = {}
    excluded: dict[str, tuple[str, ...]] = {}
    for name, some in values.items():
        parameter = BY_NAME[name]
        if parameter.kind == "values":
            filtered = name.removeprefix(EXCLUDING)
            known_by = (value.lower() if filtered == "language" else filter_value(filtered, value) for value in some)
            (filters if filtered == name else excluded)[filtered] = tuple(dict.fromkeys(known_by))
        elif parameter.kind == "list":
            read[_field(name)] = tuple(dict.fromkeys(each.strip() for value in some for each in value.split(",") if each.strip()))
        elif parameter.kind == "switch":
            read[_field(name)] = _single(parameter, some) == "true"
        else:
            read[_field(name)] = _single(parameter, some)
    if "versions" in read:
        read["versions"] = read["versions"] == "all"
    return SearchParams(**read, filters=filters, excluded=excluded, feedback=feedback)


def read_page(given: Given, *, feedback: bool = True) -> PageParams:
    """What the URL of a page describes: unknown names and views are left aside. Raises BadRequest for another invalid value."""
    given = list(given)
    asked = read_question(given, strict=False, feedback=feedback)
    view = next((value for name, value in given if name == "view" and value in VIEWS), VIEWS[0])
    return PageParams(**{field.name: getattr(asked, field.name) for field in fields(asked)}, view=view)


def read_place(values: Mapping[str, str], most: int) -> int | None:
    """Which hit an article is, by the URL of its page; None if that does not say, or says what cannot be."""
    given = values.get(PLACE, "")
    return int(given) if re.fullmatch("[1-9][0-9]{0,8}", given) and int(given) <= most else None


def named_values(given: Given, known: Iterable[str], *, strict: bool) -> dict[str, list[str]]:
    """The values that are not empty, by canonical name. If `strict`, raises BadRequest for an unknown name."""
    known = set(known)
    values: dict[str, list[str]] = {}
    for name, value in given:
        canonical = _kebab(name)
        if canonical in known:
            if value.strip():
                values.setdefault(canonical, []).append(value)
        elif strict:
            raise BadRequest(name, value, "unknown parameter; see /openapi.json for the list")
    return values


def url_parameters(question: SearchParams, **changes: Any) -> list[tuple[str, str]]:
    """The parameters for this search, or for one with `changes` to its fields; parameters with their default value are left
    out."""
    pairs: list[tuple[str, str]] = []
    for field, name in _WRITTEN.items():
        default = getattr(_DEFAULTS, field)
        value = changes[field] if field in changes else getattr(question, field, default)
        if value == default:
            continue
        if isinstance(value, dict):
            pairs += [(name + filtered, each) for filtered, some in value.items() for each in some if each]
        elif isinstance(value, tuple):
            pairs += [(name, each) for each in value]
        else:
            pairs.append((name, BY_NAME[name].choices[value] if isinstance(value, bool) else str(value)))
    return pairs


def query_string(question: SearchParams, **changes: Any) -> str:
    """`?q=truce&page=2`; "" for a search without parameters. `changes`: as in `url_parameters`."""
    return with_parameters("", url_parameters(question, **changes))


def with_parameters(address: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The URL with these parameters appended."""
    added = "&".join([f"{name}={quote_plus(value, errors='replace')}" for name, value in pairs])
    return f"{address}{'&' if '?' in address else '?'}{added}" if added else address


def _single(parameter: Parameter, values: list[str]) -> str | int:
    if len(values) > 1:
        raise BadRequest(parameter.name, values[1], "it may be given only once")
    value = values[0]
    if parameter.choices and value not in parameter.choices:
        raise BadRequest(parameter.name, value, f"give one of {', '.join(parameter.choices)}")
    if parameter.kind == "number":
        if not (number := re.fullmatch(r"([0-9]{1,9})(?:\.0+)?", value)):  # 18.0 is an integer by JSON Schema
            raise BadRequest(parameter.name, value, "give a whole number, 1 or greater")
        return int(number[1])
    return value if parameter.kind == "text" else value.strip()


def _kebab(name: str) -> str:
    """page_size and pageSize -> page-size"""
    return re.sub("[A-Z]", lambda m: "-" + m[0].lower(), name).replace("_", "-")


def _field(name: str) -> str:
    return "text" if name == "q" else name.replace("-", "_")
