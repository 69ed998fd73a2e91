"""Broadsheet beside other extractors of article pages: the same pages, the same truth, in one run.

    pip install -e '.[peers]'
    python tests/benchmarks/extraction.py FOLDER [--pages FOLDER/pages] [--set NAME] [--baseline FILE | --keep FILE]

The peers (trafilatura, newspaper4k, readability-lxml, goose3) are no part of Broadsheet; one that is not installed is left out.

FOLDER/manifest.jsonl names the pages and what is known of them, a line each:

    {"id": "a-17", "set": "news", "truth": {…}}

The page of this id is pages/a-17.html or a-17.html.gz. Pages of one set get a table of their own. `truth` holds what is known,
all of it optional: "headline"; "published", a date in ISO 8601; "body", the standfirst, paragraphs and subheads, separated by
blank lines; "authors", a list of names; "captions", a list of {"text", "credit"}; or, where the body is known in part only,
"with" and "without": lists of segments that must and must not be in it. Other names are passed over.

Each page goes through every extractor in turn, so that what else the machine does falls on all alike; the time is CPU time of
this process, for all fields. Nobody is told the page's address. Broadsheet decodes the page itself, within its time; the others
get it decoded. The figures are explained in extraction_figures.py. Tables are printed in Markdown, as docs/benchmarks.md shows
them.

--keep writes Broadsheet's figures of each set to a file, --baseline compares them with such a file: a figure that is lower is
named, and the exit status is 1. extraction_baseline.json beside this script has those of the two sets in docs/benchmarks.md.
"""

import argparse
import gzip
import json
import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from extraction_figures import Found, Tally, costs, lower_figures, quality, rows

from indexer.extract.pipeline import extract
from indexer.sources.decode import decode
from indexer.sources.raw_page import RawPage
from search.settings import Settings

ALL_FIELDS = ("headline", "body", "published", "authors", "captions")


@dataclass(frozen=True)
class Extractor:
    """gives: which of ALL_FIELDS it knows of. load: imports it and returns what makes a Found of a page's bytes and text."""

    name: str
    package: str
    gives: tuple[str, ...]
    load: Callable[[], Callable[[bytes, str], Found]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=Path, help="where the pages are, instead of FOLDER/pages")
    parser.add_argument("--set", dest="only", help="this set of pages only")
    parser.add_argument("--baseline", type=Path, help="figures that must not be lower")
    parser.add_argument("--keep", type=Path, help="where to write the figures of this run")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # of the peers, about the pages
    logging.disable()
    with (options.folder / "manifest.jsonl").open(encoding="utf-8") as lines:
        pages = [page for page in map(json.loads, lines) if options.only in (None, page["set"])]
    extractors = list(_installed())
    kept: dict[str, dict[str, str]] = {}
    for name, of_set in groupby(sorted(pages, key=lambda page: str(page["set"])), key=lambda page: str(page["set"])):
        tallies = _run(extractors, list(of_set), options.pages or options.folder / "pages")
        print(f"\n{len(tallies[0].milliseconds)} pages of {name}\n")
        print("\n".join(_table([extractor for extractor, _ in extractors], tallies)))
        kept[name] = quality(rows(tallies[0], ALL_FIELDS))
    if options.keep:
        options.keep.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    if options.baseline:
        lower = lower_figures(json.loads(options.baseline.read_text(encoding="utf-8")), kept)
        print("\n".join(lower) or "\nNo figure is lower than the baseline's.")
        sys.exit(1 if lower else 0)


def _installed() -> Iterator[tuple[Extractor, Callable[[bytes, str], Found]]]:
    for extractor in EXTRACTORS:
        try:
            yield extractor, extractor.load()
        except ImportError as error:
            print(f"left out: {extractor.name} ({error}); pip install {extractor.package}")


def _run(
    extractors: list[tuple[Extractor, Callable[[bytes, str], Found]]], pages: list[dict[str, Any]], folder: Path
) -> list[Tally]:
    tallies = [Tally() for _ in extractors]
    first = _read(folder, pages[0]["id"])
    for _, read in extractors:
        _attempt(read, first)  # what is loaded and compiled at the first call is no cost of a page
    for page in pages:
        data = _read(folder, page["id"])
        for tally, (_, read) in zip(tallies, extractors, strict=True):
            tally.count(page["truth"], *_attempt(read, data))
    return tallies


