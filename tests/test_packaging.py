"""Broadsheet as it is installed: from a wheel and as one file, in another folder, beside other packages named search and web."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.serving import ROOT, read_line

PACKAGES = ("search", "indexer", "web")
Command = list[str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that the tree stays as it is."""
    source = tmp_path_factory.mktemp("source")
    (source / "docs").mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "docs/broadsheet.1"):
        shutil.copy(ROOT / name, source / name)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(source / "dist"), str(source))
    (made,) = (source / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def from_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command in an environment of its own that has the wheel and the dependencies."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    _pip("--python", str(environment / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel))
    (packages,) = environment.glob("lib/python*/site-packages")
    _add_dependencies(packages)
    return [str(environment / "bin" / "broadsheet")]


@pytest.fixture(scope="module")
def as_one_file(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The zipapp of `make zipapp`, with a pointer to the dependencies in place of 40 MB of them."""
    folder = tmp_path_factory.mktemp("zipapp")
    _pip("install", "--no-deps", "--no-index", "--target", str(folder / "packages"), str(wheel))
    _add_dependencies(folder / "packages")
    made = folder / "broadsheet.pyz"
    shiv = [sys.executable, "-m", "shiv", "--extend-pythonpath", "--console-script", "broadsheet"]
    subprocess.run([*shiv, "--site-packages", folder / "packages", "--output-file", made], check=True, capture_output=True)
    return [sys.executable, str(made)]


@pytest.fixture(params=["from_wheel", "as_one_file"])
def command(request: pytest.FixtureRequest) -> Command:
    installed: Command = request.getfixturevalue(request.param)
    return installed


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """The environment variables of a user whose PYTHONPATH has other packages of these names; tmp_path is their folder."""
    for name in ("search", "web"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('this is another package')")
    variables = {name: value for name, value in os.environ.items() if not name.startswith("BROADSHEET_")}
    return {**variables, "PYTHONPATH": str(tmp_path), "SHIV_ROOT": str(tmp_path / "unpacked")}


def test_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()

    held = set(zipfile.ZipFile(wheel).namelist())

    assert set(tracked) - held == set()


def test_wheel_installs_the_manual_page(from_wheel: Command) -> None:
    installed = Path(from_wheel[0]).parents[1] / "share/man/man1/broadsheet.1"

    assert installed.read_text(encoding="utf-8") == (ROOT / "docs/broadsheet.1").read_text(encoding="utf-8")


def test_dockerfile_copies_all_that_a_wheel_is_made_of() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    data = {file for files in project["tool"]["setuptools"]["data-files"].values() for file in files}
    needed = {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"], *PACKAGES, *data}

    assert sources == sent == needed | {"requirements.txt"}
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_installed_command_indexes_and_searches_beside_other_packages_of_these_names(
    command: Command, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    pages = str(ROOT / "corpus" / "old-ledger")
    index = [*command, "--index", f"tantivy:{tmp_path / 'index'}"]

    indexed = subprocess.run([*index, "index", pages], cwd=tmp_path, env=elsewhere, capture_output=True, text=True)
    found = subprocess.run([*index, "search", "mandela"], cwd=tmp_path, env=elsewhere, capture_output=True, text=True)

    assert indexed.returncode == 0, indexed.stderr
    assert "Mandela" in found.stdout, found.stderr


def test_installed_command_serves_beside_other_packages_of_these_names(
    command: Command, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    line = '{"source": "1", "headline": "Ferry returns", "paragraphs": ["It sails."]}'
    (tmp_path / "articles.jsonl").write_text(line)
    index = [*command, "--index", f"tantivy:{tmp_path / 'index'}"]
    subprocess.run([*index, "index", "articles.jsonl"], cwd=tmp_path, env=elsewhere, check=True, capture_output=True)

    serving = subprocess.Popen([*index, "serve", "--port", "0"], cwd=tmp_path, env=elsewhere, stderr=subprocess.PIPE, text=True)
    try:
        address = read_line(serving).split()[-1]
        page = _get(address)
        sheet = _get(f"{address}static/broadsheet.css")
    finally:
        serving.terminate()
        serving.communicate(timeout=60)

    assert "Ferry returns" in page
    assert "{" in sheet


def test_module_is_the_command(from_wheel: Command, tmp_path: Path) -> None:
    python = str(Path(from_wheel[0]).with_name("python"))

    asked = subprocess.run([python, "-m", "indexer", "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert asked.stdout.startswith("broadsheet, version ")


def _get(address: str) -> str:
    with urlopen(address, timeout=60) as answer:
        text: str = answer.read().decode()
    return text


def _pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def _add_dependencies(packages: Path) -> None:
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
