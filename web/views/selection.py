"""Articles selected on a page of results -> one file: their citations, or the articles as CSV or JSON Lines.

POST /selection source=beacon/truce.html&source=lens/talks.html&format=ris ──▶ articles.ris
"""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from search.engines.protocol import Reader
from search.errors import BadRequest, QueryRefused
from search.model.article import Article
from search.model.text import encodable
from search.query.nodes import MatchAll, SearchRequest
from search.serialize.export import EXPORT_TYPES, export_lines
from web.index_handle import archive
from web.presenters.articles.citations import STYLES, bibliography
from web.presenters.links import citable

selection = Blueprint("selection", __name__)


@selection.post("/selection")
def export_selection() -> Response:
    """The articles whose sources are given, in that order; sources that the archive does not have are left out."""
    kind, sources = request.form.get("format", ""), tuple(dict.fromkeys(request.form.getlist("source")))
    if kind not in STYLES and kind not in EXPORT_TYPES:
        raise BadRequest("format", kind, f"give one of {', '.join((*STYLES, *EXPORT_TYPES))}")
    most = archive().settings.limits.page_size
    if len(sources) > most:
        raise QueryRefused("page_size", most, f"select at most {most} articles")
    with archive().reader() as reader:
        articles = _selected(reader, sources)
    if not articles:
        raise BadRequest("source", "", "select at least one article")
    if kind in STYLES:
        return _file(bibliography(map(citable, articles), kind), STYLES[kind].media_type, STYLES[kind].ending)
    return _file("".join(export_lines(iter(articles), kind)), EXPORT_TYPES[kind], kind)


def _selected(reader: Reader, sources: Sequence[str]) -> list[Article]:
    asked = SearchRequest(MatchAll(), {"source": tuple(sources)}, order_by="newest", size=len(sources), versions=True)
    found = {hit.article.source: hit.article for hit in reader.search(asked).hits} if sources else {}
    return [found[source] for source in sources if source in found]


def _file(text: str, media_type: str, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="articles.{ending}"'}
    return Response(encodable(text), content_type=f"{media_type}; charset=utf-8", headers=headers)
