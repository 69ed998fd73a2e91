"""Recognises the lines of a news page that are not prose: datelines, credits, contributor and correction lines, boilerplate.

In goes one line or paragraph of plain text, out comes what it is:

    >>> dateline_of("GENEVA, Switzerland — The clocks stood at midnight.")
    'GENEVA, Switzerland'
    >>> split_credit("Cars wait outside the palace. (Henri Vuille/Continental Wire)")
    ('Cars wait outside the palace.', 'Henri Vuille/Continental Wire')

When unsure the answer is no: a line that is kept by mistake does less harm than prose that is lost.
"""

import re

from indexer.extract.lexicon.phrases import Mentions, Openings
from search.lexicon.read import read_lexicon

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽΑ-ΩΆΈΉΊΌΎΏА-ЯЁІЇЄҐ"
_LOWER = "a-zß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżžα-ωάέήίόύώϊϋΐΰςа-яёіїєґ"

# --- datelines ------------------------------------------------------------------------------------------------------

_CAPS = rf"[{_UPPER}][{_UPPER}.'’ʼ-]+"
_TITLE = rf"[{_UPPER}][\w.'’ʼ-]+"
_COUNTRY = rf"(?:,\s*{_TITLE}(?:\s(?:{_TITLE}|and|of|y|et|und|de|la))*\.?){{0,2}}"
_MONTH = rf"[{_UPPER}{_LOWER}]{{3,9}}\.?"
_DAY = rf"(?:[,/]?\s*(?:\d{{1,2}}\.?\s*(?:de\s)?{_MONTH}|{_MONTH}\s\d{{1,2}})(?:,?\s\d{{4}})?)"
_AGENCY = r"(?:\.?\s*[(/][^()/]{2,40}[)/])"
_DASH = r"\s*(?:—|–(?=\s)|--|(?<=\s)-(?=\s)|\.-(?=\s)|=(?=\s)|\|(?=\s)|―|─)+\s*"
_QUOTES = "\"'“”„‟«»‘’‚‹›「『¿¡(["

_CAPS_DATELINE = re.compile(
    rf"(?P<place>{_CAPS}(?:[\s/](?:{_CAPS}|[dD][aei]?l?|of|am|an|der|sur|la|le)){{0,4}}{_COUNTRY}?)"
    rf"(?:{_DAY}?{_AGENCY}?{_DASH}|{_DAY}?{_AGENCY}\s+|:\s|(?<=[{_UPPER}]{{3}}\.)\s)(?=[{_QUOTES}\d{_UPPER}])"
)
# "Berlin (dpa) - Der …", "Bogotá, 10 mar (EFE).- El …", "Bogotá | El …", "Berlin – Der …"
_TITLE_DATELINE = re.compile(
    rf"(?P<place>{_TITLE}(?:[\s/](?:{_TITLE}|de|del|di|da|do|of|am|an|der|sur|la|le)){{0,3}}{_COUNTRY}?)"
    rf"(?:{_DAY}?{_AGENCY}(?:\.?\s*{_DASH}|:\s)|{_DAY}{_DASH}|\s(?:[—–|]|--?)\s)(?=[{_QUOTES}\d{_UPPER}])"
)
# "新华社北京10月10日电", "（中央社記者林某東京10日電）", "【東京＝山田太郎】", "[東京 10日 ロイター] -",
# "(서울=연합뉴스)", "[서울=뉴시스]"
_EAST_ASIAN_DATELINE = re.compile(
    r"[（(【［\[]?(?:新华社|新華社|中新社|中新网|中央社(?:記者[一-鿿]{2,3})?|本[報报])(?P<han>[一-鿿]{2,8}?)\s*(?:\d+月)?\d+日[^，。]{0,20}?[电電訊讯]"
    r"|【(?P<corner>[一-鿿ァ-ヺー・]{2,20})[＝=][^】]{2,20}】"
    r"|[\[［](?P<kana>[一-鿿ァ-ヺー／・]{2,20})[\s　]*[\d０-９一二三四五六七八九十]+日[^\]］]{0,12}[\]］]"
    r"|[(\[](?P<hangul>[가-힣]{2,10})\s?=\s?[가-힣\w ]{2,20}[)\]]"
)
# Words that shout at the start of a line without being places.
_NO_PLACE = re.compile(
    r"(?i)(in|im|en|dans|breaking|watch|update|updated|exclusive|opinion|analysis|correction|live|video|photos?|read|more|note|editor|advert\w*"
    r"|the|this|that|it|he|she|we|they|but|and|no|yes|urgente|exclusivo|exklusiv|kommentar|analyse|correctif|note|q|a|faq|spoiler)\b"
)


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
    acronym_only = re.fullmatch(rf"[{_UPPER}]{{1,3}}", place)  # "EU — The", "US: The" are subjects, not places
    return None if acronym_only else place.strip(" ,-" if "," in place else " ,.-")  # "ANN ARBOR, Mich."


