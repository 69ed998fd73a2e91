"""Which format a file has, and what is counted where it has none."""

import gzip
from pathlib import Path

import pytest
from saved import page_html, save_page

from indexer.load.pipeline import load
from indexer.load.report import Report, report_json, report_lines
from indexer.sources.formats.kinds import FORMATS, format_of, is_asset, named
from indexer.sources.source_file import Format
from search.engines.protocol import open_engine
from search.settings import Settings

PAGE = page_html("Truce signed").encode()
ROOT = Path(__file__).parent.parent
TABLES = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("docs/formats.md", "docs/exports.md"))


def format_name(name: str, head: bytes = b"") -> str:
    """The name of the format, or what the file is counted as in parentheses."""
    found = format_of(name, lambda: head)
    return found.name if isinstance(found, Format) else f"({found})"


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("2022/talks.HTML", b"", "html"), ("a.html.gz", b"", "html"), ("a.htm.zst", b"", "html"), ("a.txt.br", b"", "text"),
        ("crawl.warc.gz", b"", "warc"), ("pages.zip", b"", "zip"), ("pages.zip.gz", PAGE, "(.zip.gz)"), ("a.jsonl", b"", "jsonl"),
        ("news.php", PAGE, "html"), ("page.html@id=5", PAGE, "html"), ("story", PAGE, "html"), ("story.1", PAGE, "html"),
        ("index.asp", b"\xef\xbb\xbf \r\n<!-- by hand -->\n<HTML>", "html"), ("feed.shtml", b"<?xml?><html>", "html"),
        ("story.gz", gzip.compress(PAGE), "html"), ("news", "<html>".encode("utf-16"), "html"), ("crawl", b"WARC/1.0\n", "warc"),
        ("mail", b"From: <Saved by Blink>\r\nSubject: Talks\r\n now\r\nContent-Type: multipart/related;", "mhtml"),
        ("news.php", b"<?php echo 1;", "(.php)"), ("notes", b"Dear all,", "(no ending)"), ("a b. c", b"", "(no ending)"),
        ("scan.pdf", PAGE, "pdf"), ("letter.eml", PAGE, "letter"), ("feed.xml", b"<?xml version='1.0'?><rss>", "feed"),
        ("table.xls", PAGE, "(.xls)"), ("book.epub", PAGE, "(.epub)"), ("data.xml", b"<?xml version='1.0'?><rows>", "(.xml)"),
        ("broken.gz", b"\x1f\x8b\xff\xff", "(.gz)"), ("mail", b"Content-Type: text/plain\r\n", "(no ending)"),
    ],
)  # fmt: skip
def test_a_name_tells_the_format_and_where_it_says_nothing_the_first_bytes_do(name: str, head: bytes, expected: str) -> None:
    assert format_name(name, head) == expected


def test_a_file_whose_name_says_what_it_is_is_not_opened() -> None:
    for name in ("a.html", "a.warc.gz", "photo.JPG", "scan.pdf"):
        format_of(name, lambda: pytest.fail("it was opened"))


def test_what_belongs_to_a_page_is_told_from_what_may_hold_an_article() -> None:
    assert all(map(is_asset, (".css", ".jpg", ".woff2", ".json", "hidden", "_files")))
    assert not any(map(is_asset, (".doc", ".epub", ".xls", ".php", "no ending")))
    assert is_asset("news/export.xml: drafts")


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_the_documents_name_each_format_with_its_endings(format: Format) -> None:
    [row] = [line for line in TABLES.splitlines() if line.startswith(f"| {format.files} |")]
    assert [ending for ending in format.endings if f"`{ending}`" not in row] == []
    assert named(format.name) is format
    assert (format.page is None) != (format.records is None)


def report_of(root: Path) -> Report:
    with open_engine(f"tantivy:{root.parent / 'index'}", create=True) as engine:
        return load([str(root)], engine, Settings(jobs=1))


def test_a_mirror_is_read_and_what_was_passed_over_is_counted_by_ending(tmp_path: Path) -> None:
    root = tmp_path / "mirror"
    for name in ("index.html", "news.php", "page.html@id=5", "story"):
        save_page(root / name, name)
    for name in (
        "style.css",
        "photo.jpg",
        "photo2.JPG",
        ".hidden",
        "index_files/frame.html",
        "book.epub",
        "a/table.xls",
        "notes",
    ):
        save_page(root / name, "").write_bytes(b"words")
    (root / "again.php").symlink_to("news.php")
    report = report_of(root)
    assert (report.indexed, report.skipped) == (4, [])
    assert report.passed_over == {
        ".css": 1, ".jpg": 2, "hidden": 1, "_files": 1, ".epub": 1, ".xls": 1, "no ending": 1, "link": 1,
    }  # fmt: skip
    assert report.unread == {".xls": 1, "no ending": 1, ".epub": 1}
    assert not report.all_well
    assert report_json(report)["passed_over"][".jpg"] == 2
    lines = "\n".join(report_lines(report))
    assert "not read, since no format is known for them: 1 .xls, 1 .epub, 1 no ending" in lines
    assert "passed over 6 files" in lines


def test_the_parts_of_pages_are_no_reason_for_an_exit_code_but_pictures_alone_are(tmp_path: Path) -> None:
    save_page(tmp_path / "mirror/index.html", "Truce signed")
    for name in ("mirror/photo.jpg", "mirror/.git/config.html", "scans/page-1.jpg"):
        save_page(tmp_path / name, "").write_bytes(b"\xff\xd8")
    assert report_of(tmp_path / "mirror").all_well
    scans = report_of(tmp_path / "scans")
    assert (scans.all_well, scans.unread) == (False, {".jpg": 1})


def test_a_page_that_is_one_no_more_is_removed_when_pruned(tmp_path: Path) -> None:
    page = save_page(tmp_path / "mirror/news.php", "Truce signed")
    save_page(tmp_path / "mirror/index.html", "Truce signed")
    assert report_of(page.parent).indexed == 2
    page.write_bytes(b"<?php echo 1;")
    with open_engine(f"tantivy:{tmp_path / 'index'}") as engine:
        assert load([str(page.parent)], engine, Settings(jobs=1), prune=True).removed == 1
