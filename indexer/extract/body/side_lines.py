"""Which blocks are something else than the article's text, by their words: headlines again, bylines, credits, pointers, and
texts that stand twice, pull quotes, and what the page's own copy of the text lacks.

>>> side_line(Block("Read more: The vote in maps", "text", "body", 0.0, ()), headlines=set(), longest=0)
'points to another story'
>>> repeated([first, pull_quote, second])
{pull_quote}
"""

import re
from collections.abc import Iterable

from indexer.extract.body.dom_walk import Block
from indexer.extract.body.prose_blocks import Item, ends_block, letters_in
from indexer.extract.lexicon.boilerplate_names import is_notice, is_pull_quote
from indexer.extract.lexicon.credits import is_credit_line
from indexer.extract.lexicon.line_patterns import is_boilerplate, is_contributor_line, is_related_line

CONFIRMED_SHARE = 0.75
"""The part of the text that the page's own copy has to hold to be believed."""
PROBE = 50
"""Characters that are looked for to know a text again."""
REPEAT_LETTERS = 40
"""A shorter text may well stand twice: a refrain, an answer."""
WHOLE_LETTERS = 600
"""A block of so many letters may be the whole text once more, as in microdata that nobody sees, …"""
WHOLE_SHARE = 0.6
"""… if so much of it stands in other blocks, in at least so many."""
MIN_PIECES = 2
_QUOTES = "\"'“”„‟«»‘’‚‹›「」『』"
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


def repeated(items: Iterable[Item]) -> set[Item]:
    """The texts that were there before, and pull quotes: those that only repeat what a paragraph says."""
    texts = {item: item.text.lower() for item in items if isinstance(item, Block) and len(item.text) > REPEAT_LETTERS}
    seen: set[str] = set()
    found: set[Item] = set()
    for block, text in texts.items():
        if text in seen or (_is_pulled(block) and sum(text.strip(_QUOTES) in other for other in texts.values()) > 1):
            found.add(block)
        else:
            seen.add(text)
    kept = {block: text for block, text in texts.items() if block not in found}
    return found | {block for block, text in kept.items() if len(text) >= WHOLE_LETTERS and _is_whole(text, kept.values())}


def _is_whole(text: str, texts: Iterable[str]) -> bool:
    """Whether it is the article's paragraphs once more, in one."""
    pieces = [len(other) for other in texts if other in text and other != text]
    return len(pieces) >= MIN_PIECES and sum(pieces) >= WHOLE_SHARE * len(text)


def _is_pulled(block: Block) -> bool:
    return block.kind == "quote" or any(map(is_pull_quote, block.names))


def unconfirmed(items: Iterable[Item], declared: str) -> set[Item]:
    """The blocks that the page's own metadata does not hold, if that holds nearly all of the others.

    declared: the text of JSON-LD's articleBody; it often lacks subheads, and is sometimes cut."""
    letters = letters_of(declared)
    texts = [item for item in items if isinstance(item, Block) and item.kind != "subhead"]
    confirmed = {block for block in texts if _holds(letters, block.text)}
    if letters_in(confirmed) < CONFIRMED_SHARE * letters_in(texts):
        return set()
    start = next((number for number, block in enumerate(texts) if block in confirmed), len(texts))
    return {block for block in texts[start:] if block.kind != "table" and block not in confirmed}


def _holds(declared: str, text: str) -> bool:
    """Whether a piece from its start, its middle or its end is there."""
    middle = len(text) // 2
    return any(letters_of(piece) in declared for piece in (text[:PROBE], text[middle : middle + PROBE], text[-PROBE:]))
