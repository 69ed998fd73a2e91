"""Pages as HTML, the commonest kind: also told by its first bytes, since the files of a mirror are called anything.

b"<!doctype html><title>Truce…" -> RawPage(…, kind="html")
"""

import codecs
import re

from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, SourceFile
from search.settings import Settings

# What browsers take for the beginning of HTML: https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
_BEGINNING = re.compile(
    rb"(?:\s|<!--.*?-->|<\?xml\b[^>]*>)*<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|style|base|h1|div|font|table|a|b|br|p"
    rb"|article|main|header|section|frameset|iframe|center)[\s>/])",
    re.IGNORECASE | re.DOTALL,
)


def begins_as_html(head: bytes) -> bool:
    """Whether a browser would take for HTML what begins so, in any encoding."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head[:64]:
        head = head.replace(b"\0", b"")
    head = head.removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE)
    return bool(_BEGINNING.match(head))


def _page(file: SourceFile, data: bytes, _: Settings) -> RawPage:
    return RawPage(file.source, file.stamp, data, "html", file.captured or None)


FORMAT = Format("html", "pages", (".html", ".htm", ".xhtml"), begins_as_html, _page)
