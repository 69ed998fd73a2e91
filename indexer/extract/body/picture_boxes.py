"""Which elements are a picture with its few words, and what an element tells of the pictures in it.

>>> is_picture_box(fromstring("<div class=image><img src=b.jpg><p>The bridge at noon</p></div>"), "image", {})
True
"""

import re
from collections.abc import Mapping
from itertools import islice

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import HEADINGS, short_text
from indexer.extract.body.text_density import names_of, text_of
from indexer.extract.lexicon.boilerplate_names import is_caption, is_credit_anywhere, is_picture, is_slide
from indexer.extract.lexicon.credits import is_labelled, split_credit
from indexer.extract.lexicon.line_patterns import is_boilerplate

CAPTION_LETTERS = 600
UNNAMED_CAPTION_LETTERS = 300
"""What is longer is text beside a picture, where a name says that there is one and where none does."""
CREDIT_LETTERS = 150
CAPTION_DEPTH = 3
"""A picture stands no further from its caption than in this element around it."""
LARGE = 500
"""Pixels; the least width of a picture that is no portrait or icon."""
FIGURES_SHARE = 0.7
_OF_SITE = re.compile(r"\d{4}|[.!] ")  # "© 2024 The Post", "© The Post. All rights reserved."
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\b", re.IGNORECASE)
_PICTURE_ADDRESS = re.compile(
    r"^#|^javascript:|\.(?:jpe?g|png|webp|gif|avif)\b|/(?:image|photo|foto|bild|gallery|galerie)", re.IGNORECASE
)


def is_picture_box(element: HtmlElement, names: str, pictures: Mapping[HtmlElement, int]) -> bool:
    """Whether it holds one picture, of at most two images, and a few words of caption or credit, and nothing else."""
    if is_caption(names):
        if element.tag == "caption":  # of a table
            return False
        pictured = is_picture(names) or is_near_picture(element, pictures)
        return pictured and 0 < len(text_of(element)) < CAPTION_LETTERS
    if element.tag == "form" or not 1 <= pictures.get(element, 0) <= 2:
        return False
    caption = next(element.iter("figcaption", *HEADINGS), None)
    if caption is not None and not _stands_alone(caption, element):
        return False
    images = list(element.iter("img", "amp-img"))
    if len({alt for image in images if (alt := image.get("alt"))}) > 1 or (len(images) > 1 and _are_items(element)):
        return False
    text = text_of(element)
    if not 5 <= len(text) <= CAPTION_LETTERS or sum(len(text_of(link)) for link in _links(element)) > len(text) / 2:
        return False
    if caption is not None:
        return not _links(element)
    if len(text) >= UNNAMED_CAPTION_LETTERS:
        return is_picture(names) and not is_slide(names)
    return (
        is_picture(names)
        or _is_slide(element)
        or _ends_with_credit(element, text)
        or _is_slanted(element, text)
        or _is_large(images[0], element)
    )


def _stands_alone(caption: HtmlElement, element: HtmlElement) -> bool:
    """Whether it is the element's one caption, in no figure within it, and there is no heading."""
    others = element.iter("figcaption", *HEADINGS)
    figure = next(caption.iterancestors("figure"), None)
    return (
        all(other is caption for other in others)
        and caption.tag == "figcaption"
        and (figure is None or figure in element.iterancestors())
    )


def _are_items(element: HtmlElement) -> bool:
    """Whether its parts have a picture and words each."""
    while len(element) == 1:
        element = element[0]
    return sum(has_image(part) and bool(text_of(part)) for part in element) > 1


def is_credit_beside(element: HtmlElement, names: str) -> bool:
    """Whether its name tells that it has the credit of a picture, or its name and its words: "<p class=credit>Photo: Roe</p>"."""
    if not is_credit_anywhere(names) or is_caption(names) or has_image(element):
        return False
    text = short_text(element, CREDIT_LETTERS)
    if not text or (_OF_SITE.search(text) and is_boilerplate(text)):
        return False
    return is_picture(names) or is_labelled(text)


def is_near_picture(element: HtmlElement, pictures: Mapping[HtmlElement, int]) -> bool:
    return not pictures.keys().isdisjoint(islice(element.iterancestors(), CAPTION_DEPTH))


def _links(element: HtmlElement) -> list[HtmlElement]:
    """Those that lead neither to the picture itself nor to who made it."""
    links = element.iter("a")
    return [link for link in links if leads_away(link) and not is_credit_anywhere(names_of(link))]


def _is_slide(element: HtmlElement) -> bool:
    outer = element.getparent() if element.tag in ("div", "li") else None
    return outer is not None and is_picture(names_of(outer))


def _is_large(image: HtmlElement, element: HtmlElement) -> bool:
    """No portrait and no icon, and what stands with it is no paragraph and no link."""
    width = image.get("width") or ""
    return width.isdecimal() and int(width) >= LARGE and next(element.iterdescendants("p", "a", "li"), None) is None


def _is_slanted(element: HtmlElement, text: str) -> bool:
    """Whether all of its words are in italics, or in small print: "<p><img><br><em>The bridge at noon</em></p>"."""
    return text == " ".join(text_of(part) for part in element.iterchildren("em", "i", "small"))


def names_speaker(caption: HtmlElement) -> bool:
    """Whether it stands below a quotation, not a picture."""
    figure = next(caption.iterancestors("figure"), None)
    return figure is not None and next(figure.iter("blockquote"), None) is not None and not has_image(figure)


def count_pictures(part: HtmlElement) -> dict[HtmlElement, int]:
    """How many images each element within the part holds; those with three may hold more. And those around the part with any."""
    counts = {outer: 1 for outer in islice(part.iterancestors(), CAPTION_DEPTH) if has_image(outer)}
    for image in part.iter("img", "amp-img"):
        if next(image.iterancestors("noscript"), None) is not None:
            continue  # the same once more, for those without scripts
        for element in (image, *image.iterancestors()):
            counts[element] = counts.get(element, 0) + 1
            if element is part or counts[element] > 3:
                break
    return counts


def _ends_with_credit(element: HtmlElement, text: str) -> bool:
    last = [piece for piece in element.itertext() if piece.strip()][-1]
    return split_credit(text)[1] is not None or (len(last) < len(text) and split_credit(last)[0] is None)


def is_mostly_figures(element: HtmlElement) -> bool:
    """A "widget", a "teaser gallery" or something to click on that holds hardly a word but captions."""
    captions = [text_of(caption) for caption in element.iter("figcaption")]
    return bool(captions) and sum(map(len, captions)) > FIGURES_SHARE * len(text_of(element))


def leads_elsewhere(element: HtmlElement) -> bool:
    """Whether it stands in a link that does not just enlarge it."""
    link = next(element.iterancestors("a"), None)
    return link is not None and not _PICTURE_ADDRESS.search(link.get("href", "#"))


def leads_away(link: HtmlElement) -> bool:
    """Whether it does not just enlarge the picture that it holds."""
    return _PICTURE_FILE.search(link.get("href", "")) is None or not has_image(link)


def has_image(element: HtmlElement) -> bool:
    return next(element.iter("img", "amp-img"), None) is not None
