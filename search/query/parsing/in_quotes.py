"""Text in quotation marks -> the words of a phrase, the unfinished last word, and the operators that have no effect there.

>>> in_quotes("high-level neg*")
InQuotes(words=('high', 'level'), start='neg', idle=())
>>> in_quotes("w?rd talks~2, he said: why?")
InQuotes(words=('w', 'rd', 'talks', 'he', 'said', 'why'), start='', idle=('w?rd', 'talks~2,'))

Only one operator works in quotation marks: * directly after the letters of the last word. Everything else is text, as it is on a
page: OR and NOT are words, + - and : are punctuation, and so is ? at the end of a word. Other patterns, word~ and a * by itself
have no effect.
"""

import re
from dataclasses import dataclass

from search.analysis.analyzer import exact_terms, is_unspaced


@dataclass(frozen=True, slots=True)
class InQuotes:
    """`words`: exact terms; `start`: the beginning of one more, or ""; `idle`: the pieces with operators that have no effect, as
    typed; their words are among `words`."""

    words: tuple[str, ...]
    start: str
    idle: tuple[str, ...]


STAND_IN = "\ua66e"
"""Stands for *: a letter of no living language, so that neg* is tokenised as one word."""
_BEGUN = re.compile(r"([^*?]+)\*+(?:[^\w*]|_)*")
_TYPO = re.compile(r"(?<=[^\W\d_])~[0-9]?(?![^\W_])")
_PATTERN = re.compile(r"\*|[?](?=[^\W_])")


def in_quotes(text: str) -> InQuotes:
    pieces = text.split()
    last = max((number for number, piece in enumerate(pieces) if re.search(r"[^\W_]", piece)), default=-1)
    words: list[str] = []
    begun = ""
    idle = []
    for number, piece in enumerate(pieces):
        whole, start, is_idle = _read(piece, number == last)
        words += whole
        begun = start or begun
        idle += [piece] if is_idle else []
    return InQuotes(tuple(words), begun, tuple(idle))


def is_address(text: str) -> bool:
    """Whether it is an address, in which * and ? are ordinary characters."""
    return re.search(r"://|[?].*=", text) is not None


def _read(piece: str, is_last: bool) -> tuple[list[str], str, bool]:
    """The words of a piece without spaces, the beginning of one more, and whether an operator in it has no effect."""
    if is_address(piece):
        return exact_terms(piece), "", False
    plain = _TYPO.sub("", piece)
    begun = _BEGUN.fullmatch(plain) if is_last else None
    if begun:
        *words, last = exact_terms(begun[1] + STAND_IN)
        if start := last.partition(STAND_IN)[0]:
            return words, start, plain != piece
    words = exact_terms(plain)
    completed = begun and words and is_unspaced(words[-1])  # 北京* has nothing to complete
    return words, "", plain != piece or (not completed and _PATTERN.search(plain) is not None)


def quotation(name: str) -> str:
    """A query for a name as printed, in which no character is an operator.

    >>> quotation('Bo "Bud" Ree*')
    '"Bo  Bud  Ree"'
    """
    return f'"{name.translate(_NO_SIGNS).strip()}"'


_NO_SIGNS = dict.fromkeys(map(ord, '"“”„‟«»〝〞＂*?~'), " ")
