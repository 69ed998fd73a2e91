"""Who wrote the article: names out of bylines and metadata, without "By", titles, roles, addresses.

>>> authors_from_text("By A. Smith and Jane B. Jones, Political Editor", "en")
('A. Smith', 'Jane B. Jones')
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import heading_of, is_elsewhere, short_text

MAX_BYLINE_CHARACTERS = 300
"""Characters; longer texts are not bylines."""

_PREFIX = re.compile(
    r"""(?ix) ^[\s|•·–—-]*(?:
      (?:(?:written|reported|posted|published|submitted|edited|compiled|words|story|text|interview|analysis|report|review|opinion|column|video|photos?)
        (?:\sand\s\w+)?\s)?by(?:\s|:)|authors?\s*:|contributors?\s*:|from\s|words\s*:|reporters?\s*:
      |(?:ein(?:e)?\s(?:\w+\s){1,3})?von\s|(?:text|autor(?:en|in|innen)?|redaktion|protokoll|interview|erstellt|verfasst|geschrieben|veröffentlicht|gepostet|gespeichert|alle\s(?:artikel|beiträge))\s*(?:\sund\s\w+)?(?:von\s|:\s)
      |(?:publicado\s|escrito\s|redactado\s|texto\s)?por(?:\s|:)|(?:autor(?:a|es|as|ía)?|texto|redacción)\s*:|una?\s(?:\w+\s){1,2}de\s
      |(?:publié\s|propos\srecueillis\s|article\s|texte\s|récit\s|écrit\s)?par(?:\s|:)|(?:auteure?s?|texte)\s*:
      |(?:a\scura\s)?di\s(?=[A-ZÀ-Ý])|autor[ei]?\s*:|door(?:\s|:)|(?:tekst|auteur)\s*:|(?:af|av)(?:\s|:\s)|text(?:er)?\s*:|skrevet\sav\s
      |(?:autor(?:ka|zy|ři)?|opracował[a]?|oprac\.|napsala?|szerző|írta|de|scris\sde|автор[ыи]?|текст|από|γράφει|συντάκτης|yazan|haber|kirjoittaja
        |teksti|oleh|penulis|โดย|tác\sgiả|theo|द्वारा|بقلم|حوار|كتبه?|מאת)\s*(?::\s*|\s)
      |(?:文|撮影|作者|记者|記者|编辑|編輯|責任編輯|文責|取材|글|글쓴이|기자)\s*[/／:：|｜]\s*
      )\s*"""
)
_NOISE = re.compile(
    r"(?i)https?://\S+|www\.\S+|\S+@\S+\.\w+|(?<!\w)@\w{2,}|\b(?:email|e-mail|contact|follow(?:\s\w+)?\son\s\w+|twitter|view\s(?:bio|profile)"
    r"|more\s(?:by|from|stories\sby)\s.*|(?<=\w\s)follow\s.*|see\sall\s.*|about\sthe\sauthor.*|author\sbio.*)\b"
)
_DATED = re.compile(
    r"(?i)\s(?:am|on|le|el|em|op|den|at|um)\s(?:[^\W\d_]+,?\s){0,2}\d.*|\s\d{1,2}\.?\s[^\W\d_]{3,}\.?,?\s\d{4}\b.*"
)
_PARENTHESES = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_SEPARATORS = re.compile(r"\s*(?:[;|•·●\n\t/／、，]|,(?!\s(?:Jr|Sr|PhD|MD|M\.D|III?)\b)|\s[–—-]\s|:(?=\s))\s*")
_AND = re.compile(
    r"(?i)\s+(?:and|und|y|et|og|och|en|und|&|\+|with|mit|con|avec|com|e|és|și|şi|i|oraz|a|ja|ve|и|та|και|dan|und|sowie|as\stold\sto|و)\s+"
)
_EAST_ASIAN_ROLE = re.compile(
    r"(?:本報|本报|特約|特派|実習)?(?:(?<=[\u4e00-\u9fff])|^)(?:記者|记者|編集委員|論説委員|特派員|通讯员|編輯|编辑)\s*"
    r"|\s*(?:선임|수습|전문)?(?:기자|특파원|논설위원|인턴기자)\s*"
)
_ROLE = re.compile(
    r"""(?ix) \b(?:editor(?:ial)?|reporter|correspondent|writer|columnist|journalist|author|producer|staff|chief|contributor
      |critic|contributing|analyst|director|president|professor|lecturer|researcher|desk|bureau|newsroom|freelance|senior|political|business
      |sports?|deputy|managing|associate|assistant
      |redakt(?:eur|ion|or|ør|ör|ørin)\w*|korrespondent\w*|reporterin|autorin|volontär\w*|chefredakt\w*|leiter(?:in)?|ressort\w*
      |stellv\w*|\w{3,}leiter(?:in)?|redacci[oó]n|corresponsal|enviad[oa]|periodista|redactora?|colaboradora?|directora|especial|jef[ea]|journaliste
      |rédact\w*|correspondant\w*|envoyée?|spécial|grand\sreporter|chef|cheffe|chroniqueu\w*|service|correspondente|repórter
      |jornalista|colunista|editora?|da\sredação|giornalista|corrispondente|inviat[oa]|verslaggever|redacteur|dziennikarz\w*
      |korespondent\w*|корреспондент\w*|редактор\w*|журналист\w*|обозреватель|muhabir\w*|toimittaja)\b"""
)
_NOT_A_NAME = re.compile(
    r"""(?ix) ^(?:by|von|por|par|published|updated|posted|last|min|read|share|image|photo|foto|source|quelle|n/?a|null|none
      |undefined|unknown|admin|administrator|webmaster|publisher|guest|(?:no\s)?author|auteur|user|test|anonym(?:ous|e)?|anónim[oa]|default
      |subscribe|follow|print|opinion|home|data|more\sposts)$
      | ^(?:image|photo|foto|bild)\b
      | \b(?:(?:minutes?|hours?)\sago|min\.?\sread|uhr|updated|aktualisiert|publié|publicado|newsletter|subscribe|click|cookie
      |privacy|read\smore|comments?|kommentare?|commentaires?|comentarios?|all\srights\sreserved|zur\s\w*übersicht)\b"""
)
_AGENCY = re.compile(
    r"""(?ix) ^(?:(?:mit\s(?:material\svon\s)?|avec\s|con\s|with\s)?(?:afp|apa|ansa|anp|aap|pti|ians|efe|epd|kna|dpa|sid|reuters
      |ap|rtr|dj|awp|ots|cp|pa|ab|tass|pap|čtk|ctk|ritzau|tt|ntb|stt|mti|lusa|belga|sda|keystone-sda|agerpres|interfax|unian|ukrinform|xinhua
      |(?:the\s)?associated\spress|press\sassociation|europa\spress|bloomberg|(?:the\s)?canadian\spress|agence\sfrance[- ]presse
      |deutsche\spresse-agentur|agencias?|agenturen|agences?|wire\sservices?|staff|redacción|redaktion|la\srédaction
      |共同|共同通信|時事|新华社|新華社|中央社|연합뉴스)(?:[-/,\s]+(?:\w{2,4}))?)$"""
)
_NOT_A_PERSON = re.compile(
    r"(?i)\b(?:redaktion|redacci[oó]n|rédaction|redazione|redação|newsroom|news|staff|desk|times|post|editors|editorial|team|media|press|online"
    r"|verlag|magazin|magazine|verband)\b|\be\.\s?v\.?$"
    r"|\.(?:com|de|org|net|at|ch|fr|es|it|is|uk)$|編集部|新聞|新闻|뉴스|일보"
)
_COMPANY = re.compile(r"(?i)\b(?:gmbh|mbh|ag|kg|inc|ltd|llc|s\.l|s\.r\.l|b\.v)\.?$")
_TITLE = re.compile(r"(?i)^(?:mr|mrs|ms|miss|sir|dame|herr|frau|señor|señora|don|doña|m|mme|sra?|ing|dipl\.-ing|mag)\.?\s+(?=\w)")
_PLACE_TAIL = re.compile(
    r"\s(?:in|at|aus|im|en|à|em|da|desde|reports?|reporting|from|of|for|wyborcza)\s(?:the\s)?[A-ZÀ-ÞА-Я][\w\s.,'’-]*$"
)
_EAST_ASIAN_NAME = re.compile(r"^[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7a3・々\s]{2,12}$")
_EAST_ASIAN_NAMES = re.compile(r"[\u4e00-\u9fff]{3,4}(?: [\u4e00-\u9fff]{3,4})+$")  # full names, not "山田 太郎"
_PARTICLES = frozenset(
    str.split(
        "de da do dos das di du des del della der den dem van von zu zur la le el al bin ibn ben abu y e i ter ten af av und"
    )
)


def authors_from_text(text: str, language: str | None) -> tuple[str, ...]:
    """The names in a printed byline. An agency or a house name stays only where no person is named. `language` is that of
    the page (BCP 47) and is not needed for the usual bylines."""
    line = " ".join(text[: MAX_BYLINE_CHARACTERS + 1].split())
    if not line or len(line) > MAX_BYLINE_CHARACTERS:
        return ()
    prefixed = _PREFIX.match(line)
    agencies = [inside for inside in _PARENTHESES.findall(line) if _AGENCY.match(inside.strip()) or "/" in inside]
    bare = _DATED.sub("", _PARENTHESES.sub(" ", _NOISE.sub(" ", _strip_prefix(line, language))))
    parts = list(_parts(bare))
    announced = bool(prefixed or _EAST_ASIAN_ROLE.search(line))
    people = [name for at, part in enumerate(parts) if (name := _person(part, may_be_one_word=announced and at == 0))]
    if people:
        return _distinct([_in_mixed_case(name) for name in people])
    agencies += [part for part in parts if _AGENCY.match(part)]
    if agencies:
        return _distinct([agency.strip() for agency in agencies])
    single = bare.strip(" .,:|-–—")  # "Von Redaktion Beispiel", "By Beacon Staff"
    named = prefixed and single[:1].isupper() and _is_name(single)
    return (single,) if named and not _NOT_A_NAME.search(single) and not _COMPANY.search(single) else ()


def clean_authors(values: Sequence[str], publisher: str | None = None) -> tuple[str, ...]:
    """The names in metadata values, which hold addresses, roles and several names in one string; each name once, as written.
    The publisher's own name stays only where nobody else is named."""
    names = _distinct([name for value in values if len(value) < 1_000 for name in _names_in_value(value)])
    names = tuple(name for name in names if not _COMPANY.search(name))  # that runs the site
    return tuple(name for name in names if name.casefold() != (publisher or "").casefold()) or names


