"""Pages from anywhere: each bad one is reported by its class with its path, while the rest goes on."""

import gzip
import json
import os
import zipfile

import pytest
from lxml.html import document_fromstring
from saved import page_html, save_page

from indexer.extract.body.page_elements import PageElements
from indexer.extract.metadata import framework_state
from indexer.load.pipeline import load
from indexer.load.report import Report
from search.engines.protocol import open_engine
from search.query.nodes import MatchAll, SearchRequest
from search.settings import Settings

PROSE = "<p>" + "The delegates met in the long hall before noon and sat down without shaking hands. " * 8 + "</p>"


def hostile_pages() -> dict[str, tuple[bytes, str | None]]:
    """Name -> content and the class it is reported by, None where an article is found."""
    good = page_html("Truce signed").encode()
    return {
        "empty.html": (b"", "empty"),
        "blank.html": (b" \r\n" * 50, "empty"),
        "binary.html": (bytes(range(256)) * 200, "not-a-page"),
        "photo.html": (b"\x89PNG\r\n\x1a\n" + bytes(200), "not-a-page"),
        "huge.html": (b"<html><body>" + b"<p>word</p>" * 4_700_000, "too-large"),
        "cut-off.html.gz": (gzip.compress(good)[:-30], "undecodable"),
        "bomb.html.gz": (gzip.compress(bytes(80_000_000)), "too-large"),
        "nothing.html": (b"<html><body><script>var a = 1</script><a href='/'>Home</a></body></html>", "no-article"),
        "frames.html": (b"<html><frameset cols='50%,50%'><frame src='a.html'><frame src='b.html'></frameset></html>", "frames"),
        "nested.html": (b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000, "too-complex"),
        "wrong-charset.html": ('<meta charset="utf-16"><h1>Évian</h1>'.encode("cp1252") + PROSE.encode(), None),
        "broken-json.html": (b'<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>' + good, None),
        "deep-json.html": (b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>" + good, None),
        "utf-7.html": (b'<meta charset="utf-7">' + good, None),
    }


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, list[str]]:
    """The report of indexing all of them, in one folder with a good page, and the sources that are found afterwards."""
    base = tmp_path_factory.mktemp("hostile")
    root = base / "pages"
    for name, (content, _) in hostile_pages().items():
        save_page(root / name, "").write_bytes(content)
    save_page(root / "zz-good.html", "Truce signed")
    with zipfile.ZipFile(root / "evil.zip", "w") as archive:
        archive.writestr("../outside.html", page_html("Outside"))
        archive.writestr("inside.html", page_html("Inside"))
    os.mkfifo(root / "pipe.html")
    (root / "dangling.html").symlink_to("nowhere")
    (root / "loop").symlink_to(root)
    with open_engine(f"tantivy:{base / 'index'}", create=True) as engine:
        loaded = load([str(root)], engine, Settings(jobs=2))
        hits = engine.reader().search(SearchRequest(MatchAll(), size=100)).hits
    return loaded, sorted(hit.article.source.removeprefix("pages/") for hit in hits)


def codes(report: Report) -> dict[str, str]:
    return {skipped.path.partition("/pages/")[2]: skipped.code for skipped in report.skipped}


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, (_, code) in hostile_pages().items() if code])
def test_a_hostile_page_is_reported_by_its_class(report: tuple[Report, list[str]], name: str, code: str) -> None:
    assert codes(report[0])[name] == code


@pytest.mark.parametrize(
    ("name", "code"),
    [("evil.zip!/../outside.html", "unsafe-name"), ("pipe.html", "unreadable"), ("dangling.html", "unreadable")],
)
def test_what_is_no_plain_file_is_reported_and_not_opened(report: tuple[Report, list[str]], name: str, code: str) -> None:
    assert codes(report[0])[name] == code


def test_everything_else_is_indexed_once(report: tuple[Report, list[str]]) -> None:
    fine = [name for name, (_, code) in hostile_pages().items() if code is None]
    assert report[1] == sorted([*fine, "evil.zip!/inside.html", "zz-good.html"])


def test_nothing_is_reported_twice(report: tuple[Report, list[str]]) -> None:
    assert len(codes(report[0])) == len(report[0].skipped) == 13


def _tries(script: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str | None]:
    """How often JSON is looked for in a script, and the text found."""
    starts: list[int] = []
    parse_at = framework_state._parse_at
    monkeypatch.setattr(framework_state, "_parse_at", lambda text, start: starts.append(start) or parse_at(text, start))
    found = framework_state.state_html(PageElements(document_fromstring(f"<script>{script}</script>")))
    monkeypatch.undo()
    return len(starts), found


STATE = "state=" + json.dumps(
    {"body": [{"type": "p", "text": "The ferry sailed at noon. Nobody saw it. The quay was empty. " * 8}]}
)


def test_objects_of_a_script_that_are_no_json_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tries, found = _tries("e={t:1};f='a';" * 5_000 + STATE, monkeypatch)
    assert tries == 1
    assert "The ferry sailed" in (found or "")


@pytest.mark.parametrize("repetitions", [1_000, 4_000])
def test_a_script_that_looks_like_json_is_given_up_after_so_many_tries(repetitions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tries, found = _tries('e={"t":u};' * repetitions + STATE, monkeypatch)
    assert (tries, found) == (framework_state.MAX_FAILED_TRIES, None)


def test_state_behind_some_that_only_looks_like_json_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    _, found = _tries('e={"t":u};g="text";' * (framework_state.MAX_FAILED_TRIES - 1) + STATE, monkeypatch)
    assert "The ferry sailed" in (found or "")
