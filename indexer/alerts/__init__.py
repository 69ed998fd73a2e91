"""Standing searches: what is new in the index since they last ran, handed to those who asked for it.

    file of searches ──alert_file──▶ Alert ──new_hits──▶ NewHit ──messages──▶ text, JSON Lines ──delivery──▶ file, e-mail, webhook

Public: alert_file.read_alerts, run.run_alerts, run.preview, state.open_state.
May import: search.engines, search.errors, search.highlight, search.model, search.query, search.query.parsing, search.serialize,
search.service, search.settings.
"""
