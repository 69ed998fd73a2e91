"""Lists of names: the table, the lines that are passed over, and the ways in."""

import csv
import io
import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask.testing import FlaskClient
from press import ARTICLES, HOSTILE, archive_of

from indexer.cli.commands import main
from search.engines.protocol import Engine
from search.errors import QueryRefused
from search.model.article import Article, Paragraph, PrintedDate
from search.model.results import FacetValue
from search.service import bulk_lookup
from search.service.bulk_lookup import names_table
from search.settings import Limits
from web.app import create_app


def report(name: str, text: str, publisher: str | None, day: str | None) -> Article:
    published = PrintedDate(day, day) if day else None
    return Article(f"desk/{name}", name, language="en", publisher=publisher, published=published, paragraphs=(Paragraph(text),))


REPORTS = [
    report("a", "Ada Marsh met Bo Reed.", "The Post", "2001-02-03"),
    report("b", "Ada Marsh resigned.", "The Post", "1999"),
    report("c", "Ada Marsh, again.", "A Herald", None),
    report("d", "Ada met Marsh.", "B Herald", "2010-01-01"),
    replace(report("e", "Ada Marsh, earlier.", "The Post", "1950"), id="d", captured="1990-01-01T00:00:00Z", source="desk/old"),
]


def test_each_name_has_its_articles_days_and_outlets(engine: Engine) -> None:
    engine.add([*REPORTS[:3], replace(REPORTS[3], captured="2020-01-01T00:00:00Z"), REPORTS[4]])
    table = names_table(engine.reader(), ["Ada Marsh", "", " bo  reed\n", "Nobody Known"], Limits())
    assert [(row.line, row.name, row.articles, row.first, row.last) for row in table.rows] == [
        (1, "Ada Marsh", 3, "1999-01-01", "2001-02-03"),
        (3, "bo reed", 1, "2001-02-03", "2001-02-03"),
        (4, "Nobody Known", 0, None, None),
    ]
    assert table.rows[0].outlets == (FacetValue("The Post", 2), FacetValue("A Herald", 1))
    assert table.rows[0].path == "/?q=%22Ada+Marsh%22"
    assert table.bad == ()


def test_the_three_outlets_with_most_articles_are_named(engine: Engine) -> None:
    engine.add(
        report(f"{name}{n}", "Ada", name, None) for name, count in zip("dcba", (1, 2, 1, 3), strict=True) for n in range(count)
    )
    (row,) = names_table(engine.reader(), ["ada"], Limits()).rows
    assert row.outlets == (FacetValue("a", 3), FacetValue("c", 2), FacetValue("b", 1))


def test_queries_are_read_as_the_search_box_reads_them(engine: Engine) -> None:
    engine.add(REPORTS[:4])
    table = names_table(engine.reader(), ["ada marsh -reed", "has:date", "resign*", 'Ada "Marsh"'], Limits(), queries=True)
    assert [row.articles for row in table.rows] == [3, 3, 1, 4]
    assert names_table(engine.reader(), ['Ada "Marsh"', "ada -marsh", "OR ada"], Limits()).rows[0].articles == 3


def test_a_name_in_the_list_is_no_pattern(engine: Engine) -> None:
    engine.add([*REPORTS[:2], report("m", "Marshall", None, None)])
    table = names_table(engine.reader(), ["Marsh*", "A*", "Ada~ Marsh", "Bo Reed?", "Mar?h"], Limits())
    assert [(row.articles, row.query) for row in table.rows[:4]] == [
        (2, '"Marsh"'), (0, '"A"'), (2, '"Ada  Marsh"'), (1, '"Bo Reed"'),
    ]  # fmt: skip
    assert [row.articles for row in names_table(engine.reader(), ["Marsh*", '"ada mar*"'], Limits(), queries=True).rows] == [3, 2]


