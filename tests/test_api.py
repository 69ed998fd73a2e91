"""The JSON API through Flask's test client."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from press import ARMISTICE, ARTICLES, CURRENT, EARLIER, GENEVA, HOSTILE, MENDED, WIRE, archive_of

from search.engines.protocol import Reader, open_engine
from search.engines.tantivy.reader import TantivyReader
from search.errors import EngineError
from search.model.article import Article, Paragraph, PrintedDate, tiebreak_key
from search.query.parameters import PARAMETERS
from search.service.cursor import Cursor
from search.settings import Limits, Settings
from web import app as application
from web.app import MAX_QUERY_STRING_BYTES, create_app
from web.index_handle import Archive

Json = dict[str, Any]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(archive_of(tmp_path_factory.mktemp("api"), *ARTICLES, HOSTILE)).test_client()


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Of an archive that has wire copies too, and an article of today."""
    today = date.today().isoformat()
    text = "Much is said of the city, its bridges and its bakeries, and little of the truce that was made there."
    new = Article("desk/today", "today", paragraphs=(Paragraph(text),), published=PrintedDate(today, today))
    return create_app(archive_of(tmp_path_factory.mktemp("varied"), *ARTICLES, *WIRE, new)).test_client()


def get(client: FlaskClient, url: str, status: int = 200) -> Json:
    answer = client.get(url)
    assert answer.status_code == status, answer.text
    assert answer.content_type == ("application/json" if status == 200 else "application/problem+json")
    sent: Json = json.loads(answer.data)
    return sent


