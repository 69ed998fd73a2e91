"""What is Whoosh's own: its files, merges and scores. What all engines promise: test_engine_contract.py."""

import math
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines.disk.durable_files import read_signed
from search.engines.protocol import Skip
from search.engines.whoosh.engine import WhooshEngine
from search.engines.whoosh.query import near_places, phrase_places
from search.engines.whoosh.storage import CHECKSUM_FILE, sha256, while_others_write
from search.errors import EngineError, IndexDamaged
from search.model.article import Article, Paragraph
from search.query.nodes import Near, Not, Phrase, Query, SearchRequest, Word


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    with WhooshEngine(tmp_path / "index", create=True) as engine:
        yield engine


def article(name: object, text: str = "truce talks", headline: str | None = None) -> Article:
    return Article(f"desk/{name}", f"id{name}", headline=headline, paragraphs=(Paragraph(text),))


def total(engine: WhooshEngine, query: Query) -> int:
    return engine.reader().search(SearchRequest(query)).total


def files(engine: WhooshEngine, pattern: str) -> list[Path]:
    return sorted(Path(engine.url.partition(":")[2]).glob(pattern))


def test_a_commit_leaves_one_table_of_contents_and_the_checksum_of_every_file(engine: WhooshEngine) -> None:
    for number in range(3):
        engine.add([article(number)])
    (toc,) = files(engine, "*.toc")
    parts = [toc, *files(engine, "MAIN_*.seg")]
    (checksums,) = files(engine, CHECKSUM_FILE)
    listed = read_signed(checksums)["files"]
    assert len(parts) == 4
    assert {part.name: sha256(part) for part in parts}.items() <= listed.items()


def test_a_commit_is_on_the_disk_before_it_counts(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, rename = os.fsync, os.rename

    def recorded_fsync(descriptor: int) -> None:
        steps.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))
        fsync(descriptor)

    def recorded_rename(old: str, new: str) -> None:
        steps.append(f"{os.path.basename(old)} becomes {os.path.basename(new)}")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(os, "rename", recorded_rename)
    engine.add([article(1)])
    (toc,) = files(engine, "*.toc")
    (segment,) = files(engine, "*.seg")
    (counts,) = [number for number, step in enumerate(steps) if step.endswith(f"becomes {toc.name}")]
    draft = steps[counts].split()[0]
    assert {segment.name, draft, CHECKSUM_FILE} <= set(steps[:counts])
    (listed,) = [number for number, step in enumerate(steps) if step.startswith(f"{CHECKSUM_FILE}.") and "becomes" not in step]
    assert steps.index(segment.name) < listed
    assert steps[counts - 1 :: 2] == [toc.parent.name, toc.parent.name]


def test_reading_is_tried_again_when_a_commit_swept_the_files_away() -> None:
    tries = []

    def read_third_time() -> int:
        tries.append(1)
        if len(tries) < 3:
            raise FileNotFoundError
        return len(tries)

    assert while_others_write(read_third_time) == 3


def test_a_segment_that_stays_away_is_damage_and_not_an_empty_answer(engine: WhooshEngine) -> None:
    engine.add([article(1)])
    engine.close()
    files(engine, "*.seg")[0].unlink()
    with pytest.raises(IndexDamaged, match="broadsheet index"):
        WhooshEngine(Path(engine.url.partition(":")[2]))


def test_what_a_killed_commit_left_is_no_damage_and_goes_with_the_next(engine: WhooshEngine) -> None:
    engine.add([article(1)])
    stray = files(engine, "*.toc")[0].with_name("MAIN_0123456789abcdef.seg")
    stray.write_bytes(b"half a segment")
    assert engine.verify() == []
    engine.add([article(2)])
    assert not stray.exists()


def test_an_index_that_everyone_may_write_is_refused(engine: WhooshEngine) -> None:
    engine.close()
    path = Path(engine.url.partition(":")[2])
    path.chmod(0o777)
    with pytest.raises(EngineError, match="chmod 700"):
        WhooshEngine(path)


