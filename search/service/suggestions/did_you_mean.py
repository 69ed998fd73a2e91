"""Did you mean: a query's words corrected by the archive's own vocabulary.

    suggest(reader, "peice talks", parse("peice talks").query, 0, hits)
    -> Suggestion("peace talks", (("peice", "peace"),), total=12)

A word is in doubt if nothing has it, or little where a word a typo away is far more frequent, or little in the language of the
query's other words. Of the corrections the likeliest is suggested: by how such typos are made (search/analysis/typo_model.py),
how frequent the words are in the languages that the query may be in (search/service/suggestions/word_languages.py), and how much
the whole query then finds. Never one that finds nothing, or no more than what was typed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from math import inf, log, prod

from search.analysis.typo_model import ONE_IN
from search.engines.protocol import Reader
from search.query.nodes import Query
from search.service.suggestions.corrections import (
    CHOICES,
    Asked,
    Correction,
    corrections,
    joined,
    look_up,
    of_frequent,
    plausible,
)
from search.service.suggestions.surface_forms import as_printed, match_case
from search.service.suggestions.typed_words import RARE, are_at_home, articles_with, typed_words
from search.service.suggestions.word_languages import Languages

WORTH = 2 * ONE_IN
"""A frequent word is corrected if two articles have it with the other words for a swap, more for a less likely typo; in a phrase
one does, since fewer words stand side by side by chance."""
MAX_WORDS = 16
"""Words of a query that are looked at."""
TOGETHER = 0.5
"""The exponent of how many articles the whole query finds. Swept 0-0.7 with word_languages.DAMPED: the share of words put right
 changes by a hundredth."""

TRIED_TOGETHER = 8
"""Corrected queries whose articles are counted at once; of more the likeliest come first, and may be enough."""

Hits = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text`: the corrected query as it would be typed; `changed`: (typed, meant) of each word; `total`: what it finds."""

    text: str
    changed: tuple[tuple[str, str], ...]
    total: int


def suggest(reader: Reader, text: str, query: Query, total: int, hits: Hits) -> Suggestion | None:
    """Of a text, read as the query, that finds `total` articles; `hits` tells how many other texts find. None if nothing better
    is known."""
    typed = [*typed_words(text, query)][:MAX_WORDS]
    if total > RARE and " OR " not in text and are_at_home(reader, typed):
        return None  # each of its words has as many articles
    languages = Languages(reader)
    asked = Asked(reader, text, total, languages, tuple(zip(typed, articles_with(languages, typed), strict=True)))
    doubtful = [found for found in corrections(asked) if found][: len(CHOICES)]
    if doubtful:
        all_of_them = product(*(some[: CHOICES[len(doubtful) - 1]] for some in doubtful))
        one_of_them = ((some[0],) for some in doubtful) if doubtful[1:] else ()
        return _best(asked, hits, all_of_them) or _best(asked, hits, one_of_them)
    if total:
        return None
    if best := _best(asked, hits, ((each,) for each in joined(asked, typed))):
        return best
    quoted, plain = of_frequent(asked)
    return _best(asked, hits, ((each,) for each in quoted)) or _best(asked, hits, ((each,) for each in plain), WORTH)


def _best(asked: Asked, hits: Hits, chosen: Iterable[tuple[Correction, ...]], worth: float = 0) -> Suggestion | None:
    """Of choices of corrections that of the likeliest query; `worth`: what it has to find, times how likely it is typed so."""
    best: tuple[Correction, ...] = ()
    most, found = -inf, 0
    choices = _by_plausibility(asked, [*chosen])
    counts: list[int] = []
    for place, (likeliness, choice) in enumerate(choices):
        if best and likeliness + TOGETHER * log(sum(asked.languages.articles.values())) <= most:
            break  # whatever it finds
        if place == len(counts):
            counts += hits([_corrected(asked.text, each) for _, each in choices[place : place + TRIED_TOGETHER]])
        if counts[place] > asked.total and counts[place] * prod(each.likelihood for each in choice) >= worth:
            score = likeliness + TOGETHER * log(counts[place])
            best, most, found = (choice, score, counts[place]) if score > most else (best, most, found)
    if not best:
        return None
    texts = as_printed(asked.reader, [each.text for each in best])
    printed = tuple(replace(each, text=text) for each, text in zip(best, texts, strict=True))
    typed = [asked.text[each.start : each.end] for each in printed]
    changed = tuple((before, match_case(before, each.text)) for before, each in zip(typed, printed, strict=True))
    return Suggestion(_corrected(asked.text, printed), changed, found)


def _by_plausibility(asked: Asked, chosen: list[tuple[Correction, ...]]) -> list[tuple[float, tuple[Correction, ...]]]:
    if len(chosen) < 2:
        return [(0, only) for only in chosen]
    look_up(asked, chain.from_iterable(chosen))
    return sorted(((plausible(asked, each), each) for each in chosen), key=lambda pair: -pair[0])


def _corrected(text: str, corrections: Iterable[Correction]) -> str:
    for each in sorted(corrections, key=lambda each: -each.start):
        text = text[: each.start] + match_case(text[each.start : each.end], each.text) + text[each.end :]
    return text
