"""The pages for people, through Flask's test client and an HTML parser."""

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urljoin, urlsplit

import msgspec
import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from press import ARABIC, ARMISTICE, ARTICLES, CURRENT, EARLIER, HOSTILE, MENDED, WIRE, archive_of

from search.engines.protocol import Collection, Skip, open_engine
from search.model.article import Article, Caption, Paragraph, PrintedDate, Quote, Span
from search.model.results import CaptionFragment, Fragment, Highlights, Period
from search.settings import Limits, Settings
from web.app import create_app
from web.presenters.articles.article_page import MarkedArticle
from web.presenters.excerpts import excerpts
from web.presenters.facets import Choice, Group
from web.presenters.formatting import direction
from web.presenters.overview import Outlet, groups_beside
from web.presenters.timeline import may_show_months, timeline


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(archive_of(tmp_path_factory.mktemp("pages"), *ARTICLES)).test_client()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(archive_of(tmp_path_factory.mktemp("hostile"), HOSTILE)).test_client()


def soup(client: FlaskClient, url: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(url)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "text/html; charset=utf-8"
    return BeautifulSoup(answer.data, "html.parser")


def texts(page: Tag, selector: str) -> list[str]:
    return [" ".join(found.get_text().split()) for found in page.select(selector)]


def get_json(client: FlaskClient, url: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(url).get_json()
    return answer


def link(page: Tag, label: str) -> str:
    """The address of the one link whose text begins so."""
    (found,) = [a for a in page.select("a") if " ".join(a.get_text().split()).startswith(label)]
    return str(found["href"])


def test_the_front_page_shows_the_archive_at_a_glance(client: FlaskClient) -> None:
    page = soup(client, "/")

    assert texts(page, ".lede") == [f"{CURRENT} articles, from 27 July 1953 to 3 March 1981; 1 undated."]
    assert texts(page, ".hit h3") == [f"Treaty talks, round {number}" for number in range(11, 5, -1)]
    assert texts(page, ".outlets tbody tr") == ["Lens Weekly 1970–1981 12", "City Beacon 1953 1", "Le Regard 1954 1"]
    assert [str(path["d"]).count("M") for path in page.select(".outlets path")] == [12]  # none for one article
    assert str(page.select(".outlets path")[0]["d"]).startswith("M70 20V1.0")
    assert "World 1" in texts(page, ".facet li")
    assert page.select("svg a")
    assert page.select_one("form[role=search] input[name=q]")
    assert texts(page, ".timeline .gap title")[0] == "1956–1969: no articles in the archive"


def test_the_front_page_tells_what_is_missing_and_leads_there(client: FlaskClient) -> None:
    page = soup(client, "/")
    missing = {"No date": 1, "No author": 2, "No section": 2, "No URL": CURRENT - 1}

    for label, count in missing.items():
        found = soup(client, link(page, label))
        assert texts(found, ".summary h1") == [f"{count} article{'' if count == 1 else 's'}"]
        assert f"{label} {count}" in texts(page, ".facet li")
    assert texts(soup(client, link(page, "No date")), ".hit h3") == ["A treaty without a date"]


def test_the_front_page_lists_collections_and_counts_what_was_skipped(tmp_path: Path) -> None:
    settings = archive_of(tmp_path, *ARTICLES)
    client = create_app(settings).test_client()
    assert "Collections" not in texts(soup(client, "/"), "h3")
    with open_engine(settings.index) as engine:
        lens = Collection("lens", "/lens", "2022-03-04T23:30:00Z")
        engine.add([lens, Collection("beacon", "/beacon"), Skip("lens/x.html", "", "empty", "")])
    page = soup(client, "/")

    assert "1 saved page was skipped." in texts(page, ".facet .note")
    assert {"beacon 2", "lens 12", "last updated 4 March 2022"} <= set(texts(page, ".facet li"))
    german = client.get("/", headers={"Accept-Language": "de"})
    assert "zuletzt aktualisiert am 4. März 2022" in texts(BeautifulSoup(german.data, "html.parser"), ".facet li")
    assert texts(soup(client, link(page, "lens")), ".summary h1") == ["12 articles"]


def test_the_front_page_names_twelve_outlets_and_collections(tmp_path: Path) -> None:
    settings = archive_of(tmp_path, *(Article(f"c{n:02}/a", f"a{n}", publisher=f"Outlet {n:02}") for n in range(14)))
    with open_engine(settings.index) as engine:
        engine.add([Collection(f"c{number:02}", f"/c{number:02}") for number in range(14)])
    page = soup(create_app(settings).test_client(), "/")

    assert texts(page, ".outlets tbody tr") == [f"Outlet {number:02} 1" for number in range(12)]
    assert "and 2 more" in page.get_text()
    assert [text for text in texts(page, ".facet li") if text.startswith("c")] == [f"c{number:02} 1" for number in range(12)]


@pytest.mark.parametrize(("last", "bars"), [(1960, 3), (1961, 2)], ids=["60 years", "61"])
def test_an_outlet_has_a_bar_a_year_as_long_as_60_are_enough(tmp_path: Path, last: int, bars: int) -> None:
    printed = [PrintedDate(str(year), str(year)) for year in (1901, 1902, last, last, last)]
    archive = (Article(f"a/{n}", str(n), publisher="Beacon", published=when) for n, when in enumerate(printed))
    page = soup(create_app(archive_of(tmp_path, *archive)).test_client(), "/")

    assert str(page.select(".outlets path")[0]["d"]).count("M") == bars


def test_an_outlet_that_says_nothing_of_years_is_listed_all_the_same(tmp_path: Path) -> None:
    undated = Article("a/a.html", "a", publisher="<b>Beacon", headline="Undated")
    page = soup(create_app(archive_of(tmp_path, undated)).test_client(), "/")

    assert texts(page, ".outlets tbody tr") == ["<b>Beacon 1"]


QUERIES = [
    "q=truce",
    "q=treaty&page=2",
    "q=treaty&author=Ada+Ng&order-by=oldest",
    "order-by=newest&page_size=3&page=3",
    "section=World&section=Monde",
    "q=bulletin&versions=all",
    "q=%22met+spoke%22+OR+hudna&fromDate=1950",
]


@pytest.mark.parametrize("query", QUERIES)
def test_page_and_api_answer_alike(client: FlaskClient, query: str) -> None:
    page, api = soup(client, "/?" + query), client.get("/api/search?" + query).json

    assert api is not None
    assert texts(page, ".summary h1") == [f"{api['total']} article{'' if api['total'] == 1 else 's'}"]
    assert texts(page, ".hit h3") == [result["headline"] for result in api["results"]]
    assert [str(mark) for mark in page.select(".hit h3 mark")] == [
        mark for result in api["results"] for mark in re.findall("<mark>.*?</mark>", result["highlights"]["headline"]["html"])
    ]
    assert texts(page, ".understood bdi:first-of-type") == ([api["query"]["understood"]] if "q=" in query else [])


def test_a_hit_shows_what_matched_where(client: FlaskClient) -> None:
    (hit,) = soup(client, "/?q=truce+officers+okafor+agency&view=full").select(".hit")

    assert str(hit.select_one("h3 a mark")) == "<mark>truce</mark>"
    assert texts(hit, ".byline > *") == ["City Beacon", "27 July 1953", "World", "Ruth Okafor, Ng, Ada"]
    assert texts(hit, ".fragment.caption") == ["Caption Officers sign the truce papers. (Ruth Doe/Agency)"]
    assert texts(hit, ".fragment.caption mark") == ["Officers", "truce", "Agency"]
    assert texts(hit, ".fragment.name") == ["Author Ruth Okafor"]


def test_what_was_left_out_of_a_query_is_said(client: FlaskClient) -> None:
    assert "ignored: has:colour" in texts(soup(client, "/?q=treaty+has:colour"), ".understood")[0]


def test_facets_narrow_by_several_values_and_chips_take_them_away(client: FlaskClient) -> None:
    every = soup(client, "/?q=ministers&page=2")
    one, both = (soup(client, submitted(every, *chosen)) for chosen in (["Ada Ng"], ["Ada Ng", "Jo Weber"]))
    other = soup(client, link(both, "Author: Ada Ng"))

    assert [texts(page, ".summary h1") for page in (one, both, other)] == [["6 articles"], ["12 articles"], ["6 articles"]]
    assert texts(every, ".boxes li:has([name=author])") == ["Ada Ng 6−", "Jo Weber 6−"]
    assert texts(both, ".boxes li:has(:checked)") == ["Ada Ng 6", "Jo Weber 6"]
    assert texts(both, ".chips li") == ["Author: Ada Ng ×: remove filter", "Author: Jo Weber ×: remove filter"]
    assert texts(other, ".chips li") == ["Author: Jo Weber ×: remove filter"]


def submitted(page: Tag, *checked: str, button: Tag | None = None) -> str:
    """Where the search form leads with the boxes of these values checked, and with a button pressed."""
    fields = [*page.select("#search [name]"), *page.select("input[form=search]")]
    boxes = [field for field in fields if field.get("type") == "checkbox"]
    others = [(field["name"], field.get("value", "")) for field in fields if field not in boxes]
    chosen = [(box["name"], box["value"]) for box in boxes if box["value"] in checked or box.has_attr("checked")]
    pressed = [(button["name"], button["value"])] if button else []
    return "/?" + urlencode([*others, *chosen, *pressed])


def test_a_value_is_excluded_by_its_button_and_by_its_chip_taken_back(client: FlaskClient) -> None:
    every = soup(client, "/?q=ministers")
    (button,) = every.select("button[value='Ada Ng']")
    without = soup(client, submitted(every, button=button))
    neither = soup(client, submitted(without, button=without.select("button[value='Jo Weber']")[0]))

    assert button["title"] == "Exclude Ada Ng"
    assert texts(without, ".summary h1, .chips li") == ["6 articles", "Not Author: Ada Ng ×: remove filter"]
    assert texts(without, ".boxes li:has([name=author])") == ["Jo Weber 6−"]
    assert texts(neither, ".summary h1") == ["No articles with ministers ?Show details"]
    assert texts(soup(client, link(neither, "Not Author: Ada Ng")), ".summary h1") == ["6 articles"]


def test_a_chosen_value_stays_in_sight_where_no_result_has_it(client: FlaskClient) -> None:
    page = soup(client, "/?q=truce+OR+ministers&author=Nobody&author=Ada+Ng")

    assert texts(page, ".boxes li:has(:checked)") == ["Nobody 0", "Ada Ng 6"]
    assert not page.select("input[type=hidden]")


def test_what_narrows_best_comes_first_and_counts_say_of_what(client: FlaskClient) -> None:
    page = soup(client, "/?q=treaty+ministers")

    assert texts(page, "#narrow .facet h3") == ["Date", "Year", "Author", "Section", "Publisher", "Language", "Search in"]
    assert texts(page, "#narrow > .note") == ["Counts of the 12 articles with all your words"]
    assert texts(soup(client, "/?q=truce"), "#narrow > .note, .sheet-foot") == ["Counts of this 1 article", "Show 1 article"]


def test_all_values_of_a_filter_have_a_page(tmp_path: Path) -> None:
    many = (Article(f"a/{n}", f"a{n}", headline="Truce", section=f"Section {n:02}", language="en") for n in range(30))
    client = create_app(archive_of(tmp_path, *many)).test_client()
    page = soup(client, link(soup(client, "/?q=truce&section=Section+04&view=full"), "All 30"))

    assert texts(page, "h1, .note") == ["Section", "In the articles found for truce"]
    assert texts(page, ".values li") == [f"Section {n:02} 1" for n in range(30)]
    chosen = soup(client, link(page, "Section 29"))
    assert texts(chosen, ".summary h1, .chips li") == ["1 article", "Section: Section 29 ×: remove filter"]
    assert link(page, "← Back to results") == "/?q=truce&section=Section+04&view=full"
    assert client.get("/values/colour").status_code == 404
    assert client.get("/values/section?q=zebra").status_code == 200


def test_the_compact_view_shows_one_excerpt_and_every_link_keeps_the_view(client: FlaskClient) -> None:
    compact, full = (soup(client, f"/?q=truce+officers+okafor{view}") for view in ("", "&view=full"))

    assert [len(page.select(".hit .fragment.name")) for page in (compact, full)] == [0, 1]
    assert link(compact, "Full") == "/?q=truce+officers+okafor&view=full"
    assert texts(compact, ".views .chosen") == ["Compact"]
    kept = [str(a["href"]) for a in full.select(".orders a, .hit h3 a")]
    assert kept
    assert all("view=full" in url for url in kept)
    assert "view" not in "".join(str(a["href"]) for a in full.select(".menu a, .feed"))
    assert texts(soup(client, "/?q=truce&view=none"), ".views .chosen") == ["Compact"]


def test_a_view_shows_the_excerpts_in_which_most_words_matched() -> None:
    one, two, none = (Fragment("truce and talks", marks) for marks in (((0, 5),), ((0, 5), (10, 15)), ()))
    found = Highlights(None, (one, none, two), names=(("author", one), ("tag", one)))

    assert excerpts(found, "compact") == Highlights(None, (two,))
    assert excerpts(found, "full") == msgspec.structs.replace(found, body=(one, two))
    assert excerpts(msgspec.structs.replace(found, body=(none,)), "compact") == Highlights(
        None, (none,), names=(("author", one),)
    )


MILL, TRUCE = "The mill on Saturday. ", "A truce was signed here. "


@pytest.mark.parametrize(
    ("caption", "cut_start", "cut_end"),
    [
        (MILL * 30 + TRUCE, True, False),
        (TRUCE + MILL * 30, False, True),
        (MILL * 15 + TRUCE + MILL * 15, True, True),
        (TRUCE, False, False),
        ("truce" * 100, False, True),
        ("trees" * 60 + "truce" + "trees" * 60, True, True),
    ],
    ids=["the end", "the beginning", "the middle", "short", "one word", "inside a word"],
)
def test_of_a_long_caption_the_compact_view_shows_what_matched(caption: str, cut_start: bool, cut_end: bool) -> None:
    caption = caption.strip()
    place = caption.index("truce")
    found = Highlights(None, (), captions=(CaptionFragment(Fragment(caption, ((place, place + 5),)), None, 0),))

    [caption_shown] = excerpts(found, "compact").captions
    shown = caption_shown.text
    assert shown
    assert (shown.cut_start, shown.cut_end, len(shown.text) <= 180) == (cut_start, cut_end, True)
    assert [shown.text[start:stop] for start, stop in shown.marks] == ["truce"]
    assert {*shown.text.split()} <= {*caption.split()} or " " not in caption
    assert excerpts(found, "full") == found


def test_selected_articles_are_cited_and_exported_in_their_order(client: FlaskClient) -> None:
    page = soup(client, "/?q=treaty&order-by=oldest")
    sources = [str(box["value"]) for box in page.select(".pick")][:3]
    form = page.select_one("form#selection")
    assert form

    def exported(kind: str, *chosen: str, status: int = 200) -> str:
        answer = client.post(str(form["action"]), data={"format": kind, "source": [*chosen]})
        assert answer.status_code == status
        return answer.text

    assert [option["value"] for option in form.select("option")] == ["apa", "chicago", "bibtex", "ris", "csl", "csv", "jsonl"]
    assert exported("ris", *sources[::-1]).count("ER  - ") == 3
    assert [json.loads(line)["id"] for line in exported("jsonl", *sources[::-1]).splitlines()] == [
        "round-2",
        "round-1",
        "round-0",
    ]
    assert exported("csv", sources[0]).count("\n") == 2
    keys = [item["id"] for item in json.loads(exported("csl", *sources))]
    assert len(set(keys)) == 3
    assert all(f"{{{key}," in exported("bibtex", *sources) for key in keys)
    assert exported("apa", *sources).count("Treaty talks") == 3
    assert "Select at least one article." in exported("ris", status=400)
    assert "Select at least one article." in exported("ris", "none/of/these", status=400)
    exported("zip", sources[0], status=400)
    exported("ris", *map(str, range(101)), status=400)


def test_an_earlier_version_is_exported_as_itself(client: FlaskClient) -> None:
    answer = client.post("/selection", data={"format": "csv", "source": EARLIER.source})

    assert str(EARLIER.headline) in answer.text


def test_quotes_by_somebody_who_is_only_mentioned_lead_to_the_mentions(client: FlaskClient) -> None:
    page = soup(client, "/?q=by:officers")

    assert texts(page, ".summary h1") == ["No articles with by:officers ?Show details"]
    assert texts(page, ".nothing li") == ["Articles that mention officers 1 article"]
    assert link(page, "Articles that mention") == "/?q=officers"
    assert (
        texts(soup(client, "/?q=said:papers+by:officers"), ".nothing li")[0] == "Articles that mention officers papers 1 article"
    )


@pytest.mark.parametrize(("outlets", "hits", "beside"), [(0, 6, 2), (2, 6, 2), (12, 6, 1), (2, 1, 0), (0, 12, 3)])
def test_lists_stand_beside_the_latest_articles_as_far_as_there_is_room(outlets: int, hits: int, beside: int) -> None:
    group = Group("section", tuple(Choice(str(number), 1, False) for number in range(6)), 0, "")
    assert groups_beside([group] * 3, [Outlet("Beacon", 3, "", "1953", "1954")] * outlets, hits) == beside


def test_an_archive_of_one_day_has_one_date(tmp_path: Path) -> None:
    client = create_app(archive_of(tmp_path, replace(ARMISTICE, updated=None))).test_client()
    assert texts(soup(client, "/"), ".lede") == ["1 article, dated 27 July 1953."]


def test_the_start_page_offers_searches_that_find_something(tmp_path: Path) -> None:
    story = Article(
        "desk/a", "a", headline="Truce", paragraphs=(Paragraph("“It holds,” Ada Marsh said."),), authors=("Jo Weber",),
        quotes=(Quote((Span(0, 1, 9),), "Ada Marsh", Span(0, 12, 21)),), tags=("Peace",), dateline="SEOUL, Korea",
    )  # fmt: skip
    client = create_app(archive_of(tmp_path, story)).test_client()
    offers = soup(client, "/").select(".examples a")

    assert [offer.get_text() for offer in offers] == ["Peace", 'by:"Ada Marsh"', 'author:"Jo Weber"', 'place:"SEOUL, Korea"']
    assert all(texts(soup(client, str(offer["href"])), ".summary h1") == ["1 article"] for offer in offers)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("1912", "2026", ["1912", "1920", "1940", "1960", "1980", "2000", "2026"]),
        ("2015", "2019", ["2015", "2016", "2017", "2018", "2019"]),
        ("1001", "1999", ["1000", "1200", "1400", "1600", "1800", "1990"]),
        ("2020-02", "2022-11", ["February 2020", "January 2021", "January 2022", "November 2022"]),
        ("2022-03-01", "2022-03-29", ["1 March 2022", "7 March 2022", "14 March 2022", "21 March 2022", "29 March 2022"]),
    ],
    ids=["years", "each year", "decades", "months", "days"],
)
def test_a_timeline_is_labelled_at_its_ends_and_at_round_dates(first: str, last: str, labels: list[str]) -> None:
    made = timeline([Period(first, 1, 2), Period(last, 41, 50)])

    assert [tick.label for tick in made.ticks] == labels
    ends = [(tick.place, tick.anchor) for tick in (made.ticks[0], made.ticks[-1])]
    assert ends == ([("10.0%", "middle"), ("90.0%", "middle")] if last == "2019" else [("0%", "start"), ("100%", "end")])
    assert made.scale[0] == ("20", f"{100 * (58 - 54 * 20 / 41) / 60:.1f}%")
    assert [label for label, _ in made.scale] == ["20", "100.0%"]


