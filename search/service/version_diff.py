"""Two versions of an article -> what changed, word by word, in each field.

    compare(before, after).fields
    -> (FieldChange("headline", (Piece("equal", "Truce "), Piece("delete", "near"), Piece("insert", "signed"))),)

The passages of a field are compared as one text, blank lines between them, so that words may move from one to the next. White
space makes no difference; upper case and punctuation do.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile
from typing import Literal, NamedTuple

from search.analysis.analyzer import exact_spans
from search.analysis.word_diff import Effort, common_runs
from search.engines.protocol import Reader
from search.errors import UnknownVersion
from search.model.article import Article, passages, text_digest

Op = Literal["equal", "insert", "delete"]
MAX_VERSIONS_COMPARED = 100
"""Versions that `changes_of` compares with the one before them."""
STEPS_A_WORD = 2
"""Taking a word or sign out of the text costs as much as so many steps of the comparison."""


@dataclass(frozen=True, slots=True)
class DiffPiece:
    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`field`: headline, body, caption …; `pieces`: its whole text in both versions, with blank lines between passages."""

    field: str
    pieces: tuple[DiffPiece, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """`fields`: those that changed, in reading order; `added`, `removed`: how many words."""

    fields: tuple[FieldChange, ...]
    added: int
    removed: int


def compare(before: Article, after: Article, effort: Effort | None = None) -> Difference:
    """In bounded time: of what is left when the effort is used up, all counts as changed."""
    effort = effort or Effort()
    olds, news = _texts(before), _texts(after)
    fields: list[FieldChange] = []
    added = removed = 0
    for field in dict.fromkeys((*olds, *news)):
        if olds.get(field) != news.get(field):
            old, new = _tokens(olds.get(field, "")), _tokens(news.get(field, ""))
            parts = list(_parts(old, new, effort))
            pieces = tuple(DiffPiece(op, "".join(token.text for token in tokens)) for op, tokens in parts)
            if any(piece.op != "equal" for piece in pieces):
                fields.append(FieldChange(field, pieces))
            effort.left -= STEPS_A_WORD * (len(old) + len(new))
            added += sum(token.is_word for op, tokens in parts if op == "insert" for token in tokens)
            removed += sum(token.is_word for op, tokens in parts if op == "delete" for token in tokens)
    return Difference(tuple(fields), added, removed)


def changes_of(versions: Sequence[Article]) -> tuple[Difference | None, ...]:
    """Of each version, newest first as Reader.versions has them, against the one before it; None for the first version, and
    for those after MAX_VERSIONS_COMPARED, or after the effort of one comparison is used up."""
    effort = Effort()
    pairs = takewhile(lambda _: effort.left > 0, islice(pairwise(versions), MAX_VERSIONS_COMPARED))
    compared = [compare(old, new, effort) for new, old in pairs]
    return (*compared, *[None] * (len(versions) - len(compared)))


@dataclass(frozen=True, slots=True)
class Edit:
    """What last changed an article's text. `before`: its latest version with another text; `silent`: no new correction and no new
    date of update tells readers of it."""

    before: Article
    difference: Difference
    silent: bool


def last_edits(reader: Reader, articles: Sequence[Article]) -> list[Edit | None]:
    """Of each of these current versions; None where no version with another text is kept."""
    effort = Effort()
    found = zip(articles, reader.versions_each([article.id for article in articles]), strict=True)
    return [_last_edit(article, versions, effort) for article, versions in found]


def _last_edit(article: Article, versions: Sequence[Article], effort: Effort) -> Edit | None:
    text = text_digest(article)
    before = next((version for version in versions if text_digest(version) != text), None)
    if before is None:
        return None
    corrected = bool({*article.corrections} - {*before.corrections})
    marked = article.updated is not None and article.updated != before.updated
    return Edit(before, compare(before, article, effort), silent=not corrected and not marked)


def two_versions(versions: Sequence[Article], since: str | None = None, to: str | None = None) -> tuple[Article, Article]:
    """The versions from these sources; by default the current one, and the one before the other. `versions`: newest first, not
    none. Raises UnknownVersion; the first version has none before it."""
    sources = [version.source for version in versions]
    try:
        after = sources.index(to) if to else 0
        return (versions[sources.index(since)] if since else versions[after + 1]), versions[after]
    except ValueError:
        raise UnknownVersion("There is no such version of this article.") from None
    except IndexError:
        raise UnknownVersion("This article has no version before that one.") from None


def _texts(article: Article) -> dict[str, str]:
    """By field; without quotes and their speakers, whose words stand in the body, and without a headline that is not printed."""
    texts: dict[str, list[str]] = {}
    for passage in passages(article):
        if passage.part not in ("said", "by", "alternative_headline"):
            texts.setdefault(passage.field, []).append(passage.text)
    return {field: "\n\n".join(some) for field, some in texts.items()}


class _Token(NamedTuple):
    """A word, a sign or a blank line, with the white space after it."""

    text: str
    key: str
    is_word: bool


_BLANK = _Token(" ", "", False)
_BETWEEN_WORDS = re.compile(r"\n\n|[^\S\n]+|\S|\n")


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    place = 0
    for start, end in (*exact_spans(text), (len(text), len(text))):
        for piece in _BETWEEN_WORDS.findall(text, place, start):
            if piece != "\n\n" and piece.isspace():
                last = found.pop() if found else _Token("", "", False)
                found.append(_Token(last.text + piece, last.key, last.is_word))
            else:
                found.append(_Token(piece, piece, False))
        if end > start:
            found.append(_Token(text[start:end], text[start:end], True))
        place = end
    return found


def _parts(old: list[_Token], new: list[_Token], effort: Effort) -> Iterator[tuple[Op, list[_Token]]]:
    """Both texts cut where they begin or cease to be the same; what is gone before what is new. Where they are the same, the
    text is that of the new one."""
    at_old = at_new = 0
    for run in (*common_runs([token.key for token in old], [token.key for token in new], effort), None):
        end_old, end_new = (run.before, run.after) if run else (len(old), len(new))
        if end_old > at_old:
            apart = at_old and old[at_old - 1].text[-1:].isspace() and not new[at_new - 1].text[-1:].isspace()
            before = [_BLANK] if apart else []  # here[- by Sunday-], in place of: here by Sunday,
            yield "delete", before + old[at_old:end_old]
        if end_new > at_new:
            yield "insert", new[at_new:end_new]
        if run:
            at_old, at_new = end_old + run.length, end_new + run.length
            yield "equal", new[end_new:at_new]
