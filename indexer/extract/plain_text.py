"""A page saved as plain text -> its article, by the order in which newspapers print things.

Site, section, headline, standfirst, byline, date, reading time and a lead caption stand above the text; headlines of other
stories, pull quotes and captions between the paragraphs; contributors, corrections, tags and newsletter calls after it.

    >>> extract_text("Truce signed\\n\\nBy JANE DOE\\n\\nMay 3, 1954\\n\\nGENEVA — The guns fell silent.\\n", page).authors
    ('Jane Doe',)
"""

import re
from dataclasses import dataclass, field
from itertools import takewhile

from indexer.extract.body.trace import NULL_TRACE, NullTrace
from indexer.extract.fields.author_names import authors_from_text
from indexer.extract.fields.byline_words import has_byline_prefix, signature
from indexer.extract.fields.dates import UPDATE_WORDS
from indexer.extract.fields.printed_dates import parse_printed_date
from indexer.extract.fields.site_lines import is_site_name, site_beside_slogan
from indexer.extract.language_id import detect_language
from indexer.extract.lexicon import line_patterns
from indexer.extract.lexicon.credits import split_credit
from indexer.extract.metadata.json_ld import letters
from indexer.extract.text_lines import LIST_ITEM, ends_line, split_blocks
from indexer.sources.raw_page import RawPage
from search.errors import PAGE_ERRORS, PageError
from search.model.article import Article, Caption, Paragraph, PrintedDate, article_id

HEAD_BLOCKS = 14
"""How many blocks from the top may belong to the head."""
MAX_BLOCKS_COMPARED = 500
"""In how many blocks a pull quote is looked for."""
PROSE_CHARACTERS = 160
"""A block of this length is running text."""


def extract_text(page_text: str, page: RawPage, notes: NullTrace = NULL_TRACE) -> Article:
    """The article in a decoded text. Raises PageError "no-article" if it has no paragraph."""
    blocks = _with_credits(split_blocks(page_text, detect_language(page_text)))
    language = detect_language(" ".join(block for block in blocks if len(block) > 80) or page_text) or page.language
    notes.reading("the text as it was saved", None)
    notes.selected([], None, tuple(blocks))
    head, rest = _read_head(blocks, language)
    body = _read_body(rest, head, notes)
    if not body.paragraphs and not body.captions:
        raise PageError("no-article", PAGE_ERRORS["no-article"])
    url = head.url or page.url
    return Article(
        source=page.source,
        id=article_id(url, page.source),
        stamp=page.stamp,
        captured=page.captured,
        url=url,
        publisher=head.publisher,
        headline=head.headline,
        standfirst=head.standfirst,
        paragraphs=tuple(body.paragraphs),
        captions=tuple(body.captions),
        authors=head.authors or body.authors,
        contributors=" ".join(body.contributors) or None,
        dateline=next((place for p in body.paragraphs[:3] if (place := line_patterns.dateline_of(p.text))), None),
        section=head.section and line_patterns.section_of(head.section),
        tags=tuple(body.tags),
        language=language,
        corrections=tuple(body.corrections),
        published=head.published,
        updated=head.updated,
    )


# --- kinds of blocks -------------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"^[\"“”„«»‘'‹『「][^\"“”„«»]{10,400}[\"”“»«’'›』」][.!?]?$")  # one quotation and nothing else


def _is_prose(block: str) -> bool:
    return len(block) >= PROSE_CHARACTERS or (ends_line(block) and len(re.findall(r"[.!?。]\s", block)) >= 2)


def _is_lone_line(block: str) -> bool:
    """A headline or subhead: short, and no sentence."""
    return 0 < len(block) <= 120 and not (ends_line(block) or _QUOTED.match(block) or LIST_ITEM.match(block))


def _is_caption(block: str) -> bool:
    """A line with a credit in parentheses or behind a label, and not a long one."""
    text, credit = split_credit(block) if len(block) <= 400 else (block, None)
    return bool(credit) and not (text and len(block) > 200 and not re.search(r"[)）\]]\.?$|[:：©]", block))


# --- the head ---------------------------------------------------------------------------------------------------------


@dataclass
class _Head:
    """What stands above the text, filled in while it is read."""

    publisher: str | None = None
    section: str | None = None
    headline: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    published: PrintedDate | None = None
    updated: PrintedDate | None = None
    url: str | None = None
    captions: tuple[str, ...] = ()


