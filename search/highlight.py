"""(stored article, Query) -> what a hit shows: position-true marks, and the fragments that show most of the query.

    highlight(article, parse('"peace talks" OR geneva').query)
    -> Highlights(headline=Fragment("Talks in Geneva", ((9, 15),)), body=(Fragment("…the peace talks…", ((4, 15),)),))

Marks are exactly what made a leaf of the query match (search/query.py): words by their stem, phrases only as the phrase. What
is excluded or only filters is never marked. A leaf is first looked for as plain bytes that its matches cannot lack; only the
pieces between blanks around it are analysed.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate

from search.analysis import chunk_bag_terms, chunk_compounds, chunk_exact_terms, compound_bag_tokens, fold, stems
from search.article import Article, Passage, Standing, passages, quoted, where_it_stands
from search.document import gap_before
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

SHOWN_ELSEWHERE = ("said", "by")
"""Fields whose passages are parts of paragraphs."""


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
    return _leaf_marks(article, passages(article), _sought(query, article.language))


def _leaf_marks(
    article: Article, passages_in_order: Iterable[Passage], leaves_sought: list["_Sought"]
) -> dict[Place, list[LeafMark]]:
    by_field: dict[str, list[Passage]] = {}
    for passage in passages_in_order:
        by_field.setdefault(passage.field, []).append(passage)
    texts: dict[tuple[str, ...], _Text] = {}
    found: dict[Place, list[LeafMark]] = {}
    standing: Standing | None = None
    for number, (fields, find, speaker) in enumerate(leaves_sought):
        if fields not in texts:
            texts[fields] = _Text([passage for field in fields for passage in by_field.get(field, ())])
        text = _said_by(speaker, by_field, article) if speaker else texts[fields]
        for passage, start, end in find(text):
            if passage.field in SHOWN_ELSEWHERE:
                standing = standing or where_it_stands(article)
                for place, begin, stop in standing(passage, start, end):
                    found.setdefault(place, []).append(LeafMark(begin, stop, number))
            else:
                found.setdefault((passage.part, passage.index), []).append(LeafMark(start, end, number))
    for some in found.values():
        some.sort()
    return found


def _said_by(speaker: "Find", by_field: dict[str, list[Passage]], article: Article) -> "_Text":
    """The text of those quotes whose speaker is meant."""
    names = {passage.text for passage, _, _ in speaker(_Text(by_field.get("by", [])))}
    said = zip(by_field.get("said", ()), quoted(article), strict=True)
    return _Text([passage for passage, (quote, _) in said if quote.speaker in names])


# ---------------------------------------------------------------- where something may be

Clues = tuple[bytes, ...] | None
"""Bare strings, one of which every piece that matches has in it, unless the piece is odd; None if there is no telling."""

Candidate = tuple[int, int, int, str]
"""A piece: in which of a text's passages, the how manieth there, its offset there, and what it is."""

_ODD = b"?"
"""Stands in a bare text for a letter that is not one letter of ASCII when folded, such as those of other scripts, ß and œ."""


def _bare_byte(code: int) -> int:
    char = chr(code)
    if char.isascii() or not char.isalnum():
        return ord(char.lower()) if char.isascii() else ord("!")
    folded = fold(char)
    return ord(folded) if folded.isascii() and len(folded) == 1 else ord(_ODD)


_BARE = bytes(map(_bare_byte, range(256)))
_WITHIN_TOKENS = "-'`&/.,\xb4\xad".encode("latin-1")
"""What may stand inside a token, or between the tokens that a joined form is made of."""
_COMMON_SIGNS = "’‘“”„–—…"


def _bare(text: str) -> bytes:
    """The text folded to ASCII, without _WITHIN_TOKENS; as many blanks as in the text. Within the bytes of a piece are those
    of each of its terms: fast to look through, in every language of Latin letters."""
    for sign in _COMMON_SIGNS:
        text = text.replace(sign, "'")
    return text.encode("latin-1", "replace").translate(_BARE, _WITHIN_TOKENS)


def _clues(*terms: str) -> Clues:
    bare = {_bare(term) for term in terms if term.isascii()}
    return None if b"" in bare else tuple(bare)


