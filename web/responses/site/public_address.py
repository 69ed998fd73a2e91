"""The address that readers use: requests that come through a proxy are answered as if they had been made there.

GET http://10.0.0.5:8000/archive/feed.atom ──▶ a feed with links to https://news.example/archive/…

A proxy may also take the folder out: GET http://10.0.0.5:8000/feed.atom.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wsgi import get_host

App = Callable[..., Iterable[bytes]]
_AS_IT_CAME = "broadsheet.as_it_came"


def public_address(app: App, base_url: str) -> App:
    """The app as it answers at that address."""
    parts = urlsplit(base_url)
    folder = parts.path.rstrip("/")

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if folder and f"{path}/".startswith(f"{folder}/"):
            path = path.removeprefix(folder) or "/"
        here = {"wsgi.url_scheme": parts.scheme, "HTTP_HOST": parts.netloc, "SCRIPT_NAME": folder, "PATH_INFO": path}
        return app(environ | here | {_AS_IT_CAME: environ}, start_response)

    return answer


def asked_host(environ: Mapping[str, Any]) -> str:
    """The host that the request itself names."""
    return get_host(environ.get(_AS_IT_CAME, environ))
