"""The catalogue of the pages' texts: complete in each language, and the only place that has any."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import Environment
from press import ARTICLES, archive_of

from search.errors import SettingsError
from search.query.nodes import FACETS, NAME_FIELDS, TEXT_FIELDS
from search.query.syntax_help import FORMS
from search.settings import UI_LANGUAGES, Limits, Settings
from web.app import create_app
from web.i18n.catalogue import LANGUAGES, Texts, catalogue

WEB = Path(__file__).parent.parent / "web"
TEMPLATES = sorted((WEB / "templates").iterdir())
ENGLISH = catalogue("en")
NAMES = {"Broadsheet"}
"""Words that are the same in every language."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(archive_of(tmp_path_factory.mktemp("texts"), *ARTICLES))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def forms(texts: Texts, key: str) -> dict[str, str]:
    entry = texts.entries[key]
    return {"": entry} if isinstance(entry, str) else entry


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_settings_offer_the_languages_that_are_there() -> None:
    assert set(UI_LANGUAGES) == {"auto", *LANGUAGES}
    with pytest.raises(SettingsError, match="give one of auto, en, de, es, fr"):
        Settings.from_environment({"BROADSHEET_UI_LANGUAGE": "xx"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_texts_with_their_values(language: str) -> None:
    texts = catalogue(language)

    assert set(texts.entries) == set(ENGLISH.entries)
    for key in ENGLISH.entries:
        assert isinstance(texts.entries[key], str) == isinstance(ENGLISH.entries[key], str), key
        if not isinstance(texts.entries[key], str):
            assert {"one", "other"} <= forms(texts, key).keys() <= {*texts.locale.plural_form.tags, "other"}, key
        values = set().union(*(placeholders(form) for form in forms(texts, key).values()))
        assert values == set().union(*(placeholders(form) for form in forms(ENGLISH, key).values())), key
        assert all(form.strip() for form in forms(texts, key).values()), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_keys_that_say_so_have_mark_up(language: str) -> None:
    for key in catalogue(language).entries:
        for form in forms(catalogue(language), key).values():
            tags = {tag.name for tag in BeautifulSoup(form, "html.parser").select("*")}
            assert tags <= ({"i", "code", "kbd", "bdi"} if key.endswith("_html") else set()), key


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_a_text_of_its_own(template: Path) -> None:
    tokens = list(Environment().lex(template.read_text(encoding="utf-8")))
    page = BeautifulSoup("".join(value for _, kind, value in tokens if kind == "data"), "html.parser")
    said = [str(text) for text in page.find_all(string=True)]
    said += [str(tag[name]) for tag in page.select("*") for name in ("title", "alt", "aria-label") if tag.get(name)]
    said += [value for _, kind, value in tokens if kind == "string" and " " in value.strip("\"'") and not said_by_key(value)]

    assert [
        text for text in said if re.search("[A-Za-z]{2}", text) and text.strip() not in NAMES and not is_code(text, page)
    ] == []


def said_by_key(quoted: str) -> bool:
    """A string of a template that is (the beginning of) a key, or no text: a separator, a format."""
    return any(key.startswith(quoted.strip("\"'").replace("%d", "")) for key in ENGLISH.entries)


def is_code(text: str, page: BeautifulSoup) -> bool:
    return any(code.get_text() == text for code in page.select("code, kbd")) or text == "html"


def keys_used() -> Iterator[str]:
    for path in [*WEB.rglob("*.py"), *TEMPLATES]:
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            yield from (
                node.value
                for node in ast.walk(ast.parse(source))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )
        else:
            yield from re.findall(r'\bt\("([^"]*)"', source)
    yield from (f"script.{key}" for key in re.findall(r'"([\w.]+)"', (WEB / "static/broadsheet.js").read_text(encoding="utf-8")))


def test_every_text_is_shown_somewhere() -> None:
    used = set(keys_used())
    made = tuple(start for start in used if re.fullmatch(r"[a-z]+[. ]", start))  # t(f"field.{name}")
    assert [key for key in ENGLISH.entries if key not in used and not key.startswith((*made, "note "))] == []


def test_numbers_are_written_and_counted_as_the_language_does() -> None:
    english, german, french, spanish = (catalogue(language) for language in ("en", "de", "fr", "es"))

    assert [english("articles", n=n) for n in (0, 1, 1200)] == ["0 articles", "1 article", "1,200 articles"]
    assert [german("words", n=n) for n in (0, 1, 1200)] == ["0 Wörter", "1 Wort", "1.200 Wörter"]
    assert [french("words", n=n) for n in (0, 1, 1200)] == ["0 mot", "1 mot", "1\u202f200 mots"]
    assert french("articles", n=2_000_000) == "2\u202f000\u202f000 d’articles"
    assert [spanish("words", n=n) for n in (0, 1, 12000)] == ["0 palabras", "1 palabra", "12.000 palabras"]
    assert [each.number(1234.5, 1) for each in (english, german)] == ["1,234.5", "1.234,5"]
    assert [each.percent(0.025) for each in (english, german, french)] == ["2.5%", "2,5\xa0%", "2,5\xa0%"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["4 March 2022", "March 2022", "1650", "French"]),
        ("de", ["4. März 2022", "März 2022", "1650", "Französisch"]),
        ("fr", ["4 mars 2022", "mars 2022", "1650", "Français"]),
        ("es", ["4 de marzo de 2022", "marzo de 2022", "1650", "Francés"]),
    ],
)
def test_dates_and_languages_are_named_as_the_language_does(language: str, words: list[str]) -> None:
    texts = catalogue(language)

    assert [*(texts.date_words(iso) for iso in ("2022-03-04", "2022-03", "1650")), texts.language_name("fr")] == words
    assert texts.language_name("xx") == "xx"


