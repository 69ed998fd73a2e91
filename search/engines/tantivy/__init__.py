"""The default engine: tantivy, embedded, in a directory.

    articles -> schema -> index; SearchRequest -> query -> order -> snapshot -> Results

Only here is the library imported.

Public: engine.TantivyEngine, snapshot.Snapshot, query.QueryBuilder.
May import: search.errors, search.model, search.analysis, search.query, search.ranking, search.indexing, search.engines.
"""
