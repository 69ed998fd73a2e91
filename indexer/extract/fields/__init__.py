"""The fields of an article that stand on the page in a form of their own: who, when, what the pictures show.

    elements, texts -> authors, dates, captions

Public: byline.find_authors, dates.find_date, dates.parse_printed_date, captions.read_captions,
    exported_text.read_exported_text.
May import: search.errors, search.model, indexer.extract.lexicon, indexer.extract.body.
"""
