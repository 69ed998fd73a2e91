"""What pages say of themselves: the usual shapes of JSON-LD and meta elements, broken ones too."""

import json
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.headline import cut_site_name
from indexer.extract.metadata.claims import Metadata, read_metadata
from indexer.extract.metadata.json_ld import load_values

URL = "https://beacon.example/1988/truce.html"
ARTICLE = {"@type": "NewsArticle", "headline": "Truce signed", "datePublished": "1988-08-20", "author": {"name": "Jane Doe"}}


def _read(*blocks: Any, head: str = "", body: str = "", url: str | None = URL, lang: str = "en") -> Metadata:
    scripts = "".join(
        f"<script type='application/ld+json'>{block if isinstance(block, str) else json.dumps(block)}</script>"
        for block in blocks
    )
    page = f"<html lang='{lang}'><head>{head}{scripts}</head><body>{body}</body></html>"
    return read_metadata(PageElements(lxml.html.document_fromstring(page)), url)


@pytest.mark.parametrize(
    "block",
    [
        ARTICLE,
        [{"@type": "WebSite", "name": "The Beacon"}, ARTICLE],
        {"@graph": [{"@type": "WebPage", "headline": "Page"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {**ARTICLE, "@type": ["Article", "ReportageNewsArticle"]},
        {"@graph": [{**ARTICLE, "author": {"@id": "#jane"}}, {"@type": "Person", "@id": "#jane", "name": "Jane Doe"}]},
        {**ARTICLE, "author": ["Jane Doe"]},
        {**ARTICLE, "author": [[{"@type": "Person", "name": ["Jane Doe"]}]]},
    ],
    ids=["plain", "list", "graph", "main entity", "types", "reference", "author in a list", "author nested"],
)
def test_the_article_is_found_wherever_it_stands(block: Any) -> None:
    found = _read(block)
    assert found.headlines == ("Truce signed",)
    assert found.authors == ("Jane Doe",)
    assert found.published is not None
    assert found.published.iso == "1988-08-20"


def test_of_several_articles_the_one_of_this_address_is_taken() -> None:
    other = {**ARTICLE, "headline": "Other", "articleBody": "x", "url": "https://beacon.example/other"}
    own = {**ARTICLE, "url": "https://www.beacon.example/1988/truce.html"}
    assert _read([other, own]).headlines[0] == "Truce signed"


def test_of_several_articles_the_one_with_the_page_title_is_taken() -> None:
    other = {**ARTICLE, "headline": "Other", "articleBody": "x"}
    assert _read([other, ARTICLE], head="<title>Truce signed</title>", url=None).headlines[0] == "Truce signed"


@pytest.mark.parametrize(
    ("address", "headline"),
    [
        ("truce-signed-at-noon-today", "Truce signed at noon today"),
        ("envoys-sign-a-truce", "Envoys sign a truce"),
        ("article-1234", "Envoys sign a truce"),
    ],
    ids=["the others", "JSON-LD", "none"],
)
def test_the_headline_of_json_ld_yields_where_the_address_spells_what_all_others_say(address: str, headline: str) -> None:
    head = "<meta property='og:title' content='Truce signed at noon today'><title>Truce signed at noon today</title>"
    link = f"<link rel='canonical' href='https://beacon.example/{address}.html'>"
    assert _read({**ARTICLE, "headline": "Envoys sign a truce"}, head=head + link).headlines[0] == headline


def test_posts_of_a_live_blog_are_its_text_not_its_headline() -> None:
    posts = [{"@type": "BlogPosting", "headline": "Noon", "articleBody": "Guns fall silent."}, {"articleBody": "Bells ring."}]
    found = _read({**ARTICLE, "@type": "LiveBlogPosting", "liveBlogUpdate": posts})
    assert found.headlines == ("Truce signed",)
    assert found.article_body == "Noon\n\nGuns fall silent.\n\nBells ring."


@pytest.mark.parametrize(
    "block",
    [
        '{"@type":"NewsArticle","headline":"Truce signed",}',
        '<!-- {"@type":"NewsArticle","headline":"Truce signed"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Truce signed"}\n//]]>',
        '{"@type":"NewsArticle","description":"two\nlines","headline":"Truce signed"};',
        '{"@type":"NewsArticle","description":"it\\\'s","headline":"Truce signed"}',
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Truce signed&quot;}",
        '{"@type":"NewsArticle","wordCount":' + "9" * 5_000 + ',"rating":NaN,"headline":"Truce signed"}',
        '{"@type":"NewsArticle","headline":"Truce signed","description":"a "quoted" word"}',
        '{"@type":"WebSite"}{"@type":"NewsArticle","headline":"Truce signed"}',
    ],
    ids=["comma", "comment", "cdata", "newline", "escape", "entities", "number", "quotes", "two values"],
)
def test_broken_blocks_are_repaired(block: str) -> None:
    headlines = [value.get("headline") for value in load_values(block)]
    assert "Truce signed" in headlines


@pytest.mark.parametrize(
    "block",
    ["[" * 1_100 + "]" * 1_100, "", " " * 200_000, "{", "null", "42", '{"@type":' * 500, ";" * 100_000 + "x", "<!--" * 50_000],
    ids=["deep", "empty", "spaces", "open", "null", "number", "deep open", "semicolons", "comments"],
)
def test_a_hopeless_block_is_left_out(block: str) -> None:
    assert _read(block, ARTICLE).headlines == ("Truce signed",)


def test_half_a_surrogate_pair_does_not_get_into_the_text() -> None:
    found = _read('{"@type":"NewsArticle","headline":"Truce \\ud83d signed"}')
    assert found.headlines[0].encode() == "Truce \ufffd signed".encode()


_keys = st.sampled_from([*ARTICLE, "@id", "image", "keywords", "publisher", "articleBody", "liveBlogUpdate"])
_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_keys, _json, max_size=6))
def test_values_of_unexpected_types_do_no_harm(values: dict[str, Any]) -> None:
    assert isinstance(_read(json.dumps({"@type": "NewsArticle", **values}).replace("<", "")), Metadata)


