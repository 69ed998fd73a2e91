"""Standing searches: each new hit is reported once, to each target, whatever happens in between."""

import json
import multiprocessing
import os
import random
import shutil
import signal
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import IO, Any

import pytest
from chromium import skip_or_fail
from conftest import OpenNew

from indexer.alerts.alert_file import Alert, Target, read_alerts
from indexer.alerts.delivery import append
from indexer.alerts.new_hits import latest_change, new_hits
from indexer.alerts.run import run_alerts
from indexer.alerts.state import Delivery, Told, open_state
from search.engines.protocol import Engine, open_engine
from search.errors import SettingsError
from search.model.article import Article, Paragraph
from search.query.parsing.synonyms import NO_SPELLINGS
from search.service.search import SearchParams
from search.settings import Limits, Settings

LOCAL = Settings(smtp_host="127.0.0.1", smtp_security="none")


def article(name: str, text: str, id: str | None = None, **fields: Any) -> Article:
    return Article(f"desk/{name}", id or name, headline=name.title(), paragraphs=(Paragraph(text),), language="en", **fields)


def searches(folder: Path, text: str) -> Path:
    file = folder / "searches.toml"
    file.write_text(text, encoding="utf-8")
    return file


def run(file: Path, engine: Engine, settings: Settings = LOCAL) -> list[str]:
    """The failures."""
    alerts = read_alerts(file)
    with open_state(file) as state:
        failures = [*alerts.failures, *run_alerts(alerts, engine.reader(), settings, NO_SPELLINGS, state)]
    return [f"{failure.name}: {failure.why}" for failure in failures]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


TRUCE = """
site = "https://archive.example.org/"
[[search]]
name = "Truces"
query = "truce -film"
to = [{ file = "truce.jsonl" }, { file = "truce.txt" }]
"""


def test_a_hit_is_reported_once_and_only_if_it_came_after_the_first_run(engine: Engine, tmp_path: Path) -> None:
    file, told = searches(tmp_path, TRUCE), tmp_path / "truce.jsonl"
    engine.add([article("before", "An old truce.")])
    assert run(file, engine) == []
    assert lines(told) == []
    engine.add([article("signed", "The truces were signed."), article("film", "A film of a truce."), article("other", "Rain.")])
    assert run(file, engine) == run(file, engine) == []
    [hit] = lines(told)
    assert (hit["search"], hit["kind"], hit["id"], hit["change"]) == ("Truces", "new", "signed", None)
    assert hit["link"] == "https://archive.example.org/article/signed"
    assert hit["highlights"]["body"][0]["html"] == "The <mark>truces</mark> were signed."
    assert "[new] Signed\n" in (tmp_path / "truce.txt").read_text()
    assert "The *truces* were signed." in (tmp_path / "truce.txt").read_text()


def test_a_changed_article_is_reported_as_changed_with_how_much(engine: Engine, tmp_path: Path) -> None:
    file, told = searches(tmp_path, TRUCE), tmp_path / "truce.jsonl"
    engine.add([article("a", "A truce is near.", id="x", captured="2022-01-01T00:00:00Z"), article("c", "A truce.")])
    run(file, engine)
    engine.add([article("b", "A truce is signed at last.", id="x", captured="2022-01-02T00:00:00Z")])
    engine.add([article("c", "A truce.", stamp="read again")])
    run(file, engine)
    [hit] = lines(told)
    assert (hit["kind"], hit["source"]) == ("changed", "desk/b")
    assert hit["change"] == {"since": "desk/a", "captured": "2022-01-01T00:00:00Z", "added": 4, "removed": 2}
    assert "   4 words added, 2 removed since the version saved 2022-01-01\n" in (tmp_path / "truce.txt").read_text()
    engine.add([article("c", "No truce.", stamp="rewritten")])
    run(file, engine)
    assert [(each["kind"], each["id"], each["change"]) for each in lines(told)[1:]] == [("changed", "c", None)]