def test_a_search_answers_with_results_highlights_facets_and_timeline(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=truce+officers&facets=section,author&timeline=year")

    assert (found["status"], found["total"], found["startIndex"], found["pageSize"], found["pages"]) == ("ok", 1, 1, 10, 1)
    understood = {"understood": "truce AND officers", "ignored": [], "widened": []}
    assert found["query"] == {"text": "truce officers", **understood}
    assert found["orderBy"] == "relevance"
    assert found["tookMs"] > 0
    assert found["facets"]["section"] == {"values": [{"value": "World", "count": 1}], "distinct": 1}
    assert found["timeline"] == [{"start": "1953", "count": 1, "archive": 1}]
    result = found["results"][0]
    assert result["score"] > 0
    assert {name: result[name] for name in ("id", "url", "headline", "authors", "published", "updated", "dateline")} == {
        "id": "armistice",
        "url": ARMISTICE.url,
        "headline": "Korean truce signed",
        "authors": ["Ruth Okafor", "Ng, Ada"],
        "published": "1953-07-27",
        "updated": "1953-07-28T09:30",
        "dateline": "PANMUNJOM, Korea",
    }
    assert result["wordCount"] == ARMISTICE.word_count
    highlights = result["highlights"]
    assert highlights["headline"] == {
        "html": "Korean <mark>truce</mark> signed",
        "text": "Korean truce signed",
        "marks": [[7, 12]],
    }
    assert "<mark>truce</mark>" in highlights["body"][0]["html"]
    caption = highlights["captions"][0]
    assert caption["html"] == "<mark>Officers</mark> sign the <mark>truce</mark> papers."
    assert (caption["credit"]["text"], caption["index"]) == ("Ruth Doe/Agency", 0)


ROUND_1 = next(article for article in ARTICLES if article.id == "round-1")
BEHIND_ROUND_1 = Cursor("oldest", tiebreak_key(ROUND_1), date(2024, 3, 31))
PARAMETER_CASES: dict[str, tuple[str, list[str]]] = {
    "q": ("q=armistice", ["armistice"]),
    "page": ("q=ministers&order-by=oldest&page=2", ["round-10", "round-11"]),
    "page-size": ("q=ministers&order-by=oldest&page-size=2", ["round-0", "round-1"]),
    "order-by": ("q=ministers&order-by=oldest&page-size=2", ["round-0", "round-1"]),
    "from-date": ("q=ministers&from-date=1981-03", ["round-11"]),
    "to-date": ("q=ministers&to-date=1970", ["round-0"]),
    "added-from": ("q=armistice&added-from=2999", []),
    "added-to": ("q=armistice&added-to=2022-01-01", []),
    "section": ("section=World&section=Monde&order-by=oldest", ["armistice", "geneve/1954"]),
    "author": ("author=Ng,%20Ada", ["armistice"]),
    "publisher": ("publisher=Le%20Regard", ["geneve/1954"]),
    "language": ("language=AR", ["hudna"]),
    "tag": ("tag=Indochine", ["geneve/1954"]),
    "year": ("year=1955", ["hudna"]),
    "collection": ("collection=masa", ["hudna"]),
    "not-section": ("from-date=1953&to-date=1955&not-section=World&not-section=Monde", ["hudna"]),
    "not-author": ("q=ministers&order-by=oldest&not-author=Jo%20Weber&page-size=2", ["round-0", "round-2"]),
    "not-publisher": ("from-date=1953&to-date=1954&not-publisher=City%20Beacon", ["geneve/1954"]),
    "not-language": ("from-date=1953&to-date=1955&not-language=FR&not-language=ar", ["armistice"]),
    "not-tag": ("from-date=1953&to-date=1954&not-tag=Indochine", ["armistice"]),
    "not-year": ("from-date=1953&to-date=1954&not-year=1953", ["geneve/1954"]),
    "not-collection": ("from-date=1953&to-date=1955&not-collection=masa&order-by=oldest", ["armistice", "geneve/1954"]),
    "query-fields": ("q=weber&query-fields=author&order-by=oldest&page-size=2", ["round-1", "round-3"]),
    "facets": ("q=armistice&facets=section&facets=author", ["armistice"]),
    "timeline": ("q=armistice&timeline=day", ["armistice"]),
    "recency": ("q=truce&recency=30", ["today", "armistice"]),
    "cursor": (
        f"q=ministers&order-by=oldest&page-size=2&cursor={Cursor('oldest', tiebreak_key(ROUND_1), date.today())}",
        ["round-2", "round-3"],
    ),
    "versions": ("q=bulletin&versions=all", ["armistice"]),
    "collapse": ("q=pumps&collapse=true&order-by=newest", ["flood-globe"]),
    "explain": ("q=armistice&explain=true", ["armistice"]),
}
ADDED_TO_ANSWERS = {"facets": "facets", "timeline": "timeline", "explain": "explanation"}
"""What a parameter that leaves the results as they are adds to an answer."""


def test_every_parameter_has_a_case() -> None:
    assert [parameter.name for parameter in PARAMETERS] == list(PARAMETER_CASES)


@pytest.mark.parametrize("name", PARAMETER_CASES)
def test_each_parameter_changes_the_answer_as_it_says(varied: FlaskClient, name: str) -> None:
    query, expected = PARAMETER_CASES[name]
    others = urlencode([(other, value) for other, value in parse_qsl(query) if other != name])
    answer, without = (get(varied, "/api/search?" + asked) for asked in (query, others))
    ids, ids_without = ([result["id"] for result in found["results"]] for found in (answer, without))

    assert ids == expected
    if added := ADDED_TO_ANSWERS.get(name):
        assert answer[added] != without[added]
    else:
        assert ids_without != expected


@pytest.mark.parametrize("name", [p.name for p in PARAMETERS if "-" in p.name])
def test_names_are_taken_in_kebab_snake_and_camel_case(client: FlaskClient, name: str) -> None:
    query, _ = PARAMETER_CASES[name]
    camel = re.sub("-(.)", lambda m: m[1].upper(), name)
    answers = [get(client, "/api/search?" + query.replace(name, spelt)) for spelt in (name, name.replace("-", "_"), camel)]

    assert all({**answer, "tookMs": 0} == {**answers[0], "tookMs": 0} for answer in answers)


def test_empty_parameters_count_as_not_given(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=&page=&section=&from-date=&facets=&order-by=")

    assert found["total"] == CURRENT + 1
    assert found["orderBy"] == "newest"


@pytest.mark.parametrize(
    ("query", "parameter", "value"),
    [
        ("colour=red", "colour", "red"),
        ("page=0", "page", "0"),
        ("page=-1", "page", "-1"),
        ("page=two", "page", "two"),
        ("page=1&page=2", "page", "2"),
        ("page=1001", "page", "1001"),
        ("page-size=101", "page-size", "101"),
        ("pageSize=101", "page-size", "101"),
        ("order-by=best", "order-by", "best"),
        ("from-date=soon", "from-date", "soon"),
        ("from-date=1960&to-date=1950", "to-date", "1950"),
        ("to-date=2022-02-30", "to-date", "2022-02-30"),
        ("query-fields=colour", "query-fields", "colour"),
        ("facets=section,colour", "facets", "colour"),
        ("timeline=week", "timeline", "week"),
        ("versions=some", "versions", "some"),
        ("collapse=yes", "collapse", "yes"),
        ("year=53", "year", "53"),
        ("q=" + "x" * 1001, "q", "x" * 1001),
    ],
    ids=lambda text: str(text)[:30],
)
def test_a_bad_value_is_a_problem_that_names_parameter_and_value(
    client: FlaskClient, query: str, parameter: str, value: str
) -> None:
    problem = get(client, "/api/search?" + query, 400)

    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Bad Request", 400)
    assert (problem["parameter"], problem["value"]) == (parameter, value)
    assert problem["detail"]


def test_a_whole_number_may_be_written_with_a_decimal_point(client: FlaskClient) -> None:
    assert get(client, "/api/search?page-size=3.0")["pageSize"] == 3
    for value in ("3.5", "3.", ".0", "3.0.0", "1000000000"):
        assert get(client, f"/api/search?recency={value}", 400)["parameter"] == "recency"


def test_a_limit_is_named_with_what_it_allows(client: FlaskClient) -> None:
    problem = get(client, "/api/search?q=abc*+abd*+abe*+abf*+abg*", 400)

    assert (problem["limit"], problem["allowed"], problem["parameter"]) == ("patterns", Limits().patterns, "q")


def test_an_article_comes_with_its_versions(client: FlaskClient) -> None:
    sent = get(client, "/api/articles/armistice")
    earlier = get(client, "/api/articles/armistice?version=" + EARLIER.source)

    assert sent["article"]["headline"] == "Korean truce signed"
    assert [version["source"] for version in sent["versions"]] == [ARMISTICE.source, EARLIER.source]
    assert earlier["article"]["headline"] == "Korean truce near"
    assert earlier["versions"] == sent["versions"]


def test_ids_with_slashes_and_mark_up_have_addresses(client: FlaskClient) -> None:
    for article in (GENEVA, HOSTILE):
        assert get(client, "/api/articles/" + quote(article.id))["article"]["id"] == article.id


def test_ids_may_end_like_other_addresses(tmp_path: Path) -> None:
    ids = ("x", "x/similar", "x/versions", "similar", "y/similar/versions")
    articles = (Article(f"c/{id}.html", id, headline="Treaty", paragraphs=(Paragraph(f"Treaty {id}"),)) for id in ids)
    client = create_app(archive_of(tmp_path, *articles)).test_client()

    for id in ids:
        address = "/api/articles/" + quote(id)
        assert get(client, address)["article"]["id"] == get(client, f"{address}?version=c/{id}.html")["article"]["id"] == id
    assert get(client, "/api/articles/x%2Fsimilar")["article"]["id"] == "x/similar"
    assert get(client, "/api/articles/similar/similar").keys() == {"status", "results"}
    assert get(client, "/api/articles/x/similar/versions")["id"] == "x/similar"
    assert client.get("/api/articles/y/similar").status_code == 404


@pytest.mark.parametrize(
    "url", ["/api/articles/none", "/api/articles/armistice?version=none", "/api/none", "/api/search/"], ids=lambda url: url[5:]
)
def test_what_is_not_there_is_a_404_problem(client: FlaskClient, url: str) -> None:
    assert get(client, url, 404)["title"] == "Not Found"


def test_html_in_highlights_is_escaped(client: FlaskClient) -> None:
    found = get(client, "/api/search?q=truce&year=2022")

    pieces = re.findall(r'"html": "((?:[^"\\]|\\.)*)"', json.dumps(found))
    assert len(pieces) >= 4
    assert all("<" not in piece.replace("<mark>", "").replace("</mark>", "") for piece in pieces)


def test_other_methods_than_get_are_refused(client: FlaskClient) -> None:
    refused = client.post("/api/search", data={"q": "truce"})

    assert refused.status_code == 405
    assert "GET" in refused.headers["Allow"]
    assert refused.content_type == "application/problem+json"
    assert client.head("/api/search?q=truce").status_code == 200
    assert client.options("/api/search").status_code == 200


def test_an_address_too_long_is_a_414_problem_and_1000_characters_of_any_script_are_not(client: FlaskClient) -> None:
    assert get(client, "/api/search?q=" + "x" * MAX_QUERY_STRING_BYTES, 414)["status"] == 414
    assert get(client, "/api/search?q=" + quote("😀" * 1000))["status"] == "ok"


def test_a_host_that_is_not_trusted_is_refused(client: FlaskClient) -> None:
    refused = client.get("/api/search", headers={"Host": "evil.example"})

    assert refused.status_code == 400
    assert "BROADSHEET_TRUSTED_HOSTS" in refused.text


def test_trusted_hosts_of_the_settings_are_served(tmp_path: Path) -> None:
    client = create_app(archive_of(tmp_path, trusted_hosts="news.example, .archive.example")).test_client()

    statuses = [
        client.get("/api/search", headers={"Host": host}).status_code
        for host in ("news.example", "a.archive.example", "x.example")
    ]
    assert statuses == [200, 200, 400]


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        ("::1", "[::1]:8000"),
        ("::1", "[0:0::1]"),
        ("fd00::7", "[FD00::7]:8000"),
        ("[fd00::7]", "[fd00::7]"),
        ("news.example:8000", "NEWS.Example"),
        ("news.example", "news.example.:80"),
        ("bücher.example", "xn--bcher-kva.example"),
        (".archive.example", "archive.example"),
        ("", "LOCALHOST:5000"),
    ],
)
def test_hosts_are_compared_by_what_they_mean(tmp_path: Path, listed: str, asked: str) -> None:
    client = create_app(archive_of(tmp_path, trusted_hosts=listed)).test_client()

    assert client.get("/api/search", headers={"Host": asked}).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "",
        ".",
        "a..b",
        "[::2]",
        "[::1",
        "::1",
        "localhost.evil.example",
        "evil-localhost",
        "evil.example@localhost",
        "localhost:0",
    ],
)
def test_hosts_that_only_look_trusted_are_refused(tmp_path: Path, asked: str) -> None:
    client = create_app(archive_of(tmp_path, trusted_hosts=".archive.example")).test_client()

    for path in ("/", "/api/search", "/nowhere", "/static/style.css"):
        assert client.get(path, environ_overrides={"HTTP_HOST": asked}).status_code == 400


