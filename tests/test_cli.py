"""The `broadsheet` command as a person or a script runs it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from press import ARTICLES, MENDED, WIRE
from saved import page_html, save_lines, save_page, save_zip, touch

from indexer.cli.commands import main
from search.engines.disk.durable_files import read_signed
from search.engines.protocol import open_engine
from search.model.article import Article
from search.query.parameters import PARAMETERS, Parameter
from search.service.search import SearchParams
from search.settings import Settings
from web.app import create_app
from web.params import read_question

PROJECT = Path(__file__).parents[1]

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of its own, and a folder `news` with two articles in the working directory."""
    for name in [name for name in os.environ if name.startswith("BROADSHEET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BROADSHEET_INDEX", f"tantivy:{tmp_path / 'index'}")
    monkeypatch.setenv("BROADSHEET_JOBS", "2")
    monkeypatch.setenv("PYTHONPATH", str(PROJECT), prepend=os.pathsep)
    monkeypatch.chdir(tmp_path)
    save_page(tmp_path / "news/signed.html", "Truce signed", "https://news.example/signed")
    save_page(tmp_path / "news/2022/broken.html", "Truce broken", "https://news.example/broken")


@pytest.fixture
def broadsheet() -> Run:
    """Runs the command and checks its exit status."""

    def run(*arguments: str | Path, status: int = 0, input: str | None = None) -> Result:
        done = CliRunner().invoke(main, [*map(str, arguments)], input=input)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code == status, done.stderr
        return done

    return run


def start(*arguments: str | Path, **how: Any) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "indexer.cli.commands", *map(str, arguments)], stderr=subprocess.PIPE, text=True, **how
    )


