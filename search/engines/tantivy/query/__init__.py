"""The queries of tantivy.

    Query ──QueryBuilder.build──▶ tantivy.Query

Public: builder.QueryBuilder, combine.Within and what combines queries.
May import: search.query, search.analysis, search.indexing, search.ranking, search.engines.versions.
"""