def test_a_missing_index_is_503_until_it_is_there(tmp_path: Path) -> None:
    client = create_app(Settings(index=f"tantivy:{tmp_path / 'index'}")).test_client()

    missing = client.get("/api/search?q=truce")
    archive_of(tmp_path, ARMISTICE)
    there = client.get("/api/search?q=truce")

    assert (missing.status_code, missing.json["title"]) == (503, "Service Unavailable")  # type: ignore[index]
    assert int(missing.headers["Retry-After"]) > 0
    assert str(tmp_path) not in missing.text
    assert there.json["total"] == 1  # type: ignore[index]


def test_a_damaged_index_is_503_never_no_results(tmp_path: Path) -> None:
    settings = archive_of(tmp_path, ARMISTICE)
    for file in (tmp_path / "index").iterdir():
        if file.is_file():
            file.write_bytes(b"nothing")
        else:
            shutil.rmtree(file)
    client = create_app(settings).test_client()

    for url in ("/api/search?q=truce", "/api/articles/armistice", "/healthz", "/readyz"):
        assert get(client, url, 503)["status"] == 503


def test_an_answer_is_304_until_the_index_changes(tmp_path: Path) -> None:
    settings = archive_of(tmp_path, ARMISTICE)
    client = create_app(settings).test_client()
    first = client.get("/api/search?q=truce")
    seen = {"If-None-Match": first.headers["ETag"]}

    again, other = client.get("/api/search?q=truce", headers=seen), client.get("/api/search?q=treaty", headers=seen)
    with open_engine(settings.index) as engine:
        engine.add([GENEVA])
    changed = client.get("/api/search?q=truce", headers=seen)

    assert (again.status_code, again.data) == (304, b"")
    assert (other.status_code, changed.status_code) == (200, 200)
    assert first.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("url", ["/api/search?q=truce", "/?q=date:yesterday", "/feed.atom?q=date:today", "/article/armistice"])
