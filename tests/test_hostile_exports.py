"""Exports made to harm: whatever a file holds, its reader comes to an end soon, and counts what it cannot read."""

import io
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from exports import parts, readable, texts
from test_databases import docx
from test_publications import ghost, mailbox, post, substack, wxr

from indexer.sources.files.folders import Listing
from indexer.sources.files.read import records
from indexer.sources.formats.exports.article import ExportedArticle
from indexer.sources.formats.exports.databases import office
from indexer.sources.formats.exports.newspapers import mets
from indexer.sources.formats.exports.publications import (
    feeds,
    letters,
    wordpress,
)
from indexer.sources.formats.exports.publications import (
    ghost as ghost_format,
)
from indexer.sources.formats.exports.publications import (
    substack as substack_format,
)
from indexer.sources.formats.exports.wires import ninjs, nitf
from indexer.sources.formats.kinds import FORMATS
from search.settings import Settings

LIMIT_SECONDS = 20
"""What hangs takes hours; the rest less than one of these on an idle machine."""
TEXT = "<p>The delegates met in the long hall before noon.</p>"


class Hangs(Exception):
    """No TimeoutError, which readers report as a file that cannot be read."""


@pytest.fixture(autouse=True)
def deadline() -> Iterator[None]:
    def stop(_: int, __: FrameType | None) -> None:
        raise Hangs

    previous = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LIMIT_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, previous)


@pytest.mark.parametrize("piece", [b"<!---->", b"<?xml?>", b"<!DOCTYPE>", b"\n", b"[ ", b'{"db":', b"From a 10:00 ", b"<feed "])
def test_a_beginning_of_nothing_but_one_piece_is_told_soon(piece: bytes) -> None:
    assert not any(format.begins((piece * 2_048)[:2_048]) for format in FORMATS if format.name != "mailbox")


def test_a_file_of_nothing_but_comments_is_of_no_format(tmp_path: Path) -> None:
    (tmp_path / "notes.php").write_bytes(b"<!---->" * 200)
    assert [file.passed_over for file in Listing([str(tmp_path)], {})] == [".php"]


def test_html_may_begin_behind_many_comments(tmp_path: Path) -> None:
    (tmp_path / "news.php").write_bytes(b"<!-- a -->\n<?xml version='1.0'?>" * 30 + b"<html>")
    assert [(file.kind, file.passed_over) for file in Listing([str(tmp_path)], {})] == [("html", None)]


def test_blanks_without_end_in_an_article_are_passed_soon() -> None:
    feed = f"<rss><channel><item><title>Talks{' ' * 200_000}</title></item></channel></rss>"
    for _ in range(8):  # of which each would take seconds
        assert [type(part) for part in parts(feeds.read_feed, feed, 1_000_000)] == [ExportedArticle]


def test_a_shortcode_that_does_not_end_stays_as_text() -> None:
    [found], codes, _ = readable(wordpress.read_wordpress, wxr(post(1, f"{TEXT}[map {'at=&quot;x&quot; ' * 60}")))
    assert (texts(found)[0], codes) == ("The delegates met in the long hall before noon.", [])


def test_a_shortcode_with_escaped_quotation_marks_goes() -> None:
    [found], _, _ = readable(
        wordpress.read_wordpress, wxr(post(1, f"{TEXT}[map at=&quot;x y&quot; by=&quot;z&quot;]<p>So far.</p>"))
    )
    assert texts(found) == ["The delegates met in the long hall before noon.", "So far."]


def test_a_line_of_a_mailbox_that_only_seems_to_begin_a_letter_is_text() -> None:
    letter = b"Subject: Talks\n\nThey met.\n" + (b"\nFrom a " + b"00:00 " * 10_000 + b"\n") * 20
    box = mailbox(letter, b"Subject: Second\n\nSo far.\n")
    assert [type(part) for part in parts(letters.read_mailbox, box, 2_000_000)] == [ExportedArticle, ExportedArticle]


def test_an_element_of_a_letter_with_styles_without_end_is_passed_soon() -> None:
    start = b"Subject: Talks\nContent-Type: text/html\n\n"
    html = TEXT.encode() + b"<div " + b'style="font-size:0" ' * 40_000 + b">So far."
    assert len(parts(letters.read_letter, start + html, len(html) + 100)) == 1


def test_an_address_that_is_none_costs_only_the_address() -> None:
    entry = '<entry><id>{0}</id><link href="{1}"/><title>No. {0}</title><content>It holds.</content></entry>'
    feed = f"<feed xml:base='http://x.example/'>{entry.format(1, 'http://[bad')}{entry.format(2, '/good')}</feed>"
    found, codes, _ = readable(feeds.read_feed, feed)
    assert ([(each.headline, each.url) for each in found], codes) == (
        [("No. 1", None), ("No. 2", "http://x.example/good")],
        [],
    )


