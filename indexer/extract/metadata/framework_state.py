"""The article in a page's framework state, for pages whose text is drawn by a script alone.

In goes the parsed page, out comes the article's text as simple HTML, to be read like any other page:

    <script type="application/json">{"post": {"body": [{"type": "p", "text": "It holds. …"}, …]}}</script>
    <p>It holds. …</p>…
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from indexer.extract.body.page_elements import PageElements
from indexer.extract.lexicon.boilerplate_names import Names, name_words
from search.lexicon.read import read_lexicon

MIN_SCRIPT_LETTERS = 400
MAX_DEPTH = 60
"""Objects within objects that are looked through."""

MAX_FAILED_TRIES = 200
"""Places of a script that look like the start of JSON and are none: each try may cost as much as the script is long."""

_ASSIGNED = re.compile(r"(?:=|JSON\.parse\()\s*(?=\[|\{\s*[\"}]|\")")  # of JSON: {t:1} and 'text' are not
_FLIGHT = re.compile(r"self\.__next_f\.push\((\[.*\])\)", re.S)
_FLIGHT_TEXT = re.compile(rb"(?<![0-9a-f])[0-9a-f]+:T([0-9a-f]{1,7}),")
_KEYS = read_lexicon("indexer.extract.lexicon", "data_keys")
_TEXT_KEYS = frozenset(_KEYS.of("text"))
_NESTED_KEYS = frozenset(_KEYS.of("nested"))
_DECK_KEYS = _KEYS.of("deck")
_BYLINE_KEYS = _KEYS.of("byline")
_CONTRIBUTOR_KEYS = _KEYS.of("contributors")
_CORRECTION_KEYS = _KEYS.of("correction")
_ADDRESS_KEYS = _KEYS.of("picture_address")
_CREDIT_KEYS = _KEYS.of("picture_credit")
_SKIPPED_TYPES = Names(_KEYS, ("skipped_type",))
_HEADING_TYPES = Names(_KEYS, ("heading_type",))
_PICTURE_TYPES = Names(_KEYS, ("picture_type",))
_SENTENCE = re.compile(r"(?<=\w\w)[.!?。！？।]")
_TAG = re.compile(r"<[^<>]*>")


def state_html(page: PageElements) -> str | None:
    """The longest run of prose in the page's JSON data, as HTML; None if there is none."""
    best: str | None = None
    letters = 0
    for value in _states(page):
        for candidate in _candidates(value, 0):
            size = _prose_letters(candidate)
            # the parent of the best list holds at least as much: it must hold more by far to be preferred
            if size > letters * 1.2:
                best, letters = candidate, size
    return best


def _states(page: PageElements) -> Iterator[Any]:
    """Every JSON value in the page's scripts."""
    streamed: list[str] = []
    for script in page.of("script"):
        text, kind = script.text or "", script.get("type", "")
        flight = _FLIGHT.search(text)
        if flight:
            pushed = _parse(flight.group(1))
            streamed += [part for part in pushed or [] if isinstance(part, str)]
        elif len(text) >= MIN_SCRIPT_LETTERS and "ld+json" not in kind:
            if "json" in kind:
                yield _parse(text.strip())
            else:
                yield from _assigned(text)
    if streamed:
        yield from _streamed("".join(streamed))


def _assigned(script: str) -> Iterator[Any]:
    """The values of `window.STATE = {…}` and of `JSON.parse("…")`, where they are plain JSON."""
    position = failed = 0
    while failed < MAX_FAILED_TRIES and (match := _ASSIGNED.search(script, position)):
        value, end = _parse_at(script, match.end())
        failed += end == match.end()
        yield _parse(value) if isinstance(value, str) and len(value) >= MIN_SCRIPT_LETTERS else value
        position = max(end, match.end() + 1)


def _streamed(text: str) -> Iterator[Any]:
    """A stream of "12:{…}" lines and of texts "1a:T1b7b,…", whose length in bytes is given in hexadecimal."""
    data, position = text.encode("utf-8", "replace"), 0
    while match := _FLIGHT_TEXT.search(data, position):
        yield from _lines(data[position : match.start()])
        position = match.end() + int(match.group(1), 16)
        yield {"html": data[match.end() : position].decode("utf-8", "replace")}
    yield from _lines(data[position:])


def _lines(data: bytes) -> Iterator[Any]:
    for line in data.decode("utf-8", "replace").splitlines():
        yield _parse(line.partition(":")[2])


def _parse(text: str) -> Any:
    value, _ = _parse_at(text, 0)
    return value


def _parse_at(text: str, start: int) -> tuple[Any, int]:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):  # not JSON, or no JSON that a page would need
        return None, start


