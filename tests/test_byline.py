"""Names out of bylines, metadata values and pages."""

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.fields.byline import authors_from_text, clean_authors, find_authors


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
        ("VON MAX MÜLLER am 21. April 2020", ("Max Müller",)),
        ("Written by Jane Doe on January 20, 2020", ("Jane Doe",)),
        ("Gepostet von Max Müller", ("Max Müller",)),
        ("حوار: آسيا العتروس", ("آسيا العتروس",)),
        ("By Lake Media GmbH", ()),
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


def test_names_of_other_stories_further_down_are_not_of_the_byline() -> None:
    card = "<div><h2><a href=/y>Ten more lakes</a></h2><p>They froze as well.</p>" + "<i>x</i>" * 20
    cards = f"{card}<span itemprop=author>John Roe</span></div>"
    byline = "<p><span itemprop=author>Jane Doe</span> <span itemprop=author>Ann Poe</span></p>"
    assert find_authors(_tree(f"<main><h1>Ice</h1>{byline}{cards}</main>")) == ("Jane Doe", "Ann Poe")


def test_the_author_of_an_embedded_post_is_not_that_of_the_article() -> None:
    post = "<blockquote class=instagram-media><p>A post by Ann Poe</p></blockquote>"
    assert find_authors(_tree(f"<h1>Ice</h1><p>The lake froze over.</p>{post}")) == ()


def test_the_byline_is_looked_for_by_the_headline_not_by_the_name_of_the_site() -> None:
    menu = "<a href=/x>x</a>" * 200
    page = f"<h1>Menu</h1>{menu}<h1>The lake froze over at last</h1><p>By Jane Doe</p>"
    tree = lxml.html.document_fromstring(f"<html><head><title>The lake froze over at last | Post</title></head><body>{page}")
    assert find_authors(tree) == ("Jane Doe",)
