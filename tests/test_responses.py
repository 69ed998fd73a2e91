"""Compression, the cache of responses, and static files."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import brotli
import pytest
from flask import Response
from flask.testing import FlaskClient
from press import ARMISTICE, ARTICLES, archive_of
from werkzeug.test import TestResponse

from search.engines.protocol import Reader, open_engine
from search.service.search import SearchParams, SearchResponse
from search.settings import Limits, Settings
from web import app as application
from web.app import create_app
from web.index_handle import MAX_CACHED, Archive
from web.openapi.document import openapi_json
from web.responses.compression import MIN_BYTES, accepted_encoding
from web.responses.response_cache import ENTRY_BYTES, MAX_SHARE, ResponseCache
from web.views import pages

DECODE: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}
CSS = "/static/broadsheet.css"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return archive_of(tmp_path_factory.mktemp("responses"), *ARTICLES)


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def ask(client: FlaskClient, url: str, encoding: str = "", **headers: str) -> TestResponse:
    return client.get(url, headers={"Accept-Encoding": encoding, **headers})


# ---------------------------------------------------------------- compression


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("gzip;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("*;q=0", None),
        ("deflate, zstd", None),
        (";;q=x", None),
    ],
)
def test_the_client_chooses_the_encoding(header: str, encoding: str | None) -> None:
    assert accepted_encoding(header) == encoding


@pytest.mark.parametrize("encoding", DECODE)
@pytest.mark.parametrize(
    "url",
    ["/", "/?q=treaty", "/article/armistice", "/help", "/api/search?q=treaty", "/openapi.json", "/feed.atom", "/?page=0", CSS],
)
def test_a_compressed_response_is_the_plain_one(client: FlaskClient, url: str, encoding: str) -> None:
    plain, packed = ask(client, url), ask(client, url, encoding)

    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, encoding)
    assert len(packed.data) == packed.content_length < len(plain.data)
    if url != "/api/search?q=treaty":  # which tells how long it took
        assert DECODE[encoding](packed.data) == plain.data
    for response in (plain, packed):
        assert "Accept-Encoding" in response.vary
    assert packed.headers.get("ETag") == plain.headers.get("ETag")


@pytest.mark.parametrize("url", ["/healthz", "/api/export", "/static/icon.svg"], ids=["short", "streamed", "short file"])
def test_what_is_short_or_streamed_is_not_compressed(client: FlaskClient, url: str) -> None:
    response = ask(client, url, "gzip, br")

    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers


def test_a_response_is_compressed_from_the_length_on_from_which_it_pays(client: FlaskClient) -> None:
    lengths = {}
    for size in (MIN_BYTES - 1, MIN_BYTES):
        client.application.view_functions["api.healthz"] = lambda size=size: Response("a" * size, mimetype="text/plain")
        lengths[size] = len(ask(client, "/healthz", "gzip").data)

    assert lengths[MIN_BYTES - 1] == MIN_BYTES - 1
    assert lengths[MIN_BYTES] < 100


@pytest.mark.parametrize("media_type", ["image/png", "application/octet-stream", "application/zip"])
def test_what_is_no_text_is_not_compressed(client: FlaskClient, media_type: str) -> None:
    client.application.view_functions["api.healthz"] = lambda: Response("a" * 9_000, mimetype=media_type)

    assert len(ask(client, "/healthz", "gzip").data) == 9_000


@pytest.mark.parametrize("encoding", ["", "br", "gzip"])
@pytest.mark.parametrize("url", ["/?q=treaty", "/api/search?q=treaty", CSS])
def test_a_copy_in_any_encoding_is_still_current(client: FlaskClient, url: str, encoding: str) -> None:
    etag = ask(client, url, "br").headers["ETag"]
    again = ask(client, url, encoding, **{"If-None-Match": etag})

    assert etag.startswith("W/")
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert "Accept-Encoding" in again.vary


@pytest.mark.parametrize("url", ["/?q=treaty", "/help", CSS])
def test_head_has_the_headers_of_get(client: FlaskClient, url: str) -> None:
    for _ in range(2):
        head = client.head(url, headers={"Accept-Encoding": "br"})
        got = ask(client, url, "br")

        assert head.data == b""
        assert dict(head.headers) == dict(got.headers)
    assert int(head.headers["Content-Length"]) == len(got.data)


# ---------------------------------------------------------------- static files


def test_a_static_file_is_kept_by_browsers_for_a_week(client: FlaskClient) -> None:
    response = ask(client, CSS)

    assert response.content_type == "text/css; charset=utf-8"
    assert response.data == (Path(application.__file__).parent / "static" / "broadsheet.css").read_bytes()
    assert response.headers["Cache-Control"] == "public, max-age=604800"
    since = {"If-Modified-Since": response.headers["Last-Modified"]}
    assert ask(client, CSS, **since).status_code == 304


@pytest.mark.parametrize("name", ["none.css", "", "../app.py", "..%2fapp.py", "%00", "broadsheet.css/", "a" * 300, "%ED%A0%80"])
def test_what_is_no_static_file_is_not_found(client: FlaskClient, name: str) -> None:
    assert ask(client, f"/static/{name}").status_code == 404


def test_a_range_of_a_static_file_is_answered_with_the_whole(client: FlaskClient) -> None:
    assert ask(client, CSS, "br", Range="bytes=0-3").data == ask(client, CSS, "br").data


def test_a_static_file_that_is_edited_is_read_again(client: FlaskClient, tmp_path: Path) -> None:
    client.application.static_folder = str(tmp_path)
    (tmp_path / "a.css").write_text("a" * MIN_BYTES)
    first = ask(client, "/static/a.css", "gzip")
    (tmp_path / "a.css").write_text("b" * MIN_BYTES)
    second = ask(client, "/static/a.css", "gzip", **{"If-None-Match": first.headers["ETag"]})

    assert gzip.decompress(second.data) == b"b" * MIN_BYTES


# ---------------------------------------------------------------- the cache


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The searches that views have run, in order."""
    asked: list[str] = []
    answer_search = Archive.answer

    def answer(self: Archive, reader: Reader, question: SearchParams, **more: bool) -> SearchResponse:
        asked.append(question.text)
        return answer_search(self, reader, question, **more)

    monkeypatch.setattr(Archive, "answer", answer)
    return asked


