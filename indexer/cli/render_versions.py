"""The versions of an article as text for a terminal, with changes as in wdiff: the truce [-is near-] {+was signed+}."""

from collections.abc import Iterator, Sequence

import click

from indexer.cli.render_results import plain, version_names
from indexer.load.report import counted
from search.model.article import Article
from search.service.version_diff import DiffPiece, changes_of, compare


def version_lines(versions: Sequence[Article]) -> Iterator[str]:
    """Newest first, each called as on its page, with its changes since the version before it."""
    each = zip(versions, version_names(versions), changes_of(versions), strict=True)
    for place, (version, label, change) in enumerate(each):
        yield f"{plain(label)}  {plain(version.source)}{'' if place else '  (current)'}"
        changed = f"; {change.added:,} added, {change.removed:,} removed" if change else ""
        yield f"   {plain(version.headline or '(no headline)')}"
        yield f"   {counted(version.word_count, 'word')}{changed}"
        if change and version.headline != versions[place + 1].headline:
            yield f"   previous headline: {plain(versions[place + 1].headline or '(none)')}"


def difference_lines(before: Article, after: Article) -> Iterator[str]:
    """The changed fields in full."""
    found = compare(before, after)
    yield f"{counted(found.added, 'word')} added, {found.removed:,} removed"
    if not found.complete:
        yield "the versions are too long to compare in full; longer passages are shown as replaced"
    for field in found.fields:
        yield ""
        yield f"{field.field}:"
        yield from "".join(map(_piece, field.pieces)).splitlines()


def _piece(piece: DiffPiece) -> str:
    text = "\n".join(map(plain, piece.text.split("\n")))
    blank = text[len(text.rstrip()) :]
    match piece.op:
        case "delete":
            return click.style(f"[-{text.rstrip()}-]", fg="red") + blank
        case "insert":
            return click.style(f"{{+{text.rstrip()}+}}", fg="green") + blank
        case "equal":
            return text
