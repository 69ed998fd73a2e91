"""Lines of print -> the text that runs through them, with words that a line parts joined.

>>> joined(["The dele-", "gates met at the well-", "Known hall."])
'The delegates met at the well-Known hall.'
"""

import re
from collections.abc import Iterable

HYPHENS = "-¬\u00ad‐"
SOFT = "¬\u00ad"
"""Hyphens that are never part of a word."""
_PARTED = re.compile(rf"[^\W\d_][{HYPHENS}]$")


def joined(lines: Iterable[str]) -> str:
    """A hyphen at the end of a line goes if the next line begins in lower case: in capitals it may be part of a name."""
    text = ""
    for line in (" ".join(line.split()) for line in lines):
        if not line:
            continue
        if _PARTED.search(text) and line[0].islower():
            text = text[:-1] + line
        elif _PARTED.search(text) and text[-1] in "-‐":
            text += line
        else:
            text = f"{text.rstrip(SOFT)} {line}" if text else line
    return text.rstrip(SOFT)
