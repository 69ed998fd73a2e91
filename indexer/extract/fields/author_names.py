"""The names in a byline or in metadata, without "By", titles, roles, places, dates and addresses.

>>> authors_from_text("By A. Smith and Jane B. Jones, Political Editor", "en")
('A. Smith', 'Jane B. Jones')
>>> clean_authors(["Koster, F.", "Jongh, Michiel de"])
('F. Koster', 'Michiel de Jongh')
"""

import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from indexer.extract.fields.byline_words import (
    MAX_SIGNATURE_CHARACTERS,
    OF_AGENCY,
    PREFIX,
    WORDS,
    distinct,
    is_house,
    is_of_house,
    one_of,
    signature,
    without_others,
)
from indexer.extract.fields.month_names import fold, months_in
from search.lexicon.read import read_lexicon

MAX_BYLINE_CHARACTERS = 300
"""Characters; longer texts are not bylines."""
MAX_VALUE_CHARACTERS = 1_000
"""Characters; longer values of metadata hold no names."""
MAX_JOINED_NAMES = 3
"""So many names may stand together in a value beside those that have each in its own."""

_SMALL_WORDS = frozenset(read_lexicon("search.lexicon", "particles").words())
_BY_OTHERS = re.compile(rf"(?i)(?<!\w)(?<!\band\s)(?<!\bund\s)(?<![&+]\s)(?:{one_of('by_others')})(?:(?<=・|：).*|\s.*|$)")
_NOISE = re.compile(
    r"(?i)https?://\S+|www\.\S+|(?<!\S)[^\s@]+@\S+\.\w+|(?<!\w)@\w{2,}|(?<=\w\s)follow\s.*"
    rf"|\b(?:{one_of('noise')})(?!\w)|(?<=\w\s)(?:{one_of('noise_to_end')})(?!\w).*"
)
_DATED = re.compile(
    rf"(?i)\s(?:{one_of('on_day')})\s(?:[^\W\d_]+,?\s){{0,2}}\d.*|\s\d{{1,2}}\.?\s[^\W\d_]{{3,}}\.?,?\s\d{{4}}\b.*"
    r"|\s\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b.*|\s\d{1,2}:\d\d\b.*"
)
_PARENTHESES = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?(?:[;|•·●∙»\n\t/／、，]|,(?!\s(?:Jr|Sr|PhD|MD|M\.D|III?)\b)|\s[–—-]\s|:(?=\s))\s*")
_AND = re.compile(rf"(?i)(?<!\s)\s+(?:{one_of('and')})\s+")
_LEADING_AND = re.compile(rf"(?i)^(?:{one_of('and')})\s+(?=\w+\s)")
_EAST_ASIAN_ROLE = re.compile(
    "(?:{})?(?:(?<=[\u4e00-\u9fff])|^)(?:{})\\s*|(?:(?<!\\s)\\s+)?(?:{})?(?:{})\\s*".format(
        *(
            "|".join(WORDS.by_language(kind)[language])
            for language in ("zh", "ko")
            for kind in ("before_written_role", "written_role")
        )
    )
)
_ROLE = re.compile(rf"(?i)\b(?:{one_of('role')})(?!\w)")
_PAPER_ROLE = re.compile(rf"(?i)\b(?:{one_of('paper_role')})$")
_JOB = re.compile(rf"(?i)\b(?:{one_of('job')})(?!\w)")
_NOT_A_NAME = re.compile(
    rf"(?i)^(?:{one_of('no_name')})$|^(?:{one_of('no_name_from')})\b|\b(?:{one_of('no_name_with')})(?!\w)|^[\W\d]+$|^\w+(?:\.\w+){{3,}}$"
)
_COMPANY = re.compile(rf"(?i)\b(?:{one_of('company')})\.?$")
_TITLE = re.compile(rf"(?i)^(?:{one_of('honorific', 'degree', words=read_lexicon('search.lexicon', 'titles'))})\.?\s+(?=\w)")
_PLACE_TAIL = re.compile(rf"\s(?:{one_of('in_place')})\s(?:the\s)?[A-ZÀ-ÞА-Я][\w\s.,'’-]*$")
_EAST_ASIAN_NAME = re.compile(r"^[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7a3・々\s]{2,12}$")
_EAST_ASIAN_NAMES = re.compile(r"[\u4e00-\u9fff]{3,4}(?: [\u4e00-\u9fff]{3,4})+$")  # full names, not "山田 太郎"
_CLOCK_OR_DAY = re.compile(r"\d{1,2}[:.]\d\d\b|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d\d\b")


