"""Names with several spellings, from a file -> a query that finds all of them.

    read_spellings("names.txt").widen([Side(Word("kiev"))], QuotedLeaves())  # with the line "Kyiv, Kiev" in the file
    -> ([Side(Or((Word("kiev"), Word("kyiv"))))], (Widened("Kiev", ("Kyiv",)),))

A line of the file is a group of names, each of which stands for all; # starts a comment. Case and accents are ignored. Plain
names are widened, in any field, as are names in quotation marks preceded by ~; other quoted names are not. An article that has a
name in two spellings scores for both, like an article with two words joined by OR.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice, product
from pathlib import Path

import msgspec

from search.analysis.analyzer import compounds, exact_terms, fold
from search.errors import SettingsError
from search.query.nodes import ANY, Added, And, Near, Not, Or, Phrase, PhrasePrefix, Query, Removed, Word
from search.query.nodes import Quoted as SaidBy
from search.query.parsing.compounds import and_of, any_of, compound_query
from search.query.parsing.quote_scope import join_quotes
from search.query.parsing.side_by_side import Side

MAX_BYTES = 1_000_000
MAX_GROUPS = 10_000
MAX_NAMES = 12
"""The maximum number of names in a group."""
MAX_WORDS = 8
"""The maximum number of words in a name."""
MAX_PHRASES = 32
"""The maximum number of phrases that one phrase is widened to."""

Terms = tuple[str, ...]
Pattern = tuple[Query, ...]
"""The query parts that a name becomes when it is typed as plain words without a field."""


@dataclass(frozen=True, slots=True)
class Widened:
    """A name in the query and its other spellings, both as written in the file."""

    name: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuotedLeaves:
    """The leaves typed in quotation marks: `exact` without, `widenable` with ~ before them."""

    exact: frozenset[Query] = frozenset()
    widenable: frozenset[Query] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Spellings:
    """`by_pattern`, `by_terms`: each name with the others of its group, by the forms it can have in a query. `digest` identifies
    the content of the file."""

    by_pattern: Mapping[Pattern, Widened] = field(default_factory=dict)
    by_terms: Mapping[Terms, Widened] = field(default_factory=dict)
    digest: str = ""

    def widen(self, sides: list[Side], quoted: QuotedLeaves) -> tuple[list[Side], tuple[Widened, ...]]:
        """The query with each name replaced by an Or of its spellings, and the names that were found. A name of several words
        becomes one side, a soft one if all of its words are."""
        if not self.by_terms:
            return sides, ()
        widening = _Widening(self, quoted)
        widened = list(widening.side_by_side(sides))
        return widened, tuple(widening.found)


NO_SPELLINGS = Spellings()


# ---------------------------------------------------------------- the file


def read_spellings(path: str) -> Spellings:
    """Reads the file; no spellings if the path is "". Raises SettingsError naming the file and, if one is at fault, the line."""
    if not path:
        return NO_SPELLINGS
    try:
        data = Path(path).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"The spellings in {path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}, line {line}: not valid UTF-8; save the file of spellings as UTF-8") from error
    if len(data) > MAX_BYTES:
        raise SettingsError(f"{path} has {len(data):,} bytes; the limit is {MAX_BYTES:,}")
    return spellings_of(text, path)


def spellings_of(text: str, path: str) -> Spellings:
    """`path` is used only in messages. Raises SettingsError."""
    patterns: dict[Pattern, Widened] = {}
    terms: dict[Terms, Widened] = {}
    lines: dict[Terms, int] = {}
    groups = 0
    for number, line in enumerate(text.split("\n"), 1):
        names = _names(line, f"{path}, line {number}")
        groups += bool(names)
        if groups > MAX_GROUPS:
            raise SettingsError(f"{path}, line {number}: a file of spellings may have at most {MAX_GROUPS:,} groups")
        for key, name in names.items():
            if key in lines:
                raise SettingsError(
                    f"{path}, line {number}: {name} is also in line {lines[key]}; put all its spellings in one line"
                )
            lines[key] = number
            terms[key] = Widened(name, tuple(other for other in names.values() if other != name))
            for pattern in _patterns(name):
                patterns.setdefault(pattern, terms[key])
    return Spellings(patterns, terms, hashlib.sha256(text.encode()).hexdigest()[:20])


def _names(line: str, where: str) -> dict[Terms, str]:
    """The names in a line by their terms, so that names that differ only in accents are one. Empty for a comment."""
    given = [" ".join(name.split()) for name in line.partition("#")[0].split(",")]
    if given == [""]:
        return {}
    names: dict[Terms, str] = {}
    for name in given:
        terms = tuple(exact_terms(name))
        if not terms:
            raise SettingsError(
                f"{where}: a name is missing between two commas" if not name else f"{where}: {name} is not a name"
            )
        if len(terms) > MAX_WORDS:
            raise SettingsError(f"{where}: a name may have at most {MAX_WORDS} words; {name[:80]} has {len(terms)}")
        names.setdefault(terms, name)
    if len(names) < 2:
        raise SettingsError(f"{where}: only one name; give at least two, separated by commas, that differ in more than accents")
    if len(names) > MAX_NAMES:
        raise SettingsError(f"{where}: {len(names)} names; a group may have at most {MAX_NAMES}")
    return names


def _patterns(name: str) -> Iterator[Pattern]:
    parts = [_plain(compound_query(compound, ANY, initials=False)) for compound in compounds(name)]
    yield tuple(part[0] for part in parts if part)
    yield tuple(Word(_bare(token.word)) for compound in compounds(name) for token in compound.significant)  # Guinea Bissau


# ---------------------------------------------------------------- the query


def _plain(query: Query) -> tuple[Query, tuple[str, ...]] | None:
    """What a plain word became: its pattern without a field, without accents and dots (U.K., and UK, which is also searched as
    u.k.), and the fields in which it is searched."""
    leaves = query.parts if isinstance(query, Or) else (query,)
    fields: dict[str, None] = {}
    anywhere: list[Query] = []
    for leaf in leaves:
        if not isinstance(leaf, Word | Phrase):
            return None
        fields[leaf.field] = None
        anywhere.append(Word(_bare(leaf.text)) if isinstance(leaf, Word) else msgspec.structs.replace(leaf, field=ANY))
    joined = any_of(anywhere)
    return (joined, tuple(fields)) if joined else None


def _bare(word: str) -> str:
    return fold(word).replace(".", "")


def _spelt(name: str, fields: tuple[str, ...]) -> list[Query]:
    found = compounds(name)
    if len(found) == 1:
        return [compound_query(found[0], field, initials=True) for field in fields]
    return [Phrase(tuple(exact_terms(name)), field) for field in fields]


@dataclass(slots=True)
class _Widening:
    spellings: Spellings
    quoted: QuotedLeaves
    found: dict[Widened, None] = field(default_factory=dict)

    def of(self, query: Query) -> Query:
        if query in self.quoted.widenable:
            return self._quotation(query)
        name = self._name((query,))
        if name:
            return name
        match query:
            case And(parts):
                return and_of([side.query for side in self.side_by_side([Side(part) for part in parts])]) or query
            case Or(parts):
                return any_of([self.of(part) for part in parts]) or query
            case SaidBy(words, speaker):
                return join_quotes(And((self.of(words), self.of(speaker))))
            case Not(part) | Removed(part) | Added(part):
                return msgspec.structs.replace(query, part=self.of(part))
            case _:
                return query

    def side_by_side(self, sides: Sequence[Side]) -> Iterator[Side]:
        """Joins as many neighbouring words as form a name."""
        place = 0
        while place < len(sides):
            for length in range(min(MAX_WORDS, len(sides) - place), 0, -1):
                some = sides[place : place + length]
                name = self._name(tuple(side.query for side in some))
                if name:
                    yield Side(name, all(side.soft for side in some))
                    break
            else:
                yield replace(sides[place], query=self.of(sides[place].query))
            place += length

    def _name(self, parts: tuple[Query, ...]) -> Query | None:
        """The parts, or an Or of the spellings if they form a name; None if they do not, or are not in the same fields."""
        plain = [_plain(part) for part in parts if part not in self.quoted.exact]
        pattern = tuple(part[0] for part in plain if part)
        fields = {part[1] for part in plain if part}
        widened = self.spellings.by_pattern.get(pattern) if len(pattern) == len(parts) and len(fields) == 1 else None
        if widened is None:
            return None
        self.found[widened] = None
        others = [spelt for name in widened.also for spelt in _spelt(name, *fields)]
        return any_of([query for query in (and_of(list(parts)), *others) if query])

    def _quotation(self, query: Query) -> Query:
        """A phrase with each name in it in each of its spellings, at most MAX_PHRASES; in a proximity search, only names of one
        word. An unfinished word is not part of a name."""
        match query:
            case Phrase(words, name):
                phrases: list[Query] = [Phrase(spelt, name) for spelt in self._spelt_phrases(words)]
                return any_of(phrases) or query
            case PhrasePrefix(words, start, name):
                phrases = [PhrasePrefix(spelt, start, name) for spelt in self._spelt_phrases(words)]
                return any_of(phrases) or query
            case Near(first, second, distance, name):
                both = [[terms for terms in self._names_at((word,)) if len(terms) == 1] for word in (first, second)]
                return any_of([Near(a, b, distance, name) for (a,), (b,) in product(*both)]) or query
            case _:
                return query

    def _spelt_phrases(self, words: Terms) -> Iterator[Terms]:
        return (tuple(chain(*chosen)) for chosen in islice(product(*self._stretches(words)), MAX_PHRASES))

    def _stretches(self, words: Terms) -> Iterator[list[Terms]]:
        """The phrase divided into names and single words, each with its other spellings."""
        while words:
            lengths = range(min(MAX_WORDS, len(words)), 0, -1)
            length = next((length for length in lengths if words[:length] in self.spellings.by_terms), 1)
            yield self._names_at(words[:length])
            words = words[length:]

    def _names_at(self, words: Terms) -> list[Terms]:
        widened = self.spellings.by_terms.get(words)
        if widened is None:
            return [words]
        self.found[widened] = None
        return [words, *(tuple(exact_terms(name)) for name in widened.also)]
