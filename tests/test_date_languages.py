"""Dates as the pages of each language print them: written by Babel out of CLDR, read back by the extractor; and each word of the
data files about dates."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from babel.dates import format_date, format_time

from indexer.extract.fields.printed_dates import parse_printed_date
from search.lexicon.read import LexiconEntry, read_lexicon

FIELDS = "indexer.extract.fields"
MONTHS = read_lexicon(FIELDS, "months")
LANGUAGES = sorted({*(entry.language for entry in MONTHS.entries), "ja", "ko", "vi", "yue", "zh", "zh_Hant"})
DAYS = [datetime(2021, month, day, 16, 5) for month, day in enumerate((9, 28, 3, 30, 4, 17, 1, 22, 10, 31, 12, 25), 1)]
NOT_READ = {("yo", "medium"): "4 05 2021, which may be anything"}
OFTEN_CLAIMED_TO_BE_ENGLISH = str.split("cs da de el es fi fr hu id it nl no pt ro ru sk sl sv tr uk vi ja zh")
TIME_NOT_READ = {"yo": "16:5", "ko": "2021. 1. 9. 오후 4:05, in the medium form"}


def _read_back(text: str, language: str | None) -> str | None:
    when = parse_printed_date(text, language and language.replace("_", "-"))
    return when and when.iso


def _printed(language: str) -> Iterator[tuple[str, datetime]]:
    for width in ("full", "long", "medium"):
        if (language, width) not in NOT_READ:
            yield from ((format_date(day, width, language), day) for day in DAYS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_form_of_a_date_is_read_in_its_language(language: str) -> None:
    printed = dict(_printed(language))
    assert {text: _read_back(text, language) for text in printed} == {text: f"{day:%Y-%m-%d}" for text, day in printed.items()}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language not in TIME_NOT_READ])
def test_the_time_beside_a_date_is_read_in_its_language(language: str) -> None:
    printed = {f"{text} {format_time(day, 'short', locale=language)}": day for text, day in _printed(language)}
    assert {text: _read_back(text, language) for text in printed} == {
        text: f"{day:%Y-%m-%dT%H:%M}" for text, day in printed.items()
    }


@pytest.mark.parametrize("tag", ["en", None, "tlh"])
@pytest.mark.parametrize("language", OFTEN_CLAIMED_TO_BE_ENGLISH)
def test_a_page_that_claims_another_language_has_dates_as_well(language: str, tag: str | None) -> None:
    printed = {format_date(day, "long", language): day for day in DAYS}
    assert {text: _read_back(text, tag) for text in printed} == {text: f"{day:%Y-%m-%d}" for text, day in printed.items()}


@pytest.mark.parametrize("language", sorted({entry.language for entry in MONTHS.entries}))
def test_each_name_of_a_month_is_read_in_its_language(language: str) -> None:
    names = [(number, name) for number, kind in enumerate(_kinds(), 1) for name in MONTHS.by_language(kind).get(language, ())]
    assert len({number for number, _ in names}) == 12
    assert [(_read_back(f"4 {name} 2021", language), name) for _, name in names] == [
        (f"2021-{number:02}-04", name) for number, name in names
    ]


def _kinds() -> list[str]:
    return list(dict.fromkeys(entry.kind for entry in MONTHS.entries))


@pytest.mark.parametrize("zone", read_lexicon(FIELDS, "time_zones").entries, ids=str)
def test_zone_of_a_time_is_an_offset(zone: LexiconEntry) -> None:
    assert _read_back(f"4 May 2021, 10:15 {zone.text.upper()}", "en") == f"2021-05-04T10:15{zone.kind}"


WORDS = read_lexicon(FIELDS, "date_words")


def _reading(entry: LexiconEntry) -> tuple[str, str, str]:
    """A date with the word, the language of its page, and what it is."""
    word, kind = entry.text, entry.kind
    if kind == "joiner":
        return f"4 {word} May, {word} 2021", "en", "2021-05-04"
    if kind == "ordinal":
        return f"4{word} May 2021", "en", "2021-05-04"
    if kind == "afternoon":
        return f"4 May 2021 4:05 {word}.", "en", "2021-05-04T16:05"
    if kind == "month_first":
        return "10/03/2022", word, "2022-10-03"
    return f"{word}6年5月3日", entry.language, f"{int(kind.removeprefix('era_')) + 6}-05-03"


@pytest.mark.parametrize("entry", [entry for entry in WORDS.entries if entry.kind != "update"], ids=str)
def test_word_of_a_date_is_understood(entry: LexiconEntry) -> None:
    text, language, iso = _reading(entry)
    assert _read_back(text, language) == iso


@pytest.mark.parametrize(
    ("text", "language", "iso"),
    [
        ("٤ مايو ٢٠٢١", "ar", "2021-05-04"),
        ("۴ مهٔ ۲۰۲۱", "fa", "2021-05-04"),
        ("४ मई २०२१", "hi", "2021-05-04"),
        ("৪ মে, ২০২১", "bn", "2021-05-04"),
        ("၂၀၂၁ မေ ၄", "my", "2021-05-04"),
        ("๔ พฤษภาคม ๒๕๖๔", "th", "2021-05-04"),
        ("วันอังคารที่ 4 พฤษภาคม พ.ศ. 2564 เวลา 16:05 น.", "th", "2021-05-04T16:05"),
        ("04/05/2564", "th", "2021-05-04"),
        ("民國110年5月4日", "zh", "2021-05-04"),
        ("二〇二一年五月二十三日", "zh", "2021-05-23"),
        ("二〇二一年十二月三十一日", "zh", "2021-12-31"),
        ("昭和39年10月10日", "ja", "1964-10-10"),
        ("令和元年5月1日", "ja", "2019-05-01"),
        ("4 במאי 2021", "he", "2021-05-04"),
        ("4 كانون الثاني 2021", "ar", "2021-01-04"),
        ("4 جانفي 2021", "ar", "2021-01-04"),
        ("04-May-21", "en", "2021-05-04"),
        ("4 May '21", "en", "2021-05-04"),
        ("4 mei 2021", "nl-BE", "2021-05-04"),
        ("4. maí 2021", "is", "2021-05-04"),
        ("mar, 4 may 2021", "es", "2021-05-04"),
        ("4 Mayıs 2021'de", "tr", "2021-05-04"),
        ("4 mai 2021", "nb-NO", "2021-05-04"),
        ("4 במאי 2021", "iw", "2021-05-04"),
        ("4 listopad 2021", None, "2021-11-04"),
        ("二〇二一年五月廿三日", "zh", "2021-05-23"),
        ("二〇二一年五月卅日", "zh", "2021-05-30"),
    ],
)
def test_digits_years_and_words_of_several_countries_are_read(text: str, language: str | None, iso: str) -> None:
    assert _read_back(text, language) == iso


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("۱۴ اردیبهشت ۱۴۰۰", "fa"),  # the Persian calendar
        ("22 رمضان 1442", "ar"),  # the Islamic one
        ('כ"ב באייר תשפ"א', "he"),  # the Hebrew one
        ("4 listopada 2021", None),  # November in Polish, October in Croatian
        ("market 12 2021", "en"),
        ("In the year 2021, room 12", "en"),
        ("Mayor 4 2021", "en"),
        ("10/13/14/2021", "en"),
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str, language: str | None) -> None:
    assert _read_back(text, language) is None


@pytest.mark.parametrize(
    ("tag", "iso"),
    [
        ("en", "2022-10-03"),
        ("en-US", "2022-10-03"),
        ("en_PH", "2022-10-03"),
        ("fil-PH", "2022-10-03"),
        ("es-PR", "2022-10-03"),
        ("en-GB", "2022-03-10"),
        ("es", "2022-03-10"),
        ("xx", "2022-03-10"),
        (None, "2022-03-10"),
    ],
)
def test_language_and_region_order_day_and_month(tag: str | None, iso: str) -> None:
    assert _read_back("10/03/2022", tag) == iso
