"""Names that are spelt in several ways: the file of them, and searches widened by it, on each engine."""

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from conftest import OpenNew
from oracle import answer as expected_answer
from press import archive_of

from indexer.cli.commands import main
from search.engines.protocol import Engine
from search.errors import SettingsError
from search.model.article import Article, Caption, Paragraph
from search.model.results import Fragment
from search.query.nodes import NAME_FIELDS, TEXT_FIELDS
from search.query.parsing.parser import Understood, parse
from search.query.parsing.synonyms import MAX_GROUPS, MAX_NAMES, MAX_PHRASES, MAX_WORDS, Widened, read_spellings, spellings_of
from search.service.search import SearchParams, SearchResponse, answer, search_request
from search.settings import Limits, Settings
from web.app import create_app

PLACES = Path(__file__).parents[1] / "search/place_spellings.txt"
FILE = """
# Names of this test
Kyiv, Kiev
Czechia, Czech Republic  # two words
Côte d'Ivoire, Ivory Coast
Guinea-Bissau, Portuguese Guinea
Beijing, Peking, 北京
缅甸联邦, Myanmar, Burma
UK, United Kingdom
"""
SPELLINGS = spellings_of(FILE, "names.txt")


def widened(typed: str, **how: Any) -> Understood:
    return parse(typed, spellings=SPELLINGS, **how)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("kiev", "kiev OR kyiv"),
        ("Kyiv's airport", "(kyiv OR kiev) AND airport"),
        ("czechia", 'czechia OR "czech republic"'),
        ("czech republic talks", "((czech AND republic) OR czechia) AND talks"),
        ("republic czech", "republic AND czech"),
        ("cote d’ivoire", '(cote AND ivoire) OR "ivory coast"'),
        ("ivory coast", '(ivory AND coast) OR "cote d ivoire"'),
        ("Guinea-Bissau", 'guineabissau OR "guinea bissau" OR "portuguese guinea"'),
        ("guinea bissau", '(guinea AND bissau) OR "portuguese guinea"'),
        ("北京", "北京 OR beijing OR peking"),
        ("缅甸联邦", '"缅 甸 联 邦" OR myanmar OR burma'),
        ("UK", 'uk OR u.k. OR "united kingdom"'),
        ("uk", 'uk OR "united kingdom"'),
        ("U.K. talks", '(u.k. OR uk OR "united kingdom") AND talks'),
        ("CZECH Republic", "((czech OR c.z.e.c.h.) AND republic) OR czechia"),
        ("united kingdom", "(united AND kingdom) OR uk OR u.k."),
        ("place:kiev", "place:kiev OR place:kyiv"),
        ("headline:peking", "headline:peking OR headline:beijing OR headline:北京"),
        ("war -kiev", "war AND NOT (kiev OR kyiv)"),
        ("kiev OR truce", "kiev OR kyiv OR truce"),
        ("removed:kiev", "removed:(kiev OR kyiv)"),
        ('~"Kiev airport"', '"kiev airport" OR "kyiv airport"'),
        ('headline:~"the Czech Republic"', 'headline:"the czech republic" OR headline:"the czechia"'),
        ('~"kiev peking"~3', '"kiev peking"~3 OR "kiev beijing"~3 OR "kyiv peking"~3 OR "kyiv beijing"~3'),
        ('~"Kiev airp*"', '"kiev airp*" OR "kyiv airp*"'),
        ("said:kiev by:reed", "(said:kiev by:reed) OR (said:kyiv by:reed)"),
        ("(said:kiev by:reed) war", "((said:kiev by:reed) OR (said:kyiv by:reed)) AND war"),
        ('~"kiev"', '"kiev" OR "kyiv"'),
    ],
)
def test_a_name_is_looked_for_in_all_its_spellings(typed: str, understood: str) -> None:
    assert (widened(typed).text, widened(typed).ignored) == (understood, ())
    assert widened(typed).typed == parse(typed).query


@pytest.mark.parametrize(
    "typed",
    [
        '"kiev"',
        '"kiev airport"',
        '"kiev airport"~3',
        'author:"guinea bissau"',
        '"缅甸联邦"',
        "kie*",
        '~"kie*"',
        '"kiev airp*"',
        "kiev~",
        "kievan",
        "",
    ],
)
def test_what_is_quoted_or_is_no_name_stays_as_it_is(typed: str) -> None:
    assert widened(typed) == parse(typed)


def test_a_marked_phrase_without_spellings_is_a_phrase() -> None:
    assert parse('~"Kiev airport"').query == parse('"Kiev airport"').query


def test_names_are_widened_in_each_of_the_fields_asked_for() -> None:
    asked = widened("czech republic", fields=("headline", "body"))

    assert asked.text == (
        "((headline:czech OR body:czech) AND (headline:republic OR body:republic)) OR headline:czechia OR body:czechia"
    )


def test_the_answer_names_what_was_widened_as_the_file_spells_it() -> None:
    assert widened("kiev peking").widened == (Widened("Kiev", ("Kyiv",)), Widened("Peking", ("Beijing", "北京")))
    assert widened('~"the kiev gate"').widened == (Widened("Kiev", ("Kyiv",)),)
    assert widened("lviv").widened == ()


