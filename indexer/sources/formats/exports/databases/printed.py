"""What the databases print alike: the names of languages, the page after a section, dates among other words.

>>> language_code("ENGLISH; FRENCH"), section_of("NEWS; World; Pg. 3")
('en', 'NEWS')
"""

import re
from functools import lru_cache

from search.lexicon.read import Lexicon, read_lexicon

_DAY_OR_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_LETTERS = re.compile(r"[^\W\d_]{3,}|\d{1,2}[./-]\d{1,2}[./-]|\d年")
MAX_DATE_CHARACTERS = 90
PACKAGE = "indexer.sources.formats.exports.databases"


def any_of(kind: str) -> str:
    """A pattern of what notes.toml has of the kind."""
    return "(?:" + "|".join(map(re.escape, sorted(_notes().of(kind), key=len, reverse=True))) + ")"


@lru_cache(maxsize=1)
def _notes() -> Lexicon:
    return read_lexicon(PACKAGE, "notes")


_PAGE = re.compile(rf"{any_of('page')}\.? ?[A-Z]?\d.*", re.IGNORECASE)
_ISSUE = re.compile(rf"(?<!\w){any_of('issue')}\.? ?\d", re.IGNORECASE)


def language_code(printed: str | None) -> str | None:
    """None for a language that is not known by its name; a code is taken as it is."""
    name = re.split(r"[;,/(]", (printed or "").strip().lower())[0].strip()
    return name if re.fullmatch(r"[a-z]{2}", name) else _languages().get(name)


def section_of(printed: str | None) -> str | None:
    """The first of what the line names, without the page."""
    first = re.split(r";| \| ", printed or "")[0].strip(" ,.")
    return first if first and not _PAGE.fullmatch(first) else None


def is_date(line: str) -> bool:
    """Whether a short line has a year and the name of a month or day, or is all figures."""
    return len(line) <= MAX_DATE_CHARACTERS and bool(_DAY_OR_YEAR.search(line) and _LETTERS.search(line))


def without_number(publication: str) -> str:
    """ "Le Fleuve, no. 22, p. 3" is "Le Fleuve"."""
    return _ISSUE.split(publication, maxsplit=1)[0].strip(" ,") or publication


@lru_cache(maxsize=1)
def _languages() -> dict[str, str]:
    lexicon = read_lexicon(PACKAGE, "languages")
    return {name: code for code, names in lexicon.by_language("name").items() for name in names}
