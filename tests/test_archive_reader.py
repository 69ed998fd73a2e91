"""Archives read in a process of their own: a hostile file ends its process, and the run goes on."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.load.archive_reader import MIN_BYTES_PER_SECOND, ArchiveReader
from indexer.load.pipeline import load
from indexer.sources.files.read import open_regular
from indexer.sources.source_file import SourceFile
from search.engines.protocol import open_engine
from search.errors import PageError
from search.settings import Settings

SETTINGS = Settings(jobs=1, page_seconds=1, page_memory=300_000_000)
FEED = "<rss><channel><title>Beacon</title>{}</channel></rss>"
ITEM = "<item><guid>{0}</guid><title>{1}</title><description>The delegates met in the long hall before noon.</description></item>"


def behave(file: SourceFile, _: Settings) -> Iterator[SourceFile]:
    """Runs in the reading process: a record, then what the file's name says, then another record."""
    yield file.record("1", "a")
    match os.path.basename(file.path).partition(" ")[0]:
        case "hang":
            burn(60)
        case "wait":
            time.sleep(60)
        case "slow":
            burn(1.6)
            yield file.record("slow", "b")
        case "twice":
            burn(1.6)
            yield file.record("slow", "b")
            burn(1.6)
        case "gorge":
            bytearray(2_000_000_000)
        case "nest":
            yield from behave_for_ever(file)
        case "fail":
            raise KeyError("headline")
        case "refuse":
            raise PageError("not-a-page", "there is none")
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "once":
            died = Path(file.path + ".died")
            if not died.exists():
                died.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case "pid":
            yield file.record(str(os.getpid()), "c")
    yield file.record("2", "d")


def behave_for_ever(file: SourceFile) -> Iterator[SourceFile]:
    yield from behave_for_ever(file)


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def listed(path: str) -> SourceFile:
    return SourceFile("demo/file", path, "stamp", "", "feed")


def told(found: list[SourceFile]) -> list[str]:
    """The records by their names, a problem by its code."""
    return [each.problem[0] if each.problem else each.source.partition("!/")[2] for each in found]


@pytest.fixture
def reader() -> Iterator[ArchiveReader]:
    with ArchiveReader(SETTINGS, behave) as reader:
        yield reader


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("hang", "timed-out"),
        ("gorge", "out-of-memory"),
        ("die", "out-of-memory"),
        ("nest", "too-complex"),
        ("fail", "failed"),
        ("refuse", "not-a-page"),
    ],
)
def test_a_file_that_ends_its_reading_is_reported_after_its_records_and_the_next_is_read(
    reader: ArchiveReader, name: str, code: str
) -> None:
    *records, last = reader.records(listed(name))
    assert told(records) == ["1"]
    assert (last.source, last.problem and last.problem[0]) == ("demo/file", code)
    assert told(list(reader.records(listed("fine")))) == ["1", "2"]


def test_a_file_of_which_nothing_comes_is_given_up(reader: ArchiveReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.load.archive_reader.WALL_FACTOR", 2)
    assert told(list(reader.records(listed("wait")))) == ["1", "timed-out"]
    assert told(list(reader.records(listed("fine")))) == ["1", "2"]


def test_a_file_whose_process_died_is_read_by_a_second_one_and_no_record_comes_twice(
    reader: ArchiveReader, tmp_path: Path
) -> None:
    assert told(list(reader.records(listed(str(tmp_path / "once"))))) == ["1", "2"]


def test_a_file_that_failed_is_tried_again_by_the_next_run(reader: ArchiveReader) -> None:
    assert [each.stamp for each in reader.records(listed("fail"))] == ["a", ""]
    assert [each.stamp for each in reader.records(listed("gorge"))] == ["a", "stamp"]


def test_a_large_file_has_more_time_in_all_but_not_for_each_record(reader: ArchiveReader, tmp_path: Path) -> None:
    for name in ("slow", "twice"):
        (tmp_path / name).touch()
        os.truncate(tmp_path / name, MIN_BYTES_PER_SECOND)
    assert told(list(reader.records(listed("slow")))) == ["1", "timed-out"]
    assert told(list(reader.records(listed(str(tmp_path / "slow"))))) == ["1", "slow", "2"]
    assert told(list(reader.records(listed(str(tmp_path / "twice"))))) == ["1", "slow", "timed-out"]


def test_one_process_reads_many_files(reader: ArchiveReader) -> None:
    [first, second] = [told(list(reader.records(listed("pid"))))[1] for _ in range(2)]
    assert first == second != str(os.getpid())


def test_reading_ends_when_it_is_to_stop_though_no_record_comes(reader: ArchiveReader) -> None:
    assert told(list(reader.records(listed("hang"), lambda: True))) in ([], ["1"])
    assert told(list(reader.records(listed("fine")))) == ["1", "2"]


def test_what_is_left_of_an_archive_that_is_not_read_on_does_not_come_with_the_next(reader: ArchiveReader) -> None:
    left = reader.records(listed("fine"))
    next(left)
    left.close()
    assert told(list(reader.records(listed("refuse")))) == ["1", "not-a-page"]


def test_a_feed_of_which_one_title_takes_the_parser_seconds_is_given_up(tmp_path: Path) -> None:
    attributes = " ".join(f'a{number}=""' for number in range(60_000))
    path = tmp_path / "slow.rss"
    path.write_text(FEED.format(ITEM.format(1, "Truce signed") + ITEM.format(2, f"<![CDATA[<b {attributes}>]]>")))
    with ArchiveReader(SETTINGS) as reader:
        assert told(list(reader.records(listed(str(path))))) == ["1", "timed-out"]


def test_an_export_that_takes_too_much_memory_is_reported_by_name_and_the_run_goes_on(tmp_path: Path) -> None:
    root = tmp_path / "feeds"
    root.mkdir()
    (root / "a-wide.rss").write_text(FEED.format(f"<item>{'<a/>' * 2_400_000}</item>"))
    (root / "b-good.rss").write_text(FEED.format(ITEM.format(1, "Truce signed")))
    with open_engine(f"tantivy:{tmp_path / 'index'}", create=True) as engine:
        report = load([str(root)], engine, Settings(jobs=1, page_seconds=60, page_memory=250_000_000))
    assert report.indexed == 1
    assert [(os.path.basename(skipped.path), skipped.code) for skipped in report.skipped] == [("a-wide.rss", "out-of-memory")]


def test_what_has_become_a_pipe_since_it_was_listed_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no regular file"):
        open_regular(str(tmp_path / "pipe"), os.O_RDONLY)
