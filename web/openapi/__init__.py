"""The description of the JSON API, as an OpenAPI document and as the readable page of it.

    parameters, shapes of the responses -> OpenAPI

Public: document.openapi_json, document.document, operations.operations.
May import: search.settings, search.query, search.serialize, web.errors, web.params.
"""
