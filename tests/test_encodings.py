"""Pages that say nothing of their encoding, or the wrong thing, are read by what their text looks like."""

import random

import pytest
from sentences import SAMPLES

from indexer.sources.decode import Decoded, codec_of, decode_page, name_of
from indexer.sources.encodings import decode_as, guess_codec, oddness, sample_of

CASES = [(sample.language, codec, sample.sentences) for sample in SAMPLES for codec in sample.codecs]
IDS = [f"{language}-{codec}" for language, codec, _ in CASES]
BY_LANGUAGE = {sample.language: " ".join(sample.sentences) for sample in SAMPLES}
NAVIGATION = "<ul><li><a href='/home'>Home</a><li><a href='/news'>News</a></ul>"


def page(text: str, lang: str = "", head: str = "") -> str:
    attribute = f' lang="{lang}"' if lang else ""
    title = f"<title>{text[:30]}</title>"
    return f"<html{attribute}><head>{head}{title}</head><body>{NAVIGATION}<h1>{text[:40]}</h1><p>{text}</p></body>"


def decoded(html: str, codec: str) -> Decoded:
    return decode_page(html.encode(codec), None)


@pytest.mark.parametrize("declares_language", [False, True], ids=["", "with its language"])
@pytest.mark.parametrize(("language", "codec", "sentences"), CASES, ids=IDS)
def test_a_page_of_any_length_is_read_though_it_declares_no_encoding(
    language: str, codec: str, sentences: tuple[str, ...], declares_language: bool
) -> None:
    html = page(" ".join(sentences), language if declares_language else "")
    found = decoded(html, codec)
    assert found.utf8.decode() == html
    assert found.remark
    assert codec_of(found.encoding)


def test_short_texts_are_hardly_ever_taken_for_another_encoding() -> None:
    chance = random.Random(7)
    wrong, count = [], 0
    for language, codec, sentences in CASES:
        text = " ".join(sentences)
        for _ in range(3):
            start = chance.randrange(max(1, len(text) - 200))
            html = page(text[start : start + 200])
            count += 1
            if decoded(html, codec).utf8.decode() != html:
                wrong.append((language, codec, html))
    assert len(wrong) <= count / 100, wrong


def test_a_few_signs_beyond_ascii_are_windows_1252() -> None:
    chance = random.Random(8)
    plain = BY_LANGUAGE["en"].translate(str.maketrans("“”’—", '""\'-'))
    for count in [1, 2, 3, 5, 8] * 30:
        words = plain.split(" ")
        for _ in range(count):
            at = chance.randrange(len(words))
            words[at] = chance.choice(("“{}”", "‘{}’", "{}–", "£{}", "{}é", "€ {}", "{}…", "© {}", "«{}»", "{}ü", "{}½")).format(
                words[at]
            )
        html = page(" ".join(words))
        assert decoded(html, "cp1252").utf8.decode() == html


@pytest.mark.parametrize(("language", "sentences"), [(sample.language, sample.sentences) for sample in SAMPLES])
def test_a_page_in_utf_8_is_never_guessed_at(language: str, sentences: tuple[str, ...]) -> None:
    data = page(" ".join(sentences), language).encode()
    assert decode_page(data, None) == Decoded(data)
    assert decode_page(data, "text/html; charset=iso-8859-1") == Decoded(data)


def test_utf_8_that_is_cut_within_a_character_is_utf_8() -> None:
    data = page(BY_LANGUAGE["ru"]).encode()
    cut = data[: data.rindex("ё".encode() if "ё".encode() in data else "а".encode()) + 1]
    found = decode_page(cut, None)
    assert (found.utf8.decode(), found.remark) == (cut[:-1].decode() + "\ufffd", None)


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
@pytest.mark.parametrize(
    ("language", "codec"), [("ru", "cp1251"), ("el", "cp1253"), ("ar", "cp1256"), ("zh", "gb18030"), ("he", "cp1255")]
)
def test_a_western_declaration_over_another_script_is_doubted(language: str, codec: str, declared: str) -> None:
    html = page(BY_LANGUAGE[language], head=f"<meta charset={declared}>")
    found = decoded(html, codec)
    assert found.utf8.decode() == html
    assert found.remark == f"guessed by its text: it declares {declared}".replace("iso-8859-1", "windows-1252")


@pytest.mark.parametrize(
    ("declared", "codec", "language"),
    [("euc-kr", "gb18030", "zh"), ("shift_jis", "euc_jp", "ja"), ("big5", "cp949", "ko"), ("ibm866", "koi8-r", "ru")],
)
def test_a_declaration_that_gives_impossible_characters_is_doubted(declared: str, codec: str, language: str) -> None:
    html = page(BY_LANGUAGE[language], head=f"<meta charset={declared}>")
    assert decoded(html, codec).utf8.decode() == html


@pytest.mark.parametrize(("codec", "sentences"), [case[1:] for case in CASES], ids=IDS)
def test_a_true_declaration_is_believed(codec: str, sentences: tuple[str, ...]) -> None:
    html = page(" ".join(sentences), head=f"<meta charset={name_of(codec)}>")
    found = decoded(html, codec)
    assert (found.utf8.decode(), found.encoding, found.remark) == (html, name_of(codec), None)


def test_a_page_that_says_utf_8_and_is_not_is_guessed_at() -> None:
    html = page(BY_LANGUAGE["pl"], head="<meta charset=utf-8>")
    found = decoded(html, "cp1250")
    assert (found.utf8.decode(), found.encoding) == (html, "windows-1250")
    assert found.remark == "guessed by its text: it declares UTF-8"


@pytest.mark.parametrize("language", ["fr", "de", "es", "pt", "ru", "el", "pl", "en", "ja"])
def test_utf_8_that_was_encoded_twice_is_mended(language: str) -> None:
    text = BY_LANGUAGE[language]
    twice = decode_as(text.encode(), "cp1252")
    found = decode_page(page(twice, head="<meta charset=utf-8>").encode(), None)
    assert text in found.utf8.decode()
    assert found.remark == "its characters were encoded in UTF-8 twice"


def test_a_text_that_shows_the_fault_is_not_mended() -> None:
    html = page("Some systems print Ã© for é, â€™ for ’ and so on; “others” don’t. – Ünal, Çelik, Žižek, Ångström, Núñez")
    assert decode_page(html.encode(), None).utf8.decode() == html
    assert decode_page(page("SÃO PAULO NÃO É A CAPITAL. IRMÃS E MÃES").encode(), None).remark is None


def test_a_symbol_in_a_word_or_a_letter_of_another_script_is_odd() -> None:
    assert oddness("Évian “talks”, naïve façade – 5 £, l’été, 北京 ABC, Łódź") == 0
    assert [oddness(word) for word in ("f¸r", "dйjа", "f¼r", "a\x8db", "a\ufffdb")] == [1.0, 1.0, 1.0, 1.0, 1.0]


def test_the_sample_has_no_mark_up_and_a_bounded_size() -> None:
    script = "<script>var привет = 'да';</script><style>р{}</style><!-- комментарий --><p class='абзац'>"
    assert sample_of((script + "Слово").encode()) == "Слово".encode()
    huge = b"<p>" + b"word " * 400_000 + "слово ".encode("cp1251") * 400_000
    assert len(sample_of(huge)) < 100_000
    assert guess_codec(page(BY_LANGUAGE["uk"]).encode("koi8-u") * 500) == "koi8-u"
