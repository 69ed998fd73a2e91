"""The Reader of a tantivy index: search/engines/protocol.py says what it promises.

    TantivyReader(path, Snapshot(searcher, schema, "3f9a-12", commit)).search(SearchRequest(query)) -> Results

The searcher of its snapshot holds the files of one commit open, and is used by any number of threads.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from search.engines.codec import kind_of, storable_key
from search.engines.protocol import Collection, Document, SourceEntry, Stats, Tally
from search.engines.tantivy.failures import library_errors, translated
from search.engines.tantivy.results import Finder
from search.engines.tantivy.snapshot import Snapshot
from search.engines.tantivy.words import TantivyWords
from search.model.article import Article
from search.model.site_profile import SiteProfile
from search.model.withdrawal import Withdrawal
from search.query.nodes import Query, Results, SearchRequest

TALLY_THREADS = 2
"""tantivy lets go of Python's lock while it looks."""


class TantivyReader:
    def __init__(self, path: Path, snapshot: Snapshot) -> None:
        self.path = path
        self.snapshot = snapshot
        self.words = TantivyWords(path, snapshot)
        self._finder = Finder(snapshot)

    @property
    def generation(self) -> str:
        return self.snapshot.generation

    @property
    @translated
    def languages(self) -> tuple[str, ...]:
        return self.snapshot.languages

    @property
    @translated
    def frequent_languages(self) -> tuple[str, ...]:
        return self.snapshot.frequent_languages

    @translated
    def search(self, request: SearchRequest) -> Results:
        return self._finder.search(request)

    @translated
    def search_each(self, requests: Sequence[SearchRequest]) -> list[Results]:
        return [self._finder.search(request) for request in requests]

    def articles(self, request: SearchRequest) -> Iterator[Article]:
        with library_errors(self.path):
            yield from self._finder.articles(request)

    @translated
    def scores(self, queries: Sequence[Query], articles: Sequence[Article], versions: bool = False) -> list[dict[str, float]]:
        return [self._finder.scores(query, articles, versions) for query in queries]

    @translated
    def tally(self, queries: Sequence[Query], publishers: int, until: float = math.inf) -> list[Tally]:
        def in_time(query: Query) -> Tally | None:
            return self._finder.tally(query, publishers) if time.monotonic() <= until else None

        tallies: list[Tally] = []
        with ThreadPoolExecutor(TALLY_THREADS) as threads:
            for tally in threads.map(in_time, queries):
                if tally is None:
                    break
                tallies.append(tally)
        return tallies

    @translated
    def get(self, id: str) -> Article | None:
        return self.snapshot.current(id)

    @translated
    def versions(self, id: str) -> list[Article]:
        return self.snapshot.versions(id)

    @translated
    def versions_each(self, ids: Sequence[str]) -> list[list[Article]]:
        return [self.snapshot.versions(id) for id in ids]

    @translated
    def copies(self, id: str) -> list[Article]:
        return self.snapshot.copies(id)

    @translated
    def known(self, sources: Sequence[str]) -> dict[str, str]:
        stamps = {s.document.source: s.document.stamp for s in self.snapshot.with_values("source", sources)}
        return {source: stamps[storable_key(source)] for source in sources if storable_key(source) in stamps}

    @translated
    def holding_articles(self, sources: Sequence[str]) -> set[str]:
        held = {s.document.source for s in self.snapshot.with_values("source", sources) if kind_of(s.state) == "article"}
        return {source for source in sources if storable_key(source) in held}

    def sources(self, collection: str | None = None) -> Iterator[SourceEntry]:
        with library_errors(self.path):
            snapshot = self.snapshot
            found = snapshot.stored() if collection is None else snapshot.with_values("kw_collection", (collection,))
            for stored in found:
                if kind := kind_of(stored.state):
                    yield SourceEntry(stored.document.source, stored.document.stamp, kind)

    @translated
    def collections(self) -> tuple[Collection, ...]:
        return self.snapshot.collections()

    @translated
    def site_profiles(self) -> tuple[SiteProfile, ...]:
        return self.snapshot.site_profiles()

    @translated
    def withdrawals(self) -> tuple[Withdrawal, ...]:
        return self.snapshot.withdrawals

    def documents(self) -> Iterator[Document]:
        with library_errors(self.path):
            yield from (stored.document for stored in self.snapshot.stored())

    @translated
    def word_terms(self, words: Iterable[str]) -> list[tuple[str, ...]]:
        return [self.snapshot.builder.word_terms(word) for word in words]

    @translated
    def stats(self) -> Stats:
        return self._stats

    @cached_property
    def _stats(self) -> Stats:
        return replace(self.snapshot.stats, bytes=_size(self.path))


def _size(folder: Path) -> int:
    """The bytes of its files; one that was merged away meanwhile has none."""
    size = 0
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            size += file.stat().st_size
    return size
