"""A vocabulary file -> Lexicon.

    [follow_up]                       kind: what the words are for
    en = ["read more", "see also"]    language: a code of two or three letters, "und" for words of no language
    de = "lies weiter"                a string instead of a list holds words separated by spaces

    read_lexicon("indexer.extract.lexicon", "teasers").of("follow_up") -> ("read more", "see also", "lies", "weiter")

A file is in the package whose modules use it, or in this one if several packages do. tests/test_lexicon.py goes through every
entry of every file.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A word or a phrase; `text` is as written in the file."""

    kind: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The entries of a file, in its order."""

    subject: str
    entries: tuple[LexiconEntry, ...]

    def of(self, kind: str) -> tuple[str, ...]:
        """The entries of a kind in all languages, without repeats. Raises KeyError for a kind that the file does not have."""
        found = tuple(dict.fromkeys(entry.text for entry in self.entries if entry.kind == kind))
        if not found:
            raise KeyError(f"{self.subject} has no entries of the kind {kind!r}")
        return found

    def by_language(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        """Language -> the entries of a kind; {} for a kind that the file does not have."""
        found: dict[str, list[str]] = {}
        for entry in self.entries:
            if entry.kind == kind:
                found.setdefault(entry.language, []).append(entry.text)
        return {language: tuple(texts) for language, texts in found.items()}


def read_lexicon(package: str, subject: str) -> Lexicon:
    """The vocabulary file `subject`.toml of a package. Raises FileNotFoundError, or ValueError if the file is malformed or
    repeats an entry of the same kind and language."""
    tables = tomllib.loads((files(package) / f"{subject}.toml").read_text(encoding="utf-8"))
    entries = [
        LexiconEntry(kind, language, text)
        for kind, languages in tables.items()
        for language, texts in languages.items()
        for text in (texts.split() if isinstance(texts, str) else texts)
    ]
    if twice := {entry for entry in entries if entries.count(entry) > 1} if len(set(entries)) < len(entries) else None:
        raise ValueError(f"{package}/{subject}.toml has twice: {', '.join(sorted(entry.text for entry in twice))}")
    return Lexicon(subject, tuple(entries))
