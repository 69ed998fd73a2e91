"""The versions of an article for its reader: what each is called, and two of them side by side.

versions ──version_labels──▶ ["Updated 4 March 2022, 12:30", "Published 4 March 2022, 10:00"]
Difference ──compared_fields──▶ [Field("body", [Row("text", before, after), Unchanged(12 rows), …])]
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from markupsafe import Markup

from search.model.article import Article, Paragraph
from search.service.version_diff import BREAK, Difference, DiffPiece, Op, printed_paragraphs
from web.i18n.catalogue import t
from web.presenters.formatting import moment_words, printed_words, was_updated

FOLDED = 2
"""So many unchanged paragraphs in a row, or more, are folded."""


def version_labels(versions: Sequence[Article]) -> list[str]:
    """What tells the versions apart, in the reader's words: the dates that the page gives; of versions that these do not tell
    apart, when they were saved; and of those saved at the same time, the name of the file."""
    labels: list[tuple[str, ...]] = [()] * len(versions)
    for tells in (_printed, _saved, _file, _source):
        words = [tells(version) for version in versions]
        alike = {label: {word for word, other in zip(words, labels, strict=True) if other == label} for label in labels}
        labels = [(*label, word) if word and len(alike[label]) > 1 else label for word, label in zip(words, labels, strict=True)]
    return [" · ".join(label) or _single(version) for label, version in zip(labels, versions, strict=True)]


def version_label_beside(version: Article, other: Article) -> str:
    return version_labels([version, other])[0]


def _single(version: Article) -> str:
    return _saved(version) or _printed(version) or _file(version)


def _printed(version: Article) -> str:
    if version.updated and was_updated(version):
        return t("version.updated", when=printed_words(version.updated))
    return t("version.published", when=printed_words(version.published)) if version.published else ""


def _saved(version: Article) -> str:
    return t("version.saved", when=moment_words(version.captured)) if version.captured else ""


def _file(version: Article) -> str:
    return version.source.rpartition("/")[2]


def _source(version: Article) -> str:
    return version.source


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph in both versions, or what became of it. `before`: as it was, with what is gone marked; None if it is unchanged.
    `after`: as it is, with what is gone and what is new marked."""

    kind: str
    before: Markup | None
    after: Markup


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that changed, one after the other, or that did not; `folded`: whether they are shown only when asked for."""

    rows: tuple[Row, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class ComparedField:
    field: str
    stretches: tuple[Stretch, ...]


def compared_fields(before: Article, after: Article, difference: Difference) -> Iterator[ComparedField]:
    olds, news = printed_paragraphs(before), printed_paragraphs(after)
    for change in difference.fields:
        rows = _rows(change.pieces, olds.get(change.field, ()), news.get(change.field, ()))
        stretches = []
        for same, some in groupby(rows, lambda row: row.before is None):
            stretch = tuple(some)
            stretches.append(Stretch(stretch, folded=same and len(stretch) >= FOLDED))
        yield ComparedField(change.field, tuple(stretches))


def _rows(pieces: Sequence[DiffPiece], olds: Sequence[Paragraph], news: Sequence[Paragraph]) -> Iterator[Row]:
    """A row ends where a paragraph ends in both versions, or in one if there is nothing of the other in the row."""
    row: list[DiffPiece] = []
    at_old = at_new = 0
    for place, piece in enumerate(pieces):
        for text in re.split(f"({BREAK})", piece.text):
            if text != BREAK:
                row += [DiffPiece(piece.op, text)] if text else []
            elif piece.op == "equal" or _has_none(row, piece.op) or (place == len(pieces) - 1 and _is_unchanged(row)):
                yield _row(row, olds[at_old:], news[at_new:])
                at_old, at_new, row = at_old + _paragraphs(row, "delete"), at_new + _paragraphs(row, "insert"), []
            else:
                row.append(DiffPiece(piece.op, text))
    if row:
        yield _row(row, olds[at_old:], news[at_new:])


def _has_none(row: Sequence[DiffPiece], op: Op) -> bool:
    """Whether there is nothing in the row of the version that the other of delete and insert belongs to."""
    return all(piece.op == op for piece in row)


def _is_unchanged(row: Sequence[DiffPiece]) -> bool:
    return all(piece.op == "equal" for piece in row)


def _paragraphs(row: Sequence[DiffPiece], op: Op) -> int:
    """How many paragraphs of the version that has these pieces, beside the equal ones, the row has."""
    texts = [piece.text for piece in row if piece.op in ("equal", op)]
    return len(texts) and 1 + texts.count(BREAK)


def _row(row: Sequence[DiffPiece], olds: Sequence[Paragraph], news: Sequence[Paragraph]) -> Row:
    mixed = _paragraphs(row, "delete") > 1 or _paragraphs(row, "insert") > 1
    [kind, *_] = [paragraph.kind for paragraph in (news if _paragraphs(row, "insert") else olds)[:1]] or ["text"]
    divided = [DiffPiece("equal", " ") if piece == DiffPiece("insert", BREAK) else piece for piece in row]
    gone = None if _is_unchanged(row) else _marked([piece for piece in divided if piece.op != "insert"])
    return Row("text" if mixed else kind, gone, _marked(row))


def _marked(pieces: Sequence[DiffPiece]) -> Markup:
    tags = {"equal": "{}", "delete": "<del>{}</del>", "insert": "<ins>{}</ins>"}
    html = "".join(tags[piece.op].format(escape(piece.text)) for piece in pieces)
    return Markup(html.replace("</del><ins>", "</del> <ins>"))
