"""Standing searches: what is new in the index since they last ran, handed to those who asked for it.

    a file of searches, the index -> messages to standard output, files, e-mail addresses and webhooks

Public: alert_file.read_alerts, run.run_alerts, run.preview, state.open_state.
May import: search.engines.disk, search.engines.protocol, search.errors, search.highlight, search.model, search.query,
    search.query.parsing, search.serialize, search.service, search.settings.
"""
