"""The names in an article: its authors and places, and the people, places and organisations capitalised in the text.

    "Yesterday Ada Ng met the Bank of Korea." ──names──▶ ["Ada Ng", "Bank of Korea"]

A name in a text is a run of capitalised words. The first word of a sentence, which is always capitalised, belongs to it only if
the article also has the same name inside a sentence. A single word is a name if it occurs capitalised twice and never in lower
case; in German, which capitalises all nouns, only if it is part of another name. Headlines, which some papers capitalise
throughout, are ignored; scripts without capitals have no names in the text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from search.lexicon.read import read_lexicon
from search.model.article import Article, passages

MAX_NAME_WORDS = 6
"""Longer runs are headings."""
MAX_NAME_CHARACTERS = 100
NOUNS_CAPITALISED = ("de", "lb")
"""The languages that capitalise all nouns."""
RUNNING_PARTS = ("standfirst", "paragraph", "contributors", "correction", "caption")


def _capitals() -> str:
    """The letters of Unicode categories Lu and Lt below U+10000; beyond that, a regular expression class is slow."""
    return "".join(char for char in map(chr, range(0x10000)) if unicodedata.category(char) in ("Lu", "Lt"))


_ABBREVIATED = r"(?<=[SL])t\.|(?<=[MDJS])rs?\.|(?<=M)s\.|(?<=[GS])en\.|(?<=R)e[pv]\.|(?<=G)ov\.|(?<=C)ol\.|(?<=P)rof\."
_INITIALS = r"(?:\.CAPITAL)*\.(?!\w)"
_INNER = r"(?<!\bI)['’](?!s\b)(?=\w)|[-‐‑](?=\w)"  # O'Brien, Jean-Luc; not Korea's, I'm
_REST = rf"(?:{_ABBREVIATED}|{_INITIALS}|\w*(?:(?:{_INNER})\w+)*)"
_JOINING = (
    r"(?:of(?: the)?|de(?: la| los| las)?|del|della|di|da|dos|du|des|von(?: der)?|van(?: der| den)?|zu|bin|ibn|al|el|la|le|y)"
)
_RUN = re.compile(  # the capital stands first: so it is quickly found
    r"(CAPITAL(?<![\w.].)(?:(?<=[\w,;)][ '’](.)))?REST(?: (?:JOINING )?CAPITALREST)*)".replace("REST", _REST)
    .replace("JOINING", _JOINING)
    .replace("CAPITAL", f"[{_capitals()}]")
)
"""Groups: the run; text before it if it follows a word or a comma, that is, inside a sentence."""
_LEXICON = read_lexicon("search.lexicon", "titles")
_HONORIFICS = tuple(
    f"{word.capitalize()}{stop} " for kind in ("honorific", "doctor") for word in _LEXICON.of(kind) for stop in ("", ".")
)


def names(article: Article) -> list[str]:
    """The names, without repeats."""
    texts = [passage.text for passage in passages(article) if passage.part in RUNNING_PARTS]
    places = (_in_small_letters(place.strip()) for place in (article.dateline or "").split(","))
    in_text = _in_texts(texts, article.language in NOUNS_CAPITALISED)
    return [*dict.fromkeys(name for name in (*article.authors, *places, *in_text) if _is_short(name))]


def _in_texts(texts: list[str], nouns_capitalised: bool) -> Iterator[str]:
    runs = [found for text in texts if not text.isupper() for found in _RUN.findall(text.replace("\xa0", " "))]
    inside = [run for run, is_inside in runs if is_inside]
    words_inside = set(" ".join(inside).split())
    counts = Counter(inside)
    starts = [run for run, is_inside in runs if not is_inside and (" " in run or run in words_inside)]
    counts.update([_certain(run, words_inside) for run in starts])
    parts = {word for run in counts if " " in run for word in run.split()} if nouns_capitalised else words_inside
    together = " ".join(texts)
    for run, count in counts.items():
        if " " in run:
            yield run.partition(" ")[2] if run.startswith(_HONORIFICS) else run
        elif count > 1 and run in parts and f" {run.lower()} " not in together:
            yield run


def _certain(run: str, words_inside: set[str]) -> str:
    """The run without its first word, which may start a sentence, and what joined that to the next; "" if nothing is left."""
    words = run.split(" ")
    if words[0] in words_inside or run.startswith(_HONORIFICS):
        return run
    return " ".join(words[next((place for place in range(1, len(words)) if words[place][0].isupper()), len(words)) :])


def _is_short(name: str) -> bool:
    return 1 < len(name) <= MAX_NAME_CHARACTERS and name.count(" ") < MAX_NAME_WORDS


def _in_small_letters(place: str) -> str:
    """GENEVA -> Geneva."""
    return place.title() if place.isupper() else place