def test_an_answer_is_made_anew_on_the_next_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    client = create_app(archive_of(tmp_path, ARMISTICE)).test_client()
    seen = {"If-None-Match": client.get(url).headers["ETag"]}

    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return date.today() + timedelta(days=1)

    assert client.get(url, headers=seen).status_code == 304
    monkeypatch.setattr(application, "date", Tomorrow)
    assert client.get(url, headers=seen).status_code == 200


def test_only_the_engine_that_failed_is_opened_anew(tmp_path: Path) -> None:
    app = create_app(archive_of(tmp_path, ARMISTICE))
    opened: Archive = app.extensions["archive"]
    used: list[Reader] = []

    def use(meanwhile: Callable[[], None] = lambda: None, error: str | None = None) -> None:
        with app.app_context(), opened.reader() as reader:  # each engine has its own
            used.append(reader)
            meanwhile()
            if error:
                raise EngineError(error)

    def another_fails_and_the_next_does_not() -> None:
        with suppress(EngineError):
            use(error="first")
        use()

    with pytest.raises(EngineError, match="slow"):
        use(another_fails_and_the_next_does_not, error="slow")
    use()

    failing, other, renewed, last = used
    assert other is failing
    assert renewed is not failing
    assert last is renewed


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(st.sampled_from(list(PARAMETER_CASES)), st.text(max_size=30)), max_size=4))
def test_whatever_is_asked_is_answered_or_refused_alike_by_page_and_api(
    client: FlaskClient, asked: list[tuple[str, str]]
) -> None:
    query = urlencode(asked, errors="replace")

    api, page = client.get("/api/search?" + query), client.get("/?" + query)

    assert api.status_code == page.status_code
    assert api.status_code in (200, 400)


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
def test_a_monitor_is_told_that_all_is_well(client: FlaskClient, url: str) -> None:
    assert get(client, url) == {"status": "ok"}


