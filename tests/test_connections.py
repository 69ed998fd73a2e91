"""What a running server makes of the bytes of its clients: by real sockets."""

import json
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from select import select

import pytest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from press import ARMISTICE, archive_of
from serving import STOP_SECONDS, Answer, connect, get, read_answers, server

from web.app import MAX_BODY_BYTES
from web.server.framing import Incoming
from web.server.outgoing import MAX_UNSENT_BYTES, Outgoing
from web.server.refusals import Refused
from web.server.worker import Connection, body_of, only

POST = b"POST /api/names HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
LAST = GET + b"Connection: close\r\n\r\n"
NAMES = b'["Ann Example"]'
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
IMPATIENT = """
from search.settings import Settings
from web.server import serve, worker
worker.HEAD_SECONDS = worker.BODY_SECONDS = 1
worker.MAX_RECEIVED_BYTES = 1_000_000
serve.serve(Settings.from_environment())
"""
LARGE_ANSWERS = """
import tempfile
from search.settings import Settings
from web.server import outgoing, serve
outgoing.MAX_UNSENT_BYTES = 50_000_000

class LargeServer(serve.Server):
    def load(self):
        app = super().load()
        def large(environ, start_response):
            if environ["PATH_INFO"] != "/large":
                return app(environ, start_response)
            start_response("200 OK", [("Content-Length", "9000000")])
            file = tempfile.TemporaryFile()
            file.write(b"".join(b"%09d" % number for number in range(1_000_000)))
            file.seek(0)
            return environ["wsgi.file_wrapper"](file, 900_000)
        return large

settings = Settings.from_environment()
LargeServer(settings, serve.listen(settings)).run()
"""
Running = tuple["subprocess.Popen[str]", str, int]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = archive_of(tmp_path_factory.mktemp("archive"), ARMISTICE)
    with server(settings, BROADSHEET_PROCESSES="1", BROADSHEET_THREADS="2") as running:
        yield running
        process = running[0]
        process.terminate()
        assert process.stderr
        assert process.stderr.read() == ""  # no request below leaves a trace in the log


def answers_to(running: Running, sent: bytes) -> list[Answer]:
    return read_answers(connect(*running[1:], sent))


@pytest.mark.parametrize("requests", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_connection_is_kept_over_requests_of_any_kind(running: Running, requests: int) -> None:
    _, host, port = running
    connection = HTTPConnection(host, port, timeout=STOP_SECONDS)
    connection.connect()
    first = connection.sock
    for number in range(requests):
        if number % 3:
            connection.request("GET", "/healthz")
        else:
            body = iter([NAMES]) if number % 2 else NAMES  # in chunks, or with a length
            connection.request("POST", "/api/names", body, encode_chunked=False)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        assert connection.sock is first
    connection.close()


def test_requests_sent_ahead_are_answered_in_order(running: Running) -> None:
    post = POST + b"Content-Length: %d\r\n\r\n" % len(NAMES) + NAMES
    chunked = CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (len(NAMES), NAMES)
    answers = answers_to(running, GET + b"\r\n" + post + GET.replace(b"GET", b"OPTIONS") + b"\r\n" + chunked + LAST)

    assert [answer.status for answer in answers] == [200, 200, 200, 200, 200]
    assert [b"Ann Example" in answer.body for answer in answers] == [False, True, False, True, False]
    assert [answer.headers["connection"] for answer in answers] == ["keep-alive"] * 4 + ["close"]


def test_nothing_is_answered_after_the_last_request(running: Running) -> None:
    assert len(answers_to(running, LAST + LAST)) == 1


SMUGGLED = b"GET /api/search?q=smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n", 400),
        (POST + b"Content-Length: 0, 5\r\n\r\n", 400),
        (POST + b"Content-Length: +0\r\n\r\n", 400),
        (POST + b"Content-Length : 5\r\n\r\n", 400),
        (POST + b"Content-Length:\x0b0\r\n\r\n", 400),
        (POST + b"X: y\nContent-Length: 5\r\n\r\n", 400),
        (POST + b"X: y\r\n Content-Length: 5\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: identity\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: xchunked\r\n\r\n", 501),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400),
        (POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (CHUNKED + b"zz\r\n", 400),
        (CHUNKED + b"-1\r\n", 400),
        (CHUNKED + b"2\r\n[]]\r\n0\r\n\r\n", 400),
        (CHUNKED + b"2;a\rb\r\n[]\r\n0\r\n\r\n", 400),
        (CHUNKED + b"0\r\nContent-Length: 5\r\n\r\n", 400),
        (CHUNKED + b"%x\r\n" % (MAX_BODY_BYTES + 1), 413),
        (GET.replace(b"Host: localhost\r\n", b"") + b"\r\n", 400),
        (GET + b"Host: localhost\r\n\r\n", 400),
        (GET + b"Expect: wonders\r\n\r\n", 417),
        (GET + b"X: " + b"y" * 9000 + b"\r\n\r\n", 431),
        (GET + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"GET /" + b"y" * 50_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET /healthz HTTP/3.0\r\nHost: localhost\r\n\r\n", 400),
        (b"get /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /h\xe9althz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /\xe9" + b"y" * 5_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400),
    ],
)  # fmt: skip
def test_a_request_that_is_malformed_is_the_last_and_answered_with_a_problem(running: Running, sent: bytes, status: int) -> None:
    (answer,) = answers_to(running, sent + SMUGGLED)

    problem = json.loads(answer.body)
    assert answer.status == problem["status"] == status
    assert len(problem["detail"]) <= 300
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_body_that_ends_too_early_is_a_problem(running: Running) -> None:
    for sent in (POST + b"Content-Length: 9\r\n\r\n[", CHUNKED + b"9\r\n[", CHUNKED + b"0\r\n"):
        client = connect(*running[1:], sent)
        client.shutdown(socket.SHUT_WR)
        (answer,) = read_answers(client)
        assert (answer.status, answer.headers["connection"]) == (400, "close")


