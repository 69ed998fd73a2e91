"""The page of an article: the results before and after it, its link, its dates in the reader's words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from press import ARTICLES, MENDED, WIRE, archive_of

from search.engines.protocol import Reader, open_engine
from search.model.article import Article, Paragraph, PrintedDate
from search.query.nodes import SearchRequest
from search.service.search import SearchParams, neighbours
from search.settings import Limits, Settings
from web.app import create_app
from web.i18n.catalogue import set_locale
from web.presenters.formatting import moment_words, reading_date, update_words, zone_words


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return archive_of(tmp_path_factory.mktemp("articles"), *ARTICLES, *WIRE, MENDED)


@pytest.fixture(scope="module")
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def soup(client: FlaskClient, url: str) -> BeautifulSoup:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.data, "html.parser")


def address(page: Tag, selector: str) -> str | None:
    found = page.select_one(selector)
    return str(found["href"]) if found else None


def listed(client: FlaskClient, url: str) -> Iterator[str]:
    """The addresses of all hits, page after page."""
    page = soup(client, url)
    yield from (str(a["href"]) for a in page.select(".hit h3 a"))
    following = page.select_one(".pager a[aria-current] ~ a")
    if following:
        yield from listed(client, str(following["href"]))


WALKS = [
    "/?q=treaty&page-size=5",
    "/?q=ministers&order-by=oldest&page-size=4",
    "/?order-by=newest&page-size=7",
    "/?q=treaty&not-author=Ada+Ng&order-by=newest",
    "/?q=pumps",
    "/?q=pumps&collapse=false",
    "/?q=truce&versions=all",
    "/?q=treaty+ministers+flood+armistice&page-size=3",
    "/?section=Politics&from-date=1972&view=full",
]


@pytest.mark.parametrize("url", WALKS)
def test_next_and_previous_lead_through_all_results_in_their_order(client: FlaskClient, url: str) -> None:
    hits = [*listed(client, url)]
    assert len(hits) > 1 or "pumps" in url

    for number, hit in enumerate(hits):
        page = soup(client, hit)
        assert address(page, ".walk [rel=prev]") == (hits[number - 1] if number else None)
        assert address(page, ".walk [rel=next]") == (hits[number + 1] if number + 1 < len(hits) else None)
        assert f"{number + 1} of {len(hits)}" in page.select_one(".walk").get_text()  # type: ignore[union-attr]
        assert hit in [str(a["href"]) for a in soup(client, str(address(page, ".back a"))).select(".hit h3 a")]


def test_a_wire_copy_stands_where_its_group_stands(client: FlaskClient) -> None:
    results = soup(client, "/?q=flood")
    copies = [str(a["href"]) for a in results.select(".copies a")]
    assert copies

    first, copy = (soup(client, url) for url in (str(address(results, ".hit:has(.copies) h3 a")), copies[0]))
    assert copy.select_one(".walk") == first.select_one(".walk") is not None


@pytest.mark.parametrize("place", ["2", "0", "99", "-1", "x", "10001", "9" * 30, "١"])
def test_a_place_that_another_article_has_by_now_leads_nowhere(client: FlaskClient, place: str) -> None:
    [hit] = soup(client, "/?q=armistice").select(".hit h3 a")

    page = soup(client, str(hit["href"]).replace("at=1", f"at={place}"))
    assert not page.select(".walk")
    assert address(page, ".back a") == "/?q=armistice"


@pytest.mark.parametrize("wrong", ["from-date=never", "page-size=0", "page-size=1000", "q=%28" + "%28" * 30])
def test_a_search_that_is_refused_leaves_the_article_without_neighbours(client: FlaskClient, wrong: str) -> None:
    assert not soup(client, f"/article/armistice?{wrong}&at=1").select(".walk")


def test_a_version_keeps_its_place_and_a_similar_article_has_none(client: FlaskClient) -> None:
    page = soup(client, "/article/armistice?q=armistice&at=1")

    assert all("at=1" in str(a["href"]) for a in page.select(".versions a"))
    assert not [a for a in page.select(".articles a") if "at=" in str(a["href"])]


def test_results_behind_a_cursor_by_date_do_not_say_which_they_are(client: FlaskClient) -> None:
    following = client.get("/api/search?q=ministers&order-by=newest&page-size=5&collapse=true").get_json()["next"]

    hits = soup(client, f"/?q=ministers&order-by=newest&page-size=5&cursor={following}").select(".hit h3 a")
    assert len(hits) == 5
    assert not [hit for hit in hits if "at=" in str(hit["href"])]


def test_no_values_and_no_periods_are_counted_for_the_neighbours(settings: Settings) -> None:
    asked: list[SearchRequest] = []

    class Watched:
        def __init__(self, reader: Reader) -> None:
            self.reader = reader

        def __getattr__(self, name: str) -> Any:
            return getattr(self.reader, name)

        def search(self, request: SearchRequest) -> Any:
            asked.append(request)
            return self.reader.search(request)

    question = SearchParams("treaty", facets=("section", "author"), timeline="year", page=3, collapse=True)
    with open_engine(settings.index) as engine:
        hits = engine.reader().search(SearchRequest(query=_word("treaty"), size=3)).hits
        found = neighbours(Watched(engine.reader()), question, 2, hits[1].article.id, Limits())  # type: ignore[arg-type]

    assert found
    assert found.before
    assert [request.size for request in asked if request.facets or request.timeline or request.size > 3] == []


def _word(text: str) -> Any:
    from search.query.parsing.parser import parse

    return parse(text, Limits()).query


def test_the_link_of_an_article_has_nothing_of_the_search(client: FlaskClient) -> None:
    page = soup(client, "/article/armistice?q=truce&page-size=5&view=full&at=1")
    link = "http://localhost/article/armistice"

    assert address(page, "#permalink") == link == page.select_one("#permalink").get_text()  # type: ignore[union-attr]
    assert not [text for text in page.select("pre") if "truce&" in text.get_text() or "at=" in text.get_text()]
    earlier = soup(client, "/article/armistice?q=truce&version=beacon%2Farmistice-early.html")
    assert address(earlier, "#permalink") == f"{link}?version=beacon%2Farmistice-early.html"


MORNING = PrintedDate("March 4, 2022 10:00 CET", "2022-03-04T10:00:00+01:00")


@pytest.mark.parametrize(
    ("language", "published", "words"),
    [
        ("en", MORNING, "Friday, 4 March 2022, 10:00 (UTC+1)"),
        ("de", MORNING, "Freitag, 4. März 2022, 10:00 Uhr (UTC+1)"),
        ("es", MORNING, "viernes, 4 de marzo de 2022, 10:00 (UTC+1)"),
        ("fr", MORNING, "vendredi 4 mars 2022, 10:00 (UTC+1)"),
        ("en", PrintedDate("", "2022-03-04T10:00:00Z"), "Friday, 4 March 2022, 10:00 (UTC)"),
        ("en", PrintedDate("", "2022-03-04T10:00-03:30"), "Friday, 4 March 2022, 10:00 (UTC−3:30)"),
        ("en", PrintedDate("", "2022-03-04T10:00"), "Friday, 4 March 2022, 10:00"),
        ("en", PrintedDate("", "1912-04-15"), "15 April 1912"),  # of either calendar
        ("en", PrintedDate("", "1953-07"), "July 1953"),
        ("en", PrintedDate("", "1953"), "1953"),
    ],
)
def test_a_date_is_said_as_a_reader_says_it(language: str, published: PrintedDate, words: str) -> None:
    set_locale(language)
    try:
        assert reading_date(published) == words
    finally:
        set_locale(None)


@pytest.mark.parametrize(
    ("published", "updated", "words"),
    [
        (MORNING, PrintedDate("", "2022-03-04T12:30:00+01:00"), "updated at 12:30 (UTC+1)"),
        (MORNING, PrintedDate("", "2022-03-05T12:30:00+01:00"), "updated 5 March 2022, 12:30 (UTC+1)"),
        (MORNING, PrintedDate("", "2022-03-04T09:00:00Z"), ""),  # the same instant
        (MORNING, PrintedDate("", "2022-03-04T08:59:00Z"), ""),
        (MORNING, PrintedDate("", "2022-03-04"), ""),
        (PrintedDate("", "2022-03-04"), PrintedDate("", "2022-03-04T12:30"), "updated at 12:30"),
        (PrintedDate("", "2022-03-04"), PrintedDate("", "2022-03-04"), ""),
        (None, PrintedDate("", "2022-03-04"), "updated 4 March 2022"),
        (MORNING, None, ""),
    ],
)
def test_an_update_is_told_if_it_came_later(published: PrintedDate | None, updated: PrintedDate | None, words: str) -> None:
    assert update_words(Article("a/b", "a", published=published, updated=updated)) == words


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2022-03-04T10:00+05:30", "Times are 5.5 hours ahead of UTC."),
        ("2022-03-04T10:00-01:00", "Times are 1 hour behind UTC."),
        ("2022-03-04T10:00Z", "Times are in UTC."),
        ("2022-03-04T10:00", ""),
    ],
)
def test_the_time_zone_of_the_page_is_said_in_words(tmp_path: Path, iso: str, words: str) -> None:
    article = Article("a/b", "a", headline="Zones", paragraphs=(Paragraph("A line."),), published=PrintedDate("printed", iso))
    assert zone_words(article) == words

    page = soup(create_app(archive_of(tmp_path, article)).test_client(), "/article/a")
    assert f"printed {words}".strip() in " ".join(page.get_text().split())


def test_an_instant_is_said_in_words_and_anything_else_left_as_it_is() -> None:
    assert moment_words("2026-11-29T03:57:03Z") == "29 November 2026, 03:57 (UTC)"
    assert moment_words("2026-13-29T03:57:03Z") == "2026-13-29T03:57:03Z"
    assert moment_words('"><script>') == '"><script>'
