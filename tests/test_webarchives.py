"""Crawl files, as crawlers write them and as disks leave them: each page is read, and one bad record costs no other."""

import gzip
import json
import os
import plistlib
import random
import zlib
from pathlib import Path

import brotli
import pytest
from saved import page_html, save_zip

from indexer.sources.decompress import ZSTD, decompress
from indexer.sources.files.folders import Listing
from indexer.sources.files.read import read_page, records
from indexer.sources.formats.webarchives.members import ZstdDict
from indexer.sources.source_file import SourceFile
from search.errors import PageError
from search.settings import Settings

try:
    from compression import zstd  # type: ignore[import-not-found]
except ImportError:
    from backports import zstd

SETTINGS = Settings(page_bytes=100_000)
PAGES = {name: page_html(f"Talks {name}").encode() for name in "abc"}


def http(body: bytes, headers: str = "Content-Type: text/html; charset=utf-8\r\n", status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body


def record(name: str, block: bytes, kind: str = "response", headers: str = "", length: object = None) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://news.example/{name}\r\nWARC-Date: 2021-05-06T07:08:09Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{name}>\r\nContent-Length: {len(block) if length is None else length}\r\n{headers}\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def three(middle: bytes) -> list[bytes]:
    """The record in the middle, between two good ones."""
    return [record("a", http(PAGES["a"])), middle, record("c", http(PAGES["c"]))]


def read(path: Path, data: bytes) -> list[SourceFile]:
    path.write_bytes(data)
    [file] = Listing([str(path)], {})
    return list(records(file, SETTINGS))


def headlines(found: list[SourceFile]) -> list[str]:
    """Of the pages, by the last letter."""
    pages = [item.page.data for item in found if item.page]
    return [data.partition(b"<h1>Talks ")[2][:1].decode() for data in pages]


def problems(found: list[SourceFile]) -> list[tuple[str, str]]:
    return [(item.source.partition("/")[2], item.problem[0]) for item in found if item.problem]


# --- which records are pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        "", "Content-Type: \r\n", "Content-Type: text/html, text/html; charset=utf-8\r\n", 'Content-Type: "text/html"\r\n',
        "Content-Type: application/octet-stream\r\n", "Content-Type: text/plain\r\n", "Content-Type: application/xhtml+xml\r\n",
        "Content-Type: html\r\n", "content-type:TEXT/HTML;charset=utf-8\r\n", "X: 1\r\n 2\r\nContent-Type: unknown/unknown\r\n",
    ],
)  # fmt: skip
def test_html_is_a_page_whatever_its_header_says(tmp_path: Path, headers: str) -> None:
    assert headlines(read(tmp_path / "a.warc", record("b", http(PAGES["b"], headers)))) == ["b"]


@pytest.mark.parametrize(("status", "pages"), [("203 X", ["b"]), ("206 Partial Content", ["b"]), ("404 X", []), ("301 X", [])])
def test_an_answer_is_a_page_by_its_status(tmp_path: Path, status: str, pages: list[str]) -> None:
    found = read(tmp_path / "a.warc", record("b", http(PAGES["b"], status=status)))
    assert headlines(found) == pages
    assert pages or [item.passed_over for item in found] == [f"HTTP {status[:3]}"]


@pytest.mark.parametrize(("kind", "pages"), [("resource", ["b"]), ("conversion", ["b"]), ("metadata", []), ("request", [])])
def test_a_record_without_http_is_a_page_by_its_kind(tmp_path: Path, kind: str, pages: list[str]) -> None:
    assert headlines(read(tmp_path / "a.warc", record("b", PAGES["b"], kind, "Content-Type: text/html\r\n"))) == pages


def test_text_is_a_page_where_it_was_made_of_one(tmp_path: Path) -> None:
    text = b"Truce signed\n\nThe guns are silent along the line."
    converted, robots = (record("b", text, kind, "Content-Type: text/plain\r\n") for kind in ("conversion", "resource"))
    page, passed_over = read(tmp_path / "a.warc", converted + robots)
    assert page.page
    assert (page.page.kind, page.page.data, passed_over.passed_over) == ("text", text, "text/plain")


def test_what_is_no_page_is_counted_by_its_type(tmp_path: Path) -> None:
    images = record("b", http(b"\xff\xd8", "Content-Type: image/jpeg\r\n")) + record("c", http(b"\x00\x01", ""))
    assert [item.passed_over for item in read(tmp_path / "a.warc", images)] == ["image/jpeg", "untyped"]


