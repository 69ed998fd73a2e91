"""The `broadsheet` command. Data goes to stdout, messages and progress to stderr.

Exit status: 0 success; 1 something was skipped or failed, with a message that says what and why; 2 usage error; 130 stopped with
Ctrl-C.
"""

import errno
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, cast

import click

from indexer.cli.options import CONFIG, INDEX
from indexer.cli.output import INTERRUPTED, say
from search.errors import BadRequest, BroadsheetError, CollectionConflict, QueryRefused, SettingsError

WRONG_USE = (SettingsError, BadRequest, QueryRefused, CollectionConflict)


COMMANDS = {
    "alert": ("watch_commands", "Run the searches in FILE and report what is new since the last run, each article once."),
    "backup": ("backup_commands", "Back the index up to DIR, also while it is served and written to."),
    "doctor": ("server_commands", "Look the archive over and say what is odd and what to do."),
    "export": ("index_commands", "Print all versions of all articles as JSON Lines, which `index` can read."),
    "extract": ("index_commands", "Print the article on each page at PATH… as one line of JSON."),
    "index": ("index_commands", "Index the pages at PATH…: files, folders or archives."),
    "names": ("search_commands", "Count the articles that mention each name in FILE."),
    "reindex": ("index_commands", "Rebuild the index from its stored articles, for example after an update of Broadsheet."),
    "remove": ("index_commands", "Remove articles and all their versions."),
    "restore": ("backup_commands", "Put a copy of the backup in DIR in the place of the index."),
    "search": ("search_commands", "Search for QUERY, with the same syntax as the search box."),
    "searches": ("server_commands", "Show the most frequent searches, from the server's log of searches."),
    "serve": ("server_commands", "Serve the web pages and the JSON API until stopped with Ctrl-C."),
    "similar": ("search_commands", "List the articles most similar to an article, without its copies in other outlets."),
    "sites": ("index_commands", "Find text that a site repeats on many articles."),
    "stats": ("index_commands", "Show what the index contains."),
    "suggest": ("search_commands", "Complete TYPED: words and names with the number of articles that contain them."),
    "token": ("server_commands", "Manage the tokens of a closed archive."),
    "verify": ("index_commands", "Check that every index file is present and unchanged and that every document can be read."),
    "versions": ("search_commands", "List the versions of the article ID, newest first, with the changes in each."),
    "watch": ("watch_commands", "Keep the pages at PATH… indexed as files come and change, until stopped with Ctrl-C."),
    "withdraw": (
        "withdraw_command",
        "Withdraw articles: remove them with all versions and copies, erase their text, and keep them from being indexed again.",
    ),
}
"""Of each command the module that has it, and what `broadsheet --help` says of it: the beginning of its own help."""


class _Commands(Mapping[str, click.Command]):
    """Imports the module of a command when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module, _ = COMMANDS[name]
        command: click.Command = getattr(import_module(f"indexer.cli.{module}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Group(click.Group):
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in sorted(COMMANDS.items())])

    def invoke(self, ctx: click.Context) -> Any:
        """Prints an error meant for the user as one line."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort):
            say("broadsheet: interrupted")
            ctx.exit(INTERRUPTED)
        except BroadsheetError as error:
            about = f"--{error.parameter} {error.value!r}: " if isinstance(error, BadRequest) else ""
            say(f"broadsheet: {about}{error}")
            ctx.exit(2 if isinstance(error, WRONG_USE) else 1)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader is gone; click exits quietly
                raise
            say(f"broadsheet: {error.filename or 'cannot write the output'}: {error.strerror or error}")
            ctx.exit(1)


@click.group(
    cls=_Group, commands=cast(dict[str, click.Command], _Commands()), context_settings={"help_option_names": ["-h", "--help"]}
)
@INDEX
@CONFIG
@click.version_option(package_name="broadsheet")
def main(index: str | None, config: str | None) -> None:
    """Full-text search for news archives: index saved article pages and search them on the web, here or as JSON."""


if __name__ == "__main__":
    main(prog_name="broadsheet")
