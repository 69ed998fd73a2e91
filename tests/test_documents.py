"""The documents for those who change the code, against the code: what one of them names between backquotes is there."""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from indexer.cli.commands import main
from search.engines.protocol import Engine, Reader, Words
from search.model.article import Article, Caption, Paragraph, ParagraphKind, PrintedDate, Quote
from search.query.nodes import MatchNone
from search.query.parameters import PARAMETERS
from search.query.parsing.parser import parse
from search.query.syntax_help import FORMS
from search.settings import SETTINGS_FILE, Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("search", "indexer", "web")
DOCUMENTS = (
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/engines.md",
    "docs/reliability.md",
    "docs/article-fields.md",
)
SOURCES = {path: path.read_text(encoding="utf-8") for folder in (*PACKAGES, "tests") for path in (ROOT / folder).rglob("*.py")}
ROOMS = sorted({path.parent for path in SOURCES if path.relative_to(ROOT).parts[0] in PACKAGES})
TARGETS = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
MARKERS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]["markers"]
FIELDS = {Article: "", Paragraph: "Paragraph", Caption: "Caption", Quote: "Quote", PrintedDate: "PrintedDate"}
"""The classes of an article, and the headings below which their fields stand; those of an article stand below several."""


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def names_in(tree: ast.AST) -> Iterator[str]:
    """What a module or a class defines itself."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            yield from (each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def defined(tree: ast.AST) -> set[str]:
    """What a module defines, as `Class`, `function`, `Class.method`, `Class.field`."""
    inner = (
        f"{node.name}.{name}" for node in ast.iter_child_nodes(tree) if isinstance(node, ast.ClassDef) for name in names_in(node)
    )
    return {*names_in(tree), *inner}


DEFINED = {path: defined(ast.parse(source)) for path, source in SOURCES.items()}
NAMES = set().union(*DEFINED.values())
MEMBERS = {name.rpartition(".")[2] for name in NAMES}
JSON_NAMES = {re.sub("_([a-z])", lambda found: found[1].upper(), name) for name in MEMBERS}


def sections(document: str) -> Iterator[tuple[str, str]]:
    """Each heading with the text below it."""
    parts = re.split(r"^#+ (.*)$", text_of(document), flags=re.MULTILINE)
    return zip(parts[1::2], parts[2::2], strict=True)


def quoted(text: str) -> list[str]:
    assert not [line for line in text.splitlines() if line.count("`") % 2], "what stands between backquotes stands on one line"
    return re.findall(r"`([^`\n]+)`", text)


def is_there(name: str, folders: list[str]) -> bool:
    """folders: those that a chapter is about, below which its file names stand."""
    return is_in_files(name, folders) or name in NAMES | MEMBERS or is_command(name) or is_asked(name) or is_setting(name)


def is_in_files(name: str, folders: list[str]) -> bool:
    """Whether it is a path, `path:Name` or what every room or clone has."""
    if name in ("__init__.py", ".venv"):
        return True
    path, _, inside = name.partition(":")
    if not re.fullmatch(r"[\w./-]+", path) or not re.search(r"[./]", path):
        return False
    found = [place for folder in ("", *folders) if (place := ROOT / folder / path).exists()]
    return any(not inside or inside in DEFINED.get(place, ()) for place in found)


def is_command(name: str) -> bool:
    words = [word for word in shlex.split(name) if not re.fullmatch(r"[A-Z]+=\S+", word)]
    files = [word.partition("=")[2] or word for word in shlex.split(name) if "tests/" in word]
    if not all((ROOT / file).exists() for file in files):
        return False
    match words:
        case ["make", target]:
            return target in TARGETS
        case ["broadsheet", command, *flags]:
            options = {opt for each in main.commands[command].params for opt in each.opts} if command in main.commands else set()
            return command in main.commands and {flag for flag in flags if flag.startswith("-")} <= options
        case [".venv/bin/python", "-m", "pytest", "-m", marker]:
            return any(each.startswith(f"{marker}:") for each in MARKERS)
        case [".venv/bin/python", "-m", "pytest", *_]:
            return bool(files)
    return False


def is_asked(name: str) -> bool:
    """Whether it is a parameter of the API, a name in its JSON, or of the query language."""
    parameter = name.partition("=")[0]
    if parameter in {each.name for each in PARAMETERS} or name in JSON_NAMES:
        return True
    if any(name in f"{form.typed} {form.finds}" for form in FORMS) and not name.isidentifier():
        return True
    if not re.search(r'[":*~]', name) or re.search(r"/|\.py\b", name):
        return False
    understood = parse(name)
    return not understood.ignored and understood.query != MatchNone()


def is_setting(name: str) -> bool:
    known = {f"BROADSHEET_{each.name.upper()}" for each in fields(Settings)} | {SETTINGS_FILE}
    return name == "BROADSHEET_*" or name.partition("=")[0] in known


@pytest.mark.parametrize("document", DOCUMENTS)
def test_whatever_a_document_names_is_there(document: str) -> None:
    missing = []
    for heading, text in sections(document):
        if heading != "Removed":
            folders = [name for name in quoted(heading) if name.endswith("/")]
            missing += [name for name in quoted(f"{heading}\n{text}") if not is_there(name, folders)]
    assert missing == []


@pytest.mark.parametrize(
    "name",
    [
        "search/model/essay.py",
        "search/model/article.py:Essay",
        "article.py:Essay",
        "Article.essay",
        "essay.py",
        "no_such_name",
        "make essay",
        "broadsheet essay",
        "broadsheet index --essay",
        ".venv/bin/python -m pytest -m essay",
        ".venv/bin/python -m pytest tests/test_essay.py -q",
        "tests/test_essay.py",
        "BROADSHEET_ESSAY",
        "essayTotal",
    ],
)
def test_what_is_not_there_is_noticed(name: str) -> None:
    assert not is_there(name, ["search/model/"])


def test_what_was_removed_is_gone() -> None:
    removed = [
        quoted(line)[0] for heading, text in sections("CHANGELOG.md") if heading == "Removed" for line in text.split("\n- ")[1:]
    ]
    assert removed
    assert [name for name in removed if is_there(name, [])] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_of_examples_and_links_are_there(document: str) -> None:
    examples = re.findall(r"^    ((?:make|broadsheet) .*)$", text_of(document), re.MULTILINE)
    links = re.findall(r"\]\((?!http)([\w/.-]+)\)", text_of(document))
    assert [command for command in examples if not is_command(command)] == []
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).is_file()] == []


@pytest.mark.parametrize("room", [str(room.relative_to(ROOT)) for room in ROOMS])
def test_every_room_has_its_chapter_that_names_its_modules(room: str) -> None:
    chapters = [text for heading, text in sections("ARCHITECTURE.md") if f"{room}/" in quoted(heading)]
    assert len(chapters) == 1
    modules = {path.name for path in (ROOT / room).glob("*.py")} - {"__init__.py"}
    assert modules - {name.partition(":")[0] for name in quoted(chapters[0])} == set()


def test_every_chapter_about_a_folder_asks_a_question() -> None:
    headings = [heading for heading, _ in sections("ARCHITECTURE.md") if any(name.endswith("/") for name in quoted(heading))]
    assert [heading for heading in headings if not re.search(r": .+\?$", heading)] == []


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_every_field_of_an_article_is_defined_once(kind: type) -> None:
    below = FIELDS[kind]
    others = set(FIELDS.values()) - {""}
    rows = [
        name
        for heading, text in sections("docs/article-fields.md")
        if heading == below or (not below and heading not in others)
        for name in re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    ]
    assert sorted(rows) == sorted(field.name for field in fields(kind))


def test_every_kind_of_paragraph_is_explained() -> None:
    text = next(text for heading, text in sections("docs/article-fields.md") if heading == "Paragraph")
    assert set(re.findall(r'"(\w+)"', text)) == set(get_args(ParagraphKind))


def test_every_method_of_an_engine_is_listed_once() -> None:
    methods = next(text for heading, text in sections("docs/engines.md") if heading == "The methods")
    rows = [name for row in re.findall(r"^\| ([^|]+) \|", methods, re.MULTILINE) for name in quoted(row)]
    methods_of = [name for kind in (Engine, Reader, Words) for name in names_in(tree_of(kind)) if not name.startswith("__")]
    assert sorted(rows) == sorted(methods_of)


def tree_of(kind: type) -> ast.ClassDef:
    module = ast.parse(SOURCES[ROOT / f"{kind.__module__.replace('.', '/')}.py"])
    return next(node for node in module.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__)


def test_the_readme_leads_to_every_document() -> None:
    assert set(DOCUMENTS) <= set(re.findall(r"\]\(([\w/.-]+\.md)\)", text_of("README.md")))
