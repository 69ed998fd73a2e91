"""Articles as JSON, one a line: what `extract` and `export` print and `index` takes back.

    {"headline": "Truce signed", "paragraphs": [{"kind": "text", "text": "It holds."}], "published": "2022-03-04", …}

`index` also takes lines of other programs with the plain names title, body or text (blank lines between paragraphs),
description, date, author, and with the text as HTML: html.
"""

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast, get_args

import msgspec

from indexer.extract.fields.printed_dates import parse_printed_date
from indexer.extract.language_id import article_language
from search.errors import PageError
from search.model.article import Article, Boilerplate, Caption, Paragraph, ParagraphKind, PrintedDate, article_id

if TYPE_CHECKING:
    from indexer.extract.fields.exported_text import ExportedBody


_KINDS: tuple[str, ...] = get_args(ParagraphKind)


def extract_record(path: str, article: Article | None, error: tuple[str, str] | None, ms: float) -> dict[str, Any]:
    """A line of `extract`: the page's path, the processor time from its bytes to the article, and the article or (code, message)
    of the error."""
    return {
        "source": path,
        "ms": ms,
        "error": {"code": error[0], "message": error[1]} if error else None,
        "article": article_record(article) if article else None,
    }


def stored_record(article: Article) -> dict[str, Any]:
    """The article as JSON has it, with the quotes that were found in it, which `index` finds anew, and with when it was added and
    changed, which `index` does not read: to its index the article is new."""
    quotes = [
        {"text": article.quote_text(quote), "speaker": quote.speaker, "stretches": quote.stretches, "named": quote.named}
        for quote in article.quotes
    ]
    boilerplate = [{"before": b.before, "kind": b.paragraph.kind, "text": b.paragraph.text} for b in article.boilerplate]
    stamps = {"added": article.added, "changed": article.changed}
    return article_record(article) | {"quotes": quotes, "boilerplate": boilerplate} | stamps


def article_record(article: Article) -> dict[str, Any]:
    """The article as JSON has it; `article_from_record` makes the same article of it."""
    published, updated = article.published, article.updated
    return {
        "headline": article.headline,
        "alternativeHeadline": article.alternative_headline,
        "standfirst": article.standfirst,
        "paragraphs": [{"kind": p.kind, "text": p.text} for p in article.paragraphs],
        "captions": [{"text": c.text, "credit": c.credit, "image_url": c.image_url, "after": c.after} for c in article.captions],
        "authors": article.authors,
        "contributors": article.contributors,
        "dateline": article.dateline,
        "published": published.iso if published else None,
        "published_text": published.text if published else None,
        "updated": updated.iso if updated else None,
        "updated_text": updated.text if updated else None,
        "publisher": article.publisher,
        "section": article.section,
        "tags": article.tags,
        "language": article.language,
        "corrections": article.corrections,
        "url": article.url,
        "id": article.id,
        "captured": article.captured,
    }


def article_from_record(
    line: bytes, source: str, stamp: str, captured: str | None = None, language: str | None = None
) -> Article:
    """The article of one line; `captured` where the line does not say when it was, `language` where neither line nor words tell.

    Raises PageError "bad-record" that names the line (the end of the source) and the field."""
    try:
        article = _article(_record(line), source, stamp, captured)
    except (ValueError, TypeError, RecursionError) as error:
        place = source.rpartition("!/")[2]
        raise PageError("bad-record", f"{'line' if place.isdecimal() else 'record'} {place}: {error}") from error
    return article if article.language else replace(article, language=article_language(article, language))


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"not valid JSON: {error}") from error
    if isinstance(record, dict) and isinstance(record.get("article"), dict):
        record = record["article"]
    elif isinstance(record, dict) and record.get("error"):
        raise ValueError("an error report, not an article")
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    return record


def _article(record: dict[str, Any], source: str, stamp: str, captured: str | None) -> Article:
    url = _text(record, "url")
    html = _html_body(record, url, _text(record, "headline", "title"))
    article = Article(
        source=source,
        id=_text(record, "id") or article_id(url if re.match(r"https?://", url or "") else None, source),
        stamp=stamp,
        captured=_captured(record) or captured,
        url=url,
        publisher=_text(record, "publisher"),
        headline=_text(record, "headline", "title"),
        alternative_headline=_text(record, "alternativeHeadline", "alternative_headline"),
        standfirst=_text(record, "standfirst", "description"),
        paragraphs=html.paragraphs if html else _paragraphs(record),
        captions=(*map(_caption, _list(record, "captions")), *(html.captions if html else ())),
        authors=_texts(record, "authors", "author") or _authors_of_byline(record),
        contributors=_text(record, "contributors"),
        dateline=_text(record, "dateline") or (html.dateline if html else None),
        section=_text(record, "section"),
        tags=_texts(record, "tags"),
        language=(_text(record, "language") or "").lower().partition("-")[0] or None,
        corrections=_texts(record, "corrections"),
        published=_date(record, "published", "date"),
        updated=_date(record, "updated"),
        boilerplate=tuple(_boilerplate(value) for value in _list(record, "boilerplate")),
    )
    if not (article.headline or article.paragraphs or article.captions):
        raise ValueError("no headline and no text")
    return article


