"""The isolated article -> its text, sorted into a newspaper's fields.

>>> read_text(isolated, headline, metadata).dateline
'GENEVA, Switzerland'
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from indexer.extract.body.container import Isolated
from indexer.extract.body.dom_walk import Block, Figure
from indexer.extract.body.text_density import NO_SPACES
from indexer.extract.body.trace import NULL_TRACE, NullTrace
from indexer.extract.fields.author_names import has_byline_prefix
from indexer.extract.lexicon.boilerplate_names import is_closing_heading, is_correction_name, is_deck, is_notice, is_pull_quote
from indexer.extract.lexicon.line_patterns import (
    dateline_of,
    is_boilerplate,
    is_call,
    is_contributor_line,
    is_correction,
    is_credit_line,
    is_related_line,
)
from indexer.extract.metadata.claims import Metadata, without_site_name
from search.model.article import Paragraph

Item = Block | Figure

CLOSING_BLOCKS = 12
"""How far from the end contributor lines and corrections stand."""
CONFIRMED_SHARE = 0.75
PROBE = 50
"""Characters that are looked for to know a text again."""
SIDE_LINE_LETTERS = 200
BYLINE_LETTERS = 40
CUT_LETTERS = 60
"""A headline that was cut is longer; a shorter one may well end with three dots."""
LABEL_LETTERS = 80
SENTENCE_LETTERS = 120
LIST_LETTERS = 40
"""From which on an item of a list, or a correction, is more than a label."""
LONG_LINE = 100
"""Letters from which on a block is taken for prose even without a full stop; half as many in scripts without spaces."""
_SENTENCE_ENDS = ".!?…:;。！？؟।॥።"
_CLOSING_MARKS = "\"'”’»“›」』）)]"
_CLOSING_QUOTES = frozenset('"”»」』')
_PUNCTUATION = re.compile(r"[.,;:!?…。、，！？।॥۔؟។\u0e00-\u0eff]")
_LETTER = re.compile(r"[^\W\d_]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LETTERS = re.compile(r"[^\W_]+")
_QUOTES = "\"'“”„‟«»‘’‚‹›「」『』"
_CLOCK = re.compile(
    r"^\d{1,2}[:.h]\d\d(?: ?(?:am|pm|a\.m\.|p\.m\.|uhr|h|[A-Z]{2,4}))?$", re.IGNORECASE
)  # of a post in a live report
_CLOCK_AND_NAME = re.compile(r"\d{1,2}[:.]\d\d(?:[A-Z][\w.'’-]+ ?){2,4}$")  # "21:22Jane Doe": two elements, nothing between
_DATE_LINE = re.compile(r"\b(?:1[5-9]|20)\d\d\b.*\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[:.h]\d\d\b.*\b(?:1[5-9]|20)\d\d\b")
_HAN_OR_KANA = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_HAN_SENTENCE = re.compile("[。！？」]")
_PLACE = re.compile(r"[^\W\d_][^\d]{1,38}$")
_LINKED = 0.8
# What tells of the author goes on so: "Jane Doe, born in 1950, …", "Jane Doe is a reporter …", "Jane Doe (Jahrgang 1962) …"
_OF_AUTHOR = re.compile(
    r"(?:,| \(| ist | is | schreibt | arbeitet | studierte | est | es | è | jest | lives | writes | covers | works )"
)
_CUT = re.compile(r"\w ?(?:\.\.\.|…)$")
# The site's or the author's name behind the headline: "Truce | The Herald", "Truce / World / herald.example".
_ADDED_NAME = re.compile(r"(?:\s[-–—|·•»/]\s|\s?[|ㅣ｜_：]|\s[-–—](?=[^\W\d_]))(?:[^.!?]|\.(?=\w)){2,40}")


@dataclass(frozen=True, slots=True)
class ArticleText:
    """figures: each with the number of paragraphs before it."""

    standfirst: str | None
    paragraphs: tuple[Paragraph, ...]
    figures: tuple[tuple[Figure, int], ...]
    contributors: str | None
    corrections: tuple[str, ...]
    dateline: str | None


def choose_headline(shown: str | None, from_metadata: tuple[str, ...], publisher: str | None) -> str | None:
    """The headline as the page declares it, else its h1. shown: the h1; from_metadata: best evidence first."""
    headline = from_metadata[0] if from_metadata else shown
    if headline and shown and _is_no_headline(headline):
        others = from_metadata[1:]
        confirmed = shown if any(other.startswith(shown) for other in others) else None
        likelier = (*(other for other in others if other in shown), confirmed, *(others if " " not in headline else ()))
        headline = next((other for other in likelier if other and not _is_no_headline(other)), headline)
    if headline and shown and headline.startswith(shown) and _ADDED_NAME.fullmatch(headline, len(shown)):
        return shown
    return without_site_name(headline, publisher) if headline and publisher else headline


def _is_no_headline(text: str) -> bool:
    """One word, such as a section's or a system's name, or the beginning of a description."""
    return (len(text) > CUT_LETTERS and bool(_CUT.search(text))) or (" " not in text and not NO_SPACES.search(text))


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Text with a line a paragraph, or a blank line between them."""
    return tuple(Paragraph(" ".join(line.split())) for line in text.splitlines() if line.strip())


