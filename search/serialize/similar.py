"""Similar articles as JSON.

hits ──similar_json──▶ b'{"status":"ok","results":[{"id":"…",…}]}'
"""

from collections.abc import Iterable

from search.model.results import Hit
from search.serialize.search import Shape, encode


class SimilarShape(Shape, frozen=True):
    """published: ISO 8601, as precise as on the page."""

    id: str
    url: str | None
    headline: str | None
    standfirst: str | None
    publisher: str | None
    published: str | None
    score: float


class SimilarAnswer(Shape, frozen=True):
    """results: most similar first."""

    status: str
    results: tuple[SimilarShape, ...]


def similar_json(hits: Iterable[Hit]) -> bytes:
    """The response of `/api/articles/ID/similar` and of `broadsheet similar ID --json`."""
    found = (
        SimilarShape(a.id, a.url, a.headline, a.standfirst, a.publisher, a.published.iso if a.published else None, hit.score)
        for hit in hits
        for a in [hit.article]
    )
    return encode(SimilarAnswer("ok", tuple(found)))
