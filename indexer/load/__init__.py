"""Keeps an index up to date with folders and archives.

    paths -> articles in an engine, and a report

Public: pipeline.load, reindex.reindex, withdraw.withdraw, report.Report, workers.Pool.
May import: search.errors, search.settings, search.model, search.engines.protocol, search.engines.codec,
    search.engines.prepare, search.engines.disk.replacement, indexer.sources, indexer.sources.files,
    indexer.sources.formats,
    indexer.extract, indexer.sites, indexer.quotes.
"""
