"""What the readers of exports share: what they hand on, XML piece by piece, words out of mark-up, dates.

    a file's bytes -> ExportedArticle, Unread, LeftOut

Public: article.ExportedArticle, article.Unread, article.LeftOut, records.export_format, xml_items.xml_items,
    inline_text.inline_text, dates.iso_date.
May import: search.errors, search.model, indexer.sources.
"""
