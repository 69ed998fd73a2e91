"""A parsed page -> the part of it that is the article, as a stream of blocks of text and figures in reading order.

    >>> tree = document_fromstring("<h1>Truce</h1><div><p>It holds, so far.</p></div><div class=related><p>More</p></div>")
    >>> [item.text for item in isolate(PageElements(tree)).items]
    ['It holds, so far.']

The search for the article is done with lxml on the page's long pieces of text alone; only the part that was found is walked
element by element. What looks like side matter by its class or role is left out, but never when it holds much of the
prose: sites wrap whole articles in "content-with-sidebar".
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import HEADINGS, folded, printed_headline, short_text
from indexer.extract.body.dom_walk import Block, Figure, Walk, Zone
from indexer.extract.body.page_elements import PageElements
from indexer.extract.body.picture_boxes import is_credit_beside, leads_elsewhere
from indexer.extract.body.side_matter import MAX_SIDE_MATTER_SHARE, SIDE_MATTER_SHARE
from indexer.extract.body.text_density import INLINE, Prose, names_of, text_of, weigh_prose
from indexer.extract.body.trace import NULL_TRACE, NullTrace
from indexer.extract.lexicon.boilerplate_names import is_picture

_TEXT_BLOCKS = HEADINGS | {"p", "li", "blockquote"}
DESCEND_SHARE = 0.8
"""The share of the prose that a child must hold for the search to go on inside it. Swept 0.6-0.9 on 940 pages: 0.75-0.8 is best
for words and segments together; from 0.85 on what stands beside the text comes in."""
MAIN_SHARE = 0.4
"""Of the page's prose, in its <main>. Of pages where it holds less than 0.85, most hold 0.45 or more; where it holds 0.2, the
article goes on outside it."""
OPENING_SHARE = 0.05
"""An article's first paragraphs, in a container of their own, hold at least this part of the prose that follows."""

KEPT_SHARE = 0.5
"""The part of the container's prose that makes an article of what is left without side matter."""
LEVELS_AFTER = 2
MAX_CLOSING_LINE_CHARACTERS = 800
_MENU_TAGS = ("nav", "ul", "ol", "button", "noscript", "select")
_CLOSING_TAGS = frozenset(("p", "div", "section", "footer"))


@dataclass(frozen=True, slots=True)
class Isolated:
    """headline: the text of the h1 that belongs to the article, if there is one; printed: the same without its kicker.
    after: the short texts that follow the container in the same article, each with its element's names: contributor lines and
    corrections may be among them."""

    items: tuple[Block | Figure, ...]
    headline: str | None
    printed: str | None = None
    after: tuple[tuple[str, str], ...] = ()


def isolate(
    page: PageElements, headlines: tuple[str, ...] = (), descriptions: tuple[str, ...] = (), notes: NullTrace = NULL_TRACE
) -> Isolated:
    """headlines, descriptions: what the page's metadata gives, to know the same on the page.

    Raises PageError("too-complex") when the article's part is nested deeper than MAX_DEPTH."""
    body = page.tree.find("body")
    if body is None:
        return Isolated((), None)
    body = _out_of_menu(page, body)
    prose = weigh_prose(body)
    body = _main_part(page, body, prose)
    container = _find_container(body, prose)
    heading = _find_heading(page, body, container, headlines)
    parts = list(_parts(container, heading))
    walk = _walk(parts, lambda share: Walk(prose, prose.held.get(container, 0.0), heading, descriptions, share))
    others = list(_other_figures(container, heading, {part for part, _ in parts}))
    above = [figure for figure in others if figure.zone == "head"]
    below = [figure for figure in others if figure.zone == "tail"]
    for element, rule, number in walk.skipped:
        notes.skipped(element, rule, len(above) + number)
    after = tuple(_texts_after(container))
    items = (*above, *walk.items, *below)
    notes.selected([part for part, _ in parts], heading, items)
    headline, printed = (text_of(heading), printed_headline(heading, headlines)) if heading is not None else (None, None)
    return Isolated(items, headline, printed, after)


def _out_of_menu(page: PageElements, body: HtmlElement) -> HtmlElement:
    """The page's main part, where a tag that was left open has put it into a menu; else its body."""
    main = next(iter(page.of("main")), None)
    return main if main is not None and next(main.iterancestors(*_MENU_TAGS), None) is not None else body


def _main_part(page: PageElements, body: HtmlElement, prose: Prose) -> HtmlElement:
    """The main part that the page marks up, if it holds the heading and enough of the prose: not the promotion above it or the
    small print below it, however long they are."""
    main = next(iter(page.of("main")), None)
    if main is None or prose.likely.get(main, 0.0) < MAIN_SHARE * prose.likely.get(body, 0.0):
        return body
    return main if any(main in heading.iterancestors() for heading in page.of("h1")) else body


def _walk(parts: list[tuple[HtmlElement, Zone]], start: Callable[[float], Walk]) -> Walk:
    """Reads the parts; without the blocks that hold much and are called side matter, if the rest is an article."""
    for share in (MAX_SIDE_MATTER_SHARE, SIDE_MATTER_SHARE):
        walk = start(share)
        for part, zone in parts:
            walk.part(part, zone)
        if not walk.left_much or walk.letters() >= KEPT_SHARE * walk.total:
            break
    return walk


