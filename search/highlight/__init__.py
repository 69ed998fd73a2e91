"""What a hit shows: marks on exactly what matched, and the fragments that cover most of the query.

    stored article, query -> marks -> fragments

Public: highlighter.highlight, highlighter.marks, fragments.best_fragments, removed_text.removed_fragments.
May import: search.model, search.analysis, search.query, search.indexing.
"""
