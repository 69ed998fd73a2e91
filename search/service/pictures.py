"""Pictures: a search of captions and credits -> the captions that it finds, article by article.

    find_pictures(reader, SearchParams("truce"), "Ada Marsh", Limits())
    -> FoundPictures(articles=12, found=(ArticlePictures(article, (CaptionFragment(…), CaptionFragment(…))), …), …)

An article is found if its captions and credits have all that the query asks for. Shown are those of its captions that have it all
by themselves, or, if the words stand in several, those that have some of it. Without words: all captions.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from search.engines.protocol import Reader
from search.errors import QueryRefused
from search.highlight.fragments import LeafMark, whole
from search.highlight.highlighter import Place, leaf_marks
from search.model.article import Article, Caption
from search.model.results import CaptionFragment, FacetValue, Fragment
from search.query.nodes import Added, And, AtLeast, Has, Leaf, Or, OrderBy, Query, Quoted, SearchRequest, has_words, leaves
from search.query.parsing.in_quotes import quotation
from search.query.parsing.parser import Understood, parse
from search.query.parsing.synonyms import NO_SPELLINGS, Spellings
from search.service.export import unhurried
from search.service.search import SearchParams, check, search_request
from search.settings import Limits

SEARCHED = ("caption", "credit")
SAMPLE = 40
"""Photographers are looked for in so many articles, which takes as long as two pages of pictures."""
PHOTOGRAPHERS = 8
"""So many are counted, those with the most pictures in the sample."""
_ANY_PICTURE = Or((Has("caption"), Has("credit")))


@dataclass(frozen=True, slots=True)
class ArticlePictures:
    """Of one article, in its order. `together`: each has by itself all that was asked for."""

    article: Article
    captions: tuple[CaptionFragment, ...]
    together: bool = True


@dataclass(frozen=True, slots=True)
class FoundPictures:
    """articles: exactly how many have such pictures; found: those of a page, each with at least one picture; pages: those that
    can be opened."""

    understood: Understood
    order_by: OrderBy
    articles: int
    found: tuple[ArticlePictures, ...]
    pages: int

    @property
    def count(self) -> int | None:
        """The number of pictures, if all are on this page."""
        return sum(len(each.captions) for each in self.found) if self.articles == len(self.found) else None


def has_pictures(reader: Reader) -> bool:
    """Whether there is any in the archive."""
    return bool(reader.search(SearchRequest(_ANY_PICTURE, size=0)).total)


def find_pictures(
    reader: Reader, question: SearchParams, credit: str, limits: Limits, spellings: Spellings = NO_SPELLINGS
) -> FoundPictures:
    """A page of them; `credit`: only of this photographer, "" for all. Raises BadRequest, QueryRefused or EngineError."""
    sought = _Sought(question, credit, limits, spellings)
    results = reader.search(sought.request)
    found = tuple(sought.shown(hit.article, reader.frequent_languages) for hit in results.hits)
    pages = min(-(-results.total // question.page_size), limits.hits // question.page_size)
    return FoundPictures(sought.understood, sought.request.order_by, results.total, found, pages)


def all_pictures(
    reader: Reader, question: SearchParams, credit: str, limits: Limits, spellings: Spellings = NO_SPELLINGS
) -> Iterator[ArticlePictures]:
    """Those of all articles, newest first unless the question says oldest. Raises as `find_pictures`."""
    order: OrderBy = "oldest" if question.order_by == "oldest" else "newest"
    sought = _Sought(replace(question, order_by=order, page=1), credit, limits, spellings)
    for article in unhurried(reader.articles(sought.request)):
        yield sought.shown(article, reader.frequent_languages)


@dataclass(frozen=True, slots=True)
class Photographers:
    """With the exact number of articles that have pictures by each; `complete`: whether all articles were looked through for
    them."""

    values: tuple[FacetValue, ...]
    complete: bool


def find_photographers(
    reader: Reader, question: SearchParams, limits: Limits, spellings: Spellings = NO_SPELLINGS
) -> Photographers:
    """Those with the most pictures in the newest SAMPLE articles found. Raises as `find_pictures`."""
    sought = _Sought(replace(question, page=1), "", limits, spellings)
    sample = reader.search(replace(sought.request, order_by="newest", size=SAMPLE))
    names: Counter[str] = Counter()
    for hit in sample.hits:
        shown = sought.shown(hit.article, reader.frequent_languages).captions
        names.update({photographer(caption.credit.text) for caption in shown if caption.credit})
    likely = [name for name, _ in names.most_common() if is_searchable(name, limits)][:PHOTOGRAPHERS]
    counted = reader.search_each([replace(sought.by(name, limits), size=0) for name in likely])
    values = (FacetValue(name, found.total) for name, found in zip(likely, counted, strict=True) if found.total)
    return Photographers(tuple(sorted(values, key=lambda value: -value.count)), sample.total <= SAMPLE)


def photographer(credit: str) -> str:
    """Ada Marsh/The Beacon -> Ada Marsh"""
    return credit.partition("/")[0].strip()


def is_searchable(name: str, limits: Limits) -> bool:
    """Whether a search can ask for this photographer: some credits are whole paragraphs, others have no word."""
    with suppress(QueryRefused):
        return has_words(_credited(name, limits))
    return False


class _Sought:
    """What is asked: of an article, and of each of its captions."""

    def __init__(self, question: SearchParams, credit: str, limits: Limits, spellings: Spellings) -> None:
        check(question, limits)
        self.understood = parse(question.text, limits, SEARCHED, spellings, question.today)
        typed = self.understood.query
        self._query: Query = And((typed, _credited(credit, limits))) if credit else typed
        self._numbers = {leaf: number for number, leaf in enumerate(leaves(self._query))}
        self._typed = {self._numbers[leaf] for leaf in leaves(typed)}
        self._anybody = search_request(question, And((typed, _ANY_PICTURE)))
        self.request = self.by(credit, limits) if credit else self._anybody

    def by(self, name: str, limits: Limits) -> SearchRequest:
        """The same, but only pictures of this photographer."""
        return replace(self._anybody, query=And((self._anybody.query, _credited(name, limits))))

    def shown(self, article: Article, languages: tuple[str, ...]) -> ArticlePictures:
        marks = leaf_marks(article, self._query, languages)
        anywhere = {mark.leaf for some in marks.values() for mark in some}
        some, whole_query = [], []
        for index in range(len(article.captions)):
            here = {mark.leaf for part in SEARCHED for mark in marks.get((part, index), ())}
            if here:
                some.append(index)
            if self._is_met(self._query, here, anywhere):
                whole_query.append(index)
        chosen = whole_query or some or range(len(article.captions))
        fragments = tuple(self._fragments(article.captions[index], index, marks) for index in chosen)
        return ArticlePictures(article, fragments, together=bool(whole_query))

    def _fragments(self, caption: Caption, index: int, marks: dict[Place, list[LeafMark]]) -> CaptionFragment:
        """With the marks of what was typed: the photographer chosen is on every picture."""

        def fragment(part: str, text: str | None) -> Fragment | None:
            return whole(text, [mark for mark in marks.get((part, index), ()) if mark.leaf in self._typed]) if text else None

        return CaptionFragment(fragment("caption", caption.text), fragment("credit", caption.credit), index)

    def _is_met(self, query: Query, here: Collection[int], anywhere: Collection[int]) -> bool:
        """Whether a caption with its credit has what the query asks of captions; whatever else it asks holds for the article."""
        match query:
            case And(parts):
                return all(self._is_met(part, here, anywhere) for part in parts)
            case Or(parts):
                return any(self._is_met(part, here, anywhere) for part in parts)
            case AtLeast(parts, least):
                return sum(self._is_met(part, here, anywhere) for part in parts) >= least
            case Added(part):
                return self._is_met(part, here, anywhere)
        if not isinstance(query, Leaf):
            return True
        in_captions = not isinstance(query, Quoted) and query.field in SEARCHED
        return self._numbers[query] in (here if in_captions else anywhere)


def _credited(name: str, limits: Limits) -> Query:
    try:
        return parse(quotation(name), limits, ("credit",)).query
    except QueryRefused as error:
        raise QueryRefused(error.limit, error.allowed, str(error), "credit") from error
