"""Printed newspapers: pages that were scanned and read by a machine (ALTO, METS), and PDF files with text.

    a file's bytes, and those of the pages beside it -> ExportedArticle, Unread, LeftOut; a page

Public: alto.read_alto, alto.read_page_text, mets.read_mets, pdf.FORMAT.
May import: search.errors, search.settings, indexer.sources, indexer.sources.formats.exports.
"""
