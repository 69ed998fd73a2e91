"""Requests that never reach the application, as problem+json like all errors of the API.

gunicorn's ParseException or Refused ──▶ Refused(status, detail) ──▶ the bytes of an answer
"""

from http import HTTPStatus

from gunicorn.http import errors

from web.errors import RETRY_AFTER_SECONDS, problem_json
from web.responses.security_headers import HEADERS

MAX_DETAIL_LENGTH = 300
"""In characters: gunicorn quotes the whole line that it refuses."""


class Refused(errors.ParseException):  # type: ignore[misc]
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def refusal_of(error: Exception) -> Refused:
    match error:
        case Refused():
            return error
        case errors.LimitRequestLine():
            return Refused(414, str(error))
        case errors.LimitRequestHeaders():
            return Refused(431, str(error))
        case errors.UnsupportedTransferCoding():
            return Refused(501, str(error))
        case errors.ExpectationFailed():
            return Refused(417, str(error))
        case errors.InvalidResponseHeader() | errors.InvalidResponseHeaderName() | errors.ConfigurationProblem():
            return Refused(500, "Something went wrong here; the server's log says what.")
        case errors.ParseException():
            return Refused(400, str(error))
        case _:
            return Refused(500, "Something went wrong here; the server's log says what.")


def answer_bytes(refused: Refused) -> bytes:
    """The last answer on its connection."""
    body = problem_json(refused.status, refused.detail[:MAX_DETAIL_LENGTH])
    headers = {
        "Connection": "close",
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        **({"Retry-After": str(RETRY_AFTER_SECONDS)} if refused.status == 503 else {}),
        **HEADERS,
    }
    status = HTTPStatus(refused.status)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
