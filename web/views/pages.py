"""The pages: search, articles, changes, help, API, citations."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any, TypeVar

from flask import Blueprint, Response, g, request

from search.engines.protocol import Reader, Stats
from search.errors import BadRequest, EngineError, QueryRefused
from search.highlight.highlighter import marks
from search.model.article import Article
from search.model.text import encodable
from search.query.nodes import FACETS, Interval, MatchAll, SearchRequest
from search.query.syntax_help import FORMS, NOTES
from search.service.more_like_this import similar
from search.service.pictures import has_pictures
from search.service.search import (
    SearchParams,
    SearchResponse,
    count_each,
    days,
    neighbours,
    request_all_words,
    search_request,
)
from search.service.version_diff import Difference, changes_of, compare, last_edits, two_versions
from web.errors import NotFound
from web.i18n.catalogue import t
from web.index_handle import archive, article_version
from web.openapi.document import document
from web.openapi.operations import operations
from web.params import (
    PICTURES,
    VIEWS,
    PageParams,
    query_string,
    read_page,
    read_place,
    read_question,
    url_parameters,
    with_parameters,
)
from web.presenters import links
from web.presenters.articles.article_page import MarkedArticle, Marks
from web.presenters.articles.citations import STYLES, citation, file_name
from web.presenters.articles.versions import compared_fields, version_labels
from web.presenters.facets import facet_groups
from web.presenters.formatting import day_words, remark_words
from web.presenters.help_examples import help_examples
from web.presenters.overview import compute_overview, glance, groups_beside
from web.presenters.render import page
from web.presenters.timeline import Timeline, may_show_months, timeline
from web.responses.security_headers import page_policy

pages = Blueprint("pages", __name__)

Asked = TypeVar("Asked", bound=SearchParams)
SHOWN_FACETS = ("section", "author", "publisher", "language", "year")
NEWEST_ON_FRONT_PAGE = 6
SIMILAR_SHOWN = 5
CHANGES_SHOWN = 20
VALUES_SHOWN = 2_000
"""The most values of a filter that its page lists."""
DAYS_SHOWN = 62
"""A range of up to this many days is shown by day."""


@pages.get("/")
def search() -> Response:
    asked = read_page(request.args.items(multi=True), feedback=archive().settings.feedback)
    with archive().reader() as reader:
        if not url_parameters(asked, view=VIEWS[0]) and not asked.cursor:
            return _front_page(reader)
        counted = _with_counts(asked)
        found = archive().answer(reader, counted)
        relaxed = []
        if not found.tiers.total and not found.suggestion:
            limits, spellings = archive().settings.limits, archive().spellings
            relaxed = links.relaxations(asked, found, lambda looser: count_each(reader, looser, limits, spellings))
        return _results_page(reader, counted, asked, found, relaxed)


@pages.get("/values/<name>")
def values(name: str) -> Response:
    """All values of a filter among the results of a search, each with a link that narrows the search to it."""
    if name not in FACETS:
        raise NotFound(f"Values are counted of {', '.join(FACETS)}.")
    asked = read_page(request.args.items(multi=True))
    within = replace(asked, filters={other: some for other, some in asked.filters.items() if other != name}, page=1)
    with archive().reader() as reader:
        found = request_all_words(replace(within, facets=(name,)), archive().settings.limits, archive().spellings)
        [facet] = reader.search(replace(found, size=0, facet_size=VALUES_SHOWN)).facets
    return page("values.html", name=name, facet=facet, asked=asked, text=asked.text, links=links)


@pages.get("/article/<path:id>")
def article(id: str) -> Response:
    asked = read_page(request.args.items(multi=True))
    with archive().reader() as reader:
        shown, versions = article_version(reader, id, request.args.get("version") or None)
        walk = _walk(reader, asked, id)
        copies = reader.copies(id)
        alike = archive().cached(reader, f"similar {id}", lambda: _similar(reader, versions[0], copies))
        changed = archive().cached(reader, f"changes {id}", lambda: _change_counts(versions))
        languages = reader.frequent_languages
    credit = request.args.get(PICTURES)
    hit_query = links.hit_query(asked, walk.place if walk else None, credit)
    marked, unmarked_because = _marks(shown, asked, languages, current=shown is versions[0])
    remote_images = archive().settings.remote_images
    answer = page(
        "article.html",
        article=shown,
        remote_images=remote_images,
        marked=MarkedArticle(shown, marked),
        versions=versions,
        labels=version_labels(versions),
        changes=changed,
        copies=copies,
        similar=alike,
        text=asked.text,
        back_url=links.search_url(asked) if credit is None else links.pictures_url(asked, credit),
        from_pictures=credit is not None,
        walk=walk,
        hit_query=hit_query,
        query_string=query_string(asked),
        permalink=links.permalink(shown, shown is not versions[0]),
        unmarked_because=unmarked_because,
        links=links,
        saved_url=links.saved_page_url(shown, hit_query) if archive().read_saved_page else None,
        citations=[(name, style.name, citation(links.citable(shown), name)) for name, style in STYLES.items()],
    )
    if remote_images:
        answer.headers["Content-Security-Policy"] = page_policy(images="'self' https:")
    return answer


@pages.get("/changes")
def edited() -> Response:
    """Articles whose text was changed, the latest change first, filtered like a search."""
    asked = read_question(request.args.items(multi=True), strict=False)
    question = replace(
        asked,
        order_by="changed",
        edited=True,
        page=1,
        page_size=CHANGES_SHOWN,
        versions=False,
        facets=(),
        timeline=None,
        explain=False,
    )
    with archive().reader() as reader:
        found = archive().answer(reader, question, all_words=True)
        edits = last_edits(reader, [hit.article for hit in found.results.hits])
    here, api_url, shown = links.url_for("pages.edited"), links.url_for("api.changes"), query_string(links.unordered(asked))
    return page(
        "edited.html",
        answer=found,
        edits=list(zip(found.results.hits, found.highlights, edits, strict=True)),
        text=asked.text,
        query_string=query_string(asked),
        chips=list(links.chips(links.unordered(asked), links.edited_url)),
        hidden=[pair for pair in url_parameters(links.unordered(asked)) if pair[0] != "q"],
        api_url=api_url + shown,
        feed_url=links.url_for("feeds.changes") + shown,
        next_url=with_parameters(here + shown, [("cursor", found.next)]) if found.next else None,
        links=links,
    )


@pages.get("/changes/<path:id>")
def changes(id: str) -> Response:
    """The changes between two versions of an article: `from` and `to`, by default the previous and the current one."""
    asked = read_question(request.args.items(multi=True), strict=False)
    place = read_place(request.args, archive().settings.limits.hits)
    with archive().reader() as reader:
        _, versions = article_version(reader, id, None)
    before, after = two_versions(versions, request.args.get("from"), request.args.get("to"))
    difference = compare(before, after)
    fields = list(compared_fields(before, after, difference))
    labels = version_labels(versions)
    label_of = dict(zip((version.source for version in versions), labels, strict=True))
    query = links.hit_query(asked, place, request.args.get(PICTURES))
    whole = request.args.get("text") == "whole"
    return page(
        "changes.html",
        before=before,
        after=after,
        before_label=label_of[before.source],
        after_label=label_of[after.source],
        difference=difference,
        fields=fields,
        folded=any(stretch.folded for field in fields for stretch in field.stretches),
        whole=whole,
        views=links.comparison_views(links.changes_url(before, after, query), whole),
        versions=versions,
        labels=labels,
        changes=changes_of(versions),
        text=asked.text,
        query_string=query,
        links=links,
    )


@pages.get("/cite/<style>/<path:id>")
def cite(style: str, id: str) -> Response:
    """The article's citation as a file."""
    if style not in STYLES:
        raise NotFound(f"Citation styles are {', '.join(STYLES)}.")
    with archive().reader() as reader:
        shown, _ = article_version(reader, id, request.args.get("version") or None)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(shown, style)}"'}
    return Response(
        encodable(citation(links.citable(shown), style)),
        content_type=f"{STYLES[style].media_type}; charset=utf-8",
        headers=headers,
    )