def test_bars_of_a_small_archive_stay_narrow() -> None:
    few, many = (timeline(Period(str(1900 + year), 1, 1) for year in range(years)) for years in (3, 30))

    assert (few.slots, few.bar_width) == (3, 1)
    assert (many.slots, many.bar_width) == (30, 8)


def test_the_search_form_keeps_filters_and_dates(client: FlaskClient) -> None:
    page = soup(client, "/?q=treaty&section=Politics&from-date=1975&order-by=oldest&page=1")
    nothing = soup(client, "/?q=zebra&section=Politics&not-author=Ada+Ng&from-date=1975")

    kept = {"q": "treaty", "section": "Politics", "order-by": "oldest", "from-date": "1975", "to-date": ""}
    assert dict(parse_qsl(urlsplit(submitted(page)).query, keep_blank_values=True)) == kept
    unfound = {"q": "zebra", "section": "Politics", "not-author": "Ada Ng", "from-date": "1975"}
    assert dict(parse_qsl(urlsplit(submitted(nothing)).query)) == unfound


def test_bars_of_the_timeline_lead_to_their_articles(client: FlaskClient) -> None:
    page = soup(client, "/?q=ministers")
    bar = page.select("svg a")[0]
    year = soup(client, str(bar["href"]))

    assert len(page.select("svg a")) == 12
    assert texts(bar, "title") == ["1970: 1 article, 100.0% of all articles"]
    assert texts(year, ".summary h1") == ["1 article"]
    assert texts(year, ".chips li") == ["From 1970 ×: remove filter", "Until 1970 ×: remove filter"]


