"""The section that a page's breadcrumb tells, and what is no breadcrumb."""

import pytest
from lxml import html

from indexer.extract.body.page_elements import PageElements
from indexer.extract.metadata.breadcrumbs import printed_steps
from indexer.extract.metadata.claims import read_metadata
from search.lexicon.read import LexiconEntry, read_lexicon

ENTRIES = read_lexicon("indexer.extract.lexicon", "breadcrumbs").entries


def steps(body: str) -> tuple[str, ...]:
    return printed_steps(
        PageElements(html.document_fromstring(f"<html><body>{body}<h1>Ferry line to add two boats</h1></body></html>"))
    )


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.kind == "home"], ids=str)
def test_what_follows_the_home_page_is_the_section(entry: LexiconEntry) -> None:
    home = entry.text.capitalize()
    assert steps(f"<div>{home} &gt; Islands &gt; Ferries</div>") == ("Islands", "Ferries")
    assert steps(f"<p><a href=/>{home}</a> » <a href=/islands>Islands</a> » Ferry line to add</p>") == ("Islands",)


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.kind == "name"], ids=str)
def test_list_that_is_named_a_breadcrumb_is_one(entry: LexiconEntry) -> None:
    trail = "<li><a href=/>Home</a><li><a href=/islands>Islands</a><li>Ferry line"
    assert steps(f"<ul class='top {entry.text} wide'>{trail}</ul>") == ("Islands",)
    assert steps(f"<ul class='top wide'>{trail}</ul>") == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<div>You are here: <a href=/>Home</a> › <a href=/i>Islands</a> › <a href=/i/f>Ferries</a></div>",
            ("Islands", "Ferries"),
        ),
        ("<div>Sie sind hier: Startseite &gt; Inseln</div>", ("Inseln",)),
        (
            '<ol itemscope itemtype="https://schema.org/BreadcrumbList"><li><a href=/><span>Home</span></a>'
            "<li><a href=/i><span>Islands</span></a></ol>",
            ("Islands",),
        ),
        ("<p><a href=/>Home</a> | <a href=/i>Islands</a> | <a href=/s>Sport</a></p>", ()),  # a menu
        ("<nav><a href=/>Home</a> <a href=/i>Islands</a></nav>", ()),
        ("<ul class=breadcrumb><li><a href=/i>Islands</a><li><a href=/f>Ferries</a></ul>", ()),  # begins elsewhere
        ("<ul class=breadcrumb><li><a href=/>Home</a>" + "<li><a href=/i>Islands</a>" * 6 + "</ul>", ()),  # too many
        (f"<div>Home &gt; {'Islands ' * 40}</div>", ()),
        ("<p><a href=/>Home</a> » Ferry line to add two boats</p>", ()),  # no step between home and the article
    ],
)
def test_breadcrumbs_and_what_looks_like_one(body: str, expected: tuple[str, ...]) -> None:
    assert steps(body) == expected


def test_what_the_page_declares_goes_before_its_breadcrumb() -> None:
    trail = "<p><a href=/>Home</a> » <a href=/islands>Islands</a> » Ferry line</p>"
    meta = '<meta property="article:section" content="Transport">'
    for head, section in (
        ("", "Islands"),
        (meta, "Transport"),
        ('<meta itemprop="articleSection" content="Transport">', "Transport"),
    ):
        assert (
            read_metadata(PageElements(html.document_fromstring(f"<head>{head}</head><body>{trail}</body>")), None).section
            == section
        )
