"""(stored article, Query) -> what a hit shows: position-true marks, and the fragments that show most of the query.

    highlight(article, parse('"peace talks" OR geneva').query)
    -> Highlights(headline=Fragment("Talks in Geneva", ((9, 15),)), body=(Fragment("…the peace talks…", ((4, 15),)),))

Marks are exactly what made a leaf of the query match (search/query.py): words by their stem, phrases only as the phrase. What
is excluded or only filters is never marked. Candidates are looked for among the passage's pieces between blanks, whose
analysis is cached; only passages that have some are analysed with positions.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from search.analysis import (
    chunk_bag_terms,
    chunk_compounds,
    compound_bag_tokens,
    exact_spans,
    exact_terms,
    fold,
    stems,
)
from search.article import Article, Passage, passages
from search.document import gap_before
from search.fragments import LeafMark, beginning, best_fragments, whole
from search.query import (
    NAME_FIELDS,
    Fuzzy,
    Near,
    Phrase,
    Prefix,
    Query,
    TextLeaf,
    Wildcard,
    Word,
    leaves,
    parts_of_field,
)
from search.results import CaptionFragment, Fragment, Highlights, Mark

Place = tuple[str, int]
"""Passage.part and Passage.index."""


def highlight(article: Article, query: Query) -> Highlights:
    """What to show of a hit; see results.Highlights."""
    found = leaf_marks(article, query)
    texts = {(p.part, p.index): p for p in passages(article)}
    headline = texts.get(("headline", 0))
    return Highlights(
        headline=whole(headline.text, found.get(("headline", 0), [])) if headline else None,
        body=best_fragments([(p.text, found[place]) for place, p in texts.items() if p.field == "body" and place in found])
        or beginning(article),
        captions=_captions(texts, found),
        names=tuple(
            (part, whole(texts[part, index].text, found[part, index]))
            for part, index in texts
            if (part, index) in found and part in NAME_FIELDS and part != "credit"
        ),
    )


def marks(article: Article, query: Query) -> dict[Place, tuple[Mark, ...]]:
    """All marks of an article, by passage; they do not overlap."""
    return {place: whole("", some).marks for place, some in leaf_marks(article, query).items()}


def leaf_marks(article: Article, query: Query) -> dict[Place, list[LeafMark]]:
    """For each passage that has any: what matched, in order of place."""
    by_field: dict[str, list[_Text]] = defaultdict(list)
    for passage in passages(article):
        by_field[passage.field].append(_Text(passage, set(passage.text.split())))
    found: dict[Place, list[LeafMark]] = defaultdict(list)
    for number, (fields, find) in enumerate(_finders(query, article.language)):
        for field in fields:
            for passage, start, end in find(by_field.get(field, [])):
                found[passage.part, passage.index].append(LeafMark(start, end, number))
    return {place: sorted(some, key=lambda m: (m.start, m.end)) for place, some in found.items()}


@dataclass(frozen=True, slots=True)
class _Text:
    passage: Passage
    chunks: set[str]
    """Its pieces between blanks."""


Match = tuple[Passage, int, int]
Finder = Callable[[list[_Text]], Iterable[Match]]


@lru_cache(maxsize=64)
def _finders(query: Query, language: str | None) -> list[tuple[tuple[str, ...], Finder]]:
    """For each leaf: the fields it looks at, and what finds its matches in a field's texts. Kept for the next hits, since a
    finder remembers the pieces it has seen."""
    return [(parts_of_field(leaf.field), _finder(leaf, language)) for leaf in leaves(query)]


def _finder(leaf: TextLeaf, language: str | None) -> Finder:
    match leaf:
        case Word() if leaf.field in NAME_FIELDS:
            return _term_finder(fold(leaf.text).__eq__)
        case Word():
            return _word_finder(frozenset(stems(leaf.text, language) + stems(leaf.text, None)), language)
        case Phrase(words) if len(words) == 1:
            return _term_finder(words[0].__eq__)
        case Phrase(words):
            return lambda texts: _phrases(texts, words)
        case Near():
            return lambda texts: _near([text.passage for text in texts], leaf)
        case Prefix(start):
            return _term_finder(lambda term: term.startswith(start))
        case Wildcard(pattern):
            return _term_finder(lambda term: _wildcard(pattern).fullmatch(term) is not None)
        case Fuzzy(word, edits):
            return _term_finder(lambda term: within_edits(word, term, edits))


def _word_finder(wanted: frozenset[str], language: str | None) -> Finder:
    def spans(chunk: str, initials: bool) -> list[Mark]:
        if wanted.isdisjoint(chunk_bag_terms(chunk, language, initials)):
            return []
        terms = [t for compound in chunk_compounds(chunk) for t in compound_bag_tokens(compound, language, initials)]
        return [(term.start, term.end) for term in terms if term.term in wanted]

    return _chunk_finder(spans)


def _term_finder(accepts: Callable[[str], bool]) -> Finder:
    def spans(chunk: str, _initials: bool) -> list[Mark]:
        tokens = [token for compound in chunk_compounds(chunk) for token in compound.tokens]
        return [(token.start, token.end) for token in tokens if accepts(token.term)]

    return _chunk_finder(spans)


_MAX_REMEMBERED = 100_000


def _chunk_finder(spans: Callable[[str, bool], list[Mark]]) -> Finder:
    """Finds what lies within pieces between blanks; `spans` gives a piece's matches."""
    seen: set[str] = set()
    matching: set[str] = set()  # those of them that match in any kind of text

    def find(texts: list[_Text]) -> Iterable[Match]:
        for text in texts:
            new = text.chunks - seen
            if new:
                if len(seen) > _MAX_REMEMBERED:
                    seen.clear()
                seen.update(new)
                matching.update(chunk for chunk in new if spans(chunk, True))
            here = text.chunks & matching
            if here:
                initials = not text.passage.text.isupper()
                for chunk in here:
                    for offset in _places(text.passage.text, chunk):
                        for start, end in spans(chunk, initials):
                            yield text.passage, offset + start, offset + end

    return find


