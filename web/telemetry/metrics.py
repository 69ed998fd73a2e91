"""Metrics for Prometheus, on a port of their own.

    Visit ──▶ broadsheet_requests_total{route="/api/search",status="2xx"} 12

Each server process writes its counters to files of a folder (prometheus_client's multiprocess mode), which outlast the process:
whichever process answers a scrape adds up those of all, also of processes that have been replaced. What is true of the index is
read from it when it is asked for. The values of all labels come from the program, so that there are few.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from flask import Flask
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from search.errors import EngineError
from web.index_handle import Archive
from web.telemetry.visits import Visit

BUCKETS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SCRAPE_SECONDS = 5
"""How long a client may take to send its request or to take the answer."""
SECONDS_A_DAY = 86_400


class Metrics:
    """`shared`: the folder of counters that processes share, which PROMETHEUS_MULTIPROC_DIR names; None to keep one's own."""

    def __init__(self, app: Flask, archive: Archive, shared: str | None = None) -> None:
        kept = CollectorRegistry()
        self.requests = Counter("broadsheet_requests", "Requests answered.", ["route", "status"], registry=kept)
        self.seconds = Histogram(
            "broadsheet_request_duration_seconds", "Time to answer a request.", ["route"], buckets=BUCKETS_SECONDS, registry=kept
        )
        self.refused = Counter("broadsheet_refused_requests", "Requests refused.", ["reason"], registry=kept)
        self.searches = Counter("broadsheet_searches", "Searches for words: the first page of each.", registry=kept)
        self.empty = Counter("broadsheet_searches_without_results", "Searches that found no article.", registry=kept)
        self.cached = Counter(
            "broadsheet_response_cache_hits", "Requests answered with a response kept in memory.", registry=kept
        )
        self.registry = kept
        if shared:
            self.registry = CollectorRegistry()
            MultiProcessCollector(self.registry, shared)  # type: ignore[no-untyped-call]
        self.registry.register(IndexMetrics(app, archive))

    def __call__(self, visit: Visit) -> None:
        self.requests.labels(visit.route, f"{visit.status // 100}xx").inc()
        self.seconds.labels(visit.route).observe(visit.seconds)
        if visit.refused:
            self.refused.labels(visit.refused).inc()
        if visit.search:
            self.searches.inc()
            if visit.found == 0:
                self.empty.inc()
        if visit.cached:
            self.cached.inc()


class IndexMetrics(Collector):
    """Of the index as it is now."""

    def __init__(self, app: Flask, archive: Archive) -> None:
        self.app = app
        self.archive = archive

    def describe(self) -> Iterable[Metric]:
        return ()  # else registering would open the index

    def collect(self) -> Iterator[Metric]:
        try:
            with self.app.app_context(), self.archive.reader() as reader:
                stats, generation = reader.stats(), reader.generation
        except EngineError:
            yield _gauge("up", "Whether the index can be read.", 0)
            return
        yield _gauge("up", "Whether the index can be read.", 1)
        yield _gauge("articles", "Articles that a search can find.", stats.articles)
        yield _gauge("versions", "Earlier versions of articles.", stats.versions)
        yield _gauge("bytes", "Size of the index.", stats.bytes)
        yield _gauge("generation", "A number that every change of the index changes.", int(generation.rpartition("-")[2]))
        if stats.last_day is not None:
            age = (date.today().toordinal() - stats.last_day) * SECONDS_A_DAY
            yield _gauge("newest_article_age_seconds", "Time since the day of the newest article.", age)
        skipped = GaugeMetricFamily("broadsheet_index_skipped_pages", "Pages that could not be indexed.", labels=["reason"])
        for code, count in stats.skipped.items():
            skipped.add_metric([code], count)
        yield skipped


def _gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"broadsheet_index_{name}", documentation, value=value)


def answer_scrapes(listener: socket.socket, metrics: Metrics) -> None:
    """Answer GET /metrics in a thread of this process until it ends. The socket may be shared with other processes."""
    server = _Server(listener.getsockname()[:2], _Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.server_name, server.server_port = listener.getsockname()[:2]
    server.setup_environ()
    server.set_app(_only_metrics(make_wsgi_app(metrics.registry)))
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()


class _Server(WSGIServer):
    def handle_error(self, *_: Any) -> None:
        """A client that leaves early is no news."""


class _Handler(WSGIRequestHandler):
    timeout = SCRAPE_SECONDS

    def log_message(self, *_: Any) -> None:
        """A scrape every few seconds is no news."""


def _only_metrics(app: Any) -> Callable[..., Any]:
    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/metrics":
            return app(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"Metrics are at /metrics.\n"]

    return answer
