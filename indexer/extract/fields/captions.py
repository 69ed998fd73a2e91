"""Figures -> captions: what is seen, who took it, where the picture is.

BeautifulSoup reads the few pictures that have words around them; no other part of a page goes through it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from urllib.parse import urljoin

from bs4.element import NavigableString, PageElement, Tag
from lxml.html import HtmlElement

from indexer.extract.body.dom_walk import MAX_DEPTH, Figure
from indexer.extract.body.text_density import NO_SPACES, names_of
from indexer.extract.lexicon.boilerplate_names import is_caption, is_credit, is_notice, is_video
from indexer.extract.lexicon.line_patterns import is_boilerplate, is_related_line, split_credit
from search.model.article import Caption

MAX_CAPTION_LETTERS = 1_500
"""What is longer is a text beside a picture, not its caption."""
_NO_LETTERS = re.compile(r"[\W_]+")
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CHROME_BEFORE = re.compile(
    r"(?i)(?:image caption|image|photo|toggle caption|hide caption|show caption|enlarge(?: image)?|open image in gallery|"
    r"caption|bild(?:unterschrift)?|foto|view image in fullscreen|view \d+ images?|"
    r"video|\d+ ?(?:/|of|von|de|sur) ?\d+)\s*(?:[:：,|]\s*|$)"
)
_CHROME_AFTER = re.compile(
    r"(?i)\s*(?:enlarge|hide caption|toggle caption|view image in fullscreen|bild vergrößern|agrandir l.image|"
    r"visa mer|show more|ver más|voir plus|mehr anzeigen)$"
)
_MAX_CHROME_CHARACTERS = 30
_LABEL_ALONE = re.compile(r"(?i)\W*(?:bild|foto|photo|image|picture|quelle|source|credit)s?\W*$")
_CREDIT_ALONE = re.compile(r"[©ⓒ].{2,60}$")
# The number of pictures in a gallery, the name of a picture's file, the length of a film.
_NO_CAPTION = re.compile(
    r"(?i)\W*(?:slide ?show|(?:photo |image )?gallery|bilder(?:galerie|strecke)|fotostrecke|galer[ií]a|fotogalería|diaporama)\b"
    r"[^.]{0,30}\d[^.]{0,20}$|\S+\.(?:jpe?g|png|webp|gif|avif)$|video\b.*\d:\d\d min"
)

_NAME = r"[^\W\d_a-zß-ÿ][\w.'’&-]*"
_NAMES = rf"{_NAME}(?:[ ,/]{{1,3}}(?:(?:of|de|da|di|the|and|for|von|van) )?{_NAME}){{0,7}}"
_TRAILING_CREDIT = re.compile(
    # "… in Palma / Lorenzo Marina", "… a rally. (District Court, Eastern District)", "… a rally. Supplied",
    # "…＝ＡＰ", "… 고영권 기자"
    rf"^(?P<text>.*\S)(?: / ({_NAMES})|[.!?”\"»] \(({_NAMES})\)\.?|[.!?”\"»] (Supplied|Handout|File|Archiv|Archivo|Archives?)\.?"
    rf"|[.!?”\"»] \w{{3,14}}: ?({_NAMES})"  # "… the bridge. Isithombe: Jane Doe", in whatever language
    r"|[＝=]([^＝=。、]{1,20})|[.。] ?([가-힣]{2,4}) ?(?:선임|인턴)?기자)$",
    re.S,
)


def read_captions(
    figures: Iterable[tuple[Figure, int]], base_url: str | None, from_metadata: Iterable[Caption]
) -> tuple[Caption, ...]:
    """Each caption once, in reading order; `from_metadata` has what is seen on pictures that show a credit alone."""
    captions: list[Caption] = []
    picture: str | None = None
    for figure, after in figures:
        picture = _image_url(figure.element, base_url) or picture
        text, credit = _read(_soup(figure.element)) if _is_picture(figure.element) else (None, None)
        text, credit = text or _attribute(figure.element, _CAPTION_DATA), credit or _attribute(figure.element, _CREDIT_DATA)
        credit = credit or (_credit_of_image(figure.element) if text else None)
        if credit and not text and not picture and captions and not captions[-1].credit:
            captions[-1] = replace(captions[-1], credit=credit)  # of the caption just before it
        elif credit or (text and figure.zone != "tail" and not _is_video(figure.element)):  # these may belong to other stories
            captions.append(Caption(text, credit, picture, after))
            picture = None
    return tuple(_distinct(_with_declared(captions, from_metadata)))


_CAPTION_DATA = ("data-caption", "data-caption-text", "data-image-caption", "data-description")
_CREDIT_DATA = ("data-credit", "data-copyright", "data-photographer")


def _attribute(element: HtmlElement, names: tuple[str, ...]) -> str | None:
    """What a script would show of the picture, from the figure or what is in it; mark-up in it is dropped."""
    values = (inner.get(name) for name in names for inner in element.iter("figure", "div", "a", "img", "amp-img", "picture"))
    return next((text for value in values if value and (text := " ".join(re.sub(r"<[^<>]*>", " ", value).split()))), None)


def _credit_of_image(element: HtmlElement) -> str | None:
    """ "Bridge at noon | Photo: Jane Doe" in a picture's title or alternative text."""
    for image in element.iter("img", "amp-img"):
        for name in ("title", "alt"):
            shown = image.get(name) or ""
            text, credit = split_credit(shown)
            if credit and (text or credit != shown.strip()):  # not "Screenshot 1", which is what is seen
                return credit
    return None


