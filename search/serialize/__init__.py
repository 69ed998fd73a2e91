"""Responses as JSON in the documented shapes, exports as CSV, and highlighted fragments as HTML.

    SearchResponse, Article, versions … -> JSON, CSV

Public: search.answer_json, search.SearchAnswer, article.article_json, versions.versions_json, completions.completions_json,
    similar.similar_json, names.names_json, export.export_lines, export.picture_lines.
May import: search.model, search.query.parsing, search.service, search.service.suggestions.
"""
