"""Feedback from the first hits: the terms that tell them from other articles say what else a query may be about.

    profiles of the first hits ──telling_terms──▶ Preference(Or((BagTerm("en|slipstream"), BagTerm("en|propel"), …)), 0.15,
    "feedback")

Articles that have such terms gain a little, whatever words of the query they have. (Pseudo-relevance feedback: Rocchio 1971;
the terms are weighed as in Robertson, "On term selection for query expansion", 1990.) An article's profile, its most frequent
terms, is stored with it, so that none is analysed when it is found.

The numbers were swept on three sets of articles (tests/benchmarks/relevance.py): 3 to 10 first hits, 12 to 30 terms, weights of
0.05 to 0.2, shares of the score of 0.15 to 0.8, profiles of 24 to 64 terms. With these feedback gains most on searches for a
topic; on searches for one article it loses nothing, since the first FIRST_KEPT hits stay.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from search.query.nodes import BagTerm, Or, Preference
from search.ranking.bm25 import K1, B, idf

FIRST_READ = 5
"""Hits whose profiles are read."""
FIRST_KEPT = 3
"""Hits that stay in their places."""
TERMS = 20
MAX_WEIGHT = 0.15
MAX_SHARE_OF_SCORE = 0.5
"""Of the score of the last hit that is kept: what an article gains that has each of the terms about once."""
PROFILE_TERMS = 32
MAX_CANDIDATES = 64
"""Terms of the profiles whose document frequency is looked up."""
MIN_ARTICLES = 2
MAX_SHARE = 0.1
"""A term that more of the archive has tells no article from others."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`length`: the bag terms of an article, headline words as often as they count; `counts`: its PROFILE_TERMS most frequent."""

    length: int
    counts: dict[str, int]

    def encode(self) -> bytes:
        return msgspec.msgpack.encode(self)


_DECODER = msgspec.msgpack.Decoder(Profile)


def decode(data: bytes) -> Profile:
    """Raises msgspec.MsgspecError when it was damaged."""
    return _DECODER.decode(data)


def profile(terms: Sequence[str]) -> Profile:
    """Of an article's bag ALL. Among equally frequent terms the longer ones tell more."""
    counts = Counter(terms)
    repeated = [term for term, count in counts.items() if count > 1]  # in long texts enough, and few
    candidates = repeated if len(repeated) >= PROFILE_TERMS else counts
    frequent = sorted(candidates, key=lambda term: (-counts[term], -len(term), term))[:PROFILE_TERMS]
    return Profile(len(terms), {term: counts[term] for term in frequent})


def telling_terms(
    profiles: Sequence[Profile], score: float, asked: Collection[str], having: Callable[[str], int], articles: int
) -> tuple[Preference, ...]:
    """What to prefer because of the first hits, whose profiles these are; () if they have nothing that tells. `asked`: the bag
    terms of the query itself; `having`: how many of the `articles` have a bag term."""
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
    """How frequent each term is in the first hits together, by BM25's measure."""
    some = list(profiles)
    average = sum(profile.length for profile in some) / max(len(some), 1)
    weights: dict[str, float] = {}
    for profile in some:
        flattening = K1 * (1 - B + B * profile.length / average)
        for term, count in profile.counts.items():
            if term not in asked:
                weights[term] = weights.get(term, 0.0) + count / (count + flattening)
    return weights