_ROMAN_NUMERAL = re.compile(r"\w\s[IVX]+\.?$")
_NO_SECTION = frozenset(str.split("home news startseite inicio accueil homepage start nachrichten"))


def section_of(breadcrumbs: str) -> str:
    """ "World | Asia" and "Home > World" are of the section World."""
    parts = re.split(r"\s+[|/>›»·•]\s+", breadcrumbs.strip())
    return next((part for part in parts if part.casefold() not in _NO_SECTION), parts[0])


# --- contributors, corrections, related stories, boilerplate ----------------------------------------------------------

_CONTRIBUTORS = read_lexicon(__package__, "contributor_lines")
_CONTRIBUTOR_OPENINGS = Openings(_CONTRIBUTORS, "opening")
_CONTRIBUTOR_ENDING = Mentions(_CONTRIBUTORS, "ending", ".{3,120}", "$")
_CONTRIBUTED = Mentions(_CONTRIBUTORS, "within", "^.{3,200}[\\s.]")
_REPORTED_FROM = re.compile(
    rf"^(?:[{_UPPER}][\w.'’-]+\s){{2,4}}(?:(?:and|,)\s(?:[{_UPPER}][\w.'’-]+\s){{2,4}})?report(?:ed|ing|s)\sfrom\s[{_UPPER}]"
)

_CORRECTIONS = read_lexicon(__package__, "correction_lines")
_CORRECTION_LABELS = Openings(
    _CORRECTIONS, "label", r"\s*(?:$|[:.(—–|-]|\d|,\s\d|,?\s(?:on\s)?[A-Z]\w+\.?\s\d|,\s\d{1,2}\s[A-Z])"
)
_CORRECTION_OPENINGS = Openings(_CORRECTIONS, "opening")
_CORRECTION_IN_BRACKETS = Openings(_CORRECTIONS, "bracketed", "[】〉）):：]")

_RELATED = read_lexicon(__package__, "related_lines")
_RELATED_SIGNS = "[(►▶→»›>•*·| \t👉👇📌➡\ufe0f"
_RELATED_LABELS = Openings(_RELATED, "label", r"\s*(?:[:：|>»›→▶►\-–—…]|$)")
_RELATED_PLAIN = Openings(_RELATED, "plain", r"[\s\]】]", flags=0)

_LINES = read_lexicon(__package__, "boilerplate_lines")
_SIGNS_AT_END = " .!?:»›>|"
_END_OF_LINE = r"[\s.!?:»›>|]*$"
_WHOLE_LINES = Openings(_LINES, "line", _END_OF_LINE, gap=80)
_RIGHTS = Openings(_LINES, "opening", ".{0,160}$")
_MINUTES = Mentions(_LINES, "minutes", r"(?:about\s)?\d{1,3}[\s-]*")
_OF_READING = Mentions(_LINES, "of_reading", r"[\s.]*", _END_OF_LINE)
_READING_TIME = Openings(_LINES, "reading_time", rf"\s*[:：]?\s*(?:ca\.?\s)?\d{{0,3}}[\s\w.]{{0,16}}{_END_OF_LINE}")
# Where a system filed the text: "This entry was posted in News by Jane Doe", "Submitted by Jane Doe on May 3, 2021".
_FILED = Openings(_LINES, "filed", gap=200)
_SENT_IN = Openings(_LINES, "sent_in", r"\s.{2,80}$")

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


