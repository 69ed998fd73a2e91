"""What a reader hands on of each article in a file, and of what is none.

`fields` are those of a line of JSON as indexer.extract.json_articles reads it; `html` in them is the text as HTML. A reader takes
a binary stream and the most bytes that one article may take, and reads only so much of the file at a time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, BinaryIO

from search.model.article import article_id

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExportedArticle:
    """name: what the file itself calls the article, None where only its number tells it from others. cut: as in RawPage."""

    name: str | None
    fields: Fields
    cut: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """What should be an article and cannot be read. name: as in ExportedArticle; code: one of PAGE_ERRORS."""

    name: str | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is no article of its own: "drafts" -> how many."""

    counts: Mapping[str, int]

    def __str__(self) -> str:
        return ", ".join(f"{count:,} {what}" for what, count in sorted(self.counts.items()))


Part = ExportedArticle | Unread | LeftOut
Reader = Callable[[BinaryIO, int], Iterator[Part]]


def identity(format_name: str, own: str | None, url: str | None = None) -> str | None:
    """An article's id by the identifier that the export gives it; None where its address tells it from others."""
    if not own or web_address(url):
        return None
    return article_id(f"{format_name}:{own}", "")


def web_address(url: str | None) -> str | None:
    """The address, if it is one of the web and whole."""
    return url if url and url.startswith(("http://", "https://")) else None


def given(**fields: Any) -> Fields:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", (), [])}


def paragraphs_html(paragraphs: list[str]) -> str:
    """Plain text as HTML."""
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)


def figure_html(text: str | None, credit: str | None, image_url: str | None) -> str:
    """A picture with its words where it stands in the text; "" if it has none."""
    if not text and not credit:
        return ""
    shown = f'<img src="{escape(image_url)}">' if image_url else "<img>"
    named = f'<span class="credit">{escape(credit)}</span>' if credit else ""
    return f"<figure>{shown}<figcaption><p>{escape(text or '', quote=False)}</p>{named}</figcaption></figure>"
