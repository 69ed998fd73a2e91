"""Names out of bylines, metadata values and pages."""

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.author_names import authors_from_text, clean_authors
from indexer.extract.fields.byline import find_authors


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
        ("(dpa/MK)", ("dpa",)),
        ("dpa/sda", ("dpa", "sda")),
        ("(tht/ap)", ("ap",)),
        ("gr/bp", ()),
        ("VRG", ()),
        ("Von dpa", ("dpa",)),
        ("Jane Doe and agencies", ("Jane Doe",)),
        ("Jane Doe (text), Ann Poe (photos)", ("Jane Doe",)),
        ("Words: Jane Doe, Pictures: Ann Poe", ("Jane Doe",)),
        ("Von Jane Doe. Aus dem Englischen von Max Müller", ("Jane Doe",)),
        ("By J.P. van der Berg Jr. and Ann Poe", ("J.P. van der Berg Jr.", "Ann Poe")),
        ("Jane Doe, Head of Sales and Lake Service", ("Jane Doe",)),
        ("Jane Doe, geologist, Lake Survey", ("Jane Doe",)),
        ("This report was written by Jane Doe, geologist, Lake Survey.", ("Jane Doe",)),
        ("Jane Doe ∙ Paid", ("Jane Doe",)),
        ("More about Jane Doe »", ()),
        ("By The Ledger Editorial Board", ("The Ledger Editorial Board",)),
        ("Autor:in: Max Müller", ("Max Müller",)),
        ("文・山田花子 写真・佐藤次郎", ("山田花子",)),
        ("By Associated Press", ("Associated Press",)),
        ("VON MAX MÜLLER am 21. April 2020", ("Max Müller",)),
        ("Written by Jane Doe on January 20, 2020", ("Jane Doe",)),
        ("Gepostet von Max Müller", ("Max Müller",)),
        ("حوار: آسيا العتروس", ("آسيا العتروس",)),
        ("By Lake Media GmbH", ()),
        ("By GRETA MOLNAR March 11, 2015 3:46 PM Good Morning Strait", ("Greta Molnar",)),
        ("By Greta Molnar 03/11/2015", ("Greta Molnar",)),
        ("Por Greta Molnar, miércoles, 11 de marzo de 2015", ("Greta Molnar",)),
        ("By Jane Doe 10:21 Uhr", ("Jane Doe",)),
        ("Patricio Candel | Palma de Mallorca | 09/01/2014 | 10:21", ("Patricio Candel",)),
        ("Ann Poe | John Roe", ("Ann Poe", "John Roe")),
        ("Photo by Rodrigo Vale", ()),
        ("Edited by Jane Doe", ()),
        ("By Jane Doe. Photos by Rodrigo Vale", ("Jane Doe",)),
        ("Words and photos by Jane Doe", ("Jane Doe",)),
        ("Jane Doe on behalf of the Lake Board", ("Jane Doe",)),
        ("Jane Doe Published", ("Jane Doe",)),
        ("Written By", ()),
        ("M. Night Roe", ("M. Night Roe",)),
        ("Ms. Jane Doe", ("Jane Doe",)),
        ("Dr. Jane Doe", ("Dr. Jane Doe",)),
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
        (["gr/bp"], ()),
        (["dpa/sda"], ("dpa", "sda")),
        (["jane-lakehouse"], ()),
        (["jdoe2021x7"], ()),
        (["Doe, Jane"], ("Jane Doe",)),
        (["Koster, F.", "Jongh, Michiel de"], ("F. Koster", "Michiel de Jongh")),
        (["de la Cruz, Juana"], ("Juana de la Cruz",)),
        (["Doe, Jane; Roe, John"], ("Jane Doe", "John Roe")),
        (["Doe, Berlin Correspondent"], ("Doe, Berlin Correspondent",)),
        (["Reuters, Dana Forde"], ("Reuters", "Dana Forde")),
        (["Jane Doe, PhD"], ("Jane Doe",)),
        (["Roe, M.D."], ("Roe, M.D.",)),
        (["BBC, London"], ("BBC, London",)),
        (["Roe, Reuters"], ("Reuters",)),
        (["Jane Doe, Sleep Consultant"], ("Jane Doe",)),
        (["Jane Doe, Berlin"], ("Jane Doe",)),
        (["Dana Forde, Tom Watkin, and Ines Marlo"], ("Dana Forde", "Tom Watkin", "Ines Marlo")),
        (["Ann Poe", "John Roe", "Ann Poe John Roe"], ("Ann Poe", "John Roe")),
        (["Ann Poe", "John Roe", "Ann Poe and John Roe", "Ann Roe"], ("Ann Poe", "John Roe", "Ann Roe")),
        (["Jane Jane Jane"], ("Jane",)),
        (["262588213843476", "page.head.extra.author", "Photo by Jane Doe", "Edited by Jane Doe"], ()),
        (["jane.doe"], ("jane.doe",)),
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
    assert find_authors(PageElements(tree)) == ("Jane Doe",)


def test_a_page_without_a_byline_has_no_authors() -> None:
    assert find_authors(PageElements(_tree("<h1>Truce signed</h1><p>By noon the guns were silent.</p>"))) == ()


