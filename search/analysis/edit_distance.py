"""How far one word is from another.

>>> within_edits("gneeva", "geneva", 1)
True
"""


def within_edits(a: str, b: str, edits: int) -> bool:
    """Whether a becomes b by at most that many inserted, deleted, changed characters or swapped neighbours, no stretch
    being edited twice (optimal string alignment, Herranz et al. 2011)."""
    if abs(len(a) - len(b)) > edits:
        return False
    a, b = _differing(a, b)
    if edits == 1 and max(len(a), len(b)) > 2:
        return False  # the one edit touches two neighbours at most
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > edits and min(last) > edits:
            return False
        before, last = last, row
    return last[-1] <= edits


def _differing(a: str, b: str) -> tuple[str, str]:
    """Both without what they begin and end with alike."""
    start = 0
    shortest = min(len(a), len(b))
    while start < shortest and a[start] == b[start]:
        start += 1
    end = 0
    while end < shortest - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]
