"""What each class of query costs in an archive, and how that grows with the archive.

    python tests/benchmarks/classes.py [--articles 10000 100000] [--short] [--queries 30] [--folder DIR] [--json FILE]
        [--only CLASS ...]

CPU ms of a question asked of the library, search, highlights and suggestion included, in archives of made-up articles: words of
natural frequencies, forty publishers each called "The …", three authors to ten articles, wire copies, earlier versions and
quotes, all from a seed. The first question of a class is asked once before, since a server fills its caches once. With --folder
the archives are kept there and not made again. Growth is that of the mean from the smallest archive to the largest. The budget:
no class above 60 ms at the 99th percentile in 100,000 articles, and none that grows as fast as the archive.
"""

import argparse
import gc
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import msgspec
from material import made, vocabulary

from search.engines.codec import encode
from search.engines.prepare import prepare
from search.engines.protocol import Prepared, Reader, open_engine
from search.errors import EngineError
from search.indexing.fields import keywords
from search.indexing.near_duplicates import Sketch
from search.model.article import Article, Caption, PrintedDate, Quote, Span, article_number, tiebreak_key
from search.query.nodes import FACETS
from search.service.export import all_hits
from search.service.more_like_this import similar
from search.service.search import SearchParams, answer
from search.service.suggestions.autocomplete import complete
from search.settings import Limits

