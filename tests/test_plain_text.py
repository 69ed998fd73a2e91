"""Articles saved as plain text: every line in its own field, no prose lost."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.plain_text import extract_text, split_blocks
from indexer.sources.raw_page import RawPage
from search.errors import PageError
from search.model.article import Article

PAGE = RawPage("demo/truce.txt", "", b"", kind="text")

ENGLISH = """
The River Herald

World | Europe

Truce signed at the river after eleven years of war

Both armies stay on their banks; observers are to come on Monday

By JANE DOE and JOHN ROE

May 3, 1954, 6:15 p.m.

4 min read

Soldiers look across the bridge on Sunday. (Ann Poe/Continental Wire)

SEATOWN, Norland — The guns fell silent at noon on Sunday, and in the villages along the river people went out into the street and did not know what to do with so much quiet.

The map of the war: who holds what

What was agreed

“Nobody has won, and that is the best that can be said of it,” the mediator said as he left the hall. He would not say more, and he had lost his hat.

“Nobody has won, and that is the best that can be said of it”

“We counted in years, then in days.”

A baker opened his shop again. (He sold out by three.)

Lena Graf contributed reporting from Seatown.

Correction: May 5, 1954
An earlier version of this article misstated the hour of the truce. It was noon.

Tags: truce, war, U.N.

Sign up for The Herald Briefing. Enter your email address
"""  # noqa: E501

SPANISH = """
El Heraldo del Sur

Internacional

La tregua entra en vigor tras once años de guerra

Los dos ejércitos se detienen en el río y esperan a los observadores

Por María Pérez y José Ortega y Gasset

10 de marzo de 2022, 18:30 h

4 min de lectura

Dos soldados miran el puente. (Ana Ruiz/Agencia Norte)

SANTA CRUZ, 10 mar (Norte).- Los cañones callaron a mediodía y en los pueblos de la orilla la
gente salió a la calle sin saber muy bien qué hacer con tanto silencio.

Lea también: El mapa de la guerra

Los observadores llegarán el lunes por la mañana en dos aviones.

Con información de Pedro Gil en Valdelagua.

Fe de errores: Una versión anterior de este artículo decía que eran tres aviones.

Etiquetas: tregua, guerra

Suscríbase a nuestro boletín
"""

FRENCH = """
Le Courrier du Soir
Monde
Le cessez-le-feu entre en vigueur
Les deux armées s'arrêtent au bord du fleuve après onze ans de guerre
Par Jean Dupont et Claire Martin, envoyée spéciale
Publié le 3 mai 2021 à 18h30, mis à jour le 4 mai 2021 à 7h05
Temps de lecture : 3 min
Des soldats au bord du fleuve, lundi. | Crédit photo : Luc Petit/Agence Nord
BELLERIVE (Agence Nord) – Les canons se sont tus à midi, et dans les villages de la rive les gens sont sortis sans savoir que faire d'un tel silence.
Lire aussi : La carte de la guerre
Les observateurs arriveront lundi matin dans deux avions.
Mots-clés : trêve, guerre
Abonnez-vous à notre newsletter
"""  # noqa: E501

GERMAN = """
                           Lindenbote

                        Politik / Ausland

   Die Waffen schweigen nach elf Jahren Krieg am Fluss, und keiner
                        glaubt es recht

   Beide Heere bleiben am Ufer stehen und warten auf die Beobachter

Von Anna Berg und Max Müller, Korrespondentin in Seestadt

Montag, 3. Mai 2021, 18.30 Uhr

Lesezeit: 4 Minuten

Soldaten am Ufer (Foto: Karl Kurz/Nordbild)

SEESTADT (Nord) - Die Geschütze schwiegen um zwölf Uhr mittags, und in
den Dörfern am Ufer gingen die Leute auf die Straße und wussten nicht,
was sie mit so viel Stille anfangen sollten. Ein Bäcker öffnete wieder.

Lesen Sie auch: Die Karte des Krieges

Der Vermittler verließ den Saal spät und ohne Krawatte. „Niemand hat
gesiegt, und das ist das Beste, was man sagen kann“, sagte er.

Mitarbeit: Jens Kurz

