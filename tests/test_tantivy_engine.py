"""What is tantivy's own: batches, merges, its limits, files that were cut off. The rest is in test_engine_contract.py."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from indexer.load.reindex import reindex
from search.engines.protocol import Misspelt
from search.engines.tantivy import engine as tantivy_engine
from search.engines.tantivy import order as tantivy_order
from search.engines.tantivy import snapshot as tantivy_snapshot
from search.engines.tantivy import words as tantivy_words
from search.engines.tantivy.engine import TantivyEngine
from search.engines.tantivy.query import best_first
from search.engines.tantivy.query import values as tantivy_values
from search.errors import EngineError, IndexDamaged
from search.model.article import Article, Paragraph, PrintedDate, tiebreak_key
from search.query.nodes import ANY, MatchAll, Or, OrderBy, PhrasePrefix, Prefix, SearchRequest, Word


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(index: Path) -> Iterator[TantivyEngine]:
    with TantivyEngine(index, create=True) as opened:
        yield opened


def articles(count: int, **fields: str) -> Iterator[Article]:
    for number in range(count):
        yield Article(f"d/{number}", f"d/{number}", paragraphs=(Paragraph("truce"),), tags=(f"t{number}",), **fields)


def total(engine: TantivyEngine) -> int:
    return engine.reader().search(SearchRequest(MatchAll())).total


def test_versions_and_replacements_hold_across_batches(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_engine, "BATCH_DOCUMENTS", 3)
    captured = [f"2022-{month:02}-01T00:00:00Z" for month in (5, 3, 12, 4, 7, 12, 1)]
    versions = [Article(f"d/{n % 6}", "one", captured=moment) for n, moment in enumerate(captured)]
    assert engine.add(versions).added == 7
    assert total(engine) == 1
    assert [article.source for article in engine.reader().versions("one")] == ["d/5", "d/2", "d/4", "d/3", "d/1", "d/0"]


def test_a_batch_ends_when_it_is_large(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_engine, "BATCH_BYTES", 1)
    written: list[int] = []
    store = engine._store
    monkeypatch.setattr(engine, "_store", lambda batch, unwanted: written.append(len(batch)) or store(batch, unwanted))
    engine.add(articles(3))
    assert (written, total(engine)) == ([1, 1, 1], 3)


def test_a_commit_is_on_the_disk_when_a_change_returns(
    engine: TantivyEngine, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tantivy_engine, "BATCH_DOCUMENTS", 2)
    on_disk: list[bytes] = []
    fsync = os.fsync

    def recorded_fsync(descriptor: int) -> None:
        if os.path.samefile(f"/proc/self/fd/{descriptor}", index):
            on_disk.append((index / "meta.json").read_bytes())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    for change in (lambda: engine.add(articles(5)), lambda: engine.remove(["d/0"]), engine.close):
        on_disk.clear()
        change()
        assert on_disk[-1:] == [(index / "meta.json").read_bytes()]


def test_a_new_index_is_on_the_disk_under_its_name_before_the_old_one_is_deleted(
    engine: TantivyEngine, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.add(articles(1))
    engine.close()
    old = index.stat().st_ino
    there: list[tuple[bool, bool]] = []
    fsync = os.fsync

    def recorded_fsync(descriptor: int) -> None:
        if os.path.samefile(f"/proc/self/fd/{descriptor}", index.parent):
            there.append((index.stat().st_ino != old, index.with_name(".index.reindex").exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    reindex(f"tantivy:{index}")
    assert there[-1] == (True, True)


@pytest.mark.parametrize(("more", "second"), [(5, None), (20, None), (10_000, "t0")])
@pytest.mark.parametrize("filtered", [False, True])
def test_counts_of_a_facet_with_too_many_values_are_exact(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch, filtered: bool, more: int, second: str | None
) -> None:
    """Of 48 tags each segment hands over five, or more of them: t39 stands in three segments, the others once."""
    monkeypatch.setattr(tantivy_values, "MAX_VALUES", 5)
    monkeypatch.setattr(tantivy_values, "MORE_VALUES", more)
    for number in range(0, 40, 20):
        engine.add([*articles(40)][number : number + 20])
    engine.add([Article(f"e/{number}", f"e/{number}", tags=("t39", f"u{number}")) for number in range(4)])
    engine.add([Article(f"f/{number}", f"f/{number}", tags=("t39", f"v{number}")) for number in range(4)])
    filters = {"tag": ("t39",)} if filtered else {"collection": ("d", "e", "f")}
    facet = engine.reader().search(SearchRequest(MatchAll(), filters, facets=("tag",), facet_size=2)).facets[0]
    assert [value.count for value in facet.values] == [9, 1]
    assert facet.values[0].value == "t39"
    assert second in (None, facet.values[1].value)
    assert facet.distinct == 48
    assert len(engine.reader().search(SearchRequest(MatchAll(), filters, facets=("tag",), facet_size=1)).facets[0].values) == 1


def test_a_value_that_is_frequent_in_no_segment_is_found_by_asking_for_more(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each segment has three tags of its own three times, and "spread" twice, which is the most frequent of all."""
    monkeypatch.setattr(tantivy_values, "MAX_VALUES", 3)
    for part in "abcd":
        own = [Article(f"{part}/{n}", f"{part}{n}", headline="truce", tags=(f"{part}{n % 3}",)) for n in range(9)]
        engine.add([*own, *(Article(f"{part}/s{n}", f"{part}s{n}", headline="truce", tags=("spread",)) for n in range(2))])
    request = SearchRequest(Word("truce"), facets=("tag",), facet_size=2)
    [facet] = engine.reader().search(request).facets
    assert [(value.value, value.count) for value in facet.values] == [("spread", 8), ("a0", 3)]
    assert facet.distinct == 13


