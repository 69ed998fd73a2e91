"""What the steps from a page to its article decide, noted for a person who asks why the article is as it is.

    trace = Trace()
    extract(page, settings, trace)
    trace.readings[0].rule_of(block)  # "points to another story"

The steps are given a NullTrace unless somebody asks: it keeps nothing, and a note costs a call.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from lxml.html import HtmlElement

if TYPE_CHECKING:
    from indexer.extract.body.dom_walk import Block, Figure

Item: TypeAlias = "Block | Figure"


class NullTrace:
    """Takes every note and keeps none."""

    def reading(self, source: str, tree: HtmlElement | None) -> None:
        """The text is read from this now: the page as it is shown, what its scripts draw it from, or plain text (no tree)."""

    def selected(self, parts: list[HtmlElement], heading: HtmlElement | None, items: "tuple[Item | str, ...]") -> None:
        """These parts of the page are the article's, beside the headline, and hold these blocks and figures."""

    def skipped(self, element: HtmlElement, rule: str, after: int) -> None:
        """The element was left out whole; so many items stand before it. rule: why, in words that go on "… because it "."""

    def dropped(self, item: Hashable, rule: str) -> None:
        """The block or line was left out by the rule."""

    def rule(self, name: str, rule: str) -> None:
        """The article's field of this name was found by the rule."""


@dataclass
class Reading:
    """skipped: elements left out whole, each with its rule and the number of items before it. left: blocks or lines and the
    rule against each; of plain text, lines of the same words share one."""

    source: str
    tree: HtmlElement | None
    parts: list[HtmlElement] = field(default_factory=list)
    heading: HtmlElement | None = None
    items: "tuple[Item | str, ...]" = ()
    skipped: list[tuple[HtmlElement, str, int]] = field(default_factory=list)
    left: dict[Hashable, str] = field(default_factory=dict)

    def rule_of(self, item: Hashable) -> str | None:
        """Why the block or line was left out; None if it was kept."""
        return self.left.get(item)


class Trace(NullTrace):
    """Keeps the notes of one page. rules: by field."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []
        self.rules: dict[str, str] = {}

    def reading(self, source: str, tree: HtmlElement | None) -> None:
        self.readings.append(Reading(source, tree))

    def selected(self, parts: list[HtmlElement], heading: HtmlElement | None, items: "tuple[Item | str, ...]") -> None:
        now = self.readings[-1]
        now.parts, now.heading, now.items = parts, heading, items

    def skipped(self, element: HtmlElement, rule: str, after: int) -> None:
        self.readings[-1].skipped.append((element, rule, after))

    def dropped(self, item: Hashable, rule: str) -> None:
        self.readings[-1].left[item] = rule

    def rule(self, name: str, rule: str) -> None:
        self.rules[name] = rule


NULL_TRACE = NullTrace()
