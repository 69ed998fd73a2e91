"""What is tantivy's own: batches, merges, its limits, files that were cut off. The rest is in test_engine_contract.py."""

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.load.reindex import reindex
from search.engines.protocol import Misspelt
from search.engines.tantivy import engine as tantivy_engine
from search.engines.tantivy import order as tantivy_order
from search.engines.tantivy import snapshot as tantivy_snapshot
from search.engines.tantivy.engine import TantivyEngine
from search.engines.tantivy.schema import Prepared
from search.errors import EngineError, IndexDamaged
from search.model.article import Article, Paragraph
from search.query.nodes import ANY, MatchAll, Or, PhrasePrefix, Prefix, SearchRequest, Word


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


def test_facets_are_exact_beyond_the_limit_of_aggregations(engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy_snapshot, "MAX_BUCKETS", 5)
    for _ in range(2):
        engine.add(articles(40))
    engine.add([Article(f"e/{number}", f"e/{number}", tags=("t39",)) for number in range(4)])
    facet = engine.reader().search(SearchRequest(MatchAll(), facets=("tag",), facet_size=2)).facets[0]
    assert [(value.value, value.count) for value in facet.values] == [("t39", 5), ("t0", 1)]
    assert facet.distinct == 40


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
    assert engine.reader().search(SearchRequest(Word("truce"), start=20, size=5)).hits == whole[20:25]


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


def test_a_failed_commit_gives_up_the_lock_and_keeps_what_was_there(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.add(articles(2))
    monkeypatch.setattr(Prepared, "in_state", lambda *_: 5)
    with pytest.raises(TypeError):
        engine.add(articles(3, section="World"))
    monkeypatch.undo()
    assert total(engine) == 2
    assert engine.add(articles(1)).added == 1
    assert total(engine) == 2
