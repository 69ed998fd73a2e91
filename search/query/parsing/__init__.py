"""From what a person types to a query, forgivingly: nothing typed is an error.

    text -> pieces -> nodes of the query, in all the spellings of its names

Public: parser.parse, parser.Understood, synonyms.Spellings, synonyms.read_spellings, in_quotes.quotation,
    date_ranges.period.
May import: search.errors, search.settings, search.model, search.analysis, search.query.
"""
