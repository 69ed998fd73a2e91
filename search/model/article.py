"""What an article is.

The indexer makes an `Article` of a page, an engine stores it and gives it back. A missing field is None or (), never "".
`passages(article)` lists its text in the pieces that searching, highlighting and tests agree on:

    >>> article = Article(source="demo/a.html", id="a", headline="Truce signed", paragraphs=(Paragraph("It holds."),))
    >>> [(p.part, p.text) for p in passages(article)]
    [('headline', 'Truce signed'), ('paragraph', 'It holds.')]
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

import msgspec

ParagraphKind = Literal["text", "subhead", "quote", "list", "table"]
Precision = Literal["year", "month", "day"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    kind: ParagraphKind = "text"


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture's caption. `after` is how many paragraphs stand before it; one with a credit alone has text None."""

    text: str | None
    credit: str | None = None
    image_url: str | None = None
    after: int = 0


class Span(NamedTuple):
    """paragraphs[paragraph].text[start:end]"""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What stands between a pair of quotation marks. `stretches`: its text without the marks, one for each paragraph it runs
    through. `speaker`: who says it, as fully as the article names them; `named`: where a name of theirs stands in the sentence
    of the quote or beside it. Both are None if there is no telling."""

    stretches: tuple[Span, ...]
    speaker: str | None = None
    named: Span | None = None


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as the page gives it.

    `text` is what was printed or marked up. `iso` is the same in ISO 8601, just as precise as the page and with the zone
    only if the page has one: "2022", "2022-03", "2022-03-04", "2022-03-04T10:00", "2022-03-04T10:00:00+01:00".
    Years have four digits, from 0001 on. Raises ValueError when `iso` is no such date.
    """

    text: str
    iso: str

    def __post_init__(self) -> None:
        self.first_day()

    @property
    def precision(self) -> Precision:
        return "year" if len(self.iso) == 4 else "month" if len(self.iso) == 7 else "day"

    def first_day(self) -> date:
        """The printed local day; the first of the month or year where no more is known."""
        return date.fromisoformat((self.iso + "-01-01")[:10])

    @property
    def day(self) -> int:
        """The printed local day as a day number (proleptic Gregorian ordinal, as date.toordinal)."""
        return self.first_day().toordinal()

    @property
    def instant(self) -> datetime | None:
        """The moment, if the page gives a time and its zone."""
        if len(self.iso) <= 10:
            return None
        moment = datetime.fromisoformat(self.iso)
        return moment if moment.tzinfo else None


@dataclass(frozen=True, slots=True)
class Article:
    """One saved page's article.

    source: the page's key in the index: "collection/path/of/file", with "!/record" for a record of a WARC, zip or .jsonl.
    id: the article's identity; pages with the same id are versions of one article (see `article_id`).
    stamp: what tells an unchanged source: size and mtime, or a digest. captured: when the page was saved, as UTC
    "2022-03-04T10:00:00Z", None if unknown. language: primary BCP 47 tag in lower case
    ("en"), None if unknown. alternative_headline: another of the publisher's headlines for the article.
    """

    source: str
    id: str
    stamp: str = ""
    captured: str | None = None
    url: str | None = None
    publisher: str | None = None
    headline: str | None = None
    alternative_headline: str | None = None
    standfirst: str | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    captions: tuple[Caption, ...] = ()
    authors: tuple[str, ...] = ()
    contributors: str | None = None
    dateline: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    corrections: tuple[str, ...] = ()
    published: PrintedDate | None = None
    updated: PrintedDate | None = None
    quotes: tuple[Quote, ...] = ()

    @property
    def day(self) -> int | None:
        """The day number that filters, sorting and timelines go by."""
        return self.published.day if self.published else None

    @property
    def collection(self) -> str:
        return self.source.partition("/")[0]

    @property
    def speakers(self) -> tuple[str, ...]:
        """Those quoted, each once, in order."""
        return tuple(dict.fromkeys(quote.speaker for quote in self.quotes if quote.speaker))

    def quote_text(self, quote: Quote) -> str:
        """The paragraphs of a quote are lines."""
        return "\n".join(map(self.text_at, quote.stretches))

    def text_at(self, stretch: Span) -> str:
        return self.paragraphs[stretch.paragraph].text[stretch.start : stretch.end]

    @property
    def word_count(self) -> int:
        """Words of standfirst and paragraphs, split on white space."""
        return sum(len(p.text.split()) for p in passages(self) if p.part in ("standfirst", "paragraph"))


def article_id(url: str | None, source: str) -> str:
    """The identity of an article that was not given one: 20 hexadecimal digits of its canonical URL, else of its source."""
    return hashlib.sha256((url or source).encode("utf-8", "surrogatepass")).hexdigest()[:20]


DAY_SHIFT = 40
"""tiebreak_key has the day above these bits, a hash in them."""


