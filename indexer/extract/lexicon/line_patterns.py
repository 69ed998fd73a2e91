"""Recognises the lines of a news page that are not prose: datelines, contributor and correction lines, boilerplate.

In goes one line or paragraph of plain text, out comes what it is:

    >>> dateline_of("GENEVA, Switzerland — The clocks stood at midnight.")
    'GENEVA, Switzerland'

When unsure the answer is no: a line that is kept by mistake does less harm than prose that is lost.
"""

import re

from indexer.extract.lexicon.phrases import AnyOpening, Mentions, Openings
from search.lexicon.read import read_lexicon

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽΑ-ΩΆΈΉΊΌΎΏА-ЯЁІЇЄҐ"
LOWER = "a-zß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžα-ωάέήίόύώϊϋΐΰςа-яёіїєґ"

# --- datelines ------------------------------------------------------------------------------------------------------

_DATELINES = read_lexicon("indexer.extract.lexicon", "datelines")
_CAPS = rf"[{UPPER}][{UPPER}.'’ʼ-]+"
_TITLE = rf"[{UPPER}][\w.'’ʼ-]+"
_COUNTRY = rf"(?:,\s*{_TITLE}(?:\s(?:{_TITLE}|and|of|y|et|und|de|la))*\.?){{0,2}}"
_MONTH = rf"[{UPPER}{LOWER}]{{3,9}}\.?"
_DAY = rf"(?:[,/]?\s*(?:\d{{1,2}}\.?\s*(?:de\s)?{_MONTH}|{_MONTH}\s\d{{1,2}})(?:,?\s\d{{4}})?)"
_AGENCY = r"(?:\.?\s*[(/][^()/]{2,40}[)/])"
_DASH = r"\s*(?:—|–(?=\s)|--|(?<=\s)-(?=\s)|\.-(?=\s)|=(?=\s)|\|(?=\s)|―|─)+\s*"
_QUOTES = "\"'“”„‟«»‘’‚‹›「『¿¡(["

_CAPS_DATELINE = re.compile(
    rf"(?P<place>{_CAPS}(?:[\s/](?:{_CAPS}|[dD][aei]?l?|of|am|an|der|sur|la|le)){{0,4}}{_COUNTRY}?)"
    rf"(?:{_DAY}?{_AGENCY}?{_DASH}|{_DAY}?{_AGENCY}\s+|:\s|(?<=[{UPPER}]{{3}}\.)\s)(?=[{_QUOTES}\d{UPPER}])"
)
# "Berlin (dpa) - Der …", "Bogotá, 10 mar (EFE).- El …", "Bogotá | El …", "Berlin – Der …"
_TITLE_DATELINE = re.compile(
    rf"(?P<place>{_TITLE}(?:[\s/](?:{_TITLE}|de|del|di|da|do|of|am|an|der|sur|la|le)){{0,3}}{_COUNTRY}?)"
    rf"(?:{_DAY}?{_AGENCY}(?:\.?\s*{_DASH}|:\s)|{_DAY}{_DASH}|\s(?:[—–|]|--?)\s)(?=[{_QUOTES}\d{UPPER}])"
)
# "新华社北京10月10日电", "（中央社記者林某東京10日電）", "【東京＝山田太郎】", "[東京 10日 ロイター] -",
# "(서울=연합뉴스)", "[서울=뉴시스]"
_EAST_ASIAN_DATELINE = re.compile(
    rf"[（(【［\[]?(?:{'|'.join(_DATELINES.of('agency'))})(?:記者[一-鿿]{{2,3}})?"
    r"(?P<han>[一-鿿]{2,8}?)\s*(?:\d+月)?\d+日[^，。]{0,20}?[电電訊讯]"
    r"|【(?P<corner>[一-鿿ァ-ヺー・]{2,20})[＝=][^】]{2,20}】"
    r"|[\[［](?P<kana>[一-鿿ァ-ヺー／・]{2,20})[\s　]*[\d０-９一二三四五六七八九十]+日[^\]］]{0,12}[\]］]"
    r"|[(\[](?P<hangul>[가-힣]{2,10})\s?=\s?[가-힣\w ]{2,20}[)\]]"
)
_NO_PLACE = re.compile(rf"(?i)(?:{'|'.join(_DATELINES.of('no_place')).replace('*', '[a-z]*')})\b")


