"""The components of results: hits with their fragments, facets, timeline periods.

A fragment is plain text with marks as code point offsets; search/serialize turns it into HTML.
"""

from dataclasses import dataclass

from search.model.article import Article

COPIES_SHOWN = 10
"""The maximum number of copies listed with a hit."""

Mark = tuple[int, int]
"""Start and end (exclusive) of a match, in code points of the fragment's text."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """`text` is a substring of the stored passage; `cut_start`, `cut_end`: whether the passage continues there."""

    text: str
    marks: tuple[Mark, ...] = ()
    cut_start: bool = False
    cut_end: bool = False


@dataclass(frozen=True, slots=True)
class CaptionFragment:
    text: Fragment | None
    credit: Fragment | None
    index: int
    """Its position among the article's captions."""


@dataclass(frozen=True, slots=True)
class RemovedFragment:
    """Text that this version has and the current one does not; `part` as in article.Passage."""

    fragment: Fragment
    part: str
    version: Article


@dataclass(frozen=True, slots=True)
class Highlights:
    """What a hit shows. `headline` is whole. `body` and `captions` are the best few fragments; all have marks, unless nothing in
    the body matched: then `body` is the beginning of the article, unmarked. `names`: (part, fragment) for every other marked
    passage: author, place, tag, section, publisher, url, and alternative_headline if it has words that the headline lacks.
    `removed`: for articles found by `removed:`, where an earlier version had the words."""

    headline: Fragment | None = None
    body: tuple[Fragment, ...] = ()
    captions: tuple[CaptionFragment, ...] = ()
    names: tuple[tuple[str, Fragment], ...] = ()
    removed: tuple[RemovedFragment, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` is 0 unless sorted by relevance. `current` is False for an earlier version. If results are collapsed, `copies` are
    the first COPIES_SHOWN of the `copy_count` other matching articles in its group, in the same order. `kept`: for a hit that
    feedback leaves in place, one of the first or, of many, behind those it looks at, the amount by which its score was raised;
    otherwise None."""

    article: Article
    score: float = 0.0
    current: bool = True
    copies: tuple[Article, ...] = ()
    copy_count: int = 0
    kept: float | None = None


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values first; `distinct` is the number of distinct values, perhaps an estimate if over a thousand."""

    name: str
    values: tuple[FacetValue, ...]
    distinct: int


@dataclass(frozen=True, slots=True)
class Period:
    """`start` is "2022", "2022-03" or "2022-03-04". `count`: hits in the period; `archive`: all current articles in it."""

    start: str
    count: int
    archive: int
