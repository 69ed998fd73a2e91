"""A page saved from Europresse (Eureka) -> its articles.

The layout with an <article> each, in its forms since about 2012, and the one before, where each stands in a cell of a table.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from indexer.sources.formats.exports.article import ExportedArticle, Part, Unread, given, identity, paragraphs_html
from indexer.sources.formats.exports.databases.html_pieces import classed, lines_of, pieces, read_html, take_out, text_of, tree_of
from indexer.sources.formats.exports.databases.printed import any_of, is_date, section_of, without_number
from indexer.sources.formats.exports.dates import dated
from indexer.sources.formats.exports.records import export_format

_SIGNS = (b"docpublicationname", b"dococurrcontainer", b"rdp__", b"europresse.c", b"eureka.c")
FIRST_LINES = re.compile(rb"docpublicationname|dococurrcontainer|rdp__|(?:europresse|eureka)\.(?:com|cc)")
"""What tells such a page among others."""
_ARTICLE = re.compile(r"<article\b", re.IGNORECASE)
_PUBLICATION = re.compile(r"<span\b[^<>]*\bclass=[\"']DocPublicationName", re.IGNORECASE)
_NUMBER = re.compile(r"(?:news|web|tv|radio|report|doc)\W\d{8}\W[\w·.\-]+")
_COPYRIGHT = re.compile(r"(?:copyright|©)\s", re.IGNORECASE)
_SPLIT = re.compile(r"\s*[,;•·]\s+|\s{2,}|\n")
_WORDS = re.compile(r"\s(?:\d{1,3}(?:[\s.,]\d{3}){0,3}|\d{4,6}) " + any_of("words") + r"\b.*", re.IGNORECASE)
_WEEKDAY_ALONE = re.compile(r"[^\W\d_]{4,10}$")
MAX_AUTHOR_WORDS = 10
_PLAIN_TEXT = ("DocText", "docOcurrContainer", "docOccurContainer", "docOccurrContainer")


def read_europresse(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    return read_html(stream, max_bytes, _articles)


def _articles(html: str) -> Iterator[Part]:
    number = 0
    old = not _ARTICLE.search(html)
    for number, piece in enumerate(pieces(html, _PUBLICATION if old else _ARTICLE), 1):
        tree = tree_of(f"<div>{piece}" if not old else re.sub(r"</?t(?:able|body|r|d)\b[^>]*>", "<p>", piece))
        yield (_old(tree) if old else _new(tree)) or Unread(None, "no-article", f"article {number} of the page has no text")
    if not number:
        yield Unread(None, "no-article", "it looks like a page of Europresse, but has no article")


def _new(tree: etree._Element) -> ExportedArticle | None:
    article = next(tree.iter("article"))
    body = next(classed(article, *_PLAIN_TEXT), None)
    if body is None or not lines_of(body):
        return None
    headline = _first(article, "titreArticleVisu", "rdp__articletitle", "titreArticle", "grandTitre")
    own = _NUMBER.search(" ".join(map(str, article.itertext())))
    author = _first(article, "docAuthors") or next(
        (
            text
            for each in classed(article, "sm-margin-bottomNews")
            if (text := text_of(each)) and len(text.split()) <= MAX_AUTHOR_WORDS
        ),
        None,
    )
    if author is None:
        author = _after_headline(article)
    container = next(classed(body, *_PLAIN_TEXT[1:]), body)
    return _exported(
        own[0] if own else None,
        headline,
        author,
        _first(article, "DocPublicationName", "rdp__DocPublicationName"),
        _first(article, "DocHeader", "rdp__DocHeader"),
        [line for line in (" ".join(each.split()) for each in lines_of(container)) if line != headline],
        _first(article, "rdp__subtitle", "sm-margin-TopNews"),
    )


def _after_headline(article: etree._Element) -> str | None:
    """A short <div> behind the headline, as pages of 2012 to 2018 have it."""
    for title in classed(article, "titreArticleVisu"):
        following = title.getnext()
        text = text_of(following) if following is not None and following.tag == "div" else None
        if text and len(text.split()) <= MAX_AUTHOR_WORDS:
            return text
    return None


def _old(tree: etree._Element) -> ExportedArticle | None:
    """Publication, header and title are marked up; author and text follow, and at the end copyright and number."""
    headers = [words for each in classed(tree, "DocHeader") if (words := text_of(each))]
    headline, publication = _first(tree, "TitreArticleVisu"), _first(tree, "DocPublicationName")
    own = _NUMBER.search(" ".join(map(str, tree.itertext())))
    for known in list(classed(tree, "DocHeader", "TitreArticleVisu", "DocPublicationName")):
        take_out(known)
    lines = [part for line in lines_of(tree) for part in line.split("\n") if len(part) > 1]
    text = [line for line in lines if not _NUMBER.search(line) and not (_COPYRIGHT.match(line) and len(line) < 200)]
    author = text.pop(0) if len(text) > 1 and len(text[0].split()) <= MAX_AUTHOR_WORDS and text[0][-1] not in ".!?" else None
    return _exported(own[0] if own else None, headline, author, publication, "\n".join(headers), text, None) if text else None


def _exported(
    own: str | None,
    headline: str | None,
    author: str | None,
    publication: str | None,
    header: str | None,
    text: list[str],
    standfirst: str | None,
) -> ExportedArticle:
    section, printed = _section_and_date(header or "")
    if printed is None and own:
        printed = re.split(r"\W", own)[1]  # news·20220305·FL·123
    return ExportedArticle(
        own,
        given(
            id=identity("europresse", own),
            headline=headline,
            standfirst=standfirst,
            html=paragraphs_html(text),
            byline=author,
            section=section,
            publisher=without_number(publication) if publication else None,
            **dated("published", printed),
        ),
    )


def _section_and_date(header: str) -> tuple[str | None, str | None]:
    """ "Politique, samedi 5 mars 2022, p. 3" and "Thursday, December 22, 2022 887 mots, p. 8": the date wherever it stands,
    what is
    before it is the section."""
    parts = [part.strip() for part in _SPLIT.split(header) if part.strip()]
    for size in (1, 2):
        for at in range(len(parts) - size + 1):
            text = _WORDS.sub("", ", ".join(parts[at : at + size])).strip()
            if is_date(text):
                before = [part for part in parts[:at] if not _WEEKDAY_ALONE.match(part)] if size == 2 else parts[:at]
                return section_of(before[0]) if before else None, text
    return None, None


def _first(element: etree._Element, *names: str) -> str | None:
    return next((text for name in names for each in classed(element, name) if (text := text_of(each))), None)


def _begins(start: bytes) -> bool:
    start = start.lower()
    return any(sign in start for sign in _SIGNS) and FIRST_LINES.search(start) is not None


FORMAT = export_format(
    "europresse",
    "pages saved from Europresse",
    (),
    read_europresse,
    _begins,
    within="html",
)
