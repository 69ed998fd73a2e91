"""What a page and a JSON answer cost: the server's CPU time and the bytes sent, in an archive of made-up articles.

    python tests/benchmarks/pages.py [--articles 10000] [--queries 100]

Asks through the test client, so without a network, and at the end a real server, which adds the cost of HTTP; each address is
asked once, as a reader does, and some a second time. Beside it stands a bare Flask application that asks tantivy itself: its
query parser, its ten best hits with the total, its snippets, and json.dumps. Figures are medians of three runs, each with a new
application that has compiled its templates. The budget: 5 ms at the median, 15 KB of HTML (gzip) for a page of results, 60 KB
for style, script and fonts.
"""

import argparse
import gc
import gzip
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import tantivy
from flask import Flask, Response, request
from flask.testing import FlaskClient
from material import made, questions, vocabulary
from serving import server

from search.engines.protocol import open_engine
from search.model.article import Article
from search.settings import Settings
from web.app import create_app

RUNS = 3
REPEATS = 20
JSON = "JSON: two words"
BARE = "JSON: two words, bare Flask and tantivy"
REPEATED = ("results: and", JSON)
COMPRESSED = {"Accept-Encoding": "gzip, br"}


class Figures(NamedTuple):
    """CPU milliseconds of a request, and KB sent, in gzip."""

    median: float
    p99: float
    kilobytes: float
    most_kilobytes: float


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
        alone = bare(list(made(words, options.articles)), Path(folder) / "bare")
        gc.freeze()  # a server has not indexed: what that remembers is not looked through for garbage while it answers
        print(f"{options.articles:,} articles\n")
        asked = pages(words, options.queries)
        report(asked, partial(new_client, url), alone)
        for kind in REPEATED:
            print(f"\n{kind}, asked again over HTTP: {served(Settings(index=url), asked[kind]):.2f} CPU ms of the server")
    static = Path(__file__).parents[2] / "web" / "static"
    print(f"\nstyle and script: {sum(file.stat().st_size for file in static.iterdir()) / 1000:.1f} KB, uncompressed")


def report(asked: dict[str, list[str]], new: Callable[[], FlaskClient], alone: FlaskClient) -> None:
    """Every kind in each run, so that what else the machine does meets all alike."""
    runs: dict[str, list[Figures]] = {}
    for _ in range(RUNS):
        client = new()
        for kind, addresses in asked.items():
            runs.setdefault(kind, []).append(figures(client, addresses))
            if kind in REPEATED:
                runs.setdefault(f"{kind}, asked again", []).append(figures(client, addresses))
        runs.setdefault(BARE, []).append(figures(alone, asked[JSON]))
        for kind in REPEATED:
            runs.setdefault(f"{kind}, compressed", []).append(figures(client, asked[kind], **COMPRESSED))
    least = statistics.median(run.median for run in runs[BARE])
    print("| page | CPU ms, median / p99 | times bare Flask and tantivy | gzip KB, median / most |\n|---|---|---|---|")
    for kind, measured in runs.items():
        each = Figures(*map(statistics.median, zip(*measured, strict=True)))
        times = f"{each.median:.2f} / {each.p99:.1f} | {each.median / least:.2f}"
        print(f"| {kind} | {times} | {each.kilobytes:.1f} / {each.most_kilobytes:.1f} |")


def new_client(url: str) -> FlaskClient:
    client = create_app(Settings(index=url)).test_client()
    for address in ("/", "/?q=none", "/?q=none&explain=true", "/feed.atom", "/article/1", "/openapi.json", "/api/search?q=none"):
        client.get(address)  # compiles the templates
    return client


def pages(words: list[str], number: int) -> dict[str, list[str]]:
    """Different addresses by the kind of page."""
    chance = random.Random(2)
    addresses: dict[str, list[str]] = {"start": [f"/?utm={count}" for count in range(number)]}
    for question in questions(words, number, chance):
        more = {"filter": {"section": question.section}, "date": {"order-by": "newest"}}.get(question.kind, {})
        addresses.setdefault(f"results: {question.kind}", []).append("/?" + urlencode({"q": question.typed, **more}))
    some = list(dict.fromkeys(address.removeprefix("/?") for address in addresses["results: and"]))
    addresses["results, explained"] = [f"/?{query}&explain=true" for query in some]
    addresses["nothing found"] = [f"/?{query}&section=None" for query in some]
    addresses["feed"] = [f"/feed.atom?{query}" for query in some]
    addresses["article"] = [f"/article/{chance.randrange(1_000)}?{query}" for query in some]
    addresses[JSON] = [f"/api/search?{query}" for query in some]
    addresses["openapi.json"] = ["/openapi.json"] * number
    return {kind: list(dict.fromkeys(some)) if kind != "openapi.json" else some for kind, some in addresses.items()}


def figures(client: FlaskClient, addresses: list[str], **headers: str) -> Figures:
    milliseconds, kilobytes = [], []
    for address in addresses:
        start = time.process_time()
        answer = client.get(address, headers=headers)
        milliseconds.append((time.process_time() - start) * 1000)
        assert answer.status_code == 200, answer.text
        plain = "Content-Encoding" not in answer.headers
        kilobytes.append(len(gzip.compress(answer.data) if plain else answer.data) / 1000)
    milliseconds.sort()
    p99 = milliseconds[int(len(milliseconds) * 0.99)]
    return Figures(statistics.median(milliseconds), p99, statistics.median(kilobytes), max(kilobytes))


def served(settings: Settings, addresses: list[str]) -> float:
    """CPU milliseconds of the server's one process for a request that it has answered before, on one kept connection."""
    with server(settings, BROADSHEET_PROCESSES="1") as (process, host, port):
        connection = HTTPConnection(host, port)

        def ask_all() -> float:
            before = cpu_seconds(process.pid)
            for address in addresses:
                connection.request("GET", address, headers=COMPRESSED)
                connection.getresponse().read()
            return cpu_seconds(process.pid) - before

        ask_all()
        return sum(ask_all() for _ in range(REPEATS)) * 1000 / REPEATS / len(addresses)


def cpu_seconds(pid: int) -> float:
    """Of the processes that this one has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    stats = [Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2].split() for child in children]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def bare(articles: list[Article], folder: Path) -> FlaskClient:
    """The application that somebody writes in an hour: all words of the query, in headline or body."""
    builder = tantivy.SchemaBuilder()
    for name in ("id", "headline", "body", "section", "published"):
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem" if name in ("headline", "body") else "raw")
    schema = builder.build()
    folder.mkdir()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer(128_000_000, num_threads=1)
    for article in articles:
        body = "\n\n".join(paragraph.text for paragraph in article.paragraphs)
        published = article.published.iso if article.published else ""
        about = {"id": article.id, "headline": article.headline, "section": article.section, "published": published}
        writer.add_document(tantivy.Document(body=body, **about))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    app = Flask("bare")

    @app.get("/api/search")
    def search() -> Response:
        searcher = index.searcher()
        query = index.parse_query(request.args["q"], ["headline", "body"], conjunction_by_default=True)
        found = searcher.search(query, 10)
        snippets = tantivy.SnippetGenerator.create(searcher, query, schema, "body")
        results = []
        for score, address in found.hits:
            stored = searcher.doc(address)
            fields = {name: values[0] for name, values in stored.to_dict().items() if name != "body"}
            results.append({**fields, "score": score, "snippet": snippets.snippet_from_doc(stored).to_html()})
        return Response(json.dumps({"total": found.count, "results": results}), content_type="application/json")

    return app.test_client()


if __name__ == "__main__":
    main()