def test_items_that_the_parser_is_ahead_of_are_all_read_and_each_is_let_go() -> None:
    feed = io.BytesIO(b"<rss><channel>" + b"<item/><x/>" * 30_000 + b"</channel></rss>")
    assert len(list(feeds.read_feed(feed, 10_000))) == 30_000


def test_ninjs_with_lists_and_numbers_for_words_is_read_or_counted() -> None:
    items = [
        {"type": ["x"], "pubstatus": ["usable"], "headline": 3, "body_html": TEXT},
        {"uri": 5, "headlines": [{"role": [1], "value": "Talks"}], "body_html": TEXT},
    ]
    found, codes, left_out = readable(ninjs.read_ninjs, json.dumps(items))
    assert ([each.headline for each in found], codes, sum(left_out.values())) == (["Talks"], [], 1)


def test_an_export_of_ghost_with_lists_and_numbers_for_words_is_read_or_reported() -> None:
    data = json.loads(ghost({"id": [1], "status": ["x"], "html": 5}, {"id": "p1", "html": TEXT, "title": "Talks"}))
    tables = data["db"][0]["data"]
    tables["users"].append({"id": {}, "name": 1})
    tables["posts_authors"] += [{"post_id": "p1", "author_id": [1], "sort_order": "b"}]
    tables["settings"] = [{"key": "title", "value": 7}, {"key": [], "value": {}}]
    [found], codes, _ = readable(ghost_format.read_ghost, json.dumps(data))
    assert (found.headline, found.authors, found.publisher) == ("Talks", ("Ann Reed", "John Roe"), None)
    assert codes == ["bad-record"]


def test_a_line_of_substack_that_cannot_be_read_is_reported_and_the_next_is_read() -> None:
    table = f"post_id,is_published,title\r\n9,true,{'y' * 200_000}\r\n101.talks,true,Talks\r\n../../secret,true,Outside\r\n"
    found, codes, _ = readable(substack_format.read_substack, substack(**{"posts.csv": table.encode()}))
    assert ([each.headline for each in found], codes) == (["Talks"], ["bad-record", "no-article"])


def test_a_document_of_nothing_but_empty_paragraphs_is_too_large() -> None:
    assert readable(office.read_docx, docx(document="<d>" + "<p/>" * 10_000 + "</d>"))[1] == ["too-large"]
    assert readable(office.read_docx, docx(document="<d>" + "<p/>" * 1_000 + "</d>"))[1] == ["no-article"]


def test_a_pipe_for_a_page_of_an_issue_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "alto.xml")
    path = tmp_path / "mets.xml"
    path.write_text('<mets xmlns:x="http://www.w3.org/1999/xlink"><file ID="ALTO1"><FLocat x:href="alto.xml"/></file></mets>')
    [file] = [each for each in Listing([str(path)], {}) if each.kind == mets.FORMAT.name]
    assert [each.problem and each.problem[0] for each in records(file, Settings())] == ["unreadable"]


def test_an_element_whose_prefix_is_declared_nowhere_costs_no_other_article() -> None:
    html = "<div><p>It holds.<o:p> So far.</o:p></p></div>"
    entry = f"<entry><id>{{0}}</id><title>No. {{0}}</title><content type='xhtml'>{html}</content></entry>"
    found, codes, _ = readable(feeds.read_feed, f"<feed>{entry.format(1)}{entry.format(2)}</feed>")
    assert [(each.headline, texts(each)) for each in found] == [(f"No. {number}", ["It holds.", "So far."]) for number in (1, 2)]
    assert set(codes) <= {"undecodable"}


DOCTYPE = (
    "<!DOCTYPE rss [<!ENTITY paper 'The River Post'><!ENTITY twice '&paper;&paper;'><!ENTITY file SYSTEM 'file:///etc/passwd'>]>"
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("R&D; and &j; &foo;", "R&D; and &j; &foo;"),
        ("caf&eacute;&nbsp;&amp; bar &lt; 3", "café & bar < 3"),
        ("&#8217;&#x2019; &#150; &#38;", "’’ – &"),
        ("&paper; &twice; &file;", "The River Post &twice; &file;"),
        ("a &#1;&#11; &#xFFFFFFF; & b", "a \ufffd & b"),
    ],
)
def test_a_reference_is_read_as_a_browser_shows_it_and_costs_no_word(written: str, read: str) -> None:
    feed = f"{DOCTYPE}<rss><channel><item><title>{written}</title><description>It holds.</description></item></channel></rss>"
    story = f"{DOCTYPE}<nitf><body><body.head><hedline><hl1>{written}</hl1></hedline></body.head><body.content><p>It holds."
    for reader, file in ((feeds.read_feed, feed), (nitf.read_nitf, f"{story}</p></body.content></body></nitf>")):
        found, codes, _ = readable(reader, file)
        assert ([each.headline for each in found], codes) == ([read], [])
