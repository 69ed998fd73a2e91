"""What `broadsheet extract --explain` says of a page."""

import json
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from indexer.cli.commands import main
from indexer.extract.explain import PageExplanation, PagePiece, explain
from indexer.extract.pipeline import extract
from indexer.sources.decode import decode
from indexer.sources.raw_page import RawPage
from search.settings import Settings

PAGE = """<!doctype html><html lang="en"><head><title>Bridge opens | The Quay</title>
<meta property="og:title" content="The bridge opens at last"><meta property="og:site_name" content="The Quay">
<meta name="description" content="A crossing that took nine years and three mayors is open to carts.">
<meta property="article:published_time" content="2999-01-01">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge opens", "datePublished": "1931-05-04",
 "author": {"name": "Ann Reed"}, "articleSection": "Town"}</script>
<style>p { color: black }</style></head><body>
<nav>Home Town Harbour</nav>
<div class="page"><article><h1>Bridge opens, at last</h1>
<p class="deck">A crossing that took nine years and three mayors is open to carts.</p>
<figure><img src="a.jpg"><figcaption>Carts wait at the toll house. (Tom Hale/Quay Pictures)</figcaption></figure>
<p>QUAYSIDE — The bridge opened on Monday to the sound of a brass band that had practised for a week.</p>
<p>Share this article</p>
<div class="related-links">The ferryman says goodbye to his boat</div>
<p>Read more: <a href="/toll">What the toll will cost</a></p>
<p>The mayor cut the ribbon twice, since the first cut was lost in the noise of the carts behind him.</p>
<aside>Nine years in nine pictures, a look back</aside>
<p>Nobody asked the ferryman, who was seen rowing across the river as if nothing had happened.</p>
<h3>More from The Quay</h3><p>A fair will be held on the meadow.</p>
</article></div>
<footer>The Quay, printed daily but for Sundays</footer></body></html>"""


def explained(text: str | bytes = PAGE, kind: str = "html") -> PageExplanation:
    data = text.encode() if isinstance(text, str) else text
    return explain(RawPage("quay/a.html", "", data, "text" if kind == "text" else "html"), Settings())


def pieces(explanation: PageExplanation) -> dict[str, PagePiece]:
    return {piece.text: piece for reading in explanation.readings for piece in reading.pieces}


def test_every_field_names_its_rule() -> None:
    rules = {field.name: field.rule for field in explained().fields}
    assert rules["headline"] == "what the page declares as its headline goes before the h1; from JSON-LD headline"
    assert rules["standfirst"] == "repeats the page's description; from meta description"
    assert rules["authors"] == "from JSON-LD author"
    assert rules["published"] == "from JSON-LD datePublished"
    assert rules["section"] == "from JSON-LD articleSection"
    assert rules["publisher"] == "from meta og:site_name"
    assert rules["language"] == "from html lang"
    assert rules["dateline"] == "the first words of the text"
    assert rules["tags"] == rules["url"] == "not found"
    assert all(rules.values())


def test_competing_claims_are_listed_with_their_places() -> None:
    claims = {field.name: dict(field.claims) for field in explained().fields}
    assert claims["headline"] == {
        "JSON-LD headline": "Bridge opens",
        "meta og:title": "The bridge opens at last",
        "title": "Bridge opens",
        "h1": "Bridge opens, at last",
    }
    assert claims["published"]["meta article:published_time"].startswith("2999-01-01 (rejected: in the future")


@pytest.mark.parametrize(
    ("start", "rule", "where"),
    [
        ("Home Town Harbour", "is outside the part of the page that holds the article", "nav"),
        ("Share this article", "is a line that sites print around any text", None),
        ("The ferryman says goodbye", "is called so by its class or id", "div.related-links"),
        ("Read more: What", "points to another story", None),
        ("Nine years in nine", "is marked up as aside", "aside"),
        ("More from The Quay", "stands below a heading as of more stories, comments or authors", None),
        ("A fair will be held", "stands below a heading as of more stories, comments or authors", None),
        ("The Quay, printed", "is outside the part of the page that holds the article", "footer"),
    ],
)
def test_what_is_left_out_is_listed_with_its_reason(start: str, rule: str, where: str | None) -> None:
    piece = next(piece for text, piece in pieces(explained()).items() if text.startswith(start))
    assert (piece.kept_as, piece.rule, piece.where) == (None, rule, where)


def test_what_is_kept_is_listed_with_its_field() -> None:
    kept = [piece.kept_as for piece in pieces(explained()).values() if piece.kept_as]
    assert kept == ["standfirst", "caption", "text", "text", "text"]


