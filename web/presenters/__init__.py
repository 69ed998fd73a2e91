"""Data for the templates: links, words, the timeline, the overview, citations.

    SearchResponse, Article -> values for templates

Public: links.search_url, excerpts.excerpts, facets.facet_groups, timeline.timeline,
    overview.glance, formatting.date_words, render.page.
May import: search.errors, search.model, search.query, search.query.parsing, search.indexing,
    search.engines.protocol, search.service, search.serialize, web.params, web.i18n, web.responses.site.
"""
