"""What an index has: shares of articles that lack something, pages that were skipped, folders that are gone.

check_contents(reader) -> Finding("dates", "210 of 1,000 articles (21%) have no date", "list them with …"), …
"""

import os
from collections.abc import Iterator
from itertools import islice

from indexer.doctor.finding import Finding
from search.engines.protocol import Reader, Stats
from search.query.nodes import MatchAll, SearchRequest

MAX_SHARE = 0.1
"""A few notices, lists and letters have none; of more, the pages are of an unusual kind or were read wrongly."""
MAX_PUBLISHERS = 10_000
SAMPLE = 5_000
"""Articles that are looked into for headlines, which no count of the index tells."""
EXPLAIN = "see why with `broadsheet extract --explain PAGE`"
SKIPS = {
    "timed-out": "give pages more time with BROADSHEET_PAGE_SECONDS",
    "too-large": "allow larger pages with BROADSHEET_PAGE_BYTES",
    "out-of-memory": "give pages more memory with BROADSHEET_PAGE_MEMORY",
    "unreadable": "let the user that indexes read them, then run `broadsheet index --retry-skipped`",
    "undecodable": "save or download them again; they are damaged",
    "failed": "report it: the extractor is at fault",
}
"""What can be done about pages that were skipped, by code of errors.PAGE_ERRORS; the others have no article."""


def check_contents(reader: Reader) -> Iterator[Finding]:
    stats = reader.stats()
    if not stats.articles:
        yield Finding("articles", "the index has none", "broadsheet index PATH…")
        return
    yield Finding("articles", f"{stats.articles:,}; earlier versions: {stats.versions:,}")
    yield _share("dates", "date", stats.undated, stats.articles, f"list them with `broadsheet search 'NOT has:date'`; {EXPLAIN}")
    yield _headlines(reader)
    unknown = stats.articles - sum(stats.languages.values())
    yield _share(
        "languages", "language that is known", unknown, stats.articles, "give one with `broadsheet index --language CODE`"
    )
    yield _publishers(reader, stats)
    yield from _skipped(stats)
    yield from _folders(stats)


def _share(check: str, what: str, without: int, articles: int, do: str) -> Finding:
    says = f"{without:,} of {articles:,} articles ({without / articles:.0%}) {'has' if without == 1 else 'have'} no {what}"
    return Finding(check, says, do if without > MAX_SHARE * articles else None)


def _headlines(reader: Reader) -> Finding:
    articles = reader.articles(SearchRequest(MatchAll(), order_by="newest"))
    seen = [bool(article.headline) for article in islice(articles, SAMPLE)]
    return _share("headlines", "headline", seen.count(False), len(seen), EXPLAIN)


def _publishers(reader: Reader, stats: Stats) -> Finding:
    (facet,) = reader.search(SearchRequest(MatchAll(), size=0, facets=("publisher",), facet_size=MAX_PUBLISHERS)).facets
    without = max(stats.articles - sum(value.count for value in facet.values), 0)
    return _share("publishers", "publisher", without, stats.articles, EXPLAIN)


def _skipped(stats: Stats) -> Iterator[Finding]:
    if not stats.skipped:
        yield Finding("skipped", "no page was skipped")
    for code, count in stats.skipped.items():
        yield Finding("skipped", f"{count:,} {'page' if count == 1 else 'pages'}: {code}", SKIPS.get(code))


def _folders(stats: Stats) -> Iterator[Finding]:
    for collection in stats.collections:
        if not os.path.isdir(collection.root):
            do = f"mount it, or index its new place with `broadsheet index --collection {collection.name} PATH`"
            yield Finding("folders", f"{collection.root} of the collection {collection.name} is gone", do)
