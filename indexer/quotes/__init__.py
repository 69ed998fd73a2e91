"""Who said what in an article.

    Article -> Article with its quotes and their speakers

Public: detect.with_quotes, detect.find_quotes, attribution.name_speakers, person_names.names.
May import: search.lexicon, search.model, search.analysis.
"""
