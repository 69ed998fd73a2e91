"""What one page cannot tell, its site can: text that is repeated on many articles of a site is part of none.

    articles -> SiteProfile; Article, SiteProfile -> Article without its site's boilerplate

Public: profiles.build_profiles, boilerplate.without_boilerplate, boilerplate.restored, blocks.site_of.
May import: search.model.
"""
