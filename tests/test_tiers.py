"""Two tiers: the articles with all the words, then those with some of them; what is typed strictly both must have."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from conftest import OpenNew
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import by_date, current_versions, matches
from press import ARTICLES, MENDED, WIRE, archive_of

from indexer.cli.commands import main
from search.engines.protocol import Engine
from search.errors import BadRequest, CursorExpired, QueryRefused
from search.model.article import Article, Paragraph, PrintedDate, Quote, Span, tiebreak_key
from search.query.format import describe
from search.query.nodes import OrderBy
from search.query.parsing.parser import parse
from search.query.parsing.synonyms import spellings_of
from search.serialize.search import answer_json
from search.service import export, tiers
from search.service.bulk_lookup import names_table
from search.service.cursor import Cursor
from search.service.export import all_hits
from search.service.search import SearchParams, SearchResponse, answer, count_each
from search.service.tiers import least_words
from search.settings import Limits, Settings
from web.app import create_app

ORDERS: tuple[OrderBy, ...] = ("relevance", "newest", "oldest")
NAMES = spellings_of("Kyiv, Kiev\nCzech Republic, Czechia\n", "names")


# ---------------------------------------------------------------- which words are soft


@pytest.mark.parametrize(
    ("typed", "soft"),
    [
        ("climate policy brazil", ["climate", "policy", "brazil"]),
        ('climate policy "green deal" -tax', ["climate", "policy"]),
        ("climate policy NOT tax", ["climate", "policy"]),
        ("+climate policy tax", ["policy", "tax"]),
        ("climate OR carbon policy tax", ["policy", "tax"]),
        ("(climate policy) tax", ["tax"]),
        ("(climate policy tax)", []),
        ("((climate policy tax)", []),
        ("(climate policy tax", ["climate", "policy", "tax"]),
        ("climate AND policy tax", []),
        ("climate tax (policy AND carbon)", []),
        ("climate tax -(policy AND carbon)", []),
        ("climate tax AND", ["climate", "tax"]),
        ('climate tax "policy AND carbon"', ["climate", "tax"]),
        ("climate and policy", ["climate", "and", "policy"]),
        ("headline:climate policy tax", ["policy", "tax"]),
        ("removed:climate policy tax", ["policy", "tax"]),
        ("clim* pol?cy carbn~ ministe~0 tax", ["tax"]),
        ("clima-* policy tax", ["policy", "tax"]),
        ('"green dea*" climate policy', ["climate", "policy"]),
        ("climate OR +carbon policy tax", ["policy", "tax"]),
        ("who wrote it?", ["who", "wrote", "it"]),
        ("climate has:caption after:2020 lang:en", ["climate"]),
        ('cease-fire US talks', ['ceasefire OR "cease fire"', "us OR u.s.", "talks"]),
        ("北京停戦交渉 talks", ['"北 京 停 戦 交 渉"', "talks"]),
        ("peace,treaty", ["peace", "treaty"]),
        ("http://example.org/a?b=c talks", ['"http example org a b c"', "talks"]),
        ("kiev trade czech republic", ["kiev OR kyiv", "trade", "(czech AND republic) OR czechia"]),
        ("+czech republic trade", ["trade"]),
        ("👍 climate", ["climate"]),
        ("", []),
    ],
)  # fmt: skip
def test_words_typed_plainly_are_soft_and_all_else_is_strict(typed: str, soft: list[str]) -> None:
    assert [describe(word) for word in parse(typed, spellings=NAMES).soft] == soft


def test_words_looked_for_in_fields_are_soft_too() -> None:
    assert [describe(word) for word in parse("peace talks", fields=("headline",)).soft] == ["headline:peace", "headline:talks"]


def test_words_of_quotes_are_soft_within_the_quotes_of_their_speaker() -> None:
    asked = parse("peace talks by:reed", fields=("said",))
    assert [describe(word) for word in asked.soft] == ["said:peace by:reed", "said:talks by:reed"]


def test_speakers_that_narrow_what_is_said_are_strict() -> None:
    assert parse("said:peace reed marsh", fields=("by",)).soft == ()
    assert len(parse("reed marsh", fields=("by",)).soft) == 2


@pytest.mark.parametrize(("words", "least"), [(1, 1), (2, 1), (3, 1), (4, 2), (6, 2), (7, 3), (10, 3), (20, 6), (64, 20)])
def test_thirty_percent_of_the_words_are_asked_for_rounded_up(words: int, least: int) -> None:
    assert least_words(words) == least == ceil(words * 3 / 10)


# ---------------------------------------------------------------- what is found, on each engine


WORDS = ("truce", "treaty", "talks", "border", "minister", "winter", "river")
ORACLE = settings(deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink), derandomize=True)
STRICT = ("-river", "+winter", '"treaty talks"', "section:World", "headline:truce", "(border OR river)", "mini*")
DAYS = (None, "1953", "1953-07-27", "1960-01", "1971-02-03")


def articles() -> st.SearchStrategy[Article]:
    texts = st.lists(st.sampled_from(WORDS), min_size=2, max_size=7).map(" ".join)
    return st.builds(
        Article,
        source=st.integers(0, 10**6).map("desk/{}.html".format),
        id=st.integers(0, 10**2).map(str),
        captured=st.sampled_from((None, "2022-01-01T00:00:00Z")),
        headline=texts,
        paragraphs=texts.map(lambda text: (Paragraph(text),)),
        section=st.sampled_from((None, "World")),
        language=st.just("en"),
        published=st.sampled_from(DAYS).map(lambda iso: PrintedDate(iso, iso) if iso else None),
    )


def expected(
    kept: list[Article], question: SearchParams, words: list[str], strict: list[str]
) -> tuple[list[Article], list[Article]]:
    """The two tiers, word by word and article by article."""
    first, second = [], []
    for article in kept if question.versions else current_versions(kept):
        has = [matches(article, parse(word).query, ("en",), kept) for word in words]
        if all(matches(article, parse(piece).query, ("en",), kept) for piece in strict) and _in_section(article, question):
            if all(has):
                first.append(article)
            elif sum(has) >= ceil(0.3 * len(words)):
                second.append(article)
    return first, second


def _in_section(article: Article, question: SearchParams) -> bool:
    return article.section in question.filters.get("section", (article.section,))


def sources(found: SearchResponse) -> tuple[list[str], list[str]]:
    second = found.tiers.second
    return [hit.article.source for hit in found.results.hits], [hit.article.source for hit in second.hits] if second else []


def walked(engine: Engine, question: SearchParams, by_cursor: bool) -> tuple[list[str], list[str]]:
    """All of both tiers, a page after the other; what each page says of the whole is the same."""
    found = answer(engine.reader(), question, Limits())
    whole, pages = sources(found), 1
    said = (found.results.total, found.some_total, found.results.articles, found.results.facets)
    while found.next if by_cursor else pages < found.pages:
        pages += 1
        assert pages <= 2 + sum(said[:2]) // question.page_size
        following = replace(question, cursor=found.next) if by_cursor else replace(question, page=pages)
        found = answer(engine.reader(), following, Limits())
        assert said == (found.results.total, found.some_total, found.results.articles, found.results.facets)
        assert len(found.tiers.hits) == question.page_size or not found.next
        assert not (whole[1] and found.results.hits)
        whole = tuple(before + more for before, more in zip(whole, sources(found), strict=True))  # type: ignore[assignment]
    return whole


@settings(ORACLE, max_examples=80)
@given(
    archive=st.lists(articles(), min_size=10, max_size=25),
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5, unique=True),
    strict=st.lists(st.sampled_from(STRICT), max_size=1, unique=True),
    data=st.data(),
)
def test_tiers_are_those_of_the_oracle_and_are_walked_through_whole(
    open_new: OpenNew, archive: list[Article], words: list[str], strict: list[str], data: st.DataObject
) -> None:
    order_by = data.draw(st.sampled_from(ORDERS))
    question = SearchParams(
        " ".join(data.draw(st.permutations(words + strict))),
        order_by=order_by,
        page_size=data.draw(st.integers(1, 5)),
        filters={"section": ("World",)} if data.draw(st.booleans()) else {},
        facets=("year",),
        versions=data.draw(st.booleans()),
        collapse=data.draw(st.booleans()),  # there are no copies among texts so short
    )
    with open_new() as engine:
        engine.add(archive)
        kept = list({article.source: article for article in archive}.values())
        first, second = expected(kept, question, words, strict)
        whole = answer(engine.reader(), replace(question, page_size=100), Limits())
        assert (whole.results.total, whole.some_total) == (len(first), len(second))
        assert count_each(engine.reader(), [question], Limits()) == [len(first)]
        wanted = [[article.source for article in by_date(tier, order_by == "oldest")] for tier in (first, second)]
        if order_by == "relevance":
            assert [sorted(tier) for tier in sources(whole)] == [sorted(tier) for tier in wanted]
            for tier in filter(None, (whole.tiers.first, whole.tiers.second)):
                assert [hit.score for hit in tier.hits] == sorted((hit.score for hit in tier.hits), reverse=True)
        else:
            assert list(sources(whole)) == wanted
        assert walked(engine, question, by_cursor=False) == sources(whole)
        assert walked(engine, question, by_cursor=True) == sources(whole)
        exported = [article.source for article in all_hits(engine.reader(), question, Limits())]
        assert exported == [article.source for article in by_date(first, order_by == "oldest")]


@pytest.fixture
def newsroom(engine: Engine) -> Engine:
    """Three articles with truce and talks, five with one of them."""
    texts = ["truce talks"] * 3 + ["truce"] * 3 + ["talks"] * 2
    engine.add(story(number, text) for number, text in enumerate(texts))
    return engine


def story(number: int, text: str) -> Article:
    day = f"1950-01-{number + 1:02}"
    return Article(f"desk/{number}", str(number), headline=text, language="en", published=PrintedDate(day, day))


@pytest.mark.parametrize(("few", "some"), [(3, 0), (4, 5)])
def test_there_is_a_second_tier_only_where_the_first_is_small(
    newsroom: Engine, monkeypatch: pytest.MonkeyPatch, few: int, some: int
) -> None:
    assert tiers.FEW == 100
    monkeypatch.setattr(tiers, "FEW", few)
    found = answer(newsroom.reader(), SearchParams("truce talks"), Limits())
    assert (found.results.total, found.some_total, found.tiers.second is None) == (3, some, not some)


def test_one_word_has_no_second_tier(newsroom: Engine) -> None:
    found = answer(newsroom.reader(), SearchParams("truce -talks"), Limits())
    assert (found.tiers.second, found.tiers.articles, found.tiers.total) == (None, found.results.articles, found.results.total)


@pytest.mark.parametrize(
    "typed",
    ['"truce" AND "zebra"', "truce AND zebra", "+truce +zebra", "headline:truce AND body:talks", "headline:truce headline:zebra",
     '"truce" "zebra"', "(truce zebra)", "tru* zeb*", "truce~ zebra~", "truce -headline:truce talks AND zebra"],
)  # fmt: skip
def test_a_strict_query_that_nothing_has_finds_nothing(newsroom: Engine, typed: str) -> None:
    found = answer(newsroom.reader(), SearchParams(typed, facets=("year",), timeline="year", explain=True), Limits())
    assert (found.results.total, found.some_total, found.tiers.hits, found.pages, found.next) == (0, 0, (), 0, None)
    assert count_each(newsroom.reader(), [SearchParams(typed)], Limits()) == [0]


def test_facets_and_timeline_count_the_first_tier(newsroom: Engine) -> None:
    found = answer(newsroom.reader(), SearchParams("truce talks", facets=("year",), timeline="year"), Limits())
    assert ([value.count for value in found.results.facets[0].values], [p.count for p in found.results.timeline]) == ([3], [3])
    none = answer(newsroom.reader(), SearchParams("truce talks zebra", facets=("year",), timeline="year"), Limits())
    assert (none.results.facets[0].values, none.results.timeline, none.some_total) == ((), (), 8)


def test_a_page_holds_the_end_of_the_first_tier_and_the_beginning_of_the_second(newsroom: Engine) -> None:
    found = answer(newsroom.reader(), SearchParams("truce talks", order_by="oldest", page_size=2, page=2), Limits())
    assert (sources(found), found.pages) == ((["desk/2"], ["desk/3"]), 4)
    assert len(found.highlights) == 2


@pytest.mark.parametrize("order_by", ORDERS)
def test_what_matched_is_marked_in_both_tiers(newsroom: Engine, order_by: OrderBy) -> None:
    found = answer(newsroom.reader(), SearchParams("talks truce", order_by=order_by), Limits())
    for hit, shown in zip(found.tiers.hits, found.highlights, strict=True):
        assert shown.headline
        assert " ".join(shown.headline.text[start:end] for start, end in shown.headline.marks) == hit.article.headline


def test_the_limit_of_hits_counts_both_tiers(newsroom: Engine) -> None:
    limits, question = Limits(hits=4), SearchParams("truce talks", page_size=2)
    found = answer(newsroom.reader(), question, limits)
    assert found.pages == 2
    found = answer(newsroom.reader(), replace(question, cursor=found.next), limits)
    assert (len(found.tiers.hits), found.next) == (2, None)
    with pytest.raises(QueryRefused):
        answer(newsroom.reader(), replace(question, page=3), limits)


def test_a_walk_by_date_goes_on_in_the_second_tier_though_the_first_has_grown(
    newsroom: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiers, "FEW", 4)
    question = SearchParams("truce talks", order_by="oldest", page_size=4)
    found = answer(newsroom.reader(), question, Limits())
    newsroom.add([story(20, "truce talks")])
    following = answer(newsroom.reader(), replace(question, cursor=found.next), Limits())
    assert (sources(found), sources(following)) == (
        (["desk/0", "desk/1", "desk/2"], ["desk/3"]),
        ([], ["desk/4", "desk/5", "desk/6", "desk/7"]),
    )
    assert following.next is None  # the page was the last, and full


def test_a_walk_by_relevance_through_both_tiers_ends_with_the_state_of_the_index(newsroom: Engine) -> None:
    question = SearchParams("truce talks", page_size=5)
    cursor = answer(newsroom.reader(), question, Limits()).next
    newsroom.add([story(20, "winter")])
    with pytest.raises(CursorExpired):
        answer(newsroom.reader(), replace(question, cursor=cursor), Limits())


def test_a_cursor_from_before_there_were_tiers_has_expired(newsroom: Engine) -> None:
    old = "bmV3ZXN0IDEyIDcxMTg1OCA"  # "newest 12 711858 "
    with pytest.raises(CursorExpired, match="repeat the search"):
        answer(newsroom.reader(), SearchParams("truce talks", order_by="newest", cursor=old), Limits())


def test_a_cursor_of_a_second_tier_is_refused_where_there_is_none(newsroom: Engine) -> None:
    cursor = str(Cursor("newest", tiebreak_key(story(3, "truce")), date.today(), in_second=True))
    with pytest.raises(BadRequest, match="another search"):
        answer(newsroom.reader(), SearchParams("truce AND talks", order_by="newest", cursor=cursor), Limits())


def test_parts_add_up_to_the_score_of_some_words_in_the_quotes_of_a_speaker(engine: Engine) -> None:
    said = Article(
        "desk/said", "said", paragraphs=(Paragraph("“Peace will come,” Ada Reed said."),), language="en",
        quotes=(Quote((Span(0, 1, 16),), "Ada Reed", Span(0, 19, 27)),),
    )  # fmt: skip
    engine.add([said, *ARTICLES])
    found = answer(engine.reader(), SearchParams("peace talks by:reed", query_fields=("said",), explain=True), Limits())
    assert (found.results.total, found.some_total) == (0, 1)
    assert found.explanation
    [parts] = found.explanation.parts
    assert sum(part.score for part in parts) == pytest.approx(found.tiers.hits[0].score, abs=1e-4)


@pytest.mark.parametrize("order_by", ORDERS)
def test_a_copy_of_what_the_first_tier_shows_is_not_shown_in_the_second(engine: Engine, order_by: OrderBy) -> None:
    engine.add([*WIRE, MENDED])  # the Globe cut the paragraph with the ferry; the dyke that was mended is another story
    question = SearchParams("dyke ferry", order_by=order_by)
    apart = answer(engine.reader(), question, Limits())
    assert (apart.results.total, apart.some_total) == (2, 2)
    together = answer(engine.reader(), replace(question, collapse=True), Limits())
    assert (together.results.total, together.results.articles, sources(together)[1]) == (1, 2, ["herald/mended.html"])
    assert together.some_total == 1
    page_2 = answer(engine.reader(), replace(question, collapse=True, page_size=1, page=2), Limits())
    assert sources(page_2) == ([], ["herald/mended.html"])
    walk = answer(engine.reader(), replace(question, collapse=True, page_size=1), Limits()).next
    following = answer(engine.reader(), replace(question, collapse=True, page_size=1, cursor=walk), Limits())
    assert sources(following) == sources(page_2)
    some = answer(engine.reader(), replace(question, text="dyke zeppelin", collapse=True), Limits())
    assert (some.results.total, some.some_total, some.tiers.articles) == (0, 2, 4)


# ---------------------------------------------------------------- how it is shown


Get = Callable[..., Any]


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    client = create_app(archive_of(tmp_path_factory.mktemp("tiers"), *ARTICLES)).test_client()

    def get(path: str, language: str = "en") -> Any:
        answered = client.get(path, headers={"Accept-Language": language})
        assert answered.status_code == 200, answered.text
        return answered.json if answered.is_json else BeautifulSoup(answered.data, "html.parser")

    return get


def test_the_api_tells_the_tiers_apart(get: Get) -> None:
    found = get("/api/search?q=treaty+ministers&page-size=5&page=3&order-by=oldest&collapse=true&explain=true")
    assert (found["total"], found["someTotal"], found["pages"], found["startIndex"]) == (12, 1, 3, 11)
    assert [(each["id"], each["allWords"]) for each in found["results"]] == [
        ("round-10", True), ("round-11", True), ("undated", False),
    ]  # fmt: skip
    assert found["explanation"]["notes"] == [
        "fewer than 100 articles have all the words; articles with any of: treaty, ministers follow"
    ]
    assert get("/api/search?q=treaty+AND+ministers")["someTotal"] == 0


def test_the_schema_describes_both_counts(get: Get) -> None:
    schemas = get("/openapi.json")["components"]["schemas"]
    assert schemas["SearchAnswer"]["properties"]["someTotal"] == {"type": "integer"}
    assert schemas["ResultShape"]["properties"]["allWords"] == {"type": "boolean"}
    assert "relaxed" not in json.dumps(schemas)


def order(page: BeautifulSoup) -> list[str]:
    """Headings and results from top to bottom."""
    return [found.get_text(" ", strip=True) for found in page.select("main h1, .hits h2:not(.unseen), .hit h3")]


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "1 more article with some of your words"), ("de", "1 weiterer Artikel mit einem Teil der Wörter")],
)
def test_a_heading_stands_between_the_tiers(get: Get, language: str, heading: str) -> None:
    page = get("/?q=treaty+ministers&page=2&order-by=oldest", language)
    assert order(page)[1:] == ["Treaty talks, round 10", "Treaty talks, round 11", heading, "A treaty without a date"]
    assert [link.get_text() for link in page.select(".pager a")] == ["1", "2"]
    assert heading not in page.select_one(".summary").get_text()


def test_a_page_before_the_second_tier_says_that_it_follows(get: Get) -> None:
    page = get("/?q=treaty+ministers&order-by=oldest")
    assert not page.select(".tier")
    assert "1 more article with some of your words" in page.select_one(".summary").get_text()


def test_where_no_article_has_all_the_words_those_with_some_are_shown(get: Get) -> None:
    page = get("/?q=armistice+zeppelin")
    assert order(page) == ["0 articles with all your words", "1 article with some of your words", "Korean truce signed"]
    assert not page.select(".nothing")
    assert page.select_one("a.skip")["href"] == "#results"


def test_exports_are_said_to_hold_articles_with_all_the_words_where_others_are_shown(get: Get) -> None:
    assert "Articles with all your words:" in get("/?q=treaty+ministers").select_one(".menu").get_text()
    assert "Articles with all your words:" not in get("/?q=treaty+AND+ministers").select_one(".menu").get_text()


def test_a_strict_search_that_finds_nothing_offers_what_is_looser(get: Get) -> None:
    page = get("/?q=%22armistice%22+AND+%22talks%22")
    assert order(page) == ['No articles with "armistice" AND "talks" ? Show details']
    [looser] = page.select(".nothing li")
    assert looser.get_text(" ", strip=True) == 'Search for any of these words: "armistice", "talks" 13 articles'
    assert order(get(looser.a["href"]))[0] == "13 articles"


def test_feed_and_export_hold_articles_with_all_the_words(get: Get) -> None:
    client: Any = get.__closure__[0].cell_contents  # type: ignore[attr-defined]
    assert client.get("/feed.atom?q=treaty+ministers").text.count("<entry") == 12
    assert "<entry" not in client.get("/feed.atom?q=armistice+zeppelin").text
    assert client.get("/api/export?q=treaty+ministers").text.count("\n") == 12
    assert client.get("/api/export?q=armistice+zeppelin&format=csv").text.count("\n") == 1


def test_copies_of_both_tiers_can_be_shown_apart(tmp_path: Path) -> None:
    client = create_app(archive_of(tmp_path, *WIRE, MENDED)).test_client()
    page = BeautifulSoup(client.get("/?q=dyke+zeppelin").data, "html.parser")
    assert order(page)[1] == "2 articles with some of your words"
    assert "2 more" in page.select_one(".summary").get_text()  # type: ignore[union-attr]


def test_names_are_counted_by_all_their_words(engine: Engine) -> None:
    engine.add(ARTICLES)
    table = names_table(engine.reader(), ["armistice zeppelin", "treaty ministers"], Limits(), queries=True)
    assert [row.articles for row in table.rows] == [0, 12]


def test_a_line_stands_between_the_tiers_on_a_terminal(tmp_path: Path) -> None:
    index = archive_of(tmp_path, *ARTICLES).index
    run = CliRunner().invoke(main, ["--index", index, "search", "--order-by", "oldest", "--page", "2", "treaty", "ministers"])
    lines = [line for line in run.stdout.splitlines() if line[:1].isdigit() or line.startswith("-")]
    assert lines == [
        "11. Treaty talks, round 10", "12. Treaty talks, round 11", "--- 1 more article with some of your words ---",
        "13. A treaty without a date",
    ]  # fmt: skip
    assert "12 articles for treaty AND ministers\n1 more article with some of your words\n" in run.stderr
    run = CliRunner().invoke(main, ["--index", index, "search", "--json", "armistice", "zeppelin"])
    assert [each["allWords"] for each in json.loads(run.stdout)["results"]] == [False]
    run = CliRunner().invoke(main, ["--index", index, "search", "--export", "csv", "armistice", "zeppelin"])
    assert run.stdout.count("\n") == 1


def test_json_is_the_same_wherever_it_is_asked_for(newsroom: Engine) -> None:
    sent = json.loads(answer_json(answer(newsroom.reader(), SearchParams("truce talks", page_size=4), Limits())))
    assert [each["allWords"] for each in sent["results"]] == [True, True, True, False]
    assert (sent["total"], sent["articles"], sent["someTotal"]) == (3, 3, 5)


def test_the_api_numbers_results_on_a_walk_by_relevance(newsroom: Engine) -> None:
    client = create_app(Settings(index=newsroom.url)).test_client()
    first = client.get("/api/search?q=truce+talks&page-size=2").json
    assert first is not None
    second = client.get("/api/search", query_string={"q": "truce talks", "page-size": 2, "cursor": first["next"]}).json
    assert second is not None
    assert (first["startIndex"], second["startIndex"]) == (1, 3)


def test_facets_and_timeline_are_of_the_first_tier_alone(newsroom: Engine) -> None:
    found = answer(newsroom.reader(), SearchParams("truce talks", facets=("language",), timeline="year"), Limits())
    assert found.tiers.second
    assert found.tiers.second.hits
    assert (found.tiers.second.facets, found.tiers.second.timeline) == ((), ())
    assert [value.count for value in found.results.facets[0].values] == [found.results.total]


def test_an_export_lets_other_threads_have_their_turn(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add(story(number, "truce") for number in range(2 * export.AT_A_STRETCH + 1))
    pauses: list[float] = []
    monkeypatch.setattr("search.service.export.time.sleep", pauses.append)
    assert len([*all_hits(engine.reader(), SearchParams("truce"), Limits())]) == 2 * export.AT_A_STRETCH + 1
    assert pauses == [export.PAUSE_SECONDS] * 2


def test_an_export_refuses_the_cursor_of_another_search(engine: Engine) -> None:
    engine.add(story(number, "truce") for number in range(3))
    page = answer(engine.reader(), SearchParams("truce", page_size=1, order_by="newest"), Limits())
    whole = [*all_hits(engine.reader(), SearchParams("truce"), Limits())]
    assert [*all_hits(engine.reader(), SearchParams("truce", cursor=page.next), Limits())] == whole[1:]
    with pytest.raises(BadRequest, match="sorted by newest"):
        next(all_hits(engine.reader(), SearchParams("truce", order_by="oldest", cursor=page.next), Limits()))
    in_second = str(Cursor("newest", 1, date(2022, 3, 4), in_second=True))
    with pytest.raises(BadRequest, match="another search"):
        next(all_hits(engine.reader(), SearchParams("truce", cursor=in_second), Limits()))
