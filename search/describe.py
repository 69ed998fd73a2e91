"""A Query written out plainly: how it was understood, in the words of the query language.

>>> describe(And((Word("talks"), Not(Phrase(("cease", "fire"), field="headline")))))
'talks AND NOT headline:"cease fire"'
"""

import re
from datetime import date

from search.query import (
    ANY,
    Added,
    And,
    AtLeast,
    Between,
    Everything,
    Fuzzy,
    Has,
    Near,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Query,
    Quoted,
    Removed,
    Value,
    Wildcard,
    Word,
)


def describe(query: Query) -> str:
    match query:
        case And(parts):
            return " AND ".join(_inside(part) for part in parts)
        case Or(parts):
            return " OR ".join(_inside(part) for part in parts)
        case AtLeast(parts, least):
            return f"at least {least} of: {', '.join(_inside(part) for part in parts)}"
        case Not(part):
            return f"NOT {_inside(part)}"
        case Removed(part):
            return f"removed:{_inside(part)}"
        case Added(part):
            return f"added:{_inside(part)}"
        case Everything():
            return "everything"
        case Nothing():
            return "nothing"
        case Has(feature):
            return f"has:{feature}"
        case Value(name, value):
            return f"{name}:{value}" if re.fullmatch(r"[\w-]+", value) else f'{name}:"{value}"'
        case Between(first, last):
            return f"date:[{_day(first)} TO {_day(last)}]"
        case Quoted(words, speaker):
            return f"{describe(words)} {describe(speaker)}"
        case Word() | Phrase() | Near() | Prefix() | Wildcard() | Fuzzy():
            prefix = "" if query.field == ANY else f"{query.field}:"
            return prefix + _leaf(query)


def _leaf(leaf: Word | Phrase | Near | Prefix | Wildcard | Fuzzy) -> str:
    match leaf:
        case Word(text):
            return text
        case Phrase(words):
            return f'"{" ".join(words)}"'
        case Near(first, second, distance):
            return f'"{first} {second}"~{distance}'
        case Prefix(start):
            return f"{start}*"
        case Wildcard(pattern):
            return pattern
        case Fuzzy(word, edits):
            return f"{word}~{edits}" if edits > 1 else f"{word}~"


def _inside(part: Query) -> str:
    text = describe(part)
    return f"({text})" if isinstance(part, (And, Or, AtLeast, Quoted)) else text


def _day(day: int | None) -> str:
    return "*" if day is None else date.fromordinal(day).isoformat()
