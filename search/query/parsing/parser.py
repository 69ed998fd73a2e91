"""What a person types -> Query, forgivingly.

    parse('"high-level talks" OR negotiat*')
    -> Understood(query=Or((Phrase(("high", "level", "talks")), Prefix("negotiat"))), text='"high level talks" OR negotiat*')

search/query/parsing/pieces.py finds the pieces (words, phrases, fields, groups, operators) and arranges them,
search/query/parsing/meanings.py gives each its meaning, and this module joins the meanings. Unbalanced quotes and parentheses,
lone operators, unknown fields and punctuation are never an error: what cannot be meant is listed in `Understood.ignored`. Only
what passes a limit is refused (errors.QueryRefused).

A quotation mark opens a phrase only at the start of a word, + and - count only there, a field only right before its value.
OR joins the two pieces beside it, closer than words side by side do: a b OR c is a AND (b OR c).

Words typed plainly, side by side, are soft: search/service/tiers.py finds articles with some of them too. Everything else is
strict, and so is the whole of a query with AND in it.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from whoosh.qparser import syntax

from search.analysis.analyzer import without_blanks_inside
from search.query.format import describe
from search.query.nodes import MatchAll, MatchNone, Not, Query
from search.query.parsing.compounds import or_of, parts_of
from search.query.parsing.meanings import MAYBE_BLANK, Meanings, all_of, is_plain, refused
from search.query.parsing.pieces import (
    QUOTATION,
    ExcludedGroup,
    FilterNode,
    IdleOperator,
    PhraseNode,
    RequiredGroup,
    WrittenAnd,
    arranged,
    deepest_group,
    tagged,
)
from search.query.parsing.side_by_side import Side, soft_and_required
from search.query.parsing.synonyms import NO_SPELLINGS, QuotedLeaves, Spellings, Widened
from search.settings import Limits


@dataclass(frozen=True, slots=True)
class Understood:
    """A typed query's meaning. `text`: the query written out plainly, for people; `ignored`: the pieces that mean nothing,
    each with the reason where there is one; `typed`: the query before other spellings widened it; `widened`: the names
    in it that have others.

    `query` asks for all there is. `soft`: its words typed plainly, a compound or a name as one; an article may do without some of
    them. () if the query is strict. `required`: what stands beside them."""

    query: Query
    text: str
    ignored: tuple[str, ...]
    typed: Query
    widened: tuple[Widened, ...] = ()
    soft: tuple[Query, ...] = ()
    required: tuple[Query, ...] = ()


def parse(
    text: str,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    fields: tuple[str, ...] = (),
    spellings: Spellings = NO_SPELLINGS,
    today: date | None = None,
) -> Understood:
    """The meaning of what was typed; `fields`: where words without a field of their own are looked for, () everywhere;
    `spellings`: what names may be spelt like too; `today`: the day that "last month" goes by, if it is not to be the real one.

    Nothing typed means everything; pieces that are all ignored find nothing. Raises QueryRefused past a limit."""
    return _understood(text, limits, fields, spellings, today or date.today())


@lru_cache(maxsize=64)
def _understood(text: str, limits: Limits, fields: tuple[str, ...], spellings: Spellings, today: date) -> Understood:
    """Kept for the pages that follow, and for what else is asked for one page."""
    if len(text) > limits.characters:
        raise refused("characters", limits.characters, f"The query has {len(text):,} characters")
    typed = _QUOTED_OR_NOT.sub(_without_blanks_unless_quoted, text.translate(_PLAIN_QUOTES))
    if typed.strip() in ("", "*", "*:*"):
        return Understood(MatchAll(), describe(MatchAll()), (), MatchAll())
    pieces = tagged(typed)
    if (depth := deepest_group(pieces)) > limits.depth:
        raise refused("depth", limits.depth, f"The query has parentheses {depth} deep")
    meanings = Meanings(limits, fields, today, initials=not (typed.isupper() and len(typed.split()) > 1))
    reading = _Reading(meanings)
    sides = reading.side_by_side(arranged(pieces))
    meanings.check()
    if not sides and not meanings.ignored:
        meanings.ignored_piece(typed)
    widened, by = spellings.widen(sides, QuotedLeaves(frozenset(meanings.exact), frozenset(meanings.widenable)))
    query = all_of([side.query for side in widened]) or MatchNone()
    soft, required = ((), ()) if reading.strict else soft_and_required(widened)
    as_typed = all_of([side.query for side in sides]) or MatchNone()
    return Understood(query, describe(query), tuple(meanings.ignored), as_typed, by, soft, required)


def _without_blanks_unless_quoted(found: re.Match[str]) -> str:
    """12 000 may be one number or two: it becomes one piece, in which the blank is still to be told."""
    if found[0][0] in '"~':
        return found[0]
    return without_blanks_inside(_TWO_NUMBERS.sub(rf"\1{MAYBE_BLANK}\2", found[0]))


_TWO_NUMBERS = re.compile(r"(?<![\w.,:'’-])(?<!\d\s)([1-9]\d{0,2})\s(\d{3})(?![\w*?~]|\s\d{3}(?!\d)|[.,:]\d)")


_QUOTED_OR_NOT = re.compile(rf'{QUOTATION}(?:~\d*)?|~\d*|[^"~]+')
_PLAIN_QUOTES = dict.fromkeys(map(ord, "“”„‟«»〝〞＂"), '"')


@dataclass(slots=True)
class _Reading:
    """Turns the parser's nodes into Query nodes."""

    pieces: Meanings
    strict: bool = False
    """Whether AND stands in it."""

    def side_by_side(self, group: Any) -> list[Side]:
        """The whole query; the parts of an And stand side by side too."""
        found = [(query, _is_plain(node)) for node in group if (query := self.meaning(node))]
        return [Side(part, soft) for query, soft in found for part in parts_of(query)]

    def meanings(self, group: Any) -> list[Query]:
        """The meanings of a group's nodes; those without any are left out."""
        return [query for node in group for query in [self.meaning(node)] if query is not None]

    def meaning(self, node: Any) -> Query | None:
        match node:
            case syntax.NotGroup():
                part = all_of(self.meanings(node))
                if part is None:
                    return self.pieces.ignored_piece("-" if isinstance(node, ExcludedGroup) else "NOT")
                return part.part if isinstance(part, Not) else Not(part)
            case RequiredGroup():
                return all_of(self.meanings(node))
            case syntax.OrGroup():
                return self.one_of(node)
            case syntax.GroupNode():
                self.strict = self.strict or isinstance(node, WrittenAnd)
                return all_of(self.meanings(node))
            case FilterNode():
                return self.pieces.filter(node)
            case IdleOperator():
                return self.pieces.ignored_piece(node.text)
            case PhraseNode():
                return self.pieces.phrase(node)
            case syntax.TextNode():
                return self.pieces.text(node.text, node.fieldname)
            case _:
                raise AssertionError(node)

    def one_of(self, group: Any) -> Query | None:
        """a OR b; of a OR +b, where a is optional, b AND (a OR b): a counts for the order and is marked."""
        found = [(node, query) for node in group for query in [self.meaning(node)] if query is not None]
        if len(found) < len(group):
            self.pieces.ignored_piece("OR")
        required = [query for node, query in found if isinstance(node, RequiredGroup)]
        either = or_of([query for _, query in found])
        if len(required) in (0, len(found)):
            return all_of(required) or either
        return all_of([*required, *([either] if either else [])])


def _is_plain(node: Any) -> bool:
    """Whether it is text without a field, quotation marks, * ? or ~."""
    if not isinstance(node, syntax.TextNode) or isinstance(node, PhraseNode) or node.fieldname:
        return False
    return is_plain(node.text.strip('"'))
