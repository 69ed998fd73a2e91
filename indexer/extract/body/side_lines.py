"""Which blocks are something else than the article's text, by their words: headlines again, bylines, credits, pointers.

>>> side_line(Block("Read more: The vote in maps", "text", "body", 0.0, ()), headlines=set(), longest=0)
'points to another story'
"""

import re

from indexer.extract.body.dom_walk import Block
from indexer.extract.body.prose_blocks import ends_block
from indexer.extract.lexicon.boilerplate_names import is_notice
from indexer.extract.lexicon.credits import is_credit_line
from indexer.extract.lexicon.line_patterns import is_boilerplate, is_contributor_line, is_related_line

SIDE_LINE_LETTERS = 200
BYLINE_LETTERS = 40
_FOR_MACHINES = re.compile(r"(?:https?://\S+|\d{4}-\d\d-\d\dT[\d:.+Zz-]{4,20}|<(?:img|iframe|script)\s[^>]*>?)$")
_LETTER = re.compile(r"[^\W\d_]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LETTERS = re.compile(r"[^\W_]+")
_CLOCK = re.compile(
    r"^\d{1,2}[:.h]\d\d(?: ?(?:am|pm|a\.m\.|p\.m\.|uhr|h|[A-Z]{2,4}))?$", re.IGNORECASE
)  # of a post in a live report
_CLOCK_AND_NAME = re.compile(r"\d{1,2}[:.]\d\d(?:[A-Z][\w.'’-]+ ?){2,4}$")  # "21:22Jane Doe": two elements, nothing between


def side_line(block: Block, headlines: set[str], longest: int) -> str | None:
    """What the block is instead of the article's text, if it is. longest: of the headlines, in letters."""
    text = block.text
    words = _LETTER if block.kind == "text" else _LETTER_OR_DIGIT  # a number alone is a date or a count, but not in a table
    if not words.search(text) or (text[0].isdigit() and (_CLOCK.match(text) or _CLOCK_AND_NAME.match(text))):
        return "has no words"
    if _FOR_MACHINES.match(text):
        return "is an address, a time or mark-up, for machines"
    if len(text) <= 2 * longest + 20 and _repeats(text, headlines):
        return "repeats the headline"
    if len(text) <= SIDE_LINE_LETTERS and is_credit_line(text):
        return "is a picture's credit"
    if is_notice(text):
        return "is the site's word to its reader"
    if len(text) <= SIDE_LINE_LETTERS and is_related_line(text):
        return "points to another story"
    return "is a line that sites print around any text" if len(text) <= SIDE_LINE_LETTERS and is_boilerplate(text) else None


def names_authors(text: str, authors: tuple[str, ...]) -> str | None:
    """ "Words by Jane Doe and John Roe", when these are the authors: hardly anything but their names."""
    if len(text) >= BYLINE_LETTERS + 2 * sum(map(len, authors)):
        return None
    named = [author for author in authors if author in text]
    if named and ends_block(text) and any(text.startswith(f"{author}:") for author in named):
        return None  # their turn in an interview
    little_else = named and len(text) < BYLINE_LETTERS + 2 * sum(map(len, named)) and not text.endswith(("?", "!", "”"))
    return "names the authors" if little_else and not is_contributor_line(text) else None


def _repeats(text: str, headlines: set[str]) -> bool:
    """Whether it is the headline again, perhaps with a kicker before it: "Opinion: A truce at last"."""
    plain = letters_of(text)
    return plain in headlines or any(
        len(headline) > 20 and headline in plain and len(plain) < 2 * len(headline) for headline in headlines
    )


def letters_of(text: str) -> str:
    return "".join(_LETTERS.findall(text.lower()))
