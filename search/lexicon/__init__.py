"""Vocabulary shared by several stages, one data file per subject, and the reader of such files.

    titles.toml -> Lexicon

Public: read.read_lexicon, read.Lexicon, read.LexiconEntry.
May import: nothing.
"""
