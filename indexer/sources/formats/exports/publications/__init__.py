"""What a publication itself gives out: exports of its system, feeds with full text, newsletters.

    a file's bytes -> ExportedArticle, Unread, LeftOut

Public: wordpress.read_wordpress, ghost.read_ghost, substack.read_substack, feeds.read_feed, letters.read_letter,
    letters.read_mailbox.
May import: search.errors, indexer.sources, indexer.sources.formats.exports.
"""