def has_byline_prefix(line: str) -> bool:
    """Whether the line starts as bylines do: "By ", "Von ", "文/"."""
    return bool(_PREFIX.match(line))


def is_house(name: str, publisher: str | None) -> bool:
    """Whether the name is the publisher's, its newsroom's or an agency's rather than a person's."""
    initials = "".join(word[0] for word in re.findall(r"\w+", publisher or "")).casefold()
    letters, house = (re.sub(r"\W+|\.?\b(?:com|de|org|net|co|uk)\b", "", text.casefold()) for text in (name, publisher or ""))
    same = letters == initials or letters in house or house in letters
    return bool(_AGENCY.match(name) or _NOT_A_PERSON.search(name) or (house and letters and same))


def find_authors(tree: HtmlElement) -> tuple[str, ...]:
    """The names in the byline that a reader of the page sees, () if there is none."""
    elements = list(tree.iter(*_TAGS))
    headline = heading_of(tree)
    at = elements.index(headline) if headline is not None else 0
    start = max(0, at - MARKS_BEFORE)
    marked = _named_by_markup(elements[start : at + MARKS_AFTER], at - start)
    return next(filter(None, marked), None) or _named_in_print(elements[at : at + PRINT_AFTER])


# --- names in a text --------------------------------------------------------------------------------------------------


