"""Who may import whom: each room says it in its `__init__` ("May import: …"), here it is read and held against the imports."""

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("search", "indexer", "web")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
ROOMS = [path.parent for path in FILES if path.stem == "__init__"]

MAX_NAMES = 12
"""Modules and rooms in a room."""
MAX_LINES = 400
"""Of a module."""
LEFTOVERS: set[str] = set()
"""Modules that are still longer."""

ALLOWED_PLACES = {  # what may import a library: beginnings of paths
    "bs4": ("indexer/extract/",),
    "lxml": ("indexer/extract/", "indexer/sources/formats/exports/"),
    "striprtf": ("indexer/sources/formats/exports/databases/",),
    "chardet": ("indexer/sources/encodings.py",),
    "brotli": ("indexer/sources/decompress.py", "web/responses/compression.py"),
    "click": ("indexer/cli/",),
    "flask": ("web/",),
    "jinja2": (),  # by Flask alone
    "markupsafe": ("web/",),
    "werkzeug": ("web/",),
    "gunicorn": ("web/server/",),
    "prometheus_client": ("web/telemetry/metrics.py",),
    "tantivy": ("search/engines/tantivy/",),
    "whoosh": ("search/engines/whoosh/", "search/query/parsing/parser.py", "search/query/parsing/pieces.py"),
    "Stemmer": ("search/analysis/analyzer.py",),
    "rapidfuzz": ("search/analysis/edit_distance.py",),
}

FORBIDDEN = [  # (from, to): arrows that no `__init__` may allow either
    ("search.model", "search.analysis"),
    ("search.model", "search.query"),
    ("search.query", "search.engines"),
    ("search.query", "search.indexing"),
    ("search.service", "search.serialize"),
    ("search", "indexer"),
    ("search", "web"),
    ("indexer.sources", "indexer.extract"),
    ("indexer.extract", "indexer.sources.decode"),  # a RawPage decodes itself
    ("indexer.extract", "indexer.load"),
    ("indexer.extract", "indexer.quotes"),
    ("web", "indexer"),
    ("web.views", "web.views"),
]

REPEATED_VOCABULARY: dict[str, set[str]] = {}
"""Words of news that are listed in several modules, by the constant's name: each has to become one list."""

IDENTIFIED_BY_ID: set[str] = set()
"""Modules that tell objects apart by id(…)."""

HOLD_AN_ENGINE = {  # modules that may open an index or write to it; all others are given a Reader
    "indexer.cli.index_commands", "indexer.cli.search_commands", "indexer.cli.watch_commands",
    "indexer.cli.withdraw_command", "indexer.doctor.examine", "indexer.load.apply", "indexer.load.pipeline",
    "indexer.load.plan", "indexer.load.reindex", "indexer.load.site_profiles", "indexer.load.withdraw",
    "search.engines.disk.backup", "web.index_handle", "web.server.serve",
}  # fmt: skip


class Import(NamedTuple):
    """at_once: when the module itself is imported."""

    module: str
    imported: str
    at_once: bool


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {_module(path) for path in FILES}


def _imports(path: Path) -> Iterator[Import]:
    tree = TREES[path]
    at_once = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path}: imports by a relative name"
            names = [full if (full := f"{node.module}.{each.name}") in MODULES else node.module for each in node.names]
        else:
            continue
        yield from (Import(_module(path), name, id(node) in at_once) for name in names)


IMPORTS = [found for path in FILES for found in _imports(path)]
WITHIN = [found for found in IMPORTS if found.imported.partition(".")[0] in PACKAGES]


def _room(module: str) -> str:
    """The room of a module; of those beside the rooms of a package each is one of its own (search.errors, web.app)."""
    room = module.rpartition(".")[0]
    return module if room in PACKAGES else room


def _described(room: str, what: str) -> list[str]:
    """What the room's `__init__` says after "Public:" or "May import:", a name after the other."""
    text = ast.get_docstring(TREES[ROOT / room.replace(".", "/") / "__init__.py"]) or ""
    found = re.search(rf"^{what}: (.*?)\.$", text, re.MULTILINE | re.DOTALL)
    assert found or what != "May import", f"{room} does not say what it may import"
    names = re.split(r",\s+", found[1]) if found else []
    return [] if names == ["nothing"] else names


