"""What results are made of: hits with their fragments, facets, periods of a timeline.

A fragment is plain text with marks as code point offsets; HTML is made of it in web/ and nowhere else.
"""

from dataclasses import dataclass

from search.model.article import Article

COPIES_SHOWN = 10
"""Copies that come with a hit, at most."""

Mark = tuple[int, int]
"""Start and end (exclusive) of a match, in code points of the fragment's text."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """`text` is a substring of the stored passage; `cut_start`, `cut_end`: whether the passage goes on there."""

    text: str
    marks: tuple[Mark, ...] = ()
    cut_start: bool = False
    cut_end: bool = False


@dataclass(frozen=True, slots=True)
class CaptionFragment:
    text: Fragment | None
    credit: Fragment | None
    index: int
    """Which of the article's captions this is."""


@dataclass(frozen=True, slots=True)
class RemovedFragment:
    """What the version from `source`, saved at `captured`, said and the current one does not; `part` as article.Passage
    has it."""

    fragment: Fragment
    part: str
    source: str
    captured: str | None


@dataclass(frozen=True, slots=True)
class Highlights:
    """What a hit shows. `headline` is whole; `body` and `captions` are the best few, only such with marks unless nothing
    in the body matched (then `body` is the article's beginning, unmarked); `names`: (part, fragment) of every other marked
    passage: author, place, tag, section, publisher, url, and alternative_headline if it has words that the headline has not.
    `removed`: of an article found by words that an earlier version had,
    where they stood."""

    headline: Fragment | None = None
    body: tuple[Fragment, ...] = ()
    captions: tuple[CaptionFragment, ...] = ()
    names: tuple[tuple[str, Fragment], ...] = ()
    removed: tuple[RemovedFragment, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` is 0 when not ordered by relevance. `current` is False for an earlier version. Where hits are collapsed, `copies`
    are the first COPIES_SHOWN of the `copy_count` other articles of its group that are found too, in the same order. `kept`: of
    one of the first hits, which feedback leaves in their places, what its score was raised by; None of all others."""

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
    """The values with most articles first; `distinct` is how many values there are in all, exact."""

    name: str
    values: tuple[FacetValue, ...]
    distinct: int


@dataclass(frozen=True, slots=True)
class Period:
    """`start` is "2022", "2022-03" or "2022-03-04". `count`: hits of the period; `archive`: all current articles of it."""

    start: str
    count: int
    archive: int
