"""Stored article, Query -> what a hit shows: exact marks, and the fragments that cover most of the query.

    highlight(article, parse('"peace talks" OR geneva').query)
    -> Highlights(headline=Fragment("Talks in Geneva", ((9, 15),)), body=(Fragment("…the peace talks…", ((4, 15),)),))

Marks cover exactly what made a leaf of the query match (search/query/nodes.py): words by their stem, phrases only as the phrase.
Excluded terms and filters are never marked. Each leaf is first searched as bytes that its matches must contain; only the text
around these is analysed.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache, partial

from search.analysis.analyzer import chunk_bag_terms, chunk_compounds, chunk_exact_terms, compound_bag_tokens, fold, stems
from search.analysis.edit_distance import within_edits
from search.analysis.unknown_language import form_of, stems_in
from search.highlight.fragments import LeafMark, beginning, best_fragments, whole
from search.highlight.prefilter import (
    Candidate,
    Prefilter,
    Text,
    begun_phrase_prefilter,
    exact_prefilter,
    prefix_prefilter,
    stem_prefilter,
    typo_prefilter,
    wildcard_prefilter,
)
from search.indexing.fields import gap_before
from search.model.article import Article, Passage, Standing, locate, passages, quoted
from search.model.results import CaptionFragment, Fragment, Highlights, Mark
from search.query.nodes import (
    NAME_FIELDS,
    Fuzzy,
    Leaf,
    Near,
    Phrase,
    PhrasePrefix,
    Prefix,
    Query,
    Quoted,
    TextLeaf,
    Wildcard,
    Word,
    leaves,
    parts_of_field,
)

Place = tuple[str, int]
"""Passage.part and Passage.index."""

SHOWN_ELSEWHERE = ("said", "by")
"""Text that is also in paragraphs."""


def highlight(article: Article, query: Query, languages: tuple[str, ...] = ()) -> Highlights:
    """What to show of a hit; see results.Highlights. `languages`: Engine.frequent_languages, whose stemmers are used for an
    article without a known language."""
    texts = {(p.part, p.index): p for p in passages(article)}
    found = _leaf_marks(article, texts.values(), _sought(query, article.language, languages))
    marked = [(p, found[place]) for place, p in texts.items() if place in found]
    headline = texts.get(("headline", 0))
    return Highlights(
        headline=whole(headline.text, found.get(("headline", 0), [])) if headline else None,
        body=best_fragments([(p.text, some) for p, some in marked if p.field == "body"]) or beginning(article),
        captions=_captions(texts, found),
        names=tuple(_names(marked, {mark.leaf for mark in found.get(("headline", 0), ())})),
    )


def _names(marked: list[tuple[Passage, list[LeafMark]]], in_headline: set[int]) -> Iterator[tuple[str, Fragment]]:
    """The alternative headline is among them if something matched that is not in the headline, too."""
    for passage, some in marked:
        is_name = passage.part in NAME_FIELDS and passage.part != "credit"
        if is_name or (passage.part == "alternative_headline" and any(mark.leaf not in in_headline for mark in some)):
            yield passage.part, whole(passage.text, some)


def marks(article: Article, query: Query, languages: tuple[str, ...] = ()) -> dict[Place, tuple[Mark, ...]]:
    """All marks of an article, by passage, without overlaps."""
    return {place: whole("", some).marks for place, some in leaf_marks(article, query, languages).items()}


def leaf_marks(article: Article, query: Query, languages: tuple[str, ...] = ()) -> dict[Place, list[LeafMark]]:
    """For each passage with matches, what matched, in order of position."""
    return _leaf_marks(article, passages(article), _sought(query, article.language, languages))


def _leaf_marks(
    article: Article, passages_in_order: Iterable[Passage], leaves_sought: list["_Sought"]
) -> dict[Place, list[LeafMark]]:
    by_field: dict[str, list[Passage]] = {}
    for passage in passages_in_order:
        by_field.setdefault(passage.field, []).append(passage)
    texts: dict[tuple[str, ...], Text] = {}
    found: dict[Place, list[LeafMark]] = {}
    standing: Standing | None = None
    for number, (fields, find, speaker) in enumerate(leaves_sought):
        if fields not in texts:
            texts[fields] = Text([passage for field in fields for passage in by_field.get(field, ())], article.language)
        text = _said_by(speaker, by_field, article) if speaker else texts[fields]
        for passage, start, end in (text.placed(*place) for place in find(text)):
            if passage.part in SHOWN_ELSEWHERE:
                standing = standing or locate(article)
                for place, begin, stop in standing(passage, start, end):
                    found.setdefault(place, []).append(LeafMark(begin, stop, number))
            else:
                found.setdefault((passage.part, passage.index), []).append(LeafMark(start, end, number))
    for some in found.values():
        some.sort()
    return found


def _said_by(speaker: "Find", by_field: dict[str, list[Passage]], article: Article) -> Text:
    """The text of the quotes by the speaker in question."""
    said_by = Text(by_field.get("by", []), article.language)
    names = {said_by.passage_at(start).text for start, _ in speaker(said_by)}
    said = zip(by_field.get("said", ()), quoted(article), strict=True)
    return Text([passage for passage, (quote, _) in said if quote.speaker in names], article.language)


# ---------------------------------------------------------------- the leaves

Find = Callable[[Text], Iterable[Mark]]
"""The matches in the text."""
_Sought = tuple[tuple[str, ...], Find, Find | None]
"""The fields of a leaf, how it is found in their text and, in quotes, how its speaker is found."""


@lru_cache(maxsize=64)
def _sought(query: Query, language: str | None, languages: tuple[str, ...]) -> list[_Sought]:
    """The leaves of the query, prepared for searching, with their fields. Cached for the next hits."""
    return [_seeking(leaf, language, languages) for leaf in leaves(query)]


def _seeking(leaf: Leaf, language: str | None, languages: tuple[str, ...]) -> _Sought:
    if isinstance(leaf, Quoted):
        return ("said",), _find(leaf.words, language, languages), _find(leaf.speaker, language, languages)
    return parts_of_field(leaf.field), _find(leaf, language, languages), None


def _find(leaf: TextLeaf, language: str | None, languages: tuple[str, ...]) -> Find:
    match leaf:
        case Word(text) if leaf.field in NAME_FIELDS:
            return _tokens(exact_prefilter((fold(text),), language), fold(text).__eq__)
        case Word(text):
            wanted = frozenset(stems(text, language) + stems(text, None))
            if language or not languages:
                return _bag_tokens(wanted.__contains__, wanted, language)
            is_form = form_of(text, languages)
            return _bag_tokens(lambda term: term in wanted or is_form(term), wanted | stems_in(text, languages), language)
        case Phrase((word,)):
            return _tokens(exact_prefilter((word,), language), word.__eq__)
        case Phrase(words):
            return partial(_phrases, [word.__eq__ for word in words], exact_prefilter(words, language))
        case PhrasePrefix(words, start):
            fit = [*(word.__eq__ for word in words), lambda term: term.startswith(start)]
            return partial(_phrases, fit, begun_phrase_prefilter(words, start, language))
        case Near(first, second):
            return partial(_near, leaf, (exact_prefilter((first,), language), exact_prefilter((second,), language)))
        case Prefix(start):
            return _tokens(prefix_prefilter(start, language), lambda term: term.startswith(start))
        case Wildcard(pattern):
            fits = re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern), re.DOTALL).fullmatch
            return _tokens(wildcard_prefilter(pattern, language), lambda term: fits(term) is not None)
        case Fuzzy(word, edits):
            return _tokens(typo_prefilter(word, edits, language), lambda term: within_edits(word, term, edits))


def _bag_tokens(accepts: Callable[[str], bool], alike: frozenset[str], language: str | None) -> Find:
    """`alike`: terms that resemble everything that is accepted, for the prefilter."""

    @lru_cache(maxsize=REMEMBERED_PIECES)
    def spans(piece: str, initials: bool) -> list[Mark]:
        if not any(map(accepts, chunk_bag_terms(piece, language, True))):
            return []
        terms = [t for compound in chunk_compounds(piece) for t in compound_bag_tokens(compound, language, initials)]
        return [(term.start, term.end) for term in terms if accepts(term.term)]

    numbers = any(term.startswith("|") for term in alike)
    return partial(_words, accepts, partial(_in_pieces, stem_prefilter(alike, language), spans), numbers)


def _tokens(prefilter: Prefilter, accepts: Callable[[str], bool]) -> Find:
    @lru_cache(maxsize=REMEMBERED_PIECES)
    def spans(piece: str, _initials: bool) -> list[Mark]:
        if not any(map(accepts, chunk_exact_terms(piece))):
            return []
        tokens = [token for compound in chunk_compounds(piece) for token in compound.tokens]
        return [(token.start, token.end) for token in tokens if accepts(token.term)]

    return partial(_in_pieces, prefilter, spans)


REMEMBERED_PIECES = 2_000
"""The number of pieces remembered for each leaf."""


# ---------------------------------------------------------------- where it is


def _in_pieces(prefilter: Prefilter, spans: Callable[[str, bool], list[Mark]], text: Text) -> Iterator[Mark]:
    """The matches that are within a single piece, as found by `spans`."""
    for at, piece in text.candidates(prefilter):
        for start, end in spans(piece, not (piece.isupper() and text.is_in_capitals(at))):
            yield at + start, at + end


def _words(accepts: Callable[[str], bool], in_pieces: Find, numbers: bool, text: Text) -> Iterator[Mark]:
    """`numbers`: whether a number is accepted; to look for such takes as long as for a word."""
    yield from in_pieces(text)
    spaced = text.spaced_numbers + text.spaced_initials if numbers else text.spaced_initials
    yield from ((term.start, term.end) for term in spaced if accepts(term.term))


def _phrases(fit: Sequence[Callable[[str], bool]], prefilter: Prefilter, text: Text) -> Iterator[Mark]:
    """Adjacent terms, each of which fits. Reads no further than the phrase continues, and nothing twice."""
    read = 0
    for candidate, _ in text.candidates(prefilter):
        if candidate < read:
            continue
        begun: list[Mark] = []  # where, and how many words there have been
        for at, piece in text.pieces(candidate, text.end_of_passage(candidate)):
            for token in (token for compound in chunk_compounds(piece) for token in compound.tokens):
                begun.append((at + token.start, 0))
                begun = [(start, count + 1) for start, count in begun if fit[count](token.term)]
                if begun and begun[0][1] == len(fit):
                    yield begun.pop(0)[0], at + token.end
            read = at + len(piece)
            if not begun:
                break


def _near(leaf: Near, prefilters: tuple[Prefilter, Prefilter], text: Text) -> Iterable[Mark]:
    """Both words of every pair that is close enough; a pair may span two paragraphs (fields.gap_before)."""
    some, others = (set(text.candidates(each)) for each in prefilters)
    if not (some and others):
        return []
    places: dict[str, list[tuple[int, Mark]]] = {leaf.first: [], leaf.second: []}
    for position, term, mark in _positions(places.keys(), sorted(some | others), leaf.distance + 1, text):
        places[term].append((position, mark))
    close: dict[int, Mark] = {}
    positions = [other for other, _ in places[leaf.second]]
    for there, first in places[leaf.first]:
        begin, end = bisect_left(positions, there - leaf.distance - 1), bisect_right(positions, there + leaf.distance + 1)
        for other, second in places[leaf.second][begin:end]:
            if other != there:
                close[there] = first
                close[other] = second
    return close.values()


def _positions(words: Collection[str], candidates: list[Candidate], apart: int, text: Text) -> Iterator[tuple[int, str, Mark]]:
    """Where the words occur: position, word, place. Positions are exact where they are close together."""
    position, end = 0, candidates[0][0]
    for at, piece in candidates:
        position += _tokens_between(end, at, apart, text)
        for token in (token for compound in chunk_compounds(piece) for token in compound.tokens):
            if token.term in words:
                yield position, token.term, (at + token.start, at + token.end)
            position += 1
        end = at + len(piece)


def _tokens_between(end: int, at: int, apart: int, text: Text) -> int:
    """The number of tokens and gaps between the end of one piece and the start of another, counted only as far as is needed to
    separate them."""
    count = 0
    while (border := text.end_of_passage(end)) < at and count < apart:
        count += _count(text.pieces(end, border), apart)
        passage, end = text.passage_at(border + 1), border + 1
        count += gap_before(passage) if passage.field == text.passage_at(border).field else apart
    return count + _count(text.pieces(end, at), apart - count)


def _count(pieces: Iterable[Candidate], enough: int) -> int:
    """The number of tokens, counted only up to what is enough."""
    count = 0
    for _, piece in pieces:
        if count >= enough:
            break
        count += len(chunk_exact_terms(piece))
    return count


_MAX_CAPTIONS = 3


def _captions(texts: dict[Place, Passage], found: dict[Place, list[LeafMark]]) -> tuple[CaptionFragment, ...]:
    """The captions whose text or credit matched: the ones that show most of the query, in reading order."""
    matched = {index for part, index in found if part in ("caption", "credit")}

    def leaves_shown(index: int) -> int:
        return len({m.leaf for part in ("caption", "credit") for m in found.get((part, index), [])})

    def fragment(part: str, index: int) -> Fragment | None:
        return whole(texts[part, index].text, found.get((part, index), [])) if (part, index) in texts else None

    best = sorted(sorted(matched, key=lambda index: (-leaves_shown(index), index))[:_MAX_CAPTIONS])
    return tuple(CaptionFragment(fragment("caption", index), fragment("credit", index), index) for index in best)
