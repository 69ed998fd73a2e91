"""The line of a saved text page that names its site, alone or with a slogan.

>>> site_beside_slogan("The Harbour CourierNews That Travels")
'The Harbour Courier'
"""

import re

_NEWSPAPER = re.compile(
    r"(?i)\b(?:times|post|herald|ledger|beacon|gazette|news|journal|tribune|daily|weekly|courier|chronicle|observer|standard"
    r"|mercury|sentinel|globe|examiner|inquirer|independent|star|sun|mirror|press|review|bulletin|record|reporter|telegraph"
    r"|guardian|dispatch|register|monitor|advertiser|diario|periódico|heraldo|correo|prensa|nación|país|mundo|noticias|gaceta|tiempo"
    r"|crónica|voz|courrier|monde|figaro|matin|soir|dépêche|écho|tribuna|corriere|giornale|gazzetta|stampa|jornal|folha|correio"
    r"|nieuws|dagblad|krant|avis|tidende|posten|\w*blad(?:et)?)\b|(?:zeitung|blatt|bote|kurier|anzeiger|rundschau|presse|nachrichten|spiegel|merkur"
    r"|post|allgemeine)$|新聞|新闻|日報|日报|신문|일보"
)
_NEWSPAPER_END = re.compile(rf"(?:{_NEWSPAPER.pattern.removeprefix('(?i)')})$", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…][\"”’»)]?$")


_ELIDED = re.compile(r"[dl]['’][^\W\d_a-z]")  # "L'Écho de l'Ouest"


def is_site_name(line: str) -> bool:
    """Whether the line is named like a newspaper, and nothing else."""
    words = line.split()
    capitals = all(word[:1].isupper() or len(word) <= 3 or not word[:1].isalpha() or _ELIDED.match(word) for word in words)
    article = re.match(r"(?:The|Der|Die|Das|Le|La|L['’]|El|Il|O|A|De|Het)\s?[^\W\d_]", line.title() if line.isupper() else line)
    names_itself = _NEWSPAPER.search(line) or article
    return len(words) <= 5 and len(line) <= 40 and capitals and bool(names_itself) and not _ENDS.search(line)


# "The Harbour CourierNews That Travels", "The Harbour Courier | News That Travels"
_BOUNDARY = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z][^\W\d_])|(?<!\s)\s+[|·•–—]\s+")
_BEFORE_CAPITAL = re.compile(r"\s(?=[A-Z])")
MAX_LINE_CHARACTERS = 90
MAX_SLOGAN_WORDS = 7


def site_beside_slogan(line: str) -> str | None:
    """The site's name, if the line is that and its slogan, glued to each other or side by side."""
    if len(line) > MAX_LINE_CHARACTERS or _ENDS.search(line):
        return None
    for boundary in (_BOUNDARY, _BEFORE_CAPITAL):
        for beside in boundary.finditer(line):
            name, slogan = line[: beside.start()], line[beside.end() :].split()
            titled = boundary is _BOUNDARY or all(word[:1].isupper() or len(word) <= 3 for word in slogan)
            if _NEWSPAPER_END.search(name) and is_site_name(name) and titled and 2 <= len(slogan) <= MAX_SLOGAN_WORDS:
                return name
    return None
