"""What the operator is told: metrics, the log of requests, the log of searches."""

import fcntl
import json
import os
import re
import signal
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from press import ARTICLES, archive_of
from prometheus_client import generate_latest
from serving import connect, get, read_answers, read_line, server

from indexer.cli.commands import main
from search.errors import PAGE_ERRORS, SettingsError
from search.settings import Settings
from web.access.shared import Shared
from web.app import create_app
from web.server.serve import CannotListen, listen_on
from web.telemetry.append_file import AppendFile, old_part
from web.telemetry.metrics import Metrics
from web.telemetry.search_log import TopSearch, top_searches
from web.telemetry.visits import NO_ROUTE, refuse


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return archive_of(tmp_path_factory.mktemp("telemetry"), *ARTICLES)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


# ---------------------------------------------------------------- the log of requests


def logged(settings: Settings, path: Path, *urls: str, **changes: Any) -> list[dict[str, Any]]:
    """What the log says of these requests."""
    client = create_app(replace(settings, access_log=str(path), **changes)).test_client()
    for url in urls:
        client.get(url).close()
    return lines(path)


def test_a_request_is_logged_with_what_it_cost(settings: Settings, tmp_path: Path) -> None:
    (line,) = logged(settings, tmp_path / "log", "/api/search?q=treaty")

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert 0 < line.pop("ms") < 60_000
    assert line.pop("bytes") == len(create_app(settings).test_client().get("/api/search?q=treaty").data) or line
    assert re.fullmatch("[0-9a-f]{16}", line.pop("query"))
    assert line == {"method": "GET", "route": "/api/search", "status": 200, "found": line["found"]}


