"""A saved page -> the same with the words of a search marked, with a place to open it at, the headline, and with the navigation
above it folded.

    mark_page("<h1>Truce <i>near</i></h1>…", article, query) -> '<a id="…"></a><h1><mark>Truce</mark> <i>near</i></h1>…'

The page is not parsed, only cut into tags and text: whatever a browser makes of it, all that is added are marks, an empty anchor,
and elements that the reader can unfold. So it is done after the page was made harmless.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from operator import itemgetter

import msgspec

from search.highlight.highlighter import marks
from search.model.article import Article, Paragraph
from search.query.nodes import ANY, Or, Query, Quoted, leaves

HEADLINE_ID = "broadsheet-headline"
MAX_MARKED = 400_000
"""What follows so many characters of text and tags of a page has no marks: many times an article, and half a second."""
FEW_LINKS = 5
"""A navigation with so many is not worth folding."""
_TAG = re.compile(r"<(?:!--|/?([a-zA-Z][^\s/<>]*)[^<>]*>?|[!?/][^<>]*>?)")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_NO_TEXT = ("script", "style", "title", "textarea", "template", "svg", "select")
_ENDS = {"!--": re.compile("-->"), **{name: re.compile(f"</{name}", re.IGNORECASE) for name in _NO_TEXT}}
"""Where what is no text of the page ends."""
_INLINE = re.compile(
    "a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr|!--"
)

_HOLDS_LINKS = ("div", "ul", "ol", "section", "aside")
_ROLE = re.compile(r"\srole\s*=\s*[\"']?navigation(?=[\s\"'>])", re.IGNORECASE)


@dataclass(slots=True)
class _Navigations:
    """`found`: where those with many links start and end, none within another. The others: of the element that is open."""

    found: list[tuple[int, int]] = field(default_factory=list)
    name: str = ""
    start: int = 0
    depth: int = 0
    links: int = 0

    def see(self, tag: re.Match[str], name: str) -> None:
        ends = tag[0].startswith("</")
        if not self.name:
            if not ends and (name == "nav" or (name in _HOLDS_LINKS and _ROLE.search(tag[0]))):
                self.name, self.start, self.depth, self.links = name, tag.start(), 1, 0
        elif name == "a":
            self.links += not ends
        elif name == self.name and tag[0].endswith(">"):
            self.depth += -1 if ends else 1
            if not self.depth:
                self.name = ""
                self.found += [(self.start, tag.end())] if self.links > FEW_LINKS else []


@dataclass(slots=True)
class _Block:
    """Text that no tag but inline ones divides. `tag`: the one before it, at `start`; `texts`: its pieces; `pieces`: of each, its
    start in the text, its start and end in the page, and whether it is an entity."""

    tag: str
    start: int
    length: int = 0
    texts: list[str] = field(default_factory=list)
    pieces: list[tuple[int, int, int, bool]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def add(self, page: str, start: int, end: int) -> None:
        for entity in (*_ENTITY.finditer(page, start, end), None):
            begin = entity.start() if entity else end
            if begin > start:
                self._add(page[start:begin], start, begin, entity=False)
            if entity:
                self._add(unescape(entity[0]), begin, entity.end(), entity=True)
                start = entity.end()

    def _add(self, text: str, start: int, end: int, *, entity: bool) -> None:
        self.pieces.append((self.length, start, end, entity))
        self.texts.append(text)
        self.length += len(text)

    def places(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where in the page these characters of the text are."""
        for number in range(bisect_right(self.pieces, start, key=itemgetter(0)) - 1, len(self.pieces)):
            begin, first, last, entity = self.pieces[number]
            if begin >= end:
                break
            stop = begin + len(self.texts[number])
            yield (first, last) if entity else (first + max(start - begin, 0), first + min(end, stop) - begin)


def mark_page(page: str, article: Article, query: Query | None, languages: tuple[str, ...] = (), *, folded: str) -> str:
    """`query`: None for no marks. Words are marked wherever they stand, also those that the query looks for in a certain field:
    which part of the page is which is not known here. `folded`: what navigation that is folded is called."""
    navigations = _Navigations()
    blocks = [block for block in _blocks(page, navigations) if any(map(str.strip, block.texts))]
    headline = _headline(blocks, article.headline or "")
    above = [place for place in navigations.found if headline and place[1] <= headline.start]
    added: list[tuple[int, str]] = [(end, "</details>") for _, end in above]
    if query:
        text = Article("", "", language=article.language, paragraphs=tuple(Paragraph(block.text) for block in blocks))
        for (_, number), some in marks(text, _anywhere(query), languages).items():
            for mark in some:
                for start, end in _contiguous(blocks[number].places(*mark)):
                    added += [(start, "<mark>"), (end, "</mark>")]
    added += [(start, f"<details><summary>{escape(folded)}</summary>") for start, _ in above]
    if headline:
        added.append((headline.start, f'<a id="{HEADLINE_ID}"></a>'))
    return _with(page, sorted(added, key=lambda each: each[0]))


def _with(page: str, added: list[tuple[int, str]]) -> str:
    pieces, last = [], 0
    for place, text in added:
        pieces += [page[last:place], text]
        last = place
    return "".join([*pieces, page[last:]])


def _contiguous(places: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _anywhere(query: Query) -> Query:
    found = leaves(query)
    parts = [part for leaf in found for part in ((leaf.speaker, leaf.words) if isinstance(leaf, Quoted) else (leaf,))]
    return Or(tuple(dict.fromkeys(msgspec.structs.replace(part, field=ANY) for part in parts)))


def _headline(blocks: list[_Block], headline: str) -> _Block | None:
    """Where the page prints the headline; else its first great heading."""
    wanted = " ".join(headline.split()).casefold()

    def likeness(block: _Block) -> int:
        is_headline = bool(wanted) and " ".join(block.text.split()).casefold() == wanted
        return 2 * is_headline + (block.tag == "h1" or (is_headline and block.tag in ("h2", "h3")))

    best = max(blocks, key=likeness, default=None)
    return best if best and likeness(best) else None


def _blocks(page: str, navigations: _Navigations) -> Iterator[_Block]:
    block, place, left = _Block("", 0), 0, MAX_MARKED
    while place < len(page) and left > 0:
        tag = _TAG.search(page, place)
        end = min(tag.start() if tag else len(page), place + left)
        block.add(page, place, end)
        left -= end - place + 1
        if not tag:
            break
        name, place = (tag[1] or tag[0][1:4]).lower(), tag.end()
        navigations.see(tag, name)
        if name in _ENDS and tag[0][1] != "/":
            closed = _ENDS[name].search(page, place)
            place = closed.end() if closed else len(page)
        if not _INLINE.fullmatch(name):
            yield block
            block = _Block(name, tag.start())
    yield block
