"""The way to a page through its site, as the page prints it -> the section.

    printed_steps(PageElements(tree))   of <p>You are here: <a href=/>Home</a> › <a href=/world>World</a> › Truce holds</p>
    -> ("World",)

A menu is no breadcrumb: its first page stands beside the others, not before them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml.html import HtmlElement

from indexer.extract.body.page_elements import PageElements
from indexer.extract.body.text_density import text_of
from indexer.extract.lexicon.line_patterns import HOME_PAGES
from indexer.extract.lexicon.phrases import has_part
from search.lexicon.read import read_lexicon

_NAMES = read_lexicon("indexer.extract.lexicon", "breadcrumbs").of("name")
_SIGN = re.compile("[>›»→]")
_STEP = re.compile(r"(?:(?<!\s)\s+)?[>›»→⟩▸/]+\s*")
_HOME_PAGE = "|".join(map(re.escape, sorted(HOME_PAGES, key=len, reverse=True)))
_PLAIN = re.compile(rf"(?:[^:：]{{2,20}}[:：]\s*)?({_HOME_PAGE})\s*[>›»→]", re.IGNORECASE)
MAX_CHARACTERS = 250
"""Of a breadcrumb; it may end in a headline."""
MAX_PLAIN_CHARACTERS = 120
MAX_LINKS = 6
MAX_HOME_CHARACTERS = 40
"""Of the name of the home page, with the space around it."""


def printed_steps(page: PageElements) -> tuple[str, ...]:
    """The steps between the home page and the article, the widest first; () if the page prints none."""
    for trail in _trails(page):
        steps = _steps(trail)
        if steps:
            return steps
    return ()


def _trails(page: PageElements) -> Iterator[HtmlElement]:
    """Elements marked up or named as a breadcrumb, then those around a link to the home page that steps follow, then lines."""
    boxes = page.of("ul", "ol", "nav", "div", "p")
    yield from (box for box in boxes if _is_named(box.get("class"), box.get("id"), box.get("itemtype")))
    yield from (link.getparent() for link in page.of("a") if _leads_home(link))
    yield from (element for element in page.of("ul", "ol", "nav", "div", "p", "td", "span") if _is_line(element))


def _leads_home(link: HtmlElement) -> bool:
    text = link.text
    return bool(text and len(text) < MAX_HOME_CHARACTERS and text.strip().lower() in HOME_PAGES and _STEP.match(link.tail or " "))


def _is_line(element: HtmlElement) -> bool:
    text = element.text
    return bool(
        text and len(text) < MAX_PLAIN_CHARACTERS and _SIGN.search(text) and len(element) == 0 and _PLAIN.match(text.strip())
    )


@lru_cache(maxsize=20_000)
def _is_named(*names: str | None) -> bool:
    return has_part(" ".join(filter(None, names)), _NAMES)


def _steps(trail: HtmlElement) -> tuple[str, ...]:
    links = [text for link in trail.iter("a") if (text := text_of(link).strip(" >›»→/"))]
    text = text_of(trail).strip()
    if len(text) > MAX_CHARACTERS or len(links) > MAX_LINKS:
        return ()
    if not links:
        plain = _PLAIN.match(text)
        return tuple(_STEP.split(text[plain.start(1) :])[1:]) if plain else ()
    return tuple(links[1:]) if links[0].lower() in HOME_PAGES else ()
