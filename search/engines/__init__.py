"""Engines store articles and find them, each behind one protocol; what embedded ones share is beside it.

    articles -> index; SearchRequest -> Results

A room an engine: `open_engine` imports it only when it is asked for.

Public: protocol.Engine, protocol.Reader, protocol.open_engine, protocol.ENGINES, codec.encode, codec.decode,
    versions.plan, prepare.refuse, top_terms.most_frequent.
May import: search.errors, search.model, search.analysis, search.query, search.indexing.
"""
