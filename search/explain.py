"""Why an answer is what it is: what became of each word, what was let go, and what each hit's score is made of.

explain(engine, request, results, "peace talks", parse("peace talks"))
-> Explanation(words=(WordFate("peace", …), …), parts=((Part(…), …), …))
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.analysis import compounds
from search.engine import Engine
from search.language import Understood
from search.query import And, AtLeast, Query, SearchRequest, Word, leaves
from search.remarks import Remark
from search.results import Results
from search.score_parts import Part, score_parts
from search.word_fates import WordFate, word_fates


@dataclass(frozen=True, slots=True)
class Explanation:
    """`notes`: what of the query was let go, and why. `parts`: for each hit those of its score, which they add up to; none
    where hits are not ordered by relevance."""

    words: tuple[WordFate, ...]
    notes: tuple[str, ...]
    parts: tuple[tuple[Part, ...], ...]


def explain(engine: Engine, request: SearchRequest, results: Results, typed: str, understood: Understood) -> Explanation:
    """Of the results that the engine gave for the request; `typed`: the query as a person wrote it, `understood`: what it
    means."""
    notes = (
        *(Remark("ignored", piece=piece) for piece in understood.ignored),
        *_relaxed(request.query),
        *_endings(request.query, typed),
        *(Remark("spelt_too", name=name.name, others=", ".join(name.also)) for name in understood.widened),
    )
    return Explanation(word_fates(engine, request.query), notes, score_parts(engine, request, results))


def _relaxed(query: Query) -> Iterator[str]:
    match query:
        case And(parts):
            for part in parts:
                yield from _relaxed(part)
        case AtLeast(parts, least):
            yield Remark("relaxed", least=least, asked=len(parts))


def _endings(query: Query, typed: str) -> Iterator[str]:
    """people's is looked for as people; in quotation marks it stays what it is."""
    words = {leaf.text for leaf in leaves(query) if isinstance(leaf, Word)}
    unquoted = re.sub('"[^"]*"', " ", typed)
    for compound in compounds(unquoted):
        kept = compound.significant
        if len(kept) == 1 < len(compound.tokens) and kept[0].word in words:
            yield Remark("looked_for_as", typed=unquoted[compound.start : compound.end], word=kept[0].word)
