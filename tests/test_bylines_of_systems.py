"""Bylines and dates in the mark-up of many systems and in many languages: who wrote the article, and on what day."""

import lxml.html
import pytest

from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.author_names import signers
from indexer.extract.fields.dates import find_date
from indexer.extract.metadata.claims import read_metadata
from indexer.extract.pipeline import extract
from indexer.sources.raw_page import RawPage
from search.settings import Settings

JANE = ("Jane Roe",)
BELOW_HEADLINE = {
    # name: (language, what stands below the headline, authors)
    "submitted, with weekday": ("en", "<div>Submitted by Jane Roe on Thu, 03/10/2022 - 14:12</div>", JANE),
    "submitted in German": ("de", "<div>Eingereicht von Jane Roe am 10. März 2022 - 14:12</div>", JANE),
    "submitted in French": ("fr", "<div>Soumis par Jane Roe le jeu 10/03/2022 - 14:12</div>", JANE),
    "submitted in Spanish": ("es", "<div>Enviado por Jane Roe el Jue, 10/03/2022 - 14:12</div>", JANE),
    "list of details": ("en", "<dl><dt>Details</dt><dd>Written by Jane Roe</dd><dd>Published: 10 March 2022</dd></dl>", JANE),
    "list of details in Italian": ("it", "<dl><dd>Scritto da Jane Roe</dd><dd>Pubblicato: 10 Marzo 2022</dd></dl>", JANE),
    "day before the name": ("fr", "<div>Publié le 10 Mars 2022 par Jane Roe</div>", JANE),
    "day and section before the name": (
        "de",
        "<p>10. März 2022 / in <a href=/c>Orte</a> / von <a>Jane Roe</a></p>",
        JANE,
    ),
    "day, name and office": (
        "en",
        "<div><time datetime=2022-03-10>03/10/2022</time> by Jane Roe, Clerk</div>",
        JANE,
    ),
    "label and name apart": ("en", "<div>Written by</div><div>Jane Roe</div><div>10 March 2022</div>", JANE),
    "label as a heading": ("en", "<div><h3>Author</h3><p>Jane Roe</p></div><p>10 March 2022</p>", JANE),
    "label and one word": ("en", "<div><b>Written by</b> <span>Jane</span></div><p>10 March 2022</p>", ("Jane",)),
    "paper in the next line": (
        "en",
        "<font><b>By Jane Roe</b><br>Ledger Staff Writer<br>Published: Thursday, March 10, 2022</font>",
        JANE,
    ),
    "editors in links beside": (
        "en",
        "<div class=byline>By <a href=/author/j>Jane Roe</a> Edited by <a href=/author/t>Tom Lee</a></div><p>10 March 2022</p>",
        JANE,
    ),
    "editors in marks of their own": (
        "en",
        "<p class=author>By <a href=/author/j>Jane Roe</a></p><p class=author>Reviewed by <a href=/author>Tom Lee</a></p>"
        "<p>10 March 2022</p>",
        JANE,
    ),
    "photographer by his job": (
        "no",
        "<ul class=authors><li><b>Jane Roe</b><i>Journalist</i><li><b>Per Lie</b><i>Fotograf</i></ul><p>10. mars 2022</p>",
        JANE,
    ),
    "photographer in brackets": ("no", "<p class=byline>Av Jane Roe (tekst) og Per Lie (foto)</p><p>10. mars 2022</p>", JANE),
    "text and pictures": ("de", "<p>Text: Jane Roe | Fotos: Ole Hansen</p><p>10. März 2022</p>", JANE),
    "text and pictures in Finnish": ("fi", "<p>Teksti: Jane Roe Kuvat: Matti Salo</p><p>10.3.2022</p>", JANE),
    "text and pictures in Japanese": ("ja", "<p>文・山田花子 写真・佐藤次郎</p><p>2022年3月10日</p>", ("山田花子",)),
    "writer and editor": (
        "id",
        "<div><p>Penulis <a>Jane Roe</a></p><p>Editor <a>Budi Sari</a></p></div><p>10/03/2022</p>",
        JANE,
    ),
    "person and agency": ("en", "<div class=byline><b>Jane Roe</b> / <b>AP</b></div><p>March 10, 2022</p>", JANE),
    "person and desk": ("en", "<p class=byline><b>Jane Roe</b><b>The Lake Newsroom</b></p><p>March 10, 2022</p>", JANE),
    "editorial board": ("en", "<p class=author>The Lake Editorial Board</p><p>March 10, 2022</p>", ("The Lake Editorial Board",)),
    "more about her": ("en", "<div class=author><a>Jane Roe</a><a>More About Jane Roe »</a></div><p>Mar 10, 2022</p>", JANE),
    "sign of a person": (
        "en",
        "<ul><li><i class='fa fa-user'></i> Jane Roe</li><li><i class='fa fa-calendar'></i> March 10, 2022</li></ul>",
        JANE,
    ),
    "link to her page beside": (
        "en",
        "<div><p>Jane Roe</p><p>Tech Writer</p><a href=/blog/authors/jane-roe>Articles by Jane</a></div><p>March 10, 2022</p>",
        JANE,
    ),
    "a topic, no author": ("en", "<div><p>Lake Trade</p><a href=/topics/lake-trade>More</a></div><p>March 10, 2022</p>", ()),
    "interviewer": ("pl", "<p>Rozmawiał Jane Roe</p><p>10 marca 2022</p>", JANE),
    "writes": ("hr", "<p>Piše: Jane Roe</p><p>10. ožujka 2022.</p>", JANE),
    "writes, in Greek": ("el", "<p>Γράφει ο Νίκος Παππάς</p><p>10/03/2022</p>", ("Νίκος Παππάς",)),
    "writer, in Persian": ("fa", "<p>نویسنده: مریم کریمی</p><p>10 مارس 2022</p>", ("مریم کریمی",)),
    "day of an unfolded line": ("en", "<p>By Jane Roe</p><details><summary>Thu 10 Mar 2022 07.00 GMT</summary>x</details>", JANE),
}
ABOVE_HEADLINE = {
    "an aside named for its author": (
        "<aside class=post-meta><time>Mar 10, 2022</time></aside><aside class=post-author>Jane Roe</aside>",
        JANE,
    ),
    "a heading named for the date": ("<h2 class=date-header>Thursday, March 10, 2022</h2>", ()),
    "a line without a name": ("<p class=small>March 10, 2022</p>", ()),
}
OTHER_STORY = (
    "<div class=story-list><h3><a href=/ferry>Ferry runs on Sundays</a></h3><p class=date>May 5, 2022</p></div>"
    "<div class=story-list><h3><a href=/lamp>New lamp</a></h3><p>May 7, 2022 by Tom Lee</p></div>"
)