def test_meta_elements_stand_in_for_json() -> None:
    found = _read(
        head="<title>Truce signed | The Beacon</title><meta property='og:site_name' content='The Beacon'>"
        "<meta name='author' content='Jane Doe, Correspondent'>"
        "<meta property='article:published_time' content='1988-08-20T10:00Z'>"
        "<meta property='article:modified_time' content='1988-08-21'><meta property='article:section' content='World'>"
        "<meta name='keywords' content='truce, war'><meta name='description' content='Guns fall silent.'>",
        lang="en-GB",
    )
    assert found.headlines == ("Truce signed",)
    assert (found.publisher, found.section, found.language, found.tags) == ("The Beacon", "World", "en", ("truce", "war"))
    assert (found.authors, found.descriptions) == (("Jane Doe",), ("Guns fall silent.",))
    assert found.published is not None
    assert found.published.iso == "1988-08-20T10:00+00:00"
    assert found.updated is not None
    assert found.updated.iso == "1988-08-21"


@pytest.mark.parametrize("joined", [True, False], ids=["in one text", "in a list"])
def test_an_article_has_its_first_40_tags(joined: bool) -> None:
    tags = [f"tag {number}" for number in range(41)]
    found = _read({**ARTICLE, "keywords": ", ".join(tags) if joined else tags}).tags
    assert found == tuple(tags[:40])


@pytest.mark.parametrize(("length", "expected"), [(80, ["S" * 80]), (81, [])])
def test_a_section_of_more_than_80_characters_is_a_sentence(length: int, expected: list[str]) -> None:
    section = _read({**ARTICLE, "articleSection": "S" * length}).section
    assert [section] == (expected or [None])


