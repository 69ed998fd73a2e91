"""The words beside a picture: each entry of credits.toml, and what is told apart by them."""

import re

import pytest
from lxml.html import fromstring

from indexer.extract.fields.figure_text import read_figure
from indexer.extract.lexicon.credits import (
    MAX_CAPTION_CHARACTERS,
    is_credit_line,
    names_photographer,
    split_credit,
    split_trailing_credit,
    without_chrome,
)
from search.lexicon.read import LexiconEntry, read_lexicon

ENTRIES = read_lexicon("indexer.extract.lexicon", "credits").entries
BRIDGE = "The bridge at noon."


def entries(*kinds: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.kind in kinds], ids=str)


@entries("picture", "label")
def test_a_label_and_a_colon_stand_before_a_credit(entry: LexiconEntry) -> None:
    assert split_credit(f"{BRIDGE} {entry.text}: Ann Roe") == (BRIDGE, "Ann Roe")
    assert split_credit(f"{BRIDGE} un{entry.text}: Ann Roe")[0] != BRIDGE


@entries("archive")
def test_a_picture_may_be_of_an_archive(entry: LexiconEntry) -> None:
    assert split_credit(f"{BRIDGE} {entry.text} photo: Ann Roe") == (BRIDGE, "Ann Roe")


@entries("maker")
def test_a_label_may_have_another_word(entry: LexiconEntry) -> None:
    assert split_credit(f"{BRIDGE} Photo {entry.text}: Ann Roe") == (BRIDGE, "Ann Roe")


@entries("by")
def test_a_picture_may_be_by_somebody(entry: LexiconEntry) -> None:
    assert split_credit(f"{BRIDGE} Photos {entry.text} Ann Roe") == (BRIDGE, "Ann Roe")


@entries("slash_label")
def test_a_label_of_east_asia_may_have_a_slash(entry: LexiconEntry) -> None:
    assert split_credit(f"橋を渡る人たち。{entry.text}／山田太郎") == ("橋を渡る人たち。", "山田太郎")


@entries("named_label")
def test_a_label_without_a_colon_stands_before_a_name(entry: LexiconEntry) -> None:
    assert split_trailing_credit(f"{BRIDGE} {entry.text.title()} Ann Roe") == (BRIDGE, "Ann Roe")
    assert split_trailing_credit(f"{BRIDGE} {entry.text.title()} of the day") == (
        f"{BRIDGE} {entry.text.title()} of the day",
        None,
    )


@entries("owner_sign", "owner", "dotted_label")
def test_signs_and_words_of_owners_stand_before_a_name(entry: LexiconEntry) -> None:
    assert split_credit(f"{BRIDGE} {entry.text} Ann Roe") == (BRIDGE, "Ann Roe")


@entries("unnamed")
def test_a_word_may_stand_where_nobody_is_named(entry: LexiconEntry) -> None:
    assert split_trailing_credit(f"{BRIDGE} {entry.text}") == (BRIDGE, entry.text)
    assert split_trailing_credit(f"They kept the {entry.text}") == (f"They kept the {entry.text}", None)


@entries("own_element")
def test_a_label_may_have_an_element_of_its_own(entry: LexiconEntry) -> None:
    page = f"<figure><figcaption><p>{BRIDGE}</p><b>{entry.text}</b> <i>our reader in the village</i></figcaption></figure>"
    assert read_figure(fromstring(page)) == (BRIDGE, "our reader in the village")


@entries("caption_label")
def test_a_label_before_a_caption_is_no_part_of_it(entry: LexiconEntry) -> None:
    assert split_credit(f"{entry.text}: {BRIDGE}") == (BRIDGE, None)


@entries("source_label")
def test_a_label_before_a_credit_is_no_part_of_it(entry: LexiconEntry) -> None:
    assert split_credit(f"{entry.text}, our reader in the village") == (None, "our reader in the village")


@entries("chrome_before")
def test_what_is_read_out_before_a_caption_is_no_part_of_it(entry: LexiconEntry) -> None:
    assert without_chrome(f"{entry.text}: {BRIDGE}") == BRIDGE


@entries("chrome_after")
def test_what_is_to_be_clicked_on_is_no_part_of_the_caption_before_it(entry: LexiconEntry) -> None:
    assert without_chrome(f"{BRIDGE} {entry.text}") == BRIDGE


def test_numbers_of_a_gallery_are_no_part_of_a_caption() -> None:
    assert without_chrome(f"3 of 12 | {BRIDGE}") == without_chrome(f"View 12 images | 写真・図版{BRIDGE}") == BRIDGE
    assert without_chrome(f"{BRIDGE} ann.roe@post.example") == BRIDGE
    assert without_chrome("3 of 12 boats are old") == "3 of 12 boats are old"


