"""The way to a page through its site, as the page prints it -> the section.

    printed_steps(tree)   of <p>You are here: <a href=/>Home</a> › <a href=/world>World</a> › Truce holds</p>
    -> ("World",)

A menu is no breadcrumb: its first page stands beside the others, not before them.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import hints
from indexer.extract.body.text_density import text_of
from indexer.extract.lexicon.line_patterns import HOME_PAGES
from search.lexicon.read import read_lexicon

_LEXICON = read_lexicon("indexer.extract.lexicon", "breadcrumbs")
_NAMED = re.compile("|".join(map(re.escape, _LEXICON.of("name"))), re.IGNORECASE)
_STEP = re.compile(r"\s*[>›»→⟩▸/]+\s*")
_HOME_PAGE = "|".join(map(re.escape, sorted(HOME_PAGES, key=len, reverse=True)))
_PLAIN = re.compile(rf"(?:[^:：]{{2,20}}[:：]\s*)?({_HOME_PAGE})\s*[>›»→]", re.IGNORECASE)
MAX_CHARACTERS = 250
"""Of a breadcrumb; it may end in a headline."""
MAX_PLAIN_CHARACTERS = 120
MAX_LINKS = 6


def printed_steps(tree: HtmlElement) -> tuple[str, ...]:
    """The steps between the home page and the article, the widest first; () if the page prints none."""
    for trail in _trails(tree):
        steps = _steps(trail)
        if steps:
            return steps
    return ()


def _trails(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Elements that are marked up or named as a breadcrumb, then those around a link to the home page that steps follow."""
    yield from tree.xpath(".//*[contains(@itemtype, 'BreadcrumbList')]")
    for element in tree.iter("ul", "ol", "nav", "div", "p"):
        if (named := hints(element)) and _NAMED.search(named):
            yield element
    for link in tree.iter("a"):
        if (link.text or "").strip().lower() in HOME_PAGES and link.getparent() is not None and _STEP.match(link.tail or " "):
            yield link.getparent()
    for element in tree.iter("p", "div", "td", "span"):
        if len(element) == 0 and element.text and len(element.text) < MAX_PLAIN_CHARACTERS and _PLAIN.match(element.text.strip()):
            yield element


def _steps(trail: HtmlElement) -> tuple[str, ...]:
    links = [text for link in trail.iter("a") if (text := text_of(link).strip(" >›»→/"))]
    text = text_of(trail).strip()
    if len(text) > MAX_CHARACTERS or len(links) > MAX_LINKS:
        return ()
    if not links:
        plain = _PLAIN.match(text)
        return tuple(_STEP.split(text[plain.start(1) :])[1:]) if plain else ()
    return tuple(links[1:]) if links[0].lower() in HOME_PAGES else ()
