"""What every engine promises (search/engines/protocol.py), asked of each of them on a real index, and compared with
tests/oracle.py. What the directory of an embedded one has to be: test_engine_directory.py."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest
from archives import TERMS, archives, misspelt, requests
from conftest import OpenNew
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import answer, completions, near_words

from search.engines.prepare import prepare
from search.engines.protocol import Collection, Container, Document, Engine, Misspelt, Prepared, Skip, SourceEntry, open_engine
from search.errors import EngineError, IndexLocked, QueryRefused, SettingsError
from search.highlight.highlighter import marks
from search.indexing.fields import NAME, filter_value
from search.model.article import Article, Caption, Paragraph, PrintedDate, Quote, Span, tiebreak_key
from search.model.instants import instant_number, instant_text
from search.model.results import FacetValue, Period
from search.query.nodes import (
    ANY,
    FACETS,
    Added,
    And,
    AtLeast,
    DateRange,
    FieldEquals,
    Fuzzy,
    Has,
    InstantRange,
    MatchAll,
    MatchNone,
    Near,
    Not,
    Or,
    OrderBy,
    Phrase,
    PhrasePrefix,
    Preference,
    Prefix,
    Query,
    Quoted,
    Removed,
    SearchRequest,
    Wildcard,
    Word,
    has_words,
    place_of,
)
from search.query.parameters import ORDERS
from search.query.parsing.parser import parse
from search.service.search import SearchParams, search_request


def article(name: str, *paragraphs: str, day: str | None = None, id: str | None = None, **fields: object) -> Article:
    source = name if "/" in name else f"desk/{name}"
    published = PrintedDate(day, day) if day else None
    base = Article(source, id or source, language="en", published=published, paragraphs=tuple(map(Paragraph, paragraphs)))
    return replace(base, **fields)  # type: ignore[arg-type]


def found(engine: Engine, query: Query, **request: object) -> list[str]:
    """The names of the articles found, in order."""
    results = engine.reader().search(SearchRequest(query, size=1000, **request))  # type: ignore[arg-type]
    names = [hit.article.source.removeprefix("desk/") for hit in results.hits]
    assert results.total == len(names)
    return names


PEACE = [
    article(
        "signed",
        "Negotiators said the cease-fire holds.",
        "Both sides met in Geneva.",
        headline="Truce signed after high-level negotiations",
        captions=(Caption("Delegates shake hands", "Ann O'Brien"), Caption("A crowd in Kiev")),
        authors=("María Peña",),
        section="World",
        dateline="GENEVA, Switzerland",
        tags=("peace talks",),
        publisher="The Beacon",
        url="https://example.org/peace/truce-signed",
        day="2022-03-04",
    ),
    article(
        "failed",
        "The talks failed; shots were fired.",
        headline="No truce",
        alternative_headline="Envoys depart",
        section="World",
        day="2022-03-05",
    ),
    article("french", "Les négociations reprennent à l'accord près.", language="fr", day="2022-04"),
    article("chinese", "双方在日内瓦签署停火协议。", headline="停火", language="zh", day="1953"),
    article("undated", "An old treaty, a very old treaty.", corrections=("An earlier version misspelt Gerhard.",)),
]

QUERIES: dict[str, tuple[Query, set[str]]] = {
    "a word is stemmed": (Word("negotiation"), {"signed"}),
    "a word meets the stemmer of each language": (Word("négociation"), {"french"}),
    "a word without its accents": (Word("negociations"), {"french"}),
    "a word joined by a hyphen": (Word("ceasefire"), {"signed"}),
    "a word in a headline": (Word("truces", "headline"), {"signed", "failed"}),
    "a word of the other headline": (Word("envoy", "headline"), {"failed"}),
    "a word of the other headline, without a field": (Word("departing"), {"failed"}),
    "a phrase ends with its headline": (Phrase(("truce", "envoys"), "headline"), set()),
    "a word in the body only": (Word("truce", "body"), set()),
    "a word in a caption": (Word("crowds", "caption"), {"signed"}),
    "a name by a part of it": (Word("peña", "author"), {"signed"}),
    "a name is not stemmed": (Word("peñas", "author"), set()),
    "a name without a field": (Word("maria"), {"signed"}),
    "a credit": (Word("brien", "credit"), {"signed"}),
    "a place": (Word("geneva", "place"), {"signed"}),
    "a section is named, not found by a plain word": (Word("world"), set()),
    "a section by its field": (Word("world", "section"), {"signed", "failed"}),
    "an address": (Word("example", "url"), {"signed"}),
    "a correction": (Word("gerhard"), {"undated"}),
    "two characters of Chinese": (Word("停火"), {"chinese"}),
    "Chinese characters side by side": (Phrase(("停", "火")), {"chinese"}),
    "a phrase": (Phrase(("high", "level", "negotiations")), {"signed"}),
    "a phrase is not stemmed": (Phrase(("high", "level", "negotiation")), set()),
    "a phrase ends with its paragraph": (Phrase(("holds", "both")), set()),
    "a phrase ends with its caption": (Phrase(("hands", "a")), set()),
    "a phrase whose last word is begun": (PhrasePrefix(("high", "level"), "nego"), {"signed"}),
    "a phrase with a whole word that is begun": (PhrasePrefix(("high",), "level"), {"signed"}),
    "a begun phrase has its words side by side": (PhrasePrefix(("high",), "nego"), set()),
    "a begun phrase ends with its paragraph": (PhrasePrefix(("holds",), "bo"), set()),
    "a begun phrase ends with its caption": (PhrasePrefix(("hands",), ""), set()),
    "a begun phrase without one of its words": (PhrasePrefix(("absent",), "level"), set()),
    "a phrase of one word": (Phrase(("negotiations",)), {"signed"}),
    "at least two of three": (AtLeast((Word("truce"), Word("talks"), Word("geneva")), 2), {"signed", "failed"}),
    "more than there are": (AtLeast((Word("truce"),), 2), set()),
    "near, in either order": (Near("old", "an", 0), {"undated"}),
    "near, over a paragraph's end": (Near("holds", "both", 1), {"signed"}),
    "not near enough over a paragraph's end": (Near("holds", "both", 0), set()),
    "near never joins two captions": (Near("hands", "a", 20, "caption"), set()),
    "a word near itself": (Near("treaty", "treaty", 3), {"undated"}),
    "a word too far from itself": (Near("treaty", "treaty", 2), set()),
    "one place is not near itself": (Near("geneva", "geneva", 20, "body"), set()),
    "a beginning": (Prefix("negot"), {"signed"}),
    "a beginning in a field": (Prefix("geneva", "headline"), set()),
    "a pattern": (Wildcard("f?r*d"), {"failed"}),
    "a pattern of the whole word": (Wildcard("egot*"), set()),
    "a pattern's other characters mean themselves": (Wildcard("gene.a"), set()),
    "a typo": (Fuzzy("genewa"), {"signed"}),
    "swapped neighbours are one edit": (Fuzzy("gneeva"), {"signed"}),
    "two edits are not one": (Fuzzy("gnewa"), set()),
    "two edits": (Fuzzy("gnewa", 2), {"signed"}),
    "all of": (And((Word("truce"), Word("shot"))), {"failed"}),
    "one of": (Or((Word("shot"), Phrase(("停",)))), {"failed", "chinese"}),
    "not alone": (Not(Word("truce")), {"french", "chinese", "undated"}),
    "one but not the other": (And((Word("truce"), Not(Word("shot")))), {"signed"}),
    "not not": (Not(Not(Word("shot"))), {"failed"}),
    "either or not": (Or((Word("shot"), Not(Has("date")))), {"failed", "undated"}),
    "a keyword": (FieldEquals("tag", "peace talks"), {"signed"}),
    "a keyword is whole": (FieldEquals("tag", "peace"), set()),
    "a year": (FieldEquals("year", "1953"), {"chinese"}),
    "a feature": (Has("correction"), {"undated"}),
    "days, inclusive": (DateRange(PrintedDate("", "2022-03-05").day, PrintedDate("", "2022-04-01").day), {"failed", "french"}),
    "open days leave out the undated": (DateRange(None, None), {"signed", "failed", "french", "chinese"}),
    "days the wrong way round": (DateRange(800_000, 700_000), set()),
    "everything": (MatchAll(), {"signed", "failed", "french", "chinese", "undated"}),
    "nothing": (MatchNone(), set()),
    "all of nothing": (And(()), {"signed", "failed", "french", "chinese", "undated"}),
    "one of nothing": (Or(()), set()),
}


def test_every_kind_of_query_finds_what_its_docstring_says(engine: Engine) -> None:
    engine.add(
        [*PEACE, Skip("desk/truce.html", "1", "empty", "truce"), Container("desk/truce.zip", "2"), Collection("desk", "/t")]
    )
    answers = {name: set(found(engine, query)) for name, (query, _) in QUERIES.items()}
    assert answers == {name: expected for name, (_, expected) in QUERIES.items()}


PRINTED = {
    "arabic": "قال إبراهيم إن مدرسة علي سنة ٢٠٢١",
    "persian": "کتاب\u200cها و خانۀ علی",
    "hindi": "यह फ़ैसला चन्द्र का",
    "initials": "J. R. R. Ely met W.H. Low, a Ph.D. of the U.S.",
    "capitals": "JRR Ely met WH Low, a PhD of the US",
    "names": "L’Oréal, D'Angelo, McDonald’s, O’Reilly",
    "compounds": "Die E-Mail-Adresse, post-cease-fire",
    "blanks": "Le budget de 1\u202f234\u202f567 et 12 000",
    "points": "The budget of 1.234.567 and 12,000",
    "letters": "Đoković, Müller, Ålborg, Sørensen",
    "spelt": "Djokovic, Mueller, Aalborg, Soerensen",
    "hebrew": 'צה״ל, ארה"ב, ג׳ורג׳',
    "catalan": "El col·legi, la intel·ligència",
    "others": "A US of us, In 2021 300 people of 12 and 345",
}
FOUND_BY = {
    "ابراهيم": "arabic", '"ابراهيم"': "arabic", "مدرسه": "arabic", '"على"': "arabic persian", "2021": "arabic others",
    "٢٠٢١": "arabic others", "كتاب": "persian", "کتابها": "persian", '"کتاب ها"': "persian", "خانه": "persian",
    "फैसला": "hindi", '"फैसला चंद्र"': "hindi", "jrr": "initials capitals", "J.R.R.": "initials capitals",
    '"J.R.R. Ely"': "initials capitals", '"JRR Ely"': "initials capitals", '"J. R. R. Ely"': "initials capitals",
    "W. H. Low": "initials capitals", '"W.H. Low"': "initials capitals", "phd": "initials capitals",
    '"a Ph. D."': "initials capitals",
    "U. S.": "initials capitals others", "us": "capitals others", "loreal": "names", "l oreal": "names", "dangelo": "names",
    "mcdonalds": "names", "oreilly": "names", "Email": "compounds", "ceasefire": "compounds", "Mailadresse": "compounds",
    "1234567": "blanks points", "1,234,567": "blanks points", "1 234 567": "blanks points", '"1234567"': "blanks points",
    '"12.000"': "blanks points", "234567": "", "2021300": "", "12345": "", "Djokovic": "letters spelt",
    "Đoković": "letters spelt", "Dokovic": "letters", "Mueller": "letters spelt", "aalborg": "letters spelt",
    "Sørensen": "letters spelt", "צהל": "hebrew", 'צה"ל': "hebrew", "ארהב": "hebrew", '"ארה״ב גורג"': "hebrew",
    "collegi": "catalan", "col·legi": "catalan", '"la intelligencia"': "catalan",
}  # fmt: skip


def test_words_are_found_and_marked_however_they_are_written(engine: Engine) -> None:
    language = {"arabic": "ar", "persian": "fa", "hindi": "hi", "hebrew": "he", "catalan": "ca", "letters": None}
    articles = {name: article(name, text, language=language.get(name, "en")) for name, text in PRINTED.items()}
    engine.add(articles.values())

    answers = {typed: found(engine, parse(typed).query) for typed in FOUND_BY}

    assert {typed: set(names) for typed, names in answers.items()} == {
        typed: set(names.split()) for typed, names in FOUND_BY.items()
    }
    assert all(marks(articles[name], parse(typed).query) for typed, names in answers.items() for name in names)


def quoting(name: str, **said: str) -> Article:
    """An article of quotes, a paragraph each, by speaker."""
    quotes = tuple(Quote((Span(n, 0, len(text)),), speaker.replace("_", " ")) for n, (speaker, text) in enumerate(said.items()))
    return article(name, *said.values(), "We will, the others thought.", quotes=quotes)


def said(words: str) -> Phrase:
    return Phrase(tuple(words.split()), "said")


def by(name: str) -> Phrase:
    return Phrase(tuple(name.split()), "by")


def test_words_and_speaker_are_of_the_same_quote(engine: Engine) -> None:
    engine.add([quoting("a", Ada_Marsh="We will go", Bo_Reed="We never go"), quoting("b", Ada_Reed="We will go", Bo_Marsh="No")])
    engine.add([article("unquoted", "We will go, Ada Marsh said.")])
    asked: dict[str, tuple[Query, list[str]]] = {
        "words": (said("we will"), ["a", "b"]),
        "words outside quotes": (said("the others"), []),
        "words over two quotes": (said("go we"), []),
        "near over two quotes": (Near("will", "never", 20, "said"), []),
        "stemmed": (Word("going", "said"), ["a", "b"]),
        "a name": (by("ada marsh"), ["a"]),
        "a name over two speakers": (by("marsh bo"), []),
        "words and name": (Quoted(said("we will"), by("ada")), ["a", "b"]),
        "words and whole name": (Quoted(said("we will"), by("ada marsh")), ["a"]),
        "words of one, name of another": (Quoted(said("we will"), by("bo reed")), []),
        "first name of one, last name of another": (And((by("ada"), by("reed"), Not(by("ada reed")))), ["a"]),
        "a stem and a name": (Quoted(Word("going", "said"), by("reed")), ["a", "b"]),
        "a typo never changes the speaker": (Quoted(Fuzzy("nevr", 2, "said"), Fuzzy("mash", 1, "by")), []),
        "typos of both": (Quoted(Fuzzy("nevr", 1, "said"), Fuzzy("rede", 1, "by")), ["a"]),
        "begun phrases": (Quoted(PhrasePrefix(("we",), "ne", "said"), PhrasePrefix(("bo",), "re", "by")), ["a"]),
        "a begun phrase of one, name of another": (Quoted(PhrasePrefix(("we",), "ne", "said"), by("ada")), []),
        "beginnings": (Quoted(Prefix("nev", "said"), Prefix("re", "by")), ["a"]),
        "patterns": (Quoted(Wildcard("n*r", "said"), Wildcard("r??d", "by")), ["a"]),
        "near": (Quoted(Near("go", "we", 1, "said"), by("reed")), ["a", "b"]),
    }
    answers = {name: sorted(found(engine, query)) for name, (query, _) in asked.items()}
    assert answers == {name: expected for name, (_, expected) in asked.items()}


def test_no_pattern_matches_what_stands_between_paragraphs(engine: Engine) -> None:
    engine.add([article("a", "peaceful", "protesters"), article("b", "!!!", "???")])
    patterns = [Wildcard("?" * n) for n in range(1, 8)]
    typos = [Fuzzy(word, edits) for word, edits in (("q", 1), ("q", 2), ("qq", 2), ("", 2))]
    assert [found(engine, query) for query in (*patterns, *typos)] == [[]] * 11
    assert found(engine, Wildcard("*")) == found(engine, Prefix("")) == ["a"]


def check_against_oracle(open_new: OpenNew, archive: list[Article], asked: list[SearchRequest]) -> None:
    with open_new() as engine:
        engine.add(archive[: len(archive) // 2])
        engine.add(archive[len(archive) // 2 :])
        stamps = {each.source: each for each in engine.reader().documents() if isinstance(each, Article)}
        archive = [
            replace(each, added=stamps[each.source].added, changed=stamps[each.source].changed, edited=stamps[each.source].edited)
            for each in archive
        ]
        for request in asked:
            results, expected = engine.reader().search(request), answer(archive, request)
            sources = [hit.article.source for hit in results.hits]
            assert sorted(sources) == sorted(expected.sources)
            assert results.total == len(sources)
            if request.order_by != "relevance" or not has_words(request.query):
                assert sources == expected.sources
            if not request.collapse:
                by_day = answer(archive, replace(request, order_by=day_order(request.order_by))).sources
                assert [found.source for found in engine.reader().articles(request)] == by_day
            assert {facet.name: {v.value: v.count for v in facet.values} for facet in results.facets} == expected.facets
            assert all(facet.distinct == len(facet.values) for facet in results.facets)
            assert [(p.start, p.count, p.archive) for p in results.timeline] == expected.timeline


def day_order(order_by: OrderBy) -> OrderBy:
    return "oldest" if order_by == "oldest" else "newest"


ORACLE = settings(deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))


@settings(ORACLE, max_examples=200, derandomize=True)
@given(archive=archives(), asked=st.lists(requests(), min_size=2, max_size=2))
def test_answers_are_those_of_the_oracle(open_new: OpenNew, archive: list[Article], asked: list[SearchRequest]) -> None:
    check_against_oracle(open_new, archive, asked)


@pytest.mark.long
@settings(ORACLE, max_examples=5000)
@given(archive=archives(), asked=st.lists(requests(), min_size=2, max_size=2))
def test_many_answers_are_those_of_the_oracle(open_new: OpenNew, archive: list[Article], asked: list[SearchRequest]) -> None:
    check_against_oracle(open_new, archive, asked)


def test_what_another_process_prepared_is_stored_as_the_document_itself(open_new: OpenNew) -> None:
    """Each kind of document, and an article with all that has terms of its own."""
    said = Quote((Span(0, 1, 6),), "Ada Ng", Span(0, 8, 14))
    whole = article(
        "a", "“Truce!” Ada Ng says.", day="2022-03-04", captured="2022-03-05T10:00:00Z", quotes=(said,), section="World"
    )
    kept = (Skip("desk/c", "s", "empty", "No text."), Container("desk/d", "t"), Collection("desk", "/desk"))
    documents: list[Document] = [*PEACE, whole, replace(whole, source="desk/b"), article("e", "\ud800"), *kept]
    with open_new() as plain, open_new() as other:
        assert plain.add(documents) == other.add(map(sent, documents))
        one, two = plain.reader(), other.reader()
        assert by_source(two.documents()) == by_source(one.documents())
        assert two.stats().skipped == one.stats().skipped == {"empty": 1}
        for query in (MatchAll(), Word("truce"), Phrase(("ada", "ng")), Quoted(Word("truce", "said"), Phrase(("ada",), "by"))):
            request = SearchRequest(query, facets=FACETS, size=100, collapse=True)
            assert replace(two.search(request), generation="") == replace(one.search(request), generation="")
            assert one.search(request).total


def sent(document: Document) -> Prepared:
    """The document as another process prepares and sends it."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(prepare(document)), type=Prepared)