def authors_from_text(text: str, language: str | None) -> tuple[str, ...]:
    """The names in a printed byline. An agency or a house name stays only where no person is named. `language` is that of
    the page (BCP 47) and is not needed for the usual bylines."""
    line = " ".join(text[: MAX_BYLINE_CHARACTERS + 1].split())
    if not line or len(line) > MAX_BYLINE_CHARACTERS:
        return ()
    line = without_others(_BY_OTHERS.sub("", _before_dated_bars(line)))
    prefixed = PREFIX.match(line)
    signed = signature(line[prefixed.end() if prefixed else 0 :])
    if signed is not None:
        return signed
    agencies = [agency for inside in _PARENTHESES.findall(line) for agency in signature(inside) or ()]
    bare = _before_date(" ".join(_PARENTHESES.sub(" ", _NOISE.sub(" ", _strip_prefix(line, language))).split()))
    parts = list(_parts(bare))
    announced = bool(prefixed or _EAST_ASIAN_ROLE.search(line))
    people = [name for at, part in enumerate(parts) if (name := _person(part, may_be_one_word=announced and at == 0))]
    if people:
        return distinct([_in_mixed_case(name) for name in people])
    agencies += [agency[1] if (agency := OF_AGENCY.match(part)) else part for part in parts if is_of_house(part)]
    if agencies:
        return distinct(agencies)
    single = bare.strip(" .,:|-–—")  # "Von Redaktion Beispiel", "By Beacon Staff"
    named = prefixed and single[:1].isupper() and _is_name(single)
    return (single,) if named and not _NOT_A_NAME.search(single) and not _COMPANY.search(single) else ()


def signers(line: str) -> tuple[str, ...]:
    """Who signs a text with its last line: the agencies in "(dpa/lno)", the reporter in "홍길동 기자" and "(田中一郎)"."""
    if len(line) > MAX_SIGNATURE_CHARACTERS:
        return ()
    bare = line.strip(" ()（）[]【】")
    if bare != line.strip() and _EAST_ASIAN_NAME.match(bare) and not signature(bare):
        return (bare,)
    return authors_from_text(line, "ko") if _KOREAN_ROLE.search(line) else signature(line) or ()


_KOREAN_ROLE = re.compile(rf"\s(?:{'|'.join(WORDS.by_language('written_role')['ko'])})(?:\s|$)")


def clean_authors(values: Sequence[str], publisher: str | None = None) -> tuple[str, ...]:
    """The names in metadata values, which hold addresses, roles and several names in one string; each name once, as written.
    The publisher's own name stays only where nobody else is named."""
    names = distinct([name for value in values if len(value) < MAX_VALUE_CHARACTERS for name in _names_in_value(value)])
    names = tuple(name for name in names if not _COMPANY.search(name) and not _LOGIN.fullmatch(name))  # who runs the site
    names = distinct([plain for name in _without_joined(names) for plain in _without_initials(name, publisher)])
    return tuple(name for name in names if name.casefold() != (publisher or "").casefold()) or names


# --- in print ---------------------------------------------------------------------------------------------------------


def _before_dated_bars(line: str) -> str:
    """Of "Jane Doe | Palma de Mallorca | 09/01/2014 | 10:21" the name: between bars there are a place, a day and a time."""
    first, *others = re.split(r"\s[|•·]\s", line)
    return first if len(others) > 1 and any(map(_CLOCK_OR_DAY.search, others)) and _person(first, may_be_one_word=False) else line


def _before_date(line: str) -> str:
    """ "GRETA MOLNAR March 11, 2015" without the day, in any language."""
    line = _DATED.sub("", line)
    cuts = (found.start() for found in _WORD_AND_NUMBER.finditer(line) if months_in(fold(found[1]), None))
    return line[: next(cuts, None)]


_WORD_AND_NUMBER = re.compile(r"\s(?:[^\W\d_]{3,}\.?,\s)?([^\W\d_]{3,})\.?,?\s\d{1,2}(?!\d)")


