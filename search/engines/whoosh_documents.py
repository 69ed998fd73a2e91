"""What a Whoosh index holds: its schema, and the way of a document into it.

    prepare(article).postings("current") ──DurableWriter──▶ index

Field names: bag_NAME and exact_NAME for the terms of search/document.py, kw_NAME for its keywords. `state` says what a
document is; articles are "current" or "earlier" versions. Whoosh analyses nothing: fields get their postings ready made.
"""

# mypy: allow-untyped-calls

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence, Format

from search.analysis import FILLER
from search.article import Article, tie_number, version_key
from search.document import ALL, IndexFields, index_fields
from search.engine import Document, Skip
from search.engines.stored import encode, storable
from search.query import NAME_FIELDS, TEXT_FIELDS

BAGS = [f"bag_{name}" for name in (ALL, *TEXT_FIELDS)]
EXACTS = [f"exact_{name}" for name in (*TEXT_FIELDS, *NAME_FIELDS)]
SCORED = (*BAGS, *EXACTS)
"""The fields of which the length is kept, in the column length_FIELD."""
KEYWORDS = ("section", "author", "publisher", "language", "tag", "year", "month", "day", "has", "collection", "code")

Postings = Iterable[tuple[str, float, bytes | None]]
"""Term, weight, value. In a bag the weight is the frequency; in an exact field the value is the positions."""


class Ready(FieldType):
    """A field of ready-made terms: DurableWriter is given its postings."""

    def __init__(self, with_values: bool) -> None:
        self.format = Format() if with_values else Existence()


def _schema() -> Schema:
    plain = (*BAGS, *(f"kw_{name}" for name in KEYWORDS), "state")
    valued = (*EXACTS, "source", "id")
    return Schema(
        document=STORED(),
        stored_state=STORED(),
        tie=COLUMN(NumericColumn("Q")),
        **{f"length_{name}": COLUMN(NumericColumn("I")) for name in SCORED},
        **{name: Ready(with_values=False) for name in plain},
        **{name: Ready(with_values=True) for name in valued},
    )


SCHEMA = _schema()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be written, but for its state. data: its stored form; terms: those of an article."""

    document: Document
    data: bytes
    terms: IndexFields | None

    def postings(self, state: str) -> dict[str, Postings]:
        """Those of each field. `state`: "current" or "earlier" for an article, else the document's kind.

        The posting of the source carries state, stamp and id, that of the id the `version_key`: neither needs the document."""
        document = self.document
        identity = document.id if isinstance(document, Article) else ""
        postings: dict[str, Postings] = {
            "source": [(document.source, 1.0, pack(state, document.stamp, identity))],
            "state": _bag([state]),
        }
        if isinstance(document, Article) and self.terms:
            postings["id"] = [(document.id, 1.0, pack(*version_key(document)))]
            postings |= {f"bag_{name}": _bag(terms) for name, terms in self.terms.bag.items()}
            postings |= {f"exact_{name}": _positions(stream) for name, stream in self.terms.exact.items()}
            postings |= {f"kw_{name}": _bag(values) for name, values in self.terms.keywords.items()}
        else:
            postings["kw_collection"] = _bag([document.source.partition("/")[0]])
        if isinstance(document, Skip):
            postings["kw_code"] = _bag([document.code])
        return postings

    def columns(self, state: str) -> dict[str, Any]:
        """What is stored of the document: itself, and numbers of an article."""
        columns: dict[str, Any] = {"document": self.data, "stored_state": state}
        if isinstance(self.document, Article) and self.terms:
            columns["tie"] = tie_number(self.document)
            columns |= {f"length_bag_{name}": len(terms) for name, terms in self.terms.bag.items()}
            columns |= {f"length_exact_{name}": len(stream) for name, stream in self.terms.exact.items()}
        return columns


def prepare(document: Document) -> Prepared:
    """Analyse and encode a document. Raises TypeError, ValueError or AttributeError for one with values of wrong types."""
    document = storable(document)
    return Prepared(document, encode(document), index_fields(document) if isinstance(document, Article) else None)


def pack(*texts: str) -> bytes:
    """Texts as one value; `unpack` gives them back."""
    return b"".join(len(data).to_bytes(4, "big") + data for data in (text.encode() for text in texts))


def unpack(value: bytes) -> tuple[str, ...]:
    texts, start = [], 0
    while start < len(value):
        end = start + 4 + int.from_bytes(value[start : start + 4], "big")
        texts.append(value[start + 4 : end].decode())
        start = end
    return tuple(texts)


def _bag(terms: Iterable[str]) -> Postings:
    return [(term, count, None) for term, count in Counter(terms).items()]


def _positions(stream: list[str]) -> Postings:
    """Fillers are left out: they only take their place."""
    places: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for position, term in enumerate(stream):
        places[term].append(position)
    places.pop(FILLER, None)
    return [(term, len(some), some.tobytes()) for term, some in places.items()]
