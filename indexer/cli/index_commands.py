"""The commands that read pages and write an index: index, extract, remove, reindex, export, verify, stats.

broadsheet index news -> the report on standard error, exit status 1 if a page was skipped
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from indexer.cli.options import with_settings
from indexer.cli.output import INTERRUPTED, json_bytes, no_article, print_line, say, visible
from search.engines.protocol import open_engine
from search.settings import Settings

if TYPE_CHECKING:
    from indexer.load.apply import Progress
    from indexer.load.report import Report
    from search.model.site_profile import SiteProfile

REFRESH_SECONDS = 0.2

_SITE_PROFILES = click.option(
    "--site-profiles/--no-site-profiles",
    default=True,
    show_default=True,
    help="Leave out text that sites repeat on many articles (see `broadsheet sites`).",
)


@click.command("index")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(allow_dash=True))
@click.option("--collection", metavar="NAME", help="Name of the collection; the folder's own name if not given.")
@click.option(
    "--language",
    metavar="CODE",
    help="Language of articles that declare none, such as en; und for none. Saved with the collection.",
)
@click.option("--prune", is_flag=True, help="Remove pages whose files no longer exist.")
@click.option("--retry-skipped", is_flag=True, help="Retry skipped pages even if they have not changed.")
@_SITE_PROFILES
@click.option("--jobs", type=click.IntRange(min=0), help="Number of worker processes, 0 = one per CPU [BROADSHEET_JOBS].")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", is_flag=True, help="Print only skipped pages.")
@with_settings
def index(settings: Settings, paths: tuple[str, ...], jobs: int | None, as_json: bool, quiet: bool, **how: Any) -> None:
    """Index the pages at PATH…: files, folders or archives; - reads a list of paths from standard input.

    Later runs read only new and changed pages."""
    from indexer.load.pipeline import check, load

    settings = settings if jobs is None else replace(settings, jobs=jobs)
    named = [path for path in paths if path != "-"]
    check(named, how["language"])
    listed = _listed(paths)
    with open_engine(settings.index, create=True) as engine, _progress(quiet, named, listed) as progress:
        report = load(named, engine, settings, listed=listed, progress=progress, **how)
    _print_report(report, as_json, quiet)
    sys.exit(INTERRUPTED if report.interrupted else 0 if report.all_well else 1)


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(allow_dash=True))
@click.option("--jobs", type=click.IntRange(min=0), help="Number of worker processes, 0 = one per CPU [BROADSHEET_JOBS].")
@click.option("--explain", is_flag=True, help="Explain which rule produced each field, and what was left out and why.")
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@click.option("--site-profiles", is_flag=True, help="Leave out text that the index knows to be repeated on a site.")
@with_settings
def extract(
    settings: Settings, paths: tuple[str, ...], jobs: int | None, explain: bool, as_json: bool, site_profiles: bool
) -> None:
    """Print the article on each page at PATH… as one line of JSON. No index is needed."""
    profiles = _stored_profiles(settings) if site_profiles else {}
    if explain:
        sys.exit(_explain(settings, paths, as_json, profiles))
    from indexer.extract.json_articles import extract_record
    from indexer.load.pipeline import each_page
    from indexer.load.report import unread, unread_line

    passed_over, pages = Counter[str](), Counter[bool]()
    for path, outcome in each_page(paths, settings if jobs is None else replace(settings, jobs=jobs), passed_over, profiles):
        pages[outcome.error is None] += 1
        print_line(json_bytes(extract_record(path, outcome.article, outcome.error, outcome.ms)))
    if not_read := unread(passed_over, any_page=bool(pages)):
        say(unread_line(not_read))
    sys.exit(1 if pages[False] or not_read else 0)


def _stored_profiles(settings: Settings) -> "Mapping[str, SiteProfile]":
    from indexer.load.site_profiles import stored_profiles

    with open_engine(settings.index) as engine:
        return stored_profiles(engine.reader())


def _explain(settings: Settings, paths: tuple[str, ...], as_json: bool, profiles: "Mapping[str, SiteProfile]") -> int:
    """Returns the exit status."""
    from indexer.extract.explain import explanation_lines
    from indexer.extract.json_articles import article_record
    from indexer.load.pipeline import explain_each

    status = 0
    for path, explanation in explain_each(paths, settings, profiles):
        status = status or (1 if explanation.error else 0)
        if as_json:
            article = explanation.article
            print_line(
                json_bytes({"source": path} | asdict(explanation) | {"article": article_record(article) if article else None})
            )
        else:
            for line in explanation_lines(path, explanation):
                click.echo(visible(line))
    return status


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--yes", is_flag=True, help="Remove without asking; required where nobody can be asked, as in a script.")
@with_settings
def remove(settings: Settings, ids: tuple[str, ...], yes: bool) -> None:
    """Remove articles and all their versions. To restore them, index their files again."""
    with open_engine(settings.index) as engine:
        found = zip(ids, engine.reader().versions_each(ids), strict=True)
        versions = {id: [article.source for article in some] for id, some in found}
        if any(versions.values()) and not yes:
            _ask_to_remove(versions)
        removed = engine.remove(source for sources in versions.values() for source in sources)
    unknown = [id for id, sources in versions.items() if not sources]
    for id in unknown:
        no_article(id)
    say(f"{removed} removed")
    sys.exit(1 if unknown else 0)


def _ask_to_remove(versions: Mapping[str, list[str]]) -> None:
    """Ends the command unless the answer is yes."""
    if not sys.stdin.isatty():
        raise click.UsageError("remove asks before it removes, but standard input is not a terminal; give --yes")
    from indexer.load.report import counted

    articles = counted(sum(map(bool, versions.values())), "article")
    stored = counted(sum(map(len, versions.values())), "stored version")
    if not click.confirm(f"Remove {articles} ({stored})?", err=True):
        say("nothing was removed")
        sys.exit(1)


@click.command()
@click.option("--list", "list_only", is_flag=True, help="Show the stored profiles without counting again.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, one site per line.")
@with_settings
def sites(settings: Settings, list_only: bool, as_json: bool) -> None:
    """Find text that a site repeats on many articles, such as comment rules, and store it as the profile of the site.

    Pages indexed from then on are stored without it; `broadsheet reindex` takes it out of articles already in the index."""
    from indexer.load.site_profiles import profile_lines, stored_profiles, update_profiles

    with open_engine(settings.index) as engine:
        profiles = tuple(stored_profiles(engine.reader()).values()) if list_only else update_profiles(engine)
    if as_json:
        for profile in profiles:
            print_line(json_bytes(asdict(profile)))
    else:
        for line in profile_lines(profiles):
            click.echo(visible(line))
    if not profiles:
        say("no site repeats text on five or more articles and a tenth of its articles")
    elif not list_only:
        say("new pages are indexed without this text; run `broadsheet reindex` to take it out of articles in the index")


@click.command()
@_SITE_PROFILES
@click.option("--to", metavar="URL", help="Write the new index here, for any engine, and keep the current one.")
@with_settings
def reindex(settings: Settings, to: str | None, site_profiles: bool) -> None:
    """Rebuild the index from its stored articles, for example after an update of Broadsheet."""
    from indexer.load.reindex import copy_index
    from indexer.load.reindex import reindex as write_anew
    from indexer.load.report import counted

    written = copy_index(settings.index, to, site_profiles) if to else write_anew(settings.index, site_profiles)
    say(f"{counted(written, 'document')} rebuilt: articles, their versions, and what is stored of files, collections and sites")


@click.command()
@with_settings
def export(settings: Settings) -> None:
    """Print all versions of all articles as JSON Lines, which `index` can read."""
    from indexer.extract.json_articles import stored_record
    from search.model.article import Article

    with open_engine(settings.index) as engine:
        for document in engine.reader().documents():
            if isinstance(document, Article):
                print_line(json_bytes({"source": document.source} | stored_record(document)))


@click.command()
@with_settings
def verify(settings: Settings) -> None:
    """Check that every index file is present and unchanged and that every document can be read."""
    with open_engine(settings.index) as engine:
        problems = engine.verify()
    for problem in problems:
        click.echo(problem)
    say("the index is damaged: restore it from a backup or index the pages again" if problems else "the index is intact")
    sys.exit(1 if problems else 0)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@with_settings
def stats(settings: Settings, as_json: bool) -> None:
    """Show what the index contains."""
    from indexer.cli.render_stats import stats_lines, stats_record

    with open_engine(settings.index) as engine:
        found = engine.reader().stats()
    print_line(json_bytes(stats_record(found))) if as_json else click.echo("\n".join(stats_lines(found)))


def _listed(paths: tuple[str, ...]) -> list[str]:
    """The paths on standard input, one per line; they need not be UTF-8."""
    return [os.fsdecode(line.rstrip(b"\n")) for line in sys.stdin.buffer if line.strip()] if "-" in paths else []


@contextmanager
def _progress(quiet: bool, paths: list[str], listed: list[str]) -> "Iterator[Progress]":
    """Shows the progress of `index` in a terminal: how many pages of how many, and the time left. They are counted meanwhile."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from indexer.sources.files.folders import count_pages

    start = time.monotonic()
    shown, seen = 0.0, 0
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("listing files", total=None)

        def count() -> None:
            bar.update(task, total=count_pages(paths, listed))

        def update() -> None:
            total = bar.tasks[0].total
            if total is not None and seen > total:
                bar.update(task, total=None)  # a file held many
            bar.update(task, completed=seen, description=progress_words(seen, total, time.monotonic() - start))

        def show(report: "Report") -> None:
            nonlocal shown, seen
            seen = report.seen
            if time.monotonic() - shown > REFRESH_SECONDS:
                shown = time.monotonic()
                update()

        Thread(target=count, daemon=True).start()
        yield show
        update()


def progress_words(seen: int, total: float | None, seconds: float) -> str:
    """1,200 of 86,000 pages (93 per second)"""
    from indexer.load.report import counted

    pages = counted(seen, "page") if total is None or seen > total else f"{seen:,} of {counted(int(total), 'page')}"
    return f"{pages} ({seen / max(seconds, 0.001):,.0f} per second)"


def _print_report(report: "Report", as_json: bool, quiet: bool) -> None:
    from indexer.load.report import report_json, report_lines, skip_lines

    if as_json:
        print_line(json_bytes(report_json(report)))
    else:
        for line in skip_lines(report) if quiet else report_lines(report):
            say(line)
