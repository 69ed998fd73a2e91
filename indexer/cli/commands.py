"""The `broadsheet` command. Data goes to stdout, messages and progress to stderr.

Exit status: 0 success; 1 something was skipped or failed, with a message that says what and why; 2 usage error.
"""

import errno
import functools
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import IO, TYPE_CHECKING, Any

import click

from search.engines.protocol import open_engine
from search.errors import BadRequest, BroadsheetError, CollectionConflict, QueryRefused, SettingsError, UnknownVersion
from search.settings import UI_LANGUAGES, Settings

if TYPE_CHECKING:
    from indexer.load.apply import Progress
    from indexer.load.report import Report

WRONG_USE = (SettingsError, BadRequest, QueryRefused, CollectionConflict)
REFRESH_SECONDS = 0.2


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """Errors meant for the user are printed as one line."""
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


_INDEX = click.option(
    "--index", "index", metavar="URL", help="The index: tantivy:DIRECTORY or whoosh:DIRECTORY [BROADSHEET_INDEX]."
)

_SPELLINGS = click.option("--spellings", metavar="FILE", help="File of names with several spellings [BROADSHEET_SPELLINGS].")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@_INDEX
@click.version_option(package_name="broadsheet")
@click.pass_context
def main(ctx: click.Context, index: str | None) -> None:
    """Full-text search for news archives: index saved article pages and search them on the web, here or as JSON."""
    ctx.obj = index


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Passes the command the settings from the environment, with --index from the command or the group."""

    @functools.wraps(command)
    def run(index: str | None, **arguments: Any) -> None:
        settings = Settings.from_environment()
        index = index or click.get_current_context().obj
        command(replace(settings, index=index or settings.index), **arguments)

    return _INDEX(run)


@main.command("index")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--collection", metavar="NAME", help="Name of the collection; the folder's own name if not given.")
@click.option(
    "--language",
    metavar="CODE",
    help="Language of articles that declare none, such as en; und for none. Saved with the collection.",
)
@click.option("--prune", is_flag=True, help="Remove pages whose files no longer exist.")
@click.option("--retry-skipped", is_flag=True, help="Retry skipped pages even if they have not changed.")
@click.option("--jobs", type=click.IntRange(min=0), help="Number of worker processes, 0 = one per CPU [BROADSHEET_JOBS].")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", is_flag=True, help="Print only skipped pages.")
@with_settings
def index_command(settings: Settings, paths: tuple[str, ...], jobs: int | None, as_json: bool, quiet: bool, **how: Any) -> None:
    """Index the pages at PATH…: files, folders or archives; - reads a list of paths from standard input.

    Later runs read only new and changed pages."""
    from indexer.load.pipeline import check, load

    settings = settings if jobs is None else replace(settings, jobs=jobs)
    named = [path for path in paths if path != "-"]
    check(named, how["language"])
    with open_engine(settings.index, create=True) as engine, _progress(quiet) as progress:
        report = load(named, engine, settings, listed=_listed(paths), progress=progress, **how)
    _print_report(report, as_json, quiet)
    sys.exit(0 if report.all_well else 1)


@main.command()
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the same JSON as /api/search.")
@click.option("--page", default=1, show_default=True, help="Page of results, counted from 1.")
@click.option("--page-size", default=10, show_default=True, help="Results per page.")
@click.option("--order-by", default="relevance", show_default=True, metavar="relevance|newest|oldest", help="Sort order.")
@click.option("--from-date", metavar="DATE", help="First day: 2022, 2022-03 or 2022-03-04.")
@click.option("--to-date", metavar="DATE", help="Last day, inclusive.")
@click.option("--section", multiple=True)
@click.option("--author", multiple=True)
@click.option("--publisher", multiple=True)
@click.option("--language", multiple=True)
@click.option("--tag", multiple=True)
@click.option("--year", multiple=True)
@click.option("--collection", multiple=True)
@click.option(
    "--facets",
    default="",
    metavar="NAME,…",
    help="Count results by these fields: section, author, publisher, language, tag, year.",
)
@click.option("--timeline", metavar="year|month|day", help="Count results per year, month or day.")
@click.option("--versions", type=click.Choice(["all"]), help="Include earlier versions of articles.")
@click.option("--recency", type=int, metavar="DAYS", help="Rank newer articles higher, with this half-life in days.")
@click.option("--cursor", metavar="NEXT", help="Continue after a previous page: its `next` value.")
@click.option("--explain", is_flag=True, help="Explain how each word was handled and how each score is calculated.")
@click.option("--collapse", is_flag=True, help="Group copies of a wire story into one result that lists the other outlets.")
@_SPELLINGS
@click.option("--export", "export_as", type=click.Choice(["jsonl", "csv"]), help="Print all results, sorted by date.")
@with_settings
def search(
    settings: Settings,
    query: tuple[str, ...],
    as_json: bool,
    facets: str,
    versions: str | None,
    export_as: str | None,
    spellings: str | None,
    **how: Any,
) -> None:
    """Search for QUERY, with the same syntax as the search box: words "a phrase" OR NOT headline:… date:2022-03 …"""
    from search.query.parsing.synonyms import read_spellings
    from search.serialize.export import export_lines
    from search.serialize.search import answer_json
    from search.service.export import all_hits
    from search.service.search import FILTERS, SearchParams, answer

    names = read_spellings(spellings or settings.spellings)
    question = SearchParams(
        text=" ".join(query),
        filters={name: values for name in FILTERS if (values := how.pop(name))},
        facets=tuple(name.strip() for name in facets.split(",") if name.strip()),
        versions=versions == "all",
        feedback=settings.feedback,
        **how,
    )
    with open_engine(settings.index) as engine:
        if export_as:
            for line in export_lines(all_hits(engine, question, settings.limits, names), export_as):
                sys.stdout.buffer.write(line.encode())
            return
        answered = answer(engine, question, settings.limits, names)
    if as_json:
        _print_line(answer_json(answered))
    else:
        from indexer.cli.render_results import explanation_lines, hit_lines, remarks

        for remark in remarks(answered):
            say(remark)
        for line in (*explanation_lines(answered), *hit_lines(answered)):
            click.echo(line)


@main.command()
@click.argument("typed", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the same JSON as /api/suggest.")
@with_settings
def suggest(settings: Settings, typed: tuple[str, ...], as_json: bool) -> None:
    """Complete TYPED: words and names with the number of articles that contain them, and headlines with their article's ID.

    The number is that of the completed word or name alone."""
    from indexer.cli.render_results import completion_line
    from search.serialize.completions import completions_json
    from search.service.suggestions.autocomplete import complete

    with open_engine(settings.index) as engine:
        completions = complete(engine, " ".join(typed))
    if as_json:
        _print_line(completions_json(completions, lambda article: article.url))
    else:
        for completion in completions:
            click.echo(completion_line(completion))


@main.command()
@click.argument("file", type=click.File(encoding="utf-8-sig", errors="replace"))
@click.option("--queries", is_flag=True, help="Treat each line as a query, not a name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines instead of CSV.")
@with_settings
def names(settings: Settings, file: IO[str], queries: bool, as_json: bool) -> None:
    """Count the articles that mention each name in FILE, one name per line (- for standard input).

    Prints a table with the first and last day, the top outlets and the path of the search."""
    from search.serialize.names import csv_table, json_lines
    from search.service.bulk_lookup import names_table

    with open_engine(settings.index) as engine:
        table = names_table(engine, list(file), settings.limits, queries=queries)
    for line in json_lines(table) if as_json else csv_table(table):
        sys.stdout.buffer.write(line.encode("utf-8", "replace"))
    for bad in table.bad:
        say(f"broadsheet: line {bad.line} was skipped: {bad.why}")
    sys.exit(1 if table.bad else 0)


@main.command()
@click.option("--host", help="Address to listen on [BROADSHEET_HOST].")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on, 0 = any free port [BROADSHEET_PORT].")
@_SPELLINGS
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


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--jobs", type=click.IntRange(min=0), help="Number of worker processes, 0 = one per CPU [BROADSHEET_JOBS].")
@click.option("--explain", is_flag=True, help="Explain which rule produced each field, and what was left out and why.")
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@with_settings
def extract(settings: Settings, paths: tuple[str, ...], jobs: int | None, explain: bool, as_json: bool) -> None:
    """Print the article on each page at PATH… as one line of JSON. No index is needed."""
    if explain:
        sys.exit(_explain(settings, paths, as_json))
    from indexer.extract.json_articles import extract_record
    from indexer.load.pipeline import each_page
    from indexer.load.report import unread, unread_line

    passed_over, pages = Counter[str](), Counter[bool]()
    for path, outcome in each_page(paths, settings if jobs is None else replace(settings, jobs=jobs), passed_over):
        pages[outcome.error is None] += 1
        _print_line(_json(extract_record(path, outcome.article, outcome.error, outcome.ms)))
    if not_read := unread(passed_over, any_page=bool(pages)):
        say(unread_line(not_read))
    sys.exit(1 if pages[False] or not_read else 0)


def _explain(settings: Settings, paths: tuple[str, ...], as_json: bool) -> int:
    """The exit status."""
    from indexer.extract.explain import explanation_lines
    from indexer.extract.json_articles import article_record
    from indexer.load.pipeline import explain_each

    status = 0
    for path, explanation in explain_each(paths, settings):
        status = status or (1 if explanation.error else 0)
        if as_json:
            article = explanation.article
            _print_line(_json({"source": path} | asdict(explanation) | {"article": article_record(article) if article else None}))
        else:
            for line in explanation_lines(path, explanation):
                click.echo(_visible(line))
    return status


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@with_settings
def stats(settings: Settings, as_json: bool) -> None:
    """Show what the index contains."""
    from indexer.cli.render_stats import stats_lines, stats_record

    with open_engine(settings.index) as engine:
        found = engine.stats()
    _print_line(_json(stats_record(found))) if as_json else click.echo("\n".join(stats_lines(found)))


@main.command()
@click.argument("id", metavar="ID")
@click.option("--from", "since", metavar="SOURCE", help="Show changes since the version from this source.")
@click.option("--to", metavar="SOURCE", help="Show changes up to this version; the current one if not given.")
@click.option("--json", "as_json", is_flag=True, help="Print the same JSON as /api/articles/ID/versions.")
@with_settings
def versions(settings: Settings, id: str, since: str | None, to: str | None, as_json: bool) -> None:
    """List the versions of the article ID, newest first, with the changes in each.

    With --from or --to, show the changes between two versions word by word."""
    from indexer.cli.render_versions import difference_lines, version_lines
    from search.serialize.versions import versions_json
    from search.service.version_diff import two_versions

    with open_engine(settings.index) as engine:
        found = tuple(engine.versions(id))
    if not found:
        raise UnknownVersion(f"There is no article {id!r} in the index.")
    if as_json:
        _print_line(versions_json(found, since, to))
    else:
        for line in difference_lines(*two_versions(found, since, to)) if since or to else version_lines(found):
            click.echo(line)


@main.command()
@click.argument("id", metavar="ID")
@click.option("--page-size", default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the same JSON as /api/articles/ID/similar.")
@with_settings
def similar(settings: Settings, id: str, page_size: int, as_json: bool) -> None:
    """List the articles most similar to an article, without its copies in other outlets."""
    from indexer.cli.render_results import similar_lines
    from search.serialize.similar import similar_json
    from search.service.more_like_this import similar as find_similar
    from search.service.search import SearchParams, check

    check(SearchParams(page_size=page_size), settings.limits)
    with open_engine(settings.index) as engine:
        article = engine.get(id)
        hits = find_similar(engine, article, page_size) if article else ()
    if article is None:
        say(f"broadsheet: no article with the ID {id}")
        sys.exit(1)
    _print_line(similar_json(hits)) if as_json else click.echo("\n".join(similar_lines(hits)), nl=bool(hits))


@main.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@with_settings
def remove(settings: Settings, ids: tuple[str, ...]) -> None:
    """Remove articles and all their versions. To restore them, index their files again."""
    with open_engine(settings.index) as engine:
        versions = {id: [article.source for article in engine.versions(id)] for id in ids}
        removed = engine.remove(source for sources in versions.values() for source in sources)
    unknown = [id for id, sources in versions.items() if not sources]
    for id in unknown:
        say(f"broadsheet: no article with the ID {id}")
    say(f"{removed} removed")
    sys.exit(1 if unknown else 0)


@main.command()
@click.option("--to", metavar="URL", help="Write the new index here, for any engine, and keep the current one.")
@with_settings
def reindex(settings: Settings, to: str | None) -> None:
    """Rebuild the index from its stored articles, for example after an update of Broadsheet."""
    from indexer.load.reindex import copy_index
    from indexer.load.reindex import reindex as write_anew

    written = copy_index(settings.index, to) if to else write_anew(settings.index)
    say(f"{written:,} documents rebuilt")


@main.command()
@with_settings
def export(settings: Settings) -> None:
    """Print all versions of all articles as JSON Lines, which `index` can read."""
    from indexer.extract.json_articles import stored_record
    from search.model.article import Article

    with open_engine(settings.index) as engine:
        for document in engine.documents():
            if isinstance(document, Article):
                _print_line(_json({"source": document.source} | stored_record(document)))


@main.command()
@with_settings
def verify(settings: Settings) -> None:
    """Check that every index file is present and unchanged and that every document can be read."""
    with open_engine(settings.index) as engine:
        problems = engine.verify()
    for problem in problems:
        click.echo(problem)
    say("the index is damaged: restore it from a backup or index the pages again" if problems else "the index is intact")
    sys.exit(1 if problems else 0)


def say(words: str) -> None:
    """One line to stderr; control characters, which may stand in a file's name, are shown by their number."""
    click.echo(_visible(words), err=True)


