"""Why a page yields its article: the rule behind each field, and where each piece of the page's text went.

>>> explanation = explain(page, Settings())
>>> explanation.fields[0]
FieldReason('headline', 'Truce holds', 'what the page declares goes before its h1; from meta og:title', (('h1', 'A truce'), …))
>>> explanation.readings[0].pieces[4]
Piece('More from the Beacon …', None, 'is called so by its class or id', 'div.related')
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from indexer.extract.body.dom_walk import Block, Figure
from indexer.extract.body.page_elements import PageElements
from indexer.extract.body.text_density import text_of
from indexer.extract.body.trace import Reading, Trace
from indexer.extract.fields.author_names import clean_authors
from indexer.extract.fields.figure_text import MAX_CAPTION_LETTERS
from indexer.extract.fields.printed_dates import is_plausible, parse_printed_date
from indexer.extract.json_articles import article_from_record
from indexer.extract.lexicon.line_patterns import section_of
from indexer.extract.metadata.claims import Claim, read_claims
from indexer.extract.metadata.json_ld import letters
from indexer.extract.pipeline import extract
from indexer.sources.raw_page import RawPage
from search.errors import PageError
from search.model.article import Article
from search.settings import Settings

OUTSIDE = "is outside the part of the page that holds the article"
MAX_HEAD_LINE_CHARACTERS = 200
"""A longer line that names the authors is not a byline."""
_VISIBLE_TEXTS = etree.XPath(
    "descendant-or-self::text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template"
    " or ancestor::svg or ancestor::iframe or ancestor::object or ancestor::head)]"
)


@dataclass(frozen=True, slots=True)
class FieldReason:
    """claims: the candidates for the field on the page, and where they were found; the most reliable first."""

    name: str
    value: str | None
    rule: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class PagePiece:
    """A piece of the page's text. kept_as: the field that has it, None if it was left out; then `rule` says why, which
    completes "it …". where: the element, if it was left out as a whole."""

    text: str
    kept_as: str | None
    rule: str | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class PagePieces:
    """All visible text of the page, or of what its scripts would draw, in reading order."""

    source: str
    pieces: tuple[PagePiece, ...]


@dataclass(frozen=True, slots=True)
class PageExplanation:
    """error: (code, message) if the page has no article. remarks: on how the page was read: a guessed encoding, a missing end."""

    article: Article | None
    error: tuple[str, str] | None
    fields: tuple[FieldReason, ...]
    readings: tuple[PagePieces, ...]
    remarks: tuple[str, ...] = ()


def explain(page: RawPage, settings: Settings) -> PageExplanation:
    """Extracts the article again with a trace, in this process, without the time and memory limits of `index`."""
    trace, article, error = Trace(), None, None
    try:
        if page.kind == "article":
            article = article_from_record(page.data, page.source, page.stamp, page.captured)
        else:
            article = extract(page, settings, trace)
    except PageError as refused:
        error = (refused.code, str(refused))
    fields = tuple(_fields(page, article, trace)) if article else ()
    taken = _Taken(article)
    readings = tuple(PagePieces(reading.source, tuple(_pieces(reading, taken))) for reading in trace.readings)
    return PageExplanation(article, error, fields, readings, tuple(_remarks(page)))


def _remarks(page: RawPage) -> Iterator[str]:
    try:
        if page.kind != "article" and (remark := page.decoded().remark):
            yield f"the encoding is {page.decoded().encoding}, {remark}"
    except PageError:
        return  # the explanation's error
    if page.cut:
        yield f"the end is missing: {page.cut}"


# --- fields -----------------------------------------------------------------------------------------------------------

_SEEN_ON_PAGE = {
    "headline": "the h1",
    "alternativeHeadline": "another headline that the page shows or declares",
    "standfirst": "no line above the text reads like one",
    "captions": "text next to pictures, completed from JSON-LD",
    "authors": "the byline shown on the page",
    "published": "the date shown on the page",
    "dateline": "the first words of the text",
    "language": "detected in the text",
    "publisher": "the part of the title next to the headline",
    "url": "the URL from which the page was fetched",
    "contributors": "a line near the start or the end that reads like one",
    "corrections": "a line near the start or the end that reads like one",
}
_SEEN_IN_TEXT = _SEEN_ON_PAGE | {
    "headline": "the first line above byline and date that is not a site name, section or kicker",
    "standfirst": "the longest other line above byline and date",
    "body": "everything below the head, line by line",
    "captions": "lines with a credit in parentheses or after a label",
    "authors": "a byline above the text, or the last line",
    "published": "a line above the text with little but a date",
    "publisher": "a line at the top that looks like the name of a newspaper",
    "section": "a line at the top with a section name or a short kicker",
    "tags": "a line starting with a label such as Tags",
    "url": "a URL on a line of its own",
}


def _fields(page: RawPage, article: Article, trace: Trace) -> Iterator[FieldReason]:
    first = trace.readings[0] if trace.readings else None
    tree = first.tree if first else None
    claims = read_claims(PageElements(tree), page.url) if tree is not None else {}
    if first and first.heading is not None:
        claims["headline"].append(("h1", text_of(first.heading)))
    seen = {"html": _SEEN_ON_PAGE, "text": _SEEN_IN_TEXT}.get(page.kind, {})
    for name, value in _values(article):
        own = [(where, _judged(name, text, article)) for where, text in claims.get(name, ())]
        origin = next((f"from {where}" for where, text in claims.get(name, ()) if _reads_as(name, text, article) == value), None)
        if not value:
            rule = "not found"
        elif page.kind == "article":
            rule = "as the file gives it"
        else:
            rule = "; ".join(filter(None, (trace.rules.get(name), origin))) or seen.get(name, "the page's metadata")
        yield FieldReason(name, value, rule, tuple(own))


def _values(article: Article) -> Iterator[tuple[str, str | None]]:
    yield "headline", article.headline
    yield "alternativeHeadline", article.alternative_headline
    yield "standfirst", article.standfirst
    yield "body", f"{len(article.paragraphs)} paragraphs, {sum(len(p.text) for p in article.paragraphs):,} characters"
    yield "captions", "; ".join(f"{c.text or '–'} ({c.credit or 'no credit'})" for c in article.captions) or None
    yield "authors", ", ".join(article.authors) or None
    yield "contributors", article.contributors
    yield "published", article.published.iso if article.published else None
    yield "updated", article.updated.iso if article.updated else None
    yield "dateline", article.dateline
    yield "section", article.section
    yield "tags", ", ".join(article.tags) or None
    yield "language", article.language
    yield "corrections", " ".join(article.corrections) or None
    yield "publisher", article.publisher
    yield "url", article.url


def _reads_as(name: str, text: str, article: Article) -> str | None:
    """What the field would be if the claim were accepted."""
    match name:
        case "published" | "updated":
            when = parse_printed_date(text, article.language)
            return when.iso if when else None
        case "authors":
            return ", ".join(clean_authors(text.split(", "), article.publisher))
        case "section":
            return section_of(text)
        case "language":
            return text.strip()[:2].lower()
        case "headline":  # without the site's name
            return article.headline if article.headline and text.startswith(article.headline) else None
        case "tags":
            return ", ".join(article.tags) if letters(text).startswith(letters("".join(article.tags))) else None
    return text


def _judged(name: str, text: str, article: Article) -> str:
    if name not in ("published", "updated"):
        return text
    when = parse_printed_date(text, article.language)
    return (
        text
        if when and is_plausible(when)
        else f"{text} (rejected: {'in the future, or a placeholder' if when else 'not a date'})"
    )


# --- pieces -----------------------------------------------------------------------------------------------------------


class _Taken:
    """The texts of the article's fields, reduced to letters and digits, to find the pieces of the page in them."""

    def __init__(self, article: Article | None) -> None:
        self.article = article
        self.lines: dict[str, str] = {}
        self.captions: list[tuple[str, str]] = []
        self.authors: list[str] = []
        self._fields: dict[str, str] = {}
        if article:
            self.lines = {
                letters(line): paragraph.kind for paragraph in article.paragraphs for line in paragraph.text.split("\n")
            }
            self.captions = [(letters(caption.text or ""), letters(caption.credit or "")) for caption in article.captions]
            self.authors = [plain for name in article.authors if (plain := letters(name))]
            self._fields = {letters(text): name for name, text in reversed(list(_texts_of_fields(article))) if text}

    def field_of(self, text: str) -> str | None:
        """The field, other than the body, that is this text."""
        return self._fields.get(letters(text))

    def kind_of(self, text: str) -> str | None:
        """The kind of the paragraph that has this text, or contains it."""
        plain = letters(text)
        return self.lines.get(plain) or next((kind for line, kind in self.lines.items() if plain in line), None)