def _page(above: str, below: str, language: str) -> PageElements:
    text = "<p>The bridge stays shut.</p>" * 50
    return PageElements(
        lxml.html.document_fromstring(
            f"<html lang={language}><article>{above}<h1>Bridge stays shut until autumn</h1>{below}{text}</article>{OTHER_STORY}"
        )
    )


@pytest.mark.parametrize(("language", "below", "authors"), BELOW_HEADLINE.values(), ids=BELOW_HEADLINE)
def test_byline_and_day_below_the_headline_are_read(language: str, below: str, authors: tuple[str, ...]) -> None:
    page = _page("", below, language)
    assert read_metadata(page, None).authors == authors
    found = find_date(page, language)
    assert found is not None
    assert found.iso[:10] == "2022-03-10"


@pytest.mark.parametrize(("above", "authors"), ABOVE_HEADLINE.values(), ids=ABOVE_HEADLINE)
def test_byline_and_day_above_the_headline_are_read(above: str, authors: tuple[str, ...]) -> None:
    page = _page(above, "", "en")
    assert read_metadata(page, None).authors == authors
    found = find_date(page, "en")
    assert found is not None
    assert found.iso == "2022-03-10"


@pytest.mark.parametrize(
    "name",
    [
        *("article:published_date", "og:article:published_date", "og:pubdate", "og:publish_date", "bt:pubDate"),
        *("analyticsAttributes.articleDate", "article.created", "published", "published_time", "publishedDate", "publish_time"),
        *("date_published", "article:publicationdate", "dc.date.publication", "creation_date", "created"),
    ],
)
def test_the_day_in_meta_elements_of_many_systems_is_read(name: str) -> None:
    page = PageElements(lxml.html.document_fromstring(f"<head><meta name='{name}' content='2022-03-10'></head><h1>Ice</h1>"))
    found = read_metadata(page, None).published
    assert found is not None
    assert found.iso == "2022-03-10"


def test_the_author_named_below_the_text_alone_is_read() -> None:
    foot = "<p class=foot><span class='post-author vcard'>Posted by <span itemprop=author>Jane Roe</span></span></p>"
    assert read_metadata(_page("", "<p>The bridge stays shut.</p>" * 200 + foot, "en"), None).authors == JANE


