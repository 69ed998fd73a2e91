"""`broadsheet index FILE` of each kind of export, and `broadsheet search`: what is in it is found."""

import gzip
import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from saved import page_html, save_zip
from test_databases import EUROPRESSE, FACTIVA, NEXIS, NEXIS_LINES, NEXIS_TEXT, docx, rtf
from test_newspapers import DIVIDED, PAGE_2, issue, mets, newspaper_page, pdf_file
from test_publications import ATOM, GHOST_POST, LETTER, PLAIN, RSS, ghost, mailbox, post, substack, wxr
from test_wires import GIGAWORD, NINJS_1, NINJS_2, NITF, TREC, XHTML, newsml

from indexer.cli.commands import main
from indexer.extract.fields.exported_text import ExportedBody, read_exported_text
from indexer.extract.json_articles import article_from_record
from indexer.extract.safe_parse import parse
from indexer.load.archive_reader import read_apart
from indexer.sources.files.folders import Listing
from indexer.sources.files.read import records
from indexer.sources.files.saved_page import read_saved_page
from indexer.sources.formats.exports.dates import iso_date, local_with_zone
from indexer.sources.formats.exports.markup import without_classes
from indexer.sources.formats.kinds import FORMATS, format_of
from search.engines.protocol import open_engine
from search.errors import PageError
from search.model.article import Caption, Paragraph
from search.settings import Settings

PAGE = page_html("Truce signed").encode()

FILES = {  # name of the file -> its content, a query, the records that it finds
    "site.xml": (wxr(post(7, "The delegates met."), post(8, "So far."), post(9, "No.", "draft")), "delegates", ["7"]),
    "site.xml.gz": (gzip.compress(wxr(post(7, "The delegates met."), post(8, "So far.")).encode()), "delegates", ["7"]),
    "ghost.json": (ghost(GHOST_POST), "delegates", ["talks"]),
    "letter.zip": (substack(), "delegates", ["101.talks"]),
    "feed.rss": (RSS, "story", ["https://river.example/1"]),
    "feed.xml": (ATOM, "entier", ["tag:fleuve.example,2022:1"]),
    "letter.eml": (LETTER, "truce", ["abc@river.example"]),
    "inbox.mbox": (mailbox(LETTER, PLAIN), "second", ["2"]),
    "nexis.html": (NEXIS, '"shook hands"', ["1"]),
    "nexis.txt": (NEXIS_TEXT, "pourparlers", ["2"]),
    "factiva.html": (FACTIVA, "pourparlers", ["LFLV000020220304ei340000b"]),
    "europresse.html": (EUROPRESSE, "délégués", ["news·20220305·FL·4022x123"]),
    "nexis.docx": (docx(*NEXIS_LINES), "delegates", ["1"]),
    "nexis.rtf": (rtf(*NEXIS_LINES), "delegates", ["1"]),
    "item.json": (json.dumps([NINJS_1, NINJS_2]), "delegaterna", ["urn:wire:2"]),
    "item.xml": (NITF, "delegates", ["12345"]),
    "message.xml": (newsml(XHTML), "delegates", ["urn:wire:1"]),
    "ap880212": (TREC + GIGAWORD, '"it holds"', ["NYT_ENG_19940701.0001"]),
    "page.xml": (PAGE_2, "hands", ["1"]),
}


