"""One state of a Whoosh index, read as sets and numbers. It never changes, so what is dear to read is kept.

    snapshot.frequencies("bag_all", "en|truce")      # {3: 2.0, 17: 1.0}: how often each document has the term
    snapshot.counts("section", snapshot.current)     # {"World": 12, ...}

Documents have numbers, good for this state alone. Deleted ones are never among those found.
"""

# mypy: allow-untyped-calls

import weakref
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from statistics import fmean
from typing import Any, TypeVar, cast

import msgspec

from search.analysis.analyzer import UNKNOWN, word_terms
from search.analysis.unknown_language import Stemmed, StemmedSoFar, frequent_languages
from search.engines.codec import decode, decode_version, key_term, storable_key
from search.engines.protocol import Collection, Document, Stats
from search.engines.versions import ARTICLE_STATES, CURRENT, EARLIER, Version
from search.engines.whoosh.schema import Entry
from search.indexing.fields import ALL, NOT_IN_BODY
from search.indexing.near_duplicates import Signature
from search.model.article import Article, tiebreak_key
from search.model.site_profile import SiteProfile
from search.model.withdrawal import Withdrawal
from search.ranking.feedback import Profile
from search.ranking.feedback import decode as decode_profile

Documents = set[int]
T = TypeVar("T")


def cached(read: Callable[["Snapshot", str], T]) -> Callable[["Snapshot", str], T]:
    """The method reads once for each name. A cache of functools would keep the snapshot itself alive."""

    def read_once(snapshot: "Snapshot", name: str) -> T:
        key = (read.__name__, name)
        if key not in snapshot.cached:
            snapshot.cached[key] = read(snapshot, name)
        return cast(T, snapshot.cached[key])

    return read_once


