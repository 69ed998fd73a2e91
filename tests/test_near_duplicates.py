"""Wire copy: what is a copy, and that each engine keeps its groups and collapses its hits as tests/oracle.py does."""

import random
from collections import Counter
from dataclasses import replace
from itertools import chain

import msgspec
import pytest
from conftest import OpenNew
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import answer, groups

from search.analysis.analyzer import sampled_terms
from search.engines.protocol import Engine
from search.indexing import near_duplicates
from search.indexing.fields import index_fields
from search.indexing.near_duplicates import Signature, Sketch, copies, decode, regroup, sketch
from search.model.article import Article, Paragraph, PrintedDate, tiebreak_key
from search.query.nodes import MatchAll, Or, SearchRequest, Word

_CHANCE = random.Random(1)
STORIES = tuple(
    tuple(f"{name}{_CHANCE.randrange(10_000)}" for _ in range(length))
    for name, length in (("bridge", 240), ("harvest", 300), ("regatta", 120), ("strike", 400))
)
"""Words of four texts that have nothing in common."""


def sketched(words: tuple[str, ...]) -> Sketch:
    return sketch(words, sampled_terms(words))


def article(name: str, words: tuple[str, ...], day: str | None = None, **fields: object) -> Article:
    half = len(words) // 2
    paragraphs = tuple(Paragraph(" ".join(some)) for some in (words[:half], words[half:]) if some)
    base = Article(f"desk/{name}", name, language="en", paragraphs=paragraphs, published=PrintedDate(day, day) if day else None)
    return replace(base, **fields)  # type: ignore[arg-type]


def edited(words: tuple[str, ...], every: int) -> tuple[str, ...]:
    """With one word in so many another."""
    return tuple(f"new{place}" if place % every == every - 1 else word for place, word in enumerate(words))


BRIDGE, HARVEST, REGATTA, STRIKE = STORIES


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param(BRIDGE, True, id="the same"),
        pytest.param(edited(BRIDGE, 30), True, id="small changes"),
        pytest.param(edited(BRIDGE, 4), False, id="every fourth word another"),
        pytest.param(BRIDGE[:100], True, id="its beginning"),
        pytest.param(BRIDGE[-100:], True, id="its end"),
        pytest.param(BRIDGE[:60], False, id="a quarter of it"),
        pytest.param(BRIDGE + HARVEST[:200], True, id="more after it"),
        pytest.param(BRIDGE[:60] + HARVEST, False, id="a passage quoted"),
        pytest.param(HARVEST, False, id="another text"),
        pytest.param(BRIDGE[:30], False, id="too short to tell"),
        pytest.param((), False, id="no text"),
    ],
)
def test_a_copy_has_most_of_the_shorter_text(other: tuple[str, ...], expected: bool) -> None:
    one, another = sketched(BRIDGE), sketched(other)
    assert copies(one, another) is copies(another, one) is expected
    assert bool(set(one.keys) & set(another.keys)) >= expected


def test_texts_longer_than_a_sketch_are_compared_by_a_sample() -> None:
    long = tuple(f"word{_CHANCE.randrange(50_000)}" for _ in range(4000))
    assert len(sketched(long).hashes) == near_duplicates.HASHES
    assert copies(sketched(long), sketched(long[:1600]))
    assert not copies(sketched(long), sketched(long[:800] + HARVEST + STRIKE + REGATTA))


def test_where_paragraphs_end_makes_no_difference() -> None:
    whole = Article("a", "a", paragraphs=(Paragraph(" ".join(BRIDGE)),))
    assert index_fields(article("b", BRIDGE)).sketch == index_fields(whole).sketch


def test_a_sketch_comes_back_as_it_was() -> None:
    for each in (sketched(BRIDGE), sketched(REGATTA), Sketch()):
        assert decode(each.encode()) == each


def grouped(engine: Engine, archive: list[Article]) -> dict[str, set[str]]:
    """The other articles of the group of each, by id."""
    return {each.id: {copy.id for copy in engine.reader().copies(each.id)} for each in archive}


def test_a_page_that_strings_two_stories_together_makes_them_no_one(engine: Engine) -> None:
    archive = [article("b", BRIDGE), article("h", HARVEST), article("both", BRIDGE + HARVEST), article("b2", BRIDGE[:200])]
    engine.add(archive)
    assert grouped(engine, archive) == {"b": {"b2"}, "b2": {"b"}, "h": {"both"}, "both": {"h"}}


def test_versions_of_an_article_are_no_copies_and_only_the_current_one_is_grouped(engine: Engine) -> None:
    first = article("first", BRIDGE, id="x", captured="2022-01-01T00:00:00Z")
    other = article("other", edited(BRIDGE, 50))
    engine.add([first, other, replace(first, source="desk/third", captured="2021-01-01T00:00:00Z")])
    assert grouped(engine, [first, other]) == {"x": {"other"}, "other": {"x"}}
    second = article("second", HARVEST, id="x", captured="2022-02-01T00:00:00Z")
    engine.add([second])
    assert grouped(engine, [second, other]) == {"x": set(), "other": set()}
    engine.remove(["desk/second"])
    assert grouped(engine, [first, other]) == {"x": {"other"}, "other": {"x"}}