_LABELLED = re.compile(
    r"(?i)^(?:(?:headline|title|titel|título|titre|titolo)\s*:\s+(?P<headline>.+)|(?:section|rubrik|sección|rubrique)\s*:\s+(?P<section>.+)"
    r"|(?:source|publication|quelle|fuente)\s*:\s+(?P<publisher>.+)|(?:(?:url|link)\s*:\s+)?(?P<url>https?://\S+))$"
)
_SECTIONS = re.compile(
    r"(?i)^(?:world|politics|business|sports?|opinion|culture|arts|science|technology|tech|health|travel|economy|national|u\.?s\.?"
    r"|europe|asia|africa|americas|middle east|local|society|media|climate|environment|education|books|analysis|mundo"
    r"|política|economía|deportes|cultura|ciencia|sociedad|internacional|opinión|españa|américa|monde|politique|économie|société"
    r"|sciences|planète|afrique|politik|ausland|inland|welt|wirtschaft|kultur|wissen|wissenschaft|gesellschaft|feuilleton|panorama"
    r"|meinung|reise|technik|regionales|esteri|politica|economia|cronaca|mondo|ciência|esportes|buitenland|binnenland)$"
)


def _read_head(blocks: list[str], language: str | None) -> tuple[_Head, list[str]]:
    """The head and the blocks after it. The head ends with the last byline, date or reading time above the text."""
    head = _Head()
    blocks = [block for at, block in enumerate(blocks) if at >= HEAD_BLOCKS or not _takes_label(head, block)]
    end, titles = _head_end(blocks, head, language)
    if not end:  # no byline, no date: short lines until the text begins
        titles = list(takewhile(_may_be_title, blocks[:4]))
        end = len(titles)
    _name_titles(head, titles)
    return head, blocks[end:]


def _may_be_title(block: str) -> bool:
    sentence = len(block) > 60 and (ends_line(block) or line_patterns.dateline_of(block))
    return not (sentence or _is_prose(block) or line_patterns.is_related_line(block) or _is_caption(block))


def _takes_label(head: _Head, block: str) -> bool:
    """ "Section: World", "URL: https://…", and an address on a line of its own."""
    match = _LABELLED.match(block) if len(block) <= 200 else None
    for name, value in match.groupdict().items() if match else ():
        if name == "publisher" and value and not is_site_name(value):
            return False  # "Quelle: dpa/Jane Doe", of a picture
        if value and not getattr(head, name):
            setattr(head, name, value)
    return bool(match)


def _head_end(blocks: list[str], head: _Head, language: str | None) -> tuple[int, list[str]]:
    """Where the text begins, 0 if no line tells, and the lines of the head that are neither byline nor date."""
    titles: list[tuple[int, str]] = []
    captions: list[tuple[int, str]] = []
    end = long_blocks = 0
    for at, block in enumerate(blocks[:HEAD_BLOCKS]):
        following = blocks[at + 1] if at + 1 < len(blocks) else ""
        if titles and not end and _is_caption(block) and not has_byline_prefix(block):
            captions.append((at, block))
        elif (
            (titles or head.headline)
            and not (end and _is_caption(block))
            and _takes_byline_or_date(head, block, language, following)
        ):
            end = at + 1
        elif line_patterns.is_boilerplate(block):
            end = at + 1 if end else 0
        else:
            long_blocks += _is_prose(block)
            filed = len(block) > 60 and line_patterns.dateline_of(block)
            if filed or long_blocks > 1 or (end and (_is_prose(block) or _is_caption(block))):
                break
            titles.append((at, block))
    head.captions = tuple(caption for at, caption in captions if at < end)
    return end, [title for at, title in titles if at < end]


def _takes_byline_or_date(head: _Head, block: str, language: str | None, following: str) -> bool:
    if len(block) > 200:
        return False
    is_date = _is_date_line(block, language)
    lone_name = not (is_date or head.published or ends_line(block)) and len(block) < 60 and _is_date_line(following, language)
    is_byline = has_byline_prefix(block) or lone_name
    names = authors_from_text(block, language) if is_byline or re.search(r"[|·•,]", block) else ()
    if is_byline or is_date:
        head.authors = head.authors or names
    if is_date:
        _take_dates(head, block, language)
    return is_date or bool(is_byline and names)


def _is_date_line(block: str, language: str | None) -> bool:
    """A date and little else: "July 21, 1954, 6:15 p.m.", "Published March 3, 2022 | Updated March 4, 2022"."""
    when = parse_printed_date(block, language) if len(block) <= 120 else None
    words = len(re.findall(r"[^\W\d_]{2,}", block))
    return when is not None and when.precision == "day" and words <= 14 and not (words > 8 and ends_line(block))


def _take_dates(head: _Head, block: str, language: str | None) -> None:
    update = _UPDATE.search(block)
    at = update.start() if update else len(block)
    head.updated = head.updated or parse_printed_date(block[at:], language)
    head.published = head.published or parse_printed_date(block[:at], language) or head.updated