@pages.get("/help")
def help() -> Response:
    """Shows what is in the archive only to those who may search it."""
    examples: dict[str, str] = {}
    if not archive().settings.is_closed or "search" in g.client.scopes:
        with suppress(EngineError), archive().reader() as reader:
            examples = archive().cached(reader, "help", lambda: help_examples(reader))
    return page(
        "help.html",
        forms=FORMS,
        examples=examples,
        notes=NOTES,
        limits=asdict(archive().settings.limits),
        links=links,
        SearchParams=SearchParams,
    )


@pages.get("/api")
def api() -> Response:
    """The description of the API as a page, with an example of each operation to try."""
    with archive().reader() as reader:
        newest = [hit.article for hit in reader.search(SearchRequest(MatchAll(), size=1)).hits]
    described = operations(document(archive().settings), request.script_root, {"id": newest[0].id if newest else "ID"})
    return page("api.html", operations=list(described))


@pages.get("/embed")
def embed() -> Response:
    return page("embed.html")


def _front_page(reader: Reader) -> Response:
    question = SearchParams(page_size=NEWEST_ON_FRONT_PAGE, facets=("section", "language"), timeline="year")
    newest = archive().answer(reader, question)
    counts = archive().cached(reader, "glance", lambda: compute_overview(reader))
    shared, shown = _common(reader, question, SearchParams(), newest), glance(counts)
    beside = groups_beside(shared["facets"], counts.outlets, len(newest.results.hits))
    return page("front.html", answer=newest, lede=_lede(counts.stats), counts=counts, glance=shown, beside=beside, **shared)


