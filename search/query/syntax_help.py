"""The query language as explained to readers: one source for the help page and docs/query-language.md.

A test parses every example and compares the documentation with this table.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """`typed`: the form; `example`: a query that uses it; `finds`: what it finds, for a reporter."""

    typed: str
    example: str
    finds: str


FORMS = (
    Form("word", "negotiations", "the word in any form: negotiation, negotiated, negotiators; accents and case are ignored"),
    Form("two words", "peace talks", "articles with both words, anywhere; if there are few, articles with one of them follow"),
    Form('"phrase"', '"high-level talks"', "exactly these words in this order, without stemming; works for a single word too"),
    Form('"phrase be*"', '"peace agree*"', "the phrase, with a last word starting with these letters (at least 3)"),
    Form('~"phrase"', '~"Kiev airport"', "the phrase, with each name in it in all spellings configured for this archive"),
    Form('"a b"~5', '"peace agreement"~5', "both words with at most 5 others between them, in either order; the maximum is 20"),
    Form("OR", "armistice OR truce", "either one; OR joins only the terms on either side of it"),
    Form("AND", "kiev AND crisis OR kyiv AND war", "only articles with both; a written AND binds more tightly than OR"),
    Form("NOT, -", "chernobyl -film", "articles without the word that follows; NOT film does the same"),
    Form(
        "+",
        "armistice OR +korea",
        "the word that follows is required, even next to OR, where the other word then affects only the ranking",
    ),
    Form("( )", "(armistice OR truce) korea", "groups terms"),
    Form("word*", "negotiat*", "words starting with this; at least 3 letters before the *"),
    Form("w?rd", "organi?ation", "? stands for one letter, * for any number of letters"),
    Form("word~", "gorbachov~", "similar spellings, one letter different; ~2 allows two; swapped neighbours count as one"),
    Form("headline:", 'headline:"peace agreement"', "only in the headline; also body: caption: credit:"),
    Form("author:", "author:ashdown", "articles by this author; also section: publisher: place: tag: url:"),
    Form("said:", 'said:"a single battleground"', "only in quotes; said:word matches any form of the word"),
    Form("by:", "by:eisenhower", "articles that quote someone with this name (author: finds articles they wrote)"),
    Form("said: by:", "said:peace by:eisenhower", "in a quote by that speaker; by: applies to every said: next to it"),
    Form("lang:", "lang:fr accord", "articles in this language, by its two-letter code"),
    Form(
        "has:",
        "has:correction",
        "articles with a correction; also caption credit author date place section tag standfirst url, and changes: "
        "an earlier version with another text is kept",
    ),
    Form("removed:", 'removed:"high-level talks"', "articles in which an earlier version has it but the current one does not"),
    Form("added:", "added:headline:truce", "articles in which the current version has it but an earlier one does not"),
    Form("date:", "date:1989-11", "published in that year or month or on that day: date:1989 date:1989-11 date:1989-11-09"),
    Form("date:[ TO ]", "date:[1953-06 TO 1954]", "from the first to the last day of the range; * leaves one end open"),
    Form(
        "date:today",
        "after:last-month",
        "published today; also yesterday, this week, last month, last 7 days, 2 weeks ago (or -2w; also d, m, y); "
        "works with after: and before: too",
    ),
    Form("after:, before:", "after:2014-02-20 before:2015", "from that day on, up to that day; both days are included"),
    Form(
        "added-after:, added-before:",
        "added-after:last-week",
        "added to this archive from that day on, up to that day, whenever it was published; days are those of UTC",
    ),
)  # fmt: skip

NOTES = (
    "Words joined by a hyphen, apostrophe, & or / match joined or apart: cease-fire finds ceasefire and cease fire.",
    "U.S. finds the initialism, also written U. S. or US in capitals, but not the word us; J.R.R. finds JRR.",
    "12,000 finds 12.000, 12 000 and 12000; Djokovic finds Đoković and Mueller Müller; loreal finds L'Oréal.",
    "Inside quotation marks, * works only at the end of the last word; OR, NOT, +, -, field names and a final ? are plain text.",
    "Chinese, Japanese, Korean and Thai text matches as written; no spaces are needed.",
    "Punctuation, unbalanced quotation marks or parentheses and stray operators never cause an error.",
    "Every answer says how the query was understood and which parts were ignored.",
    "A query of filters alone, such as has:correction, lists its results newest first.",
    "If fewer than 100 articles have all the words, articles with at least 30% of them follow under a separate heading.",
    "Quotation marks, +, -, OR, NOT, fields, parentheses, *, ? and ~ are always strict; AND makes the whole query strict.",
)  # fmt: skip
