"""No address of the server shows what was withdrawn: every route is asked, before and after, also one that is added later."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from press import archive_of
from test_withdrawals import ADDRESS, EARLIER, ODD, OTHERS, TOWER

from indexer.load.withdraw import end_withdrawals, withdraw
from search.engines.protocol import open_engine
from search.model.article import Article
from search.model.saved_page import SavedPage
from search.settings import Settings
from web.app import create_app
from web.presenters.articles.citations import STYLES

ASKED = {  # addresses that show the article while it is in the archive, for routes that are no article's
    "pages.search": (
        "/?q=tower",
        f"/?q={ODD[:-1]}x",
        "/?q=tower&versions=all",
        "/?q=section:" + ODD,
        "/",
        "/?q=tow*&explain=true",
    ),
    "pages.api": ("/api",),
    "pages.values": ("/values/section?q=tower", "/values/author"),
    "api.search": ("/api/search?q=tower&facets=section,author&versions=all&timeline=day", f"/api/search?q={ODD[:-1]}x"),
    "api.suggest": (f"/api/suggest?q={ODD[:4]}", "/api/suggest?q=tower"),
    "api.export": ("/api/export?q=tower", "/api/export?q=tower&format=csv", "/api/export?versions=all"),
    "pictures.page": ("/pictures", "/pictures?q=" + ODD),
    "pictures.export": ("/api/pictures?q=tower", "/api/pictures?format=csv"),
    "feeds.feed": ("/feed.atom", "/feed.atom?q=tower"),
}
POSTED = ("names.page", "api.names", "selection.export_selection")
ECHOED = (ODD, ODD[:-1] + "x", ODD[:4])
"""What of it a page may say back, being asked for it."""


def read_saved_page(article: Article, root: str | None) -> SavedPage:
    assert root is None
    return SavedPage(f"<h1>{article.headline}</h1>", "html", changed=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return archive_of(tmp_path, *OTHERS, EARLIER, TOWER)


def addresses(app: Flask) -> dict[str, int]:
    """All addresses by which the article may be asked for, with the status that is right once it is withdrawn."""
    found: dict[str, int] = {}
    for rule in app.url_map.iter_rules():
        methods = rule.methods or set()
        assert "POST" not in methods or rule.endpoint in POSTED, "ask it below"
        if rule.endpoint == "static" or "GET" not in methods:
            continue
        if "id" in rule.arguments:
            for style in STYLES if "style" in rule.arguments else ("",):
                for id in (TOWER.id, quote(ADDRESS)):
                    start = rule.rule.replace("<style>", style).replace("<path:id>", id)
                    assert "<" not in start, "say here what the route takes"
                    found[start] = 410
                    if not start.endswith(("/versions", "/similar")):
                        found[f"{start}?version={EARLIER.source}"] = 410
        else:
            assert not rule.arguments or rule.endpoint in ASKED, "say here what the route takes"
            for address in ASKED.get(rule.endpoint, (rule.rule,)):
                found[address] = 200
    return found


def test_no_route_shows_a_withdrawn_article_in_any_process(settings: Settings) -> None:
    processes = [create_app(settings, read_saved_page) for _ in range(2)]
    clients = [app.test_client() for app in processes]
    before = {}
    for address, status in addresses(processes[0]).items():
        for client in (*clients, *clients):  # the second time from the cache
            response = client.get(address)
            before[address] = response
            if "version=" not in address and quote(ADDRESS) not in address:
                assert response.status_code == 200, address
        an_article = status == 410 and quote(ADDRESS) not in address and not address.endswith("/similar")
        if an_article or any(address in some for some in ASKED.values()):
            text = "".join(client.get(address).text for client in clients)
            assert ODD in text.casefold() or TOWER.id in text, address
    with open_engine(settings.index) as engine:
        withdraw(engine, [TOWER.id], "a court said so", by="ada")
    for address, status in addresses(processes[0]).items():
        for client in clients:
            etag = before[address].headers.get("ETag")
            for response in (client.get(address, headers={"If-None-Match": etag} if etag else {}), client.get(address)):
                text = response.text.casefold()
                for word in ECHOED if "?q=" in address else ():
                    if word in address:
                        text = text.replace(word, "")
                assert (response.status_code, ODD in text, TOWER.id in text and status == 200) == (status, False, False), address
                assert "a court said so" not in text
                if status == 410:
                    assert response.headers["Cache-Control"] == "no-store"
                    assert (response.mimetype == "application/problem+json") == address.startswith("/api/")


def test_it_can_be_selected_no_more(settings: Settings) -> None:
    client = create_app(settings).test_client()

    def selected(format: str) -> int:
        return client.post("/selection", data={"source": [TOWER.source], "format": format}).status_code

    assert [selected(format) for format in (*STYLES, "csv", "jsonl")] == [200] * (len(STYLES) + 2)
    with open_engine(settings.index) as engine:
        withdraw(engine, [TOWER.id], "court order", by="ada")
    assert [selected(format) for format in (*STYLES, "csv", "jsonl")] == [400] * (len(STYLES) + 2)


def test_a_list_of_names_counts_it_no_more(settings: Settings) -> None:
    client = create_app(settings).test_client()

    def counted() -> tuple[int, bool]:
        rows = client.post("/api/names", json=[f"Ada {ODD}"]).json
        page = client.post("/names", data={"names": f"tower sold {ODD}", "format": "csv"}).text
        assert rows
        return rows["names"][0]["articles"], "City Beacon" in page

    assert counted() == (1, True)
    with open_engine(settings.index) as engine:
        withdraw(engine, [TOWER.id], "court order", by="ada")
    assert counted() == (0, False)


@pytest.mark.parametrize("address", ["/article/{}", "/changes/{}", "/cite/bibtex/{}", "/saved/{}", "/saved-file/{}"])
def test_a_public_reason_is_shown_escaped_in_the_language_of_the_reader(settings: Settings, address: str) -> None:
    client = create_app(settings, read_saved_page).test_client()
    with open_engine(settings.index) as engine:
        withdraw(engine, [TOWER.id], "wrong <b>name</b>", by="ada", public=True)
    english, german = (client.get(address.format(TOWER.id), headers={"Accept-Language": tag}) for tag in ("en", "de"))
    assert (english.status_code, german.status_code) == (410, 410)
    assert "withdrawn from the archive. Reason given: wrong &lt;b&gt;name&lt;/b&gt;" in english.text
    assert "Artikel zurückgezogen" in german.text
    assert "Begründung: wrong &lt;b&gt;" in german.text


def test_the_api_gives_a_public_reason_by_id_and_by_address(settings: Settings) -> None:
    client = create_app(settings).test_client()
    with open_engine(settings.index) as engine:
        withdraw(engine, [ADDRESS], "wrong name", by="ada", public=True)
    for name in (TOWER.id, ADDRESS, "http://beacon.example/2020/tower/"):
        for rest in ("", "/versions", "/similar"):
            problem = client.get(f"/api/articles/{name}{rest}")
            assert problem.status_code == 410
            assert problem.json == {
                "type": "about:blank",
                "title": "Gone",
                "status": 410,
                "detail": "This article was withdrawn: wrong name",
            }
    assert client.get("/api/articles/https://beacon.example/2020/other").status_code == 404
    with open_engine(settings.index) as engine:
        end_withdrawals(engine, [TOWER.id], by="ada")
    assert client.get(f"/api/articles/{TOWER.id}").status_code == 404


def test_an_id_that_ends_like_another_address_is_withdrawn_by_its_own(tmp_path: Path) -> None:
    settings = archive_of(tmp_path, replace(TOWER, id="a/similar", url=None), *OTHERS)
    client: FlaskClient = create_app(settings).test_client()
    with open_engine(settings.index) as engine:
        withdraw(engine, ["a/similar"], "court order", by="ada")
    assert [client.get(f"/api/articles/{id}").status_code for id in ("a/similar", "a")] == [410, 404]
