"""The OpenAPI description of the JSON API, built from the parameters and the response structs."""

import json
from functools import cache
from typing import Any

import msgspec

from search.query.parameters import PARAMETERS, Parameter
from search.serialize.article import ArticleAnswer
from search.serialize.changes import ChangesAnswer
from search.serialize.completions import CompletionShape
from search.serialize.export import FORMATS
from search.serialize.names import NamesAnswer, NamesRequest
from search.serialize.search import SearchAnswer
from search.serialize.similar import SimilarAnswer
from search.serialize.versions import VersionsAnswer
from search.settings import Limits, Settings
from web.errors import Problem
from web.params import MAX_NUMBER

API_VERSION = "1"
OK = b'{"status":"ok"}'
WITHDRAWN = "The article was withdrawn; the detail has the reason if it is public"
"""What a monitor is told if all is well."""
Json = dict[str, Any]
PROBES = ("/healthz", "/readyz")
PAGED = ("page", "page-size", "cursor", "facets", "timeline", "recency", "explain", "collapse")
"""Parameters that do not affect an export."""
CHANGES_PARAMETERS = tuple(
    parameter.name
    for parameter in PARAMETERS
    if parameter.name not in (*PAGED, "order-by", "versions") or parameter.name in ("page-size", "cursor")
)
"""Those of a search that choose among articles that were changed."""
PICTURES_PARAMETERS = tuple(parameter.name for parameter in PARAMETERS if parameter.name not in (*PAGED, "query-fields"))
"""Those of a search that choose among pictures."""
ID: Json = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "An article ID from a search result. Slashes need no escaping: if a URL ends in /similar or /versions "
    "and an article has that whole path as its ID, the article is returned.",
}
TYPED: Json = {
    "name": "q",
    "in": "query",
    "schema": {"type": "string"},
    "description": "The text typed so far.",
    "example": "trea",
}
CREDIT: Json = {
    "name": "credit",
    "in": "query",
    "schema": {"type": "string"},
    "description": "Only pictures whose credit has this name.",
}
FORMAT: Json = {"name": "format", "in": "query", "schema": {"type": "string", "enum": list(FORMATS), "default": FORMATS[0]}}


@cache
def openapi_json(settings: Settings) -> bytes:
    """OpenAPI 3.1, UTF-8. Kept: it takes milliseconds to make, and a process has one set of settings."""
    return json.dumps(document(settings)).encode()


def document(settings: Settings) -> Json:
    limits = settings.limits
    answers = (SearchAnswer, ChangesAnswer, list[CompletionShape], ArticleAnswer, VersionsAnswer, SimilarAnswer)
    (found, changed, completions, article, versions, similar, names, table, problem), schemas = msgspec.json.schema_components(
        (*answers, NamesRequest, NamesAnswer, Problem), ref_template="#/components/schemas/{name}"
    )
    described: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": settings.title,
            "version": API_VERSION,
            "description": "Full-text search in an archive of news articles.",
        },
        "paths": {
            **_searches(found, changed, completions, problem, limits),
            "/api/names": _name_list(names, table, problem, limits),
            **_articles(article, versions, similar, problem, limits),
            PROBES[0]: _probe("Whether the index can be opened", problem),
            PROBES[1]: _probe("Whether a search is answered", problem),
        },
        "components": {"schemas": schemas},
    }
    if settings.base_url:
        described["servers"] = [{"url": settings.base_url.rstrip("/")}]
    _describe_refusals(described, settings, problem)
    return described


def _describe_refusals(described: Json, settings: Settings, problem: Json) -> None:
    """What a closed archive asks for, and what a limit per client answers; a monitor is asked for nothing."""
    added = {}
    if settings.is_closed:
        added = {
            "401": _problem("A valid token is needed", problem),
            "403": _problem("The token does not have the scope of this request", problem),
        }
        described["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "A token made by `broadsheet token add`."},
            "password": {"type": "http", "scheme": "basic", "description": "A token as the password of any user."},
        }
        described["security"] = [{"token": []}, {"password": []}]
    if settings.rate_limit:
        added["429"] = _problem("Too many requests; see Retry-After", problem)
    for path, methods in described["paths"].items():
        for operation in methods.values():
            if path in PROBES:
                operation |= {"security": []} if settings.is_closed else {}
            else:
                operation["responses"] |= added


