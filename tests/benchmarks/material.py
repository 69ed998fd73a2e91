"""Made-up articles of words with natural frequencies, and questions to ask of them, from a seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from search.model.article import Article, Paragraph, PrintedDate
from search.query.nodes import OrderBy, SearchRequest
from search.query.parsing.parser import parse

HITS = 10
CLASSES = ("word", "and", "or", "phrase", "prefix", "filter", "date")
_SYLLABLES = [a + b + c for a in "bdfgklmnprstv" for b in "aeiou" for c in ("", "n", "r", "s")]


@dataclass(frozen=True)
class Question:
    """`kind`: one of CLASSES; of "filter" and "date" the words are one word, within a section or newest first."""

    kind: str
    words: tuple[str, ...]
    section: str = "World"

    @property
    def typed(self) -> str:
        match self.kind:
            case "phrase":
                return f'"{" ".join(self.words)}"'
            case "prefix":
                return f"{self.words[0]}*"
            case _:
                return (" OR " if self.kind == "or" else " ").join(self.words)

    @property
    def request(self) -> SearchRequest:
        filters = {"section": (self.section,)} if self.kind == "filter" else {}
        order: OrderBy = "newest" if self.kind == "date" else "relevance"
        return SearchRequest(parse(self.typed).query, filters=filters, order_by=order, size=HITS)


def vocabulary(chance: random.Random) -> list[str]:
    """60,000 words, the most frequent first, short ones more often."""
    words = dict.fromkeys("".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 4)))) for _ in range(90_000))
    return sorted(list(words)[:60_000], key=lambda word: len(word) + chance.random() * 6)


def made(words: list[str], number: int, lengths: tuple[int, int, int] = (120, 800, 300)) -> Iterator[Article]:
    """Articles of 120 to 800 words, mostly 300, or of other lengths, in paragraphs of 45."""
    chance = random.Random(3)
    cumulative = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    for count in range(number):
        text = chance.choices(words, cum_weights=cumulative, k=10 + int(chance.triangular(*lengths)))
        parts = tuple(Paragraph(" ".join(text[i : i + 45]).capitalize() + ".") for i in range(10, len(text), 45))
        day = f"{chance.randint(1990, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield Article(
            source=f"made/{count}", id=str(count), language="en", headline=" ".join(text[:10]), paragraphs=parts,
            published=PrintedDate(day, day), section=chance.choice(("World", "Business", "Sport")), publisher="The Daily Sample",
        )  # fmt: skip


def questions(words: list[str], number: int, chance: random.Random) -> list[Question]:
    """Of each class: words from among the 3,000 most frequent, as people's queries have them; phrases as they stand in an
    article; beginnings of four letters."""

    def some(count: int) -> tuple[str, ...]:
        return tuple(words[min(int(chance.paretovariate(0.6)) + 20, 3_000)] for _ in range(count))

    printed = [tuple(a.paragraphs[0].text.lower().split()[n : n + 2]) for n in (1, 5, 9) for a in made(words, number)]
    return [
        Question(kind, chance.choice(printed) if kind == "phrase" else (some(1)[0][:4],) if kind == "prefix" else some(size))
        for kind, size in zip(CLASSES, (1, 2, 4, 2, 1, 1, 1), strict=True)
        for _ in range(number)
    ]
