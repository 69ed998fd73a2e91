"""create_app(settings): the WSGI application for one archive.

The index is opened at the first request; if it is missing or damaged, requests are answered with 503 until it can be read.
"""

import hashlib
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.exceptions import RequestURITooLarge, SecurityError
from werkzeug.routing import PathConverter

from search.model.saved_page import ReadSavedPage
from search.model.text import encodable
from search.settings import Settings
from web.access.guard import guard
from web.access.shared import Shared
from web.errors import handle_errors
from web.i18n.catalogue import choose_language, set_locale, t, texts
from web.index_handle import Archive, archive
from web.presenters import formatting, links
from web.presenters.alert_entry import alert_entry
from web.presenters.articles.versions import version_label_beside
from web.presenters.excerpts import excerpts
from web.presenters.facets import check_boxes, value_links
from web.presenters.render import anchor, bar_links, bar_rows, fragment
from web.responses.compression import accepted_encoding, compress_response
from web.responses.response_cache import ResponseCache
from web.responses.security_headers import HEADERS
from web.responses.site.identity import read_site
from web.responses.site.public_address import asked_host, public_address
from web.responses.static_files import static_file
from web.telemetry.access_log import AccessLog
from web.telemetry.search_log import SearchLog
from web.telemetry.visits import Observer, observe
from web.views.api import api
from web.views.feeds import feeds
from web.views.names import names
from web.views.pages import pages
from web.views.pictures import pictures
from web.views.saved_page import saved
from web.views.selection import selection

MAX_QUERY_STRING_BYTES = 20_000
"""Enough for 1,000 characters of any script, percent-encoded (up to 12 bytes each), and many filters."""
MAX_BODY_BYTES = 4_000_000
"""Enough for a list of names, percent-encoded."""
FILTERS = (
    formatting.date_words, formatting.day_words, formatting.direction, formatting.moment_words, formatting.nothing_words,
    formatting.printed_words, formatting.reading_date, formatting.update_words, formatting.zone_words,
    formatting.remark_words, formatting.understood_words, formatting.value_words, formatting.web_address, anchor, bar_links,
    bar_rows, check_boxes, excerpts, fragment, value_links, encodable, alert_entry, version_label_beside,
)  # fmt: skip
_MADE_FROM_INDEX = (
    "feeds.feed", "feeds.changes", "pages.search", "pages.values", "pages.article", "pages.edited", "pages.changes", "pages.cite",
    "names.page", "pictures.page", "api.search", "api.changes", "api.suggest", "api.article", "api.versions",
    "api.similar_articles",
)  # fmt: skip


class AnyPathConverter(PathConverter):
    """Any characters, including slashes and line breaks, because an article's id can be chosen freely."""

    regex = "(?s:.+)"
    part_isolating = False


def create_app(settings: Settings, read_saved_page: ReadSavedPage | None = None, shared: Shared | None = None) -> Flask:
    """Without `read_saved_page`, saved pages are not shown. `shared`: with the other processes of the server."""
    shared = shared or Shared()
    app = Flask("web", root_path=str(Path(__file__).parent))
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.extensions["archive"] = opened = Archive(settings, read_saved_page)
    app.extensions["site"] = site = read_site(settings)
    code = _code_digest()
    set_templates_up(app, {"static_version": code, "site": site, "t": t, "texts": texts, "url_for": links.url_for})
    register_views(app)
    handle_errors(app)
    # Each of these is asked before the next, and completes a response after it.
    observed = observe(app, observers(app, opened, settings, shared))
    check_addresses(app, settings)
    app.extensions["guard"] = guard(app, settings, shared)
    answer_early(app, settings, f"{code} {settings} {site.digest} {opened.spellings.digest}", observed)
    if settings.base_url:
        app.wsgi_app = public_address(app.wsgi_app, settings.base_url)  # type: ignore[method-assign]
    return app


