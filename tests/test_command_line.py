"""The command as a whole: what it loads to say what it can do, and that it says the same everywhere."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from indexer.cli.commands import COMMANDS, main

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
