"""The pool: a hostile page dies alone."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from indexer.load.workers import Outcome, Pool
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import SourceFile
from search.engines.prepare import prepare
from search.errors import BroadsheetError, PageError
from search.model.article import Article
from search.settings import Settings

SETTINGS = Settings(jobs=2, page_seconds=1, page_memory=300_000_000)


def behave(page: RawPage, settings: Settings) -> Article:
    """Runs in a worker and does what the page says."""
    match page.data:
        case b"hang":
            while True:
                pass
        case b"wait":
            time.sleep(60)
        case b"gorge":
            bytearray(2_000_000_000)
        case b"die":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"nest":
            return behave(page, settings)
        case b"refuse":
            raise PageError("no-article", "there is none")
        case b"fail":
            raise KeyError("headline")
        case b"surrogate":
            return Article(page.source, "id", headline="\ud800")
        case once if once.startswith(b"die once "):
            died = Path(os.fsdecode(once.removeprefix(b"die once ")))
            if not died.exists():
                died.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case b"doze":
            time.sleep(2)
        case b"report":
            return Article(page.source, str(os.getpid()))
    return Article(page.source, "id", headline=page.data.decode())


def task(number: int, content: bytes) -> SourceFile:
    source = f"demo/{number}"
    return SourceFile(source, source, "stamp", "", "html", page=RawPage(source, "stamp", content))


def pages(*contents: bytes) -> list[SourceFile]:
    return [task(number, content) for number, content in enumerate(contents)]


def outcomes(*contents: bytes) -> list[Outcome]:
    with Pool(behave, SETTINGS) as pool:
        return [outcome for _, outcome in pool.run(pages(*contents), ordered=True)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"hang", "timed-out"),
        (b"gorge", "out-of-memory"),
        (b"die", "out-of-memory"),
        (b"nest", "too-complex"),
        (b"refuse", "no-article"),
        (b"fail", "failed"),
        (b"surrogate", "failed"),
    ],
)
def test_a_bad_page_is_reported_by_its_class_and_the_others_go_on(content: bytes, code: str) -> None:
    before, bad, *after = outcomes(b"first", content, b"third", b"fourth")
    assert bad.article is None
    assert bad.error
    assert bad.error[0] == code
    assert [o.article and o.article.headline for o in (before, *after)] == ["first", "third", "fourth"]


def test_a_page_whose_worker_was_killed_is_given_to_another(tmp_path: Path) -> None:
    [first, hit, last] = outcomes(b"first", b"die once " + bytes(tmp_path / "died"), b"last")
    assert (first.error, hit.error, last.error) == (None, None, None)


def test_workers_that_cannot_start_end_the_run_with_an_error() -> None:
    with (
        Pool(behave, Settings(jobs=1, page_memory=2**70)) as pool,
        pytest.raises(BroadsheetError, match="cannot start"),
    ):
        list(pool.run(pages(b"first")))


def test_an_article_larger_than_a_pipe_holds_arrives_whole() -> None:
    [outcome] = outcomes(b"x" * 5_000_000)
    assert outcome.article
    assert len(outcome.article.headline or "") == 5_000_000


def test_order_is_kept_when_asked_for_and_not_waited_for_otherwise() -> None:
    contents = (b"doze", *[b"quick"] * 100)
    with Pool(behave, SETTINGS) as pool:
        ordered = [task.source for task, _ in pool.run(pages(*contents), ordered=True)]
        free = [task.source for task, _ in pool.run(pages(*contents))]
    assert ordered == [page.source for page in pages(*contents)]
    assert sorted(free) == sorted(ordered)
    assert free[0] != "demo/0"


def test_tasks_are_taken_only_as_workers_get_free() -> None:
    taken = 0

    def endless() -> Iterator[SourceFile]:
        nonlocal taken
        while True:
            taken += 1
            yield task(taken, b"quick")

    with Pool(behave, SETTINGS) as pool:
        run = pool.run(endless())
        for _ in range(10):
            next(run)
        assert taken <= 20


def test_a_stop_ends_the_run_at_once_though_a_page_hangs() -> None:
    start = time.monotonic()
    with Pool(behave, Settings(jobs=1, page_seconds=60)) as pool:
        assert list(pool.run(pages(b"hang"), stop=lambda: time.monotonic() - start > 1)) == []
    assert time.monotonic() - start < 20


def test_a_page_that_waits_is_not_late_before_a_generous_time_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [outcome.error for outcome in outcomes(b"doze")] == [None]  # twice the CPU time that it may take
    monkeypatch.setattr("indexer.load.workers.WALL_FACTOR", 2)
    [waiting, after] = outcomes(b"wait", b"after")
    assert waiting.error
    assert (waiting.error[0], "2 s by the clock" in waiting.error[1], after.error) == ("timed-out", True, None)


@pytest.mark.parametrize(("kind", "workers"), [("html", 4), ("article", 1)])
def test_a_worker_is_replaced_after_some_pages_but_not_for_lines_of_json(
    kind: Literal["html", "article"], workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.load.workers.PAGES_PER_WORKER", 2)
    tasks = [replace(task(number, b"report"), kind=kind) for number in range(8)]
    tasks = [replace(each, page=RawPage(each.source, "stamp", b"report", kind)) for each in tasks]
    with Pool(behave, Settings(jobs=1)) as pool:
        assert len({outcome.article.id for _, outcome in pool.run(tasks) if outcome.article}) == workers


def test_a_pool_that_prepares_gives_what_an_engine_writes() -> None:
    with Pool(behave, SETTINGS, prepares=True) as pool:
        [(_, outcome), (_, refused)] = pool.run(pages(b"first", b"refuse"), ordered=True)
    assert outcome.prepared == prepare(Article("demo/0", "id", headline="first"))
    assert (outcome.article, refused.prepared) == (None, None)
    assert outcome.remarks == ("undated", "without_author", "short")


def test_no_worker_is_left_when_the_pool_is_closed() -> None:
    with Pool(behave, SETTINGS) as pool:
        workers = {int(outcome.article.id) for _, outcome in pool.run(pages(*[b"report"] * 10)) if outcome.article}
    assert workers
    assert os.getpid() not in workers
    for _ in range(100):
        left = [worker for worker in workers if os.path.exists(f"/proc/{worker}")]
        if not left:
            break
        time.sleep(0.05)
    assert not left


def test_workers_ignore_ctrl_c() -> None:
    with Pool(behave, SETTINGS) as pool:
        for _, outcome in pool.run(pages(b"report", b"report")):
            if outcome.article:
                os.kill(int(outcome.article.id), signal.SIGINT)
        later = [outcome.error for _, outcome in pool.run(pages(b"quick", b"quick", b"quick"))]
    assert later == [None, None, None]
