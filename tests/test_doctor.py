"""`broadsheet doctor`: each thing that can be odd, and what is told to do about it."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner
from press import ARTICLES, archive_of

import indexer.doctor.place as place_checks
from indexer.cli.commands import main
from indexer.doctor.backups import MAX_AGE_DAYS, check_backup
from indexer.doctor.contents import MAX_SHARE, SKIPS
from indexer.doctor.examine import examine
from indexer.doctor.finding import Finding
from indexer.doctor.installation import unfit
from indexer.doctor.place import check_place, file_system
from search.engines.disk.backup import BACKUP_FILE
from search.engines.disk.durable_files import read_signed, write_signed
from search.engines.protocol import Collection, Engine, Skip, open_engine
from search.errors import PAGE_ERRORS
from search.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A healthy archive: most articles have all."""
    return archive_of(tmp_path, *(replace(each, publisher=each.publisher or "Lens") for each in ARTICLES))


@pytest.fixture
def path(settings: Settings) -> Path:
    return Path(settings.index.partition(":")[2])


@pytest.fixture
def opened(settings: Settings) -> Iterator[Engine]:
    with open_engine(settings.index) as engine:
        yield engine


def found(settings: Settings, check: str, backup: Path | None = None) -> list[Finding]:
    return [each for each in examine(settings, backup) if each.check == check]


