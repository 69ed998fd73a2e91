"""An article and the profile of its site -> the article without what the site repeats.

    without_boilerplate(article, profile).boilerplate -> (Boilerplate(Paragraph("Comments are closed."), before=12),)

What is taken out stays with the article, not searched and not shown, so that `restored` gives the article as its page has it.
"""

from collections import defaultdict
from dataclasses import replace

from indexer.sites.blocks import digest_of
from search.model.article import Article, Boilerplate, Paragraph
from search.model.site_profile import SiteProfile


def without_boilerplate(article: Article, profile: SiteProfile | None) -> Article:
    """The article without the profile's blocks, and without subheads that have nothing left below them; as its page has it for
    no profile, or where nothing would be left. Its quotes have to be found again."""
    whole = restored(article)
    if profile is None:
        return whole
    repeated = {block.digest for block in profile.blocks}
    taken = [paragraph.kind != "subhead" and digest_of(paragraph.text) in repeated for paragraph in whole.paragraphs]
    if not any(taken) or all(gone or p.kind == "subhead" for p, gone in zip(whole.paragraphs, taken, strict=True)):
        return whole
    _take_empty_sections(whole.paragraphs, taken)
    return _without(whole, taken)


def restored(article: Article) -> Article:
    """The article with its boilerplate back in place. Its quotes have to be found again if it had some."""
    if not article.boilerplate:
        return article
    waiting: defaultdict[int, list[Paragraph]] = defaultdict(list)
    for block in article.boilerplate:
        waiting[block.before].append(block.paragraph)
    paragraphs: list[Paragraph] = []
    places = []
    for number, paragraph in enumerate(article.paragraphs):
        paragraphs += waiting.pop(number, [])
        places.append(len(paragraphs))
        paragraphs.append(paragraph)
    places.append(len(paragraphs))
    paragraphs += [paragraph for number in sorted(waiting) for paragraph in waiting[number]]
    captions = tuple(replace(each, after=places[min(each.after, len(article.paragraphs))]) for each in article.captions)
    return replace(article, paragraphs=tuple(paragraphs), captions=captions, boilerplate=(), quotes=())


def _take_empty_sections(paragraphs: tuple[Paragraph, ...], taken: list[bool]) -> None:
    """A subhead goes with the blocks below it if all of them go."""
    below: list[bool] = []
    for number in reversed(range(len(paragraphs))):
        if paragraphs[number].kind != "subhead":
            below.append(taken[number])
        else:
            taken[number] = bool(below) and all(below)
            below = []


def _without(article: Article, taken: list[bool]) -> Article:
    kept: list[Paragraph] = []
    gone = []
    places = []
    for paragraph, is_taken in zip(article.paragraphs, taken, strict=True):
        places.append(len(kept))
        if is_taken:
            gone.append(Boilerplate(paragraph, len(kept)))
        else:
            kept.append(paragraph)
    places.append(len(kept))
    captions = tuple(replace(each, after=places[min(each.after, len(taken))]) for each in article.captions)
    return replace(article, paragraphs=tuple(kept), captions=captions, boilerplate=tuple(gone), quotes=())