_UNREAD = frozenset(("script", "style", "noscript", "svg", "template", "h1", "img"))
_NAMING = ("class", "id", "itemprop", "data-testid")
_APART = frozenset(("p", "div", "br", "section", "figcaption", "li", "h2", "h3", "h4", "h5", "h6"))
"""Their words do not run on into those of the next element."""
_CLOSING, _OPENING = tuple(",.;:!?)]”’"), tuple("([“")
"""What these signs begin or end does run on: "a view of <a>Geneva</a>, at noon"."""


def _soup(element: HtmlElement) -> Tag:
    """What BeautifulSoup would make of a figure, had it parsed it; without what has no words, since each element costs time.
    White space goes to the words after it, and all that names an element is its class."""
    last: PageElement = (soup := Tag(name="section"))
    tags: dict[HtmlElement, Tag] = {}
    space = ""
    for line, text in _texts(element, ()):
        if text.isspace():
            space = " "
            continue
        depth = len(line)
        while depth and line[depth - 1] not in tags:
            depth -= 1
        place = tags[line[depth - 1]] if depth else soup
        for inner in line[depth:]:
            names = " ".join(filter(None, map(inner.get, _NAMING)))
            last = tags[inner] = Tag(name=str(inner.tag), attrs={"class": names}, parent=place, previous=last)
            place.contents.append(last)
            place = last
        if text:
            string = NavigableString(space + text)
            string.setup(place, last)
            place.contents.append(string)
            last, space = string, ""
    return soup


def _texts(element: HtmlElement, around: tuple[HtmlElement, ...]) -> Iterator[tuple[tuple[HtmlElement, ...], str]]:
    """Each text that a reader reads, behind the elements that it stands in; "" for a break and for a caption, even if empty; a
    blank where an element begins or ends that has its words apart."""
    line = (*around, element)
    apart = element.tag in _APART
    if apart:
        yield line, " "
    if element.text:
        yield line, element.text
    for child in element:
        if len(line) < MAX_DEPTH and not _is_unread(child):
            yield from _texts(child, line)
        if child.tail:
            yield line, child.tail
    if element.tag in ("br", "figcaption") or is_caption(names_of(element)):
        yield line, ""
    if apart:
        yield line, " "


def _is_unread(element: HtmlElement) -> bool:
    if element.tag == "button":  # one may hold the picture that it enlarges
        return next(element.iter("figcaption"), None) is None
    return element.tag in _UNREAD or not isinstance(element.tag, str)


