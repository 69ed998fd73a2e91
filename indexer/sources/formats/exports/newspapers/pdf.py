"""A PDF file with text -> the article in it: headline by the size of its letters, columns in reading order.

b"%PDF-1.7…" -> RawPage(b'{"headline": …, "html": …}', kind="article")

The text is read by pypdfium2,
an optional dependency. A scan without text is reported; the columns of a page are told by layout.py.
"""

import importlib
from collections import Counter
from statistics import median
from typing import Any

import msgspec

from indexer.sources.formats.exports.article import given, paragraphs_html
from indexer.sources.formats.exports.newspapers.layout import Line, paragraphs, reading_order
from indexer.sources.raw_page import RawPage
from indexer.sources.source_file import Format, SourceFile, undecodable
from search.errors import PageError
from search.settings import Settings

INSTALL = "a PDF file is read by pypdfium2; install it with `pip install broadsheet[pdf]`"
MAX_PAGES = 200
HEADLINE_FACTOR = 1.15
"""A headline, the largest line of its page, is so many times as large as the text. Swept 1.05-1.5 on the pages of layout.py, with
headlines 1.2 to 3 times as large as the text: all are found up to 1.15, .94 with 1.2, .77 with 1.3."""
SAME_SIZE = 0.08
"""Sizes of lines of one headline differ by no more than this part."""
MAX_HEADLINE_CHARACTERS = 300
MIN_LETTERS = 80
"""What has fewer is a scan with a stamp, not a text."""
RUNNING_PAGES = 3
EDGE_SHARE = 0.08
"""A line that stands in the same place on so many pages, in this part of them above or below, is no part of the text."""
GAP_FACTOR = 1.5
"""Letters on one line that are so many sizes apart are of two columns. Swept .7-3 on the same pages: less cuts justified lines
(.86 with .7), more gains .01, but columns of newspapers stand closer."""


def _page(file: SourceFile, data: bytes, _: Settings) -> RawPage:
    pages = _lines_of_pages(data)
    lines = [line for page in _without_running_heads(pages) for line in reading_order(page)]
    if sum(len(line.text) for line in lines) < MIN_LETTERS:
        raise PageError("no-article", "the PDF has no text; it may be a scan: have its letters recognised first, as by ocrmypdf")
    headline, rest = _split_headline(lines)
    record = given(headline=headline, html=paragraphs_html(paragraphs(rest)))
    return RawPage(file.source, file.stamp, msgspec.json.encode(record), "article", file.captured or None)


def _lines_of_pages(data: bytes) -> list[list[Line]]:
    """Raises PageError if it cannot be opened, or there is nothing to open it with."""
    try:
        pdfium: Any = importlib.import_module("pypdfium2")
    except ImportError as error:
        raise PageError("not-a-page", INSTALL) from error
    try:
        with pdfium.PdfDocument(data) as document:
            return [_lines_of_page(document[number], number, pdfium.raw) for number in range(min(len(document), MAX_PAGES))]
    except pdfium.PdfiumError as error:
        raise undecodable(f"{error}; if it has a password, save it without") from error


def _lines_of_page(page: Any, number: int, raw: Any) -> list[Line]:
    """The lines as they are drawn, cut where letters are far apart."""
    text_page = page.get_textpage()
    lines: list[Line] = []
    letters: list[str] = []
    left = right = bottom = top = size = 0.0

    def end() -> None:
        text = " ".join("".join(letters).split())
        if text:
            lines.append(Line(text, left, bottom, right, top, size, number))
        letters.clear()

    for index in range(text_page.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text_page, index) or 0xFFFD)
        if letter in "\r\n":
            end()
            continue
        letter = {"\x02": "-", "\ufffe": "-", "\0": ""}.get(letter, letter)  # how PDFium gives a hyphen at the end of a line
        if letter.isspace() or not letter:
            letters.append(" " if letters else "")
            continue
        x0, y0, x1, y1 = text_page.get_charbox(index, loose=True)
        here = raw.FPDFText_GetFontSize(text_page, index) or (y1 - y0)
        if letters and (x0 - right > GAP_FACTOR * here or x0 < left - here or y0 > top or y1 < bottom):
            end()
        if not letters:
            left, right, bottom, top, size = x0, x1, y0, y1, max(here, y1 - y0) if here <= 1 else here
        right, bottom, top, size = max(right, x1), min(bottom, y0), max(top, y1), max(size, here)
        letters.append(letter)
    end()
    return lines


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """Without page numbers, and what stands in the same place at the edge of several pages."""
    edges = [_edge_lines(page) for page in pages]
    seen = Counter(key for lines in edges for key in set(map(_place, lines)))
    running = [{line for line in lines if seen[_place(line)] >= RUNNING_PAGES or line.text.isdecimal()} for lines in edges]
    return [[line for line in page if line not in heads] for page, heads in zip(pages, running, strict=True)]


def _edge_lines(page: list[Line]) -> list[Line]:
    """Those in the uppermost and the lowest part of what is printed on the page."""
    top, bottom = max((line.top for line in page), default=0), min((line.bottom for line in page), default=0)
    margin = EDGE_SHARE * (top - bottom)
    return [line for line in page if line.top > top - margin or line.bottom < bottom + margin]


def _place(line: Line) -> tuple[str, int]:
    return "".join(letter for letter in line.text if not letter.isdecimal()), round(line.bottom / 5)


def _split_headline(lines: list[Line]) -> tuple[str | None, list[Line]]:
    """The largest lines that stand together on the first page with text, if they are larger than the text."""
    first = lines[0].page
    text_size = median(line.size for line in lines for _ in range(len(line.text)))
    largest = max(
        (line for line in lines if line.page == first and len(line.text) > 2), key=lambda line: line.size, default=lines[0]
    )
    if largest.size < HEADLINE_FACTOR * text_size:
        return None, lines
    start = lines.index(largest)
    end = start
    while end < len(lines) and lines[end].page == first and abs(lines[end].size - largest.size) <= SAME_SIZE * largest.size:
        end += 1
    headline = " ".join(line.text for line in lines[start:end])
    if len(headline) > MAX_HEADLINE_CHARACTERS:
        return None, lines
    return headline, lines[:start] + lines[end:]


FORMAT = Format("pdf", "PDF files with text", (".pdf",), lambda head: head.startswith(b"%PDF-"), _page)
