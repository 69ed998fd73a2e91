"""Finds the pieces of text that may match, without analysing the text.

    text = Text([Passage("headline", "The peace-talks go on.")], "en")
    list(text.candidates(exact_prefilter(["talks"], "en"))) -> [(5, "peace-talks")]

The text is searched as bytes, one per character, with letters folded as in terms. A character without such a byte is odd: a
letter of another alphabet, ß, a letter followed by a combining accent. A piece with an odd character may always match. Letters of
unspaced scripts are searched in the text itself.
"""

import codecs
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache, partial
from itertools import accumulate
from typing import Any, NamedTuple
from unicodedata import category

from search.analysis.analyzer import JOINERS, MAX_TERM_CHARACTERS, Term, fold, is_unspaced, spaced_initials, spaced_numbers
from search.analysis.letters import HEBREW_LETTERS, SPELT_OUT_PAIRS
from search.model.article import Passage

Candidate = tuple[int, str]
"""A piece and its position in the text."""


class Prefilter(NamedTuple):
    """What every matching piece contains, unless it is odd: one of `some`, or unknown if that is None.

    joined: also with signs between the letters, as in cease-fire. then: what follows in the text.
    """

    some: tuple[bytes | str, ...] | None
    joined: bool = False
    then: re.Pattern[bytes] | None = None


def exact_prefilter(words: Iterable[str], language: str | None) -> Prefilter:
    """For consecutive exact terms, in texts in the language."""
    each = [_prefilter([_whole(word)], language) for word in words]
    return each[0]._replace(then=_following(each)) if len(each) > 1 else each[0]


def begun_phrase_prefilter(words: Iterable[str], start: str, language: str | None) -> Prefilter:
    """For consecutive exact terms, followed by one that starts with `start`."""
    each = [_prefilter([stretch], language) for stretch in (*map(_whole, words), f" {start}")]
    return each[0]._replace(then=_following(each))


def _whole(word: str) -> str:
    return f" {word} " if len(word) < MAX_TERM_CHARACTERS else f" {word}"


def _following(each: list[Prefilter]) -> re.Pattern[bytes] | None:
    """The terms one after another, up to the first odd character."""
    pattern = b""
    for prefilter in reversed(each):
        some = [needle for needle in prefilter.some or () if isinstance(needle, bytes) and (needle.endswith(b" ") or not pattern)]
        if prefilter.some is None or len(some) < len(prefilter.some):
            return None
        pattern = b"".join(b"|" + re.escape(needle.lstrip()) + b" *" + pattern for needle in some)
        pattern = rb"(?:[^ ]*\?" + pattern + b")"
    return re.compile(b" ?" + pattern)


def prefix_prefilter(start: str, language: str | None) -> Prefilter:
    return _prefilter([f" {start}"], language)


def wildcard_prefilter(pattern: str, language: str | None) -> Prefilter:
    return _prefilter([max(re.split(r"[*?]", f" {pattern}"), key=lambda stretch: len(stretch.strip()))], language)


def typo_prefilter(word: str, edits: int, language: str | None) -> Prefilter:
    """Parts of the word of which one must be intact: divided into edits + 1 parts, each edit damages one, or swaps the letters on
    either side of a cut between two, which then form a part of their own."""
    size = len(word) // (edits + 1)
    if not size:
        return Prefilter(None)
    parts = [word[size * number : size * (number + 1) if number < edits else None] for number in range(edits + 1)]
    parts[0] = " " + parts[0]
    if len(word) + edits < MAX_TERM_CHARACTERS:
        parts[-1] += " "
    stretches = list(parts)
    for first in range(edits):
        swapped = parts[first]
        for part in parts[first + 1 :]:
            swapped = swapped[:-1] + part[:1] + swapped[-1:] + part[1:]
            stretches.append(swapped)
    return _prefilter(stretches, language)


_ENDS_OF_STEMS = {
    "en": re.compile(r"(?:(?<=b)le?|ie|[eiy])$"),
    "fr": re.compile(r"(?:(?<=[ae])nt|qu|[ilxt])$"),
    **dict.fromkeys(("es", "it", "pt"), re.compile(r"(?<=en)t$")),
    **dict.fromkeys(("de", "ru", "sv"), re.compile(r"(?!)")),
}
"""What a stem may end in that its words do not contain: sensibl (sensibility), die (dying), hope (hoping), happi (happy), sky
(skies); nation (nationaux). In languages not listed here, a stem may differ from its words elsewhere."""


