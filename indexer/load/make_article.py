"""What a worker does with a page: RawPage -> Article.

MakeArticle(profiles)(page, settings) -> the article without what its site repeats, with its quotes
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.extract.json_articles import article_from_record
from indexer.quotes.detect import with_quotes
from indexer.sites.blocks import site_of
from indexer.sites.boilerplate import without_boilerplate
from indexer.sources.raw_page import RawPage
from search.model.article import Article
from search.model.site_profile import SiteProfile
from search.settings import Settings


@dataclass(frozen=True, slots=True)
class MakeArticle:
    """profiles: site -> its profile."""

    profiles: Mapping[str, SiteProfile] = field(default_factory=dict)

    def __call__(self, page: RawPage, settings: Settings) -> Article:
        """The article of a file or record. Raises PageError."""
        return self.finish(read_article(page, settings))

    def finish(self, article: Article) -> Article:
        """An article as its page has it, or as it was finished with other profiles -> as it is to be indexed."""
        return with_quotes(without_boilerplate(article, self.profiles.get(site_of(article) or "")))


def read_article(page: RawPage, settings: Settings) -> Article:
    """The article of a file or record as it stands there. Raises PageError."""
    if page.kind == "article":
        return article_from_record(page.data, page.source, page.stamp, page.captured, page.language)
    from indexer.extract.pipeline import extract  # the parsers take half a second to load: only workers need them

    return extract(page, settings)