def test_the_size_is_that_of_the_body_even_if_it_is_streamed(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "log"
    client = create_app(replace(settings, access_log=str(path))).test_client()
    sizes = []
    for url in ("/api/export", "/help", "/static/icon.svg"):
        with client.get(url) as response:
            sizes.append(len(response.data))
    client.head("/help")

    assert [line["bytes"] for line in lines(path)] == [*sizes, 0]
    assert min(sizes) > 0


def test_an_export_that_the_client_leaves_is_logged_too(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "log"
    response = create_app(replace(settings, access_log=str(path))).test_client().get("/api/export", buffered=False)
    response.close()

    assert [line["route"] for line in lines(path)] == ["/api/export"]


def test_equal_queries_have_equal_hashes_until_the_next_start(settings: Settings, tmp_path: Path) -> None:
    urls = ("/api/search?q=treaty", "/?q=treaty", "/api/search?q=treaties")
    first, again, other = (line["query"] for line in logged(settings, tmp_path / "one", *urls))
    later = logged(settings, tmp_path / "two", urls[0])[0]["query"]

    assert first == again != other
    assert later != first


def test_hashes_of_two_starts_are_equal_with_a_key_from_the_settings(settings: Settings, tmp_path: Path) -> None:
    one, two, other = (
        logged(settings, tmp_path / str(number), "/?q=treaty", log_secret=key)[0]["query"] for number, key in enumerate("aab")
    )
    assert one == two != other


def test_queries_are_logged_as_typed_or_not_at_all_if_so_set(settings: Settings, tmp_path: Path) -> None:
    assert logged(settings, tmp_path / "plain", "/?q=caf%C3%A9%0A%ff", log_queries="plain")[0]["query"] == "café\n%FF"
    assert "query" not in logged(settings, tmp_path / "off", "/?q=treaty", log_queries="off")[0]


def test_no_client_is_logged_unless_asked_for(settings: Settings, tmp_path: Path) -> None:
    assert "127.0.0.1" not in str(logged(settings, tmp_path / "without", "/?q=treaty"))
    assert logged(settings, tmp_path / "with", "/?q=treaty", log_clients=True)[0]["client"] == "127.0.0.1"


def test_a_response_from_memory_and_a_refusal_are_logged_as_such(settings: Settings, tmp_path: Path) -> None:
    urls = ("/api/search?q=treaty", "/api/search?q=treaty", "/api/search?page=0", "/?q=" + "a " * 70, "/none")
    first, second, bad, long, none = logged(settings, tmp_path / "log", *urls)

    assert ("cached" in first, second["cached"], second["found"]) == (False, True, first["found"])
    assert (bad["status"], bad["refused"], long["refused"]) == (400, "parameter", "words")
    assert (none["status"], none["route"], "refused" in none) == (404, NO_ROUTE, False)


def test_a_log_that_cannot_be_written_is_a_clear_error(settings: Settings, tmp_path: Path) -> None:
    for name in ("access_log", "search_log"):
        with pytest.raises(SettingsError, match="no/log"):
            create_app(replace(settings, **{name: str(tmp_path / "no" / "log")}))


# ---------------------------------------------------------------- a file that several processes append to


def test_a_file_that_was_moved_away_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "log"
    file = AppendFile(path)
    file.write(b"one")
    path.rename(tmp_path / "log.0")
    file.write(b"two")
    path.unlink()
    file.write(b"three")
    file.close()

    assert ((tmp_path / "log.0").read_bytes(), path.read_bytes()) == (b"one\n", b"three\n")
    assert path.stat().st_mode & 0o777 == 0o600


def test_lines_of_several_processes_stay_whole_and_none_is_lost_when_the_file_is_full(tmp_path: Path) -> None:
    path = tmp_path / "log"
    children = []
    for number in range(4):
        if not (child := os.fork()):
            file = AppendFile(path, max_bytes=300_000)
            for count in range(250):
                file.write(b"%d %d " % (number, count) + b"x" * 200)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4

    parts = [part.read_bytes() for part in (old_part(path), path)]
    assert all(len(part) <= 150_000 + 4 * 300 for part in parts)
    written = b"".join(parts).splitlines()
    assert {len(line) for line in written} <= {204, 205, 206}
    assert len(set(written)) == 1_000


def test_of_two_processes_that_find_the_file_full_one_renames_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log"
    late, early = (AppendFile(path, max_bytes=10) for _ in range(2))
    early.write(b"123456")
    lock = fcntl.flock

    def lock_late(descriptor: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        early.write(b"early")
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", lock_late)
    late.write(b"late")
    late.close()
    early.close()

    assert (old_part(path).read_bytes(), path.read_bytes()) == (b"123456\n", b"early\nlate\n")


def test_a_disk_that_fails_stops_no_request_and_is_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    file = AppendFile(folder / "log")
    (folder / "log").unlink()
    folder.rmdir()
    file.write(b"one")
    file.write(b"two")
    file.close()

    assert capsys.readouterr().err.count("Cannot write to") == 1


# ---------------------------------------------------------------- the log of searches


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "searches.jsonl"


@pytest.fixture
def client(settings: Settings, log: Path) -> FlaskClient:
    return create_app(replace(settings, search_log=str(log))).test_client()


def test_searches_are_logged_with_day_and_number_found(client: FlaskClient, log: Path) -> None:
    client.get("/?q=%20treaty%20%20signed")
    client.get("/api/search?q=zzzz")

    assert [(line["query"], line["found"]) for line in lines(log)] == [("treaty signed", lines(log)[0]["found"]), ("zzzz", 0)]
    assert lines(log)[0]["found"] > 0
    assert all(set(line) == {"day", "query", "found"} for line in lines(log))


@pytest.mark.parametrize(
    "url",
    ["/", "/?q=%20", "/?q=treaty&page=2", "/api/suggest?q=treaty", "/feed.atom?q=treaty", "/api/export?q=treaty", "/?q=a&page=0",
     "/article/armistice?q=treaty", "/none?q=treaty", "/?section=World", "/api/search?q=treaty&cursor=x"],
)  # fmt: skip
def test_what_is_no_first_page_of_a_search_for_words_is_not_logged(client: FlaskClient, log: Path, url: str) -> None:
    client.get(url)
    assert lines(log) == []


def test_results_as_you_type_are_not_logged_but_the_search_itself_is(client: FlaskClient, log: Path) -> None:
    client.get("/?q=trea", headers={"Sec-Fetch-Dest": "empty"})
    client.get("/?q=treaty", headers={"Sec-Fetch-Dest": "document"})
    client.get("/api/search?q=truce", headers={"Sec-Fetch-Dest": "empty"})
    assert [line["query"] for line in lines(log)] == ["treaty", "truce"]


def test_a_repeated_search_counts_whether_from_memory_or_from_the_browsers_copy(client: FlaskClient, log: Path) -> None:
    first = client.get("/?q=treaty")
    client.get("/?q=treaty")
    assert client.get("/?q=treaty", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    assert len(lines(log)) == 3
    assert len({line["found"] for line in lines(log)}) == 1


def test_the_most_frequent_searches_come_first_in_their_usual_form(log: Path) -> None:
    logged = [("2026-01-01", "Truce", 5), ("2026-01-02", "truce", 0), ("2026-01-03", "truce", None), ("2026-01-03", "b", 0)]
    log.write_text("".join(json.dumps({"day": d, "query": q, "found": n}) + "\n" for d, q, n in logged) + '{"day":"2026-')
    old_part(log).write_text('{"day":"2025-01-01","query":"b","found":3}\n')

    assert top_searches(log, limit=9) == [TopSearch("truce", 3, 0), TopSearch("b", 2, 0)]
    assert top_searches(log, limit=1) == [TopSearch("truce", 3, 0)]
    assert top_searches(log, limit=9, since="2026-01-03") == [TopSearch("b", 1, 0), TopSearch("truce", 1, None)]
    assert top_searches(log, limit=9, since="2026-01-03", without_results=True) == [TopSearch("b", 1, 0)]


def test_the_command_prints_the_top_searches(client: FlaskClient, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for query in ("treaty", "zz\x1b[1m", "treaty"):
        client.get("/", query_string={"q": query})
    monkeypatch.setenv("BROADSHEET_SEARCH_LOG", str(log))
    shown = CliRunner().invoke(main, ["searches", "--days", "2"])
    empty = CliRunner().invoke(main, ["searches", "--without-results", "--json", "--limit", "1"])

    assert [line.split()[0] for line in shown.stdout.splitlines()] == ["2", "1"]
    assert "\x1b" not in shown.stdout
    assert json.loads(empty.stdout) == {"query": "zz\x1b[1m", "count": 1, "found": 0}


def test_the_command_says_which_file_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BROADSHEET_SEARCH_LOG", raising=False)
    unset = CliRunner().invoke(main, ["searches"])
    missing = CliRunner().invoke(main, ["searches", "--file", str(tmp_path / "none")])

    assert (unset.exit_code, missing.exit_code) == (2, 1)
    assert "BROADSHEET_SEARCH_LOG" in unset.stderr
    assert str(tmp_path / "none") in missing.stderr


# ---------------------------------------------------------------- metrics


def metrics_of(app: Any) -> dict[str, float]:
    metrics: Metrics = app.extensions["metrics"]
    return values(generate_latest(metrics.registry).decode())


def values(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^(broadsheet_\S+) (\S+)$", text, re.MULTILINE)}


def test_requests_searches_refusals_and_hits_are_counted(settings: Settings) -> None:
    app = create_app(replace(settings, metrics_port=1))
    client = app.test_client()
    for url in (
        "/api/search?q=treaty",
        "/api/search?q=treaty",
        "/?q=zzzz",
        "/?page=0",
        "/none",
        "/article/armistice",
        "/article/x",
    ):
        client.get(url)
    client.get("/healthz", headers={"Host": "evil.example"})
    refuse(app, 408)
    found = metrics_of(app)

    assert found['broadsheet_requests_total{route="/api/search",status="2xx"}'] == 2
    assert found['broadsheet_requests_total{route="/article/<path:id>",status="2xx"}'] == 1
    assert found['broadsheet_requests_total{route="/article/<path:id>",status="4xx"}'] == 1
    assert found['broadsheet_requests_total{route="none",status="4xx"}'] == 2
    assert found['broadsheet_request_duration_seconds_count{route="/api/search"}'] == 2
    assert found['broadsheet_request_duration_seconds_bucket{le="+Inf",route="/api/search"}'] == 2
    assert found['broadsheet_refused_requests_total{reason="parameter"}'] == 1
    assert found['broadsheet_refused_requests_total{reason="bad_request"}'] == 1
    assert found['broadsheet_refused_requests_total{reason="request_timeout"}'] == 1
    assert found["broadsheet_searches_total"] == 3
    assert found["broadsheet_searches_without_results_total"] == 1
    assert found["broadsheet_response_cache_hits_total"] == 1


def test_the_index_is_told_as_it_is(tmp_path: Path) -> None:
    settings = archive_of(tmp_path, *ARTICLES)
    app = create_app(replace(settings, metrics_port=1))
    before = metrics_of(app)
    listed = CliRunner().invoke(main, ["--index", settings.index, "stats", "--json"])
    stats = json.loads(listed.stdout)
    age = date.today() - date.fromisoformat(stats["last_day"])
    (tmp_path / "frames.html").write_text("<frameset><frame src='a.html'></frameset>")
    CliRunner().invoke(main, ["--index", settings.index, "index", str(tmp_path / "frames.html")])
    after = metrics_of(app)

    assert before["broadsheet_index_up"] == 1
    assert before["broadsheet_index_articles"] == stats["articles"] > 0
    assert before["broadsheet_index_versions"] == stats["versions"] > 0
    assert before["broadsheet_index_bytes"] == stats["bytes"] > 0
    assert before["broadsheet_index_newest_article_age_seconds"] == age.days * 86_400
    assert before["broadsheet_index_generation"] != after["broadsheet_index_generation"]
    skipped = {name: value for name, value in after.items() if "skipped" in name}
    assert skipped == {'broadsheet_index_skipped_pages{reason="frames"}': 1}
    assert "frames" in PAGE_ERRORS


def test_an_index_that_cannot_be_read_is_told_and_counters_are_still_there(tmp_path: Path) -> None:
    app = create_app(Settings(index=f"tantivy:{tmp_path / 'none'}", metrics_port=1))
    app.test_client().get("/readyz")
    found = metrics_of(app)

    assert found["broadsheet_index_up"] == 0
    assert found['broadsheet_requests_total{route="/readyz",status="5xx"}'] == 1
    assert not [name for name in found if "index" in name and "up" not in name]


def test_nothing_that_a_client_sends_becomes_a_label(settings: Settings) -> None:
    app = create_app(replace(settings, metrics_port=1))
    client = app.test_client()
    for url in ("/x1", "/article/x2", "/cite/x3/x4", "/?page=x5", "/?x6=x7&q=x8", "/api/search?x9=1", "/feed.atom?q=x10"):
        for method in ("GET", "POST", "X11"):
            client.open(url, method=method, headers={"Host": "localhost", "User-Agent": "x12"})
    labels = set(re.findall(r'="([^"]*)"', " ".join(metrics_of(app))))

    assert labels
    assert not [label for label in labels if re.search(r"[xX]\d", label)]


def test_a_server_has_the_metrics_of_all_its_processes_even_of_one_that_was_killed(tmp_path: Path) -> None:
    """On a port of its own, and only there."""
    settings = archive_of(tmp_path, *ARTICLES)
    free = listen_on("127.0.0.1", 0, "")
    port = free.getsockname()[1]
    free.close()
    with server(settings, BROADSHEET_METRICS_PORT=str(port), TMPDIR=str(tmp_path)) as (process, host, main_port):
        assert read_line(process) == f"Metrics are at http://127.0.0.1:{port}/metrics"
        for _ in range(20):
            get(host, main_port, "/healthz")
        read_answers(connect(host, main_port, b"GET / HTTP/1.1\r\nHost localhost\r\n\r\n"))
        victims = children_of(process.pid)
        os.kill(victims[0], signal.SIGKILL)
        while not (now := set(children_of(process.pid))) - set(victims) or victims[0] in now:
            threading.Event().wait(0.02)
        for _ in range(20):
            get(host, main_port, "/healthz")
        found = values(scrape(port))
        assert get(host, main_port, "/metrics").status == 404
        assert get("127.0.0.1", port, "/").status == 404
        assert list(tmp_path.glob("broadsheet-metrics-*"))

    assert found['broadsheet_requests_total{route="/healthz",status="2xx"}'] == 40
    assert found['broadsheet_refused_requests_total{reason="bad_request"}'] == 1
    assert found["broadsheet_index_up"] == 1
    assert not list(tmp_path.glob("broadsheet-metrics-*"))


def scrape(port: int) -> str:
    client = connect("127.0.0.1", port, b"GET /metrics HTTP/1.0\r\n\r\n")
    (answer,) = read_answers(client)
    return answer.body.decode()


def children_of(parent: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def test_a_taken_port_of_metrics_names_its_option() -> None:
    with listen_on("127.0.0.1", 0, "") as taken, pytest.raises(CannotListen, match="--metrics-port"):
        listen_on("127.0.0.1", taken.getsockname()[1], "--metrics-port")


def test_all_of_it_is_off_unless_asked_for(settings: Settings) -> None:
    app = create_app(settings)
    assert app.extensions["observers"] == ()
    assert "metrics" not in app.extensions
    assert app.extensions["guard"] is None
    assert Shared().metrics is None