_UPDATE = re.compile("|".join(UPDATE_WORDS), re.IGNORECASE)


def _name_titles(head: _Head, titles: list[str]) -> None:
    """Tells site, section, headline and standfirst apart in the lines above the byline."""
    if len(titles) > 1 and (site := site_beside_slogan(titles[0])):
        head.publisher = head.publisher or site
        del titles[0]
    titles = _without_slogan(titles)
    while len(titles) > 1 and not head.headline:
        if not head.section and _is_section(titles[0]):
            head.section = titles.pop(0)
        elif not head.publisher and is_site_name(titles[0]) and not (len(titles) == 2 and len(titles[1]) > 110):
            head.publisher = titles.pop(0)
        elif not head.section and _is_kicker(titles[0], titles[1], alone=len(titles) == 2):
            head.section = titles.pop(0)
        else:
            break
    if not head.headline and titles:
        head.headline = titles.pop(0)
    others = (title for title in titles if title != head.headline and not title.startswith(head.authors or ("\0",)))
    head.standfirst = max(others, key=len, default=None)


def _is_kicker(line: str, following: str, alone: bool) -> bool:
    """A few words above the headline; if there is but one line below them, in capitals, unlike it."""
    short = len(line) <= 30 and len(line.split()) <= 3
    return short and (not alone or (line.isupper() and not following.isupper() and len(following.split()) >= 5))


# "Fair and early since 1871"
_SLOGAN = re.compile(
    r"(?i)\b(?:since|est\.|established|founded|seit|gegründet|depuis|fondée?|desde|fundad[oa])\b.{0,15}\b(?:1[5-9]|20)\d\d\b"
)


def _without_slogan(titles: list[str]) -> list[str]:
    """Without the line between a site's name and its section, and one that says since when there is the site."""
    if len(titles) > 2 and is_site_name(titles[0]) and not _is_section(titles[1]):
        between = len(titles) > 3 and _is_section(titles[2])
        return [titles[0], *titles[2:]] if between or _SLOGAN.search(titles[1]) else titles
    return titles


def _is_section(line: str) -> bool:
    parts = re.split(r"\s*[|/>›»·•]\s*", line)
    return len(line) <= 50 and (bool(_SECTIONS.match(parts[0])) or (len(parts) > 1 and all(len(p.split()) <= 3 for p in parts)))


# --- the text ---------------------------------------------------------------------------------------------------------


@dataclass
class _Body:
    """The text's pieces, filled in while it is read."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    contributors: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    authors: tuple[str, ...] = ()


_TAGS = re.compile(
    r"(?i)^(?:tags?|topics?|filed under|keywords?|schlag(?:wörter|worte)|themen|stichw(?:örter|orte)|etiquetas|temas"
    r"|palabras clave|mots[- ]cl(?:é|e)s|sujets|thèmes|étiquettes|argomenti|palavras-chave|assuntos|trefwoorden|emner|ämnen)"
    r"\s*[:：]\s*(?P<tags>.+)$"
)
# "Full text of the statement", "The war, in four maps": pieces that newspapers print beside the story.
_COMPANION = re.compile(
    r"(?i)^(?:full\stext|transcript|timeline|in\s(?:pictures|photos|maps|charts)|how\sthe|texto\síntegro|cronología|texte\sintégral"
    r"|chronologie|im\swortlaut|wie\sdie)\b.{8}|,?”?\s(?:in|en)\s\w+\s(?:maps|charts|pictures|photos|numbers|mapas|fotos|imágenes|cifras"
    r"|cartes|images|photos|chiffres|karten|bildern|zahlen)$"
)
_ATTRIBUTION = re.compile(r"^[—–-]\s?\S.{2,80}$")


def _read_body(blocks: list[str], head: _Head, notes: NullTrace) -> _Body:
    body = _Body()
    for caption in head.captions:
        _place(body, caption, "", is_late=False)
    whole = [letters(block) for block in blocks if len(block) > 60][:MAX_BLOCKS_COMPARED]
    end = max((at for at, block in enumerate(blocks) if _is_body_prose(block)), default=0)
    correcting = False  # "Correction" stood alone: its text is the next block
    pointing = 0  # "Read also" stood alone: so many lone lines below it may be headlines of other stories
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else ""
        if line_patterns.is_correction(block) or correcting:
            body.corrections.append(f"{body.corrections.pop()} {block}" if correcting else block)
            correcting = not correcting and not ends_line(block)
        elif tags := _TAGS.match(block):
            body.tags += [tag.strip(" #") for tag in re.split(r"[,;|、，·]", tags["tags"]) if tag.strip(" #")]
        elif rule := _rule_against(block, head, whole, following):
            notes.dropped(block, rule)
            pointing = LINES_POINTED_TO + 1 if line_patterns.is_related_line(block) and len(block) < 30 else pointing
        elif pointing and _is_lone_line(block) and not _is_caption(block):
            notes.dropped(block, "stands below a pointer to other stories")
        elif at > end and (signed := signature(block)) is not None and (signed or block[0] in "(（["):
            body.authors = body.authors or signed
            notes.dropped(block, "is an agency's mark")
        elif at > end and head.authors and block.startswith(head.authors[0]) and _has_only_names(block, head.authors):
            notes.dropped(block, "repeats the byline")
        else:
            _place(body, block, following, is_late=at > end)
        pointing = max(0, pointing - 1)
    return body


LINES_POINTED_TO = 2


def _has_only_names(line: str, authors: tuple[str, ...]) -> bool:
    rest = re.sub("|".join(map(re.escape, authors)), "", re.sub(r"\([^()]*\)", "", line))
    return not re.search(r"[^\W_]{4}", rest)


CAPTION_CHARACTERS = 40
"""A shorter line above a lone credit may be anything."""


def _with_credits(blocks: list[str]) -> list[str]:
    """With the credit that stands alone below a caption on the caption's line; below all there is, an agency signs the text."""
    joined = blocks[:2]  # the site's name or the headline
    signed = blocks[-1:] if blocks and signature(blocks[-1]) is not None else []
    for block in blocks[2 : len(blocks) - len(signed)]:
        text, credit = split_credit(block) if len(block) < 100 else (block, None)
        above = joined[-1]
        is_caption = CAPTION_CHARACTERS <= len(above) < PROSE_CHARACTERS and not (_is_prose(above) or _QUOTED.match(above))
        if credit and not text and len(joined) > 2 and is_caption and not (has_byline_prefix(above) or _is_caption(above)):
            plain = re.sub(r" [(](.+)[)]$", r"/\1", credit)  # "JANE DOE (EFE)"
            joined[-1] = f"{above} © {plain}"
        else:
            joined.append(block)
    return joined if len(blocks) < 3 else joined + signed


