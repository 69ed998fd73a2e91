"""`broadsheet serve`: the web application in gunicorn's worker processes, each with its threads.

SIGTERM and SIGINT (Ctrl-C) let requests under way finish. Put a buffering proxy in front for the open internet.
"""

import os
import resource
import signal
import socket
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import message

from search.engines.protocol import open_engine
from search.errors import BroadsheetError
from search.model.saved_page import ReadSavedPage
from search.query.parsing.synonyms import read_spellings
from search.settings import Settings
from web.app import MAX_QUERY_STRING_BYTES, create_app
from web.server.worker import PatientWorker

GRACEFUL_SECONDS = 30
BACKLOG = 2048
MAX_CONNECTIONS = 1000
"""Of a process; fewer where the system allows it few open files."""
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)

# gunicorn caps its limit_request_line at 8,190 bytes; 1,000 Chinese characters are 9,000 bytes of a URL.
message.MAX_REQUEST_LINE = 2 * MAX_QUERY_STRING_BYTES


class CannotListen(BroadsheetError):
    """The address is taken or not this machine's."""


def serve(settings: Settings, read_saved_page: ReadSavedPage | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then exit 0. With port 0 a free one is taken.

    Prints the address to stderr once connections are accepted. Raises EngineError when the index cannot be used,
    SettingsError when the file of spellings cannot, CannotListen when the port or the host cannot.
    """
    open_engine(settings.index).close()
    read_spellings(settings.spellings)
    Server(settings, listen(settings), read_saved_page).run()


def listen(settings: Settings) -> socket.socket:
    """The listening socket, made before gunicorn starts so that a taken port is a plain error."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        where = f"{settings.host}:{settings.port}"
        raise CannotListen(f"Cannot listen on {where} ({error}); choose another port with --port") from error


def address_words(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


class Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, listener: socket.socket, read_saved_page: ReadSavedPage | None = None) -> None:
        self.settings = settings
        self.read_saved_page = read_saved_page
        self.address = address_words(listener)
        self.listener = listener.detach()  # gunicorn takes the file descriptor over, and closes it
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"fd://{self.listener}",
            "backlog": BACKLOG,
            "worker_class": PatientWorker,
            "workers": self.settings.processes,
            "threads": self.settings.threads,
            "worker_connections": max_connections(),
            "http_parser": "python",  # whether or not another is installed
            "sendfile": False,  # it would go past web.server.outgoing
            "graceful_timeout": GRACEFUL_SECONDS,
            "limit_request_line": message.MAX_REQUEST_LINE,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": self.announce,
            "post_fork": end_at_signals,
            "post_worker_init": ignore_interrupt,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(self.settings, self.read_saved_page)

    def run(self) -> None:
        PatientArbiter(self).run()

    def announce(self, _arbiter: Any) -> None:
        print(f"Broadsheet is at {self.address}", file=sys.stderr, flush=True)
        # gunicorn cuts requests off at SIGINT; ending at Ctrl-C is to be as gentle as at SIGTERM.
        signal.signal(signal.SIGINT, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


class PatientArbiter(Arbiter):  # type: ignore[misc]
    def spawn_worker(self) -> Any:
        """A process keeps the signals that reach it before it can handle them. It begins with the handlers of the main process,
        which only note a signal for the main loop: it would go on, and the main process wait GRACEFUL_SECONDS for it to stop.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def end_at_signals(_arbiter: Any, _worker: Any) -> None:
    """A signal ends a process that is just starting."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def max_connections() -> int:
    """Leaves half of the open files to the index."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if allowed == resource.RLIM_INFINITY else min(MAX_CONNECTIONS, allowed // 2)


def ignore_interrupt(_worker: Any) -> None:
    """Ctrl-C reaches the processes too: they stop when the main process says so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
