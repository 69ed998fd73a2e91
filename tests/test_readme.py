"""The README and the reference in `docs/` against the code: whatever one of them names, the other has; examples are run."""

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.cli.commands import main
from indexer.cli.server_commands import token
from indexer.sources.formats.kinds import FORMATS
from search.engines.protocol import ENGINES
from search.errors import PAGE_ERRORS
from search.query.nodes import MatchNone
from search.query.parameters import PARAMETERS, Parameter
from search.query.parsing.parser import parse
from search.query.syntax_help import FORMS, NOTES, Form
from search.settings import Limits, Settings
from web.app import create_app

ROOT = Path(__file__).parent.parent
PAGES = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *ROOT.glob("docs/*.md")]}
README = PAGES["README.md"]
API, COMMANDS, FORMATS_PAGE, EXPORTS, LANGUAGE, SETTINGS, BENCHMARKS = (
    PAGES[f"docs/{name}.md"] for name in ("api", "command-line", "formats", "exports", "query-language", "settings", "benchmarks")
)
ALL = "\n".join(PAGES.values())
MAX_README_LINES = 250


def test_the_readme_is_what_a_user_needs_and_leads_to_the_rest() -> None:
    assert len(README.splitlines()) <= MAX_README_LINES
    assert set(re.findall(r"\((docs/[\w-]+\.md)\)", README)) == set(PAGES) - {"README.md"}


def test_commands_are_those_of_the_command_line() -> None:
    assert sorted(re.findall(r"^\| `broadsheet (\w+)", COMMANDS, re.MULTILINE)) == sorted(main.commands)
    named = set(re.findall(r"(?:^    |`)broadsheet (?:--index \S+ )?([a-z]+)", ALL, re.MULTILINE))
    assert named == set(main.commands)


OTHER_COMMANDS = re.compile(r"^    (?:docker|pipx|\S*/pip|\S*python3?) .*", re.MULTILINE)


