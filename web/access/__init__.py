"""Who may ask, for what and how often. All of it is off unless set: the archive is open to whoever reaches the server.

    request -> Client -> answered, or refused with 401, 403 or 429

Public: guard.guard, clients.Client, clients.TrustedProxies, tokens.TokenFile, tokens.add, tokens.read,
    tokens.remove, scopes.SCOPES, scopes.SCOPE_OF,
    rate_limit.RateLimit, rate_limit.shared_table, cors.Cors, shared.Shared.
May import: search.errors, search.settings.
"""
