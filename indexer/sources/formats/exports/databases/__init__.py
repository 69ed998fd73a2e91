"""What press databases let their users save: Nexis, Factiva and Europresse, as HTML, DOCX, RTF or text.

    an export's bytes -> ExportedArticle, Unread

Public: nexis.read_nexis, factiva.read_factiva, europresse.read_europresse, office.read_docx, office.read_rtf.
May import: search.errors, search.lexicon, indexer.sources, indexer.sources.formats.exports.
"""
