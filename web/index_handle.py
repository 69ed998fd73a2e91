"""The open index of a server process."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

from flask import current_app

from search.engines.protocol import Engine, open_engine
from search.errors import EngineError
from search.model.results import Period
from search.model.saved_page import ReadSavedPage
from search.query.nodes import Interval, MatchAll, SearchRequest
from search.query.parsing.synonyms import read_spellings
from search.settings import Settings

T = TypeVar("T")


class Archive:
    """Opens the index at the first request, so after the fork, and anew at the next request after it failed. Raises
    SettingsError for a bad file of spellings."""

    def __init__(self, settings: Settings, read_saved_page: ReadSavedPage | None) -> None:
        self.settings = settings
        self.read_saved_page = read_saved_page
        self.spellings = read_spellings(settings.spellings)
        self._engine: Engine | None = None
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, object]] = {}

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Raises EngineError when the index cannot be used."""
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

    def periods(self, engine: Engine, interval: Interval) -> tuple[Period, ...]:
        """The number of articles in the archive for each period."""
        return self.cached(engine, interval, lambda: engine.search(SearchRequest(MatchAll(), size=0, timeline=interval)).timeline)

    def cached(self, engine: Engine, name: str, count: Callable[[], T]) -> T:
        """The result of `count`, recomputed only when the index has changed."""
        generation = engine.generation
        of, counted = self._kept.get(name, ("", None))
        if of != generation:
            counted = count()
            self._kept[name] = (generation, counted)
        return cast(T, counted)


def archive() -> Archive:
    """The archive of the running app."""
    return cast(Archive, current_app.extensions["archive"])
