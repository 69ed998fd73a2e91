"""What the web pages, the API and the command line ask for: a search from beginning to end, and all that goes with one.

    SearchParams -> SearchResponse, with its tiers, explanation and suggestion

Public: search.SearchParams, search.SearchResponse, search.answer, explain.Explanation, more_like_this.similar,
    version_diff.compare, bulk_lookup.names_table, export.all_hits, pictures.find_pictures.
May import: search.errors, search.settings, search.model, search.analysis, search.query, search.query.parsing,
    search.ranking, search.indexing, search.engines.protocol, search.highlight, search.service.suggestions.
"""