def by_source(documents: Iterable[Document]) -> dict[str, Document]:
    return {document.source: document for document in documents}


def test_the_same_source_replaces_what_it_held(engine: Engine) -> None:
    engine.add([article("a", "first"), article("a", "second")])
    assert (found(engine, Word("first")), found(engine, Word("second"))) == ([], ["a"])
    engine.add([Skip("desk/a", "s", "empty", "")])
    assert found(engine, MatchAll()) == []
    report = engine.add([article("a", "third", stamp="t")])
    assert (report.added, report.failed) == (1, ())
    assert found(engine, MatchAll(), versions=True) == ["a"]
    assert engine.reader().known(["desk/a", "desk/b"]) == {"desk/a": "t"}


def test_the_version_captured_last_is_current(engine: Engine) -> None:
    early = article("early", "war", id="x", captured="2022-01-01T00:00:00Z")
    late = article("late", "peace", id="x", captured="2022-02-01T00:00:00Z")
    engine.add([late, early])
    assert found(engine, MatchAll()) == ["late"]
    assert found(engine, Word("war")) == []
    assert found(engine, Word("war"), versions=True) == ["early"]
    assert found(engine, Not(Word("peace"))) == []
    assert engine.reader().get("x") == late
    assert engine.reader().versions("x") == [late, early]
    hits = engine.reader().search(SearchRequest(MatchAll(), versions=True)).hits
    assert {hit.article.source: hit.current for hit in hits} == {"desk/late": True, "desk/early": False}