def test_a_page_has_the_address_and_the_time_of_its_record(tmp_path: Path) -> None:
    [item] = read(tmp_path / "a.warc", record("b", http(PAGES["b"])).replace(b"07:08:09Z", b"07:08:09.123456Z"))
    assert item.page
    assert (item.source, item.page.url) == (f"{tmp_path.name}/a.warc!/b", "https://news.example/b")
    assert item.page.captured == "2021-05-06T07:08:09Z"


@pytest.mark.parametrize(("date", "captured"), [("2021", "2021-01-01T00:00:00Z"), ("2021-13-01", None), ("soon", None)])
def test_a_time_may_be_less_precise_or_wrong(tmp_path: Path, date: str, captured: str | None) -> None:
    [item] = read(tmp_path / "a.warc", record("b", http(PAGES["b"])).replace(b"2021-05-06T07:08:09Z", date.encode()))
    assert item.page
    assert item.page.captured == captured


# --- how records are written -----------------------------------------------------------------------------------------

WAYS = {
    "plain": b"".join,
    "each by itself": lambda parts: b"".join(map(gzip.compress, parts)),
    "all as one": lambda parts: gzip.compress(b"".join(parts)),
    "zstd": lambda parts: b"".join(map(zstd.compress, parts)),
}
way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


@way
def test_lines_may_end_in_lf_alone_and_a_byte_order_mark_stand_before(tmp_path: Path, way: object) -> None:
    plain = [part.replace(b"\r\n", b"\n") for part in three(record("b", http(PAGES["b"])))]
    for part in range(3):  # a shorter block has another length
        size = len(http(PAGES["abc"[part]]))
        shorter = len(http(PAGES["abc"[part]]).replace(b"\r\n", b"\n"))
        plain[part] = plain[part].replace(b"Content-Length: %d" % size, b"Content-Length: %d" % shorter)
    found = read(tmp_path / "a.warc", way([b"\xef\xbb\xbf" + plain[0], *plain[1:]]))  # type: ignore[operator]
    assert (headlines(found), problems(found)) == (["a", "b", "c"], [])


def test_compression_is_told_by_the_first_bytes_and_not_by_the_name(tmp_path: Path) -> None:
    for name in ("a.warc", "a.warc.gz", "a.warc.zst"):
        for way in WAYS.values():
            assert headlines(read(tmp_path / name, way(three(record("b", http(PAGES["b"])))))) == ["a", "b", "c"]


def test_records_may_be_compressed_with_a_dictionary_that_stands_before_them(tmp_path: Path) -> None:
    samples = [record(str(number), http(page_html(f"Round {number}").encode())) for number in range(200)]
    dictionary = zstd.train_dict(samples, 2_000)
    head = b"\x5d\x2a\x4d\x18" + len(dictionary.dict_content).to_bytes(4, "little") + dictionary.dict_content
    parts = [zstd.compress(part, zstd_dict=ZstdDict(dictionary.dict_content)) for part in three(record("b", http(PAGES["b"])))]
    assert headlines(read(tmp_path / "a.warc.zst", head + b"".join(parts))) == ["a", "b", "c"]


# --- what is damaged -------------------------------------------------------------------------------------------------

NOISE = os.urandom(300_000)
BAD = {
    "too short": record("b", http(PAGES["b"]), length=200),
    "too long": record("b", http(PAGES["b"]), length=len(http(PAGES["b"])) + 300),
    "far too long": record("b", http(PAGES["b"]), length=9_999_999),
    "no number": record("b", http(PAGES["b"]), length="many"),
    "of astronomic length": record("b", http(PAGES["b"]), length="9" * 5_000),
}


@way
@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_record_with_a_wrong_length_is_read_and_so_are_the_others(tmp_path: Path, way: object, bad: bytes) -> None:
    found = read(tmp_path / "a.warc", way(three(bad)))  # type: ignore[operator]
    assert headlines(found) == ["a", "b", "c"]
    assert problems(found) == [("a.warc", "undecodable")]
    assert all(item.page.data.rstrip().endswith(b"</html>") for item in found if item.page)


