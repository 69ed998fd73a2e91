"""The description of the JSON API, as a document and as what a page shows of it.

    parameters, shapes of the answers -> OpenAPI

Public: document.openapi_json, document.document, operations.operations.
May import: search.settings, search.query, search.serialize, web.errors.
"""
