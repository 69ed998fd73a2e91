"""A model of typos: which words one typo makes of a word, and how likely each is.

"truce" in edits1("trcue")             # swapped neighbours are one edit
likelihood("trcue", "truce")             # 1/1000
likelihood("governmnt", "government")    # more likely: a missing letter
likelihood("govermment", "government")   # less likely: another letter, though a similar sound
likelihood("climite", "limite")          # very unlikely: an extra first letter with nothing to suggest it
"""

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category

from search.analysis.analyzer import fold

BLOCK_BITS = 7
"""The letters of a script are within 128 code points, or a few times as many."""

# The noisy channel of Kernighan, Church & Gale 1990, with classes of edits in place of their tables, which are of English alone:
# how often a certain edit of the class is made where it can be made, compared with swapping two certain neighbours. Counted on
# the 35,000 misspellings with one edit of two thirds of the word list of codespell 2.4.3, which people made.
ONE_IN = 1 / 1000
"""How often two particular neighbours are swapped: one in twenty typed words has a typo, one in six typos is a swap, and a word
has eight places for one."""
LEFT_OUT = 1.6
LEFT_OUT_OF_A_PAIR = 7.0
"""comittee"""
DOUBLED = 0.42
"""goverrnment"""
VOWEL_ADDED = 0.07
NEIGHBOUR_ADDED = 0.04
"""governmnent: the key next to that of the letter before or after is hit as well."""
ADDED = 0.02
ANOTHER_VOWEL = 0.25
ALIKE = 0.27
"""Another consonant that sounds or is written much like it."""
NEIGHBOUR = 0.06
"""The key next to the right one."""
ANOTHER = 0.013
FIRST_LETTER = 0.2
"""The factor for a typo at the start of a word, which people usually get right."""

_VOWELS = frozenset("aeiouyаеиоуыэюяіїєαεηιουω")
_ALIKE_PAIRS = "ck cs sz kq gj dt bp fv vw mn бп вф гк дт жш зс шщ βφ γκ δτ ζσ"
_ALIKE = {frozenset(pair) for pair in _ALIKE_PAIRS.split()}
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm"), ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")
"""The rows of the most common keyboards for these scripts, from the top; each row is shifted by half a key."""
_PLACES = {
    key: (board, row, place + row / 2)
    for board, rows in enumerate(_KEYS)
    for row, keys in enumerate(rows)
    for place, key in enumerate(keys)
}


def edits1(word: str) -> Iterator[str]:
    """All words one edit away from a folded word: a letter removed, added or replaced, or neighbours swapped. Letters come from
    the word's scripts; if it has more than letters, digits and other term characters are included. Some words occur twice."""
    letters = "".join(dict.fromkeys("".join(_alphabet(ord(char) >> BLOCK_BITS, word.isalpha()) for char in word)))
    for place in range(len(word) + 1):
        start, end = word[:place], word[place:]
        yield from (start + letter + end for letter in letters)
        if end:
            yield start + end[1:]
            yield from (start + letter + end[1:] for letter in letters)
        if len(end) > 1:
            yield start + end[1] + end[0] + end[2:]


def likelihood(typed: str, meant: str) -> float:
    """How likely someone who means a word types this (both folded), relative to typing it correctly: the product of the edits
    along the most likely path."""
    start, end = _alike_around(typed, meant)
    typed, meant = typed[start : len(typed) - end], meant[start : len(meant) - end]
    ways: dict[tuple[int, int], float] = {(0, 0): 1.0}
    for i in range(len(typed) + 1):
        for j in range(len(meant) + 1):
            if i or j:
                edits = _last_edits(typed[:i], meant[:j], meant[j : j + 1], begins=not start)
                ways[i, j] = max(ways[i - letters, j - others] * how for letters, others, how in edits)
    return ways[len(typed), len(meant)]


def _alike_around(typed: str, meant: str) -> tuple[int, int]:
    """The number of letters in common at the beginning and at the end, without the last one on either side, which is needed to
    recognise a doubled letter."""
    shortest = min(len(typed), len(meant))
    start = next((place for place in range(shortest) if typed[place] != meant[place]), shortest)
    after = range(1, shortest - start + 1)
    end = next((place - 1 for place in after if typed[-place] != meant[-place]), shortest - start)
    return max(0, start - 1), max(0, end - 1)


def _last_edits(typed: str, meant: str, next: str, begins: bool) -> Iterator[tuple[int, int, float]]:
    """The possible edits of the last letters: how many were typed, how many were meant, and how likely that is. `next`: the
    letter that follows in the intended word; `begins`: whether the word starts here."""
    here = ONE_IN * (FIRST_LETTER if begins and max(len(typed), len(meant)) == 1 else 1)
    if typed and meant:
        yield 1, 1, 1.0 if typed[-1] == meant[-1] else _changed(typed[-1], meant[-1]) * here
    if meant:
        yield 0, 1, (LEFT_OUT_OF_A_PAIR if meant[-1] in (meant[-2:-1], next) else LEFT_OUT) * here
    if typed:
        yield 1, 0, _added(typed[-1], {typed[-2:-1], next}) * here
    if len(typed) > 1 and len(meant) > 1 and typed[-2:] == meant[-1] + meant[-2]:
        yield 2, 2, ONE_IN * (FIRST_LETTER if begins and len(typed) == len(meant) == 2 else 1)


def _changed(typed: str, meant: str) -> float:
    if typed in _VOWELS and meant in _VOWELS:
        return ANOTHER_VOWEL
    if {typed, meant} in _ALIKE:
        return ALIKE
    return NEIGHBOUR if _are_neighbours(typed, meant) else ANOTHER


def _added(letter: str, around: set[str]) -> float:
    if letter in around:
        return DOUBLED
    if letter in _VOWELS:
        return VOWEL_ADDED
    return NEIGHBOUR_ADDED if any(_are_neighbours(letter, other) for other in around) else ADDED


def _are_neighbours(key: str, other: str) -> bool:
    if key not in _PLACES or other not in _PLACES:
        return False
    (board, row, place), (other_board, other_row, other_place) = _PLACES[key], _PLACES[other]
    return board == other_board and abs(row - other_row) <= 1 and abs(place - other_place) <= 1


@lru_cache(maxsize=64)
def _alphabet(block: int, letters_alone: bool) -> str:
    """The characters of a block of code points that folded words can contain, or their letters with their marks."""
    if not block:
        return "abcdefghijklmnopqrstuvwxyz" + ("" if letters_alone else "0123456789.,+#")
    chars = map(chr, range(block << BLOCK_BITS, (block + 1) << BLOCK_BITS))
    wanted = "LM" if letters_alone else "LMN"
    return "".join(char for char in chars if category(char)[0] in wanted and fold(char) == char)
