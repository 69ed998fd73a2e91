"""Words out of mark-up: a headline, an excerpt, a name.

>>> inline_text("Talks &amp; <em>truce</em>")
'Talks & truce'
"""

import re
from html import unescape

from lxml import etree

_UNREAD = ("script", "style", "template", "noscript", "iframe")
_TAG = re.compile(r"<[a-zA-Z/!]")


def inline_text(html: str | None) -> str | None:
    """The text on one line; None if there is none. A < before anything but a letter is a sign, as in "3 < 4"."""
    if not html:
        return None
    text = html
    if _TAG.search(html):
        tree = etree.fromstring(
            b"<body>" + html.replace("\0", "").encode("utf-8", "replace"),
            etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True),
        )
        etree.strip_elements(tree, *_UNREAD, with_tail=False)
        for element in tree.iter("br", "p", "div", "li"):
            element.text, element.tail = f" {element.text or ''}", f" {element.tail or ''}"
        text = "".join(map(str, tree.itertext()))
    elif "&" in html:
        text = unescape(html)
    return " ".join(text.split()) or None


def element_text(element: etree._Element | None) -> str | None:
    """The words of an XML element and of those in it, on one line; None if it has none or is not there."""
    return None if element is None else " ".join("".join(map(str, element.itertext())).split()) or None


def summary_beside(summary: str | None, text: str | None) -> str | None:
    """The words of a summary that stands beside a text, both HTML, unless it is only the beginning of the text."""
    if not summary or not text:
        return None
    words, whole = inline_text(summary) or "", inline_text(text) or ""
    return None if whole.startswith(words.rstrip(" .…[]")) else words
