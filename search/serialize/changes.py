"""Articles whose text was changed, as JSON."""

from collections.abc import Sequence

from search.serialize.search import HighlightsShape, QueryShape, Shape, encode, highlights_shape, query_shape, shared_fields
from search.serialize.versions import VersionChangeShape
from search.service.search import SearchResponse
from search.service.version_diff import Edit


class EditedShape(Shape, frozen=True):
    """changed: when the text it has now became searchable here. edit: compared with the latest version that has another text.
    silent: neither a correction nor a date of update that is new tells readers of the change."""

    id: str
    source: str
    url: str | None
    headline: str | None
    alternative_headline: str | None
    standfirst: str | None
    authors: tuple[str, ...]
    publisher: str | None
    section: str | None
    published: str | None
    updated: str | None
    dateline: str | None
    language: str | None
    word_count: int
    captured: str | None
    added: str | None
    changed: str | None
    edit: VersionChangeShape | None
    silent: bool
    highlights: HighlightsShape


class ChangesAnswer(Shape, frozen=True):
    """results: the latest change first. next: the cursor of the results that follow, null after the last."""

    status: str
    query: QueryShape
    total: int
    page_size: int
    results: tuple[EditedShape, ...]
    next: str | None


def changes_json(found: SearchResponse, edits: Sequence[Edit | None]) -> bytes:
    """The response of `/api/changes`, UTF-8. edits: of each hit."""
    shown = zip(found.results.hits, found.highlights, edits, strict=True)
    results = tuple(
        EditedShape(
            **shared_fields(hit.article),
            edit=_change(edit),
            silent=edit is not None and edit.silent,
            highlights=highlights_shape(highlights),
        )
        for hit, highlights, edit in shown
    )
    return encode(ChangesAnswer("ok", query_shape(found), found.results.total, found.question.page_size, results, found.next))


def _change(edit: Edit | None) -> VersionChangeShape | None:
    if edit is None:
        return None
    difference, before = edit.difference, edit.before
    return VersionChangeShape(
        before.source, difference.added, difference.removed, tuple(field.field for field in difference.fields)
    )
