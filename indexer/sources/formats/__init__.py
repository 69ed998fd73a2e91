"""How is each kind of file read? A module a format, with one constant FORMAT; kinds.py lists them all.

    SourceFile, bytes -> RawPage, or many of them

Public: kinds.FORMATS, kinds.format_of, kinds.named.
May import: search.errors, search.settings, indexer.sources, indexer.sources.formats.webarchives,
    indexer.sources.formats.exports.publications, indexer.sources.formats.exports.databases,
    indexer.sources.formats.exports.wires, indexer.sources.formats.exports.newspapers.
"""
