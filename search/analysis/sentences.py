"""Splits text into sentences, recognising abbreviations, ordinals and initials.

>>> sentences("Gen. Clark signed. Guns fell silent.")
[(0, 18), (19, 36)]
"""

import re
from functools import lru_cache

from search.lexicon.read import read_lexicon

Sentence = tuple[int, int]
"""[start, end) in code points."""

_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|Mr|Mrs|Ms|Mme|Mlle|Dr|Prof|St|Ste|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Adm|Jr|Sr|vs|No|Nos|Nr|[Vv]ol|pp|Art|Hr|Fr|Sra?|Dra?"
    r"|Ud|Uds|bzw|ca|etc|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|(?:[^\W\d_]\.)+[^\W\d_])\.$"
)
_MAX_ABBREVIATION_CHARACTERS = 12
_MAX_ABBREVIATED_WORD_LETTERS = 4
_SIGNS = read_lexicon("search.lexicon", "sentence_ends")
_SPACED, _UNSPACED = ("".join(_SIGNS.of(kind)) for kind in ("spaced", "unspaced"))
_CLOSING = "".join(_SIGNS.of("closing"))
_CLOSING_QUOTES = frozenset(_SIGNS.of("closing_quote"))
_ALL_ENDS = frozenset(_SPACED + _UNSPACED)
_ENDS = re.compile(  # begins with one set of characters, which re looks for by itself; dots in a row are tried once
    rf"""[{_SPACED}{_UNSPACED}\n](?:(?<=[{_SPACED}])(?<![{_SPACED}]{{2}})[{_SPACED}]*+(?:[{re.escape(_CLOSING)}]|\s+»(?!\w))*\s+"""
    rf"""|(?<=[{_UNSPACED}])[{_UNSPACED}]*[{re.escape(_CLOSING)}]*\s*|(?<=\n)\s*)"""
)
_AFTER_ORDINAL = re.compile(r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Jahrh)")  # am 3. Oktober


@lru_cache(maxsize=1_000)
def sentences(text: str) -> list[Sentence]:
    """[start, end) of each sentence, in order, without the space between them; at least one."""
    found: list[Sentence] = []
    start = len(text) - len(text.lstrip())
    for end in _ENDS.finditer(text):
        stop, after = end.span()
        if stop >= start and not _goes_on(text, start, stop, after):
            found.append((start, start + len(text[start:after].rstrip())))
            start = after
    if start < len(text) or not found:
        found.append((start, max(start, len(text.rstrip()))))
    return found


def ends_sentence(text: str) -> bool:
    """Whether the text ends as sentences do: with a full stop or its like, perhaps in quotation marks or parentheses, or with a
    quotation."""
    return text[-1:] in _CLOSING_QUOTES or text.rstrip(_CLOSING)[-1:] in _ALL_ENDS


def _goes_on(text: str, start: int, stop: int, after: int) -> bool:
    """Whether the sentence from `start` continues after an apparent end at [stop, after)."""
    if text[stop] not in ".!?…" or "\n" in text[stop:after]:
        return False
    if text[after : after + 1].islower():  # “Really?” she asked
        return True
    if text[stop] != ".":
        return False
    if stop - start > _MAX_ABBREVIATED_WORD_LETTERS and text[stop - _MAX_ABBREVIATED_WORD_LETTERS - 1 : stop].isalpha():
        return False
    if text[stop - 1 : stop].isdigit() and _AFTER_ORDINAL.match(text, after):
        return True
    return _ABBREVIATION.search(text[max(start, stop + 1 - _MAX_ABBREVIATION_CHARACTERS) : stop + 1]) is not None
