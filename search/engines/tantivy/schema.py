"""What a tantivy index holds: its schema, and the way of a document into it and back.

    with_state(prepared, "current") ──add_document──▶ index ──from_stored──▶ Stored(article, "current")

Field names: bag_NAME and exact_NAME for the terms of search/indexing/fields.py, kw_NAME for its keywords; `state` as
search/engines/codec.py has it. An article that has copies (search/indexing/near_duplicates.py) has their group as a keyword, and
as a number that hits are collapsed by.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import tantivy

from search.analysis.analyzer import FILLER
from search.engines.codec import checksum, decode, decode_article, decode_version, key_term
from search.engines.protocol import Document, Prepared, PreparedArticle
from search.engines.versions import Version
from search.indexing.fields import BAG_FIELDS, EXACT_FIELDS, NAME
from search.indexing.near_duplicates import decode as decode_sketch
from search.model.article import DAY_SHIFT, Article
from search.ranking.feedback import Profile
from search.ranking.feedback import decode as decode_profile

KEYWORDS = ("section", "author", "publisher", "language", "tag", "year", "month", "day", "has", "collection", "code", "group")

FILLER_TERM = FILLER * 4
"""Written for a FILLER: so long that no word is within two edits of it. No wildcard matches it either (query.py)."""

_LAST_DAY = 1 << 22
"""More than any day number."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it stands in the index."""

    document: Document
    state: str


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in BAG_FIELDS:
        builder.add_text_field(f"bag_{name}", tokenizer_name="whitespace", index_option="freq")
    for name in EXACT_FIELDS:
        builder.add_text_field(f"exact_{name}", tokenizer_name="whitespace", index_option="position")
    for name in KEYWORDS:
        builder.add_text_field(f"kw_{name}", tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("source", "id"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(f"kw_{NAME}", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("state", tokenizer_name="raw", index_option="basic", stored=True)
    builder.add_text_field("copy_keys", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("stored_group", stored=True)
    builder.add_unsigned_field("stored_text", stored=True)
    for name in ("day", "newest", "oldest", "added", "changed", "group"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("article", fast=True, indexed=True)
    for name in ("document", "sketch", "profile"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def with_state(prepared: Prepared, state: str, group: str = "") -> tantivy.Document:
    """The document as it is written. `state`: "current" or "earlier" for an article, else the document's kind; `group`: "" for
    none."""
    fields = tantivy.Document()
    fields.add_bytes("document", prepared.document)
    fields.add_text("source", prepared.source)
    fields.add_text("state", state)
    if prepared.article:
        _add_article(fields, prepared.article)
    else:
        fields.add_text("kw_collection", prepared.source.partition("/")[0])
    if prepared.code:
        fields.add_text("kw_code", prepared.code)
    if group:
        fields.add_text("kw_group", group)
        fields.add_text("stored_group", group)
        fields.add_unsigned("group", group_number(group))
    return fields


def from_stored(stored: tantivy.Document) -> Stored:
    """Raises DocumentDamaged, msgspec.MsgspecError or KeyError when the document was damaged."""
    state = state_of(stored)
    data: Any = stored.get_first("document")
    return Stored(decode(data, state), state)


def stored_version(stored: tantivy.Document) -> Version:
    """Raises as `from_stored`."""
    data: Any = stored.get_first("document")
    sketch: Any = stored.get_first("sketch")
    text: Any = stored.get_first("stored_text")
    return decode_version(data, state_of(stored), sketch, group_of(stored), text or 0)


def stored_checksum(stored: tantivy.Document) -> int:
    """Of a document as it is stored, in its state and group."""
    data: Any = stored.get_first("document")
    return checksum(data, state_of(stored), group_of(stored))


def group_of(stored: tantivy.Document) -> str:
    """Empty for none."""
    group: Any = stored.get_first("stored_group")
    return group or ""


def article_of(stored: tantivy.Document) -> Article:
    """`from_stored` of what is known to be an article, in less time."""
    data: Any = stored.get_first("document")
    return decode_article(data)


def profile_of(stored: tantivy.Document) -> Profile:
    """Of an article."""
    data: Any = stored.get_first("profile")
    return decode_profile(data)


def state_of(stored: tantivy.Document) -> str:
    state: Any = stored.get_first("state")
    return state  # type: ignore[no-any-return]


def _add_article(fields: tantivy.Document, article: PreparedArticle) -> None:
    fields.add_text("copy_keys", " ".join(map(key_term, decode_sketch(article.sketch).keys)))
    fields.add_bytes("sketch", article.sketch)
    fields.add_bytes("profile", article.profile)
    for name, terms in article.bag.items():
        fields.add_text(f"bag_{name}", terms)
    for name, terms in article.exact.items():
        fields.add_text(f"exact_{name}", terms.replace(FILLER, FILLER_TERM))
    for name, values in article.keywords.items():
        for value in values:
            fields.add_text(f"kw_{name}", value)
    fields.add_text(f"kw_{NAME}", article.names)
    fields.add_text("id", article.keys.id)
    fields.add_unsigned("article", article.number)
    newest, oldest = sort_keys(article.tie)
    fields.add_unsigned("newest", newest)
    fields.add_unsigned("oldest", oldest)
    fields.add_unsigned("stored_text", article.text)
    fields.add_unsigned("added", article.added)
    fields.add_unsigned("changed", article.changed)
    if article.day is not None:
        fields.add_unsigned("day", article.day)


def group_number(group: str) -> int:
    """63 bits of a hash: no two groups of an archive have the same."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big") >> 1


def sort_keys(tie: int) -> tuple[int, int]:
    """Numbers by which articles stand, greatest first, from the newest on and from the oldest on: by day, the undated last,
    then by article.tiebreak_key, which has the day in its upper bits and so is the first of the two itself."""
    day = tie >> DAY_SHIFT
    return tie, tie + ((_LAST_DAY - 2 * day) << DAY_SHIFT) if day else tie