def stem_prefilter(terms: Iterable[str], language: str | None) -> Prefilter:
    """For bag terms."""
    stretches: set[str] = set()
    for term in terms:
        stemmed_in, _, stem = term.removeprefix("?").partition("|")  # ?| is not stemmed
        if stemmed_in and stemmed_in not in _ENDS_OF_STEMS:
            return Prefilter(None)
        stretch = _ENDS_OF_STEMS[stemmed_in].sub("", stem) if stemmed_in else stem
        for spelling in _with_one_letter_for_two(stretch):
            stretches.update(_german(spelling) if stemmed_in == "de" else (spelling,))
    prefilter = _prefilter((s for s in stretches if not any(other in s for other in stretches - {s})), language)
    return Prefilter(
        prefilter.some and tuple(c if isinstance(c, str) else c.replace(b" ", b"") for c in prefilter.some), joined=True
    )


_SECOND_OF_TWO = re.compile("|".join(f"(?<={pair[0]}){pair[1]}" for pair in SPELT_OUT_PAIRS))


def _with_one_letter_for_two(stem: str) -> tuple[str, ...]:
    """The longest part of a stem with one pair of letters that may be printed as a single letter (Djokovic as Đoković), in both
    spellings."""
    places = [found.start() for found in _SECOND_OF_TWO.finditer(stem)]
    if not places:
        return (stem,)
    edges = [-1, *places, len(stem)]
    start, at, end = max(
        ((edges[number] + 1, place, edges[number + 2]) for number, place in enumerate(places)), key=lambda edge: edge[2] - edge[0]
    )
    return stem[start:end], stem[start:at] + stem[at + 1 : end]


def _german(stem: str) -> Iterable[str]:
    """The longest part of a stem with one vowel that may be printed as ae, oe or ue, in both spellings."""
    vowel = max(re.finditer(r"(?=([^aou]*)([aou]?)([^aou]*[aou]?))", stem), key=lambda found: len("".join(found.groups())))
    before, maybe, after = vowel.groups()
    return (before + maybe + after, before + maybe + "e" + after) if maybe and after else (before + maybe + after,)


# ---------------------------------------------------------------- as bytes

