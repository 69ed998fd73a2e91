"""Text without spaces -> its compounds: tokens that belong together, and the other words that find them.

chunk_compounds("cease-fire")[0].joined -> "ceasefire"
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.analysis.folding import APOSTROPHES, HYPHENS, NON_JOINER, PLAIN
from search.analysis.tokens import MAX_REMEMBERED_CHARACTERS, MAX_TERM_CHARACTERS, Token, chunk_tokens, is_dotted, letters_of

_CHUNK = re.compile(r"\S+")
READ_OTHERWISE = frozenset(
    ("an", "as", "at", "be", "by", "do", "go", "he", "if", "in", "is", "it", "me", "my", "no", "of", "on", "or", "so", "to", "up",
     "us", "we")
)  # fmt: skip
"""Words that occur in most texts, by which I.T. and U.S. are not found."""


@dataclass(frozen=True, slots=True)
class CompoundForm:
    """A word (as Token.word) that finds a part of the text besides its own."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Compound:
    """Tokens joined by one hyphen, apostrophe, & or /, without spaces; or a single token; or a run of an unspaced script.

    `joined`: the word without the joiners (`ceasefire`, `usled`; `jrr` for J.R.R.). None for a single token, an unspaced run,
    compounds such as C++/Java or 1.5-litre whose parts are not plain words, and U.S., which us does not find.
    `significant`: the tokens that are searched on their own, without the s of people's and the l of l'accord; the letters of U.S.
    are one token here, with the word `u.s.`
    `others`: other words that find it: neighbours joined (`email` for E-Mail-Adresse), names including what is not significant in
    them (`loreal`, `mcdonalds`), each letter of U.S.
    """

    tokens: tuple[Token, ...]
    joined: str | None
    significant: tuple[Token, ...]
    others: tuple[CompoundForm, ...] = ()

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @property
    def units(self) -> tuple[tuple[Token, ...], ...]:
        """The tokens, with the letters of each U.S. together."""
        found: list[list[Token]] = []
        for token in self.tokens:
            initialism = next((s for s in self.significant if is_dotted(s) and s.start < token.start < s.end), None)
            if initialism and found:
                found[-1].append(token)
            else:
                found.append([token])
        return tuple(map(tuple, found))

    @property
    def phrase(self) -> tuple[str, ...]:
        """The exact terms of the significant tokens."""
        start, end = self.significant[0].start, self.significant[-1].end
        return tuple(token.term for token in self.tokens if start <= token.start < end)


def compounds(text: str) -> list[Compound]:
    """The tokens of the text, grouped, in order."""
    found: list[Compound] = []
    for chunk in _CHUNK.finditer(text):
        found += [_moved(compound, chunk.start()) for compound in chunk_compounds(chunk[0])]
    return found


def chunk_compounds(chunk: str) -> tuple[Compound, ...]:
    """The compounds of a piece of text without spaces."""
    return _chunk_compounds(chunk) if len(chunk) <= MAX_REMEMBERED_CHARACTERS else _chunk_compounds.__wrapped__(chunk)


@lru_cache(maxsize=100_000)
def _chunk_compounds(chunk: str) -> tuple[Compound, ...]:
    return tuple([_compound(chunk, together) for together in _together(chunk, chunk_tokens(chunk))])


def _moved(compound: Compound, offset: int) -> Compound:
    if not offset:
        return compound
    tokens = _tokens_moved(compound.tokens, offset)
    significant = tokens if compound.significant is compound.tokens else _tokens_moved(compound.significant, offset)
    others = tuple(CompoundForm(other.word, other.start + offset, other.end + offset) for other in compound.others)
    return Compound(tokens, compound.joined, significant, others)


def _tokens_moved(tokens: tuple[Token, ...], offset: int) -> tuple[Token, ...]:
    return tuple(Token(t.word, t.term, t.start + offset, t.end + offset, t.unspaced, t.initials) for t in tokens)


_ENGLISH_POSSESSIVE = {"s"}
# l'accord, d'Évian, qu'il, dell'accordo: the word begins after the apostrophe.
_ELISIONS = {
    "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "dell", "all", "nell",
    "sull", "dall", "un", "quell", "quest",
}  # fmt: skip
_JOINED_ELISIONS = {"dell", "all", "nell", "sull", "dall"}
"""Words with which these are written joined too; the others are joined only with names."""
JOINERS = HYPHENS + APOSTROPHES + "&/"
_PARTING = frozenset(JOINERS + NON_JOINER)
_MAX_JOINED_PARTS = 6
_MAX_LETTERS_OF_DEGREE = 4


