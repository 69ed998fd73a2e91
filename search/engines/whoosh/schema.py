"""What a Whoosh index holds: its fields, and the values a document has in them.

    writer.add_document(**prepare(article).values_as("current"))

Field names: bag_NAME and exact_NAME for the terms of search/indexing/fields.py, kw_NAME for its keywords, length_NAME for the
number of terms. Whoosh analyses nothing: the fields take ready-made terms. The schema is given on every open: the one that Whoosh
pickles into the index, with names of this module in it, is never read.
"""

# mypy: allow-untyped-calls

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence, Format

from search.analysis.analyzer import FILLER
from search.engines.codec import encode, key_term, storable
from search.engines.protocol import Document, Skip
from search.engines.versions import ARTICLE_STATES, Version, version_of
from search.indexing.fields import BAG_FIELDS, EXACT_FIELDS, NAME, IndexFields, index_fields
from search.indexing.near_duplicates import Sketch
from search.model.article import Article, article_number, tiebreak_key

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
    profile=STORED(),
    copy_keys=ReadyField(Existence(), bag_postings),
    tie=COLUMN(NumericColumn("Q")),
    article=COLUMN(NumericColumn("Q")),
    source=ReadyField(Format(), key_postings),
    id=ReadyField(Format(), key_postings),
    **{f"length_{name}": COLUMN(NumericColumn("I")) for name in (*BAGS, *EXACTS)},
    **{name: ReadyField(Existence(), bag_postings) for name in BAGS},
    **{name: ReadyField(Format(), exact_postings) for name in EXACTS},
    **{f"kw_{name}": ReadyField(Existence(), bag_postings) for name in KEYWORDS},
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be written. `values`: of its fields but for source, id, state and group."""

    version: Version
    stamp: str
    values: dict[str, Any]

    def values_as(self, state: str, group: str = "") -> dict[str, Any]:
        """The values of all fields for a document of that state; `group`: of an article that has copies."""
        entry = Entry(self.version.source, self.stamp, state, self.version.id, self.version.captured)
        keys = {"source": (entry.source, entry)} | ({"id": (entry.id, entry)} if state in ARTICLE_STATES else {})
        grouped = {"kw_group": [group], "stored_group": group} if group else {}
        return self.values | keys | {"kw_state": [state], "stored_state": state} | grouped


def prepare(document: Document) -> Prepared:
    """Analyse and encode a document. Raises TypeError, ValueError or AttributeError for one with values of wrong types."""
    document = storable(document)
    stored = {"document": encode(document)}
    if isinstance(document, Article):
        fields = index_fields(document)
        return Prepared(version_of(document, fields.sketch), document.stamp, stored | _article_values(document, fields))
    code = {"kw_code": [document.code]} if isinstance(document, Skip) else {}
    return Prepared(version_of(document, Sketch()), document.stamp, stored | code)


def _article_values(article: Article, fields: IndexFields) -> dict[str, Any]:
    terms = _named("bag", fields.bag) | _named("exact", fields.exact)
    lengths = _named("length", {name: len(some) for name, some in terms.items()})
    numbers = {"tie": tiebreak_key(article), "article": article_number(article.id)}
    read = {"profile": fields.profile.encode()}
    copied = {"sketch": fields.sketch.encode(), "copy_keys": [key_term(key) for key in fields.sketch.keys]}
    return terms | lengths | _named("kw", fields.keywords | {NAME: fields.names}) | numbers | copied | read


def _named(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{kind}_{name}": value for name, value in values.items()}
