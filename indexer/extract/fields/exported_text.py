"""The body of an article as an export or a wire service gives it, in HTML -> paragraphs and captions, with nothing left out.

>>> [paragraph.text for paragraph in read_exported_text(parse(b"<p>It holds.</p><p>So far.</p>"), None).paragraphs]
['It holds.', 'So far.']

A page has to be searched for its article; here all of it is the article. What is not read: scripts, styles, forms, embedded
players and the addresses that stand for them, and pull quotes that repeat a sentence of the text.
"""

import re
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from indexer.extract.body.dom_walk import Figure
from indexer.extract.body.text_density import INLINE, UNREAD
from indexer.extract.fields.captions import read_captions
from indexer.extract.lexicon.boilerplate_names import is_pull_quote
from indexer.extract.lexicon.credits import split_credit
from indexer.extract.lexicon.line_patterns import dateline_of
from search.errors import PageError
from search.model.article import Caption, Paragraph, ParagraphKind

MAX_DEPTH = 180
"""Elements within elements; Python's stack ends at some 240."""
_KINDS: dict[str, ParagraphKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "subhead"),
    **dict.fromkeys(("li", "dt", "dd"), "list"),
    "blockquote": "quote",
    "tr": "table",
}
_GROUPS = frozenset(("ul", "ol", "dl", "table"))
_CELL = "\x1f"
_BREAK = "\u2028"
_BLANK_LINE = re.compile(r"\u2028[^\S\u2028]*\u2028\s*")
_ADDRESS_ALONE = re.compile(r"https?://\S+$")
_READ_FORMS = frozenset(("form",))


@dataclass(frozen=True, slots=True)
class ExportedBody:
    paragraphs: tuple[Paragraph, ...]
    captions: tuple[Caption, ...]
    dateline: str | None


def read_exported_text(tree: HtmlElement, base_url: str | None, headline: str | None = None) -> ExportedBody:
    """base_url: the article's address, for those of its pictures. headline: as the export has it; a heading that repeats it above
    the text is left out.

    Raises PageError("too-complex") if it is nested too deeply."""
    reading = _Reading(base_url)
    reading.content(tree, 0)
    reading.end_paragraph()
    dropped = {*_repeated_headline(reading, headline), *_pull_quotes(reading)}
    paragraphs = tuple(paragraph for number, paragraph in enumerate(reading.paragraphs) if number not in dropped)
    captions = [replace(caption, after=caption.after - sum(at < caption.after for at in dropped)) for caption in reading.captions]
    return ExportedBody(paragraphs, _distinct(captions), dateline_of(paragraphs[0].text) if paragraphs else None)


