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
    for name in ("--index", "--config", "--spellings", "--collection", "--jobs"):
        assert len(said[name]) == 1, said[name]
