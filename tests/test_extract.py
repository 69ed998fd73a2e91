"""Saved pages of many kinds of mark-up become the articles that are on them; hostile ones are refused by name."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from indexer.extract import extract
from indexer.fields import choose_headline
from indexer.page import RawPage
from indexer.records import article_record
from search.article import Article
from search.errors import PageError
from search.settings import Settings

PAGES = Path(__file__).parent / "pages"
HOSTILE_SECONDS = 10
PROSE = "".join(
    f"<p>The envoys met again on day {day} and agreed on nothing but the hour of the next meeting.</p>" for day in range(9)
)


def read(data: bytes | str, **fields: Any) -> Article:
    data = data.encode() if isinstance(data, str) else data
    return extract(RawPage(source="pages/page.html", stamp="", data=data, **fields), Settings())


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_saved_page_becomes_the_article_on_it(page: Path) -> None:
    expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    record = json.loads(json.dumps(article_record(read(page.read_bytes()))))
    record["paragraphs"] = [[paragraph["kind"], paragraph["text"]] for paragraph in record["paragraphs"]]
    assert {name: record[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("The bridge is open | Coast Post", "The bridge is open"),
        ("The bridge is open - The Coast Post", "The bridge is open"),
        (
            "The river rises: today nobody gets any letters by Coast Post",
            "The river rises: today nobody gets any letters by Coast Post",
        ),
        ("The river rises: no letters by the Overcoast Post", "The river rises: no letters by the Overcoast Post"),
        ("The bridge is open-Traffic|Coast Post", "The bridge is open"),
        ("Coast Post: The bridge is open", "The bridge is open"),
    ],
    ids=["site name", "with its article", "part of a sentence", "a longer word", "with a section", "before it"],
)
def test_the_site_name_is_no_part_of_a_headline(title: str, headline: str) -> None:
    assert choose_headline(None, (title,), "Coast Post") == headline


def test_a_name_that_only_the_metadata_adds_is_no_part_of_a_headline() -> None:
    assert choose_headline("The bridge is open", ("The bridge is open - CP24",), "Coast Post") == "The bridge is open"
    assert choose_headline("The bridge", ("The bridge is open at last",), "Coast Post") == "The bridge is open at last"


def test_the_same_bytes_give_the_same_article() -> None:
    data = (PAGES / "en-semantic.html").read_bytes()
    assert read(data) == read(data)


def test_the_identity_comes_from_the_canonical_address_else_from_the_source() -> None:
    with_address = read((PAGES / "en-semantic.html").read_bytes())
    assert with_address.id == read(f'<link rel="canonical" href="{with_address.url}"><h1>Other</h1>{PROSE}').id
    assert read(f"<h1>Truce</h1>{PROSE}").id != with_address.id


def test_what_was_known_of_the_page_stays_with_the_article() -> None:
    article = read(f"<h1>Truce</h1>{PROSE}", captured="2022-03-04T10:00:00Z", url="https://post.example/truce")
    assert (article.captured, article.url) == ("2022-03-04T10:00:00Z", "https://post.example/truce")


def test_a_page_saved_as_plain_text_is_read_as_text() -> None:
    article = read("TRUCE SIGNED\n\nBy Jane Doe\n\nGENEVA — It holds, so far, said the envoy on Monday.\n", kind="text")
    assert (article.authors, article.dateline) == (("Jane Doe",), "GENEVA")


def test_embedded_pictures_do_not_count_against_the_size_limit() -> None:
    picture = f'<img src="data:image/png;base64,{"QUJD" * 3_000_000}">'
    assert len(read(f"<h1>Truce</h1>{picture}{PROSE}").paragraphs) == 9


@pytest.mark.parametrize(
    "wrapper", ['class="content-with-sidebar"', 'class="teaser-wrap"', 'id="comments-page"', 'style="display:none"']
)
def test_a_wrapper_with_a_wrong_name_does_not_lose_the_article(wrapper: str) -> None:
    assert len(read(f"<h1>Truce</h1><div {wrapper}>{PROSE}</div>").paragraphs) == 9


def test_an_article_in_two_sibling_containers_is_read_whole() -> None:
    half = len(PROSE) // 9
    page = f"<article><h1>Truce</h1><div>{PROSE[: 4 * half]}</div><div>{PROSE[4 * half :]}</div></article>"
    assert len(read(page).paragraphs) == 9


def test_nested_but_readable_pages_lose_nothing() -> None:
    deep = "<div>" * 900 + PROSE + "</div>" * 900
    assert len(read(f"<h1>Truce</h1>{deep}<p>The end, said everyone who had been in the room.</p>").paragraphs) >= 9


def test_broken_metadata_does_not_stop_the_page_from_being_read() -> None:
    blocks = "".join(
        f'<script type="application/ld+json">{bad}</script>'
        for bad in ("{", "[" * 5_000, '{"headline": NaN, "@type": 7}', "9" * 9_000)
    )
    assert texts(read(f"{blocks}<h1>Truce</h1>{PROSE}"))[0].startswith("The envoys met")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param("", "empty", id="nothing"),
        pytest.param("<div>" * 100_000 + "x", "too-complex", id="100,000 nested elements"),
        pytest.param("<table><tr><td>" * 20_000 + "x", "too-complex", id="20,000 nested tables"),
        pytest.param(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>x", "too-complex", id="100,000 attributes"),
        pytest.param(
            "<h1>Truce</h1><div>" + "<p>" * 3 + "<section>" * 400 + PROSE.replace("<p>", "<section>"), "too-complex", id="stairs"
        ),
        pytest.param("<frameset cols='1,1'><frame src=a.html></frameset>", "frames", id="frames"),
        pytest.param("<!--" * 100_000, "no-article", id="comments without end"),
        pytest.param("<nav><a href=/>Home</a></nav>", "no-article", id="links only"),
        pytest.param("<p>word</p>" * 1_000_000, "too-large", id="eleven megabytes"),
    ],
)
def test_hostile_pages_are_refused_by_name(data: str, code: str) -> None:
    started = time.monotonic()
    with pytest.raises(PageError) as refusal:
        read(data)
    assert refusal.value.code == code
    assert time.monotonic() - started < HOSTILE_SECONDS


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(PROSE * 4_500, id="four megabytes of paragraphs"),
        pytest.param("<p>" + "word, " * 1_500_000, id="one paragraph of nine megabytes"),
        pytest.param(
            PROSE + '<p title="' + "x" * 9_000_000 + '">End of it all, he said.</p>', id="an attribute of nine megabytes"
        ),
        pytest.param(PROSE + "<figure><img src=a.jpg><figcaption>A bridge.</figcaption></figure>" * 3_000, id="3,000 figures"),
        pytest.param(PROSE + "<br>" * 200_000, id="200,000 line breaks"),
        pytest.param(
            PROSE + "".join(f"<div class='c{n} d{n}'>" + "A" * 300 + "</div>" for n in range(9_000)), id="9,000 class names"
        ),
    ],
)
def test_large_pages_are_read_within_the_limit(data: str) -> None:
    started = time.monotonic()
    assert read(data).paragraphs
    assert time.monotonic() - started < HOSTILE_SECONDS


def test_a_page_that_declares_no_language_gets_that_of_its_text() -> None:
    sentence = "The delegates said that they had come to the table with an open mind and would stay as long as it takes. "
    page = f"<html><body><article><h1>Talks begin</h1><p>{sentence * 3}</p><p>{sentence * 2}</p></article></body></html>"
    assert extract(RawPage("pages/page.html", "", page.encode()), Settings()).language == "en"
    assert extract(RawPage("pages/page.html", "", page.replace("<html", "<html lang=cy").encode()), Settings()).language == "cy"


def test_the_deck_is_found_beside_the_text_where_no_h1_tells_its_place() -> None:
    deck = "The envoys leave, and the town at the lake has its hotels for itself again."
    page = f"<div><div><h3>Truce</h3><div class=teaser-text><p>{deck}</p></div><div class=text>{PROSE}</div></div></div>"
    assert read(page).standfirst == deck


def test_a_text_of_one_paragraph_is_its_text_not_its_standfirst() -> None:
    line = "The lake froze over on Monday night, for the first time in thirty years."
    assert texts(read(f'<meta name=description content="{line}"><h1>Ice</h1><article><p>{line}</p></article>')) == [line]


def test_a_subhead_above_the_text_stays_though_a_picture_follows_it() -> None:
    page = f"<h1>Truce</h1><article><h2>What the envoys say</h2><figure><img src=a.jpg></figure>{PROSE}</article>"
    assert texts(read(page))[0] == "What the envoys say"


def test_numbers_alone_are_left_out_of_the_text_but_not_of_a_table() -> None:
    table = "<table><tr><td>1954</td><td>73</td></tr><tr><td>1955</td><td>81</td></tr></table>"
    found = texts(read(f"<h1>Truce</h1><article>{PROSE}<p>23. 7. 1954 13:31</p>{table}{PROSE}</article>"))
    assert "1954 | 73\n1955 | 81" in found
    assert "23. 7. 1954 13:31" not in found


def test_a_short_quotation_at_the_end_stays() -> None:
    quote = "It is not that we have too little time, it is what we do with it"
    assert texts(read(f"<h1>Time</h1><article>{PROSE}<blockquote>{quote}</blockquote></article>"))[-1] == quote


def test_what_stands_below_the_heading_of_the_comments_is_left_out() -> None:
    page = (
        f"<h1>Truce</h1><article>{PROSE}<h3>Leave a reply</h3><p>Tell us, politely, what you make of all of this.</p></article>"
    )
    assert len(read(page).paragraphs) == 9


def test_a_gallery_with_paragraphs_below_its_pictures_is_a_text() -> None:
    slides = "".join(
        f"<figure class=slide><img src=a{number}.jpg><figcaption><p>Costume number {number} is a sheet with two holes in it.</p>"
        f"<p>You will need a sheet, {number} pins and a friend.</p></figcaption></figure>"
        for number in range(1, 11)
    )
    article = read(f"<h1>Ten costumes</h1><article>{slides}</article>")
    assert (len(article.paragraphs), article.captions) == (20, ())