def read_text(isolated: Isolated, headline: str | None, metadata: Metadata, notes: NullTrace = NULL_TRACE) -> ArticleText:
    """The text without what repeats the headline, in any of its forms, and without what leads to other pages."""
    headlines = {_plain(form) for form in {headline, isolated.headline, *metadata.headlines} if form}
    longest = max(map(len, headlines), default=0)
    items = notes.dropped("is the headline or stands above it", isolated.items, _after_headline(isolated))
    items = _without(items, lambda block: _side_line(block, headlines, longest), notes)
    items = _without(items, lambda block: _byline(block.text, metadata), notes)
    standfirst, rule = _find_standfirst(items, metadata.descriptions)
    prose = set(map(id, _prose(items)))
    if standfirst and prose == {id(standfirst)}:
        standfirst = None  # a text of one paragraph
    if standfirst:
        notes.rule("standfirst", rule)
    items = [item for item in items if item is not standfirst]
    kept = [item for item in items if isinstance(item, Figure) or item.zone == "body" or id(item) in prose]
    items = notes.dropped("is a label between headline and text", items, kept)
    texts = [(item.text, item.names[-1] if item.names else "") for item in items if isinstance(item, Block)]
    texts = [*texts[:3], *texts[3:][-CLOSING_BLOCKS:], *isolated.after]
    contributors = _distinct(text for text, _ in texts if is_contributor_line(text))
    corrections = _distinct(text for text, names in texts if is_correction(text) or _is_named_correction(text, names))
    apart = {*contributors, *corrections}
    items = [item for item in items if isinstance(item, Figure) or item.text not in apart]
    items = notes.dropped("stands below a heading as of more stories, comments or authors", items, _before_closing(items))
    items = notes.dropped("is in a list of links", items, _without_link_lists(items))
    items = notes.dropped("is a label above the first or below the last paragraph", items, _trim(items, prose))
    items = notes.dropped("repeats another text or is a pull quote of it", items, _without_repeats(items))
    if metadata.article_body:
        rule = "is not in JSON-LD's articleBody, which has nearly all the rest"
        items = notes.dropped(rule, items, _confirmed(items, _plain(metadata.article_body)))
    items = notes.dropped("is the site's or the author's word below the text", items, _without_tail(items, metadata.authors))
    paragraphs, figures = _merge_groups(items)
    return ArticleText(
        standfirst.text if standfirst else None,
        paragraphs,
        figures,
        " ".join(contributors) or None,
        corrections,
        next(filter(None, map(_dateline, [item for item in items if isinstance(item, Block) and item.kind == "text"][:2])), None),
    )


def _without(items: list[Item], rule_against: Callable[[Block], str | None], notes: NullTrace) -> list[Item]:
    """All figures, and the blocks that no rule is against."""
    return notes.dropped(rule_against, items, [item for item in items if isinstance(item, Figure) or not rule_against(item)])


def _is_named_correction(text: str, names: str) -> bool:
    """A sentence in an element that is called so, not a link to report an error."""
    return len(text) >= LIST_LETTERS and _ends_sentence(text) and is_correction_name(names)


