"""Searches taken along: the Atom feed, the OpenSearch description, the page of the API, the box for other sites."""

import json
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from uuid import UUID
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from press import ARTICLES, CURRENT, HOSTILE, archive_of

from search.engines.protocol import open_engine
from search.model.article import Article, PrintedDate
from web.app import create_app

ATOM = "{http://www.w3.org/2005/Atom}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(archive_of(tmp_path_factory.mktemp("feeds"), *ARTICLES)).test_client()


def feed(client: FlaskClient, url: str) -> Element:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.data)


def said(parent: Element, tag: str) -> list[str | None]:
    return [found.text for found in parent.iter(ATOM + tag)]


def hrefs(parent: Element, rel: str) -> list[str | None]:
    return [link.get("href") for link in parent.findall(ATOM + "link") if link.get("rel") == rel]


def test_a_feed_has_the_hits_of_its_search_newest_first_where_they_were_added_together(client: FlaskClient) -> None:
    found = feed(client, "/feed.atom?q=treaty&section=Politics&from-date=1975")

    titles = [entry.findtext(ATOM + "title") for entry in found.findall(ATOM + "entry")]
    assert titles == [f"Treaty talks, round {number}" for number in range(11, 4, -1)]
    assert found.findtext(ATOM + "title") == "treaty – Broadsheet"
    assert hrefs(found, "alternate") == ["http://localhost/?q=treaty&from-date=1975&section=Politics"]
    assert hrefs(found, "self") == ["http://localhost/feed.atom?q=treaty&section=Politics&from-date=1975"]


def test_an_entry_has_what_a_reader_shows(client: FlaskClient) -> None:
    (entry,) = feed(client, "/feed.atom?q=armistice").findall(ATOM + "entry")

    changed = client.get("/api/articles/armistice").json["article"]["changed"]  # type: ignore[index]
    assert (entry.findtext(ATOM + "published"), entry.findtext(ATOM + "updated")) == ("1953-07-27T00:00:00Z", changed)
    assert said(entry, "name") == ["Ruth Okafor", "Ng, Ada"]
    assert said(entry, "summary") == ["Delegates signed the armistice in eleven minutes on Monday."]
    assert [category.get("term") for category in entry.findall(ATOM + "category")] == ["World", "Korea"]
    assert hrefs(entry, "alternate") == ["http://localhost/article/armistice"]
    assert hrefs(entry, "via") == ["https://beacon.example/1953/armistice?a=1&b=2"]
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


@pytest.mark.parametrize("url", ["/feed.atom", "/feed.atom?q=treaty", "/feed.atom?q=none", "/feed.atom?q=has:correction"])
def test_a_feed_is_valid_as_rfc_4287_has_it(client: FlaskClient, url: str) -> None:
    found = feed(client, url)
    entries = found.findall(ATOM + "entry")

    for element in (found, *entries):
        assert [len(element.findall(ATOM + tag)) for tag in ("id", "title", "updated")] == [1, 1, 1]
        assert UUID(element.findtext(ATOM + "id"))
        assert datetime.fromisoformat(element.findtext(ATOM + "updated", "")).tzinfo
        assert len(hrefs(element, "alternate")) == 1
    assert found.findall(f"{ATOM}author/{ATOM}name")
    assert len({entry.findtext(ATOM + "id") for entry in entries}) == len(entries)
    assert found.findtext(ATOM + "updated", "") >= max((entry.findtext(ATOM + "updated", "") for entry in entries), default="")


def test_ids_stay_the_same_whatever_the_host_and_the_search(client: FlaskClient) -> None:
    one, other = (
        feed(client, "/feed.atom?q=armistice&page=3"),
        client.get("/feed.atom?q=delegates", base_url="http://127.0.0.1:99/a"),
    )

    assert said(one, "id")[1] == said(ElementTree.fromstring(other.data), "id")[1]
    assert said(one, "id")[0] == said(feed(client, "/feed.atom?q=armistice&order-by=oldest"), "id")[0]
    assert said(one, "id")[0] != said(feed(client, "/feed.atom?q=truce"), "id")[0]


def test_what_the_archive_gets_last_comes_first_whenever_it_was_published(tmp_path: Path) -> None:
    url = archive_of(tmp_path, Article("a/new", "new", headline="New", published=PrintedDate("", "2022")))
    with open_engine(url.index) as engine:
        engine.add([Article("a/old", "old", headline="Old", published=PrintedDate("", "1990"))])
    assert said(feed(create_app(url).test_client(), "/feed.atom"), "title")[1:] == ["Old", "New"]


def test_next_links_lead_through_all_entries(tmp_path: Path) -> None:
    articles = [Article(f"a/{n}", f"a{n}", headline=f"Truce {n}") for n in range(70)]
    client = create_app(archive_of(tmp_path, *articles)).test_client()
    url, titles = "/feed.atom?q=truce", []
    for count in (30, 30, 10):
        part = feed(client, url)
        titles += said(part, "title")[1:]
        assert len(part.findall(ATOM + "entry")) == count
        url = next(iter(hrefs(part, "next")), None) or ""
    assert url == ""
    assert sorted(filter(None, titles)) == sorted(f"Truce {n}" for n in range(70))


