"""Lines that are not prose, and prose that looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.lexicon import line_patterns
from indexer.extract.lexicon.credits import split_credit
from indexer.extract.lexicon.line_patterns import (
    dateline_of,
    is_boilerplate,
    is_contributor_line,
    is_correction,
    is_related_line,
)


@pytest.mark.parametrize(
    ("paragraph", "place"),
    [
        ("PANMUNJOM, Korea — Two men sat down.", "PANMUNJOM, Korea"),
        ("WASHINGTON, March 3 (Wire) - The president said", "WASHINGTON"),
        ("NEW DELHI: The court said", "NEW DELHI"),
        ("RIO DE JANEIRO, Brazil — It rained.", "RIO DE JANEIRO, Brazil"),
        ("St. Petersburg — “We left”", "St. Petersburg"),
        ("BERLIN (dpa) - Der Kanzler", "BERLIN"),
        ("Berlin – Der Kanzler", "Berlin"),
        ("Bogotá | El presidente", "Bogotá"),
        ("Ciudad de México | El presidente", "Ciudad de México"),
        ("FRANKFURT. Es war ein Sonntag", "FRANKFURT"),
        ("ANN ARBOR, Mich. — The vaccine", "ANN ARBOR, Mich."),
        ("【板門店＝山田太郎】二人は座った。", "板門店"),
        ("本报北京8月9日电（记者 王小明）两国", "北京"),
        ("Bogotá, 10 mar (EFE).- El presidente", "Bogotá"),
        ("PARIS, 3 mai (Agence) – Le président", "PARIS"),
        ("新华社北京10月10日电 两国", "北京"),
        ("[東京 10日 ロイター] - 両国", "東京"),
        ("(서울=연합뉴스) 홍길동 기자 = 두 나라", "서울"),
    ],
)
def test_a_dateline_gives_its_place(paragraph: str, place: str) -> None:
    assert dateline_of(paragraph) == place


@pytest.mark.parametrize(
    "paragraph",
    [
        "Apple — which makes phones — said",
        "WATCH — The best of the day",
        "EU — The union said",
        "In Berlin – Der Rat",
        "Nein. Es war kein Sonntag",
        "The war — And then",
        "",
    ],
)
def test_a_dash_alone_makes_no_dateline(paragraph: str) -> None:
    assert dateline_of(paragraph) is None


@pytest.mark.parametrize(
    ("caption", "text", "credit"),
    [
        ("Cars wait outside. (Ann Poe/Wire)", "Cars wait outside.", "Ann Poe/Wire"),
        ("Cars wait outside. Photo: Ann Poe", "Cars wait outside.", "Ann Poe"),
        ("Cars wait outside. Photograph: Ann Poe/The Beacon", "Cars wait outside.", "Ann Poe/The Beacon"),
        ("Cars wait outside. REUTERS/Ann Poe", "Cars wait outside.", "REUTERS/Ann Poe"),
        ("Cars wait outside (Getty Images)", "Cars wait outside", "Getty Images"),
        ("Autos warten (Foto: dpa)", "Autos warten", "dpa"),
        ("Des voitures. | Crédit photo : Jean Dupont", "Des voitures.", "Jean Dupont"),
        ("Cars wait © Ann Poe", "Cars wait", "Ann Poe"),
        ("Bild: TT", None, "TT"),
        ("写真提供:AP", None, "AP"),
        ("式典の会場＝10日午前（撮影・山田太郎）", "式典の会場＝10日午前", "山田太郎"),
        ("会场灯火通明。（王小明 摄／某图片社）", "会场灯火通明。", "王小明 摄／某图片社"),
        ("会场灯火通明。（王小明 摄）", "会场灯火通明。", "王小明"),
        ("式典＝10日、東京、山田太郎撮影", "式典＝10日、東京", "山田太郎"),
        ("Image source, Getty Images", None, "Getty Images"),
        ("Image caption, The bridge", "The bridge", None),
        ("The actor (as a spider) at home", "The actor (as a spider) at home", None),
        ("Two women look at a photo: they cry.", "Two women look at a photo: they cry.", None),
        ("The mayor (left) and the judge (right)", "The mayor (left) and the judge (right)", None),
        ("", None, None),
    ],
)
def test_caption_and_credit_are_told_apart(caption: str, text: str | None, credit: str | None) -> None:
    assert split_credit(caption) == (text, credit)


@pytest.mark.parametrize(
    "line",
    [
        "READ MORE: The vote in maps",
        "Lea también: El mapa",
        "Lire aussi : La carte",
        "Lesen Sie auch: Die Karte",
        "Mehr zum Thema",
        "Les også: Kartet",
        "Läs också: Kartan",
        "Leia também: O mapa",
        "Leggi anche: La mappa",
        "Lees ook: De kaart",
        "Lue myös: Kartta",
        "Czytaj także: Mapa",
        "Čtěte také: Mapa",
        "Citește și: Harta",
        "Читайте также: Карта",
        "Διαβάστε επίσης: Ο χάρτης",
        "Baca juga: Peta",
        "関連記事：地図",
        "相关阅读：地图",
        "관련 기사: 지도",
        "اقرأ أيضا: الخريطة",
        "Lire aussi La carte de la guerre",
    ],
)
def test_pointers_to_other_stories_are_recognised(line: str) -> None:
    assert is_related_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "4 min read",
        "Lesezeit: 4 Minuten",
        "Tiempo de lectura: 3 min",
        "Advertisement",
        "Share",
        "© 2020 The Beacon. All rights reserved",
        "Sign up for The Ledger Briefing, the day in ten paragraphs. Enter your email address",
        "This entry was posted in Lakes by Jane Doe.",
        "Dieser Beitrag wurde unter Seen abgelegt und mit Eis verschlagwortet.",
        "Gespeichert von Max Müller am 7. Juli 2019 - 18:44",
        "Zum Vergrößern bitte anklicken",
        "(12 votes) Loading...",
        "Abonnez-vous à notre newsletter",
        "Jetzt den Newsletter abonnieren",
        "Suscríbase a nuestro boletín",
    ],
)
def test_boilerplate_is_recognised(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "prose",
    [
        "Read the room and go, her mother used to say.",
        "Save the whales now, the children sang.",
        "Watch the skies: it comes at night.",
        "Get the best of it all by walking to the very end of the road, he said.",
        "Corrections officers said the prison was calm.",
        "He has reported from the front for eleven years.",
        "Dieser Artikel wurde in einer früheren Fassung veröffentlicht.",
        "Die Vergrößerung der Praxis kostet Geld.",
        "Follow the river to its mouth and there is the bridge.",
    ],
)
def test_prose_is_not_taken_for_anything_else(prose: str) -> None:
    assert not any(test(prose) for test in (is_related_line, is_boilerplate, is_correction, is_contributor_line))
    assert dateline_of(prose) is None


@pytest.mark.parametrize(
    "line",
    [
        "Jane Doe contributed reporting from Oslo.",
        "Jane Doe reported from Bogotá.",
        "Mitarbeit: Jens Kurz",
        "Mit Agenturmaterial.",
        "Reporting was contributed by Jane Doe and John Roe.",
        "Additional picture research by Jane Doe in Oslo.",
        "Jeanne Dupont (avec agences)",
        "（综合某某社消息）",
        "取材協力・某通信",
        "Con información de Pedro Gil.",
    ],
)
def test_contributor_lines_are_recognised(line: str) -> None:
    assert is_contributor_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "Correction: July 23, 1954",
        "An earlier version of this article misstated the day.",
        "Korrektur: Es sind zwölf.",
        "Fe de errores: Son doce.",
        "Fe de errores. Son doce.",
        "Correction, 20 May 1994: It was twelve.",
        "An earlier version of the caption misstated the day.",
        "UPDATE, Feb. 20: This article has been updated.",
        "Rectificatif : Ils sont douze.",
        "Berichtigung: Es sind zwölf.",
        "【訂正】十二人でした。",
        "更正：应为十二人。",
    ],
)
def test_corrections_are_recognised(line: str) -> None:
    assert is_correction(line)


@given(st.text(max_size=150))
def test_any_text_is_read_without_an_error(text: str) -> None:
    line_patterns.dateline_of(text)
    words = " ".join(text.split())
    shown, credit = split_credit(text)
    assert len(shown or "") <= len(words)
    assert len(credit or "") <= len(words)