@dataclass(slots=True)
class _Reading:
    """What has been read so far. `pulled`: numbers of the paragraphs that are marked up as pull quotes."""

    base_url: str | None
    paragraphs: list[Paragraph] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    pulled: list[int] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _kind: ParagraphKind = "text"
    _pulling: bool = False
    _group: HtmlElement | None = None
    _last_group: HtmlElement | None = None

    def content(self, element: HtmlElement, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise PageError("too-complex", f"the mark-up is nested more than {MAX_DEPTH} deep; nothing of the article was taken")
        self._text(element.text)
        for child in element:
            self._element(child, depth + 1)
            self._text(child.tail)

    def end_paragraph(self) -> None:
        whole = "".join(self._texts).strip()
        self._texts = []
        for piece in _BLANK_LINE.split(whole) if self._kind in ("text", "quote") else (whole,):
            cells = (" ".join(cell.split()) for cell in piece.split(_CELL))
            text = " | ".join(cell for cell in cells if cell)
            if text and not _ADDRESS_ALONE.match(text):
                self._add(text)

    def _add(self, text: str) -> None:
        if self._group is not None and self._group is self._last_group and self._kind == self.paragraphs[-1].kind:
            self.paragraphs[-1] = replace(self.paragraphs[-1], text=f"{self.paragraphs[-1].text}\n{text}")
            return
        if self._pulling:
            self.pulled.append(len(self.paragraphs))
        self.paragraphs.append(Paragraph(text, self._kind))
        self._last_group = self._group

    def _text(self, text: str | None) -> None:
        if text:
            self._texts.append(text)

    def _element(self, element: HtmlElement, depth: int) -> None:
        tag = element.tag
        if tag in INLINE and not _holds_blocks(element):
            self.content(element, depth)
        elif tag == "br":
            self._texts.append(_BREAK)
        elif tag == "hr" or (tag in UNREAD and tag not in _READ_FORMS):
            self._texts.append(" ")
        elif tag in ("td", "th"):
            self._texts.append(_CELL)
            self.content(element, depth)
        elif tag == "img" or (tag == "figure" and not _holds_text(element)):
            self._picture(element)
        elif self._kind == "table" and tag != "table":
            self._texts.append(" ")
            self.content(element, depth)
            self._texts.append(" ")
        else:
            self._block(element, depth)

    def _block(self, element: HtmlElement, depth: int) -> None:
        self.end_paragraph()
        before = self._kind, self._pulling, self._group
        self._kind = _KINDS.get(str(element.tag), self._kind)
        self._pulling = self._pulling or is_pull_quote(" ".join(element.get("class", "").split()))
        if element.tag in _GROUPS and (self._group is None or element.tag == "table"):
            self._group = element
        self.content(element, depth)
        self.end_paragraph()
        self._kind, self._pulling, self._group = before

    def _picture(self, element: HtmlElement) -> None:
        """A figure with what is written under it, or a picture that may have the like in its attributes."""
        inner = list(element.iter("figure"))
        for figure in inner[1:]:
            self._picture(figure)
        if len(inner) > 1:
            for caption in [child for child in element.iter("figcaption") if child.getparent() is element]:
                self._caption_of(caption, caption)
            return
        if element.tag == "figure" or element.get("data-caption"):
            self.end_paragraph()
            self._caption_of(element, next(element.iter("figcaption"), None))

    def _caption_of(self, figure: HtmlElement, caption: HtmlElement | None) -> None:
        after = len(self.paragraphs)
        found = read_captions([(Figure(figure, "body"), after)], self.base_url, ())
        written = " ".join("".join(caption.itertext()).split()) if caption is not None else ""
        if not found and written:
            text, credit = split_credit(written)
            found = (Caption(text, credit, None, after),)
        self.captions.extend(found)


def _holds_blocks(element: HtmlElement) -> bool:
    """A link or a span around whole paragraphs or a picture."""
    return any(inner.tag not in INLINE and inner.tag != "br" for inner in element.iterdescendants())


def _holds_text(figure: HtmlElement) -> bool:
    """A figure may stand around a table, a quotation or a listing, whose caption is then another."""
    return next(figure.iter("table", "blockquote", "pre"), None) is not None


def _repeated_headline(reading: _Reading, headline: str | None) -> list[int]:
    first = reading.paragraphs[0] if reading.paragraphs else None
    return [0] if first and first.kind == "subhead" and headline and first.text.lower() == headline.lower() else []


def _pull_quotes(reading: _Reading) -> list[int]:
    """The numbers of those that only repeat what another paragraph holds."""
    others = [paragraph.text for number, paragraph in enumerate(reading.paragraphs) if number not in reading.pulled]
    return [
        number
        for number in reading.pulled
        if any(reading.paragraphs[number].text.strip("\"'“”„«»‘’ ") in text for text in others)
    ]


def _distinct(captions: list[Caption]) -> tuple[Caption, ...]:
    """A picture may stand in the text and among the pictures that the export lists: once, with the credit of either."""
    found: dict[str, Caption] = {}
    for caption in captions:
        key = (caption.text or caption.credit or "").lower()
        earlier = found.get(key)
        found[key] = replace(earlier, credit=earlier.credit or caption.credit) if earlier else caption
    return tuple(found.values())
