"""The first bytes of some content -> whether it is HTML, where no name and no header tells.

>>> begins_as_html(b"\\r\\n<!-- made by hand -->\\n<HTML>")
True
"""

import codecs
import re

# What browsers take for the beginning of HTML: https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
# Without backtracking: a file that is nothing but comments could be taken apart in countless ways.
_BEGINNING = re.compile(
    rb"(?>\s|<!--.*?-->|<\?xml\b[^>]*>)*+<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|style|base|h1|div|font|table|a|b|br|p"
    rb"|article|main|header|section|frameset|iframe|center)[\s>/])",
    re.IGNORECASE | re.DOTALL,
)


def begins_as_html(head: bytes) -> bool:
    """Whether a browser would take for HTML what begins so, in any encoding."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in head[:64]:
        head = head.replace(b"\0", b"")
    head = head.removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE)
    return bool(_BEGINNING.match(head))
