"""Ctrl-C or SIGTERM -> a question that a long run asks between two steps, so that it ends in good order.

with asked_to_stop() as stop:
    while not stop():
        ...
        stop.wait(60)
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from typing import Any


class Stop:
    """`by_ctrl_c`: whether it was asked for that way."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.by_ctrl_c = False

    def __call__(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Until it is asked for, at most so long; whether it is."""
        return self._asked.wait(seconds)

    def ask(self) -> None:
        self._asked.set()


_asked: list[Stop] = []
"""That of the main thread, if it is within asked_to_stop."""


@contextmanager
def asked_to_stop() -> Iterator[Stop]:
    """Whether Ctrl-C or SIGTERM was received; a second Ctrl-C ends the process at once. Within another `with`: the same."""
    if threading.current_thread() is not threading.main_thread():
        yield Stop()
        return
    if _asked:
        yield _asked[0]
        return
    stop = Stop()

    def ask(number: int, frame: object) -> None:  # noqa: ARG001
        stop.by_ctrl_c = number == signal.SIGINT
        stop.ask()
        signal.signal(number, before[number])

    before: dict[int, Any] = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    _asked.append(stop)
    try:
        yield stop
    finally:
        _asked.clear()
        for number, handler in before.items():
            signal.signal(number, handler)


def start_fork_server() -> None:
    """Starts the process that others are forked of, if it is not there yet: deaf to Ctrl-C, like those. Until it has loaded what
    they need, it would end with a traceback and leave its parent waiting. To be called before each start of a process."""
    resource_tracker.ensure_running()  # it unblocks the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