def _lede(stats: Stats) -> str:
    """What the archive contains, in one sentence."""
    about = {"articles": t("articles", n=stats.articles), **_reach(stats)}
    if stats.undated:
        return t("front.lede_undated" if stats.first_day else "front.lede_all_undated", n=stats.undated, **about)
    if stats.first_day:
        return t("front.lede_day" if stats.first_day == stats.last_day else "front.lede_dated", **about)
    return t("front.lede", **about)


def _reach(stats: Stats) -> dict[str, str]:
    return {"first": day_words(stats.first_day), "last": day_words(stats.last_day)}


def _results_page(
    reader: Reader, counted: SearchParams, asked: PageParams, found: SearchResponse, relaxed: list[links.Link]
) -> Response:
    shared = _common(reader, counted, asked, found)
    groups = shared["facets"] if found.tiers.total else []
    boxes = {(group.name, choice.value) for group in groups for choice in group.choices}
    remote_images = archive().settings.remote_images
    pictured = archive().cached(reader, "pictures", lambda: has_pictures(reader))
    shown = page(
        "results.html",
        answer=found,
        suggestion_url=links.search_url(asked, text=found.suggestion.text) if found.suggestion else None,
        hidden=[pair for pair in url_parameters(asked) if pair not in boxes and pair[0] not in _typed(found)],
        left_out=_left_out(found),
        remote_images=remote_images,
        views=links.views(asked),
        formats={**{name: style.name for name, style in STYLES.items()}, "csv": "CSV", "jsonl": t("results.json_lines")},
        chips=list(links.chips(asked)),
        orders=links.orders(asked, found),
        pictures_url=links.pictures_url(asked, page=1, explain=False) if pictured else None,
        fields=links.fields(asked),
        pager=list(links.pager(asked, found.pages)),
        relaxations=relaxed,
        collapse_toggle=links.collapse_toggle(asked, found),
        explain_url=links.search_url(asked, explain=not asked.explain),
        api_query=query_string(asked, collapse=asked.collapse is not False, view=VIEWS[0]),
        export_url=lambda kind: with_parameters(
            links.url_for("api.export") + query_string(asked, page=1, collapse=None, view=VIEWS[0]), [("format", kind)]
        ),
        **shared,
    )
    if remote_images:
        shown.headers["Content-Security-Policy"] = page_policy(images="'self' https:")
    return shown


