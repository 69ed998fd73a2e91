"""Which elements within the article are something else: lists of other stories, boxes to share and subscribe, comments.

>>> SideMatter(weigh_prose(body), total=500.0).rule(related_box, "related-links", may_be_deck=False)
'is called so by its class or id'

What a name says is not believed of an element that holds much of the article: sites wrap whole articles in
"content-with-sidebar".
"""

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import HEADINGS, is_heading_slug, short_text
from indexer.extract.body.teasers import MIN_TEASERS, find_teasers
from indexer.extract.body.text_density import INLINE, UNREAD, Prose, group_name, text_of
from indexer.extract.lexicon.boilerplate_names import (
    is_comments,
    is_deck,
    is_side_even_with_prose,
    is_side_matter,
    is_side_role,
)

SIDE_MATTER_SHARE = 0.35
"""A block that holds more of the article's prose than this may be no side matter, whatever it is called. Swept 0.2-0.5 on 312
pages: worse at 0.2, the same from 0.35 on …"""
MAX_SIDE_MATTER_SHARE = 0.5
"""… and one that holds more than this is none; beside a short article a column of other things holds as much as it does.
Swept 0.4-0.7 on 312 pages: 0.5 is best."""
MIN_SECTION_LETTERS = 60
"""Of prose below a heading after which an element is named."""
MIN_LETTERS_BESIDE = 400
"""Of prose that must remain without the teasers, or they are the article; so too if they hold more than this part of it."""
MAX_TEASERS_SHARE = 0.5
"""Swept 0.4-1 on 940 pages: 0.4 and 0.5 are the same, above it a list of instructions is lost."""
RUNNING_LETTERS = 400
"""Of prose: so much makes running text of an element, if it stands in paragraphs with hardly a link. Swept 200-800 on 312 pages,
and 300-600 on 940: 400 is as good as less."""
MIN_RUNNING_PARAGRAPHS = 2
RUNNING_PARAGRAPH_LETTERS = 100
RUNNING_LINKED_SHARE = 0.1
"""Swept 0.05-0.25 on 312 pages: 0.1 is as good as less, 0.25 lets in boxes of links."""


class SideMatter:
    """Tells it in the part of a page that holds `total` of the prose. descriptions: the page's own, which are no side matter.

    left_much: whether something was left out that holds much of the prose; share: how much that may be."""

    def __init__(self, prose: Prose, total: float, descriptions: tuple[str, ...] = (), share: float = SIDE_MATTER_SHARE) -> None:
        self.left_much = False
        self._prose = prose
        self._total = total
        self._doubtful = SIDE_MATTER_SHARE * total
        self._limit = share * total
        self._descriptions = descriptions
        self._longest_description = max(map(len, descriptions), default=0)

    def rule(self, element: HtmlElement, names: str, may_be_deck: bool, among_others: bool = False) -> str | None:
        """Why the element is left out whole; None if it is read. may_be_deck: it stands above the text; among_others: within an
        element of the article."""
        if element.tag in UNREAD and element.tag != "form":
            return "is no text to read but a part of the site"
        rule = self._looks_like_side(element, names, may_be_deck, among_others)
        return rule if rule and not self._holds_much(element, names) else None

    def teasers(self, element: HtmlElement) -> frozenset[HtmlElement]:
        """The children that are teasers of other stories, if the article goes on without them."""
        found = find_teasers(element) if len(element) >= MIN_TEASERS and element.tag not in INLINE else None
        if not found:
            return frozenset()
        held = sum(self._prose.held.get(teaser, 0.0) for teaser in found)
        is_article = held > MAX_TEASERS_SHARE * self._total or self._total - held < MIN_LETTERS_BESIDE
        return frozenset() if is_article else frozenset(found)

    def _looks_like_side(self, element: HtmlElement, names: str, may_be_deck: bool, among_others: bool) -> str | None:
        tag = element.tag
        if (
            names
            and is_side_matter(names)
            and tag not in HEADINGS
            and not self._is_named_for_content(element, names, may_be_deck)
        ):
            return "is called so by its class or id"
        if tag in ("aside", "footer", "form"):
            return f"is marked up as {tag}"
        if tag == "article" and among_others and _has_like(element):
            return "is one of several articles within the article"
        said = element.keys()
        if "role" in said and is_side_role(element.get("role", "")):
            return "has the role of side matter"
        if "hidden" in said or ("style" in said and "display:none" in element.get("style", "").replace(" ", "")):
            return "is hidden"
        return None

    def _is_named_for_content(self, element: HtmlElement, names: str, may_be_deck: bool) -> bool:
        """Whether it is text of the article although its name has a word of side matter."""
        if may_be_deck and self._is_deck(element, names):
            return True
        if element.get("id") and not is_side_matter(element.get("class", "")) and is_heading_slug(element):
            return self._prose.held.get(element, 0.0) >= MIN_SECTION_LETTERS
        return not is_side_even_with_prose(names) and self._is_running_text(element)

    def _is_deck(self, element: HtmlElement, names: str) -> bool:
        """A "teaser" or "summary", or what repeats the page's description, that leads nowhere."""
        deck = is_deck(names) or short_text(element, self._longest_description) in self._descriptions
        return deck and next(element.iter("a"), None) is None

    def _is_running_text(self, element: HtmlElement) -> bool:
        """Paragraphs with hardly a link, or one of them."""
        alone = element.tag == "p"
        if self._prose.held.get(element, 0.0) < (RUNNING_PARAGRAPH_LETTERS if alone else RUNNING_LETTERS):
            return False
        linked = sum(len(text_of(link)) for link in element.iter("a"))
        paragraphs = sum(len(text_of(paragraph)) >= RUNNING_PARAGRAPH_LETTERS for paragraph in element.iter("p"))
        return (alone or paragraphs >= MIN_RUNNING_PARAGRAPHS) and linked < RUNNING_LINKED_SHARE * len(text_of(element))

    def _holds_much(self, element: HtmlElement, names: str) -> bool:
        """By itself, or together with those of the same name: a live report is a hundred posts of one class."""
        held = self._prose.held.get(element, 0.0)
        if held <= self._doubtful and not is_comments(names):
            held = self._prose.by_name.get(group_name(element), 0.0)
        if held > self._limit:
            return True
        self.left_much = self.left_much or held > self._doubtful
        return False


def _has_like(element: HtmlElement) -> bool:
    return any(next(element.itersiblings(element.tag, preceding=before), None) is not None for before in (False, True))
