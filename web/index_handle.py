"""The open index of a server process, and the state of it that each request is answered from: searches, articles."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from flask import current_app, g

from search.engines.protocol import Engine, Reader, open_engine
from search.errors import EngineError
from search.model.article import Article
from search.model.results import Period
from search.model.saved_page import ReadSavedPage
from search.model.withdrawal import Blocks, Withdrawal, utc_now
from search.query.nodes import Interval, MatchAll, Or, Query, SearchRequest, removals
from search.query.parsing.parser import parse
from search.query.parsing.synonyms import read_spellings
from search.service.search import SearchParams, SearchResponse, answer
from search.settings import Settings
from web.errors import ArticleWithdrawn, NotFound

T = TypeVar("T")
MAX_CACHED = 500
"""Results of `Archive.cached`. What is cached is a few KB each."""


class Archive:
    """Opens the index at the first request, so after the fork, and anew at the next request after it failed. Raises
    SettingsError for a bad file of spellings."""

    def __init__(self, settings: Settings, read_saved_page: ReadSavedPage | None) -> None:
        self.settings = settings
        self.read_saved_page = read_saved_page
        self.spellings = read_spellings(settings.spellings)
        self._engine: Engine | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, object]] = OrderedDict()

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """The state of the index that the request is answered from: that of when it was first asked for. Raises EngineError when
        the index cannot be used."""
        with self._engine_in_use() as engine:
            if "reader" not in g:
                g.reader = engine.reader()
            yield g.reader

    def check_health(self) -> None:
        """Raises EngineError when the index cannot be used."""
        with self._engine_in_use() as engine:
            engine.check_health()

    @contextmanager
    def _engine_in_use(self) -> Iterator[Engine]:
        with self._lock:
            if self._engine is None:
                self._engine = open_engine(self.settings.index)
            engine = self._engine
        try:
            yield engine
        except EngineError:
            # Other threads may still be reading: it is dropped, not closed.
            with self._lock:
                if self._engine is engine:
                    self._engine = None
            raise

    def answer(self, reader: Reader, question: SearchParams, *, all_words: bool = False) -> SearchResponse:
        """As search.service.search.answer. How many articles were found is noted in `g.found`, for logs and metrics."""
        response = answer(reader, question, self.settings.limits, self.spellings, all_words=all_words)
        g.found = response.tiers.total
        return response

    def marked_query(self, asked: SearchParams, *, current: bool) -> Query | None:
        """What the words of a search mark in an article: in a version that is not current, what `removed:` looks for too. None
        without words. Raises QueryRefused."""
        if not asked.text.strip():
            return None
        query = parse(asked.text, self.settings.limits, asked.query_fields, self.spellings, asked.today).query
        return Or((query, *(() if current else (removal.part for removal in removals(query)))))

    def periods(self, reader: Reader, interval: Interval, versions: bool) -> tuple[Period, ...]:
        """The number of articles in the archive for each period, or of their versions."""
        request = SearchRequest(MatchAll(), size=0, timeline=interval, versions=versions)
        return self.cached(reader, f"{interval} {versions}", lambda: reader.search(request).timeline)

    def cached(self, reader: Reader, name: str, count: Callable[[], T]) -> T:
        """The result of `count`, recomputed when the index has changed, or MAX_CACHED others have been used since."""
        of, counted = self._kept.get(name, ("", None))
        if of != reader.generation:
            counted = count()
        with self._lock:
            self._kept[name] = (reader.generation, counted)
            self._kept.move_to_end(name)
            if len(self._kept) > MAX_CACHED:
                self._kept.popitem(last=False)
        return cast(T, counted)


def article_version(reader: Reader, id: str, source: str | None) -> tuple[Article, tuple[Article, ...]]:
    """The article's version from that source, by default the current one, and all its versions. Raises NotFound, or
    ArticleWithdrawn for the id or the address of an article that was withdrawn."""
    versions = tuple(reader.versions(id))
    for version in versions:
        if source is None or version.source == source:
            return version, versions
    if not versions and (found := withdrawn(reader, id)):
        raise ArticleWithdrawn(found.reason if found.public else None)
    raise NotFound("There is no such article in the archive." if not versions else "There is no such version of this article.")


def withdrawn(reader: Reader, id: str) -> Withdrawal | None:
    """What keeps the article of this id or address out of the archive now."""
    return Blocks(reader.withdrawals(), utc_now()).named(id)


def archive() -> Archive:
    """The archive of the running app."""
    return cast(Archive, current_app.extensions["archive"])
