"""What one piece of a query means: a word, a phrase, a pattern, a typo, a filter, wherever it is to be looked for.

    meanings = Meanings(Limits(), fields=(), today=date.today())
    meanings.text("negotiat*", None)     # Prefix("negotiat")
    meanings.text("cease-fire", None)    # Or((Word("ceasefire"), Phrase(("cease", "fire"))))
    meanings.check()                     # raises QueryRefused if that was more than the limits allow

What cannot be meant is noted in `Meanings.ignored`, and has no meaning.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from search.analysis.analyzer import Compound, compounds, exact_tokens, is_unspaced
from search.errors import QueryRefused
from search.model.article import FEATURES
from search.query.messages import Remark
from search.query.nodes import (
    ANY,
    Added,
    DateRange,
    FieldEquals,
    Fuzzy,
    Has,
    MatchNone,
    Near,
    Phrase,
    PhrasePrefix,
    Prefix,
    Query,
    Removed,
    Wildcard,
    Word,
)
from search.query.parsing.compounds import and_of, any_of, compound_query, phrase_query
from search.query.parsing.date_ranges import added_range, day_range
from search.query.parsing.in_quotes import STAND_IN, InQuotes, in_quotes, is_address
from search.query.parsing.pieces import FilterNode, PhraseNode
from search.query.parsing.quote_scope import join_quotes
from search.query.parsing.quoted_forms import neighbours, number_forms, quoted_forms
from search.settings import Limits

MIN_LETTERS_BEFORE_STAR = 3
MIN_LETTERS_BEFORE_QUESTION_MARK = 1
MIN_LETTERS_BEFORE_TILDE = 3
MAX_EDITS = 2
MAYBE_BLANK = "\u2060"
"""Between two numbers that may be one, 12 000; it is in no term."""


@dataclass(slots=True)
class Meanings:
    """Counts what the limits are about."""

    limits: Limits
    fields: tuple[str, ...]
    today: date
    initials: bool = True
    """Whether capitals mean something: not IN A QUERY WRITTEN SO."""
    words: int = 0
    patterns: int = 0
    typos: int = 0
    changes: int = 0
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
                raise refused(limit, allowed, f"The query has {count:,} {noun}")

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
            return all_of(parts)

        return self.everywhere(node.fieldname, leaf)

    def _distance(self, slop: str | None, text: InQuotes) -> int | None:
        """How far from each other the words may stand; None for side by side."""
        if slop is None:
            return None
        distance = int(slop)
        if distance > self.limits.proximity:
            raise refused("proximity", self.limits.proximity, f"Words are to be within {distance:,} words of each other")
        if text.start or len(text.words) < 2:
            self.ignored_piece(f"~{slop}", "no_distance")
            return None
        return distance

    def text(self, text: str, name: str | None) -> Query | None:
        """A run of text without blanks or quotes: a word, a pattern, or several words joined by punctuation."""
        typed, text = text, text.strip('"')
        if typo := _TYPO.fullmatch(text):
            return self.typo(typo[1], typo[2], name)
        if MAYBE_BLANK in text and (numbers := re.fullmatch(rf"(\d+){MAYBE_BLANK}(\d+)", text)):
            apart = [self.text(number, name) for number in numbers.groups()]
            return any_of([one for one in (self.text("".join(numbers.groups()), name), all_of([n for n in apart if n])) if one])
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
        return all_of([self.compound(one, name) for one in found])

    def compound(self, compound: Compound, name: str | None) -> Query:
        self._check_phrase(compound.tokens)
        return self.everywhere(name, lambda name: compound_query(compound, name, self.initials))

    def _check_phrase(self, words: Sequence[object]) -> None:
        if len(words) > self.limits.phrase_words:
            raise refused("phrase_words", self.limits.phrase_words, f"A phrase has {len(words)} words")

    def typo(self, text: str, edits: str, name: str | None) -> Query | None:
        """word~: each word long enough to have a typo; shorter ones, and characters of Chinese, as they are."""
        number = int(edits or 1)
        if number > MAX_EDITS:
            raise refused("edits", MAX_EDITS, f"{text}~{edits} asks for {number:,} edits")
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
        return all_of(parts)

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
        return all_of(parts)

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
                field, _, end = name.rpartition("-")
                days = day_range(end, value, self.today)
                if days and field:
                    return added_range(*days)
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


def refused(limit: str, allowed: int, what: str) -> QueryRefused:
    return QueryRefused(limit, allowed, f"{what}; the limit ({limit}) is {allowed:,}.")


def all_of(parts: list[Query]) -> Query | None:
    """All of the parts, by: and said: joined; None of none."""
    query = and_of(parts)
    return join_quotes(query) if query else None


def is_plain(text: str) -> bool:
    """Whether it has no * ? or ~ that means something."""
    return not _TYPO.fullmatch(text) and not _SIGN.search(_without_stray_signs(text))


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
