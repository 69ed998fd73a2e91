"""Looks an archive over, without changing it: what is odd, and what to do about it.

    settings -> findings

Public: examine.examine, finding.Finding.
May import: search.errors, search.settings, search.query, search.engines.protocol, search.engines.disk.backup,
    search.engines.disk.directory, search.engines.disk.durable_files, search.engines.disk.replacement.
"""
