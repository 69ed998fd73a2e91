"""Answers as JSON, and a marked fragment as HTML: the only places where either is made.

    answer ──answer_json──▶ b'{"status":"ok","query":{"text":"truce",…},"total":12,…}'

The structs are the documented shape: web/openapi/document.py makes the schema of them. Fields appear in camelCase.
"""

import html
import json
from typing import Any

import msgspec

from search.model.article import Article, PrintedDate
from search.model.results import CaptionFragment, Facet, Fragment, Highlights, Hit
from search.model.text import encodable
from search.service.explain import Explanation
from search.service.score_parts import Part
from search.service.search import SearchResponse
from search.service.suggestions.did_you_mean import Suggestion


class Shape(msgspec.Struct, frozen=True, rename="camel"):
    pass


class WidenedShape(Shape, frozen=True):
    """name, also: as the file of spellings has them."""

    name: str
    also: tuple[str, ...]


class QueryShape(Shape, frozen=True):
    """text: the query as sent; understood: how it was read; ignored: the parts that were left out, each with the reason;
    widened: names that were looked for in other spellings too."""

    text: str
    understood: str
    ignored: tuple[str, ...]
    widened: tuple[WidenedShape, ...]


class Highlight(Shape, frozen=True):
    """html: escaped, with <mark>; marks: start and end (exclusive) in code points of text."""

    html: str
    text: str
    marks: tuple[tuple[int, int], ...]


class CaptionHighlight(Shape, frozen=True):
    """A picture's caption; html and text are null where it has a credit alone. index: which of the article's captions."""

    html: str | None
    text: str | None
    marks: tuple[tuple[int, int], ...]
    credit: Highlight | None
    index: int


class NameHighlight(Shape, frozen=True):
    """field: author, place, tag, section, publisher, url, or by: who is quoted."""

    field: str
    html: str
    text: str
    marks: tuple[tuple[int, int], ...]


class RemovedHighlight(Shape, frozen=True):
    """What an earlier version said. part: headline, standfirst, paragraph, caption …; source, captured: of that version."""

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


class ScorePartShape(Shape, frozen=True):
    """kind: match, proximity (words near each other), exact (a word as typed), recency or feedback (terms of the first results,
    or that it is one of these); text: what was found there."""

    kind: str
    text: str
    score: float


class CopyShape(Shape, frozen=True):
    """An article with the same text in another outlet, whole or cut."""

    id: str
    url: str | None
    headline: str | None
    publisher: str | None
    published: str | None


class ResultShape(Shape, frozen=True):
    """published, updated: ISO 8601, as precise as the page. current: false for an earlier version. allWords: false if it has
    some of the words only; such results follow those with all. scoreParts: what adds up to the score; null unless explain=true,
    empty where results are not ordered by relevance. copies: with collapse=true the first of the copyCount copies that are found
    too."""

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
    score_parts: tuple[ScorePartShape, ...] | None
    copies: tuple[CopyShape, ...]
    copy_count: int
    highlights: HighlightsShape


class FacetValueShape(Shape, frozen=True):
    value: str
    count: int


class FacetShape(Shape, frozen=True):
    """values: the most frequent first; distinct: how many there are in all."""

    values: tuple[FacetValueShape, ...]
    distinct: int


class PeriodShape(Shape, frozen=True):
    """start: 2022, 2022-03 or 2022-03-04; count: hits of the period; archive: all articles of it."""

    start: str
    count: int
    archive: int


class FieldTermsShape(Shape, frozen=True):
    """terms: the first of those the archive has in the field; distinct: how many there are in all. field: any is all text."""

    field: str
    terms: tuple[str, ...]
    distinct: int


class WordShape(Shape, frozen=True):
    """text: the word, phrase or pattern as understood; articles: how many have it; excluded: results must not have it; notes:
    how it was widened or narrowed, and why."""

    text: str
    excluded: bool
    articles: int
    terms: tuple[FieldTermsShape, ...]
    notes: tuple[str, ...]


class ExplanationShape(Shape, frozen=True):
    """notes: what of the query was let go, and why."""

    words: tuple[WordShape, ...]
    notes: tuple[str, ...]


class ChangeShape(Shape, frozen=True):
    typed: str
    meant: str


class SuggestionShape(Shape, frozen=True):
    """text: the query with words put right, to be asked in its place; total: what it finds."""

    text: str
    changed: tuple[ChangeShape, ...]
    total: int


