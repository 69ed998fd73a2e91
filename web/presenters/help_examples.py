"""Query forms -> examples that find something in this archive, for the help page.

help_examples(reader) ──▶ {"two words": "peace talks", "author:": 'author:"Ada Ng"', …}

The example of the documentation is kept where it finds something; otherwise words, names and dates of the newest articles take
its place. A form for which neither finds anything has none.
"""

import re
from collections.abc import Iterator

from search.engines.protocol import Reader
from search.model.article import Article
from search.query.nodes import MatchAll, SearchRequest
from search.query.parsing.in_quotes import quotation
from search.query.parsing.parser import parse
from search.query.syntax_help import FORMS

ARTICLES_READ, MAX_CHARACTERS = 30, 60
"""The newest articles that examples are made of, and the length of one."""
_WORDS = re.compile(r"\b([^\W\d_]{4,20}) ([^\W\d_]{5,20})\b")


def help_examples(reader: Reader) -> dict[str, str]:
    """By Form.typed. Takes as long as some sixty counts, so it is to be kept for each state of the index."""
    written = {form.typed: form.example for form in FORMS}
    found = _that_find_something(reader, written)
    newest = [hit.article for hit in reader.search(SearchRequest(MatchAll(), order_by="newest", size=ARTICLES_READ)).hits]
    made = {typed: text for typed, text in _made_of(newest) if typed not in found and len(text) <= MAX_CHARACTERS}
    return _that_find_something(reader, made) | found


def _that_find_something(reader: Reader, examples: dict[str, str]) -> dict[str, str]:
    counted = reader.search_each([SearchRequest(parse(example).query, size=0) for example in examples.values()])
    return {typed: example for (typed, example), results in zip(examples.items(), counted, strict=True) if results.total}


def _made_of(articles: list[Article]) -> Iterator[tuple[str, str]]:
    """Examples by Form.typed. The form of a single word is left out: what is said of it is about its example."""
    pairs = [found.groups() for article in articles if (found := _WORDS.search(article.headline or ""))]
    if pairs:
        (a, b), (c, d) = ((first.lower(), second.lower()) for first, second in (pairs[0], pairs[-1]))
        yield "two words", f"{a} {b}"
        yield '"phrase"', f'"{a} {b}"'
        yield '"phrase be*"', f'"{a} {b[:-1]}*"'
        yield '~"phrase"', f'~"{a} {b}"'
        yield '"a b"~5', f'"{b} {a}"~5'
        yield "OR", f"{a} OR {c}"
        yield "AND", f"{a} AND {b} OR {c} AND {d}"
        yield "NOT, -", f"{a} -{c}"
        yield "+", f"{c} OR +{a}"
        yield "( )", f"({a} OR {c}) {b}"
        yield "word*", f"{b[:4]}*"
        yield "w?rd", f"{b[:2]}?{b[3:]}"
        yield "word~", f"{b[:2]}{b[3]}{b[2]}{b[4:]}~"
        yield "headline:", f'headline:"{a} {b}"'
    for article in articles:
        if article.authors:
            yield "author:", f"author:{quotation(article.authors[0])}"
        for quote in article.quotes[:1]:
            said = " ".join(article.quote_text(quote).split()[:4])
            yield "said:", f"said:{quotation(said)}"
            if quote.speaker:
                yield "by:", f"by:{quotation(quote.speaker)}"
                yield "said: by:", f"said:{quotation(said)} by:{quotation(quote.speaker)}"
        if article.language and (words := _WORDS.search(article.headline or "")):
            yield "lang:", f"lang:{article.language} {words[2].lower()}"
        if article.captions:
            yield "has:", "has:caption"
        if article.published and article.published.precision == "day":
            day, year = article.published.iso[:10], int(article.published.iso[:4])
            yield "date:", f"date:{day[:7]}"
            yield "date:[ TO ]", f"date:[{day[:7]} TO {year + 1}]"
            yield "after:, before:", f"after:{day} before:{year + 1}"
