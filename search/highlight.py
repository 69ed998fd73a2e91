"""(stored article, Query) -> what a hit shows: position-true marks, and the fragments that show most of the query.

    highlight(article, parse('"peace talks" OR geneva').query)
    -> Highlights(headline=Fragment("Talks in Geneva", ((9, 15),)), body=(Fragment("…the peace talks…", ((4, 15),)),))

Marks are exactly what made a leaf of the query match (search/query.py): words by their stem, phrases only as the phrase. What
is excluded or only filters is never marked. A leaf is first looked for as a plain string that its matches cannot lack; only the
pieces between blanks around it are analysed.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate, pairwise

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
from search.article import Article, Passage, passages, quoted, where_it_stands
from search.document import RUNNING_PARTS, gap_before
from search.edits import within_edits
from search.fragments import LeafMark, beginning, best_fragments, whole
from search.query import (
    NAME_FIELDS,
    Fuzzy,
    Leaf,
    Near,
    Phrase,
    Prefix,
    Query,
    Quoted,
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
    found = _leaf_marks(article, texts.values(), _sought(query, article.language))
    marked = [(p, found[place]) for place, p in texts.items() if place in found]
    headline = texts.get(("headline", 0))
    return Highlights(
        headline=whole(headline.text, found.get(("headline", 0), [])) if headline else None,
        body=best_fragments([(p.text, some) for p, some in marked if p.field == "body"]) or beginning(article),
        captions=_captions(texts, found),
        names=tuple((p.part, whole(p.text, some)) for p, some in marked if p.part in NAME_FIELDS and p.part != "credit"),
    )


def marks(article: Article, query: Query) -> dict[Place, tuple[Mark, ...]]:
    """All marks of an article, by passage; they do not overlap."""
    return {place: whole("", some).marks for place, some in leaf_marks(article, query).items()}


def leaf_marks(article: Article, query: Query) -> dict[Place, list[LeafMark]]:
    """For each passage that has any: what matched, in order of place."""
    return _leaf_marks(article, list(passages(article)), _sought(query, article.language))


def _leaf_marks(
    article: Article, passages_of_article: Iterable[Passage], finders: list["_Finder"]
) -> dict[Place, list[LeafMark]]:
    found: dict[Place, list[LeafMark]] = defaultdict(list)
    by_field: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages_of_article:
        by_field[passage.field].append(passage)
    fields = {field for finder in finders for field in finder.fields}
    texts = {field: _texts(some) for field, some in by_field.items() if field in fields}
    for number, finder in enumerate(finders):
        for field in finder.fields[:1] if finder.speaker else finder.fields:
            if field in texts:
                of_field = _said_by(finder.speaker, by_field, texts, article) if finder.speaker else texts[field]
                for passage, start, end in finder.find(of_field):
                    for place, begin, stop in where_it_stands(article, passage, start, end):
                        found[place].append(LeafMark(begin, stop, number))
    return {place: sorted(some) for place, some in found.items()}


def _said_by(
    speaker: "Find", by_field: dict[str, list[Passage]], texts: dict[str, list["_Text"]], article: Article
) -> list["_Text"]:
    """The texts of those quotes whose speaker is meant."""
    names = {passage.text for passage, _, _ in speaker(texts.get("by", []))}
    return _texts([p for p, (quote, _) in zip(by_field["said"], quoted(article), strict=True) if quote.speaker in names])


# ---------------------------------------------------------------- where something may be

Clues = tuple[str, ...]
"""Strings, bare (`_bare`), one of which every token that matches has in it; () if there is no telling."""

Candidate = tuple[Passage, int, str]
"""A piece of text between blanks: where it stands and what it is."""

_PIECE = re.compile(r"\S+")
_ASCII_WORDS = re.compile("[\x00-\x7f“”‘’«»…–—•·£€\u2010\u2011]*")
"""A text whose tokens are all ASCII."""


def _bare(lower: str) -> str:
    """ASCII without what may stand inside a token, or between the tokens that a joined form is made of."""
    return lower.encode("ascii", "ignore").translate(None, b"-'`&/.,").decode("ascii")


def _clues(*literals: str) -> Clues:
    bare = {_bare(literal.lower()) if literal.isascii() else literal for literal in literals}
    return () if "" in bare else tuple(bare)


def _texts(passages_of_field: list[Passage]) -> list["_Text"]:
    plain: list[Passage] = []
    others: list[Passage] = []
    for passage in passages_of_field:
        (plain if passage.text.isascii() or _ASCII_WORDS.fullmatch(passage.text) else others).append(passage)
    return [_Text(some, some is plain) for some in (plain, others) if some]


class _Text:
    """Passages of a field, looked through as one text, and what of that is kept for the query's next leaf. `plain`: all their
    tokens are ASCII."""

    __slots__ = ("_bare", "_lower", "_pieces", "_starts", "_text", "passages")

    def __init__(self, passages_in_order: list[Passage], plain: bool) -> None:
        self.passages = passages_in_order
        self._text = "\n".join([p.text for p in passages_in_order])
        self._starts = [0, *accumulate([len(p.text) + 1 for p in passages_in_order])]
        self._pieces: set[str] | None = None
        self._lower = self._text.lower() if plain else ""
        self._bare = _bare(self._lower)

    def may_have(self, clues: Clues) -> bool:
        if not clues or not self._lower:
            return True
        return any(clue in self._bare for clue in clues)

    def candidates(self, clues: Clues, accepted: "_Accepted") -> Iterator[Candidate]:
        """The accepted pieces with a clue in them; others may be among them."""
        for at, piece in self._places_of_candidates(clues, accepted):
            number = bisect_right(self._starts, at) - 1
            yield self.passages[number], at - self._starts[number], piece

    def _places_of_candidates(self, clues: Clues, accepted: "_Accepted") -> Iterable[tuple[int, str]]:
        if clues and self._lower:
            found = self._around(clues)
            if found is not None:
                return found.items()
        if self._pieces is None:
            self._pieces = set(self._text.split())
        return [(at, piece) for piece in accepted.among(self._pieces) for at in _places(self._text, piece)]

    def _around(self, clues: Clues) -> dict[int, str] | None:
        """The pieces around the clues; None if the bare text has more of them, which are in joined forms. For each clue nothing
        is read twice, however long a piece is."""
        text, lower = self._text, self._lower
        found: dict[int, str] = {}
        for clue in clues:
            end = 0
            missing = self._bare.count(clue)
            while missing > 0:
                start = at = lower.find(clue, end)
                if at < 0:
                    return None
                while start > end and not text[start - 1].isspace():
                    start -= 1
                blank = _BLANK.search(text, at)
                end = blank.start() if blank else len(text)
                found[start] = text[start:end]
                missing -= lower.count(clue, start, end)
        return found


_BLANK = re.compile(r"\s")


def _places(text: str, piece: str) -> Iterator[int]:
    """Where the piece stands between blanks."""
    at = text.find(piece)
    while at >= 0:
        end = at + len(piece)
        if (at == 0 or text[at - 1].isspace()) and (end == len(text) or text[end].isspace()):
            yield at
        at = text.find(piece, at + 1)


MAX_REMEMBERED = 50_000


class _Accepted:
    """The pieces between blanks that a leaf may be in, remembered for the next hits."""

    def __init__(self, accepts: Callable[[str], bool]) -> None:
        self._accepts = accepts
        self._seen: set[str] = set()
        self._accepted: set[str] = set()

    def among(self, pieces: set[str]) -> set[str]:
        new = pieces - self._seen
        if not new:
            return pieces & self._accepted
        found = set(filter(self._accepts, new))
        here = found | (pieces & self._accepted)
        if len(self._seen) < MAX_REMEMBERED:
            self._accepted |= {piece for piece in found if len(piece) <= LONGEST_REMEMBERED}
            self._seen |= {piece for piece in new if len(piece) <= LONGEST_REMEMBERED}
        return here


# ---------------------------------------------------------------- what is looked for

Match = tuple[Passage, int, int]
Find = Callable[[list[_Text]], Iterable[Match]]


@dataclass(frozen=True, slots=True)
class _Finder:
    """How a leaf is found: its matches in the texts of one of its fields. speaker: of what is said (the first of the fields),
    how its speaker is found (in the second)."""

    fields: tuple[str, ...]
    find: Find
    speaker: Find | None = None


@lru_cache(maxsize=64)
def _sought(query: Query, language: str | None) -> list[_Finder]:
    """The query's leaves, ready to be looked for. Kept for the next hits."""
    return [_finder(leaf, language) for leaf in leaves(query)]


