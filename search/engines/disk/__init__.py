"""The directory of an embedded index, whatever the engine: made, synced, replaced, backed up.

    path -> IndexFound; index -> backup -> index

Public: directory.open_directory, durable_files.write_signed, replacement.replace_directory, backup.backup, backup.restore.
May import: search.errors, search.model, search.analysis, search.indexing, search.engines.
"""