_FIRST_PICTURE = re.compile(
    r"(?i)(?:beitragsbild|titelbild|titelfoto|artikelbild|header ?bild|(?:featured|header|title) image|cover photo)\s*:"
)
_PICTURE_CREDIT = re.compile(
    r"(?i)[(\[]?(?:(?:image|photo|picture|foto|bild|titel|symbol)[ -]?(?:bild|credits?|source|nachweis|quelle|rechte)?s?|bilder|"
    r"crédits? photos?|"
    r"fotos|photos|fotocredit|photo by|pictures? by|abb\.|fot\.)\s*[:：©]|photo by\s"
)


_CREDIT_SIGN = re.compile("[:：©]| by ")
MAX_LABEL_CHARACTERS = 25


def is_credit_line(text: str) -> bool:
    """A line that says nothing but who made a picture: "Photo: Jane Doe/Wire", "(Bild: Max Muster)"."""
    if len(text) > 150 or not _CREDIT_SIGN.search(text, 0, MAX_LABEL_CHARACTERS):
        return False
    return bool(_FIRST_PICTURE.match(text) or (_PICTURE_CREDIT.match(text) and split_credit(text)[0] is None))


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
    return bool(_CORRECTION_LABELS.match(line) or _CORRECTION_OPENINGS.match(line) or _CORRECTION_IN_BRACKETS.match(line))


def is_related_line(text: str) -> bool:
    """A pointer to another story: "READ MORE: …", "Lea también: …", "Mehr zum Thema"."""
    if len(text) >= MAX_RELATED_CHARACTERS:
        return False
    line = text.lstrip(_RELATED_SIGNS)
    return bool(_RELATED_LABELS.match(line) or _RELATED_PLAIN.match(line))


def is_boilerplate(text: str) -> bool:
    """Reading time, sharing, newsletter, advertisement and copyright lines, and where the text is filed. text: on one line."""
    if len(text) > MAX_BOILERPLATE_CHARACTERS:
        return len(text) <= MAX_CALL_CHARACTERS and bool(_FILED.match(text))
    if _CALL_OPENINGS.match(text) and (len(text.split()) <= 2 or _CALL_OBJECTS.search(text)):
        return True
    return bool(
        _is_reading_time(text) or _WHOLE_LINES.match(text) or _RIGHTS.match(text) or _FILED.match(text) or _SENT_IN.match(text)
    )


def _is_reading_time(text: str) -> bool:
    """ "4 min", "About 4 minutes to read", "Reading time: 4 minutes"."""
    if minutes := _MINUTES.match(text):
        rest = text[minutes.end() :]
        return not rest.strip(_SIGNS_AT_END) or _OF_READING.match(rest) is not None
    return _READING_TIME.match(text) is not None


MAX_CAPTION_CHARACTERS = 2_000
"""Characters; a longer text is no caption, and no credit is looked for in it."""

# --- captions and their credits ---------------------------------------------------------------------------------------

