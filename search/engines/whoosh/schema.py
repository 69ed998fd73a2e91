"""What a Whoosh index holds: its fields, and the values a document has in them.

    writer.add_document(**values_of(prepared, "current"))

Field names: bag_NAME and exact_NAME for the terms of search/indexing/fields.py, kw_NAME for its keywords, length_NAME for the
number of terms. Whoosh analyses nothing: the fields take ready-made terms. The schema is given on every open: the one that Whoosh
pickles into the index, with names of this module in it, is never read.
"""

# mypy: allow-untyped-calls

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence, Format

from search.analysis.analyzer import FILLER
from search.engines.codec import key_term
from search.engines.protocol import Prepared, PreparedArticle
from search.indexing.fields import BAG_FIELDS, EXACT_FIELDS, NAME
from search.indexing.near_duplicates import decode as decode_sketch

BAGS = [f"bag_{name}" for name in BAG_FIELDS]
EXACTS = [f"exact_{name}" for name in EXACT_FIELDS]
KEYWORDS = (
    "section", "author", "publisher", "language", "tag", "year", "month", "day", "has", "collection", NAME, "code", "state",
    "group",
)  # fmt: skip


class Entry(NamedTuple):
    """What the postings of a document's source and id say of it, so that the document itself need not be read. state, id,
    captured: as versions.Version has them."""

    source: str
    stamp: str
    state: str
    id: str = ""
    captured: str = ""

    @property
    def version_key(self) -> tuple[str, str]:
        """As article.version_key."""
        return (self.captured, self.source)


Postings = list[tuple[bytes, int, float, bytes]]
"""Term, frequency, weight, value: as Whoosh wants them of a field."""


class ReadyField(FieldType):
    """A field whose values become postings by `index`, not by an analyser of Whoosh's."""

    def __init__(self, format: Format, index: Callable[[Any], Postings]) -> None:
        self.format = format
        self.index = index  # type: ignore[assignment]


def bag_postings(terms: Iterable[str]) -> Postings:
    """Of terms in any order. The weight is how often the term is among them."""
    return [(term.encode(), count, count, b"") for term, count in Counter(terms).items()]


def exact_postings(terms: Iterable[str]) -> Postings:
    """Of terms in order. The value is the positions of the term, an array("I"); fillers only take their place."""
    places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for position, term in enumerate(terms):
        places[term].append(position)
    places.pop(FILLER, None)
    return [(term.encode(), len(some), len(some), some.tobytes()) for term, some in places.items()]


def key_postings(keyed: tuple[str, Entry]) -> Postings:
    """Of a key and its entry, which is the value."""
    key, entry = keyed
    return [(key.encode(), 1, 1.0, msgspec.json.encode(entry))]


SCHEMA = Schema(
    document=STORED(),
    stored_state=STORED(),
    stored_group=STORED(),
    sketch=STORED(),
    stored_text=STORED(),
    profile=STORED(),
    copy_keys=ReadyField(Existence(), bag_postings),
    tie=COLUMN(NumericColumn("Q")),
    article=COLUMN(NumericColumn("Q")),
    added=COLUMN(NumericColumn("Q")),
    changed=COLUMN(NumericColumn("Q")),
    source=ReadyField(Format(), key_postings),
    id=ReadyField(Format(), key_postings),
    **{f"length_{name}": COLUMN(NumericColumn("I")) for name in (*BAGS, *EXACTS)},
    **{name: ReadyField(Existence(), bag_postings) for name in BAGS},
    **{name: ReadyField(Format(), exact_postings) for name in EXACTS},
    **{f"kw_{name}": ReadyField(Existence(), bag_postings) for name in KEYWORDS},
)


def values_of(prepared: Prepared, state: str, group: str = "") -> dict[str, Any]:
    """The values of all fields for a document of that state; `group`: of an article that has copies."""
    article = prepared.article
    entry = Entry(prepared.source, prepared.stamp, state, *((article.keys.id, article.captured) if article else ()))
    values = {"document": prepared.document, "source": (entry.source, entry), "kw_state": [state], "stored_state": state}
    if article:
        values |= {"id": (entry.id, entry)} | _article_values(article)
    if prepared.code:
        values |= {"kw_code": [prepared.code]}
    return values | ({"kw_group": [group], "stored_group": group} if group else {})


def _article_values(article: PreparedArticle) -> dict[str, Any]:
    terms = _named("bag", _apart(article.bag)) | _named("exact", _apart(article.exact))
    lengths = _named("length", {name: len(some) for name, some in terms.items()})
    numbers = {"tie": article.tie, "article": article.number, "added": article.added, "changed": article.changed}
    copied = {
        "stored_text": article.text,
        "sketch": article.sketch,
        "copy_keys": [key_term(key) for key in decode_sketch(article.sketch).keys],
    }
    names = _apart({NAME: article.names})
    return terms | lengths | _named("kw", article.keywords | names) | numbers | copied | {"profile": article.profile}


def _apart(fields: Mapping[str, str]) -> dict[str, list[str]]:
    """The terms, or names, of each field."""
    return {name: joined.split(" ") if joined else [] for name, joined in fields.items()}


def _named(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{kind}_{name}": value for name, value in values.items()}
