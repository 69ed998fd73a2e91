"""Pictures: captions and credits that a search finds, as cards, as a file, and by photographer."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import OpenNew
from flask.testing import FlaskClient
from press import ARTICLES, HOSTILE, archive_of

from search.engines.protocol import Engine
from search.errors import QueryRefused
from search.model.article import Article, Caption, Paragraph, PrintedDate
from search.model.results import FacetValue
from search.service import pictures
from search.service.pictures import FoundPictures, Photographers, all_pictures, find_photographers, find_pictures
from search.service.search import SearchParams
from search.settings import Limits
from web.app import create_app


def article(name: str, *captions: Caption, day: str = "2001", headline: str = "A day in town") -> Article:
    paragraphs = (Paragraph("The bridge was opened by the mayor."),)
    return Article(
        f"desk/{name}",
        name,
        headline=headline,
        paragraphs=paragraphs,
        captions=captions,
        language="en",
        published=PrintedDate(day, day),
    )


BRIDGE = article(
    "bridge", Caption("The old bridge at dawn", "Ada Marsh/The Post"), Caption("The mayor", "Bo Reed"), Caption(None, "Ada Marsh")
)  # fmt: skip
SPREAD = article(
    "spread", Caption("A bridge", "Bo Reed"), Caption("A view from the harbour at dawn"), Caption("Rain"), day="2002"
)
PLAIN = article("plain", day="2003", headline="Bridge at dawn")


def shown(found: FoundPictures) -> dict[str, list[int]]:
    return {each.article.id: [caption.index for caption in each.captions] for each in found.found}


def find(engine: Engine, text: str = "", credit: str = "", **asked: object) -> FoundPictures:
    return find_pictures(engine.reader(), SearchParams(text, **asked), credit, Limits())  # type: ignore[arg-type]


def photographers(engine: Engine, text: str = "") -> Photographers:
    return find_photographers(engine.reader(), SearchParams(text), Limits())


@pytest.fixture
def town(engine: Engine) -> Engine:
    engine.add([BRIDGE, SPREAD, PLAIN])
    return engine


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"spread": [0, 1, 2], "bridge": [0, 1, 2]}),
        ("bridges", {"spread": [0], "bridge": [0]}),
        ("bridge dawn", {"spread": [0, 1], "bridge": [0]}),
        ("bridge OR mayor", {"spread": [0], "bridge": [0, 1]}),
        ("marsh", {"bridge": [0, 2]}),
        ("dawn marsh", {"bridge": [0]}),
        ("bridge -harbour", {"bridge": [0]}),
        ('"at dawn" credit:reed', {"bridge": [0, 1], "spread": [0, 1]}),
        ("headline:town", {"spread": [0, 1, 2], "bridge": [0, 1, 2]}),
        ("has:credit mayor", {"bridge": [1]}),
        ("opened", {}),
        ("date:2001 bridge", {"bridge": [0]}),
    ],
)
def test_the_captions_are_those_that_have_what_was_asked_for(town: Engine, text: str, expected: dict[str, list[int]]) -> None:
    found = find(town, text, order_by="newest")
    assert shown(found) == expected
    assert found.articles == len(expected)
    assert found.count == sum(map(len, expected.values()))


def test_words_that_stand_in_several_captions_are_said_to(town: Engine) -> None:
    assert {each.article.id: each.together for each in find(town, "bridge dawn").found} == {"bridge": True, "spread": False}
    assert [each.together for each in find(town, "headline:town bridge").found] == [True, True], "the headline is no caption's"


def test_marks_are_of_what_was_typed_and_not_of_the_photographer(town: Engine) -> None:
    [found] = find(town, "dawn", "Ada Marsh").found
    [caption] = found.captions
    assert caption.text
    assert caption.credit
    assert [caption.text.text[start:end] for start, end in caption.text.marks] == ["dawn"]
    assert caption.credit.marks == ()


def test_photographers_are_counted_in_articles_that_have_such_pictures_by_them(town: Engine) -> None:
    assert photographers(town) == Photographers((FacetValue("Bo Reed", 2), FacetValue("Ada Marsh", 1)), complete=True)
    assert shown(find(town, credit="Ada Marsh")) == {"bridge": [0, 2]}
    assert photographers(town, "dawn").values == (FacetValue("Ada Marsh", 1),)


def test_a_list_of_photographers_that_may_lack_some_says_so(town: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SAMPLE", 1)
    assert photographers(town) == Photographers((FacetValue("Bo Reed", 2),), complete=False)


def test_the_number_of_pictures_is_told_only_if_all_are_on_the_page(town: Engine) -> None:
    first = find(town, page_size=1)
    assert (first.articles, first.count, first.pages) == (2, None, 2)
    assert len(first.found) == 1


def test_all_pictures_come_by_date(town: Engine) -> None:
    for order, ids in (("relevance", ["spread", "bridge"]), ("oldest", ["bridge", "spread"])):
        question = SearchParams("bridge", order_by=order, page=3)  # type: ignore[arg-type]
        assert [each.article.id for each in all_pictures(town.reader(), question, "", Limits())] == ids


def test_earlier_versions_are_left_out_unless_asked_for(open_new: OpenNew) -> None:
    engine = open_new()
    engine.add([replace(BRIDGE, captured="2001-01-01T00:00:00Z"), replace(PLAIN, id="bridge", captured="2002-01-01T00:00:00Z")])
    assert find(engine, "dawn").articles == 0
    assert find(engine, "dawn", versions=True).articles == 1


def test_limits_are_those_of_a_search(engine: Engine) -> None:
    with pytest.raises(QueryRefused):
        find(engine, "a " * 600)
    with pytest.raises(QueryRefused):
        find(engine, "", "a " * 600)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(archive_of(tmp_path_factory.mktemp("web"), *ARTICLES, HOSTILE)).test_client()


def soup(client: FlaskClient, url: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(url).data, "html.parser")


def test_a_card_leads_to_its_place_in_the_article_with_its_words_marked(client: FlaskClient) -> None:
    page = client.get("/pictures?q=truce+officers").text
    assert "<mark>Officers</mark> sign the <mark>truce</mark> papers." in page
    assert "1 picture in 1 article" in page
    link = page.split('href="/article/')[1].partition('"')[0].replace("&amp;", "&")
    address, _, place = link.partition("#")
    read = client.get(f"/article/{address}").text
    assert f'<figure id="{place}"' in read
    assert "</mark> sign the <mark>truce</mark> papers" in read
    assert "The <mark>" not in read, "only captions are searched"


@pytest.mark.parametrize("asked", ["?q=street", "?q=street&language=en&page=2&credit=Ada+Marsh", "?credit=Ada+Marsh", ""])
def test_an_article_opened_from_pictures_leads_back_to_the_very_same(tmp_path: Path, asked: str) -> None:
    some = [article(f"n{number}", Caption(f"Street {number}", "Ada Marsh")) for number in range(30)]
    client = create_app(archive_of(tmp_path, *some)).test_client()
    card = soup(client, f"/pictures{asked}").select(".cards .note a")[0]
    [back] = soup(client, str(card["href"])).select(".back a")

    assert (back["href"], back.get_text()) == (f"/pictures{asked}", "← Back to pictures")


def test_results_lead_to_the_pictures_of_the_same_search_if_the_archive_has_any(tmp_path: Path) -> None:
    def offered(client: FlaskClient) -> list[str]:
        page = soup(client, "/?q=dawn&section=Politics&query-fields=body&explain=true")
        return [str(link["href"]) for link in page.select(".understood a[href^='/pictures']")]

    some = replace(BRIDGE, section="Politics", paragraphs=(Paragraph("Dawn came."),))
    assert offered(create_app(archive_of(tmp_path / "some", some)).test_client()) == ["/pictures?q=dawn&section=Politics"]
    none = replace(some, captions=())
    assert offered(create_app(archive_of(tmp_path / "none", none)).test_client()) == []


def test_a_photographer_is_one_click_away_and_can_be_taken_back(client: FlaskClient) -> None:
    page = client.get("/pictures?q=ministers&section=Politics").text
    assert "/pictures?q=ministers&amp;section=Politics&amp;credit=Jo+Weber" in page
    by = client.get("/pictures?q=ministers&section=Politics&credit=Jo+Weber").text
    assert 'href="/pictures?q=ministers&amp;section=Politics"' in by
    assert '<input type="hidden" name="section" value="Politics">' in by


def test_a_page_has_a_next_one_and_says_where_they_end(tmp_path: Path) -> None:
    some = [article(f"n{number}", Caption(f"Street {number}", "Ada Marsh")) for number in range(30)]
    client = create_app(archive_of(tmp_path, *some)).test_client()
    first = client.get("/pictures?q=street").text
    assert "30 articles with pictures" in first
    assert 'href="/pictures?q=street&amp;page=2"' in first
    second = client.get("/pictures?q=street&page=2").text
    assert (first.count("<figure"), second.count("<figure")) == (24, 6)
    assert "the last page is 2" in client.get("/pictures?q=street&page=3").text


def test_of_a_gallery_the_first_are_shown_and_the_others_are_a_link(tmp_path: Path) -> None:
    gallery = article("gallery", *(Caption(f"Street {number}") for number in range(40)))
    client = create_app(archive_of(tmp_path, gallery)).test_client()
    page = client.get("/pictures?q=street").text
    assert "40 pictures in 1 article" in page
    assert page.count("<figure") == 6
    assert '#picture-7">34 more pictures in this article' in page


@pytest.mark.parametrize("credit", [" ".join(["Marsh"] * 70), "?!", "/The Post"], ids=["long", "no word", "no name"])
def test_a_credit_that_cannot_be_searched_for_is_shown_without_a_link(tmp_path: Path, credit: str) -> None:
    some = (BRIDGE, article("odd", Caption("A pier", credit), day="2009"))
    page = create_app(archive_of(tmp_path, *some)).test_client().get("/pictures")
    assert page.status_code == 200
    assert f"<bdi>{credit}</bdi></p>" in page.text
    assert "credit=Ada+Marsh" in page.text


def test_a_photographer_who_cannot_be_searched_for_is_named_as_what_is_wrong(client: FlaskClient) -> None:
    credit = "x" * 1001
    problem = client.get(f"/api/pictures?q=truce&credit={credit}").get_json()
    assert (problem["parameter"], problem["value"], problem["limit"]) == ("credit", credit, "characters")
    assert client.get(f"/pictures?credit={credit}").status_code == 400


def test_a_search_that_finds_no_pictures_leads_to_the_text(client: FlaskClient) -> None:
    page = client.get("/pictures?q=prisoners").text
    assert ">0 pictures<" in page
    assert 'href="/?q=prisoners"' in page
    assert 'href="/?q=%22prisoners%22"' in client.get("/pictures?credit=prisoners").text
    assert "instead" not in client.get("/pictures?q=zebra").text, "neither have articles that"


def test_pictures_of_publishers_are_shown_only_where_a_setting_allows_it(tmp_path: Path) -> None:
    for allowed in (False, True):
        settings = archive_of(tmp_path / str(allowed), *ARTICLES, remote_images=allowed)
        response = create_app(settings).test_client().get("/pictures")
        assert ('<img src="https://img.example/1.jpg"' in response.text) == allowed
        assert ("https:" in response.headers["Content-Security-Policy"]) == allowed


def test_hostile_captions_are_text(client: FlaskClient) -> None:
    page = client.get("/pictures?credit=%3Cscript%3E&q=%22%3E%3Cscript%3E").text
    assert "<script>" not in page.replace("</script>", "")


def test_all_pictures_are_exported(client: FlaskClient) -> None:
    answer = client.get("/api/pictures?q=truce+officers&format=csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pictures.csv"'
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["id"], row["number"], row["caption"], row["credit"], row["image"]) == (
        "armistice", "1", "Officers sign the truce papers.", "Ruth Doe/Agency", "https://img.example/1.jpg"
    )  # fmt: skip
    lines = [json.loads(line) for line in client.get("/api/pictures?credit=Jo+Weber").text.splitlines()]
    assert len(lines) == 12
    assert {line["credit"] for line in lines} == {"Jo Weber"}
    assert lines[0]["published"] > lines[-1]["published"]


@pytest.mark.parametrize(
    "url", ["/api/pictures?format=xml", "/api/pictures?colour=red", "/api/pictures?q=a*", "/api/pictures?page=0"]
)
def test_an_export_that_cannot_be_made_is_a_problem(client: FlaskClient, url: str) -> None:
    assert client.get(url).status_code == 400
