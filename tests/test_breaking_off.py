"""What was indexed stays when a later reading of its file breaks off, and goes when the file is whole and has it no more."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from saved import page_html, warc_response
from test_databases import NEXIS
from test_publications import mailbox, post, wxr

from indexer.load.pipeline import load
from indexer.load.report import Report
from search.engines.protocol import Engine, open_engine
from search.settings import Settings

NAMES = "abc"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(f"tantivy:{tmp_path / 'index'}", create=True) as engine:
        yield engine


def index(engine: Engine, path: Path, data: bytes, **how: Any) -> Report:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return load([str(path.parent)], engine, Settings(jobs=1), **how)


def sources(engine: Engine) -> list[str]:
    return sorted(entry.source.partition("/")[2] for entry in engine.reader().sources() if entry.kind == "article")


def zipped(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
        archive.writestr("page.html", page_html("Truce signed"))
    return stream.getvalue()


def wacz(crawl: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.warc.gz", crawl)
    return stream.getvalue()


def damaged(data: bytes) -> bytes:
    """With other bytes in the middle, and the same length."""
    middle = len(data) // 2
    return data[:middle] + b"\xff" * 40 + data[middle + 40 :]


def posts(*names: str) -> bytes:
    return wxr(*(post(ord(name), f"<p>The delegates met in hall {name}.") for name in names)).encode()


def lines(*names: str) -> bytes:
    return b"".join(json.dumps({"title": f"Truce {name}", "text": "It holds."}).encode() + b"\n" for name in names)


def letters(*names: str) -> bytes:
    header = "Subject: {0}\nMessage-ID: <{0}@x>\nContent-Type: multipart/alternative; boundary=XX\n\n"
    return mailbox(*(f"{header}--XX\n\nIt holds, in {{0}}.\n--XX--\n".format(name).encode() for name in names))


def crawl(*names: str) -> bytes:
    return b"".join(warc_response(f"https://news.example/{name}", page_html(f"Truce {name}").encode()) for name in names)


CASES: dict[str, tuple[str, bytes, bytes]] = {  # file, whole, as it is at the second reading
    "an export": ("site.xml", posts(*NAMES), posts(*NAMES)[:-400]),
    "lines": ("news.jsonl", lines(*NAMES), lines(*NAMES)[:-10]),
    "compressed lines": ("news.jsonl.gz", gzip.compress(lines(*NAMES)), gzip.compress(lines(*NAMES))[:-20]),
    "a mailbox": ("inbox.mbox", letters(*NAMES), letters(*NAMES)[:-8]),
    "a saved export": ("nexis.html", NEXIS.encode(), NEXIS[: NEXIS.rindex("<p")].encode()),
    "a crawl": ("news.warc.gz", crawl(*NAMES), crawl(*NAMES)[:-200]),
    "a crawl of a site": ("site.wacz", wacz(crawl(*NAMES)), wacz(crawl("a") + crawl("b")[:-200])),
    "a damaged crawl of a site": ("site.wacz", wacz(crawl(*NAMES)), damaged(wacz(crawl(*NAMES)))),
    "a zip file": ("all.zip", zipped("a.html", page_html("Truce").encode()), zipped("a.html", page_html("Truce").encode())[:-60]),
    "an export in a zip file": ("all.zip", zipped("site.xml", posts(*NAMES)), zipped("site.xml", posts(*NAMES)[:-400])),
    "a damaged export in a zip file": ("all.zip", zipped("site.xml", posts(*NAMES)), damaged(zipped("site.xml", posts(*NAMES)))),
    "an export that is empty in a zip file": ("all.zip", zipped("site.xml", posts(*NAMES)), zipped("site.xml", b"")),
    "lines in a zip file": ("all.zip", zipped("a.jsonl", lines(*NAMES)), zipped("a.jsonl", lines(*NAMES)[:-50])),
    "a mailbox in a zip file": ("all.zip", zipped("a.mbox", letters(*NAMES)), zipped("a.mbox", letters(*NAMES)[:-90])),
    "a damaged page in a zip file": (
        "all.zip",
        zipped("a.html", page_html("Truce").encode()),
        damaged(zipped("a.html", page_html("Truce").encode())),
    ),
    "a compressed page": (
        "a.html.gz",
        gzip.compress(page_html("Truce").encode()),
        gzip.compress(page_html("Truce").encode())[:-30],
    ),
    "an empty page": ("a.html", page_html("Truce").encode(), b""),
}


@pytest.mark.parametrize(("name", "whole", "broken"), CASES.values(), ids=list(CASES))
def test_nothing_goes_because_a_later_reading_breaks_off(
    engine: Engine, tmp_path: Path, name: str, whole: bytes, broken: bytes
) -> None:
    assert index(engine, tmp_path / "news" / name, whole).skipped == []
    before = sources(engine)
    report = index(engine, tmp_path / "news" / name, broken)
    assert (sources(engine), report.removed) == (before, 0)
    assert report.skipped or report.passed_over
    mended = index(engine, tmp_path / "news" / name, whole + b" " * (not name.endswith(("zip", "gz", "wacz"))))
    assert (sources(engine), mended.skipped) == (before, [])


def test_what_a_file_has_no_more_goes_once_it_was_read_to_its_end(engine: Engine, tmp_path: Path) -> None:
    index(engine, tmp_path / "news/all.zip", zipped("site.xml", posts(*NAMES)))
    assert index(engine, tmp_path / "news/all.zip", zipped("site.xml", posts("a", "b"))).removed == 1
    assert sources(engine) == ["all.zip!/page.html", "all.zip!/site.xml!/97", "all.zip!/site.xml!/98"]


def test_a_page_that_has_become_something_else_goes(engine: Engine, tmp_path: Path) -> None:
    index(engine, tmp_path / "news/a.html", page_html("Truce").encode())
    [skipped] = index(engine, tmp_path / "news/a.html", b"\x89PNG").skipped
    assert (skipped.code, sources(engine)) == ("not-a-page", [])


def test_a_page_that_is_kept_is_told_every_time_and_one_that_was_never_read_once(engine: Engine, tmp_path: Path) -> None:
    index(engine, tmp_path / "news/all.zip", zipped("a.html", page_html("Truce").encode()))
    for _ in range(2):
        [skipped] = index(engine, tmp_path / "news/all.zip", zipped("a.html", b"")).skipped
        assert (skipped.code, "is kept" in skipped.message) == ("empty", True)
    assert [each.path[-6:] for each in index(engine, tmp_path / "news/b.html", b"").skipped] == ["a.html", "b.html"]
    assert [each.path[-6:] for each in load([str(tmp_path / "news")], engine, Settings(jobs=1)).skipped] == ["a.html"]
