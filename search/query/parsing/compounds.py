"""Words typed without quotation marks -> Query.

compound_query(compounds("cease-fire")[0], ANY, initials=True)  ->  Or((Word("ceasefire"), Phrase(("cease", "fire"))))
"""

from search.analysis.analyzer import Compound
from search.query.nodes import NAME_FIELDS, And, Or, Phrase, Query, Word
from search.query.parsing.quoted_forms import number_forms


def compound_query(compound: Compound, name: str, initials: bool) -> Query:
    """cease-fire also matches ceasefire and "cease fire"; people's matches people; US matches U.S., and J.R.R. matches JRR; a run
    of Chinese matches as a whole."""
    parts = compound.significant
    if name not in NAME_FIELDS:
        if parts[0].unspaced and len(parts) <= 2:
            return Word("".join(token.word for token in parts), name)
        if len(parts) == 1:
            also = (parts[0].initials if initials else None) or compound.joined
            return Or((Word(parts[0].word, name), Word(also, name))) if also else Word(parts[0].word, name)
        if compound.joined:
            together = Word(compound.joined, name)
            return any_of([together, *_phrases(compound.phrase, name)]) or together
    elif len(compound.tokens) == 1:
        return Word(compound.tokens[0].word, name)
    return phrase_query(tuple(token.term for token in compound.tokens), name)


def phrase_query(words: tuple[str, ...], name: str) -> Query:
    """A phrase, with numbers in both their forms."""
    return any_of(_phrases(words, name)) or Phrase(words, name)


def _phrases(words: tuple[str, ...], name: str) -> list[Query]:
    return [Phrase(form, name) for form in number_forms(words)]


def and_of(parts: list[Query]) -> Query | None:
    """An And in which a repeated part counts twice."""
    return _joined(And, parts)


def or_of(parts: list[Query]) -> Query | None:
    """An Or in which a repeated part counts twice, unless it is another form of a part before it, as in e.g. OR eg."""
    kept: list[Query] = []
    for number, part in enumerate(parts):
        if part in parts[:number]:
            kept += _flat(Or, part)
        else:
            forms = {
                each for other in parts[:number] if isinstance(other, Or) or isinstance(part, Or) for each in _flat(Or, other)
            }
            kept += [each for each in _flat(Or, part) if each not in forms]
    return _joined(Or, kept)


def any_of(parts: list[Query]) -> Query | None:
    """Alternatives for the same thing, each of which counts once."""
    return _joined(Or, [*dict.fromkeys(each for part in parts for each in _flat(Or, part))])


def parts_of(query: Query | None) -> tuple[Query, ...]:
    """The parts of an And, or the query itself."""
    return query.parts if isinstance(query, And) else (query,) if query else ()


def _joined(kind: type[And] | type[Or], parts: list[Query]) -> Query | None:
    """One node of the kind, with nested nodes of the same kind flattened; a single part is returned unchanged."""
    flat = [each for part in parts for each in _flat(kind, part)]
    return kind(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def _flat(kind: type[And] | type[Or], part: Query) -> tuple[Query, ...]:
    return part.parts if isinstance(part, kind) else (part,)
