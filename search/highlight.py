"""(stored article, Query) -> what a hit shows: position-true marks, and the fragments that show most of the query.

    highlight(article, parse('"peace talks" OR geneva').query)
    -> Highlights(headline=Fragment("Talks in Geneva", ((9, 15),)), body=(Fragment("…the peace talks…", ((4, 15),)),))

Marks are exactly what made a leaf of the query match (search/query.py): words by their stem, phrases only as the phrase. What
is excluded or only filters is never marked. Candidates are looked for among the article's pieces between blanks, whose
analysis is cached and remembered for the next hits; only passages that have some are analysed with positions.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise

from search.analysis import (
    LONGEST_REMEMBERED,
    chunk_bag_terms,
    chunk_compounds,
    chunk_exact_terms,
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
    texts = {(p.part, p.index): p for p in passages(article)}
    found = _leaf_marks(texts.values(), _sought(query, article.language))
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
    return _leaf_marks(list(passages(article)), _sought(query, article.language))


def _leaf_marks(texts: Collection[Passage], sought: "_Sought") -> dict[Place, list[LeafMark]]:
    found: dict[Place, list[LeafMark]] = defaultdict(list)
    pieces_of_leaf = sought.pieces(texts)
    if pieces_of_leaf:
        by_field: dict[str, list[Passage]] = defaultdict(list)
        for passage in texts:
            by_field[passage.field].append(passage)
        for number, pieces in pieces_of_leaf.items():
            finder = sought.finders[number]
            for field in finder.fields:
                if field in by_field:
                    for passage, start, end in finder.find(by_field[field], pieces):
                        found[passage.part, passage.index].append(LeafMark(start, end, number))
    return {place: sorted(some, key=lambda m: (m.start, m.end)) for place, some in found.items()}


# ---------------------------------------------------------------- what is looked for

Match = tuple[Passage, int, int]
Terms = frozenset[str]
MAX_REMEMBERED = 50_000


class _Vocabulary:
    """The pieces between blanks seen in texts, by their terms. Shared by all queries, so that only new pieces are analysed."""

    def __init__(self, terms_of: Callable[[str], Iterable[str]]) -> None:
        self._terms_of = terms_of
        self._seen: set[str] = set()
        self._pieces_of_term: dict[str, set[str]] = {}

    def _learn(self, pieces: set[str]) -> set[str]:
        """Takes note of the pieces; returns those it does not keep: long ones, and all new ones once it is full."""
        new = pieces - self._seen
        if len(self._seen) > MAX_REMEMBERED:
            return new
        unkept = {piece for piece in new if len(piece) > LONGEST_REMEMBERED}
        for piece in new - unkept:
            for term in self._terms_of(piece):
                self._pieces_of_term.setdefault(term, set()).add(piece)
        self._seen.update(new - unkept)  # only now: other threads rely on what is seen
        return unkept

    def having(self, terms: Terms, pieces: set[str]) -> set[str]:
        """Those of the pieces that have one of the terms."""
        unkept = self._learn(pieces)
        found = pieces.intersection(set().union(*[self._pieces_of_term.get(term, ()) for term in terms]))
        return found | {piece for piece in unkept if not terms.isdisjoint(self._terms_of(piece))} if unkept else found


_exact_vocabulary = _Vocabulary(chunk_exact_terms)


@lru_cache(maxsize=64)
def _bag_vocabulary(language: str | None) -> _Vocabulary:
    return _Vocabulary(lambda piece: chunk_bag_terms(piece, language, True))


@dataclass(frozen=True, slots=True)
class _Finder:
    """How a leaf is found. `likely`: False of an ASCII text in lower case that surely has no match, None when there is no
    telling; `chosen`: those of an article's pieces between blanks that it may be in; `find`: its matches in the texts of a
    field, given the chosen pieces."""

    fields: tuple[str, ...]
    likely: Callable[[str], bool] | None
    chosen: Callable[[set[str]], set[str]]
    find: Callable[[list[Passage], set[str]], Iterable[Match]]


class _Sought:
    """A query's leaves, ready to be looked for. Kept for the next hits."""

    def __init__(self, finders: list[_Finder]) -> None:
        self.finders = finders
        tests = [finder.likely for finder in finders if finder.likely]
        self._tests = tests if len(tests) == len(finders) else None

    def pieces(self, texts: Collection[Passage]) -> dict[int, set[str]]:
        """For each leaf that may be in the texts (its number): the pieces between blanks that it may be in."""
        pieces = set(" ".join([passage.text for passage in texts if self._is_likely(passage.text)]).split())
        return {number: chosen for number, finder in enumerate(self.finders) if (chosen := finder.chosen(pieces))}

    def _is_likely(self, text: str) -> bool:
        if self._tests is None or not text.isascii():
            return True
        lower = text.lower()
        return any(test(lower) for test in self._tests)


