"""What tantivy is asked, and how its answers are completed.

    Query -> builder -> tantivy.Query -> best_first -> hits; tantivy.Query -> values -> facets

Public: builder.QueryBuilder, combine.Within, best_first.BestFirst, values.ValueCounter.
May import: search.errors, search.model, search.analysis, search.query, search.ranking, search.indexing, search.engines.
"""