def _searches(found: Json, changed: Json, completions: Json, problem: Json, limits: Limits) -> Json:
    return {
        "/api/search": _get(
            "Search the archive",
            [_parameter(parameter, limits) for parameter in PARAMETERS],
            {
                "200": _answer("The results", found),
                "410": _problem("The archive has changed since the cursor was issued", problem),
            },
            problem,
        ),
        "/api/changes": _get(
            "Articles whose text was changed, the latest change first",
            [_parameter(parameter, limits) for parameter in PARAMETERS if parameter.name in CHANGES_PARAMETERS],
            {"200": _answer("The articles, each compared with the version before", changed)},
            problem,
        ),
        "/api/suggest": _get(
            "Complete a query with words, names and headlines from the archive",
            [TYPED],
            {"200": _answer("Words and names, most frequent first, then headlines", completions)},
            problem,
        ),
        "/api/export": _get(
            "All results as JSON lines or CSV, newest first unless order-by says oldest",
            [*(_parameter(parameter, limits) for parameter in PARAMETERS if parameter.name not in PAGED), FORMAT],
            {"200": {"description": "The articles", "content": {"application/x-ndjson": {}, "text/csv": {}}}},
            problem,
        ),
        "/api/pictures": _get(
            "All pictures by their captions and credits, as JSON lines or CSV, newest first unless order-by says oldest",
            [
                *(_parameter(each, limits) for each in PARAMETERS if each.name in PICTURES_PARAMETERS),
                CREDIT | {"schema": {"type": "string", "maxLength": limits.characters - 2}},  # in quotation marks
                FORMAT,
            ],
            {"200": {"description": "The pictures", "content": {"application/x-ndjson": {}, "text/csv": {}}}},
            problem,
        ),
    }


def _probe(summary: str, problem: Json) -> Json:
    """For a monitor."""
    fields = {"status": {"const": json.loads(OK)["status"]}}
    answers = {
        "200": _answer("Yes", {"type": "object", "properties": fields, "required": list(fields)}),
        "503": _problem("No; see Retry-After", problem),
    }
    return {"get": {"summary": summary, "parameters": [], "responses": answers}}


def _name_list(names: Json, table: Json, problem: Json, limits: Limits) -> Json:
    at_most = f"At most {limits.names:,} names; blank ones do not count."
    asked = {"oneOf": [names, {"type": "array", "items": {"type": "string"}, "description": at_most}]}
    return {
        "post": {
            "summary": "Count the articles that mention each name in a list",
            "requestBody": {"required": True, "content": {"application/json": {"schema": asked}}},
            "responses": {
                "200": _answer("One row per name", table),
                "400": _problem("The list is not valid", problem),
                "413": _problem("The request is too large", problem),
                "503": _problem("The index is temporarily unavailable; see Retry-After", problem),
            },
        }
    }


def _articles(article: Json, versions: Json, similar: Json, problem: Json, limits: Limits) -> Json:
    return {
        "/api/articles/{id}": _get(
            "An article, its versions, and its copies in other outlets",
            [ID, _source("version", "The source of a version.")],
            {
                "200": _answer("The article", article),
                "404": _problem("Article not found", problem),
                "410": _problem(WITHDRAWN, problem),
            },
            problem,
        ),
        "/api/articles/{id}/versions": _get(
            "The versions of an article and, if one is given, the changes between two of them",
            [
                ID,
                _source("from", "The source of the earlier version; by default the one before."),
                _source("to", "The source of the later version; by default the current one."),
            ],
            {
                "200": _answer("The versions", versions),
                "404": _problem("Article or version not found", problem),
                "410": _problem(WITHDRAWN, problem),
            },
            problem,
        ),
        "/api/articles/{id}/similar": _get(
            "The articles most similar to an article, without its copies in other outlets",
            [ID, *(_parameter(parameter, limits) for parameter in PARAMETERS if parameter.name == "page-size")],
            {
                "200": _answer("The articles", similar),
                "404": _problem("Article not found", problem),
                "410": _problem(WITHDRAWN, problem),
            },
            problem,
        ),
    }


def _source(name: str, description: str) -> Json:
    """A parameter that names a version."""
    return {"name": name, "in": "query", "schema": {"type": "string"}, "description": description}


def _get(summary: str, parameters: list[Json], answers: Json, problem: Json) -> Json:
    errors = {
        "400": _problem("A parameter is unknown or has an invalid value", problem),
        "414": _problem("The URL is too long", problem),
        "503": _problem("The index is temporarily unavailable; see Retry-After", problem),
    }
    return {"get": {"summary": summary, "parameters": parameters, "responses": {**answers, **errors}}}


def _parameter(parameter: Parameter, limits: Limits) -> Json:
    described: Json = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "allowEmptyValue": True,
        "schema": _schema(parameter, limits),
    }
    if parameter.example:
        described["example"] = parameter.example
    if parameter.kind == "list":
        described |= {"style": "form", "explode": False}
    return described


def _schema(parameter: Parameter, limits: Limits) -> Json:
    schema: Json = {"type": "string"}
    if parameter.kind == "number":
        schema = {"type": "integer", "minimum": 1, "maximum": MAX_NUMBER}
    if parameter.name == "page-size":
        schema["maximum"] = limits.page_size
    if parameter.name == "page":
        schema["maximum"] = limits.hits
    if parameter.name == "q":
        schema["maxLength"] = limits.characters
    if parameter.kind == "date":
        schema["pattern"] = "^(?!0000)[0-9]{4}(-(0?[1-9]|1[0-2])(-(0?[1-9]|[12][0-9]|3[01]))?)?$"
    if parameter.name in ("year", "not-year"):
        schema["pattern"] = "^[0-9]{4}$"
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.kind in ("list", "values"):
        schema = {"type": "array", "items": schema}
    if parameter.default is not None:
        schema["default"] = parameter.default
    return schema


def _answer(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problem(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}