def _texts_of_fields(article: Article) -> Iterator[tuple[str, str | None]]:
    yield "headline", article.headline
    yield "alternativeHeadline", article.alternative_headline
    yield "standfirst", article.standfirst
    yield "contributors", article.contributors
    yield from (("correction", text) for text in article.corrections)
    yield "publisher", article.publisher
    yield "section", article.section
    yield from (("byline", name) for name in (*article.authors, " ".join(article.authors)))
    yield from (("date", when.text) for when in (article.published, article.updated) if when)
    yield "tags", " ".join(article.tags)


def _pieces(reading: Reading, taken: _Taken) -> Iterator[PagePiece]:
    if reading.tree is None:
        yield from (_piece_of_line(line, reading, taken) for line in reading.items)
        return
    figures = {item.element for item in reading.items if isinstance(item, Figure)}
    inside = list(_inside(reading, taken, figures))
    body = reading.tree.find("body")
    for piece in _around(body if body is not None else reading.tree, reading, taken, figures):
        if piece is not None:
            yield piece
        else:  # the first of the article's parts
            yield from inside
            inside = []
    yield from inside


def _around(element: HtmlElement, reading: Reading, taken: _Taken, figures: set[HtmlElement]) -> Iterator[PagePiece | None]:
    """The pieces around the article's parts, with None in place of each part."""
    if element in reading.parts:
        yield None
        return
    if element is reading.heading:
        yield _piece(text_of(element), "is the page's heading, but another headline was chosen", taken)
        return
    around_parts = any(outer is element for part in (*reading.parts, reading.heading) for outer in _ancestors(part))
    if not around_parts:
        text = _visible_text(element, figures)
        yield from [_piece(text, OUTSIDE, taken, element)] if text else []
        return
    yield from _loose(element.text, taken)
    for child in element:
        if isinstance(child.tag, str):
            yield from _around(child, reading, taken, figures)
        yield from _loose(child.tail, taken)


