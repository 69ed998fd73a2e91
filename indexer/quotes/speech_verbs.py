"""How speech is told in the languages whose speakers are looked for: the words of speech.toml, as sets.

SPEECH["en"].verbs -> frozenset({"said", "says", …})
"""

from collections.abc import Iterable
from dataclasses import dataclass

from search.lexicon.read import read_lexicon


@dataclass(frozen=True, slots=True)
class Speech:
    """verbs: forms that tell speech, participles for compound tenses. according: what a speaker's name follows, "according to",
    by its first word. loose: those of them that count at the start alone. pronouns: of a speaker named before. determiners: what
    begins a mention without a name, "the minister". prepositions: a name right after one is not who speaks. drops_pronouns:
    "dijo" alone means he or she said."""

    verbs: frozenset[str]
    according: dict[str, tuple[tuple[str, ...], ...]]
    loose: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]
    drops_pronouns: bool = False


_WORDS = read_lexicon("indexer.quotes", "speech")
_DROP_PRONOUNS = ("es", "it", "pt")


def _speech(language: str) -> Speech:
    def words(kind: str) -> frozenset[str]:
        return frozenset(_WORDS.by_language(kind).get(language, ()))

    return Speech(
        verbs=words("verb"),
        according=_phrases(words("according")),
        loose=words("according_first"),
        pronouns=words("pronoun"),
        determiners=words("determiner"),
        prepositions=words("preposition"),
        drops_pronouns=language in _DROP_PRONOUNS,
    )


def _phrases(phrases: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """By their first words, as words are parted in a text: "d'" and "après", with either apostrophe."""
    both = sorted({phrase.replace("'", sign) for phrase in phrases for sign in "'’"})
    split = [tuple(phrase.replace("'", "' ").replace("’", "’ ").split()) for phrase in both]
    return {first: tuple(words for words in split if words[0] == first) for first, *_ in split}


SPEECH = {language: _speech(language) for language in _WORDS.by_language("verb")}
AUXILIARIES = frozenset(_WORDS.of("auxiliary"))
"""Words that may stand between a speaker and the verb."""
BE = frozenset(_WORDS.of("passive"))
"""A verb of speech after one of these is passive."""
SUBORDINATING = frozenset(_WORDS.of("subordinating"))
"""Who a clause that begins so is about need not be who speaks in the next one."""
NO_NAMES = frozenset(_WORDS.of("no_name"))
"""Words that are no name, though a capital may begin them."""
GERMAN_ROLE = rf".*(?:{'|'.join(_WORDS.of('role_ending'))})(?:in|r|n|innen)?"

_SMALL_WORDS = read_lexicon("search.lexicon", "particles")
INSIDE_NAMES = frozenset((*_SMALL_WORDS.of("particle"), *_SMALL_WORDS.of("conjunction")))
"""Small words inside a name: Ursula von der Leyen, José Ortega y Gasset."""
_TITLES = read_lexicon("search.lexicon", "titles")
BEFORE_NAMES = frozenset(word for kind in ("honorific", "doctor", "title", "role") for word in _TITLES.of(kind))
"""What may stand before a name and is no part of it, without its full stop."""
