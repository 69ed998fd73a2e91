"""METS, which says what stands where in an issue of a newspaper -> its articles, read from the ALTO pages beside it.

Where the issue is divided into articles these are read, each from the blocks of its headline, its text and its captions;
where it is not, each page is an article. Advertisements, death notices and the like are counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import BinaryIO

from lxml import etree

from indexer.sources.formats.exports.article import ExportedArticle, LeftOut, Part, Unread, figure_html, given, paragraphs_html
from indexer.sources.formats.exports.dates import dated
from indexer.sources.formats.exports.inline_text import element_text
from indexer.sources.formats.exports.newspapers.alto import TextBlock, read_page_text
from indexer.sources.formats.exports.records import export_format
from indexer.sources.formats.exports.xml_items import local_name, xml_items
from indexer.sources.source_file import FilePlace, Folder

FILE_FACTOR = 5
"""The METS file of an issue may take so many times what one page may."""
_HREF = "{http://www.w3.org/1999/xlink}href"
_ARTICLES = frozenset(str.split("article picture_article feature editorial letter review story interview"))
_LEFT_OUT = {
    "advertisement": "advertisements", "advert": "advertisements", "ad": "advertisements", "death_notice": "death notices",
    "birth_notice": "birth notices", "weather": "weather reports", "table_of_contents": "tables of contents",
}  # fmt: skip
_HEADLINES = frozenset(str.split("heading headline title main_title title_section"))
_STANDFIRSTS = frozenset(str.split("subheadline subheading subtitle abstract lead"))
_BYLINES = frozenset(str.split("author byline"))
_CAPTIONS = frozenset(str.split("caption picture_caption illustration image picture map chart"))
_IGNORED = frozenset(str.split("page_number running_title pagenumber header footer publishing_stmt"))


def read_mets(stream: BinaryIO, max_bytes: int, place: FilePlace) -> Iterator[Part]:
    root = next(iter(xml_items(stream, ("mets",), max_bytes * FILE_FACTOR)), None)
    if not isinstance(root, etree._Element):
        yield root or Unread(None, "no-article", "the file describes nothing")
        return
    issue = _Issue(root, _Pages(_files(root), place.folder, max_bytes))
    yield from issue.parts()


def _files(root: etree._Element) -> dict[str, str]:
    """The id of a file -> its address."""
    found = {}
    for file in root.iter("{*}file"):
        address = next((place.get(_HREF) for place in file.iter("{*}FLocat") if place.get(_HREF)), None)
        if address and file.get("ID"):
            found[str(file.get("ID"))] = address
    return found


class _Pages:
    """The ALTO pages of the issue, read as they are needed. Only files below the folder of the METS file are opened."""

    def __init__(self, addresses: dict[str, str], folder: Folder, max_bytes: int) -> None:
        self.addresses = addresses
        self.unread: Counter[str] = Counter()
        self._folder = folder
        self._max_bytes = max_bytes
        self._read: dict[str, dict[str, TextBlock]] = {}

    def of(self, file: str) -> dict[str, TextBlock]:
        if file not in self._read:
            if len(self._read) > 64:
                self._read.clear()
            self._read[file] = self._blocks(file)
        return self._read[file]

    def _blocks(self, file: str) -> dict[str, TextBlock]:
        address = re.sub(r"^file:/{0,3}(?=\.|[^/])", "", self.addresses.get(file, "")).replace("\\", "/")
        try:
            if not address.lower().endswith(".xml"):
                raise OSError("it is no page")
            with self._folder.open(address) as stream:
                blocks, problems = read_page_text(stream, self._max_bytes)
        except OSError:
            self.unread["cannot be read"] += 1
            return {}
        if problems:
            self.unread["are damaged"] += 1
        return blocks


@dataclass(slots=True)
class _Found:
    """The blocks of an article by what they are."""

    headline: list[TextBlock] = field(default_factory=list)
    standfirst: list[TextBlock] = field(default_factory=list)
    byline: list[TextBlock] = field(default_factory=list)
    html: list[str] = field(default_factory=list)


class _Issue:
    def __init__(self, root: etree._Element, pages: _Pages) -> None:
        self._root = root
        self._pages = pages
        self._described = {section.get("ID"): section for section in root.iter("{*}dmdSec")}
        self._about = next(iter(self._described.values()), None)

    def parts(self) -> Iterator[Part]:
        left_out: Counter[str] = Counter()
        number = 0
        for division in self._root.iter("{*}div"):
            kind = _kind(division)
            if kind in _LEFT_OUT:
                left_out[_LEFT_OUT[kind]] += 1
            elif kind in _ARTICLES and not any(_kind(outer) in _ARTICLES for outer in division.iterancestors("{*}div")):
                number += 1
                yield self._article(division, number)
        if not number:
            yield from self._whole_pages()
        if left_out:
            yield LeftOut(left_out)
        for what, count in self._pages.unread.items():
            yield Unread(None, "unreadable", f"{count:,} pages that the METS file names {what}")

    def _article(self, division: etree._Element, number: int) -> Part:
        found = _Found()
        self._collect(division, found, set())
        own = division.get("ID") or str(number)
        described = self._described.get((division.get("DMDID") or "").split(" ")[0])
        headline = " ".join(block.text for block in found.headline) or division.get("LABEL") or _title(described)
        if not found.html:
            return Unread(own, "no-article", "the METS file has no text for the article")
        return ExportedArticle(
            own,
            given(
                headline=headline,
                standfirst=" ".join(block.text for block in found.standfirst),
                byline=" ".join(block.text for block in found.byline),
                html="".join(found.html),
                **self._of_issue(described),
            ),
        )

    def _collect(self, division: etree._Element, found: _Found, taken: set[tuple[str, str]]) -> None:
        kind = _kind(division)
        if kind in _IGNORED or kind in _LEFT_OUT:
            return
        for child in division.iterchildren("{*}fptr", "{*}div"):
            if local_name(child) == "div":
                self._collect(child, found, taken)
                continue
            for area in child.iter("{*}area"):
                place = (area.get("FILEID") or "", area.get("BEGIN") or "")
                block = self._pages.of(place[0]).get(place[1]) if place not in taken and place[1] else None
                taken.add(place)
                if block:
                    _put(block, division, found)

    def _whole_pages(self) -> Iterator[Part]:
        """Of an issue that is not divided: each page with text."""
        for file, address in self._pages.addresses.items():
            if re.search(r"alto|ocr", f"{file} {address}", re.IGNORECASE) and address.lower().endswith(".xml"):
                texts = [text for block in self._pages.of(file).values() if (text := block.text)]
                if texts:
                    yield ExportedArticle(file, given(html=paragraphs_html(texts), **self._of_issue(None)))

    def _of_issue(self, described: etree._Element | None) -> dict[str, object]:
        """What the description of the article says, else that of the issue."""
        language = _first(described, "languageTerm", "language") or _first(self._about, "languageTerm", "language")
        issued = _first(self._about, "dateIssued", "date") or _first(described, "dateIssued", "date")
        publisher = _title(self._about) or self._root.get("LABEL")
        return {"publisher": publisher, "language": _iso_language(language), **dated("published", issued)}


def _put(block: TextBlock, division: etree._Element, found: _Found) -> None:
    """By the kind of the innermost element that says one."""
    kinds = [_kind(each) for each in (division, *division.iterancestors("{*}div"))]
    for kind in kinds:
        if kind in _HEADLINES and not found.html:
            return found.headline.append(block)
        if kind in _HEADLINES:
            return found.html.append(f"<h3>{escape(block.text, quote=False)}</h3>")
        if kind in _STANDFIRSTS and not found.html:
            return found.standfirst.append(block)
        if kind in _BYLINES:
            return found.byline.append(block)
        if kind in _CAPTIONS:
            return found.html.append(figure_html(block.text, None, None))
        if kind in _ARTICLES:
            break
    return found.html.append(paragraphs_html([block.text]))


def _kind(division: etree._Element) -> str:
    return re.sub(r"[\s-]+", "_", (division.get("TYPE") or "").strip().lower())


def _title(described: etree._Element | None) -> str | None:
    return _first(described, "title")


def _first(described: etree._Element | None, *names: str) -> str | None:
    if described is None:
        return None
    return next((text for name in names for each in described.iter(f"{{*}}{name}") if (text := element_text(each))), None)


_THREE_LETTERS = dict(
    str.split(pair, ":")
    for pair in str.split(
        "eng:en ger:de deu:de fre:fr fra:fr spa:es ita:it por:pt dut:nl nld:nl swe:sv fin:fi dan:da nor:no pol:pl"
        " cze:cs ces:cs rus:ru ltz:lb est:et lav:lv lit:lt hun:hu slv:sl hrv:hr srp:sr wel:cy cym:cy"
    )
)


def _iso_language(code: str | None) -> str | None:
    return _THREE_LETTERS.get(code.lower(), code.lower()) if code and re.fullmatch("[A-Za-z]{2,3}(?:-.*)?", code) else None


_BEGINS = re.compile(rb"<(?:\w+:)?mets[\s>]", re.IGNORECASE)
FORMAT = export_format("mets", "issues (METS)", (), read_mets, lambda head: _BEGINS.search(head) is not None, at_place=True)
