"""Two sites of thirty pages each, by the command line: what a site repeats is taken out, what an article says itself stays."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_sites import COLUMNIST, FOOTER, RULES, own_text

from indexer.cli.commands import main
from search.engines.protocol import open_engine

INLAND_NOTE = "Readers of the Inland Post send their pictures of the week to the night desk in Alder Street."
PAGES = 30


def save_site(folder: Path, site: str, ends: dict[str, int]) -> None:
    """Pages whose text ends with each of the paragraphs on every n-th of them."""
    folder.mkdir()
    for number in range(PAGES):
        paragraphs = [*own_text(number), *(text for text, every in ends.items() if number % every == 0)]
        body = "".join(f"<p>{text}</p>" for text in paragraphs)
        page = f"<title>Dock {number} at {site}</title><link rel=canonical href=https://www.{site}/{number}>"
        (folder / f"{number}.html").write_text(f"<html><head>{page}<body><article><h1>Dock {number}</h1>{body}</article>")


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine_kind: str) -> str:
    """The index of both sites, indexed before it has a profile of them."""
    index = f"{engine_kind}:{tmp_path / 'index'}"
    monkeypatch.setenv("BROADSHEET_INDEX", index)
    monkeypatch.setenv("BROADSHEET_JOBS", "1")
    monkeypatch.chdir(tmp_path)
    save_site(tmp_path / "harbour", "harbour.example", {COLUMNIST: 5, RULES: 2, FOOTER: 1})
    save_site(tmp_path / "inland", "inland.example", {INLAND_NOTE: 3})
    run("index", "harbour", "inland")
    return index


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == 0, done.stderr
    return done


def total(query: str) -> int:
    return int(json.loads(run("search", query, "--json").stdout)["total"])


def bodies(index: str) -> dict[str, list[str]]:
    with open_engine(index) as engine:
        return {doc.source: [p.text for p in doc.paragraphs] for doc in engine.reader().documents() if hasattr(doc, "paragraphs")}


def test_what_sites_repeat_is_found_and_taken_out_of_indexed_articles_and_of_later_pages(archive: str, tmp_path: Path) -> None:
    assert (total('"stay with the subject"'), total('"pictures of the week"')) == (15, 10)
    printed = run("sites").stdout.splitlines()
    assert printed == [
        "harbour.example: 3 blocks repeated on its 30 articles (version 1)",
        f"      30  {FOOTER}",
        f"      15  {RULES}",
        f"       6  {COLUMNIST}",
        "inland.example: 1 block repeated on its 30 articles (version 1)",
        f"      10  {INLAND_NOTE}",
    ]
    assert total('"stay with the subject"') == 15  # nothing is changed before the index is built anew
    run("reindex")
    assert (total('"stay with the subject"'), total('"pictures of the week"'), total("crates")) == (0, 0, 60)
    own = {f"{site}/{n}.html": own_text(n) for site in ("harbour", "inland") for n in range(PAGES)}
    assert bodies(archive) == own

    save_site(tmp_path / "harbour-2", "harbour.example", {RULES: 1, FOOTER: 1})
    run("index", "harbour-2")
    assert total('"stay with the subject"') == 0
    run("index", "harbour-2", "--retry-skipped", "--no-site-profiles")
    assert total('"stay with the subject"') == 0  # unchanged pages stay as they are
    assert run("sites", "--list").stdout.splitlines() == printed


def test_without_profiles_the_text_is_put_back(archive: str) -> None:
    before = bodies(archive)
    run("sites")
    run("reindex")
    run("reindex", "--no-site-profiles")
    assert bodies(archive) == before
    run("reindex")
    assert len(bodies(archive)["harbour/0.html"]) == 4


def test_pages_can_be_indexed_without_profiles(archive: str, tmp_path: Path) -> None:
    run("sites")
    save_site(tmp_path / "later", "harbour.example", {RULES: 1})
    run("index", "later", "--no-site-profiles")
    assert bodies(archive)["later/1.html"][-1] == RULES


@pytest.mark.usefixtures("archive")
def test_extract_explains_what_a_profile_takes_out_and_is_the_same_without() -> None:
    plain = json.loads(run("extract", "harbour/0.html").stdout)["article"]
    run("sites")
    assert json.loads(run("extract", "harbour/0.html").stdout)["article"] == plain
    shorter = json.loads(run("extract", "--site-profiles", "harbour/0.html").stdout)["article"]
    assert [p["text"] for p in shorter["paragraphs"]] == own_text(0)
    explained = run("extract", "--site-profiles", "--explain", "harbour/0.html").stdout
    assert "version 1 of the profile of harbour.example" in explained
    assert "it stands on 15 of 30 articles of the site" in explained


def test_exported_articles_give_the_same_index(archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = bodies(archive)
    run("sites")
    run("reindex")
    (tmp_path / "all.jsonl").write_text(run("export").stdout)
    monkeypatch.setenv("BROADSHEET_INDEX", f"{archive}-2")
    run("index", "all.jsonl")
    assert sorted(bodies(f"{archive}-2").values()) == sorted(before.values())


@pytest.mark.usefixtures("archive")
def test_profiles_move_with_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = run("sites").stdout
    run("reindex", "--to", f"tantivy:{tmp_path / 'moved'}")
    monkeypatch.setenv("BROADSHEET_INDEX", f"tantivy:{tmp_path / 'moved'}")
    assert run("sites", "--list").stdout == printed
    assert total('"stay with the subject"') == 0


def test_archive_that_repeats_nothing_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_INDEX", f"tantivy:{tmp_path / 'index'}")
    save_site(tmp_path / "harbour", "harbour.example", {})
    run("index", str(tmp_path / "harbour"))
    done = run("sites")
    assert (done.stdout, done.stderr) == ("", "no site repeats text on five or more articles and a tenth of its articles\n")
