"""A figure -> what is printed with its picture: the caption and who took the picture.

>>> read_figure(fromstring("<figure><img src=b.jpg><figcaption>The bridge. <cite>Ann Roe</cite> / WIRE</figcaption></figure>"))
('The bridge.', 'Ann Roe / WIRE')

The figure is read once, as a list of runs: the texts between two tags, each with the elements that it stands in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from lxml.html import HtmlElement

from indexer.extract.body.dom_walk import MAX_DEPTH
from indexer.extract.body.picture_boxes import leads_away
from indexer.extract.body.text_density import NO_SPACES
from indexer.extract.lexicon.boilerplate_names import is_caption, is_credit, is_credit_anywhere, is_notice
from indexer.extract.lexicon.credits import (
    CREDIT_LABEL_ALONE,
    in_own_element,
    is_labelled,
    labelled,
    names_maker,
    names_only,
    names_photographer,
    split_credit,
    split_trailing_credit,
    without_chrome,
)
from indexer.extract.lexicon.line_patterns import is_boilerplate, is_related_line

MAX_CAPTION_LETTERS = 1_500
"""What is longer is a text beside a picture, not its caption."""
MAX_CREDIT_LETTERS = 200
MAX_NAMES = 8
PROSE_SHARE = 0.6
"""A credit of more words than that is a caption, if so many of them are in small letters."""
FEW_WORDS = 4
"""After "Photo:" so many may be what it shows, fewer are who made it: "Foto: Privatna arhiva"."""
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LETTER = re.compile(r"[^\W\d_]")
_CREDIT_ALONE = re.compile(r"[©ⓒ].{2,60}$")
# The number of pictures in a gallery, the name of a picture's file, the length of a film.
_NO_CAPTION = re.compile(
    r"(?i)\W*(?:slide ?show|(?:photo |image )?gallery|bilder(?:galerie|strecke)|fotostrecke|galer[ií]a|fotogalería|diaporama)\b"
    r"[^.]{0,30}\d[^.]{0,20}$|\S+\.(?:jpe?g|png|webp|gif|avif)$|video\b.*\d:\d\d min"
)
_UNREAD = frozenset(("script", "style", "noscript", "svg", "template", "h1", "img"))
_NAMING = ("class", "id", "itemprop")
_APART = frozenset(("p", "div", "br", "section", "figcaption", "li", "dt", "dd", "tr", "td", "h2", "h3", "h4", "h5", "h6"))
"""Their words do not run on into those of the next element."""
_CLOSING, _OPENING = tuple(",.;:!?)]”’"), tuple("([“")
"""What these signs begin or end does run on: "a view of <a>Geneva</a>, at noon"."""
_ADDED = tuple("/|(,·•&–—")
"""Signs that join an agency to the photographer."""
_SENTENCE_ENDS = tuple('.!?…。”"»)')


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text between two tags. around: the elements it stands in, the figure first; apart: whether a block or a break begins or
    ends between it and the run before."""

    text: str
    around: tuple[HtmlElement, ...]
    apart: bool

    @property
    def innermost(self) -> HtmlElement:
        return self.around[-1]


def read_figure(figure: HtmlElement) -> tuple[str | None, str | None]:
    """(caption, credit) of one figure; either may be None."""
    runs = list(_runs(figure))
    if not runs:
        return None, None
    if figure.tag != "figure" and is_credit_anywhere(names_in(figure)) and next(figure.iter("img", "figcaption"), None) is None:
        return _with_credit("", words_of(runs))
    place = _caption_place(figure, runs)
    caption = [run for run in runs if place in run.around]
    beside = [run for run in runs if place not in run.around]
    caption, credit = _take_credit(caption, place)
    if credit is None:
        beside, credit = _take_credit(beside, figure)
    words = words_of(caption)
    if _is_linked(caption) or len(words) > MAX_CAPTION_LETTERS:
        return None, None
    if is_related_line(words) or is_notice(words) or _NO_CAPTION.match(words):
        return None, None
    if is_boilerplate(words) and not _CREDIT_ALONE.match(words):
        return None, None
    if credit:
        return _with_credit(words, credit)
    half = len(words) // 2
    if len(words) > 20 and words[:half] == words[half + 1 :]:  # once to be seen, once to be read out
        text, found = _split(words[:half])
    else:
        text, found = _split_last_piece(caption) or _split(words)
    if not found:
        found = _credit_beside(beside)
    return (text, found) if found or _says_something(text or "") else (None, None)


# --- runs -------------------------------------------------------------------------------------------------------------


def _runs(figure: HtmlElement) -> Iterator[TextRun]:
    apart = False
    space = ""
    for around, text in _texts(figure, ()):
        if text is None:
            apart = True
        elif text.isspace():
            space = " "
        else:
            yield TextRun(space + text, around, apart)
            apart, space = False, ""


