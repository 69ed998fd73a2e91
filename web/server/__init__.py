"""`broadsheet serve`: the web application in gunicorn's worker processes.

    settings -> a listening server

Public: serve.serve, worker.PatientWorker.
May import: search.errors, search.settings, search.model, search.engines.protocol, web.access, web.app, web.errors,
web.responses, web.telemetry.
"""
