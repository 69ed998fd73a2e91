"""gunicorn's threaded worker, made patient: a connection takes a thread only once the whole of its request is there.

gunicorn reads requests in its threads, so a handful of clients that send half a request would keep all of them waiting. Here the
main loop takes in head and body, of any number of clients, and waits for those that are slow to take an answer or to close; a
thread never reads from a connection.

    accept ─▶ receive ─▶ serve (in a thread) ─▶ finish_request ─▶ linger ─▶ end
                 ▲                                    │
                 └──────────────── kept ◀─────────────┘

It overrides methods and uses attributes of gunicorn 27 that are not documented (pyproject.toml requires that version):
`ThreadWorker.accept`, `handle_request`, `finish_request`, `on_client_socket_readable`, `murder_pending`, `set_accept_enabled` and
`_keepalive_after`, and `Request._expected_100_continue`.
"""

import math
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from io import BytesIO
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

from gunicorn.http.errors import NoMoreData
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker

from web.app import MAX_BODY_BYTES
from web.server.framing import Extent, Incoming
from web.server.outgoing import Outgoing
from web.server.refusals import Refused, answer_bytes, refusal_of
from web.telemetry.visits import refuse

HEAD_SECONDS = 5
"""How long a client may take to send the head of a request."""
BODY_SECONDS = 60
"""How long a client may take to send the body."""
SILENCE_SECONDS = 10
"""How long a client may send nothing of a body that it has begun."""
SEND_SECONDS = 10
"""How long a client may take none of an answer."""
TAKE_SECONDS = 60
"""How long a client may take to take the rest of an answer that no thread has to wait for."""
STOP_SECONDS = 15
"""How long clients may take for any of this once the server is stopping."""
LINGER_SECONDS = 2
"""How long a client may take to close its end after the last answer."""
SWEEP_SECONDS = 0.25
"""How often connections are looked through for those that took too long."""
MAX_RECEIVED_BYTES = 64_000_000
"""Of all requests under way; when there are more, the largest is refused."""
READ_BYTES = 65_536


class Connection(TConn):  # type: ignore[misc]
    incoming: Incoming
    sock: Outgoing
    sent_ahead = b""
    deadline: float
    """When its client must be ready with what is awaited; `timeout` is when the client must have done something."""