def _ancestors(element: HtmlElement | None) -> Iterable[HtmlElement]:
    return element.iterancestors() if element is not None else ()


def _loose(text: str | None, taken: _Taken) -> Iterator[PagePiece]:
    if text and text.strip():
        yield _piece(" ".join(text.split()), OUTSIDE, taken)


def _inside(reading: Reading, taken: _Taken, figures: set[HtmlElement]) -> Iterator[PagePiece]:
    """Blocks, figures and what was skipped between them."""
    skipped: dict[int, list[PagePiece]] = {}
    whole = {element for element, _, _ in reading.skipped}
    for element, rule, after in reading.skipped:
        text = _visible_text(element, figures)
        if text and whole.isdisjoint(element.iterancestors()):
            skipped.setdefault(after, []).append(_piece(text, rule, taken, element))
    yield from skipped.get(0, ())
    for number, item in enumerate(reading.items, 1):
        if isinstance(item, Figure):
            if text := _visible_text(item.element, set()):
                yield _piece_of_figure(text, item, taken)
        elif isinstance(item, Block):
            against = reading.rule_of(item)
            yield _piece(item.text, against, taken) if against else _kept(item.text, taken)
        yield from skipped.get(number, ())


def _piece_of_figure(text: str, figure: Figure, taken: _Taken) -> PagePiece:
    plain = letters(text)
    if any(words and (words in plain or plain in words) for caption in taken.captions for words in caption):
        return PagePiece(text, "caption")
    if sum(len(text_of(link)) for link in figure.element.iter("a")) > 0.8 * len(text):
        return PagePiece(text, None, "is a picture that links to another story")
    if len(text) > MAX_CAPTION_LETTERS:
        return PagePiece(text, None, "is too long for a caption")
    if figure.zone == "tail":
        return PagePiece(text, None, "is a picture without a credit below the text")
    return PagePiece(text, None, "is next to a picture, but reads like a notice or a byline, or repeats a caption")


