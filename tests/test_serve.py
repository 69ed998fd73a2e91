"""`web.server.serve` as its own process: the address, headers, a graceful stop, clear errors."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from press import ARMISTICE, archive_of
from serving import ROOT, STOP_SECONDS, connect, get, read_answers, read_line, server

from search.engines.protocol import open_engine
from search.settings import Settings

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
SLOW_FORK = """
import os, time
os.register_at_fork(after_in_child=lambda: (os.write(2, b"forked\\n"), time.sleep(1)))
from search.settings import Settings
from web.server import serve
serve.serve(Settings.from_environment())
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


@pytest.mark.parametrize(
    ("sign", "whole_group", "status"), [(signal.SIGTERM, False, 0), (signal.SIGINT, True, 130)], ids=["SIGTERM", "Ctrl-C"]
)
def test_requests_under_way_finish_before_the_server_stops(
    tmp_path: Path, sign: signal.Signals, whole_group: bool, status: int
) -> None:
    statuses: list[int] = []
    with server(archive_of(tmp_path, ARMISTICE), SLOW_SERVE) as (process, host, port):
        clients = [threading.Thread(target=lambda: statuses.append(get(host, port, "/?q=truce").status)) for _ in range(3)]
        for client in clients:
            client.start()
        assert [read_line(process) for _ in clients] == ["begun"] * 3
        (os.killpg if whole_group else os.kill)(process.pid, sign)
        for client in clients:
            client.join()

        assert process.wait(STOP_SECONDS) == status
    assert statuses == [200, 200, 200]
    with pytest.raises(ConnectionRefusedError):
        get(host, port, "/")


def test_a_process_that_is_still_starting_stops_too(tmp_path: Path) -> None:
    with server(archive_of(tmp_path, ARMISTICE), SLOW_START) as (process, host, port):
        assert get(host, port, "/healthz").status == 200
        process.terminate()

        assert process.wait(STOP_SECONDS) == 0


def test_a_process_that_has_only_been_forked_stops_at_once(tmp_path: Path) -> None:
    with server(archive_of(tmp_path, ARMISTICE), SLOW_FORK, BROADSHEET_PROCESSES="1") as (process, _host, _port):
        assert read_line(process) == "forked"
        process.terminate()

        assert process.wait(10) == 0


def test_connections_that_wait_to_be_accepted_are_served_before_the_server_stops(tmp_path: Path) -> None:
    with server(archive_of(tmp_path, ARMISTICE), BROADSHEET_PROCESSES="1") as (process, host, port):
        worker = process_of(process, host, port)
        os.kill(worker, signal.SIGSTOP)
        clients = [connect(host, port, REQUEST + b"\r\n") for _ in range(15)]
        process.terminate()
        time.sleep(0.5)  # until the main process has told the worker to stop
        os.kill(worker, signal.SIGCONT)
        answers = [read_answers(client) for client in clients]

        assert process.wait(STOP_SECONDS) == 0
    assert [[answer.status for answer in of_client] for of_client in answers] == [[200]] * 15


def test_a_killed_process_is_replaced_within_a_second(tmp_path: Path) -> None:
    with server(archive_of(tmp_path, ARMISTICE), BROADSHEET_PROCESSES="1") as (process, host, port):
        os.kill(process_of(process, host, port), signal.SIGBUS)  # a file of the index was cut off
        started = time.monotonic()
        answer = get(host, port, "/healthz")
        seconds = time.monotonic() - started

    assert answer.status == 200
    assert seconds < 3  # of which a new process takes most to start


def test_a_file_that_is_cut_off_costs_each_process_one_request_and_then_is_told(engine_kind: str, tmp_path: Path) -> None:
    """Whoever reads it where it is mapped to memory is ended by the system. A new process finds the damage when it opens the
    index."""
    index = tmp_path / "index"
    with open_engine(f"{engine_kind}:{index}", create=True) as engine:
        engine.add([ARMISTICE])

    def status(host: str, port: int, query: str) -> int:
        try:
            return get(host, port, f"/api/search?q={query}").status
        except ConnectionError:
            return 0

    with server(Settings(index=engine.url), BROADSHEET_PROCESSES="2") as (process, host, port):
        before = [status(host, port, "armistice") for _ in range(8)]
        (file,) = (*index.glob("*.store"), *index.glob("*.seg"))
        content = file.read_bytes()
        os.truncate(file, 0)
        cut_off = [status(host, port, f"armistice+{number}") for number in range(8)]
        file.write_bytes(content)
        after = [status(host, port, "armistice") for _ in range(8)]

        assert process.poll() is None
    assert before == after == [200] * 8
    assert set(cut_off) <= {0, 503}
    assert cut_off.count(0) <= 2
    assert cut_off[-1] == 503


def process_of(server: "subprocess.Popen[str]", host: str, port: int) -> int:
    """The id of the only process that serves."""
    assert get(host, port, "/healthz").status == 200
    return int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[0])


def test_a_server_at_an_ipv6_address_answers(tmp_path: Path) -> None:
    with server(archive_of(tmp_path, ARMISTICE), BROADSHEET_HOST="::1") as (_, host, port):
        assert get(host, port, "/api/search?q=truce").status == 200


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
        b"POST /api/names HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
        b"POST /api/names HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[",
    ],
    ids=["silent", "half a request", "never closing", "half a second request", "too long a body", "no body", "half a chunk"],
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
