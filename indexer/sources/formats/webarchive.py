"""A page that Safari saved, as a property list with its pictures.

b"bplist00…" -> RawPage(…, url="https://…", content_type="text/html; charset=UTF-8")
"""

import plistlib
from typing import Any

from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, SourceFile
from search.errors import PAGE_ERRORS, PageError
from search.settings import Settings


def _page(file: SourceFile, data: bytes, _: Settings) -> RawPage:
    try:
        saved: Any = plistlib.loads(data)
        main = saved["WebMainResource"]
        content = main["WebResourceData"]
        told = {name: str(main.get(f"WebResource{name}") or "") for name in ("MIMEType", "TextEncodingName", "URL")}
    except Exception as error:  # plistlib raises many kinds at damaged content, of which the package names but one
        raise PageError("undecodable", f"{PAGE_ERRORS['undecodable']}: {type(error).__name__}: {error}"[:300]) from error
    if not isinstance(content, bytes):
        raise PageError("not-a-page", PAGE_ERRORS["not-a-page"])
    charset = f"; charset={told['TextEncodingName']}" if told["TextEncodingName"] else ""
    content_type = (told["MIMEType"] or "text/html") + charset
    return RawPage(file.source, file.stamp, content, "html", file.captured or None, content_type, told["URL"] or None)


FORMAT = Format(
    "webarchive",
    "pages saved by Safari",
    (".webarchive",),
    lambda head: head.startswith(b"bplist00") and b"WebMainResource" in head,
    _page,
)