def test_the_timeline_can_be_read_as_a_table_with_the_share_of_the_archive(client: FlaskClient) -> None:
    page = soup(client, "/?q=truce+OR+ministers")
    rows = [" ".join(texts(row, "th, td")) for row in page.select(".timeline tbody tr")]

    assert rows[:4] == ["1953 1 1 100.0%", "1956–1969 no articles in the archive", "1970 1 1 100.0%", "1971 1 1 100.0%"]


def test_the_shares_of_a_timeline_over_all_versions_are_shares_of_all_versions(tmp_path: Path) -> None:
    def version(number: int, year: int, text: str = "truce") -> Article:
        day = PrintedDate(str(year), str(year))
        return Article(f"d/{number}", "one", captured=f"200{number}", headline=text, published=day)

    client = create_app(archive_of(tmp_path, version(1, 1953), version(2, 1954), version(3, 1954, "peace"))).test_client()

    every, some = (soup(client, f"/?q={words}&versions=all") for words in ("truce+OR+peace", "truce"))

    shares = [[cell for cell in texts(page, ".timeline tbody td") if "%" in cell] for page in (every, some)]
    assert shares == [["100.0%", "100.0%"], ["100.0%", "50.0%"]]


def test_a_timeline_has_gaps_only_where_the_archive_has_nothing() -> None:
    archive = [Period("1953-07", 40, 40), Period("1955-01", 10, 10), Period("1958-03", 4, 4), Period("2015-07", 6, 6)]
    made = timeline([Period("1953-07", 2, 40), Period("1958-03", 1, 4), Period("2015-07", 3, 6)], archive)

    assert [(bar.slot, bar.count, bar.archive, bar.share) for bar in made.bars] == [
        (0, 2, 40, "5.0%"),
        (5, 1, 4, "25.0%"),
        (62, 3, 6, "50.0%"),
    ]
    assert [(bar.height, bar.share_height) for bar in made.bars] == [(2 / 3, 0.1), (1 / 3, 0.5), (1, 1)]
    assert [(gap.slot, gap.width, gap.label) for gap in made.gaps] == [(1, 1, "1954"), (3, 2, "1956–1957"), (6, 56, "1959–2014")]
    assert [made.dates[0], made.dates[62], len(made.dates)] == [("1953", "1953"), ("2015", "2015"), 63]


