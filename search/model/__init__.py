"""What everything speaks of: articles, results, the page as it was saved.

    (nothing) -> frozen values, with no way in or out of their own

Public: article.Article, article.passages, article.Span, results.Hit, results.Highlights,
    saved_page.SavedPage, text.encodable.
May import: search.errors.
"""
