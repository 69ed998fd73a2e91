"""Ctrl-C, as a terminal sends it to all processes of a command: each ends soon, with 130, and leaves no process behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from press import archive_of
from saved import save_lines, save_page

from indexer.cli.commands import main
from search.model.article import Article, Paragraph

PROJECT = Path(__file__).parents[1]
SECONDS = 10
"""On an idle machine each takes less than two; tests run on busy ones."""
LINES = [{"title": f"Truce {n}", "body": " ".join(f"word{(n * 7 + k) % 5_000}" for k in range(1_500))} for n in range(400)]
Started = subprocess.Popen[str]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Large enough that no command is done with it before it is interrupted."""
    articles = (
        Article(source=f"a/{n}", id=f"{n}", headline=line["title"], paragraphs=(Paragraph(line["body"]),), language="en")
        for n, line in enumerate(LINES)
    )
    return archive_of(tmp_path_factory.mktemp("interrupt"), *articles).index


@contextmanager
def started(index: str, *arguments: str | Path) -> Iterator[Started]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
    environ |= {"PYTHONPATH": str(PROJECT), "BROADSHEET_JOBS": "2"}
    command = [sys.executable, "-m", "indexer", "--index", index, *map(str, arguments)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environ, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def interrupted(process: Started, *, begun: Callable[[], object]) -> tuple[int, str]:
    """The exit status after Ctrl-C, and what was said on standard error."""
    until(lambda: begun() or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    os.killpg(process.pid, signal.SIGINT)
    start = time.monotonic()
    _, said = process.communicate(timeout=60)
    assert time.monotonic() - start < SECONDS
    until(lambda: not group_lives(process.pid))
    return process.returncode, said


def until(reached: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.01)


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def has_workers(process: Started) -> bool:
    """The server of forks, its guard and a worker."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return len(children.read_text().split()) >= 2 if children.exists() else False


def test_index(tmp_path: Path) -> None:
    save_lines(tmp_path / "many.jsonl", LINES)
    for number in range(100):
        save_page(tmp_path / f"pages/{number}.html", f"Truce {number}", f"https://news.example/{number}")
    with started(f"tantivy:{tmp_path / 'index'}", "index", tmp_path) as process:
        status, said = interrupted(process, begun=lambda: has_workers(process))
    assert (status, said.strip().splitlines()[-1][:11]) == (130, "interrupted")


def test_extract(tmp_path: Path) -> None:
    save_lines(tmp_path / "many.jsonl", LINES)
    with started("unused", "extract", tmp_path) as process:
        assert interrupted(process, begun=lambda: has_workers(process)) == (130, "broadsheet: interrupted\n")


def test_reindex_keeps_the_old_index(index: str) -> None:
    folder = Path(index.partition(":")[2])
    fresh = folder.with_name(f".{folder.name}.reindex")
    with started(index, "reindex") as process:
        assert interrupted(process, begun=fresh.exists) == (130, "broadsheet: interrupted\n")
    assert not fresh.exists()
    assert json.loads(CliRunner().invoke(main, ["--index", index, "stats", "--json"]).stdout)["articles"] == len(LINES)


@pytest.mark.parametrize("arguments", [["export"], ["search", "truce", "--export", "jsonl"]], ids=" ".join)
def test_commands_that_print_much(index: str, arguments: list[str]) -> None:
    with started(index, *arguments) as process:
        assert process.stdout
        assert interrupted(process, begun=process.stdout.readline) == (130, "broadsheet: interrupted\n")


def test_backup_leaves_nothing(index: str, tmp_path: Path) -> None:
    with started(index, "backup", tmp_path / "kept") as process:
        lock = tmp_path / ".kept.lock"
        assert interrupted(process, begun=lock.exists) == (130, "broadsheet: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_watch(tmp_path: Path) -> None:
    save_page(tmp_path / "pages/a.html", "Truce signed", "https://news.example/a")
    with started(f"tantivy:{tmp_path / 'index'}", "watch", tmp_path / "pages") as process:
        assert process.stderr
        assert interrupted(process, begun=process.stderr.readline)[0] == 130


def test_watch_while_it_indexes(tmp_path: Path) -> None:
    save_lines(tmp_path / "many.jsonl", LINES)
    with started(f"tantivy:{tmp_path / 'index'}", "watch", tmp_path) as process:
        assert interrupted(process, begun=lambda: has_workers(process))[0] == 130


def test_alert_that_watches(index: str, tmp_path: Path) -> None:
    (tmp_path / "searches.toml").write_text('[[search]]\nname = "a"\nquery = "truce"')
    state = tmp_path / "searches.toml.state"
    with started(index, "alert", tmp_path / "searches.toml", "--watch") as process:
        assert interrupted(process, begun=state.exists)[0] == 130


def test_serve(index: str) -> None:
    with started(index, "serve", "--port", "0") as process:
        assert process.stderr
        assert interrupted(process, begun=process.stderr.readline)[0] == 130