def test_hits_are_those_of_a_search_of_the_whole_archive(open_new: OpenNew) -> None:
    """Articles without a language are found in the forms of languages that are frequent in the archive."""
    engine = open_new()
    engine.add([article(f"old{number}", "Old negotiations.") for number in range(30)])
    after = latest_change(engine.reader())
    engine.add([replace(article("new", "The negotiations failed."), language=None)])
    until = latest_change(engine.reader())
    alert = Alert("talks", SearchParams("negotiating"), (Target("stdout"),))
    assert [hit.article.id for hit in new_hits(alert, engine.reader(), Limits(), NO_SPELLINGS, after, until)] == ["new"]
    removed = Alert("removed", SearchParams("removed:failed"), (Target("stdout"),))
    engine.add([article("newer", "The negotiations went on.", id="new", captured="2022-01-01T00:00:00Z")])
    found = new_hits(removed, engine.reader(), Limits(), NO_SPELLINGS, until, latest_change(engine.reader()))
    assert [(hit.kind, hit.article.source) for hit in found] == [("changed", "desk/newer")]


def test_more_hits_than_a_page_are_all_reported_the_earliest_first(engine: Engine, tmp_path: Path) -> None:
    file = searches(tmp_path, TRUCE)
    run(file, engine)
    for part in range(3):
        engine.add([article(f"p{part}n{number}", "A truce.") for number in range(80)])
    run(file, engine)
    ids = [hit["id"] for hit in lines(tmp_path / "truce.jsonl")]
    assert len(ids) == len(set(ids)) == 240
    assert [id[:2] for id in ids] == sorted(id[:2] for id in ids)


def test_words_are_strict_as_in_a_feed(engine: Engine, tmp_path: Path) -> None:
    file = searches(tmp_path, '[[search]]\nname = "a"\nquery = "korea truce talks"\nto = { file = "a.jsonl" }')
    run(file, engine)
    engine.add([article("some", "Truce talks."), article("all", "Truce talks in Korea.")])
    run(file, engine)
    assert [hit["id"] for hit in lines(tmp_path / "a.jsonl")] == ["all"]


def test_since_says_what_is_new_to_a_search_that_has_not_run(engine: Engine, tmp_path: Path) -> None:
    engine.add([article("a", "A truce.")])
    file = searches(tmp_path, '[[search]]\nname = "a"\nsince = "2022"\nto = { file = "a.jsonl" }')
    run(file, engine)
    run(file, engine)
    assert [hit["id"] for hit in lines(tmp_path / "a.jsonl")] == ["a"]


def test_filters_and_dates_are_those_of_the_api(tmp_path: Path) -> None:
    file = searches(
        tmp_path,
        '[[search]]\nname = "a"\nsection = ["World", "Sport"]\nfrom-date = "2022"\nquery-fields = "headline"\nquery = "truce"\n'
        'to = { file = "a.jsonl" }',
    )
    [alert] = read_alerts(file).alerts
    assert alert.question.filters == {"section": ("World", "Sport")}
    assert (alert.question.from_date, alert.question.query_fields) == ("2022", ("headline",))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('query = "a"', "search 2: it has no name"),
        ('name = "Truces"', "Truces: there is another search of this name"),
        ('name = "b"\nqeury = "a"', "b: qeury is unknown"),
        ('name = "b"\nto = { webhook = "file:///etc/passwd" }', "b: webhook is 'file:///etc/passwd'"),
        ('name = "b"\nto = { email = "a b@c" }', "b: email is 'a b@c'"),
        ('name = "b"\nto = ["stdout", "stdout"]', "b: it has the same target twice"),
        ('name = "b"\nto = { file = "a", format = "csv" }', "b: format is 'csv'"),
        ('name = "b"\nsince = "soon"', "b: since is 'soon'"),
        ('name = "b"\nquery = "a*"\nto = { file = "b.txt" }', "b: a*: * needs at least 3 letters"),
        ('name = "b"\nfrom-date = "soon"\nto = { file = "b.txt" }', "b: give a date as 2022"),
    ],
)
def test_a_search_that_is_wrong_is_named_and_the_others_run(engine: Engine, tmp_path: Path, text: str, why: str) -> None:
    file = searches(tmp_path, TRUCE + "[[search]]\n" + text)
    [failure] = run(file, engine)
    assert failure.startswith(why)
    engine.add([article("a", "A truce.")])
    run(file, engine)
    assert len(lines(tmp_path / "truce.jsonl")) == 1


