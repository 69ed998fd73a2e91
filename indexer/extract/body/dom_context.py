"""Where an element stands on the page, for those who look for visible bylines and dates."""

import re

from lxml.html import HtmlElement

_OTHER_PARTS = frozenset({"nav", "aside", "footer", "form", "noscript", "script", "style", "iframe"})
_OTHER_STORIES = re.compile(
    r"(?i)comment|related|recommend|teaser|sidebar|footer|most-?read|popular|trending|more-?news|latest|caption|-bio|bio-|"
    r"instagram-media|twitter-tweet|tiktok-embed"
)
_TOPICS = re.compile(r"\b(?:category|tag|hasnt|without)-\S+")  # what an article is about, and what an element has not
WRAPPERS_LOOKED_AT = 4
"""Wrappers further out are named for too much: an article may stand inside "content-with-sidebar"."""

MAX_TITLE_CHARACTERS = 500
"""Characters; a longer title is left as it is."""
SITE_NAME_LETTERS = 20
"""A heading of no more may well be a site's name."""


def is_elsewhere(element: HtmlElement) -> bool:
    """Whether the element belongs to something else than the article's head: footer, comments, other stories."""
    above = [element, *element.iterancestors()]
    nearest = above[: WRAPPERS_LOOKED_AT + 1]
    return any(parent.tag in _OTHER_PARTS for parent in above) or any(
        parent.tag not in ("html", "body") and _is_of_others(hints(parent)) for parent in nearest
    )


def _is_of_others(named: str) -> bool:
    return bool(_OTHER_STORIES.search(named) and _OTHER_STORIES.search(_TOPICS.sub("", named)))


def heading_of(tree: HtmlElement) -> HtmlElement | None:
    """The first h1 that the title holds, else the first: before it there may be one of the site's name or its menu."""
    headings = list(tree.iter("h1"))
    title = short_text(next(tree.iter("title"), None), MAX_TITLE_CHARACTERS) if len(headings) > 1 else ""
    for heading in headings if title else ():
        text = short_text(heading, MAX_TITLE_CHARACTERS)
        if len(text) > SITE_NAME_LETTERS and text in title:
            return heading
    return headings[0] if headings else None


def hints(element: HtmlElement) -> str:
    """What the element is named for: its class, id and test id."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-testid') or ''}".strip()


def short_text(element: HtmlElement | None, most: int) -> str:
    """The element's text on one line; "" if it has more than `most` characters."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext() if element is not None else ():
        length += len(piece.strip())
        if length > most:
            return ""
        pieces.append(piece)
    return " ".join(" ".join(pieces).split())
