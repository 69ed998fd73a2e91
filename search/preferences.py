"""What matters to the order by relevance beyond the words themselves: words that stand side by side, and recency.

    proximity(Or((Word("peace"), Word("talks")))) -> (Preference(Phrase(("peace", "talks"), "body"), 0.1), …)

The weight was chosen on two test sets (tests/benchmarks/relevance.py): larger ones lose more than they gain, and so do pairs
that are only near each other for the time they take.
"""

from itertools import pairwise

from search.analysis import fold
from search.query import ANY, And, Between, Or, Phrase, Preference, Query, Word

PHRASE_WEIGHT = 0.1
PHRASE_FIELDS = ("body", "headline")
LEAST_LETTERS = 4
"""Pairs with a shorter word ("of the") say little and cost most."""

RECENCY_WEIGHT = 4.0
"""What an article of today gains; about the score of one rare word."""
STEPS_A_HALF_LIFE = 2
HALF_LIVES = 8


def proximity(query: Query) -> tuple[Preference, ...]:
    """Words without a field that were typed next to each other are better found next to each other."""
    if not isinstance(query, (And, Or)):
        return ()
    pairs = [
        (fold(left.text), fold(right.text))
        for left, right in pairwise(query.parts)
        if isinstance(left, Word)
        and isinstance(right, Word)
        and left.field == right.field == ANY
        and min(len(left.text), len(right.text)) >= LEAST_LETTERS
    ]
    return tuple(Preference(Phrase(pair, field), PHRASE_WEIGHT) for pair in pairs for field in PHRASE_FIELDS)


def recency(half_life_days: int, today: int) -> tuple[Preference, ...]:
    """An article gains RECENCY_WEIGHT if it is of today (a day number) or later, half of that a half-life ago, and so on, in
    steps; undated ones and those older than HALF_LIVES gain nothing."""
    steps = HALF_LIVES * STEPS_A_HALF_LIFE
    gains = [RECENCY_WEIGHT * 0.5 ** (step / STEPS_A_HALF_LIFE) for step in range(steps)] + [0.0]
    return tuple(
        Preference(Between(today - half_life_days * (step + 1) // STEPS_A_HALF_LIFE + 1, None), gains[step] - gains[step + 1])
        for step in range(steps)
    )
