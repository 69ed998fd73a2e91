"""Options shared by several commands, and those derived from the parameters of a search.

Parameter("page-size", "number", "Results per page.", default=10) -> --page-size INTEGER  Results per page.  [default: 10]
"""

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from search.query.parameters import BY_NAME, PARAMETERS, Parameter
from search.settings import Settings

Command = Callable[..., None]

INDEX = click.option(
    "--index", "index", metavar="URL", help="The index: DIRECTORY, tantivy:DIRECTORY or whoosh:DIRECTORY [BROADSHEET_INDEX]."
)
SPELLINGS = click.option("--spellings", metavar="FILE", help="File of names with several spellings [BROADSHEET_SPELLINGS].")


def with_settings(command: Command) -> Command:
    """Passes the settings from the environment to the command, with --index from the command or the group."""

    @functools.wraps(command)
    def run(index: str | None, **arguments: Any) -> None:
        settings = Settings.from_environment()
        index = index or click.get_current_context().obj
        command(replace(settings, index=index or settings.index), **arguments)

    return INDEX(run)


def search_options(command: Command) -> Command:
    """Adds an option for each parameter of a search except the query."""
    for parameter in reversed(PARAMETERS):
        if parameter.name != "q":
            command = _option(parameter)(command)
    return command


def parameter_option(name: str) -> Callable[[Command], Command]:
    """The option for one parameter of a search."""
    return _option(BY_NAME[name])


def _option(parameter: Parameter) -> Callable[[Command], Command]:
    how: dict[str, Any] = {"help": parameter.about}
    match parameter.kind:
        case "switch":
            how |= {"is_flag": True}
        case "values":
            how |= {"multiple": True}
        case "list":
            how |= {"default": "", "metavar": "NAME,…", "help": f"{parameter.about} Names: {', '.join(parameter.choices)}."}
        case "date":
            how |= {"metavar": "DATE"}
        case "choice":
            how |= {"type": click.Choice(parameter.choices)}
        case "number":
            how |= {"type": int}
    if parameter.default is not None and parameter.kind != "switch":
        how |= {"default": parameter.default, "show_default": True}
    return click.option(f"--{parameter.name}", **how)
