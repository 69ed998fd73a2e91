"""The types that every room uses: articles, results, the saved page.

    (nothing) -> frozen values, without I/O

Public: article.Article, article.passages, article.Span, results.Hit, results.Highlights, saved_page.SavedPage, text.encodable,
    withdrawal.Withdrawal, withdrawal.Blocks, withdrawal.keys_of.
May import: search.errors.
"""
