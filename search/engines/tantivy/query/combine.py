"""tantivy's queries put together.

Within((war, peace), unwanted=(earlier,)).query   # articles that have one of the words, without earlier versions
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import tantivy
from tantivy import Occur
from tantivy import Query as TantivyQuery

from search.engines.codec import storable_key

COUNT_ARTICLES = {"value_count": {"field": "newest"}}
"""Nothing but an article has this number, which its day and id make."""


@dataclass(frozen=True, slots=True)
class Within:
    """The documents that any of the clauses finds, their scores added up, within all that is wanted and without the unwanted."""

    clauses: tuple[TantivyQuery, ...]
    wanted: tuple[TantivyQuery, ...] = ()
    unwanted: TantivyQuery | None = None

    @property
    def query(self) -> TantivyQuery:
        return all_of([either(self.clauses), *self.wanted], [self.unwanted] if self.unwanted else [])

    @property
    def with_unwanted(self) -> "Within":
        return replace(self, unwanted=None)

    def beside(self, clauses: Sequence[TantivyQuery]) -> "Within":
        """What these clauses find too."""
        return replace(self, clauses=(*self.clauses, *clauses))

    def among(self, wanted: TantivyQuery) -> "Within":
        return replace(self, wanted=(*self.wanted, wanted))

    def preferring(self, preferred: Sequence[TantivyQuery]) -> TantivyQuery:
        """The same documents, with what the preferred queries add to their scores."""
        return TantivyQuery.boolean_query([(Occur.Must, self.query), *((Occur.Should, each) for each in preferred)])


def all_of(wanted: Sequence[TantivyQuery], unwanted: Sequence[TantivyQuery]) -> TantivyQuery:
    """Documents in each of `wanted` (if there are none: all documents) and in none of `unwanted`."""
    wanted = wanted or [without_score(TantivyQuery.all_query())]
    if len(wanted) == 1 and not unwanted:
        return wanted[0]
    return TantivyQuery.boolean_query([(Occur.Must, q) for q in wanted] + [(Occur.MustNot, q) for q in unwanted])


def either(queries: Sequence[TantivyQuery]) -> TantivyQuery:
    if len(queries) == 1:
        return queries[0]
    return TantivyQuery.boolean_query([(Occur.Should, q) for q in queries]) if queries else TantivyQuery.empty_query()


def at_least(parts: list[list[TantivyQuery]], least: int) -> TantivyQuery:
    """Documents that so many of the parts find; no document is found by two queries of a part."""
    clauses = [(Occur.Should, query) for part in parts for query in part]
    found = TantivyQuery.boolean_query(clauses, minimum_number_should_match=least)
    return found if least <= len(clauses) else TantivyQuery.empty_query()


def best_of(queries: list[TantivyQuery]) -> TantivyQuery:
    """Documents in one of the queries, with the best score of any."""
    if len(queries) == 1:
        return queries[0]
    return TantivyQuery.disjunction_max_query(queries) if queries else TantivyQuery.empty_query()


def count_articles(searcher: tantivy.Searcher, query: TantivyQuery) -> int:
    """How many the query finds. To compute no scores takes less than half the time."""
    return int(searcher.aggregate(query, {"articles": COUNT_ARTICLES})["articles"]["value"])


def without_score(query: TantivyQuery) -> TantivyQuery:
    return TantivyQuery.const_score_query(query, 0.0)


def in_one_language(words: list[dict[str, TantivyQuery]]) -> list[TantivyQuery]:
    """Documents that have all the words, each given by language: an article has the words of one. To look in one language after
    the other takes two thirds of the time that unions within an intersection take."""
    of_any = [word[""] for word in words if "" in word]
    of_one = [word for word in words if "" not in word]
    languages = [language for language in (of_one[0] if of_one else ()) if all(language in word for word in of_one)]
    in_each = [all_of([word[language] for word in of_one], []) for language in languages]
    return [*of_any, either(in_each)] if of_one else of_any


def language_of(term: str) -> str:
    """That of a bag term, "?" of "?|word", "" of "|1953"; behind a speaker's mark too."""
    return term.split("|")[-2]


def literals(word: str) -> str:
    return "".join(map(literal, storable_key(word)))


def literal(char: str) -> str:
    """Letters and digits as they are, everything else by number: no character of a user's text means anything to Rust's regex."""
    return char if char.isalnum() else f"\\x{{{ord(char):x}}}"
