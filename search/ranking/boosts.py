"""What affects the relevance order besides the words themselves: proximity, exact forms and recency.

    proximity(Or((Word("peace"), Word("talks"))))
    -> (Preference(Near("peace", "talks", 7, "body"), 0.1), …, Preference(Phrase(("peace",), "body"), 0.1), …)

The weights were swept from 0.05 to 0.3 on three sets of articles in ten and more languages (tests/benchmarks/relevance.py):
larger ones lose on one set what they gain on another, and so does adjacency instead of proximity.
"""

from collections.abc import Iterator
from itertools import pairwise

from search.analysis.analyzer import fold
from search.query.nodes import ANY, And, DateRange, Near, Or, Phrase, Preference, Query, Word

NEAR_WEIGHT = 0.1
NEAR_WORDS = 7
"""The maximum number of words between the two."""
EXACT_WEIGHT = 0.1
FIELDS = ("body", "headline")
MIN_LETTERS = 4
"""Shorter words (of, the, und) say little about their neighbours and cost the most."""

RECENCY_WEIGHT = 4.0
"""The boost of an article published today; about the score of one rare word."""
STEPS_A_HALF_LIFE = 2
"""An engine is asked for one range of days per step."""
HALF_LIVES = 8
"""An article this old, which would gain 1/256 of the full boost, gains nothing."""


def proximity(query: Query) -> tuple[Preference, ...]:
    """Preferences for words without a field typed side by side: close to each other, and in the form typed."""
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
    """Whether there are enough words for feedback from the first hits."""
    return len(set(plain_words(query))) > 1


def plain_words(query: Query) -> Iterator[Word]:
    """The words without a field, in order, of words joined by And or Or; for a word with several forms (NATO and N.A.T.O.,
    cease-fire and ceasefire), the first."""
    parts = query.parts if isinstance(query, And | Or) and not _is_one_word(query) else (query,)
    for part in parts:
        first = part.parts[0] if isinstance(part, Or) and _is_one_word(part) else part
        if isinstance(first, Word) and first.field == ANY:
            yield first


def _is_one_word(query: Query) -> bool:
    """Whether the parts are forms of one word: the same letters with different punctuation."""
    forms = query.parts if isinstance(query, Or) else (query,)
    letters = {
        fold(form.text).replace(".", "") if isinstance(form, Word) else "".join(form.words)
        for form in forms
        if isinstance(form, Word | Phrase)
    }
    return len(letters) == 1 and all(isinstance(form, Word | Phrase) for form in forms)


def recency(half_life_days: int, today: int) -> tuple[Preference, ...]:
    """Preferences for newer articles: RECENCY_WEIGHT · 0.5 ** (age / half-life), where age is in days before `today` (a day
    number), rounded down to steps of 1 / STEPS_A_HALF_LIFE of a half-life. An article of today or later gains RECENCY_WEIGHT in
    full, one half-life old gains half of it, and undated articles or those of HALF_LIVES or more gain nothing."""
    steps = HALF_LIVES * STEPS_A_HALF_LIFE
    gains = [RECENCY_WEIGHT * 0.5 ** (step / STEPS_A_HALF_LIFE) for step in range(steps)] + [0.0]
    gained_from: dict[int, float] = {}  # a step that is shorter than a day may begin on the same day as the one before
    for step in range(steps):
        oldest_age = (half_life_days * (step + 1) - 1) // STEPS_A_HALF_LIFE
        first_day = max(today - oldest_age, 1)
        gained_from[first_day] = gained_from.get(first_day, 0.0) + gains[step] - gains[step + 1]
    return tuple(Preference(DateRange(day, None), gain, "recency") for day, gain in gained_from.items())
