"""Who may ask, and how often: tokens, the sign-in header of a proxy, the limit per client, pages of other sites."""

import base64
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import request
from flask.testing import FlaskClient
from press import ARTICLES, archive_of
from serving import get, server
from werkzeug.test import TestResponse

from indexer.cli.commands import main
from search.errors import SettingsError
from search.settings import Settings
from web.access import rate_limit
from web.access.clients import Client, TrustedProxies
from web.access.cors import Cors
from web.access.rate_limit import PLACES, ROWS, RateLimit, retry_after, shared_table
from web.access.scopes import OPEN, SCOPE_OF, SCOPES
from web.access.shared import Shared
from web.access.tokens import TokenFile, add, read, remove
from web.app import create_app

ADDRESSES = {  # one of each scope
    "search": ["/", "/?q=treaty", "/api/search?q=treaty", "/api/suggest?q=tr", "/names", "/pictures", "/api", "/embed"],
    "article": ["/article/armistice", "/changes/armistice", "/cite/bibtex/armistice", "/api/articles/armistice",
                "/api/articles/armistice/versions", "/api/articles/armistice/similar", "/saved/armistice",
                "/saved-file/armistice"],
    "export": ["/api/export?q=treaty", "/api/pictures"],
    "feed": ["/feed.atom?q=treaty"],
}  # fmt: skip
OPEN_ADDRESSES = ["/healthz", "/readyz", "/openapi.json", "/opensearch.xml", "/help", "/static/broadsheet.css"]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return archive_of(tmp_path_factory.mktemp("access"), *ARTICLES)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tokens.json"
    add(path, "nobody", ("search",), date(2000, 1, 1))
    return path


@pytest.fixture
def closed(settings: Settings, file: Path) -> FlaskClient:
    return create_app(replace(settings, tokens=str(file))).test_client()


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


def ask(client: FlaskClient, url: str, secret: str) -> TestResponse:
    return client.get(url, headers=bearer(secret))


# ---------------------------------------------------------------- scopes


def test_every_route_has_a_scope(settings: Settings) -> None:
    endpoints = {rule.endpoint for rule in create_app(settings).url_map.iter_rules()}
    assert endpoints == set(SCOPE_OF)
    assert set(SCOPE_OF.values()) == {*SCOPES, OPEN}


def test_a_route_without_a_scope_is_closed(settings: Settings, file: Path) -> None:
    app = create_app(replace(settings, tokens=str(file)))
    app.add_url_rule("/api/new", "new", lambda: "secret")
    secret = add(file, "all", tuple(SCOPES), None)

    assert ask(app.test_client(), "/api/new", secret).status_code == 403


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_opens_what_its_scope_says_and_nothing_else(closed: FlaskClient, file: Path, scope: str) -> None:
    secret = add(file, scope, (scope,), None)
    for needed, urls in ADDRESSES.items():
        for url in urls:
            response = ask(closed, url, secret)
            assert (response.status_code == 403) == (needed != scope), url
            if needed == scope:
                assert response.status_code == 200 or url.startswith("/saved"), url


@pytest.mark.parametrize("url", [url for urls in ADDRESSES.values() for url in urls])
def test_without_a_token_nothing_of_the_archive_is_told(closed: FlaskClient, url: str) -> None:
    response = closed.get(url)

    assert response.status_code == 401
    assert "Bearer realm=" in str(response.headers.getlist("WWW-Authenticate"))
    assert response.headers["Cache-Control"] == "no-store, private"
    if url.startswith(("/api/", "/feed")):
        assert response.content_type == "application/problem+json"
        assert json.loads(response.data)["status"] == 401
    else:
        assert "text/html" in response.content_type
        assert "Korean truce" not in response.text


def test_the_list_of_names_is_closed_too(closed: FlaskClient) -> None:
    assert closed.post("/api/names", json=["Dean"]).status_code == 401
    assert closed.post("/names", data={"names": "Dean"}).status_code == 401


