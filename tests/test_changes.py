"""Articles whose text was changed between versions: a page, a feed, JSON; and the entry of a search for alerts."""

import tomllib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from press import archive_of

from indexer.alerts.alert_file import read_alerts
from search.model.article import Article, Paragraph, PrintedDate
from search.service.search import SearchParams
from web.app import create_app
from web.presenters.alert_entry import alert_entry

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST, SECOND = "2022-01-01T00:00:00Z", "2022-01-02T00:00:00Z"


def version(id: str, captured: str, text: str, **fields: object) -> Article:
    base = Article(
        f"desk/{id}/{captured[:10]}", id, captured=captured, headline=id.title(), paragraphs=(Paragraph(text),), language="en"
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def at(second: int) -> str:
    return f"2022-03-04T10:00:{second:02}.000000Z"


ARTICLES = (
    version("silent", FIRST, "The truce holds for now."),
    version("silent", SECOND, "The truce is broken.", changed=at(2)),
    version("corrected", FIRST, "The truce was signed on Monday."),
    version("corrected", SECOND, "The truce was signed on Tuesday.", corrections=("It was Tuesday.",), changed=at(3)),
    version("updated", FIRST, "Talks go on."),
    version("updated", SECOND, "Talks went on.", updated=PrintedDate("", "2022-01-02"), changed=at(1)),
    version("same", FIRST, "Saved twice, a truce."),
    version("same", SECOND, "Saved twice,  a truce.", tags=("new",), changed=at(9)),
    version("once", FIRST, "Saved once, a truce."),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(archive_of(tmp_path_factory.mktemp("changes"), *ARTICLES)).test_client()


def test_the_api_lists_changed_articles_the_latest_change_first(client: FlaskClient) -> None:
    found = client.get("/api/changes").json
    assert found
    assert [(each["id"], each["silent"]) for each in found["results"]] == [
        ("corrected", False),
        ("silent", True),
        ("updated", False),
    ]
    assert found["results"][1]["edit"] == {"since": "desk/silent/2022-01-01", "added": 2, "removed": 3, "fields": ["body"]}
    assert (found["total"], found["next"]) == (3, None)


def test_changed_articles_are_filtered_like_a_search_and_paged(client: FlaskClient) -> None:
    first = client.get("/api/changes?q=truce&page-size=1").json
    assert first
    assert (first["total"], [each["id"] for each in first["results"]]) == (2, ["corrected"])
    second = client.get(f"/api/changes?q=truce&page-size=1&cursor={first['next']}").json
    assert second
    assert ([each["id"] for each in second["results"]], second["next"]) == (["silent"], None)
    assert client.get("/api/changes?order-by=newest").status_code == 400


def test_the_page_says_how_much_changed_and_which_changes_are_not_mentioned(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/changes?q=truce").text, "lxml")
    assert [each.get_text() for each in soup.select(".hits .hit h3")] == ["Corrected", "Silent"]
    assert [each.get_text() for each in soup.select(".hits .hit strong")] == [
        "The page mentions a correction or an update.",
        "The page mentions no change.",
    ]
    [address] = [link["href"] for link in soup.select(".hits .note a") if "silent" in str(link["href"])]
    assert client.get(str(address)).status_code == 200


def test_the_filters_of_the_page_are_told_kept_and_taken_away(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/changes?q=truce&language=en&from-date=2020").text, "lxml")
    assert [(chip.bdi.get_text(), chip["href"]) for chip in soup.select(".chips a") if chip.bdi] == [
        ("Language: English", "/changes?q=truce&from-date=2020"),
        ("From 2020", "/changes?q=truce&language=en"),
    ]
    assert [(kept["name"], kept["value"]) for kept in soup.select("main form input[type=hidden]")] == [
        ("from-date", "2020"),
        ("language", "en"),
    ]


def test_the_feed_has_an_entry_for_each_change(client: FlaskClient) -> None:
    root = ElementTree.fromstring(client.get("/changes.atom?q=truce").data)
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Corrected", "Silent"]
    assert [entry.findtext(f"{ATOM}updated") for entry in entries] == [at(3), at(2)]
    assert entries[1].findtext(f"{ATOM}summary") == (
        "2 words added, 3 removed since the version “Saved 1 January 2022, 00:00 (UTC)”. The page mentions no change."
    )
    ids = {entry.findtext(f"{ATOM}id") for entry in entries}
    assert len(ids) == 2
    plain = ElementTree.fromstring(client.get("/feed.atom?q=truce").data)
    assert ids.isdisjoint(entry.findtext(f"{ATOM}id") for entry in plain.findall(f"{ATOM}entry"))
    assert root.findtext(f"{ATOM}id") != plain.findtext(f"{ATOM}id")


def test_without_changes_the_page_says_so(tmp_path: Path) -> None:
    client = create_app(archive_of(tmp_path, ARTICLES[-1])).test_client()
    assert "No article in the archive has a version with another text." in client.get("/changes").text


@pytest.mark.parametrize(
    "asked",
    [
        SearchParams("peace talks"),
        SearchParams('"a \\ b" \x7f <script>', filters={"section": ('W"orld', "Ä"), "year": ("2022",)}, from_date="2022-03"),
        SearchParams(query_fields=("headline",), filters={"author": ("Ng, Ada",)}, to_date="2023"),
    ],
    ids=["words", "signs", "filters"],
)
def test_the_entry_of_a_search_is_read_as_that_search(tmp_path: Path, asked: SearchParams) -> None:
    tomllib.loads(alert_entry(asked))
    file = tmp_path / "searches.toml"
    file.write_text(alert_entry(asked))
    [alert] = read_alerts(file).alerts
    assert alert.question == asked


def test_a_page_of_results_offers_the_entry(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get('/?q="truce"&language=en').text, "lxml")
    assert [each.get_text().strip() for each in soup.select("details pre")] == [
        '[[search]]\nname = "\\"truce\\""\nquery = "\\"truce\\""\nlanguage = ["en"]\nto = "stdout"'
    ]