@pytest.mark.parametrize("timeline", ["year", "month", "day"])
def test_a_page_shows_its_own_timeline_whatever_an_address_asks(client: FlaskClient, timeline: str) -> None:
    assert len(soup(client, f"/?q=ministers&timeline={timeline}").select("svg a")) == 12


@pytest.mark.parametrize(
    ("starts", "bars"),
    [
        (["2022-03-01", "2022-03-04"], [(0, "1 March 2022", "2022-03-01", 1), (3, "4 March 2022", "2022-03-04", 2)]),
        (["2021-11", "2022-02"], [(0, "November 2021", "2021-11", 1), (3, "February 2022", "2022-02", 2)]),
        (["1953-07", "1953-09", "2015-07"], [(0, "1953", "1953", 3), (62, "2015", "2015", 3)]),
        (["1653-07", "1659-07", "2015-07"], [(0, "1650–1659", "1659", 3), (36, "2010–2019", "2019", 3)]),
        (["0001-01", "2015-07"], [(0, "0001–0099", "0099", 1), (20, "2000–2099", "2099", 2)]),
    ],
    ids=["days", "months", "years", "decades", "centuries"],
)
def test_a_timeline_is_coarser_the_longer_it_reaches(starts: list[str], bars: list[tuple[int, str, str, int]]) -> None:
    made = timeline(Period(start, number + 1, 10) for number, start in enumerate(starts))

    assert [(bar.slot, bar.label, bar.to_date, bar.count) for bar in made.bars] == bars
    assert made.bars[-1].height == 1
    assert made.slots > made.bars[-1].slot


