"""Writes a Query in the query language, to show how it was understood.

>>> describe(And((Word("talks"), Not(Phrase(("cease", "fire"), field="headline")))))
'talks AND NOT headline:"cease fire"'
"""

import re
from collections.abc import Callable
from datetime import date

from search.model.instants import utc_day
from search.query.messages import in_english
from search.query.nodes import (
    ANY,
    Added,
    And,
    AtLeast,
    BagTerm,
    DateRange,
    FieldEquals,
    Fuzzy,
    Has,
    InstantRange,
    MatchAll,
    MatchNone,
    Near,
    Not,
    Or,
    Phrase,
    PhrasePrefix,
    Prefix,
    Query,
    Quoted,
    Removed,
    TextLeaf,
    Wildcard,
    Word,
)


def describe(query: Query, say: Callable[..., str] = in_english) -> str:
    """`say`: words a remark in the reader's language, for what the query language cannot express."""
    match query:
        case And(parts):
            return " AND ".join(_inside(part, say) for part in parts)
        case Or(parts):
            return " OR ".join(_inside(part, say) for part in parts)
        case AtLeast(parts, least):
            named = ", ".join(_inside(part, say) for part in parts)
            return say("any_of", parts=named) if least == 1 else say("at_least", least=least, parts=named)
        case Not(part):
            return f"NOT {_inside(part, say)}"
        case Removed(part):
            return f"removed:{_inside(part, say)}"
        case Added(part):
            return f"added:{_inside(part, say)}"
        case MatchAll():
            return say("everything")
        case MatchNone():
            return say("nothing")
        case BagTerm(text):
            return text.rpartition("|")[2]
        case Has(feature):
            return f"has:{feature}"
        case FieldEquals(name, value):
            return f"{name}:{value}" if re.fullmatch(r"[\w-]+", value) else f'{name}:"{value}"'
        case DateRange(first, last):
            return f"date:[{_day(first)} TO {_day(last)}]"
        case InstantRange(field, first, last):
            ends = {"after": first, "before": last}
            return " AND ".join(f"{field}-{end}:{utc_day(at)}" for end, at in ends.items() if at is not None)
        case Quoted(words, speaker):
            return f"{describe(words)} {describe(speaker)}"
        case Word() | Phrase() | PhrasePrefix() | Near() | Prefix() | Wildcard() | Fuzzy():
            prefix = "" if query.field == ANY else f"{query.field}:"
            return prefix + _leaf(query)


def _leaf(leaf: TextLeaf) -> str:
    match leaf:
        case Word(text):
            return text
        case Phrase(words):
            return f'"{_side_by_side(words)}"'
        case PhrasePrefix(words, start):
            return f'"{_side_by_side(words)} {start}*"'
        case Near(first, second, distance):
            return f'"{_side_by_side((first, second))}"~{distance}'
        case Prefix(start):
            return f"{start}*"
        case Wildcard(pattern):
            return pattern
        case Fuzzy(word, edits):
            return f"{word}~{edits}" if edits > 1 else f"{word}~"


def _side_by_side(words: tuple[str, ...]) -> str:
    """Inserts the comma in 12, 000, which would otherwise read as one number."""
    return re.sub(r"(?<=\d) (?=\d{3}\b)", ", ", " ".join(words))


def _inside(part: Query, say: Callable[..., str]) -> str:
    text = describe(part, say)
    return f"({text})" if isinstance(part, (And, Or, AtLeast, Quoted)) else text


def _day(day: int | None) -> str:
    return "*" if day is None else date.fromordinal(day).isoformat()
