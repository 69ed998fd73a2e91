"""The commands that read an index: search, suggest, names, versions, similar.

broadsheet search truce -> the lines of render_results.hit_lines
"""

import sys
from collections.abc import Callable
from typing import IO, Any

import click

from indexer.cli.options import SPELLINGS, Command, with_settings
from indexer.cli.output import no_article, print_line, say
from search.engines.protocol import open_engine
from search.query.parameters import BY_NAME, FILTERS, PARAMETERS, Parameter
from search.settings import Settings


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


@click.command()
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the same JSON as /api/search.")
@search_options
@SPELLINGS
@click.option("--export", "export_as", type=click.Choice(["jsonl", "csv"]), help="Print all results, sorted by date.")
@with_settings
def search(
    settings: Settings,
    query: tuple[str, ...],
    as_json: bool,
    query_fields: str,
    facets: str,
    versions: str,
    export_as: str | None,
    spellings: str | None,
    **how: Any,
) -> None:
    """Search for QUERY, with the same syntax as the search box: words "a phrase" OR NOT headline:… date:2022-03 …"""
    from search.query.parsing.synonyms import read_spellings
    from search.serialize.export import export_lines
    from search.serialize.search import answer_json
    from search.service.export import all_hits
    from search.service.search import SearchParams, answer

    names = read_spellings(spellings or settings.spellings)
    question = SearchParams(
        text=" ".join(query),
        filters={name: values for name in FILTERS if (values := how.pop(name))},
        excluded={name: values for name in FILTERS if (values := how.pop(f"not_{name}"))},
        query_fields=_listed(query_fields),
        facets=_listed(facets),
        versions=versions == "all",
        feedback=settings.feedback,
        **how,
    )
    with open_engine(settings.index) as engine:
        reader = engine.reader()
        if export_as:
            for line in export_lines(all_hits(reader, question, settings.limits, names), export_as):
                sys.stdout.buffer.write(line.encode())
            return
        answered = answer(reader, question, settings.limits, names)
    if as_json:
        print_line(answer_json(answered))
    else:
        from indexer.cli.render_results import explanation_lines, hit_lines, remarks

        for remark in remarks(answered):
            say(remark)
        for line in (*explanation_lines(answered), *hit_lines(answered)):
            click.echo(line)


@click.command()
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
        completions = complete(engine.reader(), " ".join(typed))
    if as_json:
        print_line(completions_json(completions, lambda article: article.url))
    else:
        for completion in completions:
            click.echo(completion_line(completion))


@click.command()
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
        table = names_table(engine.reader(), list(file), settings.limits, queries=queries)
    for line in json_lines(table) if as_json else csv_table(table):
        sys.stdout.buffer.write(line.encode("utf-8", "replace"))
    for bad in table.bad:
        say(f"broadsheet: line {bad.line} was skipped: {bad.why}")
    sys.exit(1 if table.bad else 0)


@click.command()
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
        found = tuple(engine.reader().versions(id))
    if not found:
        sys.exit(no_article(id))
    if as_json:
        print_line(versions_json(found, since, to))
    else:
        for line in difference_lines(*two_versions(found, since, to)) if since or to else version_lines(found):
            click.echo(line)


@click.command()
@click.argument("id", metavar="ID")
@parameter_option("page-size")
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
        reader = engine.reader()
        article = reader.get(id)
        hits = find_similar(reader, article, reader.copies(id), page_size) if article else ()
    if article is None:
        sys.exit(no_article(id))
    print_line(similar_json(hits)) if as_json else click.echo("\n".join(similar_lines(hits)), nl=bool(hits))


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())
