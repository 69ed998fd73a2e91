"""Bytes -> text, decided as browsers do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.decode import codec_of, decode
from search.errors import PageError

FRENCH = "<p>Les négociations d’Évian — « fin »</p>"
CHINESE = "<p>停火协定在北京签署，各方表示欢迎。</p>"


def declared(charset: str, text: str, codec: str) -> bytes:
    return f'<html><head><meta charset="{charset}"></head>{text}'.encode(codec)


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("utf-8", "utf-8", FRENCH),
        ("iso-8859-1", "cp1252", FRENCH),
        ("Latin1", "cp1252", FRENCH),
        ("windows-1251", "cp1251", "<p>Перемирие подписано</p>"),
        ("koi8-r", "koi8-r", "<p>Перемирие подписано</p>"),
        ("gb2312", "gb18030", CHINESE + "镕"),
        ("gbk", "gbk", CHINESE),
        ("big5", "big5hkscs", "<p>停火協定在北京簽署</p>"),
        ("shift_jis", "cp932", "<p>停戦協定①に署名した</p>"),
        ("euc-jp", "euc_jp", "<p>停戦協定に署名した</p>"),
        ("iso-2022-jp", "iso2022_jp", "<p>停戦協定に署名した</p>"),
        ("euc-kr", "cp949", "<p>휴전 협정에 서명했다 똠</p>"),
        ("tis-620", "cp874", "<p>ลงนามหยุดยิง</p>"),
    ],
)
def test_a_declared_charset_is_read_as_browsers_do(charset: str, codec: str, text: str) -> None:
    assert decode(declared(charset, text, codec), None).endswith(text)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_wins_over_every_declaration(codec: str) -> None:
    assert decode(declared("koi8-r", FRENCH, codec), "text/html; charset=windows-1251").endswith(FRENCH)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_recognised_by_its_markup(codec: str) -> None:
    assert decode(FRENCH.encode(codec), None) == FRENCH


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_header_that_says_utf_16_is_believed_no_further_than_the_bytes_allow(codec: str) -> None:
    assert decode(FRENCH.encode(codec), "text/html; charset=utf-16") == FRENCH


def test_the_header_wins_over_the_page() -> None:
    assert decode(declared("koi8-r", "<p>мир</p>", "cp1251"), 'text/html; charset="Windows-1251"').endswith("<p>мир</p>")


@pytest.mark.parametrize(
    "start",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        "<META CHARSET=windows-1251 />",
        '<?xml version="1.0" encoding="windows-1251"?>',
        '<!-- <meta charset="koi8-r"> --><meta charset="windows-1251">',
    ],
)
def test_the_page_declares_its_charset_in_any_of_these_ways(start: str) -> None:
    assert decode((start + "<p>мир</p>").encode("cp1251"), None).endswith("<p>мир</p>")


def test_without_a_declaration_it_is_utf_8_or_windows_1252() -> None:
    assert decode(FRENCH.encode(), None) == FRENCH
    assert decode(FRENCH.encode("cp1252"), None) == FRENCH


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "gbk"])
def test_utf_8_that_is_declared_as_something_else_is_utf_8(charset: str) -> None:
    assert decode(declared(charset, CHINESE, "utf-8"), None).endswith(CHINESE)


def test_windows_1252_that_is_declared_as_utf_8_is_windows_1252() -> None:
    assert decode(declared("utf-8", FRENCH, "cp1252"), None).endswith(FRENCH)


def test_one_broken_character_does_not_spoil_a_page_in_utf_8() -> None:
    text = decode(declared("utf-8", FRENCH, "utf-8") + b"\xff" + CHINESE.encode(), None)
    assert FRENCH in text
    assert CHINESE in text


def test_bytes_that_windows_1252_leaves_undefined_do_not_raise() -> None:
    assert decode(b"<p>caf\xe9 \x81\x8d</p>", None) == "<p>café \x81\x8d</p>"


@pytest.mark.parametrize("label", ["utf-7", "base64", "idna", "unicode_escape", "", "no-such", "\0", "é" * 500])
def test_codecs_that_are_none_of_the_web_are_not_taken(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", "\ufeff  ".encode("utf-16-le")])
def test_nothing_but_white_space_is_empty(data: bytes) -> None:
    with pytest.raises(PageError) as caught:
        decode(data, None)
    assert caught.value.code == "empty"


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n%\xe2\xe3", b"\x89PNG\r\n\x1a\n" + bytes(60), b"PK\x03\x04rest", b"\x1f\x8b\x08rest", bytes(range(256)) * 20],
    ids=["pdf", "png", "zip", "gzip", "all bytes"],
)
def test_binary_content_is_not_a_page(data: bytes) -> None:
    with pytest.raises(PageError) as caught:
        decode(data, "text/html; charset=utf-8")
    assert caught.value.code == "not-a-page"


def test_a_stray_nul_is_dropped_as_browsers_do() -> None:
    assert decode(b"<p>Tru\0ce" + b" signed" * 20, None).startswith("<p>Truce signed")


STARTS = (b"", b'<meta charset="gb2312">', b"<?xml version='1.0' encoding='utf-16'?>", b"\xff\xfe", b"<meta charset=''>")
HEADERS = (None, "text/html; charset=utf-16", "text/html; charset=iso-2022-jp", "text/html; charset=")


@given(st.sampled_from(STARTS), st.binary(max_size=300) | st.text().map(str.encode), st.sampled_from(HEADERS) | st.text())
def test_any_bytes_become_text_that_can_be_stored_or_are_refused(start: bytes, content: bytes, content_type: str | None) -> None:
    code, text = None, ""
    try:
        text = decode(start + content, content_type)
    except PageError as error:
        code = error.code
    assert code in (None, "empty", "not-a-page")
    assert text.encode("utf-8") or code