@pytest.mark.parametrize("url", ["/?q=treaty", "/api/search?q=treaty", "/feed.atom?q=treaty", "/?"])
@pytest.mark.parametrize("encoding", ["", "br"])
def test_a_repeated_request_is_answered_from_the_cache(client: FlaskClient, made: list[str], url: str, encoding: str) -> None:
    first, second = ask(client, url, encoding), ask(client, url, encoding)

    assert len(made) == 1
    assert (second.status_code, second.data, list(second.headers)) == (200, first.data, list(first.headers))


def test_a_response_from_the_cache_is_not_stored_again(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[bytes] = []
    put = ResponseCache.put
    monkeypatch.setattr(ResponseCache, "put", lambda self, key, *made: [stored.append(key), put(self, key, *made)])
    for _ in range(2):
        client.get("/?q=treaty")

    assert len(stored) == 1


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("/?q=treaties", {}),
        ("/?q=treaty&", {}),
        ("/?q=treaty", {"Accept-Language": "de"}),
        ("/?q=treaty", {"Accept-Encoding": "br"}),
        ("/?q=treaty", {"Host": "127.0.0.1"}),
        ("/?q=treaty", {"Host": "localhost:81"}),
        ("/feed.atom?q=treaty", {}),
        ("/api/search?q=treaty", {}),
    ],
)
def test_a_request_that_differs_is_answered_anew(client: FlaskClient, made: list[str], url: str, headers: dict[str, str]) -> None:
    client.get("/?q=treaty")
    client.get(url, headers=headers)

    assert len(made) == 2


def test_bytes_that_are_not_utf_8_do_not_stand_for_each_other(client: FlaskClient, made: list[str]) -> None:
    for query in ("%FF", "%FE", "%EF%BF%BD"):
        client.get(f"/?q={query}treaty")

    assert len(made) == 3


@pytest.mark.parametrize("url", ["/", "/?q=truce", "/api/search?q=truce", "/feed.atom?q=truce", "/article/armistice"])
def test_a_commit_makes_all_responses_anew(tmp_path: Path, url: str) -> None:
    settings = archive_of(tmp_path, ARMISTICE)
    client = create_app(settings).test_client()
    before = ask(client, url)
    with open_engine(settings.index) as engine:
        engine.add([replace(ARMISTICE, headline="A truce at last")])
    after = ask(client, url)

    assert ("at last" in before.text, "at last" in after.text) == (False, True)
    assert before.headers["ETag"] != after.headers["ETag"]


