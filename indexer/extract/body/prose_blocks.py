"""Which blocks are prose: sentences of the article, not labels around it.

>>> is_prose(Block("It holds, so far, says the envoy.", "text", "body", 0.0, ()))
True
"""

import re
from collections.abc import Iterable

from indexer.extract.body.dom_walk import Block, Figure
from indexer.extract.body.text_density import NO_SPACES
from search.analysis.sentences import ends_sentence

Item = Block | Figure

LIST_LETTERS = 40
"""From which on an item of a list, or a correction, is more than a label."""
LONG_LINE = 100
"""Letters from which on a block is taken for prose even without a full stop; half as many in scripts without spaces."""
LINKED = 0.8
SHORT_LINKED = 0.5
MIN_WORDS = 3
MIN_LETTERS = 5
_WORD = re.compile(r"[^\W\d_]{2,}")
_PUNCTUATION = re.compile(r"[.,;:!?…。、，！？।॥۔؟។\u0e00-\u0eff]")
_DATE_LINE = re.compile(r"\b(?:1[5-9]|20)\d\d\b.*\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[:.h]\d\d\b.*\b(?:1[5-9]|20)\d\d\b")
_HAN_OR_KANA = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_HAN_SENTENCE = re.compile("[。！？」]")


def is_prose(block: Block) -> bool:
    """Whether it reads like a sentence, not like a label: by its length, or a shorter one by its end."""
    text = block.text
    if block.kind == "subhead" or (block.link_share > LINKED and len(text) < 150):
        return False
    if len(text) < 160 and not ends_block(text) and _DATE_LINE.search(text):
        return False
    latin = text.isascii()
    if not latin and _HAN_OR_KANA.search(text):
        return len(text) >= 15 and bool(_HAN_SENTENCE.search(text))
    if block.kind == "list" and block.link_share < 0.2 and len(text) >= LIST_LETTERS:
        return True  # a main point needs no full stop
    if block.kind == "quote" and len(text) >= LIST_LETTERS:
        return True
    letters = len(text) * (1 if latin or not NO_SPACES.search(text) else 2)
    long = letters >= LONG_LINE and bool(_PUNCTUATION.search(text))
    return long or (letters >= 30 and ends_block(text))


def is_short_sentence(block: Block) -> bool:
    """Whether it may be the first or the last sentence of the article: "The case continues."."""
    text = block.text
    if block.kind != "text" or block.link_share > SHORT_LINKED or not ends_sentence(text):
        return False
    return len(_WORD.findall(text)) >= MIN_WORDS or len(NO_SPACES.findall(text)) >= MIN_LETTERS


def ends_block(text: str) -> bool:
    """Or with what announces the next block."""
    return ends_sentence(text) or text.endswith((":", ";", "："))


def prose_of(items: Iterable[Item]) -> list[Block]:
    """The blocks that are prose; of a list, such as the main points above the text, all items if one is."""
    blocks = [(item, is_prose(item)) for item in items if isinstance(item, Block)]
    lists = {block.group for block, prose in blocks if prose and block.kind == "list"}
    return [block for block, prose in blocks if prose or (block.kind == "list" and block.group in lists)]


def letters_in(items: Iterable[Item]) -> int:
    return sum(len(item.text) for item in items if isinstance(item, Block))