def _finder(leaf: Leaf, language: str | None) -> _Finder:
    if isinstance(leaf, Quoted):
        return _Finder(("said", "by"), _find(leaf.words, language), _find(leaf.speaker, language))
    return _Finder(parts_of_field(leaf.field), _find(leaf, language))


def _find(leaf: TextLeaf, language: str | None) -> Find:
    match leaf:
        case Word(text) if leaf.field in NAME_FIELDS:
            return _tokens(_clues(fold(text)), fold(text).__eq__)
        case Word(text):
            return _bag_tokens(frozenset(stems(text, language) + stems(text, None)), language)
        case Phrase((word,)):
            return _tokens(_clues(word), word.__eq__)
        case Phrase(words):
            return partial(_phrases, words, _Accepted(lambda piece: words[0] in chunk_exact_terms(piece)))
        case Near(first, second):
            return partial(_near, leaf, _Accepted(lambda piece: not {first, second}.isdisjoint(chunk_exact_terms(piece))))
        case Prefix(start):
            return _tokens(_clues(start), lambda term: term.startswith(start))
        case Wildcard(pattern):
            literal = max(re.split(r"[*?]", pattern), key=len)
            return _tokens(_clues(literal), lambda term: _wildcard(pattern).fullmatch(term) is not None)
        case Fuzzy(word, edits):
            pieces = _kept_pieces(word, edits)
            return _tokens(
                _clues(*pieces),
                lambda term: (
                    abs(len(term) - len(word)) <= edits
                    and any(piece in term for piece in pieces)
                    and within_edits(word, term, edits)
                ),
            )


