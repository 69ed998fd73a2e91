"""search.service.suggestions.autocomplete and search.indexing.named_entities: what somebody who types may be about to type."""

import pytest

from search.engines.protocol import Engine
from search.indexing.named_entities import names
from search.model.article import Article, Caption, Paragraph, PrintedDate
from search.service.suggestions.autocomplete import Completion, complete
from search.service.suggestions.name_forms import one_form_each
from search.service.suggestions.titles import TITLES, is_title, without_title

TRUCE = Article(
    "desk/truce",
    "truce",
    headline="Négociations à Genève: the truce holds",
    paragraphs=(
        Paragraph("Negotiators met Mikhail Gorbachev, and Gorbachev spoke of Gorbachev's truce."),
        Paragraph("Truce. Truck."),
    ),
    captions=(Caption("The Bank of Korea and the bank"),),
    authors=("Élise Martin", "Ada O'Brien"),
    dateline="PANMUNJOM, Korea",
    language="en",
    published=PrintedDate("1985", "1985"),
)
LATER = Article(
    "desk/later",
    "later",
    headline="Truce broken",
    paragraphs=(Paragraph("Only Mikhail Gorbachev kept the truce."),),
    language="en",
    published=PrintedDate("1986", "1986"),
)
CHINESE = Article("desk/zh", "zh", headline="停火协议签署", authors=("王芳",), language="zh")


@pytest.fixture
def archive(engine: Engine) -> Engine:
    engine.add([TRUCE, LATER, CHINESE])
    return engine


def shown(engine: Engine, text: str) -> list[tuple[str, str, int | None]]:
    return [(found.kind, found.text, found.count) for found in complete(engine.reader(), text)]


def test_words_names_and_headlines_are_completed_words_and_names_by_their_articles(archive: Engine) -> None:
    assert shown(archive, "tru") == [
        ("word", "truce", 2),
        ("word", "truck", 1),
        ("headline", "Truce broken", None),
        ("headline", "Négociations à Genève: the truce holds", None),
    ]
    assert complete(archive.reader(), "truce bro") == [
        Completion("truce broken", "word", "broken", 1),
        Completion("Truce broken", "headline", article=LATER),
    ]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("mik", ("name", "Mikhail Gorbachev", 2)),
        ("mikhail gor", ("name", "Mikhail Gorbachev", 2)),
        ("the truce of mikhail g", ("name", "the truce of Mikhail Gorbachev", 2)),
        ("MIKHAIL GÓR", ("name", "Mikhail Gorbachev", 2)),
        ("bank of", ("name", "Bank of Korea", 1)),
        ("elise", ("name", "Élise Martin", 1)),
        ("mart", ("name", "Élise Martin", 1)),
        ("obri", None),
        ("o'bri", ("name", "Ada O'Brien", 1)),
        ("panm", ("name", "Panmunjom", 1)),
        ("王", ("name", "王芳", 1)),
        ("negoc", ("word", "négociations", 1)),
        ("Negoc", ("word", "Négociations", 1)),
        ("NEGOC", ("word", "NÉGOCIATIONS", 1)),
        ("korea OR negoc", ("word", "korea OR négociations", 1)),
        ("(-negoc", ("word", "(-négociations", 1)),
        ('"the tru', ("word", '"the truce', 2)),
        ("author:mar", ("word", "author:martin", 1)),
        ("headline:bro", ("word", "headline:broken", 1)),
        ("停火", ("headline", "停火协议签署", None)),
    ],
)
def test_the_last_word_or_name_is_completed_and_the_rest_kept(
    archive: Engine, typed: str, completed: tuple[str, str, int | None] | None
) -> None:
    found = shown(archive, typed)
    assert completed in found if completed else not found


def test_a_name_is_shown_once_and_not_as_a_word_too(archive: Engine) -> None:
    assert shown(archive, "gorb") == [("name", "Gorbachev", 2), ("name", "Mikhail Gorbachev", 2)]


def by(*authors: str) -> list[Article]:
    return [Article(f"desk/{number}", str(number), authors=(author,), language="en") for number, author in enumerate(authors)]


@pytest.mark.parametrize(
    ("names", "typed", "completed"),
    [
        (["President Ada Ng", "US President Ada Ng", "President Ada Ng", "Ada Ng"], "ada", [("Ada Ng", 4)]),
        (["President Ada Ng", "US President Ada Ng", "Ada Ng"], "ng", [("Ada Ng", 3)]),
        (["President Ada Ng", "US President Ada Ng", "US President Ada Ng"], "ada", [("US President Ada Ng", 2)]),
        (["President Ada Ng", "US President Ada Ng"], "presid", [("President Ada Ng", 2)]),
        (["Rapper Ada Ng", "Ada Ng"], "ada", [("Ada Ng", 2)]),
        (["Mr Ng", "Ng"], "ng", [("Ng", 2)]),
        (["Mr Ng"], "ng", [("Mr Ng", 1)]),
        (["Rapper Ada Ng", "Ada Ng", "Rapper Ng", "Ng"], "ng", [("Ng", 4), ("Ada Ng", 2)]),
        (["Bundeskanzlerin Ada Ng", "Ada Ng"], "bund", [("Bundeskanzlerin Ada Ng", 1)]),
        (["Bo Ng", "Ada Ng"], "ng", [("Ada Ng", 1), ("Bo Ng", 1)]),
        (["Ada Lihm", "Ada Lihm", "Ada Lihms"], "ada", [("Ada Lihm", 2)]),
        (["Ada Lihms", "Ada Lihms", "Ada Lihm"], "ada", [("Ada Lihms", 2), ("Ada Lihm", 1)]),
    ],
)  # fmt: skip
def test_forms_of_one_name_are_one_completion(
    engine: Engine, names: list[str], typed: str, completed: list[tuple[str, int]]
) -> None:
    engine.add(by(*names))
    assert [(found.completed, found.count) for found in complete(engine.reader(), typed) if found.kind == "name"] == completed


