"""The query tree, the request to an engine and its results, and the wording of a query for people.

    nodes -> the query in the query language (format), the remarks on it (messages)

The room `parsing` turns typed text into nodes.

Public: nodes.Query, nodes.SearchRequest, nodes.Results, nodes.leaves, parameters.PARAMETERS, format.describe, messages.Remark,
    syntax_help.FORMS.
May import: search.model.
"""
