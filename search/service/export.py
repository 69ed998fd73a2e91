"""All hits of a search, one after the other: flat memory, however many there are.

Relevance makes no sense for all of them, so they come by date.
"""

from collections.abc import Iterator
from dataclasses import replace

from search.engines.protocol import Reader
from search.model.article import Article
from search.query.nodes import OrderBy
from search.query.parsing.synonyms import NO_SPELLINGS, Spellings
from search.service.search import SearchParams, answer
from search.settings import Limits


def all_hits(reader: Reader, question: SearchParams, limits: Limits, spellings: Spellings = NO_SPELLINGS) -> Iterator[Article]:
    """Those with all the words, by date, newest first unless the question says oldest, every wire copy too."""
    order: OrderBy = "oldest" if question.order_by == "oldest" else "newest"
    asked = replace(
        question, order_by=order, page=1, page_size=limits.page_size, facets=(), timeline=None, explain=False, collapse=False
    )
    while True:
        found = answer(reader, asked, limits, spellings, all_words=True)
        yield from (hit.article for hit in found.results.hits)
        if not found.next:
            return
        asked = replace(asked, cursor=found.next)