def test_a_phrase_of_many_names_becomes_a_bounded_number_of_phrases() -> None:
    asked = widened('~"' + "peking " * 30 + '"')

    assert asked.text.count(" OR ") == MAX_PHRASES - 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Kyiv, Kiev\nLviv", "line 2: only one name"),
        ("São Tomé, Sao Tome", "line 1: only one name"),
        ("\nKyiv,,Kiev", "line 2: a name is missing"),
        ("Kyiv, Kiev,", "line 1: a name is missing"),
        ("Kyiv, ?!", "line 1: ?! is not a name"),
        ("Kyiv, Kiev\n\nKiew, KIEV", "line 3: KIEV is also in line 1"),
        (",".join(f"name{n}" for n in range(MAX_NAMES + 1)), f"line 1: {MAX_NAMES + 1} names"),
        ("Kyiv, " + "a " * (MAX_WORDS + 1), f"line 1: a name may have at most {MAX_WORDS} words"),
        ("\n".join(f"a{n}, b{n}" for n in range(MAX_GROUPS + 1)), f"line {MAX_GROUPS + 1}: a file of spellings may have at most"),
        ("#" * 1_000_001, "1,000,001 bytes"),
    ],
    ids=lambda value: value[:20],
)
def test_a_bad_file_is_refused_with_the_line(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "names.txt"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as refusal:
        read_spellings(str(file))
    assert complaint in str(refusal.value)
    assert str(file) in str(refusal.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes("Kyiv, Kiev\nKöln, Cologne".encode("latin-1"))

    with pytest.raises(SettingsError, match=r"latin, line 2: not valid UTF-8"):
        read_spellings(str(tmp_path / "latin"))
    with pytest.raises(SettingsError, match="No such file"):
        read_spellings(str(tmp_path / "none"))


def test_a_file_may_come_from_another_system(tmp_path: Path) -> None:
    (tmp_path / "names").write_bytes("\ufeffKyiv, Kiev\r\n# x\r\n\r\nKöln,Cologne\r\n".encode())

    assert parse("köln", spellings=read_spellings(str(tmp_path / "names"))).text == "köln OR cologne"


ARTICLES = [
    Article(
        "desk/kyiv", "1", headline="Kyiv airport opens", paragraphs=(Paragraph("Planes land in Kyiv again."),), language="en"
    ),
    Article("desk/kiev", "2", headline="Kiev airport opens", dateline="KIEV, Ukraine", language="en"),
    Article("desk/both", "3", paragraphs=(Paragraph("Kyiv was written Kiev. The airport of Kiev is old."),), language="en"),
    Article("desk/czechia", "4", paragraphs=(Paragraph("Czechia votes."),), captions=(Caption("Peking duck"),), language="en"),
    Article("desk/czech", "5", paragraphs=(Paragraph("The Czech Republic votes."), Paragraph("北京")), language="en"),
    Article("desk/apart", "6", paragraphs=(Paragraph("A republic of Czech beer. UK votes."),), language="en"),
    Article("desk/ivory", "7", paragraphs=(Paragraph("The Ivory Coast plays."),), language="en"),
    Article("desk/cote", "8", paragraphs=(Paragraph("La Côte d’Ivoire joue."),), language="fr"),
]


@pytest.fixture
def engine(open_new: OpenNew) -> Engine:
    opened = open_new()
    opened.add(ARTICLES)
    return opened


def ask(engine: Engine, typed: str) -> SearchResponse:
    return answer(engine.reader(), SearchParams(typed, page_size=100), Limits(), SPELLINGS)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("kiev", {"kyiv", "kiev", "both"}),
        ("KYIV", {"kyiv", "kiev", "both"}),
        ('"kiev"', {"kiev", "both"}),
        ('~"kiev"', {"kyiv", "kiev", "both"}),
        ('~"kiev airport"', {"kyiv", "kiev"}),
        ('"kiev airport"', {"kiev"}),
        ("place:kyiv", {"kiev"}),
        ("czechia", {"czechia", "czech"}),
        ("czech republic", {"czechia", "czech", "apart"}),
        ("votes -czechia", {"apart"}),
        ("beijing", {"czechia", "czech"}),
        ("caption:北京", {"czechia"}),
        ("cote d'ivoire", {"ivory", "cote"}),
        ("ivory coast", {"ivory", "cote"}),
        ("United Kingdom", {"apart"}),
    ],
)
def test_articles_are_found_by_any_spelling(engine: Engine, typed: str, expected: set[str]) -> None:
    found = ask(engine, typed)
    request = search_request(found.question, found.understood.query)

    assert {hit.article.source for hit in found.results.hits} == {f"desk/{name}" for name in expected}
    assert sorted(expected_answer(ARTICLES, request).sources) == sorted(f"desk/{name}" for name in expected)