def _is_body_prose(block: str) -> bool:
    marked = line_patterns.is_correction(block) or line_patterns.is_contributor_line(block) or line_patterns.is_boilerplate(block)
    return not marked and len(block) > 50 and ends_line(block) and not _is_caption(block) and not _TAGS.match(block)


def _rule_against(block: str, head: _Head, whole: list[str], following: str) -> str | None:
    """Why the block is left out, if it is: boilerplate, headlines of other stories, and what stands elsewhere in the article."""
    if block in (head.headline, head.standfirst, head.publisher, head.section):
        return "repeats a line of the head"
    if line_patterns.is_boilerplate(block):
        return "is a line that sites print around any text"
    if line_patterns.is_related_line(block):
        return "points to another story"
    plain = letters(block)
    if len(plain) >= 25 and len(block) < 300 and sum(plain in text for text in whole) > (plain in whole):
        return "is a pull quote of what the text says as well"
    other = _is_lone_line(block) and not _is_caption(block) and _is_other_headline(block, following)
    return "reads like the headline of another story" if other else None


def _is_other_headline(block: str, following: str) -> bool:
    """Of two lone lines the first names another story, the second is a subhead; so does a long one or one with a colon."""
    words = len(block.split())
    if line_patterns.dateline_of(block) or following[:1].islower():  # half a sentence
        return False
    return bool(_COMPANION.search(block)) or words >= 10 or (words >= 5 and (":" in block or _is_lone_line(following)))


def _place(body: _Body, block: str, following: str, is_late: bool) -> None:
    """Adds the block where it belongs."""
    if _is_caption(block):
        text, credit = split_credit(block)
        body.captions.append(Caption(text, credit, after=len(body.paragraphs)))
    elif is_late and line_patterns.is_contributor_line(block):
        body.contributors.append(block)
    elif is_late and not following and has_byline_prefix(block) and (names := authors_from_text(block, None)):
        body.authors = names
    elif _ATTRIBUTION.match(block) and body.paragraphs and body.paragraphs[-1].kind == "quote":
        body.paragraphs[-1] = Paragraph(f"{body.paragraphs[-1].text} {block}", "quote")
    elif LIST_ITEM.match(block):
        body.paragraphs.append(Paragraph(block, "list"))
    elif _QUOTED.match(block):
        body.paragraphs.append(Paragraph(block, "quote"))
    else:
        body.paragraphs.append(Paragraph(block, "subhead" if _is_lone_line(block) else "text"))