def _strip_prefix(line: str, language: str | None) -> str:
    """Without "By", "Von", "文/"; twice, for "Text: Von …"."""
    for _ in range(2):
        match = PREFIX.match(line)
        if not match or (match.group().strip().casefold() == "de" and language not in ("ro", "es", "pt", "fr", "ca")):
            break
        line = line[match.end() :]
    return line


def _parts(line: str) -> Iterator[str]:
    """Without what tells of the person before it: "Jane Doe, head of sales and service, Lake Bank, and John Roe" are two."""
    is_told = False
    for at, segment in enumerate(_SEPARATORS.split(_EAST_ASIAN_ROLE.sub(" ", line))):
        if at and not _LEADING_AND.match(segment):
            is_role = bool(_ROLE.match(segment) or _PAPER_ROLE.search(segment))
            is_told = is_told or (segment[:1].islower() and not is_role)
            if is_told or is_role:
                continue
        is_told = False
        yield from (part.strip(" -–—:") for part in _split_at_and(segment) if part.strip(" .-–—"))


def _split_at_and(segment: str) -> list[str]:
    """ "Ann Poe and John Roe" in two, "José Ortega y Gasset" in one: a single word is the rest of the name before it."""
    pieces = re.split(f"({_AND.pattern[4:]})", f" {segment.strip()}", flags=re.IGNORECASE)
    parts = [pieces[0]]
    for conjunction, part in zip(pieces[1::2], pieces[2::2], strict=True):
        is_rest = len(part.split()) == 1 and len(parts[-1].split()) > 1 and not OF_AGENCY.match(part.strip())
        parts = [*parts[:-1], parts[-1] + conjunction + part] if is_rest else [*parts, part]
    return parts


def _person(part: str, may_be_one_word: bool) -> str | None:
    if PREFIX.fullmatch(f"{part.strip()} "):  # "Written by", alone
        return None
    name = _PLACE_TAIL.sub("", _TITLE.sub("", PREFIX.sub("", part.strip(), count=1))).strip(" .,()")
    if is_of_house(name):
        return None
    if roles := list(_ROLE.finditer(name)):  # "our correspondent Jane Doe", "Jane Doe Political Editor"
        name = name[roles[-1].end() :].strip(" .,:") or name[: roles[0].start()].strip(" .,:")
        may_be_one_word = False
    name = re.sub(r"(?<=\s[JS]r)$", ".", name) if part.rstrip(" ,").endswith(".") else name
    if not name or OF_AGENCY.match(name) or _NOT_A_NAME.search(name) or _COMPANY.search(name) or _JOB.search(name):
        return None
    if not name[0].isascii() and _EAST_ASIAN_NAME.match(name):  # no capitals tell a name from other words
        return name if may_be_one_word else None
    one_word = may_be_one_word and len(name) > 2 and name.isalpha() and not name.isupper()
    return name if _is_name(name) and (len(name.split()) > 1 or one_word) else None


_ARTICLES = ("el", "la", "le", "der", "die", "das", "the")


def _is_name(text: str) -> bool:
    """Up to six words, each with a capital letter except particles, nothing but letters, dots, hyphens and apostrophes."""
    words = text.split()
    if not 1 <= len(words) <= 6 or words[0] in _ARTICLES or re.search(r"[\d!?:;@#$%*=<>{}|\\]", text):
        return False
    capital = [word for word in words if not word[0].islower() and (word[0].isalpha() or word[0] in "'’\"“„«")]
    return bool(capital) and all(w in capital or w.casefold().rstrip(".") in _SMALL_WORDS or w[1:2] in "'’" for w in words)


def _in_mixed_case(name: str) -> str:
    """ "JOHANNA DE LA CRUZ-O'BRIEN" as "Johanna de la Cruz-O'Brien"; initials and agencies stay."""
    if not name.isupper() or " " not in name or OF_AGENCY.match(name):
        return name
    lower = (
        word if word in _SMALL_WORDS else re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), word) for word in name.lower().split()
    )
    return " ".join(lower)


# --- in metadata ------------------------------------------------------------------------------------------------------

_NO_NAME = re.compile(r"(?i)[({\[]|(?:https?:)?//|www\.|/\w+/|(?=\S+?(?:@|\[at\]))\S+\.\w+$")
_ADDRESS = re.compile(
    r"(?i)(?:(?<!\s)\s+)?[(<][^\s@(<]+@[^\s()<>]+[)>]|\s[^\s@]+@\S+\.\w+$|(?:\s[-–|])?\s(?:https?://|www\.|@)\S+$"
)


