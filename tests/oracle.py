"""What an engine should answer, found by looking at every article: no index, no engine, only the words of search/query/nodes.py.

answer([article], SearchRequest(Word("truce"))).sources == ["demo/a.html"]
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from unicodedata import category

from search.analysis.analyzer import Token, bag_terms, exact_terms, exact_tokens, fold, is_stemmed, stems, word_terms
from search.indexing import near_duplicates
from search.indexing.fields import NAME, gap_before, index_fields, keywords, name_keys
from search.model.article import Article, Passage, features, passages, text_digest, tiebreak_key, version_key
from search.model.instants import instant_number
from search.query.nodes import (
    NAME_FIELDS,
    Added,
    And,
    AtLeast,
    DateRange,
    FieldEquals,
    Fuzzy,
    Has,
    InstantRange,
    MatchAll,
    MatchNone,
    Near,
    Not,
    Or,
    OrderBy,
    Phrase,
    PhrasePrefix,
    Prefix,
    Query,
    Quoted,
    Removed,
    SearchRequest,
    Wildcard,
    Word,
    parts_of_field,
)


@dataclass(frozen=True)
class Answer:
    """sources: of all hits, as ordered by date in the request's direction. copies: those under each hit, in the same order.
    articles: how many in all. facets: name -> {value: count}. timeline: (start, count, archive)."""

    sources: list[str]
    copies: dict[str, list[str]]
    articles: int
    facets: dict[str, dict[str, int]]
    timeline: list[tuple[str, int, int]]


def answer(articles: Iterable[Article], request: SearchRequest) -> Answer:
    """`articles`: in the order they were added; of the same source the last counts."""
    kept = list({article.source: article for article in articles}.values())
    kept = [replace(article, edited=is_edited(article, kept)) for article in kept]
    current = current_versions(kept)
    searched = kept if request.versions else current
    languages = [article.language for article in kept if article.language]
    matching = [article for article in searched if matches(article, request.query, languages, kept)]
    hits = [article for article in matching if all(_passes(article, name, request) for name in request.filters)]
    facets = {}
    for facet in request.facets:
        others = [name for name in request.filters if name != facet]
        counted = [article for article in matching if all(_passes(article, name, request) for name in others)]
        facets[facet] = count_values(counted, facet)
    timeline: list[tuple[str, int, int]] = []
    if request.timeline:
        archive = count_values(current, request.timeline)
        counts = count_values(hits, request.timeline)
        timeline = [(start, counts[start], archive.get(start, 0)) for start in sorted(counts)]
    ordered = [article.source for article in in_order(hits, request.order_by)]
    group = groups(current) if request.collapse else {}
    copies: dict[str, list[str]] = {}
    for source in ordered:
        first = next((hit for hit in copies if group.get(source) and group.get(hit) == group[source]), None)
        if first:
            copies[first].append(source)
        else:
            copies[source] = []
    return Answer([*copies], copies, len(ordered), facets, timeline)


def groups(current: Iterable[Article]) -> dict[str, str]:
    """The group of wire copies of each current article that is in one, by source: every pair is looked at."""
    sketches = {article.source: index_fields(article).sketch for article in current}
    ids = {article.source: article.id for article in current}
    having = Counter(key for sketch in sketches.values() for key in sketch.keys)
    usual = {source: {key for key in sketch.keys if having[key] <= near_duplicates.COMMON} for source, sketch in sketches.items()}
    sized = [(s.length, ids[source], source) for source, s in sketches.items() if s.hashes]
    members: dict[str, list[str]] = {}
    for *_, source in sorted(sized):
        others = [other for other in members if usual[other] & usual[source]]
        leaders = [other for other in others if near_duplicates.copies(sketches[other], sketches[source])]
        members.setdefault(leaders[-1] if leaders else source, []).append(source)
    return {source: ids[leader] for leader, some in members.items() if len(some) > 1 for source in some}


def current_versions(articles: Iterable[Article]) -> list[Article]:
    newest: dict[str, Article] = {}
    for article in articles:
        if article.id not in newest or version_key(article) > version_key(newest[article.id]):
            newest[article.id] = article
    return list(newest.values())


def earlier_versions(article: Article, archive: Iterable[Article]) -> list[Article]:
    """Those of a current version; an earlier one has none."""
    others = [other for other in archive if other.id == article.id and other.source != article.source]
    return others if all(version_key(other) < version_key(article) for other in others) else []


def is_edited(article: Article, archive: Iterable[Article]) -> bool:
    texts = {text_digest(version) for version in earlier_versions(article, archive)}
    return bool(texts - {text_digest(article)})


def in_order(articles: Iterable[Article], order_by: OrderBy) -> list[Article]:
    match order_by:
        case "added" | "changed":
            instants: dict[str, str] = {article.source: getattr(article, order_by) or "" for article in articles}
            newest_first = sorted(articles, key=tiebreak_key, reverse=True)
            return sorted(newest_first, key=lambda article: instants[article.source], reverse=True)
        case _:
            return by_date(articles, order_by == "oldest")


def by_date(articles: Iterable[Article], oldest_first: bool) -> list[Article]:
    direction = 1 if oldest_first else -1
    return sorted(articles, key=lambda a: (a.day is None, direction * (a.day or 0), -tiebreak_key(a)))


def count_values(articles: Iterable[Article], name: str) -> dict[str, int]:
    return dict(Counter(value for article in articles for value in keywords(article).get(name, [])))


def _passes(article: Article, name: str, request: SearchRequest) -> bool:
    values = [article.source] if name == "source" else keywords(article).get(name, [])
    return bool(set(values) & set(request.filters[name]))


def matches(article: Article, query: Query, languages: Iterable[str], archive: Iterable[Article] = ()) -> bool:
    """`languages`: of the articles of the whole archive, one for each; `archive`: its articles, of all versions."""
    match query:
        case And(parts):
            return all(matches(article, part, languages, archive) for part in parts)
        case Or(parts):
            return any(matches(article, part, languages, archive) for part in parts)
        case AtLeast(parts, least):
            return sum(matches(article, part, languages, archive) for part in parts) >= least
        case Not(part):
            return not matches(article, part, languages, archive)
        case Removed(part):
            lost = not matches(article, part, languages, archive)
            return lost and any(matches(version, part, languages, archive) for version in earlier_versions(article, archive))
        case Added(part):
            won = matches(article, part, languages, archive)
            return won and not all(matches(version, part, languages, archive) for version in earlier_versions(article, archive))
        case MatchAll():
            return True
        case MatchNone():
            return False
        case FieldEquals(field, value):
            return value in keywords(article).get(field, [])
        case Has(feature):
            return feature in features(article)
        case DateRange(first, last):
            return article.day is not None and (first or 0) <= article.day <= (last if last is not None else article.day)
        case InstantRange(field, first, last):
            instant = instant_number(getattr(article, field))
            return (first or 0) <= instant <= (last if last is not None else instant) and instant > 0
        case Quoted(words, speaker):
            alone = [replace(article, quotes=(quote,)) for quote in article.quotes if quote.speaker]
            both = ((words, "said"), (speaker, "by"))
            return any(all(_leaf_matches(one, leaf, field, languages) for leaf, field in both) for one in alone)
        case _:
            return any(_leaf_matches(article, query, field, languages) for field in parts_of_field(query.field))


def _leaf_matches(article: Article, leaf: Query, field: str, languages: Iterable[str]) -> bool:
    texts = [passage.text for passage in passages(article) if passage.field == field]
    terms = {term for text in texts for term in exact_terms(text)}
    match leaf:
        case Word(text, wanted) if wanted in NAME_FIELDS:
            return fold(text) in terms
        case Word(text, _):
            found = {term for passage in texts for term in bag_terms(passage, article.language)}
            if found & set(word_terms(text, set(languages))):
                return True
            words = [term[2:] for term in found if term.startswith("?|")]  # of an article without a language
            return any(
                not set(stems(text, language)).isdisjoint(stem for word in words for stem in stems(word, language))
                for language, count in Counter(languages).items()
                if count * 20 >= len([*languages]) and is_stemmed(language)
            )
        case Phrase(words, _):
            return any(words in _runs(exact_terms(text), len(words)) for text in texts)
        case PhrasePrefix(words, start, _):
            runs = [run for text in texts for run in _runs(exact_terms(text), len(words) + 1)]
            return any(run[:-1] == words and run[-1].startswith(start) for run in runs)
        case Near(first, second, distance, _):
            stream = list(enumerate(token.term if token else None for token, _ in exact_stream(article, field)))
            places = [(a, b) for a, one in stream for b, other in stream if one == first and other == second]
            return any(0 < abs(a - b) <= distance + 1 for a, b in places)
        case Prefix(start, _):
            return any(term.startswith(start) for term in terms)
        case Wildcard(pattern, _):
            expression = re.compile("".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern))
            return any(expression.fullmatch(term) for term in terms)
        case Fuzzy(word, edits, _):
            return any(edit_distance(word, term) <= edits for term in terms)
        case _:
            raise AssertionError(leaf)


def near_words(articles: Iterable[Article], field: str, word: str, edits: int) -> dict[str, int]:
    """One edit away, with letters of the word's own blocks of 128 code points, and nothing but letters if it has no other."""
    blocks = {ord(char) >> 7 for char in word}

    def may_be_typo(term: str) -> bool:
        letters = not word.isalpha() or all(category(char)[0] in "LM" for char in term)
        return letters and blocks.issuperset(ord(char) >> 7 for char in term)

    return {
        term: count
        for term, count in _counted(articles, field).items()
        if edit_distance(word, term) <= edits and (edits > 1 or may_be_typo(term))
    }