def _below(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def _folder(module: str) -> str:
    """Where a module stands; a package at the top stands in itself."""
    return module.rpartition(".")[0] or module


@pytest.mark.parametrize("room", sorted({_folder(found.module) for found in WITHIN}))
def test_room_imports_only_what_it_says_it_may(room: str) -> None:
    allowed = {room, *_described(room, "May import")}
    wrong = {
        (found.module, found.imported)
        for found in WITHIN
        if _folder(found.module) == room and not {found.imported, found.imported.rpartition(".")[0]} & allowed
    }
    assert wrong == set()


@pytest.mark.parametrize("room", ROOMS, ids=_module)
def test_room_does_import_what_it_says_it_may(room: Path) -> None:
    name = _module(room / "__init__.py")
    imported = {found.imported for found in WITHIN if _folder(found.module) == name}
    assert set(_described(name, "May import")) - imported - {module.rpartition(".")[0] for module in imported} == set()


@pytest.mark.parametrize(("start", "end"), FORBIDDEN)
def test_no_module_of_the_one_imports_the_other(start: str, end: str) -> None:
    found = {(each.module, each.imported) for each in WITHIN if _below(each.module, start) and _below(each.imported, end)}
    assert found == set()


def test_the_model_imports_nothing_of_the_project_but_its_errors() -> None:
    found = {(each.module, each.imported) for each in WITHIN if _below(each.module, "search.model")}
    assert {pair for pair in found if not _below(pair[1], "search.model")} == {("search.model.saved_page", "search.errors")}


def test_arrows_between_rooms_go_one_way() -> None:
    rooms: dict[str, set[str]] = {}
    for found in WITHIN:
        if _room(found.module) != _room(found.imported):
            rooms.setdefault(_room(found.module), set()).add(_room(found.imported))
    tuple(TopologicalSorter(rooms).static_order())  # raises CycleError


def test_web_is_imported_by_the_command_line_only_when_it_is_needed() -> None:
    assert {found.module for found in WITHIN if _below(found.imported, "web") and _below(found.module, "indexer")} == {
        "indexer.cli.render_results",
        "indexer.cli.server_commands",
    }
    assert not [found for found in WITHIN if _below(found.imported, "web") and _below(found.module, "indexer") and found.at_once]


def test_a_request_is_answered_from_a_reader_that_it_is_given() -> None:
    """Search, service and pages cannot look at a second state of the index: they have no engine to ask for one."""
    holding = {
        _module(path)
        for path in FILES
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ImportFrom) and {each.name for each in node.names} & {"Engine", "open_engine"}
    }
    assert holding == HOLD_AN_ENGINE


def test_each_engine_is_told_by_one_plan_what_a_batch_changes() -> None:
    uses = {each.module for each in WITHIN if each.imported == "search.engines.versions"}
    assert uses >= {"search.engines.tantivy.engine", "search.engines.whoosh.engine"}
    for engine in ("search.engines.tantivy", "search.engines.whoosh"):
        assert not [each for each in WITHIN if each.module == "search.engines.versions" and _below(each.imported, engine)]


def test_class_has_a_name_of_its_own() -> None:
    places: dict[str, set[str]] = {}
    for path in FILES:
        for node in TREES[path].body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                an_engine = path.parent.parent == ROOT / "search/engines"  # each has its own Snapshot, Finder …
                places.setdefault(node.name, set()).add("engine" if an_engine else str(path))
    assert {name: some for name, some in places.items() if len(some) > 1} == {}


def test_words_of_news_are_listed_once() -> None:
    lists: dict[str, set[str]] = {}
    for path in FILES:
        for name in _defined(path):
            if name.strip("_") in {*REPEATED_VOCABULARY, "HONORIFICS", "ABBREVIATIONS", "MONTHS", "RELATED_STORIES"}:
                lists.setdefault(name.strip("_"), set()).add(_module(path))
    assert {name: some for name, some in lists.items() if len(some) > 1} == REPEATED_VOCABULARY


def test_nothing_is_told_apart_by_its_place_in_memory() -> None:
    found = {
        _module(path)
        for path in FILES
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "id"
    }
    assert found == IDENTIFIED_BY_ID


def test_bounds_are_called_max_and_min() -> None:
    other = re.compile(r"_?(LONGEST|MOST|LARGEST|WIDEST|FARTHEST|SHORTEST|LEAST|FEWEST|SMALLEST)(_|$)")
    assert {name for path in FILES for name in _defined(path) if other.match(name)} == set()


@pytest.mark.parametrize("library", ALLOWED_PLACES)
def test_library_is_imported_in_its_places_alone(library: str) -> None:
    modules = {found.module for found in IMPORTS if found.imported.partition(".")[0] == library}
    places = {str(path.relative_to(ROOT)) for path in FILES if _module(path) in modules}
    assert {place for place in places if not place.startswith(ALLOWED_PLACES[library])} == set()
    assert all(any(place.startswith(allowed) for place in places) for allowed in ALLOWED_PLACES[library])


@pytest.mark.parametrize("room", ROOMS, ids=_module)
def test_room_shows_at_most_a_dozen_names(room: Path) -> None:
    names = [
        path for path in room.iterdir() if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    ]
    assert len(names) <= MAX_NAMES


@pytest.mark.parametrize("room", ROOMS, ids=_module)
def test_room_says_what_comes_in_what_goes_out_and_what_is_public(room: Path) -> None:
    name = _module(room / "__init__.py")
    source = (room / "__init__.py").read_text(encoding="utf-8")
    assert "->" in (ast.get_docstring(TREES[room / "__init__.py"]) or "")
    assert len(source.splitlines()) <= 15
    for public in _described(name, "Public"):
        module, _, symbol = public.partition(".")
        assert symbol in _defined(room / f"{module}.py"), f"{name} names {public}"


def _defined(path: Path) -> set[str]:
    defined = set()
    for node in TREES[path].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            defined |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    return defined


def test_every_folder_with_modules_is_a_room() -> None:
    assert {path.parent for path in FILES} == set(ROOMS)


def test_every_room_is_in_the_package() -> None:
    packages = re.search(
        r"^packages = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert packages
    assert re.findall(r'"([\w.]+)"', packages[1]) == sorted(_module(room / "__init__.py") for room in ROOMS)


def test_no_module_is_named_like_a_library_or_hides_what_flows_through_it() -> None:
    forbidden = {*ALLOWED_PLACES, "opensearch", "utils", "helpers", "manager", "common", "misc"}
    assert not {path.stem for path in FILES} & forbidden


def test_every_module_says_what_it_is_for() -> None:
    assert [str(p) for p in FILES if not ast.get_docstring(TREES[p])] == []


def test_no_module_holds_more_than_a_reader_can() -> None:
    long = {_module(path) for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > MAX_LINES}
    assert long == LEFTOVERS
