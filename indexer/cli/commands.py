"""The `broadsheet` command. Data goes to stdout, messages and progress to stderr.

Exit status: 0 success; 1 something was skipped or failed, with a message that says what and why; 2 usage error.
"""

import errno
from typing import Any

import click

from indexer.cli import backup_commands, index_commands, search_commands, server_commands, watch_commands, withdraw_command
from indexer.cli.options import CONFIG, INDEX
from indexer.cli.output import say
from search.errors import BadRequest, BroadsheetError, CollectionConflict, QueryRefused, SettingsError

WRONG_USE = (SettingsError, BadRequest, QueryRefused, CollectionConflict)


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """Prints an error meant for the user as one line."""
        try:
            return super().invoke(ctx)
        except BroadsheetError as error:
            about = f"--{error.parameter} {error.value!r}: " if isinstance(error, BadRequest) else ""
            say(f"broadsheet: {about}{error}")
            ctx.exit(2 if isinstance(error, WRONG_USE) else 1)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader is gone; click exits quietly
                raise
            say(f"broadsheet: {error.filename or 'cannot write the output'}: {error.strerror or error}")
            ctx.exit(1)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@INDEX
@CONFIG
@click.version_option(package_name="broadsheet")
def main(index: str | None, config: str | None) -> None:
    """Full-text search for news archives: index saved article pages and search them on the web, here or as JSON."""


for _command in (
    server_commands.serve,
    index_commands.index,
    search_commands.search,
    search_commands.suggest,
    search_commands.names,
    search_commands.versions,
    search_commands.similar,
    index_commands.extract,
    index_commands.stats,
    index_commands.remove,
    withdraw_command.withdraw_command,
    index_commands.reindex,
    index_commands.sites,
    index_commands.export,
    index_commands.verify,
    watch_commands.alert,
    watch_commands.watch,
    backup_commands.backup,
    backup_commands.restore,
    server_commands.searches,
    server_commands.token,
):
    main.add_command(_command)


if __name__ == "__main__":
    main(prog_name="broadsheet")
