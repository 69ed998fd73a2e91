"""The language of a text, of an article whose page declares one, and the code that a person gives."""

import pytest

from indexer.extract.language_id import article_language, default_language, detect_language
from search.errors import SettingsError
from search.model.article import Article, Paragraph

SHORT_TEXTS = [
    ("en", "Farmers blocked the bridge over the estuary on Tuesday, demanding higher prices for milk."),
    ("en", "Storm warning for the northern harbours"),
    ("de", "Bauern haben am Dienstag die Brücke gesperrt und höhere Milchpreise verlangt."),
    ("de", "STURMWARNUNG FÜR DIE HÄFEN DER NORDKÜSTE"),
    ("nl", "Boeren hebben dinsdag de brug over de rivier geblokkeerd en eisen een hogere melkprijs."),
    ("fr", "Des agriculteurs ont bloqué mardi le pont de l’estuaire pour réclamer un meilleur prix du lait."),
    ("es", "Los agricultores bloquearon el martes el puente y exigieron mejores precios para la leche."),
    ("pt", "Os agricultores bloquearam na terça-feira a ponte e exigiram melhores preços para o leite."),
    ("ca", "Els pagesos van tallar dimarts el pont i van exigir un preu més alt per a la llet."),
    ("gl", "Os gandeiros cortaram o martes a ponte da ría e esixiron un mellor prezo para o leite das súas vacas."),
    ("it", "Gli agricoltori hanno bloccato martedì il ponte e chiedono un prezzo più alto per il latte."),
    ("ro", "Fermierii au blocat marți podul și au cerut un preț mai bun pentru lapte."),
    ("da", "Landmænd spærrede tirsdag broen over fjorden og krævede en højere pris for mælken, siger politiet."),
    ("no", "Bønder sperret tirsdag broen over fjorden og krevde høyere pris for melken, sier politiet."),
    ("sv", "Lantbrukare spärrade på tisdagen bron över viken och krävde ett högre pris för mjölken."),
    ("is", "Bændur lokuðu brúnni á þriðjudag og kröfðust hærra verðs fyrir mjólkina."),
    ("fi", "Maanviljelijät sulkivat sillan tiistaina ja vaativat maidosta parempaa hintaa."),
    ("et", "Põllumehed sulgesid teisipäeval silla ja nõudsid piima eest kõrgemat hinda."),
    ("cs", "Zemědělci v úterý zablokovali most a požadovali vyšší cenu za mléko, řekla policie."),
    ("sk", "Poľnohospodári v utorok zablokovali most a žiadali vyššiu cenu za mlieko, povedala polícia."),
    ("pl", "Rolnicy zablokowali we wtorek most i zażądali wyższych cen za mleko."),
    ("sl", "Kmetje so v torek zaprli most in zahtevali višjo ceno za mleko."),
    ("hu", "A gazdák kedden lezárták a hidat, és magasabb árat követeltek a tejért."),
    ("tr", "Çiftçiler salı günü köprüyü kapattı ve süt için daha yüksek fiyat istedi."),
    ("eu", "Nekazariek zubia itxi zuten asteartean, eta esnearen prezio hobea eskatu zuten."),
    ("lt", "Ūkininkai antradienį užblokavo tiltą ir pareikalavo didesnės pieno kainos."),
    ("lv", "Zemnieki otrdien bloķēja tiltu un pieprasīja augstāku piena cenu."),
    ("id", "Para petani memblokir jembatan pada Selasa karena mereka menuntut harga susu yang lebih tinggi."),
    ("vi", "Nông dân đã chặn cây cầu hôm thứ Ba và yêu cầu giá sữa cao hơn."),
    ("ru", "Фермеры во вторник перекрыли мост и потребовали повысить закупочные цены на молоко."),
    ("uk", "Фермери у вівторок перекрили міст і вимагали підвищити закупівельні ціни на молоко."),
    ("bg", "Фермерите блокираха във вторник моста и поискаха по-висока цена за млякото."),
    ("be", "Фермеры ў аўторак перакрылі мост і запатрабавалі больш высокіх цэн на малако."),
    ("mk", "Земјоделците го блокираа мостот во вторник и побараа повисока цена за млекото."),
    ("el", "Οι αγρότες έκλεισαν την Τρίτη τη γέφυρα."),
    ("ar", "أغلق المزارعون الجسر يوم الثلاثاء وطالبوا برفع سعر الحليب."),
    ("fa", "کشاورزان روز سه‌شنبه پل را بستند و خواستار افزایش قیمت شیر شدند."),
    ("ur", "کسانوں نے منگل کو پل بند کر دیا اور دودھ کی زیادہ قیمت کا مطالبہ کیا۔"),
    ("he", "החקלאים חסמו ביום שלישי את הגשר ודרשו מחיר גבוה יותר"),
    ("hi", "किसानों ने मंगलवार को पुल बंद कर दिया और दूध का दाम बढ़ाने की मांग की।"),
    ("mr", "शेतकऱ्यांनी मंगळवारी पूल बंद केला आणि दुधाला जास्त भाव देण्याची मागणी केली."),
    ("zh", "农民周二封锁了河口大桥，要求提高牛奶的收购价格，警方说。"),
    ("ja", "農家は火曜日に橋を封鎖し、牛乳の値上げを求めた。"),
    ("ko", "농민들은 화요일 다리를 막고 우유 가격 인상을 요구했다."),
    ("th", "เกษตรกรปิดสะพานเมื่อวันอังคารและเรียกร้องราคานม"),
]


