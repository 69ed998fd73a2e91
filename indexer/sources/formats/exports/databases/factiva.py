"""A page saved from Factiva -> its articles.

Both ways of printing are read: with the two-letter codes of its fields (HD, BY, PD, TD …), and without them, where headline,
author, words, day, newspaper, page and copyright stand one below the other in this order, each if there is one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lxml import etree

from indexer.sources.formats.exports.article import ExportedArticle, Fields, Part, Unread, given, identity, paragraphs_html
from indexer.sources.formats.exports.databases.html_pieces import classed, lines_of, pieces, read_html, take_out, text_of, tree_of
from indexer.sources.formats.exports.databases.printed import any_of, is_date, language_code, section_of
from indexer.sources.formats.exports.dates import dated
from indexer.sources.formats.exports.records import export_format

FIRST_LINES = re.compile(
    rb"class=[\"']article [a-z]{2,4}Article[\"']|global\.factiva\.com|Dow Jones Factiva|<title>\s*Factiva\s*</title>"
)
"""What tells such a page among others. Where its styles were saved with it, its first article may stand far behind them."""
_START = re.compile(r"<div\b[^<>]*\bclass=[\"']article(?: [a-z]{2,4}Article)?[\"']", re.IGNORECASE)
_CODE = re.compile(
    r"(HD|CR|BY|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CO|IN|NS|RE|IPC|IPD|PUB|AN|SE|CLM|ART|RF|CT|VOL|DOI|LI|NGC|GC)\s*$"
)
_CODE_LINE = re.compile(rf"{_CODE.pattern[:-4]}(?:\s{{2,}}|\t|\xa0|\n)\s*(.*)$", re.DOTALL)
_WORDS = re.compile(rf"[\d.,\s]+ {any_of('words')}$", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}:\d\d(?:\s?[AP]M)?(?: \w+)?$", re.IGNORECASE)
_SOURCE_CODE = re.compile(r"[A-Z][A-Z0-9]{2,7}$")
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\)|\(copyright\))", re.IGNORECASE)
_DOCUMENT = re.compile(rf"(?i:{any_of('document')}) ([A-Za-z0-9]{{15,40}})$")
_NUMBER_LINE = re.compile(rf"AN\s+{any_of('document')} ", re.IGNORECASE)
_PAGE = re.compile(r"(?:[A-Z]?\d{1,3}[A-Z]?|pg?\. ?\d+)$")


def read_factiva(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    return read_html(stream, max_bytes, _articles)


def _articles(html: str) -> Iterator[Part]:
    number = 0
    for number, piece in enumerate(pieces(html, _START), 1):
        article = _article(tree_of(piece))
        yield article or Unread(None, "no-article", f"article {number} of the page has no text")
    if not number:
        yield Unread(None, "no-article", "it looks like a page of Factiva, but has no article")


def documents(lines: Iterable[str]) -> Iterator[Part]:
    """The articles in the lines of an export as DOCX or RTF, which end with "Document …"."""
    found: list[str] = []
    for line in lines:
        found.append(line)
        if _DOCUMENT.match(line) or _NUMBER_LINE.match(line):
            yield _of_lines(found) or Unread(None, "no-article", f"the article that ends with {line!r} has no text")
            found = []


def _article(piece: etree._Element) -> ExportedArticle | None:
    article = next(classed(piece, "article"))
    fields = dict(_coded(article))
    if "AN" in fields or "HD" in fields or "TD" in fields:
        return _of_fields(fields, _language_of_page(article))
    return _of_page(article)


def _coded(article: etree._Element) -> Iterator[tuple[str, list[str]]]:
    """Code -> the lines of its cell."""
    for row in article.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        code = _CODE.match(text_of(cells[0]) or "") if len(cells) > 1 else None
        if code:
            yield code[1], lines_of(cells[1])


def _of_fields(fields: dict[str, list[str]], page_language: str | None) -> ExportedArticle | None:
    def one(code: str) -> str | None:
        return " ".join(" ".join(fields.get(code, ())).split()) or None

    text = [" ".join(line.split()) for code in ("LP", "TD") for line in fields.get(code, ())]
    if not text:
        return None
    own = (one("AN") or "").rpartition(" ")[2]
    return _exported(
        own or None,
        text,
        given(
            headline=one("HD"),
            byline=one("BY"),
            section=section_of(one("SE")),
            publisher=one("SN"),
            language=language_code(one("LA")) or page_language,
            captions=[{"text": line} for line in fields.get("ART", ())],
            tags=[tag for code in ("CO", "NS", "RE") for tag in _terms(one(code))],
            **dated("published", f"{one('PD')} {one('ET')}" if one("ET") and one("PD") else one("PD")),
        ),
    )


def _of_page(article: etree._Element) -> ExportedArticle | None:
    """Without codes. The paragraphs of the text are marked up, what stands above them is told by its looks."""
    paragraphs = [words for each in classed(article, "articleParagraph") if (words := text_of(each))]
    headline = next(filter(None, map(text_of, _headlines(article))), None)
    byline = next(filter(None, map(text_of, classed(article, "author"))), None)
    for paragraph in [*classed(article, "articleParagraph", "author"), *_headlines(article)]:
        take_out(paragraph)
    own = next((found[1] for line in lines_of(article) if (found := _DOCUMENT.match(line))), None)
    top = _top(lines_of(article))
    text = [line for line in paragraphs if not _DOCUMENT.match(line)]
    own = own or next((found[1] for line in paragraphs if (found := _DOCUMENT.match(line))), None)
    fields = given(**top, headline=headline, byline=byline)
    language = top.get("language") or _language_of_page(article)
    return _exported(own, text, {**fields, **given(language=language)}) if text else None


def _headlines(article: etree._Element) -> list[etree._Element]:
    named = [
        each for each in article.iter(etree.Element) if (each.get("class") or "").endswith("Headline") or each.get("id") == "hd"
    ]
    return named[:1]


def _top(lines: list[str]) -> dict[str, str | None]:
    """What stands between headline and text: "532 words", "4 March 2022", "10:00", "The River Post", "RIVP", "A1", "English"."""
    found: dict[str, str | None] = {}
    printed = time = None
    for line in lines:
        language = language_code(line) if not re.fullmatch("[a-z]{2}", line) else None
        if _WORDS.match(line) or _COPYRIGHT.match(line) or _DOCUMENT.match(line):
            continue
        if printed is None:
            if is_date(line):
                printed = line
            elif not found.get("section"):
                found["section"] = section_of(line)  # above the words stands the section, if any
        elif _TIME.match(line):
            time = line
        elif language:
            found["language"] = language
        elif not found.get("publisher") and not _PAGE.match(line):
            found["publisher"] = line
    return found | dated("published", f"{printed} {time}" if time else printed)


def _of_lines(lines: list[str]) -> ExportedArticle | None:
    fields: dict[str, list[str]] = {}
    code = None
    for line in lines:
        start = _CODE_LINE.match(line)
        if start:
            code = start[1]
            fields.setdefault(code, []).extend(filter(None, [start[2]]))
        elif alone := _CODE.match(line):
            code = alone[1]
            fields.setdefault(code, [])
        elif code:
            fields[code].append(line)
    if "HD" in fields and ("TD" in fields or "LP" in fields):
        return _of_fields(fields, None)
    return _of_plain(lines)


def _of_plain(lines: list[str]) -> ExportedArticle | None:
    """Without codes: the text begins after the copyright."""
    at = next((at for at, line in enumerate(lines) if _COPYRIGHT.match(line)), None)
    end = _DOCUMENT.match(lines[-1])
    if at is None or at + 2 > len(lines) or not end:
        return None
    above = next((number for number, line in enumerate(lines[:at]) if _WORDS.match(line)), 1)
    fields = given(headline=lines[0], byline=lines[above - 1] if above > 1 else None, **_top(lines[above:at]))
    return _exported(end[1], lines[at + 1 : -1], fields)


def _exported(own: str | None, text: list[str], fields: Fields) -> ExportedArticle:
    return ExportedArticle(own, given(id=identity("factiva", own), html=paragraphs_html(text), **fields))


def _terms(printed: str | None) -> list[str]:
    """ "gcns : Politics | gdip : Foreign Policy" -> Politics, Foreign Policy."""
    return [term.rpartition(" : ")[2].strip() for term in (printed or "").split("|") if term.strip()]


def _language_of_page(article: etree._Element) -> str | None:
    found = re.search(r"\b([a-z]{2})Article\b", article.get("class") or "")
    return found[1] if found else None


FORMAT = export_format(
    "factiva", "pages saved from Factiva", (), read_factiva, lambda start: FIRST_LINES.search(start) is not None, within="html"
)
