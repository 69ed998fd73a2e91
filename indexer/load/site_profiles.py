"""An index -> the profiles of its sites, stored in it.

    update_profiles(engine) -> (SiteProfile("harbour.example", 1, 30, …), …)

`load` and `reindex` leave out of articles what the profiles have.
"""

from collections.abc import Iterator

from indexer.load.report import counted
from indexer.sites.profiles import build_profiles
from search.engines.protocol import Engine, Reader
from search.model.article import Article
from search.model.site_profile import SiteProfile


def update_profiles(engine: Engine) -> tuple[SiteProfile, ...]:
    """Count what the articles of each site have in common; on return the profiles, by site, are stored in the index. Its articles
    stay as they are."""

    reader = engine.reader()

    def articles() -> Iterator[Article]:
        return (document for document in reader.documents() if isinstance(document, Article))

    found = build_profiles(articles, stored_profiles(reader))
    engine.add(found)
    return found


def stored_profiles(reader: Reader) -> dict[str, SiteProfile]:
    """Site -> its profile."""
    return {profile.site: profile for profile in reader.site_profiles()}


def profile_lines(profiles: tuple[SiteProfile, ...]) -> Iterator[str]:
    """The profiles as text: a line for each site, below it one for each block with the number of articles it stands on."""
    for profile in profiles:
        blocks, articles = counted(len(profile.blocks), "block"), counted(profile.articles, "article")
        yield f"{profile.site}: {blocks} repeated on its {articles} (version {profile.version})"
        yield from (f"  {block.articles:>6,}  {' '.join(block.text.split())}" for block in profile.blocks)
