"""Paths -> files, files -> pages, lines -> articles."""

import gzip
import json
import os
import zipfile
from pathlib import Path

import brotli
import pytest
from saved import page_html, save_lines, save_page, save_zip, touch, warc_response

from indexer.extract.json_articles import article_from_record, article_record
from indexer.sources.files.folders import Listing
from indexer.sources.files.read import read_page, records
from indexer.sources.source_file import SourceFile, utc_text
from search.engines.protocol import Collection
from search.errors import CollectionConflict, PageError, SettingsError
from search.model.article import Article, Caption, Paragraph, PrintedDate, article_id
from search.settings import Settings

SETTINGS = Settings(page_bytes=100_000)


def sources(*paths: Path, known: dict[str, str] | None = None, name: str | None = None) -> list[str]:
    return [file.source for file in Listing([str(path) for path in paths], known or {}, name) if not file.passed_over]


def listed(path: Path) -> SourceFile:
    [file] = Listing([str(path)], {})
    return file


def container(path: Path) -> list[SourceFile]:
    return [record for record in records(listed(path), SETTINGS) if not record.passed_over]


# --- folders ---------------------------------------------------------------------------------------------------------


def test_a_folder_gives_its_pages_in_order_and_nothing_else(tmp_path: Path) -> None:
    root = tmp_path / "news"
    for name in ("b.html", "a.htm", "c.HTML.gz", "sub/d.txt", ".hidden.html", ".git/e.html", "photo.jpg", "page_files/ad.html"):
        save_page(root / name, "Truce signed")
    save_page(root / "saved.html", "Truce signed")
    save_page(root / "saved_files/frame.html", "An advertisement")
    expected = ["a.htm", "b.html", "c.HTML.gz", "page_files/ad.html", "saved.html", "sub/d.txt"]
    assert sources(root) == [f"news/{name}" for name in expected]


def test_a_file_has_size_and_time_as_its_stamp_and_its_time_as_its_capture(tmp_path: Path) -> None:
    file = listed(touch(save_page(tmp_path / "news/a.html", "Truce signed"), 1_646_388_000))
    assert file.stamp == f"{(tmp_path / 'news/a.html').stat().st_size}-1646388000000000000"
    assert file.captured == "2022-03-04T10:00:00Z"


@pytest.mark.parametrize("seconds", [-1e18, -1.0, 0, 1e18])
def test_any_time_of_a_file_can_be_told(seconds: float) -> None:
    assert len(utc_text(seconds)) == len("2022-03-04T10:00:00Z")


def test_a_path_below_a_known_collection_belongs_to_it(tmp_path: Path) -> None:
    file = save_page(tmp_path / "news/2022/a.html", "Truce signed")
    known = {"archive": str(tmp_path / "news")}
    assert sources(file, known=known) == sources(file.parent, known=known) == ["archive/2022/a.html"]


def test_a_known_collection_inside_a_folder_keeps_its_name(tmp_path: Path) -> None:
    save_page(tmp_path / "news/2022/a.html", "Truce signed")
    save_page(tmp_path / "news/b.html", "Truce broken")
    assert sources(tmp_path / "news", known={"2022": str(tmp_path / "news/2022")}) == ["2022/a.html", "news/b.html"]


def test_a_file_by_itself_belongs_to_its_folder(tmp_path: Path) -> None:
    assert sources(save_page(tmp_path / "news/a.html", "Truce signed")) == ["news/a.html"]


def test_what_is_named_twice_is_listed_once(tmp_path: Path) -> None:
    file = save_page(tmp_path / "news/a.html", "Truce signed")
    assert sources(tmp_path / "news", file, tmp_path / "news/../news") == ["news/a.html"]


def test_a_relative_path_has_an_absolute_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_page(tmp_path / "news/a.html", "Truce signed")
    monkeypatch.chdir(tmp_path / "news")
    listing = Listing(["."], {})
    assert listing.new_collections == (Collection("news", str(tmp_path / "news")),)
    assert [(file.source, file.path) for file in listing] == [("news/a.html", "./a.html")]


