"""A server with many clients at once: it answers all of them soon, whatever is written, restarted or stalled meanwhile.

How soon is looked at in the long form alone, which wants a machine to itself.
"""

import json
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from benchmarks.material import made, questions, vocabulary
from serving import STOP_SECONDS, connect, get, server

from search.engines.protocol import open_engine
from search.model.article import Article
from search.settings import Settings

CONNECTIONS = 16
PAUSE_SECONDS = 0.5
MAX_P99_MILLISECONDS = 60
MAX_SECONDS = 1
"""Until a new article is shown, and for the slowest of a hundred answers beside stalled clients."""


MAX_SECONDS_ASKING = 3_600


class Size(NamedTuple):
    """Of a run: articles in the archive, seconds of asking, changes and restarts meanwhile, stalled clients."""

    articles: int
    seconds: int
    changes: int
    restarts: int
    stalled: int


SHORT, LONG = Size(300, 3, 5, 2, 60), Size(10_000, 60, 100, 100, 600)


class Archive(NamedTuple):
    settings: Settings
    size: Size
    addresses: list[str]


@pytest.fixture(scope="module", params=[SHORT, pytest.param(LONG, marks=pytest.mark.long)], ids=["short", "long"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    size: Size = request.param
    words = vocabulary(random.Random(1))
    with open_engine(f"tantivy:{tmp_path_factory.mktemp('archive') / 'index'}", create=True) as engine:
        engine.add(made(words, size.articles))
    asked = questions(words, 100, random.Random(2))
    random.Random(3).shuffle(asked)
    kinds = cycle(("/?q={}", "/article/{id}?q={}", "/?q={}&order-by=newest", "/api/search?q={}", "/api/suggest?q={}"))
    addresses = [kind.format(quote(each.typed), id=n % size.articles) for n, (kind, each) in enumerate(zip(kinds, asked))]  # noqa: B905
    return Archive(Settings(index=engine.url), size, addresses)


class Load(NamedTuple):
    """What tests/clients.py tells; milliseconds in order."""

    milliseconds: list[float]
    failed: list[str]

    @property
    def p99(self) -> float:
        return self.milliseconds[len(self.milliseconds) * 99 // 100]

    def __str__(self) -> str:
        median = self.milliseconds[len(self.milliseconds) // 2]
        return f"{len(self.milliseconds):,} requests, median {median} ms, p99 {self.p99} ms, {len(self.failed)} failed"


@contextmanager
def clients(host: str, port: int, seconds: float, addresses: list[str], pause: float = 0) -> Iterator["subprocess.Popen[str]"]:
    program = str(Path(__file__).with_name("clients.py"))
    command = [sys.executable, program, host, *map(str, (port, CONNECTIONS, seconds, pause))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdin
            process.stdin.write("\n".join(addresses))
            process.stdin.close()
            yield process
        finally:
            process.kill()


def load_of(process: "subprocess.Popen[str]") -> Load:
    """When they have ended."""
    assert process.stdout
    return Load(**json.loads(process.stdout.read()))


@pytest.mark.parametrize("pause", [PAUSE_SECONDS, 0])
def test_all_of_many_requests_are_answered_soon(archive: Archive, pause: float) -> None:
    """Of sixteen readers who ask twice a second; and of clients that ask for the next at once, which is all the server can do."""
    with server(archive.settings) as (_, host, port):
        with clients(host, port, 2, archive.addresses):  # templates are compiled, as they are by the first readers
            time.sleep(2)
        with clients(host, port, archive.size.seconds, archive.addresses, pause) as asking:
            load = load_of(asking)
    print(f"pause {pause} s:", load)
    assert load.failed == []
    assert archive.size is not LONG or not pause or load.p99 <= MAX_P99_MILLISECONDS


def test_no_request_fails_while_the_index_changes_and_processes_are_replaced(archive: Archive) -> None:
    """SIGHUP replaces them. A new article is shown by the next request of any process."""
    visible = []
    with (
        server(archive.settings) as (process, host, port),
        open_engine(archive.settings.index) as engine,
        clients(host, port, MAX_SECONDS_ASKING, archive.addresses) as asking,
    ):
        for number in range(archive.size.changes):
            engine.add([Article(f"late/{number}", f"late-{number}", headline="Late harvest")])
            added = time.monotonic()
            assert get(host, port, f"/article/late-{number}").status == 200
            visible.append(time.monotonic() - added)
        for _ in range(archive.size.restarts):
            before = processes_of(process)
            process.send_signal(signal.SIGHUP)
            while before & processes_of(process):
                time.sleep(0.05)
        asking.terminate()
        load = load_of(asking)
        assert process.poll() is None
    print(load, f"new articles shown within {max(visible):.2f} s")
    assert load.failed == []
    assert archive.size is not LONG or max(visible) < MAX_SECONDS


def processes_of(server: "subprocess.Popen[str]") -> set[str]:
    return set(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split())


def test_no_request_fails_when_the_server_is_stopped(archive: Archive) -> None:
    with server(archive.settings) as (process, host, port), clients(host, port, STOP_SECONDS, archive.addresses) as asking:
        time.sleep(archive.size.seconds / 4)
        process.terminate()
        assert process.wait(STOP_SECONDS) == 0
        load = load_of(asking)
    print(load)
    assert load.failed == []
    assert load.milliseconds


STALLING = (
    b"",
    b"GET /?q=tr",
    b"POST /api/names HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
    b"POST /api/names HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[",
    b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20,
)
"""What clients send that then neither send nor read anything."""


@contextmanager
def stalled(host: str, port: int, number: int) -> Iterator[None]:
    """So many clients, each of which connects again when the server has given it up."""
    stop = threading.Event()

    def run() -> None:
        kinds = cycle(STALLING)
        open_now: dict[int, socket.socket] = {}
        poll = select.poll()
        while not stop.is_set():
            while len(open_now) < number:
                client = connect(host, port, next(kinds))
                open_now[client.fileno()] = client
                poll.register(client, select.POLLRDHUP)
            for descriptor, _ in poll.poll(100):
                poll.unregister(descriptor)
                open_now.pop(descriptor).close()
        for client in open_now.values():
            client.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_stalled_clients_keep_nobody_waiting_for_a_second(archive: Archive) -> None:
    with server(archive.settings) as (_, host, port), stalled(host, port, archive.size.stalled):
        time.sleep(1)
        with clients(host, port, archive.size.seconds, archive.addresses, PAUSE_SECONDS) as asking:
            load = load_of(asking)
    print(load)
    assert load.failed == []
    assert archive.size is not LONG or load.p99 < MAX_SECONDS * 1000
