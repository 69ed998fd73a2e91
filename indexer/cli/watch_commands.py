"""The commands that run again and again: alert, watch.

broadsheet alert searches.toml -> new hits of each search, told once
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.cli.options import SPELLINGS, with_settings
from indexer.cli.output import INTERRUPTED, say
from search.engines.protocol import Engine, open_engine
from search.settings import Settings

if TYPE_CHECKING:
    from indexer.load.report import Report
    from search.query.parsing.synonyms import Spellings

INTERVAL_SECONDS = 60
RESCAN_SECONDS = 300


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--watch", "watching", is_flag=True, help="Run again whenever the index has changed, until stopped with Ctrl-C.")
@click.option(
    "--interval",
    type=click.IntRange(min=1),
    default=INTERVAL_SECONDS,
    show_default=True,
    help="Seconds between two looks at the index with --watch.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines to standard output.")
@click.option("--dry-run", is_flag=True, help="Print what would be reported to whom, and change nothing.")
@SPELLINGS
@with_settings
def alert(
    settings: Settings,
    file: Path,
    watching: bool,
    interval: int,
    as_json: bool,
    dry_run: bool,
    spellings: str | None,
) -> None:
    """Run the searches in FILE and report what is new since the last run, each article once.

    FILE is TOML; a search is printed, appended to a file, sent by e-mail or posted to a webhook. What was reported is kept in
    FILE.state."""
    from indexer.load.interrupt import asked_to_stop
    from search.query.parsing.synonyms import read_spellings

    names = read_spellings(spellings or settings.spellings)
    with asked_to_stop() as stop:
        failed = True
        seen = ""
        with open_engine(settings.index) as engine:
            while not stop():
                generation = engine.reader().generation
                if generation != seen or failed:
                    failed = _run_once(file, engine, settings, names, as_json=as_json, dry_run=dry_run)
                    seen = generation
                if not watching or stop.wait(interval):
                    break
    sys.exit(INTERRUPTED if stop.by_ctrl_c else 1 if failed else 0)


def _run_once(file: Path, engine: Engine, settings: Settings, names: "Spellings", *, as_json: bool, dry_run: bool) -> bool:
    """Returns whether something failed."""
    from dataclasses import replace

    from indexer.alerts.alert_file import Failure, as_json_lines, read_alerts
    from indexer.alerts.run import preview, run_alerts
    from indexer.alerts.state import open_state

    alerts = read_alerts(file)
    alerts = replace(alerts, site=alerts.site or settings.base_url.rstrip("/") or None)
    if as_json:
        alerts = replace(alerts, alerts=tuple(map(as_json_lines, alerts.alerts)))
    failures = list(alerts.failures)
    with open_state(file) as state:
        if dry_run:
            for line in preview(alerts, engine.reader(), settings, names, state):
                failures.append(line) if isinstance(line, Failure) else click.echo(line, nl=False)
        else:
            failures += run_alerts(alerts, engine.reader(), settings, names, state)
    for failure in failures:
        say(f"broadsheet: {failure.name}: {failure.why}")
    return bool(failures)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(allow_dash=True))
@click.option("--collection", metavar="NAME", help="Name of the collection; the folder's own name if not given.")
@click.option("--prune", is_flag=True, help="Remove pages whose files no longer exist.")
@click.option(
    "--interval",
    type=click.IntRange(min=1),
    default=RESCAN_SECONDS,
    show_default=True,
    help="Seconds after which all is listed again, in case the system did not tell of a change.",
)
@with_settings
def watch(settings: Settings, paths: tuple[str, ...], collection: str | None, prune: bool, interval: int) -> None:
    """Keep the pages at PATH… indexed as files come and change, until stopped with Ctrl-C.

    A file is read when it is whole: when nothing writes to it any more."""
    from indexer.load.interrupt import asked_to_stop
    from indexer.load.pipeline import check, load
    from indexer.load.report import report_lines
    from indexer.load.watch import watch as watch_paths

    check(paths)
    given = [str(Path(path).resolve()) if Path(path).is_dir() else path for path in paths]

    def update(some: list[str], pruning: bool, ready: Callable[[str], bool]) -> "Report":
        with open_engine(settings.index, create=True) as engine:
            return load(some, engine, settings, collection=collection, prune=pruning, ready=ready)

    all_well = True
    with asked_to_stop() as stop:
        for report in watch_paths(
            given, update, stop, interval=interval, prune=prune, say=lambda words: say(f"broadsheet: {words}")
        ):
            all_well = all_well and not report.skipped
            if report.indexed or report.updated or report.removed or report.skipped:
                for line in report_lines(report):
                    say(line)
    sys.exit(INTERRUPTED if stop.by_ctrl_c else 0 if all_well else 1)