def test_a_server_whose_searches_fail_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(archive_of(tmp_path, ARMISTICE))

    def fail(*_: object) -> None:
        raise EngineError("a file of the index is damaged")

    monkeypatch.setattr(TantivyReader, "search", fail)

    assert get(app.test_client(), "/healthz") == {"status": "ok"}
    assert get(app.test_client(), "/readyz", 503)["status"] == 503


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/api/search?q=truce&facets=section,year&timeline=month&versions=all", "/api/search"),
        ("/api/search?q=okafor+doe", "/api/search"),
        ("/api/search?q=nothing+at+all", "/api/search"),
        ("/api/articles/armistice", "/api/articles/{id}"),
        ("/api/articles/undated", "/api/articles/{id}"),
        ("/api/search?q=removed:bulletin", "/api/search"),
        ("/api/articles/armistice/versions", "/api/articles/{id}/versions"),
        ("/api/articles/armistice/versions?from=beacon/armistice-early.html", "/api/articles/{id}/versions"),
        ("/api/articles/undated/versions?to=beacon/undated.txt", "/api/articles/{id}/versions"),
        ("/api/articles/armistice/similar", "/api/articles/{id}/similar"),
        ("/api/articles/armistice/similar?page-size=0", "/api/articles/{id}/similar"),
        ("/api/search?page=0", "/api/search"),
        ("/api/search?page-size=1000", "/api/search"),
        ("/api/articles/none", "/api/articles/{id}"),
    ],
)
def test_answers_are_as_openapi_json_says(client: FlaskClient, url: str, path: str) -> None:
    described = get(client, "/openapi.json")
    answer = client.get(url)

    content = described["paths"][path]["get"]["responses"][str(answer.status_code)]["content"]
    differences = list(differs(answer.json, content[answer.content_type]["schema"], described["components"]["schemas"]))
    assert differences == []


