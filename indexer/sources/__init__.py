"""What is read: folders, files and archives, a page or a record at a time, within limits.

    paths -> RawPage

Public: folders.Listing, read.read_page, archives.records, raw_page.RawPage, saved_page.read_saved_page.
May import: search.errors, search.settings, search.model, search.engines.protocol.
"""
