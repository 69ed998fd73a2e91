"""The relevance order: term weights, preferences, and feedback from the first hits.

    query, first hits -> preferences

Public: bm25.idf, boosts.proximity, boosts.recency, feedback.telling_terms, feedback.Profile.
May import: search.analysis, search.query.
"""
