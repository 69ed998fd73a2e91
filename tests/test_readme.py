"""The README against the code: whatever one of them names, the other has."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from indexer.cli.commands import main
from search.engines.protocol import ENGINES
from search.errors import PAGE_ERRORS
from search.query.nodes import MatchNone
from search.query.parameters import PARAMETERS
from search.query.parsing.parser import parse
from search.query.syntax_help import FORMS, NOTES, Form
from search.settings import Limits, Settings
from web.app import create_app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_commands_are_those_of_the_command_line() -> None:
    assert set(re.findall(r"^\| `broadsheet (\w+)", README, re.MULTILINE)) == set(main.commands)


def test_flags_exist() -> None:
    known = {
        opt
        for command in [main, *main.commands.values()]
        for parameter in command.params
        for opt in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    assert named <= known


def test_settings_are_all_there_with_their_defaults() -> None:
    rows = dict(re.findall(r"^\| `(BROADSHEET_\w+)` \| `(.*?)` \|", README, re.MULTILINE))
    assert rows == {f"BROADSHEET_{f.name.upper()}": written(f.default) for f in fields(Settings) if f.name != "limits"}
    assert set(re.findall(r"BROADSHEET_LIMIT_\w+", README)) == {f"BROADSHEET_LIMIT_{f.name.upper()}" for f in fields(Limits)}


def written(default: object) -> str:
    return {True: "yes", False: "no"}[default] if isinstance(default, bool) else str(default)


def test_limits_have_their_values() -> None:
    limits = Limits()
    passage = README[README.index("Only what passes a limit") :].partition("\n\n")[0].replace("\n", " ")
    assert [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", passage)] == [
        limits.characters, limits.words, limits.depth, limits.phrase_words, limits.proximity, limits.patterns, limits.typos,
        limits.changes, limits.hits,
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.typed)
def test_query_form_is_in_the_readme_and_its_example_is_understood(form: Form) -> None:
    assert f"| `{form.typed}` | `{form.example}` | {form.finds.replace('|', chr(92) + '|')} |" in README
    understood = parse(form.example)
    assert understood.ignored == ()
    assert understood.query != MatchNone()


@pytest.mark.parametrize("note", NOTES)
def test_note_on_the_query_language_is_in_the_readme(note: str) -> None:
    assert f"- {note}" in README


def test_parameters_are_those_of_the_api() -> None:
    table = README[README.index("`GET /api/search` takes") : README.index("`page_size` and")]
    assert re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE) == [parameter.name for parameter in PARAMETERS]


def test_endpoints_are_those_of_the_app() -> None:
    rules = {str(rule) for rule in create_app(Settings()).url_map.iter_rules()}
    public = {rule for rule in rules if rule.startswith(("/api", "/openapi", "/healthz"))}
    named = {path.replace("ID", "<path:id>") for path in re.findall(r"`(?:GET|POST) (/[\w./]+)`", README)}
    assert named == public


def test_skip_reasons_are_all_explained() -> None:
    for code, meaning in PAGE_ERRORS.items():
        assert f"`{code}` {meaning}" in " ".join(README.split())


def test_engines_are_all_named() -> None:
    assert set(re.findall(r"`(\w+):DIRECTORY`", README)) == set(ENGINES)


def test_make_targets_and_files_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^    |`)(?:[A-Z]+=\S+ )?make (\w+)", README, re.MULTILINE)) <= targets
    for link in re.findall(r"\]\((?!http)([\w/.-]+)\)", README):
        assert (ROOT / link).is_file(), link
