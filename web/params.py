"""The parameters of a search: URL -> SearchParams, and SearchParams -> URL.

    /?q=truce&author=Ng,%20Ada&from-date=1953 ◀──▶ SearchParams("truce", filters={"author": ("Ng, Ada",)}, from_date="1953")

A name is taken in kebab, snake and camel case alike; a parameter without a value counts as not given. Lists are given with
commas or by repeating the parameter, filters by repeating alone, since names contain commas.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote_plus

from search.errors import BadRequest
from search.indexing.fields import filter_value
from search.query.nodes import FACETS
from search.service.search import FILTERS, INTERVALS, ORDERS, QUERY_FIELDS, SearchParams

Kind = Literal["text", "number", "date", "choice", "list", "values"]

VERSIONS = ("current", "all")
EXPLAIN = COLLAPSE = ("false", "true")
NAMES_SECONDS = 18.0
"""What looking up a list of names may take; with the page that shows it, it is to be answered within 20."""
_DEFAULTS = SearchParams()


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: Kind
    about: str
    choices: tuple[str, ...] = ()
    default: str | int | None = None
    example: str | None = None


PARAMETERS = (
    Parameter("q", "text", "The search query; without it, all articles that match the filters.", example="treaty"),
    Parameter("page", "number", "Page number, counted from 1.", default=_DEFAULTS.page),
    Parameter("page-size", "number", "Results per page.", default=_DEFAULTS.page_size),
    Parameter("order-by", "choice", "Sort order.", ORDERS, default=_DEFAULTS.order_by),
    Parameter("from-date", "date", "First day: 2022, 2022-03 or 2022-03-04."),
    Parameter("to-date", "date", "Last day, inclusive: 2022, 2022-03 or 2022-03-04."),
    *(
        Parameter(name, "values", f"Only articles with this {name}; repeat the parameter to allow several values.")
        for name in FILTERS
    ),
    Parameter("query-fields", "list", "Fields to search; all fields if not given.", QUERY_FIELDS),
    Parameter(
        "facets",
        "list",
        "Fields to count matching articles by; values longer than 200 characters are cut short.",
        FACETS,
        example="publisher,year",
    ),
    Parameter("timeline", "choice", "Period to count matching articles by.", INTERVALS),
    Parameter("recency", "number", "Ranks newer articles higher when sorting by relevance, with this half-life in days."),
    Parameter(
        "cursor",
        "text",
        "The `next` value of a response to the same search; returns the results that follow. Used instead of a page.",
    ),
    Parameter("versions", "choice", "Whether to include earlier versions of articles.", VERSIONS, default="current"),
    Parameter(
        "collapse",
        "choice",
        "Whether to group copies of a wire story into one result. Off by default, except on the web page.",
        COLLAPSE,
    ),
    Parameter(
        "explain",
        "choice",
        "Whether to explain how each word was handled and how each score is calculated.",
        EXPLAIN,
        default="false",
    ),
)
_BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
_WRITTEN = {
    "text": "q", "order_by": "order-by", "from_date": "from-date", "to_date": "to-date", "filters": "",
    "query_fields": "query-fields", "facets": "facets", "timeline": "timeline", "recency": "recency", "page_size": "page-size",
    "page": "page", "collapse": "collapse", "versions": "versions", "explain": "explain",
}  # fmt: skip
"""The fields of a question and their parameters, in the order of a URL; filters have one each."""

Given = Iterable[tuple[str, str]]
"""Parameters as they stand in a URL, in order, names repeated."""


def read_question(given: Given, *, strict: bool, known: Iterable[str] = _BY_NAME, feedback: bool = True) -> SearchParams:
    """The question that a URL asks with the parameters `known`; `feedback`: as set. Raises BadRequest for a value
    of the wrong kind, and with `strict` for an unknown name."""
    values = named_values(given, known, strict=strict)
    read: dict[str, Any] = {}
    filters: dict[str, tuple[str, ...]] = {}
    for name, some in values.items():
        parameter = _BY_NAME[name]
        if parameter.kind == "values":
            known_by = (value.lower() if name == "language" else filter_value(name, value) for value in some)
            filters[name] = tuple(dict.fromkeys(known_by))
        elif parameter.kind == "list":
            read[_field(name)] = tuple(dict.fromkeys(each.strip() for value in some for each in value.split(",") if each.strip()))
        else:
            read[_field(name)] = _single(parameter, some)
    read["versions"] = read.get("versions", "current") == "all"
    read["explain"] = read.get("explain", "false") == "true"
    if "collapse" in read:
        read["collapse"] = read["collapse"] == "true"
    return SearchParams(**read, filters=filters, feedback=feedback)


def named_values(given: Given, known: Iterable[str], *, strict: bool) -> dict[str, list[str]]:
    """The values that are not empty, by canonical name. Raises BadRequest for an unknown name if `strict`."""
    known = set(known)
    values: dict[str, list[str]] = {}
    for name, value in given:
        canonical = _kebab(name)
        if canonical in known:
            if value.strip():
                values.setdefault(canonical, []).append(value)
        elif strict:
            raise BadRequest(name, value, "there is no such parameter; /openapi.json lists those there are")
    return values


def url_parameters(question: SearchParams, **changes: Any) -> list[tuple[str, str]]:
    """The parameters that ask this question, or one that differs in the fields given; without those that have their default."""
    pairs: list[tuple[str, str]] = []
    for field, name in _WRITTEN.items():
        value = changes[field] if field in changes else getattr(question, field)
        if value == getattr(_DEFAULTS, field):
            continue
        if isinstance(value, dict):
            pairs += [(filtered, each) for filtered, some in value.items() for each in some if each]
        elif isinstance(value, tuple):
            pairs += [(name, each) for each in value]
        else:
            pairs.append((name, _BY_NAME[name].choices[value] if isinstance(value, bool) else str(value)))
    return pairs


def query_string(question: SearchParams, **changes: Any) -> str:
    """`?q=truce&page=2`; "" for a question that asks nothing. `changes`: as `url_parameters`."""
    return with_parameters("", url_parameters(question, **changes))


def with_parameters(address: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The address with these at its end."""
    added = "&".join([f"{name}={quote_plus(value, errors='replace')}" for name, value in pairs])
    return f"{address}{'&' if '?' in address else '?'}{added}" if added else address


def _single(parameter: Parameter, values: list[str]) -> str | int:
    if len(values) > 1:
        raise BadRequest(parameter.name, values[1], "it is given twice; give it once")
    value = values[0]
    if parameter.choices and value not in parameter.choices:
        raise BadRequest(parameter.name, value, f"give one of {', '.join(parameter.choices)}")
    if parameter.kind == "number":
        if not re.fullmatch("[0-9]{1,9}", value):
            raise BadRequest(parameter.name, value, "give a whole number from 1 on")
        return int(value)
    return value if parameter.kind == "text" else value.strip()


def _kebab(name: str) -> str:
    """page_size and pageSize -> page-size"""
    return re.sub("[A-Z]", lambda m: "-" + m[0].lower(), name).replace("_", "-")


def _field(name: str) -> str:
    return "text" if name == "q" else name.replace("-", "_")
