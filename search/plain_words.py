"""Words as they are typed, without quotation marks -> Query.

compound_query(compounds("cease-fire")[0], ANY, initials=True)  ->  Or((Word("ceasefire"), Phrase(("cease", "fire"))))
"""

from search.analysis import Compound
from search.query import NAME_FIELDS, And, Or, Phrase, Query, Word


def compound_query(compound: Compound, name: str, initials: bool) -> Query:
    """cease-fire is found as ceasefire and as "cease fire"; people's as people; US also as U.S.; a run of Chinese as a whole."""
    parts = compound.significant
    if name not in NAME_FIELDS:
        if parts[0].unspaced and len(parts) <= 2:
            return Word("".join(token.word for token in parts), name)
        if len(parts) == 1 and initials and parts[0].initials:
            return Or((Word(parts[0].word, name), Word(parts[0].initials, name)))
        if len(parts) == 1:
            return Word(parts[0].word, name)
        if compound.joined:
            return Or((Word(compound.joined, name), Phrase(tuple(token.term for token in parts), name)))
    elif len(compound.tokens) == 1:
        return Word(compound.tokens[0].word, name)
    return Phrase(tuple(token.term for token in compound.tokens), name)


def and_of(parts: list[Query]) -> Query | None:
    """What is asked for twice counts twice."""
    return _joined(And, parts)


def or_of(parts: list[Query]) -> Query | None:
    """What is asked for twice counts twice."""
    return _joined(Or, parts)


def any_of(parts: list[Query]) -> Query | None:
    """Several ways to put one thing, each of which counts once."""
    return _joined(Or, [*dict.fromkeys(each for part in parts for each in _flat(Or, part))])


def parts_of(query: Query | None) -> tuple[Query, ...]:
    """What an And joins; else the query alone."""
    return query.parts if isinstance(query, And) else (query,) if query else ()


def _joined(kind: type[And] | type[Or], parts: list[Query]) -> Query | None:
    """One node of the kind, its like among the parts dissolved; a part alone stays as it is."""
    flat = [each for part in parts for each in _flat(kind, part)]
    return kind(tuple(flat)) if len(flat) > 1 else flat[0] if flat else None


def _flat(kind: type[And] | type[Or], part: Query) -> tuple[Query, ...]:
    return part.parts if isinstance(part, kind) else (part,)
