"""search.suggestion and search.spelling: what may have been meant by a query."""

import pytest
from oracle import edit_distance

from search.answer import Question, answer
from search.article import Article, Caption, Paragraph, PrintedDate
from search.engine import Engine
from search.settings import Limits
from search.suggestion import Suggestion
from search.typos import likelihood, one_edit

ARTICLES = [
    Article(
        f"desk/{number}",
        str(number),
        headline="Peace talks in Geneva",
        paragraphs=(
            Paragraph("The negotiators of the peace talks met Mikhail Gorbachev."),
            Paragraph("A newspaper praised them."),
        ),
        captions=(Caption("A crowd before the palace"),),
        authors=("Ada Ashdown",),
        dateline="GENEVA",
        section="World",
        language="en",
        published=PrintedDate("1985", "1985"),
    )
    for number in range(5)
] + [
    Article("desk/fr", "fr", paragraphs=(Paragraph("Les négociations reprennent à Genève."),), language="fr"),
    Article("desk/ru", "ru", paragraphs=(Paragraph("Переговоры начались."),), language="ru"),
    Article("desk/zh", "zh", paragraphs=(Paragraph("停火协议签署。"),), language="zh"),
    Article(
        "desk/piece", "piece", paragraphs=(Paragraph("A piece of music, a place, a peach. Said teh printer."),), language="en"
    ),
]


@pytest.fixture
def archive(engine: Engine) -> Engine:
    engine.add(ARTICLES)
    return engine


def suggestion(engine: Engine, text: str, **asked: object) -> Suggestion | None:
    return answer(engine, Question(text, **asked), Limits()).suggestion  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gorbachov", "gorbachev"),
        ("Gorbachov", "Gorbachev"),
        ("GORBACHOV", "GORBACHEV"),
        ("negotiatros", "negotiators"),
        ("negtoiatorz", "negotiators"),
        ("negociatoins", "négociations"),
        ("peice talks", "peace talks"),
        ("peice tlaks", "peace talks"),
        ('"peice talks" geneva', '"peace talks" geneva'),
        ('"peach talks"', '"peace talks"'),
        ('"talks peice"~3', '"talks peace"~3'),
        ("peace -music tlaks", "peace -music talks"),
        ("music OR gorbachov", "music OR gorbachev"),
        ("author:ashdwon", "author:ashdown"),
        ("caption:croud", "caption:crowd"),
        ("place:genava after:1980", "place:geneva after:1980"),
        ("peacetalks", "peace talks"),
        ("news paper", "newspaper"),
        ("перегаворы", "переговоры"),
        ("(peace tlaks) OR музыка", "(peace talks) OR музыка"),
    ],
)
def test_a_typo_is_put_right_and_the_rest_kept(archive: Engine, typed: str, meant: str) -> None:
    found = suggestion(archive, typed)
    assert found is not None
    assert found.text == meant
    assert found.total == answer(archive, Question(meant), Limits()).results.total > 0


@pytest.mark.parametrize(
    "typed",
    [
        "", "gorbachev", "peace talks", '"peace talks"', "negotiator", "piece", "zzzzzz", "停火", "停电", "gorbachov~",
        "gorbach*", "has:caption", "-gorbachov", "author:gorbachov", "1985", "((((", "gorbachov zzzzzz",
    ],
)  # fmt: skip
def test_nothing_is_suggested_for_what_is_right_or_cannot_be_put_right(archive: Engine, typed: str) -> None:
    assert suggestion(archive, typed) is None


def test_what_is_suggested_finds_something_within_the_filters(archive: Engine) -> None:
    assert suggestion(archive, "gorbachov", filters={"section": ("World",)}, from_date="1980") == Suggestion(
        "gorbachev", (("gorbachov", "gorbachev"),), 5
    )
    assert suggestion(archive, "gorbachov", filters={"section": ("Sport",)}) is None
    assert suggestion(archive, "gorbachov", to_date="1980") is None
    assert suggestion(archive, "gorbachov", query_fields=("headline",)) is None


def test_a_misprint_of_the_archive_gives_way_to_a_word_that_is_far_more_frequent(engine: Engine) -> None:
    words = Article("desk/a", "a", paragraphs=(Paragraph("goverment"),), language="xx")
    right = [Article(f"desk/{n}", str(n), paragraphs=(Paragraph("government"),), language="xx") for n in range(1000)]
    engine.add([words, *right[:999]])
    assert suggestion(engine, "goverment") is None
    engine.add(right)
    assert suggestion(engine, "goverment") == Suggestion("government", (("goverment", "government"),), 1000)


def test_words_of_removed_articles_are_not_suggested(archive: Engine) -> None:
    archive.remove([f"desk/{number}" for number in range(5)])
    assert suggestion(archive, "gorbachov") is None


def test_hostile_text_does_no_harm(archive: Engine) -> None:
    for text in ("x" * 1000, "tlaks " * 64, "\ud800peice\0", "peice" + "\u0301" * 300, '"' * 500 + "tlaks"):
        found = suggestion(archive, text)
        assert found is None or found.total > 0


def test_a_suggestion_is_made_on_the_first_page_only(archive: Engine) -> None:
    assert suggestion(archive, "gorbachov", page=2) is None


@pytest.mark.parametrize("word", ["truce", "мир", "ab", "u.s.", "ειρηνη"])
def test_all_that_one_edit_makes_is_one_edit_away(word: str) -> None:
    made = set(one_edit(word))
    assert {edit_distance(word, other) for other in made} == {0, 1}
    for index, letter in enumerate(word):
        assert word[:index] + word[index + 1 :] in made
        assert word[:index] + letter + word[index:] in made
        assert word[:index] + word[-1] + word[index + 1 :] in made


def test_a_letter_left_out_or_doubled_and_swapped_neighbours_are_likelier_than_a_wrong_letter() -> None:
    assert likelihood("trce", "truce") == likelihood("truuce", "truce") == likelihood("turce", "truce") == 1
    assert likelihood("truxe", "truce") == likelihood("truxce", "truce") < 1


def test_a_word_of_a_begun_phrase_is_corrected_and_its_beginning_kept(archive: Engine) -> None:
    meant = suggestion(archive, '"peice tal*"')
    assert meant is not None
    assert (meant.text, meant.total) == ('"peace tal*"', 5)