def _read(folder: Path, name: str) -> bytes:
    packed = folder / f"{name}.html.gz"
    return gzip.decompress(packed.read_bytes()) if packed.exists() else (folder / f"{name}.html").read_bytes()


def _attempt(read: Callable[[bytes, str], Found], data: bytes) -> tuple[Found | None, float]:
    """What was found, None after a crash, and the milliseconds of CPU it took."""
    text = decode(data, None)
    start = time.process_time()
    try:
        found = read(data, text)
    except Exception:  # whatever it is, it is the extractor's failure
        found = None
    return found, (time.process_time() - start) * 1000


def _table(extractors: list[Extractor], tallies: list[Tally]) -> Iterable[str]:
    """Figures downwards, extractors across."""
    columns = [rows(tally, extractor.gives) for extractor, tally in zip(extractors, tallies, strict=True)]
    own = costs(tallies[0])
    for column, tally in zip(columns, tallies, strict=True):
        column["the same, times Broadsheet's"] = " / ".join(f"{a / b:.1f}" for a, b in zip(costs(tally), own, strict=True))
    yield "| | " + " | ".join(f"{extractor.name}{_version(extractor)}" for extractor in extractors) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for name in columns[0]:
        yield f"| {name} | " + " | ".join(column[name] for column in columns) + " |"


def _version(extractor: Extractor) -> str:
    try:
        return f" {version(extractor.package)}" if extractor.package != "broadsheet" else ""
    except PackageNotFoundError:
        return ""


# --- the extractors ---------------------------------------------------------------------------------------------------


def _broadsheet() -> Callable[[bytes, str], Found]:
    settings = Settings()

    def read(data: bytes, _: str) -> Found:
        article = extract(RawPage("page", "", data), settings)
        return Found(
            article.headline,
            "\n\n".join([article.standfirst or "", *(paragraph.text for paragraph in article.paragraphs)]),
            article.published.iso if article.published else None,
            article.authors,
            [(caption.text, caption.credit) for caption in article.captions],
        )

    return read


def _trafilatura(fast: bool) -> Callable[[bytes, str], Found]:
    from trafilatura import bare_extraction

    def read(_: bytes, text: str) -> Found:
        document = bare_extraction(text, fast=fast, with_metadata=True, include_comments=False)
        if document is None:
            return Found()
        authors = (document.author or "").split("; ")
        return Found(document.title, document.text or "", document.date, authors)

    return read


def _newspaper() -> Callable[[bytes, str], Found]:
    import newspaper

    def read(_: bytes, text: str) -> Found:
        article = newspaper.article("", input_html=text, fetch_images=False)
        published = article.publish_date.isoformat() if article.publish_date else None
        return Found(article.title, article.text, published, article.authors)

    return read


def _readability() -> Callable[[bytes, str], Found]:
    from lxml.html import fragment_fromstring
    from readability import Document

    def read(_: bytes, text: str) -> Found:
        document = Document(text)
        body = fragment_fromstring(document.summary(html_partial=True), create_parent=True)
        return Found(document.short_title(), "\n".join(body.itertext()))

    return read


def _goose() -> Callable[[bytes, str], Found]:
    from goose3 import Goose

    goose = Goose({"enable_image_fetching": False})

    def read(_: bytes, text: str) -> Found:
        article = goose.extract(raw_html=text)
        when = article.publish_datetime_utc  # the text of the date may be of any form
        return Found(article.title, article.cleaned_text, when.isoformat() if when else article.publish_date, article.authors)

    return read


MOST_FIELDS = ("headline", "body", "published", "authors")
EXTRACTORS = (
    Extractor("Broadsheet", "broadsheet", ALL_FIELDS, _broadsheet),
    Extractor("trafilatura", "trafilatura", MOST_FIELDS, lambda: _trafilatura(fast=False)),
    Extractor("trafilatura, fast", "trafilatura", MOST_FIELDS, lambda: _trafilatura(fast=True)),
    Extractor("newspaper4k", "newspaper4k", MOST_FIELDS, _newspaper),
    Extractor("readability-lxml", "readability-lxml", ("headline", "body"), _readability),
    Extractor("goose3", "goose3", MOST_FIELDS, _goose),
)


if __name__ == "__main__":
    main()
