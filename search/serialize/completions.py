"""Completions -> the JSON that the API answers and `broadsheet suggest --json` prints."""

from collections.abc import Callable
from typing import Literal

from search.model.article import Article
from search.serialize.search import Shape, encode
from search.service.suggestions.autocomplete import Completion


class CompletionShape(Shape, frozen=True):
    """text: what is typed, with its last word or name complete, or a headline. kind: word, name or headline. completed: the word
    or the name alone. count: the articles that have completed, whatever else is typed; both are null of a headline. url: the
    reading page of a headline's article."""

    text: str
    kind: Literal["word", "name", "headline"]
    completed: str | None
    count: int | None
    url: str | None


def completions_json(completions: list[Completion], url_of: Callable[[Article], str | None]) -> bytes:
    """The answer of `/api/suggest` and of `broadsheet suggest --json`."""
    shapes = (
        CompletionShape(c.text, c.kind, c.completed, c.count, url_of(c.article) if c.article else None) for c in completions
    )
    return b"[" + b",".join(map(encode, shapes)) + b"]"
