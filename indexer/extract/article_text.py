"""The isolated article -> its text, sorted into a newspaper's fields.

>>> read_text(isolated, headline, metadata).dateline
'GENEVA, Switzerland'
"""

import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, replace
from itertools import takewhile

from indexer.extract.body.container import Isolated
from indexer.extract.body.dom_walk import Block, Figure
from indexer.extract.body.link_blocks import leading_elsewhere
from indexer.extract.body.prose_blocks import LIST_LETTERS, Item, ends_block, is_prose, is_short_sentence, letters_in, prose_of
from indexer.extract.body.side_lines import letters_of, names_authors, repeated, side_line, unconfirmed
from indexer.extract.body.trace import NULL_TRACE, NullTrace
from indexer.extract.fields.author_names import signers
from indexer.extract.fields.byline_words import has_byline_prefix
from indexer.extract.lexicon.boilerplate_names import is_closing_heading, is_correction_name, is_deck
from indexer.extract.lexicon.line_patterns import dateline_of, is_call, is_contributor_line, is_correction
from indexer.extract.metadata.claims import Metadata
from search.model.article import Paragraph

CLOSING_BLOCKS = 12
"""How far from the end contributor lines and corrections stand."""
SIGNING_BLOCKS = 3
"""How far from the end the signature of an agency or a reporter stands."""
LABEL_LETTERS = 80
SENTENCE_LETTERS = 120
MAX_ABOVE_HEADLINE = 2
"""Blocks of prose, such as a standfirst; what has more above it is no headline of the whole."""
CLOSING_SHARE = 0.45
_PLACE = re.compile(r"[^\W\d_][^\d]{1,38}$")
# What tells of the author goes on so: "Jane Doe, born in 1950, …", "Jane Doe is a reporter …", "Jane Doe (Jahrgang 1962) …"
_OF_AUTHOR = re.compile(
    r"(?:,| \(| ist | is | schreibt | arbeitet | studierte | est | es | è | jest | lives | writes | covers | works )"
)