def test_marks_show_the_spelling_that_matched(engine: Engine) -> None:
    found = ask(engine, '~"kiev airport" czechia OR peking OR kiev')

    shown = {hit.article.source: highlights for hit, highlights in zip(found.results.hits, found.highlights, strict=True)}
    assert shown["desk/kyiv"].headline == Fragment("Kyiv airport opens", ((0, 12),))
    assert ask(engine, "czechia").highlights[0].body[0].marks in (((0, 7),), ((4, 18),))


def test_two_spellings_in_one_article_score_for_both_and_the_rest_as_without_a_file(engine: Engine) -> None:
    scores = {hit.article.source: hit.score for hit in ask(engine, "kiev").results.hits}
    alone = {
        word: {hit.article.source: hit.score for hit in answer(engine.reader(), SearchParams(word), Limits()).results.hits}
        for word in ("kiev", "kyiv")
    }

    assert scores["desk/kyiv"] == pytest.approx(alone["kyiv"]["desk/kyiv"])
    assert scores["desk/both"] == pytest.approx(alone["kiev"]["desk/both"] + alone["kyiv"]["desk/both"])


def test_an_explanation_names_the_other_spellings(engine: Engine) -> None:
    explained = answer(engine.reader(), SearchParams("kiev", explain=True), Limits(), SPELLINGS).explanation

    assert explained
    assert explained.notes == ("Kiev is also searched in other spellings: Kyiv",)
    assert [word.text for word in explained.words] == ["kiev", "kyiv"]


def test_the_file_of_places_is_sound() -> None:
    places = read_spellings(str(PLACES))

    assert len(places.by_terms) > 400
    assert parse("saigon", spellings=places).text == 'saigon OR "ho chi minh city"'
    assert parse("swaziland", spellings=places).text == "swaziland OR eswatini"
    for name in ("canton", "georgia", "paris", "congo"):
        assert parse(name, spellings=places).widened == ()
    assert "Source:" in PLACES.read_text(encoding="utf-8")


def test_every_name_of_the_file_of_places_is_known_when_it_is_typed() -> None:
    places = read_spellings(str(PLACES))

    for name in places.by_terms.values():
        assert parse(name.name, spellings=places).widened == (name,), name
        assert parse(f'~"{name.name}"', spellings=places).widened == (name,), name


@pytest.fixture
def names(tmp_path: Path) -> Path:
    file = tmp_path / "names.txt"
    file.write_text(FILE, encoding="utf-8")
    return file


def test_api_and_page_say_what_was_widened(tmp_path: Path, names: Path) -> None:
    client = create_app(archive_of(tmp_path, *ARTICLES, spellings=str(names))).test_client()

    sent = json.loads(client.get("/api/search?q=kiev").data)
    assert (sent["total"], sent["query"]["understood"]) == (3, "kiev OR kyiv")
    assert sent["query"]["widened"] == [{"name": "Kiev", "also": ["Kyiv"]}]
    page = BeautifulSoup(client.get("/?q=kiev").data, "html.parser")
    assert "Kiev: also searching Kyiv" in [" ".join(note.get_text().split()) for note in page.select(".summary .note")]
    article = BeautifulSoup(client.get("/article/1?q=kiev").data, "html.parser")
    assert [mark.get_text() for mark in article.select("mark")] == ["Kyiv", "Kyiv"]
    assert client.get("/api/export?q=kiev").text.count("\n") == 3


def test_a_changed_file_makes_new_pages(tmp_path: Path, names: Path) -> None:
    settings = archive_of(tmp_path, *ARTICLES, spellings=str(names))
    before = create_app(settings).test_client().get("/api/search?q=kiev").headers["ETag"]
    names.write_text("Kiew, Kiev\n", encoding="utf-8")

    assert create_app(settings).test_client().get("/api/search?q=kiev").headers["ETag"] != before


def test_a_server_with_a_bad_file_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "bad").write_text("Kyiv", encoding="utf-8")

    with pytest.raises(SettingsError, match="line 1"):
        create_app(Settings(spellings=str(tmp_path / "bad")))
    done = CliRunner().invoke(main, ["--index", archive_of(tmp_path).index, "serve", "--spellings", str(tmp_path / "bad")])
    assert (done.exit_code, "bad, line 1" in done.output) == (2, True)


def test_the_command_line_takes_a_file_by_flag_and_by_setting(
    tmp_path: Path, names: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = archive_of(tmp_path, *ARTICLES).index

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(main, ["--index", index, "search", *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    assert "2 articles for kiev" in run("kiev")
    assert "3 articles for kiev OR kyiv\nKiev: also searching Kyiv" in run("kiev", "--spellings", str(names))
    assert len(run("kiev", "--spellings", str(names), "--export", "jsonl").splitlines()) == 3
    monkeypatch.setenv("BROADSHEET_SPELLINGS", str(names))
    assert "3 articles for kiev OR kyiv" in run("kiev")


@pytest.mark.parametrize("name", [*TEXT_FIELDS, *NAME_FIELDS])
def test_a_name_of_several_words_stays_in_its_field(name: str) -> None:
    assert widened(f"{name}:czechia").text == f'{name}:czechia OR {name}:"czech republic"'
