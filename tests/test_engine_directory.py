"""What the directory of an embedded engine's index has to be: whole, private, its own, and on the disk."""

import os
import random
import shutil
import time
from pathlib import Path

import pytest
from conftest import OpenNew

from search.engines.protocol import Collection, Engine, open_engine
from search.errors import EngineError, IndexDamaged, IndexMismatch, IndexMissing
from search.model.article import Article, Paragraph
from search.query.nodes import MatchAll, SearchRequest

ARCHIVE = [Article(f"desk/{n}", f"id{n}", headline="Truce", paragraphs=(Paragraph(f"Talks, day {n}."),)) for n in range(5)]


def total(engine: Engine) -> int:
    return engine.reader().search(SearchRequest(MatchAll())).total


def directory(engine: Engine) -> Path:
    return Path(engine.url.partition(":")[2])


def test_what_a_killed_writer_left_is_removed_by_the_next(open_new: OpenNew) -> None:
    with open_new() as engine:
        engine.add([ARCHIVE[0]])
        place = Path(engine.url.partition(":")[2])
        old, new, other = (place / f"broadsheet.json.{name}" for name in ("1a2b3c4d.new", "5e6f7a8b.new", "kept"))
        for file in (old, new, other):
            file.write_text("{}")
        for file in (old, other):
            os.utime(file, (time.time() - 3_600,) * 2)
    with open_engine(engine.url) as reader:
        assert total(reader) == 1
        assert old.exists()
    with open_engine(engine.url) as writer:
        writer.add([ARCHIVE[1]])
        assert [file.exists() for file in (old, new, other)] == [False, True, True]


def test_a_missing_index_is_an_error_that_names_the_command(engine_kind: str, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="broadsheet index"):
        open_engine(f"{engine_kind}:{tmp_path / 'none'}")
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexMissing):
        open_engine(f"{engine_kind}:{tmp_path / 'empty'}")
    with open_engine(f"{engine_kind}:{tmp_path / 'empty'}", create=True) as engine:
        assert engine.reader().stats().articles == 0


def test_a_new_index_is_on_the_disk_with_the_folders_it_is_in(
    engine_kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replaced = os.fsync, os.replace

    def recorded_fsync(descriptor: int) -> None:
        steps.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))
        fsync(descriptor)

    def recorded_replace(old: str, new: str) -> None:
        steps.append(f"{os.path.basename(old)} becomes {os.path.basename(new)}")
        replaced(old, new)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(os, "replace", recorded_replace)
    open_engine(f"{engine_kind}:{tmp_path / 'archives' / 'index'}", create=True).close()
    draft = steps[0]
    assert steps[1:5] == [f"{draft} becomes broadsheet.json", "index", "archives", tmp_path.name]


def test_no_index_is_made_among_other_files(engine_kind: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    for place in (tmp_path, tmp_path / "letter.txt", tmp_path / "letter.txt" / "below"):
        with pytest.raises(EngineError):
            open_engine(f"{engine_kind}:{place}", create=True)
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_an_index_is_its_owners_alone(engine: Engine) -> None:
    assert directory(engine).stat().st_mode & 0o777 == 0o700


def test_an_index_of_another_analyser_is_a_mismatch_whose_documents_can_be_read(engine: Engine) -> None:
    desk = Collection("desk", "/desk")
    engine.add([*ARCHIVE, desk])
    engine.close()
    file = directory(engine) / "broadsheet.json"
    file.write_text(file.read_text().replace('"analysis": ', '"analysis": 9'))
    with pytest.raises(IndexMismatch, match="broadsheet reindex"):
        open_engine(engine.url, create=True)
    with open_engine(engine.url, any_version=True) as old:
        assert set(old.reader().documents()) == {*ARCHIVE, desk}
        assert old.reader().collections() == (desk,)


def test_an_index_of_another_engine_is_a_mismatch(engine: Engine) -> None:
    engine.close()
    file = directory(engine) / "broadsheet.json"
    file.write_text(file.read_text().replace(engine.url.partition(":")[0], "paper"))
    with pytest.raises(IndexMismatch, match="paper"):
        open_engine(engine.url)


def test_an_index_without_one_of_its_files_is_damaged(engine: Engine) -> None:
    """Each file alone: opening it says so, or verify does; files that hold nothing may be missed."""
    engine.add(ARCHIVE)
    engine.close()
    files = [file for file in directory(engine).iterdir() if file.stat().st_size]
    for file in files:
        content = file.read_bytes()
        file.unlink()
        try:
            with open_engine(engine.url) as opened:
                problems = opened.verify()
        except (IndexDamaged, IndexMissing) as error:
            problems = [str(error)]
        assert problems, file.name
        file.write_bytes(content)
    with open_engine(engine.url) as whole:
        assert whole.verify() == []


def test_a_flipped_bit_is_noticed(engine: Engine, tmp_path: Path) -> None:
    """In a copy for each bit, since a file must not be overwritten while it is mapped to memory."""
    engine.add(ARCHIVE * 3)
    engine.close()
    chance = random.Random(7)
    names = [file.name for file in directory(engine).iterdir() if file.stat().st_size > 60 and file.suffix != ".json"]
    for number, name in enumerate(names * 3):
        copy = tmp_path / f"copy{number}"
        shutil.copytree(directory(engine), copy)
        content = bytearray((copy / name).read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        (copy / name).write_bytes(content)
        try:
            with open_engine(engine.url.replace(str(directory(engine)), str(copy))) as opened:
                problems = opened.verify()
        except EngineError as error:
            problems = [str(error)]
        assert problems, name


def test_health_is_that_of_the_directory_while_a_reader_goes_on(engine: Engine) -> None:
    engine.add(ARCHIVE)
    reader = engine.reader()
    engine.check_health()
    shutil.rmtree(directory(engine))
    with pytest.raises(EngineError):
        engine.check_health()
    assert reader.search(SearchRequest(MatchAll())).total == len(ARCHIVE)
