"""Which files are there, and how is a page of one opened?

    paths -> SourceFile -> RawPage

Public: folders.Listing, read.read_page, read.records, saved_page.read_saved_page.
May import: search.errors, search.settings, search.model, search.engines.protocol, indexer.sources, indexer.sources.formats.
"""
