"""What every engine promises: an Engine writes, a Reader answers from one state of the index; and `open_engine`.

    with open_engine("tantivy:archive.index", create=True) as engine:
        engine.add([article])
        results = engine.reader().search(SearchRequest(query))

tests/test_engine_contract.py runs against every engine and holds them to these promises.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self, runtime_checkable

import msgspec

from search.errors import SettingsError
from search.model.article import Article
from search.model.results import FacetValue
from search.model.site_profile import SiteProfile
from search.model.withdrawal import ArticleKeys, Withdrawal
from search.query.nodes import Query, Results, SearchRequest


@dataclass(frozen=True, slots=True)
class Skip:
    """A source that could not become an article; kept so that it is tried again only when it changes. No search finds it.
    `code` is one of errors.PAGE_ERRORS."""

    source: str
    stamp: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Container:
    """A file of many records (WARC, zip, .jsonl). Its records' sources begin "source!/". Its stamp is that of the file once it
    was read to its end, "" before."""

    source: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Collection:
    """The folder (absolute path) a collection's sources are relative to. added: when `index` last stored an article of it, as
    UTC "2022-03-04T10:00:00Z", None if it never did, or a version of Broadsheet did that kept no time. language: that of its
    articles whose own is declared nowhere and not to be told from their words, None if it is not given."""

    name: str
    root: str
    added: str | None = None
    language: str | None = None

    @property
    def source(self) -> str:
        """Its key in the index; no page has it, since a page's path follows the slash."""
        return self.name + "/"

    @property
    def stamp(self) -> str:
        return ""


Document = Article | Skip | Container | Collection | SiteProfile | Withdrawal


class PreparedArticle(msgspec.Struct, frozen=True, array_like=True):
    """What an index holds of an article, in a compact form. bag, exact, keywords, names: as fields.IndexFields has them, terms
    and names joined by blanks; keys: as withdrawal.keys_of; sketch, profile: encoded; captured: "" for unknown; number:
    article.article_number; tie: article.tiebreak_key; day: as article.Article.day; text: article.text_digest; added, changed,
    edited: as article.Article has them, instants as numbers, 0 for unknown."""

    keys: ArticleKeys
    captured: str
    bag: dict[str, str]
    exact: dict[str, str]
    keywords: dict[str, list[str]]
    names: str
    sketch: bytes
    profile: bytes
    number: int
    tie: int
    day: int | None
    text: int
    added: int = 0
    changed: int = 0
    edited: bool = False


class Prepared(msgspec.Struct, frozen=True, array_like=True):
    """A document with all that an engine writes of it but for its place among versions and copies; prepare.prepare makes it.

    state: as versions.Version has it; document: the stored form, by codec.encode; code: of a Skip; article: of an Article."""

    source: str
    stamp: str
    state: str
    document: bytes
    code: str | None = None
    article: PreparedArticle | None = None

    @property
    def size(self) -> int:
        """About the bytes it takes in memory."""
        article = self.article
        texts = (*article.bag.values(), *article.exact.values(), article.names) if article else ()
        return len(self.document) + sum(map(len, texts))


Kind = Literal["article", "skip", "container"]
FieldTerm = tuple[str, str]
"""A field, and a term or the beginning of terms in it."""
Counted = tuple[str, int]
"""A term, and the number of articles."""


@dataclass(frozen=True, slots=True)
class SourceEntry:
    source: str
    stamp: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class AddReport:
    """`failed`: (source, why) of documents that the engine could not store; `withdrawn`: the sources of articles that are kept
    out; all others are stored."""

    added: int
    failed: tuple[tuple[str, str], ...] = ()
    withdrawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stats:
    """`articles`: current ones; `versions`: earlier versions kept; `skipped`: skip records by code; `first_day`,
    `last_day`: day numbers of the oldest and newest dated current article; `undated`, `without_author`: current articles."""

    articles: int
    versions: int
    skipped: dict[str, int]
    collections: tuple[Collection, ...]
    languages: dict[str, int]
    first_day: int | None
    last_day: int | None
    undated: int
    without_author: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The current articles that match a query. `first_day`, `last_day`: day numbers of the oldest and newest dated one;
    `publishers`: those with most of them, by count, then by value."""

    articles: int
    first_day: int | None = None
    last_day: int | None = None
    publishers: tuple[FacetValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A word that may be a typo of others: exact terms of `field`, or of ANY, within so many `edits` that begin with `start`."""

    field: str
    word: str
    edits: int
    start: str = ""


