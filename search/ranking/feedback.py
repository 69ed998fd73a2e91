"""Feedback from the first hits: terms that distinguish them from other articles suggest what else a query is about.

    profiles of the first hits ──telling_terms──▶ Preference(Or((BagTerm("en|slipstream"), BagTerm("en|propel"), …)), 0.15,
    "feedback")

Articles with such terms gain a little, whichever words of the query they have. (Pseudo-relevance feedback: Rocchio 1971; the
terms are weighted as in Robertson, "On term selection for query expansion", 1990.) The profile of an article, its most frequent
terms, is stored with it, so that no text is analysed during a search.

The numbers were swept on three sets of articles (tests/benchmarks/relevance.py): 3 to 10 first hits, 12 to 30 terms, weights of
0.05 to 0.2, shares of the score of 0.15 to 0.8, profiles of 24 to 64 terms. With these, feedback gains most on searches for a
topic; on searches for one article it loses nothing, because the first FIRST_KEPT hits keep their places. Of very many hits those
that are far behind keep theirs too, so that the cost does not grow with the archive.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from search.query.nodes import BagTerm, Or, Preference
from search.ranking.bm25 import K1, B, idf

FIRST_READ = 5
"""The number of hits whose profiles are read."""
FIRST_KEPT = 3
"""The number of hits that keep their places."""
REORDERED = 300
MAX_ALL_REORDERED = 3_000
"""Of more hits than that, feedback puts so many first ones in another order; those behind keep their places."""
TERMS = 20
MAX_WEIGHT = 0.15
MAX_SHARE_OF_SCORE = 0.5
"""The share of the last kept hit's score that an article gains if it has each of the terms about once."""
PROFILE_TERMS = 32
MAX_CANDIDATES = 64
"""The number of profile terms whose document frequency is looked up."""
MIN_ARTICLES = 2
MAX_SHARE = 0.1
"""A term in a larger share of the archive does not distinguish articles."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`length`: the number of bag terms of an article, with headline words weighted; `counts`: its PROFILE_TERMS most frequent
    terms."""

    length: int
    counts: dict[str, int]

    def encode(self) -> bytes:
        return msgspec.msgpack.encode(self)


_DECODER = msgspec.msgpack.Decoder(Profile)


def decode(data: bytes) -> Profile:
    """Raises msgspec.MsgspecError if the data is damaged."""
    return _DECODER.decode(data)


def reordered(hits: int) -> int:
    """How many first ones of so many hits, in the order without feedback, it puts in another order."""
    return hits if hits <= MAX_ALL_REORDERED else REORDERED


def profile(terms: Sequence[str]) -> Profile:
    """The profile of an article's bag ALL. Among equally frequent terms, longer ones are preferred."""
    counts = Counter(terms)
    least = min(sorted(counts.values(), reverse=True)[:PROFILE_TERMS], default=0)
    candidates = [(-count, -len(term), term) for term, count in counts.items() if count >= least]
    return Profile(len(terms), {term: -count for count, _, term in sorted(candidates)[:PROFILE_TERMS]})


def telling_terms(
    profiles: Sequence[Profile], score: float, asked: Collection[str], having: Callable[[str], int], articles: int
) -> tuple[Preference, ...]:
    """What to prefer, given the profiles of the first hits; () if they have no distinguishing terms. `asked`: the bag terms of
    the query itself; `having`: how many of the `articles` have a bag term."""
    weights = _weights(profiles, asked)
    worth: dict[str, float] = {}
    rarity: dict[str, float] = {}
    for term in sorted(weights, key=lambda term: (-weights[term], term))[:MAX_CANDIDATES]:
        count = having(term)
        if MIN_ARTICLES <= count <= articles * MAX_SHARE:
            rarity[term] = idf(count, articles)
            worth[term] = weights[term] * rarity[term]
    terms = sorted(worth, key=lambda term: (-worth[term], term))[:TERMS]
    if not terms:
        return ()
    weight = min(MAX_WEIGHT, MAX_SHARE_OF_SCORE * score / sum(rarity[term] for term in terms))
    return (Preference(Or(tuple(map(BagTerm, terms))), weight, "feedback"),)


def _weights(profiles: Iterable[Profile], asked: Collection[str]) -> dict[str, float]:
    """The weight of each term in the first hits together, measured as in BM25."""
    some = list(profiles)
    average = sum(profile.length for profile in some) / max(len(some), 1)
    weights: dict[str, float] = {}
    for profile in some:
        flattening = K1 * (1 - B + B * profile.length / average)
        for term, count in profile.counts.items():
            if term not in asked:
                weights[term] = weights.get(term, 0.0) + count / (count + flattening)
    return weights
