"""The help: every example that is a link finds something in the archive at hand."""

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from press import ARTICLES, GENEVA, HOSTILE, archive_of

from search.engines.protocol import open_engine
from search.model.article import Article, Quote, Span
from search.query.syntax_help import FORMS
from search.settings import Settings
from web.access.tokens import add
from web.app import create_app
from web.presenters.help_examples import help_examples

TALKS = replace(
    GENEVA,
    id="talks",
    headline="Gipfeltreffen verhandelt Waffenruhe",
    authors=("Élise Martin",),
    quotes=(Quote((Span(0, 4, 16),), "Jean Dupont"),),
    language="de",
)


def examples(client: FlaskClient) -> dict[str, str | None]:
    """By form, with None for the address of an example that is no link."""
    page = BeautifulSoup(client.get("/help").data, "html.parser")
    return {row.th.text: row.a and str(row.a["href"]) for row in page.select("tbody tr")}  # type: ignore[union-attr,misc,index]


@pytest.mark.parametrize("articles", [ARTICLES, (TALKS,), (HOSTILE, GENEVA), ()], ids=["english", "german", "hostile", "empty"])
def test_every_link_finds_something(tmp_path: Path, articles: tuple[Article, ...]) -> None:
    client = create_app(archive_of(tmp_path, *articles)).test_client()
    found = examples(client)
    assert list(found) == [form.typed for form in FORMS]
    for form, url in found.items():
        assert url is None or client.get(f"/api/search{url[1:]}").json["total"] > 0, form
    assert sum(url is not None for url in found.values()) >= (20 if articles == ARTICLES else 15 if TALKS in articles else 0)


def test_examples_are_of_the_archive_only_where_those_of_the_documentation_find_nothing(tmp_path: Path) -> None:
    with open_engine(archive_of(tmp_path, TALKS).index) as engine:
        found = help_examples(engine.reader())
    assert found["two words"] == "gipfeltreffen verhandelt"
    assert found["word~"] == "vehrandelt~"
    assert found["by:"] == 'by:"Jean Dupont"'
    assert "word" not in found


def test_examples_are_made_anew_when_the_index_has_changed(tmp_path: Path) -> None:
    settings = archive_of(tmp_path)
    client = create_app(settings).test_client()
    assert set(examples(client).values()) == {None}
    with open_engine(settings.index) as engine:
        engine.add(ARTICLES)
    assert examples(client)["OR"] == "/?q=armistice+OR+truce"


def test_nobody_is_told_by_the_help_what_a_closed_archive_has(tmp_path: Path) -> None:
    settings = replace(archive_of(tmp_path, TALKS), tokens=str(tmp_path / "tokens"))
    token = add(Path(settings.tokens), "desk", ("search",), None)
    feeds = add(Path(settings.tokens), "reader", ("feed",), None)
    client = create_app(settings).test_client()
    assert "gipfeltreffen" not in client.get("/help").text
    assert "gipfeltreffen" not in client.get("/help", headers={"Authorization": f"Bearer {feeds}"}).text
    assert "gipfeltreffen" in client.get("/help", headers={"Authorization": f"Bearer {token}"}).text


def test_the_help_is_there_without_an_index(tmp_path: Path) -> None:
    client = create_app(Settings(index=f"tantivy:{tmp_path / 'none'}")).test_client()
    assert set(examples(client).values()) == {None}
