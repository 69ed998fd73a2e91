"""The date of the last change, as a page prints it."""

import pytest
from lxml import html

from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.dates import find_update
from search.lexicon.read import LexiconEntry, read_lexicon


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<time itemprop=dateModified datetime=2021-05-04T10:00:00Z>later</time>", "2021-05-04T10:00:00+00:00"),
        ("<p>Published 3 May 2021</p><p>Updated 4 May 2021, 10:15</p>", "2021-05-04T10:15"),
        ("<span class=date>3 May 2021</span> <span class=last-modified>4 May 2021</span>", "2021-05-04"),
        ("<div>Updated: <time>4 May 2021</time></div>", "2021-05-04"),
        ("<span>更新：2021年5月4日 10:15</span>", "2021-05-04T10:15"),
        ("<p>Mis à jour le 4 mai 2021</p>", "2021-05-04"),
        ("<p>Published 3 May 2021</p>", None),
        ("<aside class=related><p>Updated 4 May 2021</p></aside>", None),
        ("<p>Updated hourly since 1931</p>", None),
        (f"<p>The timetable was updated on 4 May 2021, {'said the harbour office, ' * 8}</p>", None),
    ],
)
def test_date_of_the_last_change(body: str, expected: str | None) -> None:
    language = "fr" if "jour" in body else "en"
    tree = html.document_fromstring(f"<html lang={language}><body><h1>Ferry line to add two boats</h1>{body}</body></html>")
    found = find_update(PageElements(tree), language)
    assert (found and found.iso) == expected


@pytest.mark.parametrize(
    "entry", [e for e in read_lexicon("indexer.extract.fields", "date_words").entries if e.kind == "update"], ids=str
)
def test_word_tells_of_a_change(entry: LexiconEntry) -> None:
    def found(word: str) -> bool:
        tree = html.document_fromstring(f"<body><h1>Ferry line to add two boats</h1><p>{word} 4 May 2021</p></body>")
        return find_update(PageElements(tree), "en") is not None

    assert found(entry.text)
    assert not found("Printed")
