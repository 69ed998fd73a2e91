"""Which blocks say again what others say: texts that stand twice, pull quotes, and what the page's own copy of the text lacks.

>>> repeated([first, pull_quote, second])
{pull_quote}
"""

from collections.abc import Iterable

from indexer.extract.body.dom_walk import Block
from indexer.extract.body.prose_blocks import Item, letters_in
from indexer.extract.body.side_lines import letters_of
from indexer.extract.lexicon.boilerplate_names import is_pull_quote

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