def dateline_of(paragraph: str) -> str | None:
    """The place a paragraph is filed from, as printed: "PANMUNJOM, Korea — Two men …" gives "PANMUNJOM, Korea"."""
    start = paragraph[:120].lstrip()
    east_asian = _EAST_ASIAN_DATELINE.match(start)
    if east_asian:
        return next(place for place in east_asian.groups() if place)
    match = _CAPS_DATELINE.match(start) or _TITLE_DATELINE.match(start)
    if not match or len(match["place"]) > 60 or _NO_PLACE.match(start):
        return None
    place = match["place"]
    if _ROMAN_NUMERAL.search(place):  # "Benedict XVI – …"
        return None
    acronym_only = re.fullmatch(rf"[{UPPER}]{{1,3}}", place)  # "EU — The", "US: The" are subjects, not places
    return None if acronym_only else place.strip(" ,-" if "," in place else " ,.-")  # "ANN ARBOR, Mich."


HOME_PAGES = frozenset(read_lexicon(__package__, "breadcrumbs").of("home"))
_ROMAN_NUMERAL = re.compile(r"\w\s[IVX]+\.?$")


def section_of(breadcrumbs: str) -> str:
    """ "World | Asia" and "Home > World" are of the section World."""
    parts = re.split(r"\s+[|/>›»·•]\s+", breadcrumbs.strip())
    return next((part for part in parts if part.casefold() not in HOME_PAGES), parts[0])


# --- contributors, corrections, related stories, boilerplate ----------------------------------------------------------

_CONTRIBUTORS = read_lexicon(__package__, "contributor_lines")
_CONTRIBUTOR_OPENINGS = Openings(_CONTRIBUTORS, "opening")
_CONTRIBUTOR_ENDING = Mentions(_CONTRIBUTORS, "ending", ".{3,120}", "$")
_CONTRIBUTED = Mentions(_CONTRIBUTORS, "within", "^.{3,200}[\\s.]")
_REPORTED_FROM = re.compile(
    rf"^(?:[{UPPER}][\w.'’-]+\s){{2,4}}(?:(?:and|,)\s(?:[{UPPER}][\w.'’-]+\s){{2,4}})?report(?:ed|ing|s)\sfrom\s[{UPPER}]"
)

_CORRECTIONS = read_lexicon(__package__, "correction_lines")
_CORRECTION = AnyOpening(
    (
        Openings(_CORRECTIONS, "label", r"\s*(?:$|[:.(—–|-]|\d|,\s\d|,?\s(?:on\s)?[A-Z]\w+\.?\s\d|,\s\d{1,2}\s[A-Z])"),
        Openings(_CORRECTIONS, "opening"),
        Openings(_CORRECTIONS, "bracketed", "[】〉）):：]"),
    )
)

_RELATED = read_lexicon(__package__, "related_lines")
_RELATED_SIGNS = "[(►▶→»›>•*·| \t👉👇📌➡\ufe0f"
_RELATED_OPENING = AnyOpening(
    (
        Openings(_RELATED, "label", r"\s*(?:[:：|>»›→▶►\-–—…]|$)"),
        Openings(_RELATED, "plain", r"[\s\]】]", flags=0),
    )
)

_LINES = read_lexicon(__package__, "boilerplate_lines")
_SIGNS_AT_END = " .!?:»›>|"
_END_OF_LINE = r"[\s.!?:»›>|]*$"
_MINUTES = Mentions(_LINES, "minutes", r"(?:about\s)?\d{1,3}[\s-]*")
_OF_READING = Mentions(_LINES, "of_reading", r"[\s.]*", _END_OF_LINE)
# Where a system filed the text: "This entry was posted in News by Jane Doe", "Submitted by Jane Doe on May 3, 2021".
_FILED = Openings(_LINES, "filed", gap=200)
_BOILERPLATE = AnyOpening(
    (
        Openings(_LINES, "line", _END_OF_LINE, gap=80),
        Openings(_LINES, "opening", ".{0,160}$"),
        Openings(_LINES, "reading_time", rf"\s*[:：]?\s*(?:ca\.?\s)?\d{{0,3}}[\s\w.]{{0,16}}{_END_OF_LINE}"),
        _FILED,
        Openings(_LINES, "sent_in", r"\s.{2,80}$"),
    )
)