def _texts(element: HtmlElement, around: tuple[HtmlElement, ...]) -> Iterator[tuple[tuple[HtmlElement, ...], str | None]]:
    """Each text that a reader reads, with the elements around it; None where a block begins or ends, or a line."""
    line = (*around, element)
    apart = element.tag in _APART
    if apart:
        yield line, None
    if element.text:
        yield line, element.text
    for child in element:
        if len(line) < MAX_DEPTH and not _is_unread(child):
            yield from _texts(child, line)
        if child.tail:
            yield line, child.tail
    if apart:
        yield line, None


def _is_unread(element: HtmlElement) -> bool:
    if element.tag == "button":  # one may hold the picture that it enlarges
        return next(element.iter("figcaption"), None) is None
    return element.tag in _UNREAD or not isinstance(element.tag, str)


def words_of(runs: list[TextRun]) -> str:
    """The runs on one line. Words of two elements stay apart where their letters tell: "noon" and "Ann Roe"."""
    pieces: list[str] = []
    for run in runs:
        before = pieces[-1] if pieces else ""
        text = run.text
        if before and not text.startswith(_CLOSING) and not before.endswith(_OPENING):
            glued = before[-1:].islower() or before.endswith(_SENTENCE_ENDS)
            if run.apart or (glued and text[:1].isupper() and len(before) > 1):
                pieces.append(" ")
        pieces.append(text)
    return " ".join("".join(pieces).split())


def names_in(element: HtmlElement) -> str:
    """Its class and id and what else it is called for the site's scripts: "<span data-testid=caption>"."""
    return " ".join(value for name, value in element.items() if name in _NAMING or (name[:5] == "data-" and " " not in value))


def _caption_place(figure: HtmlElement, runs: list[TextRun]) -> HtmlElement:
    """The one figcaption, or an element of such a name; the figure, where there are none or several."""
    found = [caption for caption in figure.iter("figcaption") if not any(map(_is_unread, _line_to(caption, figure)))]
    around = dict.fromkeys(element for run in runs for element in run.around)
    all_named = [(element, names) for element in around if is_caption(names := names_in(element))]
    named = next((element for element, names in all_named if not is_credit(names)), all_named[0][0] if all_named else None)
    if len(found) == 1:
        apart = named is not None and found[0] not in (named, *named.iterancestors())
        return named if named is not None and apart and is_credit(names_in(found[0])) else found[0]
    if found:  # "<figcaption>The bridge</figcaption><figcaption>Photo: Jane Doe</figcaption>"
        return figure
    if named is None or is_labelled(words_of([run for run in runs if named in run.around])):  # has the credit alone
        return figure
    return named


def _line_to(element: HtmlElement, figure: HtmlElement) -> Iterator[HtmlElement]:
    while element is not figure and element is not None:
        yield element
        element = element.getparent()


def _is_linked(caption: list[TextRun]) -> bool:
    """A "caption" that is a link, unless to the larger picture or its maker, stands under the picture of another story."""
    linked = sum(len(run.text.strip()) for run in caption if any(each.tag == "a" and leads_away(each) for each in run.around))
    if linked <= 0.8 * max(20, sum(len(run.text.strip()) for run in caption)):
        return False
    text, credit = split_credit(words_of(caption))
    return not credit or bool(text)


def _says_something(text: str) -> bool:
    """ "Recipes", "Fig. 1" or "14.90 €" say nothing of a picture; in a byline, a time stands beside its author's."""
    return (len(_WORD.findall(text)) > 1 or NO_SPACES.search(text) is not None) and not _CLOCK.search(text)


# --- credits ----------------------------------------------------------------------------------------------------------


def _take_credit(runs: list[TextRun], place: HtmlElement) -> tuple[list[TextRun], str | None]:
    """The runs without those of elements that are named as credits, and the words of these; with what stands between two of them
    or behind the last and has an agency's name alone: "<span class=credit>Ann Roe</span> / <span>WIRE</span>"."""
    small_print = sum(len(run.text.strip()) for run in runs) / 2
    groups: list[tuple[HtmlElement | None, list[TextRun]]] = [
        (element, list(some)) for element, some in groupby(runs, lambda run: _credit_element(run, place, small_print))
    ]
    credits = [
        number
        for number, (element, some) in enumerate(groups)
        if element is not None and 0 < len(words_of(some)) <= MAX_CREDIT_LETTERS
    ]
    if not credits:
        return runs, None
    said: list[str] = []
    taken: set[int] = set()
    for number in range(credits[0], len(groups)):
        some = words_of(groups[number][1])
        after_credit = number - 1 in taken
        if number in credits:
            if some not in " ".join(said):
                said = [*(each for each in said if each not in some), some]
            taken.add(number)
        elif after_credit and (not _LETTER.search(some) if number < credits[-1] else _is_added(some)):
            said.append(some)
            taken.add(number)
    kept = [run for number, (_, some) in enumerate(groups) if number not in taken for run in some]
    return kept, " ".join(said).replace(" /", "/" if "/ " not in " ".join(said) else " /") or None