@pytest.mark.parametrize(
    "mark",
    ["<span title='2022-03-10T09:15:00+01:00'>2 days ago</span>", "<span data-timestamp=1646903700000></span>"],
    ids=["in a title", "in milliseconds"],
)
def test_the_day_behind_a_relative_one_is_read(mark: str) -> None:
    found = find_date(PageElements(lxml.html.document_fromstring(f"<h1>Ice</h1><p>By Jane Roe</p>{mark}<p>It holds.</p>")), "en")
    assert found is not None
    assert found.iso[:10] == "2022-03-10"


@pytest.mark.parametrize(
    "page",
    [
        f"<p>Today is 11 May 2022</p>{'<p>Menu</p>' * 15}<h1>Ice</h1>{'<p>It holds.</p>' * 50}<p class=date>10 March 2022</p>",
        "<h1>The Beacon</h1><p><a href=/fair>Fair of 11 May 2022</a></p><h2>Ice</h2><p class=date>10 March 2022</p>",
        "<h1>Ice</h1><p>Ice fair of the lake towns, held on the 11 May 2022</p><p class=date>10 March 2022</p>",
        f"<p>11 May 2022</p><div><p class=date>10 March 2022</p>{'<p>It holds.</p>' * 50}</div>",
        "<h1>Ice</h1><h2>Ice fair of 11 May 2022</h2><p class=date>10 March 2022</p>",
    ],
    ids=["of the visit", "in a menu", "in a line with more", "without a headline", "in a heading"],
)
def test_a_day_near_the_headline_that_is_not_the_article_s_does_not_count(page: str) -> None:
    found = find_date(PageElements(lxml.html.document_fromstring(page)), "en")
    assert found is not None
    assert found.iso == "2022-03-10"


@pytest.mark.parametrize(
    ("claimed", "authors"),
    [("jroe", JANE), ("JaneR", JANE), ("Ann Poe", ("Ann Poe",)), ("Ann", ("Ann",)), ("渡辺洋介", ("渡辺洋介",))],
)
def test_the_byline_goes_before_the_account_of_whoever_put_the_text_online(claimed: str, authors: tuple[str, ...]) -> None:
    head = f"<head><meta name=author content='{claimed}'></head>"
    page = PageElements(lxml.html.document_fromstring(f"<html>{head}<h1>Ice</h1><p>by <a class=author-link>Jane Roe</a></p>"))
    assert read_metadata(page, None).authors == authors


def test_an_account_is_the_author_where_no_byline_is() -> None:
    page = PageElements(lxml.html.document_fromstring("<html><head><meta name=author content=jroe></head><h1>Ice</h1>"))
    assert read_metadata(page, None).authors == ("jroe",)


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("(dpa/lno)", ("dpa",)),
        ("sda/afp", ("sda", "afp")),
        ("(gr/bp)", ()),
        ("홍길동 기자 hong@ledger.example", ("홍길동",)),
        ("（田中一郎）", ("田中一郎",)),
        ("田中一郎", ()),
        ("(Jane Roe)", ()),
        ("Jane Roe is a clerk of the board.", ()),
    ],
)
def test_an_agency_or_a_reporter_signs_a_text_with_its_last_line(line: str, authors: tuple[str, ...]) -> None:
    assert signers(line) == authors


@pytest.mark.parametrize(("byline", "authors"), [("", ("dpa",)), ("<p>Von Max Müller</p>", ("Max Müller",))])
def test_who_signs_a_text_is_its_author_where_no_byline_is(byline: str, authors: tuple[str, ...]) -> None:
    text = "<p>Die Brücke bleibt bis zum Herbst gesperrt, teilt der Rat mit.</p>" * 3
    page = f"<html lang=de><article><h1>Brücke gesperrt bis Herbst</h1>{byline}{text}<p>(dpa/lno)</p></article>"
    found = extract(RawPage("a/b.html", stamp="", data=page.encode()), Settings())
    assert found.authors == authors
    assert "dpa" not in found.paragraphs[-1].text


def test_an_agency_signs_plain_text_as_it_does_a_page() -> None:
    text = "Brücke gesperrt bis Herbst\n\n10. März 2022\n\nDie Brücke bleibt gesperrt, teilt der Rat mit.\n\n"
    text += "Sie wird im Herbst geprüft, sagt der Ingenieur, der sie im Mai sah.\n\n(dpa/lno)\n"
    found = extract(RawPage("a/b.txt", stamp="", data=text.encode(), kind="text"), Settings())
    assert (found.authors, len(found.paragraphs), found.captions) == (("dpa",), 2, ())
