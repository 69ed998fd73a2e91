"""Typed text -> Query.

    parse('"high-level talks" OR negotiat*')
    -> Understood(query=Or((Phrase(("high", "level", "talks")), Prefix("negotiat"))), text='"high level talks" OR negotiat*')

search/query/parsing/pieces.py finds the pieces (words, phrases, fields, groups, operators) and arranges them; this module
interprets them. Unbalanced quotation marks and parentheses, stray operators, unknown fields and punctuation are never an error:
what has no meaning is listed in `Understood.ignored`. A query is refused only if it exceeds a limit (errors.QueryRefused).

A quotation mark opens a phrase only at the start of a word, + and - work only there, and a field works only directly before its
value. OR joins the terms on either side of it and binds more tightly than words side by side: a b OR c is a AND (b OR c).

Plain words side by side are soft: search/service/tiers.py also finds articles with some of them. Everything else is strict, and a
query that contains AND is strict as a whole.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from whoosh.qparser import syntax

from search.analysis.analyzer import Compound, compounds, exact_tokens, is_unspaced, without_blanks_inside
from search.query.format import describe
from search.query.messages import Remark
from search.query.nodes import (
    ANY,
    Added,
    Fuzzy,
    MatchAll,
    MatchNone,
    Near,
    Not,
    Phrase,
    PhrasePrefix,
    Prefix,
    Query,
    Removed,
    Wildcard,
    Word,
)
from search.query.parsing.compounds import and_of, any_of, compound_query, or_of, parts_of, phrase_query
from search.query.parsing.filters import filter_query
from search.query.parsing.in_quotes import STAND_IN, InQuotes, in_quotes, is_address
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
from search.query.parsing.quote_scope import join_quotes
from search.query.parsing.quoted_forms import neighbours, number_forms, quoted_forms
from search.query.parsing.side_by_side import Side, soft_and_required
from search.query.parsing.synonyms import NO_SPELLINGS, QuotedLeaves, Spellings, Widened
from search.query.parsing.usage import MIN_LETTERS_BEFORE_TILDE, Usage, check_edits, check_letters
from search.settings import Limits


@dataclass(frozen=True, slots=True)
class Understood:
    """The meaning of a typed query. `text`: the query in the query language, for people; `ignored`: the pieces that were ignored,
    with the reason if there is one; `typed`: the query before it was widened by other spellings; `widened`: the names that were
    widened.

    `query` requires everything. `soft`: its plain words, with a compound or a name as one; an article may lack some of them. ()
    if the query is strict. `required`: everything else.
    """

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
    """The meaning of the text. `fields`: where words without a field are searched, () for everywhere; `spellings`: alternative
    spellings of names; `today`: the day that "last month" refers to, by default the current one.

    Empty text matches everything; if all pieces are ignored, nothing matches. Raises QueryRefused.
    """
    return _understood(text, limits, fields, spellings, today or date.today())


@lru_cache(maxsize=64)
def _understood(text: str, limits: Limits, fields: tuple[str, ...], spellings: Spellings, today: date) -> Understood:
    """Cached for the following pages and for other requests that the same page makes."""
    usage = Usage(limits)
    usage.check_characters(text)
    typed = _QUOTED_OR_NOT.sub(_without_blanks_unless_quoted, text.translate(_PLAIN_QUOTES))
    if typed.strip() in ("", "*", "*:*"):
        return Understood(MatchAll(), describe(MatchAll()), (), MatchAll())
    pieces = tagged(typed)
    usage.check_depth(deepest_group(pieces))
    reading = _Reading(usage, fields, today, initials=not (typed.isupper() and len(typed.split()) > 1))
    sides = reading.side_by_side(arranged(pieces))
    usage.check()
    if not sides and not reading.ignored:
        reading.ignored_piece(typed)
    widened, by = spellings.widen(sides, QuotedLeaves(frozenset(reading.exact), frozenset(reading.widenable)))
    query = _all_of([side.query for side in widened]) or MatchNone()
    soft, required = ((), ()) if reading.strict else soft_and_required(widened)
    as_typed = _all_of([side.query for side in sides]) or MatchNone()
    return Understood(query, describe(query), tuple(reading.ignored), as_typed, by, soft, required)


def _without_blanks_unless_quoted(found: re.Match[str]) -> str:
    """12 000 may be one number or two: it becomes one piece that remembers the space."""
    if found[0][0] in '"~':
        return found[0]
    return without_blanks_inside(_TWO_NUMBERS.sub(rf"\1{_MAYBE_BLANK}\2", found[0]))


_MAYBE_BLANK = "\u2060"
"""Occurs in no term."""
_TWO_NUMBERS = re.compile(r"(?<![\w.,:'’-])(?<!\d\s)([1-9]\d{0,2})\s(\d{3})(?![\w*?~]|\s\d{3}(?!\d)|[.,:]\d)")


_QUOTED_OR_NOT = re.compile(rf'{QUOTATION}(?:~\d*)?|~\d*|[^"~]+')
_PLAIN_QUOTES = dict.fromkeys(map(ord, "“”„‟«»〝〞＂"), '"')


# ---------------------------------------------------------------- their meaning


@dataclass(slots=True)
class _Reading:
    """Interprets the pieces and counts what the query uses of its limits."""

    usage: Usage
    fields: tuple[str, ...]
    today: date
    initials: bool = True
    """Whether capitals are significant; they are not IN A QUERY LIKE THIS."""
    strict: bool = False
    """Whether the query contains AND."""
    ignored: list[str] = field(default_factory=list)
    exact: list[Query] = field(default_factory=list)
    widenable: list[Query] = field(default_factory=list)
    """Leaves typed in quotation marks: `exact` without and `widenable` with a ~ before them."""

    def side_by_side(self, group: Any) -> list[Side]:
        """The sides of the whole query; the parts of an And are sides too."""
        found = [(query, _is_plain(node)) for node in group if (query := self.meaning(node))]
        return [Side(part, soft) for query, soft in found for part in parts_of(query)]

    def all_of(self, group: Any) -> list[Query]:
        """The meanings of a group's nodes, without those that have none."""
        return [query for node in group for query in [self.meaning(node)] if query is not None]

    def meaning(self, node: Any) -> Query | None:
        match node:
            case syntax.NotGroup():
                part = _all_of(self.all_of(node))
                if part is None:
                    return self.ignored_piece("-" if isinstance(node, ExcludedGroup) else "NOT")
                return part.part if isinstance(part, Not) else Not(part)
            case RequiredGroup():
                return _all_of(self.all_of(node))
            case syntax.OrGroup():
                return self.one_of(node)
            case syntax.GroupNode():
                self.strict = self.strict or isinstance(node, WrittenAnd)
                return _all_of(self.all_of(node))
            case FilterNode():
                return filter_query(node, self.today, self.ignored_piece)
            case IdleOperator():
                return self.ignored_piece(node.text)
            case PhraseNode():
                return self.phrase(node)
            case syntax.TextNode():
                return self.text(node.text, node.fieldname)
            case _:
                raise AssertionError(node)

    def one_of(self, group: Any) -> Query | None:
        """a OR b. In a OR +b, a is optional: b AND (a OR b), so that a affects the ranking and is highlighted."""
        meanings = [(node, query) for node in group for query in [self.meaning(node)] if query is not None]
        if len(meanings) < len(group):
            self.ignored_piece("OR")
        required = [query for node, query in meanings if isinstance(node, RequiredGroup)]
        either = or_of([query for _, query in meanings])
        if len(required) in (0, len(meanings)):
            return _all_of(required) or either
        return _all_of([*required, *([either] if either else [])])

    def phrase(self, node: PhraseNode) -> Query | None:
        text = in_quotes(node.text)
        words = (*text.words, text.start) if text.start else text.words
        self.usage.words += len(words)
        if not words:
            return self.ignored_piece(f'{_field(node.fieldname)}"{node.text}"')
        for piece in text.idle:
            self.ignored_piece(piece, "in_quotes")
        self.usage.check_phrase(words)
        if text.start:
            check_letters(f"{text.start}*", text.start)
            self.usage.patterns += 1
        distance = self._distance(node.slop, text)
        quoted = self.widenable if node.widen else self.exact
        forms = number_forms(text.words) if text.idle else quoted_forms(node.text, self.initials)

        def leaf(name: str) -> Query | None:
            if distance is None and not text.start:
                phrases: list[Query] = [Phrase(form, name) for form in forms]
                quoted.extend(phrases)
                return any_of(phrases)
            parts = _begun_or_near(node.text, text, distance, name)
            quoted.extend(parts)
            return _all_of(parts)

        return self.everywhere(node.fieldname, leaf)

    def _distance(self, slop: str | None, text: InQuotes) -> int | None:
        """The maximum distance between the words; None if they must be adjacent."""
        if slop is None:
            return None
        distance = int(slop)
        self.usage.check_distance(distance)
        if text.start or len(text.words) < 2:
            self.ignored_piece(f"~{slop}", "no_distance")
            return None
        return distance

    def text(self, text: str, name: str | None) -> Query | None:
        """A run of text without spaces or quotation marks: a word, a pattern, or several words joined by punctuation."""
        typed, text = text, text.strip('"')
        if typo := _TYPO.fullmatch(text):
            return self.typo(typo[1], typo[2], name)
        if _MAYBE_BLANK in text and (numbers := re.fullmatch(rf"(\d+){_MAYBE_BLANK}(\d+)", text)):
            apart = [self.text(number, name) for number in numbers.groups()]
            return any_of([one for one in (self.text("".join(numbers.groups()), name), _all_of([n for n in apart if n])) if one])
        text = _without_stray_signs(text)
        if _SIGN.search(text):
            return self.pattern(text, name)
        found = compounds(text)
        if not found:
            return self.ignored_piece(_field(name) + typed)
        self.usage.words += sum(len(compound.tokens) for compound in found)
        if len(found) > 1 and not all(_is_list_gap(text[a.end : b.start]) for a, b in pairwise(found)):
            terms = tuple(token.term for compound in found for token in compound.tokens)  # a:b, an address
            self.usage.check_phrase(terms)
            return self.everywhere(name, lambda name: phrase_query(terms, name))
        return _all_of([self.compound(one, name) for one in found])

    def compound(self, compound: Compound, name: str | None) -> Query:
        self.usage.check_phrase(compound.tokens)
        return self.everywhere(name, lambda name: compound_query(compound, name, self.initials))

    def typo(self, text: str, edits: str, name: str | None) -> Query | None:
        """word~: each word that is long enough becomes fuzzy; shorter words and Chinese characters stay as they are."""
        number = int(edits or 1)
        check_edits(f"{text}~{edits}", number)
        tokens = exact_tokens(text)
        initials = "." in text and all(len(token.term) == 1 for token in tokens)
        if number == 0 or initials or all(token.unspaced for token in tokens):
            self.ignored_piece(f"~{edits}")
            return self.text(text, name)
        self.usage.words += len(tokens)
        parts: list[Query] = []
        for token in tokens:
            if token.unspaced or len(token.term) < MIN_LETTERS_BEFORE_TILDE:
                self.ignored_piece(f"{token.term}~{edits}", "short", least=MIN_LETTERS_BEFORE_TILDE)
                parts.append(self.everywhere(name, lambda name, term=token.term: Phrase((term,), name)))
            else:
                self.usage.typos += 1
                parts.append(self.everywhere(name, lambda name, term=token.term: Fuzzy(term, number, name)))
        return _all_of(parts)

    def pattern(self, text: str, name: str | None) -> Query | None:
        """neg*tion, w?rd, negotiat*; in cease-fir* only the last part is a pattern."""
        if re.search(r"\w[.][*?]+$", text):
            self.ignored_piece(text)
            return self.text(text.rstrip("*?"), name)  # U.S.* has nothing to complete
        parts: list[Query] = []
        idle = False
        before = ""
        for compound in compounds(text.translate(_STAND_INS)):
            if not any(sign in token.term for sign in _SIGNS for token in compound.tokens):
                self.usage.words += len(compound.tokens)
                parts.append(self.compound(compound, name))
                before = compound.tokens[-1].term
                continue
            for token in compound.tokens:
                pattern = token.term.translate(_SIGNS_AGAIN).rstrip("?")
                if pattern.strip("*?."):
                    self.usage.words += 1
                    parts.append(self._one_pattern(pattern, name))
                else:
                    idle |= "*" in pattern and not is_unspaced(before)  # 北京* has nothing to complete
                before = token.term
        if idle or not parts:
            self.ignored_piece(_field(name) + text)
        return _all_of(parts)

    def _one_pattern(self, pattern: str, name: str | None) -> Query:
        start = re.split(r"[*?]", pattern)[0]
        if start == pattern:
            return self.everywhere(name, lambda name: Word(pattern, name))
        check_letters(pattern, start)
        self.usage.patterns += 1
        if pattern.strip("*") == start:
            return self.everywhere(name, lambda name: Prefix(start, name))
        return self.everywhere(name, lambda name: Wildcard(pattern, name))

    def everywhere(self, name: str | None, leaf: Any) -> Query:
        """The leaf in the field it was typed with, or in each of the selected fields, or in all; inside removed: or added: if it
        was typed with one."""
        names = (name or "").lower().split(":")
        change = next((_CHANGES[each] for each in names if each in _CHANGES), None)
        fields = [each for each in names if each and each not in _CHANGES] or self.fields or (ANY,)
        query = any_of([leaf(each) for each in fields]) or MatchNone()
        self.usage.changes += change is not None
        return change(query) if change else query

    def ignored_piece(self, piece: str, why: str = "", **values: Any) -> Query | None:
        """Records a piece as ignored, with the kind of remark on it. Returns None, the meaning of an ignored piece."""
        piece = piece.strip()
        if piece:
            self.ignored.append(Remark(why, piece=piece, **values) if why else piece)
        return None