def test_of_a_healthy_archive_nothing_is_to_be_done(settings: Settings) -> None:
    assert [each for each in examine(settings) if each.do] == []
    done = CliRunner().invoke(main, ["--index", settings.index, "doctor"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"articles     {len({each.id for each in ARTICLES})}; earlier versions: " in done.stdout


def test_what_is_to_be_done_is_told_and_makes_the_exit_code_1(settings: Settings, path: Path) -> None:
    path.chmod(0o755)
    done = CliRunner().invoke(main, ["--index", settings.index, "doctor"])
    assert done.exit_code == 1
    assert (
        f"! permissions  others than the owner can look into the index (mode 755)\n{' ' * 15}-> chmod 700 {path}\n" in done.stdout
    )
    told = json.loads(CliRunner().invoke(main, ["--index", settings.index, "doctor", "--json"]).stdout)
    assert told["index"] == settings.index
    assert [each["do"] for each in told["findings"] if each["do"]] == [f"chmod 700 {path}"]


def test_nothing_is_changed(settings: Settings, path: Path) -> None:
    before = {file: file.read_bytes() for file in path.iterdir()}
    tuple(examine(settings))
    assert {file: file.read_bytes() for file in path.iterdir()} == before


# --- program and machine ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requirement", "told"),
    [
        ("click>=8.1", None),
        ("click>=999", f"click is {version('click')}, not >=999"),
        ("click>=8,<8.1", f"click is {version('click')}, not <8.1"),
        ("no-such-package>=1", "no-such-package is missing"),
        ('no-such-package>=1; extra == "dev"', None),
        ('no-such-package>=1; python_version < "3.0"', None),
        ('no-such-package>=1; python_version < "9.0"', "no-such-package is missing"),
        ("click", None),
    ],
)
def test_libraries_that_do_not_fit_are_named(requirement: str, told: str | None) -> None:
    assert list(unfit([requirement])) == ([told] if told else [])


def test_a_clock_that_is_behind_is_noticed(settings: Settings, path: Path) -> None:
    later = time.time() + 3 * 3600
    os.utime(next(path.iterdir()), (later, later))
    (clock,) = found(settings, "clock")
    assert clock.do == "set the clock of this machine (NTP)"


# --- the directory ---------------------------------------------------------------------------------------------------


def of_place(path: Path, check: str) -> Finding:
    (finding,) = (each for each in check_place(path) if each.check == check)
    return finding


def test_a_disk_without_room_for_the_index_once_more_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_place(path, "disk").do is None
    monkeypatch.setattr(place_checks, "free_bytes", lambda _: 100_000_000)
    assert of_place(path, "disk").says.startswith("100.0 MB free, the index takes ")
    assert "make room" in str(of_place(path, "disk").do)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_of_another_user_are_told(path: Path) -> None:
    os.chown(next(path.iterdir()), 12345, -1)
    assert of_place(path, "permissions").do == f"give them to the owner: chown -R 0 {path}"


MOUNTS = [
    "22 1 8:1 / / rw - ext4 /dev/sda1 rw",
    "23 22 0:40 / /srv rw,relatime shared:1 - nfs4 nas:/pages rw",
    "24 23 8:2 / /srv/fast\\040disk rw - xfs /dev/sdb1 rw",
    "25 22 8:3 / /media rw - vfat /dev/sdc1 rw",
    "26 22 0:30 / /tmp rw - tmpfs tmpfs rw",
]


@pytest.mark.parametrize(
    ("path", "kind", "odd"),
    [
        ("/home/archive", "ext4, mounted at /", False),
        ("/srv/archive", "nfs4, mounted at /srv, does not promise locks", True),
        ("/srv/fast disk/archive", "xfs, mounted at /srv/fast disk", False),
        ("/srvx/archive", "ext4, mounted at /", False),
        ("/media/archive", "vfat, mounted at /media, does not promise permissions", True),
        ("/tmp/archive", "tmpfs, mounted at /tmp, does not promise to keep", True),
    ],
)
def test_a_file_system_without_the_promises_is_told(path: str, kind: str, odd: bool) -> None:
    finding = file_system(Path(path), MOUNTS)
    assert finding.says.startswith(kind)
    assert bool(finding.do) == odd


def test_what_a_run_left_that_was_cut_off_is_told(path: Path) -> None:
    assert of_place(path, "left-overs") == Finding("left-overs", "none")
    path.with_name(f".{path.name}.reindex").mkdir()
    draft = path / "commit.json.0a1b2c3d.new"
    draft.write_text("{}")
    assert str(draft) not in of_place(path, "left-overs").says  # it may be being written
    os.utime(draft, (0, 0))
    assert f".{path.name}.reindex, {draft}" in of_place(path, "left-overs").says
    assert of_place(path, "left-overs").do


def test_a_process_that_writes_is_told_and_is_nothing_odd(path: Path, opened: Engine) -> None:
    opened.lock()
    assert of_place(path, "writer").says.startswith("a process is writing to the index (")
    assert of_place(path, "writer").do is None
    opened.close()
    assert of_place(path, "writer").says == "no process is writing to the index"


def test_asking_who_writes_leaves_the_lock_free(path: Path) -> None:
    of_place(path, "writer")
    for lock in path.glob(".*lock"):
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


# --- the index -------------------------------------------------------------------------------------------------------


def test_an_index_of_another_version_is_told_with_the_command_that_mends_it(settings: Settings, path: Path) -> None:
    write_signed(path / "broadsheet.json", read_signed(path / "broadsheet.json") | {"analysis": 0})
    (index,) = found(settings, "index")
    assert "another version of Broadsheet" in index.says
    assert index.do == f"Rebuild it with `broadsheet reindex --index {settings.index}`."


def test_a_missing_index_is_told(tmp_path: Path) -> None:
    (index,) = found(Settings(index=f"tantivy:{tmp_path / 'none'}"), "index")
    assert index.says.startswith("There is no index at")
    assert str(index.do).startswith("Create one with `broadsheet index")


@pytest.mark.parametrize(
    ("check", "lacking"),
    [
        ("dates", {"published": None}),
        ("headlines", {"headline": None}),
        ("languages", {"language": None}),
        ("publishers", {"publisher": None}),
    ],
)
def test_a_large_share_of_articles_that_lack_something_is_told(tmp_path: Path, check: str, lacking: dict[str, None]) -> None:
    whole = [replace(ARTICLES[0], id=f"a{n}", source=f"press/{n}.html", url=None) for n in range(20)]
    few = int(MAX_SHARE * 20)
    some = [replace(each, **lacking) for each in whole[:few]] + whole[few:]
    (as_usual,) = found(archive_of(tmp_path / "few", *some), check)
    (odd,) = found(archive_of(tmp_path / "many", *some[:few], replace(whole[few], **lacking), *whole[few + 1 :]), check)
    assert (as_usual.do, as_usual.says[:28]) == (None, f"{few} of 20 articles (10%) have no"[:28])
    assert odd.says.startswith(f"{few + 1} of 20 articles (15%) have no ")
    assert odd.do


def test_earlier_versions_are_not_counted_as_articles(tmp_path: Path) -> None:
    old, new = (replace(ARTICLES[0], captured=f"200{n}-01-01T00:00:00Z", source=f"{n}.html", headline=None) for n in (1, 2))
    (headlines,) = found(archive_of(tmp_path, old, new), "headlines")
    assert headlines.says == "1 of 1 articles (100%) has no headline"


@pytest.mark.parametrize("code", PAGE_ERRORS)
def test_skipped_pages_are_told_by_class(settings: Settings, opened: Engine, code: str) -> None:
    opened.add([Skip(f"press/{n}.html", "1", code, "why") for n in range(2)])
    assert found(settings, "skipped") == [Finding("skipped", f"2 pages: {code}", SKIPS.get(code))]


def test_advice_on_skips_is_for_codes_that_exist_and_settings_that_exist() -> None:
    assert set(SKIPS) <= set(PAGE_ERRORS)
    for name in ("PAGE_SECONDS", "PAGE_BYTES", "PAGE_MEMORY"):
        assert hasattr(Settings(), name.lower())


def test_a_folder_that_is_gone_is_told(settings: Settings, opened: Engine, tmp_path: Path) -> None:
    opened.add([Collection("here", str(tmp_path)), Collection("desk", "/no/such/folder")])
    (gone,) = found(settings, "folders")
    assert gone.says == "/no/such/folder of the collection desk is gone"
    assert "--collection desk" in str(gone.do)


# --- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_is_asked_for_by_its_age(settings: Settings, path: Path, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    assert found(settings, "backup") == []
    assert found(settings, "backup", place) == [Finding("backup", f"there is none at {place}", f"broadsheet backup {place}")]
    CliRunner().invoke(main, ["--index", settings.index, "backup", str(place)])
    assert found(settings, "backup", place) == [Finding("backup", "made today")]

    made = datetime.now(UTC) - timedelta(days=MAX_AGE_DAYS, hours=1)
    write_signed(place / BACKUP_FILE, read_signed(place / BACKUP_FILE) | {"made": made.isoformat(timespec="seconds")})
    assert check_backup(path, place) == Finding(
        "backup", f"made {MAX_AGE_DAYS} days ago; the index was written to since", f"broadsheet backup {place}"
    )
    for file in path.iterdir():
        os.utime(file, (0, 0))
    assert check_backup(path, place) == Finding("backup", f"made {MAX_AGE_DAYS} days ago")
    assert "of another index" in check_backup(tmp_path / "other", place).says


@pytest.mark.parametrize("about", [{"made": "2022-03-01T00:00:00+00:00"}, {"made": "2022-03-01", "index": "/srv/a"}, {"made": 7}])
def test_what_a_backup_says_of_itself_may_be_nonsense(path: Path, tmp_path: Path, about: dict[str, object]) -> None:
    write_signed(tmp_path / BACKUP_FILE, about)
    assert check_backup(path, tmp_path).says.startswith(f"the one at {tmp_path} cannot be read: ")


def test_a_folder_that_holds_no_index_is_only_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    tmp_path.chmod(0o755)
    named = [each.check for each in examine(Settings(index=f"tantivy:{tmp_path}"))]
    assert named == ["libraries", "clock", "index"]
