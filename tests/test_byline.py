"""Names out of bylines, metadata values and pages."""

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.byline import authors_from_text, clean_authors, find_authors


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("By A. Smith and B. Jones, Political Editor", ("A. Smith", "B. Jones")),
        ("By ALOIS BRENNER and CORA DE LA CRUZ-O'BRIEN", ("Alois Brenner", "Cora de la Cruz-O'Brien")),
        ("By Jane Doe | March 3, 2022", ("Jane Doe",)),
        ("By Jane Doe, Chief Political Correspondent, and John Smith", ("Jane Doe", "John Smith")),
        ("Jane Doe @janedoe jane@beacon.example", ("Jane Doe",)),
        ("Jane Doe in Berlin", ("Jane Doe",)),
        ("By Jane Doe Follow Political Editor", ("Jane Doe",)),
        ("Por el Mar Rojo", ()),
        ("Von Max Müller und Anna Schmidt", ("Max Müller", "Anna Schmidt")),
        ("Alle Artikel von Max Müller", ("Max Müller",)),
        ("Von Max Müller | Keine Kommentare", ("Max Müller",)),
        ("Von unserem Korrespondenten Max Müller, Paris", ("Max Müller",)),
        ("Por María Pérez y José Ortega y Gasset", ("María Pérez", "José Ortega y Gasset")),
        ("Par Jean Dupont (avec AFP)", ("Jean Dupont",)),
        ("Door Jan de Vries en Piet Bakker", ("Jan de Vries", "Piet Bakker")),
        ("Di Marco Rossi", ("Marco Rossi",)),
        ("Автор: Иван Иванов", ("Иван Иванов",)),
        ("文/王小明", ("王小明",)),
        ("本報記者王小明", ("王小明",)),
        ("홍길동 기자", ("홍길동",)),
        ("(dpa/AB)", ("dpa/AB",)),
        ("By Associated Press", ("Associated Press",)),
        ("Published 3 hours ago", ()),
        ("Von Anfang an war klar, dass es nicht reicht", ()),
        ("", ()),
    ],
)
def test_a_byline_gives_its_names(text: str, authors: tuple[str, ...]) -> None:
    assert authors_from_text(text, None) == authors


@pytest.mark.parametrize(
    ("values", "authors"),
    [
        (["https://social.example/jane"], ()),
        (["Jane Doe, Political Editor"], ("Jane Doe",)),
        (["Jane Doe, John Roe and Ann Poe"], ("Jane Doe", "John Roe", "Ann Poe")),
        (["JANE DOE", "Jane Doe"], ("JANE DOE",)),
        (["Jane Doe (jd)"], ("Jane Doe",)),
        (["Doe, Jane"], ("Doe, Jane",)),
        (["By Jane Doe"], ("Jane Doe",)),
        (["三枝佐和子、片桐澄夫"], ("三枝佐和子", "片桐澄夫")),
        (["Jane Doe;John Roe"], ("Jane Doe", "John Roe")),
        (["王小明明 李大海海"], ("王小明明", "李大海海")),
        (["山田 太郎"], ("山田 太郎",)),
        (["The Beacon", "Jane Doe"], ("Jane Doe",)),
        (["The Beacon"], ("The Beacon",)),
        (["jane doe <jane@beacon.example>"], ("jane doe",)),
        (["© Jane Doe", "Jane Doe @janedoe", "Jane Doe - https://doe.example"], ("Jane Doe",)),
        (["publisher", "No Author", "Zur Artikelübersicht", "More Posts", "jane[at]beacon.example"], ()),
    ],
)
def test_metadata_values_are_cleaned(values: list[str], authors: tuple[str, ...]) -> None:
    assert clean_authors(values, "The Beacon") == authors


@given(st.text(max_size=120))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert all(name.strip() for name in (*authors_from_text(text, None), *clean_authors([text])))


def _tree(body: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(f"<html><body>{body}</body></html>")


@pytest.mark.parametrize(
    "byline",
    [
        "<a rel='author' href='/x'>Jane Doe</a>",
        "<span itemprop='author'><span itemprop='name'>Jane Doe</span></span>",
        "<div class='article-byline'>By <a href='/staff/jd'>Jane Doe</a></div>",
        "<p>By <b>Jane Doe</b></p>",
    ],
    ids=["rel", "itemprop", "class", "print"],
)
def test_the_byline_by_the_headline_is_found_and_those_of_other_stories_are_not(byline: str) -> None:
    other = "<a rel='author' href='/y'>John Roe</a>"
    tree = _tree(f"<aside>{other}</aside><h1>Truce signed</h1>{byline}<div class='related-stories'>{other}</div>")
    assert find_authors(tree) == ("Jane Doe",)


def test_a_page_without_a_byline_has_no_authors() -> None:
    assert find_authors(_tree("<h1>Truce signed</h1><p>By noon the guns were silent.</p>")) == ()
