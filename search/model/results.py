"""The components of results: hits with their fragments, facets, timeline periods.

A fragment is plain text with marks as code point offsets; search/serialize turns it into HTML. There are hundreds on a page: as
structs they are made in a tenth of the time that dataclasses take.
"""

import msgspec

from search.model.article import Article

COPIES_SHOWN = 10
"""The maximum number of copies listed with a hit."""

Mark = tuple[int, int]
"""Start and end (exclusive) of a match, in code points of the fragment's text."""


class Fragment(msgspec.Struct, frozen=True):
    """`text` is a substring of the stored passage; `cut_start`, `cut_end`: whether the passage continues there."""

    text: str
    marks: tuple[Mark, ...] = ()
    cut_start: bool = False
    cut_end: bool = False


class CaptionFragment(msgspec.Struct, frozen=True):
    text: Fragment | None
    credit: Fragment | None
    index: int
    """Its position among the article's captions."""


class RemovedFragment(msgspec.Struct, frozen=True):
    """Text that this version has and the current one does not; `part` as in article.Passage."""

    fragment: Fragment
    part: str
    version: Article


class Highlights(msgspec.Struct, frozen=True):
    """What a hit shows. `headline` is whole. `body` and `captions` are the best few fragments; all have marks, unless nothing in
    the body matched: then `body` is the beginning of the article, unmarked. `names`: (part, fragment) for every other marked
    passage: author, place, tag, section, publisher, url, and alternative_headline if it has words that the headline lacks.
    `removed`: for articles found by `removed:`, where an earlier version had the words."""

    headline: Fragment | None = None
    body: tuple[Fragment, ...] = ()
    captions: tuple[CaptionFragment, ...] = ()
    names: tuple[tuple[str, Fragment], ...] = ()
    removed: tuple[RemovedFragment, ...] = ()


class Hit(msgspec.Struct, frozen=True):
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


class FacetValue(msgspec.Struct, frozen=True):
    value: str
    count: int


class Facet(msgspec.Struct, frozen=True):
    """The most frequent values first; `distinct` is the number of distinct values, perhaps an estimate if over a thousand."""

    name: str
    values: tuple[FacetValue, ...]
    distinct: int


class Period(msgspec.Struct, frozen=True):
    """`start` is "2022", "2022-03" or "2022-03-04". `count`: hits in the period; `archive`: all current articles in it."""

    start: str
    count: int
    archive: int