def _texts_after(container: HtmlElement) -> Iterator[tuple[str, str]]:
    """Paragraphs that stand alone or in a wrapper beside the container, up to the end of its article or main part."""
    for outer in (container, *islice(container.iterancestors(), LEVELS_AFTER)):
        if outer.tag in ("article", "main", "body"):
            return
        for sibling in outer.itersiblings():
            for element in (sibling, *sibling.iterchildren("p", "div")) if sibling.tag in _CLOSING_TAGS else ():
                if next(element.iterchildren("p", "div", "ul", "form"), None) is None:
                    text = text_of(element)
                    if 0 < len(text) < MAX_CLOSING_LINE_CHARACTERS:
                        yield text, names_of(element)


def _find_container(body: HtmlElement, prose: Prose) -> HtmlElement:
    """The smallest element that holds nearly all of the page's prose."""
    container = body
    while True:
        inner = [
            (prose.likely[child], child)
            for child in container
            if child in prose.likely and child.tag not in INLINE and child.tag not in _TEXT_BLOCKS
        ]
        weight, child = max(inner, key=lambda pair: pair[0], default=(0.0, None))
        if child is None or weight < DESCEND_SHARE * prose.likely.get(container, 0.0):
            return container
        if any(other > OPENING_SHARE * weight and prose.held[part] == other for other, part in _before(inner, child)):
            return container
        container = child


def _before(inner: list[tuple[float, HtmlElement]], child: HtmlElement) -> list[tuple[float, HtmlElement]]:
    return inner[: next(number for number, (_, part) in enumerate(inner) if part is child)]


def _find_heading(
    page: PageElements, body: HtmlElement, container: HtmlElement, headlines: tuple[str, ...]
) -> HtmlElement | None:
    """The h1 that says what the metadata says, or another heading if that is the only one to say it, as where the h1 is
    the site's name; else the first h1 in the container, else the last before it."""
    texts = {element: text for element in _within(body, page.of("h1")) if (text := text_of(element))}
    said = next((element for element, text in texts.items() if text in headlines), None)
    if said is not None or not texts:
        return said
    if len(texts) > 1:
        declared = set(map(folded, headlines))
        said = next((element for element, text in texts.items() if folded(text) in declared), None)
        if said is not None:
            return said
    lower = _lower_heading(_within(body, page.of("h2", "h3")), headlines, max(map(len, texts.values())))
    if lower is not None:
        return lower
    inside = next((element for element in container.iter("h1") if element in texts), None)
    if inside is not None:
        return inside
    before = takewhile(lambda element: element is not container, body.iter("h1", container.tag))
    return next((element for element in reversed(list(before)) if element in texts and not leads_elsewhere(element)), None)


def _within(outer: HtmlElement, elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    return (element for element in elements if outer in element.iterancestors())


def _lower_heading(headings: Iterable[HtmlElement], headlines: tuple[str, ...], longest_h1: int) -> HtmlElement | None:
    """The one h2 or h3 that says what the metadata says, where every h1 is shorter."""
    longest = max(map(len, headlines), default=0)
    if longest <= longest_h1:
        return None
    said = [element for element in headings if short_text(element, longest) in headlines]
    return said[0] if len(said) == 1 and len(text_of(said[0])) > longest_h1 else None


def _parts(container: HtmlElement, heading: HtmlElement | None) -> Iterator[tuple[HtmlElement, Zone]]:
    """The elements to walk: what follows the headline up to the container, then the container. Where no h1 is the headline,
    what stands beside the container, before it."""
    outer = container.getparent()
    if heading is not None and container not in heading.iterancestors():
        yield from ((element, "head") for element in _between(heading, container))
    elif heading is None and outer is not None and outer.tag not in ("body", "html"):
        yield from ((element, "head") for element in reversed(list(container.itersiblings(preceding=True))))
    yield container, "body"


def _other_figures(container: HtmlElement, heading: HtmlElement | None, walked: set[HtmlElement]) -> Iterator[Figure]:
    """The article's pictures outside the parts walked: those above its text, and a gallery below it."""
    scope = next(container.iterancestors("article", "main"), container)
    if heading is not None and scope not in heading.iterancestors():
        around_heading = set(heading.iterancestors())
        scope = next((element for element in container.iterancestors() if element in around_heading), scope)
    if scope.tag in ("body", "html"):
        return
    others = {element for element in scope.iter("figure", "figcaption") if walked.isdisjoint(element.iterancestors())}
    zone: Zone = "head"
    for element in scope.iter("figure", "figcaption", container.tag) if others else ():
        if element is container:
            zone = "tail"
        elif element in others and not leads_elsewhere(element):
            around = list(element.iterancestors())
            within = around[: around.index(scope)]
            if zone == "head" or any(is_picture(names_of(outer)) for outer in within):
                yield Figure(element, zone)
            following = element.getnext()
            if zone == "head" and following is not None and is_credit_beside(following, names_of(following)):
                yield Figure(following, zone, line=True)


def _between(heading: HtmlElement, container: HtmlElement) -> list[HtmlElement]:
    """The elements between the two in document order, outermost only; the container's own ancestors are opened."""
    container_line = [container, *container.iterancestors()]
    heading_line = {heading, *heading.iterancestors()}
    common = next((e for e in container_line if e in heading_line), None)
    if common is None:
        return []
    between: list[HtmlElement] = []
    element = heading
    while element is not None and element.getparent() is not common:
        between.extend(element.itersiblings())
        element = element.getparent()
    if element is None:
        return []
    container_ancestors = set(container_line)
    sibling = element.getnext()
    while sibling is not None:
        if sibling is container:
            return between
        if sibling in container_ancestors:
            sibling = sibling[0] if len(sibling) else None
            continue
        between.append(sibling)
        sibling = sibling.getnext()
    return between
