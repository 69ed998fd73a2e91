"""What is withdrawn is gone from every engine, comes back in no way, and leaves an entry."""

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.load.reindex import copy_index, reindex
from indexer.load.withdraw import end_embargoes, end_withdrawals, withdraw
from search.engines.protocol import Container, Engine, Misspelt, Skip, open_engine
from search.errors import IndexLocked
from search.model.article import Article, Caption, Paragraph, PrintedDate, article_id
from search.model.withdrawal import Blocks, utc_now
from search.query.nodes import MatchAll, SearchRequest

ODD = "qzxvjkwqorp"
"""A word that no other article has."""
ADDRESS = "https://www.beacon.example/2020/tower"
TEXT = (
    "The tower by the harbour was sold to a family who asked not to be named, for a sum that nobody at the table would confirm."
)
TOWER = Article(
    "beacon/tower.html",
    article_id(ADDRESS, ""),
    "1-2",
    "2020-02-01T10:00:00Z",
    ADDRESS,
    "City Beacon",
    f"Tower sold {ODD}",
    paragraphs=(Paragraph(f"{TEXT} {ODD}"),),
    captions=(Caption(f"The {ODD} tower", "Jo Weber"),),
    authors=(f"Ada {ODD}",),
    section=ODD.title(),
    language="en",
    published=PrintedDate("Feb. 1, 2020", "2020-02-01"),
)
EARLIER = replace(TOWER, source="beacon/tower-early.html", captured="2020-01-01T10:00:00Z", headline=f"Tower for sale {ODD}")
OTHERS = tuple(
    Article(
        f"beacon/{n}.html",
        f"other-{n}",
        headline=f"Harbour talks, day {n}",
        url=f"https://beacon.example/{n}",
        paragraphs=(Paragraph(f"Envoys met at the harbour for the {n}th time. {TEXT[:60]}"),),
        language="en",
    )
    for n in range(6)
)


def directory(engine: Engine) -> Path:
    return Path(engine.url.partition(":")[2])


def files_with(engine: Engine, word: str) -> list[str]:
    """Those of the index that have the word among their bytes."""
    return sorted(file.name for file in directory(engine).iterdir() if word.encode() in file.read_bytes())


def ids(engine: Engine) -> set[str]:
    return {each.id for each in engine.reader().documents() if isinstance(each, Article)}


def filled(engine: Engine) -> Engine:
    """In several commits, so that there are segments."""
    engine.add([*OTHERS[:3], EARLIER])
    engine.add([TOWER, *OTHERS[3:]])
    return engine


def test_a_withdrawn_article_is_gone_with_its_versions_and_its_words(engine: Engine) -> None:
    filled(engine)
    before = engine.reader()
    assert before.words.beginning([("body", ODD)]) != [[]]
    done, unknown = withdraw(engine, [TOWER.id], "court order", by="ada")
    reader = engine.reader()
    assert reader.generation != before.generation
    assert (reader.get(TOWER.id), reader.versions(TOWER.id), ids(engine)) == (None, [], {each.id for each in OTHERS})
    found = reader.search(SearchRequest(MatchAll(), facets=("section", "author"), versions=True))
    assert (found.total, [facet.values for facet in found.facets]) == (6, [(), ()])
    words = reader.words
    fields = ("headline", "body", "caption", "author", "section")
    assert words.beginning([(field, ODD) for field in fields]) == [[] for _ in fields]
    assert words.near([Misspelt("body", ODD[:-1] + "x", 1)]) == [{}]
    assert words.completions("name", ODD, 5) == []
    stats = reader.stats()
    assert (stats.articles, stats.versions, stats.languages) == (6, 0, {"en": 6})
    assert (unknown, set(done[0].sources), done[0].reason, done[0].by) == (
        [],
        {TOWER.source, EARLIER.source},
        "court order",
        "ada",
    )
    assert reader.withdrawals() == (replace(done[0], erased=True),)
    assert engine.verify() == []


def test_no_file_holds_the_text_afterwards(engine: Engine) -> None:
    filled(engine)
    engine.remove([EARLIER.source])  # its text is in a segment still, or was merged away
    engine.add([EARLIER])
    assert files_with(engine, ODD)
    withdraw(engine, [TOWER.id], "court order", by="ada")
    assert files_with(engine, ODD) == []
    engine.add([replace(OTHERS[0], stamp="new")])
    engine.close()
    with open_engine(engine.url) as again:
        assert files_with(again, ODD) == []
        assert again.reader().search(SearchRequest(MatchAll())).total == 6
        assert again.verify() == []


