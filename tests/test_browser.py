"""The pages in a real browser: searching, reading, narrowing; no error on its console, no request to another host."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import open_chromium, other_hosts_asked, served
from press import ARMISTICE, ARTICLES, archive_of

from search.model.article import Article, PrintedDate
from web.app import create_app

WEATHER = Article("beacon/weather.html", "weather", headline="Rain in spring", published=PrintedDate("1973", "1973"))

NAMES = "/names?names=Ruth+Okafor%0ARuth+Okafur%0AOkafor+Ruth%0A!!!%0AA+name+that+nobody+in+this+archive+ever+had"
PATHS = [
    "/", "/?q=treaty", "/?q=treaty+ministers&view=full", "/values/author?q=treaty", "/?q=treaty&explain=true",
    "/?q=none&section=World", "/article/armistice?q=truce&at=1", "/changes/armistice", "/changes?section=World", "/help", "/api",
    "/embed", "/pictures", "/pictures?q=truce+officers&credit=Ruth", NAMES,
]  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(create_app(archive_of(tmp_path_factory.mktemp("browser"), *ARTICLES, WEATHER))) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(chromium: Any, address: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A browser page that fails the test when something is wrong on its console or asks another host."""
    page = chromium.new_page(base_url=address, java_script_enabled=request.param == "with JavaScript")
    page.set_default_timeout(10_000)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    asked = other_hosts_asked(page, address)
    page.on("requestfailed", lambda sent: None if sent.failure == "net::ERR_ABORTED" else wrong.append(sent.url))
    yield page
    page.close()
    assert (wrong, asked) == ([], [])


def test_a_reader_searches_narrows_and_reads(page: Any) -> None:
    page.goto("/")
    page.fill("#q", "treaty ministers")
    page.press("#q", "Enter")
    assert page.inner_text(".summary h1") == "12 articles with all your words"

    page.check("[name=author][value='Ada Ng']")
    if page.locator(".sheet-foot button").is_visible():  # without JavaScript
        page.click(".sheet-foot button")
    page.wait_for_url("**author=Ada+Ng**")
    assert page.inner_text(".summary h1") == "6 articles"
    page.fill("input[name=from-date]", "1978")
    page.click(".dates button")
    assert page.inner_text(".summary h1") == "2 articles"

    page.click(".hit h3 a >> nth=0")
    assert page.inner_text("h1").startswith("Treaty talks, round")
    assert page.inner_text("h1 mark") == "Treaty"
    page.click("text=Results for")
    assert page.input_value("#q") == "treaty ministers"


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_keys_lead_to_the_search_box_and_from_mark_to_mark(page: Any) -> None:
    page.goto("/article/armistice?q=truce")
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.inner_text(".mark-number") == "2 of 3"
    page.keyboard.press("p")
    assert page.locator("h1 mark.current").count() == 1
    page.click("text=← Previous")
    assert page.inner_text(".mark-number") == "3 of 3"

    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("n")
    assert page.input_value("#q") == "n"


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_results_come_as_one_types_and_each_search_has_its_address(page: Any) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("trea")
    page.wait_for_url("**/?q=trea")
    page.locator("#q").press_sequentially("ty")
    page.wait_for_url("**/?q=treaty")
    page.wait_for_selector(".summary h1:text-is('13 articles')")
    assert page.title() == "treaty: 13 articles – Broadsheet"
    assert page.inner_text("#status") == "13 articles"
    assert page.evaluate("document.activeElement.id") == "q"

    page.check("[name=author][value='Ada Ng']")
    page.wait_for_url("**author=Ada+Ng**")
    page.press("#q", "End")
    page.keyboard.type(" round")
    page.wait_for_url("**/?q=treaty+round&author=Ada+Ng")
    page.go_back()
    page.wait_for_selector(".summary h1:text-is('6 articles')")
    assert page.input_value("#q") == "treaty"
    page.go_back()
    page.wait_for_selector(".summary h1:text-is('13 articles')")
    page.go_back()
    page.wait_for_selector(".lede")
    assert page.input_value("#q") == ""


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_what_is_typed_in_an_article_does_not_take_it_away(page: Any) -> None:
    page.goto("/article/armistice")
    page.locator("#q").press_sequentially("treaty")
    page.wait_for_timeout(600)
    assert page.inner_text("h1") == ARMISTICE.headline


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_keys_lead_from_result_to_result(page: Any) -> None:
    page.goto("/?q=treaty")
    focused = "document.activeElement.textContent.trim()"
    headlines = [headline.strip() for headline in page.locator(".hit h3").all_text_contents()]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == headlines[2]
    page.keyboard.press("k")
    assert page.evaluate(focused) == headlines[1]
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")

    page.go_back()
    page.keyboard.press("k")
    assert page.evaluate(focused) == headlines[-1]
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == headlines[0]


