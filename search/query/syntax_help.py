"""The query language as a reader is told of it: one source for the README and the web page's help.

A test parses every example and holds the README to this table.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """`typed`: the form; `example`: a query that uses it; `finds`: what it finds, for a reporter."""

    typed: str
    example: str
    finds: str


FORMS = (
    Form("word", "negotiations", "the word in any form: negotiation, negotiated, negotiators; accents and case do not matter"),
    Form("two words", "peace talks", "articles that have both words, anywhere; where these are few, then those with one of them"),
    Form('"phrase"', '"high-level talks"', "exactly these words, side by side, unstemmed; also for a single word"),
    Form('"phrase be*"', '"peace agree*"', "the phrase, of whose last word only the beginning is given: at least 3 letters"),
    Form('~"phrase"', '~"Kiev airport"', "the phrase, with each name in it in all spellings that the archive was told of"),
    Form('"a b"~5', '"peace agreement"~5', "both words with at most 5 others between them, in either order; up to 20"),
    Form("OR", "armistice OR truce", "either one; OR joins just the two pieces beside it"),
    Form("AND", "kiev AND crisis OR kyiv AND war", "only articles with both; written out, it binds closer than OR"),
    Form("NOT, -", "chernobyl -film", "without the word that follows; NOT film is the same"),
    Form(
        "+",
        "armistice OR +korea",
        "the word that follows must be there, also beside OR, where the other then matters to the order alone",
    ),
    Form("( )", "(armistice OR truce) korea", "what belongs together"),
    Form("word*", "negotiat*", "words that begin so, after at least 3 letters"),
    Form("w?rd", "organi?ation", "? stands for one letter, * for any number of them"),
    Form("word~", "gorbachov~", "spelled like this, give or take one letter; ~2 for two; swapped neighbours count as one"),
    Form("headline:", 'headline:"peace agreement"', "in the headline only; also body: caption: credit:"),
    Form("author:", "author:ashdown", "by the byline; so too section: publisher: place: tag: url:"),
    Form("said:", 'said:"a single battleground"', "in quotation marks only; said:word in any form"),
    Form("by:", "by:eisenhower", "articles that quote somebody of that name; not by NAME"),
    Form("said: by:", "said:peace by:eisenhower", "in a quote of that speaker: by: narrows every said: beside it"),
    Form("lang:", "lang:fr accord", "articles in this language, by its two-letter code"),
    Form("has:", "has:correction", "articles that have one; so too caption credit author date place section tag standfirst url"),
    Form("removed:", 'removed:"high-level talks"', "articles of which an earlier version had it and the current one has not"),
    Form("added:", "added:headline:truce", "articles of which the current version has it and an earlier one had not"),
    Form("date:", "date:1989-11", "published in that year, month or day: date:1989 date:1989-11 date:1989-11-09"),
    Form("date:[ TO ]", "date:[1953-06 TO 1954]", "from the first to the last day of these; * leaves one side open"),
    Form(
        "date:today",
        "after:last-month",
        "published today; so too yesterday, this week, last month, last 7 days, 2 weeks ago (in short -2w; so too d, m, y), "
        "also with after: and before:",
    ),
    Form("after:, before:", "after:2014-02-20 before:2015", "from that day on, up to that day, both inclusive"),
)  # fmt: skip

NOTES = (
    "Words joined by a hyphen, an apostrophe, & or / are found joined and apart: cease-fire finds ceasefire and cease fire.",
    "U.S. finds the initialism, also written U. S. or US in capitals, and not the word us; J.R.R. finds JRR.",
    "12,000 finds 12.000, 12 000 and 12000; Djokovic finds Đoković and Mueller Müller; loreal finds L'Oréal.",
    "In quotation marks * counts only at the end of the last word; OR, NOT, + and -, a field's name and ? after a word are text.",
    "Chinese, Japanese, Korean and Thai text is found as it stands, without spaces.",
    "Punctuation, unbalanced quotes and parentheses, and lone operators are never an error.",
    "The answer says how the query was understood and what of it was ignored.",
    "A query of filters alone, such as has:correction, lists what it finds newest first.",
    "Where fewer than 100 articles have all the words, those with at least 30 % of them follow under a heading of their own.",
    "Quotation marks, +, -, OR, NOT, fields, parentheses, *, ? and ~ are strict; with AND, the whole query is.",
)  # fmt: skip