def _read(soup: Tag) -> tuple[str | None, str | None]:
    """(text, credit) of one figure."""
    if not soup.contents:
        return None, None
    place = _caption_place(soup)
    if _is_linked(place):
        return None, None
    credit = _take_credit(place) or (_take_credit(soup) if place is not soup else None)
    words = _words(place)
    if len(words) > MAX_CAPTION_LETTERS or is_related_line(words) or is_notice(words) or _NO_CAPTION.match(words):
        return None, None
    if is_boilerplate(words) and not _CREDIT_ALONE.match(words):
        return None, None
    text, found = _split(words)
    if not credit and not found:
        text, found = _split_last_piece(place) or (text, None)
        found = found or (_credit_beside(soup, place) if place is not soup else None)
    if not credit and not found and not _says_something(text or ""):
        return None, None
    if credit and not _LABEL_ALONE.match(credit):
        kept = f" ({found.strip('()')})" if found and found not in credit else ""
        return text and _without_end(text, credit) + kept, _split_label(credit)
    return text, found


def _without_end(text: str, credit: str) -> str:
    """Without a credit that is printed twice."""
    return text[: -len(credit)].rstrip(" |–-/©(") if text.endswith(credit) and len(text) > len(credit) else text


def _says_something(text: str) -> bool:
    """ "Recipes", "Fig. 1" or "14.90 €" say nothing of a picture; in a byline, a time stands beside its author's."""
    return (len(_WORD.findall(text)) > 1 or NO_SPACES.search(text) is not None) and not _CLOCK.search(text)


def _caption_place(soup: Tag) -> Tag:
    inner = _tags(soup)
    found = [tag for tag in inner if tag.name == "figcaption"]
    if len(found) == 1:
        return found[0]
    if found:  # "<figcaption>The bridge</figcaption><figcaption>Photo: Jane Doe</figcaption>"
        return soup
    return next((tag for tag in inner if _is_caption(tag)), soup)


def _is_caption(tag: Tag) -> bool:
    return tag.name == "figcaption" or is_caption(_names(tag))


def _take_credit(place: Tag) -> str | None:
    """The words of the elements that are named as credits, which are removed."""
    credits = []
    removed: set[int] = set()
    tags = _tags(place)
    has_small_print = place.name == "figcaption" and any(tag.name == "small" for tag in tags)
    small_print = len(_words(place)) / 2 if has_small_print else 0
    for tag in tags:
        words = _words(tag) if id(tag) not in removed and _is_credit(tag, small_print) else ""
        if words and len(words) <= 200:
            credits.append(words)
            removed.update(map(id, _tags(tag)))  # a tag's own word of it, `decomposed`, is only found by a search
            tag.decompose()
    return " ".join(dict.fromkeys(credits)) or None


def _is_credit(tag: Tag, small_print: float) -> bool:
    """By its name, or as the small print beside a caption that is longer: of fewer letters than these."""
    if tag.name in ("cite", "footer") or is_credit(_names(tag)):
        return True
    return tag.name == "small" and len(_words(tag)) < small_print


def _is_linked(place: Tag) -> bool:
    """A "caption" that is a link stands under the picture of another story."""
    linked = sum(len(_words(tag)) for tag in _tags(place) if tag.name == "a")
    return linked > 0 and linked > 0.8 * max(20, len(_words(place)))


def _split_last_piece(place: Tag) -> tuple[str | None, str] | None:
    """The credit may stand in an element of its own without being named so."""
    pieces = list(place.stripped_strings)
    if len(pieces) > 1:
        text, credit = split_credit(pieces[-1])
        if credit and not text:
            return _split(" ".join(pieces[:-1]))[0], credit
    return None


def _credit_beside(soup: Tag, place: Tag) -> str | None:
    """A credit that stands in the figure, but not in its caption."""
    text, credit = split_credit(" ".join(soup.get_text(" ").split()).replace(" ".join(place.get_text(" ").split()), "", 1))
    return credit if not text else None