def _dateline(block: Block) -> str | None:
    return dateline_of(block.text) or (block.place if block.place and _PLACE.match(block.place) else None)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _after_headline(isolated: Isolated) -> list[Item]:
    """Without the headline itself and the short lines above it."""
    at = next(
        (
            number
            for number, item in enumerate(isolated.items)
            if isinstance(item, Block) and item.kind == "subhead" and item.text == isolated.headline
        ),
        -1,
    )
    above = [item for item in isolated.items[: max(at, 0)] if isinstance(item, Figure) or is_prose(item)]
    return [*above, *isolated.items[at + 1 :]]


def is_prose(block: Block) -> bool:
    """Whether it reads like a sentence, not like a label: by its length, or a shorter one by its end."""
    text = block.text
    if block.kind == "subhead" or (block.link_share > _LINKED and len(text) < 150):
        return False
    if len(text) < 160 and not _ends_sentence(text) and _DATE_LINE.search(text):
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
    return long or (letters >= 30 and _ends_sentence(text))


def _ends_sentence(text: str) -> bool:
    """With a full stop or its like, perhaps in quotation marks or parentheses, or with a quotation."""
    return text[-1:] in _CLOSING_QUOTES or text.rstrip(_CLOSING_MARKS)[-1:] in _SENTENCE_ENDS


def _prose(items: Iterable[Item]) -> list[Block]:
    """The blocks that are prose; of a list, such as the main points above the text, all items if one is."""
    blocks = [item for item in items if isinstance(item, Block)]
    lists = {block.group for block in blocks if block.kind == "list" and is_prose(block)}
    return [block for block in blocks if is_prose(block) or (block.kind == "list" and block.group in lists)]


def _side_line(block: Block, headlines: set[str], longest: int) -> str | None:
    """What the block is instead of the article's text, if it is; so too `_byline`. longest: of the headlines, in letters."""
    text = block.text
    words = _LETTER if block.kind == "text" else _LETTER_OR_DIGIT  # a number alone is a date or a count, but not in a table
    if not words.search(text) or (text[0].isdigit() and (_CLOCK.match(text) or _CLOCK_AND_NAME.match(text))):
        return "has no words"
    if len(text) <= 2 * longest + 20 and _repeats(text, headlines):
        return "repeats the headline"
    if block.link_share > _LINKED and len(text) < 150 and block.kind != "list":
        return "is nothing but a link"
    if len(text) <= SIDE_LINE_LETTERS and is_credit_line(text):
        return "is a picture's credit"
    if is_notice(text):
        return "is the site's word to its reader"
    if len(text) <= SIDE_LINE_LETTERS and is_related_line(text):
        return "points to another story"
    return "is a line that sites print around any text" if len(text) <= SIDE_LINE_LETTERS and is_boilerplate(text) else None


def _byline(text: str, metadata: Metadata) -> str | None:
    """ "Words by Jane Doe and John Roe", when these are the authors: hardly anything but their names."""
    if len(text) >= BYLINE_LETTERS + 2 * sum(map(len, metadata.authors)):
        return None
    named = [author for author in metadata.authors if author in text]
    if named and _ends_sentence(text) and any(text.startswith(f"{author}:") for author in named):
        return None  # their turn in an interview
    little_else = named and len(text) < BYLINE_LETTERS + 2 * sum(map(len, named)) and not text.endswith(("?", "!", "”"))
    return "names the authors" if little_else and not is_contributor_line(text) else None


def _repeats(text: str, headlines: set[str]) -> bool:
    """Whether it is the headline again, perhaps with a kicker before it: "Opinion: A truce at last"."""
    plain = _plain(text)
    return plain in headlines or any(
        len(headline) > 20 and headline in plain and len(plain) < 2 * len(headline) for headline in headlines
    )


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


def _before_closing(items: list[Item]) -> list[Item]:
    """Without what follows a heading such as "More stories", if that is the smaller part."""
    total = _letters(items)
    for number, item in enumerate(items):
        closing = isinstance(item, Block) and _heads(item) and is_closing_heading(item.text)
        if closing and _letters(items[number:]) < CLOSING_SHARE * total:
            return items[:number]
    return items


def _heads(block: Block) -> bool:
    """Whether it may stand above others: a heading, or a short line that is none by its mark-up alone."""
    return block.kind == "subhead" or (len(block.text) < 40 and block.kind == "text" and not _ends_sentence(block.text))


