"""The id of an article and the source of a version -> the article; the first step of every view of an article."""

from search.engines.protocol import Reader
from search.model.article import Article
from web.errors import NotFound


def article_version(reader: Reader, id: str, source: str | None) -> tuple[Article, tuple[Article, ...]]:
    """The article's version from that source, by default the current one, and all its versions. Raises NotFound."""
    versions = tuple(reader.versions(id))
    for version in versions:
        if source is None or version.source == source:
            return version, versions
    raise NotFound("There is no such article in the archive." if not versions else "There is no such version of this article.")
