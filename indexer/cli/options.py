"""Options shared by several commands, and those derived from the parameters of a search.

Parameter("page-size", "number", "Results per page.", default=10) -> --page-size INTEGER  Results per page.  [default: 10]
"""

import functools
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import click

from search.query.parameters import BY_NAME, PARAMETERS, Parameter
from search.settings import Settings, is_possible, possible_values

Command = Callable[..., None]

INDEX = click.option(
    "--index", "index", metavar="URL", help="The index: DIRECTORY, tantivy:DIRECTORY or whoosh:DIRECTORY [BROADSHEET_INDEX]."
)
CONFIG = click.option("--config", metavar="FILE", help="File of settings; broadsheet.toml if there is one [BROADSHEET_CONFIG].")
SPELLINGS = click.option("--spellings", metavar="FILE", help="File of names with several spellings [BROADSHEET_SPELLINGS].")


def with_settings(command: Command) -> Command:
    """Passes the settings to the command, with --index from the command or the group."""

    @functools.wraps(command)
    def run(index: str | None, config: str | None, **arguments: Any) -> None:  # noqa: ARG001
        command(given_settings(), **arguments)

    return CONFIG(INDEX(run))


def given_settings() -> Settings:
    """The settings for the command that runs; --config and --index may stand before its name or after."""
    context: click.Context | None = click.get_current_context()
    config, index = None, None
    while context:
        config = config or context.params.get("config")
        index = index or context.params.get("index")
        context = context.parent
    settings = Settings.from_environment(config=config)
    return replace(settings, index=index) if index else settings


def checked_setting(name: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """Refuses what the setting of this name cannot be."""
    (setting,) = (each for each in fields(Settings) if each.name == name)

    def check(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
        if value is not None and not is_possible(setting, value):
            raise click.BadParameter(f"{value!r}; give {possible_values(setting)}")
        return value

    return check


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
