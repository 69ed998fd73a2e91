"""What the directory of an embedded engine's index has to be: whole, private, its own, and on the disk."""

import errno
import os
import random
import shutil
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import pytest
from conftest import OpenNew

from indexer.load.reindex import reindex
from search.engines.disk.durable_files import read_signed, write_signed
from search.engines.protocol import Collection, Engine, open_engine
from search.engines.tantivy.failures import library_errors
from search.errors import DiskFull, EngineError, IndexDamaged, IndexMismatch, IndexMissing
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


def test_what_a_killed_tantivy_left_of_its_small_files_is_removed(tmp_path: Path) -> None:
    with open_engine(f"tantivy:{tmp_path / 'index'}", create=True) as engine:
        engine.add(ARCHIVE)
    left, new = (tmp_path / "index" / name for name in (".tmp1AghCb", ".tmpHYstac"))
    for draft in (left, new):
        draft.write_text("{}")
    os.utime(left, (time.time() - 3_600,) * 2)
    with open_engine(engine.url) as writer:
        writer.lock()
    assert (left.exists(), new.exists()) == (False, True)


def test_what_a_replacement_left_before_its_first_file_is_removed(engine: Engine) -> None:
    place = directory(engine)
    place.with_name(f".{place.name}.reindex").mkdir()
    (place.with_name(f".{place.name}.reindex") / "broadsheet.json.1a2b3c4d.new").touch()
    engine.lock()
    assert [each.name for each in place.parent.iterdir()] == [place.name]


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
    write_signed(file, read_signed(file) | {"analysis": 99})
    with pytest.raises(IndexMismatch, match="broadsheet reindex"):
        open_engine(engine.url, create=True)
    with open_engine(engine.url, any_version=True) as old:
        assert set(old.reader().documents()) == {*ARCHIVE, desk}
        assert old.reader().collections() == (desk,)


def test_an_index_of_another_engine_is_a_mismatch(engine: Engine) -> None:
    engine.close()
    file = directory(engine) / "broadsheet.json"
    write_signed(file, read_signed(file) | {"engine": "paper"})
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


class Killed(BaseException):
    """What a killed process does next: nothing."""


def kill_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Directories do not change places in one step, and the process ends before the rename of that number, or after the last."""
    steps = count()
    rename, remove = Path.rename, shutil.rmtree

    def counted_rename(self: Path, target: Path) -> Path:
        if next(steps) == step:
            raise Killed
        return rename(self, target)

    def counted_remove(place: Path, *args: bool, **kwargs: bool) -> None:
        if Path(place).exists() and next(steps) == step:
            raise Killed
        remove(place, *args, **kwargs)

    monkeypatch.setattr("search.engines.disk.replacement.ctypes.CDLL", lambda *_, **__: object())  # renameat2 is missing
    monkeypatch.setattr(Path, "rename", counted_rename)
    monkeypatch.setattr(shutil, "rmtree", counted_remove)


@pytest.mark.parametrize("opens", ["a reader", "a writer", "an open engine"])
@pytest.mark.parametrize("step", range(3))
def test_a_reindex_that_is_killed_between_its_renames_leaves_a_whole_index(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, step: int, opens: str
) -> None:
    engine.add(ARCHIVE)
    engine.close()
    place = directory(engine)
    with open_engine(engine.url) as running:
        running.reader()
        with monkeypatch.context() as patched:
            kill_at(step, patched)
            with pytest.raises(Killed):
                reindex(engine.url)
        assert place.exists() == (step != 1)
        assert len(list(place.parent.iterdir())) == 2
        newest = place.with_name(f".{place.name}.reindex") if step == 1 else place
        expected = read_signed(newest / "broadsheet.json")["id"]
        if opens == "an open engine":
            assert total(running) == len(ARCHIVE)
    with open_engine(engine.url, create=opens == "a writer") as opened:
        assert set(opened.reader().documents()) == {*ARCHIVE}
        assert opened.verify() == []
        assert read_signed(place / "broadsheet.json")["id"] == expected, "a finished index is kept"
        opened.add([ARCHIVE[0]])
    assert [each.name for each in place.parent.iterdir()] == [place.name]
    assert not (place / "replaced-by.json").exists()


@pytest.mark.parametrize("exchange", [True, False], ids=["at once", "moved aside"])
def test_a_reindex_that_is_killed_while_it_deletes_the_old_index_is_tidied_up(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    engine.add(ARCHIVE)
    engine.close()
    place = directory(engine)
    unlink = Path.unlink

    def killed(self: Path, missing_ok: bool = False) -> None:
        if self.parent != place and self.name.endswith((".toc", ".store")):
            raise Killed
        unlink(self, missing_ok)

    with monkeypatch.context() as patched:
        if not exchange:
            kill_at(-1, patched)
        patched.setattr(Path, "unlink", killed)
        with pytest.raises(Killed):
            reindex(engine.url)
    assert len(list(place.parent.iterdir())) == 2
    with open_engine(engine.url) as opened:
        opened.lock()
    assert [each.name for each in place.parent.iterdir()] == [place.name]


def test_where_directories_cannot_change_places_a_reindex_moves_them(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add(ARCHIVE)
    engine.close()
    before = directory(engine).stat().st_ino
    kill_at(-1, monkeypatch)
    reindex(engine.url)
    assert [each.name for each in directory(engine).parent.iterdir()] == [directory(engine).name]
    assert directory(engine).stat().st_ino != before
    with open_engine(engine.url) as opened:
        assert set(opened.reader().documents()) == {*ARCHIVE}


def test_an_index_that_cannot_be_replaced_stays_and_so_does_the_new_one(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add(ARCHIVE)
    engine.close()
    place = directory(engine)
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if target == place and self.name.endswith(".reindex"):
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    with monkeypatch.context() as patched:
        kill_at(-1, patched)
        patched.setattr(Path, "rename", refused)
        with pytest.raises(EngineError, match=r"complete at .*\.reindex"):
            reindex(engine.url)
    assert {each.name for each in place.parent.iterdir()} == {place.name, f".{place.name}.reindex"}
    with open_engine(engine.url) as opened:
        assert total(opened) == len(ARCHIVE)


def test_an_index_that_a_person_moved_aside_is_not_taken_for_one_that_is_replaced(engine: Engine) -> None:
    engine.add(ARCHIVE)
    engine.close()
    place = directory(engine)
    place.rename(place.with_name(f".{place.name}.replaced"))
    with pytest.raises(IndexMissing):
        open_engine(engine.url)
    with open_engine(engine.url, create=True) as new:
        new.add([ARCHIVE[0]])
    assert place.with_name(f".{place.name}.replaced").exists()


FILL_A_DISK = """
import sys
from pathlib import Path
from indexer.load.reindex import reindex
from search.engines.protocol import open_engine
from search.errors import DiskFull
from search.model.article import Article, Paragraph
words = lambda number: " ".join(hex(number * 7 ** n) for n in range(100))
url = sys.argv[1]
kept, told = 0, []
try:
    with open_engine(url, create=True) as engine:
        while True:
            kept += engine.add([Article(f"desk/{kept}", f"id{kept}", paragraphs=(Paragraph(words(kept)),))]).added