Work = Callable[[Reader], object]
LENGTHS, SHORT = (120, 800, 300), (60, 200, 100)
"""Words of an article: the fewest, the most and the most usual number."""
TEXTS = 5_000
PUBLISHERS = 40
AUTHORS_PERCENT = 30
"""As many authors as this share of the articles."""
COPIES_PERCENT = 4
EARLIER_PERCENT = 2
QUOTED_PERCENT = 30
REMEMBERED = 200
"""Articles from which a wire copy may be made."""
EXPORTED = 10_000
"""Articles of an export that are read."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--short", action="store_true", help="articles of 120 words, so that a million are made in half an hour")
    parser.add_argument("--queries", type=int, default=30, help="of each class")
    parser.add_argument("--folder", type=Path, help="where archives are kept; a temporary folder if not given")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    parser.add_argument("--only", nargs="+", help="names of the classes to measure")
    options = parser.parse_args()
    words = vocabulary(random.Random(1))
    figures: dict[str, dict[int, dict[str, float]]] = {}
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for number in sorted(options.articles):
            url = archive(words, number, folder, short=options.short)
            for name, work in classes(words, number, options.queries).items():
                if not options.only or name in options.only:
                    with open_engine(url) as engine:
                        figures.setdefault(name, {})[number] = measure(engine.reader(), work)
    print(table(figures, sorted(options.articles)))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


def archive(words: list[str], number: int, folder: Path, *, short: bool) -> str:
    """Its address; made if it is not there."""
    url = f"tantivy:{folder}/press-{'short-' if short else ''}{number}"
    try:
        open_engine(url).close()
    except EngineError:
        with open_engine(url, create=True) as engine:
            engine.add(reprinted(words, number) if short else press(words, number, LENGTHS))
    return url


def reprinted(words: list[str], number: int) -> Iterator[Prepared]:
    """Articles of 120 words. Only the first TEXTS have a text of their own, and only they may be wire copies: the others
    repeat one, on another day, by other authors. To analyse a million texts would take most of an hour."""
    chance = random.Random(6)
    articles = list(press(words, min(number, TEXTS), SHORT))
    ready = list(map(prepare, articles))
    yield from ready
    authors = [author(words[3_000:], chance) for _ in range(number * AUTHORS_PERCENT // 100)]
    for count in range(len(articles), number):
        place = chance.randrange(len(articles))
        day = f"{chance.randint(1990, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        article = replace(
            articles[place],
            source=f"again/{count}",
            id=f"again {count}",
            published=PrintedDate(day, day),
            authors=tuple(chance.sample(authors, chance.choice((1, 1, 2)))),
        )
        prepared = ready[place].article
        assert prepared
        changed = msgspec.structs.replace(
            prepared,
            keys=prepared.keys._replace(source=article.source, id=article.id),
            keywords=keywords(article),
            number=article_number(article.id),
            tie=tiebreak_key(article),
            day=article.day,
            sketch=Sketch().encode(),
        )
        yield msgspec.structs.replace(ready[place], source=article.source, document=encode(article), article=changed)


# ---------------------------------------------------------------- the material


def press(words: list[str], number: int, lengths: tuple[int, int, int]) -> Iterator[Article]:
    """The articles of searching.py with what makes searches dear: many names, ties, copies, versions, quotes."""
    chance = random.Random(5)
    rare = words[3_000:]
    authors = [author(rare, chance) for _ in range(max(number * AUTHORS_PERCENT // 100, 1))]
    publishers = [f"The {word.capitalize()} {chance.choice(('Gazette', 'Herald', 'Post'))}" for word in rare[:PUBLISHERS]]
    recent: list[Article] = []
    for article in made(words, number, lengths):
        if recent and chance.randrange(100) < COPIES_PERCENT:
            original = chance.choice(recent)
            article = replace(article, headline=original.headline, paragraphs=original.paragraphs[:-1] or original.paragraphs)
        article = replace(
            article,
            publisher=chance.choice(publishers),
            authors=tuple(chance.sample(authors, chance.choice((1, 1, 2)))),
            tags=tuple(chance.choices(words[500:800], k=2)),
            captions=(Caption(" ".join(chance.choices(words[:3_000], k=8)), chance.choice(authors)),),
            language=chance.choices(("en", "fr", None), (90, 8, 2))[0],
        )
        if chance.randrange(100) < QUOTED_PERCENT:
            first = article.paragraphs[0].text
            article = replace(article, quotes=(Quote((Span(0, 0, len(first) // 2),), speaker=chance.choice(authors)),))
        if chance.randrange(100) < EARLIER_PERCENT:
            before = replace(article.paragraphs[-1], text=" ".join(chance.choices(words, k=30)))
            source = f"{article.source}-before"
            captured = "2020-01-01T00:00:00Z"
            yield replace(article, source=source, captured=captured, paragraphs=(*article.paragraphs, before))
            article = replace(article, captured="2021-01-01T00:00:00Z")
        yield article
        recent = [*recent[-REMEMBERED + 1 :], article]


def author(words: list[str], chance: random.Random) -> str:
    """One in twenty has an initial: Bado A. Kelimu."""
    initials = (f"{chance.choice('ABCDEFGHIJ')}.",) if chance.randrange(20) == 0 else ()
    first, last = (chance.choice(some).capitalize() for some in (words[:300], words))
    return " ".join((first, *initials, last))


# ---------------------------------------------------------------- the questions


def classes(words: list[str], articles: int, number: int) -> dict[str, list[Work]]:
    """Of each class so many questions, the same in an archive of any size."""
    chance = random.Random(2)

    def some(first: int, last: int, count: int = 1) -> list[str]:
        return [words[min(first + int(chance.paretovariate(0.6)), last)] for _ in range(count)]

    rare, common, usual = (
        partial(chance.choice, words[20_000:40_000]),
        partial(chance.choice, words[:30]),
        partial(some, 20, 3_000),
    )
    printed = [a.paragraphs[0].text.lower().split()[n : n + 2] for a in made(words, 100) for n in (1, 5, 9)]
    texts: dict[str, Callable[[], str]] = {
        "rare word": rare,
        "common word": common,
        "all of two": lambda: " ".join(usual(2)),
        "any of four": lambda: " OR ".join(usual(4)),
        "any of four common": lambda: " OR ".join(common() for _ in range(4)),
        "phrase": lambda: f'"{" ".join(chance.choice(printed))}"',
        "common phrase": lambda: f'"{common()} {common()}"',
        "begun phrase": lambda: f'"{common()} {usual()[0][:3]}*"',
        "near": lambda: f'"{" ".join(usual(2))}"~5',
        "common near": lambda: f'"{common()} {common()}"~5',
        "prefix": lambda: f"{usual()[0][:4]}*",
        "short prefix": lambda: f"{usual()[0][:3]}*",
        "typo": lambda: f"{usual()[0]}~",
        "two typos": lambda: f"{usual()[0]}~2",
        "misspelt": lambda: misspelt(usual()[0], chance),
        "headline field": lambda: f"headline:{usual()[0]}",
        "publisher:the": lambda: "publisher:the",
        "author:a": lambda: f"author:{chance.choice('abcdefghij')}",
        "date": lambda: f"{usual()[0]} date:{chance.randint(1990, 2025)}",
        "said": lambda: f"said:{usual()[0]}",
        "removed": lambda: f"removed:{usual()[0]}",
    }
    asked = {name: [partial(found, SearchParams(text())) for _ in range(number)] for name, text in texts.items()}
    counted = SearchParams(facets=FACETS, timeline="month")
    asked |= {
        "facets and timeline": [partial(found, replace(counted, text=common())) for _ in range(number)],
        "web page": [partial(found, replace(counted, text=" ".join(usual(2)), collapse=True)) for _ in range(number)],
        "web page, common": [partial(found, replace(counted, text=common(), collapse=True)) for _ in range(number)],
        "newest": [partial(found, SearchParams(common(), order_by="newest")) for _ in range(number)],
        "page 900": [partial(found, SearchParams(common(), page=900)) for _ in range(number)],
        "page 900, publisher:the": [partial(found, SearchParams("publisher:the", page=900)) for _ in range(number)],
        "similar": [partial(alike, str(chance.randrange(min(articles, TEXTS)))) for _ in range(number)],
        "suggest": [partial(completed, usual()[0][:3]) for _ in range(number)],
        "article": [partial(shown, str(chance.randrange(min(articles, TEXTS)))) for _ in range(number)],
        "export of 10,000": [partial(exported, common()) for _ in range(max(number // 10, 2))],
        "export, two typos": [partial(exported, f"{usual()[0]}~2") for _ in range(max(number // 10, 2))],
    }
    return asked


def misspelt(word: str, chance: random.Random) -> str:
    """With two neighbours swapped."""
    place = chance.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def found(asked: SearchParams, reader: Reader) -> object:
    return answer(reader, asked, Limits())


def alike(id: str, reader: Reader) -> object:
    article = reader.get(id)
    assert article is not None
    return similar(reader, article, reader.copies(id), 5)


def shown(id: str, reader: Reader) -> object:
    """What an article's page asks for."""
    [article, *_] = reader.versions(id)
    return similar(reader, article, reader.copies(id), 5)


