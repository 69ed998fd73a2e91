"""Broadsheet beside raw tantivy, SQLite's FTS5 and Xapian: the same articles, the same questions, in one run.

    python tests/benchmarks/searching.py [--articles 20000] [--queries 200] [--whoosh]

Indexing starts from articles that are ready in memory; to make them is not on the clock, nor are the terms that raw tantivy gets:
those of Broadsheet in the fields of Broadsheet. What the process that writes has left to do when worker processes prepare the
articles, as `broadsheet index` has it, is a line of its own.

Every system answers with the exact total and the ten best hits, read from its store. Raw tantivy and Xapian are asked as a
program written for this one question would ask them: ready terms, one field of each kind, query objects. The JSON endpoint, which
ranks, marks and explains as well, stands beside FTS5 with its snippets. Xapian is left out where Python cannot import it (Debian:
python3-xapian, with /usr/lib/python3/dist-packages in PYTHONPATH). CPU time, median of three runs, so that other work on the
machine matters little; compare the ratios. Articles are made of words with natural frequencies, from a seed.
"""

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import msgspec
import tantivy
from material import CLASSES, HITS, Question, made, questions, vocabulary
from tantivy import Occur
from tantivy import Query as TantivyQuery

from search.analysis.analyzer import stems
from search.engines.prepare import prepare
from search.engines.protocol import Document, Prepared, open_engine
from search.engines.tantivy.engine import WRITER_BYTES
from search.engines.tantivy.schema import schema, with_state
from search.model.article import Article, tiebreak_key
from search.query.parsing.parser import parse
from search.settings import Settings
from web.app import create_app

try:
    import xapian
except ImportError:
    xapian = None

T = TypeVar("T")

RUNS = 3


@dataclass(frozen=True)
class System:
    """seconds: to index the articles, None if that is no fair comparison; ask: a question -> the work that answers it with its
    total."""

    name: str
    seconds: float | None
    megabytes: float
    ask: Callable[[Question], Callable[[], int]]


class Untimed(Iterator[T]):
    """Items whose making, in the thread that asks for them, is not on the clock of `_filled`."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self.seconds = 0.0

    def __next__(self) -> T:
        start = time.thread_time()
        try:
            return next(self._items)
        finally:
            self.seconds += time.thread_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=200, help="of each class")
    parser.add_argument("--whoosh", action="store_true", help="Broadsheet's Whoosh engine too (slow)")
    options = parser.parse_args()
    words = vocabulary(random.Random(1))
    articles = partial(made, words, options.articles)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        systems = [broadsheet("tantivy", articles(), place), raw_tantivy(articles(), place), fts5(articles(), place)]
        if xapian:
            systems.append(xapian_of(articles(), place))
        if options.whoosh:
            systems.append(broadsheet("whoosh", articles(), place))
        systems += [json_endpoint(f"tantivy:{place}/broadsheet-tantivy"), fts5_with_snippets(place)]
        prepared = _written(f"tantivy:{place}/prepared", map(prepare, articles()))
        same = raw_writing(articles(), place)
        asked = questions(words, options.queries, random.Random(2))
        report(systems, asked, options.articles)
        print(f"\nindexing, articles a CPU second: prepared ones {options.articles / prepared:,.0f}, ", end="")
        print(f"raw tantivy with the same terms and fields {options.articles / same:,.0f}")
        mean, p99 = figures([partial(parse, question.typed) for question in asked])
        print(f"\nparse: CPU ms a query, mean / p99: {mean:.2f} / {p99:.2f}")


# ---------------------------------------------------------------- the systems


def broadsheet(engine: str, articles: Iterator[Article], place: Path) -> System:
    url = f"{engine}:{place}/broadsheet-{engine}"
    seconds = _written(url, articles)
    index = open_engine(url)

    def ask(question: Question) -> Callable[[], int]:
        request = question.request
        return lambda: index.reader().search(request).total

    return System(f"Broadsheet ({engine})", seconds, _size(place / f"broadsheet-{engine}"), ask)


def _written(url: str, documents: Iterable[Document | Prepared]) -> float:
    """The seconds that it takes to index the documents, which are ready."""

    def fill(ready: Iterator[Document | Prepared]) -> None:
        with open_engine(url, create=True) as index:
            index.add(ready)

    return _filled(fill, documents)


def raw_writing(articles: Iterator[Article], place: Path) -> float:
    """The seconds that tantivy takes for the documents that Broadsheet's engine writes, in one commit."""
    (place / "same").mkdir()
    index = tantivy.Index(schema(), path=str(place / "same"))
    return _filled(partial(_write, index), (with_state(prepare(article), "current") for article in articles))


