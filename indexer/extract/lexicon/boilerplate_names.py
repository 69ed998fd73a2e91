"""What news pages call the things that are not the article: in class names, and in words to the reader.

>>> is_side_matter("article-related-links")
True
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from indexer.extract.lexicon.phrases import Mentions, Openings
from search.lexicon.read import Lexicon, read_lexicon

_NAMES = read_lexicon(__package__, "class_names")
_PART = re.compile(r"\*\w+\*")


@dataclass(frozen=True)
class Names:
    """The entries of some kinds, to be found in what name_words gives."""

    lexicon: Lexicon
    kinds: tuple[str, ...]

    def found_in(self, joined: str) -> bool:
        words, parts, pattern = self._compiled
        if not words.isdisjoint(joined.split()) or any(map(joined.__contains__, parts)):
            return True
        return pattern is not None and pattern.search(joined) is not None

    def removed_from(self, joined: str) -> str:
        """What is left without those of several words."""
        pattern = self._compiled[-1]
        return pattern.sub(" ", joined) if pattern else joined

    @cached_property
    def _compiled(self) -> tuple[frozenset[str], tuple[str, ...], re.Pattern[str] | None]:
        """Whole words, parts of words ("*comment*"), and a pattern of the rest."""
        entries = {entry for kind in self.kinds for entry in self.lexicon.of(kind)}
        words = frozenset(entry for entry in entries if entry.isalpha())
        parts = tuple(entry.strip("*") for entry in entries if _PART.fullmatch(entry))
        others = sorted(re.escape(entry).replace(r"\*", r"\w*") for entry in entries - words if not _PART.fullmatch(entry))
        return words, parts, re.compile(rf"\b(?:{'|'.join(others)})\b") if others else None


_COMMENTS = Names(_NAMES, ("comments",))
_CONSENT = Names(_NAMES, ("consent",))
_SIDE_MATTER = Names(_NAMES, ("comments", "consent", "side_matter"))
_UNLESS_PROSE = Names(_NAMES, ("side_unless_prose",))
_SIDE_ROLES = frozenset(_NAMES.of("side_role"))
_UNLESS_TEXT, _TEXT = Names(_NAMES, ("side_unless_text",)), Names(_NAMES, ("text",))
_FOLDED, _UNFOLDED = Names(_NAMES, ("folded",)), Names(_NAMES, ("unfolded",))
_LAYOUT = Names(_NAMES, ("layout",))
_OF_OTHERS = Names(_NAMES, ("of_others",))
_DECKS = Names(_NAMES, ("deck",))
_PULL_QUOTES = Names(_NAMES, ("pull_quote",))
_CAPTIONS = Names(_NAMES, ("caption",))
_CREDITS = Names(_NAMES, ("credit",))
_MAKERS = Names(_NAMES, ("maker",))
_CORRECTIONS = Names(_NAMES, ("correction",))
_PLACES = Names(_NAMES, ("place",))
_PICTURES = Names(_NAMES, ("picture",))
_SLIDES = Names(_NAMES, ("slide",))
_FILMS = Names(_NAMES, ("film",))
_STILLS = Names(_NAMES, ("still",))
_LETTER_SIZE = re.compile(r"\btext caption\b|(?<!image )(?<!img )(?<!figure )(?<!photo )(?<!media )\bcaption (?:x*s|m|x*l)\b")
# WordPress names an article after its tags: "post type-post status-publish category-world tag-truce"
_POST_NAMES = re.compile(r"\b(?:type|status|format|category|tag|author|has)-\S+")
_AFTER_DIGIT = re.compile(r"\d[^\W_]*")  # "5f18ad9" is made by a machine, no name
_LETTERS_APART = "".join(letter if letter.isalpha() else " " for letter in map(chr, range(128)))
_WORDS_OF_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_a-zA-Z]+")


@lru_cache(maxsize=20_000)
def name_words(names: str) -> str:
    """Class names and ids in lower-case words: "articleBody__foot-note2" is "article body foot note"."""
    names = names[:600]
    if ":" in names or "[" in names:
        # not "print:hidden" and "lg:[…]", which are true only at times
        names = " ".join(name for name in names.split() if ":" not in name and "[" not in name)
    if "type-" in names or "hentry" in names or "single-post" in names:
        names = _POST_NAMES.sub(" ", names)
    names = _AFTER_DIGIT.sub(" ", names)
    if names.isascii() and names.islower():  # most are, and this is quicker
        return " ".join(names.translate(_LETTERS_APART).split())
    return " ".join(_WORDS_OF_NAME.findall(names)).lower()


@lru_cache(maxsize=20_000)
def is_side_matter(names: str) -> bool:
    """Whether an element of these class names and ids is probably not part of the article's text."""
    joined = _without_layout(names)
    return (
        is_side_even_with_prose(names)
        or _UNLESS_PROSE.found_in(joined)
        or (_UNLESS_TEXT.found_in(joined) and not _TEXT.found_in(joined))
    )