@lru_cache(maxsize=64)
def _sought(query: Query, language: str | None) -> _Sought:
    return _Sought([_finder(leaf, language) for leaf in leaves(query)])


def _finder(leaf: TextLeaf, language: str | None) -> _Finder:
    fields = parts_of_field(leaf.field)
    match leaf:
        case Word(text) if leaf.field in NAME_FIELDS:
            return _term_finder(fields, fold(text))
        case Word(text):
            return _word_finder(fields, frozenset(stems(text, language) + stems(text, None)), language)
        case Phrase(words) if len(words) == 1:
            return _term_finder(fields, words[0])
        case Phrase(words):
            return _exact_finder(fields, _with(*words), words, partial(_phrases, words))
        case Near(first, second):
            has_first, has_second = _with(first), _with(second)
            return _exact_finder(
                fields, lambda lower: has_first(lower) or has_second(lower), (first, second), partial(_near, leaf)
            )
        case Prefix(start):
            return _pattern_finder(fields, _with(start), lambda term: term.startswith(start))
        case Wildcard(pattern):
            start = re.split(r"[*?]", pattern)[0]
            return _pattern_finder(fields, _with(start), lambda term: _wildcard(pattern).fullmatch(term) is not None)
        case Fuzzy(word, edits):
            kept = _kept_piece(word, edits)
            return _pattern_finder(
                fields, kept, lambda term: abs(len(term) - len(word)) <= edits and kept(term) and within_edits(word, term, edits)
            )


def _with(*terms: str) -> Callable[[str], bool]:
    """Tests whether a text has these exact terms somewhere; they may end in a full stop that the text lacks (U.S)."""
    bare = [term.rstrip(".") for term in terms]
    return lambda lower: all(term in lower for term in bare)


def _word_finder(fields: tuple[str, ...], wanted: Terms, language: str | None) -> _Finder:
    @lru_cache(maxsize=1_000)
    def spans(piece: str, initials: bool) -> list[Mark]:
        terms = [t for compound in chunk_compounds(piece) for t in compound_bag_tokens(compound, language, initials)]
        return [(term.start, term.end) for term in terms if term.term in wanted]

    vocabulary = _bag_vocabulary(language)
    return _Finder(fields, None, partial(vocabulary.having, wanted), partial(_in_pieces, spans))


def _term_finder(fields: tuple[str, ...], term: str) -> _Finder:
    return _exact_finder(fields, _with(term), (term,), partial(_in_pieces, _spans_of_terms(term.__eq__)))


def _exact_finder(
    fields: tuple[str, ...],
    likely: Callable[[str], bool],
    words: Iterable[str],
    find: Callable[[list[Passage], set[str]], Iterable[Match]],
) -> _Finder:
    return _Finder(fields, likely, partial(_exact_vocabulary.having, frozenset(words)), find)


def _pattern_finder(fields: tuple[str, ...], likely: Callable[[str], bool], accepts: Callable[[str], bool]) -> _Finder:
    seen: set[str] = set()
    accepted: set[str] = set()

    def chosen(pieces: set[str]) -> set[str]:
        new = pieces - seen
        accepted.update(piece for piece in new if any(map(accepts, chunk_exact_terms(piece))))
        if len(seen) < MAX_REMEMBERED:
            seen.update(new)
        return pieces & accepted

    return _Finder(fields, likely, chosen, partial(_in_pieces, _spans_of_terms(accepts)))


def _spans_of_terms(accepts: Callable[[str], bool]) -> Callable[[str, bool], list[Mark]]:
    @lru_cache(maxsize=1_000)
    def spans(piece: str, _initials: bool) -> list[Mark]:
        tokens = [token for compound in chunk_compounds(piece) for token in compound.tokens]
        return [(token.start, token.end) for token in tokens if accepts(token.term)]

    return spans


# ---------------------------------------------------------------- where it is


def _in_pieces(spans: Callable[[str, bool], list[Mark]], texts: list[Passage], pieces: set[str]) -> Iterator[Match]:
    """The matches that lie within one piece; `spans` gives a piece's."""
    for passage in texts:
        here = [piece for piece in pieces if piece in passage.text]
        if here:
            initials = not passage.text.isupper()
            for piece in here:
                for offset in _places(passage.text, piece):
                    for start, end in spans(piece, initials):
                        yield passage, offset + start, offset + end


