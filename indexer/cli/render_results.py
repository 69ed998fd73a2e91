"""A search response as text for a terminal: numbered hits with their fragments, matches in bold."""

import re
from collections.abc import Iterable, Iterator, Sequence

import click

from search.model.article import Article
from search.model.results import Fragment, Highlights, Hit
from search.query.nodes import ANY
from search.service.search import SearchResponse
from search.service.suggestions.autocomplete import Completion
from search.service.term_reports import TermReport

_CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")


def remarks(answer: SearchResponse) -> Iterator[str]:
    """How the query was understood and how many articles match."""
    yield f"{_articles(answer.results.total)} for {answer.understood.text or 'everything'}"
    if answer.some_total:
        yield _some(answer)
    if answer.results.articles > answer.results.total:
        yield f"and {answer.results.articles - answer.results.total:,} more with the same text from other outlets"
    for name in answer.understood.widened:
        yield f"{name.name}: also searching {', '.join(name.also)}"
    if answer.suggestion:
        yield plain(f"did you mean: {answer.suggestion.text} ({_articles(answer.suggestion.total)})")
    for ignored in answer.understood.ignored:
        yield f"ignored: {ignored}"


def explanation_lines(answer: SearchResponse) -> Iterator[str]:
    """How each word was handled; nothing unless requested with --explain."""
    if answer.explanation:
        for word in answer.explanation.words:
            yield from _word(word)
        yield from map(plain, answer.explanation.notes)
        yield ""


def _word(word: TermReport) -> Iterator[str]:
    yield plain(f"{word.text}: in {_articles(word.articles)}{', excluded' if word.excluded else ''}")
    for found in word.terms:
        more = f" … ({found.distinct:,} in total)" if found.distinct > len(found.terms) else ""
        yield plain(f"   {'all fields' if found.field == ANY else found.field}: {', '.join(found.terms)}{more}")
    yield from (f"   {plain(note)}" for note in word.notes)


def hit_lines(answer: SearchResponse) -> Iterator[str]:
    first = (answer.question.page - 1) * answer.question.page_size + 1
    hits, with_all = answer.tiers.hits, len(answer.results.hits)
    parts = answer.explanation.parts if answer.explanation else ((),) * len(hits)
    for place, (hit, highlights, some) in enumerate(zip(hits, answer.highlights, parts, strict=True)):
        if place == with_all:
            yield from (f"--- {_some(answer)} ---", "")
        yield from _hit(first + place, hit, highlights)
        if some:
            sum_of = " + ".join(f"{part.score:.2f} {part.kind} of {plain(part.text)}" for part in some)
            yield f"   score {hit.score:.2f} = {sum_of}"
        yield ""
    for facet in answer.results.facets:
        yield f"{facet.name}: " + ", ".join(f"{plain(value.value)} {value.count:,}" for value in facet.values)
    for period in answer.results.timeline:
        yield f"{period.start}  {period.count:,} of {period.archive:,}"


def _some(answer: SearchResponse) -> str:
    return f"{_articles(answer.some_total, 'more ' if answer.results.total else '')} with some of your words"


def completion_line(completion: Completion) -> str:
    about = completion.article.id if completion.article else f"{completion.count:,}"
    return "\t".join((completion.kind, plain(completion.text), plain(about)))


def similar_lines(hits: Iterable[Hit]) -> Iterator[str]:
    for number, hit in enumerate(hits, 1):
        yield f"{number}. {plain(hit.article.headline or '(no headline)')}"
        yield _about(hit.article)


def _hit(number: int, hit: Hit, highlights: Highlights) -> Iterator[str]:
    headline = _marked(highlights.headline) if highlights.headline else plain(hit.article.headline or "(no headline)")
    yield f"{number}. {headline}"
    yield _about(hit.article) + ("" if hit.current else " · earlier version")
    for fragment in highlights.body:
        yield "   " + _marked(fragment)
    for removed in highlights.removed:
        yield f"   [removed since: {plain(version_names([removed.version, hit.article])[0])}] {_marked(removed.fragment)}"
    for caption in highlights.captions:
        parts = [_marked(part) for part in (caption.text, caption.credit) if part]
        yield "   [caption] " + " / ".join(parts)
    if hit.copies:
        yield f"   also in {hit.copy_count:,} outlet{'' if hit.copy_count == 1 else 's'}:"
        yield from (f"   {_about(copy)}" for copy in hit.copies)


def version_names(versions: Sequence[Article]) -> list[str]:
    """What the page of an article calls its versions."""
    from web.presenters.articles.versions import version_labels

    return version_labels(versions)


def _about(article: Article) -> str:
    about = (article.publisher, article.published and article.published.iso, article.id)
    return "   " + " · ".join(plain(part) for part in about if part)


def _marked(fragment: Fragment) -> str:
    """The fragment on one line, with matches in bold if the terminal supports it."""
    pieces, place = [], 0
    for start, end in fragment.marks:
        pieces += [plain(fragment.text[place:start]), click.style(plain(fragment.text[start:end]), bold=True)]
        place = end
    pieces.append(plain(fragment.text[place:]))
    return f"{'… ' if fragment.cut_start else ''}{''.join(pieces)}{' …' if fragment.cut_end else ''}"


def plain(text: str) -> str:
    """Replaces control characters, with which a page could manipulate the terminal."""
    return _CONTROL.sub(" ", text)


def _articles(number: int, more: str = "") -> str:
    """1 article, 2 more articles"""
    return f"{number:,} {more}article{'' if number == 1 else 's'}"
