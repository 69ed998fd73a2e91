"""A search -> the links that change one thing about it; every state of a search page has a URL.

narrowed("author", "Ada Ng"), chips, facet choices, orders, pages, and ways to broaden a search without results
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import flask
import msgspec
from flask import request

from search.indexing.fields import filter_value
from search.model.article import Article
from search.model.results import Hit
from search.model.text import encodable
from search.query.format import describe
from search.query.nodes import ANY, Query, Quoted, Word, has_words, leaves
from search.query.parameters import ORDERS
from search.query.parsing.date_ranges import period
from search.query.parsing.in_quotes import quotation
from search.service.pictures import SEARCHED as PICTURE_FIELDS
from search.service.search import Neighbours, SearchParams, SearchResponse
from web.i18n.catalogue import t, texts
from web.params import PICTURES, PLACE, VIEWS, PageParams, query_string, with_parameters
from web.presenters.formatting import date_words, value_words, web_address
from web.responses.site.identity import site

PAGES_AROUND = 2
SEARCHED_IN = ("headline", "body", "caption", "credit", "author", "place", "tag")


class Link(msgspec.Struct, frozen=True):
    """`chosen`: whether it is in effect; following it then undoes it or changes nothing. `count`: the number of articles it leads
    to, if known."""

    label: str
    url: str
    chosen: bool = False
    count: int | None = None


def url_for(endpoint: str, **values: Any) -> str:
    """Like Flask's url_for, but cached: the same dozen URLs are on every page."""
    return _known_url(request.url_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=256)