class Words(Protocol):
    """The vocabulary of one state of the index. Each call is one question, however much is asked in it: a remote engine answers
    it in one round trip."""

    def having(self, terms: Iterable[FieldTerm]) -> dict[FieldTerm, int]:
        """Of these bag terms, each with its field (fields.ALL or one of TEXT_FIELDS), those that current articles have, with the
        number of articles. Of a term that more than a thousand have, earlier versions and articles removed since may count."""

    def beginning(self, starts: Sequence[FieldTerm]) -> list[list[Counted]]:
        """For each field and start the exact terms that begin so, in order, with the number of current articles."""

    def near(self, asked: Sequence[Misspelt]) -> list[dict[str, int]]:
        """For each the terms that nodes.Fuzzy finds, with the number of current articles that have them. One edit away, those
        with letters of the word's own scripts alone, and with digits or full stops only if the word has such; that takes as long
        however many terms there are. Two edits away, all terms that begin so are looked at."""

    def completions(self, field: str, start: str, size: int) -> list[Counted]:
        """Of the exact terms of a field or of ANY, or of the keys of fields.NAME, that begin so, the `size` that most current
        articles have, by number, then by term."""


@runtime_checkable
class Reader(Protocol):
    """One state of the index: whatever is asked, and however often, the answers fit together. Commits, merges and a `reindex`
    that happen meanwhile change nothing in it.

    Threads may share one. It needs no closing, but holds its state's files, even deleted ones, until it is dropped, and a remote
    engine keeps a state for a few minutes only: hold one for a request, an export or a copy of the index, and open the next for
    the next. All methods raise EngineError (never a library's exception) when the index cannot be read.

    Each call is one question. The attributes are known once a reader is open, and are none.
    """

    @property
    def generation(self) -> str:
        """Names the state: equal as long as nothing was added or removed."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the archive's articles, most frequent first."""

    @property
    def frequent_languages(self) -> tuple[str, ...]:
        """Those in whose forms articles without a known language are found (search/analysis/unknown_language.py)."""

    @property
    def words(self) -> Words: ...

    def search(self, request: SearchRequest) -> Results:
        """Hits by score (BM25, k1 1.2, b 0.75, over one field of all text with the headline's words counted
        `fields.PART_WEIGHTS` times), or by day; undated articles last in either direction; ties by `article.tiebreak_key`,
        larger first. Total and facet counts are exact. Of a facet with more than a thousand values Facet.distinct may be an
        estimate; with more than ten thousand, or among more than two thousand articles in an archive of more than fifty thousand,
        a value may be left out that is hardly less frequent than the last, or frequent in no part of the index.

        Scores add up: And, Or and AtLeast score as the sum of their parts that match; filters and Not add nothing; Prefix,
        PhrasePrefix, Wildcard and Fuzzy score 1, and so does a Word of a name field: how long a name is tells nothing."""

    def search_each(self, requests: Sequence[SearchRequest]) -> list[Results]:
        """What `search` answers each of them, as one question."""

    def articles(self, request: SearchRequest) -> Iterator[Article]:
        """All articles that the request finds, from `after` on, by day: oldest first if it says so, else newest first. Neither
        counts nor collapses, and passes over `start` and `size`. Memory stays bounded however many there are."""

    def scores(self, queries: Sequence[Query], articles: Sequence[Article], versions: bool = False) -> list[dict[str, float]]:
        """For each query what `search` scores those of the articles that it finds, by their source: what a part of a query adds
        to a hit."""

    def tally(self, queries: Sequence[Query], publishers: int, until: float = math.inf) -> list[Tally]:
        """For each of the queries what matches it, with at most so many publishers; faster than a search for each. At
        `until` (time.monotonic) no further query is begun: the tallies are those of the first so many."""

    def get(self, id: str) -> Article | None:
        """The current version: the one captured last, then the one with the greatest source."""

    def versions(self, id: str) -> list[Article]:
        """All versions, the current one first, then by capture, newest first."""

    def versions_each(self, ids: Sequence[str]) -> list[list[Article]]:
        """The `versions` of each of them, as one question."""

    def copies(self, id: str) -> list[Article]:
        """The other articles of its group (search/indexing/near_duplicates.py), newest first."""

    def known(self, sources: Sequence[str]) -> dict[str, str]:
        """The stamps of those of the sources that are in the index."""

    def holding_articles(self, sources: Sequence[str]) -> set[str]:
        """Those of the sources that the index has an article of, and no skip record."""

    def sources(self, collection: str | None = None) -> Iterator[SourceEntry]:
        """All sources, or those of a collection, in no particular order; what is no source itself, such as a collection,
        is left out."""

    def collections(self) -> tuple[Collection, ...]:
        """All of them, by name."""

    def site_profiles(self) -> tuple[SiteProfile, ...]:
        """All of them, by site."""

    def withdrawals(self) -> tuple[Withdrawal, ...]:
        """All of them, those that have ended too, by the time."""

    def documents(self) -> Iterator[Document]:
        """Everything in the index, to export or reindex; articles of all versions."""

    def word_terms(self, words: Iterable[str]) -> list[tuple[str, ...]]:
        """The bag terms by which nodes.Word finds each, in whatever language: analyzer.word_terms, and the forms that articles
        without a known language have."""

    def stats(self) -> Stats:
        """Counts over the whole index."""


