"""The fields of an article that stand on the page in a form of their own: headline, who, when, what the pictures show.

    elements, texts -> headline, authors, dates, captions

Public: headline.choose_headline, byline.find_authors, dates.find_date, printed_dates.parse_printed_date, captions.read_captions,
    exported_text.read_exported_text.
May import: search.errors, search.model, search.lexicon, indexer.extract.lexicon, indexer.extract.body.
"""
