"""How are crawls read, in which each record is what a server answered?

    OpenArchive -> the pages in it

Public: warc.FORMAT, arc.FORMAT, wacz.FORMAT, answers.is_document.
May import: search.errors, indexer.sources.
"""
