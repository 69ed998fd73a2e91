"""The fields of the index as ready-made terms, the same for every engine.

    Article -> IndexFields, with its names and the sketch that identifies wire copies

Public: fields.index_fields, fields.IndexFields, fields.SCHEMA_VERSION, named_entities.names, near_duplicates.regroup.
May import: search.model, search.analysis, search.query, search.ranking.
"""
