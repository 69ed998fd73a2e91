"""Clients of a running server, in a process of their own: a number of connections that ask one thing after the other.

    python tests/clients.py HOST PORT CONNECTIONS SECONDS PAUSE < addresses    ──▶  {"milliseconds": [3.1, …], "failed": []}

PAUSE: the seconds between an answer and the next request, on average. As browsers do, they ask again on a new connection when one
that was kept open has been closed; anything else is a failure. SIGTERM ends the asking, and so does a server that has ended.
"""

import json
import random
import signal
import sys
import time
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread

TIMEOUT_SECONDS = 30
ended = Event()


class Client:
    def __init__(self, host: str, port: int, number: int) -> None:
        self._where = (host, port)
        self._chance = random.Random(number)
        self._connection: HTTPConnection | None = None
        self.milliseconds: list[float] = []
        self.failed: list[str] = []

    def run(self, addresses: list[str], end: float, pause: float) -> None:
        while time.monotonic() < end and not ended.is_set():
            time.sleep(self._chance.uniform(0, 2 * pause))
            address = addresses[min(int(self._chance.paretovariate(0.7)), len(addresses)) - 1]
            started = time.monotonic()
            try:
                self._ask(address)
            except ConnectionRefusedError:
                return
            except (OSError, HTTPException, AssertionError) as error:
                self._connection = None
                self.failed.append(f"{address}: {type(error).__name__} {error}")
            else:
                self.milliseconds.append((time.monotonic() - started) * 1000)

    def _ask(self, address: str) -> None:
        if self._connection:
            try:
                self._answer(self._connection, address)
                return
            except (ConnectionError, HTTPException):  # closed meanwhile
                self._connection = None
        connection = HTTPConnection(*self._where, timeout=TIMEOUT_SECONDS)
        connection.connect()
        self._answer(connection, address)
        self._connection = connection

    def _answer(self, connection: HTTPConnection, address: str) -> None:
        connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        response.read()
        assert response.status == 200, response.status


def main(host: str, port: str, connections: str, seconds: str, pause: str) -> None:
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    addresses = sys.stdin.read().split()
    end = time.monotonic() + float(seconds)
    clients = [Client(host, int(port), number) for number in range(int(connections))]
    threads = [Thread(target=client.run, args=(addresses, end, float(pause))) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    milliseconds = sorted(round(each, 2) for client in clients for each in client.milliseconds)
    print(json.dumps({"milliseconds": milliseconds, "failed": [each for client in clients for each in client.failed]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
