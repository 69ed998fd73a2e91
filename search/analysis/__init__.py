"""Text becomes terms with positions, in the same way for every engine, for the highlighter and for the oracle of the tests.

    text, language -> terms; text -> sentences; two words, two lists of words -> how far they are from each other

Public: analyzer.exact_terms, analyzer.bag_terms, analyzer.ANALYSIS_VERSION, folding.fold, tokens.Token,
    unknown_language.Stemmed, edit_distance.within_edits, typo_model.likelihood, word_diff.common_runs, sentences.sentences,
    sentences.ends_sentence.
May import: search.lexicon.
"""