@way
@pytest.mark.parametrize(
    "bad", [b"no record\r\n" * 9, b"WARC/1.0\r\nno headers", os.urandom(300_000)], ids=["words", "head", "noise"]
)
def test_what_is_no_record_does_not_end_the_file(tmp_path: Path, way: object, bad: bytes) -> None:
    found = read(tmp_path / "a.warc", way(three(bad + b"\r\n\r\n")))  # type: ignore[operator]
    assert headlines(found) == ["a", "c"]
    assert problems(found) == [("a.warc", "undecodable")]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_to_one_record_the_others_are_read(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        way = chance.choice((b"".join, lambda parts: gzip.compress(parts[0]), lambda parts: zstd.compress(parts[0])))
        parts = [way([record(name, http(page_html(f"Talks {name}").encode()))]) for name in "abcdef"]
        at = chance.randrange(6)
        start = chance.randrange(len(parts[at]))
        noise = chance.randbytes(chance.randrange(1, 300))
        end = chance.choice((start, start + len(noise), len(parts[at])))
        parts[at] = parts[at][:start] + chance.choice((b"", noise)) + parts[at][end:]
        pages = b"".join(item.page.data for item in read(tmp_path / "a.warc", b"".join(parts)) if item.page)
        lost = [name for number, name in enumerate("abcdef") if number != at and f"<h1>Talks {name}<".encode() not in pages]
        assert lost == [], (at, start, end, noise)


@pytest.mark.parametrize("compress", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
@pytest.mark.parametrize("harm", ["overwritten", "cut", "missing head"])
def test_a_damaged_member_does_not_end_the_file(tmp_path: Path, compress: object, harm: str) -> None:
    first, bad, last = map(compress, three(record("b", http(os.urandom(3_000) + PAGES["b"]))))  # type: ignore[arg-type]
    bad = {"overwritten": bad[:60] + b"\xff" * 200 + bad[260:], "cut": bad[:-500], "missing head": bad[700:]}[harm]
    found = read(tmp_path / "a.warc", first + bad + last)
    assert [letter for letter in headlines(found) if letter in ("a", "c")] == ["a", "c"]
    assert problems(found)[-1] == ("a.warc", "undecodable")
    assert found[-1].problem
    assert "at byte" in found[-1].problem[1]


def test_a_page_that_is_cut_off_by_the_crawler_says_so(tmp_path: Path) -> None:
    [item] = read(tmp_path / "a.warc", record("b", http(PAGES["b"]), headers="WARC-Truncated: length\r\n"))
    assert item.page
    assert item.page.cut == "the crawler cut it off (length)"


ENCODED = {
    "gzip": ("gzip", gzip.compress(PAGES["b"])),
    "gzip twice": ("gzip, gzip", gzip.compress(gzip.compress(PAGES["b"]))),
    "gzip without its header": ("gzip", zlib.compress(PAGES["b"])[2:]),
    "zlib called gzip": ("x-gzip", zlib.compress(PAGES["b"])),
    "deflate": ("deflate", zlib.compress(PAGES["b"])),
    "brotli": ("br", brotli.compress(PAGES["b"])),
    "zstd": ("zstd", zstd.compress(PAGES["b"])),
}


@pytest.mark.parametrize(("encoding", "body"), ENCODED.values(), ids=ENCODED.keys())
def test_an_encoded_page_is_decoded(tmp_path: Path, encoding: str, body: bytes) -> None:
    headers = f"Content-Type: text/html\r\nContent-Encoding: {encoding}\r\n"
    [item] = read(tmp_path / "a.warc", record("b", http(body, headers)))
    assert item.page
    assert (item.page.data, item.page.cut) == (PAGES["b"], None)


@pytest.mark.parametrize(("encoding", "body"), ENCODED.values(), ids=ENCODED.keys())
def test_of_an_encoded_page_that_breaks_off_what_is_there_is_read(tmp_path: Path, encoding: str, body: bytes) -> None:
    headers = f"Content-Type: text/html\r\nContent-Encoding: {encoding}\r\n"
    if encoding == "zstd":  # a block is read whole or not at all
        body = b"".join(_zstd_blocks(PAGES["b"]))
    found = read(tmp_path / "a.warc", record("b", http(body[: -len(body) // 4], headers)))
    [item] = found
    if encoding == "gzip, gzip":
        assert item.problem or (item.page and item.page.cut)
        return
    assert item.page, item.problem
    assert PAGES["b"].startswith(item.page.data)
    assert len(item.page.data) > 100
    assert item.page.cut


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_of_an_encoded_page_that_is_damaged_what_stands_before_is_read(tmp_path: Path, encoding: str) -> None:
    text = PAGES["b"] + random.Random(3).randbytes(20_000).hex().encode()
    body = bytearray(gzip.compress(text) if encoding == "gzip" else zlib.compress(text))
    body[12_000:12_400] = b"\xff" * 400
    headers = f"Content-Type: text/html\r\nContent-Encoding: {encoding}\r\n"
    [item] = read(tmp_path / "a.warc", record("b", http(bytes(body), headers)))
    assert item.page
    assert item.page.data.startswith(PAGES["b"])
    assert len(item.page.data) > 10_000
    assert item.page.cut


def test_a_length_beyond_the_end_of_a_large_file_takes_no_other_record_along(tmp_path: Path) -> None:
    film = record("film", http(bytes(900_000), "Content-Type: video/mp4\r\n"))
    bad = record("b", http(PAGES["b"]), length=900_000_000)
    assert headlines(read(tmp_path / "a.warc", bad + film + record("c", http(PAGES["c"])))) == ["b", "c"]


def _zstd_blocks(data: bytes) -> list[bytes]:
    engine = zstd.ZstdCompressor()
    pieces = [engine.compress(data[at : at + 100], engine.FLUSH_BLOCK) for at in range(0, len(data), 100)]
    return [*pieces, engine.flush()]


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate"])
def test_an_encoded_page_never_takes_more_than_the_limit(tmp_path: Path, encoding: str) -> None:
    zeros = bytes(30_000_000)
    body = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress, "deflate": zlib.compress}[encoding](zeros)
    headers = f"Content-Type: text/html\r\nContent-Encoding: {encoding}\r\n"
    assert problems(read(tmp_path / "a.warc", record("b", http(body, headers)))) == [("a.warc!/b", "too-large")]


def test_a_huge_record_is_passed_without_being_held(tmp_path: Path) -> None:
    film = record("b", http(bytes(40_000_000), "Content-Type: video/mp4\r\n"))
    found = read(tmp_path / "a.warc.gz", gzip.compress(b"".join(three(film)), 1))
    assert (headlines(found), problems(found)) == (["a", "c"], [])


# --- other crawl files -----------------------------------------------------------------------------------------------


def arc(name: str, block: bytes) -> bytes:
    return f"http://news.example/{name} 192.0.2.7 20010506070809 text/html {len(block)}\n".encode() + block + b"\n"


@way
def test_an_arc_gives_its_pages(tmp_path: Path, way: object) -> None:
    head = b"1 0 Crawler\nURL IP-address Archive-date Content-type Archive-length\n"
    first = b"filedesc://a.arc 0.0.0.0 20010506070809 text/plain %d\n" % len(head) + head + b"\n"
    parts = [first, arc("a", http(PAGES["a"])), arc("b", b"HTTP/1.0 404 X\r\n\r\ngone"), arc("c", http(PAGES["c"]))]
    found = read(tmp_path / "old.arc.gz", way(parts))  # type: ignore[operator]
    assert (headlines(found), problems(found)) == (["a", "c"], [])
    assert found[0].page
    assert (found[0].page.url, found[0].page.captured) == ("http://news.example/a", "2001-05-06T07:08:09Z")
    wrong = [first, arc("a", http(PAGES["a"])).replace(b"text/html ", b"text/html 9"), parts[3]]
    assert headlines(read(tmp_path / "old.arc.gz", way(wrong))) == ["a", "c"]  # type: ignore[operator]


def test_a_wacz_gives_the_pages_of_its_warc_files(tmp_path: Path) -> None:
    crawl = b"".join(map(gzip.compress, three(record("b", http(PAGES["b"])))))
    pages = json.dumps({"format": "json-pages-1.0", "id": "pages"}).encode()
    members = {"archive/data.warc.gz": crawl, "pages/pages.jsonl": pages, "indexes/index.cdx": b"", "archive/bad.warc": b"none"}
    save_zip(tmp_path / "site.wacz", members)
    found = read(tmp_path / "site.wacz", (tmp_path / "site.wacz").read_bytes())
    assert headlines(found) == ["a", "b", "c"]
    assert found[1].source == f"{tmp_path.name}/site.wacz!/data.warc.gz!/b"
    assert problems(found) == [("site.wacz!/bad.warc", "undecodable")]
    save_zip(tmp_path / "none.wacz", {"pages/pages.jsonl": pages})
    assert problems(read(tmp_path / "none.wacz", (tmp_path / "none.wacz").read_bytes())) == [("none.wacz", "undecodable")]


def test_a_maff_gives_its_pages_with_their_addresses(tmp_path: Path) -> None:
    note = (
        b'<RDF:RDF><MAF:originalurl RDF:resource="https://news.example/talks?a=1&amp;b=2"/>'
        b'<MAF:archivetime RDF:resource="Fri, 04 Mar 2022 11:00:00 +0100"/><MAF:indexfilename RDF:resource="page.html"/>'
        b'<MAF:charset RDF:resource="windows-1252"/></RDF:RDF>'
    )
    members = {
        "1/index.rdf": note,
        "1/page.html": b"<p>\xc9vian",
        "1/photo.jpg": b"\xff",
        "2/index.rdf": b"",
        "2/index.html": b"<p>B",
    }
    save_zip(tmp_path / "a.maff", members)
    first, second = read(tmp_path / "a.maff", (tmp_path / "a.maff").read_bytes())
    assert first.page
    assert (first.page.url, first.page.captured) == ("https://news.example/talks?a=1&b=2", "2022-03-04T10:00:00Z")
    assert first.page.text() == "<p>Évian"
    assert second.source.endswith("a.maff!/2/index.html")
    save_zip(tmp_path / "b.maff", {"1/index.rdf": note.replace(b"page.html", b"../../page.html"), "1/../../page.html": b"<p>"})
    assert problems(read(tmp_path / "b.maff", (tmp_path / "b.maff").read_bytes()))[0][1] == "unsafe-name"


def test_a_page_that_safari_saved_is_its_main_resource(tmp_path: Path) -> None:
    main = {
        "WebResourceData": "<p>Évian".encode("cp1252"), "WebResourceURL": "https://news.example/talks",
        "WebResourceMIMEType": "text/html", "WebResourceTextEncodingName": "windows-1252",
    }  # fmt: skip
    for name, data in (
        ("a.webarchive", {"WebMainResource": main}),
        ("b.webarchive", {"WebMainResource": {}}),
        ("c.webarchive", []),
    ):
        (tmp_path / f"{name}.webarchive").write_bytes(plistlib.dumps(data, fmt=plistlib.FMT_BINARY))
    first, *bad = Listing([str(tmp_path)], {})
    page = read_page(first, SETTINGS)
    assert (page.text(), page.url) == ("<p>Évian", "https://news.example/talks")
    for file in bad:
        with pytest.raises(PageError) as caught:
            read_page(file, SETTINGS)
        assert caught.value.code == "undecodable"


# --- compressed files ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".gz", ".br", ".zst"])
def test_a_compressed_file_holds_a_page_up_to_the_limit(ending: str) -> None:
    compress = {".gz": gzip.compress, ".br": brotli.compress, ".zst": zstd.compress}[ending]
    assert decompress(compress(PAGES["a"]), ending, 10_000) == PAGES["a"]
    for data, limit, code in ((PAGES["a"], 100, "too-large"), (bytes(50_000_000), 1_000_000, "too-large")):
        with pytest.raises(PageError) as caught:
            decompress(compress(data), ending, limit)
        assert caught.value.code == code
    for broken in (compress(PAGES["a"])[:-9], b"", b"none"):
        with pytest.raises(PageError) as caught:
            decompress(broken, ending, 10_000)
        assert caught.value.code == "undecodable"


def test_a_page_that_is_compressed_though_its_name_does_not_say_so_is_unpacked() -> None:
    assert decompress(gzip.compress(PAGES["a"]), "", 10_000) == decompress(zstd.compress(PAGES["a"]), "", 10_000) == PAGES["a"]


def test_frames_of_zstandard_follow_each_other_and_ask_for_no_more_memory_than_is_given() -> None:
    assert decompress(zstd.compress(b"one ") + zstd.compress(b"two"), ".zst", 100) == b"one two"
    engine = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 30})
    greedy = engine.compress(b"x" * 100) + engine.flush()
    assert greedy.startswith(ZSTD)
    with pytest.raises(PageError):
        decompress(greedy, ".zst", 1_000)
