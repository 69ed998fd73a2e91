"""From bytes to articles to the index; the command line is on top.

    sources -> extract -> quotes -> load -> search.engines

May import: nothing.
"""
