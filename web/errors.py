"""Errors -> responses: RFC 9457 problem+json for the API, a helpful page for readers. Never a stack trace.

BadRequest("page", "0", …) ──▶ 400 {"type":"about:blank","title":"Bad Request","status":400,"parameter":"page","value":"0",…}
"""

from http import HTTPStatus

import msgspec
from flask import Flask, Response, g, request
from werkzeug.exceptions import Forbidden, HTTPException, SecurityError, TooManyRequests, Unauthorized

from search.errors import BadRequest, BroadsheetError, CursorExpired, EngineError, QueryRefused, UnknownVersion
from search.model.saved_page import NoSavedPage
from search.query.parameters import PARAMETERS
from search.serialize.search import encode
from web.i18n.catalogue import t, texts
from web.params import named_values
from web.presenters.formatting import remark_words
from web.presenters.render import page

RETRY_AFTER_SECONDS = 10
_PARAMETER_OF_LIMIT = {"hits": "page", "page_size": "page-size"}  # all other limits are of queries
_DETAILS = {
    404: "There is nothing at this URL.",
    405: "This URL does not support that method.",
    413: "The request is too large.",
    414: "The URL is too long.",
    500: "Something went wrong; the server log has the details.",
}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """An RFC 9457 problem. parameter, value: what was wrong; limit, allowed: the limit that was exceeded."""

    type: str
    title: str
    status: int
    detail: str
    parameter: str | None = None
    value: str | None = None
    limit: str | None = None
    allowed: int | None = None


class NotFound(BroadsheetError):
    """There is no such article."""


class ArticleWithdrawn(BroadsheetError):
    """The article was withdrawn. `reason`: None if it is not public."""

    def __init__(self, reason: str | None) -> None:
        super().__init__("This article was withdrawn" + (f": {reason}" if reason else "."))
        self.reason = reason


def handle_errors(app: Flask) -> None:
    """Turn every error of the app into a problem or a helpful page."""

    @app.errorhandler(Exception)
    def answer_error(error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException) and (error.code or 500) < 400:
            return error  # a redirect
        g.problem = problem = _problem(error)
        if problem.status >= 500:
            app.logger.error("%s %s: %s", request.method, request.path, error, exc_info=None if problem.status == 503 else error)
        answer = _answer(error, problem)
        if problem.status == 503:
            answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        if isinstance(error, HTTPException):  # Allow, WWW-Authenticate, Retry-After
            answer.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
        return answer


def _problem(error: Exception) -> Problem:
    match error:
        case BadRequest():
            return _described(400, f"{error.parameter}: {error}", parameter=error.parameter, value=error.value)
        case QueryRefused():
            parameter = _PARAMETER_OF_LIMIT.get(error.limit, error.parameter)
            given = named_values(request.args.items(multi=True), [parameter], strict=False).get(parameter, [None])
            about = {"parameter": parameter, "value": given[0], "limit": error.limit, "allowed": error.allowed}
            return _described(400, str(error), **about)
        case CursorExpired():
            return _described(410, str(error), parameter="cursor")
        case ArticleWithdrawn():
            return _described(410, str(error))
        case NotFound() | UnknownVersion():
            return _described(404, str(error))
        case NoSavedPage():
            return _described(404, "The saved page cannot be shown; the server log has the reason.")
        case EngineError():
            return _described(503, "The archive cannot be searched right now; the server log has the reason. Try again shortly.")
        case SecurityError():
            host = request.environ.get("HTTP_HOST", "")
            return _described(400, f"This server does not accept the host name {host!r}; add it to BROADSHEET_TRUSTED_HOSTS.")
        case Unauthorized() | Forbidden() | TooManyRequests():
            return _described(error.code, error.description or "")
        case HTTPException(code=int(code)):
            return _described(code, _DETAILS.get(code, HTTPStatus(code).description or "The request cannot be answered."))
        case _:
            return _described(500, _DETAILS[500])


def problem_json(status: int, detail: str) -> bytes:
    """The body of an answer that the server itself gives, without the application."""
    return encode(_described(status, detail))


def _described(status: int, detail: str, **about: str | int | None) -> Problem:
    return Problem("about:blank", HTTPStatus(status).phrase, status, detail, **about)  # type: ignore[arg-type]


def _answer(error: Exception, problem: Problem) -> Response:
    if request.path.startswith("/api/") or request.path in ("/openapi.json", "/healthz", "/readyz", "/feed.atom"):
        return Response(encode(problem), problem.status, content_type="application/problem+json")
    if isinstance(error, SecurityError):  # a page would have addresses of a host that is not trusted
        return Response(problem.detail, problem.status, content_type="text/plain; charset=utf-8")
    key = "error.withdrawn" if isinstance(error, ArticleWithdrawn) else f"error.{problem.status}"
    heading = t(key) if key in texts() else problem.title
    detail = detail_words(error, problem)
    return page("error.html", problem.status, problem=problem, heading=heading, detail=detail, text=request.args.get("q", ""))


def detail_words(error: Exception, problem: Problem) -> str:
    """What went wrong, for a reader of the page; API clients get `problem.detail`."""
    match error:
        case BadRequest():
            return _bad_words(error)
        case QueryRefused():
            return remark_words(error)
        case ArticleWithdrawn():
            return t("detail.withdrawn_because", reason=error.reason) if error.reason else t("detail.withdrawn")
        case NotFound() | UnknownVersion():
            return t("detail.article")
        case NoSavedPage():
            return t("detail.saved_gone" if error.gone else "detail.saved_unreadable", source=error.source)
    key = "detail.address" if problem.status == 404 else f"detail.{problem.status}"
    return t(key if key in texts() else "detail.other")


def _bad_words(error: BadRequest) -> str:
    """What the parameter accepts, by its kind."""
    parameter = next((p for p in PARAMETERS if p.name == error.parameter), None)
    if parameter is None:
        return t("bad.selection")
    if parameter.choices:
        return t("bad.choice", parameter=parameter.name, choices=t("list.separator").join(parameter.choices))
    key = parameter.name if parameter.name == "year" else parameter.kind
    return t(f"bad.{key}" if f"bad.{key}" in texts() else "bad.text", parameter=parameter.name)
