"""What an article is.

The indexer makes an `Article` of a page; an engine stores it and returns it. A missing field is None or (), never "".
`passages(article)` lists its text in the units that searching, highlighting and tests share:

    >>> article = Article(source="demo/a.html", id="a", headline="Truce signed", paragraphs=(Paragraph("It holds."),))
    >>> [(p.part, p.text) for p in passages(article)]
    [('headline', 'Truce signed'), ('paragraph', 'It holds.')]
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

import msgspec

from search.model.text import single_spaced

ParagraphKind = Literal["text", "subhead", "quote", "list", "table"]
Precision = Literal["year", "month", "day"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    kind: ParagraphKind = "text"


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture's caption. `after`: the number of paragraphs before the picture. `text` is None if there is only a credit."""

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
    """A quote. `stretches`: its text without the quotation marks, one span for each paragraph it runs through. `speaker`: who
    says it, by the fullest name in the article; `named`: where the speaker is named in the sentence of the quote or next to it.
    Both are None if the article does not say."""

    stretches: tuple[Span, ...]
    speaker: str | None = None
    named: Span | None = None


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A paragraph of the page that many articles of its site have and that is part of none. It stands before
    paragraphs[before]."""

    paragraph: Paragraph
    before: int


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as given on the page.

    `text` is the date as printed or marked up. `iso` is the same in ISO 8601, as precise as on the page and with a time zone only
    if the page has one: "2022", "2022-03", "2022-03-04", "2022-03-04T10:00", "2022-03-04T10:00:00+01:00". Years have four digits,
    from 0001. Raises ValueError if `iso` is not such a date.
    """

    text: str
    iso: str

    def __post_init__(self) -> None:
        self.first_day()

    @property
    def precision(self) -> Precision:
        return "year" if len(self.iso) == 4 else "month" if len(self.iso) == 7 else "day"

    def first_day(self) -> date:
        """The printed local day; the first of the month or year if the date is less precise."""
        return date.fromisoformat((self.iso + "-01-01")[:10])

    @property
    def day(self) -> int:
        """The printed local day as a day number (proleptic Gregorian ordinal, as date.toordinal)."""
        return self.first_day().toordinal()

    @property
    def instant(self) -> datetime | None:
        """The point in time, if the page gives a time and its zone."""
        if len(self.iso) <= 10:
            return None
        moment = datetime.fromisoformat(self.iso)
        return moment if moment.tzinfo else None


@dataclass(frozen=True, slots=True)
class Article:
    """The article on one saved page.

    source: the page's key in the index, "collection/path/of/file", with "!/record" for a record of a WARC, zip or .jsonl.
    id: the article's identity; pages with the same id are versions of one article (see `article_id`).
    stamp: tells whether a source has changed: size and mtime, or a digest. captured: when the page was saved, in UTC as
    "2022-03-04T10:00:00Z", or None. language: primary BCP 47 tag in lower case ("en"), or None.
    alternative_headline: another of the publisher's headlines for the article.
    added, changed: when the article's first version and the text of this one became searchable in the index, as
    instants.instant_text has it; edited: whether an earlier version in the index has another text. An engine sets these, and they
    are no part of what the article says: articles are equal whatever they are. They are the last fields (codec.with_stamps).
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
    boilerplate: tuple[Boilerplate, ...] = ()
    added: str | None = field(default=None, compare=False)
    changed: str | None = field(default=None, compare=False)
    edited: bool = field(default=False, compare=False)

    @property
    def day(self) -> int | None:
        """The day number used by filters, sorting and timelines."""
        return self.published.day if self.published else None

    @property
    def collection(self) -> str:
        return self.source.partition("/")[0]

    @property
    def speakers(self) -> tuple[str, ...]:
        """The people quoted, each once, in order."""
        return tuple(dict.fromkeys(quote.speaker for quote in self.quotes if quote.speaker))

    def quote_text(self, quote: Quote) -> str:
        """The quote's text, one line per paragraph."""
        return "\n".join(map(self.text_at, quote.stretches))

    def text_at(self, stretch: Span) -> str:
        return self.paragraphs[stretch.paragraph].text[stretch.start : stretch.end]

    @property
    def word_count(self) -> int:
        """The number of words in the standfirst and the paragraphs, split at white space."""
        return sum(len(text.split()) for text in (self.standfirst or "", *(p.text for p in self.paragraphs)))


def article_id(url: str | None, source: str) -> str:
    """The identity of an article without an explicit id: 20 hexadecimal digits derived from its canonical URL, or else its
    source."""
    return hashlib.sha256((url or source).encode("utf-8", "surrogatepass")).hexdigest()[:20]


DAY_SHIFT = 40
"""In a tiebreak_key the day is above these bits, which hold a hash."""


def tiebreak_key(article: Article) -> int:
    """The number that breaks ties in every sort order, larger first. It is below 2^63; the upper bits are the day (0 if undated),
    the lower 40 bits a hash of id and source."""
    digest = hashlib.sha256(f"{article.id}\n{article.source}".encode("utf-8", "surrogatepass")).digest()
    return ((article.day or 0) << DAY_SHIFT) | int.from_bytes(digest[:5], "big")


def article_number(id: str) -> int:
    """A number below 2^63 shared by all versions of an article: a hash of its id. Among a million articles, the chance that two
    share one is one in ten million."""
    return int.from_bytes(hashlib.sha256(id.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 1


def text_digest(article: Article) -> int:
    """A number below 2^63 for the words that a reader sees, wherever its paragraphs end: 63 bits of a hash."""
    texts: dict[str, list[str]] = {}
    for passage in passages(article):
        if passage.part in PRINTED_PARTS:
            texts.setdefault(passage.field, []).append(single_spaced(passage.text))
    printed = "\n".join(f"{field} {' '.join(filter(None, some))}" for field, some in texts.items())
    return int.from_bytes(hashlib.sha256(printed.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 1


PRINTED_PARTS = (
    "headline", "standfirst", "paragraph", "contributors", "correction", "caption", "credit", "author", "place",
)  # fmt: skip
"""What changes an article: quotes stand in the paragraphs, and a tag, section or address is no part of the text."""


class Passage(msgspec.Struct, frozen=True):
    """A unit of an article's text. No phrase crosses from one passage into the next.

    part: its role in the article; field: the query field that searches it (`FIELD_OF_PART`);
    index: its position among the article's values of that part (paragraphs[index], captions[index] …).
    """

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
    """All searchable text of the article, in reading order within each field."""
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
    """Each stretch of each quote, in the order of the "said" passages."""
    return ((quote, stretch) for quote in article.quotes for stretch in quote.stretches)


Standing = Callable[[Passage, int, int], Iterator[tuple[tuple[str, int], int, int]]]


def locate(article: Article) -> Standing:
    """Returns a function that maps part of a passage to the places where readers see it: (part, index), start, end. Quoted text
    is in a paragraph; a speaker is also named beside the quotes."""
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


FEATURES = ("caption", "credit", "correction", "author", "date", "place", "section", "tag", "standfirst", "url", "changes")


def features(article: Article) -> tuple[str, ...]:
    """The features by which `has:…` finds this article, in the order of `FEATURES`."""
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
        "changes": article.edited,
    }
    return tuple(name for name, there in present.items() if there)


def version_key(article: Article) -> tuple[str, str]:
    """Sort key of an article's versions; the greatest is the current one. The latest capture wins, then the greatest source."""
    return (article.captured or "", article.source)