@pytest.mark.parametrize("handed_over", [GET + b"\r\nGET", POST + b"Content-Length: 9\r\n\r\n["], ids=["more", "less"])
def test_a_request_that_gunicorn_reads_differently_is_refused(handed_over: bytes) -> None:
    conn = Connection.__new__(Connection)
    conn.incoming = Incoming(MAX_BODY_BYTES)
    conn.incoming.take(LAST)
    conn.parser = RequestParser(Config(), only(handed_over), ("127.0.0.1", 1))

    with pytest.raises(Refused) as refused:
        body_of(next(conn.parser), conn)
    assert refused.value.status == 400


def test_a_request_without_a_clear_end_is_refused_where_gunicorn_takes_it(running: Running) -> None:
    (answer,) = answers_to(running, POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n")

    assert "not clear" in json.loads(answer.body)["detail"]


def test_a_client_that_holds_its_body_back_is_told_once_to_go_on(running: Running) -> None:
    client = connect(*running[1:], POST + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(NAMES))
    assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.sendall(NAMES + LAST)

    assert [answer.status for answer in read_answers(client)] == [200, 200]


def test_a_client_reads_that_its_body_is_too_large_after_sending_all_of_it(running: Running) -> None:
    client = connect(*running[1:], POST + b"Content-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1))
    assert select([client], [], [], STOP_SECONDS)[0]  # it is refused before it has been sent
    client.sendall(b"x" * MAX_BODY_BYTES)
    client.sendall(b"x")
    (answer,) = read_answers(client)

    assert (answer.status, answer.headers["connection"]) == (413, "close")


def test_a_body_as_large_as_allowed_is_taken(running: Running) -> None:
    body = NAMES + b" " * (MAX_BODY_BYTES - len(NAMES))

    assert [a.status for a in answers_to(running, POST + b"Content-Length: %d\r\n\r\n" % len(body) + body + LAST)] == [200, 200]


def test_clients_that_take_too_long_are_told_so(tmp_path: Path) -> None:
    with server(archive_of(tmp_path, ARMISTICE), IMPATIENT, BROADSHEET_PROCESSES="1") as (_, host, port):
        clients = [connect(host, port, sent) for sent in (b"", GET, POST + b"Content-Length: 9\r\n\r\n", CHUNKED + b"9\r\n[")]
        answers = [[(a.status, a.headers["content-type"]) for a in read_answers(client)] for client in clients]

    assert answers == [[]] + [[(408, "application/problem+json")]] * 3


def test_a_client_that_keeps_sending_is_not_waited_for_longer(tmp_path: Path) -> None:
    with server(archive_of(tmp_path, ARMISTICE), IMPATIENT, BROADSHEET_PROCESSES="1") as (_, host, port):
        client = connect(host, port, POST + b"Content-Length: 1000\r\n\r\n")
        for _ in range(100):
            client.send(b" ")
            if select([client], [], [], 0.1)[0]:
                break
        else:
            pytest.fail("The server goes on waiting")
        (answer,) = read_answers(client)

    assert answer.status == 408


def test_the_largest_request_is_refused_when_memory_runs_short(tmp_path: Path) -> None:
    program = IMPATIENT.replace("worker.BODY_SECONDS = 1", "worker.BODY_SECONDS = 30")
    head = POST + b"Content-Length: 900000\r\n\r\n"
    with server(archive_of(tmp_path, ARMISTICE), program, BROADSHEET_PROCESSES="1") as (_, host, port):
        small, large = connect(host, port, head + b"x" * 400_000), connect(host, port, head + b"x" * 700_000)
        (refused,) = read_answers(large)
        small.sendall(b"x" * 500_000 + LAST)
        (bad, last) = read_answers(small)

    assert (refused.status, refused.headers["retry-after"]) == (503, "10")
    assert (bad.status, last.status) == (400, 200)  # it has been read: x… is no list of names


def test_clients_that_take_no_answer_keep_nobody_waiting(tmp_path: Path) -> None:
    ask = b"GET /large HTTP/1.1\r\nHost: localhost\r\n"
    one = {"BROADSHEET_PROCESSES": "1", "BROADSHEET_THREADS": "1"}
    with server(archive_of(tmp_path, ARMISTICE), LARGE_ANSWERS, **one) as (_, host, port):
        get(host, port, "/healthz")
        clients = [connect(host, port, ask + b"\r\n" + ask + b"Connection: close\r\n\r\n") for _ in range(3)]
        started = time.monotonic()
        assert get(host, port, "/healthz").status == 200
        seconds = time.monotonic() - started
        answers = read_answers(clients[0])
        for client in clients:
            client.close()

    assert seconds < 5  # the server gives a client that takes nothing twice as long
    assert [answer.body for answer in answers] == [b"".join(b"%09d" % number for number in range(1_000_000))] * 2


def full_connection(senders: int) -> tuple[Outgoing, socket.socket]:
    """A connection whose client takes nothing, and that holds as much as it may."""
    server, client = socket.socketpair()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", 0, 200_000))
    outgoing = Outgoing(server, threading.Semaphore(senders))
    while len(outgoing.unsent) < MAX_UNSENT_BYTES:
        outgoing.sendall(b"x" * min(MAX_UNSENT_BYTES - len(outgoing.unsent), 100_000))
    return outgoing, client


def test_a_thread_waits_for_a_client_once_an_answer_is_longer_than_what_is_held() -> None:
    outgoing, client = full_connection(senders=1)
    with outgoing, client:
        for _ in range(2):  # the wait is over each time
            with pytest.raises(BrokenPipeError, match="takes nothing"):
                outgoing.sendall(b"y")


def test_an_answer_is_cut_off_when_too_many_threads_wait_for_their_clients() -> None:
    outgoing, client = full_connection(senders=0)
    with outgoing, client, pytest.raises(BrokenPipeError, match="too many clients"):
        outgoing.sendall(b"y")


def test_a_long_answer_arrives_as_it_is() -> None:
    outgoing, client = full_connection(senders=1)
    taken: list[bytes] = []
    reader = threading.Thread(target=lambda: taken.extend(iter(lambda: client.recv(65_536), b"")))
    with outgoing, client:
        reader.start()
        for number in range(300_000):
            outgoing.sendall(b"%09d" % number)
        while outgoing.unsent:
            outgoing.flush()
        outgoing.shutdown(socket.SHUT_WR)
        reader.join()

    assert b"".join(taken).lstrip(b"x") == b"".join(b"%09d" % number for number in range(300_000))