def _visible(words: str) -> str:
    return re.sub(r"[\0-\x1f\x7f-\x9f]", lambda control: f"\\x{ord(control[0]):02x}", words)


def _print_line(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def _json(record: dict[str, Any]) -> bytes:
    """UTF-8; a byte of a file's name that is none stands as \\udcNN, from which programs get the name back."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _listed(paths: tuple[str, ...]) -> list[str]:
    """Paths of standard input, a line each; they need not be UTF-8."""
    return [os.fsdecode(line.rstrip(b"\n")) for line in sys.stdin.buffer if line.strip()] if "-" in paths else []


@contextmanager
def _progress(quiet: bool) -> "Iterator[Progress]":
    """Shows the progress of `index` on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    shown = start = time.monotonic()
    with Console(stderr=True).status("listing files") as status:

        def show(report: "Report") -> None:
            nonlocal shown
            if time.monotonic() - shown > REFRESH_SECONDS:
                shown = time.monotonic()
                status.update(f"{report.seen:,} pages ({report.seen / (shown - start):,.0f} per second)")

        yield show


def _print_report(report: "Report", as_json: bool, quiet: bool) -> None:
    from indexer.load.report import report_json, report_lines, skip_lines

    if as_json:
        _print_line(_json(report_json(report)))
    else:
        for line in skip_lines(report) if quiet else report_lines(report):
            say(line)


if __name__ == "__main__":
    main(prog_name="broadsheet")
