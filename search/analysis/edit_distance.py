"""Edit distance of two words.

>>> within_edits("gneeva", "geneva", 1)
True
"""

from rapidfuzz.distance import OSA


def within_edits(a: str, b: str, edits: int) -> bool:
    """Whether a becomes b with at most this many insertions, deletions, substitutions or transpositions, without editing any part
    twice (optimal string alignment, Herranz et al. 2011)."""
    return OSA.distance(a, b, score_cutoff=edits) <= edits
