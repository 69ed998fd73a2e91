"""Text -> terms with positions, the same for every engine, the highlighter and the oracle of the tests.

    text, language -> terms; text -> sentences; two words or two lists of words -> how much they differ

Public: analyzer.exact_terms, analyzer.bag_terms, analyzer.ANALYSIS_VERSION, folding.fold, tokens.Token, unknown_language.Stemmed,
    edit_distance.within_edits, typo_model.likelihood, word_diff.common_runs, sentences.sentences.
May import: nothing.
"""
