"""The words beside a picture -> what it shows and who took it. The words to tell by are in credits.toml.

>>> split_credit("Cars wait outside the palace. (Henri Vuille/Continental Wire)")
('Cars wait outside the palace.', 'Henri Vuille/Continental Wire')

When unsure, there is no credit.
"""

import re

from indexer.extract.lexicon.line_patterns import LOWER, UPPER
from search.lexicon.read import read_lexicon

_CREDITS = read_lexicon("indexer.extract.lexicon", "credits")

MAX_CAPTION_CHARACTERS = 2_000
"""Characters; a longer text is no caption, and no credit is looked for in it."""
MAX_CREDIT_CHARACTERS = 110
MAX_CREDIT_WORDS = 14
MAX_SOURCE_LINE_CHARACTERS = 90
MAX_LABEL_CHARACTERS = 25
_MAX_CHROME_CHARACTERS = 30


def _any(*kinds: str) -> str:
    """A regular expression for the entries of the kinds, the longest first; blanks are optional."""
    entries = sorted({entry for kind in kinds for entry in _CREDITS.of(kind)}, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(entry).replace(r"\ ", r"\s?").replace("'", "['’]") for entry in entries) + ")"


_PICTURE = rf"{_any('picture')}s?"
_LABEL_WORDS = rf"(?:{_PICTURE}(?:\s?{_any('maker')})?|{_any('label')})"
_LABELS = (  # one or several: "Crédit photo : © "
    rf"(?:(?<!\w)(?:{_LABEL_WORDS}\s*[:：=＝]\s*|{_PICTURE}\s{_any('by')}\s|{_any('owner')}\s|{_any('dotted_label')}\s*)"
    rf"|{_any('slash_label')}\s*[／/・](?!図版)\s*|{_any('owner_sign')}[\s\ufe0f]*)+"
)
_LABEL = re.compile(f"(?i){_LABELS}")
_LABEL_IN_SMALL = re.compile(_LABELS)
"""For a text in small letters, which is quicker."""
MAX_LABELS_CHARACTERS = 60
_ARCHIVE = re.compile(rf"(?i){_any('archive')}\s(?={_PICTURE})")
_ARCHIVE_AT_END = re.compile(rf"(?i)(?<!\w){_any('archive')}\s$")
# For speed: what has none of these, in lower case, has no label in its midst.
_LABEL_SIGNS = (
    *":：=＝／/・",
    *_CREDITS.of("owner_sign"),
    *_CREDITS.of("owner"),
    *_CREDITS.of("dotted_label"),
    *_CREDITS.of("picture"),
)
_LABEL_BEFORE_NAME = re.compile(rf"(?i:{_PICTURE}|{_any('label')})\s(?=[{UPPER}])")
_SOURCE = re.compile(rf"(?<!\w){_any('source', 'after_name')}(?!\w)")
_PARENTHESIS = re.compile(r"^(|.*\S)\s*[(（\[［【]([^()（）\[\]［］【】]{2,110})[)）\]］】][\s.。]*$", re.S)
_PERSON_AND_SOURCE = re.compile(rf"^[^/|／]{{2,50}}\s?[/|／]\s?[{UPPER}@\w][^/|]{{1,50}}(?:\s?/\s?[^/|]{{2,40}})*$")
_PERSON = re.compile(rf"^[{UPPER}][\w.'’-]*(?:\s(?:[{UPPER}][\w.'’-]*|{_any('particle')})){{1,3}}$")
_PERSON_IN_HOUSE = re.compile(
    rf"^(?P<person>[^()/|]{{3,40}}?)(?:\s\([{UPPER}][^()]{{1,30}}\)|\s?[/|,]\s?[{UPPER}][^/|]{{1,30}})$"
)
_ACRONYM = re.compile(rf"^[{UPPER}]{{2,6}}$")
_LAST_SENTENCE = re.compile(r"^(.*[.!?…。»”\"])(?:\s+|[—–]\s?)([^.!?。]{2,80}(?:\.(?:com|de|org|net))?)\.?$", re.S)
_TAKEN = tuple("影供摄攝")
_TAKEN_BY = re.compile(
    r"^(.*?)(?:[＝=、，,]|(?<=。)|(?<!\s)\s)\s*([^＝=、，,。\s]{2,14}?)氏?[／/]?(?:撮影|提供|摄影|攝影|摄|攝)[)）]?$", re.S
)
_SMALL_WORDS = re.compile(rf"\b(?:{_any('small_word', 'after_name')}\b|{_any('side')}(?=\s?:))")
_LOWER_CASE_WORD = re.compile(rf"(?<![\w.@])[{LOWER}]{{3,}}")
_NEXT_SENTENCE = re.compile(rf"(?<=[{LOWER}]{{3}})[.!?]\s+[{UPPER}]")
_NAME_AFTER_LABEL = re.compile(rf"(?![{LOWER}])[^\W\d_]|{_any('name_without_capital')}")
_SIGN = re.compile(rf"{_any('owner_sign', 'dotted_label')}|\(c\)")
_LETTER = re.compile(r"[^\W\d_]")
_NOBODY = rf"{_any('unnamed')}(?:\s(?i:{_PICTURE}))?"
_UNNAMED = re.compile(rf"{_NOBODY}\.?")
_IN_FRONT = re.compile(rf"(?i)^(?:(?P<source>{_any('source_label')})|{_any('caption_label')})\s*[,:]\s*")
_CHROME_BEFORE = re.compile(
    rf"(?i)(?:{_any('chrome_before', 'first_picture')}|view \d+ images?|\d+ ?(?:/|of|von|de|sur) ?\d+)\s*(?:[:：,|/]\s*|$)"
    r"|写真・図版\s*"
)
_CHROME_AFTER = re.compile(rf"(?i)(?:(?<![\s,])[\s,]+)?{_any('chrome_after')}$")
_E_MAIL = re.compile(r"(?<![\w.-])[\w.-]{2,25}@[\w.-]{4,25}$")
_BY_AT_END = re.compile(rf"(?<![\s—–|,-])\s*[—–|,-]+\s{_any('by')}$")  # "The bridge — via", before a link
_NAME = r"[^\W\d_a-zß-ÿ][\w.'’&-]*"
_NAMES = rf"{_NAME}(?:(?:[ ,/]{{1,3}}| [—–-] )(?:(?:of|de|da|di|the|and|for|via|von|van) )?{_NAME}){{0,7}}"
_TRAILING_CREDIT = re.compile(
    # "… in Palma / Lorenzo Marina", "… a rally. (District Court, Eastern District)", "… a rally. Supplied",
    # "… the bridge. Photo Ann Roe", "…＝ＡＰ", "… 고영권 기자"
    rf"^(?P<text>.*\S)(?: / ({_NAMES})|(?<=[.!?”\"»]) \(({_NAMES})\)\.?|(?<=[.!?”\"»]) ({_NOBODY}(?: ?/ ?{_NAMES})?)\.?"
    # "… the bridge. PHOTO ANN ROE, THE POST", "… the bridge. ANN ROE FOR THE POST", "… the bridge. WIRE PHOTO/Ann Roe"
    rf"|(?<=[.!?”\"»]) (?i:{_any('named_label')})s? ({_NAME}(?:,? {_NAME}){{1,5}}|{_any('unnamed')})"
    rf"|(?<=[.!?”\"»]) ([{UPPER}]{{2}}[{UPPER}.'’-]* [^{LOWER}\d]{{3,80}})"
    rf"|(?<=[.!?”\"»]) ({_NAME}(?: {_NAME}){{1,3}} ?/ ?{_NAME}(?: {_NAME}){{0,3}})"
    rf"|(?<=[.!?”\"»]) \w{{3,14}}: ?({_NAMES})"  # "… the bridge. Isithombe: Jane Doe", in whatever language
    r"|[＝=]([^＝=。、]{1,20})|[.。] ?([가-힣]{2,4}) ?(?:선임|인턴)?기자)$",
    re.S,
)
_NAMED_LABEL = re.compile(rf"(?i:{_any('named_label')}s?)\s(?=[{UPPER}])")
_LABEL_AT_END = re.compile(rf"(?<=[.!?”\"»]) (?i:{_any('named_label')})s?$")  # "Photo / Ann Roe"
_FIRST_PICTURE = re.compile(rf"(?i){_any('first_picture')}\s?:")
_CREDIT_SIGN = re.compile(rf"[:：©]| {_any('by')} ")
CREDIT_LABEL_ALONE = re.compile(rf"(?i)\W*{_any('own_element')}\W*$")
"""A label in an element of its own."""


