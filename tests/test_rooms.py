"""Who may import whom (the rooms of the README's "How it works")."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(p for room in ("search", "indexer", "web") for p in (ROOT / room).rglob("*.py"))

ALLOWED_PLACES = {  # what may import a library or room: beginnings of paths
    "indexer": ("indexer/",),
    "web": ("web/", "indexer/cli.py"),
    "bs4": ("indexer/",),
    "lxml": ("indexer/",),
    "fastwarc": ("indexer/",),
    "click": ("indexer/cli.py", "indexer/hits.py", "indexer/version_lines.py"),
    "flask": ("web/",),
    "jinja2": ("web/",),
    "markupsafe": ("web/",),
    "werkzeug": ("web/",),
    "gunicorn": ("web/",),
    "tantivy": ("search/engines/tantivy",),
    "whoosh": ("search/engines/whoosh", "search/language.py", "search/query_pieces.py"),
    "Stemmer": ("search/analysis.py",),
}


def _imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(top-level name, whether it is imported when the module is)"""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_once = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in names:
            yield name.partition(".")[0], id(node) in at_once


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_imports_only_what_its_room_may(path: Path) -> None:
    place = str(path.relative_to(ROOT))
    for name, at_once in _imports(path):
        assert place.startswith(ALLOWED_PLACES.get(name, "")), f"{place} imports {name}"
        assert not (name == "web" and place.startswith("indexer/") and at_once), f"{place} imports web before it is needed"


@pytest.mark.parametrize(("name", "beginning"), [(name, one) for name, some in ALLOWED_PLACES.items() for one in some])
def test_every_place_that_may_import_is_there_and_each_module_named_does(name: str, beginning: str) -> None:
    there = [path for path in MODULES if str(path.relative_to(ROOT)).startswith(beginning)]
    assert there
    assert beginning.endswith("/") or any(name in dict(_imports(path)) for path in there)


def test_no_module_is_named_like_a_library_or_hides_what_flows_through_it() -> None:
    forbidden = {*ALLOWED_PLACES, "opensearch", "utils", "helpers", "manager", "common", "misc"}
    assert not {path.stem for path in MODULES} & forbidden


def test_every_module_says_what_it_is_for() -> None:
    assert [str(p) for p in MODULES if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))] == []


def test_no_module_holds_more_than_a_reader_can() -> None:
    assert {str(p): n for p in MODULES if (n := len(p.read_text(encoding="utf-8").splitlines())) > 450} == {}
