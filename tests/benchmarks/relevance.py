"""How well the ranking finds what is known to be relevant, the way a user goes, beside other engines asked the same.

    python tests/benchmarks/relevance.py FOLDER... [--engine tantivy] [--form or] [--form typed] [--depth 100] [--runs DIRECTORY]

Each FOLDER holds docs.jsonl {"id", "headline", "body"}, queries.jsonl {"id", "text"} and qrels.tsv (query, [0,] document,
grade). `broadsheet index` reads the documents, so that their language is detected and not given; the queries go to
`/api/search`, page by page, with the limits on a query's length raised. The form "or" asks for any word of a query; "typed"
asks for the words side by side, as a reader types them. Peers are asked for any word.

Prints MAP, nDCG@10 and recall@100 (as trec_eval has them) and the CPU time of a query; --runs also writes TREC run files.
"""

import argparse
import json
import math
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).parents[2]))

import tantivy

from search.settings import Limits, Settings
from web.app import create_app

PAGE_SIZE = 100
Ranking = list[str]
Qrels = dict[str, dict[str, int]]
Search = Callable[[str, int], Ranking]
"""Words and a depth -> the ids found, best first."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--engine", default="tantivy", choices=("tantivy", "whoosh"))
    parser.add_argument("--form", action="append", choices=("or", "typed"))
    parser.add_argument("--depth", type=int, default=100)
    parser.add_argument("--runs", type=Path)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    for folder in options.folders:
        with tempfile.TemporaryDirectory() as place:
            search = broadsheet(folder, Path(place), options.engine)
            for form in options.form or ("or", "typed"):
                _report(folder, f"broadsheet {form}", partial(_asked, search, FORMS[form]), options)
            for name, open_peer in {} if options.no_peers else PEERS.items():
                _report(folder, name, open_peer(folder, Path(place)), options)


def _asked(search: Search, form: Callable[[str], str], text: str, depth: int) -> Ranking:
    return search(form(text), depth)


def _report(folder: Path, name: str, search: Search, options: argparse.Namespace) -> None:
    queries = {line["id"]: line["text"] for line in _lines(folder / "queries.jsonl")}
    start = time.process_time()
    run = {number: search(text, options.depth) for number, text in queries.items()}
    milliseconds = (time.process_time() - start) / len(queries) * 1000
    figures = scores(run, read_qrels(folder / "qrels.tsv"))
    shown = "  ".join(f"{name} {figure:.4f}" for name, figure in figures.items())
    print(f"{folder.name:12} {name:20} {shown}  {milliseconds:.2f} ms CPU a query", flush=True)
    if options.runs:
        options.runs.mkdir(parents=True, exist_ok=True)
        with (options.runs / f"{folder.name}-{name.replace(' ', '-')}.txt").open("w", encoding="utf-8") as out:
            for number, ids in run.items():
                out.writelines(f"{number} Q0 {id} {rank} {-rank} {name.split()[0]}\n" for rank, id in enumerate(ids, 1))


# ---------------------------------------------------------------- systems


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


FORMS: dict[str, Callable[[str], str]] = {
    "or": lambda text: " OR ".join(words(text)),
    "typed": lambda text: re.sub('["“”„«»?*]', " ", text),  # which would ask for phrases and patterns
}


def broadsheet(folder: Path, place: Path, engine: str) -> Search:
    """Indexes docs.jsonl as a user does; the ids it answers are those of the documents."""
    url = f"{engine}:{place / engine}"
    command = [
        sys.executable,
        "-m",
        "indexer.cli.commands",
        "--index",
        url,
        "index",
        "--collection",
        "docs",
        str(folder / "docs.jsonl"),
    ]
    subprocess.run(command, check=False, capture_output=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})
    limits = Limits(characters=100_000, words=10_000)
    client = create_app(Settings(index=url, limits=limits)).test_client()

    def search(query: str, depth: int) -> Ranking:
        found: Ranking = []
        for page in range(1, depth // PAGE_SIZE + 1):
            answer = client.get("/api/search", query_string={"q": query, "page": page, "page-size": PAGE_SIZE}).get_json()
            if "results" not in answer:
                raise SystemExit(f"{query!r}: {answer}")
            found += [result["id"] for result in answer["results"]]
            if page >= answer["pages"]:
                break
        return found

    return search


def raw_tantivy(folder: Path, place: Path) -> Search:
    """One field of headline and body, English stemming, BM25."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="en_stem")
    builder.add_text_field("id", tokenizer_name="raw", stored=True)
    (place / "raw").mkdir()
    index = tantivy.Index(builder.build(), path=str(place / "raw"))
    writer = index.writer()
    for line in _lines(folder / "docs.jsonl"):
        writer.add_document(tantivy.Document(text=f"{line['headline']}\n{line['body']}", id=line["id"]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(text: str, depth: int) -> Ranking:
        query = index.parse_query(" ".join(words(text)).lower(), ["text"])
        return [searcher.doc(address)["id"][0] for _, address in searcher.search(query, depth).hits]

    return search


def fts5(folder: Path, place: Path) -> Search:
    database = sqlite3.connect(place / "fts5.db")
    database.execute("CREATE VIRTUAL TABLE docs USING fts5(id UNINDEXED, text, tokenize='porter unicode61')")
    rows = ((line["id"], f"{line['headline']}\n{line['body']}") for line in _lines(folder / "docs.jsonl"))
    database.executemany("INSERT INTO docs VALUES (?, ?)", rows)

    def search(text: str, depth: int) -> Ranking:
        asked = " OR ".join(f'"{word}"' for word in words(text))
        return [id for (id,) in database.execute("SELECT id FROM docs WHERE docs MATCH ? ORDER BY rank LIMIT ?", (asked, depth))]

    return search


PEERS: dict[str, Callable[[Path, Path], Search]] = {"tantivy en_stem": raw_tantivy, "FTS5 porter": fts5}


# ---------------------------------------------------------------- figures


def scores(run: dict[str, Ranking], qrels: Qrels) -> dict[str, float]:
    """The means over the queries that have a relevant document."""
    each = [_of_query(run.get(query, []), grades) for query, grades in qrels.items() if any(g > 0 for g in grades.values())]
    return {name: fmean(figures[name] for figures in each) for name in ("MAP", "nDCG@10", "R@100")}


def _of_query(ranking: Ranking, grades: dict[str, int]) -> dict[str, float]:
    gains = [max(0, grades.get(id, 0)) for id in ranking]
    relevant = sum(grade > 0 for grade in grades.values())
    hits, precisions = 0, 0.0
    for rank, gain in enumerate(gains, 1):
        if gain:
            hits += 1
            precisions += hits / rank
    best = sorted(grades.values(), reverse=True)
    return {
        "MAP": precisions / relevant,
        "nDCG@10": _discounted(gains) / _discounted(best),
        "R@100": sum(gain > 0 for gain in gains[:100]) / relevant,
    }


def _discounted(gains: list[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains[:10], 1))


def read_qrels(path: Path) -> Qrels:
    qrels: Qrels = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        query, *_, document, grade = line.split()
        qrels[query][document] = int(grade)
    return qrels


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    main()
