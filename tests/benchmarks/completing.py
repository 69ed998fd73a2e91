"""How long the completion of what is typed takes, in an archive of made-up articles with made-up names.

    python tests/benchmarks/completing.py [--articles 100000] [--index tantivy:DIRECTORY]

Typed are the beginnings, of two letters and more, of 300 words and 300 names of articles. CPU milliseconds. An index that
is named is made if it is not there, and kept.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from search.engines.protocol import Engine, open_engine
from search.errors import IndexMissing
from search.indexing.fields import NAME
from search.model.article import Article, Paragraph
from search.query.nodes import ANY
from search.service.suggestions.autocomplete import complete
from tests.benchmarks.material import made, vocabulary

NAMES = 20_000
NAMES_AN_ARTICLE = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--index")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _filled(options.index or f"tantivy:{folder}/index", options.articles) as engine:
        measure(engine)


def measure(engine: Engine) -> None:
    chance = random.Random(4)
    words = [min(int(chance.paretovariate(0.6)) + 20, 50_000) for _ in range(300)]
    typed = {"words": [vocabulary(random.Random(1))[rank] for rank in words], "names": chance.sample(people(), 300)}
    for kind, some in typed.items():
        begun = [text[: chance.randint(2, max(2, len(text) - 1))] for text in some]
        _report(
            f"{kind}: words of the engine",
            [lambda t=text: engine.reader().words.completions(ANY, t.lower(), 5) for text in begun],
        )
        _report(
            f"{kind}: names of the engine",
            [lambda t=text: engine.reader().words.completions(NAME, t.lower(), 10) for text in begun],
        )
        _report(f"{kind}: all that is shown", [lambda t=text: complete(engine.reader(), t) for text in begun])


def _report(what: str, calls: list[Callable[[], object]]) -> None:
    spent = []
    for call in calls:
        start = time.process_time()
        call()
        spent.append((time.process_time() - start) * 1000)
    print(f"{what}: median {statistics.median(spent):.2f}, 95th percentile {statistics.quantiles(spent, n=20)[-1]:.2f}")


def people() -> list[str]:
    words = vocabulary(random.Random(1))
    chance = random.Random(5)
    return [f"{chance.choice(words).capitalize()} {chance.choice(words).capitalize()}" for _ in range(NAMES)]


def with_names(articles: Iterator[Article]) -> Iterator[Article]:
    """The articles with a paragraph of names, some of them in many articles."""
    named, chance = people(), random.Random(6)
    for article in articles:
        some = [named[min(int(chance.paretovariate(0.5)) - 1, NAMES - 1)] for _ in range(NAMES_AN_ARTICLE)]
        yield replace(article, paragraphs=(*article.paragraphs, Paragraph("They met " + " and met ".join(some) + ".")))


def _filled(url: str, articles: int) -> Engine:
    try:
        return open_engine(url)
    except IndexMissing:
        engine = open_engine(url, create=True)
        engine.add(with_names(made(vocabulary(random.Random(1)), articles)))
        return engine


if __name__ == "__main__":
    main()
