"""Finds the article on a page, and can say why it is what it is.

    RawPage -> safe_parse -> metadata, body, fields -> Article; a line of JSON -> Article

Public: pipeline.extract, plain_text.extract_text, json_articles.article_from_record, language_id.article_language,
    explain.explain.
May import: search.errors, search.settings, search.model, search.lexicon, indexer.sources, indexer.extract.lexicon,
    indexer.extract.body, indexer.extract.fields, indexer.extract.metadata.
"""