class Newsroom:
    """A folder `news`, its index, and the command."""

    def __init__(self, folder: Path) -> None:
        self.news = folder / "news"
        self.news.mkdir()
        self._index = ("--index", f"tantivy:{folder / 'index'}")

    def run(self, *arguments: str) -> Any:
        done = CliRunner().invoke(main, [*self._index, *arguments, "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return json.loads(done.stdout)

    def index(self, name: str, content: str | bytes) -> Any:
        (self.news / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return self.run("index", str(self.news))

    def sources(self) -> set[str]:
        """Of all articles, as they are called in their folder or zip file."""
        with open_engine(self._index[1]) as engine:
            sources = {entry.source for entry in engine.reader().sources() if entry.kind == "article"}
        return {source.removeprefix("news/").removeprefix("all.zip!/") for source in sources}

    def found(self, query: str) -> list[str]:
        """The records, without the name of their file."""
        return sorted(hit["source"].partition("!/")[2] for hit in self.run("search", query)["results"] if hit["allWords"])


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_what_is_in_a_file_is_found_by_search_and_read_once(newsroom: Newsroom, name: str) -> None:
    content, query, records = FILES[name]
    assert newsroom.index(name, content)["indexed"] > 0
    assert newsroom.found(query) == records
    again = newsroom.run("index", str(newsroom.news))
    assert (again["indexed"], again["updated"], again["removed"]) == (0, 0, 0)


def test_the_articles_of_an_issue_and_of_a_pdf_are_found_by_search(newsroom: Newsroom) -> None:
    pytest.importorskip("pypdfium2", reason="pypdfium2 is an optional dependency")
    issue(newsroom.news, mets(DIVIDED))
    report = newsroom.index("page.pdf", pdf_file(newspaper_page(1, "first")))
    assert report["indexed"] == 3
    assert newsroom.found("delegates") == ["A1"]
    assert newsroom.found('"row 3 of the right"') == [""]


def test_what_is_left_out_of_an_export_is_told_by_file_and_no_reason_for_an_exit_code(newsroom: Newsroom) -> None:
    (newsroom.news / "site.xml").write_text(
        wxr(post(1, "So."), post(2, "a", "draft"), post(3, "b", "draft"), post(4, "c", kind="page"))
    )
    index = ["--index", f"tantivy:{newsroom.news.parent / 'index'}", "index", str(newsroom.news)]
    done = CliRunner().invoke(main, index)
    assert done.exit_code == 0
    assert f"left out of {newsroom.news / 'site.xml'}: drafts (2)" in done.stderr
    assert f"left out of {newsroom.news / 'site.xml'}: pages (1)" in done.stderr
    assert "belong to pages" not in done.stderr


def test_an_export_that_breaks_off_is_told_and_its_articles_are_found(newsroom: Newsroom) -> None:
    report = newsroom.index("site.xml", wxr(post(1, "The delegates met."), end=""))
    assert [(each["code"], each["path"]) for each in report["skipped"]] == [("undecodable", str(newsroom.news / "site.xml"))]
    assert newsroom.found("delegates") == ["1"]


def test_a_post_that_is_gone_from_an_export_is_removed(newsroom: Newsroom) -> None:
    newsroom.index("site.xml", wxr(post(1, "The delegates met."), post(2, "So far.")))
    assert newsroom.index("site.xml", wxr(post(2, "So far, and on.")))["removed"] == 1
    assert (newsroom.found("delegates"), newsroom.found("far")) == ([], ["2"])


def test_the_same_number_twice_in_a_file_is_two_articles(newsroom: Newsroom) -> None:
    assert newsroom.index("papers.sgml", TREC + TREC.replace(b"noon", b"night"))["indexed"] == 2
    assert newsroom.found("delegates night") == ["AP880212-0001#2"]


def test_an_article_that_is_too_large_is_reported_and_only_wanted_ones_are_read(tmp_path: Path) -> None:
    path = tmp_path / "site.xml"
    path.write_text(wxr(post(1, "word " * 50), post(2, "word " * 500), post(3, "So far.")))
    [file] = Listing([str(path)], {})
    settings = Settings(page_bytes=2_500)
    every = {each.source.partition("!/")[2]: each.problem and each.problem[0] for each in records(file, settings)}
    assert every == {"1": None, "2": "too-large", "3": None}
    assert [each.source.partition("!/")[2] for each in records(file, settings, lambda name: name == "3")] == ["3"]


@pytest.mark.parametrize(
    ("name", "start", "more"),
    [
        ("site.rss.gz", b"<rss><channel><item><title>", b"word " * 2_400_000),
        ("item.nitf.gz", b"<nitf>", b"<p>word</p>" * 1_200_000),
        ("inbox.mbox.gz", b"From a@b Fri Mar  4 10:00:00 2022\nSubject: a\n\n", b"\0" * 12_000_000),
        ("item.ninjs.gz", b"[" * 500, b"[" * 101_000_000), ("papers.sgml.gz", b"<DOC><TEXT>", b"word " * 2_400_000),
    ],
    ids=["feed", "nitf", "mailbox", "ninjs", "sgml"],
)  # fmt: skip
def test_a_bomb_is_reported_and_the_rest_goes_on(newsroom: Newsroom, name: str, start: bytes, more: bytes) -> None:
    (newsroom.news / "zz-page.html").write_bytes(PAGE)
    report = newsroom.index(name, gzip.compress(start + more, 1))
    assert ([each["code"] for each in report["skipped"]], report["indexed"]) == (["too-large"], 1)


def test_an_export_in_a_zip_file_is_told_by_names_at_its_end(newsroom: Newsroom) -> None:
    with zipfile.ZipFile(io.BytesIO(substack())) as export:
        members = {name: export.read(name) for name in reversed(export.namelist())}
    save_zip(newsroom.news / "letter.zip", {"posts/0.png": random.Random(1).randbytes(200_000), **members})
    newsroom.run("index", str(newsroom.news))
    assert newsroom.found("delegates") == ["101.talks"]


def zipped(newsroom: Newsroom, **members: str | bytes) -> Path:
    contents = {name: content.encode() if isinstance(content, str) else content for name, content in members.items()}
    return save_zip(newsroom.news / "all.zip", contents)


def test_exports_in_a_zip_file_are_read_as_if_they_lay_beside_it(newsroom: Newsroom) -> None:
    exports = {name: content for name, (content, _, _) in FILES.items()} | {"page.html": PAGE}
    zipped(newsroom, **exports)
    in_zip = newsroom.run("index", str(newsroom.news))
    found = newsroom.sources()
    assert {f"{name}!/{record}" for name, (_, _, records) in FILES.items() for record in records} < found
    for name, content in exports.items():
        (newsroom.news / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (newsroom.news / "all.zip").unlink()
    beside = newsroom.run("index", str(newsroom.news), "--prune")
    assert newsroom.sources() == found
    assert beside["indexed"] == in_zip["indexed"] == len(found)
    assert [sum(report["passed_over"].values()) for report in (in_zip, beside)] == [2, 2]
    assert [[each["path"].rpartition("/")[2] for each in report["skipped"]] for report in (in_zip, beside)] == [["103.gone"]] * 2


def test_what_is_wrong_with_an_export_in_a_zip_file_is_told_by_its_name_and_the_rest_is_read(newsroom: Newsroom) -> None:
    good = wxr(post(1, "The delegates met."), post(2, "No.", "draft"), post(3, "So far."))
    files = {"a.xml": good[:-60], "b.xml": mets(DIVIDED), "c.docx": b"PK", "../d.xml": good, "f.html": PAGE}
    archive = save_zip(newsroom.news.parent / "e.zip", {"page.html": PAGE}).read_bytes()
    zipped(newsroom, **files, **{"e.zip": archive})
    report = newsroom.run("index", str(newsroom.news))
    assert {each["path"].partition("!/")[2]: each["code"] for each in report["skipped"]} == {
        "a.xml": "undecodable", "b.xml": "unreadable", "b.xml!/A1": "no-article", "b.xml!/A2": "no-article",
        "b.xml!/A3": "no-article", "c.docx": "undecodable", "../d.xml": "unsafe-name", "e.zip": "not-a-page",
    }  # fmt: skip
    assert report["indexed"] == 2
    assert report["passed_over"] == {f"{newsroom.news}/all.zip!/{what}": 1 for what in ("a.xml: drafts", "b.xml: advertisements")}
    assert newsroom.found("delegates") == ["a.xml!/1", "f.html"]
    again = newsroom.run("index", str(newsroom.news))
    assert (again["indexed"], again["updated"], again["removed"], again["skipped"]) == (0, 0, 0, [])


def test_an_export_in_a_zip_file_may_be_larger_than_what_is_kept_in_memory(newsroom: Newsroom) -> None:
    path = zipped(newsroom, **{"site.xml": wxr(*(post(number, f"So far. {number}") for number in range(40))), "p.xml": PAGE_2})
    [file] = Listing([str(path)], {})
    found = list(records(file, Settings(page_bytes=2_500)))
    assert [each.problem for each in found] == [None] * 41
    [one] = records(file, Settings(page_bytes=2_500), lambda name: name in ("site.xml", "site.xml!/7"))
    assert one.source.endswith("all.zip!/site.xml!/7")


@pytest.mark.parametrize("name", ["site.xml", "nexis.html"])
def test_an_article_of_an_export_in_a_zip_file_can_be_seen_as_it_was_saved(newsroom: Newsroom, name: str) -> None:
    zipped(newsroom, **{name: FILES[name][0]})
    newsroom.run("index", str(newsroom.news))
    [hit] = newsroom.run("search", "delegates")["results"][:1]
    with open_engine(f"tantivy:{newsroom.news.parent / 'index'}") as engine:
        article = engine.reader().get(hit["id"])
    assert article
    shown = read_saved_page(article, str(newsroom.news), Settings(), read_apart)
    assert "elegates" in shown.text
    assert not shown.changed


def test_an_article_of_an_export_can_be_seen_as_it_was_saved(newsroom: Newsroom) -> None:
    newsroom.index("nexis.html", NEXIS)
    [hit] = newsroom.run("search", '"shook hands"')["results"]
    with open_engine(f"tantivy:{newsroom.news.parent / 'index'}") as engine:
        article = engine.reader().get(hit["id"])
    assert article
    shown = read_saved_page(article, str(newsroom.news), Settings(), read_apart)
    assert "shook hands" in shown.text
    assert not shown.changed


# --- the text of an export ------------------------------------------------------------------------------------------


def read_exported_html(html: str, base_url: str | None, headline: str | None = None) -> ExportedBody:
    return read_exported_text(parse(f"<body>{html}".encode()), base_url, headline)


def test_html_of_an_export_is_read_whole() -> None:
    body = read_exported_html(
        "<h2>Talks</h2><p>GENEVA — It <a href=x>holds</a>.<script>x()</script></p><div>Loose<br><br>ends<br>here</div>"
        "<aside>Related?</aside>"
        "<table><tr><th>A</th><td><p>B</p></td></tr><tr><td>C</td></tr></table><ul><li>One</li><li>Two<ul><li>Three</li></ul></li></ul>"
        "<blockquote><p>First.</p><p>Second.</p></blockquote><a href='#'><p>In a link</p></a><p>https://video.example/7</p>"
        "<form><p>In a form</p>"
        "<button>Send</button></form><iframe>no</iframe>tail",
        None,
        "Talks",
    )
    assert body.paragraphs == (
        Paragraph("GENEVA — It holds."), Paragraph("Loose"), Paragraph("ends here"), Paragraph("Related?"),
        Paragraph("A | B\nC", "table"), Paragraph("One\nTwo\nThree", "list"), Paragraph("First.", "quote"),
        Paragraph("Second.", "quote"), Paragraph("In a link"), Paragraph("In a form"), Paragraph("tail"),
    )  # fmt: skip
    assert body.dateline == "GENEVA"


def test_captions_of_an_export_stand_where_their_pictures_do() -> None:
    body = read_exported_html(
        "<figure><img src='/a.jpg'><figcaption>The bridge. <span class='credit'>Jane Doe</span></figcaption></figure>"
        "<p>One.</p><figure class='pullquote'><blockquote>One.</blockquote></figure><p>Two.</p><figure class='gallery'>"
        "<figure><img src='b.jpg'><figcaption>Second view</figcaption></figure>"
        "<figure><img src='c.jpg'></figure><figcaption>Of both</figcaption></figure>"
        "<figure><div>player</div><figcaption>Read more</figcaption></figure>"
        "<figure><img><figcaption>The bridge.</figcaption></figure>"
        "<img src='d.jpg' data-caption='The hall at noon'><img src='e.jpg'>"
        "<figure><img><figcaption>Second view <span class='credit'>John Roe</span></figcaption></figure>",
        "https://river.example/x/",
    )
    assert [paragraph.text for paragraph in body.paragraphs] == ["One.", "Two."]
    assert body.captions == (
        Caption("The bridge.", "Jane Doe", "https://river.example/a.jpg", 0),
        Caption("Second view", "John Roe", "https://river.example/x/b.jpg", 2),
        Caption("Of both", None, None, 2), Caption("Read more", None, None, 2),
        Caption("The hall at noon", None, "https://river.example/x/d.jpg", 2),
    )  # fmt: skip


def test_a_heading_is_left_out_only_where_it_repeats_the_headline_above_the_text() -> None:
    html = "<h2>Talks</h2><p>One.</p><h2>Talks</h2>"
    assert [each.text for each in read_exported_html(html, None, "TALKS").paragraphs] == ["One.", "Talks"]
    assert [each.text for each in read_exported_html(html, None, "Other").paragraphs] == ["Talks", "One.", "Talks"]
    assert [each.text for each in read_exported_html("<p>Talks</p><p>One.</p>", None, "Talks").paragraphs] == ["Talks", "One."]
    assert read_exported_html(" ", None).paragraphs == ()


@pytest.mark.parametrize("html", ["<div>" * 400 + "deep", "<div>" * 100_000], ids=["deep", "deeper"])
def test_html_that_is_nested_without_end_is_refused(html: str) -> None:
    with pytest.raises(PageError, match=r"nested|stopped"):
        read_exported_html(html, None)


@pytest.mark.parametrize(
    ("record", "iso"),
    [
        ({"published_text": "4. März 2022", "language": "de"}, "2022-03-04"),
        ({"published_text": "some day"}, None),
        ({"published": "2022"}, "2022"),
    ],
)
def test_a_printed_date_that_is_none_is_no_reason_to_lose_an_article(record: dict[str, str], iso: str | None) -> None:
    line = json.dumps({"headline": "Talks", **record}).encode()
    published = article_from_record(line, "news/a.jsonl!/1", "").published
    assert (published and published.iso) == iso


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Ann Reed and John Roe, Political Editor", ("Ann Reed", "John Roe")),
        ("our own man in the hall", ("our own man in the hall",)),
        ("Doe, Jane", ("Jane Doe",)),
        ("Müller-Roe, F.", ("F. Müller-Roe",)),
        ("Doe, Jane, Geneva", ("Doe, Jane, Geneva",)),
        ("", ()),
    ],
)
def test_a_printed_byline_gives_its_names_else_itself(byline: str, authors: tuple[str, ...]) -> None:
    line = json.dumps({"headline": "Talks", "byline": byline}).encode()
    assert article_from_record(line, "news/a.jsonl!/1", "").authors == authors


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Fri, 04 Mar 2022 10:00:00 +0100", "2022-03-04T10:00:00+01:00"), ("20220304T100000Z", "2022-03-04T10:00:00+00:00"),
        ("20220304", "2022-03-04"), ("2022-03", "2022-03"), ("2022-03-04 10:00", "2022-03-04T10:00:00"), ("2022-13-04", None),
        ("2022-03-04T10:00:00.5+0100", "2022-03-04T10:00:00+01:00"), ("0000-00-00 00:00:00", None), ("Mon, 30 Nov -0001", None),
        ("20221332", None), ("", None), (None, None), ("soon", None), ("2022-13", None), ("2022-03-04T25:00:00", None),
    ],
)  # fmt: skip
def test_dates_of_exports_are_read_as_precisely_as_they_are_given(text: str | None, iso: str | None) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    ("local", "utc", "iso"),
    [
        ("2022-03-04 10:00:00", "2022-03-04 09:00:00", "2022-03-04T10:00:00+01:00"),
        ("2022-03-04 00:30:00", "2022-03-04 05:00:00", "2022-03-04T00:30:00-04:30"),
        ("2022-03-04 10:00:00", "0000-00-00 00:00:00", "2022-03-04T10:00:00"),
        (None, "2022-03-04 09:00:00", "2022-03-04T09:00:00+00:00"),
        ("2022-03-04 10:00:00", "2022-03-01 09:00:00", "2022-03-04T10:00:00"), (None, None, None),
        ("2022-03-04 10:00:00", "2022-03-04 09:57:13", "2022-03-04T10:00:00"),
    ],
)  # fmt: skip
def test_the_zone_of_a_site_shows_by_the_same_moment_in_utc(local: str | None, utc: str | None, iso: str | None) -> None:
    assert local_with_zone(local, utc) == iso


def test_what_a_class_says_is_no_text_goes_and_the_words_behind_it_stay() -> None:
    names = frozenset({"button"})
    assert without_classes("<p>a<b class='x button'>Go</b> b</p>c<i class='button'>d</i>e", names) == "<p>a b</p>ce"
    assert without_classes("<i class='button'>d</i>e", names) == "e"
    assert without_classes("<p class='buttonless'>a", names) == '<p class="buttonless">a</p>'


def test_each_format_has_a_name_of_its_own_and_no_ending_of_another() -> None:
    assert len({format.name for format in FORMATS}) == len(FORMATS)
    endings = [ending for format in FORMATS for ending in format.endings]
    assert len(endings) == len(set(endings))
    assert format_of("export.ninjs", lambda: pytest.fail("it was opened")) in FORMATS
