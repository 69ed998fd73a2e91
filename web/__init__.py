"""The Flask front end: requests in, HTML or JSON out.

    request -> params -> search.service -> presenters -> templates -> responses

`app` assembles it and is the only module that imports the views.

Public: app.create_app, params.read_question, index_handle.archive, errors.NotFound, index_handle.article_version.
May import: search.errors, search.settings, search.model, search.query, search.query.parsing, search.indexing,
    search.engines.protocol, search.service, search.serialize, web.access, web.i18n, web.presenters,
    web.presenters.articles, web.responses, web.responses.site, web.telemetry, web.views.
"""