def test_links_and_keys_lead_from_an_article_to_the_next_result(page: Any) -> None:
    page.goto("/?q=treaty&page-size=5&order-by=oldest")
    page.click(".hit h3 a >> nth=4")
    page.click(".walk [rel=next]")
    page.wait_for_url("**&at=6")
    assert page.inner_text(".walk") == "← Previous result 6 of 13 Next result →"
    if page.evaluate("matchMedia('(scripting: enabled)').matches"):
        page.keyboard.press("j")
        page.wait_for_url("**&at=7")
        page.keyboard.press("k")
        page.wait_for_url("**&at=6")
    page.click("text=← Back to results")
    page.wait_for_url("**/?q=treaty&order-by=oldest&page-size=5&page=2")


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_the_link_of_an_article_is_copied(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/article/armistice?q=truce&at=1")
    page.click("text=Copy link")
    page.wait_for_selector("text=Copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/article/armistice")


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_suggestions_are_chosen_by_keys(page: Any) -> None:
    page.goto("/?q=ministers&author=Ada+Ng")
    page.fill("#q", "trea")
    page.wait_for_selector("#completions li")
    offered = page.locator("#completions li").all_inner_texts()
    assert page.get_attribute("#q", "aria-expanded") == "true"
    page.keyboard.press("ArrowUp")
    active = page.get_attribute("#q", "aria-activedescendant")
    assert page.inner_text(f"#{active}") == offered[-1]
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#q", "aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    assert page.locator("[aria-selected=true] span").first.inner_text().casefold() == "treaty"
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=treaty&author=Ada+Ng")

    page.fill("#q", "korean truce si")
    page.wait_for_selector("#completions li")
    page.keyboard.press("Escape")
    assert page.is_hidden("#completions")
    assert page.input_value("#q") == "korean truce si"
    page.press("#q", "End")
    page.keyboard.type("g")
    page.locator("#completions li").last.click()  # headlines come last
    page.wait_for_url("**/article/armistice")


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_dragging_over_the_timeline_chooses_its_dates(page: Any) -> None:
    page.goto("/?q=ministers&author=Ada+Ng")
    strip = page.locator(".timeline .bars").bounding_box()
    slot = strip["width"] / 11  # the six articles are from 1970 to 1980

    page.mouse.move(strip["x"] + 4.5 * slot, strip["y"] + 20)
    page.mouse.down()
    page.mouse.move(strip["x"] + 2.5 * slot, strip["y"] + 30, steps=4)
    assert page.locator(".chosen-range").get_attribute("width") == "30"
    page.mouse.up()
    page.wait_for_url("**/?q=ministers&from-date=1972&to-date=1974&author=Ada+Ng")
    assert page.input_value("[name=from-date]") == "1972"


def test_a_bar_of_the_timeline_is_a_link_and_its_measure_a_choice(page: Any) -> None:
    page.goto("/?q=ministers")
    assert page.locator("rect.bar:visible").count() == 12
    page.check(".by-share")
    assert page.locator("rect.share:visible").count() == page.locator("rect.bar:visible").count() == 12
    page.locator(".timeline .bars a").nth(3).click()
    page.wait_for_url("**/?q=ministers&from-date=1973&to-date=1973")


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_a_bar_tells_its_value_to_mouse_and_keyboard(page: Any) -> None:
    page.goto("/?q=ministers")
    whole = page.inner_text(".readout")
    bars = page.locator(".timeline .bars a")
    bars.nth(3).hover()
    assert page.inner_text(".readout") == "1973: 1 article, 50.0% of all articles"
    page.mouse.move(0, 0)
    assert page.inner_text(".readout") == whole == "1970 – 1981"
    bars.nth(0).focus()
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".readout").startswith("1971: 1 article")
    page.keyboard.press("Enter")
    page.wait_for_url("**from-date=1971&to-date=1971")