def test_openapi_json_lists_the_parameters_with_choices_and_limits(client: FlaskClient) -> None:
    listed = get(client, "/openapi.json")["paths"]["/api/search"]["get"]["parameters"]
    schemas = {parameter["name"]: parameter["schema"] for parameter in listed}

    assert list(schemas) == [parameter.name for parameter in PARAMETERS]
    assert schemas["page-size"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}
    assert (schemas["page"]["maximum"], schemas["recency"]["maximum"]) == (10_000, 999_999_999)
    assert schemas["order-by"] == {
        "type": "string",
        "enum": ["relevance", "newest", "oldest", "added", "changed"],
        "default": "relevance",
    }


def differs(value: Any, schema: Json, schemas: Json, where: str = "$") -> Iterator[str]:
    """Where a value is not as its JSON schema says, or has a member that the schema does not know."""
    kinds = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "array": list,
        "object": dict,
        "null": type(None),
    }
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        tries = [list(differs(value, each, schemas, where)) for each in schema["anyOf"]]
        yield from min(tries, key=len)
        return
    if "enum" in schema:
        yield from [f"{where} is {value!r}, none of {schema['enum']}"] if value not in schema["enum"] else []
        return
    if not isinstance(value, kinds[schema["type"]]):
        yield f"{where} is {value!r}, no {schema['type']}"
    elif isinstance(value, dict):
        known = schema.get("properties", {})
        yield from (f"{where} has no {name}" for name in schema.get("required", ()) if name not in value)
        for name, member in value.items():
            described = known.get(name) or schema.get("additionalProperties")
            yield from differs(member, described, schemas, f"{where}.{name}") if described else [f"{where} has an unknown {name}"]
    elif isinstance(value, list):
        for index, item in enumerate(value):
            prefix = schema.get("prefixItems", ())
            yield from differs(item, prefix[index] if index < len(prefix) else schema["items"], schemas, f"{where}[{index}]")


def test_an_export_holds_every_hit_once_newest_first(client: FlaskClient) -> None:
    total = get(client, "/api/search?q=ministers")["total"]
    answer = client.get("/api/export?q=ministers")
    assert answer.content_type == "application/x-ndjson; charset=utf-8"
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) == total == 12
    assert [row["published"] for row in rows] == sorted((row["published"] for row in rows), reverse=True)