@pytest.mark.parametrize(
    ("first", "last", "slots", "label"),
    [
        ("2020-02", "2023-01", 36, "January 2023"),
        ("2020-02", "2023-02", 4, "2023"),
        ("1901-02", "2020-01", 120, "2020"),
        ("1901-02", "2021-01", 13, "2020–2029"),
        ("0800-02", "1999-01", 120, "1990–1999"),
        ("0800-02", "2000-01", 13, "2000–2099"),
        ("2022-03-01", "2022-03-24", 24, "24 March 2022"),
        ("2022-03-01", "2022-03-25", 25, "25 March 2022"),
    ],
    ids=["36 months", "37", "120 years", "121", "120 decades", "121", "24 days", "25"],
)
def test_a_timeline_changes_to_wider_bars_beyond_its_limit(first: str, last: str, slots: int, label: str) -> None:
    made = timeline([Period(first, 1, 1), Period(last, 1, 1)])

    assert (made.slots, made.bars[-1].label) == (slots, label)


def test_hits_within_three_years_may_be_shown_by_month() -> None:
    assert may_show_months([Period("2020", 1, 1), Period("2023", 1, 1)])
    assert not may_show_months([Period("2020", 1, 1), Period("2024", 1, 1)])
    assert not may_show_months([])


def test_a_stretch_of_62_days_is_shown_by_day(tmp_path: Path) -> None:
    dated = (Article(f"a/{day}", day, headline="Truce", published=PrintedDate(day, day)) for day in ("2022-03-01", "2022-04-01"))
    client = create_app(archive_of(tmp_path, *dated)).test_client()

    by_day, by_month = (soup(client, f"/?from-date=2022-03-01&to-date=2022-05-0{day}") for day in (1, 2))
    labels = [[title.partition(":")[0] for title in texts(page, ".timeline svg a title")] for page in (by_day, by_month)]
    assert labels == [["1 March 2022", "1 April 2022"], ["March 2022", "April 2022"]]


def test_the_pager_reaches_every_page_that_can_be_opened(client: FlaskClient) -> None:
    first = soup(client, "/?q=treaty&page-size=1")
    limited = create_app(Settings(index=client.application.extensions["archive"].settings.index, limits=Limits(hits=5)))
    last = soup(limited.test_client(), "/?q=treaty&page-size=2")

    assert texts(first, ".pager > *") == ["1", "2", "3", "…", "13"]
    assert texts(soup(client, link(first, "13")), ".hit h3")
    assert texts(last, ".pager > *") == ["1", "2"]


def test_a_page_past_the_last_says_which_is_the_last(client: FlaskClient) -> None:
    page = soup(client, "/?q=treaty&page=9")

    assert texts(page, ".hits section > .note")[0] == "Page 9 does not exist; the last page is 2."
    assert texts(page, ".pager a") == ["1", "2"]


def test_no_hits_offer_what_to_loosen_and_each_offer_is_a_search(client: FlaskClient) -> None:
    one = soup(client, "/?q=truce&section=Monde&author=Ruth+Okafor&to-date=1960")
    two = soup(client, '/?q="ministers+spoke"&query-fields=headline&from-date=1900')
    three = soup(client, "/?q=trucce")

    assert texts(one, ".summary h1") == ["No articles with truce ?Show details"]
    assert texts(soup(client, "/?section=Monde&author=Ada+Ng"), ".summary h1") == ["No articles match these filters"]
    assert texts(one, ".nothing li") == ["Remove the filter Section 1 article"]
    assert texts(two, ".nothing li") == ["Search for the words only, without filters 12 articles"]
    assert texts(soup(client, '/?q="spoke+ministers"'), ".nothing li") == ["Remove the quotation marks 12 articles"]
    four = soup(client, '/?q=author:"ng+okafor"+-date:"last+month"')
    assert link(four, "Remove the quotation marks") == "/?q=author%3Ang+okafor+-date%3Alast+month"
    assert "Did you mean truce?" in three.get_text()
    assert three.select(".nothing li") == [], "one offer is enough"
    for page in (one, two):
        for offer in page.select(".nothing li"):
            count = offer.select_one(".count")
            assert texts(soup(client, str(offer.a["href"])), ".summary h1") == [count.get_text()]  # type: ignore[index, union-attr]


def test_where_nothing_helps_the_page_says_what_may(client: FlaskClient) -> None:
    assert "Try fewer words, another spelling" in soup(client, "/?q=zzzzzz").get_text()


def test_an_article_is_shown_whole_with_marks(client: FlaskClient) -> None:
    page = soup(client, "/article/armistice?q=truce+okafor")
    article = page.select_one("article")
    assert article

    assert article["lang"] == "en"
    assert texts(article, ".alternative") == ["Also headlined: Armistice after three years of war"]
    assert texts(article, "h1, .standfirst, .kicker, .authors, .byline > *, .dateline") == [
        "World",
        "Korean truce signed",
        "Guns fall silent after three years.",
        "Ruth Okafor, Ng, Ada",
        "City Beacon",
        "Monday, 27 July 1953",
        "updated 28 July 1953, 09:30",
        "View original",
        "",
        "PANMUNJOM, Korea",
    ]
    assert [child.name for child in article.select(".story > *")] == [
        "p",
        "p",
        "figure",
        "h2",
        "blockquote",
        "ul",
        "div",
        "figure",
    ]
    assert texts(article, "figcaption") == [
        "Picture Officers sign the truce papers. (Ruth Doe/Agency) View on publisher’s site",
        "Picture (Archive of the Beacon)",
    ]
    assert texts(article, ".story li") == ["Prisoners will be exchanged.", "The line will be two miles wide."]
    assert texts(article, "td") == ["Year", "Meetings", "1951", "210"]
    assert texts(article, ".contributors, .correction, .chips li") == [
        "Correction An earlier version gave a wrong number of meetings.",
        "Tom Hale reported from Seoul.",
        "Korea",
    ]
    assert texts(article, "mark") == ["truce", "Okafor", "truce", "truce"]