def split_credit(caption_text: str) -> tuple[str | None, str | None]:
    """(text, credit) of a picture's caption; either may be None. The label ("Photo:", "©") is dropped, the name kept as is."""
    text = " ".join(caption_text.split())
    if len(text) > MAX_CAPTION_CHARACTERS:
        return text, None
    label = _IN_FRONT.match(text)  # "Image source, Getty Images" is a credit, "Image caption, The bridge" is not
    if label:
        rest = text[label.end() :]
        return (None, rest or None) if label["source"] else split_credit(rest)
    for reading in (_wholly_credit, _credit_in_parentheses, _labelled_credit, _credit_sentence):
        found = reading(text)
        if found:
            return found[0].strip(" |–—-/;") or None, _tidy_credit(found[1])
    return text or None, None


def split_trailing_credit(text: str) -> tuple[str | None, str | None]:
    """As `split_credit`, of a text that is known to be a caption: also "The bridge / Ann Roe", and several credits."""
    shown, bar, last = text.rpartition(" | ")
    more, named = split_credit(last) if bar and len(last) < 80 else (None, None)
    if named:
        before, credit = split_credit(shown)  # "The bridge. © Jane Doe | Wire/Jane Doe"
        return before, f"{credit}, {last}" if credit else last if more else named
    before, credit = split_credit(text)
    if credit is None and (match := _TRAILING_CREDIT.match(text)):
        return _LABEL_AT_END.sub("", match["text"]).strip(), next(group for group in match.groups()[1:] if group)
    return before, credit


