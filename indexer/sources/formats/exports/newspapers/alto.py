"""ALTO, the text of a scanned page with its places -> the blocks of the page, and an article of the page by itself.

    read_page_text(stream, 10_000_000)["TB1"]   -> TextBlock(lines=("The delegates met", "before noon."), height=32.0)

Words that were parted are whole where ALTO says so (SUBS_CONTENT) and where a hyphen ends the line. If a METS file beside the
page describes it, the articles are found by that (mets.py), and the page by itself is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, BinaryIO

from lxml import etree

from indexer.sources.formats.exports.article import ExportedArticle, LeftOut, Part, Unread, given, paragraphs_html
from indexer.sources.formats.exports.newspapers.hyphens import joined
from indexer.sources.formats.exports.records import export_format
from indexer.sources.formats.exports.xml_items import local_name, xml_items
from indexer.sources.source_file import FilePlace, Folder

MAX_METS_BYTES = 50_000_000
_METS_NAME = re.compile(r"(?:^|[^a-z])mets(?:[^a-z]|$).*\.xml$|mets\.xml$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of text. lines: in reading order; height: of its letters, the mean of its lines, 0 if unknown."""

    lines: tuple[str, ...]
    height: float = 0.0

    @property
    def text(self) -> str:
        return joined(self.lines)


def read_page_text(stream: IO[bytes], max_bytes: int) -> tuple[dict[str, TextBlock], list[Unread]]:
    """The blocks of the page by their id, in reading order; a block without one is called by its number. And what is wrong."""
    blocks: dict[str, TextBlock] = {}
    problems: list[Unread] = []
    for block in xml_items(stream, ("TextBlock",), max_bytes):
        if isinstance(block, Unread):
            problems.append(block)
        elif lines := [line for line in map(_line, block.iter("{*}TextLine")) if line[0]]:
            heights = [height for _, height in lines if height]
            mean = sum(heights) / len(heights) if heights else 0.0
            blocks[block.get("ID") or str(len(blocks) + 1)] = TextBlock(tuple(text for text, _ in lines), mean)
    return blocks, problems


def _line(line: etree._Element) -> tuple[str, float]:
    """(text, height). Of a word that goes on in the next line the whole stands in this one."""
    words: list[str] = []
    for element in line.iterchildren(etree.Element):
        name = local_name(element)
        if name == "String" and element.get("SUBS_TYPE") == "HypPart2" and element.get("SUBS_CONTENT"):
            continue
        if name == "String":
            parted = element.get("SUBS_TYPE") == "HypPart1" and element.get("SUBS_CONTENT")
            words.append(parted or element.get("CONTENT") or "")
        elif name == "HYP" and words and not _is_whole(line):
            words[-1] += element.get("CONTENT") or "-"
    try:
        height = float(line.get("HEIGHT") or 0)
    except ValueError:
        height = 0.0
    return " ".join(filter(None, words)), height


def _is_whole(line: etree._Element) -> bool:
    return any(string.get("SUBS_TYPE") == "HypPart1" and string.get("SUBS_CONTENT") for string in line.iterchildren("{*}String"))


def read_alto(stream: BinaryIO, max_bytes: int, place: FilePlace) -> Iterator[Part]:
    if _is_described(place):
        yield LeftOut({"pages that a METS file describes": 1})
        return
    blocks, problems = read_page_text(stream, max_bytes)
    texts = [text for block in blocks.values() if (text := block.text)]
    if texts:
        yield ExportedArticle(None, given(html=paragraphs_html(texts)))
    elif not problems:
        yield Unread(None, "no-article", "the page has no text")
    yield from problems


def _is_described(place: FilePlace) -> bool:
    """Whether a METS file in the page's folder, or in the one around it, names the page."""
    return any(place.name in _named_in(folder) for folder in (place.folder, place.folder.around()) if folder)


@lru_cache(maxsize=4)
def _named_in(folder: Folder) -> frozenset[str]:
    """The names of the files that the METS files of the folder speak of."""
    named: set[str] = set()
    for name in filter(_METS_NAME.search, folder.names()):
        try:
            with folder.open(name) as stream:
                data = stream.read(MAX_METS_BYTES)
        except OSError:
            continue
        addresses = (found.decode("utf-8", "replace") for found in re.findall(rb"href\s*=\s*[\"']([^\"'<>]{1,500})", data))
        named |= {address.replace("\\", "/").rpartition("/")[2] for address in addresses}
    return frozenset(named)


_BEGINS = re.compile(rb"<(?:\w+:)?alto[\s>]", re.IGNORECASE)
FORMAT = export_format(
    "alto", "scanned pages (ALTO)", (), read_alto, lambda head: _BEGINS.search(head) is not None, at_place=True
)