def _without_initials(name: str, publisher: str | None) -> tuple[str, ...]:
    signed = signature(name)
    return (name,) if signed is None or (not signed and is_house(name, publisher)) else signed


_LOGIN = re.compile(r"(?=[a-z]*[\d_-])[a-z0-9_-]+(?<!-)")  # "ann-lakehouse", "jdoe2021"
_NAMES_BEGIN_SO = frozenset(("de", "di", "haber", "from", "theo"))  # "De Gregorio", "Theo Waigel"


def _names_in_value(value: str) -> Iterator[str]:
    value = " ".join(value.split())
    value = (value if value.isascii() else _EAST_ASIAN_ROLE.sub(" ", value)).strip(" ,;|©")
    prefix = PREFIX.match(value)
    if prefix and prefix[0].strip(" :").casefold() not in _NAMES_BEGIN_SO:
        value = value[prefix.end() :]
    bare = _ADDRESS.sub("", value).strip(" ,;")
    if not bare or _NO_NAME.match(value) or _BY_OTHERS.match(value) or _NOT_A_NAME.search(bare):
        return
    bare = re.sub(r"\s*\([^()]{0,40}\)|\([^()]*$", "", bare).strip() or bare  # "Jane Doe (jd)"
    if _EAST_ASIAN_NAMES.match(bare):
        yield from bare.split()
        return
    for group in re.split(r"\s*;\s*", bare):
        for segment in [inverted] if (inverted := _given_name_first(group)) else _without_roles_and_places(group):
            parts = _AND.split(segment)
            several = len(parts) > 1 and all(len(part.split()) > 1 and _is_name(part) for part in parts)
            yield from map(_once, parts if several else [segment])


def _given_name_first(value: str) -> str | None:
    """ "Doe, Jane", "Koster, F." and "Jongh, Michiel de" in the order of speech; None for what is no such name."""
    family, comma, given = value.partition(", ")
    words = given.split()
    if (
        not comma
        or "," in given
        or not 1 <= len(words) <= 4
        or any(map(_ROLE.search, (family, given)))
        or OF_AGENCY.match(family)
    ):
        return None
    ends_in_particle = len(words) > 1 and words[-1] in _SMALL_WORDS
    is_family = len(family.split()) == 1 or all(word in _SMALL_WORDS for word in family.casefold().split()[:-1])
    if (
        not is_family
        or not _is_name(family)
        or not (_is_name(given) or ends_in_particle)
        or OF_AGENCY.match(given)
        or family.isupper()
    ):
        return None
    return None if _SUFFIX.match(given) else f"{given} {family}"


_SUFFIX = re.compile(r"(?i)(?:jr|sr|ph\.?d|m\.?d|ii|iii|iv|esq|mba|msc|rn|cfp|cpa)\b")


def _without_roles_and_places(value: str) -> list[str]:
    """ "Jane Doe, Political Editor" and "Jane Doe, Berlin" are one name, "Jane Doe, John Roe, and Ann Poe" three."""
    segments = [_LEADING_AND.sub("", segment) for segment in re.split(r"\s*(?:[|,、，]|\s/\s)\s*", value) if segment]
    if len(segments) < 2:
        return [value]
    people = [segment for segment in segments if not _ROLE.search(segment) and not _JOB.search(segment)] or segments[:1]
    return [name for name in people if " " in name or OF_AGENCY.match(name) or _EAST_ASIAN_NAME.match(name)] or [value]


def _once(name: str) -> str:
    """ "Yucy Yucy Yucy" is Yucy."""
    words = name.split()
    return words[0] if len(words) > 1 and len(set(words)) == 1 else name


def _without_joined(names: tuple[str, ...]) -> tuple[str, ...]:
    """Without "Ann Poe John Roe" where both are named by themselves."""
    plain = [name.casefold() for name in names]
    several = range(2, min(MAX_JOINED_NAMES, len(names) - 1) + 1)
    joined = {" ".join(some) for count in several if len(names) <= 2 * MAX_JOINED_NAMES for some in permutations(plain, count)}
    return tuple(name for name, key in zip(names, plain, strict=True) if key not in joined)
