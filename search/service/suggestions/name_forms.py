"""Several forms of one name -> the best one.

one_form_each({"US President Ada Ng": 9, "Ada Ng": 7, "President Ada Ng": 5, "Ng": 3, "Mr Ng": 1}) -> ["Ada Ng", "Ng"]

A name with more words before it is the same if these end with a title (search/service/suggestions/titles.py), or if the name has
two words and more: what stands before a full name says who it is ("Rapper Ada Ng"). A word that so proves a title is one before a
surname too.
"""

from collections.abc import Iterable, Mapping, Sequence

from search.analysis.analyzer import fold
from search.service.suggestions.titles import title_key, without_title

FULL_NAME_WORDS = 2
GENITIVE = "s"
"""Ada Ngs Rede: what German, Danish or Swedish end a name with, without an apostrophe."""

Words = tuple[str, ...]


def one_form_each(names: Mapping[str, int]) -> list[str]:
    """Of names, each with its number of articles, the best form of each, in the order of the first of its forms by number: that
    without title, or if none stands so the one that most articles have."""
    ordered = sorted(names, key=lambda name: (-names[name], name))
    folded = {name: tuple(fold(name).split()) for name in ordered}
    known = {words: names[name] for name, words in reversed(folded.items())}
    titles = _proven_titles(known)
    forms: dict[Words, list[str]] = {}
    for name in ordered:
        forms.setdefault(_identity(folded[name], known, titles), []).append(name)
    return [next((name for name in some if folded[name] == identity), some[0]) for identity, some in forms.items()]


def _proven_titles(known: Iterable[Words]) -> set[str]:
    """The last word before a full name that is known without."""
    tails = {*known}
    return {title_key(words[start - 1]) for words in known for start in _starts_of_full_names(words) if words[start:] in tails}


def _starts_of_full_names(words: Sequence[str]) -> range:
    return range(1, len(words) - FULL_NAME_WORDS + 1)


def _identity(words: Words, known: Mapping[Words, int], titles: set[str]) -> Words:
    """What is alike for all forms of a name."""
    untitled = tuple(without_title(words, titles))
    tails = (words[start:] for start in _starts_of_full_names(words) if words[start:] in known)
    bare = min((untitled, *tails), key=len)
    base = (*bare[:-1], bare[-1].removesuffix(GENITIVE))
    return base if known.get(base, 0) > known.get(bare, 0) else bare
