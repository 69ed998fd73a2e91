"""Runs of teasers: three or more siblings of one kind, each a linked title and an excerpt of another story.

    <ul><li class="c"><h3><a href="/bridge">Bridge shut</a></h3><p>Divers found cracks.</p></li>…</ul>

>>> find_teasers(ul)
[<Element li>, <Element li>, <Element li>]
"""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from indexer.extract.body.text_density import INLINE, UNREAD, group_name, text_of

MIN_TEASERS = 3
MIN_TITLE_LETTERS = 12
MAX_TITLE_LETTERS = 220
MAX_EXCERPT_LETTERS = 350
"""A longer text below a linked title is the article's own: a section, a review in a list of reviews."""
MAX_LABEL_LETTERS = 40
"""Of what stands above a title: a time, a section."""
_TAGS = frozenset(("li", "div", "article", "section"))
_NUMBERED = re.compile(r"(?:\w+\s)?\W*\d{1,3}\s?[.):–-]")  # "3. Ask them", "Chapter 3: Ask them"


def find_teasers(parent: HtmlElement) -> list[HtmlElement]:
    """The children that are such, if there are enough of one kind."""
    if len(parent) < MIN_TEASERS or len(list(islice(parent.iter("a"), MIN_TEASERS))) < MIN_TEASERS:
        return []
    kinds: dict[str, list[HtmlElement]] = {}
    for child in parent.iterchildren(*_TAGS):
        kinds.setdefault(f"{child.tag} {group_name(child)}", []).append(child)
    return [child for some in kinds.values() if len(some) >= MIN_TEASERS and all(map(is_teaser, some)) for child in some]


def is_teaser(element: HtmlElement) -> bool:
    title = _title_of(element)
    if title is None:
        return False
    words = text_of(title)
    if not MIN_TITLE_LETTERS <= len(words) <= MAX_TITLE_LETTERS or _NUMBERED.match(words):
        return False
    return 0 < len(text_of(element)) - len(words) <= MAX_EXCERPT_LETTERS + MAX_LABEL_LETTERS


def _title_of(element: HtmlElement) -> HtmlElement | None:
    """The first link, if it is a block of its own and hardly a word stands above it."""
    label = 0
    for text, parent in _texts(element):
        line = [parent, *parent.iterancestors()]
        inside = line[: line.index(element) + 1]
        link = next((outer for outer in inside if outer.tag == "a"), None)
        if link is not None and len(text_of(link)) >= MIN_TITLE_LETTERS:
            return link if _is_block(link, element) and not link.get("href", "#").startswith("#") else None
        label += len(text)
        if label > MAX_LABEL_LETTERS:
            return None
    return None


def _texts(element: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Each piece of text with the element that it stands in."""
    for inner in element.iter():
        if isinstance(inner.tag, str) and inner.tag not in UNREAD and inner.text and (text := inner.text.strip()):
            yield text, inner
        if inner is not element and inner.tail and (text := inner.tail.strip()):
            yield text, inner.getparent()


def _is_block(link: HtmlElement, within: HtmlElement) -> bool:
    block = link
    while block is not within and block.tag in INLINE:
        block = block.getparent()
    return block is not within and text_of(block) == text_of(link)
