"""The connection as a thread writes an answer to it: what a slow client does not take yet is kept for the main loop to send."""

import errno
import socket
import threading
from contextlib import suppress

MAX_UNSENT_BYTES = 1_000_000
"""Of one answer. Longer ones, exports, keep their thread until the client has taken so much."""


class Outgoing(socket.socket):
    """A blocking socket whose `sendall` returns at once while there is room in `unsent`.

    `senders` bounds how many threads may wait for their clients; the answer of another one is cut off.
    """

    def __init__(self, client: socket.socket, senders: threading.Semaphore) -> None:
        """Takes the file descriptor over."""
        super().__init__(client.family, client.type, client.proto, client.detach())
        self.unsent = bytearray()
        self.senders = senders

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
        """Raises BrokenPipeError when the client takes nothing for as long as SO_SNDTIMEO says."""
        self.unsent += data
        self.flush()
        if len(self.unsent) > MAX_UNSENT_BYTES:
            self._wait(flags)

    def flush(self) -> None:
        """Send what the system takes right now."""
        with suppress(BlockingIOError):
            del self.unsent[: self.send(self.unsent, socket.MSG_DONTWAIT)]

    def _wait(self, flags: int) -> None:
        if not self.senders.acquire(blocking=False):
            raise BrokenPipeError(errno.EPIPE, "too many clients are slow to take their answers")
        try:
            super().sendall(self.unsent, flags)
            self.unsent.clear()
        except BlockingIOError as error:
            raise BrokenPipeError(errno.EPIPE, "the client takes nothing") from error
        finally:
            self.senders.release()
