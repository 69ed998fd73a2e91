"""How far one word is from another.

>>> within_edits("gneeva", "geneva", 1)
True
"""

from rapidfuzz.distance import OSA


def within_edits(a: str, b: str, edits: int) -> bool:
    """Whether a becomes b by at most that many inserted, deleted, changed characters or swapped neighbours, no stretch
    being edited twice (optimal string alignment, Herranz et al. 2011)."""
    return OSA.distance(a, b, score_cutoff=edits) <= edits
