"""The Reader of a Whoosh index: search/engines/protocol.py says what it promises.

    WhooshReader(path, Snapshot("3f9a-12", index.reader())).search(SearchRequest(query)) -> Results

Whoosh's own reader holds the files of one commit open.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from threading import RLock
from typing import Any

from search.engines.codec import kind_of, storable_key
from search.engines.protocol import Collection, Document, SourceEntry, Stats, Tally
from search.engines.whoosh.failures import in_turn, library_errors
from search.engines.whoosh.results import answer, by_date, tally
from search.engines.whoosh.snapshot import Snapshot
from search.engines.whoosh.words import WhooshWords
from search.model.article import Article
from search.model.site_profile import SiteProfile
from search.model.withdrawal import Withdrawal
from search.query.nodes import Query, Results, SearchRequest


class WhooshReader:
    """`alone`: held by the thread that reads; threads take turns."""

    def __init__(self, path: Path, snapshot: Snapshot) -> None:
        self.path = path
        self.snapshot = snapshot
        self.alone: AbstractContextManager[Any] = RLock()
        self.words = WhooshWords(path, snapshot, self.alone)

    @property
    def generation(self) -> str:
        return self.snapshot.generation

    @property
    @in_turn
    def languages(self) -> tuple[str, ...]:
        return self.snapshot.languages

    @property
    @in_turn
    def frequent_languages(self) -> tuple[str, ...]:
        return self.snapshot.frequent_languages

    @in_turn
    def search(self, request: SearchRequest) -> Results:
        return answer(request, self.snapshot)

    @in_turn
    def search_each(self, requests: Sequence[SearchRequest]) -> list[Results]:
        return [answer(request, self.snapshot) for request in requests]

    def articles(self, request: SearchRequest) -> Iterator[Article]:
        with self.alone, library_errors(self.path):
            numbers = by_date(request, self.snapshot)
        for number in numbers:
            with self.alone, library_errors(self.path):
                article = self.snapshot.article(number)
            yield article

    @in_turn
    def scores(self, queries: Sequence[Query], articles: Sequence[Article], versions: bool = False) -> list[dict[str, float]]:
        within = {"source": tuple(article.source for article in articles)}
        asked = (SearchRequest(query, within, size=len(articles), versions=versions) for query in queries)
        return [{hit.article.source: hit.score for hit in answer(each, self.snapshot).hits} for each in asked]

    @in_turn
    def tally(self, queries: Sequence[Query], publishers: int, until: float = math.inf) -> list[Tally]:
        in_time = takewhile(lambda _: time.monotonic() <= until, queries)
        return [tally(query, publishers, self.snapshot) for query in in_time]

    @in_turn
    def get(self, id: str) -> Article | None:
        numbers = self.snapshot.newest_first(id)
        return self.snapshot.article(numbers[0]) if numbers else None

    @in_turn
    def versions(self, id: str) -> list[Article]:
        return [self.snapshot.article(number) for number in self.snapshot.newest_first(id)]

    @in_turn
    def versions_each(self, ids: Sequence[str]) -> list[list[Article]]:
        return [self.versions(id) for id in ids]

    @in_turn
    def copies(self, id: str) -> list[Article]:
        return self.snapshot.copies(id)

    @in_turn
    def known(self, sources: Sequence[str]) -> dict[str, str]:
        return {s: entry.stamp for s in sources for entry in self.snapshot.entries("source", storable_key(s)).values()}

    @in_turn
    def holding_articles(self, sources: Sequence[str]) -> set[str]:
        entries = {source: self.snapshot.entries("source", storable_key(source)) for source in sources}
        return {source for source in sources if any(kind_of(entry.state) == "article" for entry in entries[source].values())}

    def sources(self, collection: str | None = None) -> Iterator[SourceEntry]:
        with self.alone, library_errors(self.path):
            entries = list(self.snapshot.entries_in(collection))
        for entry in entries:
            if kind := kind_of(entry.state):
                yield SourceEntry(entry.source, entry.stamp, kind)

    @in_turn
    def collections(self) -> tuple[Collection, ...]:
        return self.snapshot.collections()

    @in_turn
    def site_profiles(self) -> tuple[SiteProfile, ...]:
        return self.snapshot.site_profiles()

    @in_turn
    def withdrawals(self) -> tuple[Withdrawal, ...]:
        return self.snapshot.withdrawals

    def documents(self) -> Iterator[Document]:
        with self.alone, library_errors(self.path):
            numbers = self.snapshot.documents()
        for number in numbers:
            with self.alone, library_errors(self.path):
                document = self.snapshot.document(number)
            yield document

    @in_turn
    def word_terms(self, words: Iterable[str]) -> list[tuple[str, ...]]:
        return [self.snapshot.word_terms(word) for word in words]

    @in_turn
    def stats(self) -> Stats:
        return self._stats

    @cached_property
    def _stats(self) -> Stats:
        return replace(self.snapshot.stats, bytes=sum(file.stat().st_size for file in self.path.iterdir() if file.is_file()))