COMING_BACK = {
    "by its source": replace(TOWER, stamp="3"),
    "by its id": replace(TOWER, source="lens/1.html", url=None),
    "by its address": replace(TOWER, source="lens/1.html", id="given"),
    "by another spelling of its address": replace(
        TOWER, source="lens/1.html", id="x", url="http://BEACON.example/2020/tower/?utm_a=b"
    ),
    "by its source, with another text": replace(TOWER, id="x", url=None, paragraphs=(Paragraph("Sold."),)),
    "as a copy without an address": replace(TOWER, source="lens/1.html", id="x", url=None, publisher=None),
    "as a copy in other capitals": replace(
        TOWER, source="a/1", id="x", url=None, paragraphs=(Paragraph(f"{TEXT}\n{ODD.upper()}"),)
    ),
    "as an earlier version": replace(EARLIER, source="lens/1.html", id="x"),
}
OTHER_ARTICLES = {
    "of another address": replace(TOWER, source="lens/1.html", id="x", url="https://lens.example/tower"),
    "of another publisher": replace(TOWER, source="lens/1.html", id="x", url=None, publisher="Lens"),
    "at the same place": replace(TOWER, id="x", url="https://beacon.example/2021/bridge"),
    "with the same headline": replace(TOWER, source="lens/1.html", id="x", url=None, paragraphs=(Paragraph("Sold."),)),
}


@pytest.mark.parametrize("back", COMING_BACK.values(), ids=COMING_BACK)
def test_a_withdrawn_article_does_not_come_back(engine: Engine, back: Article) -> None:
    filled(engine)
    withdraw(engine, [TOWER.id], "court order", by="ada")
    unread = Skip(back.source, "", "unreadable", "no permission")
    engine.add([unread])
    report = engine.add([back, OTHERS[0]])
    assert (report.added, report.failed, report.withdrawn) == (1, (), (back.source,))
    assert engine.reader().known([back.source]) == {}
    assert ids(engine) == {each.id for each in OTHERS}
    assert engine.reader().withdrawals()[0].sources[back.source] == back.stamp
    assert files_with(engine, ODD) == []


@pytest.mark.parametrize("other", OTHER_ARTICLES.values(), ids=OTHER_ARTICLES)
def test_another_article_is_not_taken_for_it(engine: Engine, other: Article) -> None:
    filled(engine)
    withdraw(engine, [TOWER.id], "court order", by="ada")
    assert engine.add([other]).withdrawn == ()
    assert "x" in ids(engine)
    assert engine.verify() == []


def test_copies_that_the_index_has_are_withdrawn_with_it(engine: Engine) -> None:
    copies = {name: replace(copy, source=f"lens/{number}.html") for number, (name, copy) in enumerate(COMING_BACK.items())}
    del copies["by its source"], copies["by its source, with another text"]
    filled(engine).add(copies.values())
    done, _ = withdraw(engine, [ADDRESS], "court order", by="ada")
    assert set(done[0].sources) == {TOWER.source, EARLIER.source, *(copy.source for copy in copies.values())}
    assert ids(engine) == {each.id for each in OTHERS}
    assert files_with(engine, ODD) == []


def test_short_texts_do_not_tell_articles_apart(engine: Engine) -> None:
    brief = [Article(f"desk/{n}", f"brief-{n}", headline="Picture", paragraphs=(Paragraph("Seen today."),)) for n in (1, 2)]
    engine.add(brief)
    withdraw(engine, ["brief-1"], "wrong picture", by="ada")
    assert ids(engine) == {"brief-2"}


def test_what_is_withdrawn_again_is_never_without_a_block(engine: Engine) -> None:
    filled(engine)
    withdraw(engine, [TOWER.id], "court order", by="ada", until="2999-01-01T00:00:00Z")
    first = replace(engine.reader().withdrawals()[0], at="2020-01-01T00:00:00Z")  # not within the same second
    engine.withdraw([replace(engine.reader().withdrawals()[0], ended=utc_now()), first])
    done, _ = withdraw(engine, [ADDRESS], "for good", by="eve")
    standing = Blocks(engine.reader().withdrawals(), utc_now()).holding
    assert [(each.reason, each.until, each.sources) for each in standing] == [("for good", None, first.sources)]
    assert len(done) == 1
    ended = [each for each in engine.reader().withdrawals() if each.at == first.at]
    assert [(each.ended_by, each.ended is None) for each in ended] == [("eve", False)]


def test_an_article_that_is_not_indexed_is_withdrawn_by_its_address(engine: Engine) -> None:
    assert withdraw(engine, ["no-such-id", "https://beacon.example/"], "typo", by="ada")[1] == [
        "no-such-id",
        "https://beacon.example/",
    ]
    withdraw(engine, [ADDRESS], "embargo", by="ada")
    assert engine.add([TOWER]).withdrawn == (TOWER.source,)
    assert Blocks(engine.reader().withdrawals(), utc_now()).named(TOWER.id)