def test_a_person_in_the_byline_is_preferred_to_the_house_in_the_metadata() -> None:
    house = {**ARTICLE, "author": {"name": "The Beacon"}, "publisher": {"name": "The Beacon"}}
    assert _read(house, body="<h1>Truce signed</h1><p class='byline'>By Jane Doe</p>").authors == ("Jane Doe",)
    assert _read(house, body="<h1>Truce signed</h1>").authors == ("The Beacon",)


def test_a_day_in_the_future_gives_way_to_the_printed_one() -> None:
    found = _read({**ARTICLE, "datePublished": "2999-01-01"}, body="<h1>Truce signed</h1><p class='date'>August 20, 1988</p>")
    assert found.published is not None
    assert found.published.iso == "1988-08-20"


@pytest.mark.parametrize(
    ("claimed", "printed", "expected"),
    [
        ("1970-01-01T01:00:00+01:00", "", None),
        ("0001-01-01T00:00:00", "August 20, 1988", "1988-08-20"),
        ("1900-01-01", "January 1, 1900", "1900-01-01"),
        ("2999-01-01", "", "2999-01-01"),
    ],
    ids=["none known", "the printed day instead", "may be meant", "in the future is reported, not dropped"],
)
def test_a_day_that_stands_for_none_is_not_taken(claimed: str, printed: str, expected: str | None) -> None:
    found = _read({**ARTICLE, "datePublished": claimed}, body=f"<h1>Truce signed</h1><p class='date'>{printed}</p>")
    assert (found.published and found.published.iso) == expected


@pytest.mark.parametrize(
    ("link", "base", "expected"),
    [
        ("https://beacon.example/a", "", "https://beacon.example/a"),
        ("/a#top", "", "https://beacon.example/a"),
        ("a", "<base href='/1988/'>", "https://beacon.example/1988/a"),
        ("https://beacon.example/", "", None),
        ("http://[broken", "", None),
        ("javascript:void(0)", "", None),
    ],
)
def test_the_canonical_address_is_absolute_and_no_home_page(link: str, base: str, expected: str | None) -> None:
    assert _read(head=f"{base}<link rel='canonical' href='{link}'>").canonical_url == expected


def test_pictures_keep_caption_and_credit() -> None:
    image = {
        "@type": "ImageObject",
        "url": "https://beacon.example/p.jpg",
        "caption": "The bridge.",
        "creditText": "Ann Poe/Wire",
    }
    (caption,) = _read({**ARTICLE, "image": [image, "https://beacon.example/q.jpg"]}).images
    assert (caption.text, caption.credit, caption.image_url) == ("The bridge.", "Ann Poe/Wire", "https://beacon.example/p.jpg")


def test_paragraphs_of_the_article_body_stay_apart() -> None:
    assert _read({**ARTICLE, "articleBody": "<p>One &amp; two.</p><p>Three.</p>"}).article_body == "One & two.\n\nThree."


@pytest.mark.parametrize(
    ("title", "site", "headline"),
    [
        ("Truce signed | The Beacon", "The Beacon", "Truce signed"),
        ("Truce signed - World - The Beacon", "The Beacon", "Truce signed - World"),
        ("Truce signed at the river | Beacon", None, "Truce signed at the river"),
        ("Truce signed-The Beacon", "The Beacon", "Truce signed"),
        ("War and peace - a history of the river", "The Beacon", "War and peace - a history of the river"),
        ("The Beacon: Truce signed", "The Beacon", "Truce signed"),
        ("The Beacon", "The Beacon", "The Beacon"),
    ],
)
def test_the_site_name_is_cut_off_a_title(title: str, site: str | None, headline: str) -> None:
    assert cut_site_name(title, site) == headline