def test_a_newer_version_added_later_takes_over(engine: Engine) -> None:
    versions = [article(f"v{n}", f"text{n}", id="x", captured=f"2022-0{n}-01T00:00:00Z") for n in (2, 1, 3)]
    for version in versions:
        engine.add([version])
    assert found(engine, MatchAll()) == ["v3"]
    assert [v.source for v in engine.reader().versions("x")] == ["desk/v3", "desk/v2", "desk/v1"]


def test_removing_the_current_version_promotes_the_next(engine: Engine) -> None:
    engine.add([article(f"v{n}", id="x", captured=f"2022-0{n}-01T00:00:00Z") for n in (1, 2, 3)])
    assert engine.remove(["desk/v3", "desk/unknown"]) == 1
    assert found(engine, MatchAll()) == ["v2"]
    assert engine.remove(["desk/v1", "desk/v2"]) == 2
    assert engine.reader().get("x") is None
    assert engine.reader().versions("x") == []
    assert engine.remove(["desk/v1"]) == 0


def test_a_source_whose_article_became_another_promotes_what_it_leaves(engine: Engine) -> None:
    engine.add([article("a", id="x", captured="2022-01-01T00:00:00Z"), article("b", id="x", captured="2022-02-01T00:00:00Z")])
    engine.add([article("b", id="y")])
    assert sorted(found(engine, MatchAll())) == ["a", "b"]
    engine.add([Skip("desk/a", "", "empty", "")])
    assert found(engine, MatchAll(), versions=True) == ["b"]


