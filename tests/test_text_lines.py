"""Lines of a text become its paragraphs again."""

import textwrap

import pytest
from sentences import SAMPLES

from indexer.extract.fields.site_lines import site_beside_slogan
from indexer.extract.pipeline import extract
from indexer.extract.text_lines import split_blocks
from indexer.sources.raw_page import RawPage
from search.lexicon.read import LexiconEntry, read_lexicon
from search.settings import Settings

SPACED = [sample for sample in SAMPLES if sample.language not in ("zh", "zh-tw", "ja", "th", "ko")]


def hyphenated(paragraph: str, width: int) -> list[str]:
    """The paragraph as a scan has it: words are broken where the line is full."""
    lines, line = [], ""
    for word in paragraph.split():
        room = width - len(line) - 2
        if len(line) + 1 + len(word) <= width:
            line = f"{line} {word}".strip()
        elif word.isalpha() and 2 <= room <= len(word) - 2:
            lines.append(f"{line} {word[:room]}-")
            line = word[room:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


@pytest.mark.parametrize("width", [28, 32, 36, 40, 48, 60, 72])
@pytest.mark.parametrize(
    ("language", "sentences"), [sample[::2] for sample in SPACED], ids=[sample.language for sample in SPACED]
)
def test_a_text_in_columns_of_any_width_is_paragraphs(language: str, sentences: tuple[str, ...], width: int) -> None:
    paragraphs = [" ".join(" ".join(sentences[at : at + 2]).split()) for at in range(0, len(sentences), 2)]
    wrapped = "\n\n".join("\n".join(textwrap.wrap(paragraph, width, break_on_hyphens=False)) for paragraph in paragraphs)
    assert split_blocks(wrapped, language) == paragraphs
    broken = "\n\n".join("\n".join(hyphenated(paragraph, width)) for paragraph in paragraphs)
    assert split_blocks(broken, language) == paragraphs


def test_short_lines_that_are_no_column_stay_lines() -> None:
    poem = [
        "The herring boats go out at four,",
        "They come back late,",
        "And on the wall beside the door",
        "We wait and wait.",
    ] * 4
    assert split_blocks("\n".join(poem)) == poem
    verse = [
        "of herring and rain,",
        "of rope,",
        "of the long way back",
        "and the light in the lane,",
        "of salt,",
        "of the track",
    ] * 3
    assert split_blocks("\n".join(verse))[6:] == verse[6:]  # above the text lines that go on may be one headline
    table = ["Boats in harbour", "Monday 12", "Tuesday 9", "Wednesday 14", "Thursday 11", "Friday 16"]
    assert split_blocks("\n".join(table)) == table


COLUMN = textwrap.wrap(
    "The council met again on Monday and heard the pilots, who want the sound dredged before the autumn storms. " * 3, 40
)


@pytest.mark.parametrize(
    ("start", "rest", "expected"),
    [
        ("the fisher-", "men agreed", "the fishermen agreed"), ("the well-", "known pilot", "the well-known pilot"),
        ("an Anglo-", "French line", "an Anglo-French line"), ("a 20-", "year lease", "a 20-year lease"),
        ("the fisher¬", "men agreed", "the fishermen agreed"), ("the fisher\xad", "men agreed", "the fishermen agreed"),
        ("the council -", "or its clerk", "the council - or its clerk"),
    ],
)  # fmt: skip
def test_a_word_broken_at_the_end_of_a_line_is_mended_and_a_compound_kept(start: str, rest: str, expected: str) -> None:
    padding = "Later that day the whole of "[: max(0, 40 - len(start))]
    assert expected in split_blocks("\n".join([*COLUMN, "", padding + start, rest, "and went home."]), "en")[-1]


def test_how_a_word_is_written_elsewhere_in_the_text_decides() -> None:
    lines = [
        "A sea-plane landed. Men talked of the sea-",
        "plane that had come with the wellknown",
        "pilot, and of the well-",
        "known.",
    ]
    joined = split_blocks("\n".join([*COLUMN, "", *lines]), "en")[-1]
    assert (
        joined == "A sea-plane landed. Men talked of the sea-plane that had come with the wellknown pilot, and of the wellknown."
    )


@pytest.mark.parametrize("entry", read_lexicon("indexer.extract.lexicon", "hyphens").entries, ids=str)
def test_a_word_that_keeps_its_hyphen_does_so_in_its_language(entry: LexiconEntry) -> None:
    first, second = (entry.text, "zzzz") if entry.kind == "first" else ("zzzz", entry.text)
    text = "\n".join([*COLUMN, "", f"{'x' * 20} {first}-", f"{second} and more of it."])
    assert f"{first}-{second}" in split_blocks(text, entry.language)[-1]
    assert f"{first}{second}" in split_blocks(text, "is")[-1]


def test_a_headline_of_two_lines_is_one() -> None:
    text = "\n".join(["Ferry line to add two", "boats before the autumn", "", "By Mara Lindqvist", "", *COLUMN])
    article = extract(RawPage("demo/a.txt", "s", text.encode(), "text"), Settings())
    assert article.headline == "Ferry line to add two boats before the autumn"
    assert article.authors == ("Mara Lindqvist",)
    assert len(article.paragraphs) == 1


@pytest.mark.parametrize(
    ("line", "site"),
    [
        ("The Harbour CourierNews That Travels", "The Harbour Courier"),
        ("The Harbour Courier News That Travels", "The Harbour Courier"),
        ("The Harbour Courier | Fair and early", "The Harbour Courier"),
        ("Harbour Gazette — All the News of the Sound", "Harbour Gazette"),
        ("Die Küstenzeitung – nah am Wasser", "Die Küstenzeitung"),
        ("Ferry line to add two boats", None), ("The Harbour Courier", None), ("The Star is not for sale, says its owner.", None),
        ("The Times are changing in the harbour", None), ("Old McDonald had a farm", None),
    ],
)  # fmt: skip
def test_a_site_with_its_slogan_is_told_from_a_headline(line: str, site: str | None) -> None:
    assert site_beside_slogan(line) == site


@pytest.mark.parametrize("first", ["The Harbour CourierNews That Travels", "The Harbour Courier News That Travels"])
def test_the_line_of_site_and_slogan_is_never_the_headline(first: str) -> None:
    text = "\n\n".join([first, "Ferry line to add two boats", "By Mara Lindqvist", "May 6, 2024", " ".join(COLUMN)])
    article = extract(RawPage("demo/a.txt", "s", text.encode(), "text"), Settings())
    assert (article.headline, article.publisher) == ("Ferry line to add two boats", "The Harbour Courier")
