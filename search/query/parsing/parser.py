"""What a person types -> Query, forgivingly.

    parse('"high-level talks" OR negotiat*')
    -> Understood(query=Or((Phrase(("high", "level", "talks")), Prefix("negotiat"))), text='"high level talks" OR negotiat*')

search/query/parsing/pieces.py finds the pieces (words, phrases, fields, groups, operators) and arranges them; this module gives
the pieces their meaning. Unbalanced quotes and parentheses, lone operators, unknown fields and punctuation are never an error:
what cannot be meant is listed in `Understood.ignored`. Only what passes a limit is refused (errors.QueryRefused).

A quotation mark opens a phrase only at the start of a word, + and - count only there, a field only right before its value.
OR joins the two pieces beside it, closer than words side by side do: a b OR c is a AND (b OR c).

Words typed plainly, side by side, are soft: search/service/tiers.py finds articles with some of them too. Everything else is
strict, and so is the whole of a query with AND in it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from whoosh.qparser import syntax

from search.analysis.analyzer import Compound, compounds, exact_tokens, is_unspaced, without_blanks_inside
from search.errors import QueryRefused
from search.model.article import FEATURES
from search.query.format import describe
from search.query.messages import Remark
from search.query.nodes import (
    ANY,
    Added,
    DateRange,
    FieldEquals,
    Fuzzy,
    Has,
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
from search.query.parsing.date_ranges import day_range
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
from search.settings import Limits

MIN_LETTERS_BEFORE_STAR = 3
MIN_LETTERS_BEFORE_QUESTION_MARK = 1
MIN_LETTERS_BEFORE_TILDE = 3
MAX_EDITS = 2


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
        raise _refused("characters", limits.characters, f"The query has {len(text):,} characters")
    typed = _QUOTED_OR_NOT.sub(_without_blanks_unless_quoted, text.translate(_PLAIN_QUOTES))
    if typed.strip() in ("", "*", "*:*"):
        return Understood(MatchAll(), describe(MatchAll()), (), MatchAll())
    pieces = tagged(typed)
    if (depth := deepest_group(pieces)) > limits.depth:
        raise _refused("depth", limits.depth, f"The query has parentheses {depth} deep")
    reading = _Reading(limits, fields, today, initials=not (typed.isupper() and len(typed.split()) > 1))
    sides = reading.side_by_side(arranged(pieces))
    reading.check()
    if not sides and not reading.ignored:
        reading.ignored_piece(typed)
    widened, by = spellings.widen(sides, QuotedLeaves(frozenset(reading.exact), frozenset(reading.widenable)))
    query = _all_of([side.query for side in widened]) or MatchNone()
    soft, required = ((), ()) if reading.strict else soft_and_required(widened)
    as_typed = _all_of([side.query for side in sides]) or MatchNone()
    return Understood(query, describe(query), tuple(reading.ignored), as_typed, by, soft, required)


def _without_blanks_unless_quoted(found: re.Match[str]) -> str:
    """12 000 may be one number or two: it becomes one piece, in which the blank is still to be told."""
    if found[0][0] in '"~':
        return found[0]
    return without_blanks_inside(_TWO_NUMBERS.sub(rf"\1{_MAYBE_BLANK}\2", found[0]))


_MAYBE_BLANK = "\u2060"
"""Is in no term."""
_TWO_NUMBERS = re.compile(r"(?<![\w.,:'’-])(?<!\d\s)([1-9]\d{0,2})\s(\d{3})(?![\w*?~]|\s\d{3}(?!\d)|[.,:]\d)")


_QUOTED_OR_NOT = re.compile(rf'{QUOTATION}(?:~\d*)?|~\d*|[^"~]+')
_PLAIN_QUOTES = dict.fromkeys(map(ord, "“”„‟«»〝〞＂"), '"')


def _refused(limit: str, allowed: int, what: str) -> QueryRefused:
    return QueryRefused(limit, allowed, f"{what}; the limit ({limit}) is {allowed:,}.")


# ---------------------------------------------------------------- their meaning


@dataclass(slots=True)
class _Reading:
    """Turns the parser's nodes into Query nodes, counting what the limits are about."""

    limits: Limits
    fields: tuple[str, ...]
    today: date
    initials: bool = True
    """Whether capitals mean something: not IN A QUERY WRITTEN SO."""
    words: int = 0
    patterns: int = 0
    typos: int = 0
    changes: int = 0
    strict: bool = False
    """Whether AND stands in it."""
    ignored: list[str] = field(default_factory=list)
    exact: list[Query] = field(default_factory=list)
    widenable: list[Query] = field(default_factory=list)
    """What was typed in quotation marks, and in such with ~ before them."""

    def check(self) -> None:
        for limit, count, noun in (
            ("words", self.words, "words"),
            ("patterns", self.patterns, "words with * or ?"),
            ("typos", self.typos, "words with ~"),
            ("changes", self.changes, "words with removed: or added:"),
        ):
            allowed = getattr(self.limits, limit)
            if count > allowed:
                raise _refused(limit, allowed, f"The query has {count:,} {noun}")

    def side_by_side(self, group: Any) -> list[Side]:
        """The whole query; the parts of an And stand side by side too."""
        found = [(query, _is_plain(node)) for node in group if (query := self.meaning(node))]
        return [Side(part, soft) for query, soft in found for part in parts_of(query)]

    def all_of(self, group: Any) -> list[Query]:
        """The meanings of a group's nodes; those without any are left out."""
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
                return self.filter(node)
            case IdleOperator():
                return self.ignored_piece(node.text)
            case PhraseNode():
                return self.phrase(node)
            case syntax.TextNode():
                return self.text(node.text, node.fieldname)
            case _:
                raise AssertionError(node)

    def one_of(self, group: Any) -> Query | None:
        """a OR b; of a OR +b, where a is optional, b AND (a OR b): a counts for the order and is marked."""
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
        self.words += len(words)
        if not words:
            return self.ignored_piece(f'{_field(node.fieldname)}"{node.text}"')
        for piece in text.idle:
            self.ignored_piece(piece, "in_quotes")
        self._check_phrase(words)
        if text.start:
            self._check_letters(f"{text.start}*", text.start)
            self.patterns += 1
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
        """How far from each other the words may stand; None for side by side."""
        if slop is None:
            return None
        distance = int(slop)
        if distance > self.limits.proximity:
            raise _refused("proximity", self.limits.proximity, f"Words are to be within {distance:,} words of each other")
        if text.start or len(text.words) < 2:
            self.ignored_piece(f"~{slop}", "no_distance")
            return None
        return distance

    def text(self, text: str, name: str | None) -> Query | None:
        """A run of text without blanks or quotes: a word, a pattern, or several words joined by punctuation."""
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
        self.words += sum(len(compound.tokens) for compound in found)
        if len(found) > 1 and not all(_is_list_gap(text[a.end : b.start]) for a, b in pairwise(found)):
            terms = tuple(token.term for compound in found for token in compound.tokens)  # a:b, an address
            self._check_phrase(terms)
            return self.everywhere(name, lambda name: phrase_query(terms, name))
        return _all_of([self.compound(one, name) for one in found])

    def compound(self, compound: Compound, name: str | None) -> Query:
        self._check_phrase(compound.tokens)
        return self.everywhere(name, lambda name: compound_query(compound, name, self.initials))

    def _check_phrase(self, words: Sequence[object]) -> None:
        if len(words) > self.limits.phrase_words:
            raise _refused("phrase_words", self.limits.phrase_words, f"A phrase has {len(words)} words")

    def typo(self, text: str, edits: str, name: str | None) -> Query | None:
        """word~: each word long enough to have a typo; shorter ones, and characters of Chinese, as they are."""
        number = int(edits or 1)
        if number > MAX_EDITS:
            raise _refused("edits", MAX_EDITS, f"{text}~{edits} asks for {number:,} edits")
        tokens = exact_tokens(text)
        initials = "." in text and all(len(token.term) == 1 for token in tokens)
        if number == 0 or initials or all(token.unspaced for token in tokens):
            self.ignored_piece(f"~{edits}")
            return self.text(text, name)
        self.words += len(tokens)
        parts: list[Query] = []
        for token in tokens:
            if token.unspaced or len(token.term) < MIN_LETTERS_BEFORE_TILDE:
                self.ignored_piece(f"{token.term}~{edits}", "short", least=MIN_LETTERS_BEFORE_TILDE)
                parts.append(self.everywhere(name, lambda name, term=token.term: Phrase((term,), name)))
            else:
                self.typos += 1
                parts.append(self.everywhere(name, lambda name, term=token.term: Fuzzy(term, number, name)))
        return _all_of(parts)

    def pattern(self, text: str, name: str | None) -> Query | None:
        """neg*tion, w?rd, negotiat*; of cease-fir* only the last part is a pattern."""
        if re.search(r"\w[.][*?]+$", text):
            self.ignored_piece(text)
            return self.text(text.rstrip("*?"), name)  # U.S.* has nothing to complete
        parts: list[Query] = []
        idle = False
        before = ""
        for compound in compounds(text.translate(_STAND_INS)):
            if not any(sign in token.term for sign in _SIGNS for token in compound.tokens):
                self.words += len(compound.tokens)
                parts.append(self.compound(compound, name))
                before = compound.tokens[-1].term
                continue
            for token in compound.tokens:
                pattern = token.term.translate(_SIGNS_AGAIN).rstrip("?")
                if pattern.strip("*?."):
                    self.words += 1
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
        self._check_letters(pattern, start)
        self.patterns += 1
        if pattern.strip("*") == start:
            return self.everywhere(name, lambda name: Prefix(start, name))
        return self.everywhere(name, lambda name: Wildcard(pattern, name))

    def _check_letters(self, pattern: str, start: str) -> None:
        for sign, least in (("*", MIN_LETTERS_BEFORE_STAR), ("?", MIN_LETTERS_BEFORE_QUESTION_MARK)):
            if sign in pattern and len(start) < least:
                why = f"{pattern}: {sign} needs at least {least} letter{'s'[: least > 1]} before it in the word."
                raise QueryRefused(f"letters before {sign}", least, why)

    def filter(self, node: FilterNode) -> Query | None:
        name, value = node.name, _without_stop(node.value)
        if node.fieldname:
            self.ignored_piece(f"{node.fieldname}:", "no_field", filter=name)
        match name:
            case "has":
                if value.lower() in FEATURES:
                    return Has(value.lower())
                return self.ignored_piece(f"has:{value}", "can_be", choices=", ".join(FEATURES))
            case "lang" | "language":
                tag, *region = re.split(r"[-_]", value.strip().lower(), maxsplit=1)  # pt-BR
                if tag and region:
                    self.ignored_piece(f"{name}:{value}", "whole_language", language=tag)
                return FieldEquals("language", tag) if tag else self.ignored_piece(f"{name}:{value}")
            case _:
                days = day_range(name, value, self.today)
                return DateRange(*days) if days else self.ignored_piece(f"{name}:{value}", "no_date")

    def everywhere(self, name: str | None, leaf: Any) -> Query:
        """The leaf in the field it was typed with, else in each of the fields asked for, else in all; within removed: or added:
        if it was typed so."""
        names = (name or "").lower().split(":")
        change = next((_CHANGES[each] for each in names if each in _CHANGES), None)
        fields = [each for each in names if each and each not in _CHANGES] or self.fields or (ANY,)
        query = any_of([leaf(each) for each in fields]) or MatchNone()
        self.changes += change is not None
        return change(query) if change else query

    def ignored_piece(self, piece: str, why: str = "", **values: Any) -> Query | None:
        """Notes the piece, with the kind of remark on it; None as a meaning."""
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
    """Whether it is text without a field, quotation marks, * ? or ~."""
    if not isinstance(node, syntax.TextNode) or isinstance(node, PhraseNode) or node.fieldname:
        return False
    text = node.text.strip('"')
    return not _TYPO.fullmatch(text) and not _SIGN.search(_without_stray_signs(text))


def _all_of(parts: list[Query]) -> Query | None:
    """All of the parts, by: and said: joined; None of none."""
    query = and_of(parts)
    return join_quotes(query) if query else None


def _field(name: str | None) -> str:
    return f"{name}:" if name else ""


_STOPS = ".,;:!?…'’。，；：！？、"


def _without_stop(value: str) -> str:
    """A filter's value as it was meant in "date:2022," or has:"caption"; 2020.. stays."""
    return value.strip('"') if value.startswith('"') or value.endswith("..") else value.rstrip(_STOPS)


def _begun_or_near(typed: str, text: InQuotes, distance: int | None, name: str) -> list[Query]:
    if distance is None:
        return [PhrasePrefix(text.words, text.start, name) if text.words else Prefix(text.start, name)]
    pairs = ((a, b, False) for a, b in pairwise(text.words)) if text.idle else neighbours(typed)
    return [Near(a, b, 0 if joined else distance, name) for a, b, joined in pairs]


def _is_list_gap(between: str) -> bool:
    """Whether words with this between them were typed side by side, as in peace,treaty or peace—treaty."""
    return bool(re.fullmatch(r"[,;…—–|!?]+|[.][.]+", between))
