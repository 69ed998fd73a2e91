"""The quotes of pages with their speakers, one a line, to be checked by eye.

    python tests/benchmarks/quotes.py corpus [--sample 100]

speaker | what stands before the quote [the quote] what follows
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from indexer.load.pipeline import each_page
from indexer.quotes.detect import with_quotes
from search.model.article import Article
from search.settings import Settings

AROUND = 100
"""Characters shown before and after a quote."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--sample", type=int, help="so many of them, by chance")
    options = parser.parse_args()
    lines = [
        line
        for _, outcome in each_page(tuple(options.paths), Settings(), Counter())
        if outcome.article
        for line in quote_lines(with_quotes(outcome.article))
    ]
    if options.sample:
        lines = random.Random(1).sample(lines, min(options.sample, len(lines)))
    for line in lines:
        print(line)


def quote_lines(article: Article) -> Iterator[str]:
    for quote in article.quotes:
        first, last = quote.stretches[0], quote.stretches[-1]
        before = article.paragraphs[first.paragraph].text[max(first.start - AROUND, 0) : first.start]
        after = article.paragraphs[last.paragraph].text[last.end : last.end + AROUND]
        shown = f"{quote.speaker or '-'} | {before}[{article.quote_text(quote)}]{after}"
        yield " ".join(shown.split())


if __name__ == "__main__":
    main()
