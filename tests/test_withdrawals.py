"""What is withdrawn is gone from every engine, comes back in no way, and leaves an entry."""

from dataclasses import replace
from pathlib import Path

from indexer.load.withdraw import withdraw
from search.engines.protocol import Engine, Misspelt, open_engine
from search.model.article import Article, Caption, Paragraph, article_id
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
