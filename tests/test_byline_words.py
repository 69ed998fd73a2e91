"""Each word of the data files about bylines, agencies, particles and honorifics does what it is there for."""

import pytest

from indexer.extract.fields.author_names import authors_from_text
from indexer.extract.fields.byline_words import byline_prefix, has_byline_prefix, is_agency, is_house
from search.indexing.named_entities import names
from search.lexicon.read import LexiconEntry, read_lexicon
from search.model.article import Article, Paragraph
from web.presenters.articles.citations import CitedName
from web.presenters.articles.citations import names as cited_names

WORDS = read_lexicon("indexer.extract.fields", "byline_words")
JANE, BOTH, NOBODY = ("Jane Doe",), ("Ann Poe", "John Roe"), ()
BYLINES = {  # kind -> a line with the word, the authors in it
    "by": ("{} Jane Doe", JANE),
    "author": ("{}: Jane Doe", JANE),
    "label": ("{}: Jane Doe", JANE),
    "slash": ("{}/王小明", ("王小明",)),
    "by_others": ("{} Jane Doe", NOBODY),
    "not_writing": ("By Jane Doe (text) and Ann Poe ({})", JANE),
    "and": ("By Ann Poe {} John Roe", BOTH),
    "role": ("By Jane Doe {}", JANE),
    "paper_role": ("By Jane Doe, Lake News {}", JANE),
    "job": ("By Sleep {}", NOBODY),
    "no_name": ("By {}", NOBODY),
    "no_name_with": ("By {} Jane Doe", NOBODY),
    "no_name_from": ("By {} Doe", NOBODY),
    "company": ("By Lake Media {}", NOBODY),
    "noise": ("By Jane Doe {}", JANE),
    "noise_to_end": ("By Jane Doe {} Ann Poe", JANE),
    "on_day": ("By Jane Doe {} 5 something", JANE),
    "in_place": ("By Jane Doe {} Oslo", JANE),
}
BESIDE = {"zh": "{}王小明", "ko": "홍길동 {}"}
WRITTEN = {"zh": ("王小明",), "ko": ("홍길동",)}


@pytest.mark.parametrize("entry", [entry for entry in WORDS.entries if entry.kind in BYLINES], ids=str)
def test_word_of_a_byline_is_understood(entry: LexiconEntry) -> None:
    line, authors = BYLINES[entry.kind]
    word = entry.text.replace("…", "long").replace("*", "n")
    assert authors_from_text(line.format(word.capitalize() if line.startswith("{}") else word), "ro") == authors


@pytest.mark.parametrize("entry", [entry for entry in WORDS.entries if entry.kind.endswith("written_role")], ids=str)
def test_role_beside_a_name_without_capitals_is_no_part_of_it(entry: LexiconEntry) -> None:
    role = entry.text if entry.kind == "written_role" else entry.text + {"zh": "記者", "ko": "기자"}[entry.language]
    assert authors_from_text(BESIDE[entry.language].format(role), None) == WRITTEN[entry.language]


@pytest.mark.parametrize("entry", [entry for entry in WORDS.entries if entry.kind.startswith("house")], ids=str)
def test_house_is_no_person(entry: LexiconEntry) -> None:
    assert is_house(f"毎日{entry.text}" if entry.language in ("ja", "zh", "ko") else f"Lake {entry.text.capitalize()}", None)


@pytest.mark.parametrize("word", WORDS.of("house_end"))
def test_a_desk_is_named_whole_and_only_where_no_person_is(word: str) -> None:
    assert authors_from_text(f"By The Lake Ledger {word.capitalize()}", None) == (f"The Lake Ledger {word.capitalize()}",)
    assert authors_from_text(f"By Jane Doe, Lake Ledger {word}", None) == JANE


@pytest.mark.parametrize("word", WORDS.of("ambiguous"))
def test_line_that_other_lines_begin_like_is_a_byline_in_its_place_alone(word: str) -> None:
    assert authors_from_text(f"{word}: Jane Doe", "ro") == JANE
    assert (has_byline_prefix(f"{word}: Jane Doe"), byline_prefix(f"{word}: Jane Doe")) == (True, "")


AGENCIES = read_lexicon("search.lexicon", "agencies")


@pytest.mark.parametrize("entry", AGENCIES.entries, ids=str)
def test_agency_is_told_from_a_person(entry: LexiconEntry) -> None:
    assert is_agency(f"{entry.text} dpa" if entry.kind == "with" else entry.text.upper())
    assert not is_agency(f"{entry.text} Jane Doe")


PARTICLES = read_lexicon("search.lexicon", "particles")


@pytest.mark.parametrize("entry", PARTICLES.entries, ids=str)
def test_particle_belongs_to_the_surname(entry: LexiconEntry) -> None:
    name = f"Ann Poe {entry.text} Roe" if entry.kind.startswith("conjunction") else f"Ann {entry.text} Roe"
    assert authors_from_text(f"By {name.upper()}", None) == (name,)
    assert cited_names([name]) == [CitedName(name.removeprefix("Ann "), "Ann")]


@pytest.mark.parametrize("entry", [e for e in read_lexicon("search.lexicon", "titles").entries if e.kind == "honorific"], ids=str)
def test_honorific_is_left_out_of_a_byline(entry: LexiconEntry) -> None:
    title = entry.text.capitalize()
    assert authors_from_text(f"By {title} Jane Doe", None) == authors_from_text(f"By {title}. Jane Doe", None) == JANE


@pytest.mark.parametrize("title", read_lexicon("search.lexicon", "titles").of("degree"))
def test_degree_is_left_out_of_a_byline(title: str) -> None:
    assert authors_from_text(f"Von {title.capitalize()}. Jane Doe", None) == JANE


@pytest.mark.parametrize(
    "entry", [e for e in read_lexicon("search.lexicon", "titles").entries if e.kind in ("honorific", "doctor")], ids=str
)
def test_honorific_is_left_out_of_the_names_of_a_text(entry: LexiconEntry) -> None:
    text = f"They met {entry.text.capitalize()} Jane Doe there."
    assert names(Article(source="a", id="a", stamp="", paragraphs=(Paragraph(text),))) == ["Jane Doe"]
