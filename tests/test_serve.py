"""`web.server.serve` as its own process: the address, headers, a graceful stop, clear errors."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from press import ARMISTICE, archive_of

from search.settings import Settings
from web.server.serve import GRACEFUL_SECONDS

ROOT = Path(__file__).parent.parent
SERVE = """
from search.settings import Settings
from web.server.serve import serve
serve(Settings.from_environment())
"""
SLOW_SERVE = """
import os, time
from search.settings import Settings
from web.server import serve

class SlowServer(serve.Server):
    def load(self):
        app = super().load()
        def slow(environ, start_response):
            os.write(2, b"begun\\n")
            time.sleep(1)
            return app(environ, start_response)
        return slow

settings = Settings.from_environment()
SlowServer(settings, serve.listen(settings)).run()
"""
SLOW_START = """
import time
from search.settings import Settings
from web.server import serve

class SlowServer(serve.Server):
    def load_config(self):
        super().load_config()
        start = self.cfg.post_fork
        def slow(arbiter, worker):
            start(arbiter, worker)
            time.sleep(60 if worker.age == 2 else 0)
        self.cfg.set("post_fork", slow)

settings = Settings.from_environment()
SlowServer(settings, serve.listen(settings)).run()
"""
STOP_SECONDS = GRACEFUL_SECONDS + 30
"""A stop may take the whole grace period of the server."""


@contextmanager
def server(settings: Settings, program: str = SERVE, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """A running server in a process group of its own, with its host and port."""
    environment = {**os.environ, "BROADSHEET_INDEX": settings.index, "BROADSHEET_PORT": "0", "PYTHONPATH": str(ROOT), **variables}
    command = [sys.executable, "-c", program]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        line = read_line(process)
        assert line.startswith("Broadsheet is at http://"), line
        address = urlsplit(line.split()[-1])
        assert address.hostname
        assert address.port
        yield process, address.hostname, address.port
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=STOP_SECONDS)


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    return process.stderr.readline().strip()


def get(host: str, port: int, path: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection(host, port, timeout=STOP_SECONDS)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_a_server_says_its_address_and_answers_there(tmp_path: Path) -> None:
    with server(archive_of(tmp_path, ARMISTICE)) as (process, host, port):
        page = get(host, port, "/?q=truce")
        long = get(host, port, "/api/search?q=" + quote("क" * 1000))
        too_long = get(host, port, "/api/search?q=" + "x" * 50_000)
        foreign = get(host, port, "/", Host="evil.example")
        process.terminate()

        assert process.wait(STOP_SECONDS) == 0
    assert (page.status, long.status, too_long.status, foreign.status) == (200, 200, 414, 400)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(("sign", "whole_group"), [(signal.SIGTERM, False), (signal.SIGINT, True)], ids=["SIGTERM", "Ctrl-C"])
def test_requests_under_way_finish_before_the_server_stops(tmp_path: Path, sign: signal.Signals, whole_group: bool) -> None:
    statuses: list[int] = []
    with server(archive_of(tmp_path, ARMISTICE), SLOW_SERVE) as (process, host, port):
        clients = [threading.Thread(target=lambda: statuses.append(get(host, port, "/?q=truce").status)) for _ in range(3)]
        for client in clients:
            client.start()
        assert [read_line(process) for _ in clients] == ["begun"] * 3
        (os.killpg if whole_group else os.kill)(process.pid, sign)
        for client in clients:
            client.join()

        assert process.wait(STOP_SECONDS) == 0
    assert statuses == [200, 200, 200]
    with pytest.raises(ConnectionRefusedError):
        get(host, port, "/")


def test_a_process_that_is_still_starting_stops_too(tmp_path: Path) -> None:
    with server(archive_of(tmp_path, ARMISTICE), SLOW_START) as (process, host, port):
        assert get(host, port, "/healthz").status == 200
        process.terminate()

        assert process.wait(STOP_SECONDS) == 0


def test_every_process_sees_what_is_added_while_serving(tmp_path: Path) -> None:
    settings = archive_of(tmp_path)
    with server(settings) as (_, host, port):
        before = [get(host, port, "/article/armistice").status for _ in range(4)]
        archive_of(tmp_path, ARMISTICE)
        after = [get(host, port, "/article/armistice").status for _ in range(8)]

    assert before == [404] * 4
    assert after == [200] * 8


REQUEST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /healthz HT",
        REQUEST + b"Connection: close\r\n\r\n",
        REQUEST + b"\r\nGET /hea",
        REQUEST.replace(b"GET", b"POST") + b"Content-Length: 100000000\r\n\r\nx",
    ],
    ids=["silent", "half a request", "never closing", "half a second request", "half a body"],
)
def test_slow_clients_keep_nobody_waiting(tmp_path: Path, sent: bytes) -> None:
    with server(archive_of(tmp_path), BROADSHEET_PROCESSES="1", BROADSHEET_THREADS="1") as (process, host, port):
        get(host, port, "/healthz")
        clients = [socket.create_connection((host, port)) for _ in range(5)]
        for client in clients:
            client.sendall(sent)
        started = time.monotonic()
        answer = get(host, port, "/healthz")
        seconds = time.monotonic() - started
        process.terminate()
        for client in clients:
            client.close()

        assert process.wait(STOP_SECONDS) == 0
    assert answer.status == 200
    assert seconds < 1.5


def failed(**variables: str) -> tuple[int, str]:
    """The exit status and stderr of `broadsheet serve` with these variables."""
    command = [sys.executable, "-c", "from indexer.cli.commands import main; main()", "serve"]
    environment = {**os.environ, **variables, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def test_a_taken_port_is_a_clear_error(tmp_path: Path) -> None:
    settings = archive_of(tmp_path, ARMISTICE)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, said = failed(BROADSHEET_INDEX=settings.index, BROADSHEET_PORT=str(port))

    assert status == 1
    assert f"127.0.0.1:{port}" in said
    assert "Traceback" not in said


def test_a_missing_index_is_a_clear_error_before_the_start(tmp_path: Path) -> None:
    status, said = failed(BROADSHEET_INDEX=f"tantivy:{tmp_path / 'none'}", BROADSHEET_PORT="0")

    assert status == 1
    assert str(tmp_path / "none") in said
    assert "Broadsheet is at" not in said
    assert "Traceback" not in said
