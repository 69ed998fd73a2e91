"""What the program or web archive that saved a page noted in it."""

import pytest

from indexer.extract.body.page_elements import PageElements
from indexer.extract.metadata.saver_marks import original_of, take_marks
from indexer.extract.pipeline import extract
from indexer.extract.safe_parse import parse
from indexer.sources.raw_page import RawPage
from search.model.article import Article, PrintedDate
from search.settings import Settings

PROSE = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The harbour board voted on Monday to close the old slipway, which has not been used since the fish market moved inland.",
        "Two members abstained, and a third left the room before the count, saying that nobody had asked the boat builders.",
        "Work is to begin in the spring, once the herring season is over and the crane has been brought round from the quay.",
    )
)
URL = "https://gazette.example/2024/05/slipway.html"
MONTH_IN_ADDRESS = PrintedDate("2024-05", "2024-05")
"""What is known of the date of publication: a day of capture says nothing of it."""
MTIME = "2025-01-01T00:00:00Z"


def article(before: str = "", head: str = "", body: str = "", html: str = "<html>", url: str | None = None) -> Article:
    text = f"<article><h1>Slipway to close</h1>{PROSE}</article>"
    page = f"{before}{html}<head><title>Slipway to close</title>{head}</head><body>{body}{text}</body></html>"
    return extract(RawPage("demo/a.html", "s", page.encode(), captured=MTIME, url=url), Settings())


