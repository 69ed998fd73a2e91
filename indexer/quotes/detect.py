"""An article -> its quotes: what stands in quotation marks, and who says it.

    find_quotes(article)
    -> (Quote((Span(2, 1, 19),), speaker="Maria Lopez", named=Span(2, 22, 27)),)

A quote that each of several paragraphs opens anew and the last one closes is one. Marks that never close make no quote, and
inside a quote other marks are part of it. indexer/quotes/attribution.py says who speaks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from indexer.quotes.attribution import name_speakers
from search.model.article import Article, Paragraph, Quote, Span

_CLOSERS = {"“": "”", "„": "“”", "‚": "‘’", "«": "»", "»": "«", "「": "」", "『": "』", "〝": "〟"}
"""For each mark that opens those that close it; of a few languages ” too, and of all the marks that look alike at both ends."""
_OPENERS = {mark: [opener for opener, closers in _CLOSERS.items() if mark in closers] for mark in "".join(_CLOSERS.values())}
_STRAIGHT = '"'
_SINGLE = {"‘": "’", "'": "'"}
"""Their closing marks are apostrophes too."""
_REVERSED = {"da", "de", "cs", "sk", "sl", "hr", "hu"}
"""Languages of »quotes«; in others » only closes."""
_ALIKE = {"sv", "fi", "da", "no", "nb", "nn"}
"""Languages of ”quotes”."""
_MARK = re.compile("[“”„‚«»\"‘’'「」『』〝〟]")
_GUILLEMET = re.compile("[«»]")
_BEFORE_OPENING = re.compile(r"[\s(\[{—–/:¿¡“„«»\"‘「…-]")
_ELISION = re.compile(r"[‘'](?:\d\ds?\b|(?:em|til|tis|twas|n|cause|round|bout|im)\b)", re.IGNORECASE)  # '90s, 'em
_WORD = re.compile(r"[^\W_]")

Pair = tuple[int, int]
"""Where the marks of a quote stand."""


def find_quotes(article: Article) -> tuple[Quote, ...]:
    """The quotes of the article's paragraphs, in order, whatever `article.quotes` holds."""
    found = [Quote(stretches) for stretches in _quotes(article)]
    return name_speakers(article, found) if found else ()


def with_quotes(article: Article) -> Article:
    return replace(article, quotes=find_quotes(article))


def _quotes(article: Article) -> Iterator[tuple[Span, ...]]:
    """The stretches of each quote that has a word."""
    running = [(n, p) for n, p in enumerate(article.paragraphs) if p.kind != "table"]
    begun: list[Span] = []
    for place, (number, paragraph) in enumerate(running):
        pairs, left_open = _marks(paragraph.text, article.language)
        if begun and pairs and pairs[0][0] == 0:
            yield from _kept(article, [*begun, Span(number, 1, pairs.pop(0)[1])])
            begun = []
        if left_open != 0:
            begun = []
        for start, end in pairs:
            yield from _kept(article, [Span(number, start + 1, end)])
        following = next((p for _, p in running[place + 1 : place + 3] if p.kind != "subhead"), None)
        if left_open is not None and following and _goes_on(following, paragraph.text[left_open]):
            begun.append(Span(number, left_open + 1, len(paragraph.text)))
        else:
            begun = []


def _goes_on(paragraph: Paragraph, mark: str) -> bool:
    """Whether the paragraph begins with the mark that the one before left open."""
    return paragraph.text.startswith(mark)


def _kept(article: Article, stretches: list[Span]) -> Iterator[tuple[Span, ...]]:
    """The quote without the blanks at its ends, if it has a word."""
    trimmed = tuple(_trimmed(article.text_at(stretch), stretch) for stretch in stretches)
    if any(_WORD.search(article.text_at(stretch)) for stretch in trimmed):
        yield tuple(stretch for stretch in trimmed if stretch.start < stretch.end)