def _known_url(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    """Depends on nothing else in the request."""
    given: dict[str, Any] = dict(values)
    return flask.url_for(endpoint, **given)


def search_url(question: SearchParams, **changes: Any) -> str:
    """`changes`: new values for fields of the search."""
    return f"{request.script_root}/{query_string(question, **changes)}"


def citable(article: Article) -> Article:
    """The article as it is cited: if it has no address on the web, it is read at that of its page here, if readers have one."""
    if web_address(article.url) or not site().base_url:
        return article
    return replace(article, url=flask.url_for("pages.article", id=encodable(article.id), _external=True))


UrlOf = Callable[..., str]
"""Like search_url: of the page that shows the search in question."""


def pictures_url(asked: SearchParams, credit: str = "", **changes: Any) -> str:
    """The pictures of this photographer, or of all, that a search of captions and credits finds."""
    address = url_for("pictures.page") + query_string(asked, query_fields=(), **changes)
    return with_parameters(address, [("credit", credit)] if credit else [])


def edited_url(question: SearchParams, **changes: Any) -> str:
    """The page of changed articles, limited to those that the search finds."""
    return url_for("pages.edited") + query_string(question, **changes)


def article_url(article: Article, asked: str, version: bool = False) -> str:
    """The article page, with the query's words highlighted and a link back to the results; with `version`, the page of that
    version."""
    return with_parameters(_url("pages.article", article.id) + asked, [("version", article.source)] if version else [])


def hit_query(asked: SearchParams, place: int | None, credit: str | None = None) -> str:
    """The query string of the page of an article: its search and, if known, which hit of it the article is. The page of results
    is the one that has that hit. `credit`: for an article among the pictures of a search, as in `pictures_url`."""
    if credit is not None:
        return with_parameters(query_string(asked, query_fields=PICTURE_FIELDS), [(PICTURES, credit)])
    if place is None:
        return query_string(asked)
    return with_parameters(query_string(asked, page=(place - 1) // asked.page_size + 1), [(PLACE, str(place))])


def hit_queries(asked: SearchParams, found: SearchResponse) -> Iterator[str]:
    """Of each hit of a page. Behind a cursor by date it is not known which hits they are."""
    plain = query_string(asked)
    for place in range(found.start + 1, found.start + 1 + len(found.tiers.hits)):
        yield plain if asked.cursor else with_parameters(plain, [(PLACE, str(place))])


@dataclass(frozen=True, slots=True)
class PlaceInResults:
    """From an article to the results before and after it: links with their headlines. `place`, `total`: which result it is."""

    before: Link | None
    after: Link | None
    place: int
    total: int


def walk(asked: SearchParams, place: int, most: int, beside: Neighbours) -> PlaceInResults:
    """`most`: the last place on a page that can be opened."""
    after = beside.after if place < most else None
    return PlaceInResults(_result(asked, place - 1, beside.before), _result(asked, place + 1, after), place, beside.total)


def _result(asked: SearchParams, place: int, hit: Hit | None) -> Link | None:
    if hit is None:
        return None
    headline = (hit.article.headline or t("no_headline"))[:200]
    return Link(headline, article_url(hit.article, hit_query(asked, place), not hit.current))


def permalink(article: Article, version: bool = False) -> str:
    """The full URL of the article, or of that version, whatever search led to it."""
    place = url_for("pages.article", id="", _external=True) + _quoted(article.id)
    return with_parameters(place, [("version", article.source)] if version else [])


def changes_url(before: Article, after: Article, asked: str) -> str:
    """The changes between two versions of an article, or between a version and the one shown."""
    return with_parameters(_url("pages.changes", after.id) + asked, [("from", before.source), ("to", after.source)])


def comparison_views(url: str, whole: bool) -> tuple[Link, Link]:
    """The comparison at this URL with unchanged paragraphs folded, and unfolded."""
    return Link(t("changes.only"), url, not whole), Link(t("changes.whole"), with_parameters(url, [("text", "whole")]), whole)


def _url(endpoint: str, id: str) -> str:
    """Like `url_for`, whose cache is small: there are many articles."""
    return url_for(endpoint, id="") + _quoted(id)


def _quoted(id: str) -> str:
    return quote(encodable(id), safe="!$&'()*+,/:;=@")


def dates_url(asked: SearchParams) -> str:
    """The search with other dates, to be appended as FIRST&to-date=LAST."""
    return with_parameters(search_url(asked, from_date=None, to_date=None, page=1), [("from-date", "")])


def values_url(asked: SearchParams, name: str) -> str:
    """All values of a filter among the results of the search."""
    return url_for("pages.values", name=name) + query_string(asked, page=1)


def filter_url(name: str, value: str) -> str:
    """All articles with that author, section …"""
    return search_url(SearchParams(filters={name: (filter_value(name, value),)}))


def said_by_url(speaker: str) -> str:
    """All articles that quote a person with that name."""
    return search_url(SearchParams(text=f"by:{quotation(speaker)}"))


def feed_url(asked: SearchParams) -> str:
    """The feed of this search, which is the same for all its pages and sort orders."""
    return url_for("feeds.feed") + query_string(unordered(asked))


def unordered(asked: SearchParams) -> SearchParams:
    """The search without display options."""
    return SearchParams(
        asked.text, filters=asked.filters, excluded=asked.excluded, from_date=asked.from_date, to_date=asked.to_date,
        added_from=asked.added_from, added_to=asked.added_to,
        query_fields=asked.query_fields, versions=asked.versions,
    )  # fmt: skip


def saved_page_url(version: Article, asked: str, endpoint: str = "saved.saved_page") -> str:
    """The saved page of the article, with the query's words marked, or, with "saved.saved_file", the content of its frame."""
    return with_parameters(_url(endpoint, version.id) + asked, [("version", version.source)])


def chips(asked: SearchParams, to: UrlOf = search_url) -> Iterator[Link]:
    """The active filters; each link removes one."""
    for name, values in asked.filters.items():
        for value, others in _without_each(asked.filters, name, values):
            label = t("chip", name=t(f"field.{name}"), value=value_words(value, name))
            yield Link(label, to(asked, filters=others, page=1), True)
    for name, values in asked.excluded.items():
        for value, others in _without_each(asked.excluded, name, values):
            label = t("chip.not", name=t(f"field.{name}"), value=value_words(value, name))
            yield Link(label, to(asked, excluded=others, page=1), True)
    if asked.from_date:
        yield Link(t("chip.from", date=_date(asked.from_date)), to(asked, from_date=None, page=1), True)
    if asked.to_date:
        yield Link(t("chip.to", date=_date(asked.to_date)), to(asked, to_date=None, page=1), True)
    if asked.added_from:
        yield Link(t("chip.added_from", date=_date(asked.added_from)), to(asked, added_from=None, page=1), True)
    if asked.added_to:
        yield Link(t("chip.added_to", date=_date(asked.added_to)), to(asked, added_to=None, page=1), True)
    if asked.query_fields:
        yield Link(
            t("chip.in", fields=_list(t(f"field.{name}") for name in asked.query_fields)),
            to(asked, query_fields=(), page=1),
            True,
        )
    if asked.versions:
        yield Link(t("chip.versions"), to(asked, versions=False, page=1), True)


def orders(asked: SearchParams, found: SearchResponse) -> Iterator[Link]:
    for order in ORDERS if has_words(found.understood.query) else ORDERS[1:]:
        yield Link(t(f"order.{order}"), search_url(asked, order_by=order, page=1), found.order_by == order)


def fields(asked: SearchParams) -> Iterator[Link]:
    """Links that choose the fields and versions to search."""
    yield Link(t("everywhere"), search_url(asked, query_fields=(), page=1), not asked.query_fields)
    for name in SEARCHED_IN:
        yield Link(t(f"field.{name}"), search_url(asked, query_fields=(name,), page=1), name in asked.query_fields)
    yield Link(t("chip.versions"), search_url(asked, versions=not asked.versions, page=1), asked.versions)


def views(asked: PageParams) -> Iterator[Link]:
    for view in VIEWS:
        yield Link(t(f"view.{view}"), search_url(asked, view=view), asked.view == view)


def collapse_toggle(asked: SearchParams, answer: SearchResponse) -> Link | None:
    """Shows or hides the copies of wire stories, if there are any."""
    if asked.collapse is False:
        return Link(t("results.together"), search_url(asked, collapse=None, page=1))
    more = answer.tiers.articles - answer.tiers.total
    return Link(t("results.apart"), search_url(asked, collapse=False, page=1), count=more) if more else None


def pager(asked: SearchParams, pages: int, to: UrlOf = search_url) -> Iterator[Link | None]:
    """Links to the first, the last and the nearest pages; None for a gap."""
    near = range(asked.page - PAGES_AROUND, asked.page + PAGES_AROUND + 1)
    shown = sorted({1, pages, *(page for page in near if 1 <= page <= pages)})
    for before, page in zip([0, *shown], shown, strict=False):
        if page > before + 1:
            yield None
        yield Link(texts().number(page), to(asked, page=page), page == asked.page)


def relaxations(asked: SearchParams, found: SearchResponse, count: Callable[[list[SearchParams]], list[int]]) -> list[Link]:
    """Broader searches, each with the number of articles, as told by `count`: only if they find more than those before, which are
    closer to what was asked."""
    links: list[Link] = []
    looser = [*_looser(replace(asked, page=1, cursor=None, explain=False), found.understood.typed)]
    for (label, question), total in zip(looser, count([question for _, question in looser]), strict=True):
        if total > max((link.count or 0 for link in links), default=0):
            links.append(Link(label, search_url(question), count=total))
    return links


def _looser(asked: SearchParams, query: Query) -> Iterator[tuple[str, SearchParams]]:
    if mentioned := _mentioned(query):
        yield t("loosen.mentions", words=mentioned), replace(asked, text=mentioned)
    if len(asked.filters) > 1:
        for name in asked.filters:
            without = {other: values for other, values in asked.filters.items() if other != name}
            yield t("loosen.filter", name=t(f"field.{name}")), replace(asked, filters=without)
    if asked.filters or asked.excluded:
        yield t("loosen.filters"), replace(asked, filters={}, excluded={})
    if asked.from_date or asked.to_date:
        yield t("loosen.dates"), replace(asked, from_date=None, to_date=None)
    if asked.query_fields:
        yield t("loosen.fields"), replace(asked, query_fields=())
    if not asked.versions:
        yield t("loosen.versions"), replace(asked, versions=True)
    unquoted = " ".join(asked.text.replace(':"', ":").replace('"', " ").split())  # author:"Ng, Ada", date:"last month"
    if '"' in asked.text:
        yield t("loosen.quotes"), replace(asked, text=unquoted)
    found = [leaf for leaf in leaves(query) if not isinstance(leaf, Quoted)]
    pieces = list(dict.fromkeys(describe(msgspec.structs.replace(leaf, field=ANY)) for leaf in found))
    if len(pieces) > 1:
        yield t("loosen.any", words=_list(pieces)), replace(asked, text=" OR ".join(pieces))
    words = {leaf.text for leaf in found if isinstance(leaf, Word)}
    if len(words) == 1:
        [word] = words
        yield t("loosen.typos", word=word), replace(asked, text=f"{word}~")
    if asked.filters or asked.excluded or asked.from_date or asked.to_date or asked.query_fields:
        yield t("loosen.all"), SearchParams(unquoted)


def _mentioned(query: Query) -> str:
    """For a search of quotes by somebody, the words as they are searched anywhere: by:zelensky said:peace -> zelensky peace."""
    found = leaves(query)
    if not any(isinstance(leaf, Quoted) or leaf.field == "by" for leaf in found):
        return ""
    plain = [part for leaf in found for part in ((leaf.speaker, leaf.words) if isinstance(leaf, Quoted) else (leaf,))]
    return " ".join(dict.fromkeys(describe(msgspec.structs.replace(part, field=ANY)) for part in plain))


def _date(typed: str) -> str:
    """The date as text, or as typed if it is not one."""
    return date_words(typed) if period(typed) else typed


Values = dict[str, tuple[str, ...]]


def _without_each(filters: Values, name: str, values: tuple[str, ...]) -> Iterator[tuple[str, Values]]:
    """Each value, with the filters but for it."""
    for value in values:
        yield value, {**filters, name: tuple(each for each in values if each != value)}


def _list(words: Iterable[str]) -> str:
    return t("list.separator").join(words)