@pytest.mark.parametrize("url", OPEN_ADDRESSES)
def test_what_is_not_of_the_archive_stays_open(closed: FlaskClient, url: str) -> None:
    assert closed.get(url).status_code == 200


def test_a_browser_is_asked_for_a_password_but_not_by_a_script(closed: FlaskClient) -> None:
    assert [value.split()[0] for value in closed.get("/").headers.getlist("WWW-Authenticate")] == ["Basic", "Bearer"]
    assert [value.split()[0] for value in closed.get("/api/search").headers.getlist("WWW-Authenticate")] == ["Bearer"]


def test_a_token_is_taken_as_the_password_of_any_user(closed: FlaskClient, file: Path) -> None:
    secret = add(file, "reader", ("search",), None)

    assert closed.get("/", headers=basic("anybody", secret)).status_code == 200
    assert closed.get("/", headers=basic(secret, "")).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x y", "Basic !!!", "Basic Og==", "Digest a=b", "Bearer \xff", "Bearer nobody", "x"],
)
def test_ugly_credentials_are_refused(closed: FlaskClient, header: str) -> None:
    assert closed.get("/api/search", headers={"Authorization": header}).status_code == 401


def test_the_description_says_what_a_closed_archive_asks_for(settings: Settings, file: Path) -> None:
    described = create_app(replace(settings, tokens=str(file), rate_limit=9)).test_client().get("/openapi.json").get_json()
    plain = create_app(settings).test_client().get("/openapi.json").get_json()
    schemes = described["components"]["securitySchemes"]
    answers = {path: set(next(iter(methods.values()))["responses"]) for path, methods in described["paths"].items()}

    assert {(scheme["type"], scheme["scheme"]) for scheme in schemes.values()} == {("http", "bearer"), ("http", "basic")}
    assert described["security"] == [{name: []} for name in schemes]
    assert all(({"401", "403", "429"} <= found) == path.startswith("/api/") for path, found in answers.items())
    assert described["paths"]["/healthz"]["get"]["security"] == []
    assert "security" not in str(plain)
    assert "429" not in str(plain)


# ---------------------------------------------------------------- caches


def test_a_kept_response_is_not_given_to_whoever_may_not_ask(closed: FlaskClient, file: Path) -> None:
    allowed, other = add(file, "allowed", ("search",), None), add(file, "other", ("article",), None)
    first = ask(closed, "/api/search?q=treaty", allowed)
    again = ask(closed, "/api/search?q=treaty", allowed)
    copy = bearer(other) | {"If-None-Match": first.headers["ETag"]}

    assert again.data == first.data  # from the cache: it says the same time
    assert ask(closed, "/api/search?q=treaty", other).status_code == 403
    assert closed.get("/api/search?q=treaty", headers=copy).status_code == 403
    assert closed.get("/api/search?q=treaty", headers={"If-None-Match": first.headers["ETag"]}).status_code == 401
    for response in (first, again):
        assert response.cache_control.private
        assert "Authorization" in response.vary


def test_responses_of_one_set_of_scopes_are_not_kept_for_another(closed: FlaskClient, file: Path) -> None:
    one, both = add(file, "one", ("search",), None), add(file, "both", ("search", "article"), None)
    assert ask(closed, "/?q=treaty", one).headers["ETag"] != ask(closed, "/?q=treaty", both).headers["ETag"]


def test_an_open_archive_says_nothing_of_private(settings: Settings) -> None:
    response = create_app(settings).test_client().get("/?q=treaty")
    assert (response.headers["Cache-Control"], "Authorization" in response.vary) == ("no-cache", False)


# ---------------------------------------------------------------- feeds


