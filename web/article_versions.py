"""The id of an article and the source of a version -> the article; the first step of every view of an article."""

from search.engines.protocol import Reader
from search.model.article import Article
from search.model.withdrawal import Blocks, Withdrawal, utc_now
from web.errors import ArticleWithdrawn, NotFound


def article_version(reader: Reader, id: str, source: str | None) -> tuple[Article, tuple[Article, ...]]:
    """The article's version from that source, by default the current one, and all its versions. Raises NotFound, or
    ArticleWithdrawn for the id or the address of an article that was withdrawn."""
    versions = tuple(reader.versions(id))
    for version in versions:
        if source is None or version.source == source:
            return version, versions
    if not versions and (found := withdrawn(reader, id)):
        raise ArticleWithdrawn(found.reason if found.public else None)
    raise NotFound("There is no such article in the archive." if not versions else "There is no such version of this article.")


def withdrawn(reader: Reader, id: str) -> Withdrawal | None:
    """What keeps the article of this id or address out of the archive now."""
    return Blocks(reader.withdrawals(), utc_now()).named(id)