CLOSING_SHARE = 0.45


def _letters(items: Iterable[Item]) -> int:
    return sum(len(item.text) for item in items if isinstance(item, Block))


def _without_link_lists(items: list[Item]) -> list[Item]:
    """Lists that are mostly links lead to other pages."""
    letters: dict[int, float] = {}
    linked: dict[int, float] = {}
    for item in items:
        if isinstance(item, Block) and item.kind == "list":
            letters[item.group] = letters.get(item.group, 0) + len(item.text)
            linked[item.group] = linked.get(item.group, 0) + len(item.text) * item.link_share
    link_lists = {group for group in letters if linked[group] > 0.6 * letters[group]}
    return [item for item in items if isinstance(item, Figure) or item.kind != "list" or item.group not in link_lists]


def _trim(items: list[Item], prose: set[int]) -> list[Item]:
    """Without the labels above the first and below the last block of prose: bylines, dates, tags."""
    found = [number for number, item in enumerate(items) if id(item) in prose]
    if not found:
        return items
    first, last = _with_subhead(items, found[0]), found[-1]
    return [item for number, item in enumerate(items) if isinstance(item, Figure) or first <= number <= last]


def _with_subhead(items: list[Item], first: int) -> int:
    """Where the first prose or the subhead above it starts; there may be a picture between them."""
    for number in range(first - 1, -1, -1):
        item = items[number]
        if isinstance(item, Block):
            return number if item.kind == "subhead" else first
    return first


def _without_tail(items: list[Item], authors: tuple[str, ...]) -> list[Item]:
    """Without headings and labels of things that were left out, calls to subscribe and what tells of the author at the end."""
    last = len(items)
    for number in range(len(items) - 1, 0, -1):
        item = items[number]
        if isinstance(item, Block):
            if not _is_tail(item, authors):
                break
            last = number
    return [item for number, item in enumerate(items) if number < last or isinstance(item, Figure)]


def _is_tail(block: Block, authors: tuple[str, ...]) -> bool:
    text = block.text
    if block.kind == "subhead" or is_call(text) or (block.kind == "text" and len(text) < LABEL_LETTERS and text.endswith(":")):
        return True
    return any(text.startswith(author) and _OF_AUTHOR.match(text, len(author)) for author in authors if " " in author)


def _without_repeats(items: list[Item]) -> list[Item]:
    """Without a text that was there before, and without pull quotes: those that only repeat what a paragraph says."""
    plain = {id(item): item.text.lower() for item in items if isinstance(item, Block) and len(item.text) > 40}
    seen: set[str] = set()
    kept: list[Item] = []
    for item in items:
        text = plain.get(id(item))
        if text is not None:
            if text in seen or (_is_pulled(item) and sum(text.strip(_QUOTES) in other for other in plain.values()) > 1):
                continue
            seen.add(text)
        kept.append(item)
    return kept


def _confirmed(items: list[Item], declared: str) -> list[Item]:
    """Without the blocks that the page's own metadata does not hold, if that holds nearly all of the others.

    declared: the letters of JSON-LD's articleBody; it often lacks subheads, and is sometimes cut."""
    texts = [item for item in items if isinstance(item, Block) and item.kind != "subhead"]
    found = {id(item) for item in texts if _holds(declared, item.text)}
    if _letters(item for item in texts if id(item) in found) < CONFIRMED_SHARE * _letters(texts):
        return items
    kept: list[Item] = []
    started = False
    for item in items:
        started = started or id(item) in found
        if not started or isinstance(item, Figure) or item.kind in ("subhead", "table") or id(item) in found:
            kept.append(item)
    return kept


def _holds(declared: str, text: str) -> bool:
    """Whether a piece from its start, its middle or its end is there."""
    middle = len(text) // 2
    return any(_plain(piece) in declared for piece in (text[:PROBE], text[middle : middle + PROBE], text[-PROBE:]))


def _is_pulled(item: Item) -> bool:
    return isinstance(item, Block) and (item.kind == "quote" or any(map(is_pull_quote, item.names)))


def _plain(text: str) -> str:
    return "".join(_LETTERS.findall(text.lower()))


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
