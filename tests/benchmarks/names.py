"""How many names a second are looked up in an archive of made-up articles.

    python tests/benchmarks/names.py [--articles 100000] [--names 10000]

A name is two words that stand side by side in one of the articles. Wall time: two threads look.
"""

import argparse
import random
import tempfile
import time
from dataclasses import replace

from material import made, vocabulary

from search.engines.protocol import open_engine
from search.service.bulk_lookup import names_table
from search.settings import Limits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--names", type=int, default=10_000)
    options = parser.parse_args()
    words, chance = vocabulary(random.Random(1)), random.Random(2)
    outlets = [f"The {word.title()} Post" for word in words[100:400]]
    names: list[str] = []
    with tempfile.TemporaryDirectory() as folder, open_engine(f"tantivy:{folder}/index", create=True) as engine:
        engine.add(replace(article, publisher=chance.choice(outlets)) for article in made(words, options.articles))
        for article in made(words, options.names):
            text = article.paragraphs[0].text.split()
            place = chance.randrange(len(text) - 1)
            names.append(" ".join(text[place : place + 2]))
        started = time.perf_counter(), time.process_time()
        table = names_table(engine.reader(), names, Limits())
        wall, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
    found = sum(row.articles for row in table.rows) / len(table.rows)
    print(f"{len(names) / wall:,.0f} names a second, {cpu / len(names) * 1000:.2f} CPU ms each, {found:,.1f} articles on average")


if __name__ == "__main__":
    main()
