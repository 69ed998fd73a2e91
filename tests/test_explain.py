"""search.service.explain: what became of each word, and scores taken apart, on each engine."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import OpenNew
from press import ARMISTICE, ARTICLES, archive_of

from indexer.cli.commands import main
from search.engines.protocol import Engine
from search.model.article import Article, Caption, Paragraph, PrintedDate
from search.serialize.search import answer_json
from search.service.explain import Explanation
from search.service.search import SearchParams, SearchResponse, answer
from search.service.term_reports import FieldTerms, TermReport
from search.settings import Limits

TODAY = date.today().isoformat()
NEWS = Article(
    "desk/news",
    "news",
    headline="US cease-fire talks",
    paragraphs=(Paragraph("Peace talks led to a ceasefire. The peace talks go on."), Paragraph("Trucks and truces, trucked.")),
    captions=(Caption("Truce talks"),),
    authors=("José Ng",),
    language="en",
    published=PrintedDate(TODAY, TODAY),
)
EARLIER = replace(NEWS, source="desk/early", captured="2001-01-01T00:00:00Z", paragraphs=(Paragraph("A trumpet for peace."),))
ARCHIVE = (*ARTICLES, replace(NEWS, captured="2002-01-01T00:00:00Z"), EARLIER)


@pytest.fixture
def engine(open_new: OpenNew) -> Engine:
    opened = open_new()
    opened.add(ARCHIVE)
    return opened


def explained(engine: Engine, question: SearchParams) -> tuple[SearchResponse, Explanation]:
    found = answer(engine.reader(), replace(question, explain=True), Limits())
    assert found.explanation is not None
    return found, found.explanation


def fates(engine: Engine, typed: str) -> dict[str, TermReport]:
    return {word.text: word for word in explained(engine, SearchParams(typed))[1].words}


def terms(fate: TermReport) -> dict[str, tuple[str, ...]]:
    return {found.field: found.terms for found in fate.terms}


def test_nothing_is_explained_unless_asked_for(engine: Engine) -> None:
    assert answer(engine.reader(), SearchParams("truce"), Limits()).explanation is None


def test_a_word_has_its_stems_in_the_languages_that_have_it(engine: Engine) -> None:
    truce = fates(engine, "truces")["truces"]
    assert terms(truce) == {"any": ("en|truce",)}
    assert (truce.articles, truce.excluded) == (2, False)
    assert truce.notes == ("in any form, stemmed in the archive's languages: en, ar, fr",)
    french = fates(engine, "négociations")["négociations"]
    assert (terms(french), french.articles) == ({"any": ("fr|negoci",)}, 1)
    assert french.notes[-1] == "also matches without accents: negociations"


def test_terms_that_no_current_article_has_are_left_out(engine: Engine) -> None:
    assert fates(engine, "bulletin trumpet*") == {
        "bulletin": TermReport("bulletin", False, 0, (), fates(engine, "truce")["truce"].notes),
        "trumpet*": TermReport("trumpet*", False, 0, (), ("not stemmed",)),
    }


def test_words_of_phrases_and_names_are_exact_terms_by_field(engine: Engine) -> None:
    found = fates(engine, '"truce talks" author:josé "truce negotiated"~3')
    assert terms(found['"truce talks"']) == {
        "headline": ("truce", "talks"),
        "body": ("truce", "talks"),
        "caption": ("truce", "talks"),
    }
    assert found['"truce talks"'].articles == 1
    assert terms(found["author:josé"]) == {"author": ("jose",)}
    assert found["author:josé"].notes == ("not stemmed, because names match as written", "also matches without accents: jose")
    assert terms(found['"truce negotiated"~3'])["body"] == ("truce", "negotiated")


def test_patterns_and_typos_show_the_terms_they_found(engine: Engine) -> None:
    found = fates(engine, "truc* tr?ce trcue~ OR zebra~")
    assert terms(found["truc*"])["body"] == ("truce", "truces", "trucked", "trucks")
    assert terms(found["tr?ce"]) == {"headline": ("truce",), "body": ("truce",), "caption": ("truce",)}
    assert terms(found["trcue~"])["body"] == ("truce",)
    assert (found["zebra~"].terms, found["zebra~"].articles) == ((), 0)


def test_of_many_terms_the_first_twenty_are_shown_with_their_number(engine: Engine) -> None:
    words = [f"word{number:02}" for number in range(30)]
    engine.add([Article("desk/many", "many", paragraphs=(Paragraph(" ".join(words)),))])
    assert fates(engine, "word*")["word*"].terms == (FieldTerms("body", tuple(words[:20]), 30),)


def test_what_widened_a_word_is_said(engine: Engine) -> None:
    found = fates(engine, "cease-fire US -zebra")
    assert found["ceasefire"].notes[-1] == 'written as one word; also matches "cease fire"'
    assert found['"cease fire"'].notes[-1] == "written separately; also matches ceasefire"
    assert found["us"].notes[-1] == "in capitals, so possibly initials; also matches u.s."
    assert [text for text, fate in found.items() if fate.excluded] == ["zebra"]


def test_what_was_let_go_is_said(engine: Engine) -> None:
    found, why = explained(engine, SearchParams("people's truce armistice zebra has:wings", to_date="2001"))
    assert (found.results.total, found.some_total) == (0, 1)
    assert why.notes == (
        "ignored: has:wings (use one of caption, credit, correction, author, date, place, section, "
        "tag, standfirst, url, changes)",
        "fewer than 100 articles have all the words; articles with at least 2 of: people, truce, armistice, zebra follow",
        "people's is searched as people",
    )
    assert explained(engine, SearchParams('"people\'s truce" people'))[1].notes == ()


@pytest.mark.parametrize(
    "question",
    [
        SearchParams("truce"),
        SearchParams("peace talks OR armistice", recency=30),
        SearchParams('(truce negotiated) OR (treaty zebra) OR "treaty talks" OR talks~ -conference'),
        SearchParams("truce armistice zebra", from_date="1900"),
        SearchParams("tru* t?uce"),
        SearchParams("tru* OR minis* lang:en"),
        SearchParams('truce treaty zebra "talks"', page_size=20),
        SearchParams("armistice cease-fire US zebra -conference", recency=30),
        SearchParams("truce OR bulletin OR trumpet", versions=True, filters={"language": ("en",)}),
        SearchParams("cease-fire US peace talks", recency=1, filters={"collection": ("desk",)}),
        SearchParams("treaty ministers parted", page_size=5, page=2),
    ],
    ids=lambda question: question.text,
)
def test_the_parts_of_a_score_add_up_to_it(engine: Engine, question: SearchParams) -> None:
    found, why = explained(engine, question)
    assert found.tiers.hits
    for hit, parts in zip(found.tiers.hits, why.parts, strict=True):
        assert parts
        assert sum(part.score for part in parts) == pytest.approx(hit.score, abs=1e-4)
        assert all(part.score > 0 for part in parts)


def test_a_part_counts_only_where_all_it_belongs_to_matches(engine: Engine) -> None:
    _, why = explained(engine, SearchParams("talks OR (peace treaty)", filters={"collection": ("desk",)}))
    assert [[(part.kind, part.text) for part in parts] for parts in why.parts] == [[("match", "talks")]]


@pytest.mark.parametrize("half_life", [1, 2, 3, 7, 30])
def test_proximity_and_recency_are_parts(engine: Engine, half_life: int) -> None:
    found, why = explained(engine, SearchParams("peace talks", recency=half_life))
    assert (found.results.total, len(why.parts)) == (1, 10)
    parts = why.parts[0]
    kinds = [(part.kind, part.text) for part in parts]
    assert kinds[:3] == [("match", "peace"), ("match", "talks"), ("proximity", 'body:"peace talks"~7')]
    assert ("exact", 'body:"peace"') in kinds
    assert ("exact", 'body:"talks"') in kinds
    assert {kind for kind, _ in kinds[:-1]} == {"match", "proximity", "exact"}
    assert kinds[-1][0] == "recency"
    assert parts[-1].score == pytest.approx(4.0)
    assert sum(part.score for part in parts) == pytest.approx(found.tiers.hits[0].score, abs=1e-4)


@pytest.mark.parametrize("question", [SearchParams("truce", order_by="newest"), SearchParams("lang:en"), SearchParams()], ids=str)
def test_where_hits_have_no_score_they_have_no_parts(engine: Engine, question: SearchParams) -> None:
    found, why = explained(engine, question)
    assert why.parts == ((),) * len(found.results.hits) != ()


def test_the_answer_as_json_explains_itself(engine: Engine) -> None:
    found, _ = explained(engine, SearchParams("armistice"))
    sent = json.loads(answer_json(found))
    assert sent["explanation"]["notes"] == []
    [word] = sent["explanation"]["words"]
    assert (word["text"], word["excluded"], word["articles"]) == ("armistice", False, 1)
    assert word["terms"] == [{"field": "any", "terms": ["en|armistic"], "distinct": 1}]
    [result] = sent["results"]
    assert result["scoreParts"] == [{"kind": "match", "text": "armistice", "score": pytest.approx(result["score"])}]
    plain = json.loads(answer_json(answer(engine.reader(), SearchParams("armistice"), Limits())))
    assert (plain["explanation"], plain["results"][0]["scoreParts"]) == (None, None)


def test_the_command_line_explains_in_words(tmp_path: Path) -> None:
    index = archive_of(tmp_path, ARMISTICE).index
    run = CliRunner().invoke(main, ["--index", index, "search", "--explain", "truces", "NOT", "zebra"])
    assert "truces: in 1 article\n   all fields: en|truce\n" in run.stdout
    assert "zebra: in 0 articles, excluded\n" in run.stdout
    assert " match of truces\n" in run.stdout
    run = CliRunner().invoke(main, ["--index", index, "search", "--explain", "--json", "truces"])
    assert json.loads(run.stdout)["explanation"]["words"][0]["text"] == "truces"
    assert "all fields" not in CliRunner().invoke(main, ["--index", index, "search", "truces"]).stdout


def test_a_begun_phrase_is_looked_up_by_its_words_and_by_all_that_begins_so(engine: Engine) -> None:
    found, explanation = explained(engine, SearchParams('"peace tal*" "truck*"'))
    begun, alone = explanation.words
    assert (begun.text, begun.articles, begun.notes) == ('"peace tal*"', 1, ("not stemmed",))
    assert terms(begun)["body"][:2] == ("peace", "talks")
    assert (alone.text, alone.articles) == ("truck*", 1)
    assert [(part.text, part.score) for part in explanation.parts[0]] == [('"peace tal*"', 1.0), ("truck*", 1.0)]
    assert found.results.hits[0].score == 2.0


def test_signs_in_quotation_marks_that_mean_nothing_are_explained(engine: Engine) -> None:
    _, explanation = explained(engine, SearchParams('"pe* talks"'))
    assert explanation.notes[0] == "ignored: pe* (inside quotation marks, * works only at the end of the last word)"