@pytest.mark.parametrize(
    ("text", "why"), [("[[search", "not a TOML"), ("", "no search"), ("seach = 1", "seach"), ("site = 1", "no")]
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        read_alerts(searches(tmp_path, text))


def test_two_processes_do_not_run_the_same_searches(tmp_path: Path) -> None:
    file = searches(tmp_path, TRUCE)
    with open_state(file), pytest.raises(SettingsError, match="Another process"), open_state(file):
        pass


def test_a_state_that_was_changed_is_refused(engine: Engine, tmp_path: Path) -> None:
    file = searches(tmp_path, TRUCE)
    run(file, engine)
    state = tmp_path / "searches.toml.state"
    state.write_text(state.read_text().replace("0", "1"))
    with pytest.raises(SettingsError, match="not what was written"):
        run(file, engine)


class Mails(socketserver.StreamRequestHandler):
    """As much of SMTP as smtplib needs."""

    received: list[bytes]
    refuse = False
    tls: ssl.SSLContext | None = None

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        if not self.talk(self.rfile, self.wfile) or not self.tls:
            return
        with (
            suppress(ssl.SSLError),  # of a client that does not trust the certificate
            self.tls.wrap_socket(self.connection, server_side=True) as connection,
            connection.makefile("rb") as rfile,
            connection.makefile("wb", 0) as wfile,
        ):
            self.talk(rfile, wfile)

    def talk(self, rfile: IO[bytes], wfile: IO[bytes]) -> bool:
        """Whether STARTTLS ended it."""
        while line := rfile.readline():
            word = line.split()[0].upper()
            if word == b"STARTTLS" and self.tls:
                wfile.write(b"220 go on\r\n")
                return True
            if word == b"DATA" and not type(self).refuse:
                wfile.write(b"354 go on\r\n")
                mail = b""
                while (part := rfile.readline()) != b".\r\n":
                    mail += part
                self.received.append(mail)
            refused = word == b"DATA" and type(self).refuse
            answers = {b"QUIT": b"221 bye\r\n", b"EHLO": b"250-here\r\n250 STARTTLS\r\n" if self.tls else b"250 ok\r\n"}
            wfile.write(b"451 later\r\n" if refused else answers.get(word, b"250 ok\r\n"))
        return False


@pytest.fixture
def mail_server() -> Iterator[tuple[type[Mails], int]]:
    handler = type("Handler", (Mails,), {"received": []})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield handler, server.server_address[1]
        server.shutdown()


def test_an_email_is_sent_and_has_the_same_message_id_when_it_is_sent_again(
    engine: Engine, tmp_path: Path, mail_server: tuple[type[Mails], int]
) -> None:
    mails, port = mail_server
    settings = replace(LOCAL, smtp_port=port, smtp_from="archive@example.org")
    file = searches(tmp_path, '[[search]]\nname = "Truce\\r\\nBcc: all"\nquery = "truce"\nto = { email = "desk@example.org" }')
    run(file, engine, settings)
    engine.add([article("a", "A *truce* in Kyïv.")])
    mails.refuse = True
    [failure] = run(file, engine, settings)
    assert "email desk@example.org" in failure
    begun = (tmp_path / "searches.toml.state").read_bytes()
    engine.add([article("b", "Another truce.")])
    mails.refuse = False
    assert run(file, engine, settings) == []
    first, second = map(message_from_bytes, mails.received)
    assert (first["Subject"], first["To"], first["From"]) == ("Truce Bcc: all: 1 new", "desk@example.org", "archive@example.org")
    assert b"Bcc" not in b"".join(
        line for line in mails.received[0].split(b"\r\n\r\n")[0].split(b"\r\n") if line.startswith(b"B")
    )
    assert "Kyïv" in first.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "Another" in second.get_payload(decode=True).decode()  # type: ignore[union-attr]
    (tmp_path / "searches.toml.state").write_bytes(begun)  # as if killed before the state was written
    run(file, engine, settings)
    assert message_from_bytes(mails.received[2])["Message-ID"] == first["Message-ID"] != second["Message-ID"]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of the mail server, with its key."""
    if shutil.which("openssl") is None:
        skip_or_fail("openssl is not there to make a certificate")
    file = tmp_path / "certificate.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *names, "-keyout", str(file), "-out", str(file)]
    subprocess.run(made, check=True, capture_output=True)
    return file


@pytest.mark.parametrize(
    ("offered", "trusted", "why"),
    [(True, True, ""), (True, False, "CERTIFICATE_VERIFY_FAILED"), (False, True, "STARTTLS")],
    ids=["trusted", "not trusted", "no STARTTLS"],
)
def test_mail_goes_through_starttls_or_not_at_all(
    engine: Engine, tmp_path: Path, mail_server: tuple[type[Mails], int], certificate: Path, monkeypatch: pytest.MonkeyPatch,
    offered: bool, trusted: bool, why: str,
) -> None:  # fmt: skip
    mails, port = mail_server
    if offered:
        mails.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        mails.tls.load_cert_chain(certificate)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings = Settings(smtp_host="127.0.0.1", smtp_port=port)
    file = searches(tmp_path, '[[search]]\nname = "a"\nquery = "truce"\nto = { email = "desk@example.org" }')
    run(file, engine, settings)
    engine.add([article("a", "A truce.")])
    failures = run(file, engine, settings)
    assert (len(failures), all(why in failure for failure in failures)) == (1 if why else 0, True), failures
    assert len(mails.received) == (0 if why else 1)
    if not trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert run(file, engine, settings) == []
        assert len(mails.received) == 1, "it is told once it can be"


class Hooks(BaseHTTPRequestHandler):
    received: list[tuple[str | None, Any]]
    status = 204

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.received.append((self.headers["Idempotency-Key"], body))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.mark.parametrize("status", [500, 302])
def test_a_webhook_gets_json_and_the_same_key_again_after_an_error(engine: Engine, tmp_path: Path, status: int) -> None:
    class Handler(Hooks):
        pass

    hooks = Handler
    hooks.received, hooks.status = [], status
    with HTTPServer(("127.0.0.1", 0), hooks) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/hook"
        file = searches(tmp_path, f'[[search]]\nname = "a"\nto = [{{ webhook = "{address}" }}, {{ file = "a.jsonl" }}]')
        run(file, engine)
        engine.add([article("a", "A truce.")])
        assert run(file, engine) == [f"a: webhook {address}: the server answers {status}"]
        assert len(lines(tmp_path / "a.jsonl")) == 1, "the other target is told"
        hooks.status = 204
        assert run(file, engine) == run(file, engine) == []
        server.shutdown()
    (first, body), (again, _) = hooks.received
    assert first == again == body["key"]
    assert (body["search"], [hit["id"] for hit in body["hits"]]) == ("a", ["a"])


def test_a_target_that_cannot_be_reached_is_named_and_told_later(engine: Engine, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    file = searches(
        tmp_path, f'[[search]]\nname = "a"\nto = [{{ webhook = "http://127.0.0.1:{port}/" }}, {{ file = "no/a.txt" }}]'
    )
    run(file, engine)
    engine.add([article("a", "A truce.")])
    failures = run(file, engine)
    assert len(failures) == 2
    (tmp_path / "no").mkdir()
    assert len(run(file, engine)) == 1
    assert "[new] A" in (tmp_path / "no" / "a.txt").read_text()


def command(engine_url: str, file: Path, *flags: str) -> list[str]:
    return [sys.executable, "-m", "indexer.cli.commands", "--index", engine_url, "alert", str(file), *flags]


def test_a_dry_run_prints_and_changes_nothing(tmp_path: Path) -> None:
    url = f"tantivy:{tmp_path / 'index'}"
    file = searches(tmp_path, TRUCE + 'since = "2022"')
    with open_engine(url, create=True) as engine:
        engine.add([article("a", "A truce.")])
    dry = subprocess.run(command(url, file, "--dry-run"), capture_output=True, text=True, check=True)
    assert "[new] A\n" in dry.stdout
    assert '"kind": "new"' in dry.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "searches.toml", "searches.toml.lock"]


def test_a_delivery_that_was_cut_off_is_completed_and_a_whole_one_left(tmp_path: Path) -> None:
    path, delivery = tmp_path / "a.txt", Delivery("key", 1, "one\ntwo\n", 1, offset=2)
    for there in ("x\n", "x\non", "x\none\ntwo\n"):
        path.write_text(there)
        append(path, delivery)
        assert path.read_text() == "x\none\ntwo\n"
    for there in ("", "x\nsomething else\n"):  # rotated; written to by another program
        path.write_text(there)
        append(path, delivery)
        assert path.read_text() == there + "one\ntwo\n"


def test_a_state_is_saved_only_if_what_it_tells_of_was_done(tmp_path: Path) -> None:
    file = searches(tmp_path, TRUCE)
    with open_state(file) as state:
        state.put(("a", "stdout"), Told(1))
        state.save()
        state.put(("a", "stdout"), Told(2))
        with pytest.raises(ZeroDivisionError):
            state.save_after(lambda: print(1 // 0))
    with open_state(file) as state:
        assert state.get(("a", "stdout")) == Told(1)
        state.put(("a", "stdout"), Told(2))
        state.save_after(lambda: None)
    with open_state(file) as state:
        assert state.get(("a", "stdout")) == Told(2)


FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["indexer.alerts.run", "search.engines.tantivy.engine"])


def run_into(url: str, file: Path, out: Path, begun: Event) -> None:
    """In a process of its own, its standard output appended to a file."""
    os.dup2(os.open(out, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 1)
    with open_engine(url) as engine:
        begun.set()
        assert run(file, engine) == []


def test_fifty_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """Of files, and of standard output that is one; killed at any moment, also while the state or a file is written."""
    url, chance = f"tantivy:{tmp_path / 'index'}", random.Random(1)
    text = "".join(
        f'[[search]]\nname = "s{n}"\nquery = "truce"\n'
        f'to = [{{ file = "{n % 2}.jsonl" }}, {{ stdout = true, format = "jsonl" }}]\n'
        for n in range(4)
    )
    file, out = searches(tmp_path, text), tmp_path / "out.jsonl"
    with open_engine(url, create=True) as engine:
        engine.add([article("first", "Rain.")])
        run(file, engine)
        for number in range(50):
            engine.add([article(f"a{number}n{n}", "A truce.") for n in range(10)])
            begun = FORKS.Event()
            process = FORKS.Process(target=run_into, args=(url, file, out, begun))
            process.start()
            assert begun.wait(60)
            process.join(chance.random() * 0.2)
            process.kill()
            process.join()
        begun = FORKS.Event()
        process = FORKS.Process(target=run_into, args=(url, file, out, begun))
        process.start()
        process.join()
        assert process.exitcode == 0
    expected = sorted((f"s{n}", f"a{number}n{each}") for n in range(4) for number in range(50) for each in range(10))
    for paths in ([tmp_path / "0.jsonl", tmp_path / "1.jsonl"], [out]):
        assert sorted((hit["search"], hit["id"]) for path in paths for hit in lines(path)) == expected


def test_watching_reports_what_comes_and_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    url, file = f"tantivy:{tmp_path / 'index'}", searches(tmp_path, '[[search]]\nname = "a"\nquery = "truce"')
    with open_engine(url, create=True) as engine:
        engine.add([article("first", "Rain.")])
        watching = subprocess.Popen(command(url, file, "--watch", "--interval", "1", "--json"), stdout=subprocess.PIPE)
        try:
            while not (tmp_path / "searches.toml.state").exists():
                assert watching.poll() is None
            engine.add([article("a", "A truce.")])
            assert watching.stdout
            assert json.loads(watching.stdout.readline())["id"] == "a"
        finally:
            watching.send_signal(signal.SIGTERM)
            watching.communicate(timeout=60)
        assert watching.returncode == 0