def test_skips_containers_and_collections_are_kept_and_found_by_no_search(engine: Engine) -> None:
    documents: list[Document] = [
        article("a", "text", stamp="1"),
        Skip("desk/b.html", "2", "no-article", "why"),
        Container("desk/c.warc", "3"),
        Collection("desk", "/home/desk", "2022-03-04T10:00:00Z"),
        Collection("other", "/other", language="fr"),
        article("other/d", stamp="4"),
    ]
    assert engine.add(documents).added == 6
    assert sorted(found(engine, MatchAll(), versions=True)) == ["a", "other/d"]
    assert found(engine, Not(Word("zebra")), filters={"collection": ("desk",)}) == ["a"]
    assert sorted(engine.reader().sources("desk"), key=lambda entry: entry.source) == [
        SourceEntry("desk/a", "1", "article"),
        SourceEntry("desk/b.html", "2", "skip"),
        SourceEntry("desk/c.warc", "3", "container"),
    ]
    assert len(list(engine.reader().sources())) == 4
    assert engine.reader().collections() == (
        Collection("desk", "/home/desk", "2022-03-04T10:00:00Z"),
        Collection("other", "/other", language="fr"),
    )
    assert engine.reader().holding_articles(["desk/a", "desk/b.html", "desk/c.warc", "desk/", "desk/x"]) == {"desk/a"}
    assert engine.reader().known(["desk/b.html", "desk/c.warc", "desk/"]) == {"desk/b.html": "2", "desk/c.warc": "3", "desk/": ""}
    assert set(engine.reader().documents()) == set(documents)
    assert engine.reader().stats().skipped == {"no-article": 1}


def test_documents_come_back_as_they_went_in(engine: Engine) -> None:
    rich = replace(
        PEACE[0],
        updated=PrintedDate("later", "2022-03-04T10:00:00+01:00"),
        contributors="Bo helped.",
        captured="2022-03-05T00:00:00Z",
    )
    engine.add([rich, *PEACE[1:]])
    assert set(engine.reader().documents()) == {rich, *PEACE[1:]}
    assert engine.reader().get(rich.id) == rich


def test_a_reopened_index_holds_everything(engine: Engine) -> None:
    engine.add(PEACE)
    generation = engine.reader().generation
    engine.close()
    with open_engine(engine.url) as again:
        assert len(found(again, MatchAll())) == len(PEACE)
        assert again.reader().generation == generation
        again.add([article("new")])
        assert len(found(again, MatchAll())) == len(PEACE) + 1
        assert again.reader().generation != generation


def test_undated_articles_come_last_from_either_end(engine: Engine) -> None:
    engine.add(PEACE)
    newest = ["french", "failed", "signed", "chinese", "undated"]
    assert found(engine, MatchAll(), order_by="newest") == newest
    assert found(engine, MatchAll(), order_by="relevance") == newest
    assert found(engine, MatchAll(), order_by="oldest") == [*newest[:-1][::-1], "undated"]


def test_a_begun_phrase_is_found_however_many_words_begin_so(engine: Engine) -> None:
    engine.add([article(f"a{number}", f"the tru{number}, not the treaty") for number in range(200)])
    assert len(found(engine, PhrasePrefix(("the",), "tru"))) == 200
    assert len(found(engine, PhrasePrefix(("not", "the"), "tre"))) == 200
    assert found(engine, PhrasePrefix(("not", "the"), "tru")) == []
    engine.add([article("rare", "seldom truces", "seldom", "trucks"), article("none", "seldom", "trust")])
    assert found(engine, PhrasePrefix(("seldom",), "tru")) == ["rare"]
    assert found(engine, PhrasePrefix(("seldom",), "")) == ["rare"]


def at(second: int) -> str:
    return f"2022-03-04T10:00:{second:02}.000000Z"


def test_the_latest_added_and_the_latest_changed_come_first(engine: Engine) -> None:
    engine.add([article("a", "truce", added=at(1), changed=at(9)), article("b", "truce", day="2022", added=at(2), changed=at(2))])
    engine.add([article("c", "truce", day="1953", added=at(2), changed=at(3))])
    assert found(engine, Word("truce"), order_by="added") == ["b", "c", "a"]
    assert found(engine, MatchAll(), order_by="changed") == ["a", "c", "b"]
    since = instant_number(at(2))
    assert found(engine, InstantRange("added", since, None), order_by="added") == ["b", "c"]
    assert found(engine, InstantRange("added", None, since - 1)) == ["a"]
    assert found(engine, InstantRange("changed", since + 1, instant_number(at(3)))) == ["c"]


def test_an_article_stays_as_old_as_its_first_version(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10**15, 10**16, 10**6))
    for module in ("tantivy", "whoosh"):
        monkeypatch.setattr(f"search.engines.{module}.engine.now", lambda: next(clock))
    engine.add([article("a", "A truce.", id="x", captured="2022-01-01T00:00:00Z")])
    first = engine.reader().get("x")
    assert first
    assert first.added == first.changed == instant_text(10**15)
    engine.add([article("a", "A truce.", id="x", captured="2022-01-02T00:00:00Z", stamp="2"), article("b", "A treaty.")])
    again = engine.reader().get("x")
    assert again
    assert (again.added, again.changed) == (first.added, first.changed)
    engine.add([article("c", "A truce, signed.", id="x", captured="2022-02-01T00:00:00Z")])
    changed = engine.reader().get("x")
    assert changed
    assert changed.added == first.added
    assert (changed.changed or "") > (first.changed or "")
    assert changed.edited
    assert found(engine, Has("changes")) == ["c"]
    engine.remove(["desk/a"])
    left = engine.reader().get("x")
    assert left
    assert (left.added, left.changed, left.edited) == (first.added, changed.changed, False)
    assert found(engine, Has("changes")) == []
    assert engine.verify() == []


def test_what_an_index_gives_back_keeps_its_instants_in_another(engine: Engine, open_new: OpenNew) -> None:
    engine.add(PEACE)
    other = open_new()
    other.add(engine.reader().documents())
    assert [stamps_of(other, each.id) for each in PEACE] == [stamps_of(engine, each.id) for each in PEACE]


def stamps_of(engine: Engine, id: str) -> tuple[str | None, str | None]:
    found = engine.reader().get(id)
    assert found
    assert found.added
    return found.added, found.changed


def test_a_commit_is_later_than_the_one_before_though_the_clock_goes_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, instant in enumerate((10**15, 10**15, 10**14)):
        for module in ("tantivy", "whoosh"):
            monkeypatch.setattr(f"search.engines.{module}.engine.now", lambda instant=instant: instant)
        engine.add([article(f"a{number}", "truce")])
    assert found(engine, MatchAll(), order_by="added") == ["a2", "a1", "a0"]
    newest = engine.reader().get("desk/a2")
    assert newest
    assert newest.added == instant_text(10**15 + 2)


def test_ties_go_to_the_larger_tie_number(engine: Engine) -> None:
    same = [article(f"a{n}", "truce talks", day="2022-03-04" if n % 2 else None) for n in range(40)]
    for part in (same[:9], same[9:25], same[25:]):
        engine.add(part)
    by_tie = [a.source.removeprefix("desk/") for a in sorted(same, key=tiebreak_key, reverse=True)]
    assert found(engine, MatchAll(), order_by="newest") == by_tie
    assert found(engine, MatchAll(), order_by="oldest") == by_tie
    assert found(engine, Prefix("tru")) == by_tie
    assert found(engine, Word("truce")) == by_tie


