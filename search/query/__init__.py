"""What is looked for: a small closed set of nodes, what an engine is asked and answers, and how a query is told to people.

    nodes -> the query in the words of the query language (format), what is remarked on it (messages)

The way from what a person types to the nodes is the room `parsing`.

Public: nodes.Query, nodes.SearchRequest, nodes.Results, nodes.leaves, format.describe, messages.Remark, syntax_help.FORMS.
May import: search.model.
"""
