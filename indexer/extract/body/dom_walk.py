"""Reads the isolated part of a page, element by element: blocks of text and figures, in reading order.

>>> walk = Walk(weigh_prose(body), total=500.0, heading=None, side_matter_share=SIDE_MATTER_SHARE)
>>> walk.part(container, "body")
>>> [block.text for block in walk.items]
['It holds, so far.', 'The talks go on.']
"""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import HEADINGS
from indexer.extract.body.picture_boxes import (
    CAPTION_LETTERS,
    UNNAMED_CAPTION_LETTERS,
    count_pictures,
    has_image,
    is_credit_beside,
    is_mostly_figures,
    is_near_picture,
    is_picture_box,
    leads_elsewhere,
    names_speaker,
)
from indexer.extract.body.side_matter import SIDE_MATTER_SHARE, SideMatter
from indexer.extract.body.text_density import INLINE, UNREAD, Prose, group_name, names_of, on_one_line
from indexer.extract.lexicon.boilerplate_names import is_caption, is_picture, is_place
from indexer.extract.lexicon.credits import is_credit_line, labelled
from search.errors import PageError
from search.model.article import ParagraphKind

Zone = Literal["head", "body", "tail"]

MAX_DEPTH = 180
"""Elements within elements of the article; a real page has fewer than 100, and Python's stack ends at some 240."""
GALLERY_SHARE = 0.8
OPENING_LETTERS = 100
"""A block of so many letters is the article's text, no longer what stands above it."""

FIGURES = frozenset(("figure", "figcaption", "amp-img", "picture", "img"))
_KINDS: dict[str, ParagraphKind] = {
    **dict.fromkeys(HEADINGS, "subhead"),
    **dict.fromkeys(("ul", "ol", "dl"), "list"),
    "blockquote": "quote",
    "table": "table",
}
_AMONG_WORDS = UNREAD - {"form", "nav"}
"""A script or an icon may stand within a line, before its full stop; what else is left out has words apart on its two sides."""
_GROUPED = frozenset(("list", "table", "quote"))
_CELL = "\x1f"
_BREAK = "\u2028"  # what <br> leaves in the text until its block ends
_BLANK_LINE = re.compile(r"\u2028[^\S\u2028]*\u2028\s*")