def _together(text: str, tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Tokens that belong together: with one joiner between them, or adjacent characters of an unspaced script."""
    run: list[Token] = []
    for token in tokens:
        if run and not _belongs(text, run[-1], token):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _belongs(text: str, left: Token, right: Token) -> bool:
    gap = right.start - left.end
    if left.unspaced or right.unspaced:
        return gap == 0 and left.unspaced and right.unspaced
    return gap == 1 and (text[left.end] in _PARTING or (text[left.end] == "." and _is_degree(text, left, right)))


def _is_degree(text: str, left: Token, right: Token) -> bool:
    """Ph.D., B.Sc.: few letters, each group starting with a capital, one of them a single letter."""
    lengths = (len(left.term), len(right.term)) if left.term.isalpha() and right.term.isalpha() else (0, 0)
    capitals = text[left.start].isupper() and text[right.start].isupper()
    return capitals and min(lengths) == 1 and max(lengths) <= _MAX_LETTERS_OF_DEGREE


def _compound(text: str, run: list[Token]) -> Compound:
    if run[0].unspaced or (len(run) == 1 and not is_dotted(run[0])):
        tokens = tuple(run)
        return Compound(tokens, None, tokens)
    if len(run) == 1:
        return _initialism(text, run[0])
    significant = _significant(text, run)
    tokens = tuple([letter for token in run for letter in exact(text, token)])
    joined = _joined(significant) if 1 < len(significant) <= _MAX_JOINED_PARTS else None
    others: list[CompoundForm] = []
    if len(significant) > 2:
        others += _neighbours(text, significant)
    if len(significant) < len(run):
        others += _names(text, run, significant)
    if len(tokens) > len(run):
        others += [form for token in significant if is_dotted(token) for form in _initialism(text, token).others]
    return Compound(tokens, joined, tuple(significant), tuple(others))


def exact(text: str, token: Token) -> tuple[Token, ...]:
    return letters_of(text, token) if is_dotted(token) else (token,)


def _significant(text: str, run: list[Token]) -> list[Token]:
    significant = run
    if len(run) > 1 and text[run[-2].end] in APOSTROPHES and run[-1].term in _ENGLISH_POSSESSIVE:
        significant = significant[:-1]
    if len(significant) > 1 and text[run[0].end] in APOSTROPHES and run[0].term in _ELISIONS:
        significant = significant[1:]
    return significant


def _initialism(text: str, token: Token) -> Compound:
    letters = letters_of(text, token)
    together = "".join(letter.word for letter in letters)
    joined = None if together in READ_OTHERWISE else together
    forms = [CompoundForm(letter.word, letter.start, letter.end) for letter in letters]
    return Compound(letters, joined, (token,), tuple(forms))


def _joined(tokens: Sequence[Token]) -> str | None:
    joined = "".join(t.word if t.word[0].isdigit() else t.word.replace(".", "") for t in tokens)[:MAX_TERM_CHARACTERS]
    return joined if PLAIN.fullmatch(joined) else None


def _neighbours(text: str, tokens: list[Token]) -> Iterator[CompoundForm]:
    """Neighbours among three or more tokens joined, but not all of them; not for dates or paths."""
    count = len(tokens)
    if count > _MAX_JOINED_PARTS or all(token.word.isdigit() for token in tokens) or "/" in text:
        return
    for length in range(2, count):
        for first in range(count - length + 1):
            some = tokens[first : first + length]
            if joined := _joined(some):
                yield CompoundForm(joined, some[0].start, some[-1].end)


def _names(text: str, run: list[Token], significant: list[Token]) -> Iterator[CompoundForm]:
    """L'Oréal as loreal and as l and oreal; McDonald's as mcdonalds."""
    if len(run) > _MAX_JOINED_PARTS:
        return
    is_name = text[significant[0].start].isupper()
    elided = run[0] is not significant[0] and (is_name or run[0].term in _JOINED_ELISIONS)
    possessive = run[-1] is not significant[-1] and is_name
    if elided:
        yield CompoundForm(run[0].word, run[0].start, run[0].end)
    for some in (
        [run[0], *significant] if elided else [],
        [*significant, run[-1]] if possessive else [],
        run if elided and possessive else [],
    ):
        if some and (joined := _joined(some)):
            yield CompoundForm(joined, some[0].start, some[-1].end)