@pytest.mark.parametrize(("language", "text"), SHORT_TEXTS, ids=[text[:25] for _, text in SHORT_TEXTS])
def test_one_sentence_tells_its_language(language: str, text: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("either", "text"),
    [
        ({"da", "no", None}, "Kongen åbner broen i dag klokken ni"),
        ({"hr", "bs", "sr", None}, "Seljaci su u utorak zatvorili most i zatražili višu cijenu mlijeka."),
        ({"sr", "hr", "bs", None}, "Seljaci su u utorak zatvorili most i zatražili višu cenu mleka."),
        ({"ms", "id", None}, "Para petani menutup jambatan itu pada hari Selasa."),
    ],
    ids=["da-no", "hr", "sr", "ms"],
)
def test_where_two_languages_write_alike_it_is_one_of_them_or_none(either: set[str | None], text: str) -> None:
    assert detect_language(text) in either


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Truce",
        "Maria Lopez, Jean Dupont, Ivan Petrov, Hans Schmidt",
        "1 204,50   3 981,00   17:30   2022-03-04   +4.2 %",
        "for (i = 0; i < n; i++) { sum += a[i] * b[i]; }",
        "https://news.example/2022/03/04/a1b2c3.html?ref=rss",
        "FC 3 2 SV 1 4 TSV 0 0 VfL 2 2",
    ],
)
def test_names_numbers_and_code_have_no_language(text: str) -> None:
    assert detect_language(text) is None


@pytest.mark.parametrize(
    "text", ["Våpenhvilen begynner ved midnatt", "Real Madrid, Manchester United, Bayern", "Grand Hotel Central Station"]
)
def test_a_language_that_is_but_likely_is_not_named(text: str) -> None:
    assert detect_language(text) is None


ENGLISH = "The envoys left the palace late in the evening and said that the talks are to go on for as long as it takes. "
FRENCH = "Les envoyés ont quitté le palais tard dans la soirée et ont dit que les pourparlers vont durer le temps qu’il faut. "
RUSSIAN = "Посланники покинули дворец поздно вечером и сказали, что переговоры будут продолжаться столько, сколько нужно. "


def article(text: str, declared: str | None = None) -> Article:
    return Article(source="desk/a", id="desk/a", stamp="", paragraphs=(Paragraph(text),), language=declared)


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("en", FRENCH * 3, "fr"),
        ("en", RUSSIAN * 2, "ru"),
        ("de", ENGLISH * 3, "en"),
        ("ru", ENGLISH * 3, "en"),
        ("zh", FRENCH * 3, "fr"),
        ("nb", "Våpenhvilen begynner ved midnatt, og begge hærer har sagt at de vil holde den. " * 4, "nb"),
        ("en", ENGLISH + FRENCH, "en"),
        ("en", FRENCH, "en"),
        ("cy", ENGLISH * 3, "cy"),
        ("sr", "Сељаци су у уторак затворили мост и затражили вишу цену млека. " * 3, "sr"),
        ("ja", "停戦協定署名 平和会議閉幕 " * 20, "ja"),
        ("en", "Lopez 3 Dupont 2 Petrov 1 " * 20, "en"),
    ],
)
def test_a_declared_language_holds_unless_the_words_plainly_contradict(declared: str, text: str, language: str) -> None:
    assert article_language(article(text, declared)) == language


def test_the_default_is_for_articles_whose_words_do_not_tell() -> None:
    assert article_language(article("Lopez, Dupont"), "fr") == "fr"
    assert article_language(article(ENGLISH), "fr") == "en"
    assert article_language(article("Lopez, Dupont", "de"), "fr") == "de"
    assert article_language(article("Lopez, Dupont")) is None


def test_a_text_of_two_languages_has_the_one_that_most_of_it_is_in() -> None:
    assert detect_language(ENGLISH + FRENCH + ENGLISH * 3) == "en"
    assert detect_language(f"“{ENGLISH}” " + FRENCH * 5) == "fr"


@pytest.mark.parametrize(("typed", "tag"), [("en", "en"), ("EN-gb", "en"), ("pt_BR", "pt"), ("nb", "nb"), ("und", None)])
def test_a_default_language_is_its_primary_tag(typed: str, tag: str | None) -> None:
    assert default_language(typed) == tag


@pytest.mark.parametrize("typed", ["", "english", "xx", "e", "en;"])
def test_a_default_language_that_is_none_is_refused_with_what_is_accepted(typed: str) -> None:
    with pytest.raises(SettingsError, match=f"'{typed}'.*ISO 639-1"):
        default_language(typed)