def test_a_feed_can_be_read_with_a_token_in_its_address_that_shows_nowhere(
    settings: Settings, file: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    asked = replace(settings, tokens=str(file), access_log=str(log), log_queries="plain", log_clients=True)
    client = create_app(asked).test_client()
    secret = add(file, "reader", ("feed",), None)
    response = client.get(f"/feed.atom?q=treaty&token={secret}&section=World")

    assert response.status_code == 200
    assert secret not in response.text + str(response.headers) + log.read_text()
    assert 'href="http://localhost/feed.atom?q=treaty&amp;section=World"' in response.text
    assert client.get("/feed.atom?q=treaty", headers=basic("", secret)).status_code == 200


def test_an_address_takes_no_token_that_can_do_more(closed: FlaskClient, file: Path) -> None:
    more, only = add(file, "more", ("feed", "search"), None), add(file, "only", ("feed",), None)

    assert closed.get(f"/feed.atom?token={more}").status_code == 401
    assert closed.get(f"/?token={only}").status_code == 401
    assert closed.get(f"/api/search?token={more}").status_code == 401
    assert ask(closed, "/feed.atom", more).status_code == 200


# ---------------------------------------------------------------- the file of tokens


def test_the_file_holds_no_token_and_is_for_its_owner_alone(file: Path) -> None:
    secret = add(file, "desk", ("search",), None)

    assert len(secret) > 43
    assert secret not in file.read_text()
    assert secret[4:] not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == [file.name]


def test_a_token_ends_after_its_last_day(file: Path) -> None:
    today = datetime.now(UTC).date()
    until_today, until_yesterday = (add(file, f"{days}", ("search",), today - timedelta(days)) for days in (0, 1))
    tokens = TokenFile(file)

    assert tokens.find(until_today)
    assert tokens.find(until_yesterday) is None


def test_changes_are_noticed_without_a_restart(closed: FlaskClient, file: Path) -> None:
    assert ask(closed, "/", "x").status_code == 401
    secret = add(file, "desk", ("search",), None)
    assert ask(closed, "/", secret).status_code == 200
    remove(file, "desk")
    assert ask(closed, "/", secret).status_code == 401


@pytest.mark.parametrize("break_it", ["remove", "write", "open"])
def test_with_a_file_that_cannot_be_read_no_token_is_valid(
    closed: FlaskClient, file: Path, break_it: str, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = add(file, "desk", ("search",), None)
    assert ask(closed, "/", secret).status_code == 200
    kept = file.read_bytes()
    match break_it:
        case "remove":
            file.unlink()
        case "write":
            file.write_text("[{")
        case "open":
            file.chmod(0o622)

    assert [ask(closed, "/", secret).status_code for _ in range(2)] == [401, 401]
    assert capsys.readouterr().err.count(str(file)) >= 1
    file.unlink(missing_ok=True)
    file.write_bytes(kept)
    file.chmod(0o600)
    assert ask(closed, "/", secret).status_code == 200


@pytest.mark.parametrize(
    "content", ["", "{}", "[{}]", '[{"name":"a","sha256":"b","scopes":"search","created":"2026-01-01"}]', "\xff"]
)
def test_a_file_that_is_none_of_tokens_is_a_clear_error(settings: Settings, tmp_path: Path, content: str) -> None:
    path = tmp_path / "tokens.json"
    path.write_text(content, encoding="latin-1")
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="not a file of tokens"):
        create_app(replace(settings, tokens=str(path)))


def test_two_commands_at_once_lose_no_token(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: add(path, str(number), ("search",), None), range(40)))
    assert sorted(int(token.name) for token in read(path)) == list(range(40))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["token", *arguments])


