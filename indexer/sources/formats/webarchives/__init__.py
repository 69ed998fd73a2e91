"""How are crawls read, in which each record is what a server answered?

    OpenArchive -> the pages in it

Public: warc.FORMAT.
May import: search.errors, search.settings, indexer.sources.
"""
