"""Folders kept indexed as their files come: each is found soon after it is whole, and none is read before."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from indexer.load.interrupt import Stop
from indexer.load.pipeline import load
from indexer.load.report import Report
from indexer.load.watch import QUIET_SECONDS, WholeFiles, _folder, watch
from search.engines.protocol import open_engine
from search.errors import IndexLocked
from search.model.article import Article
from search.settings import Settings

PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
TEXT = "The delegates signed the truce in Geneva on Monday, after talks that had lasted for three weeks. " * 5


class Watched:
    def __init__(self, folder: Path, *flags: str) -> None:
        self.folder, self.url = folder / "pages", f"tantivy:{folder / 'index'}"
        self.folder.mkdir()
        (self.folder / "first.html").write_text(PAGE.format("First headline", TEXT))
        os.utime(self.folder / "first.html", (1_600_000_000, 1_600_000_000))
        command = [sys.executable, "-m", "indexer.cli.commands", "--index", self.url, "watch", str(self.folder), *flags]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.until(lambda: self.headlines() == {"First headline"})

    def headlines(self) -> set[str | None]:
        if not (self.folder.parent / "index" / "commit.json").exists():
            return set()
        with open_engine(self.url) as engine:
            return {each.headline for each in engine.reader().documents() if isinstance(each, Article)}

    def until(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not reached():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline, self.headlines()
            time.sleep(0.05)

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=30)
        return self.process.returncode


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    started = Watched(tmp_path, "--prune")
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.communicate()


def test_files_that_come_change_and_go_are_followed(watched: Watched) -> None:
    below = watched.folder / "2022" / "march"
    below.mkdir(parents=True)
    (below / "truce.html").write_text(PAGE.format("Truce signed", TEXT))
    watched.until(lambda: "Truce signed" in watched.headlines())
    elsewhere = watched.folder.parent / "elsewhere.html"
    elsewhere.write_text(PAGE.format("Moved here", TEXT))
    elsewhere.rename(below / "moved.html")
    watched.until(lambda: "Moved here" in watched.headlines())
    (below / "truce.html").write_text(PAGE.format("Truce broken", TEXT))
    (below / "moved.html").unlink()
    watched.until(lambda: watched.headlines() == {"First headline", "Truce broken"})
    with open_engine(watched.url) as engine:
        assert {each.name for each in engine.reader().collections()} == {"pages"}
    assert watched.end() == 0


def test_a_file_that_is_being_written_is_not_read(watched: Watched) -> None:
    begun, end = PAGE.format("Long story", TEXT + "{rest}").split("{rest}")
    with (watched.folder / "long.html").open("w") as file:
        file.write(begun)
        file.flush()
        (watched.folder / "short.html").write_text(PAGE.format("Short story", TEXT))
        watched.until(lambda: "Short story" in watched.headlines())
        assert "Long story" not in watched.headlines()
        (watched.folder / "next.html").write_text(PAGE.format("Next story", TEXT))
        watched.until(lambda: "Next story" in watched.headlines())
        assert "Long story" not in watched.headlines()
        file.write(end)
    watched.until(lambda: "Long story" in watched.headlines())


def test_hidden_files_and_the_parts_of_a_saved_page_are_left_out(watched: Watched) -> None:
    (watched.folder / "first_files").mkdir()
    (watched.folder / ".draft").mkdir()
    for name in ("first_files/frame.html", ".draft/page.html", ".page.html"):
        (watched.folder / name).write_text(PAGE.format("Not an article", TEXT))
    (watched.folder / "last.html").write_text(PAGE.format("Last story", TEXT))
    watched.until(lambda: "Last story" in watched.headlines())
    (watched.folder / "really-last.html").write_text(PAGE.format("Really last story", TEXT))
    watched.until(lambda: "Really last story" in watched.headlines())
    assert "Not an article" not in watched.headlines()


def watched_here(folder: Path, url: str, read: Callable[[], bool], said: list[str], interval: float) -> None:
    """Watches in this process until `read` says so."""
    stop = Stop()
    deadline = time.monotonic() + 300

    def update(some: list[str], prune: bool, ready: Callable[[str], bool]) -> Report:
        with open_engine(url, create=True) as engine:
            return load(some, engine, Settings(index=url), prune=prune, ready=ready)

    def look() -> None:
        while not read() and time.monotonic() < deadline:
            time.sleep(0.05)
        stop.ask()

    looking = threading.Thread(target=look)
    looking.start()
    for _ in watch([str(folder)], update, stop, interval=interval, prune=False, say=said.append):
        pass
    looking.join()
    assert time.monotonic() < deadline, said


def headlines(url: str) -> set[str | None]:
    with open_engine(url) as engine:
        return {each.headline for each in engine.reader().documents() if isinstance(each, Article)}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    at(folder / "first.html", PAGE.format("First headline", TEXT), age=60)
    return folder


def test_where_the_system_tells_of_no_changes_the_folders_are_listed_again(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")  # no watches left

    monkeypatch.setattr("watchfiles.watch", refuse)
    url, said = f"tantivy:{tmp_path / 'index'}", list[str]()

    def second_is_read() -> bool:
        if not (tmp_path / "index" / "commit.json").exists():
            return False
        found = headlines(url)
        if "First headline" in found and not (pages / "second.html").exists():
            (pages / "second.html").write_text(PAGE.format("Second headline", TEXT))
        return "Second headline" in found

    watched_here(pages, url, second_is_read, said, interval=0.5)
    assert said == [
        "the system does not tell what changes (No space left on device); the folders are listed again after each interval"
    ]


def test_a_file_that_comes_while_another_process_writes_to_the_index_is_read_afterwards(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.load.watch.LOCKED_SECONDS", 0.5)
    url, said = f"tantivy:{tmp_path / 'index'}", list[str]()
    other = open_engine(url, create=True)
    locked = False

    def is_read() -> bool:
        nonlocal locked
        if not locked and headlines(url) == {"First headline"}:
            with suppress(IndexLocked):  # by the run that read the first
                other.lock()
                locked = True
                at(pages / "second.html", PAGE.format("Second headline", TEXT), age=60)
        if len(said) == 2:
            other.close()
        return headlines(url) == {"First headline", "Second headline"}

    watched_here(pages, url, is_read, said, interval=1000)
    assert "Trying again" in said[0]


def at(path: Path, text: str, age: float = 0.0) -> str:
    path.write_text(text)
    os.utime(path, (time.time() - age, time.time() - age))
    return str(path)


def test_a_file_is_whole_when_it_has_been_quiet_for_longer_than_it_was_while_it_grew(tmp_path: Path) -> None:
    now = 100.0
    files = WholeFiles(lambda: now)
    path = at(tmp_path / "a.html", "one")
    assert not files.ready(path)
    now += 3
    at(tmp_path / "a.html", "one two")
    assert not files.ready(path)
    now += 5
    assert files.due() == []
    now += 1.5
    assert files.due() == [path]
    assert files.ready(path)
    assert files.due() == []


def test_a_file_renamed_into_place_is_whole_at_once(tmp_path: Path) -> None:
    files = WholeFiles()
    assert files.ready(at(tmp_path / "a.html", "all of it", age=QUIET_SECONDS + 1))


def test_a_file_that_is_open_for_writing_is_not_whole_however_quiet_it_is(tmp_path: Path) -> None:
    files = WholeFiles()
    path = at(tmp_path / "a.html", "")
    with open(path, "a") as file:
        file.write("half")
        file.flush()
        os.utime(path, (0, 0))
        assert not files.ready(path)
    os.utime(path, (0, 0))
    assert files.ready(path)


def test_the_folder_listed_for_a_file_is_above_what_a_listing_passes_over() -> None:
    assert _folder("/news/2022/a.html", ["/news"]) == "/news/2022"
    assert _folder("/news/2022/a_files/b/c.html", ["/news"]) == "/news/2022"
    assert _folder("/news/.git/c.html", ["/news/"]) == "/news"
    assert _folder("/news/a.html", ["/news/a.html"]) == "/news/a.html"
