"""Responses as JSON, and a highlighted fragment as HTML. Nothing else produces either.

    answer ──answer_json──▶ b'{"status":"ok","query":{"text":"truce",…},"total":12,…}'

The structs are the documented shape: web/openapi/document.py derives the schema from them. Fields appear in camelCase.
"""

import html
import json
from typing import Any

import msgspec

from search.model.article import Article, PrintedDate
from search.model.results import CaptionFragment, Facet, FacetValue, Fragment, Highlights, Hit, Period
from search.model.text import encodable
from search.query.parsing.synonyms import Widened
from search.service.score_parts import Part
from search.service.search import SearchResponse
from search.service.suggestions.did_you_mean import Suggestion
from search.service.term_reports import TermReport


class Shape(msgspec.Struct, frozen=True, rename="camel"):
    pass


class QueryShape(Shape, frozen=True):
    """text: the query as sent; understood: how it was read; ignored: the parts that were ignored, each with the reason; widened:
    names also searched in other spellings."""

    text: str
    understood: str
    ignored: tuple[str, ...]
    widened: tuple[Widened, ...]


class Highlight(Shape, frozen=True):
    """html: escaped, with <mark>; marks: start and end (exclusive) in code points of text."""

    html: str
    text: str
    marks: tuple[tuple[int, int], ...]


class CaptionHighlight(Shape, frozen=True):
    """A picture's caption. html and text are null if only the credit matched. index: its position among the article's
    captions."""

    html: str | None
    text: str | None
    marks: tuple[tuple[int, int], ...]
    credit: Highlight | None
    index: int


class NameHighlight(Shape, frozen=True):
    """field: author, place, tag, section, publisher, url, or by for a person quoted."""

    field: str
    html: str
    text: str
    marks: tuple[tuple[int, int], ...]


class RemovedHighlight(Shape, frozen=True):
    """Text of an earlier version. part: headline, standfirst, paragraph, caption …; source, captured: of that version."""

    part: str
    html: str
    text: str
    marks: tuple[tuple[int, int], ...]
    source: str
    captured: str | None


class HighlightsShape(Shape, frozen=True):
    headline: Highlight | None
    body: tuple[Highlight, ...]
    captions: tuple[CaptionHighlight, ...]
    names: tuple[NameHighlight, ...]
    removed: tuple[RemovedHighlight, ...]


class CopyShape(Shape, frozen=True):
    """An article with the same text in another outlet, whole or cut."""

    id: str
    url: str | None
    headline: str | None
    publisher: str | None
    published: str | None


class ResultShape(Shape, frozen=True):
    """published, updated: ISO 8601, as precise as on the page. current: false for an earlier version. allWords: false if the
    article has only some of the words; such results come last. added, changed: when the article, and the text it has now, became
    searchable in this archive. scoreParts: what adds up to the score; null unless explain=true,
    empty if results are not sorted by relevance. copies: with collapse=true, the first of the copyCount copies that match too."""

    id: str
    source: str
    url: str | None
    headline: str | None
    alternative_headline: str | None
    standfirst: str | None
    authors: tuple[str, ...]
    publisher: str | None
    section: str | None
    published: str | None
    updated: str | None
    dateline: str | None
    language: str | None
    word_count: int
    score: float
    current: bool
    all_words: bool
    captured: str | None
    added: str | None
    changed: str | None
    score_parts: tuple[Part, ...] | None
    copies: tuple[CopyShape, ...]
    copy_count: int
    highlights: HighlightsShape


class FacetShape(Shape, frozen=True):
    """values: most frequent first; distinct: the number of distinct values, possibly an estimate if there are more than 1,000."""

    values: tuple[FacetValue, ...]
    distinct: int


class ExplanationShape(Shape, frozen=True):
    """notes: what was ignored or changed in the query, and why."""

    words: tuple[TermReport, ...]
    notes: tuple[str, ...]


class ChangeShape(Shape, frozen=True):
    typed: str
    meant: str


class SuggestionShape(Shape, frozen=True):
    """text: the corrected query; total: the number of articles it finds."""

    text: str
    changed: tuple[ChangeShape, ...]
    total: int


class SearchAnswer(Shape, frozen=True):
    """total: results with all the words. articles: articles with all the words, more than total if collapse=true; facets and
    timeline count these. someTotal: results with some of the words, which come after those with all if these are few; otherwise
    0. startIndex: the number of the first result on the page, counted from 1; always 1 with a cursor when sorting by date. pages:
    the number of pages that can be requested. next: the cursor of the results that follow, null after the last. explanation: null
    unless explain=true. suggestion: a corrected query, or null."""

    status: str
    query: QueryShape
    total: int
    articles: int
    some_total: int
    start_index: int
    page_size: int
    current_page: int
    pages: int
    order_by: str
    took_ms: float
    results: tuple[ResultShape, ...]
    facets: dict[str, FacetShape]
    timeline: tuple[Period, ...]
    next: str | None
    suggestion: SuggestionShape | None
    explanation: ExplanationShape | None