@pytest.mark.parametrize(
    ("title", "heading", "publisher"),
    [
        ("Truce signed - Meridian Post", "<h1>Truce signed</h1>", "Meridian Post"),
        ("Truce signed | World | Meridian Post", "<h1>Truce signed</h1>", "Meridian Post"),
        ("Meridian Post: TRUCE SIGNED", "<b>Meridian Post</b><font size=5>TRUCE SIGNED</font>", "Meridian Post"),
        ("朝鮮休戦成る、午後に｜港町新聞", "<h1>朝鮮休戦成る、午後に</h1>", "港町新聞"),
        ("Truce signed - at last", "<h1>Truce signed - at last</h1>", None),
        ("Truce signed - Meridian Post", "<h1>Another headline</h1>", None),
    ],
)
def test_without_metadata_the_title_names_the_publisher_beside_the_headline(
    title: str, heading: str, publisher: str | None
) -> None:
    assert _read(head=f"<title>{title}</title>", body=heading).publisher == publisher


def test_a_site_is_not_named_like_the_article() -> None:
    head = "<title>Truce signed at the lake | Meridian Post</title><meta property=og:title content='Truce signed at the lake'>"
    claimed = "<meta property=og:site_name content='Truce signed at the lake | Meridian Post'>"
    body = "<h1>Truce signed at the lake</h1>"
    assert _read(head=head + claimed, body=body).publisher == "Meridian Post"


def test_a_company_that_runs_the_site_wrote_nothing() -> None:
    assert _read(head="<meta name=author content='Lake Media GmbH'>", body="<h1>Ice</h1><p>By Jane Doe</p>").authors == (
        "Jane Doe",
    )
    assert _read(head="<meta name=author content='Lake Media GmbH'>").authors == ()


def test_what_is_marked_in_a_list_is_of_others() -> None:
    body = "<ol><li itemprop=citation><meta itemprop=author content='John Roe'><meta itemprop=datePublished content='1988'></ol>"
    found = _read(head="<meta name=citation_author content='Jane Doe'>", body=f"<h1>Ice</h1>{body}")
    assert (found.authors, found.published) == (("Jane Doe",), None)


@pytest.mark.parametrize(
    ("said", "section"),
    [
        ("World,Asia", "World"),
        ("World, Asia, Lakes", "World"),
        ("Health, Food & Drink", "Health, Food & Drink"),
        ("A sentence that tells what the article is about, though nobody has asked for it here at all.", None),
    ],
)
def test_a_section_is_one_and_no_sentence(said: str, section: str | None) -> None:
    assert _read({**ARTICLE, "articleSection": said}).section == section


@pytest.mark.parametrize("printed", ["World | Asia", "Home > World > Asia", "World"])
def test_a_path_of_sections_is_of_the_first(printed: str) -> None:
    assert _read({**ARTICLE, "articleSection": printed}).section == "World"


@pytest.mark.parametrize(
    ("label", "authors"), [("Written by", ("Jane Doe",)), ("Verfasst von", ("Jane Doe",)), ("Est. reading time", ())]
)
def test_the_author_on_a_card_for_sharing_counts(label: str, authors: tuple[str, ...]) -> None:
    head = f"<meta name=twitter:label1 content='{label}'><meta name=twitter:data1 content='Jane Doe'>"
    assert _read(head=head, body="<h1>Ice</h1>").authors == authors


def test_date_of_several_systems_is_read_out_of_meta_elements() -> None:
    names = "published-date publish_date citation_publication_date citation_date prism.publicationDate DC.date.created"
    found = [_read(head=f"<meta name='{name}' content='1988-08-20'>").published for name in names.split()]
    assert [when and when.iso for when in found] == ["1988-08-20"] * 6


def test_the_day_that_the_reader_sees_is_the_day_of_publication() -> None:
    shown = "<h1>Truce signed</h1><time>August 20, 1988 11:30 PM EDT</time>"
    found = _read({**ARTICLE, "datePublished": "1988-08-21T03:30:00Z"}, body=shown).published
    assert found is not None
    assert found.iso == "1988-08-20T23:30-04:00"