def set_templates_up(app: Flask, values: dict[str, Any]) -> None:
    """`values`: what every template knows."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {function.__name__: function for function in FILTERS}
    app.jinja_env.globals |= values


def register_views(app: Flask) -> None:
    app.view_functions["static"] = static_file
    app.url_map.merge_slashes = False  # the id of an article may have two in a row
    app.url_map.converters["path"] = AnyPathConverter
    for blueprint in (pages, api, feeds, saved, selection, names, pictures):
        app.register_blueprint(blueprint)


def check_addresses(app: Flask, settings: Settings) -> None:
    """Refuse foreign hosts and requests that are too long, in the language of the reader."""
    trusted = trusted_hosts(settings)

    @app.before_request
    def check_address() -> None:
        g.language = choose_language(settings.ui_language)
        set_locale(g.language)
        if not is_trusted(asked_host(request.environ), trusted):
            raise SecurityError
        if len(request.query_string) > MAX_QUERY_STRING_BYTES:
            raise RequestURITooLarge

    @app.teardown_request
    def reset_locale(_error: BaseException | None) -> None:
        set_locale(None)


def answer_early(app: Flask, settings: Settings, program: str, observed: bool) -> None:
    """Answer with what was answered before, as long as the index is the same. `program`: all else that a response is made from;
    `observed`: whether it matters how many articles a search found."""
    responses = ResponseCache(settings.response_cache)

    @app.before_request
    def answer_again() -> Response | None:
        """Answers 304 while the client's copy is of the present index, and with the response to an earlier request if that was
        made from the same; in a closed archive, by somebody who may ask for as much."""
        g.encoding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
        if request.endpoint not in _MADE_FROM_INDEX or request.method not in ("GET", "HEAD"):
            return None
        g.etag, g.made_from = _made_from(program, closed=settings.is_closed)
        if request.if_none_match.contains_weak(g.etag):
            g.found = responses.found(g.made_from) if observed else None
            return Response(status=304)
        if "Authorization" in request.headers and not settings.is_closed:
            del g.made_from
            return None
        g.stored = stored = responses.get(g.made_from)
        if stored and observed:
            g.found = responses.found(g.made_from)
        return stored

    @app.after_request
    def complete(response: Response) -> Response:
        """Adds headers, compresses, and stores what may be asked for again."""
        if g.get("stored"):
            return response
        _complete_headers(response)
        compress_response(response, g.get("encoding"))
        if "made_from" in g:
            responses.put(g.made_from, response, g.get("found"))
        return response


def _made_from(program: str, *, closed: bool) -> tuple[str, bytes]:
    """The entity tag, and the key of the response in the client's encoding."""
    with archive().reader() as reader:
        state = f"{reader.generation} {date.today()} {program} {g.language} {sorted(g.client.scopes) if closed else ''}"
    digest = hashlib.sha256(f"{state} {request.url_root} {request.path}?".encode("utf-8", "replace") + request.query_string)
    return digest.hexdigest()[:20], digest.digest() + (g.encoding or "").encode()


def _complete_headers(response: Response) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html" or request.blueprint == "feeds":
        response.vary.add("Accept-Language")
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-cache" if response.status_code < 400 else "no-store"
    if "etag" in g and response.status_code in (200, 304):
        response.set_etag(g.etag, weak=True)


def observers(app: Flask, archive: Archive, settings: Settings, shared: Shared) -> Iterator[Observer]:
    """Those that are told of each request, as the settings ask for them."""
    if settings.access_log != "off":
        yield AccessLog(settings, settings.log_secret.encode() or shared.key)
    if settings.search_log:
        yield SearchLog(settings)
    if settings.metrics_port:
        from web.telemetry.metrics import Metrics  # not before PROMETHEUS_MULTIPROC_DIR is set

        app.extensions["metrics"] = metrics = Metrics(app, archive, shared.metrics)
        yield metrics


def trusted_hosts(settings: Settings) -> frozenset[str]:
    """The names a request may be addressed to: against DNS rebinding, and forged Host headers."""
    names = ("localhost", "127.0.0.1", "::1", socket.gethostname(), settings.host, *settings.trusted_hosts.split(","))
    names += (urlsplit(settings.base_url).netloc,)
    return frozenset(host_name(name) for name in names) - {""}


def is_trusted(host: str, trusted: frozenset[str]) -> bool:
    """Whether the host of a request is one of these. `.archive.example` trusts archive.example and all names below it.

    werkzeug's own check (TRUSTED_HOSTS) knows neither IPv6 addresses nor upper case.
    """
    name = host_name(host)
    labels = name.split(".")
    return name in trusted or any("." + ".".join(labels[start:]) in trusted for start in range(len(labels)))


def host_name(host: str) -> str:
    """The name in a Host header or a setting, as it is compared: `LocalHost:8000` is localhost, `[0:0::1]:8000` is ::1."""
    name = host.strip().lower()
    if name.startswith("["):
        name = name[1:].partition("]")[0]
    elif name.count(":") < 2:
        name = name.partition(":")[0]
    try:
        return str(ip_address(name))
    except ValueError:
        name = name.rstrip(".")
    if name.isascii():
        return name
    with suppress(UnicodeError):
        return name.encode("idna").decode()
    return ""


def _code_digest() -> str:
    """Identifies the state of the program, so that pages from an earlier one do not count as current."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for file in sorted([*here.rglob("*"), *here.with_name("search").rglob("*.py")]):
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
