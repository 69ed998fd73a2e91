"""A request is answered from one state of the index, in few questions: search/engines/protocol.py:Reader, on each engine."""

import re
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

import pytest
from counting import CountingReader
from flask.testing import FlaskClient

from indexer.load.reindex import reindex
from search.engines.protocol import Collection, Engine, Misspelt, Reader, Skip, open_engine
from search.indexing.fields import NAME
from search.model.article import Article, Caption, Paragraph, PrintedDate
from search.query.nodes import ANY, FACETS, MatchAll, Phrase, SearchRequest, Word
from search.settings import Settings
from web import index_handle
from web.app import create_app

MAX_QUESTIONS = 12
"""Of a page, to an engine."""


def report(number: int, language: str = "en", **fields: Any) -> Article:
    text = {
        "en": "The negotiators of the peace talks met in Geneva before the armistice was signed. A newspaper praised Ada Marsh.",
        "fr": "Les négociations sur la paix reprennent à Genève après l'armistice.",
        "de": "Die Verhandlungen über den Frieden gehen in Genf weiter.",
    }[language]
    return replace(
        Article(
            f"desk/{language}{number}",
            f"{language}{number}",
            headline=f"Talks, day {number}",
            paragraphs=(Paragraph(text), Paragraph(f"It was day {number}, said Bo Reed of the Harbour Post.")),
            captions=(Caption("A crowd before the palace", "Cy Dahl"),),
            authors=("Ada Marsh",),
            publisher=f"Outlet {number % 14}",
            section="World",
            language=language,
            published=PrintedDate(f"195{number % 10}", f"195{number % 10}"),
            captured="2000-01-01T00:00:00Z",
        ),
        **fields,
    )


ARCHIVE = [
    *(report(number, language) for language in ("en", "fr", "de") for number in range(8)),
    *(report(1, source=f"desk/version{n}", captured=f"2001-01-0{n}T00:00:00Z", headline=f"Talks, take {n}") for n in range(1, 8)),
    report(1, source="desk/version0", captured="1999-01-01T00:00:00Z", standfirst="Ministers hesitate."),
    report(90, id="piece", headline="A piece of music", paragraphs=(Paragraph("A piece of music, a place, a peach."),)),
    Collection("desk", "/desk"),
    Skip("desk/skipped", "1", "empty", "no text"),
]
LATER = report(99, source="desk/later", id="later", tags=("late",), paragraphs=(Paragraph("Peace talks: an armisticeless day."),))

SEARCHES = {
    "a word": "armistice",
    "a misspelt word": "armistise",
    "a word two edits off": "negtoiatorz",
    "a word that is none": "zzzzzzqq",
    "two misspelt words": "peice tlaks",
    "two misspelt words and one": "peice tlaks geneva",
    "a misspelt phrase": '"peice talks"',
    "a misspelt word that is strict": "armistise AND geneva",
    "words run together": "peacetalks",
    "a word torn apart": "news paper",
    "words that never stand together": '"geneva peace" piece',
    "strict words that never stand together": "piece AND armistice AND negotiators",
    "a word of another language": "verhandlungen peace",
    "two tiers": "armistice piece",
    "two tiers of many words": "armistice piece music place crowd",
    "what versions lost": "removed:hesitate",
    "patterns": "arm* w?rd negot*",
    "typos": "armistise~ genewa~",
}
ADDRESSES = {
    "front page": "/",
    **{f"{name} on a page": f"/?q={quote_plus(typed)}" for name, typed in SEARCHES.items()},
    **{f"{name} in JSON": f"/api/search?q={quote_plus(typed)}" for name, typed in SEARCHES.items()},
    "a misspelt word in a section": "/?q=armistise&section=World&author=Ada+Marsh",
    "a section that holds nothing": "/?q=armistise&section=Sport&from-date=1950",
    "a search by date": "/?q=armistice&order-by=newest&page-size=2",
    "a page of months": "/?q=armistice&from-date=1950&to-date=1952",
    "all versions": "/?q=armistice&versions=all",
    "facets in JSON": "/api/search?q=armistice&facets=section,author&timeline=year",
    "an explanation": "/?q=armistice+geneva+arm*+genewa~&explain=true",
    "an article": "/article/en1?q=armistice",
    "an earlier version": "/article/en1?version=desk/version2",
    "changes": "/changes/en1",
    "an article in JSON": "/api/articles/en1",
    "its versions": "/api/articles/en1/versions",
    "its likes": "/api/articles/en1/similar",
    "suggestions": "/api/suggest?q=peace+talks+bo+r",
    "more suggestions": "/api/suggest?q=ne",
    "names": "/names",
    "the API's description": "/api",
    "a feed": "/feed.atom?q=armistice",
}


class CountingEngine:
    """An engine whose readers count; `before` is called before each question."""

    def __init__(self, engine: Engine, before: Callable[[int], None] = lambda _: None) -> None:
        self.readers: list[CountingReader] = []
        self._engine = engine
        self._before = before

    def reader(self) -> CountingReader:
        self.readers.append(CountingReader(self._engine.reader(), self._before))
        return self.readers[-1]

    @property
    def asked(self) -> Counter[str]:
        return sum((reader.asked for reader in self.readers), Counter())


Ask = Callable[..., tuple[str, CountingEngine]]


@pytest.fixture
def ask(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Gets an address of an application that was just started, in which nothing is kept yet."""

    def get(address: str, before: Callable[[int], None] = lambda _: None, **post: Any) -> tuple[str, CountingEngine]:
        counting = CountingEngine(engine, before)
        monkeypatch.setattr(index_handle, "open_engine", lambda _: counting)
        client: FlaskClient = create_app(Settings(index=engine.url)).test_client()
        answer = client.post(address, data=post) if post else client.get(address)
        assert answer.status_code == 200
        return re.sub(r'"tookMs":[^,]+', "", answer.get_data(as_text=True)), counting

    return get


def test_a_page_asks_one_reader_few_questions(engine: Engine, ask: Ask) -> None:
    engine.add(ARCHIVE)
    asked = {name: ask(address)[1] for name, address in ADDRESSES.items()}
    asked["many names"] = ask("/names", names="\n".join(["Ada Marsh", "Bo Reed"] * 1_000))[1]

    assert {name: dict(some.asked) for name, some in asked.items() if some.asked.total() > MAX_QUESTIONS} == {}
    assert {name for name, some in asked.items() if not some.asked} == {"names"}  # which asks nothing until names are given
    assert {name: len(some.readers) for name, some in asked.items() if len(some.readers) != 1} == {}


MIXED = ("front page", "a word on a page", "a misspelt word on a page", "two tiers on a page", "an article", "two tiers in JSON")


@pytest.mark.parametrize("name", MIXED)
def test_a_page_mixes_nothing_of_what_is_committed_while_it_is_made(engine: Engine, ask: Ask, name: str) -> None:
    engine.add(ARCHIVE)
    before, plain = ask(ADDRESSES[name])
    commits: list[int] = []

    def commit(number: int) -> None:
        added = replace(LATER, source=f"desk/later{number}", id=f"later{number}")
        engine.add([added, replace(added, source=f"desk/version{number}9", id="en1", captured="2030-01-01T00:00:00Z")])
        commits.append(number)

    meanwhile, _ = ask(ADDRESSES[name], commit)

    assert len(commits) == plain.asked.total() > 1
    assert meanwhile == before
    assert ask(ADDRESSES[name])[0] != before


def everything(reader: Reader) -> dict[str, Any]:
    """All that a reader answers, hits by their source."""
    requests = [
        SearchRequest(query, size=100, facets=FACETS, facet_size=100, timeline="year", versions=versions, collapse=versions)
        for query in (MatchAll(), Word("peace"))
        for versions in (False, True)
    ]
    found = reader.search_each(requests)
    articles = [hit.article for hit in found[0].hits]
    return {
        "found": found,
        "one by one": [reader.search(request) for request in requests],
        "scores": reader.scores([Word("peace"), Word("talks")], articles),
        "tally": reader.tally([Word("peace")], 3),
        "article": (reader.get("en1"), reader.versions("en1"), reader.versions_each(["later", "en1"]), reader.copies("en1")),
        "known": reader.known(["desk/en1", "desk/later", "desk/skipped"]),
        "sources": sorted(map(str, reader.sources())),
        "collections": reader.collections(),
        "documents": sorted(map(str, reader.documents())),
        "languages": (reader.languages, reader.frequent_languages, reader.word_terms(["peace", "paix"])),
        "vocabulary": reader.words.beginning([("body", ""), ("headline", "t")]),
        "counts": reader.words.having([("all", "en|peac"), ("headline", "en|talk"), ("all", "en|armisticeless")]),
        "near": reader.words.near([Misspelt(ANY, "armistise", 1), Misspelt("body", "gneva", 2)]),
        "completions": (reader.words.completions(ANY, "arm", 5), reader.words.completions(NAME, "a", 5)),
        "stats": replace(reader.stats(), bytes=0),
        "generation": reader.generation,
    }


def test_a_reader_stays_at_its_state_whatever_is_written(engine: Engine) -> None:
    """Held by one that asked before, and by one that asks only afterwards, so that nothing can be kept of an answer."""
    engine.add(ARCHIVE)
    before = everything(engine.reader())
    with open_engine(engine.url) as first, open_engine(engine.url) as second:
        held = [first.reader(), second.reader()]
        assert held[0].generation == before["generation"]
        engine.add([LATER])
        engine.remove(["desk/en2", "desk/version7"])
        assert everything(held[0]) == before
        engine.close()
        assert reindex(engine.url) == len(ARCHIVE) - 1
        assert everything(held[1]) == before
        after = everything(second.reader())
        assert after.keys() == {name for name, answer in after.items() if answer != before[name]} | {
            "collections", "near", "completions", "languages"
        }  # fmt: skip
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(everything, held * 2)) == [before] * 4


def test_a_reader_is_the_same_until_something_changes(engine: Engine) -> None:
    engine.add(ARCHIVE)
    reader = engine.reader()
    assert engine.reader() is reader
    engine.add([LATER])
    assert engine.reader() is not reader


def test_an_open_engine_finds_the_index_that_a_reindex_put_in_its_place(engine: Engine) -> None:
    engine.add(ARCHIVE)
    engine.close()
    with open_engine(engine.url) as opened:
        generations = {opened.reader().generation}
        for _ in range(2):
            reindex(engine.url)
            generations.add(opened.reader().generation)
            assert opened.reader().search(SearchRequest(MatchAll())).total == 25
        assert len(generations) == 3
        opened.check_health()


def test_threads_share_a_reader(engine: Engine) -> None:
    """Each asks for words that none has asked for, while the others read too."""
    texts = [" ".join(f"word{n * m}" for m in range(1, 40)) for n in range(30)]
    engine.add(replace(report(n), paragraphs=(Paragraph(text),)) for n, text in enumerate(texts))
    requests = [SearchRequest(query, size=30) for n in range(100) for query in (Word(f"word{n}"), Phrase((f"word{n}",)))]
    expected = engine.reader().search_each(requests)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(8):
            with open_engine(engine.url) as other, ThreadPoolExecutor(8) as threads:
                assert list(threads.map(other.reader().search, requests)) == expected
    finally:
        sys.setswitchinterval(interval)
