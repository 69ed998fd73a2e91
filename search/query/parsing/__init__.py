"""From typed text to a query. Nothing that is typed is a syntax error.

    text -> pieces -> query nodes, with all spellings of the names in it

Public: parser.parse, parser.Understood, synonyms.Spellings, synonyms.read_spellings, in_quotes.quotation, date_ranges.period.
May import: search.errors, search.settings, search.model, search.analysis, search.query.
"""