@entries("source")
def test_a_supplier_is_a_credit_in_parentheses(entry: LexiconEntry) -> None:
    assert split_credit(f"The bridge ({entry.text})") == ("The bridge", entry.text)
    assert split_credit(f"The bridge (x{entry.text}x)")[1] is None


@entries("source")
def test_no_supplier_is_listed_that_another_entry_finds(entry: LexiconEntry) -> None:
    others = [other.text for other in ENTRIES if other.kind == "source" and other != entry]
    assert [other for other in others if re.search(rf"(?<!\w){re.escape(other)}(?!\w)", entry.text)] == []


@entries("after_name")
def test_a_word_may_stand_behind_who_took_the_picture(entry: LexiconEntry) -> None:
    assert split_trailing_credit(f"The bridge at noon | A. Roe {entry.text}.") == ("The bridge at noon", "A. Roe")
    assert split_trailing_credit(f"The bridge at noon | A. Roe x{entry.text}.")[1] is None


@entries("small_word")
def test_a_small_word_among_names_belongs_to_a_credit(entry: LexiconEntry) -> None:
    assert names_photographer(f"Ann {entry.text} Getty")
    assert not names_photographer(f"Ann x{entry.text} Getty")


@entries("side")
def test_a_credit_may_be_of_one_of_several_pictures(entry: LexiconEntry) -> None:
    assert split_credit(f"The bridge ({entry.text}: Getty Images; Ann Roe)") == (
        "The bridge",
        f"{entry.text}: Getty Images; Ann Roe",
    )
    assert split_credit(f"The bridge (Ann Getty, {entry.text})")[1] is None


@entries("particle")
def test_a_particle_belongs_to_a_name(entry: LexiconEntry) -> None:
    assert names_photographer(f"Ann {entry.text} Roe")
    assert not names_photographer(f"Ann x{entry.text} Roe")


@entries("name_without_capital")
def test_a_name_may_begin_with_a_small_letter(entry: LexiconEntry) -> None:
    assert split_credit(f"The bridge Photo: {entry.text}") == ("The bridge", entry.text)
    assert split_credit(f"The bridge Photo: x{entry.text}") == (f"The bridge Photo: x{entry.text}", None)


@entries("abbreviation")
def test_an_abbreviation_keeps_its_full_stop(entry: LexiconEntry) -> None:
    assert split_credit(f"{BRIDGE} Photo: Roe {entry.text}.") == (BRIDGE, f"Roe {entry.text}.")
    assert split_credit(f"{BRIDGE} Photo: Roe x{entry.text}.") == (BRIDGE, f"Roe x{entry.text}")


@entries("picture_line")
def test_a_line_of_a_label_and_a_name_is_a_credit(entry: LexiconEntry) -> None:
    assert is_credit_line(f"({entry.text}: Ann Roe)")
    assert not is_credit_line(f"x{entry.text}: Ann Roe")


@entries("first_picture")
def test_a_line_about_the_picture_above_a_post_is_a_credit(entry: LexiconEntry) -> None:
    assert is_credit_line(f"{entry.text}: what the village saw. At noon it rained.")


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Ann Roe", True),
        ("Ann Roe (WIRE)", True),
        ("Ann Roe/Coast Post", True),
        ("Ann Roe, Coast Post", True),
        ("ES", True),
        ("Getty Images", True),
        ("Ann", False),
        ("The bridge at noon", False),
        ("mayor (left) of Hill", False),
        ("Mayor Ann Roe (in the middle)", False),
        ("Ann Roe (WIRE) on the bridge", False),
        ("Getty Images " + "X" * 90, False),
    ],
)
def test_names_are_told_from_other_words(text: str, is_name: bool) -> None:
    assert names_photographer(text) == is_name