def completions(articles: Iterable[Article], field: str, start: str, size: int) -> list[tuple[str, int]]:
    counts = [(term, count) for term, count in _counted(articles, field).items() if term.startswith(start)]
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:size]


def _counted(articles: Iterable[Article], field: str) -> Counter[str]:
    """How many current articles have each term."""
    kept = {article.source: article for article in articles}.values()
    return Counter(term for article in current_versions(kept) for term in _terms(article, field))


def _terms(article: Article, field: str) -> set[str]:
    if field == NAME:
        return set(name_keys(article))
    return {term for p in passages(article) if p.field in parts_of_field(field) for term in exact_terms(p.text)}


def _runs(terms: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(terms[start : start + length]) for start in range(len(terms) - length + 1))


def edit_distance(left: str, right: str) -> int:
    """Optimal string alignment: insert, delete, change a character or swap two neighbours, none of them twice at one place."""
    rows = [list(range(len(right) + 1))]
    for i, one in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (one != other))
            if i > 1 and j > 1 and one == right[j - 2] and left[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def exact_stream(article: Article, field: str) -> Iterator[tuple[Token | None, Passage]]:
    """The exact terms of a field as `index_fields` lays them, one item a position, with the passage each stands in.
    A filler position is None with the passage that follows."""
    begun = False
    for passage in passages(article):
        if passage.field == field:
            if begun:
                yield from [(None, passage)] * gap_before(passage)
            for token in exact_tokens(passage.text):
                begun = True
                yield token, passage
