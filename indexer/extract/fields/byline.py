"""Who wrote the article: the names in the byline that a reader of the page sees.

    find_authors(PageElements(tree)) -> ("Jane Doe", "John Roe")

Looked for in elements that are marked as author, nearest to the headline first; then in a line by the headline that starts as
bylines do; then in the marks of the whole page, if they all name the same.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import hints, is_elsewhere, printed_lines, short_text
from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.author_names import MAX_BYLINE_CHARACTERS, authors_from_text
from indexer.extract.fields.byline_words import (
    byline_in,
    byline_prefix,
    distinct,
    is_agency,
    is_house,
    is_label,
    is_not_writing,
    is_of_house,
    tells_of_others,
)
from indexer.extract.fields.printed_dates import has_numbers, parse_printed_date
from indexer.extract.lexicon.phrases import has_part


def find_authors(page: PageElements) -> tuple[str, ...]:
    """The names in the byline that a reader of the page sees, () if there is none."""
    before, after = page.beside_heading(*_TAGS, before=MARKS_BEFORE, after=MARKS_AFTER)
    ranks = {element: _rank(element) for element in (*before, *after)}
    marked = _named_by_markup(ranks, len(before))
    return (
        next(filter(None, marked), ())
        or _named_in_print(after[:PRINT_AFTER])
        or _named_beside_date(after[1 : 1 + BESIDE_DATE_AFTER])
        or _named_alone(after[1 : 1 + ALONE_AFTER])
        or _only_one_named(page, ranks)
    )


_TAGS = str.split("h2 h3 h4 h5 h6 a span div p li ul address strong b em i small font section header dd aside")
_BOXES = str.split("article cite dt figcaption footer main nav table td time")
"""Searched as well where only a mark tells of an author."""
_AUTHOR_LINK = re.compile(r"(?i)/(?:authors?|autor(?:en|es|e)?|auteurs?|journalistes?|redaktion|profile?|people|staff)/[\w%.-]")
_BYLINE_NAMES = ("byline", "by-line", "by_line")
_AUTHOR_NAMES = str.split("author autor auteur writer redaktor redaktør journalist verfasser")
MARKS_BEFORE, MARKS_AFTER = 100, 700
"""How many elements before and after the headline are looked at for marks of an author: others are of other stories."""
APART = 20
"""How many elements lie at most between two names of one byline."""
BESIDE_DATE_AFTER = 12
"""How many elements after the headline are looked at for a line of a name and a day."""
MAX_WORDS_BESIDE_DATE = 3
"""Maximum number of words of a name recognised only by the day next to it; a longer text may be a topic."""
DATED_AFTER = 40
"""How many elements after the headline are looked at for a line of a day and a name: others are of other stories."""
AFTER_LABEL = 8
"""How many elements after a label are looked at for the names that it tells of."""
RANK_OF_HINTS = 4
"""The rank of elements whose class or id merely contains a word for author; the last one."""
UNMARKED = RANK_OF_HINTS + 1
HINTS_ABOVE = 6
"""Number of enclosing elements whose class or id may show that a mark belongs to something else."""
PRINT_AFTER = 150
"""How many elements after the headline are looked at for a line that starts as bylines do."""


def _named_by_markup(ranks: Mapping[HtmlElement, int], headline_at: int) -> Iterator[tuple[str, ...]]:
    """The names in the elements marked as author, the surest mark first; of several places the nearest to the headline."""
    marked: dict[int, list[tuple[int, HtmlElement]]] = {rank: [] for rank in range(UNMARKED)}
    for at, (element, rank) in enumerate(ranks.items()):
        if rank != UNMARKED:
            marked[rank].append((at, element))
    for elements in marked.values():
        named = [
            (at, element, names)
            for at, element in elements
            if not _is_of_picture(element) and not is_elsewhere(element) and (names := _names_in(element))
            if not _is_of_others(element)
        ]
        if named:
            last, nearest, together = min(named, key=lambda item: (item[0] < headline_at, abs(item[0] - headline_at)))
            block = list(islice((nearest, *nearest.iterancestors()), 4))[-1]
            for at, element, names in named:
                if last < at <= last + APART and block in element.iterancestors():
                    last, together = at, (*together, *names)
            yield _people_or_house(together)


def _rank(element: HtmlElement) -> int:
    """How surely it is marked as an author's: the lower, the surer."""
    ranks = [UNMARKED]
    for attribute, value in element.items():
        if attribute in _NAMING:
            ranks.append(_rank_of_name(value))
        elif attribute in _SAYING and value == "author":
            ranks.append(_SAYING[attribute])
        elif attribute == "href" and element.tag == "a" and _AUTHOR_LINK.search(value):
            ranks.append(3)
    return min(ranks)