def test_an_article_links_to_its_original_without_telling_it_who_sent(client: FlaskClient) -> None:
    page = soup(client, "/article/armistice")

    originals = page.select(f'a[href="{ARMISTICE.url}"]')
    assert [original["rel"] for original in originals] == [["noopener", "noreferrer", "nofollow"]] * 2
    assert not page.select("mark")


def test_versions_of_an_article_lead_to_each_other(client: FlaskClient) -> None:
    current = soup(client, "/article/armistice?q=truce")
    earlier = soup(client, link(current, "Published 27 July 1953"))

    assert texts(earlier, "h1") == [EARLIER.headline]
    assert texts(soup(client, link(earlier, "Go to the current version")), "h1") == [ARMISTICE.headline]


def test_wire_copies_are_one_hit_until_all_are_asked_for(tmp_path: Path) -> None:
    client = create_app(archive_of(tmp_path, *ARTICLES, *WIRE, MENDED)).test_client()
    one = soup(client, "/?q=pumps&order-by=newest")
    assert texts(one, "h1") == ["1 article"]
    assert texts(one, ".hit details summary") == ["Also in 2 outlets"]
    assert texts(one, ".hit details a") == ["Thousands flee flood", "Dyke breaks at the mill"]
    assert "2 more articles with the same text from other outlets." in one.get_text()
    every = soup(client, link(one, "Show all copies"))
    assert texts(every, "h1") == ["3 articles"]
    assert len(every.select(".hit")) == 3
    assert texts(soup(client, link(every, "Group copies from other outlets")), "h1") == ["1 article"]
    assert get_json(client, link(one, "JSON (this page)"))["total"] == 1


def test_an_article_lists_five_similar_ones(tmp_path: Path) -> None:
    dyke = (replace(MENDED, source=f"a/{n}", id=f"a{n}", headline=f"Dyke {n} mended", authors=(f"Ann {n}",)) for n in range(7))
    page = soup(create_app(archive_of(tmp_path, *dyke, *ARTICLES)).test_client(), "/article/a0")

    assert len(texts(page, "main a[href^='/article/a']")) == 5


def test_an_article_lists_its_copies_and_what_is_similar(tmp_path: Path) -> None:
    client = create_app(archive_of(tmp_path, *ARTICLES, *WIRE, MENDED)).test_client()
    flood = soup(client, "/article/flood-mirror")
    assert texts(flood, ".about h2") == ["Also published by", "Similar articles", "About this article"]
    assert texts(flood, ".about .articles a")[:3] == ["Town under water", "Dyke breaks at the mill", MENDED.headline]
    assert texts(soup(client, link(flood, "Town under water")), "h1") == ["Town under water"]


def test_a_mark_that_runs_over_table_cells_stays_inside_them(client: FlaskClient) -> None:
    page = soup(client, "/article/armistice?q=" + quote('"year meetings 1951"'))

    assert [str(cell) for cell in page.select("td")[:3]] == [
        '<td dir="auto"><mark>Year</mark></td>',
        '<td dir="auto"><mark>Meetings</mark></td>',
        '<td dir="auto"><mark>1951</mark></td>',
    ]


def test_a_query_past_a_limit_shows_the_article_and_says_why_it_has_no_marks(client: FlaskClient) -> None:
    page = soup(client, "/article/armistice?q=" + "x" * 1001)

    assert "1,000" in texts(page, "main > .note")[0]
    assert texts(page, "h1") == [ARMISTICE.headline]


def test_text_has_its_language_and_finds_its_own_direction(client: FlaskClient) -> None:
    page = soup(client, "/article/" + ARABIC.id)

    assert page.select_one("html")["lang"] == "en"  # type: ignore[index]
    assert page.select_one("article")["lang"] == "ar"  # type: ignore[index]
    assert page.select_one("h1")["dir"] == "auto"  # type: ignore[index]
    assert page.select_one("article")["dir"] == "rtl"  # type: ignore[index]
    results = soup(client, "/?q=الهدنة+OR+armistice")
    assert [hit["dir"] for hit in results.select(".hit")] == ["rtl", "ltr"]
    parts = [*page.select("article .byline > :not([data-copy])"), *results.select(".hit .byline > *")]
    assert len([part for part in parts if part.name == "time"]) == 3
    assert all(part.bdi for part in parts), "3 January 2022 would be shown as January 2022 3"
    assert not any(part.get("dir") for part in parts), "the dot before a Latin name would stand behind it"


@pytest.mark.parametrize(
    ("article", "side"),
    [
        (Article("a", "a", headline="توقيع"), "rtl"),
        (Article("a", "a", headline="1953: שלום"), "rtl"),
        (Article("a", "a", headline="توقيع", language="en"), "ltr"),
        (Article("a", "a", headline="1953"), "ltr"),
        (Article("a", "a"), "ltr"),
    ],
    ids=["arabic", "digits first", "language wins", "digits", "nothing"],
)
def test_an_article_runs_as_its_language_or_its_script(article: Article, side: str) -> None:
    assert direction(article) == side


def test_an_article_can_be_cited_and_each_citation_taken_along(client: FlaskClient) -> None:
    page = soup(client, "/article/armistice?q=truce")

    assert texts(page, ".cite h3") == ["APA", "Chicago", "BibTeX", "RIS", "CSL-JSON"]
    for shown, file in zip(page.select(".cite pre"), page.select(".cite a"), strict=True):
        answer = client.get(str(file["href"]))
        assert answer.data.decode().split() == shown.get_text().split()
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="okafor1953korean.')
    assert client.get("/cite/none/armistice").status_code == 404
    assert client.get("/cite/ris/none").status_code == 404


def test_an_earlier_version_is_cited_as_itself(client: FlaskClient) -> None:
    earlier = soup(client, link(soup(client, "/article/armistice"), "Published 27 July 1953"))

    assert "near" in client.get(str(earlier.select(".cite a")[0]["href"])).text