def test_every_field_has_a_name() -> None:
    fields = {*TEXT_FIELDS, *NAME_FIELDS, *FACETS, "collection", "alternative_headline"}
    assert fields == {key.removeprefix("field.") for key in ENGLISH.entries if key.startswith("field.")}


def test_values_of_mark_up_are_escaped() -> None:
    assert ENGLISH("results.understood_html", text="<b>") == "Showing articles with <bdi>&lt;b&gt;</bdi>"
    assert ENGLISH("articles", n=0) == "0 articles"


def english_pieces(language: str) -> Iterator[str]:
    """What English texts say around their values and the language's do not, where it is long enough to be told by."""
    for key in ENGLISH.entries:
        translated = " ".join(forms(catalogue(language), key).values())
        for form in forms(ENGLISH, key).values():
            pieces = [literal for literal, *_ in string.Formatter().parse(form) if "{" in form]
            yield from (piece for piece in pieces if re.search("[a-z ]{9}", piece) and piece not in translated)


PAGES = [
    "/",
    "/?q=truce+-armistice&section=World",
    "/?q=none",
    "/?q=*&page=9",
    "/?q=truce+zebra+quagga&explain=true",
    "/changes/armistice",
    "/names",
    "/pictures?q=none&credit=Ada",
    "/article/armistice?q=truce",
    "/help",
    "/api",
    "/embed",
    "/none",
    "/?page=0",
]


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
@pytest.mark.parametrize("url", PAGES)
def test_a_translated_page_has_no_english_text(client: FlaskClient, url: str, language: str) -> None:
    page = BeautifulSoup(client.get(url, headers={"Accept-Language": f"{language}, en;q=0.5"}).data, "html.parser")
    shown = {
        " ".join(text.split())
        for text in page.select_one("html").find_all(string=True)
        if text.find_parent(lang=True)["lang"] == language
    }
    shown |= {str(tag[name]) for tag in page.select("*") for name in ("title", "aria-label", "placeholder") if tag.get(name)}
    translated = catalogue(language)
    own = {form for key in ENGLISH.entries for form in forms(translated, key).values()}  # "Articles" is French too
    english = {
        ENGLISH.entries[key]
        for key in ENGLISH.entries
        if "{" not in str(ENGLISH.entries[key]) and ENGLISH.entries[key] not in own
    }

    assert page.select_one("html")["lang"] == language  # type: ignore[index]
    assert {text for text in shown if text in english} == set()
    assert [(text, piece) for text in shown for piece in english_pieces(language) if piece in text] == []
    assert page.select_one("form button").get_text() == translated("site.search")  # type: ignore[union-attr]