_NAMING = frozenset(("class", "id", "data-testid"))
_SAYING = {"itemprop": 0, "rel": 1}


@lru_cache(maxsize=20_000)
def _rank_of_name(name: str) -> int:
    return 2 if has_part(name, _BYLINE_NAMES) else RANK_OF_HINTS if has_part(name, _AUTHOR_NAMES) else UNMARKED


def _named_in_print(searched: Sequence[HtmlElement]) -> tuple[str, ...]:
    """The first short text that starts as bylines do, "By Jane Doe", or stands alone before the names, "Written by"."""
    for at, element in enumerate(searched):
        line = short_text(element, MAX_BYLINE_CHARACTERS // 2)
        said = byline_in(line)
        far = at > DATED_AFTER and said != line
        if not (said or is_label(line)) or (said and far) or _is_of_picture(element) or is_elsewhere(element):
            continue
        said = _without_links_after(element, _first_line(element, line)) if said else _text_after(searched, at)
        names = authors_from_text(said, None)
        if names and not is_agency(names[0]):
            return names
    return ()


def _text_after(searched: Sequence[HtmlElement], at: int) -> str:
    """A label with the line that follows it in an element of its own."""
    label = short_text(searched[at], MAX_BYLINE_CHARACTERS)
    for element in searched[at + 1 : at + AFTER_LABEL]:
        if short_text(element, MAX_BYLINE_CHARACTERS // 2) and searched[at] not in element.iterancestors():
            line = printed_lines(element)[0]
            return f"{label} {line}" if byline_prefix(f"{label} ") else line
    return ""


def _first_line(element: HtmlElement, line: str) -> str:
    """The byline without the lines below it, which hold the paper, a role or an address; with its label in a line above."""
    lines = printed_lines(element) if len(element) else [line]
    said = next((text for text in lines if byline_in(text)), line)
    return lines[1] if len(lines) > 1 and is_label(lines[0]) else byline_in(said) or said


def _without_links_after(element: HtmlElement, line: str) -> str:
    """The line up to the second link, unless a comma or "and" joins it: <p>By <a>Ann Poe</a> <a>Read in print</a></p>."""
    links = list(islice(element.iter("a"), 2))
    if len(links) < 2 or (links[0].tail or "").strip():
        return line
    first_folder, second_folder = ((link.get("href") or "").rpartition("/")[0] for link in links)
    if first_folder == second_folder:  # <a href=/staff/ann>Ann Poe</a> <a href=/staff/john>John Roe</a>
        return line
    second = short_text(links[1], MAX_BYLINE_CHARACTERS)
    before = line.rpartition(second)[0] if second else line
    return before if byline_prefix(before) and authors_from_text(before, None) else line


def _named_beside_date(searched: Sequence[HtmlElement]) -> tuple[str, ...]:
    """The name in a line near the headline that consists of a name and a day: "Jane Doe - Apr 16, 2015 8:02 pm"."""
    for element in searched:
        line = short_text(element, MAX_BYLINE_CHARACTERS // 3)
        match = _NAME_AND_MORE.match(line) if has_numbers(line) else None
        if match and parse_printed_date(match[2], None) and not _is_of_picture(element) and not is_elsewhere(element):
            names = authors_from_text(match[1], None)
            words = names[0].split() if len(names) == 1 else []
            if (
                0 < len(words) <= MAX_WORDS_BESIDE_DATE
                and not any(is_house(word, None) for word in words)
                and not _links_topic(element)
            ):
                return names
    return ()


_NAME_AND_MORE = re.compile(r"([^\W\d_][^\d|·•–—,:]{4,40}?)(?:\s[|·•–—-]\s|,\s)(.*\d.*)$")
_TOPIC_LINK = re.compile(r"(?i)/(?:categor|section|topic|tag|rubri|thema|tema)")


def _links_topic(element: HtmlElement) -> bool:
    return any(_TOPIC_LINK.search(link.get("href") or "") for link in element.iter("a"))


def _named_alone(searched: Sequence[HtmlElement]) -> tuple[str, ...]:
    """The name that is the whole text of an element near the headline, with the sign of a person or near a link to its page."""
    for element in searched:
        name = short_text(element, MAX_NAME_CHARACTERS)
        if " " not in name or not name[0].isupper() or not _is_shown_as_author(element, name):
            continue
        if authors_from_text(name, None) != (name,):
            continue
        if not _is_of_picture(element) and not is_elsewhere(element):
            return (name,)
    return ()


ALONE_AFTER = 25
"""How many elements after the headline are looked at for a name that stands alone: one of a role or a topic looks the same."""
MAX_NAME_CHARACTERS = 40


def _is_shown_as_author(element: HtmlElement, name: str) -> bool:
    """<i class="fa fa-user"></i> Jane Doe; <p>Jane Doe</p> <a href="/authors/jane-doe">More of hers</a>."""
    if any(_PERSON_SIGN.search(sign.get("class") or "") for sign in element.iter("i", "svg")):
        return True
    around = [block for block in islice(element.iterancestors(), 3) if short_text(block, MAX_BYLINE_CHARACTERS)]
    links = (link.get("href") or "" for block in around[-1:] for link in block.iter("a"))
    return any("-".join(name.casefold().split()) in link and _AUTHOR_LINK.search(link) for link in links)


_PERSON_SIGN = re.compile(r"(?i)\b(?:user|author|person)\b")


def _only_one_named(page: PageElements, ranks: Mapping[HtmlElement, int]) -> tuple[str, ...]:
    """The author named by all marks of the page, if it is only one: in a box next to or below the article. ranks: of the elements
    that were looked at before."""
    named = {
        names
        for element in page.of("h1", *_TAGS, *_BOXES)
        if (ranks[element] if element in ranks else _rank(element)) < RANK_OF_HINTS
        if not _is_of_picture(element) and not _COMMENT.search(_hints_above(element))
        if (names := _names_in(element))
    }
    return next(iter(named)) if len(named) == 1 else ()


_COMMENT = re.compile(r"(?i)comment|kommentar|related|recommend|teaser|(?<!v)card|popular|latest|reviewe")


def _hints_above(element: HtmlElement) -> str:
    return " ".join(map(hints, islice((element, *element.iterancestors()), HINTS_ABOVE)))


def _is_of_picture(element: HtmlElement) -> bool:
    return element.tag == "figcaption" or any(parent.tag in ("figure", "figcaption") for parent in element.iterancestors())


def _names_in(element: HtmlElement) -> tuple[str, ...]:
    """Each name may have an element of its own, with nothing between them: <a>Ann Poe</a><a>John Roe</a>."""
    line = short_text(element, MAX_BYLINE_CHARACTERS)
    pieces = [" ".join(piece.split()) for piece in element.itertext() if piece.strip()] if line else []
    named: list[tuple[str, ...]] = []
    label = ""
    for piece in pieces if len(pieces) < MAX_PIECES else ():
        if is_not_writing(piece):
            named = named[:-1]
        elif (names := authors_from_text(piece, None)) and not tells_of_others(label):
            named.append(names)
        label = piece
    return _people_or_house([name for names in named for name in names]) or authors_from_text(line, None)


def _people_or_house(names: Sequence[str]) -> tuple[str, ...]:
    return distinct([name for name in names if not is_of_house(name)] or names)


MAX_PIECES = 12


def _is_of_others(element: HtmlElement) -> bool:
    """Whether the words before it say so: Edited by <a rel="author">Ann Poe</a>."""
    before, parent = element.getprevious(), element.getparent()
    said = (before.tail or "").strip() or before.text if before is not None else parent.text if parent is not None else ""
    return tells_of_others(said or "")
