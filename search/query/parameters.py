"""The parameters of a search, described once for the URL, the command line, the OpenAPI document and the documentation.

    PARAMETERS[3] -> Parameter("order-by", "choice", "Sort order.", ("relevance", "newest", "oldest"), "relevance")

`web/params.py` reads them from a URL, `indexer/cli/options.py` makes options of them.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from search.query.nodes import FACETS, NAME_FIELDS, TEXT_FIELDS, Interval, OrderBy

Kind = Literal["text", "number", "date", "choice", "switch", "list", "values"]
"""A switch is true or false. The items of a list are separated by commas; several values are given by repeating the parameter,
because names contain commas."""

FILTERS = (*FACETS, "collection")
"""What a search can be filtered by."""
EXCLUDING = "not-"
"""The prefix of the parameter that excludes the values of a filter."""
QUERY_FIELDS = (*TEXT_FIELDS, *NAME_FIELDS)
"""The fields in which words can be searched."""
ORDERS: tuple[OrderBy, ...] = get_args(OrderBy)
INTERVALS: tuple[Interval, ...] = get_args(Interval)
VERSIONS = ("current", "all")
SWITCH = ("false", "true")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`choices`: the only values it takes, if there are any. `example`: a value for the API's page of examples."""

    name: str
    kind: Kind
    about: str
    choices: tuple[str, ...] = ()
    default: str | int | None = None
    example: str | None = None


PARAMETERS = (
    Parameter("q", "text", "The search query; without it, all articles that match the filters.", example="treaty"),
    Parameter("page", "number", "Page number, counted from 1.", default=1),
    Parameter("page-size", "number", "Results per page.", default=10),
    Parameter(
        "order-by",
        "choice",
        "Sort order: by relevance, by date of publication, or the latest added to the index, or added or changed, first.",
        ORDERS,
        default="relevance",
    ),
    Parameter("from-date", "date", "First day: 2022, 2022-03 or 2022-03-04."),
    Parameter("to-date", "date", "Last day, inclusive: 2022, 2022-03 or 2022-03-04."),
    Parameter("added-from", "date", "First day on which articles were added to the index (UTC)."),
    Parameter("added-to", "date", "Last day on which articles were added to the index, inclusive."),
    *(Parameter(name, "values", f"Only articles with this {name}; repeat it to allow several values.") for name in FILTERS),
    *(
        Parameter(f"{EXCLUDING}{name}", "values", f"No articles with this {name}; repeat it to exclude several values.")
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
    Parameter("recency", "number", "Rank newer articles higher when sorting by relevance, with this half-life in days."),
    Parameter(
        "cursor",
        "text",
        "The `next` value of a response to the same search, to get the results that follow; used instead of a page.",
    ),
    Parameter("versions", "choice", "Which versions of articles to search.", VERSIONS, default="current"),
    Parameter(
        "collapse",
        "switch",
        "Group copies of a wire story into one result; the web page does so unless told otherwise.",
        SWITCH,
    ),
    Parameter(
        "explain",
        "switch",
        "Explain how each word was handled and how each score is calculated.",
        SWITCH,
        default="false",
    ),
)
BY_NAME = {parameter.name: parameter for parameter in PARAMETERS}