def test_a_line_that_is_wrong_is_passed_over_and_named(engine: Engine) -> None:
    engine.add(REPORTS[:1])
    table = names_table(engine.reader(), ["ada", "!!!", "a " * 40, "x" * 2_000, "bo"], Limits())
    assert [row.name for row in table.rows] == ["ada", "bo"]
    assert [(bad.line, str(bad.why).split(";")[0]) for bad in table.bad] == [
        (2, "contains no searchable word"),
        (3, "A phrase has 40 words"),
        (4, "The query has 2,002 characters"),
    ]


def test_too_long_a_list_is_refused(engine: Engine) -> None:
    assert len(names_table(engine.reader(), ["ada", "bo", "\n"], Limits(names=2)).rows) == 2
    with pytest.raises(QueryRefused, match="names"):
        names_table(engine.reader(), ["ada", "bo", "cy"], Limits(names=2))


def test_what_is_not_reached_in_time_is_named(engine: Engine) -> None:
    table = names_table(engine.reader(), ["ada", "bo"], Limits(), seconds=-1)
    assert (table.rows, [bad.line for bad in table.bad]) == ((), [1, 2])


def test_the_clock_is_looked_at_for_every_name(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add([report("r", "Ada Ng and others", "The Post", None)])
    names = [f"ada OR w{number}" for number in range(600)]
    looks = itertools.count()
    monkeypatch.setattr("time.monotonic", lambda: next(looks) / 1_000)  # a millisecond goes by at each look
    table = names_table(engine.reader(), names, Limits(), queries=True, seconds=0.8)
    assert 0 < len(table.rows) < len(names)
    assert [one.line for one in (*table.rows, *table.bad)] == list(range(1, len(names) + 1))


def test_a_name_that_nothing_mentions_has_a_suggestion(engine: Engine) -> None:
    engine.add([*REPORTS[:3], report("z", "Volodymyr Zelensky spoke in Kyiv.", None, None)])
    table = names_table(engine.reader(), ["Ada Marsh", "Volodymyr Zelenskyy", "Zelenskyy", "Reed Bo", "Xyzzy Qwrt"], Limits())
    assert [row.suggestion and (row.suggestion.text, row.suggestion.total) for row in table.rows] == [
        None, ('"Volodymyr Zelensky"', 1), ('"Zelensky"', 1), ("Reed Bo", 1), None,
    ]  # fmt: skip
    (row,) = names_table(engine.reader(), ["zelenskyy -kyiv"], Limits(), queries=True).rows
    assert row.suggestion is None, "that would find nothing either"


def test_the_suggestions_of_a_list_are_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.add(REPORTS[:1])
    monkeypatch.setattr(bulk_lookup, "MAX_SUGGESTIONS", 2)
    rows = names_table(engine.reader(), ["Ada Marsch", "Ada Marrsh", "Ada Mrash"], Limits()).rows
    assert [row.suggestion is not None for row in rows] == [True, True, False]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    return archive_of(tmp_path_factory.mktemp("names"), *ARTICLES, HOSTILE).index


def run(index: str, *arguments: str, status: int, given: str) -> tuple[str, str]:
    done = CliRunner().invoke(main, ["--index", index, "names", *arguments], input=given)
    assert done.exit_code == status, done.stderr
    return done.stdout, done.stderr


def test_the_command_prints_a_table(index: str, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("\ufeffRuth Okafor\r\n=1+1\n\n!!!\n", encoding="utf-8")
    printed, said = run(index, str(names), status=1, given="")
    rows = list(csv.reader(io.StringIO(printed)))
    assert rows[0] == ["name", "articles", "first", "last", "outlets", "search", "suggestion"]
    assert rows[1][0] == "Ruth Okafor"
    assert int(rows[1][1]) > 0
    assert rows[1][5] == "/?q=%22Ruth+Okafor%22"
    assert rows[2][0] == "'=1+1"
    assert said == "broadsheet: line 4 was skipped: contains no searchable word\n"


def test_the_command_prints_lines_of_json(index: str) -> None:
    printed, _ = run(index, "--json", "--queries", "-", status=0, given="truce OR korea\nau:ruth\n")
    first, second = map(json.loads, printed.splitlines())
    assert (first["line"], first["name"], second["line"]) == (1, "truce OR korea", 2)
    assert first["articles"] > 0
    assert sum(outlet["count"] for outlet in first["outlets"]) <= first["articles"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(archive_of(tmp_path_factory.mktemp("web"), *ARTICLES, HOSTILE)).test_client()


@pytest.mark.parametrize("body", [{"names": ["Ruth Okafor", "!"]}, ["Ruth Okafor", "!"]], ids=["object", "list"])
def test_the_api_answers_with_rows_and_bad_lines(client: FlaskClient, body: object) -> None:
    answer = client.post("/api/names", json=body)
    assert answer.status_code == 200
    (row,) = answer.json["names"]
    assert (row["name"], row["line"], row["search"]) == ("Ruth Okafor", 1, "/?q=%22Ruth+Okafor%22")
    assert client.get(row["search"]).status_code == 200
    assert client.get("/api/search?q=%22Ruth+Okafor%22").json["total"] == row["articles"] > 0
    assert answer.json["bad"] == [{"line": 2, "name": "!", "why": "contains no searchable word"}]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b'{"name": []}', 400), (b"[1]", 400), (b"\xff", 400), (b"[" * 5_000, 400), (b" " * 5_000_000, 413)],
    ids=["broken", "no names", "numbers", "no UTF-8", "deep", "too long"],
)
def test_a_list_that_cannot_be_read_is_a_problem(client: FlaskClient, body: bytes, status: int) -> None:
    answer = client.post("/api/names", data=body, content_type="application/json")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_more_names_than_the_limit_are_a_problem(client: FlaskClient) -> None:
    answer = client.post("/api/names", json=["ada"] * 10_001)
    assert (answer.status_code, answer.json["limit"]) == (400, "names")


