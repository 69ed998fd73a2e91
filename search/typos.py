"""How words are misspelled: what one typo makes of a word, and how likely it is.

"truce" in one_edit("trcue")             # swapped neighbours are one edit
likelihood("governmnt", "government")    # 1.0: a letter left out
likelihood("govermment", "government")   # less: any letter might have been the wrong one
"""

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import category

from search.analysis import fold

BLOCK_BITS = 7
"""The letters of a script stand within 128 code points, or within a few times as many."""
UNLIKELY = 0.04
"""Of a certain letter written in place of another, or where there is none: other letters are as likely. A letter left out and two
swapped leave no choice. (The noisy channel of Kernighan, Church & Gale 1990, without their tables, which are of English.)"""


def one_edit(word: str) -> Iterator[str]:
    """All that one edit makes of a folded word: a letter less or more, another letter, neighbours swapped; letters are those of
    the word's scripts and, in Latin, what else a term may have. Some come twice."""
    letters = "".join(dict.fromkeys("".join(_alphabet(ord(char) >> BLOCK_BITS) for char in word)))
    for place in range(len(word) + 1):
        start, end = word[:place], word[place:]
        yield from (start + letter + end for letter in letters)
        if end:
            yield start + end[1:]
            yield from (start + letter + end[1:] for letter in letters)
        if len(end) > 1:
            yield start + end[1] + end[0] + end[2:]


def likelihood(typed: str, meant: str) -> float:
    """How likely, from 1 down, whoever means a word one edit away types this instead of another thing."""
    if len(typed) < len(meant):
        return 1.0
    if sorted(typed) == sorted(meant):
        return 1.0
    doubled = any(
        typed[:place] + typed[place + 1 :] == meant for place in range(1, len(typed)) if typed[place] == typed[place - 1]
    )
    return 1.0 if doubled else UNLIKELY


@lru_cache(maxsize=64)
def _alphabet(block: int) -> str:
    """The characters of a block of code points that folded words may have."""
    if not block:
        return "abcdefghijklmnopqrstuvwxyz0123456789.,+#"
    chars = map(chr, range(block << BLOCK_BITS, (block + 1) << BLOCK_BITS))
    return "".join(char for char in chars if category(char)[0] in "LMN" and fold(char) == char)
