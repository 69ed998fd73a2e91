"""Search a folder of documents with known relevant answers, and write the ranking as a TREC run.

    python tests/benchmarks/relevance.py FOLDER [--engine tantivy] [--out run.txt] [--depth 1000]

FOLDER holds docs.jsonl {"id", "headline", "body"} and queries.jsonl {"id", "text"}; score the run with any TREC scorer.
Each query is the OR of its words, searched as `answer` searches. Prints the time a query takes on average to stderr.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from search.analysis import compounds
from search.article import Article, Paragraph
from search.engine import Engine, open_engine
from search.preferences import proximity
from search.query import Nothing, Or, Query, SearchRequest, Word


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--out", type=argparse.FileType("w", encoding="utf-8"), default=sys.stdout)
    parser.add_argument("--depth", type=int, default=1000)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_engine(f"{options.engine}:{folder}/index", create=True) as engine,
    ):
        engine.add(articles(options.folder / "docs.jsonl"))
        options.out.writelines(_run(engine, _lines(options.folder / "queries.jsonl"), options.depth))


def _run(engine: Engine, queries: Iterable[dict[str, str]], depth: int) -> Iterator[str]:
    spent = count = 0.0
    for query in queries:
        start = time.process_time()
        asked = any_word(query["text"])
        results = engine.search(SearchRequest(asked, size=depth, prefer=proximity(asked)))
        spent += time.process_time() - start
        count += 1
        for rank, hit in enumerate(results.hits, 1):
            yield f"{query['id']} Q0 {hit.article.id} {rank} {hit.score:.6f} broadsheet\n"
    print(f"{spent / count * 1000:.2f} ms CPU a query", file=sys.stderr)


def any_word(text: str) -> Query:
    """The OR of the words of a text."""
    words = [Word(token.word) for compound in compounds(text) for token in compound.significant]
    return Or(tuple(dict.fromkeys(words))) if words else Nothing()


def articles(path: Path) -> Iterator[Article]:
    for line in _lines(path):
        paragraphs = tuple(Paragraph(part) for part in line["body"].splitlines() if part.strip())
        yield Article(
            source=f"relevance/{line['id']}",
            id=line["id"],
            headline=line["headline"] or None,
            paragraphs=paragraphs,
            language="en",
        )


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    main()