EVERYTHING_SHOWN = "/?q=truce+OR+script&explain=true&versions=all&collapse=false"
HOSTILE_PAGES = ["/", "/?q=truce", "/?q=script", EVERYTHING_SHOWN, "/article/" + quote(HOSTILE.id) + "?q=truce+script"]


@pytest.mark.parametrize("url", [*HOSTILE_PAGES, "/?" + quote("q=<script>alert(1)</script>&section=<b>\"'", safe="=&")])
def test_hostile_text_never_becomes_mark_up(hostile: FlaskClient, url: str) -> None:
    page = soup(hostile, url)

    assert [script["src"] for script in page.select("script")] == [page.select_one("script")["src"]]  # type: ignore[index]
    assert not page.select("img, iframe, object, embed, style, base, i, b, article svg")
    attributes = [(name, value) for tag in page.select("*") for name, value in tag.attrs.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name == "style"]
    assert all(
        urlsplit(str(value)).scheme in ("", "http", "https") for name, value in attributes if name in ("href", "src", "action")
    )


@pytest.mark.parametrize("id", ["new\nline", "/lead", "a//b/", "..", "100%", 'qu"ote?#'], ids=ascii)
def test_every_id_has_a_page_that_its_hit_leads_to(tmp_path: Path, id: str) -> None:
    client = create_app(archive_of(tmp_path, Article("a/b", id, headline="Truce"))).test_client()
    hit = soup(client, "/?q=truce").select_one(".hit h3 a")

    assert texts(soup(client, str(hit["href"])), "h1") == ["Truce"]  # type: ignore[index]


def test_a_hit_of_a_huge_article_stays_small(tmp_path: Path) -> None:
    names = tuple(f"Truce {number}" for number in range(2_000))
    huge = Article("a/b", "huge", publisher="P" * 9_000, headline="truce " * 9_000, authors=names, tags=names)
    client = create_app(archive_of(tmp_path, huge)).test_client()

    page = client.get("/?q=truce").text
    assert len(page) < 60_000
    assert "and 1,990 more" in page


def test_values_of_any_length_can_be_filtered_by(tmp_path: Path) -> None:
    long = "😀" * 30_000
    article = Article("a/b", "a", headline="Truce", authors=(long + "1", long + "2"), section=long, publisher=long, tags=(long,))
    client = create_app(archive_of(tmp_path, article)).test_client()

    for page in (soup(client, "/article/a"), soup(client, "/")):
        links = [url for a in page.select("main a") if re.search("[?&](section|author|publisher|tag)=", url := str(a["href"]))]
        assert links
        assert all(texts(soup(client, url), "h1") == ["1 article"] for url in links)
    assert client.get("/api/search", query_string={"section": "😀" * 1_000}).json["total"] == 1
    asked = soup(client, "/?" + urlencode({"q": "truce", "section": "😀" * 1_000}))
    assert len(asked.select(".facet :checked")) == 1


def test_pictures_beyond_number_do_not_hold_up_a_page() -> None:
    count = 4_000
    pictures = tuple(Caption(f"Picture {number}", after=number) for number in range(count))
    started = time.process_time()
    blocks = MarkedArticle(Article("a/b", "a", paragraphs=(Paragraph("Body text"),) * count, captions=pictures), {}).blocks()

    assert [block.kind for block in blocks] == ["caption", "text"] * count
    assert time.process_time() - started < 5


def test_an_article_leads_back_to_the_very_results_it_was_found_in(client: FlaskClient) -> None:
    url = "/?q=treaty&order-by=oldest&from-date=1970&section=Politics&query-fields=headline&page-size=5&page=2"
    hit = soup(client, url).select_one(".hit h3 a")
    page = soup(client, str(hit["href"]))  # type: ignore[index]

    assert page.select_one(".back a")["href"] == url  # type: ignore[index]
    assert texts(page, "h1 mark") == ["Treaty"]
    assert not page.select(".story mark")


def test_hostile_text_is_shown_as_it_is(hostile: FlaskClient) -> None:
    page = soup(hostile, HOSTILE_PAGES[-1])

    assert texts(page, "h1") == [HOSTILE.headline]
    assert texts(page, "h1 mark") == ["Truce", "script", "script", "script", "script"]
    assert "javascript:alert(3)" in page.get_text()


@pytest.mark.parametrize(
    ("url", "status", "said"),
    [
        ("/none", 404, "no page at this URL"),
        ("/article/none", 404, "is not in the archive"),
        ("/?page=0", 400, "page: enter a whole number"),
        ("/?from-date=soon", 400, "2022-03-04"),
        ("/?page=1001", 400, "10,000"),
        ("/?q=" + "x" * 1001, 400, "1,000"),
        ("/?q=" + "x" * 30_000, 414, "too long"),
    ],
    ids=["address", "article", "page", "date", "hits", "characters", "length"],
)
def test_errors_are_friendly_pages(client: FlaskClient, url: str, status: int, said: str) -> None:
    page = soup(client, url, status)

    assert said in page.select_one("main").get_text()  # type: ignore[union-attr]
    assert page.select_one("form[role=search]")


def test_unknown_parameters_of_a_page_are_left_aside(client: FlaskClient) -> None:
    assert texts(soup(client, "/?q=armistice&utm_source=mail"), ".summary h1") == ["1 article"]


def test_a_missing_index_is_a_friendly_503(tmp_path: Path) -> None:
    client = create_app(Settings(index=f"tantivy:{tmp_path / 'none'}")).test_client()

    assert "try again" in soup(client, "/?q=truce", 503).get_text()
    assert client.get("/").headers["Retry-After"]
    assert client.get("/help").status_code == 200


def test_an_empty_archive_says_how_to_fill_it(tmp_path: Path) -> None:
    page = soup(create_app(archive_of(tmp_path)).test_client(), "/")

    assert texts(page, ".lede") == ["0 articles."]
    assert "broadsheet index" in page.get_text()


