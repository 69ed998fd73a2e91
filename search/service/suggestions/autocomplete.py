"""What somebody who types may be about to type: words, names and headlines of the archive.

    complete(engine, "truce mik")
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
from search.engines.protocol import Engine
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


def complete(engine: Engine, text: str) -> list[Completion]:
    """Words and names by count, then headlines, newest first."""
    tokens = exact_tokens(text) if len(text) <= MAX_CHARACTERS else []
    if not tokens or tokens[-1].end < len(text):
        return []
    field = _FIELD.search(text[: tokens[-1].start])
    if field:
        return _by_count(_words(engine, text, tokens[-1], field[1].lower()))
    names = list(_names(engine, text, tokens))
    known = {fold(name.text) for name in names}
    words = [word for word in _words(engine, text, tokens[-1], ANY) if fold(word.text) not in known]
    return [*_by_count([*names, *words]), *_headlines(engine, tokens)]


def _is_begun(first: Token, letters: int) -> bool:
    return first.unspaced or letters >= MIN_LETTERS


def _by_count(found: Iterable[Completion]) -> list[Completion]:
    return sorted(found, key=lambda each: (-(each.count or 0), each.text))


def _words(engine: Engine, text: str, last: Token, field: str) -> Iterator[Completion]:
    if len(last.term) >= MIN_LETTERS:
        for term, count in engine.completions(field, last.term, WORDS):
            printed = match_case(text[last.start :], as_printed(engine, term, field))
            yield Completion(text[: last.start] + printed, "word", printed, count)


def _names(engine: Engine, text: str, tokens: list[Token]) -> Iterator[Completion]:
    """The names that as many of the last words begin as possible, each in its best form."""
    for first in tokens[-MAX_NAME_WORDS:]:
        typed = text[first.start :]
        if _NO_NAME.search(typed) or not _is_begun(first, len(typed)):
            continue
        keys = engine.completions(NAME, NAME_BLANK.join(fold(typed).split()), NAMES_LOOKED_AT)
        names = one_form_each({key.partition(NAME_TAB)[2].replace(NAME_BLANK, " "): count for key, count in keys})
        for name in names[:NAMES]:
            yield Completion(text[: first.start] + name, "name", name, _count(engine, Phrase(tuple(exact_terms(name)))))
        if names:
            return


def _headlines(engine: Engine, tokens: list[Token]) -> Iterator[Completion]:
    """Those that have the words typed, the last one at least begun."""
    *whole, last = tokens
    if not _is_begun(last, len(last.term)):
        return
    parts: list[Query] = [Phrase((token.term,), "headline") for token in whole]
    parts.append(Phrase((last.term,), "headline") if last.unspaced else Prefix(last.term, "headline"))
    request = SearchRequest(And(tuple(parts)), order_by="newest", size=HEADLINES)
    for hit in engine.search(request).hits:
        yield Completion(hit.article.headline or "", "headline", article=hit.article)


def _count(engine: Engine, query: Query) -> int:
    return engine.search(SearchRequest(query, size=0)).total
