"""The views, one blueprint per concern.

    request -> response

Public: pages.pages, api.api, feeds.feeds, saved_page.saved, selection.selection, pictures.pictures,
    names.names.
May import: search.errors, search.model, search.query, search.query.parsing, search.engines.protocol, search.highlight,
    search.service, search.service.suggestions, search.serialize, web.errors, web.params, web.index_handle,
    web.responses, web.responses.site, web.i18n, web.presenters, web.presenters.articles, web.openapi.
"""