_TYPO = re.compile(r"(.*[^\W_][.+#]*)~([0-9]*)", re.DOTALL)
_SIGN = re.compile("[*?]")
_CHANGES: dict[str, type[Removed] | type[Added]] = {"removed": Removed, "added": Added}


_STAND_INS = {ord("*"): STAND_IN, ord("?"): "\ua78f"}  # another such letter
_NO_SIGNS = str.maketrans("*?", "  ")
_SIGNS = STAND_IN + "\ua78f"
_SIGNS_AGAIN = str.maketrans(_SIGNS, "*?")


def _without_stray_signs(text: str) -> str:
    text = text.rstrip("?")  # "who did it?"
    return text.translate(_NO_SIGNS) if is_address(text) else text


def _is_plain(node: Any) -> bool:
    """Whether the node is text without a field, quotation marks, * ? or ~."""
    if not isinstance(node, syntax.TextNode) or isinstance(node, PhraseNode) or node.fieldname:
        return False
    text = node.text.strip('"')
    return not _TYPO.fullmatch(text) and not _SIGN.search(_without_stray_signs(text))


def _all_of(parts: list[Query]) -> Query | None:
    """All of the parts, with by: and said: joined; None if there are none."""
    query = and_of(parts)
    return join_quotes(query) if query else None


def _field(name: str | None) -> str:
    return f"{name}:" if name else ""


def _begun_or_near(typed: str, text: InQuotes, distance: int | None, name: str) -> list[Query]:
    if distance is None:
        return [PhrasePrefix(text.words, text.start, name) if text.words else Prefix(text.start, name)]
    pairs = ((a, b, False) for a, b in pairwise(text.words)) if text.idle else neighbours(typed)
    return [Near(a, b, 0 if joined else distance, name) for a, b, joined in pairs]


def _is_list_gap(between: str) -> bool:
    """Whether words separated by this were typed side by side, as in peace,treaty or peace—treaty."""
    return bool(re.fullmatch(r"[,;…—–|!?]+|[.][.]+", between))
