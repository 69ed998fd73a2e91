"""View saved page: read from its file or record and nowhere else, and shown so that it can do nothing."""

import gzip
import os
import resource
import signal
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from press import ARMISTICE, EARLIER
from saved import page_html, save_lines, save_page, save_zip, touch, warc_response

from indexer.load.archive_reader import read_apart
from indexer.load.pipeline import load
from indexer.sources.files import saved_page
from indexer.sources.source_file import SourceFile
from search.engines.protocol import Collection, open_engine
from search.errors import SettingsError
from search.model.article import Article
from search.model.saved_page import NoSavedPage
from search.settings import Settings
from web.app import create_app
from web.presenters.articles.saved_marks import HEADLINE_ID

read_saved_page = partial(saved_page.read_saved_page, read_apart=read_apart)
MHTML = (
    "From: <Saved by Blink>\r\nDate: Fri, 7 May 2021 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="utf-8"\r\n'
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n--b--\r\n"
)


RUSSIAN = "<p>Паромная компания сообщила во вторник, что до конца сезона добавит два судна на северной линии, и назвала цену."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a page of each kind, called after its headline."""
    root = tmp_path / "press"
    save_page(root / "2022" / "Plain.html", "Plain")
    save_page(root / "Packed.html.gz", "Packed")
    save_page(root / "odd!" / "bäck\\slash.html", "Odd")
    save_page(root / os.fsdecode(b"\xff.html"), "Bytes")
    (root / "Latin.html").write_bytes(page_html("Évian").replace("utf-8", "iso-8859-1").encode("latin-1"))
    (root / "Text.txt").write_text(
        "Truce holds\n\nBy Ann Reed\n\nMarch 4, 2022\n\n" + "The guns are silent along the line. " * 20
    )
    (root / "Mail.mhtml").write_bytes(MHTML.format(page_html("Mail").replace("=", "=3D")).encode())
    save_zip(root / "pages.zip", {f"in/{name}.html": page_html(name).encode() for name in ("Zip one", "Zip two")})
    warc = b"".join(warc_response(f"https://beacon.example/{n}", page_html(f"Web {n}").encode()) for n in "abc")
    (root / "crawl.warc.gz").write_bytes(warc)
    save_zip(root / "site.wacz", {"archive/data.warc.gz": warc_response("https://beacon.example/w", page_html("Wacz").encode())})
    save_zip(root / "fox.maff", {"1/index.rdf": b"<RDF/>", "1/index.html": page_html("Maff").encode()})
    save_page(root / "mirror" / "news.php@id=5", "Mirrored")
    (root / "Koi.html").write_bytes(f"<h1>Koi</h1>{RUSSIAN * 5}".encode("koi8-r"))
    save_lines(root / "lines.jsonl", [{"title": f"Line {n}", "text": f"It is line {n}, é."} for n in "123"])
    return root


@pytest.fixture
def settings(root: Path, tmp_path: Path) -> Settings:
    settings = Settings(index=f"tantivy:{tmp_path / 'index'}", jobs=1)
    with open_engine(settings.index, create=True) as engine:
        report = load([str(root)], engine, settings)
        assert not report.skipped, report.skipped
    return settings


def articles(settings: Settings) -> dict[str, Article]:
    with open_engine(settings.index) as engine:
        return {str(found.headline): found for found in engine.reader().documents() if isinstance(found, Article)}


def test_every_kind_of_source_is_shown_as_it_was_saved(root: Path, settings: Settings) -> None:
    found = articles(settings)
    assert len(found) == 19
    for headline, article in found.items():
        page = read_saved_page(article, str(root), settings)
        assert headline in page.text
        assert not page.changed, article.source
        assert page.kind == ("text" if article.source.endswith(".txt") or ".jsonl" in article.source else "html")
    assert '\n  "text": "It is line 2, é."' in read_saved_page(found["Line 2"], str(root), settings).text
    assert "Паромная" in read_saved_page(found["Koi"], str(root), settings).text
    assert "Web a" not in read_saved_page(found["Web b"], str(root), settings).text


def test_a_file_or_record_that_has_changed_is_said_to_have(root: Path, settings: Settings) -> None:
    found = articles(settings)
    touch(root / "2022" / "Plain.html", 1)
    save_zip(root / "pages.zip", {"in/Zip one.html": b"<p>Something else.", "in/Zip two.html": page_html("Zip two").encode()})
    save_lines(root / "lines.jsonl", [{"title": f"Line {n}", "text": f"It is line {n}, é."} for n in "143"])

    changed = {headline for headline, article in found.items() if read_saved_page(article, str(root), settings).changed}
    # A member's stamp has its time, and writing the archive anew gave it another.
    assert changed - {"Zip two"} == {"Plain", "Zip one", "Line 2"}


def test_what_is_gone_is_said_to_be_gone(root: Path, settings: Settings) -> None:
    found = articles(settings)
    (root / "2022" / "Plain.html").unlink()
    save_zip(root / "pages.zip", {"in/Zip two.html": b""})
    (root / "crawl.warc.gz").write_bytes(warc_response("https://beacon.example/c", page_html("Web c").encode()))

    for headline in ("Plain", "Zip one", "Web a"):
        with pytest.raises(NoSavedPage) as raised:
            read_saved_page(found[headline], str(root), settings)
        assert raised.value.gone, headline
        assert str(root) in str(raised.value)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.html", "/etc/passwd.txt", "2022/../../secret.html", "./secret.html", "", "2022", "2022/", "secret.key",
        "link.html", "out/secret.html", "2022//Plain.html", "\\x2e\\x2e/secret.html", "..\\x2fsecret.html", "pipe.txt",
        "pages.zip", "pages.zip!/../../secret.html", "Plain.html!/1", "lines.jsonl!/../secret.html", "out/pages.zip!/a.html",
        "a\0.html", "lines.jsonl!/", "\\xzz.html", "2022/Plain\\x2ehtml",
    ],
)  # fmt: skip
def test_no_source_leads_out_of_its_collection(root: Path, settings: Settings, tmp_path: Path, path: str) -> None:
    save_page(tmp_path / "secret.html", "Secret")
    (root / "secret.key").write_text("Secret")
    save_zip(tmp_path / "pages.zip", {"a.html": page_html("Secret").encode()})
    (root / "link.html").symlink_to(tmp_path / "secret.html")
    (root / "out").symlink_to(tmp_path)
    os.mkfifo(root / "pipe.txt")

    with pytest.raises(NoSavedPage):
        read_saved_page(Article(f"press/{path}", "id"), str(root), settings)


def test_an_unknown_collection_has_no_pages(settings: Settings) -> None:
    with pytest.raises(NoSavedPage, match="not in a collection"):
        read_saved_page(Article("other/2022/Plain.html", "id"), None, settings)


def test_limits_of_reading_hold(root: Path, settings: Settings) -> None:
    found = articles(settings)
    (root / "Packed.html.gz").write_bytes(gzip.compress(b"<p>" + b"x" * 2_000_000))
    (root / "Latin.html").write_bytes(b"%PDF-1.7 " + b"x" * 100)
    small = replace(settings, page_bytes=100_000)

    for headline, why in (("Packed", "larger than the limit"), ("Évian", "PDF")):
        with pytest.raises(NoSavedPage, match=why) as raised:
            read_saved_page(found[headline], str(root), small)
        assert not raised.value.gone


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings, partial(read_saved_page, settings=settings)).test_client()


def link(client: FlaskClient, address: str, selector: str, name: str = "href") -> str:
    (found,) = BeautifulSoup(client.get(address).data, "html.parser").select(selector)
    return str(found[name])


def test_an_article_leads_to_its_page_and_back(client: FlaskClient, settings: Settings) -> None:
    article = articles(settings)["Évian"]
    shown = link(client, f"/article/{article.id}", "a[href^='/saved/']")
    frame = link(client, shown, "iframe[sandbox='']", "src")
    answer = client.get(frame, headers={"Sec-Fetch-Dest": "iframe"})

    assert answer.content_type == "text/html; charset=utf-8"
    assert "<h1>Évian</h1>" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert link(client, shown, ".back a") == f"/article/{article.id}"
    assert "has been changed" not in client.get(shown).text


def test_the_words_of_the_search_are_marked_and_the_way_back_keeps_it(client: FlaskClient, settings: Settings) -> None:
    article = articles(settings)["Évian"]
    shown = link(client, f"/article/{article.id}?q=evian&at=1", "a[href^='/saved/']")
    answer = client.get(link(client, shown, "iframe", "src"), headers={"Sec-Fetch-Dest": "iframe"})

    assert f'<a id="{HEADLINE_ID}"></a><h1><mark>Évian</mark></h1>' in answer.text
    assert link(client, shown, "iframe", "src").endswith(f"#{HEADLINE_ID}")
    assert link(client, shown, ".back a") == f"/article/{article.id}?q=evian&at=1"
    from_pictures = f"/article/{article.id}?q=evian&query-fields=caption&query-fields=credit&pictures=Ada+Marsh"
    assert link(client, link(client, from_pictures, "a[href^='/saved/']"), ".back a") == from_pictures
    refused = client.get(f"/saved-file/{article.id}?q={'(' * 60}x", headers={"Sec-Fetch-Dest": "iframe"})
    assert (refused.status_code, "<mark>" in refused.text) == (200, False)


def test_by_itself_the_frame_is_not_shown(client: FlaskClient, settings: Settings) -> None:
    article = articles(settings)["Plain"]
    answer = client.get(f"/saved-file/{article.id}", headers={"Sec-Fetch-Dest": "document"})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/saved/{article.id}?version=press%2F2022%2FPlain.html")


def test_text_is_shown_as_text(client: FlaskClient, settings: Settings, root: Path) -> None:
    text = root / "Text.txt"
    text.write_text(text.read_text() + "<script>alert(1)</script>")
    article = articles(settings)["Truce holds"]

    assert "&lt;script&gt;" in client.get(f"/saved-file/{article.id}").text
    assert "This file has changed" in client.get(f"/saved/{article.id}").text


def test_a_page_that_is_gone_says_where_it_was(client: FlaskClient, settings: Settings, root: Path) -> None:
    article = articles(settings)["Plain"]
    (root / "2022" / "Plain.html").unlink()

    for address in (f"/saved/{article.id}", f"/saved-file/{article.id}"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "no longer available: press/2022/Plain.html" in answer.text
        assert str(root) not in answer.text


def test_versions_each_have_their_page(tmp_path: Path) -> None:
    root = tmp_path / "beacon"
    for version in (ARMISTICE, EARLIER):
        save_page(root / version.source.partition("/")[2], str(version.headline))
    settings = Settings(index=f"tantivy:{tmp_path / 'index'}")
    with open_engine(settings.index, create=True) as engine:
        engine.add([Collection("beacon", str(root)), ARMISTICE, EARLIER])
    client = create_app(settings, partial(read_saved_page, settings=settings)).test_client()

    bar = BeautifulSoup(client.get("/saved/armistice").data, "html.parser")
    assert [a.get_text() for a in bar.select(".saved-bar nav a")] == [
        "Updated 28 July 1953, 09:30",
        "Published 27 July 1953",
    ]
    earlier = str(bar.select(".saved-bar nav a")[1]["href"])
    assert "Korean truce near" in client.get(link(client, earlier, "iframe", "src")).text
    assert link(client, earlier, ".back a") == "/article/armistice?version=beacon%2Farmistice-early.html"


def test_a_server_that_shows_no_saved_pages_has_no_such_addresses(settings: Settings) -> None:
    client = create_app(settings).test_client()
    article = articles(settings)["Plain"]

    assert "/saved" not in client.get(f"/article/{article.id}").text
    assert client.get(f"/saved/{article.id}").status_code == 404
    assert client.get(f"/saved-file/{article.id}").status_code == 404


def test_the_setting_is_yes_or_no() -> None:
    assert Settings.from_environment({}).saved_pages
    assert not Settings.from_environment({"BROADSHEET_SAVED_PAGES": "no"}).saved_pages
    with pytest.raises(SettingsError, match="BROADSHEET_SAVED_PAGES is 'maybe'; give yes or no"):
        Settings.from_environment({"BROADSHEET_SAVED_PAGES": "maybe"})


def hostile(_root: str, _names: list[str], record: str, _stamp: str, file: SourceFile, _: Settings) -> Iterator[SourceFile]:
    """In place of what finds a record: what a file may bring a reader to."""
    match record:
        case "1":
            while True:
                pass
        case "2":
            bytearray(2_000_000_000)
        case "3":
            os.kill(os.getpid(), signal.SIGKILL)
    yield file


@pytest.mark.parametrize(("line", "why"), [("1", "took longer"), ("2", "memory"), ("3", "memory")])
def test_a_file_that_hangs_or_fattens_its_reader_harms_no_server(
    root: Path, settings: Settings, line: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_page, "_find", hostile)
    article, strict = articles(settings)[f"Line {line}"], replace(settings, page_seconds=1, page_memory=300_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NoSavedPage, match=why) as raised:
        read_saved_page(article, str(root), strict)
    assert not raised.value.gone
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes
