"""An alert -> the articles it finds whose text became searchable after one instant and up to another.

    new_hits(alert, reader, settings, spellings, after, until) -> [NewHit(article, "new", highlights, None)]

The whole archive is searched, within that time: a hit is one by all the rules of the query language, earlier versions, the
languages of the archive and wild cards included, and each search costs what a search on the page does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from indexer.alerts.alert_file import Alert
from search.engines.protocol import Reader
from search.highlight.highlighter import highlight
from search.model.article import Article
from search.model.instants import instant_number
from search.model.results import Highlights
from search.query.nodes import And, InstantRange, MatchAll, SearchRequest, place_of
from search.query.parsing.parser import parse
from search.query.parsing.synonyms import Spellings
from search.service.search import check, search_request
from search.service.version_diff import compare
from search.settings import Limits


@dataclass(frozen=True, slots=True)
class Change:
    """What the current version changed: words added and removed since the one before, of this source and capture."""

    since: str
    captured: str | None
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class NewHit:
    """`kind`: "changed" if the archive had a version of the article before. `change`: None for a new article, and where no
    earlier version is kept."""

    article: Article
    kind: Literal["new", "changed"]
    highlights: Highlights
    change: Change | None


def latest_change(reader: Reader) -> int:
    """The instant of the last change that a search may find, 0 in an empty index. What comes later has a greater one."""
    hits = reader.search(SearchRequest(MatchAll(), order_by="changed", size=1, counted=False)).hits
    return max((instant_number(hit.article.changed) for hit in hits), default=0)


def new_hits(alert: Alert, reader: Reader, limits: Limits, spellings: Spellings, after: int, until: int) -> list[NewHit]:
    """The earliest first. Raises BadRequest or QueryRefused for a search that cannot be run, EngineError."""
    question = replace(alert.question, page_size=limits.page_size, order_by="changed")
    check(question, limits)
    query = parse(question.text, limits, question.query_fields, spellings, question.today).query
    request = search_request(question, query)
    within = InstantRange("changed", after + 1, until)
    request = replace(request, query=And((request.query, within)), counted=False)
    languages = reader.frequent_languages
    found = []
    for article in _walk(reader, request):
        kind: Literal["new", "changed"] = "new" if instant_number(article.added) > after else "changed"
        change = _change(reader, article) if kind == "changed" else None
        found.append(NewHit(article, kind, highlight(article, query, languages), change))
    return found[::-1]


def _walk(reader: Reader, request: SearchRequest) -> Iterator[Article]:
    while hits := reader.search(request).hits:
        yield from (hit.article for hit in hits)
        request = replace(request, after=place_of(hits[-1].article, "changed"))


def _change(reader: Reader, article: Article) -> Change | None:
    versions = reader.versions(article.id)
    if len(versions) < 2:
        return None
    found = compare(versions[1], versions[0])
    return Change(versions[1].source, versions[1].captured, found.added, found.removed)