@pytest.mark.parametrize(
    "url",
    ["/", "/?q=truce", "/article/armistice", "/help", "/embed", "/feed.atom", "/none", "/api/search", "/static/broadsheet.css"],
)
def test_every_answer_has_the_security_headers(client: FlaskClient, url: str) -> None:
    with client.get(url) as answer:
        headers = answer.headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_every_search_of_the_help_is_understood(client: FlaskClient) -> None:
    searches = [str(a["href"]) for a in soup(client, "/help").select("td a")]

    assert len(searches) >= 16
    for url in searches:
        page = soup(client, url)
        assert page.select(".understood")
        assert "left out" not in page.get_text(), parse_qs(urlsplit(url).query)


@pytest.mark.parametrize("archive", ["client", "hostile"])
def test_every_link_leads_somewhere(archive: str, request: pytest.FixtureRequest) -> None:
    client: FlaskClient = request.getfixturevalue(archive)
    waiting, seen = ["/"], {"/"}
    while waiting and len(seen) < 250:
        url = waiting.pop(0)
        with client.get(url) as answer:
            assert answer.status_code == 200, url
            page = BeautifulSoup(answer.data if answer.mimetype == "text/html" else b"", "html.parser")
        for tag in page.select("[href], [src], [action]:not([method=post][action='/selection'])"):
            to = urljoin(url, str(tag.get("href") or tag.get("src") or tag.get("action"))).partition("#")[0]
            if not urlsplit(to).netloc and to not in seen:
                seen.add(to)
                waiting.append(to)
    assert len(seen) > 20


def test_a_cursor_that_no_answer_gave_is_refused_on_the_page_too(client: FlaskClient) -> None:
    assert client.get("/?cursor=nonsense").status_code == 400


def test_a_misspelled_query_links_to_what_may_have_been_meant(client: FlaskClient) -> None:
    page = client.get("/?q=armistise&order-by=newest").text
    assert 'Did you mean <a href="/?q=armistice&amp;order-by=newest"><bdi>armistice</bdi></a>? (1 article)' in page
    assert "Did you mean" not in client.get("/?q=armistice").text


def test_a_search_explains_itself_when_asked(client: FlaskClient) -> None:
    plain = soup(client, "/?q=truce+korea+-delegate")
    page = soup(client, str(plain.select_one("a.explain")["href"]))  # type: ignore[index]
    api = client.get("/api/search?q=truce+korea+-delegate&explain=true").json
    assert api is not None

    assert not plain.select("details.explanation, details.why")
    assert texts(page, ".explanation th[scope=row]") == ["truce", "korea", "delegate"]
    assert texts(page, ".explanation td.number") == [str(word["articles"]) for word in api["explanation"]["words"]]
    assert "articles containing it are excluded" in texts(page, ".explanation tbody tr")[2]
    assert "in any form, stemmed in the archive's languages: en" in texts(page, ".explanation tbody tr")[0]
    assert texts(page, "a.explain") == ["−Hide details"]
    assert not soup(client, str(page.select_one("a.explain")["href"])).select(".explanation")  # type: ignore[index]


def test_a_hit_says_what_its_score_is_made_of(client: FlaskClient) -> None:
    hit = soup(client, "/?q=treaty+ministers&explain=true").select(".hit")[0]
    (result, *_) = client.get("/api/search?q=treaty+ministers&explain=true").json["results"]  # type: ignore[index]

    assert texts(hit, ".why summary") == [f"Why this result? Score {result['score']:.2f}"]
    kinds = {"match": "match:", "proximity": "words close together:", "exact": "exact form:"}
    assert texts(hit, ".why li") == [f"{p['score']:.2f} {kinds[p['kind']]} {p['text']}" for p in result["scoreParts"]]


def test_what_was_let_go_is_explained_in_german_too(client: FlaskClient) -> None:
    answer = client.get("/?q=treaty+truce+has:colour&explain=true", headers={"Accept-Language": "de"})
    page = BeautifulSoup(answer.data, "html.parser")

    assert [text.partition(" (")[0] for text in texts(page, ".explanation li")] == [
        "nicht berücksichtigt: has:colour",
        "weniger als 100 Artikel enthalten alle Wörter; es folgen Artikel mit einem von: treaty, truce",
    ]
    assert "möglich: caption" in page.get_text()


def test_quotes_and_changes_are_explained_in_the_language_of_the_page(tmp_path: Path) -> None:
    story = Article(
        "desk/a", "a", captured="2022-02-02T00:00:00Z", headline="Truce", paragraphs=(Paragraph("“It holds,” Ada Marsh said."),),
        quotes=(Quote((Span(0, 1, 9),), "Ada Marsh", Span(0, 12, 21)),),
    )  # fmt: skip
    earlier = Article("desk/b", "a", captured="2022-01-01T00:00:00Z", headline="Ransom")
    client = create_app(archive_of(tmp_path, story, earlier)).test_client()
    german = {"Accept-Language": "de"}

    hit = BeautifulSoup(client.get("/?q=by:marsh&view=full", headers=german).data, "html.parser")
    why = client.get("/?q=said:holds+by:marsh+removed:ransom+added:truce&explain=true&query-fields=said", headers=german).text

    assert texts(hit, ".fragment.name") == ["Zitierte Person Ada Marsh"]
    assert "in einem Zitat dieser Person" in why
    assert "in einer früheren Fassung, aber nicht in der aktuellen" in why
    assert "in der aktuellen Fassung, aber nicht in einer früheren" in why


def test_pages_are_light(client: FlaskClient) -> None:
    """As they are sent: 15 KB for style and script, 15 KB for a page of results, 30 KB for one of a hundred."""
    static = Path(__file__).parent.parent / "web" / "static"

    def sent(*urls: str, encoding: str) -> int:
        return sum(len(client.get(url, headers={"Accept-Encoding": encoding}).data) for url in urls)

    for encoding in ("gzip", "br"):
        assert sent(*(f"/static/{file.name}" for file in static.iterdir()), encoding=encoding) <= 15_000
        for url in ("/", "/?q=treaty&explain=true", "/article/armistice?q=truce"):
            assert sent(url, encoding=encoding) <= 15_000
        assert sent("/?order-by=oldest&page-size=100", encoding=encoding) <= 30_000


def test_a_page_gives_its_full_address_at_the_host_it_was_asked_at(client: FlaskClient) -> None:
    for host in ("localhost", "127.0.0.1"):
        assert f"http://{host}/archive/" in client.get("/embed", base_url=f"http://{host}/archive").text
