"""said: and by: side by side refer to the same quote.

    join_quotes(And((Word("tariffs", "said"), Word("lopez", "by")))) -> Quoted(Word("tariffs", "said"), Word("lopez", "by"))

In an And, by: restricts every said: next to it to quotes of that speaker, including one inside an Or or a Not. Alone, by: finds
the articles that quote the person, and NOT by: excludes them.
"""

from collections.abc import Iterable

from search.query.nodes import (
    And,
    AtLeast,
    Fuzzy,
    Near,
    Not,
    Or,
    Phrase,
    PhrasePrefix,
    Prefix,
    Query,
    Quoted,
    TextLeaf,
    Wildcard,
    Word,
)


def join_quotes(query: Query) -> Query:
    """The query with by: and said: joined in each And, innermost first."""
    match query:
        case And(parts):
            joined = _narrowed([join_quotes(part) for part in parts])
            return joined[0] if len(joined) == 1 else And(tuple(joined))
        case Or(parts):
            return Or(tuple(map(join_quotes, parts)))
        case Not(part):
            return Not(join_quotes(part))
        case _:
            return query


def join_each(words: tuple[Query, ...], others: tuple[Query, ...]) -> tuple[tuple[Query, ...], tuple[Query, ...]]:
    """Joins soft words with what is required beside them, each word on its own. Words are not soft if they are speakers, which
    restrict the quotes in which the others are searched."""
    speakers = [other for other in others if _names_speaker(other)]
    by_words = [word for word in words if _names_speaker(word)]
    if by_words and any(_said_by(other, by_words) != other for other in others):
        return (), ()
    joined = tuple(_said_by(word, speakers) for word in words) if speakers else words
    return joined, tuple(_narrowed(list(others)))


def _narrowed(parts: list[Query]) -> list[Query]:
    """The parts of an And."""
    speakers = [part for part in parts if _names_speaker(part)]
    others = [part for part in parts if not _names_speaker(part)]
    joined = [_said_by(part, speakers) for part in others] if speakers else others
    if joined == others:
        return parts
    kept = [] if any(map(_needs_quote, others)) else speakers
    return [each for part in (*joined, *kept) for each in (part.parts if isinstance(part, And) else (part,))]


def _names_speaker(query: Query) -> bool:
    match query:
        case And(parts) | Or(parts):
            return bool(parts) and all(map(_names_speaker, parts))
        case Word() | Phrase() | PhrasePrefix() | Near() | Prefix() | Wildcard() | Fuzzy():
            return query.field == "by"
        case _:
            return False


def _needs_quote(query: Query) -> bool:
    """Whether every match requires a quote of the speaker."""
    match query:
        case And(parts):
            return any(map(_needs_quote, parts))
        case Or(parts):
            return bool(parts) and all(map(_needs_quote, parts))
        case Word() | Phrase() | PhrasePrefix() | Near() | Prefix() | Wildcard() | Fuzzy():
            return query.field == "said"
        case _:
            return False


def _said_by(query: Query, speakers: Iterable[Query]) -> Query:
    """The query with each of its "said" leaves restricted to quotes of each of the speakers."""
    match query:
        case And(parts):
            return And(tuple(_said_by(part, speakers) for part in parts))
        case Or(parts):
            return Or(tuple(_said_by(part, speakers) for part in parts))
        case AtLeast(parts, least):
            return AtLeast(tuple(_said_by(part, speakers) for part in parts), least)
        case Not(part):
            return Not(_said_by(part, speakers))
        case Word() | Phrase() | PhrasePrefix() | Near() | Prefix() | Wildcard() | Fuzzy() if query.field == "said":
            each = tuple(_by(query, speaker) for speaker in speakers)
            return each[0] if len(each) == 1 else And(each)
        case _:
            return query


def _by(words: TextLeaf, speaker: Query) -> Query:
    match speaker:
        case And(parts):
            return And(tuple(_by(words, part) for part in parts))
        case Or(parts):
            return Or(tuple(_by(words, part) for part in parts))
        case Word() | Phrase() | PhrasePrefix() | Near() | Prefix() | Wildcard() | Fuzzy():
            return Quoted(words, speaker)
        case _:
            raise AssertionError(speaker)
