"""The `broadsheet` command. Data goes to stdout, messages and progress to stderr.

Exit status: 0 success; 1 something was skipped or failed, with a message that says what and why; 2 usage error.
"""

import errno
import functools
from dataclasses import replace
from typing import Any

import click

from indexer.cli import index_commands, search_commands, withdraw_command
from indexer.cli.options import INDEX, SPELLINGS, with_settings
from indexer.cli.output import say
from search.errors import BadRequest, BroadsheetError, CollectionConflict, QueryRefused, SettingsError
from search.settings import UI_LANGUAGES, Settings

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
@click.version_option(package_name="broadsheet")
@click.pass_context
def main(ctx: click.Context, index: str | None) -> None:
    """Full-text search for news archives: index saved article pages and search them on the web, here or as JSON."""
    ctx.obj = index


@main.command()
@click.option("--host", help="Address to listen on [BROADSHEET_HOST].")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 = any free port [BROADSHEET_PORT].")
@SPELLINGS
@click.option("--processes", type=click.IntRange(min=1), help="Number of server processes [BROADSHEET_PROCESSES].")
@click.option("--ui-language", type=click.Choice(UI_LANGUAGES), help="Language of the web pages [BROADSHEET_UI_LANGUAGE].")
@click.option(
    "--saved-pages/--no-saved-pages", default=None, help="Offer the saved page of each article [BROADSHEET_SAVED_PAGES]."
)
@click.option(
    "--remote-images/--no-remote-images", default=None, help="Load pictures from their publishers [BROADSHEET_REMOTE_IMAGES]."
)
@with_settings
def serve(settings: Settings, **given: Any) -> None:
    """Serve the web pages and the JSON API until stopped with Ctrl-C."""
    from indexer.sources.files.saved_page import read_saved_page
    from web.server.serve import serve as serve_web

    settings = replace(settings, **{name: value for name, value in given.items() if value is not None})
    serve_web(settings, functools.partial(read_saved_page, settings=settings) if settings.saved_pages else None)


for _command in (
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
):
    main.add_command(_command)


if __name__ == "__main__":
    main(prog_name="broadsheet")