def test_the_pieces_are_all_that_a_reader_sees_once_and_in_order() -> None:
    visible = [
        "Home Town Harbour", "Bridge opens, at last", "A crossing that took nine years and three mayors is open to carts.",
        "Carts wait at the toll house. (Tom Hale/Quay Pictures)",
        "QUAYSIDE — The bridge opened on Monday to the sound of a brass band that had practised for a week.",
        "Share this article",
        "The ferryman says goodbye to his boat", "Read more: What the toll will cost",
        "The mayor cut the ribbon twice, since the first cut was lost in the noise of the carts behind him.",
        "Nine years in nine pictures, a look back",
        "Nobody asked the ferryman, who was seen rowing across the river as if nothing had happened.", "More from The Quay",
        "A fair will be held on the meadow.", "The Quay, printed daily but for Sundays",
    ]  # fmt: skip
    assert [piece.text for piece in explained().readings[0].pieces] == visible


def test_a_body_out_of_the_state_of_a_script_is_said_to_be_so() -> None:
    paragraphs = [f"The {name} crossed the new bridge in the morning and came back in the evening, tired but content." for name in
                  ("baker", "miller", "doctor", "teacher", "smith", "tailor", "printer", "mayor")]  # fmt: skip
    state = json.dumps({"article": {"body": "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)}})
    script = f"<script>window.__STATE__ = {state}</script>"
    page = f"<html><body><h1>The first day</h1><p>Loading the story of the day.</p>{script}</body></html>"
    explanation = explained(page)
    body = next(field for field in explanation.fields if field.name == "body")
    assert body.rule == "the page shows hardly any text; the data in its scripts has more"
    assert [reading.source for reading in explanation.readings] == [
        "the page as shown", "the data from which its scripts draw the page",
    ]  # fmt: skip
    assert [piece.kept_as for piece in explanation.readings[1].pieces] == ["text"] * 8


def test_lines_of_a_plain_text_are_explained_too() -> None:
    text = """The Quay Gazette\n\nBridge opens\n\nBy Ann Reed\n\nMay 4, 1931\n\n4 min read\n
QUAYSIDE — The bridge opened on Monday to the sound of a brass band that had practised for a week.\n
Read more: What the toll will cost\n
The mayor cut the ribbon twice, since the first cut was lost in the noise of the carts behind him.\n"""
    found = [(piece.kept_as, piece.rule) for piece in explained(text, "text").readings[0].pieces]
    assert found == [
        ("publisher", None), ("headline", None), ("byline", None), ("date", None),
        (None, "is a line of the head that belongs to no field"), ("text", None), (None, "points to another story"),
        ("text", None),
    ]  # fmt: skip


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "pages").glob("*.html")), ids=lambda path: path.stem)
def test_no_visible_word_of_a_page_is_missing_from_the_pieces(path: Path) -> None:
    page = BeautifulSoup(decode(path.read_bytes(), None), "lxml")
    for unseen in page(["head", "script", "style", "noscript", "template", "svg", "iframe", "object"]):
        unseen.decompose()
    found = Counter(word for piece in explained(path.read_bytes()).readings[0].pieces for word in piece.text.split())
    assert Counter(page.get_text(" ").split()) - found == Counter()


def test_a_page_without_an_article_says_what_it_has_instead() -> None:
    explanation = explained("<html><body><nav>Home Town Harbour</nav></body></html>")
    assert explanation.error is not None
    assert explanation.error[0] == "no-article"
    assert [piece.text for piece in explanation.readings[0].pieces] == ["Home Town Harbour"]


def test_the_command_prints_words_or_json(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")
    words = CliRunner().invoke(main, ["extract", "--explain", str(path)])
    assert words.exit_code == 0
    assert (
        "left out      The ferryman says goodbye to his boat\n                div.related-links: it is called so" in words.stdout
    )
    line = json.loads(CliRunner().invoke(main, ["extract", "--explain", "--json", str(path)]).stdout)
    assert line["article"]["headline"] == "Bridge opens"
    assert line["fields"][0]["claims"][0] == ["JSON-LD headline", "Bridge opens"]
    assert {
        "text": "Share this article",
        "kept_as": None,
        "rule": "is a line that sites print around any text",
        "where": None,
    } in (line["readings"][0]["pieces"])


def test_asking_why_changes_nothing() -> None:
    page = RawPage("quay/a.html", "", PAGE.encode())
    assert explain(page, Settings()).article == extract(page, Settings())