def _places(text: str, chunk: str) -> Iterator[int]:
    """Where the piece stands between blanks."""
    at = text.find(chunk)
    while at >= 0:
        end = at + len(chunk)
        if (at == 0 or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield at
        at = text.find(chunk, at + 1)


def _phrases(texts: list[_Text], words: tuple[str, ...]) -> Iterator[Match]:
    length = len(words)
    for text in texts:
        if _may_have(text.passage.text, words):
            terms = exact_terms(text.passage.text)
            starts = [i for i, term in enumerate(terms) if term == words[0] and tuple(terms[i : i + length]) == words]
            spans = exact_spans(text.passage.text) if starts else []
            for i in starts:
                yield text.passage, spans[i][0], spans[i + length - 1][1]


def _near(texts: list[Passage], leaf: Near) -> Iterable[Match]:
    """Both words of every pair that is close enough; pairs may lie in two paragraphs (document.gap_before)."""
    if not any(_may_have(p.text, (leaf.first,)) for p in texts) or not any(_may_have(p.text, (leaf.second,)) for p in texts):
        return []
    places: dict[str, list[tuple[int, Match]]] = {leaf.first: [], leaf.second: []}
    position = 0
    for passage in texts:
        position += gap_before(passage) if position else 0
        for term, (start, end) in zip(exact_terms(passage.text), exact_spans(passage.text), strict=True):
            if term in places:
                places[term].append((position, (passage, start, end)))
            position += 1
    close: dict[int, Match] = {}
    for here, first in places[leaf.first]:
        for there, second in places[leaf.second]:
            if 1 <= abs(here - there) <= leaf.distance + 1:
                close |= {here: first, there: second}
    return close.values()


def _may_have(text: str, words: tuple[str, ...]) -> bool:
    """Whether ASCII text may have these exact terms; cheap, and never False wrongly."""
    if not text.isascii():
        return True
    lower = text.lower()
    return all(word in lower or "." in word for word in words)


@lru_cache(maxsize=256)
def _wildcard(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), re.DOTALL)


def within_edits(a: str, b: str, edits: int) -> bool:
    """Whether a becomes b by at most that many inserted, deleted, changed characters or swapped neighbours, no stretch
    being edited twice (optimal string alignment, Herranz et al. 2011)."""
    if abs(len(a) - len(b)) > edits:
        return False
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > edits and min(last) > edits:
            return False
        before, last = last, row
    return last[-1] <= edits


_MAX_CAPTIONS = 3


def _captions(texts: dict[Place, Passage], found: dict[Place, list[LeafMark]]) -> tuple[CaptionFragment, ...]:
    """The captions whose text or credit matched: those showing most of the query, in reading order."""
    matched = {index for part, index in found if part in ("caption", "credit")}

    def leaves_shown(index: int) -> int:
        return len({m.leaf for part in ("caption", "credit") for m in found.get((part, index), [])})

    def fragment(part: str, index: int) -> Fragment | None:
        return whole(texts[part, index].text, found.get((part, index), [])) if (part, index) in texts else None

    best = sorted(sorted(matched, key=lambda index: (-leaves_shown(index), index))[:_MAX_CAPTIONS])
    return tuple(CaptionFragment(fragment("caption", index), fragment("credit", index), index) for index in best)