def test_flags_exist() -> None:
    known = {
        opt
        for command in [main, *main.commands.values(), *token.commands.values()]
        for parameter in command.params
        for opt in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help"}
    named = set(re.findall(r"(?<![\w|-])--[a-z][a-z-]+", re.sub(OTHER_COMMANDS, "", ALL)))
    assert named <= known


def test_settings_are_all_there_with_their_defaults() -> None:
    rows = dict(re.findall(r"^\| `(BROADSHEET_\w+)` \| `(.*?)` \|", SETTINGS, re.MULTILINE))
    assert rows == {f"BROADSHEET_{f.name.upper()}": written(f.default) for f in fields(Settings) if f.name != "limits"}
    limits = {f"BROADSHEET_LIMIT_{f.name.upper()}" for f in fields(Limits)}
    assert set(re.findall(r"BROADSHEET_LIMIT_\w+", SETTINGS)) == limits
    assert set(re.findall(r"BROADSHEET_\w+", ALL)) <= {*rows, *limits, "BROADSHEET_", "BROADSHEET_CONFIG", "BROADSHEET_COMPLETE"}


def test_settings_are_described_as_in_the_code() -> None:
    tree = ast.parse((ROOT / "search/settings.py").read_text(encoding="utf-8"))
    (kind,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    described = [ast.literal_eval(node.value) for node in kind.body if isinstance(node, ast.Expr)]
    assert re.findall(r"^\| `BROADSHEET_\w+` \| `.*?` \| (.*) \|", SETTINGS, re.MULTILINE) == described


def written(default: object) -> str:
    return {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)


def test_limits_have_their_values() -> None:
    limits = Limits()
    passage = LANGUAGE[LANGUAGE.index("A query is refused only") :].partition("[Settings]")[0]
    assert [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", passage)] == [
        limits.characters, limits.words, limits.depth, limits.phrase_words, limits.proximity, limits.patterns, limits.typos,
        limits.changes, limits.hits,
    ]  # fmt: skip


def test_query_forms_and_notes_are_those_of_the_help_page() -> None:
    rows = [f"| `{form.typed}` | `{form.example}` | {form.finds.replace('|', chr(92) + '|')} |" for form in FORMS]
    assert re.findall(r"^\| `.*$", LANGUAGE, re.MULTILINE) == rows
    assert "\n".join(f"- {note}" for note in NOTES) in LANGUAGE


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.typed)
def test_the_example_of_a_query_form_is_understood(form: Form) -> None:
    understood = parse(form.example)
    assert understood.ignored == ()
    assert understood.query != MatchNone()


def test_queries_in_the_readme_are_understood() -> None:
    table = README[README.index("| query | finds |") :].partition("\n\n")[0]
    queries = [query for row in table.splitlines()[2:] for query in re.findall(r"`([^`]+)`", row)]
    assert len(queries) >= 10
    assert [query for query in queries if parse(query).ignored or parse(query).query == MatchNone()] == []


def test_parameters_are_those_of_the_api() -> None:
    table = API[API.index("`GET /api/search` takes") :].partition("\n\n`page_size`")[0]
    assert table.splitlines()[4:] == list(map(row_of, PARAMETERS))


def row_of(parameter: Parameter) -> str:
    about = parameter.about
    if parameter.choices:
        some = "One or more" if parameter.kind == "list" else "One"
        about += f" {some} of {', '.join(f'`{choice}`' for choice in parameter.choices)}."
    if parameter.default is not None:
        about += f" Default: `{parameter.default}`."
    return f"| `{parameter.name}` | {about} |"


def test_endpoints_are_those_of_the_app() -> None:
    rules = {str(rule) for rule in create_app(Settings()).url_map.iter_rules()}
    public = {rule for rule in rules if rule.startswith(("/api", "/openapi", "/healthz", "/readyz"))}
    rows = re.findall(r"^\| `(?:GET|POST) (/[\w./]+)` \|", API, re.MULTILINE)
    assert sorted(path.replace("ID", "<path:id>") for path in rows) == sorted(public)
    assert set(re.findall(r"`(?:GET|POST) (/[\w./]+)[`?]", ALL)) == set(rows)


def test_file_formats_are_those_that_are_read() -> None:
    read = {ending for format in FORMATS for ending in format.endings}
    table, after = FORMATS_PAGE[FORMATS_PAGE.index("| kind | files |") :].partition("All but ")[::2]
    exports = EXPORTS[EXPORTS.index("| kind | files |") :].partition("\n\n")[0]
    rows = [row.split(" | ")[1] for row in f"{table}\n{exports}".splitlines() if row.startswith("| ")]
    assert {ending for row in rows for ending in re.findall(r"`(\.[a-z]+)`(?! that begins so)", row)} == read
    exceptions = after.partition("may be compressed")[0]
    whole = {ending for format in FORMATS if not format.compressions for ending in format.endings}
    assert set(re.findall(r"`(\.[a-z.]+)`", exceptions)) == whole
    short = README[README.index("| it reads | files |") :].partition("\n\n")[0]
    assert set(re.findall(r"`(\.[a-z.]+)`", short)) <= read


def test_skip_reasons_are_all_explained() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", FORMATS_PAGE, re.MULTILINE)
    assert dict(rows) == PAGE_ERRORS


def test_engines_are_all_named() -> None:
    assert set(re.findall(r"`(\w+):DIRECTORY`", SETTINGS)) == set(ENGINES)
    assert set(re.findall(r"(\w+):[\w.]+\.index", ALL)) <= set(ENGINES)


def test_figures_of_the_readme_are_those_of_the_benchmarks() -> None:
    table = README[README.index("## How exact, how fast") :].partition("\n\n[Benchmarks]")[0]
    figures = set(re.findall(r"\d+\.\d+|\d+%|\d+,\d+", table))
    assert len(figures) >= 10
    assert {figure for figure in figures if not re.search(rf"(?<![\d.]){re.escape(figure)}(?!\d)", BENCHMARKS)} == set()


def test_make_targets_links_and_files_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^    |`)(?:[A-Z]+=\S+ )?make (\w+)", ALL, re.MULTILINE)) <= targets
    for page, text in PAGES.items():
        for link, anchor in re.findall(r"\]\((?!http)([\w/.-]+)(?:#([\w-]+))?\)", text):
            target = (ROOT / page).parent / link
            assert target.is_file(), link
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
            assert not anchor or anchor in {heading.lower().replace(" ", "-") for heading in headings}, f"{link}#{anchor}"
    for script in re.findall(r"tests/benchmarks/\w+\.py", ALL):
        assert (ROOT / script).is_file(), script


# --- examples --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `make demo` indexes."""
    url = f"tantivy:{tmp_path_factory.mktemp('demo') / 'index'}"
    assert CliRunner().invoke(main, ["--index", url, "index", str(ROOT / "corpus"), "--quiet"]).exit_code == 0
    return url


def examples() -> Iterator[tuple[str, list[str]]]:
    """Each command of an indented block, with the lines that stand below it as its output."""
    for block in re.findall(r"(?:^ {4}.*\n(?:\n(?= {4}))?)+", ALL, re.MULTILINE):
        lines = [line[4:] for line in block.splitlines() if line.strip()]
        commands = [line for line in lines if line.startswith("broadsheet ")]
        for command in commands:
            if re.match(r"broadsheet (--index \S+ )?(search|suggest|similar|extract) (?!.*PAGE)", command):
                yield (
                    command,
                    [] if command != commands[-1] else [line for line in lines if not line.startswith(("broadsheet ", "curl "))],
                )


EXAMPLES = list(examples())


def test_there_are_examples_with_output() -> None:
    assert len(EXAMPLES) >= 15
    assert len([output for _, output in EXAMPLES if output]) >= 4


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_prints_what_it_is_said_to_print(
    sample_index: str, monkeypatch: pytest.MonkeyPatch, command: str, output: list[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("BROADSHEET_INDEX", sample_index)
    _, *arguments = shlex.split(re.sub(r"--index \S+ ", "", command), comments=True)

    done = CliRunner().invoke(main, arguments)

    assert done.exit_code == 0, done.stderr
    printed = {without_decimals(line) for line in done.output.splitlines()}
    assert [line for line in output if line != "…" and without_decimals(line) not in printed] == []


def without_decimals(line: str) -> str:
    """Scores vary by a hundredth with the deleted documents that a segment still counts."""
    return re.sub(r"\d+\.\d+", "…", line.strip())


@pytest.mark.parametrize("path", re.findall(r"curl 'http://127.0.0.1:8000(/[^']+)'", ALL))
def test_an_address_of_an_example_answers(sample_index: str, path: str) -> None:
    client = create_app(Settings(index=sample_index)).test_client()
    if "/ID/" in path:
        id, source = (client.get("/api/search?q=armistice").get_json()["results"][0][name] for name in ("id", "source"))
        path = path.replace("/ID/", f"/{id}/").replace("collection/first.html", source)
    assert client.get(path).status_code == 200


def test_the_posted_example_answers(sample_index: str) -> None:
    (sent,) = re.findall(r"-d '(.*)' http://127.0.0.1:8000/api/names", ALL)
    answer = create_app(Settings(index=sample_index)).test_client().post("/api/names", data=sent)
    assert [row["articles"] > 0 for row in answer.get_json()["names"]] == [True, True]
