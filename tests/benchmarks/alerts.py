"""What a run of alerts costs: many searches over many articles, all of them new.

    python tests/benchmarks/alerts.py [--articles 10000] [--searches 1000]

CPU seconds of `run_alerts`, from the state of an archive to the last of the files, one a search, with lines of JSON. The articles
are those of classes.py; half the searches are for one of its rarer words, half for two of its more common ones.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from classes import LENGTHS, press
from material import vocabulary

from indexer.alerts.alert_file import read_alerts
from indexer.alerts.run import run_alerts
from indexer.alerts.state import open_state
from search.engines.protocol import open_engine
from search.query.parsing.synonyms import Spellings
from search.settings import Settings

COMMON, RARE = (300, 3_000), (3_000, 12_000)
"""Places in the vocabulary, by frequency."""
ADDED, SINCE = "2026-01-02T00:00:00Z", "2026-01-01"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--searches", type=int, default=1_000)
    options = parser.parse_args()
    words = vocabulary(random.Random(1))
    with tempfile.TemporaryDirectory() as folder, open_engine(f"tantivy:{folder}/index", create=True) as engine:
        engine.add(replace(article, added=ADDED) for article in press(words, options.articles, LENGTHS))
        file = Path(folder, "alerts.toml")
        file.write_text("\n".join(searches(words, options.searches)), encoding="utf-8")
        started = time.process_time()
        with open_state(file) as state:
            failures = run_alerts(read_alerts(file), engine.reader(), Settings(), Spellings(), state)
        seconds = time.process_time() - started
        hits = sum(found.read_bytes().count(b"\n") for found in Path(folder).glob("*.jsonl"))
    print(
        f"{options.searches:,} searches, {options.articles:,} articles, {hits:,} hits: {seconds:.1f} s; {len(failures)} failures"
    )


def searches(words: list[str], count: int) -> list[str]:
    chance = random.Random(2)
    texts = [
        chance.choice(words[slice(*RARE)]) if number % 2 else " ".join(chance.sample(words[slice(*COMMON)], 2))
        for number in range(count)
    ]
    return [
        f'[[search]]\nname = "{number}"\nquery = "{text}"\nsince = "{SINCE}"\nto = [{{ file = "{number}.jsonl" }}]'
        for number, text in enumerate(texts)
    ]


if __name__ == "__main__":
    main()
