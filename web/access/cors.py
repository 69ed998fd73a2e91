"""Which pages of other sites may read the API from a browser (https://fetch.spec.whatwg.org/#http-cors-protocol).

    Origin: https://desk.example ──▶ Access-Control-Allow-Origin: https://desk.example

Never with credentials: a browser sends no cookies and no password it knows, only a token that the page itself has.
"""

from urllib.parse import urlsplit

from flask import Request, Response

from search.errors import SettingsError

ANY = "*"
MAX_AGE_SECONDS = 3600


class Cors:
    """Of a list such as `https://desk.example, http://localhost:3000`, or `*`. Raises SettingsError for anything else."""

    def __init__(self, listed: str) -> None:
        self.origins = frozenset(name.strip().lower() for name in listed.split(",") if name.strip())
        for origin in self.origins - {ANY}:
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
                raise SettingsError(f"BROADSHEET_CORS_ORIGINS has {origin!r}; give origins such as https://desk.example, or *")

    def concerns(self, request: Request) -> bool:
        return bool(self.origins) and (request.path.startswith("/api/") or request.path == "/openapi.json")

    def is_preflight(self, request: Request) -> bool:
        """A browser asks whether a page may send a request."""
        asks = request.method == "OPTIONS" and "Origin" in request.headers and "Access-Control-Request-Method" in request.headers
        return asks and self.concerns(request)

    def complete(self, request: Request, response: Response) -> None:
        if not self.concerns(request):
            return
        origin = request.headers.get("Origin", "")
        if ANY in self.origins:
            response.headers["Access-Control-Allow-Origin"] = ANY
        else:
            response.vary.add("Origin")
            if origin.lower() not in self.origins:
                return
            response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After, WWW-Authenticate"
        if self.is_preflight(request):
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST"
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, If-None-Match"
            response.headers["Access-Control-Max-Age"] = str(MAX_AGE_SECONDS)