def test_the_page_shows_the_table_and_gives_it_as_csv(client: FlaskClient) -> None:
    assert "<textarea" in client.get("/names").text
    given = "Ruth Okafor\r\n<b>!\r\n?"
    shown = client.post("/names", data={"names": given}).text
    assert ">Ruth Okafor</a>" in shown
    assert "line 3" in shown
    assert "<b>!" not in shown
    answer = client.post("/names", data={"names": given, "format": "csv"})
    assert answer.content_type == "text/csv; charset=utf-8"
    assert [row[0] for row in csv.reader(io.StringIO(answer.text))][1:] == ["Ruth Okafor", "<b>!"]


SIZES = (3_900_000, 4_000_001)
UMLAUT = "Jörg Müller"
TABLE = 'nr;Name\n1;"Okafor; Ruth"\n2;Jo Weber\n\n3\n'


@pytest.mark.parametrize(
    ("file", "name", "expected"),
    [
        (UMLAUT.encode(), "names.txt", [UMLAUT]),
        (f"\ufeff{UMLAUT}\r\nJo".encode(), "names.txt", [UMLAUT, "Jo"]),
        (f"{UMLAUT}\rJo\r".encode(), "names.txt", [UMLAUT, "Jo"]),
        (UMLAUT.encode("utf-16"), "names.txt", [UMLAUT]),
        (UMLAUT.encode("cp1252"), "names.txt", [UMLAUT]),
        (b"Okafor, Ruth\nWeber, Jo\n", "names.txt", ["Okafor, Ruth", "Weber, Jo"]),
        (b"Jo Weber,1\nBo Reed,2", "NAMES.CSV", ["Jo Weber", "Bo Reed"]),
        (TABLE.encode(), "names.csv", ["Okafor; Ruth", "Jo Weber"]),
        (TABLE.replace(";", "\t").encode("utf-16"), "names.tsv", ["Okafor\tRuth".replace("\t", " "), "Jo Weber"]),
        (b"Nombre\nJo Weber\n", "names.csv", ["Jo Weber"]),
        (b'"Jo\nWeber",1', "names.csv", ["Jo Weber"]),
        (b"a" * 200_000 + b",b", "names.csv", ["a" * 200_000 + ",b"]),
        (b"", "names.csv", []),
        (b"\xff\xfe\x00", "names.txt", ["\ufffd"]),
    ],
    ids=str,
)
def test_a_file_of_names_is_read_in_its_encoding(client: FlaskClient, file: bytes, name: str, expected: list[str]) -> None:
    page = client.post("/names", data={"names": "", "file": (io.BytesIO(file), name)}).text
    given = BeautifulSoup(page, "html.parser").select_one("textarea")
    assert given
    assert [line for line in given.text.splitlines() if line] == expected


