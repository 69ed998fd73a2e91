"""Settings from the environment and from broadsheet.toml: what wins, where it is looked for, what is refused and how."""

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from indexer.cli.commands import main
from search.errors import SettingsError
from search.settings import FILES, Limits, Settings

ROOT = Path(__file__).parents[1]
PLAIN = [each for each in fields(Settings) if each.name != "limits"]
OTHER = {
    "ui_language": "fr", "log_queries": "off", "smtp_security": "tls", "title": "The Archive", "accent": "#00529b",
    "base_url": "https://archive.example/news",
}  # fmt: skip


def other(name: str, default: object) -> Any:
    """A possible value that is not the default."""
    if isinstance(default, bool):
        return not default
    return default + 1 if isinstance(default, int) else OTHER.get(name, f"/srv/{name}")


def as_toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int) else f'"{value}"'


def write(folder: Path, text: str) -> str:
    (folder / "broadsheet.toml").write_text(text, encoding="utf-8")
    return str(folder / "broadsheet.toml")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.mark.parametrize("setting", PLAIN, ids=lambda each: each.name)
def test_each_setting_can_be_given_by_the_file_and_by_a_variable(setting: Any, tmp_path: Path) -> None:
    value = other(setting.name, setting.default)
    variable = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)

    by_file = Settings.from_environment({}, write(tmp_path, f"{setting.name} = {as_toml(value)}"))
    by_variable = Settings.from_environment({f"BROADSHEET_{setting.name.upper()}": variable})

    assert by_file == by_variable == replace(Settings(), **{setting.name: value})


@pytest.mark.parametrize("limit", fields(Limits), ids=lambda each: each.name)
def test_each_limit_can_be_given_by_the_file_and_by_a_variable(limit: Any, tmp_path: Path) -> None:
    by_file = Settings.from_environment({}, write(tmp_path, f"[limits]\n{limit.name} = 7"))
    by_variable = Settings.from_environment({f"BROADSHEET_LIMIT_{limit.name.upper()}": "7"})

    assert by_file == by_variable == Settings(limits=replace(Limits(), **{limit.name: 7}))


def test_the_environment_wins_over_the_file_and_a_flag_over_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = write(tmp_path, 'index = "in-file"\nport = 1\n[limits]\nwords = 5\nhits = 6')
    found = Settings.from_environment({"BROADSHEET_PORT": "2", "BROADSHEET_LIMIT_WORDS": "8"}, config)
    assert (found.port, found.limits.words, found.limits.hits) == (2, 8, 6)

    monkeypatch.delenv("BROADSHEET_INDEX", raising=False)
    by_file = CliRunner().invoke(main, ["stats", "--config", config]).stderr
    monkeypatch.setenv("BROADSHEET_INDEX", "in-environment")
    by_variable = CliRunner().invoke(main, ["--config", config, "stats"]).stderr
    by_flag = CliRunner().invoke(main, ["--config", config, "--index", "in-flag", "stats"]).stderr

    named = [re.findall(r"in-\w+", line)[0] for line in (by_file, by_variable, by_flag)]
    assert named == [
        "in-file",
        "in-environment",
        "in-flag",
    ]


def test_the_file_is_looked_for_in_the_working_directory_unless_another_is_named(tmp_path: Path) -> None:
    write(tmp_path / "work", "port = 1")
    named = write(tmp_path, "port = 2")
    assert Settings.from_environment({}).port == 1
    assert Settings.from_environment({"BROADSHEET_CONFIG": named}).port == 2
    assert Settings.from_environment({"BROADSHEET_CONFIG": "nowhere"}, named).port == 2


def test_paths_in_the_file_are_relative_to_its_folder(tmp_path: Path) -> None:
    names = "".join(f'{name} = "mine/{name}"\n' for name in FILES)
    found = Settings.from_environment({}, write(tmp_path, f'index = "tantivy:my.index"\n{names}'))
    assert found.index == f"tantivy:{tmp_path}/my.index"
    assert [getattr(found, name) for name in FILES] == [f"{tmp_path}/mine/{name}" for name in FILES]


def test_words_in_place_of_a_path_are_not_taken_for_one(tmp_path: Path) -> None:
    found = Settings.from_environment({}, write(tmp_path, 'access_log = "json"\ntokens = ""\nindex = "plain.index"'))
    assert (found.access_log, found.tokens, found.index) == ("json", "", f"{tmp_path}/plain.index")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("prot = 1", ["prot", "port may be meant"]),
        ("zzz = 1", ["zzz", "base_url", "welcome"]),
        ('port = "80"', ["port", "'80'", "a whole number from 0 to 65535"]),
        ("port = 70_000", ["port", "70000", "a whole number from 0 to 65535"]),
        ("processes = 0", ["processes", "0", "at least 1"]),
        ("saved_pages = 1", ["saved_pages", "1", "true or false"]),
        ("title = 3", ["title", "3", "a text"]),
        ('ui_language = "xx"', ["ui_language", "'xx'", "auto, en, de, es, fr"]),
        ('accent = "red"', ["accent", "'red'", "#8c1d18"]),
        ('base_url = "archive.example"', ["base_url", "https://"]),
        ('base_url = "https://["', ["base_url", "https://"]),
        ('base_url = "https://archiv-köln.example/"', ["base_url", "xn--"]),
        ('base_url = "https://user:secret@archive.example/"', ["base_url", "https://"]),
        ('base_url = "https://archive.example:99999/"', ["base_url", "https://"]),
        ('logo = "a\\u0000.svg"', ["logo", "a text"]),
        ("[limits]\nwrods = 1", ["limits.wrods", "words may be meant"]),
        ("[limits]\nwords = true", ["limits.words", "a whole number"]),
        ("limits = 3", ["limits", "[limits]"]),
        ("port = ", ["not a TOML file", "Invalid value"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_in_the_file_names_file_key_value_and_what_is_possible(tmp_path: Path, text: str, says: list[str]) -> None:
    config = write(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({}, config)
    assert [part for part in [config, *says] if part not in str(refused.value)] == []


@pytest.mark.parametrize(
    ("variable", "value", "possible"),
    [
        ("BROADSHEET_PORT", "http", "a whole number from 0 to 65535"),
        ("BROADSHEET_THREADS", "0", "at least 1"),
        ("BROADSHEET_SAVED_PAGES", "true", "yes or no"),
        ("BROADSHEET_LIMIT_WORDS", "-1", "a whole number"),
        ("BROADSHEET_LOG_QUERIES", "all", "hash, plain, off"),
        ("BROADSHEET_TITLE", " ", "not empty"),
    ],
)
def test_a_mistake_in_a_variable_names_it_its_value_and_what_is_possible(variable: str, value: str, possible: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment({variable: value})
    assert [part for part in (variable, repr(value), possible) if part not in str(refused.value)] == []


def test_a_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--config", str(tmp_path / "gone.toml"), "stats"])
    assert done.exit_code == 2
    assert "gone.toml cannot be read: No such file or directory" in done.stderr


def test_a_base_url_that_is_none_is_refused_as_a_flag_too() -> None:
    done = CliRunner().invoke(main, ["serve", "--base-url", "archive.example"])
    assert done.exit_code == 2
    assert "https://archive.example/" in done.stderr


def test_the_file_in_the_documentation_is_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.DOTALL)
    found = Settings.from_environment({}, write(tmp_path, example))
    assert len(tomllib.loads(example)) >= 8
    assert found.limits != Limits()