def test_an_export_for_spreadsheets_has_no_formulas(tmp_path: Path) -> None:
    formula = Article("a/1", "1", headline='=HYPERLINK("x")', authors=("Ng, Ada", "@b"), paragraphs=(Paragraph("truce"),))
    client = create_app(archive_of(tmp_path, formula)).test_client()
    answer = client.get("/api/export?q=truce&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="articles.csv"'
    assert [(row["headline"], row["authors"], row["words"]) for row in rows] == [('\'=HYPERLINK("x")', "Ng, Ada; @b", "1")]


@pytest.mark.parametrize(
    "url", ["/api/export?format=xml", "/api/export?q=a*", "/api/export?colour=red", "/api/export?from-date=x"]
)
def test_an_export_that_cannot_be_made_is_a_problem(client: FlaskClient, url: str) -> None:
    assert get(client, url, 400)["status"] == 400


def test_a_cursor_by_relevance_is_gone_after_a_change(tmp_path: Path) -> None:
    settings = archive_of(tmp_path, *ARTICLES)
    client = create_app(settings).test_client()
    following = get(client, "/api/search?q=ministers&page-size=2")["next"]
    assert len(get(client, f"/api/search?q=ministers&page-size=2&cursor={following}")["results"]) == 2
    with open_engine(settings.index) as engine:
        engine.remove([ROUND_1.source])
    assert get(client, f"/api/search?q=ministers&page-size=2&cursor={following}", 410)["parameter"] == "cursor"


def test_a_misspelled_query_comes_with_what_may_have_been_meant(client: FlaskClient) -> None:
    assert get(client, "/api/search?q=armistise")["suggestion"] == {
        "text": "armistice", "changed": [{"typed": "armistise", "meant": "armistice"}], "total": 1,
    }  # fmt: skip
    assert get(client, "/api/search?q=armistice")["suggestion"] is None


def test_what_is_typed_is_completed(client: FlaskClient) -> None:
    completions = client.get("/api/suggest?q=korean tru")
    assert completions.content_type == "application/json"
    assert json.loads(completions.data) == [
        {"text": "korean truce", "kind": "word", "completed": "truce", "count": 2, "url": None},
        {"text": "Korean truce signed", "kind": "headline", "completed": None, "count": None, "url": "/article/armistice"},
    ]
    assert json.loads(client.get("/api/suggest?q=okaf").data)[0] == {
        "text": "Ruth Okafor", "kind": "name", "completed": "Ruth Okafor", "count": 1, "url": None,
    }  # fmt: skip
    assert json.loads(client.get("/api/suggest").data) == []
    assert get(client, "/api/suggest?p=x", 400)["parameter"] == "p"


@pytest.mark.parametrize("typed", ["%00", "%ff", "%ed%a0%80tr", "tr" + "u" * 5000, "(((((tr", "%22tr", "evil%20scr"])
def test_whatever_is_typed_is_completed_without_harm(client: FlaskClient, typed: str) -> None:
    assert client.get(f"/api/suggest?q={typed}").status_code == 200


@pytest.fixture
def wire(tmp_path: Path) -> FlaskClient:
    return create_app(archive_of(tmp_path, *ARTICLES, *WIRE, MENDED)).test_client()


def test_wire_copies_are_one_result_where_asked_for(wire: FlaskClient) -> None:
    plain = get(wire, "/api/search?q=pumps+OR+armistice&facets=publisher")
    assert (plain["total"], plain["articles"]) == (4, 4)
    assert all(result["copies"] == [] for result in plain["results"])

    collapsed = get(wire, "/api/search?q=pumps+OR+armistice&collapse=true&order-by=newest&facets=publisher")
    assert (collapsed["total"], collapsed["articles"], collapsed["pages"]) == (2, 4, 1)
    assert collapsed["facets"] == plain["facets"]
    first = collapsed["results"][0]
    assert (first["id"], first["copyCount"]) == ("flood-globe", 2)
    copy = first["copies"][0]
    assert (copy["id"], copy["headline"], copy["publisher"]) == ("flood-mirror", "Thousands flee flood", "The Mirror")
    assert (copy["published"], copy["url"]) == ("1965-05-02", None)

    exported = wire.get("/api/export?q=pumps").text.splitlines()
    assert len(exported) == 3


def test_a_walk_shows_each_group_once(wire: FlaskClient) -> None:
    for order in ("newest", "oldest", "relevance"):
        url = f"/api/search?q=pumps+OR+ministers&collapse=true&page-size=2&order-by={order}"
        ids, cursor = [], ""
        while cursor is not None:
            answer = get(wire, url + (f"&cursor={cursor}" if cursor else ""))
            ids += [result["id"] for result in answer["results"]]
            cursor = answer["next"]
        assert len(ids) == len(set(ids)) == answer["total"] == 13
        assert len([id for id in ids if id.startswith("flood")]) == 1


def test_an_article_names_its_copies_and_what_is_similar(wire: FlaskClient) -> None:
    assert [copy["id"] for copy in get(wire, "/api/articles/flood-herald")["copies"]] == ["flood-globe", "flood-mirror"]
    (similar,) = get(wire, "/api/articles/flood-herald/similar?page-size=1")["results"]
    assert (similar["id"], similar["headline"]) == ("mended", MENDED.headline)
    assert similar["score"] > 0
    assert wire.get("/api/articles/none/similar").status_code == 404
    assert wire.get("/api/articles/mended/similar?page=2").status_code == 400