def _places(text: str, piece: str) -> Iterator[int]:
    """Where the piece stands between blanks."""
    at = text.find(piece)
    while at >= 0:
        end = at + len(piece)
        if (at == 0 or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield at
        at = text.find(piece, at + 1)


def _phrases(words: tuple[str, ...], texts: list[Passage], pieces: set[str]) -> Iterator[Match]:
    firsts = [piece for piece in pieces if words[0] in chunk_exact_terms(piece)]
    for passage in texts:
        if _terms_here(passage, pieces).issuperset(words):
            for piece in firsts:
                for offset in _places(passage.text, piece):
                    for start, end in _phrases_from(passage.text, offset, words):
                        yield passage, start, end


_PIECE = re.compile(r"\S+")


def _phrases_from(text: str, offset: int, words: tuple[str, ...]) -> Iterator[Mark]:
    """The phrase's places that begin in the piece at the offset; reads no further than the phrase goes on."""
    terms: list[str] = []
    spans: list[Mark] = []
    beginnings: list[int] = []
    for piece in _PIECE.finditer(text, offset):
        at = piece.start()
        for compound in chunk_compounds(piece[0]):
            terms += [token.term for token in compound.tokens]
            spans += [(at + token.start, at + token.end) for token in compound.tokens]
        if at == offset:
            beginnings = [index for index, term in enumerate(terms) if term == words[0]]
        beginnings = [i for i in beginnings if tuple(terms[i : i + len(words)]) == words[: len(terms) - i]]
        if not beginnings or beginnings[-1] + len(words) <= len(terms):
            break
    for index in beginnings:
        if index + len(words) <= len(terms):
            yield spans[index][0], spans[index + len(words) - 1][1]


def _terms_here(passage: Passage, pieces: set[str]) -> set[str]:
    return {term for piece in pieces if piece in passage.text for term in chunk_exact_terms(piece)}


def _near(leaf: Near, texts: list[Passage], pieces: set[str]) -> Iterable[Match]:
    """Both words of every pair that is close enough; pairs may lie in two paragraphs (document.gap_before)."""
    wanted = {leaf.first, leaf.second}
    here = [wanted & _terms_here(passage, pieces) for passage in texts]
    if set().union(*here) != wanted:
        return []
    having = [index for index, words in enumerate(here) if words]
    texts, here = texts[having[0] : having[-1] + 1], here[having[0] : having[-1] + 1]
    places: dict[str, list[tuple[int, Match]]] = {leaf.first: [], leaf.second: []}
    position = 0
    for passage, words in zip(texts, here, strict=True):
        position += gap_before(passage) if position else 0
        terms = exact_terms(passage.text)
        spans = exact_spans(passage.text) if words else []
        for index, term in enumerate(terms if words else ()):
            if term in places:
                places[term].append((position + index, (passage, *spans[index])))
        position += len(terms)
    close: dict[int, Match] = {}
    others = [other for other, _ in places[leaf.second]]
    for there, first in places[leaf.first]:
        begin, end = bisect_left(others, there - leaf.distance - 1), bisect_right(others, there + leaf.distance + 1)
        for other, second in places[leaf.second][begin:end]:
            if other != there:
                close |= {there: first, other: second}
    return close.values()


def _kept_piece(word: str, edits: int) -> Callable[[str], bool]:
    """Tests whether a term or text has one of 2 * edits + 1 pieces of the word: an edit spoils at most two of them."""
    size = len(word) // (2 * edits + 1)
    cuts = [*(size * number for number in range(2 * edits + 1)), len(word)]
    pieces = re.compile("|".join(re.escape(word[start:end]) for start, end in pairwise(cuts)))
    return lambda text: pieces.search(text) is not None


@lru_cache(maxsize=256)
def _wildcard(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), re.DOTALL)


def within_edits(a: str, b: str, edits: int) -> bool:
    """Whether a becomes b by at most that many inserted, deleted, changed characters or swapped neighbours, no stretch
    being edited twice (optimal string alignment, Herranz et al. 2011)."""
    if abs(len(a) - len(b)) > edits:
        return False
    a, b = _differing(a, b)
    if edits == 1 and max(len(a), len(b)) > 2:
        return False  # the one edit touches two neighbours at most
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


def _differing(a: str, b: str) -> tuple[str, str]:
    """Both without what they begin and end with alike."""
    start = 0
    shortest = min(len(a), len(b))
    while start < shortest and a[start] == b[start]:
        start += 1
    end = 0
    while end < shortest - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]


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