class _Text:
    """The passages of the fields of a leaf, looked through as one text."""

    __slots__ = ("_begins", "_pieces", "bare", "passages")

    def __init__(self, passages_in_order: list[Passage]) -> None:
        self.passages = passages_in_order
        self.bare = _bare(" ".join([p.text for p in passages_in_order]))
        self._begins: list[int] | None = None
        self._pieces: dict[int, list[str]] = {}

    def may_have(self, clues: Clues) -> bool:
        return clues is None or any(clue in self.bare for clue in clues) or _ODD in self.bare

    def candidates(self, clues: Clues) -> Iterator[Candidate]:
        """The pieces that may match, in order."""
        numbers = self._numbers(clues)
        if not numbers:
            return
        begins = self._first_pieces()
        end = 0
        for number in numbers:
            if number >= end:
                index = bisect_right(begins, number) - 1
                begin = last = begins[index]
                end = begins[index + 1]
                pieces, offset = self.pieces(index), 0
            offset += sum(map(len, pieces[last - begin : number - begin])) + number - last
            last = number
            yield index, number - begin, offset, pieces[number - begin]

    def pieces(self, index: int) -> list[str]:
        """What stands between the blanks (the character) of a passage; no token is in two of them."""
        if index not in self._pieces:
            self._pieces[index] = self.passages[index].text.split(" ")
        return self._pieces[index]

    def _first_pieces(self) -> list[int]:
        """The number of each passage's first piece, and of all."""
        if self._begins is None:
            self._begins = [0, *accumulate([p.text.count(" ") + 1 for p in self.passages])]
        return self._begins

    def _numbers(self, clues: Clues) -> Sequence[int]:
        if clues is None:
            return range(self._first_pieces()[-1])
        numbers: list[int] = []
        for clue in (*clues, _ODD):
            number = end = 0
            at = self.bare.find(clue)
            while at >= 0:
                number += self.bare.count(b" ", end, at)
                numbers.append(number)
                end = self.bare.find(b" ", at)
                at = self.bare.find(clue, end) if end >= 0 else -1
        return numbers if len(numbers) < 2 else sorted(set(numbers))


# ---------------------------------------------------------------- what is looked for

Match = tuple[Passage, int, int]
Find = Callable[[_Text], Iterable[Match]]
_Sought = tuple[tuple[str, ...], Find, Find | None]
"""A leaf's fields, how it is found in their text, and of what is said how its speaker is found."""


@lru_cache(maxsize=64)
def _sought(query: Query, language: str | None) -> list[_Sought]:
    """The query's leaves, ready to be looked for, with their fields. Kept for the next hits."""
    return [_seeking(leaf, language) for leaf in leaves(query)]


def _seeking(leaf: Leaf, language: str | None) -> _Sought:
    if isinstance(leaf, Quoted):
        return ("said",), _find(leaf.words, language), _find(leaf.speaker, language)
    return parts_of_field(leaf.field), _find(leaf, language), None


def _find(leaf: TextLeaf, language: str | None) -> Find:
    match leaf:
        case Word(text) if leaf.field in NAME_FIELDS:
            return _tokens(_clues(fold(text)), fold(text).__eq__)
        case Word(text):
            return _bag_tokens(frozenset(stems(text, language) + stems(text, None)), language)
        case Phrase((word,)):
            return _tokens(_clues(word), word.__eq__)
        case Phrase(words):
            return partial(_phrases, words, [_clues(word) for word in words])
        case Near(first, second):
            return partial(_near, leaf, (_clues(first), _clues(second)), _clues(first, second))
        case Prefix(start):
            return _tokens(_clues(start), lambda term: term.startswith(start))
        case Wildcard(pattern):
            fits = re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), re.DOTALL).fullmatch
            return _tokens(_clues(max(re.split(r"[*?]", pattern), key=len)), lambda term: fits(term) is not None)
        case Fuzzy(word, edits):
            kept = _kept_stretches(word, edits)
            return _tokens(
                _clues(*kept),
                lambda term: (
                    abs(len(term) - len(word)) <= edits
                    and any(stretch in term for stretch in kept)
                    and within_edits(word, term, edits)
                ),
            )


_ENDS_OF_STEMS = {
    "en": re.compile(r"(?:(?<=b)le?|ie|[eiy])$"),
    "fr": re.compile(r"(?:(?<=[ae])nt|qu|[ilxt])$"),
    **dict.fromkeys(("es", "it", "pt"), re.compile(r"(?<=en)t$")),
    "sv": re.compile(r"(?!)"),
}
"""What a stem may end in that its words do not have: sensibl (sensibility), die (dying), hope (hoping), happi (happy), sky
(skies); nation (nationaux). Of languages not named here a stem may differ from its words in other places."""


def _word_clues(wanted: Iterable[str]) -> Clues:
    clues: set[str] = set()
    for term in wanted:
        language, _, stem = term.partition("|")
        if language and language not in _ENDS_OF_STEMS:
            return None
        clues.add(_ENDS_OF_STEMS[language].sub("", stem) if language else stem)
    return _clues(*(clue for clue in clues if not any(other in clue for other in clues - {clue})))


