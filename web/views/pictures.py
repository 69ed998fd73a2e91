"""The pictures of the archive by their captions and credits: a page of cards, and all of them as a file.

GET /pictures?q=truce&credit=Ada+Marsh ──▶ cards, each with a link to its place in the article
GET /api/pictures?q=truce&format=csv ──▶ pictures.csv
"""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from flask import Blueprint, Response, g, request

from search.engines.protocol import Reader
from search.errors import BadRequest
from search.query.nodes import has_words
from search.query.parameters import ORDERS
from search.query.parsing.in_quotes import quotation
from search.serialize.export import EXPORT_TYPES, FORMATS, picture_lines
from search.service.pictures import (
    SEARCHED,
    FoundPictures,
    all_pictures,
    find_photographers,
    find_pictures,
    is_searchable,
    photographer,
)
from search.service.search import SearchParams, count_each
from web.i18n.catalogue import t
from web.index_handle import archive
from web.openapi.document import PICTURES_PARAMETERS
from web.params import query_string, read_question, url_parameters, with_parameters
from web.presenters import links
from web.presenters.render import page as rendered
from web.responses.security_headers import page_policy

pictures = Blueprint("pictures", __name__)

ARTICLES_SHOWN = 24
"""Articles on a page."""
CARDS_SHOWN = 6
"""Pictures of one article; the others are on its page."""
FORM_FIELDS = ("q", "from-date", "to-date", "page")
"""The parameters that the form of the page has fields for, or begins anew."""


@pictures.get("/pictures")
def page() -> Response:
    given, credit = _without(request.args.items(multi=True), "credit")
    asked = replace(read_question(given, strict=False, known=(*PICTURES_PARAMETERS, "page")), page_size=ARTICLES_SHOWN)
    settings = archive().settings
    with archive().reader() as reader:
        found = find_pictures(reader, asked, credit, settings.limits, archive().spellings)
        likely = archive().cached(
            reader,
            f"photographers {query_string(replace(asked, page=1, order_by='newest'))}",
            lambda: find_photographers(reader, asked, settings.limits, archive().spellings),
        )
        elsewhere = None if found.articles else _elsewhere(reader, asked, credit)
    g.found = found.articles
    shown = replace(asked, page_size=SearchParams().page_size)  # the number of articles on this page is its own affair

    def to(_asked: SearchParams = shown, **changes: Any) -> str:
        return links.pictures_url(shown, **{"credit": credit, **changes})

    def photographer_url(printed: str) -> str | None:
        name = photographer(printed)
        return to(credit=name, page=1) if is_searchable(name, settings.limits) else None

    def export_url(kind: str) -> str:
        rest = [("credit", credit)] if credit else []
        address = links.url_for("pictures.export") + query_string(shown, page=1)
        return with_parameters(address, [*rest, ("format", kind)])

    answer = rendered(
        "pictures.html",
        found=found,
        asked=shown,
        credit=credit,
        text=shown.text,
        cards_shown=CARDS_SHOWN,
        article_query=links.hit_query(shown, None, credit),
        hidden=[pair for pair in url_parameters(shown) if pair[0] not in FORM_FIELDS],
        chips=_chips(shown, credit, to),
        orders=_orders(found, to),
        photographers=[links.Link(some.value, to(credit=some.value, page=1), count=some.count) for some in likely.values],
        all_photographers=likely.complete,
        photographer_url=photographer_url,
        elsewhere=elsewhere,
        articles_url=links.search_url(shown, query_fields=SEARCHED, page=1),
        pager=list(links.pager(shown, found.pages, to)),
        export_url=export_url,
        remote_images=settings.remote_images,
        links=links,
    )
    if settings.remote_images:
        answer.headers["Content-Security-Policy"] = page_policy(images="'self' https:")
    return answer


@pictures.get("/api/pictures")
def export() -> Response:
    """All pictures of a search, streamed."""
    given, credit = _without(request.args.items(multi=True), "credit")
    given, kind = _without(given, "format")
    kind = kind or FORMATS[0]
    if kind not in FORMATS:
        raise BadRequest("format", kind, f"give one of {', '.join(FORMATS)}")
    question = read_question(given, strict=True, known=PICTURES_PARAMETERS)
    with archive().reader() as reader:
        found = all_pictures(reader, question, credit, archive().settings.limits, archive().spellings)
        first = list(islice(found, 1))  # an error of the query is answered as one, not in the middle of the file
    headers = {"Content-Disposition": f'attachment; filename="pictures.{kind}"'}
    lines = picture_lines(chain(first, found), kind)
    return Response(lines, content_type=f"{EXPORT_TYPES[kind]}; charset=utf-8", headers=headers)


def _elsewhere(reader: Reader, asked: SearchParams, credit: str) -> links.Link | None:
    """The articles that have what no picture has, if there are any."""
    text = asked.text if asked.text.strip() or not credit else quotation(credit)
    wanted = links.unordered(replace(asked, text=text))
    [count] = count_each(reader, [wanted], archive().settings.limits, archive().spellings)
    return links.Link(t("pictures.everywhere"), links.search_url(wanted), count=count) if count else None


def _without(given: Iterable[tuple[str, str]], name: str) -> tuple[list[tuple[str, str]], str]:
    """The other parameters, and the first value of this one."""
    pairs = list(given)
    return [pair for pair in pairs if pair[0] != name], next((value.strip() for each, value in pairs if each == name), "")


def _chips(asked: SearchParams, credit: str, to: links.UrlOf) -> list[links.Link]:
    by = [links.Link(t("chip", name=t("pictures.photographer"), value=credit), to(credit="", page=1), True)] if credit else []
    return [*by, *links.chips(asked, to)]


def _orders(found: FoundPictures, to: links.UrlOf) -> list[links.Link]:
    orders = ORDERS[:3] if has_words(found.understood.query) else ORDERS[1:3]
    return [links.Link(t(f"order.{order}"), to(order_by=order, page=1), found.order_by == order) for order in orders]
