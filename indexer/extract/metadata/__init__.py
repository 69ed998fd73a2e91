"""What a page says of itself, apart from what it shows.

    head, JSON-LD, framework state -> Metadata

Public: claims.read_metadata, claims.Metadata, json_ld.read_blocks, framework_state.state_html.
May import: search.model, search.lexicon, indexer.extract.lexicon, indexer.extract.body, indexer.extract.fields.
"""
