"""search.service.search and search.serialize.search: a question to its answer, an answer to JSON."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import OpenNew
from press import ARMISTICE, ARTICLES, CURRENT, EARLIER, archive_of

from search.engines.protocol import Engine, open_engine
from search.errors import BadRequest, CursorExpired, QueryRefused
from search.model.article import Article, Paragraph, PrintedDate, Quote, Span
from search.model.results import Fragment
from search.query.nodes import DateRange, OrderBy
from search.ranking.boosts import recency
from search.serialize.article import article_json
from search.serialize.search import answer_json, fragment_html
from search.service.cursor import Cursor
from search.service.search import SearchParams, SearchResponse, answer
from search.settings import Limits


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    settings = archive_of(tmp_path_factory.mktemp("answer"), *ARTICLES)
    with open_engine(settings.index) as opened:
        yield opened


def ids(found: SearchResponse) -> list[str]:
    return [hit.article.id for hit in found.results.hits]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (SearchParams("armistice signed"), ["armistice"]),
        (SearchParams("treaty", filters={"author": ("Ada Ng",)}, from_date="1978"), ["round-8", "round-10"]),
        (SearchParams("treaty", filters={"author": ("Ada Ng", "Jo Weber")}, from_date="1980"), ["round-10", "round-11"]),
        (SearchParams("treaty", filters={"author": ("Ada Ng",), "section": ("World",)}), []),
        (SearchParams(filters={"author": ("Ng, Ada",)}), ["armistice"]),
        (SearchParams(filters={"collection": ("regard",)}), ["geneve/1954"]),
        (SearchParams(from_date="1953-07-27", to_date="1953-07-27"), ["armistice"]),
        (SearchParams(from_date="1953-07-28", to_date="1954-06"), []),
        (SearchParams(from_date="1953-07", to_date="1954-07"), ["armistice", "geneve/1954"]),
        (SearchParams(to_date="1953"), ["armistice"]),
        (SearchParams("truce", query_fields=("headline",)), ["armistice"]),
        (SearchParams("bulletin"), []),
        (SearchParams("bulletin", versions=True), ["armistice"]),
        (SearchParams("weber", query_fields=("author",), to_date="1971"), ["round-1"]),
    ],
    ids=str,
)
def test_a_question_finds_what_it_asks_for(engine: Engine, question: SearchParams, expected: list[str]) -> None:
    found = answer(engine.reader(), question, Limits())

    assert sorted(ids(found)) == sorted(expected)
    assert found.results.total == len(expected)
    assert len(found.highlights) == len(expected)


def test_without_words_everything_comes_newest_first_and_undated_last(engine: Engine) -> None:
    found = answer(engine.reader(), SearchParams(page_size=100), Limits())

    assert found.results.total == CURRENT
    assert found.order_by == "newest"
    assert ids(found)[0] == "round-11"
    assert ids(found)[-1] == "undated"


def test_a_page_past_the_last_is_empty_but_knows_the_total(engine: Engine) -> None:
    found = answer(engine.reader(), SearchParams("treaty", page=3), Limits())

    assert (ids(found), found.results.total, found.pages) == ([], 13, 2)


def test_pages_that_can_be_opened_end_at_the_limit(engine: Engine) -> None:
    limits = Limits(hits=6)

    assert answer(engine.reader(), SearchParams("treaty", page=3, page_size=2), limits).pages == 3
    with pytest.raises(QueryRefused) as refused:
        answer(engine.reader(), SearchParams("treaty", page=4, page_size=2), limits)
    assert (refused.value.limit, refused.value.allowed) == ("hits", 6)


@pytest.mark.parametrize(
    ("question", "parameter", "value"),
    [
        (SearchParams(page=0), "page", "0"),
        (SearchParams(page_size=0), "page-size", "0"),
        (SearchParams(order_by="best"), "order-by", "best"),  # type: ignore[arg-type]
        (SearchParams(from_date="yesterday"), "from-date", "yesterday"),
        (SearchParams(from_date="2022-02-30"), "from-date", "2022-02-30"),
        (SearchParams(to_date="2022-13"), "to-date", "2022-13"),
        (SearchParams(from_date="1960", to_date="1950"), "to-date", "1950"),
        (SearchParams(facets=("colour",)), "facets", "colour"),
        (SearchParams(query_fields=("everything",)), "query-fields", "everything"),
        (SearchParams(timeline="week"), "timeline", "week"),  # type: ignore[arg-type]
        (SearchParams(filters={"year": ("53",)}), "year", "53"),
        (SearchParams(filters={"colour": ("red",)}), "filter", "colour"),
    ],
    ids=str,
)
def test_a_bad_value_is_named(engine: Engine, question: SearchParams, parameter: str, value: str) -> None:
    with pytest.raises(BadRequest) as bad:
        answer(engine.reader(), question, Limits())

    assert (bad.value.parameter, bad.value.value) == (parameter, value)


def test_a_page_larger_than_the_limit_is_refused(engine: Engine) -> None:
    with pytest.raises(QueryRefused) as refused:
        answer(engine.reader(), SearchParams(page_size=101), Limits())

    assert refused.value.limit == "page_size"


def test_fragment_html_escapes_the_text_inside_and_outside_of_marks() -> None:
    fragment = Fragment('<b> & "AT&T" x', ((7, 11), (13, 14)))

    assert fragment_html(fragment) == "&lt;b&gt; &amp; &quot;<mark>AT&amp;T</mark>&quot; <mark>x</mark>"


def test_lone_surrogates_become_replacement_characters_and_offsets_stay(tmp_path: Path) -> None:
    article = Article("a/b", "a", headline="x \ud800 truce", paragraphs=(Paragraph("\udfff truce"),))
    settings = archive_of(tmp_path, article)
    with open_engine(settings.index) as engine:
        found = answer(engine.reader(), SearchParams("truce \udcff"), Limits())

    sent = json.loads(answer_json(found).decode("utf-8"))
    headline = sent["results"][0]["highlights"]["headline"]
    assert headline["text"] == "x \ufffd truce"
    assert headline["marks"] == [[4, 9]]
    assert json.loads(article_json(article))["article"]["paragraphs"] == [{"kind": "text", "text": "\ufffd truce"}]


def test_article_json_holds_every_field_and_the_versions() -> None:
    sent = json.loads(article_json(ARMISTICE, (ARMISTICE, EARLIER)))

    assert sent["article"] == {
        "id": "armistice",
        "source": "beacon/armistice.html",
        "url": "https://beacon.example/1953/armistice?a=1&b=2",
        "publisher": "City Beacon",
        "headline": "Korean truce signed",
        "alternativeHeadline": "Armistice after three years of war",
        "standfirst": "Guns fall silent after three years.",
        "paragraphs": [{"kind": p.kind, "text": p.text} for p in ARMISTICE.paragraphs],
        "captions": [
            {
                "text": "Officers sign the truce papers.",
                "credit": "Ruth Doe/Agency",
                "imageUrl": "https://img.example/1.jpg",
                "after": 1,
            },
            {"text": None, "credit": "Archive of the Beacon", "imageUrl": None, "after": 9},
        ],
        "authors": ["Ruth Okafor", "Ng, Ada"],
        "contributors": "Tom Hale reported from Seoul.",
        "dateline": "PANMUNJOM, Korea",
        "section": "World",
        "tags": ["Korea"],
        "language": "en",
        "corrections": ["An earlier version gave a wrong number of meetings."],
        "quotes": [],
        "published": "1953-07-27",
        "updated": "1953-07-28T09:30",
        "captured": "2020-01-01T10:00:00Z",
        "added": None,
        "changed": None,
        "wordCount": ARMISTICE.word_count,
    }
    spoken = ARMISTICE.paragraphs[0].text[4:20]
    quotes = (Quote((Span(0, 4, 20),), "Ruth Doe", Span(0, 0, 3)), Quote((Span(0, 30, 33), Span(1, 0, 4))))
    sent = json.loads(article_json(replace(ARMISTICE, quotes=quotes)))["article"]["quotes"]
    assert sent[0] == {
        "text": spoken,
        "speaker": "Ruth Doe",
        "stretches": [{"paragraph": 0, "start": 4, "end": 20}],
        "named": {"paragraph": 0, "start": 0, "end": 3},
    }
    assert (len(sent[1]["stretches"]), sent[1]["speaker"], sent[1]["named"]) == (2, None, None)


def test_article_json_lists_versions() -> None:
    sent = json.loads(article_json(ARMISTICE, (ARMISTICE, EARLIER)))
    assert [(v["source"], v["current"]) for v in sent["versions"]] == [(ARMISTICE.source, True), (EARLIER.source, False)]


def test_newer_articles_gain_by_recency(tmp_path: Path) -> None:
    today = date.today()
    days = {"old": today - timedelta(days=400), "new": today - timedelta(days=3)}
    with open_engine(f"tantivy:{tmp_path}/index", create=True) as engine:
        engine.add(
            Article(f"desk/{name}", name, paragraphs=(Paragraph(text),), language="en", published=PrintedDate(str(day), str(day)))
            for name, text, day in (("old", "truce truce truce", days["old"]), ("new", "a truce of some length", days["new"]))
        )
        assert ids(answer(engine.reader(), SearchParams("truce"), Limits())) == ["old", "new"]
        assert ids(answer(engine.reader(), SearchParams("truce", recency=30), Limits())) == ["new", "old"]


@pytest.mark.parametrize("half_life", [1, 2, 3, 7, 30, 365, 10**20])
def test_an_article_gains_by_its_age_in_steps_of_half_a_half_life(half_life: int) -> None:
    today = date(2024, 2, 29).toordinal()
    preferences = recency(half_life, today)
    spans = [preference.query for preference in preferences if isinstance(preference.query, DateRange)]
    firsts = {span.first for span in spans if span.first and span.first > 0}
    assert len(firsts) == len(preferences)
    assert all(preference.weight > 0 for preference in preferences)
    for day in {*range(today - 9 * min(half_life, 400), today + 2), 1}:
        age = max(today - day, 0)
        expected = 4 * 0.5 ** (2 * age // half_life / 2) if age < 8 * half_life else 0
        matching = (preference for span, preference in zip(spans, preferences, strict=True) if (span.first or 0) <= day)
        assert sum(preference.weight for preference in matching) == pytest.approx(expected, abs=1e-9), age


@pytest.mark.parametrize("half_life", [1, 2, 3, 7, 30])
def test_a_score_holds_all_of_what_today_gains_and_half_of_it_a_half_life_ago(half_life: int, open_new: OpenNew) -> None:
    today = date.today()
    engine = open_new()
    days = {"today": today, "ago": today - timedelta(days=half_life), "old": today - timedelta(days=8 * half_life)}
    engine.add(
        Article(f"desk/{name}", name, paragraphs=(Paragraph("truce"),), published=PrintedDate(str(day), str(day)))
        for name, day in days.items()
    )
    plain, gained = (
        {
            hit.article.id: hit.score
            for hit in answer(engine.reader(), SearchParams("truce", recency=asked), Limits()).results.hits
        }
        for asked in (None, half_life)
    )
    assert {name: gained[name] - plain[name] for name in days} == pytest.approx({"today": 4, "ago": 2, "old": 0}, abs=1e-4)


@pytest.mark.parametrize("order_by", ["relevance", "newest", "oldest"])
def test_cursors_walk_through_all_hits(engine: Engine, order_by: OrderBy) -> None:
    question = SearchParams("truce OR war OR négociations OR the", order_by=order_by, page_size=2)
    walked, steps = ids(found := answer(engine.reader(), question, Limits())), 0
    while found.next:
        walked += ids(found := answer(engine.reader(), replace(question, cursor=found.next), Limits()))
        steps += 1
    assert walked == ids(answer(engine.reader(), replace(question, page_size=100), Limits()))
    assert steps >= 1
    assert answer(engine.reader(), replace(question, page_size=len(walked)), Limits()).next is None, "nothing follows"


@pytest.mark.parametrize("order_by", ["relevance", "newest", "oldest"])
def test_a_walk_goes_on_as_of_the_day_it_began(tmp_path: Path, order_by: OrderBy) -> None:
    day = date(2024, 3, 31)
    printed = [str(day - timedelta(days=n)) for n in range(6)]
    with open_engine(f"tantivy:{tmp_path}/index", create=True) as engine:
        engine.add(Article(f"desk/{on}", on, headline="Truce", published=PrintedDate(on, on)) for on in printed)
        question = SearchParams("truce date:last 5 days", order_by=order_by, page_size=4, today=day)
        first = answer(engine.reader(), question, Limits())
        second = answer(engine.reader(), replace(question, cursor=first.next, today=day + timedelta(days=3)), Limits())
        later = answer(engine.reader(), replace(question, today=day + timedelta(days=3)), Limits())
    assert first.understood.text == second.understood.text == "truce AND date:[2024-03-26 TO 2024-03-31]"
    assert sorted(ids(first) + ids(second)) == sorted(printed)
    assert sorted(ids(later)) == sorted(printed[:3])


def test_a_cursor_by_relevance_ends_with_the_state_of_the_index(tmp_path: Path) -> None:
    with open_engine(f"tantivy:{tmp_path}/index", create=True) as engine:
        engine.add([Article(f"desk/{n}", str(n), paragraphs=(Paragraph("truce"),), language="en") for n in range(5)])
        question = SearchParams("truce OR talks", page_size=2)
        cursor = answer(engine.reader(), question, Limits()).next
        engine.remove(["desk/4"])
        with pytest.raises(CursorExpired, match="repeat the search"):
            answer(engine.reader(), replace(question, cursor=cursor), Limits())


@pytest.mark.parametrize("cursor", ["nonsense", "é", "", "cmVsZXZhbmNl", "bmV3ZXN0IDEg"], ids=repr)
def test_a_cursor_that_no_answer_gave_for_this_order_is_refused(engine: Engine, cursor: str) -> None:
    question = SearchParams("truce", cursor=cursor or "A" * 5_000)
    with pytest.raises(BadRequest) as refused:
        answer(engine.reader(), question, Limits())
    assert refused.value.parameter == "cursor"


@pytest.mark.parametrize("order_by", ["relevance", "newest", "oldest"])
def test_a_cursor_behind_all_that_could_be_is_refused(engine: Engine, order_by: OrderBy) -> None:
    with pytest.raises(BadRequest, match="unchanged"):
        answer(
            engine.reader(),
            SearchParams("truce", order_by=order_by, cursor=str(Cursor(order_by, 10**19 - 1, date.today()))),
            Limits(),
        )


def test_words_typed_side_by_side_are_better_found_near_each_other(tmp_path: Path) -> None:
    apart, together = (
        "summit about peace, from which nobody there had hoped for much or for talks",
        "summit about talks for peace, from which nobody there had hoped for very much",
    )
    with open_engine(f"tantivy:{tmp_path}/index", create=True) as engine:
        for name, text, day in (
            ("together", together, "1990"),
            ("apart", apart, "2000"),
        ):  # of equal scores the newer comes first
            published = PrintedDate(day, day)
            engine.add([Article(f"desk/{name}", name, paragraphs=(Paragraph(text),), language="en", published=published)])
        assert ids(answer(engine.reader(), SearchParams("peace talks"), Limits())) == ["together", "apart"]
        assert ids(answer(engine.reader(), SearchParams("summit nobody"), Limits())) == ["apart", "together"]