def _write(index: tantivy.Index, documents: Iterator[tantivy.Document]) -> None:
    writer: Any = index.writer(WRITER_BYTES, num_threads=1)
    for document in documents:
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()


def raw_tantivy(articles: Iterator[Article], place: Path) -> System:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("bag", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("exact", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("section", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("newest", fast=True)
    builder.add_bytes_field("article", stored=True)
    fields = builder.build()
    (place / "raw").mkdir()
    index = tantivy.Index(fields, path=str(place / "raw"))
    _write(index, map(_document, articles))
    searcher = index.searcher()
    decoder = msgspec.json.Decoder(Article)

    def ask(question: Question) -> int:
        newest = {"order_by_field": "newest"} if question.kind in ("date", "prefix") else {}
        result: Any = searcher.search(_raw_query(fields, question), HITS, **newest)
        for _, address in result.hits:
            stored: Any = searcher.doc(address).get_first("article")
            decoder.decode(stored)
        return int(result.count)

    return System("raw tantivy", None, _size(place / "raw"), lambda question: partial(ask, question))


def _document(article: Article) -> tantivy.Document:
    """Of words that are plain ASCII, so that their terms are as Broadsheet's."""
    headline = (article.headline or "").split()
    body = [p.text.lower().rstrip(".") for p in article.paragraphs]
    bag = [stems(word, "en")[0] for word in " ".join(body).split() + headline * 3]
    fields = tantivy.Document(bag=" ".join(bag), exact=" ¶¶¶¶ ".join((" ".join(headline), *body)), section=article.section)
    fields.add_unsigned("newest", tiebreak_key(article))
    fields.add_bytes("article", msgspec.json.encode(article))
    return fields


def _raw_query(schema: tantivy.Schema, question: Question) -> TantivyQuery:
    match question.kind:
        case "phrase":
            return TantivyQuery.phrase_query(schema, "exact", list(question.words))
        case "prefix":
            return TantivyQuery.fuzzy_term_query(schema, "exact", question.words[0], 0, True, True)
    found = [TantivyQuery.term_query(schema, "bag", stems(word, "en")[0], "freq") for word in question.words]
    if question.kind == "filter":
        section = TantivyQuery.term_query(schema, "section", question.section, "basic")
        found.append(TantivyQuery.const_score_query(section, 0.0))
    if len(found) == 1:
        return found[0]
    return TantivyQuery.boolean_query([(Occur.Should if question.kind == "or" else Occur.Must, query) for query in found])


def fts5(articles: Iterator[Article], place: Path) -> System:
    """SQLite's full-text search with the Porter stemmer, ordered by bm25 or by day."""
    base = sqlite3.connect(place / "fts5.db")
    columns = "headline, body, section UNINDEXED, day UNINDEXED"
    base.execute(f"CREATE VIRTUAL TABLE article USING fts5({columns}, tokenize = 'porter unicode61')")

    def fill(rows: Iterator[tuple[Any, ...]]) -> None:
        base.executemany("INSERT INTO article VALUES (?, ?, ?, ?)", rows)
        base.commit()

    rows = ((a.headline, "\n".join(p.text for p in a.paragraphs), a.section, a.day) for a in articles)
    seconds = _filled(fill, rows)

    return System("SQLite FTS5", seconds, (place / "fts5.db").stat().st_size / 1e6, lambda q: partial(_ask_fts5, base, q, "*"))


def fts5_with_snippets(place: Path) -> System:
    base = sqlite3.connect(place / "fts5.db")
    columns = "*, snippet(article, 1, '<mark>', '</mark>', '…', 32)"
    return System("SQLite FTS5 with snippets", None, 0.0, lambda question: partial(_ask_fts5, base, question, columns))


def _ask_fts5(base: sqlite3.Connection, question: Question, columns: str) -> int:
    where = "article MATCH ?" + (f" AND section = '{question.section}'" if question.kind == "filter" else "")
    order = "day DESC" if question.kind == "date" else "rank"
    total = base.execute(f"SELECT count(*) FROM article WHERE {where}", (question.typed,)).fetchone()[0]
    query = f"SELECT {columns} FROM article WHERE {where} ORDER BY {order} LIMIT ?"
    base.execute(query, (question.typed, HITS)).fetchall()
    return int(total)


def json_endpoint(url: str) -> System:
    """Through Flask's test client, whose own cost is on the clock; no answer comes from the server's cache."""
    client = create_app(Settings(index=url, response_cache=0)).test_client()

    def ask(question: Question) -> int:
        asked = {"q": question.typed, "page-size": HITS, "order-by": "newest" if question.kind == "date" else "relevance"}
        if question.kind == "filter":
            asked["section"] = question.section
        return int(json.loads(client.get("/api/search", query_string=asked).data)["total"])

    return System("Broadsheet, JSON", None, 0.0, lambda question: partial(ask, question))


def xapian_of(articles: Iterator[Article], place: Path) -> System:
    """Stems for words, words with positions for phrases, the day as a value to sort by."""
    base = xapian.WritableDatabase(str(place / "xapian"), xapian.DB_CREATE)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("english"))

    def fill(ready: Iterator[Article]) -> None:
        for article in ready:
            document = xapian.Document()
            generator.set_document(document)
            for text in (article.headline or "", *(paragraph.text for paragraph in article.paragraphs)):
                generator.index_text(text)
                generator.increase_termpos()
            document.add_boolean_term(f"XS{article.section}")
            document.add_value(0, article.published.iso if article.published else "")
            document.set_data(msgspec.json.encode(article))
            base.add_document(document)
        base.commit()

    seconds = _filled(fill, articles)
    enquire, decoder = xapian.Enquire(base), msgspec.json.Decoder(Article)

    def ask(question: Question) -> int:
        enquire.set_query(_xapian_query(base, question))
        if question.kind == "date":
            enquire.set_sort_by_value(0, True)
        else:
            enquire.set_sort_by_relevance()
        found = enquire.get_mset(0, HITS, base.get_doccount())
        for hit in found:
            decoder.decode(hit.document.get_data())
        return int(found.get_matches_estimated())  # exact, since all documents are checked

    return System("Xapian", seconds, _size(place / "xapian"), lambda question: partial(ask, question))


def _xapian_query(base: Any, question: Question) -> Any:
    if question.kind == "phrase":
        return xapian.Query(xapian.Query.OP_PHRASE, list(question.words))
    if question.kind == "prefix":
        return xapian.Query(xapian.Query.OP_SYNONYM, [found.term for found in base.allterms(question.words[0])])
    stem = xapian.Stem("english")
    operator = xapian.Query.OP_OR if question.kind == "or" else xapian.Query.OP_AND
    query = xapian.Query(operator, [f"Z{stem(word).decode()}" for word in question.words])
    if question.kind == "filter":
        return xapian.Query(xapian.Query.OP_FILTER, query, xapian.Query(f"XS{question.section}"))
    return query


# ---------------------------------------------------------------- measuring


def report(systems: list[System], asked: list[Question], articles: int) -> None:
    print(f"{articles:,} articles\n\n| | " + " | ".join(system.name for system in systems) + " | ratio |")
    print("|---" * (len(systems) + 2) + "|")
    rates = [f"{articles / s.seconds:,.0f}" if s.seconds else "" for s in systems]
    print(f"| articles indexed a CPU second | {' | '.join(rates)} | |")
    print("| MB on disk | " + " | ".join(f"{s.megabytes:,.0f}" if s.megabytes else "" for s in systems) + " | |")
    for kind in CLASSES:
        work = [[system.ask(question) for question in asked if question.kind == kind] for system in systems]
        for question, mine, raw in zip([q for q in asked if q.kind == kind], work[0], work[1], strict=True):
            if mine() != raw():
                raise SystemExit(f"{question}: {mine()} hits for {raw()}")
        costs = [figures(some) for some in work]
        ratio = " / ".join(f"{mine / raw:.2f}" for mine, raw in zip(costs[0], costs[1], strict=True))
        cells = " | ".join(f"{mean:.2f} / {p99:.2f}" for mean, p99 in costs)
        print(f"| {kind}: CPU ms a query, mean / p99 | {cells} | {ratio} |")


def figures(work: list[Callable[[], Any]]) -> tuple[float, float]:
    """Mean and 99th percentile of CPU ms, the medians of RUNS."""
    runs = [sorted(_timed(each) * 1000 for each in work) for _ in range(RUNS)]
    return (
        statistics.median(statistics.fmean(run) for run in runs),
        statistics.median(run[int(len(run) * 0.99)] for run in runs),
    )


def _filled(fill: Callable[[Iterator[T]], None], items: Iterable[T]) -> float:
    """CPU seconds of all threads, less those in which the items are made."""
    untimed = Untimed(items)
    return _timed(partial(fill, untimed)) - untimed.seconds


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


if __name__ == "__main__":
    main()
