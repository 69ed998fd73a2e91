"""The engine in pure Python: Whoosh, embedded, in a directory.

    articles -> schema -> storage; SearchRequest -> query -> results -> Results

Of Whoosh's modules the query parser alone is used elsewhere, by search.query.parsing.

Public: engine.WhooshEngine, reader.WhooshReader, query.Finder.
May import: search.errors, search.model, search.analysis, search.query, search.ranking, search.indexing, search.engines,
    search.engines.disk.
"""
