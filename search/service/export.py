"""All hits of a search, one after the other: flat memory, however many there are.

Relevance makes no sense for all of them, so they come by date.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

from search.engines.protocol import Reader
from search.model.article import Article
from search.query.nodes import OrderBy
from search.query.parsing.synonyms import NO_SPELLINGS, Spellings
from search.service.search import SearchParams, request_all_words
from search.settings import Limits

AT_A_STRETCH = 10
"""Articles after which other threads have their turn: Python alone would let a search wait 5 ms before each of its steps. Beside
two exports a search of 5 ms takes 23 ms at the median, without the pauses 66."""
PAUSE_SECONDS = 0.0001


def all_hits(reader: Reader, question: SearchParams, limits: Limits, spellings: Spellings = NO_SPELLINGS) -> Iterator[Article]:
    """Those with all the words, by date, newest first unless the question says oldest, every wire copy too. The index is asked
    once."""
    order: OrderBy = "oldest" if question.order_by == "oldest" else "newest"
    asked = replace(question, order_by=order, page=1, page_size=limits.page_size, collapse=False)
    yield from unhurried(reader.articles(request_all_words(asked, limits, spellings)))


def unhurried(articles: Iterator[Article]) -> Iterator[Article]:
    for number, article in enumerate(articles, 1):
        yield article
        if number % AT_A_STRETCH == 0:
            time.sleep(PAUSE_SECONDS)
