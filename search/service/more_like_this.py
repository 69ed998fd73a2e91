"""More like this: the articles on the same matter as one at hand, found by the words that tell it from others.

similar(reader, article, reader.copies(article.id), 5) -> (Hit(Article("beacon/more.html", …)), …)
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log, sqrt

from search.analysis.analyzer import chunk_words, stems
from search.engines.protocol import Reader
from search.indexing.fields import ALL, PART_WEIGHTS
from search.model.article import Article, passages
from search.model.results import Hit
from search.query.nodes import AtLeast, SearchRequest, Word

PARTS = ("headline", "standfirst", "paragraph", "caption")
LOOKED_UP = 100
"""Words whose articles are counted: those that the article has most often."""
WORDS = 40
"""The most telling of them, which are searched for; so many were best in tests/benchmarks/similar.py."""
MAX_CHARACTERS_READ = 300_000
"""Characters of the article that are looked at, from its beginning: about half a second."""
WORDS_IN_COMMON = 20
"""A similar article has more than one in so many of these."""


def similar(reader: Reader, article: Article, copies: Sequence[Article], size: int) -> tuple[Hit, ...]:
    """The most similar current articles, best first, wire copies collapsed; without the article's own versions and `copies`."""
    own = {article.id, *(copy.id for copy in copies)}
    words = telling_words(reader, article, len(own))
    query = AtLeast(tuple(map(Word, words)), 1 + len(words) // WORDS_IN_COMMON)
    results = reader.search(SearchRequest(query, size=size + 1, collapse=True, counted=False))  # one more: the article itself
    return tuple(hit for hit in results.hits if hit.article.id not in own)[:size]


def telling_words(reader: Reader, article: Article, own: int = 1) -> tuple[str, ...]:
    """The words that are frequent in the article, its headline above all, and rare in the archive (tf·idf: Salton & Buckley,
    "Term-weighting approaches in automatic text retrieval", 1988); not those that most articles have or only the article
    itself, with the copies that make it `own` articles."""
    counts: Counter[str] = Counter()
    words: dict[str, str] = {}
    for term, word, weight in _terms(article, article.language or next(iter(reader.frequent_languages), None)):
        counts[term] += weight
        words.setdefault(term, word)
    frequent = dict(counts.most_common(LOOKED_UP))
    articles = reader.stats().articles
    counted = reader.words.having((ALL, term) for term in frequent)
    having = {term: count for (_, term), count in counted.items() if own < count <= articles / 2}
    telling = {term: sqrt(counts[term]) * log(articles / count) for term, count in having.items()}
    return tuple(words[term] for term in sorted(telling, key=lambda term: (-telling[term], term))[:WORDS])


def _terms(article: Article, language: str | None) -> Iterator[tuple[str, str, int]]:
    """Each term of the text, the word it comes from, and how much it counts there."""
    left = MAX_CHARACTERS_READ
    for passage in passages(article):
        if passage.part in PARTS and left > 0:
            weight = PART_WEIGHTS.get(passage.part, 1)
            for chunk, times in Counter(passage.text[:left].split()).items():
                for word in chunk_words(chunk):
                    yield stems(word, language)[0], word, weight * times
            left -= len(passage.text)