def _credit_element(run: TextRun, place: HtmlElement, small_print: float) -> HtmlElement | None:
    """The outermost element in the place that is named as a credit, or is the small print beside a caption that is longer."""
    for element in run.around[run.around.index(place) + 1 :]:
        if element.tag in ("cite", "footer") or is_credit(names_in(element)):
            return element
        if element.tag == "small" and place.tag == "figcaption":
            return element if len("".join(element.itertext()).strip()) < small_print else None
    return None


def _is_added(text: str) -> bool:
    """An agency behind the photographer: "/ WIRE", "(AP)", "Getty Images"."""
    name = text.strip("".join(_ADDED) + ") ")
    return names_photographer(name) and (text.startswith(_ADDED) or split_credit(name)[0] is None)


def _with_credit(words: str, credit: str) -> tuple[str | None, str | None]:
    """The caption without the credit that an element of its own has, or with the longer form of it that it has itself."""
    credit = credit if CREDIT_LABEL_ALONE.match(credit) is None else ""
    if _is_prose(credit) and not words:  # sites call the caption so, too
        return credit, None
    text, found = _split(words)
    if not credit:
        return text, found
    if text:
        text = _without_end(text, credit)
    if found and found not in credit:
        if credit in found:  # "(AP Photo/Ann Roe)" and an element with "AP Photo"
            return text, found
        text = text and f"{text} ({found.strip('()')})"
    return text, _split_label(credit)


def _without_end(text: str, credit: str) -> str:
    """Without a credit that is printed twice."""
    return text[: -len(credit)].rstrip(" |–-/©(") if text.endswith(credit) and len(text) > len(credit) else text


def _split_label(credit: str) -> str | None:
    """ "Photo: Jane Doe/Wire" is "Jane Doe/Wire"."""
    if CREDIT_LABEL_ALONE.match(credit):
        return None
    text, found = split_credit(credit)
    if found and not text:
        return found
    credit = in_own_element(credit)
    whole = credit.strip(" /|,–—")
    return (whole if "(" in whole.strip("()") else whole.strip("() ")) or None


def _split_last_piece(caption: list[TextRun]) -> tuple[str | None, str | None] | None:
    """The credit may stand in an element of its own without being named so, with its label in another one."""
    for number, run in enumerate(caption[1:-1], 1):
        rest = words_of(caption[number + 1 :]) if CREDIT_LABEL_ALONE.match(run.text.strip()) else ""
        if _LETTER.search(rest) and len(rest) <= MAX_CREDIT_LETTERS / 2:
            return _split(words_of(caption[:number]))[0], _split_label(rest) or rest
    if len(caption) < 2:
        return None
    first, *below = caption
    if below[0].apart and names_maker(first.text.strip()):
        return words_of(below), _split_label(first.text)
    *before, last = caption
    words, name = words_of(before), last.text.strip()
    if last.innermost in before[-1].around and not (last.apart and names_maker(name)):
        return None
    text, credit = split_credit(name)
    if (labelled(words_of(caption)) or "").endswith(credit or name):
        return None  # "Photo by <a>Ann Roe</a> on <a>Unsplash</a>"
    if credit and not text:
        return _with_credit(words, credit)
    ends = words.endswith(_SENTENCE_ENDS) or last.apart or before[-1].innermost not in last.around
    if ends and len(_WORD.findall(words)) > 2 and names_photographer(name):
        return _with_credit(words, name)
    return None


def _credit_beside(beside: list[TextRun]) -> str | None:
    """A credit that stands in the figure, but not in its caption."""
    text, credit = split_credit(words_of(beside))
    return credit if not text else None


def _is_prose(credit: str) -> bool:
    words = credit.split()
    return len(words) > MAX_NAMES and sum(map(str.islower, words)) > PROSE_SHARE * len(words) and split_credit(credit)[1] is None


def _split(words: str) -> tuple[str | None, str | None]:
    shown, credit = split_credit(words)
    if credit and not shown and (names_only(credit) or len(credit.split()) < FEW_WORDS):
        return None, credit  # "Photo: Ann Roe", but not "Photo: the bridge at noon"
    text = without_chrome(words)
    if not text:
        return None, None
    return split_trailing_credit(text)