def test_a_collection_is_called_as_asked(tmp_path: Path) -> None:
    save_page(tmp_path / "one/a.html", "Truce signed")
    save_page(tmp_path / "two/b.html", "Truce broken")
    assert sources(tmp_path / "one", tmp_path / "two", name="both") == ["both/one/a.html", "both/two/b.html"]


def test_a_name_takes_over_only_from_a_folder_that_is_gone(tmp_path: Path) -> None:
    save_page(tmp_path / "new/news/a.html", "Truce signed")
    old = tmp_path / "old/news"
    assert sources(tmp_path / "new/news", known={"news": str(old)}) == ["news/a.html"]
    old.mkdir(parents=True)
    with pytest.raises(CollectionConflict, match="--collection"):
        sources(tmp_path / "new/news", known={"news": str(old)})


def test_two_folders_of_one_name_are_a_conflict(tmp_path: Path) -> None:
    save_page(tmp_path / "one/news/a.html", "Truce signed")
    save_page(tmp_path / "two/news/a.html", "Truce signed")
    with pytest.raises(CollectionConflict):
        sources(tmp_path / "one/news", tmp_path / "two/news")


def test_a_known_folder_is_not_given_a_second_name(tmp_path: Path) -> None:
    save_page(tmp_path / "news/a.html", "Truce signed")
    save_page(tmp_path / "news/2022/a.html", "Truce signed")
    for path in (tmp_path / "news", tmp_path / "news/2022"):
        with pytest.raises(CollectionConflict, match="leave --collection other out"):
            sources(path, known={"news": str(tmp_path / "news")}, name="other")


@pytest.mark.parametrize("name", ["", "a/b", ".hidden"])
def test_a_name_that_is_no_path_part_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError):
        sources(tmp_path, name=name)


@pytest.mark.parametrize("name", ["missing.html", "photo.jpg", "page.zip.gz"])
def test_what_is_named_must_be_there_and_be_of_a_known_kind(tmp_path: Path, name: str) -> None:
    if name != "missing.html":
        save_page(tmp_path / name, "Truce signed")
    with pytest.raises(SettingsError, match=name):
        sources(tmp_path / name)


def test_in_a_list_other_kinds_are_passed_over_and_missing_ones_reported(tmp_path: Path) -> None:
    paths = [str(save_page(tmp_path / "news" / name, "Truce signed")) for name in ("a.html", "photo.jpg")]
    listing = Listing([], {}, listed=[*paths, str(tmp_path / "missing.html")])
    assert [(file.source, file.passed_over) for file in listing] == [("", ".jpg"), ("news/a.html", None)]
    assert [path for path, _ in listing.problems] == [str(tmp_path / "missing.html")]


def test_only_a_folder_that_was_listed_whole_is_complete(tmp_path: Path) -> None:
    file = save_page(tmp_path / "news/a.html", "Truce signed")
    whole, part = Listing([str(file.parent)], {}), Listing([str(file)], {})
    assert list(whole)
    assert list(part)
    assert (whole.complete, part.complete) == ({"news"}, set())


def test_names_that_are_not_utf_8_stay_apart(tmp_path: Path) -> None:
    for name in (b"caf\xe9.html", b"caf\xe8.html"):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(page_html("Truce").encode())
    save_page(tmp_path / "caf\\xe9.html", "Truce")
    kept = {f"{tmp_path.name}/{name}" for name in ("caf\\xe8.html", "caf\\xe9.html", "caf\\\\xe9.html")}
    assert set(sources(tmp_path)) == kept


def test_a_folder_is_not_taken_for_an_archive_though_its_name_ends_like_one(tmp_path: Path) -> None:
    root = tmp_path / "news!"
    save_page(root / "a.zip!/b!/c.html", "Truce")
    assert sources(root) == sources(root / "a.zip!", known={"news\\x21": str(root)}) == ["news\\x21/a.zip\\x21/b\\x21/c.html"]


def test_a_folder_may_be_nested_ever_so_deeply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(1_200):
        os.mkdir("d")
        os.chdir("d")
    Path("a.html").write_text("Truce")
    assert sources(tmp_path) == [f"{tmp_path.name}/{'d/' * 1_200}a.html"]
    Path("a.html").unlink()
    for _ in range(1_200):  # pytest cannot remove so deep a folder
        os.chdir("..")
        os.rmdir("d")


