"""Hypothesis strategies: small archives of few words, so that searches find something, and queries of every kind for them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from search.analysis.analyzer import compounds, exact_terms, fold
from search.indexing.fields import VALUE_GAP
from search.model.article import FEATURES, Article, Caption, Paragraph, PrintedDate, Quote, Span
from search.model.instants import instant_number
from search.query.nodes import (
    ANY,
    FACETS,
    INSTANTS,
    NAME_FIELDS,
    TEXT_FIELDS,
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
    Phrase,
    PhrasePrefix,
    Preference,
    Prefix,
    Query,
    Quoted,
    Removed,
    SearchRequest,
    Wildcard,
    Word,
)
from search.query.parameters import ORDERS

WORDS = (
    "truce", "truces", "treaty", "treaties", "cease-fire", "ceasefire", "fire", "negotiations", "négociations", "negotiate",
    "Verhandlungen", "U.S.", "US", "us", "AT&T", "O'Brien", "l'accord", "accord", "Straße", "strasse", "naïve", "naive", "a", "b",
    "1,000", "1953", "C++", "北京", "停戦交渉", "전쟁이", "мир", "мира", "Ελλάδα", "สันติภาพ", "a.b", "-", "¶", "Kiev", "Kyiv",
    "J.R.R.", "J. R. R.", "JRR", "jrr", "Ph.D.", "PhD", "12 000", "12,000", "12000", "٢٠٢١", "2021", "L’Oréal", "McDonald's",
    "E-Mail-Adresse", "email", "Đoković", "Djokovic", "Müller", "Mueller", "col·legi", "col.legi", "collegi", "צה״ל",
    'צה"ל', "צהל", "كتاب", "کتاب", "کتاب\u200cها", "कार्यालय", "फ़ैसला", "फैसला", "चन्द्र",
)  # fmt: skip
LANGUAGES = (None, "en", "fr", "de", "ru", "ja", "xx")
SECTIONS = ("World", "Politics, Law", "Économie")
NAMES = ("Ann O'Brien", "Bo Li", "王芳", "Ann-Marie Accord")
TAGS = ("truce", "peace talks", "北京", "US")
DATES = (None, "2022", "2022-03", "2022-03-04", "2022-03-05", "1650-01-01", "2021-12-31", "2022-03-04T10:00:00+01:00")
TERMS = tuple(sorted({token.term for word in WORDS for compound in compounds(word) for token in compound.tokens}))

INSTANTS_KNOWN = (None, "2022-01-01T00:00:00.000000Z", "2022-01-01T23:59:59.999999Z", "2022-01-02T00:00:00.000000Z")

speakers = st.sampled_from((None, "-", *NAMES, "Bo O'Brien", "Ann Li"))
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
optional_texts = st.none() | texts


def articles() -> st.SearchStrategy[Article]:
    return st.builds(_quoting, _articles(), st.lists(st.tuples(st.integers(0, 8), st.integers(1, 3), speakers), max_size=4))


def _quoting(article: Article, found: list[tuple[int, int, str | None]]) -> Article:
    """The article with quotes of so many words, from the word on that each begins with; quotes do not overlap."""
    words = [
        Span(number, word.start(), word.end())
        for number, paragraph in enumerate(article.paragraphs)
        for word in re.finditer(r"\S+", paragraph.text)
    ]
    quotes: list[Quote] = []
    free = 0
    for first, size, speaker in sorted(found, key=lambda one: one[0]):
        some = words[max(first, free) : max(first, free) + size]
        parts = [[word for word in some if word.paragraph == number] for number in range(len(article.paragraphs))]
        stretches = tuple(Span(part[0].paragraph, part[0].start, part[-1].end) for part in parts if part)
        if stretches:
            quotes.append(Quote(stretches, speaker))
            free = max(first, free) + size
    return replace(article, quotes=tuple(quotes))


def _articles() -> st.SearchStrategy[Article]:
    return st.builds(
        Article,
        source=st.builds("{}/{}.html".format, st.sampled_from(("one", "two")), st.integers(0, 9)),
        id=st.sampled_from("pqrstu"),
        stamp=st.sampled_from(("", "1", "2")),
        captured=st.sampled_from((None, "2022-01-01T00:00:00Z", "2022-02-02T00:00:00Z")),
        url=st.sampled_from((None, "https://example.org/truce/a-b")),
        publisher=st.sampled_from((None, "The Accord", "Kyiv Post")),
        headline=optional_texts,
        alternative_headline=optional_texts,
        standfirst=optional_texts,
        paragraphs=st.lists(st.builds(Paragraph, texts), max_size=3).map(tuple),
        captions=st.lists(st.builds(Caption, optional_texts, st.sampled_from((None, *NAMES))), max_size=3).map(tuple),
        authors=st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
        contributors=optional_texts,
        dateline=st.sampled_from((None, "KIEV, Ukraine", "北京")),
        section=st.sampled_from((None, *SECTIONS)),
        tags=st.lists(st.sampled_from(TAGS), max_size=3).map(tuple),
        language=st.sampled_from(LANGUAGES),
        corrections=st.lists(texts, max_size=1).map(tuple),
        published=st.sampled_from(DATES).map(lambda iso: PrintedDate(iso, iso) if iso else None),
        added=st.sampled_from(INSTANTS_KNOWN),
        changed=st.sampled_from(INSTANTS_KNOWN),
    )


def archives() -> st.SearchStrategy[list[Article]]:
    return st.lists(articles(), min_size=1, max_size=12)


def queries() -> st.SearchStrategy[Query]:
    branches = (MatchAll(), MatchNone())
    return st.recursive(
        leaves() | filters() | st.sampled_from(branches),
        lambda parts: (
            st.builds(Not, parts)
            | st.builds(Removed, parts)
            | st.builds(Added, parts)
            | st.builds(And, _parts(parts))
            | st.builds(Or, _parts(parts))
            | st.builds(AtLeast, _parts(parts), st.integers(1, 4))
        ),
        max_leaves=6,
    )


def _parts(part: st.SearchStrategy[Query]) -> st.SearchStrategy[tuple[Query, ...]]:
    return st.lists(part, max_size=3).map(tuple)


def leaves() -> st.SearchStrategy[Query]:
    names = st.sampled_from(sorted({term for name in NAMES for term in exact_terms(name)}))
    anywhere = text_leaves(st.sampled_from((ANY, ANY, *TEXT_FIELDS, *NAME_FIELDS)), st.sampled_from(TERMS))
    return anywhere | st.builds(Quoted, text_leaves(st.just("said"), st.sampled_from(TERMS)), text_leaves(st.just("by"), names))


def text_leaves(fields: st.SearchStrategy[str], terms: st.SearchStrategy[str]) -> st.SearchStrategy[Query]:
    words = st.sampled_from(WORDS).flatmap(lambda word: st.sampled_from(_typed(word)))
    return st.one_of(
        st.builds(Word, words | terms, fields),
        st.builds(Phrase, st.lists(terms, min_size=1, max_size=3).map(tuple), fields),
        st.builds(PhrasePrefix, st.lists(terms, min_size=1, max_size=2).map(tuple), terms.map(lambda term: term[:2]), fields),
        st.builds(Near, terms, terms, st.integers(0, VALUE_GAP - 1), fields),
        st.builds(Prefix, terms.map(lambda term: term[:2]), fields),
        st.builds(Wildcard, terms.flatmap(_patterns), fields),
        st.builds(Fuzzy, terms.flatmap(misspelt), st.sampled_from((1, 2)), fields),
    )


def _typed(word: str) -> tuple[str, ...]:
    """What a query may ask for of a word: its tokens, and they joined."""
    forms = [form for c in compounds(word) for form in (*(token.word for token in c.tokens), c.joined) if form]
    return tuple(forms) or (fold("truce"),)


def _patterns(term: str) -> st.SearchStrategy[str]:
    middle = len(term) // 2
    forms = (term[:1] + "*", "*" + term[-1:], term[:middle] + "?" + term[middle + 1 :], term[:1] + "?*", "*", "??", term + "*")
    return st.sampled_from(forms)


def misspelt(term: str) -> st.SearchStrategy[str]:
    swapped = term[:-2] + term[-2:][::-1]
    return st.sampled_from((term, term[1:] or term, term + "x", "é" + term[1:], swapped, swapped[1:] + "y"))


def filters() -> st.SearchStrategy[Query]:
    days = [PrintedDate(iso, iso).day for iso in DATES if iso]
    instants = st.sampled_from((None, *filter(None, map(instant_number, INSTANTS_KNOWN))))
    ends = st.none() | st.sampled_from((*days, 0, max(days) + 1))
    return st.one_of(
        st.sampled_from(FEATURES).map(Has),
        st.builds(DateRange, ends, ends),
        st.builds(InstantRange, st.sampled_from(INSTANTS), instants, instants),
        keyword_values().map(lambda pair: FieldEquals(*pair)),
    )


def keyword_values() -> st.SearchStrategy[tuple[str, str]]:
    values: dict[str, Sequence[str]] = {
        "section": SECTIONS,
        "author": NAMES,
        "publisher": ("The Accord", "Kyiv Post"),
        "language": ("en", "fr", "none"),
        "tag": TAGS,
        "year": ("2022", "1650"),
        "collection": ("one", "two"),
    }
    return st.sampled_from([(name, value) for name, some in values.items() for value in some])


def requests() -> st.SearchStrategy[SearchRequest]:
    """Requests for all hits with all facets."""
    sources = st.builds("{}/{}.html".format, st.sampled_from(("one", "two")), st.integers(0, 9))
    chosen = st.lists(keyword_values() | st.tuples(st.just("source"), sources), max_size=2)
    return st.builds(
        lambda query, filters, order, interval, versions, prefer: SearchRequest(
            query,
            filters={name: tuple(value for other, value in filters if other == name) for name, _ in filters},
            order_by=order,
            size=100,
            facets=FACETS,
            timeline=interval,
            versions=versions,
            prefer=tuple(Preference(query, 0.5) for query in prefer),
        ),
        queries(),
        chosen,
        st.sampled_from(ORDERS),
        st.sampled_from((None, "year", "month", "day")),
        st.booleans(),
        st.lists(leaves() | filters(), max_size=2),
    )
