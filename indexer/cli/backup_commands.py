"""The commands that copy an index as it is, while it is used: backup, restore.

broadsheet backup /backup/archive -> "28 files, 2.4 MB: 6 copied (1.2 MB), 18 kept, 0 removed; all checked" on standard error
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.cli.options import with_settings
from indexer.cli.output import json_bytes, print_line, say
from search.settings import Settings

if TYPE_CHECKING:
    from search.engines.disk.backup import Copied, Progress

REFRESH_SECONDS = 0.2

_JSON = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
_DIRECTORY = click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))


@click.command()
@_DIRECTORY
@click.option("--link", is_flag=True, help="Share the files with the index by hard links where the disk allows: no room is used.")
@_JSON
@with_settings
def backup(settings: Settings, directory: Path, link: bool, as_json: bool) -> None:
    """Back the index up to DIR, also while it is served and written to.

    Later runs copy only what is new. A shared file (--link) guards against mistakes, not against a failing disk."""
    from indexer.load.report import counted
    from search.engines.disk.backup import backup as write_backup

    with _progress() as progress:
        copied = write_backup(settings.index, directory, link=link, progress=progress)
    _print_report(copied, as_json, {"index": settings.index, "backup": str(directory)})
    if link and copied.copied:
        files = f"{counted(copied.copied, 'file')} could not be shared and {'was' if copied.copied == 1 else 'were'} copied"
        say(f"{files}: DIR is on another disk, or that has no hard links")


@click.command()
@_DIRECTORY
@click.option("--replace", "overwrite", is_flag=True, help="Replace the index that is there.")
@_JSON
@with_settings
def restore(settings: Settings, directory: Path, overwrite: bool, as_json: bool) -> None:
    """Put a copy of the backup in DIR in the place of the index. A running server shows it at once.

    What is withdrawn in the index that is replaced stays withdrawn."""
    from indexer.load.report import counted
    from search.engines.disk.backup import restore as read_backup

    with _progress() as progress:
        copied = read_backup(directory, settings.index, overwrite=overwrite, progress=progress)
    _print_report(copied, as_json, {"index": settings.index, "backup": str(directory)})
    if copied.withdrawals:
        say(f"carried over from the replaced index: {counted(copied.withdrawals, 'withdrawal')}")
    if copied.unread:
        say("broadsheet: the replaced index was damaged; not all of its withdrawals may have been carried over")
        say(f"broadsheet: withdraw again what was withdrawn since {copied.made}; `broadsheet withdraw --list` says what is known")
        sys.exit(1)


@contextmanager
def _progress() -> "Iterator[Progress]":
    """Shows in a terminal how much has been copied and checked."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console

    shown = 0.0
    with Console(stderr=True).status("reading the index") as status:

        def show(done: int, size: int) -> None:
            nonlocal shown
            if time.monotonic() - shown > REFRESH_SECONDS:
                shown = time.monotonic()
                status.update(f"{done / 1e6:,.1f} of {size / 1e6:,.1f} MB")

        yield show


def _print_report(copied: "Copied", as_json: bool, where: dict[str, str]) -> None:
    if as_json:
        print_line(json_bytes(where | asdict(copied)))
        return
    from indexer.load.report import counted

    counts = [f"{copied.copied:,} copied ({copied.bytes_copied / 1e6:,.1f} MB)"]
    counts += [f"{copied.linked:,} linked"] * bool(copied.linked)
    counts += [f"{copied.kept:,} kept", f"{copied.removed:,} removed"] * bool(copied.kept or copied.removed)
    made = f"; backup of {copied.made}" if copied.made else ""
    say(f"{counted(copied.files, 'file')}, {copied.bytes / 1e6:,.1f} MB: {', '.join(counts)}; all checked{made}")
