"""The default engine: tantivy, embedded, in a directory.

    articles -> schema -> index; SearchRequest -> query -> order -> results -> Results

Only here is the library imported.

Public: engine.TantivyEngine, reader.TantivyReader.
May import: search.errors, search.model, search.analysis, search.query, search.ranking, search.indexing, search.engines,
    search.engines.disk, search.engines.tantivy.query.
"""