def _piece_of_line(line: Any, reading: Reading, taken: _Taken) -> PagePiece:
    if rule := reading.rule_of(line):
        return PagePiece(line, None, rule)
    plain = letters(line)
    if any(name in plain for name in taken.authors) and len(line) < MAX_HEAD_LINE_CHARACTERS and plain not in taken.lines:
        return PagePiece(line, "byline")
    if any(plain.startswith(text) if text else plain.endswith(credit) for text, credit in taken.captions):
        return PagePiece(line, "caption")
    kept = _kept(line, taken)
    return kept if kept.kept_as or not taken.article else PagePiece(line, None, "is a line of the head that belongs to no field")


def _piece(text: str, rule: str | None, taken: _Taken, element: HtmlElement | None = None) -> PagePiece:
    """A piece that is in no paragraph but may be in another field."""
    field = taken.field_of(text)
    where = None if element is None else ".".join([str(element.tag), *(element.get("class") or "").split()[:2]])
    return PagePiece(text, field, None if field else rule, None if field else where)


def _kept(text: str, taken: _Taken) -> PagePiece:
    """A piece that no rule left out."""
    if field := taken.field_of(text) or taken.kind_of(text):
        return PagePiece(text, field)
    return PagePiece(
        text,
        None,
        "is in no field, because the body was taken from elsewhere" if taken.article else "is too short to be an article",
    )


def _visible_text(element: HtmlElement, without: set[HtmlElement]) -> str:
    texts: Any = _VISIBLE_TEXTS(element)  # strings that know their element
    seen = (text for text in texts if not without or without.isdisjoint(_line(text)))
    return " ".join(" ".join(seen).split())


def _line(text: Any) -> Iterator[HtmlElement]:
    """The element of a text and those that contain it."""
    parent = text.getparent()
    return chain(() if text.is_tail else (parent,), parent.iterancestors())


# --- in words ---------------------------------------------------------------------------------------------------------

MAX_CHARACTERS_SHOWN = 110
"""Characters of a text that a line shows."""


def explanation_lines(source: str, explanation: PageExplanation) -> Iterator[str]:
    yield source
    if explanation.error:
        yield f"  no article: {': '.join(explanation.error)}"
    yield from (f"  {remark}" for remark in explanation.remarks)
    missing = [field.name for field in explanation.fields if not field.value and not field.claims]
    if missing:
        yield f"  {'not found':<13} {', '.join(missing)}"
    for field in explanation.fields:
        if field.name in missing:
            continue
        yield f"  {field.name:<13} {_shown(field.value or '–')}"
        yield f"  {'':<13} {field.rule}"
        yield from (f"  {'':<13} · {where}: {_shown(text)}" for where, text in field.claims)
    for reading in explanation.readings:
        yield f"  {reading.source}, piece by piece:"
        for piece in reading.pieces:
            yield f"  {piece.kept_as or 'left out':<13} {_shown(piece.text)}"
            if piece.rule:
                yield f"  {'':<13} {f'{piece.where}: ' if piece.where else ''}it {piece.rule}"


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_CHARACTERS_SHOWN else f"{line[: MAX_CHARACTERS_SHOWN - 20]} … ({len(line):,} characters)"
