"""The terms that most articles have, counting few of them: how many have a term at most is known beforehand.

most_frequent([("truce", 9), ("true", 4), ("trust", 1)], count, size=1)   # counts "truce" alone, if all nine are current
"""

from bisect import insort
from collections.abc import Callable, Iterable

Counted = tuple[str, int]


def most_frequent(at_most: Iterable[Counted], count: Callable[[str], int], size: int) -> list[Counted]:
    """The `size` terms with the greatest counts, by count, then by term; those that nothing has are left out."""
    found: list[tuple[int, str]] = []
    for least, term in sorted((-bound, term) for term, bound in at_most):
        if len(found) >= size and (least, term) > found[size - 1]:
            break
        if number := count(term):
            insort(found, (-number, term))
    return [(term, -number) for number, term in found[:size]]