def test_links_are_not_followed_and_those_that_lead_out_are_reported(tmp_path: Path) -> None:
    root = tmp_path / "news"
    save_page(root / "a.html", "Truce signed")
    save_page(tmp_path / "secret/s.html", "Not to be indexed")
    (root / "again.html").symlink_to("a.html")
    (root / "loop").symlink_to(root)
    (root / "self.html").symlink_to("self.html")
    (root / "out").symlink_to(tmp_path / "secret")
    (root / "out.html").symlink_to(tmp_path / "secret/s.html")
    (root / "dangling.html").symlink_to("nowhere.html")
    files = {file.source: file.problem for file in Listing([str(root)], {}) if not file.passed_over}
    assert files.pop("news/a.html") is None
    assert sorted(files) == ["news/dangling.html", "news/out", "news/out.html", "news/self.html"]
    assert {problem and problem[0] for problem in files.values()} == {"unreadable"}


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_compressed_page_is_read_whole_in_all_its_members(tmp_path: Path) -> None:
    path = tmp_path / "a.html.gz"
    path.write_bytes(gzip.compress(b"<p>first ") + gzip.compress(b"second") + b"\0\0padding")
    assert read_page(listed(path), SETTINGS).data == b"<p>first second"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.html.gz", gzip.compress(page_html("Truce").encode())[:-20], "undecodable"),
        ("a.html.gz", b"no gzip", "undecodable"),
        ("a.html.gz", b"", "undecodable"),
        ("a.html.gz", gzip.compress(bytes(10_000_000)), "too-large"),
        ("a.html.gz", gzip.compress(bytes(400_000)) + gzip.compress(bytes(400_000)), "too-large"),
        ("a.html", bytes(1_000_000), "too-large"),
        ("a.mhtml", b"Content-Type: image/png\n\nxyz", "not-a-page"),
    ],
)
def test_a_page_that_cannot_be_read_is_named_by_class(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PageError) as caught:
        read_page(listed(tmp_path / name), SETTINGS)
    assert caught.value.code == code


def test_a_page_saved_with_its_pictures_in_one_file_is_its_html_part(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/talks\r\nSubject: Talks\r\n"
        b"Date: Fri, 4 Mar 2022 11:00:00 +0100\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="cut"\r\n\r\n--cut\r\n'
        b"Content-Type: text/html; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b"<p>Talks in =C9vian=\r\n</p>\r\n--cut\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        b"iVBORw0KGgo=\r\n--cut--\r\n"
    )
    page = read_page(listed(tmp_path / "a.mhtml"), SETTINGS)
    assert page.data.strip() == b"<p>Talks in \xc9vian</p>"
    assert page.content_type == "text/html; charset=windows-1252"
    assert (page.url, page.captured) == ("https://news.example/talks", "2022-03-04T10:00:00Z")


# --- archives --------------------------------------------------------------------------------------------------------


def test_a_zip_gives_its_pages_and_opens_nothing_that_leads_out(tmp_path: Path) -> None:
    page = page_html("Truce signed").encode()
    members = {"2022/a.html": page, "b.txt.gz": gzip.compress(b"Truce"), "../evil.html": page, "/abs.html": page,
               "inner.zip": b"PK", "photo.jpg": b"\xff\xd8", ".DS_Store.html": page, "big.html": bytes(600_000)}  # fmt: skip
    found = {item.source.partition("!/")[2]: item for item in container(save_zip(tmp_path / "a.zip", members))}
    pages = {name: item.page for name, item in found.items() if item.page}
    problems = {name: item.problem[0] for name, item in found.items() if item.problem}
    assert {name: page.kind for name, page in pages.items()} == {"2022/a.html": "html", "b.txt.gz": "text"}
    assert pages["b.txt.gz"].data == b"Truce"
    assert problems == {
        "../evil.html": "unsafe-name", "/abs.html": "unsafe-name", "inner.zip": "not-a-page", "big.html": "too-large",
    }  # fmt: skip


