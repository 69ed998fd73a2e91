"""A term, which is folded, as articles print it, and in the capitals of what somebody typed.

as_printed(engine, "negociations") == "négociations"; match_case("Gor", "gorbachev") == "Gorbachev"
"""

from search.analysis.analyzer import exact_tokens, fold
from search.engines.protocol import Engine
from search.model.article import passages
from search.query.nodes import ANY, Phrase, SearchRequest, parts_of_field


def as_printed(engine: Engine, term: str, field: str = ANY) -> str:
    """In small letters, with the accents that the article has it with that a search for it finds first."""
    fields = parts_of_field(field)
    for hit in engine.search(SearchRequest(Phrase((term,), field), size=1)).hits:
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
