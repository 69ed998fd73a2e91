"""The JSON API, and what is said about it: /api/search, /api/articles/ID, /openapi.json, /healthz."""

from flask import Blueprint, Response, request

from search.answer import answer
from search.article import Article
from search.engine import Engine
from search.present import answer_json, article_json
from web.archive import archive
from web.openapi import openapi_json
from web.problems import NotFound
from web.question import named_values, read_question

api = Blueprint("api", __name__)


@api.get("/api/search")
def search() -> Response:
    question = read_question(request.args.items(multi=True), strict=True)
    with archive().engine() as engine:
        return _json(answer_json(answer(engine, question, archive().settings.limits)))


@api.get("/api/articles/<path:id>")
def article(id: str) -> Response:
    sources = named_values(request.args.items(multi=True), ["version"], strict=True).get("version")
    with archive().engine() as engine:
        chosen, versions = article_version(engine, id, sources[-1] if sources else None)
    return _json(article_json(chosen, versions))


@api.get("/openapi.json")
def openapi() -> Response:
    return _json(openapi_json(archive().settings.limits))


@api.get("/healthz")
def healthz() -> Response:
    """200 as long as the index can be read."""
    with archive().engine() as engine:
        engine.generation  # noqa: B018 - raises when it cannot
    return _json(b'{"status":"ok"}')


def article_version(engine: Engine, id: str, source: str | None) -> tuple[Article, tuple[Article, ...]]:
    """The article's version from that source, by default the current one, and all versions. Raises NotFound."""
    versions = tuple(engine.versions(id))
    for version in versions:
        if source is None or version.source == source:
            return version, versions
    raise NotFound("There is no such article in the archive." if not versions else "There is no such version of this article.")


def _json(body: bytes) -> Response:
    return Response(body, content_type="application/json")
