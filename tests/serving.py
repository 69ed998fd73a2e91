"""`broadsheet serve` as a process of its own, and clients of it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from search.settings import Settings
from web.server.serve import GRACEFUL_SECONDS

ROOT = Path(__file__).parent.parent
SERVE = """
from search.settings import Settings
from web.server.serve import serve
serve(Settings.from_environment())
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


def connect(host: str, port: int, sent: bytes = b"") -> socket.socket:
    client = socket.create_connection((host, port), timeout=STOP_SECONDS)
    client.sendall(sent)
    return client


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def read_answers(client: socket.socket) -> list[Answer]:
    """All answers on a connection, until the server closes it. Each tells its length."""
    received = b"".join(iter(partial(client.recv, 65_536), b""))
    client.close()
    answers = []
    while received:
        head, _, received = received.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        length = int(headers.get("content-length", 0))
        answers.append(Answer(int(status.split()[1]), headers, received[:length]))
        received = received[length:]
    return answers
