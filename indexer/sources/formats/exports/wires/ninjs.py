"""ninjs, IPTC's news in JSON, in versions 1 to 3 -> its articles: one object, a list of them, or one a line.

Items of text and composite ones are articles, their pictures captions. Pictures, films, events and what is withheld or
cancelled are counted. https://iptc.org/std/ninjs/
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from indexer.sources.formats.exports.article import (
    ExportedArticle,
    LeftOut,
    Part,
    Unread,
    figure_html,
    given,
    identity,
    paragraphs_html,
    web_address,
)
from indexer.sources.formats.exports.dates import dated
from indexer.sources.formats.exports.inline_text import inline_text, summary_beside
from indexer.sources.formats.exports.records import export_format

FILE_FACTOR = 10
"""A list of articles may take so many times what one may."""
_TEXT_TYPES = (None, "text", "composite", "article")
_STATUSES = {"canceled": "cancelled items", "cancelled": "cancelled items", "withheld": "withheld items"}


def read_ninjs(stream: BinaryIO, max_bytes: int) -> Iterator[Part]:
    data = stream.read(max_bytes * FILE_FACTOR + 1)
    if len(data) > max_bytes * FILE_FACTOR:
        yield Unread(None, "too-large", f"the file is larger than {max_bytes * FILE_FACTOR:,} bytes; split it")
        return
    left_out: Counter[str] = Counter()
    for number, item in enumerate(_items(data), 1):
        if not isinstance(item, dict):
            yield Unread(None, "bad-record", f"item {number}: {item if isinstance(item, str) else 'it is no JSON object'}")
            continue
        kind, status = item.get("type"), _text(item, "pubstatus") or "usable"
        if kind not in _TEXT_TYPES or status in _STATUSES:
            left_out[_STATUSES.get(status) or f"items of the type {kind}"] += 1
        else:
            yield _article(item)
    if left_out:
        yield LeftOut(left_out)


def _items(data: bytes) -> Iterator[Any]:
    """The objects; a text in place of one says why there is none."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        yield from _listed(_unwrapped(msgspec.json.decode(data)))
        return
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if b"\n" not in data.strip() or not data.lstrip().startswith(b"{"):
            yield f"it is not JSON: {error}"
            return
    for line in data.splitlines():
        if line.strip():
            try:
                yield msgspec.json.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                yield f"it is not JSON: {error}"
                return


def _unwrapped(whole: Any) -> Any:
    """The list of items in what an interface answers: {"total": 1, "item": [{…}]}."""
    if not isinstance(whole, dict) or _text(whole, "headline", "body_html", "body_xhtml", "body_text", "uri"):
        return whole
    lists = [value for value in whole.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    return next((items for items in lists if {"headline", "headlines", "versioncreated"} & items[0].keys()), whole)


def _article(item: dict[str, Any]) -> ExportedArticle:
    own, url = _text(item, "uri"), web_address(_text(item, "url", "link"))
    published = _text(item, "firstpublished", "firstcreated", "contentcreated", "versioncreated")
    updated = _text(item, "versioncreated")
    authors = [name for author in _objects(item, "authors", "by") if (name := _text(author, "name"))]
    html, headline = _html(item), _text(item, "headline") or _valued(item, "headlines", ("main", None)) or _text(item, "title")
    return ExportedArticle(
        own,
        given(
            id=identity("ninjs", own, url),
            url=url,
            headline=inline_text(headline),
            standfirst=summary_beside(_summary(item), html),
            html="".join(_pictures(item)) + (html or ""),
            authors=authors,
            byline=None if authors else inline_text(_text(item, "byline")),
            dateline=_text(item, "located") or next((_text(place, "name") for place in _objects(item, "located")), None),
            section=next((_text(service, "name") for service in _objects(item, "service", "section")), None),
            tags=list(dict.fromkeys(_named(item, "subject", "subjects", "keywords"))),
            publisher=_text(item, "source", "copyrightholder") or next(iter(_named(item, "infosources", "provider")), None),
            language=_text(item, "language"),
            **dated("published", published),
            **(dated("updated", updated) if updated != published else {}),
        ),
    )


def _html(item: dict[str, Any]) -> str | None:
    """The body, as HTML if it is there as such: body_html, body_xhtml, or one of `bodies` by its content type."""
    bodies = [body for body in _objects(item, "bodies") if _text(body, "value")]
    html = [body for body in bodies if "html" in (_text(body, "contenttype", "contentType") or "")]
    if marked := _text(item, "body_html", "body_xhtml") or (_text(html[0], "value") if html else None):
        return marked
    plain = _text(item, "body_text") or (_text(bodies[0], "value") if bodies else None)
    return paragraphs_html(re.split(r"\n\s*\n" if "\n\n" in plain else r"\n", plain)) if plain else None


def _summary(item: dict[str, Any]) -> str | None:
    told = _text(item, "description_text", "description_html", "abstract", "summary")
    return told or _valued(item, "descriptions", ("summary", "main", None))


def _pictures(item: dict[str, Any]) -> Iterator[str]:
    associations = item.get("associations")
    each = associations.values() if isinstance(associations, dict) else associations if isinstance(associations, list) else ()
    for picture in each:
        if isinstance(picture, dict) and picture.get("type") in ("picture", "image", "graphic", None):
            text = inline_text(
                _text(picture, "description_text", "body_text") or _valued(picture, "descriptions", ("caption", None))
            )
            credit = _text(picture, "creditline", "byline", "by", "copyrightholder")
            yield figure_html(text or inline_text(_text(picture, "headline")), credit, _address(picture.get("renditions")))


def _address(renditions: Any) -> str | None:
    each = renditions.values() if isinstance(renditions, dict) else renditions if isinstance(renditions, list) else ()
    found = (_text(rendition, "href") for rendition in each if isinstance(rendition, dict))
    return next(filter(web_address, found), None)


def _valued(item: dict[str, Any], name: str, roles: tuple[str | None, ...]) -> str | None:
    """The value of the first of the roles that is there, else of the first of all."""
    values = {_text(value, "role"): _text(value, "value") for value in reversed(_objects(item, name))}
    return next((values[role] for role in roles if values.get(role)), None) or next(filter(None, values.values()), None)


def _named(item: dict[str, Any], *names: str) -> Iterator[str]:
    for name in names:
        for value in item.get(name) or () if isinstance(item.get(name), list) else ():
            found = value if isinstance(value, str) else _text(value, "name") if isinstance(value, dict) else None
            if found and found.strip():
                yield found.strip()


def _objects(item: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    return [value for name in names for value in _listed(item.get(name)) if isinstance(value, dict)]


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else (value,)


def _text(item: dict[str, Any], *names: str) -> str | None:
    return next((value.strip() for name in names if isinstance(value := item.get(name), str) and value.strip()), None)


_BEGINS = re.compile(
    rb'\s*+\[?\s*+\{.*"(?:body_(?:html|xhtml|text)|versioncreated|pubstatus|description_text|bodies)"\s*:', re.DOTALL
)
FORMAT = export_format(
    "ninjs", "ninjs", (".ninjs",), read_ninjs, lambda head: _BEGINS.match(head.removeprefix(b"\xef\xbb\xbf")) is not None
)