@pytest.mark.parametrize("order_by", ORDERS)
def test_pages_neither_overlap_nor_skip(engine: Engine, order_by: str) -> None:
    chance = random.Random(4)
    engine.add(
        [article(f"a{n}", "truce " * chance.randint(1, 3), day=chance.choice([None, "2022", "2021-02"])) for n in range(60)]
    )
    engine.add([article(f"b{n}", "truce talks") for n in range(30)])
    query = Or((Word("truce"), Word("talk")))
    whole = found(engine, query, order_by=order_by)
    paged = []
    for start in range(0, 98, 7):
        request = SearchRequest(query, order_by=order_by, start=start, size=7)  # type: ignore[arg-type]
        results = engine.reader().search(request)
        assert results.total == 90
        paged += [hit.article.source.removeprefix("desk/") for hit in results.hits]
    assert paged == whole
    assert len(set(whole)) == 90


@pytest.mark.parametrize("order_by", ORDERS[1:])
def test_hits_after_a_hit_go_on_where_it_stands_while_articles_are_added(engine: Engine, order_by: OrderBy) -> None:
    chance = random.Random(5)
    days = [None, "2022", "2021-02", "1650-01-01"]
    engine.add([article(f"a{n}", "truce", day=chance.choice(days)) for n in range(40)])
    whole = found(engine, Word("truce"), order_by=order_by)
    walked: list[str] = []
    after = None
    for step in range(20):
        results = engine.reader().search(SearchRequest(Word("truce"), order_by=order_by, size=7, after=after))
        assert results.total == 40 + step
        if not results.hits:
            break
        walked += [hit.article.source.removeprefix("desk/") for hit in results.hits]
        after = place_of(results.hits[-1].article, order_by)
        engine.add([article(f"new{step}", "truce", day=chance.choice(days))])
    assert [source for source in walked if source.startswith("a")] == whole
    assert len(set(walked)) == len(walked)


@pytest.mark.parametrize("order_by", ["relevance", "newest", "oldest"])
def test_all_articles_are_read_by_day_from_one_state(engine: Engine, order_by: str) -> None:
    days = [None, "2022", "2021-02", "1650-01-01"]
    engine.add([article(f"a{n}", "truce", day=days[n % 4], section="World" if n % 3 else "Sport") for n in range(40)])
    engine.add([article("other", "treaty", day="2022")])
    by_day = "oldest" if order_by == "oldest" else "newest"
    hits = engine.reader().search(SearchRequest(Word("truce"), {"section": ("World",)}, order_by=by_day, size=40)).hits  # type: ignore[arg-type]
    whole = [hit.article for hit in hits]
    request = SearchRequest(Word("truce"), {"section": ("World",)}, order_by=order_by, start=3, size=2)  # type: ignore[arg-type]
    reading = engine.reader().articles(request)
    read = [next(reading)]
    engine.add([article("late", "truce", day="2000", section="World")])
    assert [*read, *reading] == whole
    engine.remove(["desk/late"])
    rest = engine.reader().articles(replace(request, after=tiebreak_key(whole[6])))
    assert [*rest] == whole[7:]


def test_words_of_names_score_alike_however_long_the_name_is(engine: Engine) -> None:
    names = ("Ada Marsh", "Ada", "Ada Ada", "Ada Bela Cora Dora Marsh")
    engine.add([article(f"a{n}", "truce", authors=(name,), publisher="The Ada Post") for n, name in enumerate(names)])
    by_tie = [hit.article.source for hit in engine.reader().search(SearchRequest(MatchAll(), order_by="newest")).hits]
    for query in (Word("ada", "author"), Word("Ada", "publisher"), And((Word("ada", "author"), FieldEquals("author", "Ada")))):
        hits = engine.reader().search(SearchRequest(query)).hits
        assert {hit.score for hit in hits} == {1.0}
        found_sources = [hit.article.source for hit in hits]
        assert found_sources == [source for source in by_tie if source in found_sources]
    assert len(found(engine, Word("ada", "author"))) == 4
    assert found(engine, Word("zoe", "author")) == []


def test_a_preference_changes_the_order_and_nothing_else(engine: Engine) -> None:
    engine.add([article(name, "truce talks in Geneva", day=f"200{n}") for n, name in enumerate("abc")])
    engine.add([article("d", "talks on a truce in Geneva", day="1999")])
    request = SearchRequest(Word("truce"), facets=("year",))
    plain = engine.reader().search(request)
    for preferred, first in ((Phrase(("a", "truce")), "d"), (Word("1999", "tag"), "c")):
        preferring = engine.reader().search(replace(request, prefer=(Preference(preferred, 3.0),)))
        assert preferring.hits[0].article.source == f"desk/{first}"
        assert (preferring.total, preferring.facets) == (plain.total, plain.facets)
    early = engine.reader().search(replace(request, prefer=(Preference(DateRange(None, date(2000, 12, 31).toordinal()), 3.0),)))
    scores = {hit.article.source: hit.score for hit in plain.hits}
    gains = {hit.article.source: round(hit.score - scores[hit.article.source], 3) for hit in early.hits}
    assert gains == {"desk/a": 3.0, "desk/b": 0.0, "desk/c": 0.0, "desk/d": 3.0}


def test_a_page_past_the_end_or_of_no_hits_still_has_its_total(engine: Engine) -> None:
    engine.add(PEACE)
    for start, size in ((0, 0), (5, 10), (10_000_000, 10)):
        results = engine.reader().search(SearchRequest(MatchAll(), start=start, size=size))
        assert (results.total, results.hits) == (5, ())


def test_headline_words_count_more_and_rare_words_more_than_common_ones(engine: Engine) -> None:
    filling = [article(f"f{n}", "common words fill this paragraph") for n in range(10)]
    head = article("head", "words fill this paragraph here", headline="Armistice")
    body = article("body", "the armistice words fill this paragraph", headline="Common")
    engine.add([*filling, head, body])
    assert found(engine, Word("armistice")) == ["head", "body"]
    assert found(engine, Or((Word("common"), Word("armistice"))))[0] in ("head", "body")


def test_filters_do_not_change_scores(engine: Engine) -> None:
    engine.add(PEACE)
    plain = engine.reader().search(SearchRequest(Word("truce")))
    filtered = engine.reader().search(
        SearchRequest(And((Word("truce"), FieldEquals("section", "World"))), filters={"year": ("2022",)})
    )
    assert [hit.score for hit in filtered.hits] == pytest.approx([hit.score for hit in plain.hits])
    assert plain.hits[0].score > 0


def scores(engine: Engine, query: Query, articles: Sequence[Article]) -> dict[str, float]:
    [found] = engine.reader().scores([query], articles)
    return found


def test_scores_of_articles_are_those_that_a_search_gives_them(engine: Engine) -> None:
    engine.add(PEACE)
    hits = engine.reader().search(SearchRequest(Word("truce"))).hits
    assert scores(engine, Word("truce"), PEACE) == {hit.article.source: pytest.approx(hit.score) for hit in hits}
    assert scores(engine, Word("truce"), [hit.article for hit in hits[1:]]).keys() == {hit.article.source for hit in hits[1:]}