def test_selected_results_are_downloaded(page: Any) -> None:
    page.goto("/?q=treaty")
    assert page.locator("#selection").is_hidden()
    page.locator(".pick").nth(0).check()
    page.locator(".pick").nth(2).check()
    page.select_option("#selection select", "csl")
    with page.expect_download() as download:
        page.click("#selection button:not([type=reset])")
    assert download.value.suggested_filename == "articles.json"
    assert Path(download.value.path()).read_text().count('"type": "article-newspaper"') == 2


def test_on_a_phone_filters_are_a_sheet_with_the_number_of_articles(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto("/?q=treaty+ministers")
    assert page.locator("#narrow").is_hidden()
    page.click(".to-filters")
    page.check("[name=author][value='Ada Ng']")
    button = page.locator(".sheet-foot button")
    if page.locator("html").evaluate("() => matchMedia('(scripting: enabled)').matches"):
        page.wait_for_selector("text=Show 6 articles")
    button.click()
    page.wait_for_url("**author=Ada+Ng**")
    assert page.inner_text(".summary h1") == "6 articles"


def test_a_picture_desk_finds_a_picture_and_its_place_in_the_article(page: Any) -> None:
    page.goto("/pictures")
    page.fill("main [name=q]", "ministers")
    page.fill("main [name=to-date]", "1972")
    page.press("main [name=q]", "Enter")
    page.wait_for_url("**/pictures?q=ministers**")
    assert page.inner_text(".summary [role=status]") == "3 pictures in 3 articles"
    page.click(".photographers summary")
    page.click(".photographers a >> text=Jo Weber")
    page.wait_for_url("**&credit=Jo+Weber")
    page.click(".cards figure a >> text=Treaty talks, round 1")
    page.wait_for_url("**/article/round-1?**#picture-1")
    assert page.locator("#picture-1 mark").all_inner_texts() == ["Ministers"]


def test_a_file_of_names_is_looked_up_and_its_table_has_an_address(page: Any) -> None:
    page.goto("/names")
    table = "id;Name\n1;Jo Weber\n2;Jo Webber\n".encode("utf-16")
    page.set_input_files("[type=file]", {"name": "staff.csv", "mimeType": "text/csv", "buffer": table})
    page.click("text=Look up names")
    page.wait_for_selector("tbody tr")
    assert page.input_value("textarea") == "Jo Weber\nJo Webber"
    page.click("text=Link to this table")
    page.wait_for_url("**/names?names=Jo+Weber%0AJo+Webber")
    assert page.locator("tbody th").all_inner_texts() == ["Jo Weber", "Jo Webber"]
    page.click("tbody tr:last-child a")
    assert page.input_value("#q") == '"Jo Weber"'


def test_both_columns_of_the_start_page_end_alike(chromium: Any, tmp_path: Path) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    outlets = (
        Article(
            f"x/{place}",
            str(place),
            publisher=f"Outlet {place % 9}",
            headline=f"The story {place}",
            section="World",
            language="en",
        )
        for place in range(60)
    )
    with served(create_app(archive_of(tmp_path, *outlets))) as address:
        page.goto(address)
        columns = page.locator(".columns > *").all()
        ends = [column.evaluate("(column) => column.lastElementChild.getBoundingClientRect().bottom") for column in columns]
        page.close()
    assert abs(ends[0] - ends[1]) < 40


@pytest.mark.parametrize("locale", ["en", "de"])
def test_what_can_be_done_with_results_stays_together(chromium: Any, address: str, locale: str) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, base_url=address, locale=locale)
    page.goto("/?q=treaty")
    places = [page.locator(f".take {part}").bounding_box()["y"] for part in ("summary", ".feed")]
    height = page.evaluate("document.documentElement.scrollHeight")
    hits = page.locator(".hit").count()
    page.close()
    assert abs(places[0] - places[1]) < 4
    assert (hits, height <= 2_000) == (10, True)