def test_a_damaged_member_of_a_zip_does_not_stop_the_others(tmp_path: Path) -> None:
    names = [f"{number}.html" for number in range(3)]
    path = save_zip(tmp_path / "a.zip", {name: page_html("Truce signed").encode() for name in names})
    data = bytearray(path.read_bytes())
    start = data.find(b"1.html") + len("1.html")
    data[start + 2 : start + 40] = b"\xff" * 38
    path.write_bytes(data)
    assert [item.problem and item.problem[0] for item in container(path)] == [None, "undecodable", None]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_member_that_could_be_of_any_size_when_unpacked_is_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a.html", page_html("Truce signed"))
    [item] = container(tmp_path / "a.zip")
    assert item.problem
    assert "unpack it" in item.problem[1]


def test_an_encrypted_member_is_reported_with_what_to_do(tmp_path: Path) -> None:
    path = save_zip(tmp_path / "a.zip", {"a.html": b"Truce"})
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    [item] = container(path)
    assert item.problem == ("undecodable", "it is encrypted; unpack it to index it")


def test_names_of_a_zip_that_are_no_text_are_its_problem_alone(tmp_path: Path) -> None:
    path = save_zip(tmp_path / "a.zip", {"é.html": b"Truce"})
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xff"))
    [item] = container(path)
    assert (item.source, item.problem and item.problem[0]) == (f"{tmp_path.name}/a.zip", "undecodable")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_of_one_name_the_last_counts(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.html", "first")
        archive.writestr("a.html", "last")
    assert [item.page and item.page.data for item in container(tmp_path / "a.zip")] == [b"last"]


def test_a_warc_gives_the_pages_that_were_answered(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(
        warc_response("https://news.example/talks", b"<p>Talks")
        + warc_response("https://news.example/gone", b"<p>Not found", status=404)
        + warc_response("https://news.example/photo", b"\xff\xd8", content_type="image/jpeg")
        + warc_response("https://news.example/end", b"<p>End", content_type="application/xhtml+xml")
    )
    first, last = [item.page for item in container(path)]
    assert first
    assert last
    assert first.source.endswith("crawl.warc.gz!/talks")
    assert (first.url, first.captured) == ("https://news.example/talks", "2021-05-06T07:08:09Z")
    assert (first.data, first.content_type, last.data) == (b"<p>Talks", "text/html; charset=utf-8", b"<p>End")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ("Content-Encoding: gzip\r\n", gzip.compress(b"<p>Talks")),
        ("Content-Encoding: br\r\n", brotli.compress(b"<p>Talks")),
        ("Content-Encoding: gzip\r\n", b"<p>Talks"),
        ("Transfer-Encoding: chunked\r\n", b"3\r\n<p>\r\n5\r\nTalks\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked\r\n", b"<p>Talks"),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n", b"1c\r\n" + gzip.compress(b"<p>Talks") + b"\r\n0\r\n\r\n"),
    ],
    ids=["gzip", "brotli", "gzip undone", "chunked", "chunked undone", "both"],
)
def test_a_warc_page_is_decoded_as_its_header_says(tmp_path: Path, headers: str, body: bytes) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc_response("https://news.example/talks", body, headers=headers))
    [item] = container(tmp_path / "a.warc.gz")
    assert item.page
    assert item.page.data == b"<p>Talks"