def test_a_filter_may_have_very_many_values(engine: Engine) -> None:
    engine.add([article(f"desk/{number}", "a truce", section=f"Section {number}") for number in range(3)])
    values = tuple(f"Section {number}" for number in range(1, 500))
    found = engine.reader().search(SearchRequest(Word("truce"), {"section": values}))
    assert sorted(hit.article.source for hit in found.hits) == ["desk/1", "desk/2"]


def check_scores_add_up(engine: Engine, query: Query, archive: list[Article]) -> None:
    """That of And, Or and AtLeast is the sum of those of their parts, all the way down; Not and filters add nothing."""
    whole = scores(engine, query, archive)
    match query:
        case And(parts) | Or(parts) | AtLeast(parts):
            alone = [scores(engine, part, archive) for part in parts]
            assert whole == {source: pytest.approx(sum(s.get(source, 0.0) for s in alone), rel=1e-5) for source in whole}
            for part in parts:
                check_scores_add_up(engine, part, archive)
        case Not():
            assert set(whole.values()) <= {0.0}
        case PhrasePrefix() | Prefix() | Wildcard() | Fuzzy():
            assert set(whole.values()) <= {1.0}
        case Word() | Phrase() | Near() | Quoted():
            assert all(score > 0 for score in whole.values())
        case Added(part):
            of_part = scores(engine, part, archive)
            assert whole == {source: pytest.approx(of_part[source], rel=1e-5) for source in whole}
        case _:
            assert set(whole.values()) <= {0.0}


@settings(ORACLE, max_examples=25, derandomize=True)
@given(archive=archives(), asked=st.lists(requests(), min_size=5, max_size=5))
def test_scores_add_up(open_new: OpenNew, archive: list[Article], asked: list[SearchRequest]) -> None:
    with open_new() as engine:
        engine.add(archive)
        for request in asked:
            check_scores_add_up(engine, request.query, archive)
            preferring = engine.reader().search(replace(request, order_by="relevance", versions=False))
            if has_words(request.query):
                gains = scores(engine, request.query, archive)
                for preference in request.prefer:
                    given = scores(engine, preference.query, archive)
                    filtering = isinstance(preference.query, (FieldEquals, Has, DateRange))
                    for source in given.keys() & gains.keys():
                        gains[source] += preference.weight * (1.0 if filtering else given[source])
                for hit in preferring.hits:
                    assert hit.score == pytest.approx(gains[hit.article.source], rel=1e-5)


def test_patterns_and_what_is_doubly_excluded_add_up_too(engine: Engine) -> None:
    engine.add(PEACE)
    for query, score in (
        (And((Prefix("tru"), Wildcard("f?iled"), Has("section"))), 2.0),
        (And((Prefix("tru"), Not(Prefix("neg")))), 1.0),
        (Not(Not(Prefix("tru"))), 0.0),
        (Or((Prefix("tru"), Prefix("fail"), Not(Word("shot")))), 2.0),
    ):
        assert scores(engine, query, PEACE)["desk/failed"] == score
        assert scores(engine, And((query, Word("talks"))), PEACE)["desk/failed"] > score


def test_sources_filter_as_keywords_do(engine: Engine) -> None:
    engine.add([*PEACE, Skip("desk/skipped", "1", "empty", "")])
    sources = ("desk/signed", "desk/undated", "desk/skipped", "desk/none")
    for query in (MatchAll(), Not(Word("shot")), Or((Word("truce"), Word("treaty")))):
        assert sorted(found(engine, query, filters={"source": sources})) == ["signed", "undated"]
    assert found(engine, MatchAll(), filters={"source": ()}) == []
    assert found(engine, MatchAll(), filters={"source": sources, "section": ("World",)}) == ["signed"]


def test_bag_terms_are_counted_in_current_articles(engine: Engine) -> None:
    engine.add([article("a", "Truce talks", headline="Truces", id="x"), article("b", "truce", "truce")])
    engine.add([article("c", "trust", id="x", captured="1999-01-01T00:00:00Z")])
    engine.add([article("a", "Truce talks", headline="Truces", id="x", captured="2000-01-01T00:00:00Z")])
    asked = ("en|truce", "en|talk", "en|trust", "|truce", "en|\udc80")
    assert engine.reader().words.having(("all", term) for term in asked) == {("all", "en|truce"): 2, ("all", "en|talk"): 1}
    assert engine.reader().words.having(("headline", term) for term in asked) == {("headline", "en|truce"): 1}
    in_body = {("body", "en|truce"): 2, ("body", "en|talk"): 1}
    assert engine.reader().words.having(("body", term) for term in asked) == in_body


def test_a_word_is_in_the_body_or_only_elsewhere(engine: Engine) -> None:
    """Whichever of its terms the body has."""
    around = {"captions": (Caption("Truces", "A. Truce"),), "tags": ("truce",), "authors": ("Truce Day",)}
    engine.add([article("elsewhere", "Talks.", headline="Truce", **around)])
    engine.add([article("both", "Truces.", headline="Truce", **around), article("body", "A truce.")])
    engine.add([article("unknown", "The truces hold.", headline="Truce", language=None)])
    engine.add([article("before", "A truce.", id="x", captured="2020-01-01T00:00:00Z")])
    engine.add([article("now", "Talks.", headline="Truce", id="x", captured="2021-01-01T00:00:00Z")])
    assert sorted(found(engine, Word("truce"))) == ["body", "both", "elsewhere", "now", "unknown"]
    assert sorted(found(engine, Word("truce", "body"))) == ["body", "both", "unknown"]
    assert sorted(found(engine, Not(Word("truce", "body")))) == ["elsewhere", "now"]
    assert found(engine, Removed(Word("truce", "body"))) == ["now"]
    assert sorted(found(engine, Word("talk", "body"))) == ["elsewhere", "now"]
    having = engine.reader().words.having([("body", "en|truce"), ("body", "?|truces"), ("body", "?|truce")])
    assert having == {("body", "en|truce"): 2, ("body", "?|truces"): 1}


def test_facets_are_counted_over_all_hits_by_count_then_value(engine: Engine) -> None:
    engine.add([article(f"{n}", "truce", tags=(f"t{n % 3}", "all"), section="A,B" if n else None) for n in range(10)])
    results = engine.reader().search(SearchRequest(Word("truce"), size=1, facets=("tag", "section", "author"), facet_size=3))
    tag, section, author = results.facets
    assert tag.values == (FacetValue("all", 10), FacetValue("t0", 4), FacetValue("t1", 3))
    assert tag.distinct == 4
    assert (section.values, author.values, author.distinct) == ((FacetValue("A,B", 9),), (), 0)


def test_long_values_count_by_how_they_begin(engine: Engine) -> None:
    long = "x" * 90_000
    engine.add([article("a", section=long, tags=(long, long + "y", "x")), article("b", section=long + "z")])
    (section, tag) = engine.reader().search(SearchRequest(MatchAll(), facets=("section", "tag"))).facets
    begun = "x" * 199 + "…"
    assert (section.values, tag.values) == ((FacetValue(begun, 2),), (FacetValue("x", 1), FacetValue(begun, 1)))
    assert sorted(found(engine, MatchAll(), filters={"section": (begun,)})) == ["a", "b"]


