"""The OpenAPI document -> the operations on its readable page, each with an example to try.

operations(document(settings), "/archive", {"id": "a1"}) -> [Operation("GET", "/api/search", …), …]
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Described:
    """A parameter; `value`: the values it takes, in words."""

    name: str
    value: str
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`example`: a link to try it, None for an operation that has to be posted."""

    method: str
    path: str
    summary: str
    parameters: tuple[Described, ...]
    answers: tuple[tuple[str, str], ...]
    example: str | None


def operations(document: Json, root: str, path_values: Mapping[str, str]) -> Iterator[Operation]:
    """`root`: where the application is mounted; `path_values`: examples for the placeholders in paths."""
    for path, methods in document["paths"].items():
        (method, operation), *_ = methods.items()
        parameters = operation.get("parameters", ())
        answers = tuple((status, answer["description"]) for status, answer in operation["responses"].items())
        example = path.format(**{name: quote(value, safe="") for name, value in path_values.items()})
        query = {p["name"]: p["example"] for p in parameters if p["in"] == "query" and "example" in p}
        example = root + example + (f"?{urlencode(query, safe=',')}" if query else "")
        yield Operation(
            method.upper(),
            path,
            operation["summary"],
            tuple(map(_described, parameters)),
            answers,
            example if method == "get" else None,
        )


def _described(parameter: Json) -> Described:
    return Described(parameter["name"], _value(parameter["schema"]), parameter.get("description", ""))


def _value(schema: Json) -> str:
    """integer from 1 to 100, by default 10 / one of relevance, newest, oldest"""
    many = schema["type"] == "array"
    one = schema["items"] if many else schema
    words = f"one of {', '.join(one['enum'])}" if "enum" in one else one["type"]
    if "minimum" in one:
        words += f" from {one['minimum']}" + (f" to {one['maximum']}" if "maximum" in one else "")
    if "maxLength" in one:
        words += f" of at most {one['maxLength']:,} characters"
    if many:
        words = f"several: {words}"
    return f"{words}; by default {schema['default']}" if "default" in schema else words