@dataclass(frozen=True, slots=True)
class ArticleText:
    """figures: each with the number of paragraphs before it. signers: who signs it with its last line."""

    standfirst: str | None
    paragraphs: tuple[Paragraph, ...]
    figures: tuple[tuple[Figure, int], ...]
    contributors: str | None
    corrections: tuple[str, ...]
    dateline: str | None
    signers: tuple[str, ...] = ()


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Text with a line a paragraph, or a blank line between them."""
    return tuple(Paragraph(" ".join(line.split())) for line in text.splitlines() if line.strip())


def read_text(isolated: Isolated, headline: str | None, metadata: Metadata, notes: NullTrace = NULL_TRACE) -> ArticleText:
    """The text without what repeats the headline, in any of its forms, and without what leads to other pages."""
    headlines = {letters_of(form) for form in {headline, isolated.headline, *metadata.headlines} if form}
    longest = max(map(len, headlines), default=0)
    items = _drop(isolated.items, _to_headline(isolated), "is the headline or stands above it", notes)
    items = _drop_blocks(items, lambda block: side_line(block, headlines, longest), notes)
    items = _drop_blocks(items, lambda block: names_authors(block.text, metadata.authors), notes)
    items = _drop(items, leading_elsewhere(items), "is nothing but links", notes)
    standfirst, rule = _find_standfirst(items, metadata.descriptions)
    prose = set(prose_of(items))
    if standfirst and prose == {standfirst}:
        standfirst = None  # a text of one paragraph
    if standfirst:
        notes.rule("standfirst", rule)
    items = [item for item in items if item is not standfirst]
    labels = {item for item in items if isinstance(item, Block) and item.zone != "body"}
    items = _drop(items, labels - prose, "is a label between headline and text", notes)
    texts = [(item.text, item.names[-1] if item.names else "") for item in items if isinstance(item, Block)]
    texts = [*texts[:3], *texts[3:][-CLOSING_BLOCKS:], *isolated.after]
    contributors = _distinct(text for text, _ in texts if is_contributor_line(text))
    corrections = _distinct(text for text, names in texts if is_correction(text) or _is_named_correction(text, names))
    apart = {*contributors, *corrections}
    items = [item for item in items if isinstance(item, Figure) or item.text not in apart]
    items = _drop(items, _closing_part(items), "stands below a heading as of more stories, comments or authors", notes)
    items = _drop(items, _outer_labels(items, prose), "is a label above the first or below the last paragraph", notes)
    items = _drop(items, repeated(items), "repeats another text or is a pull quote of it", notes)
    if metadata.article_body:
        rule = "is not in JSON-LD's articleBody, which has nearly all the rest"
        items = _drop(items, unconfirmed(items, metadata.article_body), rule, notes)
    items = _drop(items, _tail(items, metadata.authors), "is the site's or the author's word below the text", notes)
    paragraphs, figures = _merge_groups(items)
    return ArticleText(
        standfirst.text if standfirst else None,
        paragraphs,
        figures,
        " ".join(contributors) or None,
        corrections,
        next(filter(None, map(_dateline, [item for item in items if isinstance(item, Block) and item.kind == "text"][:2])), None),
        next(filter(None, (signers(text) for text, _ in reversed(texts[-SIGNING_BLOCKS:]))), ()),
    )


def _drop_blocks(items: Iterable[Item], rule_against: Callable[[Block], str | None], notes: NullTrace) -> list[Item]:
    """All figures, and the blocks that no rule is against."""
    kept: list[Item] = []
    for item in items:
        if isinstance(item, Block) and (rule := rule_against(item)):
            notes.dropped(item, rule)
        else:
            kept.append(item)
    return kept


def _drop(items: Iterable[Item], out: Set[Item], rule: str, notes: NullTrace) -> list[Item]:
    """Those that are not `out`."""
    if not out:
        return list(items)
    kept: list[Item] = []
    for item in items:
        if item in out:
            notes.dropped(item, rule)
        else:
            kept.append(item)
    return kept


def _is_named_correction(text: str, names: str) -> bool:
    """A sentence in an element that is called so, not a link to report an error."""
    return len(text) >= LIST_LETTERS and ends_block(text) and is_correction_name(names)


def _dateline(block: Block) -> str | None:
    return dateline_of(block.text) or (block.place if block.place and _PLACE.match(block.place) else None)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _to_headline(isolated: Isolated) -> set[Item]:
    """The headline itself and the short lines above it, unless it is said again within the text."""
    blocks = [item for item in isolated.items if isinstance(item, Block)]
    headings = (n for n, block in enumerate(blocks) if block.kind == "subhead" and block.text == isolated.headline)
    at = next(headings, None)
    if at is None:
        return set()
    labels = [block for block in blocks[:at] if not is_prose(block)]
    return {blocks[at], *(labels if at - len(labels) <= MAX_ABOVE_HEADLINE else ())}


def _find_standfirst(items: list[Item], descriptions: tuple[str, ...]) -> tuple[Block | None, str]:
    """The deck, and the rule: of the blocks above the text the one that repeats the page's description, else one that is named
    so, else a sentence or a long heading between headline and text."""
    above: list[Block] = []
    for item in items:
        if isinstance(item, Block):
            if item.zone == "body" and is_prose(item) and not _is_named_deck(item) and item.text not in descriptions:
                break
            if len(item.text) >= 20 and not _is_byline_with_more(item.text):
                above.append(item)
    tests: tuple[tuple[str, Callable[[Block], bool]], ...] = (
        ("repeats the page's description", lambda block: block.text in descriptions),
        ("is named so and reads like a sentence", lambda block: _is_named_deck(block) and is_prose(block)),
        ("is a sentence between headline and text", lambda block: block.zone == "head" and is_prose(block)),
        ("is named so", _is_named_deck),
        (
            "is a long heading between headline and text",
            lambda block: block.zone == "head" and block.kind == "subhead" and len(block.text) > 40,
        ),
        (
            "is a heading of a sentence or more above the text",
            lambda block: block.kind == "subhead" and len(block.text) > SENTENCE_LETTERS,
        ),
    )
    return next(((block, rule) for rule, test in tests for block in above if test(block)), (None, ""))


def _is_byline_with_more(text: str) -> bool:
    """ "By Jane Doe | Filed under Lakes | 0"."""
    return len(text) < LABEL_LETTERS and "|" in text and has_byline_prefix(text)


def _is_named_deck(block: Block) -> bool:
    """By its own name; above the text also by that of an element around it."""
    return any(is_deck(names) for names in (block.names if block.zone == "head" else block.names[-1:]))


def _closing_part(items: list[Item]) -> set[Item]:
    """What follows a heading such as "More stories", if that is the smaller part."""
    total = letters_in(items)
    for number, item in enumerate(items):
        closing = isinstance(item, Block) and _heads(item) and is_closing_heading(item.text)
        if closing and letters_in(items[number:]) < CLOSING_SHARE * total:
            return set(items[number:])
    return set()


def _heads(block: Block) -> bool:
    """Whether it may stand above others: a heading, or a short line that is none by its mark-up alone."""
    return block.kind == "subhead" or (len(block.text) < 40 and block.kind == "text" and not ends_block(block.text))


def _outer_labels(items: list[Item], prose: set[Block]) -> set[Item]:
    """The labels above the first and below the last block of prose: bylines, dates, tags."""
    blocks = [item for item in items if isinstance(item, Block)]
    found = [number for number, block in enumerate(blocks) if block in prose]
    if not found:
        return set()
    first, last = found[0], found[-1]
    while last + 1 < len(blocks) and is_short_sentence(blocks[last + 1]):
        last += 1
    while first and is_short_sentence(blocks[first - 1]):
        first -= 1
    if first and blocks[first - 1].kind == "subhead":
        first -= 1
    return {*blocks[:first], *blocks[last + 1 :]}


def _tail(items: list[Item], authors: tuple[str, ...]) -> set[Item]:
    """Headings and labels of things that were left out, calls to subscribe and what tells of the author at the end."""
    blocks = [item for item in items[1:] if isinstance(item, Block)]
    return {*takewhile(lambda block: _is_tail(block, authors), reversed(blocks))}


def _is_tail(block: Block, authors: tuple[str, ...]) -> bool:
    text = block.text
    if block.kind == "subhead" or is_call(text) or (block.kind == "text" and len(text) < LABEL_LETTERS and text.endswith(":")):
        return True
    return any(text.startswith(author) and _OF_AUTHOR.match(text, len(author)) for author in authors if " " in author)


def _merge_groups(items: Iterable[Item]) -> tuple[tuple[Paragraph, ...], tuple[tuple[Figure, int], ...]]:
    """The rows of a table, the items of a list become one paragraph, a line each."""
    paragraphs: list[Paragraph] = []
    figures: list[tuple[Figure, int]] = []
    group = 0
    for item in items:
        if isinstance(item, Figure):
            figures.append((item, len(paragraphs)))
        elif item.group and item.group == group and item.kind in ("list", "table") and paragraphs:
            paragraphs[-1] = replace(paragraphs[-1], text=f"{paragraphs[-1].text}\n{item.text}")
        else:
            paragraphs.append(Paragraph(item.text, item.kind))
            group = item.group
    return tuple(paragraphs), tuple(figures)