except DiskFull as full:
    told.append(str(full))
try:
    reindex(url)
except DiskFull as full:
    told.append(str(full))
Path(url.partition(":")[2]).with_name("filler").unlink()
with open_engine(url) as engine:
    print(kept, len(list(engine.reader().documents())), engine.verify(), *told, sep="|")
"""


def test_a_full_disk_is_named_and_nothing_that_was_stored_is_lost(engine_kind: str, tmp_path: Path) -> None:
    filled = f"mount -t tmpfs -o size=1500k none {tmp_path} && head -c 300k /dev/zero > {tmp_path}/filler"
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if shutil.which("unshare") is None or subprocess.run([*unshare, filled], capture_output=True).returncode:
        pytest.skip("needs unshare and the right to mount a small disk in a namespace of its own")
    command = f"{filled} && exec {sys.executable} -c '{FILL_A_DISK}' {engine_kind}:{tmp_path}/index"
    done = subprocess.run([*unshare, command], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    kept, found, problems, on_add, on_reindex = done.stdout.strip().split("|")
    assert (kept, problems) == (found, "[]")
    assert f"is full: 0.0 MB are free on {tmp_path}. The {kept} documents in it are kept." in on_add
    assert "Nothing was changed" in on_reindex


def test_a_thread_of_tantivy_that_failed_on_a_full_disk_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        with library_errors(tmp_path / "index"):
            raise ValueError("An error occurred in a thread: 'An index writer was killed.. A worker thread encountered an error'")

    monkeypatch.setattr("search.engines.tantivy.failures.free_bytes", lambda _: 999_999)
    with pytest.raises(DiskFull, match="MB are free on /"):
        fail()
    monkeypatch.setattr("search.engines.tantivy.failures.free_bytes", lambda _: 1_000_000)
    with pytest.raises(EngineError, match="broadsheet verify") as failed:
        fail()
    assert not isinstance(failed.value, DiskFull)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT], ids=["full", "quota"])
def test_an_index_that_has_no_room_to_be_made_says_so(
    engine_kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DiskFull, match="is full"):
        open_engine(f"{engine_kind}:{tmp_path / 'archives' / 'index'}", create=True)