def _bag_tokens(wanted: frozenset[str], language: str | None) -> Find:
    @lru_cache(maxsize=REMEMBERED_PIECES)
    def spans(piece: str, initials: bool) -> list[Mark]:
        if wanted.isdisjoint(chunk_bag_terms(piece, language, True)):
            return []
        terms = [t for compound in chunk_compounds(piece) for t in compound_bag_tokens(compound, language, initials)]
        return [(term.start, term.end) for term in terms if term.term in wanted]

    return partial(_in_pieces, _word_clues(wanted), spans)


def _tokens(clues: Clues, accepts: Callable[[str], bool]) -> Find:
    @lru_cache(maxsize=REMEMBERED_PIECES)
    def spans(piece: str, _initials: bool) -> list[Mark]:
        if not any(map(accepts, chunk_exact_terms(piece))):
            return []
        tokens = [token for compound in chunk_compounds(piece) for token in compound.tokens]
        return [(token.start, token.end) for token in tokens if accepts(token.term)]

    return partial(_in_pieces, clues, spans)


REMEMBERED_PIECES = 2_000
"""Of each leaf."""


# ---------------------------------------------------------------- where it is


def _in_pieces(clues: Clues, spans: Callable[[str, bool], list[Mark]], text: _Text) -> Iterator[Match]:
    """The matches that lie within one piece; `spans` gives a piece's."""
    for index, _, offset, piece in text.candidates(clues):
        passage = text.passages[index]
        for start, end in spans(piece, not (piece.isupper() and passage.text.isupper())):
            yield passage, offset + start, offset + end


def _phrases(words: tuple[str, ...], clues: list[Clues], text: _Text) -> Iterator[Match]:
    if all(map(text.may_have, clues)):
        offsets: dict[int, list[int]] = {}
        for index, _, offset, piece in text.candidates(clues[0]):
            if words[0] in chunk_exact_terms(piece):
                offsets.setdefault(index, []).append(offset)
        for index, some in offsets.items():
            passage = text.passages[index]
            for start, end in _phrases_from(passage.text, some, words):
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


_PIECE = re.compile("[^ ]+")


def _near(leaf: Near, each: tuple[Clues, Clues], either: Clues, text: _Text) -> Iterable[Match]:
    """Both words of every pair that is close enough; pairs may lie in two paragraphs (document.gap_before)."""
    if not all(map(text.may_have, each)):
        return []
    places: dict[str, list[tuple[int, Match]]] = {leaf.first: [], leaf.second: []}
    for position, term, match in _positions(places.keys(), either, leaf.distance, text):
        places[term].append((position, match))
    close: dict[int, Match] = {}
    others = [other for other, _ in places[leaf.second]]
    for there, first in places[leaf.first]:
        begin, end = bisect_left(others, there - leaf.distance - 1), bisect_right(others, there + leaf.distance + 1)
        for other, second in places[leaf.second][begin:end]:
            if other != there:
                close[there] = first
                close[other] = second
    return close.values()


def _positions(words: Collection[str], clues: Clues, distance: int, text: _Text) -> Iterator[tuple[int, str, Match]]:
    """Where the words stand: position, word, place. Positions are right where they are near each other: of what stands
    between two candidates no more is counted than keeps them apart."""
    candidates: dict[int, list[Candidate]] = {}
    for candidate in text.candidates(clues):
        candidates.setdefault(candidate[0], []).append(candidate)
    position, field = 0, ""
    for index, passage in enumerate(text.passages):
        position += gap_before(passage) if passage.field == field else distance + 1
        field, counted = passage.field, 0
        for _, number, offset, piece in candidates.get(index, ()):
            position += _count(text.pieces(index)[counted:number], distance + 1)
            for token in (token for compound in chunk_compounds(piece) for token in compound.tokens):
                if token.term in words:
                    yield position, token.term, (passage, offset + token.start, offset + token.end)
                position += 1
            counted = number + 1
        position += _count(text.pieces(index)[counted:], distance + 1)


def _count(pieces: list[str], enough: int) -> int:
    """How many tokens there are; no more are counted than enough."""
    count = 0
    for piece in pieces:
        if count >= enough:
            break
        count += len(chunk_exact_terms(piece))
    return count


def _kept_stretches(word: str, edits: int) -> list[str]:
    """Stretches of the word, one of which stays as it is: of edits + 1 parts, each edit spoils one, or swaps the letters beside
    the cut between two, which then are a stretch of their own."""
    size = len(word) // (edits + 1)
    parts = [word[size * number : size * (number + 1) if number < edits else None] for number in range(edits + 1)]
    stretches = list(parts)
    for first in range(edits):
        swapped = parts[first]
        for part in parts[first + 1 :]:
            swapped = swapped[:-1] + part[:1] + swapped[-1:] + part[1:]
            stretches.append(swapped)
    return stretches


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
