"""`broadsheet serve`: the web application in gunicorn's worker processes.

    settings -> a listening server

Public: serve.serve, worker.PatientWorker.
May import: search.errors, search.settings, search.model, search.query.parsing, search.engines.protocol, web.app, web.errors,
web.security_headers.
"""
