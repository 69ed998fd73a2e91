"""New hits of an alert -> the text of a file or an e-mail, JSON Lines, the body of a webhook.

    text(alert, hits, site)  ->  "Peace talks: 1 article\n\n[new] *Truce* signed\n   The Beacon · 2022-03-04 · …"

In text, matches stand between asterisks. JSON has them as the API has: escaped HTML with <mark>, and offsets.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

import msgspec

from indexer.alerts.alert_file import Alert
from indexer.alerts.new_hits import NewHit
from search.model.results import Fragment
from search.model.text import encodable
from search.serialize.search import highlights_shape, shared_fields

_CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")


def text(alert: Alert, hits: Sequence[NewHit], site: str | None) -> str:
    lines = [f"{_plain(alert.name)}: {len(hits):,} article{'' if len(hits) == 1 else 's'}", ""]
    for hit in hits:
        lines += [*_hit_lines(hit, site), ""]
    return encodable("\n".join(lines) + "\n")


def json_lines(alert: Alert, hits: Sequence[NewHit], site: str | None) -> str:
    """A line for each hit."""
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records(alert, hits, site))


def records(alert: Alert, hits: Sequence[NewHit], site: str | None) -> list[dict[str, Any]]:
    return [
        {
            "search": encodable(alert.name),
            "kind": hit.kind,
            **_encodable(shared_fields(hit.article)),
            "link": _link(hit, site),
            "change": msgspec.to_builtins(hit.change),
            "highlights": _encodable(msgspec.to_builtins(highlights_shape(hit.highlights))),
        }
        for hit in hits
    ]


def _hit_lines(hit: NewHit, site: str | None) -> Iterator[str]:
    article, found = hit.article, hit.highlights
    headline = _marked(found.headline) if found.headline else _plain(article.headline or "(no headline)")
    yield f"[{hit.kind}] {headline}"
    about = (article.publisher, article.published and article.published.iso, article.id)
    yield "   " + " · ".join(_plain(part) for part in about if part)
    if hit.change:
        before = f"the version saved {_plain(hit.change.captured[:10])}" if hit.change.captured else "the earlier version"
        yield f"   {hit.change.added:,} words added, {hit.change.removed:,} removed since {before}"
    for fragment in found.body:
        yield "   " + _marked(fragment)
    for caption in found.captions:
        yield "   [caption] " + " / ".join(_marked(part) for part in (caption.text, caption.credit) if part)
    if link := _link(hit, site) or article.url:
        yield "   " + _plain(link)


def _marked(fragment: Fragment) -> str:
    pieces, place = [], 0
    for start, end in fragment.marks:
        pieces += [fragment.text[place:start], "*", fragment.text[start:end], "*"]
        place = end
    whole = "".join([*pieces, fragment.text[place:]])
    return _plain(f"{'… ' if fragment.cut_start else ''}{whole}{' …' if fragment.cut_end else ''}")


def _link(hit: NewHit, site: str | None) -> str | None:
    return f"{site}/article/{quote(encodable(hit.article.id))}" if site else None


def _plain(words: str) -> str:
    """On one line, without characters that could manipulate a terminal or begin another line."""
    return _CONTROL.sub(" ", words)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {_camel(name): _encodable(each) for name, each in value.items()}
    return [_encodable(each) for each in value] if isinstance(value, list | tuple) else value


@cache
def _camel(name: str) -> str:
    """Of the same few names for every hit."""
    return re.sub("_([a-z])", lambda letter: letter[1].upper(), name)