def test_dates_and_counts_of_a_german_page_are_german(client: FlaskClient) -> None:
    text = client.get("/", headers={"Accept-Language": "de"}).text

    assert "16 Artikel, vom 27. Juli 1953 bis zum 3. März 1981, davon 1 ohne Datum." in text
    assert "Genau diese" not in text


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("truce zebra has:author", "Artikel mit truce AND zebra AND has:author"),
        ("*", "Alle Artikel"),
        ("!!!", "Die Suche enthält keine Suchbegriffe"),
    ],
)
def test_a_german_page_says_in_german_how_a_query_was_understood(client: FlaskClient, typed: str, understood: str) -> None:
    page = client.get("/", query_string={"q": typed}, headers={"Accept-Language": "de"})

    said = BeautifulSoup(page.data, "html.parser").select_one(".understood").get_text()  # type: ignore[union-attr]
    assert said.partition(";")[0].partition("?")[0].strip() == understood


def test_a_german_page_says_in_german_why_a_name_was_passed_over(client: FlaskClient) -> None:
    lines = "Ada\n!!!\n" + "a " * 40
    page = client.post("/names", data={"names": lines, "queries": "true"}, headers={"Accept-Language": "de"})

    bad = [" ".join(line.get_text().split()) for line in BeautifulSoup(page.data, "html.parser").select("main ul li")]
    assert bad == ["Zeile 2, !!!: enthält kein Wort, nach dem gesucht werden kann"]


def test_too_many_names_and_too_long_a_list_are_refused_in_german(client: FlaskClient) -> None:
    german = {"Accept-Language": "de"}
    many = client.post("/names", data={"names": "a\n" * 10_001}, headers=german)
    long = client.post("/names", data={"names": "a" * 5_000_000}, headers=german)

    assert (many.status_code, "höchstens 10.000 Namen" in many.text) == (400, True)
    assert (long.status_code, "<h1>Anfrage zu groß</h1>" in long.text) == (413, True)


@pytest.mark.parametrize("limit", [field.name for field in fields(Limits)])
def test_every_limit_has_a_text(limit: str) -> None:
    assert f"limit.{limit}" in ENGLISH


def test_the_help_explains_every_form_in_german(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/help", headers={"Accept-Language": "de"}).data, "html.parser")

    assert [row.get_text() for row in page.select("td:last-child")] == [catalogue("de")(f"finds {form.typed}") for form in FORMS]


@pytest.mark.parametrize(
    ("header", "language"),
    [("de", "de"), ("de-CH,fr", "de"), ("fr, en", "fr"), ("es-MX", "es"), ("pl", "en"), ("", "en"), (";;q=x", "en")],
)
def test_the_browser_chooses_the_language(client: FlaskClient, header: str, language: str) -> None:
    answer = client.get("/help", headers={"Accept-Language": header})

    assert f'<html lang="{language}">' in answer.text
    assert "Accept-Language" in answer.vary


def test_a_setting_chooses_the_language_for_all(app: Flask) -> None:
    fixed = create_app(Settings(index=app.extensions["archive"].settings.index, ui_language="de")).test_client()

    assert '<html lang="de">' in fixed.get("/help", headers={"Accept-Language": "en"}).text


def test_a_copy_in_one_language_is_not_taken_for_the_other(client: FlaskClient) -> None:
    english = client.get("/?q=truce", headers={"Accept-Language": "en"})
    again = {"If-None-Match": english.headers["ETag"]}

    assert client.get("/?q=truce", headers={"Accept-Language": "en", **again}).status_code == 304
    assert client.get("/?q=truce", headers={"Accept-Language": "de", **again}).status_code == 200
