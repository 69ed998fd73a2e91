"""Each request, once it has been answered, as one value for those who count or log it.

GET /api/search?q=truce ──▶ Visit("GET", "/api/search", 200, 3127, 0.004, …) ──▶ metrics, access log, search log
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request

from web.errors import Problem

NO_ROUTE = "none"
"""The route of a request for which there is none."""
_SEARCHES = ("pages.search", "api.search")
_EXTENSION = "observers"


@dataclass(frozen=True, slots=True)
class Visit:
    """`route`: as the app names it, `/article/<path:id>`; `size`: bytes of the body; `query`: what was typed, if anything;
    `search`: it is the first page of a search for words, which was asked for and not tried out while somebody types; `found`:
    its articles, if known; `cached`: the response was made for an earlier request; `refused`: why, in a few words of a small set;
    `client`: who asked, "" if not known."""

    method: str
    route: str
    status: int
    size: int
    seconds: float
    query: str = ""
    search: bool = False
    found: int | None = None
    cached: bool = False
    refused: str | None = None
    client: str = ""


Observer = Callable[[Visit], None]


def observe(app: Flask, observers: Iterable[Observer]) -> bool:
    """Tell them of every request, and say whether there are any. To be called before other hooks are added, so that theirs are
    measured too."""
    app.extensions[_EXTENSION] = observers = tuple(observers)
    if not observers:
        return False

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        visit = _visit(response)
        if response.is_streamed:
            response.response = _counted(response.response, visit, g.began, observers)
        else:
            no_body = request.method == "HEAD" or response.status_code == 304
            _tell(observers, visit if no_body else replace(visit, size=len(response.get_data())))
        return response

    return True


def refuse(app: Any, status: int) -> None:
    """Tell of a request that the server itself refused, before it reached the app."""
    for observer in getattr(app, "extensions", {}).get(_EXTENSION, ()):
        observer(Visit("", NO_ROUTE, status, 0, 0.0, refused=_words(status)))


def _visit(response: Response) -> Visit:
    query = request.args.get("q", "").strip()
    is_search = bool(query) and request.endpoint in _SEARCHES and response.status_code in (200, 304) and _is_first_page()
    return Visit(
        request.method,
        request.url_rule.rule if request.url_rule else NO_ROUTE,
        response.status_code,
        0,
        time.perf_counter() - g.began,
        query,
        is_search and not _is_typing(),
        g.get("found"),
        bool(g.get("stored")),
        _reason(g.get("problem")),
        g.client.name or g.client.address if "client" in g else request.remote_addr or "",
    )


def _is_first_page() -> bool:
    return request.args.get("page", "").strip() in ("", "1") and not request.args.get("cursor", "").strip()


def _is_typing() -> bool:
    """Results as you type are fetched by a script of the page; the search itself is then opened as a page."""
    return request.endpoint == "pages.search" and request.headers.get("Sec-Fetch-Dest") == "empty"


def _reason(problem: Problem | None) -> str | None:
    """The limit, or the kind of problem: names from the program, never from the request. What is not there is not refused."""
    if problem is None or problem.status in (404, 410) or problem.status >= 500:
        return None
    return problem.limit or ("parameter" if problem.parameter else _words(problem.status))


def _words(status: int) -> str:
    """429 -> too_many_requests"""
    return HTTPStatus(status).name.lower()


def _tell(observers: Iterable[Observer], visit: Visit) -> None:
    for observer in observers:
        observer(visit)


def _counted(body: Iterable[bytes | str], visit: Visit, began: float, observers: Iterable[Observer]) -> Iterator[bytes]:
    """The body; the observers are told of it at its end, or when the client leaves."""
    size = 0
    try:
        for piece in body:
            data = piece if isinstance(piece, bytes) else piece.encode()
            size += len(data)
            yield data
    finally:
        _tell(observers, replace(visit, size=size, seconds=time.perf_counter() - began))
