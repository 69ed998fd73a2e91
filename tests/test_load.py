"""Folders -> an up-to-date index."""

import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from saved import page_html, save_lines, save_page, save_zip, touch, warc_response

from indexer.load.apply import Changes
from indexer.load.make_article import read_article
from indexer.load.pipeline import load
from indexer.load.plan import Closed, Opened, Read
from indexer.load.report import SHORT_BODY_CHARACTERS, Report, notices, report_json, report_lines
from indexer.load.workers import Outcome
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import SourceFile, utc_text
from search.engines.prepare import prepare
from search.engines.protocol import AddReport, Collection, Document, Engine, Prepared, open_engine
from search.errors import EngineError
from search.model.article import Article
from search.query.nodes import MatchAll, SearchRequest
from search.query.parsing.parser import parse
from search.settings import Settings

SETTINGS = Settings(jobs=2)


def with_bad_headline(page: RawPage, settings: Settings) -> Article:
    """Runs in a worker: one of the articles can be encoded, but has no terms."""
    article = read_article(page, settings)
    return replace(article, headline=5) if page.source.endswith("b.html") else article


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(f"tantivy:{tmp_path / 'index'}", create=True) as engine:
        yield engine


@pytest.fixture
def news(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        save_page(tmp_path / f"news/{name}.html", f"Truce {name}", f"https://news.example/{name}")
    return tmp_path / "news"


def index(engine: Engine, *paths: Path, settings: Settings = SETTINGS, **how: Any) -> Report:
    return load([str(path) for path in paths], engine, settings, **how)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.indexed, report.updated, report.unchanged, report.removed, len(report.skipped)


def headlines(engine: Engine, versions: bool = False) -> list[str]:
    results = engine.reader().search(SearchRequest(MatchAll(), size=100, versions=versions))
    return sorted(hit.article.headline or "" for hit in results.hits)


def test_what_is_indexed_is_found_and_unchanged_the_next_time(engine: Engine, news: Path) -> None:
    assert counts(index(engine, news)) == (3, 0, 0, 0, 0)
    assert headlines(engine) == ["Truce a", "Truce b", "Truce c"]
    generation = engine.reader().generation
    assert counts(index(engine, news)) == (0, 0, 3, 0, 0)
    assert engine.reader().generation == generation


def test_a_changed_page_takes_the_place_of_the_earlier_one(engine: Engine, news: Path) -> None:
    index(engine, news)
    save_page(news / "b.html", "Truce broken", "https://news.example/b")
    assert counts(index(engine, news)) == (0, 1, 2, 0, 0)
    assert headlines(engine, versions=True) == ["Truce a", "Truce broken", "Truce c"]


def test_two_saves_of_one_article_are_versions_and_the_later_is_current(engine: Engine, news: Path) -> None:
    touch(save_page(news / "earlier.html", "Truce near", "https://news.example/a"), 1_500_000_000)
    index(engine, news)
    assert headlines(engine) == ["Truce a", "Truce b", "Truce c"]
    assert headlines(engine, versions=True) == ["Truce a", "Truce b", "Truce c", "Truce near"]


def test_vanished_pages_are_removed_only_when_asked(engine: Engine, news: Path) -> None:
    index(engine, news)
    (news / "b.html").unlink()
    assert index(engine, news).removed == 0
    assert index(engine, news, prune=True).removed == 1
    assert headlines(engine) == ["Truce a", "Truce c"]


def test_nothing_is_pruned_of_a_folder_that_was_not_listed_whole(engine: Engine, news: Path) -> None:
    index(engine, news)
    (news / "b.html").unlink()
    assert index(engine, news / "a.html", prune=True).removed == 0
    for path in news.iterdir():
        path.unlink()
    report = index(engine, news, prune=True)  # empty, as a disk that is not mounted is
    assert report.removed == 0
    assert report.skipped[0].path == str(news)


def test_a_folder_named_like_an_archive_is_not_pruned(engine: Engine, news: Path) -> None:
    save_page(news / "wow!/d.html", "Truce d")
    index(engine, news)
    assert counts(index(engine, news, prune=True)) == (0, 0, 4, 0, 0)


def test_what_is_no_regular_file_is_not_reported_again(engine: Engine, news: Path) -> None:
    os.mkfifo(news / "pipe.html")
    (news / "link.html").symlink_to("nowhere")
    assert len(index(engine, news).skipped) == 2
    assert counts(index(engine, news)) == (0, 0, 5, 0, 0)


def test_a_folder_that_moved_is_not_indexed_twice(engine: Engine, news: Path, tmp_path: Path) -> None:
    index(engine, news)
    moved = tmp_path / "elsewhere/news"
    shutil.copytree(news, moved, copy_function=shutil.copy2)
    shutil.rmtree(news)
    assert counts(index(engine, moved)) == (0, 0, 3, 0, 0)
    assert [(each.name, each.root) for each in engine.reader().collections()] == [("news", str(moved))]


def test_a_collection_knows_when_an_article_was_last_added(engine: Engine, news: Path, tmp_path: Path) -> None:
    def added() -> str:
        (collection,) = engine.reader().collections()
        return collection.added or ""

    before = utc_text(time.time())
    index(engine, news)
    first = added()
    assert before <= first <= utc_text(time.time())
    time.sleep(1.1)
    (news / "empty.html").write_text("")
    index(engine, news)
    assert added() == first
    save_page(news / "d.html", "Truce d")
    index(engine, news)
    second = added()
    assert second > first
    news.rename(tmp_path / "archive")
    index(engine, tmp_path / "archive", collection="news")
    assert added() == second


def test_a_page_that_was_skipped_is_tried_again_when_it_changes_or_when_asked(engine: Engine, news: Path) -> None:
    (news / "b.html").write_bytes(b"%PDF-1.7")
    assert [skipped.code for skipped in index(engine, news).skipped] == ["not-a-page"]
    assert counts(index(engine, news)) == (0, 0, 3, 0, 0)
    assert counts(index(engine, news, retry_skipped=True)) == (0, 0, 2, 0, 1)
    save_page(news / "b.html", "Truce b", "https://news.example/b")
    assert counts(index(engine, news)) == (0, 1, 2, 0, 0)


def test_an_unchanged_archive_is_not_opened_again(engine: Engine, tmp_path: Path) -> None:
    path = save_zip(tmp_path / "news.zip", {"a.html": page_html("Truce a").encode(), "bad.html": b"\x89PNG"})
    assert counts(index(engine, path)) == (1, 0, 0, 0, 1)
    path.write_bytes(bytes(path.stat().st_size))
    touch(path, 1)
    os.utime(
        path, ns=(0, int(engine.reader().known([f"{tmp_path.name}/news.zip"])[f"{tmp_path.name}/news.zip"].partition("-")[2]))
    )
    assert counts(index(engine, path)) == (0, 0, 1, 0, 0)


def test_of_a_changed_archive_only_changed_records_are_read_and_vanished_ones_removed(engine: Engine, tmp_path: Path) -> None:
    path = save_lines(tmp_path / "news.jsonl", [{"id": name, "title": f"Truce {name}"} for name in "abc"])
    assert counts(index(engine, path)) == (3, 0, 0, 0, 0)
    save_lines(path, [{"id": "a", "title": "Truce a"}, {"id": "b", "title": "Truce broken"}])
    assert counts(index(engine, path)) == (0, 1, 1, 1, 0)
    assert headlines(engine, versions=True) == ["Truce a", "Truce broken"]


def test_records_of_an_archive_that_was_read_in_part_are_removed_when_it_changed(engine: Engine, tmp_path: Path) -> None:
    path = save_lines(tmp_path / "news.jsonl", [{"title": f"Truce {number}"} for number in range(50)])

    def interrupt(report: Report) -> None:
        if report.seen == 20:
            os.kill(os.getpid(), signal.SIGINT)

    assert index(engine, path, progress=interrupt).interrupted
    save_lines(path, [{"title": "Truce 0"}])
    index(engine, path)
    assert headlines(engine, versions=True) == ["Truce 0"]


def test_a_warc_of_two_crawls_holds_versions_of_an_article(engine: Engine, tmp_path: Path) -> None:
    pages = [page_html(f"Truce {name}", "https://news.example/truce").encode() for name in ("near", "signed")]
    (tmp_path / "a.warc.gz").write_bytes(
        b"".join(warc_response(f"https://news.example/{n}", page) for n, page in enumerate(pages))
    )
    assert counts(index(engine, tmp_path / "a.warc.gz")) == (2, 0, 0, 0, 0)
    assert len(headlines(engine)) == 1
    assert headlines(engine, versions=True) == ["Truce near", "Truce signed"]


def test_an_archive_that_breaks_off_loses_none_of_its_earlier_records(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    records = [warc_response(f"https://news.example/{name}", page_html(f"Truce {name}").encode()) for name in "ab"]
    path.write_bytes(b"".join(records))
    index(engine, path)
    path.write_bytes(records[0] + records[1][:-200])
    report = index(engine, path)
    assert counts(report) == (0, 0, 2, 0, 1)  # of the second record what was whole is kept
    assert (report.skipped[0].path, report.skipped[0].code) == (str(path), "undecodable")
    assert headlines(engine) == ["Truce a", "Truce b"]


def test_the_report_counts_what_articles_lack_and_how_to_find_them(engine: Engine, tmp_path: Path) -> None:
    text, han = "It holds, says the envoy. " * 10, "停戦は続いていると特使は述べた。" * 8
    records: list[dict[str, object]] = [
        {"title": "No date", "author": "Ann", "text": text},
        {"title": "Too late", "date": "2999-01-01", "text": text},
        {"title": "Short", "date": "2022-03-04", "author": "Ann", "text": text[: SHORT_BODY_CHARACTERS - 10]},
        {"title": "停戦", "date": "2022-03-04", "author": "山田太郎", "text": han, "language": "ja"},
    ]
    path = save_lines(tmp_path / "news.jsonl", records)
    report = index(engine, path)
    assert report.notices == {"undated": 1, "without_author": 1, "future": 1, "short": 1}
    assert report_json(report)["short"] == [f"{path}!/3"]
    words = "\n".join(report_lines(report))
    assert "4 new" in words
    assert f"1 with a suspiciously short body (see why with `broadsheet extract --explain`): {path}!/3" in words
    queries = re.findall(r"list them with `(.+)`", words)
    found = [
        [hit.article.headline for hit in engine.reader().search(SearchRequest(parse(query).query)).hits] for query in queries
    ]
    assert found == [["No date"], ["Too late"], ["Too late"]]


def test_the_report_names_a_few_of_many_short_pages() -> None:
    report = Report()
    for number in range(SHORT_BODY_CHARACTERS):
        report.count(f"a/{number}.html", update=False, remarks=notices(Article(source=f"a/{number}", id=str(number))))
    line = next(line for line in report_lines(report) if "suspiciously short" in line)
    assert "a/4.html and more" in line
    assert "a/5.html" not in line


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_what_it_did_and_goes_on_later(engine: Engine, tmp_path: Path, number: int) -> None:
    for name in range(60):
        save_page(tmp_path / f"news/{name}.html", f"Truce {name}", f"https://news.example/{name}")

    def interrupt(report: Report) -> None:
        if report.seen == 20:
            os.kill(os.getpid(), number)

    first = index(engine, tmp_path / "news", prune=True, progress=interrupt)
    assert first.interrupted
    assert 20 <= first.indexed < 60
    second = index(engine, tmp_path / "news")
    assert not second.interrupted
    assert (second.indexed, second.unchanged) == (60 - first.indexed, first.indexed)
    assert len(headlines(engine, versions=True)) == 60


def test_batches_are_committed_while_the_run_goes_on(engine: Engine, news: Path) -> None:
    seen: list[int] = []
    index(engine, news, settings=Settings(jobs=1, batch=1), progress=lambda _: seen.append(engine.reader().stats().articles))
    assert [count >= pages for pages, count in enumerate(seen)] == [True] * 3  # the last page's batch may be under way


def test_it_also_runs_beside_the_main_thread(engine: Engine, news: Path) -> None:
    reports: list[Report] = []
    thread = threading.Thread(target=lambda: reports.append(index(engine, news)))
    thread.start()
    thread.join(60)
    assert [counts(report) for report in reports] == [(3, 0, 0, 0, 0)]


def test_a_rerun_over_many_unchanged_files_takes_less_than_a_millisecond_each(engine: Engine, tmp_path: Path) -> None:
    for number in range(1_000):
        save_page(tmp_path / f"news/{number}.html", "").write_bytes(b"")
    assert len(index(engine, tmp_path / "news").skipped) == 1_000
    start = time.process_time()
    assert index(engine, tmp_path / "news").unchanged == 1_000
    assert time.process_time() - start < 1.5


def test_a_batch_is_added_while_the_next_pages_come(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    free, adding = threading.Event(), threading.Event()
    add = type(engine).add

    def wait(self: Engine, documents: Iterable[Document | Prepared]) -> AddReport:
        adding.set()
        assert free.wait(60)
        return add(self, documents)

    monkeypatch.setattr(type(engine), "add", wait)
    pages = [SourceFile(f"a/{name}.html", f"{name}.html", "stamp", "", "html") for name in "bcd"]
    with Changes(engine, Settings(batch=2), {"a": Collection("a", "/a")}, lambda _: None) as changes:
        for page in changes.pages(Read(page, False) for page in pages):
            if page is pages[2]:
                assert adding.wait(60)
                assert engine.reader().known([page.source for page in pages]) == {}
            changes.done(page, Outcome(None, None, 0.0, prepared=prepare(Article(page.source, page.path, stamp="stamp"))))
        free.set()
        changes.flush()
    assert changes.report.indexed == 3
    assert len(engine.reader().known([page.source for page in pages])) == 3


def test_what_the_engine_raises_beside_the_reading_ends_the_run(
    engine: Engine, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Engine, documents: Iterable[Document | Prepared]) -> AddReport:
        if any(isinstance(document, Prepared) for document in documents):
            raise EngineError("No space left on the disk")
        return AddReport(0)

    monkeypatch.setattr(type(engine), "add", fail)
    with pytest.raises(EngineError, match="No space left"):
        index(engine, news)


def test_an_article_that_cannot_be_prepared_is_reported_and_the_others_are_indexed(
    engine: Engine, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.load.pipeline.MakeArticle", lambda _: with_bad_headline)
    report = index(engine, news)
    assert report.indexed == 2
    [skipped] = report.skipped
    assert (skipped.path, skipped.code) == (str(news / "b.html"), "failed")
    assert "AttributeError" in skipped.message
    assert index(engine, news).unchanged == 2  # it is tried every time


def test_records_behind_the_place_where_an_archive_breaks_off_are_kept(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    records = [warc_response(f"https://news.example/{name}", page_html(f"Truce {name}").encode()) for name in "ab"]
    path.write_bytes(b"".join(records))
    index(engine, path)
    path.write_bytes(records[0] + b"\x1f\x8b\x08 and nothing that can be unpacked")
    assert counts(index(engine, path)) == (0, 0, 1, 0, 1)
    assert headlines(engine) == ["Truce a", "Truce b"]
    path.write_bytes(records[0])
    assert index(engine, path).removed == 1
    assert headlines(engine) == ["Truce a"]


def test_an_archive_is_taken_for_read_only_once_all_its_records_are_in_the_index(engine: Engine) -> None:
    changes = Changes(engine, Settings(), {"a": Collection("a", "/a")}, lambda _: None)
    record = SourceFile("a/b.zip!/c.html", "b.zip!/c.html", "stamp of c", "", "html")
    tasks = list(changes.pages([Opened("a/b.zip", True), Read(record, False), Closed("a/b.zip", "stamp of b")]))
    changes.flush()
    assert tasks == [record]
    assert engine.reader().known(["a/b.zip", record.source]) == {"a/b.zip": ""}
    changes.done(record, Outcome(None, None, 0.0, prepared=prepare(Article(record.source, "c", stamp=record.stamp))))
    changes.flush()
    assert engine.reader().known(["a/b.zip", record.source]) == {"a/b.zip": "stamp of b", record.source: "stamp of c"}
