"""What becomes of each word of a query: the terms it is looked up by, how many articles have it, how it was widened.

term_reports(reader, And((Word("negotiations"), Word("us"))))
-> [TermReport("negotiations", False, 12, (FieldTerms("any", ("en|negoti",), 1),), ("in any form, …",)), …]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from search.analysis.analyzer import fold, stems
from search.engines.protocol import FieldTerm, Misspelt, Reader
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


def term_reports(reader: Reader, query: Query) -> tuple[TermReport, ...]:
    """Of each leaf of the query that looks for words, in order; of `removed:` and `added:` before that of their words."""
    asked = [*_leaves(query)]
    known = _look_up(reader, [leaf for leaf, _, _ in asked])
    return tuple(dict.fromkeys(_fate(known, *found) for found in asked))


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


@dataclass(frozen=True, slots=True)
class _Known:
    """What a reader has told. `articles`: how many match; `terms`: of stemmed words those that are there; `begun`, `near`: terms
    of a field that begin so, or differ by a typo."""

    languages: tuple[str, ...]
    articles: dict[Query, int]
    terms: dict[Query, list[str]]
    begun: dict[FieldTerm, list[str]]
    near: dict[Misspelt, list[str]]


def _look_up(reader: Reader, asked: list[Leaf | Removed | Added]) -> _Known:
    """All that the reports need, in five questions at most."""
    single = [part for leaf in asked for part in ((leaf.words, leaf.speaker) if isinstance(leaf, Quoted) else (leaf,))]
    texts: list[TextLeaf] = [part for part in single if not isinstance(part, Removed | Added)]
    stemmed = [leaf for leaf in texts if isinstance(leaf, Word) and _is_stemmed(leaf)]
    fields = [(leaf, field) for leaf in texts for field in _fields(leaf)]
    starts = [*dict.fromkeys((field, start) for leaf, field in fields for start in _starts(leaf))]
    typos = [*dict.fromkeys(Misspelt(field, leaf.word, leaf.edits) for leaf, field in fields if isinstance(leaf, Fuzzy))]
    words = (Phrase((word,), field) for leaf, field in fields for word in _whole_words(leaf))
    queries = [*dict.fromkeys((*asked, *words))]
    forms = dict(zip(stemmed, reader.word_terms(leaf.text for leaf in stemmed) if stemmed else (), strict=True))
    having = reader.words.having((_bag(leaf), term) for leaf, terms in forms.items() for term in terms) if forms else {}
    begun = reader.words.beginning(starts) if starts else []
    near = reader.words.near(typos) if typos else []
    totals = reader.search_each([SearchRequest(query, size=0) for query in queries])
    return _Known(
        reader.languages,
        {query: results.total for query, results in zip(queries, totals, strict=True)},
        {leaf: [term for term in terms if (_bag(leaf), term) in having] for leaf, terms in forms.items()},
        {start: [term for term, _ in terms] for start, terms in zip(starts, begun, strict=True)},
        {typo: sorted(terms) for typo, terms in zip(typos, near, strict=True)},
    )


def _fate(known: _Known, leaf: Leaf | Removed | Added, excluded: bool, beside: tuple[Query, ...]) -> TermReport:
    articles = known.articles[leaf]
    if isinstance(leaf, Removed | Added):
        return TermReport(describe(leaf), excluded, articles, (), (_CHANGE_NOTES[type(leaf)],))
    if isinstance(leaf, Quoted):
        terms = (*_field_terms(known, leaf.words), *_field_terms(known, leaf.speaker))
        notes = (*_notes(leaf.words, known.languages, ()), Remark("of_one_speaker"))
        return TermReport(describe(leaf), excluded, articles, terms, notes)
    notes = tuple(_notes(leaf, known.languages, beside))
    return TermReport(describe(leaf), excluded, articles, tuple(_field_terms(known, leaf)), notes)


def _field_terms(known: _Known, leaf: TextLeaf) -> Iterator[FieldTerms]:
    for field in _fields(leaf):
        if some := _terms(known, leaf, field):
            yield FieldTerms(field, tuple(some[:TERMS_SHOWN]), len(some))


def _is_stemmed(leaf: TextLeaf) -> bool:
    return isinstance(leaf, Word) and leaf.field not in NAME_FIELDS


def _fields(leaf: TextLeaf) -> tuple[str, ...]:
    return (leaf.field,) if _is_stemmed(leaf) else parts_of_field(leaf.field)


def _bag(leaf: TextLeaf) -> str:
    return ALL if leaf.field == ANY else leaf.field


_CHANGE_NOTES = {
    Removed: Remark("removed"),
    Added: Remark("added"),
}


def _starts(leaf: TextLeaf) -> tuple[str, ...]:
    """What its terms begin with, if it is a pattern."""
    match leaf:
        case Prefix(start, _) | PhrasePrefix(_, start, _):
            return (start,)
        case Wildcard(pattern, _):
            return (re.split("[*?]", pattern)[0],)
        case _:
            return ()


def _whole_words(leaf: TextLeaf) -> tuple[str, ...]:
    """The exact terms that it looks for."""
    match leaf:
        case Word(text, _) if not _is_stemmed(leaf):
            return (fold(text),)
        case Phrase(words, _) | PhrasePrefix(words, _, _):
            return tuple(dict.fromkeys(words))
        case Near(first, second, _, _):
            return tuple(dict.fromkeys((first, second)))
        case _:
            return ()


def _terms(known: _Known, leaf: TextLeaf, field: str) -> list[str]:
    """Those that current articles have in the field."""
    match leaf:
        case Fuzzy(word, edits, _):
            return known.near[Misspelt(field, word, edits)]
        case _ if leaf in known.terms:
            return known.terms[leaf]
    words = [word for word in _whole_words(leaf) if known.articles[Phrase((word,), field)]]
    begun = [term for start in _starts(leaf) for term in known.begun[field, start]]
    if isinstance(leaf, Wildcard):
        begun = [term for term in begun if fnmatchcase(term, leaf.pattern)]
    return [*dict.fromkeys((*words, *begun))]


def _notes(leaf: TextLeaf, languages: tuple[str, ...], beside: tuple[Query, ...]) -> Iterator[str]:
    if not isinstance(leaf, Word):
        yield Remark("not_stemmed")
    elif not _is_stemmed(leaf):
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
