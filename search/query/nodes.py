"""The query tree: a small closed set of nodes that the engines, the highlighter and the oracle each walk.

`search/query/parsing/parser.py` builds the tree from typed text, and the engines answer it:

    And((Word("negotiations"), Phrase(("high", "level"), field="headline")))

The meaning of each leaf, over the passages of an article (search/model/article.py) and their terms (search/analysis/analyzer.py):
- Word: a passage of the field has a *bag* term of the word, in any language of the archive (`word_terms`). In a name field
  (`NAME_FIELDS`) names are not stemmed, and the *exact* term counts.
- Phrase: the words, as exact terms, are next to each other in one passage. A single word is a phrase too: unstemmed.
- PhrasePrefix: the words of a phrase, at least one, directly followed by a term that starts with `start`.
- Near: both exact terms in the text of the same field, with at most `distance` other words between them, in either order, at two
  different positions. Two paragraphs are one word apart; two values of any other part (captions, authors …) are too far apart.
- Prefix, Wildcard, Fuzzy: an exact term of the field starts with this; matches with ? for one character and * for any number; is
  at most `edits` edits away (optimal string alignment: insertion, deletion, substitution, transposition).
- Quoted: one and the same quote has both the words and the speaker. Otherwise two quotes are too far apart for any leaf, and so
  are the paragraphs of a long one.
- The field ANY means all of ANY_FIELDS; a leaf matches there if it matches in one of them.
- BagTerm: the article has the bag term among the words of ANY_FIELDS. It cannot be typed; feedback uses it
  (search/ranking/feedback.py).
- Removed: a current version that does not match the part, while an earlier version of the article does. Added: a current version
  that matches the part, while an earlier version of the article does not. Neither finds earlier versions.
- InstantRange: when the article was added, or its text changed, is in the inclusive range.
- FieldEquals: the article's keyword equals the value. Has: the article has the feature. DateRange: its day is in the inclusive
  range, which is never true of an undated article.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from search.model.article import Article, tiebreak_key
from search.model.instants import instant_number
from search.model.results import Facet, Hit, Period

ANY = "any"
TEXT_FIELDS = ("headline", "body", "caption", "said")
"""Prose fields, whose words are stemmed. "said" is the text of quotes."""
NAME_FIELDS = ("credit", "author", "place", "tag", "section", "publisher", "url", "by")
"""Name fields, whose words are folded but not stemmed. "by" is the person quoted."""
ANY_FIELDS = ("headline", "body", "caption", "credit", "author", "place", "tag")
"""Where a word without a field is searched."""
FACETS = ("section", "author", "publisher", "language", "tag", "year")
"""Keywords that can be counted. `FieldEquals` and filters take these and "collection"."""


class Word(msgspec.Struct, frozen=True):
    """`text`: one word as typed, lower case, accents kept (tokens.Token.word)."""

    text: str
    field: str = ANY


class Phrase(msgspec.Struct, frozen=True):
    """`words`: exact terms."""

    words: tuple[str, ...]
    field: str = ANY


class PhrasePrefix(msgspec.Struct, frozen=True):
    """`words`: exact terms; `start`: the beginning of the exact term after them."""

    words: tuple[str, ...]
    start: str
    field: str = ANY


class Near(msgspec.Struct, frozen=True):
    """`first`, `second`: exact terms."""

    first: str
    second: str
    distance: int
    field: str = ANY


class Prefix(msgspec.Struct, frozen=True):
    """`start`: the beginning of an exact term."""

    start: str
    field: str = ANY


class Wildcard(msgspec.Struct, frozen=True):
    """`pattern`: an exact term with * and ?."""

    pattern: str
    field: str = ANY


class Fuzzy(msgspec.Struct, frozen=True):
    """`word`: an exact term; `edits`: 1 or 2."""

    word: str
    edits: int = 1
    field: str = ANY


class Quoted(msgspec.Struct, frozen=True):
    """`words`: a leaf in the field "said"; `speaker`: a leaf in the field "by"."""

    words: "TextLeaf"
    speaker: "TextLeaf"


class BagTerm(msgspec.Struct, frozen=True):
    """`text`: a bag term as stored in the index."""

    text: str


class FieldEquals(msgspec.Struct, frozen=True):
    """`field`: one of FACETS, "collection", or "group" (of wire copies); `value`: as stored; a year has four digits."""

    field: str
    value: str


class Has(msgspec.Struct, frozen=True):
    """`feature`: one of article.FEATURES."""

    feature: str


class DateRange(msgspec.Struct, frozen=True):
    """Day numbers, both inclusive; None leaves that end open."""

    first: int | None
    last: int | None


class InstantRange(msgspec.Struct, frozen=True):
    """`field`: one of INSTANTS; instants (search/model/instants.py), both inclusive; None leaves that end open."""

    field: str
    first: int | None
    last: int | None


class MatchAll(msgspec.Struct, frozen=True):
    pass


class MatchNone(msgspec.Struct, frozen=True):
    pass


class And(msgspec.Struct, frozen=True):
    parts: tuple["Query", ...]


class Or(msgspec.Struct, frozen=True):
    parts: tuple["Query", ...]


class AtLeast(msgspec.Struct, frozen=True):
    """Matches articles that match at least `least` of the parts (1 or more), and scores like Or."""

    parts: tuple["Query", ...]
    least: int


class Not(msgspec.Struct, frozen=True):
    part: "Query"


class Removed(msgspec.Struct, frozen=True):
    """A filter. `part`: text leaves, possibly joined by And and Or."""

    part: "Query"


class Added(msgspec.Struct, frozen=True):
    """Scores like its part. `part`: text leaves, possibly joined by And and Or."""

    part: "Query"


TextLeaf = Word | Phrase | PhrasePrefix | Near | Prefix | Wildcard | Fuzzy
Leaf = TextLeaf | Quoted
Filter = FieldEquals | Has | DateRange | InstantRange
Query = Leaf | BagTerm | Filter | MatchAll | MatchNone | And | Or | AtLeast | Not | Removed | Added

OrderBy = Literal["relevance", "newest", "oldest", "added", "changed"]
INSTANTS = ("added", "changed")
"""The orders by an instant of the article (article.Article), the latest first."""
INSTANT_SHIFT = 63
"""In a place_of such an order the instant is above these bits, which hold the tiebreak_key."""
Interval = Literal["year", "month", "day"]


PreferenceKind = Literal["proximity", "exact", "recency", "feedback"]
MAX_NEAR_ARTICLES = 2_000
"""Proximity is preferred only if the rarer of the words is in at most this many articles. This bounds the cost, and for frequent
words proximity means little."""


MAX_EXACT_ARTICLES = 100_000
"""A word in the form typed is preferred only if at most this many articles have it so, which bounds the cost likewise."""


class Preference(msgspec.Struct, frozen=True):
    """Adds `weight` times its score to a hit that matches it; the score of a filter counts as 1. A Near, or a single word, that
    is too frequent (MAX_NEAR_ARTICLES, MAX_EXACT_ARTICLES) adds nothing. `kind`: what is preferred, such as proximity or the
    exact form."""

    query: Query
    weight: float
    kind: PreferenceKind = "proximity"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """The request to an engine: hits `start` to `start + size` (from 0) of the articles that match `query` and `filters`.

    filters: for each name (a facet, "collection" or "source"), the values of which an article must have one; several names are
    combined with AND. The counts of a facet ignore its own filter, so that the other values keep their counts.
    facets: the names to count, from FACETS, or "group"; facet_size: the maximum number of values each, sorted by count, then by
    value.
    timeline: the length of the periods by which to count hits; None for no timeline.
    versions: False finds only current articles, True earlier versions too.
    prefer: affects only the relevance order, never which articles match.
    after: the `place_of` a hit; only hits that follow it are returned, in any order but that by relevance. Total, facets and
    timeline still cover all hits.
    collapse: only the first match of a group of wire copies (search/indexing/near_duplicates.py) is a hit, and lists the others.
    A match after `after` is not a hit if another member of its group comes before. Facets and timeline still count articles.
    Earlier versions belong to no group.
    feedback: when sorting by relevance, the first hits of the query, in the order given by `prefer`, suggest related terms: those
    that distinguish them from other articles are preferred too (search/ranking/feedback.py). The first few hits keep their places
    (Hit.kept).
    counted: False if neither the totals nor the copies of the hits are wanted; total, articles and copy_count are then 0.
    A query without words (`has_words`) is sorted by "newest" if order_by is "relevance".
    """

    query: Query
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    order_by: OrderBy = "relevance"
    start: int = 0
    size: int = 10
    facets: tuple[str, ...] = ()
    facet_size: int = 20
    timeline: Interval | None = None
    versions: bool = False
    prefer: tuple[Preference, ...] = ()
    after: int | None = None
    collapse: bool = False
    feedback: bool = False
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Results:
    """The answer of an engine.

    `total` is the exact number of hits, `articles` the exact number of matching articles, which is greater if hits are collapsed.
    `timeline` has the periods with hits, in ascending order, without undated hits. `generation` identifies the state of the index
    that answered. `preferred`: what affected the relevance order besides the query; feedback does not apply to the kept hits.
    """

    total: int
    hits: tuple[Hit, ...] = ()
    facets: tuple[Facet, ...] = ()
    timeline: tuple[Period, ...] = ()
    generation: str = ""
    articles: int = 0
    preferred: tuple[Preference, ...] = ()


def place_of(article: Article, order_by: OrderBy) -> int:
    """Where the article stands in an order that is not by relevance."""
    instants = {"added": article.added, "changed": article.changed}
    return (instant_number(instants.get(order_by)) << INSTANT_SHIFT) | tiebreak_key(article)


def leaves(query: Query) -> list[Leaf]:
    """The leaves that a hit may show, from left to right, without repeats: those not under a Not (under two they count again)."""
    return list(dict.fromkeys(_leaves(query, positive=True)))


def _leaves(query: Query, positive: bool) -> Iterator[Leaf]:
    match query:
        case And(parts) | Or(parts) | AtLeast(parts):
            for part in parts:
                yield from _leaves(part, positive)
        case Not(part):
            yield from _leaves(part, not positive)
        case Added(part):
            yield from _leaves(part, positive)
        case Word() | Phrase() | PhrasePrefix() | Near() | Prefix() | Wildcard() | Fuzzy() | Quoted():
            if positive:
                yield query


def removals(query: Query, positive: bool = True) -> list[Removed]:
    """The Removed nodes, in order, that are not under a Not."""
    match query:
        case And(parts) | Or(parts) | AtLeast(parts):
            return [removal for part in parts for removal in removals(part, positive)]
        case Not(part):
            return removals(part, not positive)
        case Removed():
            return [query] if positive else []
        case _:
            return []


def has_words(query: Query) -> bool:
    """Whether matches have a score."""
    match query:
        case BagTerm():
            return True
        case Or(parts):
            return any(map(has_words, parts))
        case _:
            return bool(leaves(query))


def parts_of_field(name: str) -> tuple[str, ...]:
    """The index fields that a query field stands for."""
    return ANY_FIELDS if name == ANY else (name,)
