"""A backup is one state of the index, whole, wherever it is interrupted; and what is restored is that state."""

import errno
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import OpenNew

import search.engines.disk.backup
from indexer.load.withdraw import end_withdrawals, withdraw
from search.engines.disk.backup import BACKUP_FILE, Copied, backup, restore
from search.engines.disk.durable_files import read_signed, write_signed
from search.engines.protocol import Collection, Engine, open_engine
from search.errors import DiskFull, EngineError, IndexDamaged, IndexLocked, IndexMismatch, IndexMissing, SettingsError
from search.model.article import Article, Paragraph
from search.model.withdrawal import Withdrawal
from search.query.nodes import MatchAll, SearchRequest, Word

ARCHIVE = [
    Article(f"desk/{n}", f"id{n}", headline="Truce", stamp=f"{n}", paragraphs=(Paragraph(f"Talks, day {n}."),)) for n in range(6)
]
DESK = Collection("desk", "/desk")


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.add([*ARCHIVE[:3], DESK])
    return engine


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "backup"


def directory(engine: Engine) -> Path:
    return Path(engine.url.partition(":")[2])


def at(engine: Engine, path: Path) -> str:
    """The address of an index of the same engine."""
    return engine.url.replace(str(directory(engine)), str(path))


def documents(url: str) -> set[Any]:
    """All that an index holds, which is whole; of a withdrawal its key and when it ended."""
    with open_engine(url) as opened:
        assert opened.verify() == []
        return {(each.source, each.ended) if isinstance(each, Withdrawal) else each for each in opened.reader().documents()}


def withdrawals_of(engine: Engine) -> set[tuple[str, str | None]]:
    return {(each.source, each.ended) for each in engine.reader().withdrawals()}


def segment_files(path: Path) -> dict[str, int]:
    """Each with what it is on the disk."""
    return {
        file.name: file.stat().st_ino for file in path.iterdir() if re.fullmatch(r"MAIN_\w+\.seg|[0-9a-f]{32}\..*", file.name)
    }


def names_beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def damage(file: Path) -> None:
    """As a disk does it, without a word; but not in place, since the file may be mapped to memory."""
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 8
    file.unlink()
    file.write_bytes(content)


# --- backup ----------------------------------------------------------------------------------------------------------


def test_a_backup_is_an_index_that_holds_the_same(filled: Engine, place: Path) -> None:
    copied = backup(filled.url, place)
    assert documents(at(filled, place)) == {*ARCHIVE[:3], DESK}
    assert segment_files(place).keys() == segment_files(directory(filled)).keys()
    assert copied.copied == len(segment_files(place)) > 0
    assert (copied.linked, copied.kept, copied.removed) == (0, 0, 0)
    assert copied.bytes > copied.bytes_copied == sum((place / name).stat().st_size for name in segment_files(place))
    assert not {*segment_files(place).values()} & {*segment_files(directory(filled)).values()}
    assert place.stat().st_mode & 0o777 == 0o700
    assert names_beside(place) == ["backup"]


