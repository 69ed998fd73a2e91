"""How often a misspelled word is put right, and a right one left alone.

    python tests/benchmarks/suggestions.py FOLDER|URL… [--words 300] [--seed 1]

Of each archive (a folder of pages; one with docs.jsonl {"id", "headline", "body"}; or the address of an index) words are drawn at
random, of at least four letters, each once, and given one typo: a letter inserted, deleted or changed, or two neighbours
swapped. Counted is how often the right word comes first. Names are words that stand capitalised inside a sentence, alone or
in a name. Also: how often something is suggested for the words as they are, and the CPU time of an answer.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from indexer.load import load
from search.analysis import exact_tokens, fold
from search.answer import Question, answer
from search.article import Article, passages
from search.engine import Engine, open_engine
from search.names import names
from search.settings import Limits, Settings
from tests.benchmarks.relevance import articles

LEAST_LETTERS = 4
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+", metavar="FOLDER|URL")
    parser.add_argument("--words", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--show", action="store_true", help="what went wrong")
    options = parser.parse_args()
    for archive in options.archives:
        with tempfile.TemporaryDirectory() as folder, _opened(archive, f"{options.engine}:{folder}/index") as engine:
            print(archive)
            measure(engine, options.words, random.Random(options.seed), options.show)


def measure(engine: Engine, number: int, chance: random.Random, show: bool) -> None:
    words, named = vocabulary(engine)
    for kind, some in (("words", words), ("names", named)):
        drawn = chance.sample(sorted(some), min(number, len(some)))
        right = sum(corrected(engine, with_typo(word, chance), word, show) for word in drawn) / len(drawn)
        left = sum(suggested(engine, word, show) is None for word in drawn) / len(drawn)
        print(f"  {kind}: {right:.1%} of {len(drawn)} typos put right, {left:.1%} right ones left")
    milliseconds = [_timed(engine, with_typo(word, chance)) for word in chance.sample(sorted(words), min(100, len(words)))]
    print(f"  CPU ms of an answer with a typo: median {statistics.median(milliseconds):.1f}, most {max(milliseconds):.1f}")


def vocabulary(engine: Engine) -> tuple[set[str], set[str]]:
    """The words of its articles, and those of them that are names, as printed."""
    words: set[str] = set()
    named: set[str] = set()
    for article in engine.documents():
        if isinstance(article, Article) and engine.get(article.id) == article:
            words |= {word for passage in passages(article) if passage.field == "body" for word in _words(passage.text)}
            named |= {word for name in names(article) for word in _words(name) if word[0].isupper()}
    return {word for word in words if word.islower()}, named


def _words(text: str) -> Iterator[str]:
    for token in exact_tokens(text):
        word = text[token.start : token.end]
        if not token.unspaced and len(word) >= LEAST_LETTERS and word.isalpha():
            yield word


def with_typo(word: str, chance: random.Random) -> str:
    """A word that is not the same, however capitals and accents are written."""
    while True:
        place = chance.randrange(len(word))
        letter = chance.choice(LETTERS if word.isascii() else word.lower() + LETTERS)
        typed = chance.choice(
            (
                word[:place] + letter + word[place:],
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :],
            )
        )
        if fold(typed) != fold(word):
            return typed


def corrected(engine: Engine, typed: str, word: str, show: bool) -> bool:
    text = suggested(engine, typed, False)
    if show and (text is None or fold(text) != fold(word)):
        print(f"    {word}, typed {typed}: {text}")
    return text is not None and fold(text) == fold(word)


def suggested(engine: Engine, text: str, show: bool) -> str | None:
    found = answer(engine, Question(text, page_size=1), Limits()).suggestion
    if show and found:
        print(f"    {text} is right: {found.text} {found.total}")
    return found.text if found else None


def _timed(engine: Engine, text: str) -> float:
    start = time.process_time()
    answer(engine, Question(text), Limits())
    return (time.process_time() - start) * 1000


def _opened(archive: str, new: str) -> Engine:
    if ":" in archive:
        return open_engine(archive)
    engine = open_engine(new, create=True)
    folder = Path(archive)
    if (folder / "docs.jsonl").exists():
        engine.add(articles(folder / "docs.jsonl"))
    else:
        load([archive], engine, Settings(jobs=1))
    return engine


if __name__ == "__main__":
    main()