def _strip_prefix(line: str, language: str | None) -> str:
    """Without "By", "Von", "文/"; twice, for "Text: Von …"."""
    for _ in range(2):
        match = _PREFIX.match(line)
        if not match or (match.group().strip().casefold() == "de" and language not in ("ro", "es", "pt", "fr", "ca")):
            break
        line = line[match.end() :]
    return line


def _parts(line: str) -> Iterator[str]:
    for segment in _SEPARATORS.split(_EAST_ASIAN_ROLE.sub(" ", line)):
        yield from (part.strip(" -–—:") for part in _split_at_and(segment) if part.strip(" .-–—"))


def _split_at_and(segment: str) -> list[str]:
    """ "Ann Poe and John Roe" in two, "José Ortega y Gasset" in one: a single word is the rest of the name before it."""
    pieces = re.split(f"({_AND.pattern[4:]})", f" {segment.strip()}", flags=re.IGNORECASE)
    parts = [pieces[0]]
    for conjunction, part in zip(pieces[1::2], pieces[2::2], strict=True):
        is_rest = len(part.split()) == 1 and len(parts[-1].split()) > 1 and not _AGENCY.match(part.strip())
        parts = [*parts[:-1], parts[-1] + conjunction + part] if is_rest else [*parts, part]
    return parts


