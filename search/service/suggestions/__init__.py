"""What may have been meant, and what may be about to be typed, in the archive's own words.

    what is typed, vocabulary of the index -> Suggestion, Completions

Public: did_you_mean.suggest, did_you_mean.Suggestion, autocomplete.complete, autocomplete.Completion,
    surface_forms.as_printed.
May import: search.lexicon, search.model, search.analysis, search.query, search.indexing, search.engines.protocol.
"""
