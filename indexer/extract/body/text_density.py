"""How much prose each element of a page holds: the ground on which the article is found and side matter told from it.

>>> page = document_fromstring("<div><p>It holds, so far, says the envoy.</p></div>")
>>> weigh_prose(page.body).held[page.body]
33.0
"""

import re
from functools import cached_property, lru_cache

from lxml import etree
from lxml.html import HtmlElement

from indexer.extract.body.dom_context import is_heading_slug
from indexer.extract.lexicon.boilerplate_names import is_comments, is_consent, is_side_matter, name_words

COMMENTS_FACTOR = 0.05
SIDE_MATTER_FACTOR = 0.3

INLINE = frozenset(
    re.findall(
        r"\S+",
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike strong sub sup "
        "time tt u var wbr ruby rt rb rp rtc nobr label amp-fit-text",
    )
)
UNREAD = frozenset(
    re.findall(
        r"\S+",
        "script style noscript template svg iframe object embed button select option input textarea nav form canvas map audio "
        "video dialog menu math link meta head title",
    )
)
"""What is no text to read. A form may be: some systems wrap their pages in one."""

MIN_TEXT_LETTERS = 15
"""Letters from which on a text counts."""
_SENTENCE_MARK = re.compile(r"[.,;:!?…。、，！？؟،।॥።\u0e00-\u0e7f]")
_NUMBERED = re.compile(r"(?<![^\W_])[^\W\d_]*+\d[^\W_]*+")  # "d44c2beb" of "item-d44c2beb"
_UNWEIGHED = UNREAD | {"a"}
_FULL = INLINE - {"a"} | {"body", "html"}
NO_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""A letter of a script that writes words without spaces: it says as much as two of others."""


def weigh_prose(body: HtmlElement) -> "Prose":
    prose = Prose(body.getparent())
    for element in body.iter("*"):
        # here, for speed: most texts are none
        if element.tag not in _UNWEIGHED and (text := element.text) and len(text) >= MIN_TEXT_LETTERS and not text.isspace():
            _weigh_text(text, element, prose)
        if (tail := element.tail) and len(tail) >= MIN_TEXT_LETTERS and not tail.isspace() and element is not body:
            _weigh_text(tail, element.getparent(), prose)
    prose.add_to_outer()
    return prose


def _weigh_text(text: str, parent: HtmlElement, prose: "Prose") -> None:
    if parent.tag not in _UNWEIGHED:
        held, likely = prose.factors(parent)
        if held and (weight := _weigh(text)):
            prose.add(parent, weight * held, weight * likely)


class Prose:
    """How much prose each element holds: letters of its long texts, those that look like sentences counting fully.

    held: all prose but links and comments; likely: the same, side matter counting little; by_name: held, summed over the
    elements that share class and id."""

    def __init__(self, around: HtmlElement | None = None) -> None:
        self.held: dict[HtmlElement, float] = {}
        self.likely: dict[HtmlElement, float] = {}
        self._factors: dict[HtmlElement | None, tuple[float, float]] = {None: (1.0, 1.0), around: (1.0, 1.0)}
        self._outer: list[tuple[HtmlElement, HtmlElement | None]] = []
        self._names: dict[HtmlElement, tuple[str, str]] = {}

    def add(self, element: HtmlElement, held: float, likely: float) -> None:
        self.held[element] = self.held.get(element, 0.0) + held
        self.likely[element] = self.likely.get(element, 0.0) + likely

    def add_to_outer(self) -> None:
        """Adds what each element holds to the element around it, the innermost first."""
        for inner, outer in reversed(self._outer):
            if outer is not None and inner in self.held:
                self.add(outer, self.held[inner], self.likely[inner])

    @cached_property
    def by_name(self) -> dict[str, float]:
        totals: dict[str, float] = {}
        for element, named in self._names.items():
            if held := self.held.get(element):
                name = _group(*named)
                totals[name] = totals.get(name, 0.0) + held
        return totals

    def factors(self, element: HtmlElement) -> tuple[float, float]:
        """How far an element's text counts in `held` and `likely`."""
        if element in self._factors:
            return self._factors[element]
        line: list[tuple[HtmlElement, HtmlElement | None]] = []
        while element not in self._factors:
            line.append((element, outer := element.getparent()))
            element = outer
        held, likely = self._factors[element]
        for inner, outer in reversed(line):
            if held and inner.tag not in _FULL:
                self._names[inner] = named = inner.tag, names_of(inner)
                own_held, own_likely = _own_factors(*named)
                if own_held < 1 and inner.get("id") and not is_side_matter(inner.get("class", "")) and is_heading_slug(inner):
                    own_held = own_likely = 1.0
                held, likely = min(held, own_held), min(likely, own_likely)
            self._factors[inner] = (held, likely)
            self._outer.append((inner, outer))
        return held, likely


@lru_cache(maxsize=20_000)
def _own_factors(tag: str, names: str) -> tuple[float, float]:
    if tag == "a" or (tag in UNREAD and tag != "form"):
        return 0.0, 0.0
    if is_side_matter(names):
        never_text = is_comments(names) or is_consent(names)
        return (COMMENTS_FACTOR, COMMENTS_FACTOR) if never_text else (1.0, SIDE_MATTER_FACTOR)
    return 1.0, SIDE_MATTER_FACTOR if tag in ("footer", "figcaption", "aside") else 1.0


def _weigh(text: str) -> float:
    words = text.strip()
    if len(words) < MIN_TEXT_LETTERS:
        return 0.0
    weight = float(len(words))
    if not words.isascii() and NO_SPACES.search(words):
        weight *= 2
    if not _SENTENCE_MARK.search(words):
        weight *= 0.2
    return weight


def names_of(element: HtmlElement) -> str:
    classes, ident = element.get("class"), element.get("id")
    return f"{classes or ''} {ident}" if ident else classes or ""


def group_name(element: HtmlElement) -> str:
    """What elements of one kind share: "post-17 post" and "post-18 post post--key" are both "post post"."""
    return _group(element.tag, names_of(element))


@lru_cache(maxsize=20_000)
def _group(tag: str, names: str) -> str:
    if "--" in names:  # "post--key" is a modified "post"
        names = " ".join(name for name in names.split() if "--" not in name[1:-1])
    return name_words(_NUMBERED.sub("", names)).strip() or tag


def text_of(element: HtmlElement) -> str:
    return on_one_line(str(_string(element)))


_string = etree.XPath("string()", smart_strings=False)


def on_one_line(text: str) -> str:
    return " ".join(text.split())