def test_undoing_lets_the_article_in_and_keeps_the_entry(engine: Engine) -> None:
    filled(engine)
    withdraw(engine, [TOWER.id], "court order", by="ada")
    done, unknown = end_withdrawals(engine, [ADDRESS, "other-1"], by="eve")
    assert ([each.id for each in done], unknown) == ([TOWER.id], ["other-1"])
    assert ids(engine) == {each.id for each in OTHERS}
    assert engine.add([TOWER]).withdrawn == ()
    entry = engine.reader().withdrawals()[0]
    assert (entry.id, entry.by, entry.ended_by, entry.ended is None) == (TOWER.id, "ada", "eve", False)
    assert end_withdrawals(engine, [TOWER.id], by="eve")[1] == [TOWER.id]


def test_an_embargo_ends_by_itself_and_files_of_records_are_opened_again(engine: Engine) -> None:
    engine.add([Container("beacon/crawl.warc", "7"), replace(TOWER, source="beacon/crawl.warc!/1")])
    withdraw(engine, [TOWER.id], "embargo", by="ada", until="2999-01-01T00:00:00Z")
    end_embargoes(engine)
    assert engine.reader().known(["beacon/crawl.warc"]) == {"beacon/crawl.warc": "7"}
    engine.add([replace(engine.reader().withdrawals()[0], until="2000-01-01T00:00:00Z")])
    end_embargoes(engine)
    entry = engine.reader().withdrawals()[0]
    assert (entry.ended, entry.ended_by) == ("2000-01-01T00:00:00Z", "")
    assert engine.reader().known(["beacon/crawl.warc"]) == {"beacon/crawl.warc": ""}
    assert engine.add([TOWER]).withdrawn == ()


def test_a_rebuilt_index_keeps_out_the_same(engine: Engine, tmp_path: Path) -> None:
    filled(engine)
    withdraw(engine, [TOWER.id], "court order", by="ada")
    withdrawals = engine.reader().withdrawals()
    engine.close()
    reindex(engine.url)
    other = f"whoosh:{tmp_path / 'other'}"
    copy_index(engine.url, other)
    for url in (engine.url, other):
        with open_engine(url) as again:
            assert again.reader().withdrawals() == withdrawals
            assert again.add([TOWER]).withdrawn == (TOWER.source,)
            assert again.verify() == []


def test_a_blocked_article_in_the_index_is_a_problem(engine: Engine) -> None:
    filled(engine)
    withdraw(engine, [TOWER.id], "court order", by="ada")
    entry = engine.reader().withdrawals()[0]
    engine.add([replace(entry, ended=utc_now())])
    engine.add([TOWER])
    engine.add([entry])
    assert engine.verify() == [f"{TOWER.source} holds the article {TOWER.id}, which was withdrawn; withdraw it again"]
    withdraw(engine, [TOWER.id], "court order", by="ada")
    assert engine.verify() == []


def test_nothing_is_withdrawn_while_another_process_writes(engine: Engine) -> None:
    filled(engine).lock()
    with open_engine(engine.url) as other, pytest.raises(IndexLocked):
        withdraw(other, [TOWER.id], "court order", by="ada")
    assert TOWER.id in ids(engine)


KILLED = """
import os, sys
from indexer.load.withdraw import withdraw
from search.engines.protocol import open_engine
left = int(sys.argv[3])
def counted(call):
    def count(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
        return call(*given, **named)
    return count
with open_engine(sys.argv[1]) as engine:
    os.fsync, os.rename, os.unlink = counted(os.fsync), counted(os.rename), counted(os.unlink)
    withdraw(engine, [sys.argv[2]], "court order", by="ada")
print("done")
"""


def test_a_withdrawal_that_is_killed_at_any_step_is_whole_or_nothing_and_ended_by_the_next_writer(engine: Engine) -> None:
    filled(engine).close()
    states = set()
    for step in range(1, 200):
        place = directory(engine).with_name(f"killed-{step}")
        subprocess.run(["cp", "-a", directory(engine), place], check=True)
        url = f"{engine.url.partition(':')[0]}:{place}"
        command = [sys.executable, "-c", KILLED, url, TOWER.id, str(step)]
        killed = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1])
        assert killed.returncode in (0, -signal.SIGKILL), killed.stderr
        with open_engine(url) as after:
            held = Blocks(after.reader().withdrawals(), utc_now()).named(TOWER.id)
            assert (held is None) == (TOWER.id in ids(after))
            states.add((held is not None, bool(held and held.erased)))
            assert after.verify() == []
            after.add([OTHERS[0]])
            assert held is None or files_with(after, ODD) == []
        if killed.returncode == 0:
            break
    assert states == {(False, False), (True, False), (True, True)}