def test_a_backup_can_be_searched(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    with open_engine(at(filled, place)) as opened:
        assert opened.reader().search(SearchRequest(Word("talks"))).total == 3


def test_an_empty_index_can_be_backed_up(engine: Engine, place: Path) -> None:
    assert backup(engine.url, place).copied == 0
    assert documents(at(engine, place)) == set()


def test_a_later_backup_copies_only_what_is_new(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    first = segment_files(place)
    filled.add(ARCHIVE[3:])
    copied = backup(filled.url, place)
    second = segment_files(place)
    new = second.keys() - first.keys()
    assert copied.copied == len(new) > 0
    assert copied.kept == len(second) - len(new) > 0
    assert {name: second[name] for name in first.keys() & second.keys()}.items() <= first.items(), "the same files"
    assert documents(at(filled, place)) == {*ARCHIVE, DESK}
    again = backup(filled.url, place)
    assert (again.copied, again.kept, again.removed, again.bytes_copied) == (0, len(second), 0, 0)
    assert names_beside(place) == ["backup"]


def test_files_that_are_no_longer_needed_are_removed_from_the_backup(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    first = segment_files(place)
    filled.add(ARCHIVE[3:])
    filled.remove([*(article.source for article in ARCHIVE[:3]), DESK.source])
    for article in ARCHIVE[3:] * 3:
        filled.add([article])
    copied = backup(filled.url, place)
    assert copied.removed == len(first.keys() - segment_files(place).keys()) > 0
    assert names_beside(place) == ["backup"]
    assert documents(at(filled, place)) == {*ARCHIVE[3:]}


def test_a_linked_backup_shares_its_files_until_one_that_does_not(filled: Engine, place: Path) -> None:
    linked = backup(filled.url, place, link=True)
    assert segment_files(place) == segment_files(directory(filled))
    assert (linked.linked, linked.copied, linked.bytes_copied) == (len(segment_files(place)), 0, 0)
    assert backup(filled.url, place, link=True).kept == linked.linked
    assert backup(filled.url, place).copied == linked.linked
    assert not {*segment_files(place).values()} & {*segment_files(directory(filled)).values()}


def test_where_there_are_no_links_files_are_copied(filled: Engine, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    number = len(segment_files(directory(filled)))
    for _ in range(2):
        copied = backup(filled.url, place, link=True)
        assert (copied.copied, copied.linked, copied.kept) == (number, 0, 0)
    assert documents(at(filled, place)) == {*ARCHIVE[:3], DESK}


def test_a_backup_can_be_backed_up(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    other = place.with_name("other")
    assert backup(at(filled, place), other).copied == len(segment_files(place))
    filled.add(ARCHIVE[3:])
    backup(filled.url, place)
    assert backup(at(filled, place), other).kept
    assert documents(at(filled, other)) == {*ARCHIVE, DESK}
    assert read_signed(other / BACKUP_FILE)["index"] == str(place)


def test_a_reindexed_archive_goes_on_in_its_backup(filled: Engine, place: Path) -> None:
    from indexer.load.reindex import reindex

    backup(filled.url, place)
    filled.close()
    reindex(filled.url)
    backup(filled.url, place)
    assert documents(at(filled, place)) == {*ARCHIVE[:3], DESK}


def test_a_damaged_file_is_not_backed_up_and_the_last_backup_stays(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    filled.add(ARCHIVE[3:])
    for name in sorted(segment_files(directory(filled)).keys() - segment_files(place).keys()):
        kept = (directory(filled) / name).read_bytes()
        damage(directory(filled) / name)
        with pytest.raises(IndexDamaged, match=f"{directory(filled)}.*{name}"):
            backup(filled.url, place)
        (directory(filled) / name).unlink()
        (directory(filled) / name).write_bytes(kept)
    assert documents(at(filled, place)) == {*ARCHIVE[:3], DESK}
    assert names_beside(place) == ["backup"]


def test_a_missing_file_is_not_backed_up(filled: Engine, place: Path) -> None:
    name = min(segment_files(directory(filled)))
    (directory(filled) / name).unlink()
    with pytest.raises(IndexDamaged, match=f"{name} is missing"):
        backup(filled.url, place)
    assert not place.exists()


def test_a_damaged_small_file_is_not_backed_up(filled: Engine, place: Path) -> None:
    filled.close()
    small = [each for each in directory(filled).iterdir() if each.suffix in (".json", ".toc") and each.name != ".managed.json"]
    assert len(small) == 3
    for file in small:
        kept = file.read_bytes()
        damage(file)
        with pytest.raises(IndexDamaged) as failed:
            backup(filled.url, place)
        assert str(directory(filled)) in str(failed.value)
        assert names_beside(place) == []
        file.write_bytes(kept)


def test_a_backup_that_was_damaged_is_mended_by_the_next(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    for number, name in enumerate(sorted(segment_files(place))):
        damage(place / name)
        copied = backup(filled.url, place)
        assert (copied.copied, copied.kept) == (1, len(segment_files(place)) - 1), number
    assert documents(at(filled, place)) == {*ARCHIVE[:3], DESK}


def test_a_backup_goes_into_no_place_of_something_else(
    filled: Engine, place: Path, open_new: OpenNew, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = directory(filled)
    with open_new() as other:
        other.add(ARCHIVE[:1])
        place.mkdir(parents=True)
        (place / "letter.txt").write_text("dear")
        elsewhere = place.with_name("other")
        backup(other.url, elsewhere)
        wrong = [index, index / "sub", index.parent, place, place / "letter.txt", directory(other), elsewhere]
        for each in wrong:
            with pytest.raises(SettingsError, match=str(each)):
                backup(filled.url, each)
        monkeypatch.setattr(Path, "is_mount", lambda path: path == place)
        with pytest.raises(SettingsError, match="mount point"):
            backup(filled.url, place)
        assert (place / "letter.txt").read_text() == "dear"
        assert documents(other.url) == documents(at(filled, elsewhere)) == {ARCHIVE[0]}


def test_a_backup_of_no_index_says_so(engine_kind: str, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        backup(f"{engine_kind}:{tmp_path / 'none'}", tmp_path / "backup")
    with pytest.raises(SettingsError):
        backup(f"paper:{tmp_path / 'none'}", tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def test_two_backups_at_once_do_not_mix(filled: Engine, place: Path) -> None:
    inside, go_on = threading.Event(), threading.Event()
    done: list[Copied] = []

    def stop(*_: int) -> None:
        inside.set()
        assert go_on.wait(60)

    first = threading.Thread(target=lambda: done.append(backup(filled.url, place, progress=stop)))
    first.start()
    assert inside.wait(60)
    with pytest.raises(IndexLocked, match=str(place)):
        backup(filled.url, place)
    go_on.set()
    first.join()
    assert done[0].copied == len(segment_files(place))
    assert names_beside(place) == ["backup"]


def test_an_index_that_another_version_wrote_can_be_backed_up(filled: Engine, place: Path) -> None:
    filled.close()
    file = directory(filled) / "broadsheet.json"
    write_signed(file, read_signed(file) | {"analysis": 99})
    backup(filled.url, place)
    with open_engine(at(filled, place), any_version=True) as opened:
        assert set(opened.reader().documents()) == {*ARCHIVE[:3], DESK}


WRITER = """
import sys
from search.engines.protocol import open_engine
from search.model.article import Article, Paragraph
with open_engine(sys.argv[1]) as engine:
    print("begun", flush=True)
    for number in range(100_000):
        engine.add(Article(f"k/{number % 40}-{n}", f"{number % 40}-{n}", headline=f"n{number}") for n in range(10))
"""


def test_each_backup_beside_a_writer_is_one_state(filled: Engine, place: Path) -> None:
    """A commit writes ten articles with the same headline; merges go on."""
    filled.close()
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, filled.url], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )
    try:
        assert writer.stdout
        assert writer.stdout.readline() == "begun\n"
        seen = set()
        for _ in range(12):
            backup(filled.url, place)
            found = [each for each in documents(at(filled, place)) if isinstance(each, Article) and each.source.startswith("k/")]
            headlines = [each.headline for each in found]
            assert {headlines.count(each) for each in headlines} <= {10}
            seen.add(frozenset(headlines))
        assert len(seen) > 1
    finally:
        writer.kill()
        writer.communicate()


# --- restore ---------------------------------------------------------------------------------------------------------


def test_a_restored_index_is_written_to_and_knows_its_sources(filled: Engine, place: Path, tmp_path: Path) -> None:
    backup(filled.url, place)
    restored = at(filled, tmp_path / "new" / "index")
    copied = restore(place, restored)
    assert copied.made == read_signed(place / BACKUP_FILE)["made"]
    assert documents(restored) == {*ARCHIVE[:3], DESK}
    with open_engine(restored) as opened:
        assert opened.reader().known(["desk/1", "desk/5"]) == {"desk/1": "1"}
        opened.add(ARCHIVE[3:])
    assert documents(restored) == {*ARCHIVE, DESK}
    assert documents(at(filled, place)) == {*ARCHIVE[:3], DESK}, "the backup is a copy"
    assert not (tmp_path / "new" / "index" / BACKUP_FILE).exists()
    assert names_beside(tmp_path / "new" / "index") == ["index"]


def test_an_index_is_replaced_only_if_that_is_wanted(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    filled.add(ARCHIVE[3:])
    filled.close()
    with pytest.raises(SettingsError, match="--replace"):
        restore(place, filled.url)
    assert documents(filled.url) == {*ARCHIVE, DESK}
    restore(place, filled.url, overwrite=True)
    assert documents(filled.url) == {*ARCHIVE[:3], DESK}


def test_a_reader_goes_on_with_its_state_and_the_next_has_the_restored_one(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    filled.add(ARCHIVE[3:])
    filled.close()
    with open_engine(filled.url) as serving:
        before = serving.reader()
        restore(place, filled.url, overwrite=True)
        assert {hit.article for hit in before.search(SearchRequest(MatchAll())).hits} == {*ARCHIVE}
        after = serving.reader()
        assert {hit.article for hit in after.search(SearchRequest(MatchAll())).hits} == {*ARCHIVE[:3]}
        assert after.generation != before.generation


def test_a_restored_index_has_an_id_of_its_own(filled: Engine, place: Path) -> None:
    """A commit after it may have the number of one before it: what was kept of that must not be shown for it."""
    backup(filled.url, place)
    filled.close()
    restore(place, filled.url, overwrite=True)
    assert read_signed(directory(filled) / "broadsheet.json")["id"] != read_signed(place / "broadsheet.json")["id"]


def test_while_another_process_writes_its_index_is_not_replaced(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    with pytest.raises(IndexLocked):
        restore(place, filled.url, overwrite=True)
    assert documents(filled.url) == {*ARCHIVE[:3], DESK}


@pytest.mark.parametrize("what", ["a file of a segment", "a small file", "a missing file"])
def test_a_damaged_index_is_replaced(filled: Engine, place: Path, what: str) -> None:
    backup(filled.url, place)
    filled.close()
    index = directory(filled)
    if what == "a file of a segment":
        damage(index / min(segment_files(index)))
    elif what == "a small file":
        damage(index / "broadsheet.json")
    else:
        (index / "broadsheet.json").unlink()
    restore(place, filled.url, overwrite=True)
    assert documents(filled.url) == {*ARCHIVE[:3], DESK}
    assert names_beside(index) == sorted(["elsewhere", index.name])


def test_what_was_withdrawn_since_the_backup_stays_withdrawn(filled: Engine, place: Path) -> None:
    withdraw(filled, ["id0"], "embargo", by="ada")
    backup(filled.url, place)
    end_withdrawals(filled, ["id0"], by="ada")
    withdraw(filled, ["id1"], "court order", by="ada")
    filled.add([*ARCHIVE[3:], ARCHIVE[0]])
    withdrawals = withdrawals_of(filled)
    filled.close()
    restored = restore(place, filled.url, overwrite=True)
    assert (restored.withdrawals, restored.unread) == (2, None)
    assert documents(filled.url) == {ARCHIVE[2], DESK, *withdrawals}
    assert [file.name for file in directory(filled).iterdir() if b"day 1" in file.read_bytes()] == []
    with open_engine(filled.url) as opened:
        assert opened.add(ARCHIVE[:2]).withdrawn == (ARCHIVE[1].source,)
    assert restore(place, filled.url, overwrite=True).withdrawals == 2
    backup(filled.url, place.with_name("later"))
    assert restore(place.with_name("later"), filled.url, overwrite=True).withdrawals == 0


def test_an_article_is_restored_whose_withdrawal_has_ended(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    withdraw(filled, ["id1"], "court order", by="ada")
    end_withdrawals(filled, ["id1"], by="ada")
    withdrawals = withdrawals_of(filled)
    filled.close()
    assert restore(place, filled.url, overwrite=True).withdrawals == 1
    assert documents(filled.url) == {*ARCHIVE[:3], DESK, *withdrawals}


@pytest.mark.parametrize("what", ["a file of a segment", "a small file"])
def test_what_a_damaged_index_tells_of_withdrawals_is_carried_over_and_may_not_be_all(
    filled: Engine, place: Path, what: str
) -> None:
    backup(filled.url, place)
    withdraw(filled, ["id1"], "court order", by="ada")
    withdrawals = withdrawals_of(filled)
    filled.close()
    index = directory(filled)
    if what == "a small file":
        (index / "broadsheet.json").unlink()
    else:
        damage(max(index.glob("*.pos"), default=None) or max(index.glob("*.seg"), key=lambda file: file.stat().st_size))
    restored = restore(place, filled.url, overwrite=True)
    assert restored.unread
    assert str(index) in restored.unread
    carried = {*ARCHIVE[:3], DESK} if what == "a small file" else {ARCHIVE[0], ARCHIVE[2], DESK, *withdrawals}
    assert documents(filled.url) == carried


def test_a_backup_of_another_version_brings_nothing_back_that_was_withdrawn_since(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    write_signed(place / "broadsheet.json", read_signed(place / "broadsheet.json") | {"analysis": 99})
    withdraw(filled, ["id1"], "court order", by="ada")
    withdrawals = withdrawals_of(filled)
    filled.close()
    with pytest.raises(EngineError, match=rf"{place}, .* `broadsheet reindex`"):
        restore(place, filled.url, overwrite=True)
    assert documents(filled.url) == {ARCHIVE[0], ARCHIVE[2], DESK, *withdrawals}
    assert names_beside(directory(filled)) == sorted(["elsewhere", directory(filled).name])


def test_a_damaged_backup_is_not_restored(filled: Engine, place: Path) -> None:
    backup(filled.url, place)
    filled.close()
    damage(place / max(segment_files(place)))
    with pytest.raises(IndexDamaged, match=str(place)):
        restore(place, filled.url, overwrite=True)
    assert documents(filled.url) == {*ARCHIVE[:3], DESK}


def test_a_backup_is_restored_to_no_place_of_something_else(filled: Engine, place: Path, tmp_path: Path) -> None:
    backup(filled.url, place)
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("dear")
    for path in (other, other / "letter.txt", place, place / "sub"):
        with pytest.raises(SettingsError):
            restore(place, at(filled, path), overwrite=True)
    assert (other / "letter.txt").read_text() == "dear"
    with pytest.raises(IndexMissing, match="no backup"):
        restore(tmp_path / "none", at(filled, tmp_path / "new"))
    with pytest.raises(SettingsError, match="no index"):
        restore(place, at(filled, other), overwrite=True)


def test_a_backup_of_another_engine_is_named(filled: Engine, engine_kind: str, place: Path, tmp_path: Path) -> None:
    backup(filled.url, place)
    other = {"tantivy": "whoosh", "whoosh": "tantivy"}[engine_kind]
    with pytest.raises(IndexMismatch, match=f"{engine_kind}:"):
        restore(place, f"{other}:{tmp_path / 'new'}")
    assert not (tmp_path / "new").exists()


def test_the_backup_of_a_whoosh_index_that_anyone_may_write_to_is_not_read(tmp_path: Path) -> None:
    with open_engine(f"whoosh:{tmp_path / 'index'}", create=True) as engine:
        engine.add(ARCHIVE)
    backup(engine.url, tmp_path / "backup")
    (tmp_path / "backup").chmod(0o777)
    with pytest.raises(EngineError, match="chmod 700"):
        restore(tmp_path / "backup", f"whoosh:{tmp_path / 'new'}")


# --- cut off ---------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """What a killed process does next: nothing."""


CALLS = (
    (os, "open"), (os, "fsync"), (os, "link"), (os, "unlink"), (os, "rmdir"), (os, "mkdir"), (os, "rename"), (os, "replace"),
    (shutil, "copyfileobj"), (Path, "write_bytes"), (Path, "rename"),
)  # fmt: skip


def killed_at(step: int, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> bool:
    """Whether the process ended before its call of that number that changes the disk, and made none afterwards."""
    calls = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > step:
                raise Killed
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patched:
        for owner, name in CALLS:
            patched.setattr(owner, name, counted(getattr(owner, name)))
        patched.setattr("search.engines.disk.replacement._exchange", counted(search.engines.disk.replacement._exchange))
        try:
            act()
        except Killed:
            return True
    return calls > step


@pytest.mark.parametrize("stride", [11, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("exchange", [True, False], ids=["at once", "moved aside"])
def test_a_backup_that_is_cut_off_anywhere_leaves_the_last_or_the_new(
    filled: Engine, place: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool, stride: int
) -> None:
    if not exchange:
        monkeypatch.setattr("search.engines.disk.replacement._exchange", lambda *_: False)
    backup(filled.url, place)
    filled.add(ARCHIVE[3:])
    filled.close()
    last = shutil.copytree(place, place.with_name("last"))
    old, new = {*ARCHIVE[:3], DESK}, {*ARCHIVE, DESK}
    step, found = 0, []
    while killed_at(step, monkeypatch, lambda: backup(filled.url, place)):
        found.append(documents(at(filled, place)))
        backup(filled.url, place)
        assert documents(at(filled, place)) == new, step
        assert names_beside(place) == ["backup", "last"], step
        shutil.rmtree(place)
        shutil.copytree(last, place)
        step += stride
    assert [each for each in found if each not in (old, new)] == []
    assert old in found
    assert new in found


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.long)])
def test_a_restore_that_is_cut_off_anywhere_leaves_the_index_or_the_backup(
    filled: Engine, place: Path, monkeypatch: pytest.MonkeyPatch, stride: int
) -> None:
    backup(filled.url, place)
    filled.add(ARCHIVE[3:])
    withdraw(filled, ["id1"], "court order", by="ada")
    kept = {DESK, *withdrawals_of(filled)}
    filled.close()
    index = directory(filled)
    before = shutil.copytree(index, index.with_name("before"))
    beside = [*names_beside(index)]
    old, new = {ARCHIVE[0], *ARCHIVE[2:], *kept}, {ARCHIVE[0], ARCHIVE[2], *kept}
    step, found = 0, []
    while killed_at(step, monkeypatch, lambda: restore(place, filled.url, overwrite=True)):
        found.append(documents(filled.url))
        restore(place, filled.url, overwrite=True)
        assert documents(filled.url) == new, step
        assert names_beside(index) == beside, step
        shutil.rmtree(index)
        shutil.copytree(before, index)
        step += stride
    assert {frozenset(each) for each in found} == {frozenset(old), frozenset(new)}


def test_a_full_disk_is_named_and_the_last_backup_stays(filled: Engine, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup(filled.url, place)
    filled.add(ARCHIVE[3:])

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfileobj", refuse)
        with pytest.raises(DiskFull, match=rf"{place} is full: .* The last backup is kept\. Make room"):
            backup(filled.url, place)
        with pytest.raises(DiskFull, match=r"Nothing was kept"):
            backup(filled.url, place.with_name("other"))
        with pytest.raises(DiskFull, match=r"What was there is kept"):
            restore(place, at(filled, place.with_name("new")))
    assert documents(at(filled, place)) == {*ARCHIVE[:3], DESK}
    assert names_beside(place) == ["backup"]
    assert backup(filled.url, place).copied
