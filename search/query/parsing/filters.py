"""Filters as typed -> nodes: has:caption, lang:fr, date:2022.

filter_query(FilterNode("date", "2022"), today, ignore) -> DateRange(738156, 738520)
"""

import re
from collections.abc import Callable
from datetime import date

from search.model.article import FEATURES
from search.query.nodes import DateRange, FieldEquals, Has, Query
from search.query.parsing.date_ranges import day_range
from search.query.parsing.pieces import FilterNode

Ignore = Callable[..., Query | None]
"""ignore(piece, kind of remark, **values of the remark) -> None"""


def filter_query(node: FilterNode, today: date, ignore: Ignore) -> Query | None:
    """The meaning of a filter; None if it is ignored, which is reported to `ignore` with the reason."""
    name, value = node.name, _without_stop(node.value)
    if node.fieldname:
        ignore(f"{node.fieldname}:", "no_field", filter=name)
    match name:
        case "has":
            if value.lower() in FEATURES:
                return Has(value.lower())
            return ignore(f"has:{value}", "can_be", choices=", ".join(FEATURES))
        case "lang" | "language":
            tag, *region = re.split(r"[-_]", value.strip().lower(), maxsplit=1)  # pt-BR
            if tag and region:
                ignore(f"{name}:{value}", "whole_language", language=tag)
            return FieldEquals("language", tag) if tag else ignore(f"{name}:{value}")
        case _:
            days = day_range(name, value, today)
            return DateRange(*days) if days else ignore(f"{name}:{value}", "no_date")


_STOPS = ".,;:!?…'’。，；：！？、"


def _without_stop(value: str) -> str:
    """The value without quotation marks or trailing punctuation, as in "date:2022," or has:"caption"; 2020.. is unchanged."""
    return value.strip('"') if value.startswith('"') or value.endswith("..") else value.rstrip(_STOPS)
