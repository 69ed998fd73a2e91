"""What matters to the order by relevance beyond the words themselves: words near each other, their exact forms, and recency.

    proximity(Or((Word("peace"), Word("talks"))))
    -> (Preference(Near("peace", "talks", 7, "body"), 0.1), …, Preference(Phrase(("peace",), "body"), 0.1), …)

The weights were swept from 0.05 to 0.3 on three sets of articles in ten and more languages (tests/benchmarks/relevance.py):
larger ones lose on one set what they gain on another, and so does adjacency in place of nearness.
"""

from collections.abc import Iterator
from itertools import pairwise

from search.analysis.analyzer import fold
from search.query.nodes import ANY, And, DateRange, Near, Or, Phrase, Preference, Query, Word

NEAR_WEIGHT = 0.1
NEAR_WORDS = 7
"""At most so many other words between the two."""
EXACT_WEIGHT = 0.1
FIELDS = ("body", "headline")
MIN_LETTERS = 4
"""Shorter words (of, the, und) say little of what stands near them and cost most."""

RECENCY_WEIGHT = 4.0
"""What an article of today gains; about the score of one rare word."""
STEPS_A_HALF_LIFE = 2
"""An engine is asked for one span of days a step."""
HALF_LIVES = 8
"""An article this old, which would gain 1/256 of the whole, gains nothing."""


def proximity(query: Query) -> tuple[Preference, ...]:
    """Words without a field that were typed side by side are better found near each other, and as they were typed."""
    words = [fold(word.text) for word in plain_words(query) if len(word.text) >= MIN_LETTERS]
    if len(set(words)) < 2:
        return ()
    near = [Near(left, right, NEAR_WORDS, field) for left, right in pairwise(words) if left != right for field in FIELDS]
    exact = [Phrase((word,), field) for word in words for field in FIELDS]
    return (
        *(Preference(query, NEAR_WEIGHT) for query in dict.fromkeys(near)),
        *(Preference(query, EXACT_WEIGHT, "exact") for query in dict.fromkeys(exact)),
    )


def has_several_words(query: Query) -> bool:
    """Whether so much was typed that the first hits may tell what else it is about."""
    return len(set(plain_words(query))) > 1


def plain_words(query: Query) -> Iterator[Word]:
    """The words without a field, in order, of words joined by And or Or; of one that is looked for in several forms (NATO and
    N.A.T.O., cease-fire and ceasefire) the first."""
    parts = query.parts if isinstance(query, And | Or) and not _is_one_word(query) else (query,)
    for part in parts:
        first = part.parts[0] if isinstance(part, Or) and _is_one_word(part) else part
        if isinstance(first, Word) and first.field == ANY:
            yield first


def _is_one_word(query: Query) -> bool:
    """Whether it is the forms of one word: the same letters, whatever stands between them."""
    forms = query.parts if isinstance(query, Or) else (query,)
    letters = {
        fold(form.text).replace(".", "") if isinstance(form, Word) else "".join(form.words)
        for form in forms
        if isinstance(form, Word | Phrase)
    }
    return len(letters) == 1 and all(isinstance(form, Word | Phrase) for form in forms)


def recency(half_life_days: int, today: int) -> tuple[Preference, ...]:
    """What newer articles gain: RECENCY_WEIGHT · 0.5 ** (age / half-life), the age in days before `today` (a day number), rounded
    down to whole steps of 1 / STEPS_A_HALF_LIFE of a half-life. An article of today or later gains RECENCY_WEIGHT in full, one
    that is a half-life old exactly half of it, one of HALF_LIVES or more nothing, nor does an undated one."""
    steps = HALF_LIVES * STEPS_A_HALF_LIFE
    gains = [RECENCY_WEIGHT * 0.5 ** (step / STEPS_A_HALF_LIFE) for step in range(steps)] + [0.0]
    gained_from: dict[int, float] = {}  # a step that is shorter than a day may begin on the same day as the one before
    for step in range(steps):
        oldest_age = (half_life_days * (step + 1) - 1) // STEPS_A_HALF_LIFE
        first_day = max(today - oldest_age, 1)
        gained_from[first_day] = gained_from.get(first_day, 0.0) + gains[step] - gains[step + 1]
    return tuple(Preference(DateRange(day, None), gain, "recency") for day, gain in gained_from.items())