@pytest.mark.parametrize("ending", [".zip", ".warc", ".warc.gz", ".jsonl.gz"])
@pytest.mark.parametrize(("data", "code"), [(b"", "empty"), (b"garbage" * 100, "undecodable")], ids=["empty", "garbage"])
def test_an_archive_that_is_none_is_reported_itself(tmp_path: Path, ending: str, data: bytes, code: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(data)
    [item] = container(path)
    assert item.source == f"{tmp_path.name}/a{ending}"
    assert item.problem
    assert item.problem[0] == code


def test_an_archive_that_breaks_off_gives_what_it_has_and_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    whole = warc_response("https://news.example/talks", b"<p>Talks")
    path.write_bytes(whole + warc_response("https://news.example/end", os.urandom(20_000))[:-9_000])
    first, cut, last = container(path)
    assert first.page
    assert not first.page.cut
    assert cut.page
    assert cut.page.cut
    assert (last.source, last.problem and last.problem[0]) == (f"{tmp_path.name}/a.warc.gz", "undecodable")


def test_lines_of_json_are_numbered_and_one_too_long_does_not_stop_the_next(tmp_path: Path) -> None:
    path = save_lines(tmp_path / "a.jsonl", [{"title": "One"}, {"title": "x" * 200_000}, {"title": "Three"}])
    found = {item.path: item.problem and item.problem[0] for item in container(path)}
    assert found == {f"{path}!/1": None, f"{path}!/2": "too-large", f"{path}!/3": None}


# --- records ---------------------------------------------------------------------------------------------------------

ARTICLE = Article(
    source="demo/a.html", id="truce-1", stamp="s", captured="2022-03-05T00:00:00Z", url="https://news.example/truce",
    publisher="The Herald", headline="Truce signed", standfirst="After ten days.",
    paragraphs=(Paragraph("It holds."), Paragraph("What next", "subhead")),
    captions=(Caption("The table.", "Ann/Agency", None, 1),),
    authors=("Ann Reed", "Bo Li"), contributors="Cy Dee reported from Rome.", dateline="GENEVA", section="World", tags=("Peace",),
    language="en", corrections=("A name was misspelled.",), published=PrintedDate("4 March 2022", "2022-03-04"),
    updated=PrintedDate("10:00", "2022-03-04T10:00:00+01:00"),
)  # fmt: skip


def read_line(line: str | bytes) -> Article:
    return article_from_record(line.encode() if isinstance(line, str) else line, "demo/a.jsonl!/7", "s")


@pytest.mark.parametrize("wrap", [lambda record: record, lambda record: {"source": "x", "error": None, "article": record}])
def test_an_article_that_is_printed_is_read_back_the_same(tmp_path: Path, wrap: object) -> None:
    path = save_lines(tmp_path / "a.jsonl", [wrap(article_record(ARTICLE))])  # type: ignore[operator]
    assert article_from_record(path.read_bytes(), ARTICLE.source, "s") == ARTICLE


def test_plain_names_are_understood() -> None:
    article = read_line('{"title": "Truce", "text": "One.\\n\\n \\nTwo.", "date": "2022-03-04 10:30", "author": "Ann Reed"}')
    assert article.headline == "Truce"
    assert article.paragraphs == (Paragraph("One."), Paragraph("Two."))
    assert article.published == PrintedDate("2022-03-04 10:30", "2022-03-04T10:30")
    assert article.authors == ("Ann Reed",)
    assert article.id == article_id(None, "demo/a.jsonl!/7")


def test_a_printed_date_is_understood() -> None:
    article = read_line('{"title": "Truce", "date": "4 March 2022"}')
    assert article.published
    assert article.published.iso == "2022-03-04"


@pytest.mark.parametrize(
    "line",
    [
        "no json", "[]", "3", "null", "{}", '{"title": ""}', '{"title": {}}', '{"title": "a", "authors": {}}',
        '{"title": "a", "date": "yesterday"}', '{"title": "a", "date": "2022-02-31"}',
        '{"title": "a", "captured": "2022"}', '{"title": NaN}', '{"title": "\\ud800"}', '{"body": ' + "[" * 5_000,
        '{"paragraphs": [{"text": "a", "kind": "poem"}]}', '{"captions": [{"text": "a", "after": -1}]}', '{"id": 1e400}',
        '{"title": ' + "9" * 5_000 + "}", b'{"title": "\xff"}', '{"source": "a", "error": {"code": "empty"}, "article": null}',
    ],
)  # fmt: skip
def test_a_line_that_is_no_article_is_refused_by_its_number(line: str | bytes) -> None:
    with pytest.raises(PageError, match="line 7") as caught:
        read_line(line)
    assert caught.value.code == "bad-record"


def test_a_record_that_names_no_language_gets_that_of_its_text() -> None:
    text = "Die Unterhändler haben sich auf eine Waffenruhe geeinigt, die um Mitternacht beginnen und für alle gelten soll."
    assert read_line(json.dumps({"title": "Waffenruhe", "body": text})).language == "de"
    assert read_line(json.dumps({"title": "Waffenruhe", "body": text, "language": "nl-BE"})).language == "nl"
    assert read_line(json.dumps({"title": "Waffenruhe"})).language is None