_ENDS_OF_STEMS = {"en": re.compile(r"(?:(?<=b)le?|ie|[eiy])$")}
"""What a stem may end in that its words do not have: sensibl (sensibility), die (dying), hope (hoping), happi (happy), sky
(skies). For other languages there is no telling."""


def _word_clues(wanted: Iterable[str]) -> Clues:
    clues: set[str] = set()
    for term in wanted:
        language, _, stem = term.partition("|")
        if language and language not in _ENDS_OF_STEMS:
            return ()
        clues.add(_ENDS_OF_STEMS[language].sub("", stem) if language else stem)
    return _clues(*(clue for clue in clues if not any(other in clue for other in clues - {clue})))


def _bag_tokens(wanted: frozenset[str], language: str | None) -> Callable[[list[_Text]], Iterable[Match]]:
    @lru_cache(maxsize=1_000)
    def spans(piece: str, initials: bool) -> list[Mark]:
        terms = [t for compound in chunk_compounds(piece) for t in compound_bag_tokens(compound, language, initials)]
        return [(term.start, term.end) for term in terms if term.term in wanted]

    accepted = _Accepted(lambda piece: not wanted.isdisjoint(chunk_bag_terms(piece, language, True)))
    return partial(_in_pieces, _word_clues(wanted), accepted, spans)


def _tokens(clues: Clues, accepts: Callable[[str], bool]) -> Callable[[list[_Text]], Iterable[Match]]:
    @lru_cache(maxsize=1_000)
    def spans(piece: str, _initials: bool) -> list[Mark]:
        tokens = [token for compound in chunk_compounds(piece) for token in compound.tokens]
        return [(token.start, token.end) for token in tokens if accepts(token.term)]

    accepted = _Accepted(lambda piece: any(map(accepts, chunk_exact_terms(piece))))
    return partial(_in_pieces, clues, accepted, spans)


# ---------------------------------------------------------------- where it is


def _in_pieces(
    clues: Clues, accepted: _Accepted, spans: Callable[[str, bool], list[Mark]], texts: list[_Text]
) -> Iterator[Match]:
    """The matches that lie within one piece; `spans` gives a piece's."""
    for text in texts:
        for passage, offset, piece in text.candidates(clues, accepted):
            for start, end in spans(piece, not (piece.isupper() and passage.text.isupper())):
                yield passage, offset + start, offset + end


def _phrases(words: tuple[str, ...], beginnings: _Accepted, texts: list[_Text]) -> Iterator[Match]:
    clues = [_clues(word) for word in words]
    for text in texts:
        if all(map(text.may_have, clues)):
            offsets: dict[Place, list[int]] = defaultdict(list)
            for passage, offset, _ in text.candidates(clues[0], beginnings):
                offsets[passage.part, passage.index].append(offset)
            for passage in text.passages:
                for start, end in _phrases_from(passage.text, sorted(offsets[passage.part, passage.index]), words):
                    yield passage, start, end


def _phrases_from(text: str, offsets: list[int], words: tuple[str, ...]) -> Iterator[Mark]:
    """The places of the phrase, which begins in the pieces at the offsets; reads no further than it goes on, and nothing
    twice."""
    read = 0
    for offset in offsets:
        if offset < read:
            continue
        begun: list[Mark] = []  # where, and how many words there have been
        for piece in _PIECE.finditer(text, offset):
            for token in (token for compound in chunk_compounds(piece[0]) for token in compound.tokens):
                begun.append((piece.start() + token.start, 0))
                begun = [(start, count + 1) for start, count in begun if words[count] == token.term]
                if begun and begun[0][1] == len(words):
                    yield begun.pop(0)[0], piece.start() + token.end
            read = piece.end()
            if not begun:
                break


def _near(leaf: Near, accepted: _Accepted, texts: list[_Text]) -> Iterable[Match]:
    """Both words of every pair that is close enough; pairs may lie in two paragraphs (document.gap_before)."""
    clues = [_clues(leaf.first), _clues(leaf.second)]
    if not all(any(text.may_have(clue) for text in texts) for clue in clues):
        return []
    having = {(p.part, p.index) for text in texts for clue in clues for p, _, _ in text.candidates(clue, accepted)}
    places: dict[str, list[tuple[int, Match]]] = {leaf.first: [], leaf.second: []}
    position = 0
    for passage in sorted((p for text in texts for p in text.passages), key=_order) if having else ():
        position += gap_before(passage) if position else 0
        terms = exact_terms(passage.text)
        if (passage.part, passage.index) in having:
            for number, (term, span) in enumerate(zip(terms, exact_spans(passage.text), strict=True)):
                if term in places:
                    places[term].append((position + number, (passage, *span)))
        position += len(terms)
    close: dict[int, Match] = {}
    others = [other for other, _ in places[leaf.second]]
    for there, first in places[leaf.first]:
        begin, end = bisect_left(others, there - leaf.distance - 1), bisect_right(others, there + leaf.distance + 1)
        for other, second in places[leaf.second][begin:end]:
            if other != there:
                close[there] = first
                close[other] = second
    return close.values()


def _order(passage: Passage) -> tuple[int, int]:
    """Sorts the passages of one field as article.passages has them."""
    return RUNNING_PARTS.index(passage.part) if passage.part in RUNNING_PARTS else 0, passage.index


def _kept_pieces(word: str, edits: int) -> tuple[str, ...]:
    """2 * edits + 1 pieces of the word, one of which stays whole: an edit spoils at most two of them."""
    size = len(word) // (2 * edits + 1)
    cuts = [*(size * number for number in range(2 * edits + 1)), len(word)]
    return tuple(word[start:end] for start, end in pairwise(cuts))


@lru_cache(maxsize=256)
def _wildcard(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), re.DOTALL)


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