def _candidates(value: Any, depth: int) -> Iterator[str]:
    """Outermost first: every text that could be the article's, as HTML."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key.lower() in _TEXT_KEYS and len(inner) > 200:
                yield _as_html(inner)
            elif isinstance(inner, list):
                head, foot = _head(value), _foot(value)
                yield from (head + candidate + foot for candidate in _candidates(inner, depth + 1))
            elif isinstance(inner, dict):
                yield from _candidates(inner, depth + 1)
    elif isinstance(value, list):
        if any(isinstance(inner, dict | str) for inner in value):
            yield "".join(_block(inner, depth + 1) for inner in value)
        for inner in value:
            yield from _candidates(inner, depth + 1)


def _head(story: dict[str, Any]) -> str:
    """Deck and byline of a story, from the fields beside its list of blocks."""
    deck = next((story[key] for key in _DECK_KEYS if isinstance(story.get(key), str) and story[key]), "")
    bylines: list[Any] = next((story[key] for key in _BYLINE_KEYS if isinstance(story.get(key), list)), [])
    named = (author.get("name") if isinstance(author, dict) else author for author in bylines)
    links = "".join(f'<a rel="author">{html.escape(name)}</a> ' for name in named if isinstance(name, str))
    return (f'<p class="standfirst">{html.escape(_TAG.sub("", deck))}</p>' if deck else "") + (
        f'<p class="byline">{links}</p>' if links else ""
    )


def _foot(story: dict[str, Any]) -> str:
    """Contributor line and corrections of a story, each a text or a dict with one."""
    notes = [("contributors", story[key]) for key in _CONTRIBUTOR_KEYS if story.get(key)]
    for key in _CORRECTION_KEYS:
        values = story.get(key) or ()
        notes += [("correction", value) for value in (values if isinstance(values, list) else [values])]
    texts = ((name, value.get("text") if isinstance(value, dict) else value) for name, value in notes)
    return "".join(f'<p class="{name}">{html.escape(_TAG.sub("", text))}</p>' for name, text in texts if isinstance(text, str))


def _block(value: Any, depth: int) -> str:
    """One block of a list of blocks as HTML; "" if it is none."""
    if isinstance(value, str):
        return _as_html(value) if len(value) > 40 and " " in value else ""
    if not isinstance(value, dict) or depth > MAX_DEPTH:
        return ""
    kind = str(value.get("type") or value.get("__typename") or value.get("kind") or "")
    caption = value.get("caption")
    if isinstance(caption, str) and caption and (not kind or _is_type(kind, _PICTURE_TYPES)):
        return _figure(value, caption)
    if not kind or _is_type(kind, _SKIPPED_TYPES):
        return ""
    text = _inline(value, depth)
    if _is_type(kind, _HEADING_TYPES) and len(text) < 300:
        return f"<h3>{text}</h3>" if text else ""
    if "quote" in kind.lower():
        return f"<blockquote>{text}</blockquote>" if text else ""
    return text if "<p" in text or not text else f"<p>{text}</p>"


def _is_type(kind: str, types: Names) -> bool:
    return types.found_in(kind.lower()) or types.found_in(name_words(kind))


def _inline(value: Any, depth: int) -> str:
    """The text of a block: under one of the usual keys, or in pieces in its children."""
    if isinstance(value, str):
        return value if "<" in value else html.escape(value, quote=False)
    if depth > MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return "".join(_inline(inner, depth + 1) for inner in value if isinstance(inner, dict | list))
    if not isinstance(value, dict):
        return ""
    text = next((inner for key, inner in value.items() if key.lower() in _TEXT_KEYS and isinstance(inner, str) and inner), None)
    if text is not None:
        return _inline(text, depth + 1)
    return "".join(_inline(inner, depth + 1) for key, inner in value.items() if key.lower() in _NESTED_KEYS)


def _figure(value: dict[str, Any], caption: str) -> str:
    source = next((value[key] for key in _ADDRESS_KEYS if isinstance(value.get(key), str)), "")
    credit = next((value[key] for key in _CREDIT_KEYS if isinstance(value.get(key), str)), "")
    return (
        f'<figure><img src="{html.escape(source)}"><figcaption>{html.escape(_TAG.sub("", caption))}'
        f'<span class="credit">{html.escape(credit)}</span></figcaption></figure>'
    )


def _as_html(text: str) -> str:
    if "<p" in text or "<br" in text or "<div" in text:
        return text
    return "".join(
        f"<p>{html.escape(_TAG.sub('', part), quote=False)}</p>" for part in re.split(r"\n\s*\n?", text) if part.strip()
    )


def _prose_letters(candidate: str) -> int:
    text = _TAG.sub(" ", candidate)
    sentences = len(_SENTENCE.findall(text))
    return len(text) if sentences >= 3 else 0
