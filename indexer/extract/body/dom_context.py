"""Where an element stands on the page, for those who look for visible bylines and dates."""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from indexer.extract.lexicon.boilerplate_names import is_closing_heading, is_of_others, is_side_matter

_OTHER_PARTS = frozenset({"nav", "aside", "footer", "form", "noscript", "script", "style", "iframe"})
_TOPICS = re.compile(r"\b(?:category|tag|hasnt|without)-\S+")  # what an article is about, and what an element has not
WRAPPERS_LOOKED_AT = 4
"""Wrappers further out are named for too much: an article may stand inside "content-with-sidebar"."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
SLUG_WORDS = 4
"""From so many words on an id may be made of a heading, even if the heading is not there."""
MAX_HEADING_CHARACTERS = 200
_WORD = re.compile(r"[^\W_]+")
MAX_TITLE_CHARACTERS = 500
"""Characters; a longer title is left as it is."""


def is_elsewhere(element: HtmlElement) -> bool:
    """Whether the element belongs to something else than the article's head: footer, comments, other stories."""
    above = [element, *element.iterancestors()]
    nearest = above[: WRAPPERS_LOOKED_AT + 1]
    return any(parent.tag in _OTHER_PARTS and not _is_aside_of_head(parent) for parent in above) or any(
        parent.tag not in ("html", "body") and _is_of_others(hints(parent)) for parent in nearest
    )


_OF_HEAD = re.compile(r"(?i)author|byline|date|\bmeta|post-?meta")


def _is_aside_of_head(element: HtmlElement) -> bool:
    """Whether it is named for a byline or a date: <aside class="post-author">."""
    return element.tag == "aside" and bool(_OF_HEAD.search(hints(element)))


def _is_of_others(named: str) -> bool:
    return bool(named) and is_of_others(_TOPICS.sub("", named) if "-" in named else named)


_NO_HEADLINE = frozenset(("time", "button", "script", "style"))
_APART = frozenset(("br", "div", "p", "section", "ul", "li", "h2", "h3", "small"))
"""Elements whose words do not run on into the others."""


def printed_headline(heading: HtmlElement, declared: Iterable[str] = ()) -> str:
    """The text of a heading without what is named apart in it: a kicker, a date, a button. Whole, if that is the most of it or
    one of the headlines that the page declares."""
    whole, own = _joined(heading, every=True), _joined(heading, every=False)
    is_declared = own != whole and folded(whole) in map(folded, declared)
    return whole if is_declared or 2 * len(own) < len(whole) else own


def folded(text: str) -> str:
    """Letters and digits alone, in lower case: the same for straight and for typographic quotation marks, and for capitals."""
    return "".join(_WORD.findall(text.translate(_UNSEEN).casefold()))


_WORD = re.compile(r"[^\W_]+")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # soft hyphens and blanks of no width


def _joined(heading: HtmlElement, *, every: bool) -> str:
    return " ".join("".join(_pieces(heading, every=every)).translate(_UNSEEN).split())


def _pieces(element: HtmlElement, *, every: bool) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        named = not every and isinstance(child.tag, str) and (child.tag in _NO_HEADLINE or _is_label(child))
        blank = " " if named or child.tag in _APART else ""
        yield blank
        if isinstance(child.tag, str) and not named:
            yield from _pieces(child, every=every)
        yield blank
        yield child.tail or ""


def _is_label(element: HtmlElement) -> bool:
    """By its name; not a colon that only those hear to whom the page is read out."""
    return is_side_matter(hints(element)) and _WORD.search("".join(element.itertext())) is not None


def hints(element: HtmlElement) -> str:
    """What the element is named for: its class, id and test id."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-testid') or ''}".strip()


def short_text(element: HtmlElement | None, most: int) -> str:
    """The element's text on one line; "" if it has more than `most` characters."""
    if element is None or len(element) == 0:  # most have none within them
        text = (element.text if element is not None else None) or ""
        return " ".join(text.split()) if len(text.strip()) <= most else ""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        length += len(piece.strip())
        if length > most:
            return ""
        pieces.append(piece)
    return " ".join(" ".join(pieces).split())


def printed_lines(element: HtmlElement) -> list[str]:
    """The element's text, a line for each that a reader sees: <b>By Ann Poe</b><br>Staff Writer is two."""
    return [line for piece in "".join(_broken(element)).split("\n") if (line := " ".join(piece.split()))]


_LINES = _APART - {"small"} | HEADINGS | {"ol", "dd", "dt", "tr", "td"}


def _broken(element: HtmlElement) -> Iterator[str]:
    ends = "\n" if element.tag in _LINES else " "
    yield ends + " ".join((element.text or "").split())
    for child in element:
        yield from _broken(child) if isinstance(child.tag, str) else ()
        yield " " + " ".join((child.tail or "").split())
    yield ends


def is_heading_slug(element: HtmlElement) -> bool:
    """Whether its id is made of its heading: <section id="share-prices-fall"><h2>Share prices fall</h2>."""
    words = _WORD.findall((element.get("id") or "").lower())
    heading = short_text(next(element.iter(*HEADINGS), None), MAX_HEADING_CHARACTERS).lower()
    if len(words) > 1 and set(words) <= set(_WORD.findall(heading)):
        return not is_closing_heading(heading)
    return len(words) >= SLUG_WORDS
