"""A term, which is folded, as articles print it, and in the capitals of what somebody typed.

as_printed(reader, ["negociations"]) == ["négociations"]; match_case("Gor", "gorbachev") == "Gorbachev"
"""

from collections.abc import Sequence

from search.analysis.analyzer import exact_tokens, fold
from search.engines.protocol import Reader
from search.model.article import passages
from search.model.results import Hit
from search.query.nodes import ANY, Phrase, SearchRequest, parts_of_field


def as_printed(reader: Reader, terms: Sequence[str], field: str = ANY) -> list[str]:
    """Each in small letters, with the accents that the newest article has it with."""
    fields = parts_of_field(field)
    asked = [SearchRequest(Phrase((term,), field), order_by="newest", size=1, counted=False) for term in terms]
    found = reader.search_each(asked) if asked else []
    return [_printed(term, fields, results.hits) for term, results in zip(terms, found, strict=True)]


def _printed(term: str, fields: Sequence[str], hits: Sequence[Hit]) -> str:
    for hit in hits:
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