def tiebreak_key(article: Article) -> int:
    """The one number that breaks ties in every sort, larger first: below 2^63, the day in the upper bits (0 if undated),
    40 bits of a hash of id and source in the lower."""
    digest = hashlib.sha256(f"{article.id}\n{article.source}".encode("utf-8", "surrogatepass")).digest()
    return ((article.day or 0) << DAY_SHIFT) | int.from_bytes(digest[:5], "big")


def article_number(id: str) -> int:
    """A number below 2^63 that all versions of an article share: a hash of its id. Of a million articles, two share one with a
    chance of one in ten million."""
    return int.from_bytes(hashlib.sha256(id.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 1


class Passage(msgspec.Struct, frozen=True):
    """A piece of an article's text. No phrase runs from one passage into another.

    part: what the piece is in the article; field: the name a query gives it (`FIELD_OF_PART`);
    index: which of the article's values of that part (paragraphs[index], captions[index] …)."""

    part: str
    text: str
    index: int = 0

    @property
    def field(self) -> str:
        return FIELD_OF_PART[self.part]


FIELD_OF_PART = {
    "headline": "headline",
    "alternative_headline": "headline",
    "standfirst": "body",
    "paragraph": "body",
    "contributors": "body",
    "correction": "body",
    "caption": "caption",
    "credit": "credit",
    "author": "author",
    "said": "said",
    "by": "by",
    "place": "place",
    "tag": "tag",
    "section": "section",
    "publisher": "publisher",
    "url": "url",
}


def passages(article: Article) -> Iterator[Passage]:
    """All text of the article that can be searched, in reading order within each field."""
    if article.headline:
        yield Passage("headline", article.headline)
    if article.alternative_headline:
        yield Passage("alternative_headline", article.alternative_headline)
    if article.standfirst:
        yield Passage("standfirst", article.standfirst)
    for index, paragraph in enumerate(article.paragraphs):
        yield Passage("paragraph", paragraph.text, index)
    if article.contributors:
        yield Passage("contributors", article.contributors)
    for index, correction in enumerate(article.corrections):
        yield Passage("correction", correction, index)
    for index, caption in enumerate(article.captions):
        if caption.text:
            yield Passage("caption", caption.text, index)
        if caption.credit:
            yield Passage("credit", caption.credit, index)
    for index, author in enumerate(article.authors):
        yield Passage("author", author, index)
    for index, (_, stretch) in enumerate(quoted(article)):
        yield Passage("said", article.text_at(stretch), index)
    for index, speaker in enumerate(article.speakers):
        yield Passage("by", speaker, index)
    if article.dateline:
        yield Passage("place", article.dateline)
    for index, tag in enumerate(article.tags):
        yield Passage("tag", tag, index)
    for part, value in (("section", article.section), ("publisher", article.publisher), ("url", article.url)):
        if value:
            yield Passage(part, value)


def quoted(article: Article) -> Iterator[tuple[Quote, Span]]:
    """Each stretch of each quote, in the order of the passages "said"."""
    return ((quote, stretch) for quote in article.quotes for stretch in quote.stretches)


Standing = Callable[[Passage, int, int], Iterator[tuple[tuple[str, int], int, int]]]


def locate(article: Article) -> Standing:
    """Tells of a part of a passage where readers see it: (part, index), start, end. What is said stands in a paragraph; a speaker
    also where they are named beside their quotes."""
    stretches = [stretch for _, stretch in quoted(article)]
    named: dict[str | None, dict[Span, None]] = {}
    for quote in article.quotes:
        if quote.named:
            named.setdefault(quote.speaker, {})[quote.named] = None

    def places(passage: Passage, start: int, end: int) -> Iterator[tuple[tuple[str, int], int, int]]:
        if passage.part == "said":
            stretch = stretches[passage.index]
            yield ("paragraph", stretch.paragraph), stretch.start + start, stretch.start + end
            return
        yield (passage.part, passage.index), start, end
        if passage.part == "by":
            for place in named.get(passage.text, ()):
                yield ("paragraph", place.paragraph), place.start, place.end

    return places


FEATURES = ("caption", "credit", "correction", "author", "date", "place", "section", "tag", "standfirst", "url")


def features(article: Article) -> tuple[str, ...]:
    """What `has:…` finds this article by, in the order of `FEATURES`."""
    present = {
        "caption": any(c.text for c in article.captions),
        "credit": any(c.credit for c in article.captions),
        "correction": bool(article.corrections),
        "author": bool(article.authors),
        "date": article.published is not None,
        "place": bool(article.dateline),
        "section": bool(article.section),
        "tag": bool(article.tags),
        "standfirst": bool(article.standfirst),
        "url": bool(article.url),
    }
    return tuple(name for name, there in present.items() if there)


def version_key(article: Article) -> tuple[str, str]:
    """Orders the versions of one article: the greatest is the current one. Captured last wins, then the greatest source."""
    return (article.captured or "", article.source)
