"""The highlights of a hit -> those that a view of the results shows.

excerpts(highlights, "compact") -> the headline, the best excerpt, and one caption
"""

from dataclasses import replace

from search.model.results import Fragment, Highlights

EXCERPTS = {"compact": 1, "full": 2}
CAPTIONS = {"compact": 1, "full": 4}


def excerpts(found: Highlights, view: str) -> Highlights:
    """In the compact view, names that matched, such as an author, are shown only if nothing else did."""
    body = _best(found.body, EXCERPTS[view])
    shown = replace(found, body=body, captions=found.captions[: CAPTIONS[view]])
    if view == "full":
        return shown
    matched = found.captions or found.removed or any(piece.marks for piece in (*body, *filter(None, [found.headline])))
    return replace(shown, removed=found.removed[:1], names=() if matched else found.names[:1])


def _best(pieces: tuple[Fragment, ...], most: int) -> tuple[Fragment, ...]:
    """Those with the most different words that matched, in the order of the text."""
    best = sorted(pieces, key=lambda piece: -len({piece.text[start:end].casefold() for start, end in piece.marks}))[:most]
    return tuple(piece for piece in pieces if piece in best)
