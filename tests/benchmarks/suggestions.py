"""How often a misspelled word is put right, and a right one left alone.

    python tests/benchmarks/suggestions.py FOLDER|URL… [--words 300] [--seed 1] [--misspellings FILE] [--held-back]

Of each archive (a folder of pages; one with docs.jsonl {"id", "headline", "body"}; the address of an index; or several of these
as one, joined by +, for an archive in many languages) words are drawn at random, of at least four letters, each once, and given
one typo: a letter inserted, deleted or changed, or two neighbours swapped. Counted is how often the right word comes first.

    words            as they stand in running text in small letters; of an archive in several languages those of its first
                     one, and those of articles in others
    names            words that stand capitalised inside a sentence, alone or in a name
    with a neighbour words, each before the word that follows it in a text: a query of two
    as people do     words with the typo that FILE has of them, which has lines as "acheive->achieve": codespell's dictionary.txt

Also how often something is suggested for the words as they are, and for two right words that no article need have together;
the CPU time of an answer, and the questions to the engine that it takes. Words fall into three parts by their letters: thresholds
are looked for on two, --held-back measures the third.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from zlib import crc32

sys.path.insert(0, str(Path(__file__).parents[2]))

from indexer.load.pipeline import load
from search.analysis.analyzer import exact_tokens, fold
from search.engines.protocol import Engine, Reader, open_engine
from search.indexing.named_entities import names
from search.model.article import Article, passages
from search.service.search import SearchParams, answer
from search.settings import Limits, Settings
from tests.benchmarks.relevance import articles
from tests.counting import CountingReader

LEAST_LETTERS = 4
LETTERS = "abcdefghijklmnopqrstuvwxyz"
PARTS = 3
TIMED = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="+", metavar="FOLDER|URL")
    parser.add_argument("--words", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="tantivy")
    parser.add_argument("--misspellings", type=Path)
    parser.add_argument("--held-back", action="store_true")
    parser.add_argument("--show", action="store_true", help="what went wrong")
    options = parser.parse_args()
    for archive in options.archives:
        with tempfile.TemporaryDirectory() as folder, _opened(archive, f"{options.engine}:{folder}/index") as engine:
            print(archive)
            Measure(engine.reader(), options).all()


class Measure:
    def __init__(self, reader: Reader, options: argparse.Namespace) -> None:
        self.reader = reader
        self.chance = random.Random(options.seed)
        self.number: int = options.words
        self.held_back: bool = options.held_back
        self.show: bool = options.show
        self.misspellings = misspellings(options.misspellings) if options.misspellings else {}

    def all(self) -> None:
        main_language = (*self.reader.languages, None)[0]
        by_language, named, following = vocabulary(self.reader)
        words = by_language.pop(main_language, set())
        others = {word for some in by_language.values() for word in some} - words
        self.typos("words", {word: with_typo(word, self.chance) for word in self.drawn(words)})
        if others:
            self.typos("words in other languages", {word: with_typo(word, self.chance) for word in self.drawn(others)})
        self.typos("names", {word: with_typo(word, self.chance) for word in self.drawn(named)})
        neighbours = {
            f"{word} {following[word]}": f"{with_typo(word, self.chance)} {following[word]}"
            for word in self.drawn((words | others) & following.keys())
        }
        self.typos("with a neighbour", neighbours)
        if self.misspellings:
            known = self.drawn(words & self.misspellings.keys())
            self.typos("as people do", {word: self.chance.choice(self.misspellings[word]) for word in known})
            known = self.drawn(words & self.misspellings.keys() & following.keys())
            with_neighbour = {
                f"{word} {following[word]}": f"{self.chance.choice(self.misspellings[word])} {following[word]}" for word in known
            }
            self.typos("as people do, with a neighbour", with_neighbour)
        drawn = self.drawn(words | others)
        self.left_alone("two words", [f"{one} {other}" for one, other in zip(drawn, self.drawn(words), strict=False)])
        self.cost([with_typo(word, self.chance) for word in drawn[:TIMED]])

    def drawn(self, words: set[str]) -> list[str]:
        some = sorted(word for word in words if (crc32(fold(word).encode()) % PARTS == 0) == self.held_back)
        return self.chance.sample(some, min(self.number, len(some)))

    def typos(self, kind: str, typed: dict[str, str]) -> None:
        right = sum(self.corrected(wrong, word) for word, wrong in typed.items())
        share = f"{right / max(1, len(typed)):6.1%} of {len(typed)} typos put right"
        print(f"  {kind + ':':32}{share}, {self.share_left_alone([*typed]):.1%} right ones left")

    def left_alone(self, kind: str, texts: list[str]) -> None:
        print(f"  {kind + ':':32}{self.share_left_alone(texts):6.1%} of {len(texts)} right ones left")

    def share_left_alone(self, texts: list[str]) -> float:
        return sum(self.suggested(text, self.show) is None for text in texts) / max(1, len(texts))

    def corrected(self, typed: str, word: str) -> bool:
        text = self.suggested(typed, False)
        if self.show and (text is None or fold(text) != fold(word)):
            print(f"    {word}, typed {typed}: {text}")
        return text is not None and fold(text) == fold(word)

    def suggested(self, text: str, show: bool) -> str | None:
        found = answer(self.reader, SearchParams(text, page_size=1), Limits()).suggestion
        if show and found:
            print(f"    {text} is right: {found.text} {found.total}")
        return found.text if found else None

    def cost(self, typed: list[str]) -> None:
        milliseconds = [_timed(self.reader, text) for text in typed]
        counting = CountingReader(self.reader)
        for text in typed:
            answer(counting, SearchParams(text), Limits())  # type: ignore[arg-type]
        asked = ", ".join(f"{name} {count / len(typed):.1f}" for name, count in counting.asked.most_common())
        print(f"  CPU ms of an answer with a typo: median {statistics.median(milliseconds):.1f}, most {max(milliseconds):.1f}")
        print(f"  questions to the index: {counting.asked.total() / len(typed):.1f} ({asked})")


def misspellings(path: Path) -> dict[str, list[str]]:
    """How each word is misspelt; misspellings that may be of several words are left out."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        typed, _, meant = line.partition("->")
        if meant.isalpha() and typed.isalpha():
            found.setdefault(meant, []).append(typed)
    return found


def vocabulary(reader: Reader) -> tuple[dict[str | None, set[str]], set[str], dict[str, str]]:
    """The words of its articles by language, those of them that are names, as printed, and a word that follows each."""
    words: dict[str | None, set[str]] = {}
    named: set[str] = set()
    following: dict[str, str] = {}
    for article in reader.documents():
        if isinstance(article, Article) and reader.get(article.id) == article:
            for passage in passages(article):
                if passage.field == "body":
                    some = [*_words(passage.text)]
                    words.setdefault(article.language, set()).update(word for word in some if word.islower())
                    following.update(pairwise(some))
            named |= {word for name in names(article) for word in _words(name) if word[0].isupper()}
    return words, named, following


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


def _timed(reader: Reader, text: str) -> float:
    start = time.process_time()
    answer(reader, SearchParams(text), Limits())
    return (time.process_time() - start) * 1000


def _opened(archive: str, new: str) -> Engine:
    if ":" in archive:
        return open_engine(archive)
    engine = open_engine(new, create=True)
    for part in archive.split("+"):
        folder = Path(part)
        if (folder / "docs.jsonl").exists():
            engine.add(articles(folder / "docs.jsonl"))
        else:
            load([part], engine, Settings(jobs=1))
    return engine


if __name__ == "__main__":
    main()