def _html_body(record: dict[str, Any], url: str | None, headline: str | None) -> "ExportedBody | None":
    """Of a record whose text is HTML: `html`, where it has no paragraphs."""
    html = None if record.get("paragraphs") else _text(record, "html")
    if html is None:
        return None
    from indexer.extract.fields.exported_text import read_exported_text  # loads the HTML parsers, which only workers need
    from indexer.extract.safe_parse import cut_embedded_data, parse

    page = b"<body>" + html.replace("\0", "").encode("utf-8", "replace")
    return read_exported_text(parse(cut_embedded_data(page)), url, headline)


def _text(record: dict[str, Any], *names: str) -> str | None:
    """The value of the first of the names that is there."""
    for name in names:
        value = record.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError(f"{name} is {_kind(value)}, not text")
        if text := str(value).strip():
            return text
    return None


def _list(record: dict[str, Any], *names: str) -> list[Any]:
    for name in names:
        value = record.get(name)
        if isinstance(value, str):
            return [value]
        if value is not None and not isinstance(value, list):
            raise ValueError(f"{name} is {_kind(value)}, not a list")
        if value:
            return list(value)
    return []


def _texts(record: dict[str, Any], *names: str) -> tuple[str, ...]:
    texts = (_text({names[0]: value}, names[0]) for value in _list(record, *names))
    return tuple(text for text in texts if text)


def _authors_of_byline(record: dict[str, Any]) -> tuple[str, ...]:
    """The names in a byline as it is printed, or as catalogues have it, "Doe, Jane"; the line itself if it has none."""
    byline = _text(record, "byline")
    if byline is None:
        return ()
    # loads the HTML parsers, which only workers need
    from indexer.extract.fields.author_names import authors_from_text, clean_authors

    inverted = clean_authors([byline]) if byline.count(",") == 1 else ()
    return authors_from_text(byline, _text(record, "language")) or inverted or (byline,)


def _paragraphs(record: dict[str, Any]) -> tuple[Paragraph, ...]:
    given = _list(record, "paragraphs") or re.split(r"\n\s*\n", _text(record, "body", "text") or "")
    return tuple(paragraph for value in given if (paragraph := _paragraph(value)).text)


def _paragraph(value: Any) -> Paragraph:
    if not isinstance(value, dict):
        value = {"text": value}
    kind = value.get("kind") or "text"
    if kind not in _KINDS:
        raise ValueError(f"{kind!r} is not a kind of paragraph; the kinds are {', '.join(_KINDS)}")
    return Paragraph(_text(value, "text") or "", cast(ParagraphKind, kind))


def _boilerplate(value: Any) -> Boilerplate:
    before = value.get("before") if isinstance(value, dict) else None
    if not isinstance(before, int) or before < 0:
        raise ValueError("boilerplate does not say before which paragraph it stood")
    return Boilerplate(_paragraph(value), before)


def _caption(value: Any) -> Caption:
    if not isinstance(value, dict):
        value = {"text": value}
    after = value.get("after") or 0
    if not isinstance(after, int) or after < 0:
        raise ValueError("a caption's after is not a number of paragraphs")
    return Caption(_text(value, "text"), _text(value, "credit"), _text(value, "image_url"), after)


def _date(record: dict[str, Any], *names: str) -> PrintedDate | None:
    """A date in ISO 8601, or as newspapers print it; any other is refused, lest it be lost silently. Where there is only its
    text, as an export prints it, it may be none."""

    printed, text = _text(record, *names), _text(record, f"{names[0]}_text")
    if printed is None:
        return parse_printed_date(text, _text(record, "language")) if text else None
    text = text or printed
    iso = re.sub(r"^(\d{4}-\d\d-\d\d) (?=\d)", r"\1T", printed)
    with suppress(ValueError):
        if len(iso) > 10:
            datetime.fromisoformat(iso)
        return PrintedDate(text, iso)
    if found := parse_printed_date(printed, _text(record, "language")):
        return found
    raise ValueError(f"{names[0]} is {printed!r}; give it as 2022-03-04 or 2022-03-04T10:00:00Z")


def _captured(record: dict[str, Any]) -> str | None:
    captured = _text(record, "captured")
    if captured is not None and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", captured):
        raise ValueError(f"captured is {captured!r}; give it as 2022-03-04T10:00:00Z")
    return captured


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", bool: "true or false", float: "a fraction"}.get(type(value), "something else")
