"""Words of news that several steps need, one data file a subject, and the reader of such files.

    titles.toml -> Lexicon

Public: read.read_lexicon, read.Lexicon, read.LexiconEntry.
May import: nothing.
"""