def test_names_of_other_stories_further_down_are_not_of_the_byline() -> None:
    card = "<div><h2><a href=/y>Ten more lakes</a></h2><p>They froze as well.</p>" + "<i>x</i>" * 20
    cards = f"{card}<span itemprop=author>John Roe</span></div>"
    byline = "<p><span itemprop=author>Jane Doe</span> <span itemprop=author>Ann Poe</span></p>"
    assert find_authors(PageElements(_tree(f"<main><h1>Ice</h1>{byline}{cards}</main>"))) == ("Jane Doe", "Ann Poe")


def test_the_author_of_an_embedded_post_is_not_that_of_the_article() -> None:
    post = "<blockquote class=instagram-media><p>A post by Ann Poe</p></blockquote>"
    assert find_authors(PageElements(_tree(f"<h1>Ice</h1><p>The lake froze over.</p>{post}"))) == ()


def test_the_byline_is_looked_for_by_the_headline_not_by_the_name_of_the_site() -> None:
    menu = "<a href=/x>x</a>" * 200
    page = f"<h1>Menu</h1>{menu}<h1>The lake froze over at last</h1><p>By Jane Doe</p>"
    tree = lxml.html.document_fromstring(f"<html><head><title>The lake froze over at last | Post</title></head><body>{page}")
    assert find_authors(PageElements(tree)) == ("Jane Doe",)


@pytest.mark.parametrize(
    "picture",
    [
        "<figure><img src=a.png><figcaption>The quay.<br><small>Photo by <a href=/p>Ann Poe</a></small></figcaption></figure>",
        "<figure><img src=a.png><figcaption>By <a href=/people/p rel=author>Ann Poe</a></figcaption></figure>",
        "<p class=image-note><span class=author>Photos: Ann Poe</span></p>",
    ],
    ids=["credit", "marked", "label"],
)
def test_the_photographer_is_not_the_author(picture: str) -> None:
    assert find_authors(PageElements(_tree(f"<h1>Ice</h1><p>The lake froze over.</p>{picture}"))) == ()
    assert find_authors(PageElements(_tree(f"<h1>Ice</h1>{picture}<p>By Jane Doe</p>"))) == ("Jane Doe",)


@pytest.mark.parametrize(
    "byline",
    [
        "<div class=bar>By JANE DOE <span>March 11, 2015 3:46 PM</span> <a href=/show>Good Morning Strait</a></div>",
        "<div class='sig hasnt-bio'><span class=byline>By <a href=/people/jd>Jane Doe</a></span> <span>March 18</span></div>",
        "<p>By <a href=/people/jd>Jane Doe</a> &nbsp; <a href=/print>View In Print Edition</a></p>",
        "<p>Jane Doe - Apr 16, 2015 8:02 pm UTC</p>",
        "<p>Jane Doe | Senior Writer | July 2, 2025</p>",
        "<p>Jane Doe, 16 April 2015</p>",
        "<p><span class=author>Written by</span> <span class=author>Jane Doe</span></p>",
    ],
)
def test_names_are_told_from_what_stands_beside_them(byline: str) -> None:
    assert find_authors(PageElements(_tree(f"<h1>Truce signed</h1>{byline}<p>The guns are silent.</p>"))) == ("Jane Doe",)


def test_two_links_to_authors_are_two_authors() -> None:
    for folder in ("staff", "x"):
        byline = f"<p>By <a href=/{folder}/jd>Jane Doe</a>, <a href=/{folder}/ap>Ann Poe</a></p>"
        assert find_authors(PageElements(_tree(f"<h1>Ice</h1>{byline}"))) == ("Jane Doe", "Ann Poe")


@pytest.mark.parametrize(
    "line",
    [
        "<p><a href=/category/east>Middle East</a> - Apr 16, 2015</p>",
        "<p>World News - Apr 16, 2015</p>",
        "<p>SID Freitag - 16.04.2015</p>",
        "<p>Strait - Apr 16, 2015</p>",
        "<p>Middle East Peace Talks - Apr 16, 2015</p>",
        "<p>Ann Poe - 12 comments</p>",
        "<aside><p>Ann Poe - Apr 16, 2015</p></aside>",
        "<figure><figcaption>Ann Poe, 16 April 2015</figcaption></figure>",
        "<p>Text</p>" * 12 + "<p>Ann Poe - Apr 16, 2015</p>",
    ],
    ids=["topic", "house", "agency", "one word", "four words", "no day", "elsewhere", "picture", "far away"],
)
def test_what_stands_beside_a_day_need_not_be_a_name(line: str) -> None:
    assert find_authors(PageElements(_tree(f"<h1>Ice</h1>{line}"))) == ()


def test_the_one_author_that_marks_elsewhere_on_the_page_name_is_the_author() -> None:
    text = "<h1>Ice</h1><p>The lake froze over.</p>" + "<i>x</i>" * 20
    box = "<aside><div class=box><a rel=author href=/a>Jane Doe</a></div></aside>"
    other = "<aside><div class=box><a rel=author href=/b>John Roe</a></div></aside>"
    comment = "<aside><div class=comment><a rel=author href=/b>John Roe</a></div></aside>"
    hinted = "<aside><div class=author>John Roe</div></aside>"
    found = [
        find_authors(PageElements(_tree(text + boxes)))
        for boxes in (box, box * 2, box + comment, box + hinted, box + other, comment)
    ]
    assert found == [("Jane Doe",)] * 4 + [()] * 2
