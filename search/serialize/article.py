"""A whole article as JSON, with its versions and its copies in other outlets.

article ──article_json──▶ b'{"status":"ok","article":{"id":"a1","headline":"Truce",…},"versions":[…],"copies":[]}'
"""

from collections.abc import Iterable

from search.model.article import Article, Quote
from search.serialize.search import CopyShape, Shape, copy_shape, encode, iso, shared_fields


class ParagraphShape(Shape, frozen=True):
    kind: str
    text: str


class CaptionShape(Shape, frozen=True):
    text: str | None
    credit: str | None
    image_url: str | None
    after: int


class StretchShape(Shape, frozen=True):
    """Part of a paragraph's text, in code points; end is exclusive."""

    paragraph: int
    start: int
    end: int


class QuoteShape(Shape, frozen=True):
    """text: the words between the quotation marks, one line per paragraph. speaker: null if the article does not say. named:
    where the article names the speaker beside the quote."""

    text: str
    speaker: str | None
    stretches: tuple[StretchShape, ...]
    named: StretchShape | None


class ArticleShape(Shape, frozen=True):
    id: str
    source: str
    url: str | None
    publisher: str | None
    headline: str | None
    alternative_headline: str | None
    standfirst: str | None
    paragraphs: tuple[ParagraphShape, ...]
    captions: tuple[CaptionShape, ...]
    authors: tuple[str, ...]
    contributors: str | None
    dateline: str | None
    section: str | None
    tags: tuple[str, ...]
    language: str | None
    corrections: tuple[str, ...]
    quotes: tuple[QuoteShape, ...]
    published: str | None
    updated: str | None
    captured: str | None
    added: str | None
    changed: str | None
    word_count: int


class VersionShape(Shape, frozen=True):
    """source: the value for the parameter `version`."""

    source: str
    captured: str | None
    headline: str | None
    updated: str | None
    current: bool
    word_count: int


class ArticleAnswer(Shape, frozen=True):
    """versions: all versions of the article, the current one first. copies: in other outlets, newest first."""

    status: str
    article: ArticleShape
    versions: tuple[VersionShape, ...]
    copies: tuple[CopyShape, ...]


def article_json(article: Article, versions: Iterable[Article] = (), copies: Iterable[Article] = ()) -> bytes:
    """The response of `/api/articles/ID`. versions: all of the article's, the current one first; copies: as returned by
    Reader.copies."""
    listed = tuple(
        VersionShape(v.source, v.captured, v.headline, iso(v.updated), current=place == 0, word_count=v.word_count)
        for place, v in enumerate(versions)
    )
    return encode(ArticleAnswer("ok", article_shape(article), listed, tuple(map(copy_shape, copies))))


def article_shape(article: Article) -> ArticleShape:
    return ArticleShape(
        **shared_fields(article),
        paragraphs=tuple(ParagraphShape(p.kind, p.text) for p in article.paragraphs),
        captions=tuple(CaptionShape(c.text, c.credit, c.image_url, c.after) for c in article.captions),
        contributors=article.contributors,
        tags=article.tags,
        corrections=article.corrections,
        quotes=tuple(_quote(article, quote) for quote in article.quotes),
    )


def _quote(article: Article, quote: Quote) -> QuoteShape:
    named = StretchShape(*quote.named) if quote.named else None
    stretches = tuple(StretchShape(*stretch) for stretch in quote.stretches)
    return QuoteShape(article.quote_text(quote), quote.speaker, stretches, named)
