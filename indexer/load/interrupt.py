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
from typing import Any


class Stop:
    def __init__(self) -> None:
        self._asked = threading.Event()

    def __call__(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Until it is asked for, at most so long; whether it is."""
        return self._asked.wait(seconds)

    def ask(self) -> None:
        self._asked.set()


@contextmanager
def asked_to_stop() -> Iterator[Stop]:
    """Whether Ctrl-C or SIGTERM was received; a second Ctrl-C ends the process at once."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(number: int, frame: object) -> None:  # noqa: ARG001
        stop.ask()
        signal.signal(number, before[number])

    before: dict[int, Any] = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
