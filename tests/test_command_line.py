"""The command as a whole: what it loads to say what it can do, and that it says the same everywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from man_page import man_page
from press import archive_of
from saved import save_page

from indexer.cli.commands import COMMANDS, main
from indexer.cli.index_commands import progress_words
from indexer.sources.files.folders import count_pages
from search.model.article import Article, Paragraph
from search.settings import Settings

ROOT = Path(__file__).parents[1]
LIGHT = {"search", "search.errors", "web", "indexer", "indexer.sibling_packages", "indexer.cli", "indexer.cli.commands"} | {
    "indexer.cli.options", "indexer.cli.output", "indexer.__main__",
}  # fmt: skip
"""All that `broadsheet --help` loads of the project: click alone takes most of its time."""


def test_help_loads_next_to_nothing() -> None:
    program = "import json, sys; from indexer.cli.commands import main; main(['--help'], standalone_mode=False)"
    told = "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", f"{program}; {told}"], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stderr))
    assert {name for name in loaded if name.partition(".")[0] in ("search", "indexer", "web")} <= LIGHT
    assert not loaded & {"msgspec", "tantivy", "whoosh", "flask", "rich", "babel", "asyncio"}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_of_a_command_what_its_own_help_says(name: str) -> None:
    command = main.commands[name]
    assert command.name == name
    own = " ".join((command.help or "").split())
    assert own.startswith(COMMANDS[name][1].removesuffix("."))
    assert f"  {name} " in CliRunner().invoke(main, ["--help"]).stdout


def options(command: click.Command) -> dict[str, str | None]:
    return {param.opts[-1]: param.help for param in command.params if isinstance(param, click.Option)}


def test_an_option_of_several_commands_means_the_same() -> None:
    """Where the words differ, it is because the thing does."""
    said: dict[str, set[str | None]] = {}
    for command in main.commands.values():
        for name, about in options(command).items():
            said.setdefault(name, set()).add(about)
    for name in ("--index", "--config", "--spellings", "--jobs"):
        assert len(said[name]) == 1, said[name]


@pytest.mark.parametrize(
    "arguments", [["versions"], ["similar"], ["remove", "--yes"], ["withdraw", "--reason", "x"], ["withdraw", "--undo"]]
)
def test_an_id_that_no_article_has_is_told_in_the_same_words(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "a.jsonl").write_text('{"headline": "Truce signed", "paragraphs": ["It holds."]}')
    index = ["--index", f"tantivy:{tmp_path / 'index'}"]
    CliRunner().invoke(main, [*index, "index", str(tmp_path / "a.jsonl")])
    done = CliRunner().invoke(main, [*index, *arguments, "none"])
    assert done.exit_code == 1
    assert done.stderr.startswith("broadsheet: no article with the ID none")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--config", "gone", "stats"],
        ["search", "--spellings", "gone", "x"],
        ["alert", "gone"],
        ["token", "list", "--file", "gone"],
    ],
    ids=" ".join,
)
def test_a_file_that_cannot_be_read_is_told_in_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text('{"headline": "Truce signed", "paragraphs": ["It holds."]}')
    CliRunner().invoke(main, ["index", "a.jsonl"])
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert " in gone cannot be read: No such file or directory" in done.stderr


# --- progress --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "total", "words"),
    [
        (1, None, "1 page (0 per second)"),
        (1_200, 86_000, "1,200 of 86,000 pages (600 per second)"),
        (1, 1, "1 of 1 page (0 per second)"),
        (3, 2, "3 pages (2 per second)"),
    ],
)
def test_progress_says_how_many_pages_of_how_many(seen: int, total: int | None, words: str) -> None:
    assert progress_words(seen, total, 2.0) == words


def test_pages_are_counted_unless_an_archive_hides_them(tmp_path: Path) -> None:
    for number in range(3):
        save_page(tmp_path / f"news/{number}/a.html", "Truce", "https://news.example/a")
    (tmp_path / "news/0/picture.jpg").write_bytes(b"")
    (tmp_path / "news/.hidden.html").write_text("<p>")
    assert count_pages([str(tmp_path / "news")]) == 3
    assert count_pages([str(tmp_path / "news/0")], [str(tmp_path / "news/1"), str(tmp_path / "news/0/a.html")]) == 2
    assert count_pages([str(tmp_path / "nowhere")]) is None
    (tmp_path / "news/1/many.jsonl").write_text("{}\n{}\n")
    assert count_pages([str(tmp_path / "news")]) is None


def test_a_terminal_shows_the_progress(tmp_path: Path) -> None:
    for number in range(3):
        save_page(tmp_path / f"news/{number}.html", f"Truce {number}", f"https://news.example/{number}")
    ours, terminal = os.openpty()
    environ = os.environ | {"COLUMNS": "100", "TERM": "xterm", "BROADSHEET_JOBS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "indexer", "--index", f"tantivy:{tmp_path / 'index'}", "index", str(tmp_path / "news")]
    done = subprocess.Popen(command, stderr=terminal, env=environ)
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # EIO, when the other end is closed
        while part := os.read(ours, 65_536):
            shown += part
    os.close(ours)
    assert done.wait(60) == 0
    assert b"3 of 3 pages" in shown
    assert b"3 new; " in shown


@pytest.mark.parametrize(
    "arguments", [["export"], ["search", "truce", "--page-size", "100"], ["search", "--export", "csv"]], ids=" ".join
)
def test_head_makes_no_command_complain(tmp_path: Path, arguments: list[str]) -> None:
    texts = [Paragraph(f"truce {n} " * 500) for n in range(60)]
    settings = archive_of(tmp_path, *(Article(source=f"a/{n}", id=f"{n}", paragraphs=(text,)) for n, text in enumerate(texts)))
    command = [sys.executable, "-m", "indexer", "--index", settings.index, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
        assert done.stdout
        assert done.stderr
        done.stdout.read(1)
        done.stdout.close()
        assert [line for line in done.stderr.read().decode().splitlines() if "articles for" not in line] == []


# --- manual page and completion --------------------------------------------------------------------------------------


def test_the_manual_page_is_that_of_the_command() -> None:
    """`make man` writes it."""
    assert (ROOT / "docs/broadsheet.1").read_text(encoding="utf-8") == man_page()


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_manual_page_is_correct_and_names_all() -> None:
    command = ["groff", "-man", "-ww", "-Tutf8", "-P-c", "-rLL=400n", str(ROOT / "docs/broadsheet.1")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    shown = re.sub(r".\x08", "", done.stdout.replace("‐", "-").replace("−", "-"))
    options = {opt for each in main.commands.values() for param in each.params for opt in param.opts if opt.startswith("--")}
    settings = {f"BROADSHEET_{each.name.upper()}" for each in fields(Settings) if each.name != "limits"}
    names = {f"broadsheet {name} " for name in COMMANDS} | options | settings
    assert {name for name in names if name not in shown} == set()


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("broadsheet ind", "index"),
        ("broadsheet search --not-sec", "--not-section"),
        ("broadsheet search --order-by old", "oldest"),
        ("broadsheet token re", "remove"),
        ("broadsheet index ne", "ne"),
        ("broadsheet --config ne", "ne"),
    ],
)
def test_words_are_completed(words: str, completed: str) -> None:
    """As the function that bash, zsh and fish are given asks for it; of a path the shell itself is told to complete it."""
    asked = {"_BROADSHEET_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    done = subprocess.run([sys.executable, "-m", "indexer"], cwd=ROOT, env=os.environ | asked, capture_output=True, text=True)
    kind = "file" if completed == "ne" else "plain"
    assert f"{kind},{completed}" in done.stdout.splitlines(), done.stderr


@pytest.mark.parametrize(
    ("shell", "has"),
    [
        ("bash", "complete -o nosort -F _broadsheet_completion broadsheet"),
        ("zsh", "#compdef broadsheet"),
        ("fish", "complete --no-files --command broadsheet"),
    ],
)
def test_each_shell_gets_its_function(shell: str, has: str) -> None:
    environ = os.environ | {"_BROADSHEET_COMPLETE": f"{shell}_source"}
    done = subprocess.run([sys.executable, "-m", "indexer"], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert has in done.stdout
    assert f"_BROADSHEET_COMPLETE={shell}_source" in (ROOT / "docs/command-line.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_a_command_line(tmp_path: Path) -> None:
    command = tmp_path / "broadsheet"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m indexer "$@"\n')
    command.chmod(0o755)
    asks = 'COMP_WORDS=(broadsheet rein); COMP_CWORD=1; _broadsheet_completion broadsheet; echo "${COMPREPLY[@]}"'
    script = f'eval "$(_BROADSHEET_COMPLETE=bash_source broadsheet)"; {asks}'
    environ = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "reindex\n", done.stderr