def _person(part: str, may_be_one_word: bool) -> str | None:
    name = _PLACE_TAIL.sub("", _TITLE.sub("", _PREFIX.sub("", part.strip(), count=1))).strip(" .,")
    if roles := list(_ROLE.finditer(name)):  # "our correspondent Jane Doe", "Jane Doe Political Editor"
        name = name[roles[-1].end() :].strip(" .,:") or name[: roles[0].start()].strip(" .,:")
        may_be_one_word = False
    if not name or _AGENCY.match(name) or _NOT_A_NAME.search(name) or _COMPANY.search(name):
        return None
    if not name[0].isascii() and _EAST_ASIAN_NAME.match(name):  # no capitals tell a name from other words
        return name if may_be_one_word else None
    one_word = may_be_one_word and len(name) > 2 and name.isalpha() and not name.isupper()
    return name if _is_name(name) and (len(name.split()) > 1 or one_word) else None


def _is_name(text: str) -> bool:
    """Up to six words, each with a capital letter except particles, nothing but letters, dots, hyphens and apostrophes."""
    words = text.split()
    if (
        not 1 <= len(words) <= 6
        or words[0] in ("el", "la", "le", "der", "die", "das", "the")
        or re.search(r"[\d!?:;@#$%*=<>{}|\\]", text)
    ):
        return False
    capital = [word for word in words if not word[0].islower()]
    return bool(capital) and all(w in capital or w.casefold().rstrip(".") in _PARTICLES or w[1:2] in "'’" for w in words)


def _in_mixed_case(name: str) -> str:
    """ "JOHANNA DE LA CRUZ-O'BRIEN" as "Johanna de la Cruz-O'Brien"; initials and agencies stay."""
    if not name.isupper() or " " not in name or _AGENCY.match(name):
        return name
    lower = (
        word if word in _PARTICLES else re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), word) for word in name.lower().split()
    )
    return " ".join(lower)


_NO_NAME = re.compile(r"(?i)[({\[]|(?:https?:)?//|www\.|/\w+/|\S+(?:@|\[at\])\S+\.\w+$")
_ADDRESS = re.compile(r"(?i)\s*[(<]\S+@\S+[)>]|\s\S+@\S+\.\w+$|(?:\s[-–|])?\s(?:https?://|www\.|@)\S+$")
_PREFIXES_OF_NAMES = ("de ", "di ", "haber", "from ", "theo ")  # "De Gregorio", "Theo Waigel"


def _names_in_value(value: str) -> Iterator[str]:
    value = " ".join(value.split())
    value = (value if value.isascii() else _EAST_ASIAN_ROLE.sub(" ", value)).strip(" ,;|©")
    prefix = _PREFIX.match(value)
    if prefix and not value.casefold().startswith(_PREFIXES_OF_NAMES):
        value = value[prefix.end() :]
    bare = _ADDRESS.sub("", value).strip(" ,;")
    if not bare or _NO_NAME.match(value) or _NOT_A_NAME.search(bare):
        return
    bare = re.sub(r"\s*\([^()]{0,40}\)|\([^()]*$", "", bare).strip() or bare  # "Jane Doe (jd)"
    if _EAST_ASIAN_NAMES.match(bare):
        yield from bare.split()
        return
    for segment in _without_roles_and_places(bare):
        parts = _AND.split(segment)
        several = len(parts) > 1 and all(len(part.split()) > 1 and _is_name(part) for part in parts)
        yield from parts if several else [segment]