class SearchAnswer(Shape, frozen=True):
    """total: of results with all the words; articles: of all articles found that have them, more than results with
    collapse=true; facets and timeline count these. someTotal: of results with some of the words, which follow those with all
    where these are few; 0 where none are looked for. startIndex: the number of the page's first result, from 1; where a cursor
    goes on by date, always 1. pages: how many can be opened. next: the cursor of the results that follow, null after the last.
    explanation: null unless explain=true. suggestion: what may have been meant, or null."""

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
    timeline: tuple[PeriodShape, ...]
    next: str | None
    suggestion: SuggestionShape | None
    explanation: ExplanationShape | None


def answer_json(answer: SearchResponse) -> bytes:
    """The answer of `/api/search` and of `broadsheet search --json`, UTF-8."""
    return encode(answer_shape(answer))


def fragment_html(fragment: Fragment) -> str:
    """The fragment's text, escaped, its marks as <mark>."""
    pieces, place = [], 0
    for start, end in fragment.marks:
        pieces += [html.escape(fragment.text[place:start]), "<mark>", html.escape(fragment.text[start:end]), "</mark>"]
        place = end
    return "".join([*pieces, html.escape(fragment.text[place:])])


def encode(shape: msgspec.Struct) -> bytes:
    try:
        return msgspec.json.encode(shape)
    except UnicodeEncodeError:
        return encodable(json.dumps(msgspec.to_builtins(shape), ensure_ascii=False)).encode()


def answer_shape(answer: SearchResponse) -> SearchAnswer:
    question, results, explained = answer.question, answer.results, answer.explanation
    hits, with_all = answer.tiers.hits, len(results.hits)
    parts = explained.parts if explained else (None,) * len(hits)
    shown = enumerate(zip(hits, answer.highlights, parts, strict=True))
    return SearchAnswer(
        status="ok",
        query=_query(answer),
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
        timeline=tuple(PeriodShape(p.start, p.count, p.archive) for p in results.timeline),
        next=answer.next,
        suggestion=_suggestion(answer.suggestion) if answer.suggestion else None,
        explanation=_explanation(explained) if explained else None,
    )


def _query(answer: SearchResponse) -> QueryShape:
    understood = answer.understood
    widened = tuple(WidenedShape(name.name, name.also) for name in understood.widened)
    return QueryShape(answer.question.text, understood.text, tuple(map(str, understood.ignored)), widened)


def _result(hit: Hit, highlights: Highlights, parts: tuple[Part, ...] | None, *, all_words: bool) -> ResultShape:
    return ResultShape(
        **shared_fields(hit.article),
        score=hit.score,
        current=hit.current,
        all_words=all_words,
        score_parts=None if parts is None else tuple(ScorePartShape(part.kind, str(part.text), part.score) for part in parts),
        copies=tuple(map(copy_shape, hit.copies)),
        copy_count=hit.copy_count,
        highlights=_highlights(highlights),
    )


def copy_shape(article: Article) -> CopyShape:
    return CopyShape(article.id, article.url, article.headline, article.publisher, iso(article.published))


def _explanation(explained: Explanation) -> ExplanationShape:
    words = []
    for word in explained.words:
        terms = tuple(FieldTermsShape(found.field, found.terms, found.distinct) for found in word.terms)
        words.append(WordShape(word.text, word.excluded, word.articles, terms, tuple(map(str, word.notes))))
    return ExplanationShape(tuple(words), tuple(map(str, explained.notes)))


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
    return {**{name: getattr(article, name) for name in names}, **dates, "word_count": article.word_count}


def _highlights(marked: Highlights) -> HighlightsShape:
    return HighlightsShape(
        headline=_highlight(marked.headline) if marked.headline else None,
        body=tuple(_highlight(fragment) for fragment in marked.body),
        captions=tuple(_caption(caption) for caption in marked.captions),
        names=tuple(NameHighlight(part, fragment_html(f), f.text, f.marks) for part, f in marked.names),
        removed=tuple(
            RemovedHighlight(r.part, fragment_html(r.fragment), r.fragment.text, r.fragment.marks, r.source, r.captured)
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
    return FacetShape(tuple(FacetValueShape(v.value, v.count) for v in facet.values), facet.distinct)


def iso(printed: PrintedDate | None) -> str | None:
    return printed.iso if printed else None