@runtime_checkable
class Engine(Protocol):
    """An index of articles: it writes, and gives readers. All methods raise EngineError (never a library's exception) when the
    index cannot be used.

    One process writes at a time: the second one's first write raises IndexLocked. Threads may use an engine at once; their writes
    take turns.
    """

    @property
    def url(self) -> str:
        """The address it was opened with: "tantivy:PATH"."""

    def reader(self) -> Reader:
        """The state of the last commit, whichever process made it; cheap, and the same reader as long as nothing changes."""

    def lock(self) -> None:
        """Take the writer's lock, which `add` and `remove` need, and hold it until `close`. Raises IndexLocked, or
        IndexDamaged when a file has changed: merging it would give the damage a new checksum."""

    def add(self, documents: Iterable[Document | Prepared]) -> AddReport:
        """Store documents, each in place of the earlier one of the same source; of the same source twice the last stays.
        What a withdrawal keeps out is not stored, and what its source held before goes.
        Those that are prepared cost a fraction of the time.
        Streams: memory stays bounded however many there are. On return the next reader finds them, groups of copies are up to
        date, and all survives a power cut."""

    def remove(self, sources: Iterable[str]) -> int:
        """Remove these sources, whatever they hold; the number that were there. Removing the current version of an article
        makes the newest remaining one current. Durable on return."""

    def withdraw(self, withdrawals: Sequence[Withdrawal]) -> tuple[Withdrawal, ...]:
        """Block the articles, and remove all that the index has of them: versions, and copies with another id; in one commit,
        so that there is no state in which one was done and not the other. Returns them with what was found. On return no
        file of the index holds the text; should the process be killed before, the next that takes the lock erases it. Durable
        on return, as `add` is. Of a withdrawal that has ended only the record is stored. To lift a block, `add` the withdrawal
        with the time it ended."""

    def check_health(self) -> None:
        """Quick, for a monitor to ask every few seconds. Raises EngineError if no request could be answered now."""

    def verify(self) -> list[str]:
        """What is wrong with the index, a line each; [] when every file is there and unchanged, every document reads,
        and nothing is there that was withdrawn."""

    def close(self) -> None:
        """Release the lock and the files; a closed engine is not used again."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


ENGINES = {
    "tantivy": ("search.engines.tantivy.engine", "TantivyEngine"),
    "whoosh": ("search.engines.whoosh.engine", "WhooshEngine"),
}


_WHOOSH_FILES = "_*.toc"
"""Only an index of Whoosh has such files."""


def open_engine(url: str, *, create: bool = False, any_version: bool = False) -> Engine:
    """Open the index at "tantivy:PATH", "whoosh:PATH" or PATH; create it there if it is missing and `create` is set.

    With `any_version` an index of another schema or analyser opens too; only lock(), verify() and close(), and of its readers
    documents(), collections(), withdrawals() and generation, may be used.

    Raises SettingsError for an address that names no engine, IndexMissing, IndexMismatch or IndexDamaged.
    """
    name, path = parse_url(url)
    module, kind = ENGINES[name]
    engine: Engine = getattr(import_module(module), kind)(path, create=create, any_version=any_version)
    return engine


def parse_url(url: str) -> tuple[str, Path]:
    """The engine and the directory of an index: of a path alone whoosh where its files are, or else tantivy.

    A path with a colon in its first part needs "./" before it. Raises SettingsError for an address that names no engine.
    """
    name, colon, place = url.partition(":")
    if url and (not colon or "/" in name):
        return "whoosh" if any(Path(url).glob(_WHOOSH_FILES)) else "tantivy", Path(url)
    if name not in ENGINES or not place:
        names = " or ".join(f"{engine}:DIRECTORY" for engine in ENGINES)
        raise SettingsError(f"{url!r} is not an index address; give DIRECTORY, {names}")
    return name, Path(place)
