"""The examples in deploy/: nginx and Caddy in front of a real server, and the units of systemd."""

import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection, HTTPMessage, HTTPSConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from press import ARTICLES, archive_of

from tests.serving import ROOT, server

DEPLOY = ROOT / "deploy"
NAME = "archive.example.org"
START_SECONDS = 60


def _needs(*programs: str) -> pytest.MarkDecorator:
    missing = [name for name in programs if not shutil.which(name)]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}: apt install {' '.join(missing)}")


@pytest.fixture(scope="module")
def broadsheet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server that accepts the name of the examples."""
    settings = replace(archive_of(tmp_path_factory.mktemp("deploy"), *ARTICLES), processes=1)
    with server(settings, BROADSHEET_TRUSTED_HOSTS=NAME) as (_, _, port):
        yield port


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


Ask = Callable[..., Answer]


@pytest.fixture
def nginx(broadsheet: int, tmp_path: Path) -> Iterator[Ask]:
    port = _free_port()
    certificate = [f"{tmp_path}/site.pem", f"{tmp_path}/site.key"]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={NAME}", "-days", "1"]
    subprocess.run([*request, "-out", certificate[0], "-keyout", certificate[1]], check=True, capture_output=True)
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for example, here in {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        f"/etc/ssl/{NAME}.pem": certificate[0],
        f"/etc/ssl/{NAME}.key": certificate[1],
        "127.0.0.1:8000": f"127.0.0.1:{broadsheet}",
    }.items():
        assert example in site
        site = site.replace(example, here)
    places = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = f"daemon off; master_process off; pid {tmp_path}/pid; events {{}} http {{ access_log off; {places} {site} }}"
    (tmp_path / "nginx.conf").write_text(config)
    insecure = ssl._create_unverified_context()

    with _running(["nginx", "-p", str(tmp_path), "-e", "stderr", "-c", str(tmp_path / "nginx.conf")], port):
        yield _asking(lambda: HTTPSConnection("127.0.0.1", port, timeout=60, context=insecure))


@pytest.fixture
def caddy(broadsheet: int, tmp_path: Path) -> Iterator[Ask]:
    port = _free_port()
    site = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    site = site.replace(f"{NAME} {{", f"http://{NAME}:{port} {{").replace("127.0.0.1:8000", f"127.0.0.1:{broadsheet}")
    (tmp_path / "Caddyfile").write_text(f"{{\n\tadmin off\n\tstorage file_system {tmp_path}/storage\n}}\n{site}")

    with _running(["caddy", "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")], port):
        yield _asking(lambda: HTTPConnection("127.0.0.1", port, timeout=60))


@pytest.fixture(params=[pytest.param("nginx", marks=_needs("nginx", "openssl")), pytest.param("caddy", marks=_needs("caddy"))])
def ask(request: pytest.FixtureRequest) -> Ask:
    proxy: Ask = request.getfixturevalue(request.param)
    return proxy


def test_proxy_passes_pages_and_the_api_on(ask: Ask) -> None:
    page, answer = ask("GET", "/?q=truce"), ask("GET", "/api/search?q=truce")

    assert (page.status, answer.status) == (200, 200)
    assert b"<mark>" in page.body
    assert b'"total"' in answer.body


def test_proxy_keeps_compression_caching_and_security_headers(ask: Ask) -> None:
    page = ask("GET", "/?q=truce", **{"Accept-Encoding": "br"})

    assert page.headers["Content-Encoding"] == "br"
    assert page.headers["ETag"]
    assert "default-src" in page.headers["Content-Security-Policy"]


def test_proxy_passes_lists_of_names_and_exports_on(ask: Ask) -> None:
    names = ask("POST", "/api/names", body=json.dumps({"names": ["Eisenhower"] * 2_000}).encode())
    export = ask("GET", "/api/export?q=truce&format=jsonl")

    assert names.status == 200
    assert export.status == 200
    assert export.body.count(b"\n") >= 1


def test_proxy_answers_on_one_connection_after_the_other(ask: Ask) -> None:
    assert {ask("GET", f"/api/search?q=truce&page-size={size}").status for size in range(1, 30)} == {200}


@_needs("systemd-analyze")
def test_units_of_systemd_are_valid(tmp_path: Path) -> None:
    units = [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]
    for unit in units:  # the program of the examples is not installed here
        text = unit.read_text(encoding="utf-8").replace("/opt/broadsheet/bin/broadsheet", shutil.which("true") or "/bin/true")
        (tmp_path / unit.name).write_text(text)

    checked = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())], capture_output=True, text=True, timeout=120
    )

    assert (checked.returncode, checked.stderr) == (0, "")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and not _listens(port) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.poll() is None, process.stderr and process.stderr.read()
        yield
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _asking(connect: Callable[[], HTTPConnection]) -> Ask:
    def ask(method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = connect()
        connection.request(method, path, body, {"Host": NAME, **headers})
        answer = connection.getresponse()
        received = Answer(answer.status, answer.headers, answer.read())
        connection.close()
        return received

    return ask
