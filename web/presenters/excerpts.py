"""The highlights of a hit -> those that a view of the results shows.

excerpts(highlights, "compact") -> the headline, the best excerpt, and one caption
"""

from msgspec.structs import replace

from search.model.results import Fragment, Highlights

EXCERPTS = {"compact": 1, "full": 2}
CAPTIONS = {"compact": 1, "full": 4}
CAPTION_CHARACTERS, BEFORE_MARK = 180, 60
"""Of a longer caption the compact view shows so many characters, beginning so many before what matched first."""


def excerpts(found: Highlights, view: str) -> Highlights:
    """In the compact view, names that matched, such as an author, are shown only if nothing else did."""
    body = _best(found.body, EXCERPTS[view])
    shown = replace(found, body=body, captions=found.captions[: CAPTIONS[view]])
    if view == "full":
        return shown
    captions = tuple(replace(each, text=each.text and _cut(each.text)) for each in shown.captions)
    matched = found.captions or found.removed or any(piece.marks for piece in (*body, *filter(None, [found.headline])))
    return replace(shown, captions=captions, removed=found.removed[:1], names=() if matched else found.names[:1])


def _best(pieces: tuple[Fragment, ...], most: int) -> tuple[Fragment, ...]:
    """Those with the most different words that matched, in the order of the text."""
    best = sorted(pieces, key=lambda piece: -len({piece.text[start:end].casefold() for start, end in piece.marks}))[:most]
    return tuple(piece for piece in pieces if piece in best)


def _cut(piece: Fragment) -> Fragment:
    length = len(piece.text)
    if length <= CAPTION_CHARACTERS:
        return piece
    first, last = piece.marks[0] if piece.marks else (0, 0)
    about = min(max(first - BEFORE_MARK, 0), length - CAPTION_CHARACTERS)
    space = piece.text.find(" ", about, first)
    start = space + 1 if about and space >= 0 else about
    end = start + CAPTION_CHARACTERS
    end = length if end >= length else max(piece.text.rfind(" ", last, end), 0) or end
    marks = tuple((a - start, b - start) for a, b in piece.marks if start <= a and b <= end)
    return Fragment(piece.text[start:end], marks, piece.cut_start or start > 0, piece.cut_end or end < length)
