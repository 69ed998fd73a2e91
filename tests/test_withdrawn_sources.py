"""`index` and `withdraw` together: an article that was withdrawn comes back from no file, until its block has ended."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from saved import page_html, save_lines, save_page, save_zip, touch, warc_response

from indexer.cli.output import json_bytes
from indexer.extract.json_articles import stored_record
from indexer.load.pipeline import load
from indexer.load.report import Report, report_json, report_lines
from indexer.load.withdraw import end_withdrawals, withdraw
from search.engines.protocol import Engine, open_engine
from search.model.article import Article
from search.settings import Settings

ADDRESS = "https://www.news.example/2022/truce"
PAGE = page_html("Truce signed", ADDRESS)
SETTINGS = Settings(jobs=1)
Save = Callable[[Path, str], Path]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(f"tantivy:{tmp_path / 'index'}", create=True) as engine:
        yield engine


@pytest.fixture
def news(tmp_path: Path) -> Path:
    save_page(tmp_path / "news/truce.html", "Truce signed", ADDRESS)
    save_page(tmp_path / "news/other.html", "Harvest", "https://www.news.example/2022/harvest")
    return tmp_path / "news"


def index(engine: Engine, *paths: Path, **how: Any) -> Report:
    return load([str(path) for path in paths], engine, SETTINGS, **how)


def counts(report: Report) -> tuple[int, int, int, int]:
    """What became of each page."""
    assert report.skipped == []
    return report.indexed, report.updated, report.unchanged, report.withdrawn


def articles(engine: Engine) -> list[Article]:
    return [each for each in engine.reader().documents() if isinstance(each, Article)]


def export(engine: Engine) -> str:
    return "".join(
        json_bytes({"source": each.source} | stored_record(each)).decode() + "\n"
        for each in articles(engine)
        if each.url == ADDRESS
    )


def the_same_file(folder: Path, _: str) -> Path:
    return folder / "news"


def the_file_touched(folder: Path, _: str) -> Path:
    return touch(folder / "news/truce.html", 1_700_000_000).parent


def a_copy_beside_it(folder: Path, _: str) -> Path:
    shutil.copy(folder / "news/truce.html", folder / "news/copy.html")
    return folder / "news"


def a_copy_in_another_collection(folder: Path, _: str) -> Path:
    return save_page(folder / "backup/old/t.html.gz", "Truce signed", ADDRESS).parents[1]


def another_version(folder: Path, _: str) -> Path:
    return save_page(folder / "later/truce.html", "Truce signed at last", "http://news.example/2022/truce/?utm_source=x").parent


def a_copy_without_its_address(folder: Path, _: str) -> Path:
    return save_page(folder / "plain/truce.html", "Truce signed").parent


def a_crawl(folder: Path, _: str) -> Path:
    path = folder / "crawl.warc.gz"
    path.write_bytes(warc_response(ADDRESS, PAGE.encode()))
    return path


def a_zip(folder: Path, _: str) -> Path:
    return save_zip(folder / "pages.zip", {"in/x.html": PAGE.encode()})


def an_export_of_the_index(folder: Path, exported: str) -> Path:
    (folder / "export.jsonl").write_text(exported)
    return folder / "export.jsonl"


def an_export_that_gives_it_another_id(folder: Path, _: str) -> Path:
    return save_lines(folder / "other.jsonl", [{"id": "17", "url": ADDRESS, "title": "Truce", "text": "It was signed. " * 20}])


WAYS_BACK: tuple[Save, ...] = (
    the_same_file, the_file_touched, a_copy_beside_it, a_copy_in_another_collection, another_version, a_copy_without_its_address,
    a_crawl, a_zip, an_export_of_the_index, an_export_that_gives_it_another_id,
)  # fmt: skip


@pytest.mark.parametrize("save", WAYS_BACK, ids=lambda save: save.__name__)
def test_no_file_brings_a_withdrawn_article_back(engine: Engine, news: Path, save: Save) -> None:
    index(engine, news)
    exported = export(engine)
    withdraw(engine, [ADDRESS], "court order", by="ada")
    path = save(news.parent, exported)
    first, second = index(engine, path), index(engine, path)
    seen = [*news.iterdir()] if path == news else [path]
    for report in (first, second):
        assert report.indexed == report.updated == 0
        assert report.all_well
    assert (first.withdrawn, first.withdrawn + first.unchanged) == (2 if len(seen) == 3 else 1, len(seen))
    assert second.withdrawn == (0 if path.suffix in (".gz", ".zip", ".jsonl") else first.withdrawn)  # of a file that is known
    assert [each.headline for each in articles(engine)] == ["Harvest"]
    assert engine.verify() == []


def test_the_report_has_a_class_of_its_own_for_it(engine: Engine, news: Path) -> None:
    index(engine, news)
    withdraw(engine, [ADDRESS], "court order", by="ada")
    report = index(engine, news)
    assert report_json(report)["withdrawn"] == 1
    lines = list(report_lines(report))
    assert "1 left out as withdrawn (list them with `broadsheet withdraw --list`)" in lines
    assert any(line.startswith("0 new, 1 unchanged, 1 withdrawn;") for line in lines)


def test_what_has_not_changed_since_is_not_read_again(engine: Engine, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index(engine, news)
    withdraw(engine, [ADDRESS], "court order", by="ada")
    shutil.copy(news / "truce.html", news / "copy.html")
    index(engine, news)
    monkeypatch.setattr(type(engine), "lock", None)  # which is taken before the first page is read
    assert counts(index(engine, news)) == (0, 0, 1, 2)


def test_another_article_at_its_place_is_indexed(engine: Engine, news: Path) -> None:
    index(engine, news)
    withdraw(engine, [ADDRESS], "court order", by="ada")
    save_page(news / "truce.html", "Bridge opened", "https://www.news.example/2022/bridge")
    assert counts(index(engine, news)) == (1, 0, 1, 0)


def test_a_place_that_becomes_a_copy_of_it_loses_what_it_had(engine: Engine, news: Path) -> None:
    index(engine, news)
    withdraw(engine, [ADDRESS], "court order", by="ada")
    save_page(news / "other.html", "Truce signed", ADDRESS)
    assert counts(index(engine, news)) == (0, 0, 0, 2)
    assert articles(engine) == []


def test_undoing_brings_it_back_from_all_its_files(engine: Engine, news: Path) -> None:
    index(engine, news)
    withdraw(engine, [ADDRESS], "court order", by="ada")
    crawl = a_crawl(news.parent, "")
    index(engine, crawl)
    end_withdrawals(engine, [ADDRESS], by="ada")
    assert counts(index(engine, news, crawl)) == (2, 0, 1, 0)
    assert counts(index(engine, news, crawl)) == (0, 0, 3, 0)


def test_after_an_embargo_the_next_run_indexes_it_by_itself(engine: Engine, news: Path) -> None:
    crawl = a_crawl(news.parent, "")
    withdraw(engine, [ADDRESS], "until the press conference", by="ada", until="2999-01-01T00:00:00Z")
    assert counts(index(engine, news, crawl)) == (1, 0, 0, 2)
    entry = engine.reader().withdrawals()[0]
    engine.add([replace(entry, until="2000-01-01T00:00:00Z")])
    assert counts(index(engine, news, crawl)) == (2, 0, 1, 0)
    assert engine.reader().withdrawals()[0].ended == "2000-01-01T00:00:00Z"
    assert json.loads(export(engine).splitlines()[0])["url"] == ADDRESS
