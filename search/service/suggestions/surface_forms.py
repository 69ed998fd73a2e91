"""A term, which is folded, as articles print it, and in the capitals of what somebody typed.

as_printed(reader, ["negociations"]) == ["négociations"]; match_case("Gor", "gorbachev") == "Gorbachev"
"""

from collections import Counter
from collections.abc import Sequence

from search.analysis.analyzer import exact_tokens, fold
from search.engines.protocol import Reader
from search.model.article import passages
from search.model.results import Hit
from search.query.nodes import ANY, Phrase, SearchRequest, parts_of_field

NEWEST_READ = 3
"""Articles that are read for each term."""


def as_printed(reader: Reader, terms: Sequence[str], field: str = ANY) -> list[str]:
    """Each in small letters, with the accents that most of the newest articles that have it print it with."""
    fields = parts_of_field(field)
    asked = [SearchRequest(Phrase((term,), field), order_by="newest", size=NEWEST_READ, counted=False) for term in terms]
    found = reader.search_each(asked) if asked else []
    return [_most_printed(term, fields, results.hits) for term, results in zip(terms, found, strict=True)]


def _most_printed(term: str, fields: Sequence[str], hits: Sequence[Hit]) -> str:
    [(word, _), *_] = Counter([_printed(term, fields, hit) for hit in hits] or [term]).most_common()
    return word


def _printed(term: str, fields: Sequence[str], hit: Hit) -> str:
    for passage in passages(hit.article):
        if passage.field in fields and term.rstrip(".") in fold(passage.text):  # quicker than its tokens
            for token in exact_tokens(passage.text):
                if token.term == term:
                    return token.word
    return term


def match_case(typed: str, word: str) -> str:
    """GORBACHOV, gorbachev -> GORBACHEV; Gorbachov -> Gorbachev."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word