def _split(text: str) -> tuple[str | None, str | None]:
    while opening := _CHROME_BEFORE.match(text):
        text = text[opening.end() :]
    while closing := _CHROME_AFTER.search(text, max(0, len(text) - _MAX_CHROME_CHARACTERS)):
        text = text[: closing.start()]
    text = text.lstrip(" :|").rstrip(" |–-")
    half = len(text) // 2
    if len(text) > 20 and text[:half] == text[half + 1 :]:  # once to be seen, once to be read out
        text = text[:half]
    if not text:
        return None, None
    shown, bar, credit_only = text.rpartition(" | ")
    if bar and len(credit_only) < 80 and split_credit(credit_only)[1]:
        before, credit = split_credit(shown)  # "The bridge. © Jane Doe | Wire/Jane Doe"
        return before, f"{credit}, {credit_only}" if credit else credit_only
    before, credit = split_credit(text)
    if credit is None and (match := _TRAILING_CREDIT.match(text)):
        return match.group("text").strip(), next(group for group in match.groups()[1:] if group)
    return before, credit


def _split_label(credit: str) -> str | None:
    """ "Photo: Jane Doe/Wire" is "Jane Doe/Wire"."""
    text, found = split_credit(credit)
    return found if found and not text else credit.strip("() ") or None


def _tags(place: Tag) -> list[Tag]:
    """What `find_all(True)` finds, without the filter that it makes up each time."""
    return [inner for inner in place.descendants if isinstance(inner, Tag)]


def _names(tag: Tag) -> str:
    return str(tag["class"])


def _words(tag: Tag) -> str:
    if not any(inner.name in _APART for inner in _tags(tag)):
        return " ".join(tag.get_text().split())
    pieces: list[str] = []
    for piece in tag.strings:
        if not piece.startswith(_CLOSING) and not (pieces and pieces[-1].endswith(_OPENING)):
            pieces.append(" ")
        pieces.append(piece)
    return " ".join("".join(pieces).split())


def _is_picture(element: HtmlElement) -> bool:
    """A figure without may hold a table or a film that one has to consent to."""
    return is_caption(names_of(element)) or next(element.iter("img", "amp-img", "picture", "figcaption"), None) is not None


def _is_video(element: HtmlElement) -> bool:
    """What stands with a film and names nobody who made it is its title."""
    return any(is_video(names_of(outer)) for outer in (element, *islice(element.iterancestors(), 2)))


def _image_url(element: HtmlElement, base_url: str | None) -> str | None:
    for image in element.iter("img", "amp-img"):
        for name in ("src", "data-src", "data-original", "data-lazy-src"):
            value = (image.get(name) or "").strip()
            if value and not value.startswith(("data:", "about:")):
                return _absolute(value, base_url)
    return None


def _absolute(url: str, base_url: str | None) -> str:
    try:
        return urljoin(base_url, url) if base_url and not url.startswith(("https://", "http://")) else url
    except ValueError:  # an address that is none, such as "http://[x"
        return url


def _with_declared(captions: list[Caption], declared: Iterable[Caption]) -> Iterator[Caption]:
    """The captions; those that show a credit alone with what the metadata says of the same picture."""
    by_file = {_file(image.image_url): image for image in declared if image.image_url}
    for caption in captions:
        image = by_file.get(_file(caption.image_url)) if caption.image_url else None
        if image and not caption.text:
            text, credit = split_credit(image.text or "")
            text = None if text == caption.credit else text
            caption = replace(caption, text=text, credit=caption.credit or image.credit or credit)
        yield caption


def _file(url: str | None) -> str:
    return (url or "").partition("?")[0].rpartition("/")[2]


def _distinct(captions: Iterable[Caption]) -> Iterable[Caption]:
    """Repeats left out; the one with a credit stays."""
    kept: dict[str, Caption] = {}
    for caption in captions:
        key = _key(caption.text) or f"credit {caption.credit} {caption.image_url}"
        before = kept.get(key)
        if before is None or (caption.credit and not before.credit):
            kept[key] = caption
    return kept.values()


def _key(text: str | None) -> str:
    return _NO_LETTERS.sub("", text or "").lower()
