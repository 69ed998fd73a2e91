"""The manual page of the command, made from its own help: python tests/man_page.py > docs/broadsheet.1 (make man)."""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path

import click

from indexer.cli.commands import COMMANDS, main

SETTINGS = Path(__file__).parents[1] / "search/settings.py"
STATUS = {
    "0": "Success.",
    "1": "Something was skipped or failed; a message says what and why.",
    "2": "The command was used wrongly.",
    "130": "The command was stopped with Ctrl-C.",
}
FILES = {"broadsheet.toml": "Settings: the names below in lower case, without BROADSHEET_. Limits stand in a table [limits]."}


def man_page() -> str:
    about = metadata("broadsheet")
    lines = [
        f'.TH BROADSHEET 1 "" "Broadsheet {about["Version"]}" "User Commands"',
        ".SH NAME",
        f"broadsheet \\- {written(about['Summary'].split(':')[0].lower())}",
        ".SH SYNOPSIS",
        ".B broadsheet",
        "[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]",
        ".SH DESCRIPTION",
        *paragraphs(main.help or ""),
        *options(main),
        *paragraphs("The options --index and --config may also stand after the name of a command; --help after it describes it."),
        ".SH COMMANDS",
    ]
    for name in sorted(COMMANDS):
        lines += command_lines(main.commands[name], f"broadsheet {name}")
    lines += [".SH EXIT STATUS", *entries(STATUS), ".SH FILES", *entries(FILES), ".SH ENVIRONMENT", *entries(dict(variables()))]
    return "\n".join(lines) + "\n"


def command_lines(command: click.Command, name: str) -> Iterator[str]:
    with click.Context(command, **main.context_settings) as context:
        yield f'.SS "{written(" ".join([name, *command.collect_usage_pieces(context)]))}"'
    yield from paragraphs(command.help or "")
    yield from options(command)
    for part in command.commands.values() if isinstance(command, click.Group) else ():
        yield from command_lines(part, f"{name} {part.name}")


def options(command: click.Command) -> Iterator[str]:
    """Those that all commands have stand at the top alone."""
    common = set() if command is main else {"index", "config", "help"}
    with click.Context(command, **main.context_settings) as context:
        given = [each for each in command.get_params(context) if isinstance(each, click.Option) and each.name not in common]
        found = [option.get_help_record(context) for option in given]
    yield from entries(dict(filter(None, found)))


def entries(described: dict[str, str]) -> Iterator[str]:
    for name, about in described.items():
        yield from (".TP", f".B {written(name)}", written(about))


def variables() -> Iterator[tuple[str, str]]:
    """The settings, as search/settings.py describes them."""
    tree = ast.parse(SETTINGS.read_text(encoding="utf-8"))
    (kind,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    for node, after in zip(kind.body, kind.body[1:], strict=False):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(after, ast.Expr):
            yield f"BROADSHEET_{node.target.id.upper()}", ast.literal_eval(after.value)


def paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield from (".PP", written(" ".join(paragraph.split())))


def written(text: str) -> str:
    """Text as troff reads it: nothing of it is taken for a command."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("…", "...")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    sys.stdout.write(man_page())
