"""The versions of an article as JSON, and the differences between two of them."""

import msgspec

from search.model.article import Article
from search.serialize.search import Shape, encode
from search.service.version_diff import Difference, FieldChange, changes_of, compare, two_versions


class VersionChangeShape(Shape, frozen=True):
    """Changes since the version from the source `since`: words added and removed, and the fields that changed."""

    since: str
    added: int
    removed: int
    fields: tuple[str, ...]


class CaptureShape(Shape, frozen=True):
    """change: compared with the version before; null for the first version, and beyond the newest hundred."""

    source: str
    captured: str | None
    url: str | None
    headline: str | None
    word_count: int
    current: bool
    change: VersionChangeShape | None


class DifferenceShape(Shape, frozen=True):
    """from, to: the sources of the two versions; added, removed: numbers of words; fields: those that changed; complete: false if
    the versions are too long to be compared throughout, and parts of them are given as replaced."""

    from_: str = msgspec.field(name="from")
    to: str
    added: int
    removed: int
    complete: bool
    fields: tuple[FieldChange, ...]


class VersionsAnswer(Shape, frozen=True):
    """versions: the current one first, then newest first. difference: null unless requested."""

    status: str
    id: str
    versions: tuple[CaptureShape, ...]
    difference: DifferenceShape | None


def versions_json(versions: tuple[Article, ...], since: str | None = None, to: str | None = None) -> bytes:
    """The response of `/api/articles/ID/versions` and of `broadsheet versions ID --json`, UTF-8. since, to: the sources of two
    versions to compare; see version_diff.two_versions. Raises UnknownVersion."""
    listed = tuple(
        CaptureShape(v.source, v.captured, v.url, v.headline, v.word_count, place == 0, _change(versions, place, change))
        for place, (v, change) in enumerate(zip(versions, changes_of(versions), strict=True))
    )
    difference = _difference(*two_versions(versions, since, to)) if since or to else None
    return encode(VersionsAnswer("ok", versions[0].id, listed, difference))


def _change(versions: tuple[Article, ...], place: int, change: Difference | None) -> VersionChangeShape | None:
    if change is None:
        return None
    return VersionChangeShape(
        versions[place + 1].source, change.added, change.removed, tuple(field.field for field in change.fields)
    )


def _difference(before: Article, after: Article) -> DifferenceShape:
    found = compare(before, after)
    return DifferenceShape(before.source, after.source, found.added, found.removed, found.complete, found.fields)