class Snapshot:
    """`generation` names the state; `reader`: Whoosh's. Not for several threads at once: who reads moves a place in a file.
    stemmed: in earlier states of the index."""

    def __init__(self, generation: str, reader: Any, stemmed: StemmedSoFar | None = None) -> None:
        self._stemmed = stemmed or StemmedSoFar()
        self.generation = generation
        self._reader = reader
        self._leaves = reader.leaf_readers() if reader.doc_count_all() else []
        self.cached: dict[tuple[str, str], Any] = {}
        weakref.finalize(self, reader.close)

    @property
    def current(self) -> Documents:
        return self.having("state", CURRENT)

    @cached_property
    def articles(self) -> Documents:
        """Of all versions."""
        return self.having("state", *ARTICLE_STATES)

    @property
    def earlier(self) -> Documents:
        return self.having("state", EARLIER)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Those of the articles, most frequent first."""
        counts = self.counts("language", self.articles)
        return tuple(sorted(counts, key=lambda language: (-counts[language], language)))

    @cached_property
    def frequent_languages(self) -> tuple[str, ...]:
        return frequent_languages(self.counts("language", self.articles))

    @cached_property
    def _unknown_language(self) -> Stemmed:
        return self._stemmed.of_state(self.terms(f"bag_{ALL}", UNKNOWN), self.frequent_languages)

    def word_terms(self, word: str) -> tuple[str, ...]:
        """The bag terms by which a word is found."""
        return tuple(dict.fromkeys((*word_terms(word, self.languages), *self._unknown_language.forms(word))))

    def having(self, name: str, *values: str) -> Documents:
        """The documents that have one of the values as a keyword, or as their "source"."""
        if name == "source":
            return {number for value in values for number, _ in self._postings("source", storable_key(value))}
        found = [self.values(name).get(value, set()) for value in values]
        return found[0] if len(found) == 1 else set().union(*found)

    @cached
    def values(self, name: str) -> dict[str, Documents]:
        """The documents that have each value of a keyword."""
        field = f"kw_{name}"
        return {value: set(self.frequencies(field, value)) for value in self.terms(field)}

    def counts(self, name: str, documents: Documents) -> dict[str, int]:
        """How many of the documents have each value of a keyword."""
        counted = ((value, len(those & documents)) for value, those in self.values(name).items())
        return {value: count for value, count in counted if count}

    def frequencies(self, field: str, term: str) -> dict[int, float]:
        """How often each document has the term."""
        return {number: matcher.weight() for number, matcher in self._postings(field, term)}

    def in_body(self, term: str) -> dict[int, float]:
        """Those of `frequencies` in the bag ALL whose body has the bag term."""
        elsewhere = self.frequencies(f"bag_{NOT_IN_BODY}", term)
        having = self.frequencies(f"bag_{ALL}", term).items()
        return {number: times for number, times in having if number not in elsewhere}

    def positions(self, field: str, term: str) -> dict[int, bytes]:
        """Where each document has the term: an array("I")."""
        return {number: matcher.value() for number, matcher in self._postings(field, term)}

    def entries(self, field: str, key: str) -> dict[int, Entry]:
        """The documents of a "source" or an "id"."""
        found = self._postings(field, key)
        return {number: msgspec.json.decode(matcher.value(), type=Entry) for number, matcher in found}

    def entries_in(self, collection: str | None) -> Iterator[Entry]:
        """Those of a collection, or all."""
        for source in self.terms("source", "" if collection is None else collection + "/"):
            yield from self.entries("source", source).values()

    def terms(self, field: str, prefix: str = "") -> Iterable[str]:
        """The field's terms that begin so; some may be left of deleted documents alone."""
        key = prefix.encode("utf-8", "surrogatepass")
        return dict.fromkeys(term.decode() for reader, _ in self._leaves for term in reader.expand_prefix(field, key))

    @cached
    def lexicon(self, field: str) -> Iterable[str]:
        """All its terms."""
        return self.terms(field)

    @cached
    def numbers(self, column: str) -> list[int]:
        """The column's number of each document, 0 where it has none."""
        return [number for reader, _ in self._leaves for number in reader.column_reader(column, translate=False)]

    @cached
    def average(self, column: str) -> float:
        """The mean of the articles' numbers."""
        return fmean(map(self.numbers(column).__getitem__, self.articles))

    def present(self, field: str, terms: Iterable[str]) -> set[str]:
        """Those of the terms that the field has, if only in deleted documents."""
        return {term for term in terms if any((field, term.encode()) in reader for reader, _ in self._leaves)}

    def document_frequency(self, field: str, term: str) -> int:
        """How many documents have the term, deleted ones that are still in the files among them."""
        return int(self._reader.doc_frequency(field, term))

    def current_with(self, fields: Iterable[str], term: str) -> int:
        """The current articles that have the term in one of the fields."""
        return len(self.current.intersection(set().union(*(self.frequencies(name, term) for name in fields))))

    def newest_first(self, id: str) -> list[int]:
        """The numbers of an article's versions."""
        entries = self.entries("id", storable_key(id))
        return sorted(entries, key=lambda number: entries[number].version_key, reverse=True)

    def documents(self) -> list[int]:
        """All of them, of any kind."""
        return list(self._reader.all_doc_ids())

    def document(self, number: int) -> Document:
        """Raises msgspec.MsgspecError or KeyError when it was damaged."""
        fields = self._reader.stored_fields(number)
        return decode(fields["document"], fields["stored_state"])

    def article(self, number: int) -> Article:
        return cast(Article, self.document(number))

    def copies(self, id: str) -> list[Article]:
        versions = self.entries("id", storable_key(id)).keys()
        groups = {group for number in versions if (group := self.version(number).group)}
        found = [self.article(number) for number in self.having("group", *groups) - versions]
        return sorted(found, key=tiebreak_key, reverse=True)

    def signatures(self, keys: set[int], most: int) -> tuple[list[Signature], set[int]]:
        """As near_duplicates.Lookup."""
        found: Documents = set()
        common: set[int] = set()
        for key in keys:
            having = {number for number, _ in self._postings("copy_keys", key_term(key))} & self.current
            if len(having) > most:
                common.add(key)
            else:
                found |= having
        return [self.version(number).signature for number in sorted(found)], common

    def versions_with(self, field: str, keys: Iterable[str]) -> list[Version]:
        """Those of `entries`, of several keys."""
        return [self.version(number) for key in keys for number in self.entries(field, key)]

    def version(self, number: int) -> Version:
        """Raises as `document`."""
        fields = self._reader.stored_fields(number)
        return decode_version(
            fields["document"],
            fields["stored_state"],
            fields.get("sketch"),
            fields.get("stored_group", ""),
            fields.get("stored_text", 0),
        )

    def profile_of(self, number: int) -> Profile:
        """Of an article."""
        return decode_profile(self._reader.stored_fields(number)["profile"])

    def having_term(self, term: str) -> int:
        """How many documents have the bag term."""
        return len(self.frequencies(f"bag_{ALL}", term))

    def collections(self) -> tuple[Collection, ...]:
        found = (cast(Collection, self.document(number)) for number in self.having("state", "collection"))
        return tuple(sorted(found, key=lambda collection: collection.name))

    def site_profiles(self) -> tuple[SiteProfile, ...]:
        found = (cast(SiteProfile, self.document(number)) for number in self.having("state", "siteprofile"))
        return tuple(sorted(found, key=lambda profile: profile.site))

    @cached_property
    def withdrawals(self) -> tuple[Withdrawal, ...]:
        found = (cast(Withdrawal, self.document(number)) for number in self.having("state", "withdrawal"))
        return tuple(sorted(found, key=lambda each: each.source))

    @cached_property
    def stats(self) -> Stats:
        """But for the bytes."""
        days = self.counts("day", self.current)
        return Stats(
            articles=len(self.current),
            versions=len(self.articles - self.current),
            skipped=self.counts("code", self.having("state", "skip")),
            collections=self.collections(),
            languages=self.counts("language", self.current),
            first_day=date.fromisoformat(min(days)).toordinal() if days else None,
            last_day=date.fromisoformat(max(days)).toordinal() if days else None,
            undated=len(self.current) - sum(days.values()),
            without_author=len(self.current - self.having("has", "author")),
            bytes=0,
        )

    def _postings(self, field: str, term: str) -> Iterator[tuple[int, Any]]:
        """The number of each document that has the term, with Whoosh's matcher standing on its posting."""
        key = term.encode("utf-8", "surrogatepass")
        for reader, start in self._leaves:
            if (field, key) in reader:
                matcher = reader.postings(field, key)
                while matcher.is_active():
                    yield start + matcher.id(), matcher
                    matcher.next()
