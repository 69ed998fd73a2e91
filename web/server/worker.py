"""gunicorn's threaded worker, made patient: a connection takes a thread only once the head of its request is there.

gunicorn reads requests in its threads, so a handful of clients that send half a request would keep all of them waiting for
ever. Here the main loop gathers the heads, which also spares it the wait for clients that do not close their end.
"""

import socket
import struct
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 5
"""How long a client may take to send the head of a request."""
SEND_SECONDS = 10
"""How long a client may take none of an answer."""
MAX_HEAD_BYTES = 1_000_000
"""A longer head goes to the parser as it is, which refuses it."""
CHUNK_BYTES = 65_536
BODY_HEADERS = (b"\r\ncontent-length:", b"\r\ntransfer-encoding:")


class Connection(TConn):  # type: ignore[misc]
    head = b""

    def close(self, graceful: bool = False) -> None:
        """Takes in what has come, so that closing does not cut off the answer, but waits for nothing."""
        if graceful:
            self.sock.setblocking(False)
            with suppress(OSError):  # nothing there, or the client is gone
                self.sock.recv(CHUNK_BYTES)
        super().close()


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another process took it, or it is gone
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", SEND_SECONDS, 0))
        self.nr_conns += 1
        self.await_head(Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """A kept connection begins its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.await_head(conn)

    def await_head(self, conn: Connection) -> None:
        conn.head = b""
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        try:
            data = client.recv(CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""  # the parser will see that the client is gone
        seen = max(len(conn.head) - 3, 0)
        conn.head += data
        if data and conn.head.find(b"\r\n\r\n", seen) < 0 and len(conn.head) < MAX_HEAD_BYTES:
            return
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, client, conn.client)
        conn.parser.unreader.unread(conn.head)
        super().on_pending_socket_readable(conn, client)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """No answer needs a request's body, and no thread waits for one, nor for the rest of a request sent ahead."""
        head = conn.head.partition(b"\r\n\r\n")[0].lower()
        if any(name in head for name in BODY_HEADERS) or conn.parser.unreader.buf.getvalue():
            return False
        return bool(super()._keepalive_after(conn, keepalive))
