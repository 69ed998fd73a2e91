"""search.service.suggestions.did_you_mean and search.spelling: what may have been meant by a query."""

import pytest
from oracle import edit_distance

from search.analysis.typo_model import edits1, likelihood
from search.engines.protocol import Engine
from search.model.article import Article, Caption, Paragraph, PrintedDate
from search.service.search import SearchParams, answer
from search.service.suggestions.did_you_mean import Suggestion
from search.settings import Limits

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
    return answer(engine.reader(), SearchParams(text, **asked), Limits()).suggestion  # type: ignore[arg-type]


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
    assert found.total == answer(archive.reader(), SearchParams(meant), Limits()).results.total > 0


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


def texts(language: str | None, **numbers: int) -> list[Article]:
    """So many articles of each text; blanks of a text are written as _."""
    return [
        Article(
            f"{language}/{text}-{n}", f"{language}-{text}-{n}", language=language, paragraphs=(Paragraph(text.replace("_", " ")),)
        )
        for text, number in numbers.items()
        for n in range(number)
    ]


@pytest.mark.parametrize(
    ("typed", "meant", "enough"),
    [("goverment", "government", 32), ("govrenment", "government", 50), ("frum", "from", 800), ("form", "from", 200)],
)
def test_a_misprint_of_the_archive_gives_way_to_a_word_that_is_far_more_frequent(
    engine: Engine, typed: str, meant: str, enough: int
) -> None:
    engine.add(texts("xx", **{typed: 1, meant: enough - 1}))
    assert suggestion(engine, typed) is None
    engine.add(texts("xx", **{meant: enough}))
    assert suggestion(engine, typed) == Suggestion(meant, ((typed, meant),), enough)


def test_a_misprint_is_in_the_language_of_what_it_is_a_misprint_of(engine: Engine) -> None:
    engine.add([*texts("xx", couple=200, goverment=1, government=90), *texts("yy", coupple=1)])
    assert suggestion(engine, "coupple") is None
    assert suggestion(engine, "goverment") == Suggestion("government", (("goverment", "government"),), 90)


@pytest.mark.parametrize(
    ("archive", "typed", "meant"),
    [
        ({"mantle": 1, "battle": 4}, "mattle", "mantle"),  # the first letter stays
        ({"trade": 2, "tardy": 6}, "tarde", "trade"),  # swapped, not another vowel
        ({"ledger": 1, "lager": 9}, "ldger", "ledger"),  # a letter left out, not another one
        ({"fitting": 1, "fading": 1, "fating": 9}, "fiting", "fitting"),  # one of a pair left out, not another vowel
        ({"letter": 1, "lettuer": 9}, "lettter", "letter"),  # doubled, not another letter
        ({"barren": 1, "barben": 4}, "bareen", "barren"),  # the key beside it, not far away
        ({"defence": 1, "defenbe": 8}, "defense", "defence"),  # a letter that sounds like it
        ({"melody": 1, "melrdy": 8}, "meludy", "melody"),  # vowel for vowel
        ({"мороз": 1, "москоз": 9, "мобоз": 9}, "морос", "мороз"),
        ({"mantle": 1, "battle": 9}, "mattle", "battle"),  # nine times as frequent outweighs the first letter
    ],
)
def test_the_likelier_typo_outweighs_the_more_frequent_word(
    engine: Engine, archive: dict[str, int], typed: str, meant: str
) -> None:
    engine.add(texts("xx", **archive))
    found = suggestion(engine, typed)
    assert found is not None
    assert found.text == meant


ENGLISH = texts(
    "en",
    The_climate_change_report_worries_ministers=6,
    The_war_in_Ukraine_goes_on=12,
    Prime_ministers_of_Canada_met_the_Prime_Minister=20,
    The_ferry_to_the_island_is_late_again=30,
    Voters_want_change_in_the_house=16,
    The_summer_was_warm_and_the_harvest_rich=16,
)
OTHERS = [
    *texts("es", El_límite_de_la_deuda_es_un_límite=8, El_gobierno_pide_un_change=1),
    *texts("de", Es_war_wer_es_immer_war=8, Wer_war_in_der_Ukraine=2),
    *texts("hu", Az_ukrán_határ_nyitva_van=5),
    *texts("it", Il_clima_e_la_pioggia=5),
    *texts("fr", Le_premier_ministre_parle_de_prime=1, Le_ministre_attend=5),
    *texts("pl", Rząd_czeka_na_wybory=5),
    *texts("sv", Kriget_i_Ukraina_var_langt=2),
    *texts(None, Wojna_trwa=2),
]


