"""Marks in a saved page, which is HTML of anybody: on its words, never in its tags, and nothing else is changed."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.model.article import Article
from search.query.nodes import Query
from search.query.parsing.parser import parse
from search.settings import Limits
from web.presenters.articles.saved_marks import HEADLINE_ID, mark_page

ARTICLE = Article("beacon/a.html", "a", headline="Truce near", language="en")
ANCHOR = f'<a id="{HEADLINE_ID}"></a>'


def query(text: str) -> Query:
    return parse(text, Limits()).query


@pytest.mark.parametrize(
    ("typed", "page", "marked"),
    [
        ("truce", "<p>The truces hold</p>", "<p>The <mark>truces</mark> hold</p>"),
        ("truce", "<p>tr<b>uc</b>e</p>", "<p><mark>tr</mark><b><mark>uc</mark></b><mark>e</mark></p>"),
        ('"peace talks"', "<p>Peace <i>talks</i>; talks</p>", "<p><mark>Peace </mark><i><mark>talks</mark></i>; talks</p>"),
        ('"peace talks"', "<p>Peace</p><p>talks</p>", "<p>Peace</p><p>talks</p>"),
        ("genève", "<p>Gen&egrave;ve, Gen&#232;ve</p>", "<p><mark>Gen&egrave;ve</mark>, <mark>Gen&#232;ve</mark></p>"),
        (
            "truce",
            '<p title="truce">A <a class=truce>truce</a></p>',
            '<p title="truce">A <a class=truce><mark>truce</mark></a></p>',
        ),
        ("truce", "<title>truce</title><script>truce < truce</script><!-- truce --><style>truce</style>", None),
        ("truce", "<textarea>truce</TEXTAREA>truce", "<textarea>truce</TEXTAREA><mark>truce</mark>"),
        ("truce", "<script>truce", None),
        ("truce", "truce <", "<mark>truce</mark> <"),
        ("headline:truce by:marsh", "<p>A truce, Marsh said</p>", "<p>A <mark>truce</mark>, <mark>Marsh</mark> said</p>"),
        ("truce NOT war", "<p>truce, war</p>", "<p><mark>truce</mark>, war</p>"),
    ],
)
def test_words_are_marked_and_tags_are_not(typed: str, page: str, marked: str | None) -> None:
    assert mark_page(page, ARTICLE, query(typed)) == (page if marked is None else marked)


@pytest.mark.parametrize(
    ("page", "opened"),
    [
        ("<a>Truce near</a><h1>Truce  near</h1>", f"<a>Truce near</a>{ANCHOR}<h1>Truce  near</h1>"),
        ("<h1>Beacon</h1><p>x<h3>Truce <i>near</i></h3>", f"<h1>Beacon</h1><p>x{ANCHOR}<h3>Truce <i>near</i></h3>"),
        ("<li>x<li>Truce near<li>y", f"<li>x{ANCHOR}<li>Truce near<li>y"),
        ("<p>x</p><h1>Other</h1>", f"<p>x</p>{ANCHOR}<h1>Other</h1>"),
        ("<title>Truce near</title><p>x</p>", "<title>Truce near</title><p>x</p>"),
    ],
    ids=["the heading of two", "a small heading", "no heading", "another heading", "none"],
)
def test_a_page_opens_at_its_headline(page: str, opened: str) -> None:
    assert mark_page(page, ARTICLE, None) == opened


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "truce",
        " near",
        "&amp;",
        "&#x74;",
        "&",
        "<b>",
        "</b>",
        "<p>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        '"',
        "<h1>",
        "\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_is_added_but_marks_and_one_anchor(page: str) -> None:
    shown = mark_page(page, ARTICLE, query("truce"))

    assert shown.replace("<mark>", "").replace("</mark>", "").replace(ANCHOR, "") == page
    assert shown.count("<mark>") == shown.count("</mark>")


@pytest.mark.parametrize(
    "piece", ["<a", "<a>", "&amp;", "<!--", "<script>", "</script", "truce ", "<p>truce", "&truce;", '<a "', "<b>t</b>"]
)
def test_a_page_of_anything_is_marked_in_bounded_time(piece: str) -> None:
    page = piece * (4_000_000 // len(piece))
    started = time.process_time()

    mark_page(page, ARTICLE, query('truce OR "peace talks" OR negotiat*'))

    assert time.process_time() - started < 8