def test_small_segments_are_merged_and_keep_their_documents(engine: WhooshEngine) -> None:
    wanted = set()
    for number in range(23):
        added = article(number, f"truce number{number}", headline="peace" if number % 2 else None)
        engine.add([added, Skip(f"desk/skip{number}", "1", "empty", "")])
        wanted.add(added)
        if number % 7 == 6:
            gone = article(number - 3)
            engine.remove([gone.source])
            wanted = {kept for kept in wanted if kept.source != gone.source}
    assert len(files(engine, "*.seg")) < 12
    assert {document for document in engine.reader().documents() if isinstance(document, Article)} == wanted
    assert total(engine, Phrase(("truce", "number19"))) == 1
    assert total(engine, Word("truce")) == len(wanted)
    assert total(engine, Word("peace")) == sum(kept.headline is not None for kept in wanted)
    assert engine.reader().stats().skipped == {"empty": 23}
    assert engine.verify() == []


def test_scores_do_not_change_when_segments_are_merged(engine: WhooshEngine, tmp_path: Path) -> None:
    archive = [article(number, "truce " * (number % 4 + 1) + "talks " * (number % 7)) for number in range(25)]
    with WhooshEngine(tmp_path / "whole", create=True) as whole:
        whole.add(archive)
        for one in archive:
            engine.add([one])
        request = SearchRequest(Word("truce"), size=25)
        scores = [[(hit.article.source, hit.score) for hit in some.reader().search(request).hits] for some in (engine, whole)]
    assert scores[0] == scores[1]


def test_terms_of_many_documents_are_found_whole(engine: WhooshEngine) -> None:
    archive = [article(number, "truce talks" if number % 2 else "talks on a truce") for number in range(301)]
    engine.add(archive)
    engine.remove([one.source for one in archive[:100]])
    assert total(engine, Word("truce")) == 201
    assert total(engine, Phrase(("truce", "talks"))) == 100
    assert total(engine, Near("talks", "truce", 1)) == 100
    assert total(engine, Near("talks", "truce", 2)) == 201
    assert total(engine, Not(Word("truce"))) == 0


def test_documents_can_still_be_read_when_others_were_written(engine: WhooshEngine) -> None:
    engine.add([article(1), article(2)])
    documents = engine.reader().documents()
    first = next(documents)
    engine.add([article(3)])
    assert total(engine, Word("truce")) == 3
    assert {first, *documents} == {article(1), article(2)}


def test_a_score_is_that_of_the_bm25_formula(engine: WhooshEngine) -> None:
    engine.add([article("a", "truce truce talks"), article("b", "talks about other matters"), article("c", "war")])
    (hit,) = engine.reader().search(SearchRequest(Word("truce"))).hits
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    average = (3 + 4 + 1) / 3
    assert hit.score == pytest.approx(idf * 2.2 * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / average)))


def test_a_failure_within_a_commit_leaves_the_last_state(engine: WhooshEngine) -> None:
    engine.add([article(1)])
    checksums = Path(engine.url.partition(":")[2]) / CHECKSUM_FILE
    kept = checksums.rename(checksums.with_name("kept"))
    checksums.mkdir()  # no file can be written in its place
    with pytest.raises(EngineError):
        engine.add([article(2)])
    checksums.rmdir()
    kept.rename(checksums)
    assert [entry.source for entry in engine.reader().sources()] == ["desk/1"]
    assert engine.add([article(2)]).added == 1
    assert total(engine, Word("truce")) == 2
    assert engine.verify() == []


@pytest.mark.parametrize(
    ("positions", "count"),
    [([[0, 7], [1, 9]], 1), ([[0, 7], [1, 8]], 2), ([[3], [3]], 0), ([[1, 2, 3], [1, 2, 3], [1, 2, 3]], 1)],
    ids=["one", "two", "none", "a word three times"],
)
def test_phrases_stand_where_each_word_follows_the_one_before(positions: list[list[int]], count: int) -> None:
    assert phrase_places(positions) == count


@pytest.mark.parametrize(
    ("first", "second", "distance", "count"),
    [([5], [5], 9, 0), ([5], [5, 9], 3, 1), ([5], [9], 2, 0), ([9], [5], 3, 1), ([1, 30], [5, 29], 3, 2), ([5], [2, 5, 9], 3, 1)],
    ids=["itself", "another", "too far", "before", "both", "on either side"],
)
def test_near_is_another_place_within_reach(first: list[int], second: list[int], distance: int, count: int) -> None:
    assert near_places(first, second, distance) == count
