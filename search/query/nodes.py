"""The Query tree: what is looked for, in a small closed set of nodes; engines, highlighter and oracle each walk it.

`search/query/parsing/parser.py` makes a tree of what a person types, the engines answer it:

    and(Word("negotiations"), Phrase(("high", "level"), field="headline"))

What each leaf means, over the passages of an article (search/model/article.py) and their terms (search/analysis/analyzer.py):
- Word: some passage of the field has a *bag* term of the word, in any language of the archive (`word_terms`). In a name
  field (`NAME_FIELDS`) names are not stemmed: the *exact* term counts.
- Phrase: the words, exact terms, stand next to each other in one passage. One word is a phrase too: unstemmed.
- PhrasePrefix: the words of a phrase, one at least, and right after them a term that begins so.
- Near: both exact terms in the same field's text, at most `distance` other words between them, in either order, at two
  different places. Two paragraphs are one word apart, two values of any other part (captions, authors …) too far.
- Prefix, Wildcard, Fuzzy: some exact term of the field begins so; matches with ? one and * any number of characters;
  is at most `edits` edits away (optimal string alignment: insert, delete, change, swap neighbours).
- Quoted: some one quote has both the words and the speaker. Apart from that, two quotes are too far from each other for any
  leaf, and so are the paragraphs of a long one.
- Field ANY is all of ANY_FIELDS together; a leaf matches there if it matches in one of them.
- BagTerm: the article has the bag term among the words of ANY_FIELDS. Nobody types it; feedback is made of it
  (search/ranking/feedback.py).
- Removed: a current version that does not match the part, of an article of which some earlier version does. Added: a current
  version that matches the part, of an article of which some earlier version does not. Neither ever finds an earlier version.
- FieldEquals: the article's keyword equals it. Has: the article has the feature. DateRange: its day lies in the inclusive range,
  never true of an undated article.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from search.model.results import Facet, Hit, Period

ANY = "any"
TEXT_FIELDS = ("headline", "body", "caption", "said")
"""Fields of prose: words are stemmed there. "said" is what stands in quotation marks."""
NAME_FIELDS = ("credit", "author", "place", "tag", "section", "publisher", "url", "by")
"""Fields of names: words are folded, not stemmed. "by" is who is quoted."""
ANY_FIELDS = ("headline", "body", "caption", "credit", "author", "place", "tag")
"""What a word without a field is looked for in."""
FACETS = ("section", "author", "publisher", "language", "tag", "year")
"""Keywords that can be counted; `FieldEquals` and filters take these, and "collection"."""


@dataclass(frozen=True, slots=True)
class Word:
    """`text`: one word as typed, lower case, accents kept (tokens.Token.word)."""

    text: str
    field: str = ANY


@dataclass(frozen=True, slots=True)
class Phrase:
    """`words`: exact terms."""

    words: tuple[str, ...]
    field: str = ANY


@dataclass(frozen=True, slots=True)
class PhrasePrefix:
    """`words`: exact terms; `start`: the beginning of the exact term after them."""

    words: tuple[str, ...]
    start: str
    field: str = ANY


@dataclass(frozen=True, slots=True)
class Near:
    """`first`, `second`: exact terms."""

    first: str
    second: str
    distance: int
    field: str = ANY


@dataclass(frozen=True, slots=True)
class Prefix:
    """`start`: the beginning of an exact term."""

    start: str
    field: str = ANY


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`pattern`: an exact term with * and ?."""

    pattern: str
    field: str = ANY


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """`word`: an exact term; `edits`: 1 or 2."""

    word: str
    edits: int = 1
    field: str = ANY


@dataclass(frozen=True, slots=True)
class Quoted:
    """`words`: a leaf of the field "said"; `speaker`: one of the field "by"."""

    words: "TextLeaf"
    speaker: "TextLeaf"


@dataclass(frozen=True, slots=True)
class BagTerm:
    """`text`: a bag term, as it stands in the index."""

    text: str


