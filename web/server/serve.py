"""`broadsheet serve`: the web application in gunicorn's worker processes, each with its threads.

SIGTERM and SIGINT (Ctrl-C) let requests under way finish. Put a buffering proxy in front for the open internet.
"""

import gc
import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http import message

from search.engines.protocol import open_engine
from search.errors import BroadsheetError
from search.model.saved_page import ReadSavedPage
from search.settings import Settings
from web.access.shared import Shared
from web.app import MAX_QUERY_STRING_BYTES, create_app
from web.server.worker import PatientWorker

GRACEFUL_SECONDS = 30
BACKLOG = 2048
MAX_CONNECTIONS = 1000
"""Of a process; fewer where the system allows it few open files."""
OBJECTS_BETWEEN_COLLECTIONS = 10_000
"""Python looks for garbage whenever 700 objects more were made than freed; that took a twentieth of a page's time. With 50,000 it
takes no less than with these."""
INTERRUPTED = 128 + signal.SIGINT
"""The exit status after Ctrl-C, as shells have it."""
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)

# gunicorn caps its limit_request_line at 8,190 bytes; 1,000 Chinese characters are 9,000 bytes of a URL.
message.MAX_REQUEST_LINE = 2 * MAX_QUERY_STRING_BYTES


class CannotListen(BroadsheetError):
    """The address is taken or not this machine's."""


def serve(settings: Settings, read_saved_page: ReadSavedPage | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then exit with 0 or, after SIGINT, 130. With port 0 a free one is taken.

    Prints the address to stderr once connections are accepted. Raises EngineError when the index cannot be used,
    SettingsError when another setting cannot, CannotListen when a port or a host cannot.
    """
    open_engine(settings.index).close()
    create_app(replace(settings, metrics_port=0))  # raises what is wrong with a setting
    with shared_metrics(settings) as folder:
        Server(settings, listen(settings), read_saved_page, folder).run()


def listen(settings: Settings) -> socket.socket:
    """The listening socket, made before gunicorn starts so that a taken port is a plain error."""
    return listen_on(settings.host, settings.port, "--port")


def listen_on(host: str, port: int, option: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        raise CannotListen(f"Cannot listen on {host}:{port} ({error}); choose another port with {option}") from error


@contextmanager
def shared_metrics(settings: Settings) -> Iterator[str | None]:
    """The folder of the counters, if there are metrics. It goes with the main process, whose processes leave this way too."""
    if not settings.metrics_port:
        yield None
        return
    main = os.getpid()
    folder = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="broadsheet-metrics-")
    try:
        yield folder
    finally:
        if os.getpid() == main:
            shutil.rmtree(folder, ignore_errors=True)


def address_words(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


class Server(BaseApplication):  # type: ignore[misc]
    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        read_saved_page: ReadSavedPage | None = None,
        metrics: str | None = None,
    ) -> None:
        self.interrupted = False
        self.settings = settings
        self.read_saved_page = read_saved_page
        self.shared = Shared(metrics=metrics)
        self.metrics_listener = listen_on(settings.metrics_host, settings.metrics_port, "--metrics-port") if metrics else None
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
        """In each process."""
        app = create_app(self.settings, self.read_saved_page, self.shared)
        gc.freeze()  # what is loaded stays
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        if self.metrics_listener:
            from web.telemetry.metrics import answer_scrapes

            answer_scrapes(self.metrics_listener, app.extensions["metrics"])
        return app

    def run(self) -> None:
        try:
            PatientArbiter(self).run()
        finally:
            if self.interrupted:
                sys.exit(INTERRUPTED)

    def announce(self, _arbiter: Any) -> None:
        # gunicorn cuts requests off at SIGINT; ending at Ctrl-C is to be as gentle as at SIGTERM.
        signal.signal(signal.SIGINT, self.stop_gently)
        print(f"Broadsheet is at {self.address}", file=sys.stderr, flush=True)
        if self.metrics_listener:
            print(f"Metrics are at {address_words(self.metrics_listener)}metrics", file=sys.stderr, flush=True)

    def stop_gently(self, *_: Any) -> None:
        self.interrupted = True
        os.kill(os.getpid(), signal.SIGTERM)


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
