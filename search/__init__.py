"""Search in articles: what an article, a query and a result are, and how a query is answered.

    typed text -> query -> engines -> highlight -> service -> serialize

A room may import those before it: model, analysis, query, ranking, indexing, engines, highlight, service, serialize.

Public: errors.BroadsheetError, settings.Settings, settings.Limits.
May import: nothing.
"""
