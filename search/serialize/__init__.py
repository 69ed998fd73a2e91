"""Answers as JSON, in the shapes that the API documents, and as CSV; a marked fragment as HTML.

    SearchResponse, Article, versions … -> JSON, CSV

Public: search.answer_json, search.SearchAnswer, article.article_json, versions.versions_json,
    completions.completions_json, similar.similar_json, names.names_json,
    export.export_lines.
May import: search.model, search.query.parsing, search.service, search.service.suggestions.
"""
