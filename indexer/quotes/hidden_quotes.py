"""A paragraph -> what stands around its quotes: their words are hidden, so that no name in a quote is taken for its speaker.

hide("“Go,” she said.", [Span(0, 1, 4)]) -> "“▮▮,” she said."
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from search.analysis.sentences import sentences
from search.model.article import Span

HIDDEN = "▮"


@dataclass
class TextAround:
    """What is known of one paragraph: its text with the words of quotes hidden, where its sentences are, its quotes."""

    number: int
    hidden: str
    quotes: list[Span]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        return sentences(self.hidden)

    def sentence_at(self, place: int) -> int:
        return max(bisect_right(self.sentences, (place, len(self.hidden) + 1)) - 1, 0)

    def last_quote(self, number: int) -> Span | None:
        """The last of those in the sentence."""
        start, end = self.sentences[number]
        place = bisect_right(self.quotes, Span(self.number, end, end)) - 1
        return self.quotes[place] if place >= 0 and self.quotes[place].end >= start else None


def hide(text: str, quotes: list[Span]) -> str:
    """The text with the same length, in quotes nothing but the last sign of punctuation, which may end a sentence."""
    pieces, place = [], 0
    for _, start, end in quotes:
        last = text[end - 1] if text[end - 1] in ".,!?…" else HIDDEN
        pieces += [text[place:start], HIDDEN * (end - start - 1), last]
        place = end
    return "".join([*pieces, text[place:]])
