"""Two versions of an article -> what changed, word by word, in each field.

    compare(before, after).fields
    -> (FieldChange("headline", (Piece("equal", "Truce "), Piece("delete", "near"), Piece("insert", "signed"))),)

Paragraphs that both versions have are found first. What stands between them is compared as one text, blank lines between its
paragraphs, so that words may move from one to the next. White space makes no difference; upper case and punctuation do.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise, takewhile
from typing import Literal, NamedTuple

from search.analysis.analyzer import exact_spans
from search.analysis.word_diff import Effort, Run, common_runs
from search.engines.protocol import Reader
from search.errors import UnknownVersion
from search.model.article import Article, Paragraph, passages, text_digest

Op = Literal["equal", "insert", "delete"]
MAX_VERSIONS_COMPARED = 100
"""Versions that `changes_of` compares with the one before them."""
STEPS_A_CHARACTER, CHARACTERS_A_STEP = 1, 10
"""Taking the words out of a text costs as much as so many steps of the comparison for each of its characters; only reading it,
one step for so many."""
MAX_ISLAND_WORDS, EDIT_WORDS_A_WORD = 4, 6
"""Up to so many words that both versions have count as changed too if at least as many words changed on either side of them, and
on both sides together so many times as many: a lone "to" is there by chance, and makes what stands around it hard to read."""
BREAK = "\n\n"
"""Stands between two paragraphs."""


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
    """`fields`: those that changed, in reading order; `added`, `removed`: how many words; `complete`: False where the versions
    are so long that parts of them were not compared, and are shown as replaced."""

    fields: tuple[FieldChange, ...]
    added: int
    removed: int
    complete: bool = True


def compare(before: Article, after: Article, effort: Effort | None = None) -> Difference:
    """In bounded time: of what is left when the effort is used up, all counts as changed."""
    effort = effort or Effort()
    olds, news = printed_paragraphs(before), printed_paragraphs(after)
    fields: list[FieldChange] = []
    added = removed = 0
    for field in dict.fromkeys((*olds, *news)):
        old, new = ([paragraph.text for paragraph in some.get(field, ())] for some in (olds, news))
        effort.left -= sum(map(len, (*old, *new))) // CHARACTERS_A_STEP
        if old != new:
            parts = list(_parts(old, new, effort))
            if any(part.op != "equal" for part in parts):
                fields.append(FieldChange(field, tuple(_spaced(list(_joined(parts))))))
            added += sum(part.words for part in parts if part.op == "insert")
            removed += sum(part.words for part in parts if part.op == "delete")
    return Difference(tuple(fields), added, removed, effort.sufficed)


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


def printed_paragraphs(article: Article) -> dict[str, list[Paragraph]]:
    """By field, with its kind if it is one of the story; without quotes and their speakers, whose words stand in the body, and
    without a headline that is not printed."""
    found: dict[str, list[Paragraph]] = {}
    for passage in passages(article):
        if passage.part not in ("said", "by", "alternative_headline"):
            kind = article.paragraphs[passage.index].kind if passage.part == "paragraph" else "text"
            found.setdefault(passage.field, []).extend(Paragraph(text, kind) for text in passage.text.split(BREAK))
    return found


class _Part(NamedTuple):
    op: Op
    text: str
    words: int


def _joined(parts: Sequence[_Part]) -> Iterator[DiffPiece]:
    """Of what changed in one place, what is gone comes before what is new."""
    for same, some in groupby(parts, lambda part: part.op == "equal"):
        texts: dict[Op, str] = dict.fromkeys(("equal",) if same else ("delete", "insert"), "")
        for part in some:
            texts[part.op] += part.text
        yield from (DiffPiece(op, text) for op, text in texts.items() if text)


def _spaced(pieces: list[DiffPiece]) -> list[DiffPiece]:
    """With the white space before words that were inserted after the last of a sentence: he said{+ on Sunday+}."""
    for place in range(1, len(pieces) - 1):
        before, new, after = pieces[place - 1 : place + 2]
        alone = (before.op, new.op, after.op) == ("equal", "insert", "equal")
        if alone and before.text[-1] == " " and not new.text[-1].isspace() and not after.text[0].isspace():
            pieces[place - 1 : place + 1] = DiffPiece("equal", before.text[:-1]), DiffPiece("insert", f" {new.text}")
    return [piece for piece in pieces if piece.text]


def _parts(old: Sequence[str], new: Sequence[str], effort: Effort) -> Iterator[_Part]:
    """Both fields, given by their paragraphs, cut where they begin or cease to be the same. Where they are the same, the text is
    that of the new one."""
    at_old = at_new = 0
    runs = common_runs([" ".join(text.split()) for text in old], [" ".join(text.split()) for text in new], effort)
    for run in (*runs, None):
        end_old, end_new = (run.before, run.after) if run else (len(old), len(new))
        yield from _between(_text(old, at_old, end_old), _text(new, at_new, end_new), effort)
        if run:
            at_old, at_new = end_old + run.length, end_new + run.length
            yield _Part("equal", BREAK.join(new[end_new:at_new]), 0)
            goes_on = (at_old < len(old), at_new < len(new))
            if any(goes_on):
                yield _Part("equal" if all(goes_on) else "delete" if goes_on[0] else "insert", BREAK, 0)


def _text(paragraphs: Sequence[str], start: int, end: int) -> str:
    return "".join(text + BREAK * (number < len(paragraphs)) for number, text in enumerate(paragraphs[start:end], start + 1))


def _between(before: str, after: str, effort: Effort) -> Iterator[_Part]:
    """The words that changed between paragraphs that did not; all of them if there are too many to be compared."""
    if effort.allows(STEPS_A_CHARACTER * (len(before) + len(after))):
        for op, tokens in _word_parts(_tokens(before), _tokens(after), effort):
            yield _Part(op, "".join([token.text for token in tokens]), sum(token.is_word for token in tokens))
    else:
        yield from (_Part("delete", before, len(before.split())), _Part("insert", after, len(after.split())))


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


def _word_parts(old: list[_Token], new: list[_Token], effort: Effort) -> Iterator[tuple[Op, list[_Token]]]:
    at_old = at_new = 0
    runs = common_runs([token.key for token in old], [token.key for token in new], effort)
    for run in (*_without_islands(runs, old, new), None):
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


def _without_islands(runs: list[Run], old: list[_Token], new: list[_Token]) -> list[Run]:
    """Without the runs that are there by chance, except where a paragraph ends in both versions."""

    def changed(last: Run, following: Run) -> int:
        """The words that changed between two runs."""
        gone = sum(token.is_word for token in old[last.before + last.length : following.before])
        return max(gone, sum(token.is_word for token in new[last.after + last.length : following.after]))

    kept = [Run(0, 0, 0)]
    for run in (*runs, Run(len(old), len(new), 0)):
        while len(kept) > 1:
            tokens = new[kept[-1].after : kept[-1].after + kept[-1].length]
            words = max(sum(token.is_word for token in tokens), 1)
            sides = changed(kept[-2], kept[-1]), changed(kept[-1], run)
            by_chance = words <= MAX_ISLAND_WORDS and min(sides) >= words and sum(sides) >= EDIT_WORDS_A_WORD * words
            if not by_chance or any(token.key == BREAK for token in tokens):
                break
            kept.pop()
        kept.append(run)
    return [run for run in kept if run.length]
