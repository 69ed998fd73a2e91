"""Style, script and icon: files that are compressed once, when they are first asked for, and kept; and the site owner's own.

    GET /static/broadsheet.css?v=… ──▶ 200, Content-Encoding: br

A range is answered with the whole file: a part of a compressed file could not be joined to a part of the file.
"""

import hashlib
import os
from datetime import UTC, datetime
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from flask import Response, abort, current_app, request
from werkzeug.security import safe_join

from web.responses.compression import MIN_BYTES, THOROUGH, accepted_encoding, is_text
from web.responses.security_headers import OWN_FILE_HEADERS
from web.responses.site.identity import site

MAX_AGE_SECONDS = 7 * 24 * 3600


def static_file(filename: str) -> Response:
    """A view. 404 for what is no file in the app's static folder; 304 if the client has it."""
    if own := site().files.get(filename):
        return _cached(Response(own.data, mimetype=own.media_type, headers=OWN_FILE_HEADERS), own.data)
    path = safe_join(str(current_app.static_folder), filename)
    if path is None or filename.endswith("/") or not os.path.isfile(path):  # Path.is_file raises for a name that is too long
        abort(404)
    media_type = guess_type(filename)[0] or "application/octet-stream"
    encoding = accepted_encoding(request.headers.get("Accept-Encoding", "")) if is_text(media_type) else None
    changed = Path(path).stat().st_mtime_ns
    body = _content(path, changed)
    response = Response(body, mimetype=media_type)
    if encoding and len(body) >= MIN_BYTES:
        response.set_data(_compressed(path, changed, encoding))
        response.content_encoding = encoding
    response.last_modified = datetime.fromtimestamp(changed // 10**9, UTC)
    return _cached(response, body)


def _cached(response: Response, content: bytes) -> Response:
    """As it may be kept, or 304."""
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE_SECONDS
    response.set_etag(hashlib.sha256(content).hexdigest()[:20], weak=True)
    response.make_conditional(request)
    return response


@lru_cache(maxsize=32)
def _content(path: str, _changed: int) -> bytes:
    """There are a handful of files, of a few KB."""
    return Path(path).read_bytes()


@lru_cache(maxsize=32)
def _compressed(path: str, changed: int, encoding: str) -> bytes:
    return THOROUGH[encoding](_content(path, changed))