_ANY_OTHER = b"?"
_SIGN = b"-"
"""Stands for each of _SIGNS."""
_UNSPACED = b"\1"
"""Stands for each letter of an unspaced script that is already folded."""
_SIGNS = JOINERS + ".,٫٬+#"
"""What may occur inside a token, or between the tokens of a joined form."""
_CODECS = {
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl"), "cp1250"),
    **dict.fromkeys(("be", "bg", "mk", "ru", "sr", "uk"), "cp1251"),
    "el": "cp1253",
    "tr": "cp1254",
    **dict.fromkeys(("he", "yi"), "cp1255"),
    **dict.fromkeys(("ar", "fa", "ur"), "cp1256"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
}
"""Codecs that contain the letters of a language; latin-1, the fastest, serves all others."""


def _codec(language: str | None) -> str:
    return _CODECS.get(language or "", "latin-1")


_SIGNS_IN_TERMS = re.compile(rb"-(?:(?<=\d-)(?=\d)|(?<=l-)(?=l))")
"""The signs of 1,000 and col.legi, whose terms have none there."""
_WITHIN_WORDS = re.compile(f"(?<=[{HEBREW_LETTERS}])[\"“”„'’](?=[{HEBREW_LETTERS}])|(?<=[０-９])[．，](?=[０-９])")
"""Signs that do not separate words there: in צה"ל and １，０００."""


def _folded(text: str, codec: str) -> bytes:
    """The text with one byte per character: a folded letter, _SIGN, _ANY_OTHER, _UNSPACED or a space."""
    if not text.isascii():
        text = _WITHIN_WORDS.sub("\N{SOFT HYPHEN}", text)
    for sign in "?“”„–—…":
        text = text.replace(sign, " ")
    return text.replace("’", "'").replace("‘", "'").encode(codec, _OTHERS).translate(_table(codec))


@lru_cache(maxsize=len(_CODECS))
def _table(codec: str) -> bytes:
    chars = bytes(range(256)).decode(codec, "replace")
    return b"".join(char.encode() if char in "?\1" else _byte(char, codec) for char in chars)


def _byte(char: str, codec: str) -> bytes:
    folded = fold(char)
    if char.isalnum() and len(folded) == 1:
        return folded.encode(codec, "replace")
    return _other(char).encode()


@lru_cache(maxsize=10_000)
def _other(char: str) -> str:
    """Replaces a character that a codec does not have."""
    if char in _SIGNS:
        return "-"
    if is_unspaced(char) and fold(char) == char:
        return "\1"
    return "?" if char.isalnum() or not fold(char) or category(char).startswith("M") else " "


_ALIKE = re.compile("[一-鿿ぁ-ゖァ-ヺ가-힣]+|.", re.DOTALL)
"""Runs of characters that are treated like the first."""


def _encoded(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    others = error.object[error.start : error.end]
    return _ALIKE.sub(lambda run: _other(run[0][0]) * len(run[0]), others), error.end


_OTHERS = "broadsheet.others"
codecs.register_error(_OTHERS, _encoded)


def _prefilter(stretches: Iterable[str], language: str | None) -> Prefilter:
    """Spaces at the ends represent the ends of the term; a term may be printed without its last sign (U.S)."""
    some: list[bytes | str] = []
    for stretch in stretches:
        needle = _folded(stretch, _codec(language)).replace(_SIGN, b" ").rstrip() + (b" " if stretch.endswith(" ") else b"")
        letters = needle.strip()
        if not letters:
            return Prefilter(None)
        if not letters.strip(_UNSPACED):
            some.append(stretch.strip())
        elif _ANY_OTHER not in needle and _UNSPACED not in needle:
            some.append(needle)
    return Prefilter(tuple(some))


@lru_cache(maxsize=1_000)
def _with_signs(needle: bytes) -> re.Pattern[bytes]:
    return re.compile((_SIGN + b"*").join(re.escape(needle[at : at + 1]) for at in range(len(needle))))


_PIECE = re.compile(rb"[^ ]+")


class Text:
    """Passages in one language, searched as a single text."""

    def __init__(self, passages: list[Passage], language: str | None) -> None:
        texts = [passage.text for passage in passages]
        self.text = " ".join(["", *texts, ""])
        self._passages = passages
        self._capitals: dict[int, bool] = {}
        self._language = language
        self._begins = list(accumulate([len(text) + 1 for text in texts], initial=1))
        self._folded = _SIGNS_IN_TERMS.sub(_ANY_OTHER, _folded(self.text, _codec(language)))
        self._words = self._folded.replace(_SIGN, b" ").replace(_UNSPACED, b" ")

    def candidates(self, prefilter: Prefilter) -> Iterator[Candidate]:
        """The pieces that may match, separated by spaces, in order; no token is in two of them."""
        if prefilter.some is None:
            return self.pieces(0, len(self.text))
        return ((start, self.text[start:end]) for start, end in sorted(self._likely(prefilter.some, prefilter)))

    def pieces(self, start: int, end: int) -> Iterator[Candidate]:
        """All pieces that start and end there."""
        return ((piece.start(), self.text[piece.start() : piece.end()]) for piece in _PIECE.finditer(self._folded, start, end))

    def placed(self, start: int, end: int) -> tuple[Passage, int, int]:
        """A part of the text as a part of its passage."""
        number = bisect_right(self._begins, start) - 1
        begin = self._begins[number]
        return self._passages[number], start - begin, end - begin

    def is_in_capitals(self, place: int) -> bool:
        """Whether the passage at that position is all in capitals."""
        number = bisect_right(self._begins, place) - 1
        if number not in self._capitals:
            self._capitals[number] = self._passages[number].text.isupper()
        return self._capitals[number]

    @cached_property
    def spaced_numbers(self) -> list[Term]:
        """As analyzer.spaced_numbers."""
        return self._across_spaces(spaced_numbers)

    @cached_property
    def spaced_initials(self) -> list[Term]:
        """As analyzer.spaced_initials."""
        return self._across_spaces(partial(spaced_initials, language=self._language))

    def _across_spaces(self, terms: Callable[[str], list[Term]]) -> list[Term]:
        if not terms(self.text):
            return []
        each = zip(self._begins, self._passages, strict=False)
        found = ((begin, term) for begin, passage in each for term in terms(passage.text))
        return [Term(term.term, begin + term.start, begin + term.end) for begin, term in found]

    def passage_at(self, place: int) -> Passage:
        return self._passages[bisect_right(self._begins, place) - 1]

    def end_of_passage(self, place: int) -> int:
        """The end of the passage at that position."""
        return self._begins[bisect_right(self._begins, place)] - 1

    def _likely(self, some: tuple[bytes | str, ...], prefilter: Prefilter) -> set[tuple[int, int]]:
        words, folded, then = self._words, self._folded, prefilter.then
        likely: set[tuple[int, int]] = set()
        for needle in (*some, _ANY_OTHER):
            find: Callable[[Any, int], int] = self.text.find if isinstance(needle, str) else words.find
            at = find(needle, 0)
            while at >= 0:
                end = at + 1
                if then is None or then.match(words, at):
                    end = folded.index(b" ", end)
                    likely.add((folded.rfind(b" ", 0, at + 1) + 1, end))
                at = find(needle, end)
        for needle in some if prefilter.joined else ():
            if isinstance(needle, bytes) and self._without_signs.count(needle) > words.count(needle):
                likely.update(self._joined(needle))
        return likely

    def _joined(self, needle: bytes) -> Iterator[tuple[int, int]]:
        """The pieces that contain the needle, also with signs inside it."""
        end = 0
        for found in _with_signs(needle).finditer(self._folded):
            if found.start() >= end:
                end = self._folded.index(b" ", found.start())
                yield self._folded.rfind(b" ", 0, found.start()) + 1, end

    @cached_property
    def _without_signs(self) -> bytes:
        return self._folded.replace(_SIGN, b"")
