"""What becomes of each word of a query: the terms it is looked up by, how many articles have it, how it was widened.

term_reports(engine, And((Word("negotiations"), Word("us"))))
-> [TermReport("negotiations", False, 12, (FieldTerms("any", ("en|negoti",), 1),), ("in any form, …",)), …]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from search.analysis.analyzer import fold, stems
from search.engines.protocol import Engine
from search.indexing.fields import ALL
from search.query.format import describe
from search.query.messages import Remark
from search.query.nodes import (
    ANY,
    NAME_FIELDS,
    Added,
    And,
    AtLeast,
    Fuzzy,
    Leaf,
    Near,
    Not,
    Or,
    Phrase,
    PhrasePrefix,
    Prefix,
    Query,
    Quoted,
    Removed,
    SearchRequest,
    TextLeaf,
    Wildcard,
    Word,
    parts_of_field,
)

TERMS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FieldTerms:
    """The index terms of a word in a field ("any": all text together): the number of `distinct` terms in the archive, and the
    first `terms`. Stemmed terms carry their language: `en|negoti`."""

    field: str
    terms: tuple[str, ...]
    distinct: int


@dataclass(frozen=True, slots=True)
class TermReport:
    """`text`: the word, phrase or pattern as understood; `articles`: the number of current articles that contain it, regardless
    of the rest of the query; `excluded`: results must not contain it; `notes`: how it was widened or narrowed, and why."""

    text: str
    excluded: bool
    articles: int
    terms: tuple[FieldTerms, ...]
    notes: tuple[str, ...]


def term_reports(engine: Engine, query: Query) -> tuple[TermReport, ...]:
    """Of each leaf of the query that looks for words, in order; of `removed:` and `added:` before that of their words."""
    languages = engine.languages()
    return tuple(dict.fromkeys(_fate(engine, languages, *found) for found in _leaves(query)))


def _leaves(
    query: Query, excluded: bool = False, beside: tuple[Query, ...] = ()
) -> Iterator[tuple[Leaf | Removed | Added, bool, tuple[Query, ...]]]:
    """Each leaf, whether it is excluded, and the alternatives beside it."""
    match query:
        case And(parts) | Or(parts) | AtLeast(parts):
            for part in parts:
                yield from _leaves(part, excluded, parts if isinstance(query, Or) else ())
        case Not(part):
            yield from _leaves(part, not excluded)
        case Removed(part) | Added(part):
            yield query, excluded, beside
            yield from _leaves(part, excluded != isinstance(query, Removed))
        case Word() | Phrase() | PhrasePrefix() | Near() | Prefix() | Wildcard() | Fuzzy() | Quoted():
            yield query, excluded, beside


def _fate(
    engine: Engine, languages: tuple[str, ...], leaf: Leaf | Removed | Added, excluded: bool, beside: tuple[Query, ...]
) -> TermReport:
    if isinstance(leaf, Removed | Added):
        return TermReport(describe(leaf), excluded, _count(engine, leaf), (), (_CHANGE_NOTES[type(leaf)],))
    if isinstance(leaf, Quoted):
        words, speaker = (_fate(engine, languages, part, excluded, ()) for part in (leaf.words, leaf.speaker))
        notes = (*words.notes, Remark("of_one_speaker"))
        return TermReport(describe(leaf), excluded, _count(engine, leaf), words.terms + speaker.terms, notes)
    stemmed = isinstance(leaf, Word) and leaf.field not in NAME_FIELDS
    fields = (leaf.field,) if stemmed else parts_of_field(leaf.field)
    found = [(field, _terms(engine, languages, leaf, field)) for field in fields]
    terms = tuple(FieldTerms(field, tuple(some[:TERMS_SHOWN]), len(some)) for field, some in found if some)
    return TermReport(describe(leaf), excluded, _count(engine, leaf), terms, tuple(_notes(leaf, stemmed, languages, beside)))


_CHANGE_NOTES = {
    Removed: Remark("removed"),
    Added: Remark("added"),
}


def _count(engine: Engine, leaf: Query) -> int:
    return engine.search(SearchRequest(leaf, size=0)).total


def _terms(engine: Engine, languages: tuple[str, ...], leaf: TextLeaf, field: str) -> list[str]:
    """Those that current articles have in the field; a phrase of one word is an exact term."""
    match leaf:
        case Word(text, name) if name not in NAME_FIELDS:
            return [*engine.bag_counts(ALL if name == ANY else name, engine.word_terms(text))]
        case Prefix(start, _):
            return [term for term, _ in engine.vocabulary(field, start)]
        case PhrasePrefix(words, start, _):
            begun = _terms(engine, languages, Prefix(start), field)
            return [*dict.fromkeys((*_terms(engine, languages, Phrase(words), field), *begun))]
        case Wildcard(pattern, _):
            start = re.split("[*?]", pattern)[0]
            return [term for term, _ in engine.vocabulary(field, start) if fnmatchcase(term, pattern)]
        case Fuzzy(word, edits, _):
            return sorted(engine.near_words(field, word, edits))
        case Word(text, _):
            words = (fold(text),)
        case Phrase(words, _):
            pass
        case Near(first, second, _, _):
            words = (first, second)
    return [word for word in dict.fromkeys(words) if _count(engine, Phrase((word,), field))]


def _notes(leaf: TextLeaf, stemmed: bool, languages: tuple[str, ...], beside: tuple[Query, ...]) -> Iterator[str]:
    if not isinstance(leaf, Word):
        yield Remark("not_stemmed")
    elif not stemmed:
        yield Remark("not_stemmed_name")
    elif stemmers := [language for language in languages if stems(leaf.text, language)[0].startswith(language)]:
        yield Remark("in_any_form", languages=", ".join(stemmers))
    if isinstance(leaf, Word) and fold(leaf.text) != leaf.text:
        yield Remark("without_accents", word=fold(leaf.text))
    for other in beside:
        match leaf, other:
            case (Word(text), Phrase(words)) if fold(text) == "".join(words):
                yield Remark("apart_too", words=" ".join(words))
            case (Phrase(words), Word(text)) if fold(text) == "".join(words):
                yield Remark("joined_too", joined=text)
            case (Word(text), Word(also)) if text != also and also.replace(".", "") == text:
                yield Remark("initials_too", initials=also)