@lru_cache(maxsize=20_000)
def is_side_even_with_prose(names: str) -> bool:
    """Whether it is probably none, even if it holds paragraphs of running text: comments, advertisements, boxes."""
    joined = _without_layout(names)
    return _SIDE_MATTER.found_in(joined) or (_FOLDED.found_in(joined) and not _UNFOLDED.found_in(joined))


@lru_cache(maxsize=20_000)
def _without_layout(names: str) -> str:
    return _LAYOUT.removed_from(name_words(names))


@lru_cache(maxsize=20_000)
def is_comments(names: str) -> bool:
    return _COMMENTS.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_consent(names: str) -> bool:
    """Whether an element asks the reader to agree to something."""
    return _CONSENT.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_of_others(names: str) -> bool:
    """Whether a byline or a date in the element belongs to another story, a comment or a picture."""
    return _OF_OTHERS.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_deck(names: str) -> bool:
    return _DECKS.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_caption(names: str) -> bool:
    joined = name_words(names)
    return _CAPTIONS.found_in(joined) and _CAPTIONS.found_in(_LETTER_SIZE.sub("", joined))


@lru_cache(maxsize=20_000)
def is_picture(names: str) -> bool:
    """Whether an element probably holds a picture with its caption."""
    return _PICTURES.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_slide(names: str) -> bool:
    """Whether an element is one of several that are shown in turn: pictures, or pieces of the text."""
    return _SLIDES.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_video(names: str) -> bool:
    """Whether an element probably holds a film, and no picture."""
    joined = name_words(names)
    return _FILMS.found_in(joined) and not _STILLS.found_in(joined)


@lru_cache(maxsize=20_000)
def is_credit(names: str) -> bool:
    """Whether an element inside a caption holds the credit."""
    return is_credit_anywhere(names) or _MAKERS.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_credit_anywhere(names: str) -> bool:
    """Whether an element holds a credit, and no byline."""
    return _CREDITS.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_correction_name(names: str) -> bool:
    return _CORRECTIONS.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_place(names: str) -> bool:
    """Whether an element at the start of a paragraph holds the place that it is filed from."""
    return bool(names) and _PLACES.found_in(name_words(names))


@lru_cache(maxsize=20_000)
def is_pull_quote(names: str) -> bool:
    return _PULL_QUOTES.found_in(name_words(names))


def is_side_role(role: str) -> bool:
    return role in _SIDE_ROLES


_HEADINGS = read_lexicon(__package__, "closing_headings")
_WHOLE_HEADINGS = Openings(_HEADINGS, "whole", r"\W*\d*\W*$")
_HEADING_OPENINGS = Openings(_HEADINGS, "opening")
MAX_HEADING_WORDS = 6
_NOT_A_WORD = re.compile(r"\W*")

_NOTICES = read_lexicon(__package__, "notices")
_NOTICE_TEXTS = _NOTICES.of("notice")
_COOKIES = Mentions(_NOTICES, "cookies")
MAX_NOTICE_CHARACTERS = 300
"""What is longer is prose."""


def is_closing_heading(text: str) -> bool:
    """A heading under which other stories, comments or the authors stand: "More from The Herald", "Die Autorin"."""
    if len(text.split()) > MAX_HEADING_WORDS:
        return False
    words = text[_NOT_A_WORD.match(text).end() :]  # type: ignore[union-attr]
    return bool(_HEADING_OPENINGS.match(words) or _WHOLE_HEADINGS.match(words))


def is_notice(text: str) -> bool:
    """A site's word to its reader: on consent to embedded content, on newsletters, asking for comments."""
    if len(text) > MAX_NOTICE_CHARACTERS:
        return False
    lower = text.lower()
    return any(map(lower.__contains__, _NOTICE_TEXTS)) or ("cookie" in lower and bool(_COOKIES.search(lower)))
