"""What the order by relevance goes by: how much a term counts, what is preferred, what the first hits add.

    query, first hits -> preferences

Public: bm25.idf, boosts.proximity, boosts.recency, feedback.telling_terms, feedback.Profile.
May import: search.analysis, search.query.
"""