class Block(NamedTuple):  # quicker made than a dataclass, and there are many
    """A piece of running text. zone: "head" between the headline and the article's text, "body" in it, "tail" below.

    link_share: the part of its letters that are link text. names: class and id of the two elements around it and its own.
    group: the number of the list, table or quotation that it belongs to, 0 if none. place: its first words, if they are
    marked up as the place that it is filed from. number: its place among the blocks of the page, which tells it from one of the
    same words. address: where its last link leads."""

    text: str
    kind: ParagraphKind
    zone: Zone
    link_share: float
    names: tuple[str, ...]
    group: int = 0
    place: str | None = None
    number: int = 0
    address: str | None = None

    def __hash__(self) -> int:
        return hash((self.number, self.text))  # quicker than that of all fields


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with whatever stands around it. line: whether it is a line of text that belongs to a picture."""

    element: HtmlElement
    zone: Zone
    line: bool = False


class Walk:
    """Collects blocks and figures from elements in reading order: `items`.

    total: the prose that the article holds. skipped: the elements left out, each with the rule and the number of items before it.
    left_much: whether one of them holds much of the prose; side_matter_share: how much one may hold."""

    def __init__(
        self,
        prose: Prose,
        total: float,
        heading: HtmlElement | None,
        descriptions: tuple[str, ...] = (),
        side_matter_share: float = SIDE_MATTER_SHARE,
    ) -> None:
        self.items: list[Block | Figure] = []
        self.skipped: list[tuple[HtmlElement, str, int]] = []
        self.total = total
        self._prose = prose
        self._side_matter = SideMatter(prose, total, descriptions, side_matter_share)
        self._around_heading = set(heading.iterancestors()) if heading is not None else set()
        self._zone: Zone = "body"
        self._opened = False  # whether there has been text, not labels alone
        self._texts: list[str] = []
        self._linked = 0
        self._address: str | None = None
        self._place: str | None = None
        self._kind: ParagraphKind = "text"
        self._group = 0
        self._groups = 0
        self._names: list[str] = []

    def part(self, element: HtmlElement, zone: Zone) -> None:
        self._zone = zone
        self._pictures = count_pictures(element)
        if zone == "head":
            self._child(element, 0)
        else:
            self._open(element, names_of(element), 0)
        self._end_block()

    def _content(self, element: HtmlElement, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise PageError("too-complex", f"the mark-up is nested more than {MAX_DEPTH} deep; nothing of the page was taken")
        self._text(element.text)
        teasers = self._side_matter.teasers(element)
        for child in element:
            tag = child.tag
            if child in teasers:
                self._leave_out(child, "is one of several teasers of other stories")
            elif tag == "label" and next(child.iter("select", "textarea"), None) is not None:
                self._leave_out(child, "is the label of a control")
            elif tag in INLINE:
                self._inline(child, depth + 1)
            elif tag == "br":
                self._text(_BREAK)
            else:
                self._child(child, depth + 1)
            self._text(child.tail)

    def _text(self, text: str | None) -> None:
        if text and (self._texts or not text.isspace()):
            self._texts.append(text)

    def _child(self, child: HtmlElement, depth: int) -> None:
        """An element that is not inline."""
        names = names_of(child)
        wordy = self._prose.held.get(child, 0.0) > 2 * CAPTION_LETTERS  # a letter may count twice
        box = not wordy and child.tag not in FIGURES and is_picture_box(child, names, self._pictures)
        if box and not self._is_one_of_many(child):
            self._end_block()
            self.items.append(Figure(child, self._zone))
        elif names and is_credit_beside(child, names) and is_near_picture(child, self._pictures):
            self._end_block()
            self.items.append(Figure(child, self._zone, line=True))
        elif side := self._side_rule(child, names):
            self._leave_out(child, side)
        else:
            self._open(child, names, depth)

    def _open(self, element: HtmlElement, names: str, depth: int) -> None:
        """Reads an element that is neither inline nor side matter."""
        tag = element.tag
        if tag in FIGURES:
            self._figure(element, names, depth)
        elif self._kind == "table" and tag not in ("tr", "table"):  # a paragraph in a cell of a table is part of the row
            self._texts.append(_CELL if tag in ("td", "th") else " ")
            self._content(element, depth)
            self._text(" ")
        else:
            self._block(element, names, depth)

    @property
    def left_much(self) -> bool:
        return self._side_matter.left_much

    def letters(self) -> int:
        """Of the text found so far."""
        return sum(len(item.text) for item in self.items if isinstance(item, Block))

    def _skip(self, element: HtmlElement, rule: str) -> None:
        self.skipped.append((element, rule, len(self.items)))

    def _leave_out(self, element: HtmlElement, rule: str) -> None:
        self._skip(element, rule)
        if element.tag not in _AMONG_WORDS:
            self._text(" ")
        below_picture = is_picture(names_of(element)) and next(element.iter("a"), None) is None  # "image__metadata"
        if (self._zone == "head" or below_picture) and element.tag not in UNREAD:
            self._captions_of(element)
        # a button may enlarge its picture
        if self._zone == "head" or below_picture or element.tag == "button" or is_mostly_figures(element):
            self._figures_of(element)

    def _captions_of(self, element: HtmlElement) -> None:
        """Captions without a figure, as in a block of picture and buttons to share."""
        for inner in element.iter("div", "p"):
            names = names_of(inner)
            if (
                names
                and is_caption(names)
                and is_picture(f"{names} {names_of(inner.getparent())}")
                and is_picture_box(inner, names, self._pictures)
            ):
                self._take_figure(inner)

    def _figure(self, element: HtmlElement, names: str, depth: int) -> None:
        quote = next(element.iter("blockquote", "table"), None) is not None and not has_image(element)
        if quote or self._prose.held.get(element, 0.0) > SIDE_MATTER_SHARE * self.total or self._is_one_of_many(element):
            self._block(element, names, depth)
        elif element.tag == "figcaption" and names_speaker(element):
            self._skip(element, "names who is quoted")
        elif element.tag == "figure":
            self._text(" ")
            self._figures_of(element)
        else:
            self._take_figure(element)

    def _figures_of(self, element: HtmlElement) -> None:
        """The innermost figures, and captions without one."""
        for figure in element.iter("figure", "figcaption"):
            around = figure if figure.tag == "figure" else next(figure.iterancestors("figure"), None)
            outer = around is not None and next(around.iterdescendants("figure"), None) is not None
            if figure is around and outer:
                self._skip(figure, "stands around other pictures")
            elif figure is around or outer or around is None:
                self._take_figure(figure)

    def _take_figure(self, element: HtmlElement) -> None:
        if leads_elsewhere(element):
            self._skip(element, "is a picture that leads to another story")
        else:
            self.items.append(Figure(element, self._zone))

    def _inline(self, element: HtmlElement, depth: int) -> None:
        start = len(self._texts)
        self._content(element, depth)
        if start == 0 and is_place(names_of(element)):
            self._place = on_one_line("".join(self._texts)).strip(" .,:|—–-") or None
        if element.tag == "a" and len(self._texts) > start:
            self._linked += sum(len(text.strip()) for text in self._texts[start:])
            self._address = element.get("href")

    def _block(self, element: HtmlElement, names: str, depth: int) -> None:
        self._end_block()
        kind, group = self._kind, self._group
        if element.tag in _KINDS and not self._is_layout(element):
            self._kind = _KINDS[element.tag]
            if self._kind in _GROUPED:
                self._groups += 1
                self._group = self._groups
        self._names.append(names)
        before = len(self.items)
        self._content(element, depth)
        self._end_block()
        if self._kind == "text" and len(self.items) == before + 1 and self._is_picture_line(before):
            self.items[before] = Figure(element, self._zone, line=True)
        self._names.pop()
        self._kind, self._group = kind, group

    def _is_picture_line(self, number: int) -> bool:
        """Whether the block says nothing but who made a picture, or says so at its end and stands below one."""
        block, above = self.items[number], self.items[number - 1] if number else None
        if not isinstance(block, Block) or len(block.text) > UNNAMED_CAPTION_LETTERS or block.kind != "text":
            return False
        if isinstance(above, Figure) and not above.line and labelled(block.text):
            return True
        return is_credit_line(block.text)

    def _is_layout(self, element: HtmlElement) -> bool:
        """Whether it is a table that holds much of the article."""
        return element.tag == "table" and self._prose.held.get(element, 0.0) > SIDE_MATTER_SHARE * self.total

    def _side_rule(self, element: HtmlElement, names: str) -> str | None:
        """Why the element is left out whole; None if it is read."""
        if element in self._around_heading:
            return None
        return self._side_matter.rule(element, names, self._zone == "head" or not self._opened, bool(self._names))

    def _is_one_of_many(self, element: HtmlElement) -> bool:
        """Pictures whose words are the article: a paragraph below each, and hardly a text elsewhere."""
        group = group_name(next(element.iterancestors("figure"), element) if element.tag == "figcaption" else element)
        if group == element.tag or next(element.iter("p"), None) is None:
            return False
        return self._prose.by_name.get(group, 0.0) > GALLERY_SHARE * self.total

    def _end_block(self) -> None:
        if not self._texts:
            return
        whole, linked, place, address = "".join(self._texts).strip(), self._linked, self._place, self._address
        self._texts, self._linked, self._place, self._address = [], 0, None, None
        share = min(1.0, linked / max(1, len(whole)))
        for piece in _BLANK_LINE.split(whole) if self._kind == "text" and _BREAK in whole else (whole,):
            text = " | ".join(filter(None, map(on_one_line, piece.split(_CELL)))) if _CELL in piece else on_one_line(piece)
            if text:
                self._opened = self._opened or len(text) > OPENING_LETTERS
                self.items.append(
                    Block(
                        text, self._kind, self._zone, share, tuple(self._names[-3:]), self._group, place, len(self.items), address
                    )
                )
