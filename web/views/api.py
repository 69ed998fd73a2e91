"""The JSON API and its description: /api/search, /changes, /suggest, /export, /names, /articles/ID with /versions and /similar,
/openapi.json, /healthz, /readyz.
"""

from dataclasses import replace
from itertools import chain, islice

import msgspec
from flask import Blueprint, Response, request, url_for

from search.errors import BadRequest
from search.model.article import Article
from search.model.text import encodable
from search.query.nodes import MatchAll, SearchRequest
from search.serialize.article import article_json
from search.serialize.changes import changes_json
from search.serialize.completions import completions_json
from search.serialize.export import EXPORT_TYPES, FORMATS, export_lines
from search.serialize.names import NamesRequest, names_json
from search.serialize.search import answer_json
from search.serialize.similar import similar_json
from search.serialize.versions import versions_json
from search.service.bulk_lookup import names_table
from search.service.export import all_hits
from search.service.more_like_this import similar
from search.service.search import check
from search.service.suggestions.autocomplete import complete
from search.service.version_diff import last_edits
from web.index_handle import archive, article_version, withdrawn
from web.openapi.document import CHANGES_PARAMETERS, OK, openapi_json
from web.params import NAMES_SECONDS, named_values, read_question

api = Blueprint("api", __name__)


@api.get("/api/search")
def search() -> Response:
    question = read_question(request.args.items(multi=True), strict=True, feedback=archive().settings.feedback)
    with archive().reader() as reader:
        return _json(answer_json(archive().answer(reader, question)))


@api.get("/api/changes")
def changes() -> Response:
    """Articles whose text was changed, the latest change first."""
    question = read_question(request.args.items(multi=True), strict=True, known=CHANGES_PARAMETERS)
    question = replace(question, order_by="changed", edited=True)
    with archive().reader() as reader:
        found = archive().answer(reader, question, all_words=True)
        edits = last_edits(reader, [hit.article for hit in found.results.hits])
    return _json(changes_json(found, edits))


@api.get("/api/suggest")
def suggest() -> Response:
    """Completions of the text typed so far."""
    given = named_values(request.args.items(multi=True), ["q"], strict=True).get("q", [""])
    with archive().reader() as reader:
        return _json(completions_json(complete(reader, given[-1]), reading_page))


@api.get("/api/export")
def export() -> Response:
    """All results, streamed; takes the parameters of a search, and `format`."""
    given = list(request.args.items(multi=True))
    kind = next((value for name, value in given if name == "format"), FORMATS[0])
    if kind not in FORMATS:
        raise BadRequest("format", kind, f"give one of {', '.join(FORMATS)}")
    limits, feedback = archive().settings.limits, archive().settings.feedback
    question = read_question((pair for pair in given if pair[0] != "format"), strict=True, feedback=feedback)
    with archive().reader() as reader:
        articles = all_hits(reader, question, limits, archive().spellings)
        first = list(islice(articles, 1))  # an error of the query is answered as one, not in the middle of the export
    lines = export_lines(chain(first, articles), kind)
    headers = {"Content-Disposition": f'attachment; filename="articles.{kind}"'}
    return Response(lines, content_type=f"{EXPORT_TYPES[kind]}; charset=utf-8", headers=headers)


@api.post("/api/names")
def names() -> Response:
    """The number of articles that mention each name in a list."""
    try:
        asked = msgspec.json.decode(request.get_data(), type=NamesRequest | tuple[str, ...])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest("body", "", f'give {{"names": ["…"]}} or a list of names as JSON: {error}') from error
    if not isinstance(asked, NamesRequest):
        asked = NamesRequest(asked)
    with archive().reader() as reader:
        limits = archive().settings.limits
        return _json(names_json(names_table(reader, asked.names, limits, queries=asked.queries, seconds=NAMES_SECONDS)))


@api.get("/api/articles/<path:id>")
def article(id: str) -> Response:
    return _whole_article(id)


@api.get("/api/articles/<path:id>/similar")
def similar_articles(id: str) -> Response:
    if _is_id(f"{id}/similar"):
        return _whole_article(f"{id}/similar")
    asked = read_question(request.args.items(multi=True), strict=True, known=("page-size",))
    check(asked, archive().settings.limits)
    with archive().reader() as reader:
        chosen, _ = article_version(reader, id, None)
        return _json(similar_json(similar(reader, chosen, reader.copies(id), asked.page_size)))


@api.get("/api/articles/<path:id>/versions")
def versions(id: str) -> Response:
    """All versions of an article and, with `from` or `to`, the changes between two of them."""
    if _is_id(f"{id}/versions"):
        return _whole_article(f"{id}/versions")
    given = named_values(request.args.items(multi=True), ["from", "to"], strict=True)
    since, to = (given.get(name, [None])[-1] for name in ("from", "to"))
    with archive().reader() as reader:
        _, found = article_version(reader, id, None)
    return _json(versions_json(found, since, to))


@api.get("/openapi.json")
def openapi() -> Response:
    return _json(openapi_json(archive().settings))


@api.get("/healthz")
def healthz() -> Response:
    """200 if the index can be opened."""
    archive().check_health()
    return _json(OK)


@api.get("/readyz")
def readyz() -> Response:
    """200 if a search is answered, with an article read from the index if there is one."""
    with archive().reader() as reader:
        reader.search(SearchRequest(MatchAll(), size=1))
    return _json(OK)


def _whole_article(id: str) -> Response:
    sources = named_values(request.args.items(multi=True), ["version"], strict=True).get("version")
    with archive().reader() as reader:
        chosen, versions = article_version(reader, id, sources[-1] if sources else None)
        copies = reader.copies(id)
    return _json(article_json(chosen, versions, copies))


def _is_id(id: str) -> bool:
    """Whether an article has this id, or had it before it was withdrawn. Ids are chosen by whoever indexes, so one may end in
    /similar or /versions."""
    with archive().reader() as reader:
        return reader.get(id) is not None or withdrawn(reader, id) is not None


def reading_page(shown: Article) -> str:
    return url_for("pages.article", id=encodable(shown.id))


def _json(body: bytes) -> Response:
    return Response(body, content_type="application/json")
