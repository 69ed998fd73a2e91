"""What the words of bylines tell: how one begins, who did not write the text, who is no person.

>>> byline_in("Posted 10 March 2022 by Jane Doe")
'by Jane Doe'
>>> signature("dpa/sda"), signature("gr/bp"), signature("Jane Doe")
(('dpa', 'sda'), (), None)
"""

import re
from collections.abc import Sequence

from search.lexicon.read import Lexicon, read_lexicon

WORDS = read_lexicon("indexer.extract.fields", "byline_words")
_AGENCIES = read_lexicon("search.lexicon", "agencies")
_SIGNS = {" ": r"\s", "*": r"\w*", "…": r"\w+(?:\s\w+){0,2}", "'": "['’]"}


def one_of(*kinds: str, words: Lexicon = WORDS) -> str:
    """The phrases of the kinds as alternatives of a regular expression, the longest first."""
    phrases = sorted({phrase for kind in kinds for phrase in words.of(kind)}, key=lambda phrase: (-len(phrase), phrase))
    return "|".join("".join(_SIGNS.get(sign) or re.escape(sign) for sign in phrase) for phrase in phrases)


PREFIX = re.compile(
    rf"(?i)^[\s|•·–—-]*(?:(?:{one_of('by', 'author')})(?:\.?\s?[:：]\s*|\.?\s+)|(?:{one_of('author', 'label')})\s*[:：]\s*"
    rf"|(?:{one_of('slash')})\s*[/／:：|｜・]\s*)\s*"
)

_AMBIGUOUS = frozenset(WORDS.of("ambiguous"))


def has_byline_prefix(line: str) -> bool:
    """Whether the line starts as bylines do: "By ", "Von ", "文/"."""
    return bool(PREFIX.match(line))


def byline_prefix(line: str) -> str:
    """What a byline starts with, "" if the line does not: "By ", "Von "; nothing that other lines start with as well."""
    prefix = PREFIX.match(line)
    return "" if not prefix or prefix[0].strip(" :").casefold() in _AMBIGUOUS else prefix[0]


def byline_in(line: str) -> str:
    """The line from where it starts as bylines do: "Posted 10 March 2022 by Jane Doe" from "by" on; "" if it does not."""
    prefix = PREFIX.match(line)
    if prefix and (prefix[0].rstrip().endswith((":", "：")) or byline_prefix(line)):
        return line
    dated = _AFTER_DAY.search(line)
    return line[dated.end() :] if dated else ""


_AFTER_DAY = re.compile(
    r"(?i)(?:\d{4}|\d[:.]\d\d(?:\s?(?:[ap]\.?m\.?|h|uhr))?)(?:\s?[,|/·•–-]|\s)\s?(?:[^\d|/]{3,30}[|/]\s)?"
    rf"(?=(?:{one_of('by')})\s(?<!\bde\s)(?<!\bfrom\s))"
)


def is_label(line: str) -> bool:
    """Whether names follow it: "Written by", "Author:"."""
    return line.rstrip(" :：").casefold() in _LABELS


_LABELS = frozenset((*WORDS.of("by"), *WORDS.of("author"), *WORDS.of("label"))) - _AMBIGUOUS


def tells_of_others(label: str) -> bool:
    """Whether the name after it is that of somebody who did not write the text: "Edited by", "Photos:"."""
    return bool(_LABEL_OF_OTHERS.search(label.rstrip()[-MAX_LABEL_CHARACTERS:]))


MAX_LABEL_CHARACTERS = 60
_LABEL_OF_OTHERS = re.compile(rf"(?i)(?<!\w)(?:{one_of('by_others')})$")


def is_not_writing(job: str) -> bool:
    """Whether whoever has it did not write the text: "Photographer"."""
    return bool(_NOT_WRITING.fullmatch(job.strip(" ()")))


_NOT_WRITING = re.compile(rf"(?i)(?:{one_of('not_writing')})\.?")


def without_others(line: str) -> str:
    """ "Jane Doe (text) and Ann Poe (photos)" without Ann Poe."""
    while found := _NOT_WRITING_IN_BRACKETS.search(line):
        before = _UP_TO_NAME.match(line[: found.start()])
        line = f"{before[1] if before else ''} {line[found.end() :]}"
    return line


_NOT_WRITING_IN_BRACKETS = re.compile(rf"(?i)[(（](?:{one_of('not_writing')})[)）]")
_UP_TO_NAME = re.compile(rf"(?i)(.*)(?:[,;/|]|\s(?:{one_of('and')})\s)")


def is_house(name: str, publisher: str | None) -> bool:
    """Whether the name is the publisher's, its newsroom's or an agency's rather than a person's."""
    initials = "".join(word[0] for word in re.findall(r"\w+", publisher or "")).casefold()
    letters, house = (re.sub(r"\W+|\.?\b(?:com|de|org|net|co|uk)\b", "", text.casefold()) for text in (name, publisher or ""))
    same = letters == initials or letters in house or house in letters
    return bool(is_of_house(name) or _NOT_A_PERSON.search(name) or (house and letters and same))


def is_agency(name: str) -> bool:
    """AFP, dpa/ab, The Associated Press."""
    return bool(OF_AGENCY.match(name))


def is_of_house(name: str) -> bool:
    """Whether it is an agency's name or ends as those of newsrooms do: "AFP", "Ledger Editorial Board"."""
    return bool(OF_AGENCY.match(name) or _HOUSE_END.search(name))


OF_AGENCY = re.compile(
    rf"(?i)^(?:(?:{one_of('with', words=_AGENCIES)})\s)?({one_of('wire', 'agencies', words=_AGENCIES)})"
    r"(?:[-/,\s]+(?:\w{2,4}))?$"
)
_HOUSE_END = re.compile(rf"(?i)\w\s(?:{one_of('house_end')})$")
_NOT_A_PERSON = re.compile(
    rf"(?i)\b(?:{one_of('house')})\b|\be\.\s?v\.?$|\.(?:com|de|org|net|at|ch|fr|es|it|is|uk)$|{one_of('house_anywhere')}"
)


def signature(line: str) -> tuple[str, ...] | None:
    """The agencies in a line signed with initials: "dpa/sda", "(tht/ap)", () for "gr/bp" and "VRG"; None for other lines."""
    bare = line.strip(" .,:()（）[]【】")
    parts = re.split(r"\s*[/,;+–—]\s*|\s-\s", bare) if 1 < len(bare) <= MAX_SIGNATURE_CHARACTERS else []
    agencies = [OF_AGENCY.match(part) for part in parts]
    if len(parts) == 1 and parts[0].islower() and len(parts[0]) > MAX_LONE_INITIALS and not agencies[0]:
        return None
    if not parts or not all(found or _INITIALS.fullmatch(part) for found, part in zip(agencies, parts, strict=True)):
        return None
    return distinct([found[1] for found in agencies if found])


MAX_SIGNATURE_CHARACTERS = 40
MAX_LONE_INITIALS = 3
"""Letters; "eliz" may be a name."""
_INITIALS = re.compile(r"(?:[a-zà-öø-ÿ]{2,4}|[A-ZÀ-ÖØ-Þ]{2,4}|(?:[A-Z]\.){2,3})\.?")


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Each name once, whatever its case, in order."""
    first = {name.casefold(): name for name in reversed(names) if name}
    return tuple(reversed(first.values()))