Korrektur: In einer früheren Version hieß es, es sei ein Uhr gewesen.

Schlagwörter: Waffenruhe, Krieg

Jetzt den Newsletter abonnieren
"""


def _article(text: str) -> Article:
    return extract_text(text, PAGE)


def test_an_english_page_has_every_line_in_its_field() -> None:
    article = _article(ENGLISH)
    assert (article.publisher, article.section) == ("The River Herald", "World")
    assert article.headline == "Truce signed at the river after eleven years of war"
    assert article.standfirst == "Both armies stay on their banks; observers are to come on Monday"
    assert article.authors == ("Jane Doe", "John Roe")
    assert article.published is not None
    assert article.published.iso == "1954-05-03T18:15"
    assert article.dateline == "SEATOWN, Norland"
    assert [(c.text, c.credit, c.after) for c in article.captions] == [
        ("Soldiers look across the bridge on Sunday.", "Ann Poe/Continental Wire", 0)
    ]
    assert [(p.kind, p.text[:12]) for p in article.paragraphs] == [
        ("text", "SEATOWN, Nor"),
        ("subhead", "What was agr"),
        ("text", "“Nobody has "),
        ("quote", "“We counted "),
        ("text", "A baker open"),
    ]
    assert article.contributors == "Lena Graf contributed reporting from Seatown."
    assert article.corrections == (
        "Correction: May 5, 1954 An earlier version of this article misstated the hour of the truce. It was noon.",
    )
    assert (article.tags, article.language) == (("truce", "war", "U.N."), "en")


@pytest.mark.parametrize(
    ("text", "language", "publisher", "authors", "published", "dateline", "credit", "paragraphs", "tags"),
    [
        (
            SPANISH,
            "es",
            "El Heraldo del Sur",
            ("María Pérez", "José Ortega y Gasset"),
            "2022-03-10T18:30",
            "SANTA CRUZ",
            "Ana Ruiz/Agencia Norte",
            2,
            ("tregua", "guerra"),
        ),
        (
            FRENCH,
            "fr",
            "Le Courrier du Soir",
            ("Jean Dupont", "Claire Martin"),
            "2021-05-03T18:30",
            "BELLERIVE",
            "Luc Petit/Agence Nord",
            2,
            ("trêve", "guerre"),
        ),
        (
            GERMAN,
            "de",
            "Lindenbote",
            ("Anna Berg", "Max Müller"),
            "2021-05-03T18:30",
            "SEESTADT",
            "Karl Kurz/Nordbild",
            2,
            ("Waffenruhe", "Krieg"),
        ),
    ],
    ids=["Spanish", "French", "German"],
)
def test_pages_of_other_languages_are_sorted_alike(
    text: str,
    language: str,
    publisher: str,
    authors: tuple[str, ...],
    published: str,
    dateline: str,
    credit: str,
    paragraphs: int,
    tags: tuple[str, ...],
) -> None:
    article = _article(text)
    assert (article.language, article.publisher, article.authors) == (language, publisher, authors)
    assert article.published is not None
    assert (article.published.iso, article.dateline, article.tags) == (published, dateline, tags)
    assert article.standfirst is not None
    assert [caption.credit for caption in article.captions] == [credit]
    assert [paragraph.kind for paragraph in article.paragraphs] == ["text"] * paragraphs


CAPTIONED = {
    "en": """THE QUAY LEDGER\n
Ferries to sail again after nineteen days\n
Crews wave from the deck of the first ferry on Monday.Credit...Ines Vold for The Quay Ledger\n
By Miriam Oakes\n
Miriam Oakes has covered the harbour since 2009.\n
March 14, 2019\n
Share full article\n
SKELLWICK, Norway — The ferries sailed again on Monday, and nobody on the quay could say who had given way.\n
The fares will rise by ten cents in spring, and two more boats will cross on Sunday evenings.\n
Lars Moe contributed reporting from Oslo.""",
    "es": """EL FARO DE LA RIBERA\n
