"""Which blocks that are nothing but links are the article's own, and which lead to other stories.

>>> leading_elsewhere([paragraph, link_to_other_story, paragraph])
{link_to_other_story}

The article's own are lists and lines that a sentence announces, linked headings of its sections, and a line among paragraphs
that leads to something else than a story: a law, a report.
"""

import re
from collections.abc import Iterable
from itertools import takewhile

from indexer.extract.body.dom_walk import Block
from indexer.extract.body.prose_blocks import LINKED, Item, ends_block, is_prose, letters_in

LINK_LETTERS = 150
"""A longer block may be a paragraph that is linked as a whole."""
LINK_LIST_SHARE = 0.6
"""The part of a list's letters that is linked in a list that leads to other pages."""
OWN_LINK_LETTERS = 25
OWN_LINK_WORDS = 4
"""What is shorter is a button."""
SECTION_LETTERS = 250
"""What stands below a linked heading is a section of the article, not the excerpt of another story, if it is longer.
Swept 100-500 on 940 pages: below 250 words are won, and segments of other stories come in."""
ANNOUNCING_LETTERS = 25
"""A shorter line with a colon is a label: "More information:"."""
_STORY = re.compile(r"\d{5,}|/\d{4}/\d\d?/|(?<![^/\W_])(?:[^/\W_]+-){3}|\.(?:html?|php|ece|cms)\b", re.IGNORECASE)


def leading_elsewhere(items: Iterable[Item]) -> set[Item]:
    """Blocks that are nothing but a link, and lists that are mostly links, but for the article's own."""
    blocks = [item for item in items if isinstance(item, Block)]
    link_lists = _link_lists(blocks)
    found: set[Item] = set()
    before: Block | None = None
    at = 0
    while at < len(blocks):
        block, end = blocks[at], at + 1
        if block.kind == "list" and block.group in link_lists:
            while end < len(blocks) and blocks[end].group == block.group:
                end += 1
            own = _announces(before) and not (block.address or "").startswith("#")  # a table of contents
        elif block.kind != "list" and _is_link(block):
            own = _is_own(block, before, blocks[end:])
        else:
            own = True
        if own:
            before = blocks[end - 1]
        else:
            found.update(blocks[at:end])
        at = end
    return found


def _link_lists(blocks: list[Block]) -> set[int]:
    letters: dict[int, float] = {}
    linked: dict[int, float] = {}
    for block in blocks:
        if block.kind == "list":
            letters[block.group] = letters.get(block.group, 0) + len(block.text)
            linked[block.group] = linked.get(block.group, 0) + len(block.text) * block.link_share
    return {group for group in letters if linked[group] > LINK_LIST_SHARE * letters[group]}


def _is_link(block: Block) -> bool:
    return block.link_share > LINKED and len(block.text) < LINK_LETTERS


def _is_own(block: Block, before: Block | None, after: list[Block]) -> bool:
    if before is None or block.zone != "body":
        return False
    if block.kind == "subhead":
        section = list(takewhile(lambda other: other.kind != "subhead" and not _is_link(other), after))
        return ends_block(before.text) and letters_in(section) >= SECTION_LETTERS
    following = next((other for other in after if not _is_link(other)), None)
    if (
        not (is_prose(before) and following is not None and is_prose(following))
        or len(block.text) < OWN_LINK_LETTERS
        or len(block.text.split()) < OWN_LINK_WORDS
    ):
        return False
    return _announces(before) or (block.kind == "text" and not block.text.isupper() and not _STORY.search(block.address or ""))


def _announces(block: Block | None) -> bool:
    """ "The council voted on these motions:"."""
    return block is not None and len(block.text) >= ANNOUNCING_LETTERS and block.text.endswith((":", "："))