def test_a_file_is_looked_up_together_with_what_was_typed(client: FlaskClient) -> None:
    page = client.post("/names", data={"names": "Jo Weber\r\n", "file": (io.BytesIO(b"Ruth Okafor"), "a.txt")}).text
    assert [row.text for row in BeautifulSoup(page, "html.parser").select("tbody th")] == ["Jo Weber", "Ruth Okafor"]
    assert "2 of 2 names found" in page


def test_a_file_that_is_too_large_is_refused(client: FlaskClient) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n%b\r\n--x--\r\n'
    answers = [client.post("/names", data=body % (b"a" * size), content_type="multipart/form-data; boundary=x") for size in SIZES]
    assert [answer.status_code for answer in answers] == [200, 413]


def test_a_short_list_has_an_address_and_a_long_one_is_told_why_not(client: FlaskClient) -> None:
    page = client.post("/names", data={"names": "Jo Weber\r\nBo & Ré", "queries": "true"}).text
    link = BeautifulSoup(page, "html.parser").find("a", string="Link to this table")
    assert link
    shown = BeautifulSoup(client.get(link["href"]).text, "html.parser")  # type: ignore[index]
    assert [row.text for row in shown.select("tbody th")] == ["Jo Weber", "Bo & Ré"]
    assert shown.select_one("[name=queries][checked]")
    long = client.post("/names", data={"names": "Jo Weber\n" * 250}).text
    assert "too long for a link" in long
    assert "Link to this table" not in long


def test_of_a_long_list_the_first_rows_are_shown(client: FlaskClient) -> None:
    page = client.post("/names", data={"names": "Jo Weber\n" * 600}).text
    assert page.count('<th scope="row"') == 500
    assert "Only the first 500 rows are shown" in page
    assert client.post("/names", data={"names": "Jo Weber\n" * 600, "format": "csv"}).text.count("\n") == 601


def test_a_misspelt_name_leads_to_the_right_one(client: FlaskClient) -> None:
    shown = BeautifulSoup(client.get("/names?names=Ruth+Okafur%0AOkafor+Ruth").text, "html.parser")
    assert [link["href"] for link in shown.select("tbody a")] == ["/?q=%22Ruth+Okafor%22", "/?q=Okafor+Ruth"]
    assert [cell.text for cell in shown.select("tbody [colspan]")] == [
        'Did you mean "Ruth Okafor"? (1 article)',
        "All of its words, but not side by side: 1 article",
    ]


def test_openapi_describes_the_list_and_the_table(client: FlaskClient) -> None:
    described = client.get("/openapi.json").json["paths"]["/api/names"]["post"]
    shapes = described["requestBody"]["content"]["application/json"]["schema"]["oneOf"]
    assert shapes[1]["description"].startswith("At most 10,000 names")
    assert set(described["responses"]) == {"200", "400", "413", "503"}


def test_no_names_make_no_table(client: FlaskClient) -> None:
    page = client.post("/names", data={"names": "\r\n"}).text
    assert "<table" not in page
    assert "0 of 0" not in page
