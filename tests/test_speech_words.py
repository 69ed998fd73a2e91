"""Each word of the data files about speech and names does what it is there for."""

import pytest

from indexer.quotes.detect import with_quotes
from indexer.quotes.person_names import names, words
from indexer.quotes.speech_verbs import AUXILIARIES, SPEECH
from search.lexicon.read import LexiconEntry, read_lexicon
from search.model.article import Article, Paragraph

WORDS = read_lexicon("indexer.quotes", "speech")
SAID = {"en": "said", "fr": "déclare", "de": "sagte", "es": "dijo", "it": "dice", "pt": "disse", "nl": "zei"}
MARIA = "Maria Lopez"
TEXTS = {  # kind -> a text with the word and a verb, the speaker of its quote
    "verb": ("“We go there now,” {word} Maria Lopez.", MARIA),
    "according": ("{word} Maria Lopez, “we go there now.”", MARIA),
    "pronoun": ("Maria Lopez came. “We go there now,” {said} {word}.", MARIA),
    "determiner": ("“We go there now,” {said} {word} xx yy zz ww Maria Lopez.", MARIA),
    "auxiliary": ("They met Lopez there. Lopez {word} xx xx and {said} “we go there now.”", "Lopez"),
    "passive": ("“We go there now!” Maria Lopez {word} {said}.", None),
    "subordinating": ("{word} Maria Lopez came, they {said}: “We go there now.”", None),
    "according_first": ("And xx {word} Maria Lopez, “we go there now.”", None),
}


def _speaker(text: str, language: str) -> str | None:
    article = with_quotes(Article(source="a", id="a", stamp="", language=language, paragraphs=(Paragraph(text),)))
    (quote,) = article.quotes
    return quote.speaker


def _is_another_word_first(entry: LexiconEntry) -> bool:
    """ "a déclaré" tells more than "a mayor", "des" more as an article than as a preposition."""
    if entry.kind == "determiner":
        return entry.text in AUXILIARIES
    return entry.kind == "preposition" and entry.text in SPEECH[entry.language].determiners


@pytest.mark.parametrize(
    "entry", [entry for entry in WORDS.entries if entry.kind in TEXTS and not _is_another_word_first(entry)], ids=str
)
def test_word_of_speech_is_understood(entry: LexiconEntry) -> None:
    text, speaker = TEXTS[entry.kind]
    if entry.kind == "subordinating" and SPEECH[entry.language].drops_pronouns:  # "dijo": who came, says
        speaker = MARIA
    word = entry.text.capitalize() if text.startswith("{word}") else entry.text
    assert _speaker(text.format(word=word, said=SAID[entry.language]), entry.language) == speaker


@pytest.mark.parametrize("language", SAID)
def test_other_words_tell_no_speaker(language: str) -> None:
    for kind in ("verb", "according", "determiner", "auxiliary"):
        text, _ = TEXTS[kind]
        assert _speaker(text.format(word="xxen", said=SAID[language]), language) is None
    for kind in ("passive", "subordinating"):
        text, _ = TEXTS[kind]
        assert _speaker(text.format(word="", said=SAID[language]).strip(), language) == MARIA


PREPOSITIONS = [entry for entry in WORDS.entries if entry.kind == "preposition" and not _is_another_word_first(entry)]


@pytest.mark.parametrize("entry", PREPOSITIONS, ids=str)
def test_name_after_a_preposition_is_governed(entry: LexiconEntry) -> None:
    (name,) = names(words(f"went {entry.text} Maria Lopez"), SPEECH[entry.language], entry.language)
    assert (name.text, name.governed) == (MARIA, True)


def _names(text: str, language: str = "en") -> list[str]:
    return [name.text for name in names(words(text), SPEECH[language], language)]


@pytest.mark.parametrize("entry", [entry for entry in WORDS.entries if entry.kind == "no_name"], ids=str)
def test_word_with_a_capital_is_no_name(entry: LexiconEntry) -> None:
    assert _names(f"met {entry.text.capitalize()} there") == []


@pytest.mark.parametrize("ending", WORDS.of("role_ending"))
def test_what_somebody_is_in_german_is_no_part_of_the_name(ending: str) -> None:
    assert _names(f"mit Ober{ending} Muster", "de") == ["Muster"]


@pytest.mark.parametrize(
    "entry", [e for e in read_lexicon("search.lexicon", "titles").entries if e.kind != "degree" and e.text.isascii()], ids=str
)
def test_title_before_a_name_is_no_part_of_it(entry: LexiconEntry) -> None:
    assert _names(f"met {entry.text.capitalize()} Maria Lopez") == [MARIA]


@pytest.mark.parametrize(
    "entry", [e for e in read_lexicon("search.lexicon", "particles").entries if e.kind in ("particle", "conjunction")], ids=str
)
def test_particle_inside_a_name_belongs_to_it(entry: LexiconEntry) -> None:
    assert _names(f"met Maria {entry.text} Lopez there") == [f"Maria {entry.text} Lopez"]


def test_words_of_names_only_part_two_names_in_a_text() -> None:
    for entry in read_lexicon("search.lexicon", "particles").entries:
        if entry.kind in ("preposition", "conjunction_in_names"):
            assert _names(f"met Maria {entry.text} Lopez there") == ["Maria", "Lopez"]
