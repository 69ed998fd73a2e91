"""What a reader calls the versions of an article, and how two of them stand side by side."""

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from press import archive_of

from search.model.article import Article, Caption, Paragraph, PrintedDate
from search.service.version_diff import compare
from web.app import create_app
from web.presenters.articles.versions import compared_fields, version_labels

MAY_1 = PrintedDate("May 1, 1965", "1965-05-01")
NOON = PrintedDate("May 1, 1965 12:00", "1965-05-01T12:00")


def version(name: str, captured: str | None = None, **dates: PrintedDate) -> Article:
    return Article(f"herald/{name}", "flood", captured=captured, **dates)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("versions", "labels"),
    [
        (
            [version("b", "2020-01-02T10:00:00Z", published=MAY_1, updated=NOON), version("a", published=MAY_1, updated=MAY_1)],
            ["Updated 1 May 1965, 12:00", "Published 1 May 1965"],
        ),
        (
            [version("b", "2020-01-02T10:00:00Z", published=MAY_1), version("a", "2020-01-01T10:00:00Z", published=MAY_1)],
            ["Saved 2 January 2020, 10:00 (UTC)", "Saved 1 January 2020, 10:00 (UTC)"],
        ),
        (
            [
                version("c", "2020-01-02T10:00:00Z", published=NOON),
                version("b", "2020-01-01T10:00:00Z", published=NOON),
                version("a", "2020-01-01T10:00:00Z", published=MAY_1),
            ],
            [
                "Published 1 May 1965, 12:00 · Saved 2 January 2020, 10:00 (UTC)",
                "Published 1 May 1965, 12:00 · Saved 1 January 2020, 10:00 (UTC)",
                "Published 1 May 1965",
            ],
        ),
        ([version("1/b.html", "2020-01-02T10:00:00Z"), version("1/a.html", "2020-01-02T10:00:40Z")], ["b.html", "a.html"]),
        ([version("2/a.html", published=MAY_1), version("1/a.html", published=MAY_1)], ["herald/2/a.html", "herald/1/a.html"]),
        ([version("a.html", "2020-01-02T10:00:00Z", published=MAY_1)], ["Saved 2 January 2020, 10:00 (UTC)"]),
        ([version("a.html")], ["a.html"]),
    ],
    ids=["dates", "saved", "dates and saved", "files", "folders", "one", "nothing known"],
)
def test_versions_are_called_by_what_tells_them_apart(versions: list[Article], labels: list[str]) -> None:
    assert version_labels(versions) == labels


def story(*texts: str | Paragraph) -> Article:
    return Article("herald/1", "flood", paragraphs=tuple(Paragraph(text) if isinstance(text, str) else text for text in texts))


def rows(before: Article, after: Article) -> list[tuple[str, str | None, str]]:
    [field] = compared_fields(before, after, compare(before, after))
    return [(row.kind, row.before, row.after) for stretch in field.stretches for row in stretch.rows]


RIVER, DYKE = "The river rose.", "The dyke broke."
TOWN = Paragraph("In the town", "subhead")


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (
            [RIVER, DYKE],
            ["The river fell.", DYKE],
            [("text", "The river <del>rose</del>.", "The river <del>rose</del> <ins>fell</ins>."), ("text", None, DYKE)],
        ),
        (
            [RIVER],
            [RIVER, TOWN, DYKE],
            [("text", None, RIVER), ("subhead", "", "<ins>In the town</ins>"), ("text", "", f"<ins>{DYKE}</ins>")],
        ),
        (
            [TOWN, RIVER, DYKE],
            [DYKE],
            [
                ("subhead", "<del>In the town</del>", "<del>In the town</del>"),
                ("text", f"<del>{RIVER}</del>", f"<del>{RIVER}</del>"),
                ("text", None, DYKE),
            ],
        ),
        ([RIVER, DYKE], [RIVER], [("text", None, RIVER), ("text", f"<del>{DYKE}</del>", f"<del>{DYKE}</del>")]),
        (
            [TOWN, RIVER],
            [replace(TOWN, text="In the village"), RIVER],
            [
                ("subhead", "In the <del>town</del>", "In the <del>town</del> <ins>village</ins>"),
                ("text", None, RIVER),
            ],
        ),
        ([f"{RIVER} {DYKE}"], [RIVER, DYKE], [("text", f"{RIVER} {DYKE}", f"{RIVER}<ins>\n\n</ins>{DYKE}")]),
        (["A <b> or"], ["A <i> or"], [("text", "A &lt;<del>b</del>&gt; or", "A &lt;<del>b</del> <ins>i</ins>&gt; or")]),
    ],
    ids=["a word", "at the end", "at the beginning", "the end is gone", "a subhead", "a paragraph divided", "mark-up"],
)
def test_each_paragraph_stands_beside_what_it_was(
    before: list[str | Paragraph], after: list[str | Paragraph], shown: list[tuple[str, str | None, str]]
) -> None:
    assert rows(story(*before), story(*after)) == shown


def test_unchanged_paragraphs_are_folded_counted_and_shown_when_asked_for(tmp_path: Path) -> None:
    lines = [f"Line {number} of the story." for number in range(5)]
    old = replace(story(RIVER, *lines, DYKE, "It held.", "Boats."), source="herald/1", captured="2020-01-01T10:00:00Z")
    new = replace(story("A river rose.", *lines, "The dam broke.", "It held.", "Ships."), captured="2020-01-02T10:00:00Z")
    new = replace(new, source="herald/2", headline="Flood", captions=(Caption("The mill"),))
    client = create_app(archive_of(tmp_path, old, new)).test_client()

    def page(url: str) -> BeautifulSoup:
        return BeautifulSoup(client.get(url).data, "html.parser")

    shown = page("/changes/flood")
    assert [summary.get_text() for summary in shown.select(".changed summary")] == ["5 unchanged paragraphs"]
    assert not shown.select_one(".changed details").has_attr("open")  # type: ignore[union-attr]
    assert [each.get_text() for each in shown.select(".changed > .same")] == ["It held."]
    assert [" ".join(each.get_text().split()) for each in shown.select(".sides p")] == [
        "Earlier version Saved 1 January 2020, 10:00 (UTC)",
        "Later version Saved 2 January 2020, 10:00 (UTC)",
    ]
    [whole] = [str(a["href"]) for a in shown.select(".views a") if a.get_text() == "Whole text"]
    assert page(whole).select_one(".changed details").has_attr("open")  # type: ignore[union-attr]


def test_a_comparison_that_is_not_complete_says_so(tmp_path: Path) -> None:
    def version(number: int) -> Article:
        text = f"word{number} " * 120_000
        return replace(story(text), source=f"herald/{number}", captured=f"2020-01-0{number}T10:00:00Z")

    client = create_app(archive_of(tmp_path, version(1), version(2))).test_client()
    assert "too long to compare in full" in client.get("/changes/flood").text
