"""RawPage -> Article: the list of steps, each told in a module of its own.

>>> article = extract(RawPage("demo/truce.html", stamp="", data=b"<h1>Truce</h1><p>It holds, says the envoy.</p>"), Settings())
>>> article.headline, article.paragraphs[0].text
('Truce', 'It holds, says the envoy.')
"""

from dataclasses import replace

from indexer.extract.article_text import ArticleText, paragraphs_of, read_text
from indexer.extract.body.container import isolate
from indexer.extract.body.page_elements import PageElements
from indexer.extract.body.trace import NULL_TRACE, NullTrace
from indexer.extract.fields.author_names import clean_authors
from indexer.extract.fields.byline import find_authors
from indexer.extract.fields.captions import read_captions
from indexer.extract.fields.dates import find_date, opening_date
from indexer.extract.fields.headline import Headline, choose_headline
from indexer.extract.language_id import article_language
from indexer.extract.metadata.claims import Metadata, read_metadata
from indexer.extract.metadata.framework_state import state_html
from indexer.extract.metadata.saver_marks import take_marks
from indexer.extract.plain_text import extract_text
from indexer.extract.safe_parse import cut_embedded_data, parse
from indexer.sources.raw_page import RawPage
from search.errors import PAGE_ERRORS, PageError
from search.model.article import Article, PrintedDate, article_id
from search.settings import Settings

THIN_LETTERS = 600
"""A text of fewer letters may be the teaser of one that the page holds elsewhere; one of up to SHORT_LETTERS may be so …"""
SHORT_LETTERS = 1_500
THIN_SHARE = 0.15
"""… if it is no more than this part of the text that the metadata holds."""


def extract(page: RawPage, settings: Settings, notes: NullTrace = NULL_TRACE) -> Article:
    """The article on a page, the same for the same bytes. notes: a Trace is told what was decided, and why.

    Raises PageError with one of the codes of PAGE_ERRORS when there is no article or the page cannot be read safely. What
    lasts too long or takes too much memory in spite of that is for the caller to end (indexer.load.workers)."""
    data = cut_embedded_data(page.utf8())
    if len(data) > settings.page_bytes:
        raise PageError("too-large", f"the page has {len(data)} bytes, more than {settings.page_bytes}")
    if page.kind == "text":
        return extract_text(data.decode(), page, notes)
    elements = PageElements(parse(data))
    marks = take_marks(data, elements, page.url)
    page_url = marks.url if marks.is_archived else page.url or marks.url
    metadata = read_metadata(elements, page_url)
    headline, body, shown = _read_body(elements, metadata, notes)
    url = metadata.canonical_url or page_url
    if url == marks.url:
        notes.rule("url", "the program or web archive that saved the page noted it")
    article = Article(
        source=page.source,
        id=article_id(url, page.source),
        stamp=page.stamp,
        captured=(page.captured if page.url and not marks.is_archived else None) or marks.captured or page.captured,
        url=url,
        publisher=metadata.publisher,
        headline=headline.text,
        alternative_headline=headline.alternative,
        standfirst=body.standfirst,
        paragraphs=body.paragraphs,
        captions=read_captions(body.figures, url, metadata.images),
        authors=metadata.authors
        or clean_authors(marks.authors, metadata.publisher)
        or (find_authors(shown) if shown is not elements else ())  # metadata looked at the page
        or body.signers,
        contributors=body.contributors,
        dateline=body.dateline,
        section=metadata.section,
        tags=metadata.tags,
        language=metadata.language,
        corrections=body.corrections,
        published=metadata.published or find_date(elements, metadata.language, url) or _opening_date(body, metadata.language),
        updated=metadata.updated,
    )
    if not article.paragraphs and not article.captions:
        raise _without_article(elements)
    return replace(article, language=article_language(article, page.language))


def _read_body(elements: PageElements, metadata: Metadata, notes: NullTrace) -> tuple[Headline, ArticleText, PageElements]:
    """Headline and text as the page shows it; where it shows hardly any, as its scripts or its metadata hold it. And the
    elements they were read from."""
    notes.reading("the page as shown", elements.tree)
    headline, body = _read_shown(elements, metadata, notes)
    notes.rule("body", "shown on the page")
    if _letters(body) >= max(THIN_LETTERS, min(SHORT_LETTERS, THIN_SHARE * len(metadata.article_body or ""))):
        return headline, body, elements
    state = state_html(elements)
    if state and len(state) > _letters(body):
        drawn = PageElements(parse(f"<body><div>{state}</div></body>".encode("utf-8", "replace")))
        notes.reading("the data from which its scripts draw the page", drawn.tree)
        _, from_state = _read_shown(drawn, metadata, notes)
        if _letters(from_state) > 2 * _letters(body):
            notes.rule("body", "the page shows hardly any text; the data in its scripts has more")
            return headline, replace(from_state, standfirst=from_state.standfirst or body.standfirst), drawn
    if metadata.article_body and len(metadata.article_body) > 2 * _letters(body):
        notes.rule("body", "the page shows hardly any text; the articleBody in JSON-LD has more")
        return headline, replace(body, paragraphs=paragraphs_of(metadata.article_body)), elements
    return headline, body, elements


def _read_shown(elements: PageElements, metadata: Metadata, notes: NullTrace) -> tuple[Headline, ArticleText]:
    isolated = isolate(elements, metadata.headlines, metadata.descriptions, notes)
    headline = choose_headline(isolated.printed, metadata.headlines, metadata.publisher, declared_first=metadata.declared_first)
    notes.rule("headline", headline.rule)
    return headline, read_text(isolated, headline.text, metadata, notes)


def _opening_date(body: ArticleText, language: str | None) -> PrintedDate | None:
    return opening_date(body.paragraphs[0].text, language) if body.paragraphs else None


def _letters(body: ArticleText) -> int:
    return sum(len(paragraph.text) for paragraph in body.paragraphs)


def _without_article(elements: PageElements) -> PageError:
    code = "frames" if next(iter(elements.of("frameset")), None) is not None else "no-article"
    return PageError(code, PAGE_ERRORS[code])