def test_the_command_adds_lists_and_removes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tokens.json"
    monkeypatch.setenv("BROADSHEET_TOKENS", str(path))
    added = run("add", "desk", "--scope", "search, article", "--expires", "2999-12-31")
    old = run("add", "old", "--scope", "feed", "--expires", "2000-01-01")
    listed, as_json = run("list"), run("list", "--json")

    assert (added.exit_code, old.exit_code) == (0, 0)
    assert TokenFile(path).find(added.stdout.strip())
    assert "desk: search, article; " in listed.stdout
    assert "expired 2000-01-01" in listed.stdout
    assert [json.loads(line)["expired"] for line in as_json.stdout.splitlines()] == [False, True]
    assert "sha256" not in as_json.stdout
    assert (run("remove", "desk").exit_code, run("remove", "desk").exit_code) == (0, 1)
    assert TokenFile(path).find(added.stdout.strip()) is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "a", "--scope", "serach"], "serach; the scopes are search"),
        (["add", "a", "--scope", ","], "--scope search"),
        (["add", "nobody", "--scope", "feed"], "already"),
        (["add", " ", "--scope", "feed"], "name"),
        (["add", "a\nb", "--scope", "feed"], "printable"),
        (["add", "a", "--scope", "feed", "--expires", "tomorrow"], "tomorrow"),
        (["add", "a", "--scope", "feed", "--file", "/none/tokens"], "/none"),
        (["list", "--file", "/none/tokens"], "/none/tokens"),
    ],
)
def test_wrong_use_of_the_command_is_named(file: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str) -> None:
    monkeypatch.setenv("BROADSHEET_TOKENS", str(file))
    done = run(*arguments)
    assert (done.exit_code, words in done.stderr) == (2, True), done.stderr


# ---------------------------------------------------------------- the header of a proxy


def signed_in(settings: Settings, proxies: str, peer: str, header: str = "X-Remote-User", log: Path | None = None) -> int:
    more = replace(
        settings, auth_header="X-Remote-User", trusted_proxies=proxies, access_log=str(log) if log else "off", log_clients=True
    )
    client = create_app(more).test_client()
    return client.get("/article/armistice", headers={header: "ada"}, environ_base={"REMOTE_ADDR": peer}).status_code


@pytest.mark.parametrize(
    ("proxies", "peer"),
    [("127.0.0.1", "127.0.0.1"), ("10.0.0.0/8, ::1", "10.1.2.3"), ("::1", "::1"), ("127.0.0.1", "::ffff:127.0.0.1"), ("unix", ""),
     ("fe80::/10", "fe80::1%eth0")],
)  # fmt: skip
def test_a_trusted_proxy_signs_readers_in(settings: Settings, tmp_path: Path, proxies: str, peer: str) -> None:
    assert signed_in(settings, proxies, peer, log=tmp_path / "log") == 200
    assert json.loads((tmp_path / "log").read_text())["client"] == "user ada"


@pytest.mark.parametrize(
    ("proxies", "peer"),
    [("127.0.0.1", "127.0.0.2"), ("10.0.0.0/8", "11.0.0.1"), ("::1", ""), ("unix", "127.0.0.1"), ("::1", "no")],
)
def test_the_header_is_not_believed_from_others(settings: Settings, proxies: str, peer: str) -> None:
    assert signed_in(settings, proxies, peer) == 403


def test_the_header_of_others_is_taken_away(settings: Settings) -> None:
    app = create_app(replace(settings, auth_header="X-Remote-User", trusted_proxies="127.0.0.1"))
    app.view_functions["pages.help"] = lambda: request.headers.get("X-Remote-User", "nobody")
    help_for = partial(app.test_client().get, "/help", headers={"X-Remote-User": "ada"})

    assert help_for(environ_base={"REMOTE_ADDR": "127.0.0.1"}).text == "ada"
    assert help_for(environ_base={"REMOTE_ADDR": "127.0.0.2"}).text == "nobody"


def test_an_empty_header_signs_nobody_in(settings: Settings) -> None:
    client = create_app(replace(settings, auth_header="X-Remote-User", trusted_proxies="127.0.0.1")).test_client()
    assert client.get("/", headers={"X-Remote-User": " "}).status_code == 403