_LABEL_WORDS = (
    r"(?:(?:(?:file|archive|stock|hand-?out)\s)?(?:photo(?:graph|graphy|grapher)?|picture|pic|image|illustration|graphic|video"
    r"|screenshot)s?\s?(?:credits?|source|by|courtesy(?:\sof)?)?|credits?|courtesy(?:\sof)?|source"
    r"|foto(?:s|graf(?:ie|i|in|ia|ía)?|ó|credit|quelle)?|fotografías?|fuente|imagen|imagem|imagens|immagine|cortesía|divulgação"
    r"|créditos?(?:\sde\sla\s(?:foto|imagen))?|bild(?:er|quelle|nachweis|rechte)?|grafik|quellen?|symbolbild|titelbild"
    r"|crédits?\s?(?:photos?)?|photo\s?crédit|kredit|reprodu[cç][aã]o|beeld|zdjęcie|fot|zdroj|autor|(?:valo)?kuvat?|(?:ljós)?mynd"
    r"|billede|kép|fotó|forrás|nuotr|фото|фотография|источник|снимка|φωτογραφία|φωτο|πηγή|πηγη|صورة|تصوير|צילום|ภาพ|ảnh|nguồn|फोटो"
    r"|写真(?:提供)?|画像|撮影|提供|出典|照片|图片来源|圖片來源|图源|圖源|图|圖|来源|來源|攝影|摄影|사진(?:제공)?|출처)"
)
_LABEL = re.compile(
    rf"(?i)(?<!\w){_LABEL_WORDS}\s*[:：=＝]\s*|(?:写真|撮影|图|圖|文|사진)\s*[／/・]\s*"
    r"|\b(?:photo(?:graph)?|picture|image|illustration)s?\s(?:by|courtesy\sof|via|from)\s|\bcourtesy\sof\s|(?<!\w)copyright\s|(?<!\w)credits?(?:\.{3}|…)\s*|©\s*|\(c\)\s|ⓒ\s*|®\s|(?<!\w)fot\.\s*"
)
# For speed: what has none of these, in lower case, has no label in its midst.
_LABEL_SIGNS = (*":：=＝／/・©ⓒ®…", "...", "(c)", "photo", "picture", "image", "illustration", "courtesy", "copyright", "fot.")
_SOURCES = (
    r"AFP|APA|ANSA|ANP|AAP|PTI|IANS|EFE|EPA|DPA|dpa|REUTERS|Reuters|Getty|GETTY|Shutterstock|iStock\w*|Alamy|IMAGO|[Ii]mago|Keystone"
    r"|KEYSTONE|Bloomberg|Xinhua|Anadolu|Europa Press|Zuma|ZUMA|Associated Press|PA Wire|PA Media|AP|[Pp]icture[ -][Aa]lliance"
    r"|Unsplash|Pixabay|Pexels|Wikimedia\w*|Flickr|Magnum|Rex|Ritzau\w*|TT|NTB|Scanpix|SCANPIX|Lehtikuva|STT|PAP|Forum|ČTK|CTK|TASS"
    r"|ТАСС|РИА Новости|Sputnik|Kyodo|共同|時事|연합뉴스|뉴시스|뉴스1|新华社|視覺中國|视觉中国|中央社|Handout"
    r"|HANDOUT|Courtesy|Screenshot|NASA|MTI|Belga|BELGA|LaPresse|Cuartoscuro|Notimex|Agência \w+|Folhapress|Estadão"
)
_SOURCE = re.compile(rf"(?<!\w)(?:{_SOURCES})(?!\w)")
_PARENTHESIS = re.compile(r"^(.*?)\s*[(（\[［【]([^()（）\[\]［］【】]{2,110})[)）\]］】][\s.。]*$", re.S)
_PERSON_AND_SOURCE = re.compile(rf"^[^/|／]{{2,50}}\s?[/|／]\s?[{_UPPER}@\w][^/|]{{1,50}}(?:\s?/\s?[^/|]{{2,40}})*$")
_PERSON = re.compile(rf"^[{_UPPER}][\w.'’-]*(?:\s(?:[{_UPPER}][\w.'’-]*|de|da|van|von|der|den|la|el|bin|al)){{1,3}}$")
_LAST_SENTENCE = re.compile(r"^(.*[.!?…。»”\"])\s+([^.!?。]{2,80}(?:\.(?:com|de|org|net))?)\.?$", re.S)
_TAKEN_BY = re.compile(r"^(.*?)[＝=、，,。\s]\s*([^＝=、，,。\s]{2,14})(?:氏)?(?:撮影|提供|摄|攝)[)）]?$", re.S)
_SMALL_WORDS = re.compile(
    r"\b(?:via|for|von|by|of|the|de|di|da|dpa|imago|images?|picture|alliance|und|and|et|y|pool|photo|file|zu|press|through|par|per)\b"
)
_LOWER_CASE_WORD = re.compile(rf"(?<![\w.@])[{_LOWER}]{{3,}}")
_NEXT_SENTENCE = re.compile(rf"[{_LOWER}]{{3,}}[.!?]\s+[{_UPPER}]")
_NAME_AFTER_LABEL = re.compile(rf"[{_UPPER}]|dpa|imago|privat|zvg")
_IMAGE_SOURCE = re.compile(
    r"(?i)^(?:image source|image caption|caption|bildunterschrift|legende?|légende|leyenda|pie de foto)\s*[,:]\s*"
)