@pytest.mark.parametrize(
    ("caption", "text", "credit"),
    [
        (f"{BRIDGE} - Crédit Photo : © A. Roe", BRIDGE, "A. Roe"),
        (
            "Ann Roe, Bridge (Noon), 2012. ©Photo: Bo Low. Courtesy Hill Gallery.",
            "Ann Roe, Bridge (Noon), 2012.",
            "Bo Low. Courtesy Hill Gallery",
        ),
        (f"{BRIDGE} © 2024 Ann Roe", BRIDGE, "Ann Roe"),
        (f"{BRIDGE} 📷️: Ann Roe", BRIDGE, "Ann Roe"),
        ("📸 Ann Roe / Unsplash", None, "Ann Roe / Unsplash"),
        (f"{BRIDGE} File photo by Ann Roe", BRIDGE, "Ann Roe"),
        ("Photo courtesy Hill Council", None, "Hill Council"),
        ("The bridge at noon (c) Ann Roe", "The bridge at noon", "Ann Roe"),
        ("The bridge (a) at noon, (b) at dusk, (c) Ann Roe on it", None, None),
        ("İstanbul'da köprü. Fotoğraf: Ayşe Kızıl", "İstanbul'da köprü.", "Ayşe Kızıl"),
        ("Most w nocy, fot. Anna Rak", "Most w nocy", "Anna Rak"),
        ("夜の橋を渡る人たち 出典：みなと市", "夜の橋を渡る人たち", "みなと市"),
        ("夜晚的大橋。記者王紅／攝影", "夜晚的大橋。", "記者王紅"),
        ("The bridge, etching, 1800 — Source.", None, None),
        ("Ponte de noite (Divulgação)", "Ponte de noite", "Divulgação"),
    ],
)
def test_credits_have_many_forms(caption: str, text: str | None, credit: str | None) -> None:
    assert split_credit(caption) == (text or (None if credit else caption), credit)


@pytest.mark.parametrize(
    ("credit", "found"),
    [
        ("(Ann Roe — Coast Post)", "Ann Roe — Coast Post"),
        ("(Hill Council via Facebook)", "Hill Council via Facebook"),
        ("PHOTO ANN ROE, COAST POST", "ANN ROE, COAST POST"),
        ("Photo DR", "DR"),
        ("ANN ROE POUR « LE COURRIER »", "ANN ROE POUR « LE COURRIER »"),
        ("—AFP", "AFP"),
        ("COAST PHOTO/Ann Roe", "COAST PHOTO/Ann Roe"),
        ("Reprodução/Instagram", "Reprodução/Instagram"),
        ("| Foto: Ann Roe (ACN)", "Ann Roe (ACN)"),
        ("Yes/No", None),
    ],
)
def test_a_caption_may_end_with_a_credit_without_a_label(credit: str, found: str | None) -> None:
    assert split_trailing_credit(f"{BRIDGE}{'' if credit.startswith('—') else ' '}{credit}") == (
        (BRIDGE, found) if found else (f"{BRIDGE} {credit}", None)
    )


@pytest.mark.parametrize(
    ("line", "is_credit"),
    [
        ("Photo via Pexels", True),
        ("Hero image by Ann Roe on Unsplash", True),
        ("Photos from Monday show that the bridge was painted", False),
    ],
)
def test_a_line_of_who_made_a_picture_has_names_alone(line: str, is_credit: bool) -> None:
    assert is_credit_line(line) == is_credit


@pytest.mark.parametrize(
    ("caption", "text", "credit"),
    [
        ("The bridge (foto Ansa)", "The bridge", "Ansa"),
        ("The bridge (photo of the year)", "The bridge (photo of the year)", None),
        ("다리를 건너는 사람들 [연합뉴스 자료사진]", "다리를 건너는 사람들", "연합뉴스 자료사진"),
        ("The bridge; photo by Ann Roe.", "The bridge", "Ann Roe"),
        ("The bridge. Photo: Ann Roe)", "The bridge.", "Ann Roe"),
        ("The bridge. Photo: Ann Roe (WIRE)", "The bridge.", "Ann Roe (WIRE)"),
        ("写真・図版橋を渡る人たち", "写真・図版橋を渡る人たち", None),
        ("The bridge. Photo: N.A.S.A.", "The bridge.", "N.A.S.A."),
        ("The bridge. Photo: A. B.", "The bridge.", "A. B."),
        ("The bridge. " + "Photo: " + "x" * 111, None, None),
        ("The bridge. " + "Photo: " + "x" * 110, "The bridge.", "x" * 110),
        ("The bridge. " + "Photo:" + " xy" * 15, None, None),
        ("x" * MAX_CAPTION_CHARACTERS + " (Getty)", None, None),
    ],
    ids=[
        "label in parentheses",
        "no name in them",
        "brackets",
        "semicolon",
        "one parenthesis",
        "two of them",
        "picture or figure",
        "initialism",
        "initials",
        "long credit",
        "short enough",
        "many words",
        "long text",
    ],
)
def test_captions_and_credits(caption: str, text: str | None, credit: str | None) -> None:
    assert split_credit(caption) == (text or caption, credit)
