"""Figures -> captions: what is seen, who took it, where the picture is.

Each figure is read by `read_figure`; here its words are put together with what stands in attributes and metadata.
BeautifulSoup reads the mark-up that sites write into attributes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from lxml.html import HtmlElement

from indexer.extract.body.dom_walk import Figure
from indexer.extract.body.text_density import names_of
from indexer.extract.fields.figure_text import read_figure
from indexer.extract.lexicon.boilerplate_names import is_caption, is_video
from indexer.extract.lexicon.credits import split_credit, split_trailing_credit
from search.model.article import Caption

_NO_LETTERS = re.compile(r"[\W_]+")
_WORD = re.compile(r"\s*(?!true$|false$|[.#{])\S")


def read_captions(
    figures: Iterable[tuple[Figure, int]], base_url: str | None, from_metadata: Iterable[Caption]
) -> tuple[Caption, ...]:
    """Each caption once, in reading order; `from_metadata` has what is seen on pictures that show a credit alone."""
    captions: list[Caption] = []
    picture: str | None = None
    for figure, after in figures:
        picture = _image_url(figure.element, base_url) or picture
        text, credit = read_figure(figure.element) if figure.line or _is_picture(figure.element) else (None, None)
        if not text or not credit:
            said, credit = _in_data(figure.element, credit)
            text, credit = (text, credit) if text else _with_credit(said, credit)
        credit = credit or (_credit_of_image(figure.element) if text else None)
        if credit and not text and not picture and captions and not captions[-1].credit:
            captions[-1] = replace(captions[-1], credit=credit)  # of the caption just before it
        elif text and not credit and not picture and captions and not captions[-1].text:
            captions[-1] = replace(captions[-1], text=text)  # of the credit just before it
        elif credit or (text and figure.zone != "tail" and not _is_video(figure.element)):  # these may belong to other stories
            captions.append(Caption(text, credit, picture, after))
            picture = None
    return tuple(_distinct(_with_declared(captions, from_metadata)))


_DATA = re.compile(
    r"data-(?:(?P<caption>description|sub-html|(?:[\w-]{1,30}-)?caption(?:-text)?)|(?:[\w-]{1,30}-)?(?:credit|copyright|photographer))$"
)
_SHOWN = ("figure", "div", "a", "img", "amp-img", "picture", "button", "li")


def _in_data(element: HtmlElement, credit: str | None) -> tuple[str | None, str | None]:
    """What a script would show of the picture, from the figure, what is in it or the link around it: (caption, credit)."""
    said: str | None = None
    around = (outer for outer in islice(element.iterancestors(), 2) if outer.tag in ("a", "li"))
    for each in chain(element.iter(*_SHOWN), around):
        for name, value in each.items():
            found = _DATA.match(name) if name[:5] == "data-" else None
            if (
                found is None or not _WORD.match(value) or (each.tag, name) == ("button", "data-description")
            ):  # of a chart, when shared
                continue
            if found["caption"]:
                said = said or _plain(value)
            else:
                credit = credit or _plain(value)
    return said, credit


def _with_credit(said: str | None, credit: str | None) -> tuple[str | None, str | None]:
    text, found = split_trailing_credit(said) if said else (None, None)
    return text, credit or found


def _plain(value: str) -> str:
    """ "<p>The <b>bridge</b></p>" is "The bridge"."""
    text = BeautifulSoup(value, "lxml").get_text() if "<" in value or "&" in value else value
    return " ".join(text.split())


def _credit_of_image(element: HtmlElement) -> str | None:
    """ "Bridge at noon | Photo: Jane Doe" in a picture's title or alternative text."""
    for image in element.iter("img", "amp-img"):
        for name in ("title", "alt"):
            shown = image.get(name) or ""
            text, credit = split_credit(shown)
            if credit and (text or credit != shown.strip()):  # not "Screenshot 1", which is what is seen
                return credit
    return None


def _is_picture(element: HtmlElement) -> bool:
    """A figure without may hold a table or a film that one has to consent to."""
    return is_caption(names_of(element)) or next(element.iter("img", "amp-img", "picture", "figcaption"), None) is not None


def _is_video(element: HtmlElement) -> bool:
    """What stands with a film and names nobody who made it is its title."""
    if element.tag != "figure" and next(element.iter("video"), None) is not None:
        return True
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
