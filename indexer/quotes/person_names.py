"""A text -> its words, and the names among them: runs of words with capitals, without titles and other words before them.

names(words("said the mayor, Ms. Maria Lopez, on Monday"), SPEECH["en"], "en") -> [Name("Maria Lopez", 20, 31, …)]
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from indexer.quotes.hidden_quotes import HIDDEN
from indexer.quotes.speech_verbs import BEFORE_NAMES, GERMAN_ROLE, INSIDE_NAMES, NO_NAMES, SUBORDINATING, Speech

_TOKEN = re.compile(
    r"""(?:[^\W\d_]\.)+(?=\W|$)                                                      # J. R.
    | (?:Mr|Mrs|Ms|Dr|Jr|Sr|Col|Lt|Gen|Sen|Rep|Gov|Prof|St|Mme|Sgt|Capt|Adm|Sra|Dott)\.
    | (?:[dljmtscnL]|qu)['’](?=[^\W\d_]) | D['’](?=après\b)                          # l'envoyé, D'après
    | [^\W_]\w*(?:['’.\-]\w+)* | HIDDEN+ | [^\w\s]""".replace("HIDDEN", HIDDEN),
    re.VERBOSE,
)
_GERMAN_ROLE = re.compile(GERMAN_ROLE)
_POSSESSIVE = ("'s", "’s")
_MAX_NAME_WORDS = 6


class TextWord(NamedTuple):
    """A word or a sign of punctuation; `text` is as it stands, `start` and `end` where, `lower` in lower case."""

    text: str
    start: int
    end: int
    lower: str

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Name:
    """`first`, `last`: the run among the tokens, with its titles; `governed`: a preposition stands before it; `sure`: a title or
    a second word says that it is a name."""

    text: str
    start: int
    end: int
    first: int
    last: int
    governed: bool
    sure: bool

    @property
    def surname(self) -> str:
        return surname(self.text)


def surname(name: str) -> str:
    words = [word for word in name.lower().split() if word.strip(".") not in ("jr", "sr")]
    return words[-1] if words else ""


def words(text: str, start: int = 0, end: int | None = None) -> list[TextWord]:
    """Each sign that hides a quote is one, and all of a quote's stand where its first does."""
    found: list[TextWord] = []
    new = tuple.__new__  # takes a third of the time
    for m in _TOKEN.finditer(text, start, len(text) if end is None else end):
        if (word := m[0])[0] == HIDDEN:
            found += [TextWord(HIDDEN, m.start(), m.start() + 1, HIDDEN)] * len(word)
        else:
            found.append(new(TextWord, (word, m.start(), m.end(), word.lower())))
    return found


def names(tokens: Sequence[TextWord], speech: Speech, language: str) -> list[Name]:
    """The names among the tokens, in order, those left out that only possess: Lopez’s lawyer."""
    found: list[Name] = []
    at = 0
    while at < len(tokens):
        if not (tokens[at].is_capital and tokens[at].is_word):
            at += 1
            continue
        end = _end_of_run(tokens, at)
        name = _name(tokens, at, end, speech, language)
        if name:
            found.append(name)
        at = end
    return found


def _end_of_run(tokens: Sequence[TextWord], at: int) -> int:
    """Past the last word of the run that begins there; small words count where a capital follows them."""
    end = at + 1
    while end < len(tokens):
        ahead = end
        while ahead < len(tokens) and ahead < end + 3 and tokens[ahead].lower.rstrip("'’") in INSIDE_NAMES:
            ahead += 1
        if ahead == len(tokens) or not (tokens[ahead].is_word and tokens[ahead].is_capital) or tokens[end - 1].lower in NO_NAMES:
            break
        if tokens[end - 1].text.endswith(_POSSESSIVE):
            break
        end = ahead + 1
    return end


def _name(tokens: Sequence[TextWord], first: int, end: int, speech: Speech, language: str) -> Name | None:
    start, titled, determined = first, False, first > 0 and tokens[first - 1].lower in speech.determiners
    while start < end and (tokens[start].lower in speech.determiners or _is_title(tokens[start], speech, language)):
        determined = determined or tokens[start].lower in speech.determiners
        titled = titled or tokens[start].lower not in NO_NAMES
        start += 1
    inside = [place for place in range(start, end - 1) if tokens[place].lower.strip(".") in BEFORE_NAMES]
    start = inside[-1] + 1 if inside else start  # Riverline CEO Ada Marsh
    if start == end == first + 1 and language == "de" and not determined and tokens[first].lower not in NO_NAMES | BEFORE_NAMES:
        start = first  # so Bürger
    while start < end and tokens[start].lower in INSIDE_NAMES and not tokens[start].is_capital:
        start += 1
    run = tokens[start:end]
    if not run or len(run) > _MAX_NAME_WORDS or run[-1].text.endswith(_POSSESSIVE) or not run[-1].text[:2].strip("."):
        return None
    if language == "de" and len(run) > 2 and not any(token.lower in INSIDE_NAMES or token.text.endswith(".") for token in run):
        run = run[-2:]  # Verteidigungsexperte Hans Muster
    if len(run) == 1 and (run[0].lower in NO_NAMES or run[0].text.isdigit() or len(run[0].text.strip(".")) < 2):
        return None
    before = first - 1
    while before >= 0 and (tokens[before].lower.rstrip("'’") in speech.determiners):
        before -= 1
    if language == "de" and len(run) == 1 and determined and not titled and not run[0].text.isupper():
        return None  # der Sprecher
    governed = before >= 0 and tokens[before].lower.rstrip("'’") in speech.prepositions
    text = " ".join(token.text for token in run).replace("' ", "'").replace("’ ", "’")
    return Name(text, run[0].start, run[-1].end, first, end, governed, titled or len(run) > 1)


def _is_title(token: TextWord, speech: Speech, language: str) -> bool:
    word = token.lower.strip(".")
    if speech.drops_pronouns and word in SUBORDINATING:  # "Mientras Maria Lopez hablaba, dijo"
        return True
    return word in BEFORE_NAMES or word in NO_NAMES or (language == "de" and _GERMAN_ROLE.fullmatch(word) is not None)