def _trimmed(text: str, stretch: Span) -> Span:
    start = stretch.start + len(text) - len(text.lstrip())
    return Span(stretch.paragraph, start, max(start, stretch.end - len(text) + len(text.rstrip())))


# ---------------------------------------------------------------- the marks of one paragraph


@dataclass(slots=True)
class _Marks:
    """Reads marks in order. `open`: of each kind where those stand that nothing has closed; `perhaps`: where a single mark
    after an s may have closed a quote, or be an apostrophe."""

    text: str
    language: str | None
    reversed: bool
    pairs: list[Pair] = field(default_factory=list)
    open: dict[str, list[int]] = field(default_factory=dict)
    perhaps: int | None = None

    def read(self, at: int) -> None:
        mark = self.text[at]
        if mark == _STRAIGHT or (mark == "”" and self.language in _ALIKE and not self.open.get("“")):
            self._alike(mark, at)
        elif mark in _SINGLE and self._opens(at):
            self.finish()
            self.open.setdefault(mark, []).append(at)
        elif self._closes_single(mark, at):
            self._single(at)
        elif not self._closed_by(mark, at) and mark in _CLOSERS and mark != ("«" if self.reversed else "»"):
            self.open.setdefault(mark, []).append(at)

    def _alike(self, mark: str, at: int) -> None:
        if self.open.get(mark) and self._may_close(at):
            self.pairs.append((self.open[mark].pop(), at))
        elif self._opens(at):
            self.open[mark] = [at]

    def _closed_by(self, mark: str, at: int) -> bool:
        """Closes the last of the quotes that the mark can close."""
        openers = [opener for opener in _OPENERS.get(mark, ()) if self.open.get(opener)]
        if not openers or (mark == "’" and not self._may_close(at)):
            return False
        self.pairs.append((self.open[max(openers, key=lambda opener: self.open[opener][-1])].pop(), at))
        return True

    def _closes_single(self, mark: str, at: int) -> bool:
        return any(self.open.get(o) for o, closer in _SINGLE.items() if closer == mark) and self._may_close(at)

    def _single(self, at: int) -> None:
        """‘The workers’ rights’, or ‘the workers’ rights: after an s it is an apostrophe if a better mark follows."""
        if self.text[at - 1] == "s" and self.text[at + 2 : at + 3].isalpha():
            self.perhaps = at if self.perhaps is None else self.perhaps
        else:
            self.perhaps = at
            self.finish()

    def finish(self) -> None:
        """No better mark follows."""
        if self.perhaps is not None:
            opener = "‘" if self.text[self.perhaps] == "’" else "'"
            self.pairs.append((self.open[opener].pop(), self.perhaps))
            self.open[opener].clear()
            self.perhaps = None

    def _opens(self, at: int) -> bool:
        before, after = self.text[at - 1 : at] if at else " ", self.text[at + 1 : at + 2]
        return bool(_BEFORE_OPENING.match(before) and after and not after.isspace() and not _ELISION.match(self.text, at))

    def _may_close(self, at: int) -> bool:
        return not self.text[at - 1].isspace() and not _WORD.match(self.text, at + 1)


def _marks(text: str, language: str | None) -> tuple[list[Pair], int | None]:
    """The outermost pairs of marks, in order, and where one that is never closed stands after them."""
    if not _MARK.search(text):
        return [], None
    first = _GUILLEMET.search(text)
    marks = _Marks(text, language, reversed=language in _REVERSED and first is not None and first[0] == "»")
    for found in _MARK.finditer(text):
        marks.read(found.start())
    marks.finish()
    outermost: list[Pair] = []
    for pair in sorted(marks.pairs):
        if not outermost or pair[0] > outermost[-1][1]:
            outermost.append(pair)
    after = outermost[-1][1] if outermost else -1
    left_open = min((at for some in marks.open.values() for at in some if at > after), default=None)
    return outermost, left_open
