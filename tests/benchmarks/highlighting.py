"""What highlighting a page of ten hits costs, by class of query, in several languages.

    python tests/benchmarks/highlighting.py [--queries 70]

Hits are articles of 600 made words in 12 paragraphs of printed prose: sentences, quotations, hyphens, accents and elisions. The
articles' words have been seen before, the query has not, as in a server that has run for a while. CPU ms, mean and 99th
percentile over the queries, medians of RUNS.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path
from zlib import crc32

sys.path.insert(0, str(Path(__file__).parents[2]))

from material import HITS, vocabulary
from searching import figures

from search.analysis.sentences import sentences
from search.highlight.highlighter import highlight, leaf_marks
from search.model.article import Article, Caption, Paragraph
from search.query.nodes import Query, leaves
from search.query.parsing.parser import parse

ARTICLES = 200
PARAGRAPHS = 12
WORDS_A_PARAGRAPH = 50

LANGUAGES = {"en": "English", "fr": "French", "de": "German", "ru": "Russian", "zh": "Chinese"}
ENDINGS = {
    "en": ("", "", "s", "ed", "ing", "ation", "ly"),
    "fr": ("", "", "s", "er", "é", "ée", "ement", "ation"),
    "de": ("", "", "e", "en", "er", "es", "ung", "lich"),
    "ru": ("", "", "а", "ы", "ов", "ами", "ение", "ный"),
    "zh": ("",),
}
QUOTES = {"en": "“{}”", "fr": "«\xa0{}\xa0»", "de": "„{}“", "ru": "«{}»", "zh": "「{}」"}
ACCENTS = {"fr": str.maketrans("aeiou", "âéîôù"), "de": str.maketrans("aou", "äöü")}
CYRILLIC = str.maketrans("bdfgklmnprstvaeiou", "бдфгклмнпрстваеиоу")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=70, help="of each class; more than the highlighter remembers")
    options = parser.parse_args()
    print(f"| CPU ms for {HITS} hits, mean / p99 | {' | '.join(LANGUAGES.values())} |\n|---{'|---' * len(LANGUAGES)}|")
    for kind, *costs in zip(CLASSES, *(_costs(language, options.queries) for language in LANGUAGES), strict=True):
        print(f"| {kind} | {' | '.join(costs)} |", flush=True)


def _costs(language: str, number: int) -> Iterator[str]:
    """Of each class."""
    chance = random.Random(5)
    words = _words(language, chance)
    articles = [_article(words, language, chance) for _ in range(ARTICLES)]
    for kind, ask in CLASSES.items():
        if language == "zh" and kind in ("prefix", "wildcard", "typo"):  # of letters
            yield "–"
            continue
        asked = [parse(ask(words, articles, chance)).query for _ in range(number)]
        hits = [([a for a in articles if _is_hit(a, query, kind)] * HITS)[:HITS] for query in asked]
        mean, p99 = figures([partial(_highlight, query, some) for query, some in zip(asked, hits, strict=True) if some])
        yield f"{mean:.2f} / {p99:.2f}"


def _is_hit(article: Article, query: Query, kind: str) -> bool:
    shown = {mark.leaf for some in leaf_marks(article, query).values() for mark in some}
    return len(shown) >= (1 if kind == "or" else len(leaves(query)))


def _highlight(query: Query, articles: list[Article]) -> None:
    for article in articles:
        sentences.cache_clear()  # hits are new articles nearly always
        highlight(article, query)


# ---------------------------------------------------------------- the queries


def _frequent(words: list[str], chance: random.Random) -> str:
    return words[min(int(chance.paretovariate(0.6)) + 20, 3_000)]


def _printed(articles: list[Article], count: int, chance: random.Random) -> list[str]:
    """Words that stand side by side in an article; not the l of l’accord."""
    words = re.findall(r"[一-鿿]|[^\W\d_一-鿿]+", " ".join(p.text for p in chance.choice(articles).paragraphs))
    runs = [words[at : at + count] for at in range(len(words) - count)]
    return chance.choice([run for run in runs if min(map(len, run)) > 2 or run[0] >= "一"])


def _several(count: int, joiner: str, words: list[str], _: list[Article], chance: random.Random) -> str:
    return joiner.join(_frequent(words, chance) for _ in range(count))


def _wildcard(words: list[str], _: list[Article], chance: random.Random) -> str:
    word = _frequent(words, chance)
    return f"{word[:3]}*{word[-2:]}"


CLASSES: dict[str, Callable[[list[str], list[Article], random.Random], str]] = {
    "word": partial(_several, 1, ""),
    "and": partial(_several, 2, " "),
    "or": partial(_several, 4, " OR "),
    "phrase": lambda _, articles, chance: f'"{" ".join(_printed(articles, 2, chance))}"',
    "prefix": lambda words, _, chance: f"{_frequent(words, chance)[:4]}*",
    "wildcard": _wildcard,
    "typo": lambda words, _, chance: f"{_frequent(words, chance)}~",
    "near": lambda _, articles, chance: f'"{" ".join(_printed(articles, 4, chance)[::3])}"~5',
}


# ---------------------------------------------------------------- the articles


def _words(language: str, chance: random.Random) -> list[str]:
    """The most frequent first; in French and German every third has an accent within, too; of Chinese ones two letters each."""
    words = vocabulary(chance)
    match language:
        case "fr" | "de":
            words = [w[:2] + w[2:].translate(ACCENTS[language]) if number % 3 == 0 else w for number, w in enumerate(words)]
        case "ru":
            words = [word.translate(CYRILLIC) for word in words]
        case "zh":
            words = [
                chr(0x4E00 + crc32(word.encode()) % 3_000) + chr(0x4E00 + crc32(word[1:].encode()) % 3_000) for word in words
            ]
    return list(dict.fromkeys(word + chance.choice(ENDINGS[language]) for word in words))


def _article(words: list[str], language: str, chance: random.Random) -> Article:
    cumulative = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    text = chance.choices(words, cum_weights=cumulative, k=10 + PARAGRAPHS * WORDS_A_PARAGRAPH)
    paragraphs = [text[start : start + WORDS_A_PARAGRAPH] for start in range(10, len(text), WORDS_A_PARAGRAPH)]
    return Article(
        "made/one", "one", language=language, headline=" ".join(text[:10]).capitalize(), authors=("Ann Sample",),
        paragraphs=tuple(Paragraph(_prose(some, language, chance)) for some in paragraphs),
        captions=(Caption(_prose(text[:15], language, chance), "Ann Sample/Agency"),),
        section="World", publisher="The Daily Sample",
    )  # fmt: skip


def _prose(words: list[str], language: str, chance: random.Random) -> str:
    prose = " ".join(_sentences(words, language, chance))
    return prose.translate({ord(","): "，", ord("."): "。", ord(" "): None, ord("-"): None}) if language == "zh" else prose


def _sentences(words: list[str], language: str, chance: random.Random) -> Iterator[str]:
    while words:
        length = chance.randint(8, 25)
        sentence = " ".join(_with_signs(word, language, chance) for word in words[:length])
        sentence = f"{sentence[0].upper()}{sentence[1:].rstrip(',')}."
        yield QUOTES[language].format(sentence) if chance.random() < 0.1 else sentence
        words = words[length:]


def _with_signs(word: str, language: str, chance: random.Random) -> str:
    match int(chance.random() * 100):
        case 0:
            return f"{word}-{word[:4]}"
        case 1 | 2:
            return word.capitalize()
        case 3 if language == "en":
            return f"{word}’s"
        case 3 | 4 | 5 | 6 | 7 if language == "fr":
            return f"{chance.choice('ld')}’{word}"
        case 8 | 9 | 10 | 11:
            return f"{word},"
    return word


if __name__ == "__main__":
    main()
