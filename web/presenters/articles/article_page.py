"""An article for its page: paragraphs and captions in order, with the marks of a query.

article, marks ──blocks──▶ [Block("text", "<mark>Truce</mark> talks …"), Block("caption", …), Block("subhead", …)]
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from search.model.article import Article, passages
from search.model.results import Fragment, Mark
from web.presenters.render import marked

Marks = Mapping[tuple[str, int], tuple[Mark, ...]]
"""The marks of each passage, by (part, index)."""

CELL_SEPARATOR = " | "
"""Separates the cells of a table row."""


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """`kind`: a paragraph's kind, or "caption", which may have a credit, the URL of the picture and its number from 1. rows:
    `html` by line, each divided into cells: the rows of a table, the items of a list."""

    kind: str
    html: Markup
    rows: tuple[tuple[Markup, ...], ...] = ()
    credit: Markup | None = None
    image_url: str | None = None
    number: int = 0


class MarkedArticle:
    """Every text of an article as HTML with its marks."""

    def __init__(self, article: Article, marks: Marks) -> None:
        self.article = article
        self._fragments = {(p.part, p.index): Fragment(p.text, marks.get((p.part, p.index), ())) for p in passages(article)}

    def text(self, part: str, index: int = 0) -> Markup | None:
        """None if the article has no such passage."""
        fragment = self._fragments.get((part, index))
        return marked(fragment) if fragment else None

    def dateline(self) -> Markup | None:
        """The place, unless the text starts with it."""
        place, texts = self.article.dateline, (p.text for p in self.article.paragraphs if p.kind == "text")
        return None if place and next(texts, "").startswith(place) else self.text("place")

    def blocks(self) -> Iterator[ShownBlock]:
        """Puts each caption after the number of paragraphs that it gives, or at the end if there are fewer."""
        count = len(self.article.paragraphs)
        captions_at: dict[int, list[int]] = {}
        for index, caption in enumerate(self.article.captions):
            captions_at.setdefault(min(caption.after, count), []).append(index)
        for place in range(count + 1):
            for index in captions_at.get(place, ()):
                text = self.text("caption", index) or Markup("")
                image_url = self.article.captions[index].image_url
                yield ShownBlock("caption", text, credit=self.text("credit", index), image_url=image_url, number=index + 1)
            if place < count:
                fragment = self._fragments["paragraph", place]
                rows = (tuple(marked(cell) for cell in _split(row, CELL_SEPARATOR)) for row in _split(fragment, "\n"))
                yield ShownBlock(self.article.paragraphs[place].kind, marked(fragment), tuple(rows))


def _split(fragment: Fragment, separator: str) -> Iterator[Fragment]:
    """The text between separators; a mark that crosses one becomes two."""
    start = 0
    for piece in fragment.text.split(separator):
        end = start + len(piece)
        marks = [(max(a, start) - start, min(b, end) - start) for a, b in fragment.marks if a < end and b > start]
        yield Fragment(piece, tuple(marks))
        start = end + len(separator)
