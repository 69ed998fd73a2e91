"""What somebody who types may be about to type: words, names and headlines of the archive.

    complete(reader, "truce mik")
    -> [Completion("truce Mikhail Gorbachev", "name", "Mikhail Gorbachev", 12), Completion("truce mikado", "word", "mikado", 2)]

The last word, or the name that the last words begin, is completed; the rest stays as it is. Accents and case do not matter. All
of it is of current articles, and counted now: the word or the name alone, not the whole query. What two completions call the
same person or thing by is one (search/service/suggestions/name_forms.py).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from search.analysis.analyzer import Token, exact_terms, exact_tokens, fold
from search.engines.protocol import Reader
from search.indexing.fields import NAME, NAME_BLANK, NAME_TAB
from search.model.article import Article
from search.query.nodes import ANY, NAME_FIELDS, TEXT_FIELDS, And, Phrase, Prefix, Query, SearchRequest
from search.service.suggestions.name_forms import one_form_each
from search.service.suggestions.surface_forms import as_printed, match_case

MIN_LETTERS = 2
MAX_CHARACTERS = 200
"""Of a longer text nothing is completed."""
WORDS, NAMES, HEADLINES = 5, 5, 3
"""How many of each at most."""
NAMES_LOOKED_AT = 4 * NAMES
"""Names of the archive that are looked at: several may be one, with a title and without."""
MAX_NAME_WORDS = 4
"""Words of a name that are typed already, at most."""

_FIELD = re.compile(rf'(?i:\b({"|".join((*TEXT_FIELDS, *NAME_FIELDS))})):"?$')
_NO_NAME = re.compile(r'[":()*?~]')


@dataclass(frozen=True, slots=True)
class Completion:
    """`text`: of a word or a name all that is typed, completed; of a headline the headline. `completed`: the word or the name
    alone. `count`: the current articles that have that, whatever else is typed: the word so written where it is looked for, the
    name's words side by side. Both are None of a headline, whose `article` is given."""

    text: str
    kind: Literal["word", "name", "headline"]
    completed: str | None = None
    count: int | None = None
    article: Article | None = None


def complete(reader: Reader, text: str) -> list[Completion]:
    """Words and names by count, then headlines, newest first."""
    tokens = exact_tokens(text) if len(text) <= MAX_CHARACTERS else []
    if not tokens or tokens[-1].end < len(text):
        return []
    field = _FIELD.search(text[: tokens[-1].start])
    if field:
        return _by_count(_words(reader, text, tokens[-1], field[1].lower()))
    names = list(_names(reader, text, tokens))
    known = {fold(name.text) for name in names}
    words = [word for word in _words(reader, text, tokens[-1], ANY) if fold(word.text) not in known]
    return [*_by_count([*names, *words]), *_headlines(reader, tokens)]


def _is_begun(first: Token, letters: int) -> bool:
    return first.unspaced or letters >= MIN_LETTERS


def _by_count(found: Iterable[Completion]) -> list[Completion]:
    return sorted(found, key=lambda each: (-(each.count or 0), each.text))


def _words(reader: Reader, text: str, last: Token, field: str) -> Iterator[Completion]:
    if len(last.term) >= MIN_LETTERS:
        found = reader.words.completions(field, last.term, WORDS)
        printed = as_printed(reader, [term for term, _ in found], field)
        for (_, count), word in zip(found, printed, strict=True):
            completed = match_case(text[last.start :], word)
            yield Completion(text[: last.start] + completed, "word", completed, count)


def _names(reader: Reader, text: str, tokens: list[Token]) -> Iterator[Completion]:
    """The names that as many of the last words begin as possible, each in its best form."""
    for first in tokens[-MAX_NAME_WORDS:]:
        typed = text[first.start :]
        if _NO_NAME.search(typed) or not _is_begun(first, len(typed)):
            continue
        keys = reader.words.completions(NAME, NAME_BLANK.join(fold(typed).split()), NAMES_LOOKED_AT)
        names = one_form_each({key.partition(NAME_TAB)[2].replace(NAME_BLANK, " "): count for key, count in keys})[:NAMES]
        if names:
            found = reader.search_each([SearchRequest(Phrase(tuple(exact_terms(name))), size=0) for name in names])
            for name, results in zip(names, found, strict=True):
                yield Completion(text[: first.start] + name, "name", name, results.total)
            return


def _headlines(reader: Reader, tokens: list[Token]) -> Iterator[Completion]:
    """Those that have the words typed, the last one at least begun."""
    *whole, last = tokens
    if not _is_begun(last, len(last.term)):
        return
    parts: list[Query] = [Phrase((token.term,), "headline") for token in whole]
    parts.append(Phrase((last.term,), "headline") if last.unspaced else Prefix(last.term, "headline"))
    request = SearchRequest(And(tuple(parts)), order_by="newest", size=HEADLINES)
    for hit in reader.search(request).hits:
        yield Completion(hit.article.headline or "", "headline", article=hit.article)
