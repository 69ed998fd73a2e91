"""The words of news pages: how their lines read that are not prose, what they call what is not the article.

    a line of text, a class name -> what it is

Public: line_patterns.split_credit, line_patterns.dateline_of, boilerplate_names.is_side_matter,
    boilerplate_names.is_caption.
May import: search.lexicon.
"""
