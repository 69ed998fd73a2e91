"""The stored form of a document, the same in every embedded index: a digest, then JSON in UTF-8; beside it the document's state.

    stored_form(article)[1] ──index──▶ decode(data, "current") -> Article

The digest is compared whenever a document is read, so that a changed one is an error and never an answer. Articles are "current"
or "earlier" versions; the state of any other document is its kind.
"""

import hashlib
import re
from typing import Any, cast

import msgspec

from search.engines.protocol import Collection, Container, Document, Kind, Skip
from search.engines.versions import ARTICLE_STATES, CURRENT, EARLIER, Stamps, Version
from search.indexing.near_duplicates import decode as decode_sketch
from search.model.article import Article
from search.model.instants import instant_number, instant_text
from search.model.site_profile import SiteProfile
from search.model.withdrawal import Withdrawal


class Keyed(msgspec.Struct):
    """What is read of an article where its text does not matter."""

    source: str
    id: str
    captured: str | None = None
    added: str | None = None
    changed: str | None = None
    edited: bool = False

    @property
    def stamps(self) -> Stamps:
        return Stamps(instant_number(self.added), instant_number(self.changed), self.edited)


class DocumentDamaged(Exception):
    """A stored document is not what was written."""


_SIGNED = 1
"""The first byte of the stored form. Up to schema 6 there was no digest, and the first was that of the JSON."""
_DIGEST_BYTES = 16
_TEXT_START = 1 + _DIGEST_BYTES

_TYPES: dict[str, Any] = {
    CURRENT: Article,
    EARLIER: Article,
    "skip": Skip,
    "container": Container,
    "collection": Collection,
    "siteprofile": SiteProfile,
    "withdrawal": Withdrawal,
}
_DECODERS = {state: msgspec.json.Decoder(kind) for state, kind in _TYPES.items()}
_ARTICLE_DECODER = msgspec.json.Decoder(Article)
_KEYED_DECODER = msgspec.json.Decoder(Keyed)
_ENCODER = msgspec.json.Encoder()
_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(document: Document) -> bytes:
    text = _ENCODER.encode(document)
    return bytes((_SIGNED,)) + _digest(text) + text


def with_stamps(data: bytes, stamps: Stamps) -> bytes:
    """The stored form of the article with other stamps. They are the last fields of it: nothing before them is read."""
    text = data[_TEXT_START : data.rindex(_STAMPED)] + _STAMPED + msgspec.json.encode(instant_text(stamps.added))
    text += b',"changed":' + msgspec.json.encode(instant_text(stamps.changed)) + b',"edited":'
    text += (b"true" if stamps.edited else b"false") + b"}"
    return bytes((_SIGNED,)) + _digest(text) + text


_STAMPED = b',"added":'
"""In a string of JSON there is a backslash before the quotation mark."""


def decode(data: bytes, state: str) -> Document:
    """Raises DocumentDamaged, msgspec.MsgspecError or KeyError when the document was damaged."""
    document: Document = _DECODERS[state].decode(_text(data))
    return document


def decode_article(data: bytes) -> Article:
    """Raises DocumentDamaged or msgspec.MsgspecError when the article was damaged."""
    return _ARTICLE_DECODER.decode(_text(data))


def checksum(data: bytes, state: str, group: str) -> int:
    """A number for a stored document in its place. The sum of all tells whether an index holds what was written."""
    return int.from_bytes(_digest(data[:_TEXT_START] + f"{state} {group}".encode()))


def _text(data: bytes) -> memoryview:
    """The JSON of a stored document."""
    text = memoryview(data)[_TEXT_START:]
    if data[:1] == b"{":  # of an earlier schema
        return memoryview(data)
    if data[:1] != bytes((_SIGNED,)) or data[1:_TEXT_START] != _digest(text):
        raise DocumentDamaged("a stored document does not match its digest")
    return text


def _digest(text: bytes | memoryview) -> bytes:
    """16 bytes of SHA-256, which is the fastest here: 5 µs of 4 kB, half of what BLAKE2b takes."""
    return hashlib.sha256(text).digest()[:_DIGEST_BYTES]


def decode_version(data: bytes, state: str, sketch: bytes | None, group: str, text: int) -> Version:
    """What changes are planned by, in less time than an article takes; `sketch`: None for no article; `text`: as Version has it.
    Raises as `decode`."""
    if sketch is None:
        return Version(decode(data, state).source, state)
    keyed = _KEYED_DECODER.decode(_text(data))
    return Version(keyed.source, state, keyed.id, keyed.captured or "", decode_sketch(sketch), group, text, keyed.stamps)


def key_term(key: int) -> str:
    """The term of a sketch's key."""
    return f"{key:x}"


def kind_of(state: str) -> Kind | None:
    """As protocol.SourceEntry has it; None for a document that no source was read for."""
    if state in ("collection", "siteprofile", "withdrawal"):
        return None
    return "article" if state in ARTICLE_STATES else cast(Kind, state)


def stored_form(document: Document) -> tuple[Document, bytes]:
    """The document with no lone surrogate in it, which UTF-8 cannot hold: U+FFFD in its place, in source and id `\\udc80`,
    so that two file names stay two; and encoded. Raises TypeError or ValueError for a document with values of wrong types."""
    try:
        return document, encode(document)
    except UnicodeEncodeError:
        values = msgspec.to_builtins(document)
        keys = {name: storable_key(values[name]) for name in ("source", "id") if name in values}
        cleaned: Document = msgspec.convert(_without_surrogates(values) | keys, type(document))
        return cleaned, encode(cleaned)


def storable_key(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {name: _without_surrogates(part) for name, part in value.items()}
    return [_without_surrogates(part) for part in value] if isinstance(value, list | tuple) else value
