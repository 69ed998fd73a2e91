"""Readers beside a writer see whole commits, without an error; and of two writers one is told at once that there is another."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from search.engines.protocol import Engine, open_engine
from search.errors import IndexLocked
from search.model.article import Article
from search.query.nodes import MatchAll, SearchRequest

SEVERAL = 10
WRITER = """
import sys
from itertools import count
from search.engines.protocol import open_engine
from search.model.article import Article
with open_engine(sys.argv[1]) as engine:
    engine.lock()
    print("locked", flush=True)
    for number in count():
        engine.add(Article(f"k/{number % 20}-{n}", f"{number % 20}-{n}", tags=(f"n{number}",)) for n in range(int(sys.argv[2])))
        if number % 7 == 6:
            engine.remove([f"k/{number % 20}-{n}" for n in range(int(sys.argv[2]))])
"""
READER = """
import sys, time
from search.engines.protocol import open_engine
from search.query.nodes import MatchAll, SearchRequest
url, several, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
states, searches, end = set(), 0, time.monotonic() + seconds
while time.monotonic() < end:
    with open_engine(url) as engine:
        for _ in range(20):
            reader = engine.reader()
            found = reader.search(SearchRequest(MatchAll(), facets=("tag",), size=several))
            assert found.total % several == 0, found.total
            assert {value.count for facet in found.facets for value in facet.values} <= {several}
            assert len(list(reader.documents())) == found.total
            states.add(reader.generation)
            searches += 1
print(searches, len(states))
"""


@contextmanager
def running(program: str, *arguments: str | int | float) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for_lock(writer: "subprocess.Popen[str]") -> None:
    assert writer.stdout
    assert writer.stdout.readline() == "locked\n"


@pytest.mark.parametrize("seconds", [3, pytest.param(120, marks=pytest.mark.long)])
def test_readers_beside_a_writer_see_whole_commits(engine: Engine, seconds: int) -> None:
    with running(WRITER, engine.url, SEVERAL) as writer, ExitStack() as both:
        wait_for_lock(writer)
        readers = [both.enter_context(running(READER, engine.url, SEVERAL, seconds)) for _ in range(2)]
        for reader in readers:
            answered, failed = reader.communicate()
            assert reader.returncode == 0, failed
            searches, states = map(int, answered.split())
            assert searches >= states > 1
            print(f"{engine.url.partition(':')[0]}: {searches} searches, {states} states")
        assert writer.poll() is None


def test_a_second_writer_is_told_and_the_lock_of_a_dead_one_is_taken_over(engine: Engine) -> None:
    with running(WRITER, engine.url, SEVERAL) as writer:
        wait_for_lock(writer)
        started = time.monotonic()
        with pytest.raises(IndexLocked, match="Another process is writing"):
            engine.add([Article("desk/late", "late")])
        assert time.monotonic() - started < 1
    assert engine.add([Article("desk/late", "late")]).added == 1
    assert engine.reader().search(SearchRequest(MatchAll())).total % SEVERAL == 1


@pytest.mark.parametrize("deaths", [pytest.param(20, marks=pytest.mark.long)])
def test_the_lock_of_each_dead_writer_is_taken_over(engine: Engine, deaths: int) -> None:
    for _ in range(deaths):
        with running(WRITER, engine.url, SEVERAL) as writer:
            wait_for_lock(writer)
    with open_engine(engine.url) as last:
        last.lock()
