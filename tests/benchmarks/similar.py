"""More like this beside tantivy's own, in one run: how many of the first five articles are on the same story?

    python tests/benchmarks/similar.py FOLDER [--engine tantivy]

FOLDER holds docs.jsonl, queries.jsonl and qrels.tsv (tests/benchmarks/relevance.py): documents that are relevant to the same
query are on one story. Asked of each document whose story has five others, when its wire copies are left out, as they are of
both answers. tantivy's is asked with its defaults and with the limits that did best here; it has the same words in one stemmed
field. Prints the precision and the CPU ms a question.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import tantivy
from relevance import articles

from search.engines.protocol import open_engine
from search.model.article import Article, passages
from search.service.more_like_this import similar

FIRST = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engine", default="tantivy")
    options = parser.parse_args()
    documents = list(articles(options.folder / "docs.jsonl"))
    others = story_of_each(options.folder / "qrels.tsv")
    with tempfile.TemporaryDirectory() as place, open_engine(f"{options.engine}:{place}/index", create=True) as engine:
        engine.add(documents)
        reader = engine.reader()
        own = {a.id: {a.id, *(copy.id for copy in reader.copies(a.id))} for a in documents}
        asked = [a for a in documents if len(others[a.id] - own[a.id]) >= FIRST]
        raw = Raw(documents)
        systems: dict[str, Callable[[Article], list[str]]] = {
            "broadsheet": lambda article: [
                hit.article.id for hit in similar(reader, article, reader.copies(article.id), 2 * FIRST)
            ],
            "tantivy": raw.ask,
            "tantivy, its limits lowered": partial(raw.ask, min_doc_frequency=2, min_term_frequency=1),
            "tantivy, more words": partial(raw.ask, min_doc_frequency=2, min_term_frequency=1, max_query_terms=50),
        }
        print(f"{len(asked)} articles asked for")
        for name, ask in systems.items():
            precision, spent = [], []
            for article in asked:
                start = time.process_time()
                answer = ask(article)
                spent.append((time.process_time() - start) * 1000)
                first = [id for id in answer if id not in own[article.id]][:FIRST]
                precision.append(sum(id in others[article.id] for id in first) / FIRST)
            print(f"{name}: P@{FIRST} {statistics.fmean(precision):.3f}, {statistics.median(spent):.2f} ms")


def story_of_each(qrels: Path) -> defaultdict[str, set[str]]:
    """By id the other documents on its story."""
    relevant: defaultdict[str, set[str]] = defaultdict(set)
    for line in qrels.read_text(encoding="utf-8").splitlines():
        query, _, document, _ = line.split()
        relevant[query].add(document)
    others: defaultdict[str, set[str]] = defaultdict(set)
    for together in relevant.values():
        for document in together:
            others[document] |= together - {document}
    return others


class Raw:
    """tantivy's more-like-this over one field of all text, stemmed by tantivy."""

    def __init__(self, documents: list[Article]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="en_stem", stored=True)
        builder.add_text_field("id", tokenizer_name="raw", stored=True)
        index = tantivy.Index(builder.build())
        writer: Any = index.writer(num_threads=1)
        for article in documents:
            text = "\n".join(passage.text for passage in passages(article))
            writer.add_document(tantivy.Document(text=text, id=article.id))
        writer.commit()
        index.reload()
        self._index, self._searcher = index, index.searcher()

    def ask(self, article: Article, **limits: int) -> list[str]:
        found: Any = self._searcher.search(tantivy.Query.term_query(self._index.schema, "id", article.id), 1)
        like = tantivy.Query.more_like_this_query(found.hits[0][1], **limits)
        result: Any = self._searcher.search(like, 10 * FIRST)
        return [str(self._searcher.doc(address).get_first("id")) for _, address in result.hits]


if __name__ == "__main__":
    main()
