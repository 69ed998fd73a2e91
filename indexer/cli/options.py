"""Options shared by several commands, and the settings that they change.

--config broadsheet.toml --index tantivy:archive.index -> Settings, passed to the command
"""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from search.settings import Settings

Command = Callable[..., None]

INDEX = click.option(
    "--index", "index", metavar="URL", help="The index: DIRECTORY, tantivy:DIRECTORY or whoosh:DIRECTORY [BROADSHEET_INDEX]."
)
CONFIG = click.option(
    "--config", metavar="FILE", type=click.Path(), help="File of settings; broadsheet.toml if there is one [BROADSHEET_CONFIG]."
)
SPELLINGS = click.option(
    "--spellings", metavar="FILE", type=click.Path(), help="File of names with several spellings [BROADSHEET_SPELLINGS]."
)


def with_settings(command: Command) -> Command:
    """Passes the settings to the command, with --index from the command or the group."""

    @functools.wraps(command)
    def run(index: str | None, config: str | None, **arguments: Any) -> None:  # noqa: ARG001
        command(given_settings(), **arguments)

    return CONFIG(INDEX(run))


def given_settings() -> "Settings":
    """The settings for the command that runs; --config and --index may stand before its name or after."""
    from dataclasses import replace

    from search.settings import Settings

    context: click.Context | None = click.get_current_context()
    config, index = None, None
    while context:
        config = config or context.params.get("config")
        index = index or context.params.get("index")
        context = context.parent
    settings = Settings.from_environment(config=config)
    return replace(settings, index=index) if index else settings
