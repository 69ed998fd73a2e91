"""A threshold of the extraction, swept: the body's figures on pages with a known text, for each value.

    python tests/benchmarks/thresholds.py FOLDER body.container.DESCEND_SHARE 0.6 0.7 0.8 0.9

FOLDER is as for extraction.py beside this script. Pages whose truth has "body" count as the mean F1 of words, those with "with"
and "without" as the F1 of segments. The constant is named by its module below indexer.extract, and set in every module that
imports it. The first line is of the value that the code has. With --every N one page in N is read.
"""

import argparse
import gzip
import importlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from extraction_figures import Found, Tally

from indexer.extract.pipeline import extract
from indexer.sources.raw_page import RawPage
from search.errors import PageError
from search.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("constant")
    parser.add_argument("values", nargs="+", type=float)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    lines = (options.folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()[:: options.every]
    pages = [(row["truth"], _read(options.folder / "pages", row["id"])) for row in map(json.loads, lines)]
    module, _, name = options.constant.rpartition(".")
    now = getattr(importlib.import_module(f"indexer.extract.{module}"), name)
    for value in (now, *(type(now)(value) for value in options.values)):
        _set(name, value)
        print(f"{options.constant} = {value}: {_figures(pages)}", flush=True)


def _read(folder: Path, page: str) -> bytes:
    plain = folder / f"{page}.html"
    return plain.read_bytes() if plain.exists() else gzip.decompress((folder / f"{page}.html.gz").read_bytes())


def _set(name: str, value: float) -> None:
    for loaded in list(sys.modules.values()):
        if loaded.__name__.startswith("indexer.extract") and hasattr(loaded, name):
            setattr(loaded, name, value)


def _figures(pages: list[tuple[dict[str, object], bytes]]) -> str:
    tally, settings = Tally(), Settings()
    for truth, data in pages:
        try:
            article = extract(RawPage("page", "", data), settings)
        except PageError:
            found = None
        else:
            texts = [article.standfirst or "", *(paragraph.text for paragraph in article.paragraphs)]
            found = Found(body="\n\n".join(texts))
        tally.count({key: truth[key] for key in ("body", "with", "without") if key in truth}, found, 0.0)
    words = sum(body[0] for body in tally.bodies) / max(1, len(tally.bodies))
    wanted, unwanted, missing = (tally.segments[key] for key in ("wanted", "unwanted", "missing"))
    return f"words {words:.4f}, segments {2 * wanted / max(1, 2 * wanted + unwanted + missing):.4f}"


if __name__ == "__main__":
    main()
