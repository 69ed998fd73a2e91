"""The JSON-LD blocks of a page: found, repaired, laid out flat, and the object that describes the page's article.

>>> article_of(read_blocks(tree.iter("script")), urls=["https://…/a"], titles=["Truce signed"])
{'@type': 'NewsArticle', 'headline': 'Truce signed', …}
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import msgspec
from lxml.html import HtmlElement

from search.lexicon.read import read_lexicon

Node: TypeAlias = dict[str, Any]

MAX_BLOCK_CHARACTERS = 3_000_000
"""Characters; a longer block is skipped."""
MAX_NODES = 5_000
"""Objects looked at in all blocks of a page."""


@dataclass(frozen=True, slots=True)
class Graph:
    """All objects of a page's blocks: `nodes` in reading order, each with whether it stands in a list of other stories."""

    nodes: tuple[tuple[Node, bool], ...] = ()
    by_id: dict[str, Node] = field(default_factory=dict)


def read_blocks(scripts: Iterable[HtmlElement]) -> Graph:
    """The blocks among a page's script elements. Never raises: a block that cannot be repaired is left out."""
    nodes: list[tuple[Node, bool]] = []
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower() and (block := script.text) and len(block) <= MAX_BLOCK_CHARACTERS:
            for value in load_values(block):
                nodes += _flatten(value, MAX_NODES - len(nodes))
    by_id: dict[str, Node] = {}
    for node, _ in nodes:
        key = node.get("@id")
        if isinstance(key, str) and len(node) > len(by_id.get(key, ())):
            by_id[key] = node
    return Graph(tuple(nodes), by_id)


_SCORES = {"Article": 100, "Posting": 90, "Report": 80, "Review": 40, "Gallery": 30, "WebPage": 8, "VideoObject": 6}


def article_of(graph: Graph, urls: Iterable[str], titles: Iterable[str]) -> Node:
    """The object that describes the article of these addresses or titles, not one of the related stories; {} if there is none."""
    paths, names = {_path(url) for url in urls}, {letters(title) for title in titles} - {""}
    best, best_score = {}, 0
    for node, listed in graph.nodes:
        kinds = node.get("@type")
        score = _score_of_type(kinds) if isinstance(kinds, str) else max(map(_score_of_type, types_of(node)), default=0)
        if not score:
            continue
        score += 5 * sum(bool(node.get(key)) for key in ("headline", "datePublished", "author", "articleBody"))
        score += 60 * any(_path(url) in paths for url in addresses(node)) - 80 * listed
        score += 40 * any(letters(text(node.get(key)) or "") in names for key in ("headline", "name"))
        if score > best_score:
            best, best_score = node, score
    return best


@lru_cache(maxsize=1_000)
def _score_of_type(kind: str) -> int:
    return max((points for end, points in _SCORES.items() if kind.endswith(end)), default=0)


def types_of(node: Node) -> tuple[str, ...]:
    kinds = node.get("@type")
    return tuple(str(kind).rsplit("/", 1)[-1] for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind)


def addresses(node: Node) -> Iterator[str]:
    for value in map(node.get, ("url", "mainEntityOfPage", "@id")):
        address = (value.get("@id") or value.get("url")) if isinstance(value, dict) else value
        if isinstance(address, str):
            yield address


def text(value: Any, depth: int = 5) -> str | None:
    """A string, number or the first of a list as one line of plain text without tags; None if there is nothing."""
    if isinstance(value, list) and depth:
        return next((found for item in value if (found := text(item, depth - 1))), None)
    if isinstance(value, dict) and depth:
        return text(value.get("@value") or value.get("name"), depth - 1)
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return None
    plain = clean(str(value))
    return " ".join((_TAG.sub("", plain) if "<" in plain else plain).split()) or None


_TAG = re.compile(r"<[^<>]{1,200}>")


def clean(value: str) -> str:
    """Entities decoded (also those encoded twice), halves of surrogate pairs replaced."""
    if "&" in value:
        value = html.unescape(html.unescape(value))
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def letters(title: str) -> str:
    """What two spellings of a title have in common."""
    return re.sub(r"[\W_]+", " ", title).strip().casefold()


def resolve(value: Any, graph: Graph) -> Iterator[Any]:
    """The items of a value, one or a list, with {"@id": …} replaced by the object it points to."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and isinstance(item.get("@id"), str) and not item.get("name"):
            yield graph.by_id.get(item["@id"], item)
        elif item:
            yield item


# --- reading ----------------------------------------------------------------------------------------------------------

_OPENING = re.compile(r"(?<!CDATA)[\[{](?!CDATA)")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])|\\u(?![0-9a-fA-F]{4})")
_PLAIN_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|description)"\s*:\s*"((?:[^"\\\n]|\\.){1,1000})"'
)


def load_values(block: str) -> list[Any]:
    """The JSON values in a block. Repairs what is usual: comments around it, trailing commas, raw newlines, bad
    escapes, entities, text after the end; of what stays broken the plain headline and dates are picked out."""
    readings: tuple[Callable[[str], list[Any]], ...] = (
        lambda block: [msgspec.json.decode(block)],  # five times as fast, of what needs no repair
        _decode_all,
        lambda block: _decode_all(_repair(block)),
        lambda block: _decode_all(_repair(html.unescape(block))),
    )
    for read in readings:
        try:
            return read(block)
        except (ValueError, RecursionError):
            continue
    salvaged = dict(reversed(_PLAIN_FIELD.findall(block)))
    return [{"@type": "Article", **salvaged}] if salvaged else []


def _decode_all(source: str) -> list[Any]:
    decoder = json.JSONDecoder(strict=False, parse_int=_whole_number, parse_constant=lambda _: None)
    values: list[Any] = []
    at = 0
    while opening := _OPENING.search(source, at):
        try:
            value, at = decoder.raw_decode(source, opening.start())
        except ValueError:
            if values:
                break  # text after the last value
            raise
        values.append(value)
    return values


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) < 20 else digits  # int() refuses more than 4,300 digits


def _repair(block: str) -> str:
    return re.sub(r",(\s*[}\]])", r"\1", _BAD_ESCAPE.sub(lambda m: "\\\\" + m[0][1:] if m[0] != "\\" else "", block))


_OTHER_STORIES = frozenset(read_lexicon("indexer.extract.lexicon", "data_keys").of("other_stories"))


def _flatten(value: Any, most: int) -> list[tuple[Node, bool]]:
    """Every object in the value, outer ones first, without recursion."""
    found: list[tuple[Node, bool]] = []
    waiting: list[tuple[Any, bool]] = [(value, False)]
    while waiting and len(found) < most:
        item, listed = waiting.pop()
        if isinstance(item, list):
            waiting += [(part, listed) for part in reversed(item)]
        elif isinstance(item, dict):
            found.append((item, listed))
            for key, part in reversed(item.items()):
                if isinstance(part, (dict, list)):
                    waiting.append((part, listed or key in _OTHER_STORIES or (key == "item" and "position" in item)))
    return found


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/").casefold() or "?"
    except ValueError:
        return "?"
