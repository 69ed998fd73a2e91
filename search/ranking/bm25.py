"""How much a term counts: BM25 as tantivy computes it, and the one idf of a word that has several terms.

    idf(3, 1000)                                           # 5.66: three of a thousand documents have the term
    documents_with({"en|war": 900, "de|war": 40, "|war": 2})  # 942: an article is in one language

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; idf as in Lucene and tantivy.
"""

from collections.abc import Mapping
from math import log

K1 = 1.2
B = 0.75


def idf(having: int, documents: int) -> float:
    """The idf of a term that is in this many of the documents; always positive."""
    return log(1 + (documents - having + 0.5) / (having + 0.5))


def documents_with(counts: Mapping[str, int]) -> int:
    """The number of documents that have a word, given the number that have each of its bag terms. An article may have all terms
    of one language, so the most frequent counts."""
    most: dict[str, int] = {}
    for term, count in counts.items():
        language = term.rpartition("|")[0]
        most[language] = max(count, most.get(language, 0))
    return sum(most.values())
