"""Marks in a saved page, which is HTML of anybody: on its words, never in its tags, and nothing else is changed."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.model.article import Article
from search.query.parsing.parser import parse
from search.settings import Limits
from web.presenters.articles.saved_marks import HEADLINE_ID, mark_page

ARTICLE = Article("beacon/a.html", "a", headline="Truce near", language="en")
ANCHOR = f'<a id="{HEADLINE_ID}"></a>'


FOLD = "<details><summary>Menu &amp; more</summary>"
LINKS = "<li><a href=#>World</a>" * 6
HEADING = f"{ANCHOR}<h1>Truce near</h1>"


def marked_page(page: str, typed: str = "") -> str:
    return mark_page(page, ARTICLE, parse(typed, Limits()).query if typed else None, folded="Menu & more")


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
    assert marked_page(page, typed) == (page if marked is None else marked)


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
    assert marked_page(page) == opened


@pytest.mark.parametrize(
    ("above", "folded"),
    [
        (f"<p>x<NAV class=a>{LINKS}</NAV>", f"<p>x{FOLD}<NAV class=a>{LINKS}</NAV></details>"),
        (
            f"<div role='navigation'><div>{LINKS}</div>y</div>",
            f"{FOLD}<div role='navigation'><div>{LINKS}</div>y</div></details>",
        ),
        (f"<nav><nav>{LINKS}</nav>y</nav>", f"{FOLD}<nav><nav>{LINKS}</nav>y</nav></details>"),
        (f"<nav>{LINKS}</nav>" * 2, f"{FOLD}<nav>{LINKS}</nav></details>" * 2),
        (f"<nav>{LINKS[:100]}</nav>", None),
        (f"<div>{LINKS}</div>", None),
        (f"<nav>{LINKS}", None),
        (f"<nav>{LINKS}</nav ", None),
        (f"</nav>{LINKS}</nav>", None),
        (f"<!-- <nav> -->{LINKS}</nav>", None),
    ],
    ids=["nav", "role", "nested", "two", "few links", "no navigation", "unclosed", "half closed", "closed alone", "comment"],
)
def test_navigation_above_the_headline_is_folded(above: str, folded: str | None) -> None:
    assert marked_page(f"{above}<h1>Truce near</h1>") == f"{folded or above}{HEADING}"


def test_navigation_around_or_below_the_headline_is_not_folded() -> None:
    for around in ("{}{}</nav>{}", "{}{}{}</nav>"):
        page = around.format("<nav>", LINKS, "<h1>Truce near</h1>")
        assert ("<details>" in marked_page(page)) == page.endswith("</h1>")
    below = f"<h1>Truce near</h1><nav>{LINKS}</nav>"
    assert marked_page(below) == ANCHOR + below
    assert marked_page(f"<nav>{LINKS}</nav><p>x") == f"<nav>{LINKS}</nav><p>x", "no headline"


def test_words_in_folded_navigation_are_marked() -> None:
    page = f"truce<nav>truce {LINKS} truce</nav>truce<h1>Truce near</h1>"
    mark = "<mark>truce</mark>"
    assert marked_page(page, "truce") == (
        f"{mark}{FOLD}<nav>{mark} {LINKS} {mark}</nav></details>{mark}{ANCHOR}<h1><mark>Truce</mark> near</h1>"
    )


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
        "<nav>",
        "</nav>",
        "<div role=navigation>",
        "</div>",
        "</nav",
        "<a>" * 6,
        "\n",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_is_added_but_marks_one_anchor_and_folds(page: str) -> None:
    shown = marked_page(page, "truce")

    bare = shown
    for added in ("<mark>", "</mark>", ANCHOR, FOLD, "</details>"):
        bare = bare.replace(added, "")
    assert bare == page
    assert shown.count("<mark>") == shown.count("</mark>")
    assert shown.count(FOLD) == shown.count("</details>")
    assert not re.search(r"<[a-z/]*<(?:details|/details)", shown), "a fold in a tag"


@pytest.mark.parametrize(
    "piece",
    [
        "<a",
        "<a>",
        "&amp;",
        "<!--",
        "<script>",
        "</script",
        "truce ",
        "<p>truce",
        "&truce;",
        "<nav>",
        "</nav>",
        f"<nav>{LINKS}</nav>",
        "<div role=navigation",
        "<div role ",
        '<a "',
        "<b>t</b>",
    ],
)
def test_a_page_of_anything_is_marked_in_bounded_time(piece: str) -> None:
    page = piece * (4_000_000 // len(piece))
    started = time.process_time()

    marked_page(page, 'truce OR "peace talks" OR negotiat*')

    assert time.process_time() - started < 8
