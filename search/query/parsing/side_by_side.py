"""The sides of a query: plain words, which are soft, and everything else, which is required.

soft_and_required([Side(Word("climate"), soft=True), Side(Word("policy"), soft=True), Side(Not(Word("tax")))])
-> ((Word("climate"), Word("policy")), (Not(Word("tax")),))
"""

from collections.abc import Sequence
from dataclasses import dataclass

from search.query.nodes import Query
from search.query.parsing.compounds import and_of, parts_of
from search.query.parsing.quote_scope import join_each


@dataclass(frozen=True, slots=True)
class Side:
    """`soft`: a plain word, or a name of several words, which an article may lack."""

    query: Query
    soft: bool = False


def soft_and_required(sides: Sequence[Side]) -> tuple[tuple[Query, ...], tuple[Query, ...]]:
    """The soft and the required parts of a query; parts that share a quote are joined."""
    soft, required = (parts_of(and_of([side.query for side in sides if side.soft is wanted])) for wanted in (True, False))
    return join_each(soft, required)
