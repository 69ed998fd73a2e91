"""Refuses who may not ask, or asks too often, before anything is looked up: neither cache nor index answers them.

    request ──▶ Client("198.51.100.7", "newsroom", {"search"}) ──▶ the views, or 401, 403, 429

A token comes as `Authorization: Bearer`; as the password of `Authorization: Basic`, which browsers and feed readers can ask their
user for; or, for readers of feeds that can do neither, as the parameter `token` of a feed. That parameter is taken out of the
address before anything else sees it, and stands for a token that can read feeds and nothing else.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from flask import Flask, Response, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, TooManyRequests, Unauthorized

from search.errors import SettingsError
from search.settings import Settings
from web.access.clients import Client, TrustedProxies
from web.access.cors import Cors
from web.access.rate_limit import RateLimit, retry_after
from web.access.scopes import OPEN, SCOPE_OF, SCOPES
from web.access.shared import Shared
from web.access.tokens import TokenFile

FEED_PATH = "/feed.atom"
REALM = "Broadsheet"
_FEED_TOKEN = "broadsheet.feed_token"
_ALL = frozenset(SCOPES)


class Guard:
    """Raises SettingsError when a setting cannot be used."""

    def __init__(self, settings: Settings, shared: Shared) -> None:
        self.closed = settings.is_closed
        self.tokens = TokenFile(Path(settings.tokens)) if settings.tokens else None
        self.proxies = TrustedProxies(settings.trusted_proxies)
        self.cors = Cors(settings.cors_origins)
        self.rates = RateLimit(settings.rate_limit, shared.rates) if settings.rate_limit else None
        self.header = settings.auth_header.strip()
        if self.header and not settings.trusted_proxies.strip():
            raise SettingsError("BROADSHEET_AUTH_HEADER is set: name the proxies that send it in BROADSHEET_TRUSTED_PROXIES")

    def check(self) -> Response | None:
        """Raises Unauthorized, Forbidden or TooManyRequests."""
        if self.cors.is_preflight(request):
            return Response(status=204)
        g.client = client = self.identify(request.environ)
        scope = SCOPE_OF.get(request.endpoint or "static")
        if scope == OPEN:
            return None
        if self.rates and (seconds := self.rates.wait_seconds(client.key)):
            raise TooManyRequests(
                f"Too many requests; the next is answered in {retry_after(seconds)} s.", retry_after=retry_after(seconds)
            )
        if self.closed and scope not in client.scopes:
            self._refuse(client, scope)
        return None

    def identify(self, environ: dict[str, Any]) -> Client:
        address = self.proxies.client_address(environ)
        if not self.closed:
            return Client(address)
        key = f"HTTP_{self.header.upper().replace('-', '_')}"
        if self.header and self.proxies.trusts(str(environ.get("REMOTE_ADDR") or "")) and environ.get(key, "").strip():
            return Client(address, f"user {environ[key].strip()}", _ALL)
        environ.pop(key, None)
        secret, in_address = environ.get(_FEED_TOKEN), True
        if authorization := request.authorization:
            secret, in_address = authorization.token if authorization.type == "bearer" else authorization.password, False
        token = self.tokens.find(secret) if self.tokens and secret else None
        if token is None or (in_address and set(token.scopes) != {"feed"}):
            return Client(address)
        return Client(address, f"token {token.name}", frozenset(token.scopes))

    def _refuse(self, client: Client, scope: str | None) -> None:
        if client.name or not self.tokens:
            raise Forbidden(f"This needs the scope {scope}." if client.name else "Sign in with the proxy of this archive.")
        challenges = [WWWAuthenticate("bearer", {"realm": REALM})]
        if not request.path.startswith("/api/"):  # a script would make the browser ask its user
            challenges.insert(0, WWWAuthenticate("basic", {"realm": REALM, "charset": "UTF-8"}))
        raise Unauthorized("A valid token is needed: Authorization: Bearer TOKEN.", www_authenticate=challenges)

    def complete(self, response: Response) -> Response:
        """What is told to one client is kept from others by the caches on the way."""
        if self.closed and request.endpoint != "static":
            response.cache_control.private = True
            response.vary.add("Authorization")
        self.cors.complete(request, response)
        return response


def guard(app: Flask, settings: Settings, shared: Shared) -> Guard | None:
    """Puts a guard before the app if a setting asks for one. To be called before hooks are added that answer requests."""
    if not any((settings.tokens, settings.auth_header, settings.rate_limit, settings.cors_origins, settings.trusted_proxies)):
        return None
    made = Guard(settings, shared)
    app.before_request(made.check)
    app.after_request(made.complete)
    if made.tokens:
        app.wsgi_app = hide_feed_token(app.wsgi_app)  # type: ignore[method-assign]
    return made


def hide_feed_token(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Takes `token` out of the address of a feed, so that it gets into no link, log or cache."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == FEED_PATH:
            pairs = environ.get("QUERY_STRING", "").split("&")
            given = [pair for pair in pairs if pair.startswith("token=")]
            if given:
                environ[_FEED_TOKEN] = unquote_plus(given[-1].removeprefix("token="))
                environ["QUERY_STRING"] = "&".join(pair for pair in pairs if pair not in given)
                environ.pop("RAW_URI", None)
                environ.pop("REQUEST_URI", None)
        return app(environ, start_response)

    return answer