def test_updating_an_article_regroups_what_it_touched(engine: Engine) -> None:
    archive = [article(name, edited(BRIDGE, 40 + n)) for n, name in enumerate("abc")]
    engine.add(archive)
    engine.add([article("a", HARVEST)])
    assert grouped(engine, archive) == {"a": set(), "b": {"c"}, "c": {"b"}}
    engine.add([article("a", BRIDGE[:150])])
    assert grouped(engine, archive) == {"a": {"b", "c"}, "b": {"a", "c"}, "c": {"a", "b"}}
    engine.remove(["desk/b", "desk/a"])
    assert grouped(engine, archive) == {"a": set(), "b": set(), "c": set()}


def test_a_text_that_too_many_have_is_boilerplate(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_duplicates, "COMMON", 15)
    archive = [article(f"a{n}", BRIDGE) for n in range(near_duplicates.COMMON)]
    engine.add(archive)
    assert len(engine.reader().copies("a0")) == near_duplicates.COMMON - 1
    engine.add([article("more", BRIDGE)])
    assert engine.reader().copies("a0") == engine.reader().copies("more") == []
    engine.remove(["desk/a7"])
    assert len(engine.reader().copies("a0")) == near_duplicates.COMMON - 1


def test_no_two_texts_are_compared_twice_nor_any_for_what_too_many_have(monkeypatch: pytest.MonkeyPatch) -> None:
    long = tuple(f"word{_CHANCE.randrange(50_000)}" for _ in range(2_400))
    overlapping = [Signature(f"desk/{n}", str(n), sketched(long[n * 10 : n * 10 + 400])) for n in range(200)]
    compared: list[tuple[int, int]] = []

    def counted(one: Sketch, other: Sketch) -> bool:
        compared.append((min(id(one), id(other)), max(id(one), id(other))))
        return copies(one, other)

    monkeypatch.setattr(near_duplicates, "copies", counted)
    regroup(overlapping, [], lambda _keys, _most: ([], set()))
    assert len(overlapping) < len(compared) == len(set(compared))
    sharing = len(compared)
    compared.clear()
    monkeypatch.setattr(near_duplicates, "COMMON", 15)
    regroup(overlapping, [], lambda _keys, _most: ([], set()))
    assert 0 < len(compared) == len(set(compared)) < sharing
    assert max(Counter(chain.from_iterable(compared)).values()) < near_duplicates.KEYS * near_duplicates.COMMON


WIRE = settings(deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink), derandomize=True)


@st.composite
def printed(draw: st.DrawFn) -> Article:
    """One of the stories or two, cut and edited, or nothing to speak of."""
    words: tuple[str, ...] = ()
    for story in draw(st.sampled_from([(BRIDGE,), (BRIDGE,), (HARVEST,), (REGATTA,), (BRIDGE, HARVEST), (HARVEST, REGATTA), ()])):
        start = draw(st.sampled_from((0, 0, 0, 40)))
        words += story[start : start + draw(st.sampled_from((400, 400, 200, 150, 120, 60)))]
    return article(
        draw(st.sampled_from("abcdefghijkl")),
        edited(words, draw(st.sampled_from((1000, 1000, 60, 40, 25, 9)))),
        id=draw(st.sampled_from("pqrstuvwxyz")),
        captured=draw(st.sampled_from(("2022-01-01T00:00:00Z", "2022-02-02T00:00:00Z"))),
        day=draw(st.sampled_from((None, "2022", "2021-02-03", "2022-01-05"))),
    )


def batches() -> st.SearchStrategy[list[Article]]:
    return st.lists(printed(), min_size=3, max_size=8)


