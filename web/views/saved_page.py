"""The saved page of an article: a page with a toolbar and, in its frame, the saved page without scripts, network access or links
that lead out.

Its security policy makes it a sandbox and lets it load nothing. Because browsers connect to some hosts before they read the
policy, everything that names a host is made ineffective: elements that refer to one, and the targets of links. This holds even
for broken mark-up, because browsers recognise a name only in exactly that form
(https://html.spec.whatwg.org/multipage/parsing.html#tokenization).
"""

import re
from contextlib import suppress

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request

from search.errors import QueryRefused
from search.model.article import Article
from search.model.saved_page import NoSavedPage, SavedPage
from search.model.text import encodable
from search.query.nodes import Query
from search.service.search import SearchParams
from web.i18n.catalogue import t
from web.index_handle import archive, article_version
from web.params import PICTURES, query_string, read_page, read_place
from web.presenters.articles.saved_marks import HEADLINE_ID, mark_page
from web.presenters.articles.versions import version_labels
from web.presenters.links import article_url, hit_query, saved_page_url
from web.presenters.render import page
from web.responses.security_headers import SAVED_HEADERS, page_policy

saved = Blueprint("saved", __name__)

_SPACE = r"[ \t\n\f\r]"
_ELEMENT = re.compile(r"<(?=(?:link|meta|base|i?frame|fencedframe|object|embed|animate\w*|set)(?:[\s/>]|$))", re.IGNORECASE)
_ADDRESS = re.compile(rf"href(?=[\s/>=]|$)(?!{_SPACE}*={_SPACE}*[\"']?#)", re.IGNORECASE)
"""The target of a link, unless it is within the page."""


@saved.get("/saved/<path:id>")
def saved_page(id: str) -> Response:
    """The toolbar and the frame."""
    article, versions = _version(id)
    place = read_place(request.args, archive().settings.limits.hits)
    asked = hit_query(read_page(request.args.items(multi=True)), place, request.args.get(PICTURES))
    answer = page(
        "saved.html",
        article=article,
        versions=versions,
        labels=version_labels(versions),
        changed=_read(article).changed,
        frame_url=saved_page_url(article, asked, "saved.saved_file") + f"#{HEADLINE_ID}",
        url_of=lambda version: saved_page_url(version, asked),
        back_url=article_url(article, asked, article is not versions[0]),
    )
    answer.headers["Content-Security-Policy"] = page_policy(frames="'self'")
    return answer


@saved.get("/saved-file/<path:id>")
def saved_file(id: str) -> Response:
    """The content of the frame; it cannot be opened by itself, because its links would lead out."""
    article, versions = _version(id)
    asked = read_page(request.args.items(multi=True))
    if request.headers.get("Sec-Fetch-Dest", "iframe") != "iframe":
        return redirect(saved_page_url(article, query_string(asked)))  # type: ignore[return-value]
    query = _query(asked, current=article is versions[0])
    text = mark_page(_harmless(_read(article)), article, query, _languages(), folded=t("site.nav"))
    answer = Response(encodable(text), content_type="text/html; charset=utf-8")
    answer.headers.update(SAVED_HEADERS)
    return answer


def _query(asked: SearchParams, *, current: bool) -> Query | None:
    with suppress(QueryRefused):  # the page is shown all the same
        return archive().marked_query(asked, current=current)
    return None


def _languages() -> tuple[str, ...]:
    with archive().reader() as reader:
        return reader.frequent_languages


def _version(id: str) -> tuple[Article, tuple[Article, ...]]:
    if not archive().read_saved_page:
        abort(404)
    with archive().reader() as reader:
        return article_version(reader, id, request.args.get("version") or None)


def _read(article: Article) -> SavedPage:
    read = archive().read_saved_page
    assert read
    with archive().reader() as reader:
        root = next((each.root for each in reader.collections() if each.name == article.collection), None)
    try:
        return read(article, root)
    except NoSavedPage as error:
        current_app.logger.warning("%s", error)
        raise


def _harmless(found: SavedPage) -> str:
    if found.kind == "text":
        return render_template("saved_text.html", content=found.text)
    return _ADDRESS.sub("no-address", _ELEMENT.sub("<no-", found.text))