AGUA\n
Los regantes del valle reparten el agua del embalse\n
Una acequia seca a las afueras de Valdemora, este lunes.
RUBÉN SALAS (EFE)\n
LUCÍA ARENAS
Valdemora - 12 JUL 2021 - 18:30 CEST\n
VALDEMORA — Siete pueblos firmaron este lunes un acuerdo que reparte los turnos de riego por horas.\n
MÁS INFORMACIÓN
El pueblo que cerró su fuente para siempre\n
Cada pueblo tiene un voto en la junta del agua, también los más pequeños del valle.\n
Marta Olmedo contribuyó con información desde Zaragoza.""",
    "fr": """La Gazette de l’Estuaire\n
Société\n
Les bacs du fleuve reprennent après un accord\n
Le conseil a cédé sur les horaires d’hiver, les passeurs sur le prix du billet.\n
Par Élise Vautrin et Paul Garrec (Port-Minet, envoyé spécial)\n
Publié le 03 février 2020 à 07h15\n
Temps de Lecture 4 min.\n
Le premier bac quitte l’embarcadère de Port-Minet, le 3 février 2020. LUC FERRAND / AFP\n
PORT-MINET (AFP) - Les bacs qui relient les deux rives ont repris lundi après dix-neuf jours de grève.\n
Lire aussi
Article réservé à nos abonnés
Le pont que personne n’a construit\n
Le prix du billet augmentera de dix centimes au printemps, et personne ne s’en est plaint.\n
Élise Vautrin et Paul Garrec (Port-Minet, envoyé spécial)""",
    "de": """Märkische Zeitung\n
