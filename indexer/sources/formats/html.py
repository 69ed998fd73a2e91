"""Pages as HTML, the commonest kind: also told by its first bytes, since the files of a mirror are called anything.

b"<!doctype html><title>Truce…" -> RawPage(…, kind="html")
"""

from indexer.sources.first_bytes import begins_as_html
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, SourceFile
from search.settings import Settings


def _page(file: SourceFile, data: bytes, _: Settings) -> RawPage:
    return RawPage(file.source, file.stamp, data, "html", file.captured or None)


FORMAT = Format("html", "pages", (".html", ".htm", ".xhtml"), begins_as_html, _page)