def test_a_facet_leaves_its_own_filter_out(engine: Engine) -> None:
    engine.add(PEACE)
    filters = {"section": ("World",), "year": ("1953", "2022")}
    results = engine.reader().search(SearchRequest(MatchAll(), filters=filters, facets=("section", "year", "language")))
    counts = {facet.name: {v.value: v.count for v in facet.values} for facet in results.facets}
    assert results.total == 2
    assert counts == {"section": {"World": 2}, "year": {"2022": 2}, "language": {"en": 2}}
    results = engine.reader().search(SearchRequest(MatchAll(), filters={"year": ("1953",)}, facets=("year",)))
    assert results.facets[0].values == (FacetValue("2022", 3), FacetValue("1953", 1))


def test_values_of_a_filter_are_alternatives_and_none_of_them_finds_nothing(engine: Engine) -> None:
    engine.add(PEACE)
    assert sorted(found(engine, MatchAll(), filters={"language": ("fr", "zh", "?")})) == ["chinese", "french"]
    assert found(engine, MatchAll(), filters={"language": ()}) == []


@pytest.mark.parametrize("collapse", [False, True])
def test_excluded_values_are_those_of_no_article_found(engine: Engine, collapse: bool) -> None:
    engine.add(PEACE)
    every = SearchParams(facets=("section", "year"), timeline="year", page_size=100, collapse=collapse)
    for name, value in (("section", "World"), ("year", "2022"), ("language", "fr"), ("collection", "desk"), ("tag", "none")):
        asked = search_request(replace(every, excluded={name: (value,)}), MatchAll())
        found = engine.reader().search(asked)
        expected = answer(PEACE, asked)

        assert sorted(hit.article.source for hit in found.hits) == sorted(expected.sources)
        assert {facet.name: {v.value: v.count for v in facet.values} for facet in found.facets} == expected.facets
        assert value not in [v.value for facet in found.facets if facet.name == name for v in facet.values]


def test_the_timeline_counts_hits_and_the_whole_archive(engine: Engine) -> None:
    engine.add([*PEACE, article("old", "truce", day="2022-03-04", id="desk/failed", captured=None)])
    engine.add([replace(PEACE[1], captured="2022-03-06T00:00:00Z")])
    request = SearchRequest(Word("truce"), timeline="month")
    assert engine.reader().search(request).timeline == (Period("2022-03", 2, 2),)
    year = engine.reader().search(SearchRequest(Not(Word("truce")), timeline="year")).timeline
    assert year == (Period("1953", 1, 1), Period("2022", 1, 3))
    assert engine.reader().search(replace(request, timeline="day")).timeline == (
        Period("2022-03-04", 1, 1),
        Period("2022-03-05", 1, 1),
    )


def test_stats_count_the_whole_index(engine: Engine) -> None:
    engine.add([*PEACE, article("draft", id="desk/failed"), Skip("desk/s", "", "empty", ""), Collection("desk", "/d")])
    added = Collection("desk", "/d", "2022-03-06T00:00:00Z")
    engine.add([replace(PEACE[1], captured="2022-03-06T00:00:00Z"), added])
    stats = engine.reader().stats()
    assert (stats.articles, stats.versions, stats.skipped) == (5, 1, {"empty": 1})
    assert (stats.undated, stats.without_author) == (1, 4)
    assert stats.languages == {"en": 3, "fr": 1, "zh": 1}
    assert (stats.first_day, stats.last_day) == (PrintedDate("", "1953").day, PrintedDate("", "2022-04").day)
    assert stats.collections == (added,)
    assert stats.bytes > 0


def test_an_empty_index_answers_everything(engine: Engine) -> None:
    results = engine.reader().search(SearchRequest(Or((Word("a"), Not(Word("b")))), facets=FACETS, timeline="year"))
    assert (results.total, results.hits, results.timeline) == (0, (), ())
    assert [(facet.name, facet.distinct) for facet in results.facets] == [(name, 0) for name in FACETS]
    assert (engine.reader().languages, engine.reader().known(["a/b"]), engine.reader().collections(), engine.verify()) == (
        (),
        {},
        (),
        [],
    )
    assert (
        list(engine.reader().documents()),
        list(engine.reader().sources()),
        engine.reader().words.beginning([("body", "")]),
    ) == ([], [], [[]])
    words = engine.reader().words
    assert words.near([Misspelt(ANY, "truce", 1), Misspelt(ANY, "truce", 2)]) == [{}, {}]
    assert words.completions(NAME, "", 3) == []
    assert (engine.reader().stats().articles, engine.reader().stats().first_day) == (0, None)


def test_vocabulary_counts_current_articles_in_order(engine: Engine) -> None:
    engine.add([article("a", "Truce talks. Truce!", "Trust", id="x"), article("b", "true", "truce")])
    engine.add([article("c", "truck", id="x", captured="2022-01-01T00:00:00Z")])
    terms = [("truce", 1), ("truck", 1), ("true", 1)]
    assert engine.reader().words.beginning([("body", "tru"), ("headline", ""), ("body", ""), ("body", "trut")]) == [
        terms,
        [],
        terms,
        [],
    ]


VOCABULARY_FIELDS = st.sampled_from((ANY, "headline", "body", "author"))


@settings(ORACLE, max_examples=60, derandomize=True)
@given(
    archive=archives(),
    removed=st.integers(0, 12),
    near=st.tuples(VOCABULARY_FIELDS, st.sampled_from(TERMS).flatmap(misspelt), st.sampled_from((1, 2))),
    begun=st.tuples(
        VOCABULARY_FIELDS | st.just(NAME), st.sampled_from(("", "t", "tr", "ann", "a", "мир", "北")), st.integers(1, 4)
    ),
)
def test_near_words_and_completions_are_those_of_the_current_articles(
    open_new: OpenNew, archive: list[Article], removed: int, near: tuple[str, str, int], begun: tuple[str, str, int]
) -> None:
    with open_new() as engine:
        engine.add(archive)
        gone = {article.source for article in archive[:removed]}
        engine.remove(gone)
        left = [article for article in archive if article.source not in gone]
        assert engine.reader().words.near([Misspelt(*near)]) == [near_words(left, *near)]
        assert engine.reader().words.completions(*begun) == completions(left, *begun)


def test_near_words_may_be_asked_to_begin_alike(engine: Engine) -> None:
    engine.add([article("a", "treaty", "entreaty", "treats")])
    asked = [Misspelt("body", "treatie", 2, "tre"), Misspelt("body", "reaty", 1, "re")]
    assert engine.reader().words.near(asked) == [{"treaty": 1, "treats": 1}, {}]


def test_the_most_frequent_completion_is_found_behind_many_of_removed_articles(engine: Engine) -> None:
    engine.add([article(f"gone{n}", " ".join(f"tr{m:03}" for m in range(100))) for n in range(3)])
    engine.add([article("kept", "truce treaty"), article("kept too", "truce")])
    engine.remove([f"desk/gone{n}" for n in range(3)])
    assert engine.reader().words.completions("body", "tr", 1) == [("truce", 2)]


def test_languages_come_most_frequent_first(engine: Engine) -> None:
    engine.add(PEACE)
    assert engine.reader().languages == ("en", "fr", "zh")
    engine.remove(["desk/french"])
    assert engine.reader().languages == ("en", "zh")