def test_midnight_makes_all_responses_anew(client: FlaskClient, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return date.today() + timedelta(days=1)

    client.get("/api/search?q=date:today")
    monkeypatch.setattr(application, "date", Tomorrow)
    client.get("/api/search?q=date:today")

    assert len(made) == 2


def test_an_outage_is_not_hidden_by_the_cache(tmp_path: Path) -> None:
    settings = archive_of(tmp_path, ARMISTICE)
    client = create_app(settings).test_client()
    assert client.get("/api/search?q=truce").status_code == 200
    for file in (tmp_path / "index").iterdir():
        file.unlink()

    assert client.get("/api/search?q=truce").status_code == 503


def test_a_request_with_credentials_is_neither_stored_nor_answered_from_the_cache(client: FlaskClient, made: list[str]) -> None:
    for _ in range(2):
        client.get("/api/search?q=treaty", headers={"Authorization": "Basic eDp5"})
    client.get("/api/search?q=treaty")
    client.get("/api/search?q=treaty", headers={"Authorization": "Basic eDp5"})

    assert len(made) == 4


def test_with_no_room_nothing_is_stored(settings: Settings, made: list[str]) -> None:
    client = create_app(Settings(index=settings.index, response_cache=0)).test_client()
    for _ in range(2):
        client.get("/api/search?q=treaty")

    assert len(made) == 2


@pytest.mark.parametrize(
    ("response", "stored"),
    [
        (Response("a"), True),
        (Response("a", 404), False),
        (Response(iter(["a"])), False),
        (Response("a", headers={"Set-Cookie": "a=b"}), False),
        (Response("a", headers={"Cache-Control": "private"}), False),
        (Response("a", headers={"Cache-Control": "no-store"}), False),
        (Response("a", headers={"Cache-Control": "no-cache"}), True),
        (Response("a" * 20_000), False),
    ],
    ids=["plain", "error", "streamed", "cookie", "private", "no-store", "no-cache", "large"],
)
def test_only_what_any_client_may_have_is_stored(response: Response, stored: bool) -> None:
    cache = ResponseCache(20_000 * MAX_SHARE)
    cache.put(b"key", response)

    assert (cache.get(b"key") is not None) is stored


def test_the_responses_used_least_recently_make_room() -> None:
    size = 10_000
    cache = ResponseCache((size + ENTRY_BYTES + 100) * MAX_SHARE)
    for number in range(MAX_SHARE):
        cache.put(b"%d" % number, Response("a" * size))
    cache.get(b"0")
    cache.put(b"new", Response("b" * size))

    assert cache.get(b"1") is None
    assert [cache.get(key) is not None for key in (b"0", b"2", b"7", b"new")] == [True] * 4


def test_the_cache_stays_within_its_bound() -> None:
    cache = ResponseCache(100_000)
    for number in range(1_000):
        cache.put(b"%d" % (number % 37), Response("a" * (number % 11_000)))

    kept = [entry.size for entry in cache._stored.values()]
    assert sum(kept) == cache.size <= 100_000
    assert len(kept) > 5


def test_the_openapi_document_is_made_once_for_each_set_of_limits() -> None:
    assert openapi_json(Settings()) is openapi_json(Settings())
    assert openapi_json(Settings(limits=Limits(characters=99))) != openapi_json(Settings())


# ---------------------------------------------------------------- what several responses share


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the article page has computed, in order."""
    done: list[str] = []
    for name in ("similar", "changes_of"):
        compute = getattr(pages, name)
        monkeypatch.setattr(pages, name, lambda *given, name=name, compute=compute: [done.append(name), compute(*given)][1])
    return done


def test_what_stands_beside_an_article_is_found_once_whatever_the_search(tmp_path: Path, computed: list[str]) -> None:
    settings = archive_of(tmp_path, *ARTICLES)
    client = create_app(settings).test_client()
    for query in ("truce", "treaty"):
        client.get(f"/article/armistice?q={query}")
    assert sorted(computed) == ["changes_of", "similar"]

    client.get("/article/geneve/1954")
    client.get("/article/undated?q=truce")
    assert len(computed) == 6

    with open_engine(settings.index) as engine:
        engine.add([replace(ARMISTICE, headline="A truce at last")])
    client.get("/article/armistice?q=truce")
    assert len(computed) == 8


def test_what_has_not_been_used_for_long_is_computed_again(settings: Settings) -> None:
    archive = Archive(settings, None)
    with open_engine(settings.index) as engine:
        reader = engine.reader()

        def computed(name: str) -> bool:
            done: list[str] = []
            archive.cached(reader, name, lambda: done.append(name))
            return bool(done)

        assert computed("used")
        for number in range(MAX_CACHED - 1):
            assert computed(str(number))
        assert not computed("used")
        assert computed("one more")
        assert computed("0")
        assert not computed("used")
