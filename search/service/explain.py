"""Why an answer is what it is: what became of each word, what was let go, and what each hit's score is made of.

explain(reader, first, second, search_tiers(reader, first, second, behind_second=False), "peace talks", parse("peace talks"))
-> Explanation(words=(TermReport("peace", …), …), parts=((Part(…), …), …))
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from search.analysis.analyzer import compounds
from search.engines.protocol import Reader
from search.query.format import describe
from search.query.messages import Remark
from search.query.nodes import Query, SearchRequest, Word, leaves
from search.query.parsing.parser import Understood
from search.service.score_parts import Part, score_parts
from search.service.term_reports import TermReport, term_reports
from search.service.tiers import FEW, Tiers, least_words


@dataclass(frozen=True, slots=True)
class Explanation:
    """`notes`: what of the query was let go, and why. `parts`: for each hit of both tiers those of its score, which they add up
    to; none where hits are not ordered by relevance."""

    words: tuple[TermReport, ...]
    notes: tuple[str, ...]
    parts: tuple[tuple[Part, ...], ...]


def explain(
    reader: Reader, first: SearchRequest, second: SearchRequest | None, tiers: Tiers, typed: str, understood: Understood
) -> Explanation:
    """Of the tiers that the reader gave for the two requests; `typed`: the query as a person wrote it, `understood`: what it
    means."""
    notes = (
        *(Remark("ignored", piece=piece) for piece in understood.ignored),
        *_some_words(tiers, understood),
        *_endings(first.query, typed),
        *(Remark("spelt_too", name=name.name, others=", ".join(name.also)) for name in understood.widened),
    )
    parts = score_parts(reader, first, tiers.first)
    if second and tiers.second:
        parts += score_parts(reader, second, tiers.second)
    return Explanation(term_reports(reader, first.query), notes, parts)


def _some_words(tiers: Tiers, understood: Understood) -> Iterator[str]:
    if tiers.second and tiers.second.total:
        words = understood.soft
        least, parts = least_words(len(words)), ", ".join(map(describe, words))
        some = Remark("any_of", parts=parts) if least == 1 else Remark("at_least", least=least, parts=parts)
        yield Remark("some_words", few=FEW, some=some)


def _endings(query: Query, typed: str) -> Iterator[str]:
    """people's is searched as people; in quotation marks it stays as typed."""
    words = {leaf.text for leaf in leaves(query) if isinstance(leaf, Word)}
    unquoted = re.sub('"[^"]*"', " ", typed)
    for compound in compounds(unquoted):
        kept = compound.significant
        if len(kept) == 1 and (kept[0].start, kept[0].end) != (compound.start, compound.end) and kept[0].word in words:
            yield Remark("looked_for_as", typed=unquoted[compound.start : compound.end], word=kept[0].word)