@settings(WIRE, max_examples=40)
@given(steps=st.lists(batches() | st.sets(st.sampled_from("abcdefghijkl"), max_size=4), max_size=5))
@pytest.mark.parametrize("common", [200, 2], ids=["", "with texts that become common"])
def test_groups_depend_on_the_set_of_articles_alone(
    open_new: OpenNew, steps: list[list[Article] | set[str]], common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was added and removed in which batches, by the oracle that looks at every pair."""
    monkeypatch.setattr(near_duplicates, "COMMON", common)
    kept: dict[str, Article] = {}
    with open_new() as engine:
        for step in steps:
            if isinstance(step, set):
                engine.remove(f"desk/{name}" for name in step)
                kept = {source: each for source, each in kept.items() if source.removeprefix("desk/") not in step}
            else:
                engine.add(step)
                kept |= {each.source: each for each in step}
        current = list({version.id: version for a in kept.values() if (version := engine.reader().get(a.id))}.values())
        expected = groups(current)
        for each in current:
            members = {other.source for other in current if expected.get(other.source, 0) == expected.get(each.source, 1)}
            assert {copy.source for copy in engine.reader().copies(each.id)} == members - {each.source}


@settings(WIRE, max_examples=40)
@given(archive=batches(), order_by=st.sampled_from(("newest", "oldest")), data=st.data())
def test_collapsed_hits_are_those_of_the_oracle(
    open_new: OpenNew, archive: list[Article], order_by: str, data: st.DataObject
) -> None:
    words = data.draw(st.lists(st.sampled_from([word for story in STORIES for word in story[::20]]), max_size=3))
    query = Or(tuple(map(Word, words))) if words else MatchAll()
    filters = {"year": ("2022",)} if data.draw(st.booleans()) else {}
    versions = data.draw(st.booleans())
    plain = SearchRequest(query, filters, order_by=order_by, size=50, versions=versions, facets=("year",))  # type: ignore[arg-type]
    with open_new() as engine:
        engine.add(archive)
        for request in (plain, replace(plain, collapse=True)):
            results, expected = engine.reader().search(request), answer(archive, request)
            assert {hit.article.source: [copy.source for copy in hit.copies] for hit in results.hits} == expected.copies
            assert [hit.article.source for hit in results.hits] == expected.sources
            assert (results.total, results.articles) == (len(expected.sources), expected.articles)
            assert {v.value: v.count for v in results.facets[0].values} == expected.facets["year"]
            walked: list[str] = []
            after = None
            while page := engine.reader().search(replace(request, size=2, after=after)).hits:
                walked += [hit.article.source for hit in page]
                after = tiebreak_key(page[-1].article)
            assert walked == expected.sources


@pytest.fixture
def newsroom(engine: Engine) -> Engine:
    """Twenty stories, of which three outlets each have a cut, in a hundred articles that share a word."""
    chance = random.Random(3)
    for story in range(20):
        words = tuple(f"w{chance.randrange(9_000)}" for _ in range(150))
        cuts = [edited(words, 30), words[:110] + ("truce",) * (story % 4), words]
        engine.add(
            [article(f"s{story}-{n}", (*cut, "truce"), f"20{story:02}-01-0{n + 1}") for n, cut in enumerate(cuts)]
            + [article(f"t{story}-{n}", ("truce", "talks", f"alone{story}"), f"20{story:02}") for n in range(2)]
        )
    return engine


@pytest.mark.parametrize("order_by", ["relevance", "newest", "oldest"])
def test_pages_of_collapsed_hits_neither_overlap_nor_skip(newsroom: Engine, order_by: str) -> None:
    request = SearchRequest(Word("truce"), order_by=order_by, size=200)  # type: ignore[arg-type]
    all_hits = newsroom.reader().search(request)
    assert (all_hits.total, all_hits.articles) == (100, 100)
    whole = newsroom.reader().search(replace(request, collapse=True))
    assert (whole.total, whole.articles) == (60, 100)
    ranks = {hit.article.id: rank for rank, hit in enumerate(all_hits.hits)}
    for hit in whole.hits:
        members = [hit.article.id, *(copy.id for copy in hit.copies)]
        assert members == sorted(members, key=ranks.__getitem__)
        assert hit.copy_count == len(hit.copies) == (2 if hit.article.id.startswith("s") else 0)
    paged = [newsroom.reader().search(replace(request, collapse=True, start=start, size=7)) for start in range(0, 70, 7)]
    assert [hit for page in paged for hit in page.hits] == list(whole.hits)
    assert {page.total for page in paged} == {60}


@pytest.mark.parametrize("order_by", ["relevance", "newest", "oldest"])
def test_hits_are_the_same_where_nothing_is_counted(newsroom: Engine, order_by: str) -> None:
    request = SearchRequest(Word("truce"), order_by=order_by, size=13, collapse=True)  # type: ignore[arg-type]
    following = tiebreak_key(newsroom.reader().search(request).hits[-1].article)
    for asked in (request, replace(request, start=11), replace(request, start=55), replace(request, after=following)):
        expected = newsroom.reader().search(asked)
        results = newsroom.reader().search(replace(asked, counted=False))
        assert (results.total, results.articles) == (0, 0)
        assert results.hits == tuple(msgspec.structs.replace(hit, copies=(), copy_count=0) for hit in expected.hits)


def test_copies_that_the_query_does_not_find_are_not_counted(newsroom: Engine) -> None:
    request = SearchRequest(Word("truce"), {"year": ("2003",)}, collapse=True)
    assert newsroom.reader().search(request).total == 3
    days = {hit.article.day for hit in newsroom.reader().search(SearchRequest(Word("talks"), collapse=True, size=50)).hits}
    assert len(days) == 20
    assert newsroom.reader().search(SearchRequest(Word("talks"), collapse=True)).articles == 40