Streit um die Schleuse\n
Dörfer am See einigen sich nach vier Jahren vor Gericht\n
Stand: 09.11.2018 | Lesedauer: 4 Minuten\n
Von Annika Terbeck\n
Die alte Schleuse bei Wendorf soll bis zum Frühjahr erneuert werden\n
Quelle: dpa/Jonas Kühl\n
WENDORF. Fünf Gemeinden am See haben am Freitag einen Vertrag über die Kosten der Schleuse unterschrieben.\n
Lesen Sie auch\n
Als der See im Sommer verschwand\n
In trockenen Sommern wird nur noch nachts geschleust, und die Ausflugsschiffe müssen warten.\n
dpa/ate""",
}
CAPTIONED_FIELDS = {
    "en": (
        "THE QUAY LEDGER", None, "Ferries to sail again after nineteen days", None, ("Miriam Oakes",), "2019-03-14",
        "SKELLWICK, Norway", "Ines Vold for The Quay Ledger", "Lars Moe contributed reporting from Oslo.",
    ),
    "es": (
        "EL FARO DE LA RIBERA", "AGUA", "Los regantes del valle reparten el agua del embalse", None, ("Lucía Arenas",),
        "2021-07-12", "VALDEMORA", "RUBÉN SALAS/EFE", "Marta Olmedo contribuyó con información desde Zaragoza.",
    ),
    "fr": (
        "La Gazette de l’Estuaire", "Société", "Les bacs du fleuve reprennent après un accord",
        "Le conseil a cédé sur les horaires d’hiver, les passeurs sur le prix du billet.", ("Élise Vautrin", "Paul Garrec"),
        "2020-02-03", "PORT-MINET", "LUC FERRAND / AFP", None,
    ),
    "de": (
        "Märkische Zeitung", None, "Streit um die Schleuse", "Dörfer am See einigen sich nach vier Jahren vor Gericht",
        ("Annika Terbeck",), "2018-11-09", "WENDORF", "dpa/Jonas Kühl", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", CAPTIONED)
def test_captions_above_the_text_and_pointers_without_a_colon_are_told_apart(language: str) -> None:
    article = extract_text(CAPTIONED[language], PAGE)
    (caption,) = article.captions
    published = article.published.iso[:10] if article.published else None
    assert (
        article.publisher, article.section, article.headline, article.standfirst, article.authors, published,
        article.dateline, caption.credit, article.contributors,
    ) == CAPTIONED_FIELDS[language]  # fmt: skip
    assert caption.after == 0
    assert [paragraph.kind for paragraph in article.paragraphs] == ["text", "text"]
    assert article.language == language


@pytest.mark.parametrize(
    ("lines", "headline"),
    [
        ("The Quay Ledger\n\nWritten on the water\n\nSociety\n\nFerries sail again today", "Ferries sail again today"),
        ("The Quay Ledger\n\nFair and early since 1871\n\nFerries sail again today", "Ferries sail again today"),
        ("The Quay Ledger\n\nFerries sail again today\n\nNobody on the quay knows why", "Ferries sail again today"),
    ],
    ids=["before a section", "with a year", "none"],
)
def test_a_slogan_is_no_headline(lines: str, headline: str) -> None:
    text = (
        f"{lines}\n\nBy Ann Poe\n\nMay 3, 1954\n\nThe ferries sailed again on Monday, and nobody could say why they had stopped."
    )
    article = extract_text(text, PAGE)
    assert (article.publisher, article.headline) == ("The Quay Ledger", headline)


def test_a_quotation_with_its_speaker_is_a_paragraph() -> None:
    text = "Ferries sail\n\n“Nobody has won,” said Harald Moe, who keeps the books. “That is how you know it is fair.”"
    assert [paragraph.kind for paragraph in extract_text(text, PAGE).paragraphs] == ["text"]


def test_an_update_is_kept_apart_from_the_publication() -> None:
    article = _article(FRENCH)
    assert article.updated is not None
    assert article.updated.iso == "2021-05-04T07:05"


def test_hard_wrapped_lines_are_one_paragraph_again() -> None:
    article = _article(GERMAN)
    assert article.headline == "Die Waffen schweigen nach elf Jahren Krieg am Fluss, und keiner glaubt es recht"
    assert article.paragraphs[0].text.endswith(
        "und wussten nicht, was sie mit so viel Stille anfangen sollten. Ein Bäcker öffnete wieder."
    )


def test_the_same_text_wrapped_or_not_gives_the_same_paragraphs() -> None:
    wrapped = "\n".join(textwrap.fill(line, 72) if len(line) > 72 else line for line in ENGLISH.splitlines())
    assert _article(wrapped).paragraphs == _article(ENGLISH).paragraphs


def test_a_page_of_headline_and_text_alone_is_an_article() -> None:
    article = _article(
        "Truce signed\n\nGENEVA — The guns fell silent at noon on Sunday, and the bells rang all day long.\n\nIt rained.\n"
    )
    assert (article.headline, article.dateline, article.authors) == ("Truce signed", "GENEVA", ())
    assert [p.text for p in article.paragraphs][1:] == ["It rained."]


def test_labelled_lines_fill_their_fields() -> None:
    article = _article(
        "Headline: Truce signed\nBy: Jane Doe\nDate: March 3, 2022\nURL: https://beacon.example/truce\n\n"
        "The guns fell silent at noon on Sunday and the bells rang.\n\n- The armies stay.\n- Observers come.\n"
    )
    assert (article.headline, article.authors, article.url) == ("Truce signed", ("Jane Doe",), "https://beacon.example/truce")
    assert [p.kind for p in article.paragraphs] == ["text", "list", "list"]


@pytest.mark.parametrize("text", ["", "\n \n", "Truce signed\n"])
def test_a_text_without_paragraphs_is_no_article(text: str) -> None:
    with pytest.raises(PageError, match="no article"):
        _article(text)


_sentences = st.lists(
    st.sampled_from(["The river rose.", "By noon it was over.", "Nobody spoke of it again, she said."]), min_size=3, max_size=9
)


@given(st.lists(_sentences, min_size=1, max_size=6))
def test_no_prose_is_lost(paragraphs: list[list[str]]) -> None:
    prose = [
        f"{number}. Day after day they waited for news. {' '.join(sentences)}" for number, sentences in enumerate(paragraphs, 1)
    ]
    article = _article("Truce signed\n\nBy Jane Doe\n\nMay 3, 1954\n\n" + "\n\n".join(prose))
    assert [p.text for p in article.paragraphs] == prose


@given(st.text(alphabet="aB .\n\t-—:(“”1", max_size=200))
def test_any_text_is_an_article_or_none(text: str) -> None:
    try:
        article = _article(text)
    except PageError:
        return
    assert article.paragraphs or article.captions


def test_blocks_keep_all_words_of_the_text() -> None:
    assert " ".join(split_blocks(GERMAN)).split() == GERMAN.split()