@pytest.fixture
def mixed(engine: Engine) -> Engine:
    """Four fifths of its articles are in English."""
    engine.add([*ENGLISH, *OTHERS])
    return engine


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("climite", "climate"),  # one letter from límite, which more articles have; Italian stems it as clima
        ("climite chnage", "climate change"),
        ("chnage climite", "change climate"),
        ("ukrane", "ukraine"),  # Hungarian stems it as ukrán
        ("ukrane war", "ukraine war"),
        ("war ukrane", "war ukraine"),
        ("the wer in ukraine", "the war in ukraine"),  # wer is frequent, but not in English
        ("prime ministre", "prime minister"),
        ("Canada ministre", "Canada minister"),
        ("climate chang report", None),  # found by its stem
        ("the ferry to the islnad is late again", "the ferry to the island is late again"),
        ("gobierno lmite", None),  # no article has both
        ("lmite deuda", "límite deuda"),
        ("czeka na wybry", "czeka na wybory"),
        ("wojna tarwa", "wojna trwa"),
    ],
)
def test_a_correction_is_in_the_language_of_the_query(mixed: Engine, typed: str, meant: str | None) -> None:
    found = suggestion(mixed, typed)
    assert (found and found.text) == meant
    assert found is None or found.total == answer(mixed.reader(), SearchParams(meant or ""), Limits()).results.total > 0


@pytest.mark.parametrize(
    "typed",
    [
        "límite", "limite", "limites", "war", "wer", "ukrán", "gobierno", "wer war", "der ukraine", "ministre", "clima",
        "le ministre", "wybory", "rząd czeka", "kriget", "climate", "prime minister", "climate wybory", "war límite",
    ],
)  # fmt: skip
def test_words_of_any_language_of_the_archive_are_left_alone(mixed: Engine, typed: str) -> None:
    assert suggestion(mixed, typed) is None


@pytest.mark.parametrize(("typed", "meant"), [("harbour salx", "harbour salt"), ("puerto salx", "puerto sala")])
def test_of_two_corrections_that_one_in_the_language_of_the_other_words_is_suggested(
    engine: Engine, typed: str, meant: str
) -> None:
    engine.add(texts("en", the_harbour=6, the_salt=6, harbour_salt=1, puerto_salt=1))
    engine.add(texts("es", el_puerto=6, la_sala=6, harbour_sala=1, puerto_sala=1))
    found = suggestion(engine, typed)
    assert found is not None
    assert found.text == meant


def test_a_long_query_is_put_right_at_its_end(mixed: Engine) -> None:
    found = suggestion(mixed, "the summer was warm and the harvest rihc")
    assert found is not None
    assert found.changed == (("rihc", "rich"),)


def test_two_right_words_that_no_article_has_together_are_left_alone(engine: Engine) -> None:
    engine.add(texts("en", the_modest_means_of_a_widow=30, a_field_of_beans=5))
    assert suggestion(engine, "modest beans") is None


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
    made = set(edits1(word))
    assert {edit_distance(word, other) for other in made} == {0, 1}
    for index, letter in enumerate(word):
        assert word[:index] + word[index + 1 :] in made
        assert word[:index] + letter + word[index:] in made
        assert word[:index] + word[-1] + word[index + 1 :] in made


def test_a_word_of_a_begun_phrase_is_corrected_and_its_beginning_kept(archive: Engine) -> None:
    meant = suggestion(archive, '"peice tal*"')
    assert meant is not None
    assert (meant.text, meant.total) == ('"peace tal*"', 5)


def test_typos_are_as_likely_as_people_make_them() -> None:
    typos = ("comittee", "commttee", "committee"), ("trce", "truce"), ("turce", "truce"), ("truuce", "truce"), ("trace", "truce")
    pair, left_out, swapped, doubled, vowel = (likelihood(typed[0], typed[-1]) for typed in typos)
    neighbour, other, added, two = (
        likelihood(*t) for t in (("trufe", "truce"), ("trupe", "truce"), ("truwce", "truce"), ("rtuec", "truce"))
    )
    assert pair > left_out > swapped > doubled > vowel > neighbour > other > two
    assert doubled > likelihood("truece", "truce") > likelihood("truxce", "truce") > added > two
    assert (likelihood("rtuce", "truce"), likelihood("druce", "truce")) < (swapped, likelihood("tauce", "truce"))
    assert likelihood("truce", "truce") == 1