def _typed(found: SearchResponse) -> tuple[str, ...]:
    """The parameters that the form of the page has fields for, or begins anew."""
    return ("q", "page", "from-date", "to-date") if found.tiers.total else ("q", "page")


def _left_out(found: SearchResponse) -> str:
    """What of the query was ignored, if anything."""
    ignored = found.understood.ignored
    return t("results.left_out_html", pieces=t("list.separator").join(map(remark_words, ignored))) if ignored else ""


def _common(reader: Reader, counted: SearchParams, asked: SearchParams, found: SearchResponse) -> dict[str, Any]:
    """What the start page and the results page share."""
    return {
        "text": asked.text,
        "asked": asked,
        "hits": list(zip(found.tiers.hits, found.highlights, links.hit_queries(asked, found), strict=True)),
        "facets": facet_groups(asked, found.results.facets, found.results.articles),
        "timeline": _timeline(reader, counted, found),
        "dates_url": links.dates_url(asked),
        "links": links,
        "query_string": query_string(asked),
        "feed_url": links.feed_url(asked),
    }


def _timeline(reader: Reader, counted: SearchParams, found: SearchResponse) -> Timeline:
    """Most searches find articles from many years, so years are counted first; months are counted only if they can be shown."""
    interval, periods = counted.timeline or "year", found.results.timeline
    if interval == "year" and may_show_months(periods):
        interval = "month"
        months = replace(counted, facets=(), timeline=interval, collapse=False)
        periods = reader.search(replace(search_request(months, found.understood.query), size=0)).timeline
    return timeline(periods, archive().periods(reader, interval, counted.versions) if periods else ())


def _with_counts(asked: PageParams) -> PageParams:
    """The search with the facets and the timeline of the page, and with wire copies grouped."""
    return replace(_collapsed(asked), facets=asked.facets or SHOWN_FACETS, timeline=_interval(asked))


def _collapsed(asked: Asked) -> Asked:
    """The search as pages show it: with wire copies grouped, unless it asks for all."""
    return replace(asked, collapse=asked.collapse is not False)


def _interval(asked: SearchParams) -> Interval:
    (first, _), (_, last) = days("from-date", asked.from_date), days("to-date", asked.to_date)
    return "day" if first and last and last - first < DAYS_SHOWN else "year"


def _similar(reader: Reader, article: Article, copies: Sequence[Article]) -> tuple[Article, ...]:
    """What a list shows of similar articles: to find them takes longer than all else on the page, and whichever search led to
    the article, they are the same."""
    found = (hit.article for hit in similar(reader, article, copies, SIMILAR_SHOWN))
    return tuple(replace(each, paragraphs=(), captions=(), quotes=()) for each in found)


def _walk(reader: Reader, asked: PageParams, id: str) -> links.PlaceInResults | None:
    """The results beside the article, where its URL says which result it is and it still is that."""
    limits, size = archive().settings.limits, max(asked.page_size, 1)
    most = size * (limits.hits // size)
    place = read_place(request.args, most)
    if place is None:
        return None
    try:
        found = neighbours(reader, _collapsed(asked), place, id, limits, archive().spellings)
    except (BadRequest, QueryRefused):  # the article is shown all the same
        return None
    return links.walk(asked, place, most, found) if found else None


def _change_counts(versions: Sequence[Article]) -> tuple[Difference | None, ...]:
    """The changes of each version without the text, which only its own page shows."""
    return tuple(change and replace(change, fields=()) for change in changes_of(versions))


def _marks(shown: Article, asked: SearchParams, languages: tuple[str, ...], *, current: bool) -> tuple[Marks, str | None]:
    """The marks for the words of a search, including removed words in an earlier version; or the reason why there are none."""
    try:
        query = archive().marked_query(asked, current=current)
    except QueryRefused as error:
        return {}, remark_words(error)
    return (marks(shown, query, languages) if query else {}), None