def _without_roles_and_places(value: str) -> list[str]:
    """ "Jane Doe, Political Editor" and "Jane Doe, Berlin" are one name; "Doe, Jane" stays as it is."""
    segments = [segment for segment in re.split(r"\s*(?:[;|,、，]|\s/\s)\s*", value) if segment]
    if len(segments) < 2:
        return [value]
    people = [segment for segment in segments if not _ROLE.search(segment)] or segments[:1]
    return [name for name in people if " " in name or _AGENCY.match(name) or _EAST_ASIAN_NAME.match(name)] or [value]


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Each name once, whatever its case, in order."""
    first = {name.casefold(): name for name in reversed(names) if name}
    return tuple(reversed(first.values()))


# --- the byline on the page -------------------------------------------------------------------------------------------

_TAGS = str.split("h1 h2 h3 h4 h5 h6 a span div p li ul address strong b em i small font section header")
_AUTHOR_LINK = re.compile(r"(?i)/(?:authors?|autor(?:en|es|e)?|auteurs?|journalistes?|redaktion|profile?|people|staff)/[\w%.-]")
_BYLINE_HINT = re.compile(r"(?i)by-?line|by_line")
_AUTHOR_HINT = re.compile(r"(?i)author|autor|auteur|writer|redakt[oø]r|journalist|verfasser")
_COMMON_WORDS = frozenset(str.split("de from text video photo photos foto theo haber"))
"""They begin other lines as well."""
MARKS_BEFORE, MARKS_AFTER = 100, 700
"""How many elements before and after the headline are looked at for marks of an author: others are of other stories."""
APART = 20
"""How many elements lie at most between two names of one byline."""
PRINT_AFTER = 150
"""How many elements after the headline are looked at for a line that starts as bylines do."""


def _named_by_markup(searched: list[HtmlElement], headline_at: int) -> Iterator[tuple[str, ...]]:
    """The names in the elements marked as author, the surest mark first; of several places the nearest to the headline."""
    marked: dict[int, list[tuple[int, HtmlElement]]] = {rank: [] for rank in range(5)}
    for at, element in enumerate(searched):
        if (rank := _rank(element)) is not None:
            marked[rank].append((at, element))
    for elements in marked.values():
        named = [(at, element, names) for at, element in elements if not is_elsewhere(element) and (names := _names_in(element))]
        if named:
            last, nearest, together = min(named, key=lambda item: (item[0] < headline_at, abs(item[0] - headline_at)))
            block = list(islice((nearest, *nearest.iterancestors()), 4))[-1]
            for at, element, names in named:
                if last < at <= last + APART and block in element.iterancestors():
                    last, together = at, (*together, *names)
            yield _distinct(together)


def _rank(element: HtmlElement) -> int | None:
    said = element.get
    if said("itemprop") == "author":
        return 0
    if said("rel") == "author":
        return 1
    named = _rank_of_names(said("class"), said("id"), said("data-testid"))
    return 3 if named != 2 and (address := said("href")) and _AUTHOR_LINK.search(address) else named


@lru_cache(maxsize=20_000)
def _rank_of_names(*names: str | None) -> int | None:
    joined = " ".join(filter(None, names))
    return 2 if _BYLINE_HINT.search(joined) else 4 if _AUTHOR_HINT.search(joined) else None


def _named_in_print(searched: list[HtmlElement]) -> tuple[str, ...]:
    """The first short text that starts as bylines do, "By Jane Doe"."""
    for element in searched:
        line = short_text(element, MAX_BYLINE_CHARACTERS // 2)
        prefix = _PREFIX.match(line)
        is_byline = prefix and prefix.group().strip(" :").casefold() not in _COMMON_WORDS
        if is_byline and not is_elsewhere(element):
            names = authors_from_text(line, None)
            if names and not _AGENCY.match(names[0]):
                return names
    return ()


def _names_in(element: HtmlElement) -> tuple[str, ...]:
    """Each name may have an element of its own, with nothing between them: <a>Ann Poe</a><a>John Roe</a>."""
    line = short_text(element, MAX_BYLINE_CHARACTERS)
    pieces = [" ".join(piece.split()) for piece in element.itertext() if piece.strip()] if line else []
    apart = [name for piece in pieces for name in authors_from_text(piece, None)] if len(pieces) < 12 else []
    return _distinct(apart) or authors_from_text(line, None)
