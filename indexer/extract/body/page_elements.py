"""A parsed page -> its elements by tag, and its heading, found once for all who look for something on it.

    >>> page = PageElements(document_fromstring("<h1>Truce</h1><p>It holds.</p><h1>More</h1>"))
    >>> [element.text for element in page.of("p", "h1")]
    ['Truce', 'It holds.', 'More']

Going through a page takes a hundredth of the time that its extraction takes: done by each, for each kind of element, it adds up.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import MAX_TITLE_CHARACTERS, short_text

SITE_NAME_LETTERS = 20
"""A heading of no more may well be a site's name."""


class PageElements:
    """tree: the page's root."""

    def __init__(self, tree: HtmlElement) -> None:
        self.tree = tree
        self._list()

    def of(self, *tags: str) -> Sequence[HtmlElement]:
        """The elements of these tags, in reading order; "*" stands for any."""
        if len(tags) == 1:
            return self._by_tag.get(tags[0], [])
        wanted = frozenset(tags)
        return [element for element in self._by_tag["*"] if element.tag in wanted]

    def beside_heading(self, *tags: str, before: int, after: int) -> tuple[Sequence[HtmlElement], Sequence[HtmlElement]]:
        """Of h1 and these tags, the last so many before the heading and the first so many from it on; without one, the first."""
        elements = self.of("h1", *tags)
        if self.heading is None:
            return [], elements[:after]
        at = next(number for number, element in enumerate(elements) if element is self.heading)
        return elements[max(0, at - before) : at], elements[at : at + after]

    @cached_property
    def heading(self) -> HtmlElement | None:
        """The first h1 that the title holds, else the first: before it there may be one of the site's name or its menu."""
        headings = self.of("h1")
        title = short_text(next(iter(self.of("title")), None), MAX_TITLE_CHARACTERS) if len(headings) > 1 else ""
        for heading in headings if title else ():
            text = short_text(heading, MAX_TITLE_CHARACTERS)
            if len(text) > SITE_NAME_LETTERS and text in title:
                return heading
        return headings[0] if headings else None

    def take_off(self, elements: Iterable[HtmlElement]) -> None:
        """Takes the elements off the page, with all that is in them."""
        for element in elements:
            if element.getparent() is not None:
                element.drop_tree()
        self._list()

    def _list(self) -> None:
        elements = list(self.tree.iter("*"))  # lxml makes an object of an element anew each time it is met, unless there is one
        self._by_tag = defaultdict(list, {"*": elements})
        for element in elements:
            self._by_tag[element.tag].append(element)
