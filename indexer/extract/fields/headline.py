"""The h1 and what the page declares -> the headline, and the other form that the publisher uses of it.

>>> choose_headline("Bridge opens at last", ("Everything about the new bridge", "Bridge opens at last"), "Coast Post")
Headline(text='Bridge opens at last', alternative='Everything about the new bridge', rule='the h1 goes before …')

docs/article-fields.md says which of the two is the headline, and why.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexer.extract.body.dom_context import MAX_TITLE_CHARACTERS, folded
from indexer.extract.body.text_density import NO_SPACES
from search.lexicon.read import read_lexicon

CUT_LETTERS = 60
"""A headline that was cut is longer; a shorter one may well end with three dots."""
MAX_HEADLINE_CHARACTERS = 200
"""Characters; a longer h1 is a standfirst or the text."""
LABEL_WORDS = 2
"""Words of an h1 that may be a section's or a site's name; it is the headline only if the page declares it too."""
MAX_KICKER_WORDS = 4
_CUT = re.compile(r"\w ?(?:\.\.\.|…)$")
# The site's or the author's name behind the headline: "Truce | The Herald", "Truce / World / herald.example".
_ADDED_NAME = re.compile(r"(?:\s[-–—|·•»/]\s|\s?[|ㅣ｜_：]|\s[-–—](?=[^\W\d_]))(?:[^.!?]|\.(?=\w)){2,40}")
_WORD = re.compile(r"[^\W_]+")
_GENERIC_WORDS = frozenset(read_lexicon("indexer.extract.lexicon", "headlines").of("generic_title"))


@dataclass(frozen=True, slots=True)
class Headline:
    """alternative: another headline of the same article, with words that `text` has not. rule: why `text` was taken."""

    text: str | None = None
    alternative: str | None = None
    rule: str = "the page has none"


def choose_headline(
    shown: str | None, declared: tuple[str, ...], publisher: str | None, *, declared_first: bool = False
) -> Headline:
    """shown: the h1; declared: what the metadata and the title say, best evidence first; declared_first: whether the first of
    them goes before the h1 (`Metadata.declared_first`)."""
    forms = [text for form in declared if (text := without_site_name(form, publisher) if publisher else form)]
    likely = [form for form in forms if not _is_no_headline(form, publisher)]
    if shown is None or not _may_be_headline(shown, forms, publisher):
        chosen, rule = next(iter([*likely, *forms]), shown), "the page shows no h1 that could be it"
    elif declared_first and likely and likely[0] == forms[0]:
        chosen, rule = likely[0], "what the page declares as its headline goes before the h1"
    else:
        chosen, rule = _without_additions(shown, likely), "the h1 goes before what the page declares"
    if chosen and shown and chosen.startswith(shown) and _ADDED_NAME.fullmatch(chosen, len(shown)):
        chosen = shown
    return Headline(chosen, _alternative(chosen, [shown, *likely] if shown else likely, publisher) if chosen else None, rule)


def _may_be_headline(shown: str, declared: list[str], publisher: str | None) -> bool:
    """Not the site's or a section's name, nor a text: of a few words, or confirmed by what the page declares."""
    if len(shown) > MAX_HEADLINE_CHARACTERS or _is_generic(shown, publisher):
        return False
    if len(shown.split()) > LABEL_WORDS or NO_SPACES.search(shown):
        return True
    plain = folded(shown)
    return not declared or any(folded(form) == plain for form in declared)


def _is_no_headline(text: str, publisher: str | None = None) -> bool:
    """One word, such as a section's or a system's name, the beginning of a description, or what is said of any page."""
    cut = len(text) > CUT_LETTERS and bool(_CUT.search(text))
    return cut or (" " not in text and not NO_SPACES.search(text)) or _is_generic(text, publisher)


def _is_generic(text: str, publisher: str | None) -> bool:
    """Whether it has only words such as "Home" and "Latest news", and those of the site's name."""
    return set(_WORD.findall(text.lower())) <= _GENERIC_WORDS | set(_WORD.findall((publisher or "").lower()))


def _without_additions(shown: str, declared: list[str]) -> str:
    """The part of the h1 that the page declares: without a kicker before it ("Lake cup Home team loses") and without what stands
    behind a bar ("Home team loses | Sport"). Other words behind it are the headline's, which titles often shorten."""
    plain = folded(shown)
    for form in declared:
        if folded(form).startswith(plain):
            return form if len(form.split()) > len(shown.split()) and folded(form) == plain else shown
    lower = shown.casefold()
    for form in declared:
        at = lower.find(form.casefold()) if len(lower) == len(shown) else -1
        before, after = shown[: max(at, 0)], shown[at + len(form) :]
        if at > 0 and not after and before[-1].isspace() and len(before.split()) <= MAX_KICKER_WORDS:
            return shown[at:]
        if at == 0 and _BAR.match(after):
            return shown[: len(form)]
    return shown


_BAR = re.compile(r"\s?[|ㅣ｜]\s?\w")


def _alternative(headline: str, others: Iterable[str], publisher: str | None) -> str | None:
    """The first that has other words than the headline."""
    known = {*_WORD.findall(headline.casefold()), *_WORD.findall((publisher or "").casefold())}
    for other in others:
        if not _is_no_headline(other, publisher) and len(other) <= MAX_HEADLINE_CHARACTERS:
            words = set(_WORD.findall(other.casefold()))
            if words - known and folded(headline) not in folded(other):
                return other
    return None


def cut_site_name(title: str, site: str | None) -> str:
    """ "Truce signed | The Beacon" or "The Beacon: Truce signed" without the site's name or any short part behind a bar."""
    if len(title) > MAX_TITLE_CHARACTERS:
        return title
    title = (without_site_name(title, site) if site else title).strip(" |»·•›")
    *parts, last = re.split(r"\s(?:[»·•›]|::)\s|\s\|\s?|\s?\|\s", title)
    return title[: -len(last)].strip(" |»·•›:") if parts and len(last.split()) <= 4 and len(title) > 2 * len(last) else title


# Stands between a site's name and the headline: "The Herald: Truce", "Truce - The Herald", "Truce | News of The Herald".
_AFTER_SITE = re.compile(r"\s?[:|–—-]\s(?=.)")
_DOMAIN = re.compile(r"\.[a-z]{2,10}$")  # "Truce - herald.example" of Herald
_BEFORE_SITE = re.compile(r"(?:(?:(?<!\s)\s+)?[-–—|ㅣ｜_»·•:：](?:[^-–—|ㅣ:·@]{0,20}(?:[^\w@]|[_ㅣ]))?|\s@\s)$")


def without_site_name(title: str, site: str) -> str:
    """ "Truce at last - News of The Herald" of The Herald is "Truce at last"."""
    lower, name = title.lower(), site.lower()
    if lower.startswith(name) and (mark := _AFTER_SITE.match(title, len(name))):
        return title[mark.end() :]
    at = lower.rfind(name)
    end = at + len(name)
    if domain := _DOMAIN.match(title, end):
        end = domain.end()
    if at > 0 and not _WORD.search(title, end) and (mark := _BEFORE_SITE.search(title, 0, at)) and mark.start():
        return title[: mark.start()]
    return title