def without_chrome(caption: str) -> str:
    """Without what is there to be clicked on, or read out to the blind: "Image caption", "hide caption", "3 of 12 |"."""
    while opening := _CHROME_BEFORE.match(caption):
        caption = caption[opening.end() :]
    if "@" in caption[-_MAX_CHROME_CHARACTERS:]:
        caption = _E_MAIL.sub("", caption).rstrip(" ,")
    while closing := _CHROME_AFTER.search(caption, max(0, len(caption) - _MAX_CHROME_CHARACTERS)):
        caption = caption[: closing.start()]
    return _BY_AT_END.sub("", caption.lstrip(" :|").rstrip(" |–-/"))


def names_photographer(text: str) -> bool:
    """Whether it is nothing but the name of a person or of who supplies pictures: "Ann Roe", "Ann Roe (WIRE)", "ES"."""
    if len(text) > MAX_SOURCE_LINE_CHARACTERS:
        return False
    person = _PERSON_IN_HOUSE.match(text)
    return bool(
        _PERSON.match(text) or _ACRONYM.match(text) or (person and _PERSON.match(person["person"])) or _is_source_line(text)
    )


def is_labelled(text: str) -> bool:
    """Whether it is nothing but a credit with its label, or an agency: "Photo: Ann Roe"."""
    said, credit = split_credit(text)
    return bool(credit and not said)


def names_maker(text: str) -> bool:
    """Whether it says who made a picture and where that is from, or has a label: "Ann Roe/Post", "Photo: Ann Roe"."""
    return is_labelled(text) or ("/" in text and names_photographer(text))


def labelled(text: str) -> str | None:
    """The credit that stands at its end behind a label: "The bridge. Photo: Ann Roe", "Image from Hill Council"."""
    found = _labelled_credit(text)
    return found[1] if found and (":" in text or "：" in text or names_only(found[1])) else None


def is_credit_line(text: str) -> bool:
    """A line that says nothing but who made a picture: "Photo: Jane Doe/Wire", "(Bild: Max Muster)"."""
    if len(text) > 150 or not _CREDIT_SIGN.search(text, 0, MAX_LABEL_CHARACTERS):
        return False
    if made_by := _MADE_BY.match(text):
        return names_only(text[made_by.end() :])
    label = _PICTURE_LINE.match(text)
    return bool(_FIRST_PICTURE.match(text) or (label and not _has_prose(text[label.end() :])))


def names_only(text: str) -> bool:
    """Whether it has no word in small letters but those of names: "Ann Roe on Unsplash"."""
    return not _LOWER_CASE_WORD.search(_SMALL_WORDS.sub(" ", text))


_PICTURE_LINE = re.compile(rf"(?i)[(\[]?{_any('picture_line')}\s*[:：©]")
_MADE_BY = re.compile(rf"(?i)[(\[]?(?:{_any('archive')}\s)?{_PICTURE}\s{_any('by')}\s")


def _wholly_credit(text: str) -> tuple[str, str] | None:
    archive = _ARCHIVE.match(text)
    label = _LABEL.match(text, archive.end() if archive else 0)
    if label and not _has_prose(text[label.end() :]):
        return "", text[label.end() :]
    return (
        ("", text)
        if len(text) <= 60 and not re.search(r"[(（\[［【:©]|(?:\w\w|[”\"])[.!?]\s", text) and _is_source_line(text)
        else None
    )


