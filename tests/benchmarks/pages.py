"""What a page costs: the server's CPU time and the bytes sent, in an archive of made-up articles.

    python tests/benchmarks/pages.py [--articles 10000] [--queries 100]

Asks through the test client, so without a network; each address is asked once, as a reader does. The budget: 5 ms at the median,
30 KB of HTML (gzip) for a page of results, 60 KB for style, script and fonts.
"""

import argparse
import gc
import gzip
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from flask.testing import FlaskClient
from searching import made, questions, vocabulary

from search.engines.protocol import open_engine
from search.settings import Settings
from web.app import create_app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=100, help="of each class")
    options = parser.parse_args()
    words = vocabulary(random.Random(1))
    with tempfile.TemporaryDirectory() as folder:
        url = f"tantivy:{folder}/index"
        with open_engine(url, create=True) as engine:
            engine.add(made(words, options.articles))
        gc.freeze()  # a server has not indexed: what that remembers is not looked through for garbage while it answers
        client = create_app(Settings(index=url)).test_client()
        for address in ("/", "/?q=none", "/?q=none&explain=true", "/feed.atom", "/article/1"):
            client.get(address)  # compiles the templates
        print(f"{options.articles:,} articles\n\n| page | CPU ms, median / p99 | HTML gzip KB, median / most |\n|---|---|---|")
        for kind, addresses in pages(words, options.queries).items():
            print(f"| {kind} | {' | '.join(figures(client, addresses))} |")
    static = Path(__file__).parents[2] / "web" / "static"
    print(f"\nstyle and script: {sum(file.stat().st_size for file in static.iterdir()) / 1000:.1f} KB, uncompressed")


def pages(words: list[str], number: int) -> dict[str, list[str]]:
    """Addresses by the kind of page."""
    chance = random.Random(2)
    addresses: dict[str, list[str]] = {"start": [f"/?utm={count}" for count in range(number)]}
    for question in questions(words, number, chance):
        more = {"filter": {"section": question.section}, "date": {"order-by": "newest"}}.get(question.kind, {})
        addresses.setdefault(f"results: {question.kind}", []).append("/?" + urlencode({"q": question.typed, **more}))
    some = [address.removeprefix("/?") for address in addresses["results: and"]]
    addresses["results, explained"] = [f"/?{query}&explain=true" for query in some]
    addresses["nothing found"] = [f"/?{query}&section=None" for query in some]
    addresses["feed"] = [f"/feed.atom?{query}" for query in some]
    addresses["article"] = [f"/article/{chance.randrange(1_000)}?{query}" for query in some]
    return addresses


def figures(client: FlaskClient, addresses: list[str]) -> Iterator[str]:
    milliseconds, kilobytes = [], []
    for address in addresses:
        start = time.process_time()
        answer = client.get(address)
        milliseconds.append((time.process_time() - start) * 1000)
        assert answer.status_code == 200, answer.text
        kilobytes.append(len(gzip.compress(answer.data)) / 1000)
    milliseconds.sort()
    yield f"{statistics.median(milliseconds):.1f} / {milliseconds[int(len(milliseconds) * 0.99)]:.1f}"
    yield f"{statistics.median(kilobytes):.1f} / {max(kilobytes):.1f}"


if __name__ == "__main__":
    main()
