"""Many files of all kinds in one run, some hostile: each is in the index, skipped with a reason, or counted as passed over."""

import gzip
import os
import random
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from saved import page_html, save_lines, save_zip, warc_response

from indexer.load.pipeline import load
from indexer.load.report import Report
from search.engines.protocol import Engine, open_engine
from search.settings import Settings

MAX_MB = 1_000
"""Of memory, of any process that reads files."""

Maker = Callable[[int, random.Random], bytes]

PAGES: dict[str, Maker] = {
    ".html": lambda number, _: page_html(f"Story {number}").encode(),
    ".htm.gz": lambda number, _: gzip.compress(page_html(f"Story {number}").encode()),
    ".php": lambda number, _: page_html(f"Story {number}").encode(),
    ".html@id=5": lambda number, _: page_html(f"Story {number}").encode(),
    "": lambda number, _: page_html(f"Story {number}").encode(),
    ".txt": lambda number, _: f"Story {number}\n\nBy Ann Reed\n\n{'The talks went on until noon. ' * 20}".encode(),
}
OTHERS: dict[str, Maker] = {
    ".css": lambda *_: b"p { margin: 0 }",
    ".jpg": lambda *_: b"\xff\xd8\xff",
    ".pdf": lambda *_: b"%PDF-1.4",
    ".docx": lambda *_: b"PK\x03\x04",
    ".log": lambda *_: b"GET /",
    ".dat": lambda _, chance: chance.randbytes(200),
}
HOSTILE: dict[str, Maker] = {
    ".html": lambda _, chance: chance.randbytes(3_000),
    ".htm": lambda *_: b"",
    ".xhtml": lambda *_: b"<div>" * 20_000,
    ".html.gz": lambda number, _: gzip.compress(page_html(f"Story {number}").encode())[:-30],
    ".mhtml": lambda *_: b"Content-Type: image/png\n\nxyz",
    ".zip": lambda _, chance: b"PK\x03\x04" + chance.randbytes(300),
    ".warc": lambda _, chance: chance.randbytes(300),
    ".htm.br": lambda _, chance: chance.randbytes(300),
    ".arc": lambda *_: b"none",
    ".webarchive": lambda _, chance: b"bplist00" + chance.randbytes(100),
}


def make_folder(root: Path, count: int) -> tuple[int, int]:
    """That many files below the root; how many pages, records and files there are, and how many articles to be found."""
    chance = random.Random(count)
    articles = 0
    for number in range(count):
        folder = root / f"{number % 17}"
        folder.mkdir(parents=True, exist_ok=True)
        draw = chance.random()
        makers = HOSTILE if draw < 0.05 else OTHERS if draw < 0.25 else PAGES
        ending = chance.choice(list(makers))
        (folder / f"file-{number}{ending}").write_bytes(makers[ending](number, chance))
        articles += makers is PAGES
    members = {f"{name}.html": page_html(f"Zip {name}").encode() for name in "abc"} | {
        "a.css": b"p",
        "b.pdf": b"%PDF",
        "d.html": b"",
    }
    save_zip(root / "pages.zip", members)
    pages = [warc_response(f"https://news.example/{name}", page_html(f"Web {name}").encode()) for name in "abc"]
    image = warc_response("https://news.example/photo", b"\xff\xd8", content_type="image/jpeg")
    (root / "crawl.warc.gz").write_bytes(b"".join([*pages, image]))
    save_lines(root / "lines.jsonl", [{"title": "Line", "text": "It holds."}, {"level": "info"}])
    return count + len(members) + 4 + 2, articles + 3 + 3 + 1


def check_sum(report: Report, engine: Engine, things: int, articles: int) -> None:
    assert report.indexed == articles
    assert report.indexed + len(report.skipped) + report.passed_over.total() == things
    assert len({skipped.path for skipped in report.skipped}) == len(report.skipped)
    assert all(skipped.message and skipped.code != "failed" for skipped in report.skipped)
    kinds = [entry.kind for entry in engine.reader().sources()]
    assert kinds.count("article") == articles
    assert kinds.count("skip") == len(report.skipped)


def files_below(place: Path) -> dict[str, tuple[int, int]]:
    """With their sizes and times."""
    return {
        str(path.relative_to(place)): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in place.rglob("*")
        if path.is_file()
    }


@contextmanager
def most_memory() -> Iterator[list[float]]:
    """Fills with the most megabytes that a process had which this one, or one of those, has started."""
    most = [0.0]
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.05):
            started = [str(os.getpid())]
            for pid in started:
                with suppress(OSError):
                    started += Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                    if found := re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text() * (pid != started[0])):
                        most.append(int(found[1]) / 1e3)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def run(tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    things, articles = make_folder(tmp_path / "mixed", count)
    for name in ("HOME", "TMPDIR"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.chdir(tmp_path / "HOME")
    before = files_below(tmp_path)
    settings = Settings(jobs=2)
    with most_memory() as most, open_engine(f"tantivy:{tmp_path / 'index'}", create=True) as engine:
        report = load([str(tmp_path / "mixed")], engine, settings)
        check_sum(report, engine, things, articles)
        again = load([str(tmp_path / "mixed")], engine, settings)
        assert (again.indexed, again.updated, again.removed) == (0, 0, 0)
    shutil.rmtree(tmp_path / "index")
    assert files_below(tmp_path) == before
    print(f"{things:,} files and records, {articles:,} articles; the worker with most memory had {max(most):.0f} MB")
    assert max(most) < MAX_MB


def test_every_one_of_hundreds_of_mixed_files_is_accounted_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, 400, monkeypatch)


@pytest.mark.long
def test_every_one_of_ten_thousand_mixed_files_is_accounted_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, 10_000, monkeypatch)
