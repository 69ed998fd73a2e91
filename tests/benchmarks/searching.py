"""Broadsheet beside raw tantivy and SQLite's FTS5: the same articles, the same questions, in one run.

    python tests/benchmarks/searching.py [--articles 20000] [--queries 200] [--whoosh]

Every system answers with the exact total and the ten best hits, read from its store. CPU time, so that other work on the machine
matters little; compare the ratios. Articles are made of words with natural frequencies (Zipf), from a seed.
"""

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import tantivy

from search.article import Article, Paragraph, PrintedDate
from search.engine import open_engine
from search.language import parse
from search.query import SearchRequest

Ask = Callable[[str], int]
"""A query's text -> the total."""
HITS = 10


@dataclass(frozen=True)
class System:
    name: str
    seconds: float
    megabytes: float
    ask: dict[str, Ask]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=200, help="of each class")
    parser.add_argument("--whoosh", action="store_true", help="Broadsheet's Whoosh engine too (slow)")
    options = parser.parse_args()
    words = vocabulary(random.Random(1))
    questions = queries(words, options.queries, random.Random(2))

    def articles() -> Iterator[Article]:
        return made(words, options.articles, random.Random(3))

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        systems = [broadsheet("tantivy", articles(), place), raw_tantivy(articles(), place), fts5(articles(), place)]
        if options.whoosh:
            systems.append(broadsheet("whoosh", articles(), place))
        report(systems, questions, options.articles)


# ---------------------------------------------------------------- the systems


def broadsheet(engine: str, articles: Iterator[Article], place: Path) -> System:
    index = open_engine(f"{engine}:{place}/broadsheet-{engine}", create=True)
    seconds = _timed(lambda: index.add(articles))

    def ask(text: str) -> int:
        return index.search(SearchRequest(parse(text).query, size=HITS)).total

    return System(f"Broadsheet, {engine}", seconds, _size(place / f"broadsheet-{engine}"), dict.fromkeys(CLASSES, ask))


def raw_tantivy(articles: Iterator[Article], place: Path) -> System:
    """One field with tantivy's English analyser, the article stored as JSON and read back."""
    schema = (
        tantivy.SchemaBuilder()
        .add_text_field("text", tokenizer_name="en_stem", index_option="position")
        .add_text_field("article", stored=True, tokenizer_name="raw", index_option="basic")
        .build()
    )
    (place / "raw").mkdir()
    index = tantivy.Index(schema, path=str(place / "raw"))

    def fill() -> None:
        writer = index.writer()
        for article in articles:
            body = [p.text for p in article.paragraphs]
            stored = json.dumps({"source": article.source, "headline": article.headline, "paragraphs": body})
            writer.add_document(tantivy.Document(text=[article.headline or "", *body], article=stored))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()

    seconds = _timed(fill)
    searcher = index.searcher()

    def ask(text: str) -> int:
        result: Any = searcher.search(index.parse_query(text, ["text"]), HITS)
        for _, address in result.hits:
            json.loads(str(searcher.doc(address).get_first("article")))
        return int(result.count)

    asked = [kind for kind in CLASSES if kind != "prefix"]  # its parser takes bro* for the word bro
    return System("raw tantivy", seconds, _size(place / "raw"), dict.fromkeys(asked, ask))


def fts5(articles: Iterator[Article], place: Path) -> System:
    """SQLite's full-text search with the Porter stemmer, ordered by bm25."""
    base = sqlite3.connect(place / "fts5.db")
    base.execute("CREATE VIRTUAL TABLE article USING fts5(headline, body, tokenize = 'porter unicode61')")

    def fill() -> None:
        rows = ((a.headline, "\n".join(p.text for p in a.paragraphs)) for a in articles)
        base.executemany("INSERT INTO article VALUES (?, ?)", rows)
        base.commit()

    seconds = _timed(fill)

    def ask(text: str) -> int:
        total = base.execute("SELECT count(*) FROM article WHERE article MATCH ?", (text,)).fetchone()[0]
        base.execute("SELECT * FROM article WHERE article MATCH ? ORDER BY rank LIMIT ?", (text, HITS)).fetchall()
        return int(total)

    return System("SQLite FTS5", seconds, (place / "fts5.db").stat().st_size / 1e6, dict.fromkeys(CLASSES, ask))


# ---------------------------------------------------------------- the material

CLASSES = ("word", "and", "or", "phrase", "prefix")
_SYLLABLES = [a + b + c for a in "bdfgklmnprstv" for b in "aeiou" for c in ("", "n", "r", "s")]


def vocabulary(chance: random.Random) -> list[str]:
    """60,000 words, the most frequent first, short ones more often."""
    words = dict.fromkeys("".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 4)))) for _ in range(90_000))
    return sorted(list(words)[:60_000], key=lambda word: len(word) + chance.random() * 6)


def made(words: list[str], number: int, chance: random.Random) -> Iterator[Article]:
    weights = [1 / (rank + 3) for rank in range(len(words))]
    cumulative = list(accumulate(weights))
    for count in range(number):
        text = chance.choices(words, cum_weights=cumulative, k=int(chance.triangular(120, 800, 300)))
        paragraphs = tuple(Paragraph(" ".join(text[i : i + 45]).capitalize() + ".") for i in range(10, len(text), 45))
        day = f"{chance.randint(1990, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield Article(
            source=f"made/{count}", id=str(count), language="en", headline=" ".join(text[:10]), paragraphs=paragraphs,
            published=PrintedDate(day, day), section=chance.choice(("World", "Business", "Sport")), publisher="The Daily Sample",
        )  # fmt: skip


def queries(words: list[str], number: int, chance: random.Random) -> dict[str, list[str]]:
    """For each class: words from among the 3,000 most frequent, as people's queries have them."""

    def some(count: int) -> list[str]:
        return [words[min(int(chance.paretovariate(0.6)) + 20, 3_000)] for _ in range(count)]

    return {
        "word": [" ".join(some(1)) for _ in range(number)],
        "and": [" AND ".join(some(2)) for _ in range(number)],
        "or": [" OR ".join(some(4)) for _ in range(number)],
        "phrase": ['"' + " ".join(some(2)) + '"' for _ in range(number)],
        "prefix": [some(1)[0][:4] + "*" for _ in range(number)],
    }


# ---------------------------------------------------------------- measuring


def report(systems: list[System], questions: dict[str, list[str]], articles: int) -> None:
    print(f"{articles:,} articles\n\n| | " + " | ".join(system.name for system in systems) + " |")
    print("|---" * (len(systems) + 1) + "|")
    print("| articles indexed a CPU second | " + " | ".join(f"{articles / s.seconds:,.0f}" for s in systems) + " |")
    print("| MB on disk | " + " | ".join(f"{s.megabytes:,.0f}" for s in systems) + " |")
    for kind, texts in questions.items():
        cells = []
        for system in systems:
            if kind not in system.ask:
                cells.append("–")
                continue
            times = sorted(_timed(lambda text=text: system.ask[kind](text)) * 1000 for text in texts)  # type: ignore[misc]  # noqa: B023
            cells.append(f"{statistics.fmean(times):.2f} / {times[int(len(times) * 0.95)]:.2f}")
        print(f"| {kind}: CPU ms a query, mean / p95 | " + " | ".join(cells) + " |")


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


if __name__ == "__main__":
    main()
