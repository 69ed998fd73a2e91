"""What an index holds of an article, as ready-made terms, the same for every engine.

    Article -> IndexFields, with its names and the sketch by which wire copies are found

Public: fields.index_fields, fields.IndexFields, fields.SCHEMA_VERSION, named_entities.names, near_duplicates.regroup.
May import: search.lexicon, search.model, search.analysis, search.query, search.ranking.
"""