@pytest.mark.parametrize("logo", ["", "0 0 1 400"], ids=["title", "high logo"])
def test_what_the_owner_gives_a_site_stays_in_its_place(chromium: Any, tmp_path: Path, logo: str) -> None:
    long = "Donaudampfschifffahrtsgesellschaft" * 4
    if logo:
        (tmp_path / "logo").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{logo}"/>')
    site = archive_of(
        tmp_path / "a", *ARTICLES, title=long, welcome=long, contact=long, logo=str(tmp_path / "logo") if logo else ""
    )
    with served(create_app(site)) as address:
        page = chromium.new_page(viewport={"width": 390, "height": 800})
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        if logo:
            assert page.locator(".masthead img").bounding_box()["height"] <= 40
        page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_versions_stand_side_by_side_where_there_is_room(chromium: Any, address: str, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900}, base_url=address)
    page.goto("/changes/armistice")
    before, after = (page.locator(f".changed .{side}").first for side in ("before", "after"))
    if width > 1_000:
        left, right = before.bounding_box(), after.bounding_box()
        assert left["y"] == right["y"]
        assert left["x"] + left["width"] <= right["x"]
        assert (before.inner_text(), after.inner_text()) == ("Korean truce near", "Korean truce signed")
    else:
        assert before.is_hidden()
        assert after.inner_text() == "Korean truce near signed"
    page.close()


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_a_list_of_values_is_searched(page: Any) -> None:
    page.goto("/values/author")
    page.fill(".find", "web")
    assert page.locator(".values li:visible").all_inner_texts()[0].startswith("Jo Weber")
    assert page.locator(".values li:visible").count() == 1


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_a_citation_is_copied(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/article/armistice")
    page.click(".cite summary")
    page.click("[data-copy=cite-apa] button")
    page.wait_for_selector("text=Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.inner_text("#cite-apa")


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
def test_the_box_for_other_sites_searches_here(page: Any) -> None:
    page.goto("/embed")
    boxes = page.locator("main form.broadsheet-box")
    boxes.nth(1).wait_for()
    boxes.nth(1).locator("input").fill("armistice")
    boxes.nth(1).locator("button").click()
    page.wait_for_url("**/?q=armistice")
    assert page.inner_text(".summary h1") == "1 article"


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
@pytest.mark.parametrize(
    "path",
    ["/", "/?q=treaty&explain=true", "/article/armistice?q=truce&at=1", "/changes/armistice", "/pictures", NAMES],
)
def test_nothing_moves_while_a_page_loads(page: Any, path: str) -> None:
    page.goto(path)
    page.wait_for_timeout(300)
    shifts = page.evaluate("""new Promise((resolve) => {
      const seen = new PerformanceObserver((list) => resolve(list.getEntries().map((shift) => shift.value)));
      seen.observe({ type: "layout-shift", buffered: true });
      setTimeout(() => resolve([]), 300);
    })""")
    assert sum(shifts) < 0.01


@pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
@pytest.mark.parametrize("path", PATHS)
def test_a_phone_never_scrolls_sideways(page: Any, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


LARGE = [
    "/",
    "/?q=treaty&explain=true&page-size=3",
    "/?q=truce+officers&view=full",
    "/values/author",
    "/article/armistice?q=truce&at=1",
    "/changes/armistice?q=truce",
    "/help",
]
SMALL = ["/?q=zebra", "/changes?section=World", NAMES, "/pictures?q=truce", "/none"]
"""Pages of few elements: axe takes its time for each."""


@pytest.mark.parametrize(("path", "language"), [*((path, "en") for path in (*LARGE, *SMALL)), *((path, "de") for path in SMALL)])
def test_axe_finds_nothing_wrong_with_a_page(chromium: Any, address: str, path: str, language: str) -> None:
    from axe_playwright_python.base import AXE_SCRIPT

    page = chromium.new_page(base_url=address, locale=language, reduced_motion="reduce")
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run()")["violations"]
    if language == "en":  # the colours are the same in all
        page.emulate_media(color_scheme="dark")
        found += page.evaluate("axe.run({ runOnly: ['color-contrast'] })")["violations"]
    page.close()
    assert [(wrong["id"], node["html"]) for wrong in found for node in wrong["nodes"]] == []


@pytest.mark.parametrize("allowed", [False, True])
def test_pictures_are_asked_of_their_hosts_only_where_a_setting_allows_it(chromium: Any, tmp_path: Path, allowed: bool) -> None:
    page = chromium.new_page()
    referrers: list[str | None] = []

    def refuse(route: Any) -> None:
        referrers.append(route.request.headers.get("referer"))
        route.abort()

    page.route("https://img.example/**", refuse)
    with served(create_app(archive_of(tmp_path, ARMISTICE, remote_images=allowed))) as address:
        page.goto(f"{address}/article/armistice")
        page.locator("figure").first.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        page.close()
    assert referrers == ([None] if allowed else [])