@pytest.mark.parametrize(
    ("proxies", "words"), [("", "TRUSTED_PROXIES"), ("10.0.0.1/8", "10.0.0.1/8"), ("proxy.example", "proxy.example")]
)
def test_a_header_without_usable_proxies_is_a_clear_error(settings: Settings, proxies: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        create_app(replace(settings, auth_header="X-Remote-User", trusted_proxies=proxies))


def test_a_server_believes_the_header_from_its_proxy_in_no_other_spelling(settings: Settings) -> None:
    variables = {"BROADSHEET_AUTH_HEADER": "X-Remote-User", "BROADSHEET_TRUSTED_PROXIES": "127.0.0.1"}
    with server(settings, **variables) as (_, host, port):
        assert get(host, port, "/", **{"X-Remote-User": "ada"}).status == 200
        assert get(host, port, "/", X_Remote_User="ada").status != 200
        assert get(host, port, "/").status == 403


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        ("127.0.0.1", "6.6.6.6, unknown, 10.0.0.2", "10.0.0.2"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.1", "10.0.0.1"),
        ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_of_a_client_is_the_last_that_can_be_believed(peer: str, forwarded: str, client: str) -> None:
    proxies = TrustedProxies("127.0.0.1, 10.0.0.0/8")
    assert proxies.client_address({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}) == client


# ---------------------------------------------------------------- the limit per client


def test_more_than_the_limit_is_429_with_the_time_to_wait(settings: Settings) -> None:
    client = create_app(replace(settings, rate_limit=3)).test_client()
    answers = [client.get("/api/search?q=treaty") for _ in range(5)]

    assert [response.status_code for response in answers] == [200, 200, 200, 429, 429]
    assert answers[3].content_type == "application/problem+json"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 20
    page = client.get("/")
    assert (page.status_code, page.mimetype, "Retry-After" in page.headers) == (429, "text/html", True)
    assert {client.get(url).status_code for url in OPEN_ADDRESSES} == {200}
    assert client.get("/", environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code == 200


def test_a_token_is_one_client_wherever_it_is_used(settings: Settings, file: Path) -> None:
    client = create_app(replace(settings, tokens=str(file), rate_limit=2)).test_client()
    one, two = (add(file, name, ("search",), None) for name in ("one", "two"))
    places = [{"REMOTE_ADDR": f"198.51.100.{number}"} for number in range(3)]

    assert [client.get("/", headers=bearer(one), environ_base=place).status_code for place in places] == [200, 200, 429]
    assert client.get("/", headers=bearer(two), environ_base=places[0]).status_code == 200


def test_those_without_a_token_are_limited_too(settings: Settings, file: Path) -> None:
    client = create_app(replace(settings, tokens=str(file), rate_limit=2)).test_client()
    assert [client.get("/").status_code for _ in range(3)] == [401, 401, 429]


def test_addresses_are_told_apart_by_network_in_ipv6() -> None:
    keys = [Client(address).key for address in ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1", "10.0.0.1", "")]
    assert keys == ["2001:db8:0:1::/64", "2001:db8:0:1::/64", "2001:db8:0:2::/64", "10.0.0.1", ""]


def test_a_bucket_fills_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(rate_limit.time, "monotonic", lambda: now)
    limit = RateLimit(60, shared_table())

    assert [limit.wait_seconds("a") for _ in range(60)] == [0.0] * 60
    assert limit.wait_seconds("a") == pytest.approx(1.0)
    now += 0.5
    assert limit.wait_seconds("a") == pytest.approx(0.5)
    now += 0.5
    assert [limit.wait_seconds("a") for _ in range(2)] == [0.0, pytest.approx(1.0)]
    now += 1e6
    assert [limit.wait_seconds("a") for _ in range(61)] == [*[0.0] * 60, pytest.approx(1.0)]
    assert [retry_after(seconds) for seconds in (0.01, 1.0, 1.2)] == [1, 1, 2]


def test_processes_count_together() -> None:
    table = shared_table()
    for _ in range(2):
        if not (child := os.fork()):
            limit = RateLimit(60, table)
            os._exit(0 if not any(limit.wait_seconds("a") for _ in range(30)) else 1)
        assert os.waitpid(child, 0)[1] == 0
    assert RateLimit(60, table).wait_seconds("a") > 0
    assert RateLimit(60, table).wait_seconds("b") == 0


def test_clients_beyond_the_room_push_out_those_who_have_asked_least() -> None:
    limit = RateLimit(10, shared_table())
    while not limit.wait_seconds("busy"):
        pass
    for number in range(ROWS * PLACES):
        limit.wait_seconds(str(number))
    assert limit.wait_seconds("busy") > 0


# ---------------------------------------------------------------- pages of other sites


@pytest.fixture
def desk(settings: Settings) -> FlaskClient:
    return create_app(replace(settings, cors_origins="https://desk.example, http://localhost:3000")).test_client()


PREFLIGHT = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}


@pytest.mark.parametrize("url", ["/api/search?q=treaty", "/api/search?page=0", "/api/none", "/openapi.json", "/api/export"])
def test_a_page_of_a_listed_site_may_read_the_api(desk: FlaskClient, url: str) -> None:
    for _ in range(2):
        response = desk.get(url, headers={"Origin": "https://desk.example"})
        assert response.headers["Access-Control-Allow-Origin"] == "https://desk.example"
        assert "Origin" in response.vary
        assert "Access-Control-Allow-Credentials" not in response.headers
    other = desk.get(url, headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other.headers
    assert "Origin" in other.vary


@pytest.mark.parametrize("url", ["/", "/article/armistice", "/feed.atom", "/healthz", "/static/icon.svg", "/api"])
def test_pages_are_for_this_site_alone(desk: FlaskClient, url: str) -> None:
    assert "Access-Control-Allow-Origin" not in desk.get(url, headers={"Origin": "https://desk.example"}).headers


def test_a_preflight_is_answered_without_a_token(settings: Settings, file: Path) -> None:
    client = create_app(replace(settings, tokens=str(file), cors_origins="https://desk.example", rate_limit=1)).test_client()
    for _ in range(3):
        response = client.options("/api/search", headers={"Origin": "https://desk.example", **PREFLIGHT})
        assert (response.status_code, response.data) == (204, b"")
        assert response.headers["Access-Control-Allow-Origin"] == "https://desk.example"
        assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
        assert "POST" in response.headers["Access-Control-Allow-Methods"]
    other = client.options("/api/search", headers={"Origin": "https://evil.example", **PREFLIGHT})
    assert not [name for name in other.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118


def test_any_site_is_a_star_without_credentials(settings: Settings) -> None:
    client = create_app(replace(settings, cors_origins="*")).test_client()
    response = client.get("/api/search", headers={"Origin": "https://any.example"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert (
        "Authorization"
        in client.options("/api/search", headers={"Origin": "null", **PREFLIGHT}).headers["Access-Control-Allow-Headers"]
    )


def test_without_the_setting_no_site_may(settings: Settings) -> None:
    client = create_app(settings).test_client()
    assert "Access-Control-Allow-Origin" not in client.get("/api/search", headers={"Origin": "https://desk.example"}).headers


@pytest.mark.parametrize(
    "listed", ["desk.example", "https://desk.example/", "ftp://desk.example", "null", "https://", "https://*.example/x"]
)
def test_what_is_no_origin_is_a_clear_error(listed: str) -> None:
    with pytest.raises(SettingsError, match="BROADSHEET_CORS_ORIGINS"):
        Cors(listed)


def test_processes_share_key_and_table_that_no_text_shows() -> None:
    shared = Shared()
    assert repr(shared) == "Shared(metrics=None)"
    assert len(shared.key) == 32
    assert Shared().key != shared.key