def json_lines(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- index -----------------------------------------------------------------------------------------------------------


def test_index_says_what_it_did_to_stderr_and_nothing_to_stdout(broadsheet: Run) -> None:
    done = broadsheet("index", "news")
    assert done.stdout == ""
    assert "2 new" in done.stderr
    assert "2 unchanged" in broadsheet("index", "news").stderr


def test_index_reports_what_it_skipped_and_exits_with_1(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "news/empty.html").write_bytes(b"")
    done = broadsheet("index", "news", "--json", status=1)
    report = json.loads(done.stdout)
    assert report["indexed"] == 2
    assert report["skipped"] == [{"path": "news/empty.html", "code": "empty", "message": "the file has no content"}]
    assert broadsheet("index", "news", "--quiet").stderr == ""
    assert "empty.html: empty" in broadsheet("index", "news", "--quiet", "--retry-skipped", status=1).stderr


def test_a_file_name_cannot_send_control_characters_to_the_terminal(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "news/a\n\x1b[2J.html").write_bytes(b"")
    assert "skipped news/a\\x0a\\x1b[2J.html: empty" in broadsheet("index", "news", status=1).stderr.splitlines()[0]


def test_a_file_name_that_is_not_utf_8_can_be_got_back_from_the_output(broadsheet: Run, tmp_path: Path) -> None:
    name = os.fsdecode(b"news/caf\xe9.html")
    shutil.copy(tmp_path / "news/signed.html", tmp_path / name)
    assert json_lines(broadsheet("extract", name))[0]["source"] == name


def test_index_takes_a_list_of_paths_from_standard_input(broadsheet: Run) -> None:
    done = broadsheet("index", "-", "--collection", "listed", input="news/signed.html\nnews/2022/broken.html\n")
    assert "2 new" in done.stderr
    sources = {line["source"] for line in json_lines(broadsheet("export"))}
    assert sources == {"listed/signed.html", "listed/2022/broken.html"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["index"], "PATH"),
        (["index", "nowhere"], "nowhere: there is no such file"),
        (["index", "news", "--collection", "a/b"], "collection"),
        (["--index", "sqlite:x", "index", "news"], "tantivy:DIRECTORY"),
        (["search", "truce", "--from-date", "yesterday"], "--from-date 'yesterday'"),
        (["search", "truce", "--page-size", "1000"], "100"),
        (["extract", "nowhere"], "nowhere"),
        (["serve", "--port", "99999"], "port"),
        (["no-such-command"], "no-such-command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_in_words_with_status_2(broadsheet: Run, arguments: list[str], words: str) -> None:
    broadsheet("index", "news")
    assert words in broadsheet(*arguments, status=2).stderr


@pytest.mark.parametrize(
    "arguments", [["search", "truce"], ["stats"], ["verify"], ["export"], ["reindex"], ["remove", "x"], ["serve"]]
)
def test_a_missing_index_is_one_line_that_says_what_to_do(broadsheet: Run, arguments: list[str]) -> None:
    done = broadsheet(*arguments, status=1)
    assert done.stderr.startswith("broadsheet: There is no index at")
    assert done.stderr.count("\n") == 1


def test_a_setting_that_is_no_number_is_named(broadsheet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_JOBS", "many")
    assert "BROADSHEET_JOBS" in broadsheet("index", "news", status=2).stderr


def test_pruning_a_moved_folder_removes_only_what_vanished(broadsheet: Run, tmp_path: Path) -> None:
    broadsheet("index", "news")
    (tmp_path / "elsewhere").mkdir()
    shutil.move(tmp_path / "news", tmp_path / "elsewhere/news")
    (tmp_path / "elsewhere/news/signed.html").unlink()
    assert "0 new, 1 unchanged, 1 removed" in broadsheet("index", "elsewhere/news", "--prune").stderr


def test_ctrl_c_keeps_what_was_done_and_the_next_run_goes_on(broadsheet: Run, tmp_path: Path) -> None:
    for number in range(300):
        save_page(tmp_path / f"many/{number}.html", f"Truce {number}", f"https://news.example/{number}")
    process = start("index", "many", env=os.environ | {"BROADSHEET_BATCH": "20"})
    try:
        wait_for(lambda: CliRunner().invoke(main, ["search", "truce"]).stdout != "")
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in said
    kept = articles(broadsheet)
    assert 0 < kept < 300
    assert f"{300 - kept} new, {kept} unchanged" in broadsheet("index", "many").stderr
    assert articles(broadsheet) == 300


def articles(broadsheet: Run) -> int:
    return int(json.loads(broadsheet("stats", "--json").stdout)["articles"])


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_rerun_over_unchanged_files_loads_nothing_heavy(
    broadsheet: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        save_page(tmp_path / f"many/{number}.html", "").write_bytes(b"")
    broadsheet("index", "many", status=1)
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    told = start("index", "many").communicate(timeout=60)[1]
    loaded = re.findall(r"^import time:[\s\d|]+\| +(\w+)$", told, re.MULTILINE)
    assert "300 unchanged" in told
    assert loaded.count("msgspec") == 1, "by one process"
    assert not set(loaded) & {"py3langid", "flask", "watchfiles", "rich"}


# --- search ----------------------------------------------------------------------------------------------------------


def test_search_prints_numbered_hits_with_their_fragments(broadsheet: Run) -> None:
    broadsheet("index", "news")
    done = broadsheet("search", "prisoners", "headline:broken")
    assert done.stdout.startswith("1. Truce broken\n   2022-03-04 · ")
    assert "exchange of prisoners" in done.stdout
    assert "1 article for" in done.stderr


def test_search_prints_the_answer_of_the_api(broadsheet: Run) -> None:
    broadsheet("index", "news")
    options = ["--json", "--author", "Ann Reed", "--facets", "author,year", "--timeline", "year", "--order-by", "newest"]
    answer = json.loads(broadsheet("search", "truce", *options, "--page-size", "1", "--page", "2").stdout)
    assert (answer["total"], answer["currentPage"], len(answer["results"])) == (2, 2, 1)
    assert answer["facets"]["author"]["values"] == [{"value": "Ann Reed", "count": 2}]
    assert answer["timeline"] == [{"start": "2022", "count": 2, "archive": 2}]
    assert json.loads(broadsheet("search", "--json", "truce", "--author", "Nobody").stdout)["total"] == 0


VALUES = {
    "page": "2", "page-size": "1", "order-by": "oldest", "from-date": "2023", "to-date": "2022-03-01", "section": "World",
    "author": "Nobody", "publisher": "Nobody", "language": "fr", "tag": "truce", "year": "2021", "collection": "other",
    "not-section": "World", "not-author": "Nobody", "not-publisher": "Nobody", "not-language": "fr", "not-tag": "truce",
    "not-year": "2021", "not-collection": "news",
    "query-fields": "caption,body", "facets": "author,year", "timeline": "month", "recency": "3000", "versions": "all",
    "collapse": "true", "explain": "true", "cursor": "", "added-from": "2099", "added-to": "1999",
}  # fmt: skip
"""A value of each parameter; of the cursor, that of the first page."""


@pytest.mark.parametrize("parameter", [each for each in PARAMETERS if each.name != "q"], ids=lambda each: each.name)
def test_search_takes_each_parameter_of_the_api(broadsheet: Run, tmp_path: Path, parameter: Parameter) -> None:
    touch(save_page(tmp_path / "news/near.html", "Truce near", "https://news.example/signed"), 1_500_000_000)
    told: dict[str, object] = {
        "headline": "Truce told",
        "paragraphs": [{"kind": "text", "text": "A truce."}],
        "published": "2021-03-01",
    }
    told |= {"section": "World", "authors": ["Nobody"], "publisher": "Nobody", "language": "fr", "tags": ["truce"]}
    save_lines(tmp_path / "news/told.jsonl", [told])
    broadsheet("index", "news")
    client = create_app(Settings.from_environment()).test_client()
    given = {"q": "truce", "page-size": "1"}
    given[parameter.name] = VALUES[parameter.name] or client.get("/api/search", query_string=given).get_json()["next"]
    flags = [f"--{name}" if value == "true" else f"--{name}={value}" for name, value in given.items() if name != "q"]

    answer = json.loads(broadsheet("search", "truce", "--json", *flags).stdout)

    assert {**answer, "tookMs": 0} == {**client.get("/api/search", query_string=given).get_json(), "tookMs": 0}
    others = [flag for flag in flags if not flag.startswith(f"--{parameter.name}")]
    plain = json.loads(broadsheet("search", "truce", "--json", *others).stdout)
    assert {**answer, "tookMs": 0} != {**plain, "tookMs": 0}


@pytest.mark.parametrize("parameter", [each for each in PARAMETERS if each.default is not None], ids=lambda each: each.name)
def test_the_default_that_is_told_of_a_parameter_is_in_effect(parameter: Parameter) -> None:
    assert read_question([(parameter.name, str(parameter.default))], strict=True) == SearchParams()


def test_a_query_that_is_not_utf_8_is_answered_with_the_remarks_on_it(broadsheet: Run) -> None:
    broadsheet("index", "news")
    query = json.loads(broadsheet("search", "--json", "caf\udce9 has:pictures").stdout)["query"]
    assert query["text"] == "caf\ufffd has:pictures"
    assert query["ignored"][0].startswith("has:pictures (use one of caption, ")


def test_search_finds_earlier_versions_when_asked(broadsheet: Run, tmp_path: Path) -> None:
    touch(save_page(tmp_path / "news/near.html", "Truce near", "https://news.example/signed"), 1_500_000_000)
    broadsheet("index", "news")
    assert broadsheet("search", "headline:near").stdout == ""
    assert "Truce near" in broadsheet("search", "headline:near", "--versions", "all").stdout


def test_search_goes_on_with_a_cursor_and_exports_all(broadsheet: Run) -> None:
    broadsheet("index", "news")
    options = ["truce", "--json", "--order-by", "newest", "--page-size", "1"]
    first = json.loads(broadsheet("search", *options).stdout)
    second = json.loads(broadsheet("search", *options, "--cursor", first["next"]).stdout)
    ids = [answer["results"][0]["id"] for answer in (first, second)]
    lines = broadsheet("search", "truce", "--export", "jsonl").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids
    assert broadsheet("search", "truce", "--export", "csv").stdout.startswith("\ufeffid,url,headline,")


def test_a_page_cannot_send_control_characters_to_the_terminal(broadsheet: Run, tmp_path: Path) -> None:
    save_lines(tmp_path / "evil.jsonl", [{"title": "Truce \x1b]0;owned\x07 signed", "body": "Truce \x1b[2J \x9b31m holds."}])
    broadsheet("index", "evil.jsonl")
    assert set(broadsheet("search", "truce").stdout) & {"\x1b", "\x07", "\x9b"} == set()


# --- extract and export ----------------------------------------------------------------------------------------------


def test_extract_prints_a_line_a_page_in_order(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "news/a-binary.html").write_bytes(b"\x89PNG")
    save_zip(tmp_path / "more.zip", {"a.html": page_html("Truce near").encode(), "../b.html": b"x"})
    lines = json_lines(broadsheet("extract", "news", "more.zip", status=1))
    assert [line["source"] for line in lines] == [
        "news/2022/broken.html", "news/a-binary.html", "news/signed.html", "more.zip!/a.html", "more.zip!/../b.html",
    ]  # fmt: skip
    codes = [line["error"] and line["error"]["code"] for line in lines]
    assert codes == [None, "not-a-page", None, None, "unsafe-name"]
    article = lines[0]["article"]
    assert (article["headline"], article["published"], article["authors"]) == ("Truce broken", "2022-03-04", ["Ann Reed"])
    assert all(isinstance(line["ms"], float) for line in lines)


def test_index_takes_back_what_extract_prints(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "extracted.jsonl").write_text(broadsheet("extract", "news").stdout)
    assert "2 new" in broadsheet("index", "extracted.jsonl").stderr


def test_an_export_gives_the_same_articles_and_versions_elsewhere(broadsheet: Run, tmp_path: Path) -> None:
    touch(save_page(tmp_path / "news/near.html", "Truce near", "https://news.example/signed"), 1_500_000_000)
    broadsheet("index", "news")
    exported = broadsheet("export").stdout
    (tmp_path / "copy/exported.jsonl").parent.mkdir()
    (tmp_path / "copy/exported.jsonl").write_text(exported)
    other = f"whoosh:{tmp_path / 'other'}"
    broadsheet("index", "copy", "--index", other)
    again = broadsheet("--index", other, "export").stdout
    assert without_own(again) == without_own(exported)
    ask = ["search", "truce", "--json", "--order-by", "newest"]
    here, there = (json.loads(broadsheet(*ask, "--index", url).stdout) for url in (f"tantivy:{tmp_path / 'index'}", other))
    assert {hit["id"] for hit in here["results"]} == {hit["id"] for hit in there["results"]}


def without_own(lines: str) -> list[str]:
    """Without what an archive gives an article itself."""
    own = ("source", "added", "changed", "edited")
    records = map(json.loads, lines.splitlines())
    return sorted(json.dumps({name: value for name, value in record.items() if name not in own}) for record in records)


def test_a_reader_that_stops_early_is_no_error(broadsheet: Run, tmp_path: Path) -> None:
    save_lines(tmp_path / "many.jsonl", [{"title": f"Truce {number}", "body": "x" * 5_000} for number in range(100)])
    broadsheet("index", "many.jsonl")
    process = start("export", stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait(30)


# --- the index itself ------------------------------------------------------------------------------------------------


def test_stats_counts_what_the_index_holds(broadsheet: Run, tmp_path: Path) -> None:
    broadsheet("index", "news")
    stats = json.loads(broadsheet("stats", "--json").stdout)
    assert (stats["articles"], stats["first_day"], stats["undated"]) == (2, "2022-03-04", 0)
    (collection,) = stats["collections"]
    assert (collection["name"], collection["root"]) == ("news", str(tmp_path / "news"))
    assert timedelta() <= datetime.now(UTC) - datetime.fromisoformat(collection["added"]) < timedelta(minutes=5)
    printed = broadsheet("stats").stdout
    assert "articles     2" in printed
    assert f"collection   news: {tmp_path / 'news'}, last updated {collection['added']}" in printed


def test_stats_says_nothing_of_when_a_collection_was_added_to_that_has_no_article(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    broadsheet("index", "empty", status=1)
    assert f"collection   empty: {tmp_path / 'empty'}\n" in broadsheet("stats").stdout


def test_remove_takes_an_article_with_its_versions(broadsheet: Run, tmp_path: Path) -> None:
    touch(save_page(tmp_path / "news/near.html", "Truce near", "https://news.example/signed"), 1_500_000_000)
    broadsheet("index", "news")
    [hit] = json.loads(broadsheet("search", "--json", "headline:signed").stdout)["results"]
    assert "2 removed" in broadsheet("remove", "--yes", hit["id"]).stderr
    assert articles(broadsheet) == 1
    assert hit["id"] in broadsheet("remove", "--yes", hit["id"], status=1).stderr


def test_remove_asks_first_and_removes_nothing_where_it_cannot(broadsheet: Run) -> None:
    broadsheet("index", "news")
    [hit] = json.loads(broadsheet("search", "--json", "headline:signed").stdout)["results"]
    assert "give --yes" in broadsheet("remove", hit["id"], status=2).stderr
    assert articles(broadsheet) == 2


@pytest.mark.parametrize(("answer", "left"), [("n", 2), ("y", 1)])
def test_remove_does_as_it_is_answered(broadsheet: Run, answer: str, left: int) -> None:
    broadsheet("index", "news")
    [hit] = json.loads(broadsheet("search", "--json", "headline:signed").stdout)["results"]
    ours, terminal = os.openpty()
    os.write(ours, f"{answer}\n".encode())
    command = [sys.executable, "-m", "indexer.cli.commands", "remove", hit["id"]]
    done = subprocess.run(command, stdin=terminal, capture_output=True, text=True, check=False, timeout=60)
    os.close(terminal)
    os.close(ours)
    assert "Remove 1 article (1 stored version)?" in done.stderr + done.stdout
    assert articles(broadsheet) == left


def as_schema_6_was(index: Path) -> None:
    """No small file had a checksum, nor was there a record of the last commit."""
    (index / "broadsheet.json").write_text(json.dumps(read_signed(index / "broadsheet.json") | {"schema": 6}))
    (index / "commit.json").unlink(missing_ok=True)
    if (index / "checksums.json").exists():
        (index / "checksums.json").write_text(json.dumps(read_signed(index / "checksums.json")["files"]))


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_reindex_mends_an_index_of_another_version(broadsheet: Run, tmp_path: Path, engine: str) -> None:
    url = f"{engine}:{tmp_path / 'old'}"
    broadsheet("index", "news", "--index", url)
    as_schema_6_was(tmp_path / "old")
    assert "broadsheet reindex" in broadsheet("search", "truce", "--index", url, status=1).stderr
    assert "3 documents rebuilt: articles, their versions" in broadsheet("reindex", "--index", url).stderr
    assert json.loads(broadsheet("search", "truce", "--json", "--index", url).stdout)["total"] == 2
    assert "2 unchanged" in broadsheet("index", "news", "--index", url).stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("old")] == ["old"]


NAMES = "Maria Lopez 3, Jean Dupont 2, Ivan Petrov 1, Hans Schmidt 0, Aiko Nakamura 0"  # tell no language


def languages(broadsheet: Run) -> dict[str, str | None]:
    lines = map(json.loads, broadsheet("export").stdout.splitlines())
    return {line["source"]: line["language"] for line in lines}


def save_languages(folder: Path) -> None:
    """Articles of each kind that tell no language, one that declares one and one whose words tell."""
    folder.mkdir()
    body = f"<h1>Cup</h1><article><p>{NAMES}</p><p>{NAMES}</p></article>"
    (folder / "page.html").write_text(f"<html><body>{body}</body></html>")
    (folder / "declared.html").write_text(f"<html lang=fr><body>{body}</body></html>")
    (folder / "text.txt").write_text(f"Cup\n\n{f'{NAMES}. ' * 3}\n\n{f'{NAMES}. ' * 2}\n")
    told = "Die Bauern haben am Dienstag die Brücke gesperrt und höhere Preise für die Milch verlangt."
    save_lines(folder / "lines.jsonl", [{"title": "Cup", "text": NAMES}, {"title": "Milch", "text": told}])


DEFAULTED = ("page.html", "text.txt", "lines.jsonl!/1")
TOLD = {"declared.html": "fr", "lines.jsonl!/2": "de"}


def test_a_default_language_is_for_articles_that_tell_none_and_is_kept(broadsheet: Run, tmp_path: Path) -> None:
    save_languages(tmp_path / "cup")
    broadsheet("index", "cup", "--language", "en-GB")
    assert languages(broadsheet) == {
        f"cup/{name}": language for name, language in (dict.fromkeys(DEFAULTED, "en") | TOLD).items()
    }
    assert "default language en" in broadsheet("stats").stdout
    save_lines(tmp_path / "cup/later.jsonl", [{"title": "Cup", "text": NAMES}])
    save_page(tmp_path / "news/other.html", "Cup", "https://news.example/cup")
    broadsheet("index", "cup", "news")
    assert languages(broadsheet)["cup/later.jsonl!/1"] == "en"
    stats = json.loads(broadsheet("stats", "--json").stdout)
    assert {each["name"]: each["language"] for each in stats["collections"]} == {"cup": "en", "news": None}


def test_a_default_language_given_later_is_for_what_is_read_then_and_reindexed(broadsheet: Run, tmp_path: Path) -> None:
    save_languages(tmp_path / "cup")
    broadsheet("index", "cup")
    assert {languages(broadsheet)[f"cup/{name}"] for name in DEFAULTED} == {None}
    broadsheet("index", "cup", "--language", "sv")
    assert {languages(broadsheet)[f"cup/{name}"] for name in DEFAULTED} == {None}
    broadsheet("reindex")
    assert languages(broadsheet) == {
        f"cup/{name}": language for name, language in (dict.fromkeys(DEFAULTED, "sv") | TOLD).items()
    }
    broadsheet("index", "cup", "--language", "und")
    broadsheet("reindex")
    assert languages(broadsheet)["cup/page.html"] == "sv"
    assert "tells no language" not in broadsheet("stats").stdout
    touch(tmp_path / "cup/page.html", 1_000_000)
    broadsheet("index", "cup")
    assert languages(broadsheet)["cup/page.html"] is None


def test_a_default_language_reaches_the_collections_that_its_path_lies_in_or_leads_to(broadsheet: Run, tmp_path: Path) -> None:
    for name in ("", "/a", "/b"):
        save_languages(tmp_path / f"cups{name}")
    broadsheet("index", "cups/a", "news")
    broadsheet("index", "cups", "--language", "en")
    collections = json.loads(broadsheet("stats", "--json").stdout)["collections"]
    assert {each["name"]: each["language"] for each in collections} == {"a": "en", "cups": "en", "news": None}
    broadsheet("index", "cups/b", "--language", "de")
    collections = json.loads(broadsheet("stats", "--json").stdout)["collections"]
    assert {each["name"]: each["language"] for each in collections} == {"a": "en", "cups": "de", "news": None}


def test_a_default_language_that_is_none_is_wrong_use(broadsheet: Run) -> None:
    assert (
        "--language 'english': give a two-letter ISO 639-1 code"
        in broadsheet("index", "news", "--language", "english", status=2).stderr
    )


def test_reindex_writes_an_index_of_another_engine(broadsheet: Run, tmp_path: Path) -> None:
    broadsheet("index", "news")
    other = f"whoosh:{tmp_path / 'other'}"
    broadsheet("reindex", "--to", other)
    assert json.loads(broadsheet("search", "truce", "--json", "--index", other).stdout)["total"] == 2
    assert "already contains documents" in broadsheet("reindex", "--to", other, status=1).stderr


def test_reindex_follows_a_link_to_the_index(broadsheet: Run, tmp_path: Path) -> None:
    broadsheet("index", "news")
    (tmp_path / "link").symlink_to(tmp_path / "index")
    assert "3 documents" in broadsheet("reindex", "--index", f"tantivy:{tmp_path / 'link'}").stderr
    assert (tmp_path / "link").is_symlink()
    assert articles(broadsheet) == 2


@pytest.mark.parametrize("command", [["index", "news", "--retry-skipped"], ["reindex"]])
def test_while_another_process_writes_nothing_is_read(broadsheet: Run, tmp_path: Path, command: list[str]) -> None:
    broadsheet("index", "news")
    save_page(tmp_path / "news/late.html", "Truce late")
    with open_engine(os.environ["BROADSHEET_INDEX"]) as writer:
        writer.add([Article("other/a", "a", headline="Held")])
        start = time.monotonic()
        assert "Another process is writing" in broadsheet(*command, status=1).stderr
        assert time.monotonic() - start < 2
    assert not (tmp_path / ".index.reindex").exists()


def test_an_output_that_takes_nothing_is_one_line(broadsheet: Run) -> None:
    broadsheet("index", "news")
    with open("/dev/full", "w") as full:
        process = start("export", stdout=full)
        said = process.communicate(timeout=30)[1]
    assert (process.returncode, said) == (1, "broadsheet: cannot write the output: No space left on device\n")


def test_verify_tells_a_whole_index_from_a_damaged_one(broadsheet: Run, tmp_path: Path) -> None:
    broadsheet("index", "news")
    assert broadsheet("verify").stdout == ""
    largest = max((tmp_path / "index").iterdir(), key=lambda path: path.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 0xFF
    largest.write_bytes(data)
    assert broadsheet("verify", status=1).stdout + broadsheet("verify", status=1).stderr


def test_a_backup_is_restored_and_indexing_goes_on(broadsheet: Run, tmp_path: Path) -> None:
    broadsheet("index", "news")
    first = broadsheet("backup", "backup")
    assert first.stdout == ""
    assert re.search(r"^10 files, .* MB: 6 copied \(.* MB\); all checked; backup of \d{4}-", first.stderr)
    save_page(tmp_path / "news/late.html", "Late harvest", "https://news.example/late")
    broadsheet("index", "news")
    (report,) = json_lines(broadsheet("backup", "backup", "--json"))
    assert report["index"] == f"tantivy:{tmp_path / 'index'}"
    assert (report["backup"], report["copied"], report["removed"]) == ("backup", 7, 0)  # of which one is deletes
    assert 0 < report["bytes_copied"] < report["bytes"]
    assert ": 0 copied (0.0 MB), 13 kept, 0 removed;" in broadsheet("backup", "backup").stderr

    refused = broadsheet("restore", "backup", status=2)
    assert "add --replace" in refused.stderr
    broadsheet("remove", "--yes", *(hit["id"] for hit in json_lines(broadsheet("search", "--json", "truce"))[0]["results"]))
    (restored,) = json_lines(broadsheet("restore", "backup", "--replace", "--json"))
    assert restored["made"] >= report["made"]
    assert "3 unchanged" in broadsheet("index", "news").stderr
    assert "is intact" in broadsheet("--index", f"tantivy:{tmp_path / 'backup'}", "verify").stderr


def test_restoring_says_what_it_carries_over_of_withdrawals(broadsheet: Run, tmp_path: Path) -> None:
    broadsheet("index", "news")
    broadsheet("backup", "backup")
    id = json_lines(broadsheet("search", "--json", "truce"))[0]["results"][0]["id"]
    broadsheet("withdraw", id, "--reason", "court order")
    assert "carried over from the replaced index: 1 withdrawal\n" in broadsheet("restore", "backup", "--replace").stderr
    assert f"withdrawn: {id}" in broadsheet("withdraw", "--list").stdout
    (tmp_path / "index/meta.json").unlink()
    restored = broadsheet("restore", "backup", "--replace", status=1)
    assert "withdraw again what was withdrawn since" in restored.stderr
    assert "no article is withdrawn" in broadsheet("withdraw", "--list").stderr


def test_files_that_cannot_be_shared_are_told(broadsheet: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    broadsheet("index", "news")
    assert "6 linked" in broadsheet("backup", "linked", "--link").stderr
    monkeypatch.setattr("search.engines.disk.backup._linked", lambda *_: False)
    assert "6 files could not be shared" in broadsheet("backup", "copied", "--link").stderr


def test_serve_answers_until_it_is_asked_to_stop(broadsheet: Run) -> None:
    broadsheet("index", "news")
    process = start("serve", "--port", "0", "--processes", "1")
    try:
        assert process.stderr
        address = process.stderr.readline().split()[-1]
        with urllib.request.urlopen(f"{address}api/search?q=truce", timeout=30) as answer:
            found = json.load(answer)
        with urllib.request.urlopen(f"{address}saved-file/{found['results'][0]['id']}", timeout=30) as answer:
            saved = answer.read().decode()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=40)
    assert process.returncode == 130
    assert found["total"] == 2
    assert f"<h1>{found['results'][0]['headline']}</h1>" in saved


def test_a_misspelled_query_is_told_what_may_have_been_meant(broadsheet: Run) -> None:
    broadsheet("index", "news")
    assert "did you mean: delegates (2 articles)" in broadsheet("search", "deligates").stderr


def test_suggest_completes_what_is_typed(broadsheet: Run) -> None:
    broadsheet("index", "news")
    assert broadsheet("suggest", "truce", "br").stdout.splitlines()[0] == "word\ttruce broken\t1"
    assert "name\tAnn Reed\t2" in broadsheet("suggest", "ree").stdout.splitlines()
    completed = json.loads(broadsheet("suggest", "--json", "truce sig").stdout)
    assert {
        "text": "Truce signed",
        "kind": "headline",
        "completed": None,
        "count": None,
        "url": "https://news.example/signed",
    } in completed


def test_similar_articles_and_wire_copies(broadsheet: Run, tmp_path: Path) -> None:
    with open_engine(f"tantivy:{tmp_path / 'index'}", create=True) as engine:
        engine.add([*ARTICLES, *WIRE, MENDED])
    assert broadsheet("similar", "flood-globe").stdout.startswith(f"1. {MENDED.headline}\n   mended\n")
    answer = json.loads(broadsheet("similar", "flood-globe", "--json", "--page-size", "1").stdout)
    assert [hit["id"] for hit in answer["results"]] == ["mended"]
    assert "no article with the ID none" in broadsheet("similar", "none", status=1).stderr
    broadsheet("similar", "mended", "--page-size", "0", status=2)
    found = broadsheet("search", "pumps", "--collapse", "--order-by", "newest")
    assert "1 article for pumps\nand 2 more with the same text from other outlets" in found.stderr
    assert "also in 2 outlets:\n      The Mirror · 1965-05-02 · flood-mirror" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["new/s"], "new/s: there is no such file or folder"),
        (["https://news.example/signed"], "is an address"),
        (["photo.jpg"], "photo.jpg is not a kind of file that can be indexed"),
        (["news", "--language", "english"], "english"),
    ],
)
def test_what_is_refused_at_once_leaves_no_index_behind(
    broadsheet: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    assert message in broadsheet("index", *arguments, status=2).stderr
    assert not (tmp_path / "index").exists()
    if "--language" not in arguments:
        assert message in broadsheet("extract", *arguments, status=2).stderr


def test_a_file_of_lines_that_are_no_articles_is_told_in_few_lines(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"level": "info"}\n' * 841)
    lines = broadsheet("index", "log.jsonl", status=1).stderr.splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("skipped log.jsonl!/1: bad-record: ")
    assert lines[3] == "skipped 838 more of log.jsonl: bad-record (--json names them all)"
    report = json.loads(broadsheet("index", "log.jsonl", "--retry-skipped", "--json", status=1).stdout)
    assert len(report["skipped"]) == 841


def test_the_report_says_how_many_articles_the_sources_are(broadsheet: Run, tmp_path: Path) -> None:
    save_page(tmp_path / "news/again.html", "Truce signed, at last", "https://news.example/signed")
    lines = broadsheet("index", "news").stderr.splitlines()
    assert lines[-2].startswith("3 new;")
    assert lines[-1] == "the index has 2 articles and 1 earlier version of them"
    report = json.loads(broadsheet("index", "news", "--json").stdout)
    assert (report["articles"], report["versions"]) == (2, 1)


def test_extract_says_what_it_did_not_read(broadsheet: Run, tmp_path: Path) -> None:
    (tmp_path / "news/book.epub").write_bytes(b"PK")
    (tmp_path / "news/style.css").write_bytes(b"p {}")
    done = broadsheet("extract", "news", status=1)
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == "not read, since no format is known for them: 1 .epub\n"
    (tmp_path / "news/book.epub").unlink()
    assert broadsheet("extract", "news").stderr == ""


def test_what_was_guessed_and_what_is_missing_is_said(broadsheet: Run, tmp_path: Path) -> None:
    text = "Паромная компания сообщила во вторник, что до конца сезона добавит два судна на северной линии. " * 4
    page = f"<html><title>Паром</title><h1>Паром</h1><p>{text}</p>".encode("cp1251")
    (tmp_path / "old.html").write_bytes(page)
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page_html("Truce cut").encode()
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Truncated: time\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: {}\r\n\r\n"
    (tmp_path / "cut.warc").write_bytes(head.format(len(http)).encode() + http + b"\r\n\r\n")
    done = broadsheet("index", "old.html", "cut.warc", "--json")
    report = json.loads(done.stdout)
    assert (report["guessed_encoding"], report["cut"]) == (["old.html"], ["cut.warc!/1"])
    assert (report["notices"]["guessed_encoding"], report["notices"]["cut"]) == (1, 1)
    explained = broadsheet("extract", "--explain", "old.html", "cut.warc").stdout
    assert "  the encoding is windows-1251, guessed by its text: it declares none\n" in explained
    assert "  the end is missing: the crawler cut it off (time)\n" in explained
    assert "Паромная" in explained


# --- withdraw --------------------------------------------------------------------------------------------------------


def test_withdraw_removes_lists_and_lets_in_again(broadsheet: Run, tmp_path: Path) -> None:
    broadsheet("index", "news")
    [hit] = json.loads(broadsheet("search", "--json", "headline:signed").stdout)["results"]
    done = broadsheet("withdraw", hit["id"], "no-such", "--reason", "Court order\x1b[1m", "--by", "ada", "--json", status=1)
    assert f"withdrawn {hit['id']}: 1 version or copy removed" in done.stderr
    assert "no article with the ID no-such; give the address of one that is not indexed" in done.stderr
    [entry] = json_lines(done)
    assert (entry["id"], entry["address"], entry["by"]) == (hit["id"], "https://news.example/signed", "ada")
    assert (entry["reason"], entry["public"], entry["until"], entry["state"]) == ("Court order\x1b[1m", False, None, "withdrawn")
    assert articles(broadsheet) == 1
    assert "0 new, 1 unchanged, 1 withdrawn; " in broadsheet("index", "news").stderr
    assert "signed" not in broadsheet("export").stdout
    listed = broadsheet("withdraw", "--list").stdout
    assert re.fullmatch(
        rf"withdrawn: {hit['id']} https://news.example/signed; \S+Z by ada, private: Court order\\x1b\[1m\n", listed
    )
    undone = broadsheet("withdraw", "--undo", "https://news.example/signed", "--by", "eve").stderr
    assert f"no longer withdrawn: {hit['id']}; index its sources again: {tmp_path / 'news/signed.html'}" in undone
    assert "1 new, 1 unchanged" in broadsheet("index", "news").stderr
    assert broadsheet("withdraw", "--list").stdout.startswith("undone ")
    [entry] = json_lines(broadsheet("withdraw", "--list", "--json"))
    assert (entry["state"], entry["endedBy"], entry["erased"]) == ("undone", "eve", True)
    assert f"no article with the ID {hit['id']} is withdrawn" in broadsheet("withdraw", "--undo", hit["id"], status=1).stderr


def test_an_embargo_begins_before_the_article_is_there_and_ends_at_local_midnight(
    broadsheet: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadsheet("index", "news/2022")
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        done = broadsheet(
            "withdraw", "https://news.example/signed", "--reason", "Embargo", "--public", "--until", "2999-01-01", "--json"
        )
        assert "until 2999-01-01 00:00-05:00: not indexed yet" in done.stderr
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    [entry] = json_lines(done)
    assert (entry["until"], entry["state"], entry["public"]) == ("2999-01-01T05:00:00Z", "embargoed", True)
    assert entry["by"]
    assert "0 new, 1 unchanged, 1 withdrawn" in broadsheet("index", "news").stderr
    later = ["withdraw", "https://news.example/signed", "--reason", "Later", "--until"]
    [entry] = json_lines(broadsheet(*later, "2999-01-02T06:00+01:00", "--json"))
    assert entry["until"] == "2999-01-02T05:00:00Z"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["x"], "--reason"),
        (["x", "--reason", " "], "--reason"),
        (["--reason", "y"], "Missing argument"),
        (["--list", "x"], "--list takes no ID"),
        (["x", "--reason", "y", "--until", "soon"], "'soon' is not a date"),
        (["x", "--reason", "y", "--until", "2020-01-01"], "2020-01-01 is over"),
        (["x", "--reason", "y", "--until", "9999-12-31T23:59-23:00"], "is not a date"),
    ],
)
def test_a_withdrawal_that_cannot_be_meant_is_refused(broadsheet: Run, arguments: list[str], says: str) -> None:
    broadsheet("index", "news")
    assert says in broadsheet("withdraw", *arguments, status=2).stderr
    assert articles(broadsheet) == 2
    assert broadsheet("withdraw", "--list").stdout == ""