def test_many_forms_of_one_name_leave_room_for_other_names(engine: Engine) -> None:
    titles = ("President", "US President", "Chancellor", "Senator", "Governor")
    engine.add(by(*(f"{title} Ada Ng" for title in (*titles, *titles)), "Ada Ng", "Ada Li"))
    assert [found.completed for found in complete(engine.reader(), "ada") if found.kind == "name"] == ["Ada Ng", "Ada Li"]


def test_the_count_is_of_the_completed_word_or_name_alone(archive: Engine) -> None:
    found = {(each.kind, each.completed): each.count for each in complete(archive.reader(), "panmunjom mik")}
    assert found == {("name", "Mikhail Gorbachev"): 2, ("word", "mikhail"): 2}
    assert [(each.completed, each.count) for each in complete(archive.reader(), "korea broken tru")][:2] == [
        ("truce", 2),
        ("truck", 1),
    ]
    assert [(each.completed, each.count) for each in complete(archive.reader(), "korea headline:tru")] == [("truce", 2)]
    assert [(each.completed, each.count) for each in complete(archive.reader(), "korea caption:ban")] == [("bank", 1)]


def test_a_full_name_proves_what_stands_before_it_to_be_a_title() -> None:
    assert one_form_each({"Kapellmeister Ada Ng": 3, "Ada Ng": 2, "Kapellmeister Ng": 2, "Ng": 1}) == ["Ada Ng", "Ng"]
    assert one_form_each({"Kapellmeister Ng": 2, "Ng": 1}) == ["Kapellmeister Ng", "Ng"]


@pytest.mark.parametrize("title", sorted(TITLES))
def test_each_title_is_one_whatever_its_case_and_full_stop(title: str) -> None:
    assert is_title(title.capitalize() + ".")
    assert is_title("US-" + title)
    assert without_title([title.capitalize(), "Ng"]) == ["Ng"]
    assert without_title(["Prime", title.capitalize()]) == ["Prime", title.capitalize()]


@pytest.mark.parametrize("typed", ["", " ", "t", "tru ", "tru)", "x" * 300, "\ud800", "\0", "tr\x1fx", "headline:", "***", "zzz"])
def test_what_cannot_be_completed_is_not_and_does_no_harm(archive: Engine, typed: str) -> None:
    assert complete(archive.reader(), typed) == []


def test_nothing_of_removed_or_earlier_versions_is_completed(archive: Engine) -> None:
    archive.add([Article("desk/new", "truce", captured="2020-01-01T00:00:00Z", headline="Nothing left", language="en")])
    archive.remove(["desk/zh"])
    assert (shown(archive, "elise"), shown(archive, "truck"), shown(archive, "停")) == ([], [], [])
    assert shown(archive, "mik") == [("name", "Mikhail Gorbachev", 1), ("word", "mikhail", 1)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Yesterday Ada Ng met the Bank of Korea.", ["Ada Ng", "Bank of Korea"]),
        ("en", "They met. They left. Others saw that they left.", []),
        ("en", "The president met Ng. Ng spoke, Ng left.", ["Ng"]),
        ("en", "Seen by Ng. Ng Li came.", ["Ng Li"]),
        ("en", "They saw Apple and Apple, an apple each.", []),
        ("en", "He met Mr. Ian Hale and Gen. Lee in St. Petersburg.", ["Ian Hale", "Gen. Lee", "St. Petersburg"]),
        ("en", "It was J.R.R. Tolkien's, then Jean-Luc O'Neill’s U.S. home.", ["J.R.R. Tolkien", "Jean-Luc O'Neill"]),
        ("en", "“Ask Ada Ng,” said he. “Never Ada Ng.”", ["Ada Ng"]),
        ("en", "THEY MET ADA NG AND BO LI", []),
        ("en", "on Ada Ng Bo Li Jo Hale Ann Reed", []),
        ("fr", "Hier à l'Élysée, d'Élysée, Ursula de la Tour.", ["Ursula de la Tour", "Élysée"]),
        (
            "de",
            "Die Verhandlungen mit Angela Merkel. Die Verhandlungen, die Merkel führt, und Merkel.",
            ["Angela Merkel", "Merkel"],
        ),
        ("ru", "Вчера президент встретил Анну Каренину.", ["Анну Каренину"]),
        ("zh", "停火协议签署。", []),
    ],
)
def test_names_are_what_the_text_capitalises_inside_sentences(language: str, text: str, expected: list[str]) -> None:
    assert sorted(names(Article("desk/a", "a", paragraphs=(Paragraph(text),), language=language))) == sorted(expected)


def test_authors_and_places_are_names() -> None:
    assert names(Article("desk/a", "a", authors=("王芳", "Ada Ng"), dateline="GENEVA, Switzerland")) == [
        "王芳", "Ada Ng", "Geneva", "Switzerland",
    ]  # fmt: skip