def completed(text: str, reader: Reader) -> object:
    return complete(reader, text)


def exported(text: str, reader: Reader) -> object:
    return sum(1 for _, _ in zip(range(EXPORTED), all_hits(reader, SearchParams(text), Limits()), strict=False))


# ---------------------------------------------------------------- measuring


def measure(reader: Reader, work: list[Work]) -> dict[str, float]:
    """Mean and 99th percentile."""
    work[0](reader)
    gc.collect()
    gc.freeze()
    milliseconds = sorted(_timed(each, reader) for each in work)
    gc.unfreeze()
    return {"mean": statistics.fmean(milliseconds), "p99": milliseconds[int(len(milliseconds) * 0.99)]}


def _timed(work: Work, reader: Reader) -> float:
    start = time.process_time()
    work(reader)
    return (time.process_time() - start) * 1000


def table(figures: dict[str, dict[int, dict[str, float]]], sizes: list[int]) -> str:
    times = sizes[-1] / sizes[0]
    heads = "".join(f" | {size:,} articles" for size in sizes)
    lines = [f"| CPU ms, mean / p99{heads} | growth ({times:g} × the archive) |", "|---" * (len(sizes) + 2) + "|"]
    for name, of_size in figures.items():
        cells = " | ".join(f"{of_size[size]['mean']:.1f} / {of_size[size]['p99']:.1f}" for size in sizes)
        lines.append(f"| {name} | {cells} | {of_size[sizes[-1]]['mean'] / of_size[sizes[0]]['mean']:.1f} × |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
