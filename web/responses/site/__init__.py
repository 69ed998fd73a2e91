"""What the owner of the site gives it: a title, a logo, a colour, texts, a public address.

    Settings -> Site -> templates, feeds, static/logo.svg, static/site.css

Public: identity.Site, identity.read_site, identity.site, logo.read_logo, accent.stylesheet, public_address.public_address.
May import: search.errors, search.settings.
"""