def split_credit(caption_text: str) -> tuple[str | None, str | None]:
    """(text, credit) of a picture's caption; either may be None. The label ("Photo:", "©") is dropped, the name kept as is."""
    text = " ".join(caption_text.split())
    if len(text) > MAX_CAPTION_CHARACTERS:
        return text, None
    prefix = _IMAGE_SOURCE.match(text)  # "Image source, Getty Images" is a credit, "Image caption, The bridge" is not
    if prefix:
        rest = text[prefix.end() :]
        return (None, rest or None) if "source" in prefix.group().lower() else split_credit(rest)
    for reading in (_wholly_credit, _credit_in_parentheses, _labelled_credit, _credit_sentence):
        found = reading(text)
        if found:
            return found[0].strip(" |–—-/") or None, _tidy_credit(found[1])
    return text or None, None


def _wholly_credit(text: str) -> tuple[str, str] | None:
    label = _LABEL.match(text)
    if label and len(text) <= 140 and not _has_prose(text[label.end() :]):
        return "", text[label.end() :]
    return ("", text) if len(text) <= 60 and not re.search(r"[(:©]|[\w”\"][.!?]\s", text) and _is_source_line(text) else None


def _credit_in_parentheses(text: str) -> tuple[str, str] | None:
    match = _PARENTHESIS.match(text)
    before, inside = match.groups() if match else ("", "")
    if before.isupper() and len(before.split()) in (2, 3, 4) and _SOURCE.fullmatch(inside):  # "JANE DOE (EFE)"
        return "", text
    named = _PERSON.match(inside) and before.rstrip().endswith((".", "!", "?", "…", "。", "”", '"', "»"))
    return (before, inside) if named or _looks_like_credit(inside) else None


def _labelled_credit(text: str) -> tuple[str, str] | None:
    """The last label that stands apart from the text before it, with a short credit after it."""
    labels = list(_LABEL.finditer(text)) if any(map(text.lower().__contains__, _LABEL_SIGNS)) else []
    for match in reversed(labels):
        before, credit = text[: match.start()], text[match.end() :]
        apart = not before.strip() or before.rstrip()[-1] in '.!?…|/–—-(（[;。、”"»' or match.group()[0] in "©ⓒ"
        named = match.group()[0].isupper() and _NAME_AFTER_LABEL.match(credit)
        if (apart or named) and 2 <= len(credit.strip(" .)）]")) <= 110 and not _has_prose(credit):
            return before.rstrip(" ([（|/–—-"), credit
    return None


def _credit_sentence(text: str) -> tuple[str, str] | None:
    """ "Cars wait outside. REUTERS/Jorge Silva", "…＝10日、東京、山田太郎撮影", "… 新华社记者王某摄"."""
    if (match := _LAST_SENTENCE.match(text)) and _is_source_line(match[2]):
        return match[1], match[2]
    return (match[1], match[2]) if (match := _TAKEN_BY.match(text)) else None


def _looks_like_credit(text: str) -> bool:
    person_and_source = _PERSON_AND_SOURCE.match(text) and len(text.split()) <= 14 and not re.search(r"\d\s?/\s?\d", text)
    return bool(_LABEL.match(text) or re.search(r"(?:撮影|提供|摄|攝)$", text) or person_and_source) or _is_source_line(text)


def _is_source_line(text: str) -> bool:
    """Names an agency, and is nothing but names: no word in lower case except the small words of names."""
    if not _SOURCE.search(text) or len(text) > 90:
        return False
    small = _SMALL_WORDS.sub(" ", text)
    return not _LOWER_CASE_WORD.search(small)


def _has_prose(credit: str) -> bool:
    return len(credit) > 110 or len(credit.split()) > 14 or bool(_NEXT_SENTENCE.search(credit))


def _tidy_credit(credit: str) -> str | None:
    credit = credit.strip(" \t|–—-·•:;,")
    while (label := _LABEL.match(credit)) and label.end() < len(credit):
        credit = credit[label.end() :].strip(" |–—-:")
    if credit.count(")") > credit.count("("):
        credit = credit.rstrip(") ")
    return re.sub(r"\s*(?:撮影|摄|攝)$", "", credit) or None