Callback = Callable[[Connection, Outgoing], None]


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    sockets: list[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: set[Connection] = set()  # for their clients, to send or to close
        self.senders = threading.Semaphore(max(self.cfg.threads // 2, 1))
        self.next_sweep = 0.0
        self.stop_by = math.inf

    def accept(self, listener: Any) -> None:
        """Takes few clients while there are few, so that all processes get some, and more where a turn of the loop takes long."""
        for _ in range(1 + self.nr_conns // 16):
            if not self.accept_one(listener):
                return

    def accept_one(self, listener: Any) -> bool:
        try:
            client, address = listener.accept()
        except BlockingIOError:
            return False  # another process took it
        except OSError as error:  # it is gone, or there are too many open files
            self.log.warning("A connection could not be accepted: %s", error)
            return False
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", SEND_SECONDS, 0))
        self.nr_conns += 1
        self.receive(Connection(self.cfg, Outgoing(client, self.senders), address, listener.getsockname()))
        return True

    def on_client_socket_readable(self, conn: Connection, client: Outgoing) -> None:
        """A kept connection begins its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.receive(conn)

    def receive(self, conn: Connection, sent_ahead: bytes = b"") -> None:
        """Await a request, of which some may be there."""
        conn.incoming = Incoming(MAX_BODY_BYTES)
        self.await_client(conn, HEAD_SECONDS, self.on_bytes)
        if sent_ahead:
            self.take(conn, sent_ahead)

    def on_bytes(self, conn: Connection, client: Outgoing) -> None:
        data = read(client)
        if data is None:
            return
        if data:
            self.take(conn, data)
        elif conn.incoming.extent is Extent.BODY:  # the client may still be there to be told that it ends too early
            self.serve(conn)
        else:
            self.end(conn)

    def take(self, conn: Connection, data: bytes) -> None:
        head_was_there = conn.incoming.extent is not Extent.HEAD
        extent = conn.incoming.take(data)
        if extent is Extent.BODY:
            now = time.monotonic()
            if not head_was_there:
                conn.deadline = min(now + BODY_SECONDS, self.stop_by)
            conn.timeout = min(conn.deadline, now + SILENCE_SECONDS)
            if not head_was_there and conn.incoming.awaits_continue():
                with suppress(OSError):
                    conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        elif extent is not Extent.HEAD:
            self.serve(conn)

    def serve(self, conn: Connection) -> None:
        """Give a thread the request."""
        self.forget(conn)
        request, conn.sent_ahead = conn.incoming.split()
        conn.incoming.data.clear()
        conn.parser = RequestParser(self.cfg, only(request), conn.client)
        conn.data_ready = True
        self.enqueue_req(conn)

    def handle_request(self, req: Any, conn: Connection) -> bool:
        """Answer a request whose head has been parsed, in a thread."""
        if req.version >= (1, 1) and all(name != "HOST" for name, _ in req.headers):
            raise Refused(400, "A request of HTTP/1.1 has a Host header.")
        req.body = BytesIO(body_of(req, conn))
        req._expected_100_continue = False  # the body is there
        return bool(super().handle_request(req, conn))

    def handle_error(self, _req: Any, client: Outgoing, _addr: Any, exc: Exception) -> None:
        """Answer a request that gunicorn's parser or this worker refuses."""
        refused = refusal_of(exc)
        if refused.status == 500:
            self.log.error("%s", exc, exc_info=exc)
        with suppress(OSError):
            client.sendall(answer_bytes(refused))
        refuse(self.wsgi, refused.status)

    def _keepalive_after(self, _conn: Connection, keepalive: bool) -> bool:
        """What the answer said: the request has been taken in whole, so nothing of it is left on the connection."""
        return keepalive

    def finish_request(self, conn: Connection, fs: "Future[bool]") -> None:
        kept = not fs.cancelled() and not fs.exception() and fs.result()
        if conn.sock.unsent and conn.sock.fileno() >= 0:
            self.await_client(conn, TAKE_SECONDS, partial(self.on_writable, fs), EVENT_WRITE)
        elif not kept:
            self.linger(conn)
        elif conn.sent_ahead:
            conn.sock.setblocking(False)
            self.receive(conn, conn.sent_ahead)
        else:
            super().finish_request(conn, fs)

    def on_writable(self, fs: "Future[bool]", conn: Connection, client: Outgoing) -> None:
        """The client has taken some of an answer."""
        conn.timeout = min(conn.deadline, time.monotonic() + SEND_SECONDS)
        try:
            client.flush()
        except OSError:  # the client is gone
            self.end(conn)
            return
        if not client.unsent:
            self.forget(conn)
            self.finish_request(conn, fs)

    def linger(self, conn: Connection) -> None:
        """Say that nothing more comes, and take in what the client still sends: closing at once could cut off the answer
        (RFC 9112, section 9.6)."""
        conn.incoming = Incoming(0)
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.await_client(conn, LINGER_SECONDS, self.on_left_over)
        except OSError:  # the client is gone
            self.end(conn)

    def on_left_over(self, conn: Connection, client: Outgoing) -> None:
        if read(client) == b"":
            self.end(conn)

    def await_client(self, conn: Connection, seconds: float, callback: Callback, event: int = EVENT_READ) -> None:
        conn.timeout = conn.deadline = min(time.monotonic() + seconds, self.stop_by)
        self.waiting.add(conn)
        self.poller.register(conn.sock, event, partial(callback, conn))

    def forget(self, conn: Connection) -> None:
        if conn in self.waiting:
            self.waiting.remove(conn)
            self.poller.unregister(conn.sock)

    def end(self, conn: Connection) -> None:
        self.forget(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """End the connections whose clients took too long, and the largest requests when memory runs short."""
        now = time.monotonic()
        if now < self.next_sweep:
            return
        self.next_sweep = now + SWEEP_SECONDS
        for conn in [conn for conn in self.waiting if conn.timeout <= now]:
            if conn.incoming.data:
                self.refuse(conn, Refused(408, "The request took too long to arrive."))
            else:
                self.end(conn)
        received = sum(len(conn.incoming.data) for conn in self.waiting)
        while received > MAX_RECEIVED_BYTES:
            largest = max(self.waiting, key=lambda conn: len(conn.incoming.data))
            received -= len(largest.incoming.data)
            self.refuse(largest, Refused(503, "Too many large requests are under way. Try again shortly."))

    def refuse(self, conn: Connection, refused: Refused) -> None:
        self.forget(conn)
        self.handle_error(None, conn.sock, conn.client, refused)
        self.linger(conn)

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            self.stop_listening()

    def stop_listening(self) -> None:
        """Serve those who have connected, refuse others, and bound the wait for clients that are slow.

        gunicorn stops to accept, but closes the listening sockets at the very end: the system would go on connecting clients,
        and reset them all.
        """
        listeners, self.sockets = self.sockets, []
        for listener in listeners:
            while self.accept_one(listener):
                pass
            listener.close()
        self.stop_by = min(self.stop_by, time.monotonic() + STOP_SECONDS)
        for conn in self.waiting:
            conn.deadline = min(conn.deadline, self.stop_by)
            conn.timeout = min(conn.timeout, self.stop_by)


def body_of(req: Any, conn: Connection) -> bytes:
    """The body of a request. Raises Refused or gunicorn's ParseException when it is malformed."""
    match conn.incoming.extent:
        case Extent.TOO_LARGE if not conn.incoming.is_chunked():
            req.force_close()  # the application refuses it by its Content-Length, if it needs it
            return b""
        case Extent.TOO_LARGE:
            raise Refused(413, f"The request has more than {MAX_BODY_BYTES} bytes.")
        case Extent.UNCLEAR:
            raise Refused(400, "Where the request ends is not clear.")
    try:
        body: bytes = req.body.read()
    except NoMoreData as error:
        raise Refused(400, "The body of the request ends too early.") from error
    if conn.parser.unreader.take_buffered():
        raise Refused(400, "Where the request ends is not clear.")
    return body


def only(request: bytes) -> Iterator[bytes]:
    """All that the parser may read. It would take a plain end for the end of a body."""
    yield request
    raise NoMoreData(request)


def read(client: Outgoing) -> bytes | None:
    """What has come: b"" when the client has closed its end or is gone, None when nothing has."""
    try:
        return client.recv(READ_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""
