"""Articles saved as plain text: every line in its own field, no prose lost."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.page import RawPage
from indexer.plaintext import extract_text, split_blocks
from search.article import Article
from search.errors import PageError

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
