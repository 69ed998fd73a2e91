"""Fixtures of all tests: an engine of each kind on a real temporary index."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from weakref import WeakSet

import pytest

from search.engines.protocol import ENGINES, Engine, open_engine

OpenNew = Callable[[], Engine]


@pytest.fixture(params=sorted(ENGINES))
def engine_kind(request: pytest.FixtureRequest) -> str:
    """The name of each engine in turn."""
    kind: str = request.param
    return kind


@pytest.fixture
def open_new(engine_kind: str, tmp_path: Path) -> Iterator[OpenNew]:
    """Makes an empty index at each call; closes afterwards those that are still used."""
    engines: WeakSet[Engine] = WeakSet()  # thousands that are closed but kept would hold a thread each
    numbers = count()

    def open_one() -> Engine:
        engine = open_engine(f"{engine_kind}:{tmp_path / str(next(numbers))}", create=True)
        engines.add(engine)
        return engine

    yield open_one
    for engine in list(engines):
        engine.close()


@pytest.fixture
def engine(open_new: OpenNew) -> Engine:
    return open_new()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long tests unless they, or any others, are chosen by a mark: pytest -m long."""
    if not config.option.markexpr:
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason="runs for minutes; asked for by pytest -m long"))