def test_the_most_frequent_of_many_values_are_counted_exactly_among_many_hits(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sample tells which they are, and about how many others there are."""
    monkeypatch.setattr(tantivy_values, "MAX_VALUES", 5)
    for name, size in (("MANY_DOCUMENTS", 300), ("MAX_HITS_COUNTED", 100), ("SAMPLED", 50), ("DISTINCT_SAMPLED", 50)):
        monkeypatch.setattr(tantivy_values, name, size)
    for part in range(4):
        numbers = range(part * 100, part * 100 + 100)
        tags = {n: ("half",) * (n % 2) + ("fifth",) * (n % 5 == 0) + (f"own{n}",) for n in numbers}
        headline = "truce" if part < 3 else "war"
        engine.add([Article(f"d/{n}", f"d{n}", headline=headline, section="World", tags=tags[n]) for n in numbers])
    request = SearchRequest(Word("truce"), facets=("tag", "section"), facet_size=2)
    tag, section = engine.reader().search(request).facets
    assert [(value.value, value.count) for value in tag.values] == [("half", 150), ("fifth", 60)]
    assert 270 < tag.distinct < 330
    assert tag.distinct != 302
    assert [(value.value, value.count) for value in section.values] == [("World", 300)]


def test_all_periods_of_a_timeline_are_counted_beyond_the_limit_of_aggregations(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tantivy_values, "MAX_BUCKETS", 5)
    monkeypatch.setattr(tantivy_values, "MAX_VALUES", 3)
    years = [str(year) for year in range(1990, 2010)]
    engine.add([Article(f"d/{year}", year, headline="truce", published=PrintedDate(year, year)) for year in years])
    request = SearchRequest(Word("truce"), facets=("year",), facet_size=2, timeline="year")
    results = engine.reader().search(request)
    assert [(period.start, period.count, period.archive) for period in results.timeline] == [(year, 1, 1) for year in years]
    assert results.facets[0].distinct == 20
    assert [value.value for value in results.facets[0].values] == years[:2]


def test_terms_of_many_articles_count_as_the_dictionary_has_them(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add([Article(f"d/{number}", f"{number % 3}", headline="truce", language="en") for number in range(5)])
    asked = [("all", "en|truce")]
    assert engine.reader().words.having(asked) == {("all", "en|truce"): 3}
    monkeypatch.setattr(tantivy_words, "MAX_COUNTED", 5)
    assert engine.reader().words.having(asked) == {("all", "en|truce"): 3}
    monkeypatch.setattr(tantivy_words, "MAX_COUNTED", 4)
    assert engine.reader().words.having(asked) == {("all", "en|truce"): 5}


def test_words_near_one_are_looked_up_once(engine: TantivyEngine) -> None:
    engine.add(articles(2))
    words = engine.reader().words
    words.near([Misspelt("body", "trcue", 1)])[0].clear()
    assert words.near([Misspelt("body", "trcue", 1)]) == [{"truce": 2}]
    assert words._near.cache_info().hits == 1
    engine.add([Article("d/2", "2", paragraphs=(Paragraph("truce"),))])
    assert engine.reader().words.near([Misspelt("body", "trcue", 1)]) == [{"truce": 3}]


def test_groups_are_counted_beyond_the_limit_of_aggregations(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_values, "MAX_BUCKETS", 2)
    for story in range(5):
        text = (Paragraph(" ".join(f"w{story}x{place}" for place in range(150))),)
        copies = [Article(f"d/{story}-{n}", f"{story}-{n}", headline="truce" if n < 2 else "", paragraphs=text) for n in range(3)]
        engine.add(copies[: 3 if story else 1])
    results = engine.reader().search(SearchRequest(Word("truce"), collapse=True))
    assert (results.total, results.articles) == (5, 9)
    assert sorted(hit.copy_count for hit in results.hits) == [0, 1, 1, 1, 1]


def test_merges_change_neither_generation_nor_answers(engine: TantivyEngine, index: Path) -> None:
    for number in range(30):
        engine.add([Article(f"d/{number}", str(number), headline="truce")])
    generation = engine.reader().generation
    engine.close()
    segments = json.loads((index / "meta.json").read_text())["segments"]
    assert len(segments) < 30
    with TantivyEngine(index) as again:
        assert again.reader().generation == generation
        assert again.reader().search(SearchRequest(Word("truce"))).total == 30
        assert again.verify() == []


def test_more_ties_than_expected_are_fetched_until_complete(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add(articles(300))
    whole = engine.reader().search(SearchRequest(Word("truce"), size=300)).hits
    monkeypatch.setattr(tantivy_order, "TIES_EXPECTED", 1)
    monkeypatch.setattr(tantivy_order, "FETCHED_ONCE", 10)
    for sampled, most in product((5, 40, 1_000), (1, 20, 500)):
        monkeypatch.setattr(best_first, "SAMPLED", sampled)
        monkeypatch.setattr(best_first, "MAX_TIES_EXPECTED", most)
        for start in (0, 1, 20, 149, 290, 299, 300):
            assert engine.reader().search(SearchRequest(Word("truce"), start=start, size=5)).hits == whole[start : start + 5]


def test_pages_of_several_ties_are_those_of_the_whole(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ties of three scores: hits that have the word three times, twice, once, added in turn."""
    for begin in range(0, 90, 30):
        texts = (Paragraph("truce " * (3 - number % 3) + "talks " * (number % 3)) for number in range(begin, begin + 30))
        engine.add(Article(f"d/{n}", f"d/{n}", paragraphs=(text,)) for n, text in enumerate(texts, begin))
    whole = engine.reader().search(SearchRequest(Word("truce"), size=90)).hits
    expected = sorted(whole, key=lambda hit: (-hit.score, -tiebreak_key(hit.article)))
    assert [*whole] == expected
    assert len({hit.score for hit in whole}) == 3
    for expect, most, sampled in ((0, 1, 9), (1, 4, 20), (5, 2, 100), (1, 100, 9)):
        monkeypatch.setattr(best_first, "SAMPLED", sampled)
        monkeypatch.setattr(tantivy_order, "TIES_EXPECTED", expect)
        monkeypatch.setattr(best_first, "MAX_TIES_EXPECTED", most)
        for start, size in product((0, 1, 20, 28, 29, 30, 31, 59, 61, 85), (1, 2, 31, 70)):
            page = engine.reader().search(SearchRequest(Word("truce"), start=start, size=size)).hits
            assert page == whole[start : start + size]


def test_the_newest_are_looked_for_in_the_newest_years_first(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    days = [None, *(f"{1990 + number // 3}-0{number % 3 + 1}-10" for number in range(40))]
    dates = [PrintedDate(day, day) if day else None for day in days]
    texts = ("truce", "truce talks", "talks")
    engine.add(Article(f"d/{n}", f"d{n}", published=date, paragraphs=(Paragraph(texts[n % 3]),)) for n, date in enumerate(dates))
    request = SearchRequest(Word("truce"), order_by="newest", size=50)
    whole = engine.reader().search(request)
    assert whole.total == len(whole.hits) == 28
    assert [*whole.hits] == sorted(whole.hits, key=lambda hit: -tiebreak_key(hit.article))
    monkeypatch.setattr(tantivy_order, "MANY", 1)
    for share, start in product((0.02, 0.2), (0, 1, 5, 26, 28)):
        monkeypatch.setattr(tantivy_order, "NEWEST_SHARE", share)
        found = engine.reader().search(replace(request, start=start, size=3))
        assert (found.hits, found.total) == (whole.hits[start : start + 3], 28)
        assert engine.reader().search(replace(request, start=start, size=3, counted=False)).hits == found.hits


def test_few_earlier_versions_are_left_out_of_what_was_found(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        for captured in ("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z")[: 1 + number % 2]:
            text = Paragraph("truce " * (number % 4 + 1) + captured[:4])
            engine.add([Article(f"d/{number}-{captured[:4]}", f"d{number}", captured=captured, paragraphs=(text,))])
    request = SearchRequest(Or((Word("truce"), Word("2020"))))
    pages = [replace(request, start=start, size=size) for start, size in product((0, 1, 5, 11), (1, 4, 20))]
    quick = [engine.reader().search(page) for page in pages]
    assert {page.total for page in quick} == {12}
    assert all(hit.current for page in quick for hit in page.hits)
    monkeypatch.setattr(tantivy_order, "MAX_UNWANTED", 0)
    assert [engine.reader().search(page) for page in pages] == quick


def test_counts_are_kept_for_the_next_page_of_a_search(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add(articles(30, section="World"))
    reader = engine.reader()
    request = SearchRequest(Word("truce"), facets=("section", "tag"), timeline="year", facet_size=3)
    first = reader.search(request)
    counted: list[object] = []
    monkeypatch.setattr(tantivy_values.ValueCounter, "of", lambda *asked: counted.append(asked))
    assert reader.search(replace(request, start=10)).facets == first.facets
    assert counted == []


def test_the_latest_counts_are_kept_and_none_of_searches_that_ask_for_none(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.add(articles(30, section="World"))
    reader = engine.reader()
    reader.search(SearchRequest(Word("truce")))
    assert not reader.snapshot.values._kept
    monkeypatch.setattr(tantivy_values, "MAX_KEPT", 25)
    first, second, third = (SearchRequest(Word("truce"), facets=("section",), facet_size=size) for size in (3, 4, 5))
    for request in (first, second, first, third):
        reader.search(request)
    counted: list[object] = []
    monkeypatch.setattr(tantivy_values.ValueCounter, "of", lambda *asked: counted.append(asked))
    reader.search(first)
    assert counted == []


def test_few_counts_are_kept(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add(articles(30, section="World"))
    monkeypatch.setattr(tantivy_values, "MAX_KEPT", 50)
    for number in range(40):
        request = SearchRequest(Or((Word("truce"), Word(f"w{number}"))), facets=("section", "tag"), facet_size=3)
        assert engine.reader().search(request).facets[0].values[0].count == 30
        kept = engine.reader().snapshot.values
        assert len(kept._kept) <= 2
        assert kept._kept_size == sum(map(tantivy_values._size, kept._kept.values())) <= 50
    monkeypatch.setattr(tantivy_values, "MAX_KEPT", 5)
    assert engine.reader().search(request).facets[0].values[0].count == 30


@pytest.mark.parametrize("order_by", ["newest", "oldest"])
def test_all_articles_are_read_however_many_are_fetched_at_a_time(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch, order_by: OrderBy
) -> None:
    engine.add(articles(30))
    request = SearchRequest(Word("truce"), order_by=order_by, size=30)
    whole = [hit.article for hit in engine.reader().search(request).hits]
    for fetched in (1, 7, 10, 30, 31):
        monkeypatch.setattr(tantivy_order, "WALKED", fetched)
        assert [*engine.reader().articles(request)] == whole
    assert [*engine.reader().articles(replace(request, after=tiebreak_key(whole[11])))] == whole[12:]


def test_patterns_that_overlap_rank_what_more_of_them_match_first(engine: TantivyEngine) -> None:
    engine.add([Article("d/1", "1", headline="treaty"), Article("d/2", "2", headline="treaty truce")])
    hits = engine.reader().search(SearchRequest(Or((Prefix("trea"), Prefix("tru"))))).hits
    assert [hit.article.id for hit in hits] == ["2", "1"]


def test_more_words_may_begin_so_than_tantivy_expands(engine: TantivyEngine) -> None:
    most = 16_384
    engine.add([Article("d/1", "1", paragraphs=(Paragraph(" ".join(f"the z{number:05}" for number in range(most + 100))),))])
    engine.add(
        [
            Article("d/2", "2", paragraphs=(Paragraph("the z"),)),
            Article("d/3", "3", headline="the zz"),
            Article("d/4", "4", headline="a z16"),
        ]
    )
    asked = (PhrasePrefix(("the",), "z"), PhrasePrefix(("the",), "z16"), PhrasePrefix(("the",), "z9"))
    assert [engine.reader().search(SearchRequest(query)).total for query in asked] == [3, 1, 0]


def test_a_writer_sees_its_commits_at_once_while_others_search(engine: TantivyEngine) -> None:
    done = threading.Event()

    def look() -> int:
        most = 0
        while not done.is_set():
            most = max(most, total(engine))
        return most

    with ThreadPoolExecutor(16) as pool:
        looking = [pool.submit(look) for _ in range(16)]
        try:
            for number in range(30):
                engine.add([Article("d/one", "one", stamp=str(number))])
                assert engine.reader().known(["d/one"]) == {"d/one": str(number)}
        finally:
            done.set()
        assert {found.result() for found in looking} == {1}
    assert len(list(engine.reader().documents())) == 1


def test_stats_and_verify_hold_while_segments_are_merged(engine: TantivyEngine, index: Path) -> None:
    done = threading.Event()

    def look() -> None:
        with TantivyEngine(index) as reader:
            while not done.is_set():
                assert reader.verify() == []
                assert reader.reader().stats().bytes > 0

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            for number in range(60):
                engine.add([Article(f"d/{number}", str(number), headline="truce")])
        finally:
            done.set()
        looking.result()


def test_an_open_index_that_was_written_anew_is_opened_again(engine: TantivyEngine, index: Path) -> None:
    engine.add(articles(3))
    engine.close()
    with TantivyEngine(index) as reader:
        before = reader.reader().generation
        assert reindex(f"tantivy:{index}") == 3
        assert total(reader) == 3
        assert reader.reader().generation != before
        assert reader.verify() == []


def test_several_may_make_an_index_at_once(tmp_path: Path) -> None:
    def make(path: Path) -> int:
        with TantivyEngine(path, create=True) as engine:
            return total(engine)

    with ThreadPoolExecutor(8) as pool:
        for number in range(10):
            assert list(pool.map(make, [tmp_path / str(number)] * 8)) == [0] * 8


def test_a_path_that_is_not_utf_8_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff")
    with pytest.raises(EngineError, match="UTF-8"):
        TantivyEngine(path, create=True)
    assert not path.exists()


def test_what_the_system_refuses_is_not_called_damage(engine: TantivyEngine, index: Path) -> None:
    engine.add(articles(1))
    engine.close()
    lock = index / ".tantivy-meta.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()  # refused to anyone, root too
    with pytest.raises(EngineError, match="owner and permissions") as refused:
        TantivyEngine(index)
    assert not isinstance(refused.value, IndexDamaged)


@pytest.mark.usefixtures("engine")
def test_an_index_whose_creation_was_cut_off_is_completed(index: Path, tmp_path: Path) -> None:
    cut_off = tmp_path / "cut"
    cut_off.mkdir()
    for name in ("broadsheet.json", ".managed.json"):
        (cut_off / name).write_bytes((index / name).read_bytes())
    with pytest.raises(IndexDamaged):
        TantivyEngine(cut_off)
    with TantivyEngine(cut_off, create=True) as completed:
        completed.add(articles(1))
        assert total(completed) == 1


@pytest.mark.parametrize("name", ["meta.json", "broadsheet.json"])
@pytest.mark.parametrize("content", ["", "[]", "{", "{}", '"x"', "\udcff"])
def test_a_damaged_description_is_an_error_that_says_so(engine: TantivyEngine, index: Path, name: str, content: str) -> None:
    engine.add(articles(1))
    engine.close()
    (index / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(EngineError, match=r"index"):
        TantivyEngine(index)


def test_a_panic_of_rust_becomes_an_error_of_the_engine(engine: TantivyEngine, index: Path) -> None:
    engine.add(articles(200))
    engine.close()
    (part,) = index.glob("*.term")
    content = bytearray(part.read_bytes())
    content[:-100] = b"\xff" * (len(content) - 100)
    part.unlink()  # a file must not be overwritten while it is mapped to memory
    part.write_bytes(content)
    with pytest.raises(EngineError, match=r"damaged|verify"):
        read_everything(index)


def read_everything(index: Path) -> None:
    with TantivyEngine(index) as engine:
        engine.reader().search(SearchRequest(Word("truce"), facets=("tag",)))
        engine.reader().words.beginning([("body", "")])


def test_near_words_are_the_same_whether_terms_are_listed_or_looked_up(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.add([Article("e/1", "e", headline="treaty", paragraphs=(Paragraph("treats in trreaty"),)), *articles(3)])
    asked = [Misspelt(field, word, 1, start) for field in (ANY, "headline") for word, start in (("treaty", ""), ("truce", "tr"))]
    listed = engine.reader().words.near(asked)
    monkeypatch.setattr(tantivy_snapshot, "MAX_DOCUMENTS_LISTED", 3)
    engine.remove(["d/2"])
    engine.add([Article("d/2", "2", headline="truces")])
    looked_up = engine.reader().words.near(asked)
    assert listed == [{"treaty": 1, "treats": 1, "trreaty": 1}, {"truce": 3}, {"treaty": 1}, {}]
    assert looked_up == [listed[0], {"truce": 2, "truces": 1}, listed[2], {"truces": 1}]


def test_verify_names_the_file(engine: TantivyEngine, index: Path) -> None:
    engine.add(articles(5))
    (part,) = index.glob("*.pos")
    content = bytearray(part.read_bytes())
    content[0] ^= 1
    part.unlink()  # a file must not be overwritten while it is mapped to memory
    part.write_bytes(content)
    assert engine.verify() == [f"{part.name} is damaged"]
    part.unlink()
    assert f"{part.name} is missing" in engine.verify()


def test_what_a_killed_writer_has_written_does_not_hinder_the_next(engine: TantivyEngine, index: Path, tmp_path: Path) -> None:
    """The next commit has the number of the one that was cut off, and the same names for what it removes of each segment."""
    engine.add(articles(3))
    engine.close()
    ahead = shutil.copytree(index, tmp_path / "ahead")
    with TantivyEngine(ahead) as other:
        other.remove(["d/1"])
    (written,) = ahead.glob("*.del")
    for name in (written.name, ".managed.json"):
        shutil.copy(ahead / name, index)
    with TantivyEngine(index) as next_one:
        assert next_one.verify() == []
        assert next_one.remove(["d/2"]) == 1
        assert (index / written.name).exists()
        assert next_one.verify() == []
        assert [each.source for each in next_one.reader().documents()] == ["d/0", "d/1"]


def test_a_failed_commit_gives_up_the_lock_and_keeps_what_was_there(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.add(articles(2))
    monkeypatch.setattr(tantivy_engine, "with_state", lambda *_: 5)
    with pytest.raises(TypeError):
        engine.add(articles(3, section="World"))
    monkeypatch.undo()
    assert total(engine) == 2
    assert engine.add(articles(1)).added == 1
    assert total(engine) == 2
