"""The commands for whoever runs the archive: serve, doctor, token, searches.

broadsheet token add newsroom --scope search -> the token on standard output, its digest in the file of tokens
"""

import functools
import sys
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from indexer.cli.options import SPELLINGS, given_settings, with_settings
from indexer.cli.output import json_bytes, print_line, say, visible
from search.errors import SettingsError
from search.settings import UI_LANGUAGES, Settings, is_possible, possible_values

Command = Callable[..., None]


def _checked(_context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuses what the setting called like the option cannot be."""
    (setting,) = (each for each in fields(Settings) if each.name == option.name)
    if value is not None and not is_possible(setting, value):
        raise click.BadParameter(f"{value!r}; give {possible_values(setting)}")
    return value


@click.command()
@click.option("--host", help="Address to listen on [BROADSHEET_HOST].")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 = any free port [BROADSHEET_PORT].")
@SPELLINGS
@click.option("--processes", type=click.IntRange(min=1), help="Number of server processes [BROADSHEET_PROCESSES].")
@click.option("--base-url", metavar="URL", callback=_checked, help="Address of the archive for readers [BROADSHEET_BASE_URL].")
@click.option("--ui-language", type=click.Choice(UI_LANGUAGES), help="Language of the web pages [BROADSHEET_UI_LANGUAGE].")
@click.option(
    "--saved-pages/--no-saved-pages", default=None, help="Offer the saved page of each article [BROADSHEET_SAVED_PAGES]."
)
@click.option(
    "--remote-images/--no-remote-images", default=None, help="Load pictures from their publishers [BROADSHEET_REMOTE_IMAGES]."
)
@click.option(
    "--metrics-port", type=click.IntRange(0, 65535), help="Port of metrics for Prometheus, 0 = none [BROADSHEET_METRICS_PORT]."
)
@with_settings
def serve(settings: Settings, **given: Any) -> None:
    """Serve the web pages and the JSON API until stopped with Ctrl-C."""
    from indexer.load.archive_reader import read_apart
    from indexer.sources.files.saved_page import read_saved_page
    from web.server.serve import serve as serve_web

    settings = replace(settings, **{name: value for name, value in given.items() if value is not None})
    read = functools.partial(read_saved_page, settings=settings, read_apart=read_apart)
    serve_web(settings, read if settings.saved_pages else None)


@click.command()
@click.option("--backup", metavar="DIR", type=click.Path(path_type=Path), help="Look at the age of the backup in DIR, too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@with_settings
def doctor(settings: Settings, backup: Path | None, as_json: bool) -> None:
    """Look the archive over and say what is odd and what to do: libraries, disk, permissions, contents, backup.

    Nothing is changed. The exit code is 1 if something is to be done."""
    from indexer.doctor.examine import examine

    findings = tuple(examine(settings, backup))
    if as_json:
        print_line(json_bytes({"index": settings.index, "findings": [asdict(each) for each in findings]}))
    for each in () if as_json else findings:
        click.echo(visible(f"{'!' if each.do else ' '} {each.check:<12} {each.says}"))
        if each.do:
            click.echo(visible(f"  {'':<12} -> {each.do}"))
    sys.exit(1 if any(each.do for each in findings) else 0)


@click.group()
def token() -> None:
    """Manage the tokens of a closed archive. A running server notices each change."""


def _with_token_file(command: Command) -> Command:
    """Passes the path of the file."""

    @click.option("--file", metavar="FILE", type=click.Path(), help="File of tokens [BROADSHEET_TOKENS].")
    @functools.wraps(command)
    def run(file: str | None, **arguments: Any) -> None:
        path = file or given_settings().tokens
        if not path:
            raise SettingsError("Which file has the tokens? Set BROADSHEET_TOKENS or give --file")
        command(Path(path), **arguments)

    return run


@token.command("add")
@click.argument("name")
@click.option("--scope", required=True, metavar="SCOPE,…", help="What it allows: search, article, export, feed.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Its last day, such as 2027-06-30 (UTC).")
@_with_token_file
def add_token(path: Path, name: str, scope: str, expires: datetime | None) -> None:
    """Make a token and print it. It is stored as a digest only, so it cannot be shown again."""
    from web.access.tokens import add

    scopes = tuple(dict.fromkeys(each.strip() for each in scope.split(",") if each.strip()))
    if not scopes:
        raise SettingsError("A token without a scope allows nothing; give --scope search, for example")
    click.echo(add(path, name, scopes, expires.date() if expires else None))
    say(f"added to {path}; keep the token, it is not shown again")


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, one token per line.")
@_with_token_file
def list_tokens(path: Path, as_json: bool) -> None:
    """List the tokens by name, with what they allow."""
    from web.access.tokens import read

    for each in read(path):
        shown = {"name": each.name, "scopes": each.scopes, "created": _iso(each.created), "expires": _iso(each.expires)}
        if as_json:
            print_line(json_bytes(shown | {"expired": each.is_expired()}))
        else:
            until = f"{'expired' if each.is_expired() else 'expires'} {each.expires}" if each.expires else "does not expire"
            click.echo(visible(f"{each.name}: {', '.join(each.scopes)}; created {each.created}, {until}"))


@token.command("remove")
@click.argument("name")
@_with_token_file
def remove_token(path: Path, name: str) -> None:
    """Remove a token; from then on it is refused."""
    from web.access.tokens import remove

    if not remove(path, name):
        say(f"broadsheet: no token with the name {name}")
        sys.exit(1)
    say(f"{name} removed")


@click.command()
@click.option("--file", metavar="FILE", type=click.Path(), help="The log of searches [BROADSHEET_SEARCH_LOG].")
@click.option("--without-results", is_flag=True, help="Only searches that found nothing when they were last made.")
@click.option("--days", type=click.IntRange(min=1), help="Only searches of this many days up to today.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Number of searches to show.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, one search per line.")
def searches(file: str | None, without_results: bool, days: int | None, limit: int, as_json: bool) -> None:
    """Show the most frequent searches, from the server's log of searches."""
    from web.telemetry.search_log import top_searches

    path = file or given_settings().search_log
    if not path:
        raise SettingsError("Which file has the log? Set BROADSHEET_SEARCH_LOG, for the server too, or give --file")
    since = str(date.fromordinal(max(datetime.now(UTC).toordinal() - days + 1, 1))) if days else ""
    for each in top_searches(Path(path), limit=limit, without_results=without_results, since=since):
        if as_json:
            print_line(json_bytes({"query": each.query, "count": each.count, "found": each.found}))
        else:
            found = "-" if each.found is None else f"{each.found:,}"
            click.echo(visible(f"{each.count:>7,}  {found:>7} found  {each.query}"))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
