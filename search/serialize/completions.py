"""Completions -> the JSON of `/api/suggest` and of `broadsheet suggest --json`."""

from collections.abc import Callable
from typing import Literal

from search.model.article import Article
from search.serialize.search import Shape, encode
from search.service.suggestions.autocomplete import Completion


class CompletionShape(Shape, frozen=True):
    """text: the text typed with its last word or name completed, or a headline. kind: word, name or headline. completed: the word
    or name alone. count: the number of articles that contain it, regardless of the rest of the text; both are null for a
    headline. url: the article page of a headline."""

    text: str
    kind: Literal["word", "name", "headline"]
    completed: str | None
    count: int | None
    url: str | None


def completions_json(completions: list[Completion], url_of: Callable[[Article], str | None]) -> bytes:
    """The response of `/api/suggest` and of `broadsheet suggest --json`."""
    shapes = (
        CompletionShape(c.text, c.kind, c.completed, c.count, url_of(c.article) if c.article else None) for c in completions
    )
    return b"[" + b",".join(map(encode, shapes)) + b"]"
