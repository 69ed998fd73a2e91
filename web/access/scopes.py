"""What a token allows: each route belongs to one scope.

"api.export" ──▶ "export"
"""

SCOPES = {
    "search": "search, suggestions and lists of names, on the web page and by the API",
    "article": "whole articles, their versions, citations and saved pages",
    "export": "all results of a search as a file",
    "feed": "the Atom feed of a search",
}
OPEN = ""
"""The scope of what anybody may see: nothing of it comes from the archive."""

SCOPE_OF = {
    "static": OPEN,
    "api.healthz": OPEN,
    "api.readyz": OPEN,
    "api.openapi": OPEN,
    "pages.help": OPEN,
    "feeds.opensearch": OPEN,
    "pages.search": "search",
    "pages.edited": "search",
    "names.page": "search",
    "pages.values": "search",
    "pages.api": "search",
    "pages.embed": "search",
    "pictures.page": "search",
    "api.search": "search",
    "api.changes": "search",
    "api.suggest": "search",
    "api.names": "search",
    "pages.article": "article",
    "pages.changes": "article",
    "pages.cite": "article",
    "saved.saved_page": "article",
    "saved.saved_file": "article",
    "api.article": "article",
    "api.versions": "article",
    "api.similar_articles": "article",
    "api.export": "export",
    "pictures.export": "export",
    "selection.export_selection": "export",
    "feeds.feed": "feed",
    "feeds.changes": "feed",
}
"""By the name of the route. A route that is missing here is closed to all."""