@dataclass(frozen=True, slots=True)
class FieldEquals:
    """`field`: one of FACETS, "collection", or "group" (of wire copies); `value` as stored, the year as four digits."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Has:
    """`feature`: one of article.FEATURES."""

    feature: str


@dataclass(frozen=True, slots=True)
class DateRange:
    """Day numbers, both inclusive; None is open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class MatchAll:
    pass


@dataclass(frozen=True, slots=True)
class MatchNone:
    pass


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Scores as Or does, of the articles that match at least `least` of the parts (1 or more)."""

    parts: tuple["Query", ...]
    least: int


@dataclass(frozen=True, slots=True)
class Not:
    part: "Query"


@dataclass(frozen=True, slots=True)
class Removed:
    """Filters. `part`: text leaves, also joined by And and Or."""

    part: "Query"


@dataclass(frozen=True, slots=True)
class Added:
    """Scores as its part does. `part`: text leaves, also joined by And and Or."""

    part: "Query"


TextLeaf = Word | Phrase | PhrasePrefix | Near | Prefix | Wildcard | Fuzzy
Leaf = TextLeaf | Quoted
Filter = FieldEquals | Has | DateRange
Query = Leaf | BagTerm | Filter | MatchAll | MatchNone | And | Or | AtLeast | Not | Removed | Added

OrderBy = Literal["relevance", "newest", "oldest"]
Interval = Literal["year", "month", "day"]


PreferenceKind = Literal["proximity", "exact", "recency", "feedback"]
MAX_NEAR_ARTICLES = 2_000
"""Words near each other are preferred only if so few articles have the rarer of them: the time they take stays bounded, and of
frequent words nearness says little."""


@dataclass(frozen=True, slots=True)
class Preference:
    """Adds `weight` times its score to the score of a hit that matches it too; a filter's score counts as 1 here. A Near whose
    words are too frequent (MAX_NEAR_ARTICLES) adds nothing. `kind`: what is preferred: words near each other, the exact form …"""

    query: Query
    weight: float
    kind: PreferenceKind = "proximity"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What an engine is asked: hits `start` to `start + size` (from 0) of the articles that match `query` and `filters`.

    filters: for each name (a facet, "collection" or "source") the values of which an article must have one; names combine as
    AND.
    A facet's counts leave its own filter out, so that the siblings of a chosen value keep theirs.
    facets: names of FACETS, or "group", to count; facet_size: the most values each, by count, then by value.
    timeline: the hits by period of this length; None for no timeline.
    versions: False finds current articles only, True earlier versions too.
    prefer: matter to the order by relevance alone, never to what is found.
    after: the article.tiebreak_key of a hit: only hits that come after it by date, in either direction; the total, facets and
    timeline stay those of all hits.
    collapse: of a group of wire copies (search/indexing/near_duplicates.py) only the first that is found is a hit, and has the
    others with it; one that stands after `after` is none if another of its group stands before. Facets and timeline count
    articles all the same. Earlier versions are in no group.
    feedback: by relevance, the first hits of the query, as `prefer` orders it, say what else it may be about: the terms that tell
    them from other articles are preferred too (search/ranking/feedback.py). The first few stay where they are (Hit.kept).
    A query with no words (`has_words`) orders by "newest" whatever order_by says about relevance.
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


@dataclass(frozen=True, slots=True)
class Results:
    """What an engine answers.

    `total` is exact: of hits; so is `articles`: of all that is found, more than the total where hits are collapsed. `timeline`
    holds the periods that have hits, ascending; undated hits are in none of them. `generation` names the state of the index
    that answered. `preferred`: what the order by relevance went by beside the query; feedback except in the kept hits."""

    total: int
    hits: tuple[Hit, ...] = ()
    facets: tuple[Facet, ...] = ()
    timeline: tuple[Period, ...] = ()
    generation: str = ""
    articles: int = 0
    preferred: tuple[Preference, ...] = ()


def leaves(query: Query) -> list[Leaf]:
    """The leaves that a hit may show, left to right, each once: those not under a Not (under two they count again)."""
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
    """What hits may have lost: the Removed nodes, in order, that are not under a Not."""
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
    """Whether what matches has a score."""
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