def test_surrogates_and_nul_are_harmless(engine: Engine) -> None:
    odd = article(
        "caf\udce9.html", "A \udc80 truce\x00 holds", id="i\udc80", headline="NUL \x00 \ud83d", tags=("a\x00b", "\udfff")
    )
    other = article("caf\udce8.html", "other")
    assert engine.add([odd, other]).failed == ()
    assert len(found(engine, Word("truce"))) == 1
    assert engine.reader().known([odd.source, other.source]) == {odd.source: "", other.source: ""}
    stored = engine.reader().get(odd.id)
    assert stored is not None
    assert stored.paragraphs[0].text == "A \ufffd truce\x00 holds"
    for query in (Word("\udc80"), Phrase(("\udc80", "\x00")), Prefix("\ud800"), Wildcard("\udc80*"), Fuzzy("\udc80")):
        assert found(engine, query) == []
    assert found(engine, FieldEquals("tag", "a\x00b")) == [stored.source.removeprefix("desk/")]
    assert engine.remove([odd.source, other.source]) == 2


def test_a_document_that_cannot_be_stored_is_reported_and_the_others_are_kept(engine: Engine) -> None:
    broken = article("broken", headline=5)
    report = engine.add([article("a"), broken, article("b")])
    assert (report.added, [source for source, _ in report.failed]) == (2, ["desk/broken"])
    assert "Error" in report.failed[0][1]
    assert sorted(found(engine, MatchAll())) == ["a", "b"]


def test_an_error_in_the_stream_is_the_callers_own(engine: Engine) -> None:
    def stream():  # type: ignore[no-untyped-def]
        yield article("a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.add(stream())
    engine.add([article("b")])
    assert "b" in found(engine, MatchAll())


def test_very_long_words_and_values_are_stored(engine: Engine) -> None:
    word = "x" * 300
    engine.add([article("long", word, tags=("t" * 2000,)), article("other", "x" * 99)])
    assert found(engine, Word(word[:100])) == ["long"]
    assert found(engine, FieldEquals("tag", filter_value("tag", "t" * 2000))) == ["long"]


def test_a_deep_query_is_answered_or_refused_and_never_kills(engine: Engine) -> None:
    engine.add(PEACE)
    for depth in (20, 90, 600, 20_000):
        query: Query = Word("truce")
        for level in range(depth):
            query = And((query, Word("truce"))) if level % 2 else Or((query, MatchNone()))
        try:
            outcome: object = engine.reader().search(SearchRequest(query)).total
        except QueryRefused as refused:
            outcome = refused.limit
        assert outcome == 2 or (depth > 90 and outcome == "depth")


def test_a_wide_query_is_answered(engine: Engine) -> None:
    engine.add(PEACE)
    assert set(found(engine, Or((Word("truce"), *(Word(f"w{n}") for n in range(3000)))))) == {"signed", "failed"}


def test_another_engine_sees_what_was_added_on_its_next_call(engine: Engine) -> None:
    with open_engine(engine.url) as reader:
        before = reader.reader().generation
        engine.add(PEACE)
        assert len(found(reader, MatchAll())) == len(PEACE)
        assert reader.reader().languages == ("en", "fr", "zh")
        assert reader.reader().generation == engine.reader().generation != before
        engine.remove([PEACE[0].source])
        assert len(found(reader, MatchAll())) == len(PEACE) - 1


def test_a_second_writer_is_told_that_the_index_is_locked(engine: Engine) -> None:
    engine.add([article("a")])
    with open_engine(engine.url) as second:
        with pytest.raises(IndexLocked, match="try again"):
            second.add([article("b")])
        with pytest.raises(IndexLocked):
            second.remove(["desk/a"])
        engine.close()
        assert second.add([article("b")]).added == 1
        assert sorted(found(second, MatchAll())) == ["a", "b"]


def test_the_lock_is_held_from_when_it_is_taken_until_the_engine_is_closed(engine: Engine) -> None:
    engine.lock()
    engine.lock()
    with open_engine(engine.url) as second:
        for write in (second.lock, lambda: second.add([article("b")])):
            with pytest.raises(IndexLocked):
                write()
        engine.close()
        second.lock()
        assert second.add([article("b")]).added == 1


def write_in_another_process(url: str, rounds: int) -> None:
    with open_engine(url) as engine:
        for number in range(rounds):
            engine.add([article(f"p{number}-{n}", "truce") for n in range(10)])


def test_searches_go_on_while_another_process_writes(engine: Engine) -> None:
    writer = multiprocessing.get_context("spawn").Process(target=write_in_another_process, args=(engine.url, 12))
    writer.start()
    totals: list[int] = []
    errors: list[Exception] = []

    def search() -> None:
        while writer.is_alive():
            try:
                totals.append(engine.reader().search(SearchRequest(Word("truce"))).total)
            except Exception as error:
                errors.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.join()
    assert (writer.exitcode, errors) == (0, [])
    assert all(total % 10 == 0 for total in totals)
    assert len(found(engine, Word("truce"))) == 120


KILLED_WRITER = """
import sys
from search.model.article import Article, Paragraph
from search.engines.protocol import open_engine
with open_engine(sys.argv[1]) as engine:
    for number in range(100_000):
        sources = [f"k/{number}-{n}" for n in range(20)]
        engine.add(Article(s, s, paragraphs=(Paragraph("truce " * 50),)) for s in sources)
        print(number, flush=True)
"""


@pytest.mark.parametrize("seconds", [0.05, 0.21, 0.4])
def test_a_killed_writer_loses_nothing_acknowledged(engine: Engine, seconds: float) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", KILLED_WRITER, engine.url], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    acknowledged = 1 + len(writer.stdout.read().splitlines())
    writer.wait()
    writer.stdout.close()
    total = engine.reader().search(SearchRequest(Word("truce"))).total
    assert acknowledged * 20 <= total <= (acknowledged + 1) * 20
    assert engine.verify() == []
    assert engine.add([article("after", "truce")]).added == 1


def test_an_address_of_no_engine_is_refused(tmp_path: Path) -> None:
    for url in ("", "tantivy:", ":x", f"lucene:{tmp_path}"):
        with pytest.raises(SettingsError):
            open_engine(url, create=True)


def test_a_path_alone_is_opened_with_the_engine_that_wrote_it(engine_kind: str, tmp_path: Path) -> None:
    with open_engine(f"{engine_kind}:{tmp_path / 'old'}", create=True) as engine:
        engine.add(PEACE)
    with open_engine(str(tmp_path / "old")) as reopened:
        assert type(reopened) is type(engine)
        assert reopened.reader().search(SearchRequest(MatchAll())).total == len(PEACE)


def test_a_new_index_at_a_path_alone_is_written_by_tantivy(tmp_path: Path) -> None:
    for name in ("new.index", "a:b"):
        open_engine(f"{tmp_path}/{name}", create=True).close()
        open_engine(f"tantivy:{tmp_path}/{name}").close()


def test_a_closed_engine_says_so_and_its_readers_go_on(engine: Engine) -> None:
    engine.add(PEACE)
    reader = engine.reader()
    engine.close()
    for use in (engine.reader, engine.check_health, engine.lock, lambda: engine.add([]), lambda: engine.remove(["desk/signed"])):
        with pytest.raises(EngineError, match="closed"):
            use()
    assert reader.search(SearchRequest(MatchAll())).total == len(PEACE)


def test_known_is_quick_for_many_sources(engine: Engine) -> None:
    engine.add([article(f"a{n}", "text", stamp=str(n)) for n in range(611)])
    sources = [f"desk/a{n}" for n in range(611)]
    started = time.process_time()
    known = engine.reader().known(sources)
    assert time.process_time() - started < 0.1 * (1 + os.getloadavg()[0] / 4)
    assert known == {f"desk/a{n}": str(n) for n in range(611)}
