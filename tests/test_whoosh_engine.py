"""What is Whoosh's own: its files, merges, blocks of postings and scores. What all engines promise: test_engine_contract.py."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from search.article import Article, Paragraph
from search.engine import Skip
from search.engines.whoosh_engine import WhooshEngine
from search.engines.whoosh_files import CHECKSUM_FILE, read_toc, sha256
from search.engines.whoosh_query import near_places, phrase_places
from search.engines.whoosh_writer import LARGE_SEGMENT, POSTINGS_A_BLOCK, SEGMENTS_OF_A_SIZE
from search.errors import EngineError, IndexDamaged
from search.query import Everything, Near, Not, Phrase, Query, SearchRequest, Word


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    with WhooshEngine(tmp_path / "index", create=True) as engine:
        yield engine


def article(name: object, text: str = "truce talks", headline: str | None = None) -> Article:
    return Article(f"desk/{name}", f"id{name}", headline=headline, paragraphs=(Paragraph(text),))


def total(engine: WhooshEngine, query: Query) -> int:
    return engine.search(SearchRequest(query)).total


def files(engine: WhooshEngine, pattern: str) -> list[Path]:
    return sorted(Path(engine.url.partition(":")[2]).glob(pattern))


def test_a_commit_leaves_one_table_of_contents_and_the_checksum_of_every_file(engine: WhooshEngine) -> None:
    for number in range(3):
        engine.add([article(number)])
    (toc,) = files(engine, "*.toc")
    parts = [toc, *files(engine, "MAIN_*.seg")]
    (checksums,) = files(engine, CHECKSUM_FILE)
    listed = json.loads(checksums.read_text())
    assert len(parts) == 4
    assert {part.name: sha256(part) for part in parts}.items() <= listed.items()


def test_opening_is_tried_again_when_a_commit_swept_the_files_away(engine: WhooshEngine) -> None:
    engine.add([article(1)])
    tries = []

    def open_third_time(_storage: Any, toc: Any) -> int:
        tries.append(toc.generation)
        if len(tries) < 3:
            raise FileNotFoundError
        return len(toc.segments)

    assert read_toc(Path(engine.url.partition(":")[2]), open_third_time) == 1
    assert len(tries) == 3


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
    for number in range(2 * SEGMENTS_OF_A_SIZE + 3):
        added = article(number, f"truce number{number}", headline="peace" if number % 2 else None)
        engine.add([added, Skip(f"desk/skip{number}", "1", "empty", "")])
        wanted.add(added)
        if number % 7 == 6:
            gone = article(number - 3)
            engine.remove([gone.source])
            wanted = {kept for kept in wanted if kept.source != gone.source}
    assert len(files(engine, "*.seg")) < 2 * SEGMENTS_OF_A_SIZE
    assert {document for document in engine.documents() if isinstance(document, Article)} == wanted
    assert total(engine, Phrase(("truce", "number19"))) == 1
    assert total(engine, Word("truce")) == len(wanted)
    assert total(engine, Word("peace")) == sum(kept.headline is not None for kept in wanted)
    assert engine.stats().skipped == {"empty": 2 * SEGMENTS_OF_A_SIZE + 3}
    assert engine.verify() == []


def test_scores_do_not_change_when_segments_are_merged(engine: WhooshEngine, tmp_path: Path) -> None:
    archive = [article(number, "truce " * (number % 4 + 1) + "talks " * (number % 7)) for number in range(25)]
    with WhooshEngine(tmp_path / "whole", create=True) as whole:
        whole.add(archive)
        for one in archive:
            engine.add([one])
        request = SearchRequest(Word("truce"), size=25)
        scores = [[(hit.article.source, hit.score) for hit in some.search(request).hits] for some in (engine, whole)]
    assert scores[0] == scores[1]


def test_a_segment_that_is_mostly_deleted_is_written_anew(engine: WhooshEngine) -> None:
    engine.add([article(number, "secret" if number else "open") for number in range(8)])
    engine.remove([f"desk/{number}" for number in range(1, 8)])
    engine.add([article("next")])
    assert not any(b"secret" in file.read_bytes() for file in files(engine, "*.seg"))
    assert sorted(entry.source for entry in engine.sources()) == ["desk/0", "desk/next"]


def test_terms_of_more_documents_than_a_block_are_found_whole(engine: WhooshEngine) -> None:
    size = 2 * POSTINGS_A_BLOCK + 1
    archive = [article(number, "truce talks" if number % 2 else "talks on a truce") for number in range(size)]
    engine.add(archive)
    engine.remove([one.source for one in archive[:100]])
    assert total(engine, Word("truce")) == size - 100
    assert total(engine, Phrase(("truce", "talks"))) == size // 2 - 50
    assert total(engine, Near("talks", "truce", 1)) == size // 2 - 50
    assert total(engine, Near("talks", "truce", 2)) == size - 100
    assert total(engine, Not(Word("truce"))) == 0
    engine.add(replace(one, stamp="2") for one in archive)  # the old segment, now all deleted, goes
    assert len(files(engine, "*.seg")) == 1
    assert total(engine, Everything()) == size


def test_large_segments_wait_to_be_merged(engine: WhooshEngine) -> None:
    for part in range(2):
        engine.add(article(f"{part}-{number}", "truce") for number in range(LARGE_SEGMENT))
    for number in range(SEGMENTS_OF_A_SIZE + 1):
        engine.add([article(number)])
    assert len([file for file in files(engine, "*.seg") if file.stat().st_size > 100_000]) == 2
    assert total(engine, Word("truce")) == 2 * LARGE_SEGMENT + SEGMENTS_OF_A_SIZE + 1


def test_a_score_is_that_of_the_bm25_formula(engine: WhooshEngine) -> None:
    engine.add([article("a", "truce truce talks"), article("b", "talks about other matters"), article("c", "war")])
    (hit,) = engine.search(SearchRequest(Word("truce"))).hits
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    average = (3 + 4 + 1) / 3
    assert hit.score == pytest.approx(idf * 2.2 * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / average)))


def test_a_failure_within_a_commit_leaves_the_last_state(engine: WhooshEngine) -> None:
    engine.add([article(1)])
    path = Path(engine.url.partition(":")[2])
    blocked = path / (CHECKSUM_FILE + ".new")
    blocked.mkdir()
    with pytest.raises(EngineError):
        engine.add([article(2)])
    blocked.rmdir()
    assert [entry.source for entry in engine.sources()] == ["desk/1"]
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