WAYS = {
    "saved from": (f"<!-- saved from url=(0044){URL} -->", "", "<html>", None),
    "SingleFile": (
        "", f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Mon May 06 2024 14:00:00 GMT+0200 (Central European "
        "Summer Time)\n-->", "<html>", "2024-05-06T12:00:00Z",
    ),
    "HTTrack": (
        "<!-- Mirrored from https://gazette.example/2024/05/slipway.html by HTTrack Website Copier/3.x [XR&CO'2014], "
        "Mon, 06 May 2024 12:00:00 GMT -->", "", "<html>", "2024-05-06T12:00:00Z",
    ),
    "Save Page WE": (
        "", f'<meta name="savepage-url" content="{URL}"><meta name="savepage-date" content="Mon May 06 2024 14:00:00 GMT+0200">',
        "<html>", "2024-05-06T12:00:00Z",
    ),
    "Evernote": (
        "", f'<meta name="source-url" content="{URL}"/><meta name="created" content="2024-05-06 12:00:00 +0000"/>', "<html>",
        "2024-05-06T12:00:00Z",
    ),
    "WebScrapBook": (
        "", "", f'<html data-scrapbook-source="{URL}#top" data-scrapbook-create="20240506120000000">', "2024-05-06T12:00:00Z",
    ),
    "base": ("", f'<base href="{URL}">', "<html>", None),
}  # fmt: skip


@pytest.mark.parametrize(("before", "head", "html", "captured"), WAYS.values(), ids=WAYS.keys())
def test_a_saved_page_has_the_address_and_the_time_that_its_program_noted(
    before: str, head: str, html: str, captured: str | None
) -> None:
    found = article(before, head, html=html)
    assert (found.url, found.captured) == (URL, captured or MTIME)


def test_what_the_page_declares_goes_before_a_note_and_so_does_where_it_was_fetched_from() -> None:
    note = "<!-- saved from url=(0030)https://other.example/story -->"
    assert article(note, f'<link rel="canonical" href="{URL}">').url == URL
    assert article(note, url=URL).url == URL
    found = article("", WAYS["SingleFile"][1], url=URL)
    assert found.captured == MTIME  # of the crawl


@pytest.mark.parametrize(
    "note",
    [
        "<!-- saved from url=(0014)about:internet -->", "<!-- saved from url=(0022)file:///C:/news/a.html -->",
        "<!-- saved from url=(0024)https://gazette.example/ -->", '<base href="https://gazette.example/2024/">',
        "<!-- Mirrored from -->", '<html data-scrapbook-source="">', '<meta name="created" content="2024-99-99 12:00:00">',
    ],
)  # fmt: skip
def test_a_note_that_names_no_page_is_none(note: str) -> None:
    found = article(note)
    assert (found.url if note != "<!-- saved from url=(0024)https://gazette.example/ -->" else None, found.captured) == (
        None,
        MTIME,
    )


ARCHIVES = [
    ("https://web.archive.org/web/20240506120000/", "2024-05-06T12:00:00Z"),
    ("http://web.archive.org/web/20240506120000if_/", "2024-05-06T12:00:00Z"),
    ("/web/20240506120000/", "2024-05-06T12:00:00Z"),
    ("https://archive.ph/2024.05.06-120000/", "2024-05-06T12:00:00Z"),
    ("https://archive.today/20240506120000/", "2024-05-06T12:00:00Z"),
    ("https://library.example/wayback/archive/20240506120000mp_/", "2024-05-06T12:00:00Z"),
    ("https://web.archive.org/web/20249906120000/", None),
]


@pytest.mark.parametrize(("prefix", "captured"), ARCHIVES)
def test_an_address_of_a_web_archive_is_that_of_the_page_it_shows(prefix: str, captured: str | None) -> None:
    assert original_of(prefix + URL) == (URL, captured)
    assert original_of(prefix + URL.replace("//", "/")) == (URL, captured)
    found = article(head=f'<link rel="canonical" href="{prefix}{URL}">')
    assert (found.url, found.captured) == (URL, captured or MTIME)
    crawled = article(url=prefix + URL) if prefix[0] == "h" else found
    assert (crawled.url, crawled.captured, crawled.id) == (URL, captured or MTIME, found.id)


@pytest.mark.parametrize(
    "address", [URL, "https://gazette.example/20240506120000/story", "https://gazette.example/2024/05/06/https-for-all", ""]
)
def test_any_other_address_is_itself(address: str) -> None:
    assert original_of(address) is None


TOOLBAR = (
    '<div id="wm-ipp-base"><div id="wm-ipp"><div>12 captures, 06 May 2023 - 01 Jun 2023</div></div><div id="wm-capinfo">'
    "<p>The goal of this collection is to keep every page that is linked from an encyclopedia, and to fix links.</p></div></div>"
)


def test_the_toolbar_of_a_web_archive_is_no_part_of_the_page() -> None:
    script = f'<script>__wm.wombat("{URL}","20240506120000","https://web.archive.org/","web")</script>'
    found = article(head=script, body=TOOLBAR)
    assert (found.url, found.captured) == (URL, "2024-05-06T12:00:00Z")
    assert found.published == MONTH_IN_ADDRESS
    assert "The goal" not in " ".join(paragraph.text for paragraph in found.paragraphs)


FOOTER = (
    "<!--\n     FILE ARCHIVED ON 12:00:00 May 06, 2024 AND RETRIEVED FROM THE\n     INTERNET ARCHIVE ON 09:33:01 Mar 05, 2026.\n"
    "     JAVASCRIPT APPENDED BY WAYBACK MACHINE, COPYRIGHT INTERNET ARCHIVE.\n-->"
)
HOST = "https://web.archive.org"
OTHER = "https://gazette.example/other.html"
WAYBACK_LINKS = {
    "the calendar of the toolbar": f'<div id="wm-ipp"><a href="/web/20240506120000*/{URL}">12 captures</a></div>',
    "the field of the toolbar": f'<div id="wm-ipp"><input name="url" id="wmtbURL" type="text" value="{URL}"/></div>',
    "a permanent link": f'<a rel="bookmark" href="/web/20240506120000/{URL}">6 May</a>',
    "a link in the headline": f'<h1 class="title"><a href="{HOST}/web/20240506120000/{URL}">Slipway to close</a></h1>',
    "links to places on the page": "".join(
        f'<a href="/web/20240506120000/{URL}#{name}">{name}</a>' for name in ("top", "comments")
    ),
}


@pytest.mark.parametrize("links", WAYBACK_LINKS.values(), ids=WAYBACK_LINKS.keys())
def test_a_page_of_the_wayback_machine_without_a_canonical_link_tells_its_address_by_its_links(links: str) -> None:
    menu = f'<a href="/web/20240506120000/{OTHER}">Other</a>'
    found = article(body=menu + links + FOOTER)
    assert (found.url, found.captured) == (URL, "2024-05-06T12:00:00Z")


@pytest.mark.parametrize(
    "links",
    [
        "",
        f'<a href="/web/20240506120000/{OTHER}">Other</a>',
        f'<a href="/web/20240506120000/{URL}#comments">3</a><a href="/web/20240506120000/{OTHER}#comments">5</a>',
        WAYBACK_LINKS["a permanent link"] + f'<a rel="bookmark" href="/web/20240506120000/{OTHER}">5 May</a>',
        '<div id="wm-ipp"><input id="wmtbURL" value="https://gazette.example/"></div>',
        '<input id="wmtbURL"><a href="/web/2024*/https://gazette.example/">12 captures</a>',
    ],
)
def test_links_that_may_lead_elsewhere_tell_no_address_but_the_note_of_the_wayback_machine_tells_the_time(links: str) -> None:
    found = article(body=links + FOOTER)
    assert (found.url, found.captured) == (None, "2024-05-06T12:00:00Z")


def test_the_time_of_a_capture_goes_with_the_address_that_the_page_declares_or_was_fetched_from() -> None:
    declared = article(head=f'<meta property="og:url" content="{URL}">', body=TOOLBAR + FOOTER)
    assert (declared.url, declared.captured) == (URL, "2024-05-06T12:00:00Z")
    assert "The goal" not in " ".join(paragraph.text for paragraph in declared.paragraphs)
    assert article(url=URL, body=FOOTER).url == URL
    assert article(body=WAYBACK_LINKS["a permanent link"]).url is None  # no page of a web archive


@pytest.mark.parametrize("time", ["25:00:00 May 06, 2024", "12:00:00 Mai 06, 2024", "12:00:00 May 32, 2024"])
def test_a_note_of_the_wayback_machine_with_no_time_is_none(time: str) -> None:
    assert article(body=FOOTER.replace("12:00:00 May 06, 2024", time)).captured == MTIME


def test_what_archive_today_puts_above_a_page_is_no_part_of_it() -> None:
    bar = f'<div id="HEADER"><p>{"Saved from the page on 7 May 2023, with its pictures and none of its scripts. " * 3}</p></div>'
    page = article(
        head=f'<meta property="og:url" content="http://archive.ph/20240506120000/{URL}">',
        body=bar + '<div id="SOLID"></div><div id="CONTENT"></div>',
    )
    assert (page.url, page.published) == (URL, MONTH_IN_ADDRESS)
    assert "Saved from" not in " ".join(paragraph.text for paragraph in page.paragraphs)
    other_site = parse(f"<body>{bar}</body>".encode())
    take_marks(b"", PageElements(other_site), None)
    assert other_site.find(".//div[@id='HEADER']") is not None


def test_the_reading_view_of_a_browser_gives_address_and_author_and_no_reading_time() -> None:
    view = (
        f'<div class="header reader-header"><a class="domain reader-domain" href="{URL}">gazette.example</a>'
        '<div class="credits reader-credits">Mara Lindqvist</div><div class="reader-estimated-time">3–4 minutes</div></div>'
    )
    found = article(body=view)
    assert (found.url, found.authors) == (URL, ("Mara Lindqvist",))
    assert not any("minutes" in paragraph.text for paragraph in found.paragraphs)


def test_a_class_that_a_site_shares_with_the_reading_view_is_no_mark() -> None:
    tree = parse(b'<body><div class="reader-credits">Mara Lindqvist</div><p>Text</p></body>')
    assert take_marks(b"", PageElements(tree), None).authors == ()
    assert tree.find(".//div") is not None


def test_toolbar_is_taken_off_a_page_that_tells_no_address_of_a_web_archive() -> None:
    page = b'<body><div id="wm-ipp-base"><p>Help to fix broken links</p></div><p>Text</p></body>'
    tree = parse(page)
    take_marks(page, PageElements(tree), None)
    assert tree.find(".//div") is None