@pytest.mark.parametrize(
    ("published", "moment"),
    [
        ("1953", "1953-01-01T00:00:00Z"),
        ("1954-07", "1954-07-01T00:00:00Z"),
        ("2022-03-04T10:00", "2022-03-04T10:00:00Z"),
        ("2022-03-04T00:30:00+01:00", "2022-03-03T23:30:00Z"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00Z"),
    ],
)
def test_moments_are_rfc_3339(tmp_path: Path, published: str, moment: str) -> None:
    client = create_app(
        archive_of(tmp_path, Article("a/b", "b", headline="A", published=PrintedDate("", published)))
    ).test_client()

    assert said(feed(client, "/feed.atom"), "published") == [moment]


def test_hostile_text_stays_text_in_a_feed(tmp_path: Path) -> None:
    nasty = Article("a/b", "c\x00d", headline="A\x00\x08\ufffe \ud800 ]]> &lt;", authors=("<script>",), tags=("\x01",))
    client = create_app(archive_of(tmp_path, HOSTILE, nasty)).test_client()
    found = feed(client, "/feed.atom")

    assert len(found.findall(ATOM + "entry")) == 2
    assert {element.tag.partition("}")[0] for element in found.iter()} == {ATOM[:-1]}
    assert "A \ufffd ]]> &lt;" in said(found, "title")
    assert not re.search('href="javascript', client.get("/feed.atom").text)


def test_a_search_page_names_its_feed_and_its_box(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/?q=treaty&section=Politics&order-by=oldest&page=2").data, "html.parser")
    feed_link, box = page.select_one("link[rel=alternate]"), page.select_one("link[rel=search]")
    assert feed_link
    assert box

    assert feed_link["href"] == "/feed.atom?q=treaty&section=Politics"
    assert len(feed(client, str(feed_link["href"])).findall(ATOM + "entry")) == 12
    assert client.get(str(box["href"])).content_type.startswith("application/opensearchdescription+xml")


def test_a_feed_is_made_anew_only_when_the_archive_changes(client: FlaskClient) -> None:
    etag = client.get("/feed.atom?q=treaty").headers["ETag"]

    assert client.get("/feed.atom?q=treaty", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/feed.atom?q=treaty", headers={"If-None-Match": etag}, base_url="http://127.0.0.1").status_code == 200


def test_a_feed_that_cannot_be_made_is_a_problem(client: FlaskClient) -> None:
    answer = client.get("/feed.atom?from-date=soon")

    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


def test_browsers_are_told_how_to_search_here(client: FlaskClient) -> None:
    root = ElementTree.fromstring(client.get("/opensearch.xml", base_url="http://localhost/archive").data)
    templates = {url.get("type"): url.get("template") for url in root.iter(OPENSEARCH + "Url")}

    assert root.findtext(OPENSEARCH + "ShortName") == "Broadsheet"
    assert templates["text/html"] == "http://localhost/archive/?q={searchTerms}"
    assert (
        client.get(
            str(templates["text/html"]).format(searchTerms=quote("treaty talks"))[len("http://localhost/archive") :]
        ).status_code
        == 200
    )


def test_the_api_page_shows_each_operation_of_the_document_with_a_live_example(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/api").data, "html.parser")
    document = json.loads(client.get("/openapi.json").data)

    operations = [(method, path, one) for path, methods in document["paths"].items() for method, one in methods.items()]
    headings = [heading.get_text() for heading in page.select("section h2 code")]
    assert headings == [f"{method.upper()} {path}" for method, path, _ in operations]
    for section, (method, _, operation) in zip(page.select("section"), operations, strict=True):
        assert [row.get_text() for row in section.select("tbody th")] == [p["name"] for p in operation.get("parameters", ())]
        assert section.select_one("ul").get_text()  # type: ignore[union-attr]
        assert (section.a is not None) == (method == "get")
        assert section.a is None or client.get(str(section.a["href"])).status_code == 200
    assert "integer from 1 to 100; by default 10" in page.get_text()
    assert "several: one of section, author" in page.get_text()


def test_examples_of_the_api_find_the_application_where_it_is_mounted(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/api", base_url="http://localhost/archive").data, "html.parser")

    assert str(page.select("section a")[0]["href"]).startswith("/archive/api/search?q=")


def test_an_empty_archive_has_a_feed_and_an_api_page_too(tmp_path: Path) -> None:
    client = create_app(archive_of(tmp_path)).test_client()

    assert not feed(client, "/feed.atom").findall(ATOM + "entry")
    assert client.get("/api").status_code == 200


def test_the_box_for_other_sites_is_shown_as_it_is_written(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/embed", base_url="http://localhost/archive").data, "html.parser")
    form = BeautifulSoup(page.select_one("#embed-form").get_text(), "html.parser").select_one("form")  # type: ignore[union-attr]
    script = BeautifulSoup(page.select_one("#embed-script").get_text(), "html.parser").select_one("script")  # type: ignore[union-attr]
    assert form
    assert script

    assert form["action"] == "http://localhost/archive/"
    assert script["src"] == "http://localhost/archive/static/box.js"
    assert form in page.select("main form")
    assert script in page.select("main script")
    with client.get("/static/box.js") as answer:
        assert answer.mimetype == "text/javascript"


def test_a_feed_has_the_newest_30_articles_whatever_page_is_asked_for(tmp_path: Path) -> None:
    days = [f"2022-03-{day:02}" for day in range(31, 0, -1)]
    client = create_app(
        archive_of(tmp_path, *(Article(f"a/{d}", d, headline=d, published=PrintedDate(d, d)) for d in days))
    ).test_client()

    entries = feed(client, "/feed.atom?page=2&page-size=5").findall(ATOM + "entry")
    assert [entry.findtext(ATOM + "title") for entry in entries] == days[:30]


def test_all_of_the_archive_is_in_no_feed_twice(client: FlaskClient) -> None:
    assert len(feed(client, "/feed.atom").findall(ATOM + "entry")) == CURRENT