def _credit_in_parentheses(text: str) -> tuple[str, str] | None:
    match = _PARENTHESIS.match(text)
    before, inside = match.groups() if match else ("", "")
    if before.isupper() and len(before.split()) in (2, 3, 4) and _SOURCE.fullmatch(inside):  # "JANE DOE (EFE)"
        return "", text
    if unlabelled := _without_label(inside):
        return before, unlabelled
    named = _PERSON.match(inside) and before.rstrip().endswith((".", "!", "?", "…", "。", "”", '"', "»"))
    return (before, inside) if named or _UNNAMED.fullmatch(inside) or _looks_like_credit(inside) else None


def in_own_element(credit: str) -> str:
    """ "Photo Ann Roe" is "Ann Roe" in an element that is known to be a credit."""
    label = _NAMED_LABEL.match(credit)
    return credit[label.end() :] if label and not _SOURCE.match(credit) else credit


def _without_label(credit: str) -> str | None:
    """ "foto Ansa" is "Ansa", but "Picture Alliance" is one."""
    label = _LABEL_BEFORE_NAME.match(credit)
    return credit[label.end() :] if label and not _SOURCE.match(credit) and not CREDIT_LABEL_ALONE.match(credit) else None


def _labelled_credit(text: str) -> tuple[str, str] | None:
    """The last label that stands apart from the text before it, with a short credit after it."""
    small = text.lower()
    if not any(map(small.__contains__, _LABEL_SIGNS)):
        return None
    if len(small) != len(text):  # "İ" is of two letters then
        small = "".join(letter.lower()[0] for letter in text)
    for match in _LABEL_IN_SMALL.finditer(small, max(0, len(text) - MAX_CREDIT_CHARACTERS - MAX_LABELS_CHARACTERS)):
        before, credit = _ARCHIVE_AT_END.sub("", text[: match.start()]), text[match.end() :]
        sign = _SIGN.match(match.group()) and "(b)" not in before  # not of the third of three pictures
        apart = not before.strip() or before.rstrip()[-1] in '.!?…|/–—-(（[;。、”"»' or sign
        first = text[match.start()]
        named = first.isalpha() and not first.islower() and _NAME_AFTER_LABEL.match(credit)
        short = len(credit.strip(" .)）]")) <= MAX_CREDIT_CHARACTERS
        if (apart or named) and short and _LETTER.search(credit) and not _has_prose(credit):
            return before.rstrip(" ([（|/–—-,"), credit
    return None


def _credit_sentence(text: str) -> tuple[str, str] | None:
    """ "Cars wait outside. REUTERS/Jorge Silva", "…＝10日、東京、山田太郎撮影", "… 新华社记者王某摄"."""
    if (match := _LAST_SENTENCE.match(text)) and _is_source_line(match[2]):
        return match[1], match[2]
    match = _TAKEN_BY.match(text) if text.rstrip(")）").endswith(_TAKEN) else None
    return (match[1], match[2]) if match else None


def _looks_like_credit(text: str) -> bool:
    person_and_source = (
        _PERSON_AND_SOURCE.match(text) and len(text.split()) <= MAX_CREDIT_WORDS and not re.search(r"\d\s?/\s?\d", text)
    )
    return bool(_LABEL.match(text) or re.search(r"(?:撮影|提供|摄|攝)$", text) or person_and_source) or _is_source_line(text)


def _is_source_line(text: str) -> bool:
    """Names an agency, and is nothing but names: no word in lower case except the small words of names."""
    if not _SOURCE.search(text) or len(text) > MAX_SOURCE_LINE_CHARACTERS:
        return False
    return names_only(text)


def _has_prose(credit: str) -> bool:
    return len(credit) > MAX_CREDIT_CHARACTERS or len(credit.split()) > MAX_CREDIT_WORDS or bool(_NEXT_SENTENCE.search(credit))


def _tidy_credit(credit: str) -> str | None:
    credit = credit.strip(" \t|–—-·•:;,'‘’“”")
    while (label := _LABEL.match(credit)) and label.end() < len(credit):
        credit = credit[label.end() :].strip(" |–—-:")
    credit = credit[year.end() :] if (year := _YEAR.match(credit)) else credit
    if credit.count(")") > credit.count("("):
        credit = credit.rstrip(") ")
    if credit.endswith(".") and not _ABBREVIATED.search(credit):
        credit = credit[:-1].rstrip("'’”")
    return _AFTER_NAME.sub("", credit) or None


_YEAR = re.compile(rf"(?:19|20)\d\d,? (?=[{UPPER}])")  # "© 2024 Ann Roe"
_AFTER_NAME = re.compile(rf"(?<!\s)\s*(?:撮影|摄|攝|{_any('after_name')})$")
_ABBREVIATED = re.compile(rf"(?:\b{_any('abbreviation')}|\b\w|\.\w+|\.)\.$")
