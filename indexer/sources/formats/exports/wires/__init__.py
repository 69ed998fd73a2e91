"""What news agencies send and researchers collect: ninjs, NITF, NewsML-G2, and the SGML of TREC and Gigaword.

    a file's bytes -> ExportedArticle, Unread, LeftOut

Public: ninjs.read_ninjs, nitf.read_nitf, newsml.read_newsml, sgml.read_sgml.
May import: search.errors, indexer.sources, indexer.sources.formats.exports.
"""
