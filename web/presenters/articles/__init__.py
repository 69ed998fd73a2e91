"""What the pages of an article show: its text with marks, its citations, its versions, its saved page.

    Article, marks, versions, saved HTML -> values for templates

Public: article_page.MarkedArticle, citations.citation, versions.version_labels, saved_marks.mark_page.
May import: search.highlight, search.lexicon, search.model, search.query, search.service, web.i18n,
    web.presenters.formatting, web.presenters.render.
"""