def answer_json(answer: SearchResponse) -> bytes:
    """The response of `/api/search` and of `broadsheet search --json`, UTF-8."""
    return encode(answer_shape(answer))


def fragment_html(fragment: Fragment) -> str:
    """The fragment's text, escaped, with <mark> around matches."""
    pieces, place = [], 0
    for start, end in fragment.marks:
        pieces += [html.escape(fragment.text[place:start]), "<mark>", html.escape(fragment.text[start:end]), "</mark>"]
        place = end
    return "".join([*pieces, html.escape(fragment.text[place:])])


def encode(shape: msgspec.Struct) -> bytes:
    try:
        return msgspec.json.encode(shape, enc_hook=_as_text)
    except UnicodeEncodeError:
        return encodable(json.dumps(msgspec.to_builtins(shape, enc_hook=_as_text), ensure_ascii=False)).encode()


def _as_text(remark: object) -> str:
    """Encodes a remark, a subclass of str, which msgspec does not encode by itself."""
    if isinstance(remark, str):
        return str(remark)
    raise NotImplementedError(f"cannot be encoded: {type(remark).__name__}")


def answer_shape(answer: SearchResponse) -> SearchAnswer:
    question, results, explained = answer.question, answer.results, answer.explanation
    hits, with_all = answer.tiers.hits, len(results.hits)
    parts = explained.parts if explained else (None,) * len(hits)
    shown = enumerate(zip(hits, answer.highlights, parts, strict=True))
    return SearchAnswer(
        status="ok",
        query=query_shape(answer),
        total=results.total,
        articles=results.articles,
        some_total=answer.some_total,
        start_index=answer.start + 1,
        page_size=question.page_size,
        current_page=question.page,
        pages=answer.pages,
        order_by=answer.order_by,
        took_ms=round(answer.took_ms, 2),
        results=tuple(_result(*each, all_words=place < with_all) for place, each in shown),
        facets={facet.name: _facet(facet) for facet in results.facets},
        timeline=results.timeline,
        next=answer.next,
        suggestion=_suggestion(answer.suggestion) if answer.suggestion else None,
        explanation=ExplanationShape(explained.words, explained.notes) if explained else None,
    )


def query_shape(answer: SearchResponse) -> QueryShape:
    understood = answer.understood
    return QueryShape(answer.question.text, understood.text, understood.ignored, understood.widened)


def _result(hit: Hit, highlights: Highlights, parts: tuple[Part, ...] | None, *, all_words: bool) -> ResultShape:
    return ResultShape(
        **shared_fields(hit.article),
        score=hit.score,
        current=hit.current,
        all_words=all_words,
        score_parts=parts,
        copies=tuple(map(copy_shape, hit.copies)),
        copy_count=hit.copy_count,
        highlights=highlights_shape(highlights),
    )


def copy_shape(article: Article) -> CopyShape:
    return CopyShape(article.id, article.url, article.headline, article.publisher, iso(article.published))


def _suggestion(suggestion: Suggestion) -> SuggestionShape:
    changed = tuple(ChangeShape(typed, meant) for typed, meant in suggestion.changed)
    return SuggestionShape(suggestion.text, changed, suggestion.total)


def shared_fields(article: Article) -> dict[str, Any]:
    """The fields that results and articles have in common."""
    names = (
        "id",
        "source",
        "url",
        "headline",
        "alternative_headline",
        "standfirst",
        "authors",
        "publisher",
        "section",
        "dateline",
        "language",
    )
    dates = {"published": iso(article.published), "updated": iso(article.updated), "captured": article.captured}
    dates |= {"added": article.added, "changed": article.changed}
    return {**{name: getattr(article, name) for name in names}, **dates, "word_count": article.word_count}


def highlights_shape(marked: Highlights) -> HighlightsShape:
    return HighlightsShape(
        headline=_highlight(marked.headline) if marked.headline else None,
        body=tuple(_highlight(fragment) for fragment in marked.body),
        captions=tuple(_caption(caption) for caption in marked.captions),
        names=tuple(NameHighlight(part, fragment_html(f), f.text, f.marks) for part, f in marked.names),
        removed=tuple(
            RemovedHighlight(
                r.part, fragment_html(r.fragment), r.fragment.text, r.fragment.marks, r.version.source, r.version.captured
            )
            for r in marked.removed
        ),
    )


def _highlight(fragment: Fragment) -> Highlight:
    return Highlight(fragment_html(fragment), fragment.text, fragment.marks)


def _caption(caption: CaptionFragment) -> CaptionHighlight:
    text = caption.text
    return CaptionHighlight(
        html=fragment_html(text) if text else None,
        text=text.text if text else None,
        marks=text.marks if text else (),
        credit=_highlight(caption.credit) if caption.credit else None,
        index=caption.index,
    )


def _facet(facet: Facet) -> FacetShape:
    return FacetShape(facet.values, facet.distinct)


def iso(printed: PrintedDate | None) -> str | None:
    return printed.iso if printed else None