_CALLS = read_lexicon(__package__, "subscription_calls")
_CALL_OPENINGS = Openings(_CALLS, "opening")
_CALL_OBJECTS = Mentions(_CALLS, "object")
# What the house asks of its reader: "Follow us on …", "dann hol dir unseren Newsletter", "¡Únete!" …
_ASKED = (
    Mentions(_CALLS, "asked", r"(?:^|[.!?¡:–—-]\s*|,\s|\b(?:please|to|and|und)\s)(?:then\s|now\s|dann\s|jetzt\s)*"),
    Mentions(_CALLS, "asked_anywhere"),
    Mentions(_CALLS, "asked_last", after=r"(?:\W*$|\.\s)"),
)
# … and for what.
_ASKED_FOR = Mentions(_CALLS, "asked_for")
_LAST_WORDS = Openings(_CALLS, "last_word")
_OF_SITE = Mentions(_CALLS, "of_site", gap=300)
_SPEECH = re.compile('["“”„«»]')
MAX_CALL_CHARACTERS = 600
MAX_CONTRIBUTOR_CHARACTERS = 400
MAX_RELATED_CHARACTERS = 250
MAX_BOILERPLATE_CHARACTERS = 240
"""What is longer is prose."""


def is_call(text: str) -> bool:
    """A call to subscribe, to follow or to give, wherever in the line it stands, and what is said of links and cookies: only
    told below the text, for an article may well speak of such things."""
    if len(text) > MAX_CALL_CHARACTERS:
        return False
    if _LAST_WORDS.match(text) or _OF_SITE.search(text):
        return True
    return not _SPEECH.search(text) and _ASKED_FOR.search(text) is not None and any(asked.search(text) for asked in _ASKED)


def is_contributor_line(text: str) -> bool:
    """ "Jane Doe contributed reporting from Oslo." and its like in other languages."""
    if len(text) >= MAX_CONTRIBUTOR_CHARACTERS:
        return False
    opened = _CONTRIBUTOR_OPENINGS.match(text.lstrip("(（["))
    return bool(opened or _CONTRIBUTED.match(text) or _CONTRIBUTOR_ENDING.match(text) or _REPORTED_FROM.match(text))


def is_correction(text: str) -> bool:
    """ "Correction: July 23, 1954 …", "An earlier version of this article misstated …", "Fe de errores: …"."""
    line = text.lstrip(" *[(【〈")
    if line[:1] in ("a", "A"):
        line = re.sub(r"^(?i:an?)\s", "", line)
    return _CORRECTION.match(line) is not None


def is_related_line(text: str) -> bool:
    """A pointer to another story: "READ MORE: …", "Lea también: …", "Mehr zum Thema"."""
    if len(text) >= MAX_RELATED_CHARACTERS:
        return False
    return _RELATED_OPENING.match(text.lstrip(_RELATED_SIGNS)) is not None


def is_boilerplate(text: str) -> bool:
    """Reading time, sharing, newsletter, advertisement and copyright lines, and where the text is filed. text: on one line."""
    if len(text) > MAX_BOILERPLATE_CHARACTERS:
        return len(text) <= MAX_CALL_CHARACTERS and bool(_FILED.match(text))
    if _CALL_OPENINGS.match(text) and (len(text.split()) <= 2 or _CALL_OBJECTS.search(text)):
        return True
    return _is_reading_time(text) or _BOILERPLATE.match(text) is not None


def _is_reading_time(text: str) -> bool:
    """ "4 min", "About 4 minutes to read"."""
    minutes = _MINUTES.match(text)
    rest = text[minutes.end() :] if minutes else None
    return rest is not None and (not rest.strip(_SIGNS_AT_END) or _OF_READING.match(rest) is not None)
