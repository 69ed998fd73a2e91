"""Searches outside the page: the Atom feed (RFC 4287), and the OpenSearch 1.1 description with which browsers offer the search
box.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from flask import Blueprint, Response, request, url_for

from search.model.article import Article, PrintedDate
from search.model.results import Highlights
from search.model.text import encodable
from search.service.search import SearchParams, SearchResponse
from search.service.version_diff import Edit, last_edits
from web.i18n.catalogue import t, texts
from web.index_handle import archive
from web.params import query_string, read_question, with_parameters
from web.presenters.articles.versions import version_label_beside
from web.presenters.formatting import web_address
from web.presenters.links import permalink, unordered
from web.responses.site.identity import site

feeds = Blueprint("feeds", __name__)

ATOM = "application/atom+xml"
OPENSEARCH = "application/opensearchdescription+xml"
ENTRIES = 30
UNKNOWN = "1970-01-01T00:00:00Z"
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""https://www.w3.org/TR/xml/#charsets"""


@feeds.get("/feed.atom")
def feed() -> Response:
    """The articles with all the words of a search, those last added first, whenever they were published. Parameters that only a
    page understands are ignored; `cursor` is that of the next part (RFC 5005)."""
    asked = read_question(request.args.items(multi=True), strict=False)
    asked = replace(asked, order_by="added", page=1, page_size=ENTRIES, facets=(), timeline=None, explain=False)
    with archive().reader() as reader:
        found = archive().answer(reader, asked, all_words=True)
    return _xml(atom(asked, found), ATOM)


@feeds.get("/changes.atom")
def changes() -> Response:
    """The articles of a search whose text was changed, the latest change first."""
    asked = read_question(request.args.items(multi=True), strict=False)
    asked = replace(
        asked, order_by="changed", edited=True, page=1, page_size=ENTRIES, versions=False, facets=(), timeline=None, explain=False
    )
    with archive().reader() as reader:
        found = archive().answer(reader, asked, all_words=True)
        edits = last_edits(reader, [hit.article for hit in found.results.hits])
    root = atom(asked, found)
    for entry, hit, edit in zip(root.findall("entry"), found.results.hits, edits, strict=True):
        if edit:
            _tell_edit(entry, hit.article, edit)
    return _xml(root, ATOM)


def _tell_edit(entry: Element, article: Article, edit: Edit) -> None:
    """Each change is an entry of its own, with how much it is for a summary."""
    for child in entry.findall("id") + entry.findall("summary"):
        entry.remove(child)
    _text(entry, "id", _stable_id(f"{article.id} {article.source} {article.changed}"))
    count = t("version.changed", added=t("words", n=edit.difference.added), removed=edit.difference.removed)
    since = t("edited.since", when=version_label_beside(edit.before, article))
    _text(entry, "summary", f"{count} {since} {t('edited.silent' if edit.silent else 'edited.announced')}")
    address = url_for("pages.changes", id=encodable(article.id), _external=True)
    both = [("from", edit.before.source), ("to", article.source)]
    SubElement(entry, "link", rel="related", type="text/html", href=_storable(with_parameters(address, both)))


@feeds.get("/opensearch.xml")
def opensearch() -> Response:
    root = Element("OpenSearchDescription", xmlns="http://a9.com/-/spec/opensearch/1.1/")
    _text(root, "ShortName", site().title[:16])
    _text(root, "LongName", site().title[:48])
    _text(root, "Description", t("site.search_label"))
    _text(root, "InputEncoding", "UTF-8")
    icon = url_for("static", filename="icon.svg", _external=True)
    _text(root, "Image", icon, width="16", height="16", type="image/svg+xml")
    for media_type, endpoint in (("text/html", "pages.search"), (ATOM, "feeds.feed")):
        template = url_for(endpoint, _external=True) + "?q={searchTerms}"
        SubElement(root, "Url", type=media_type, method="get", template=template)
    SubElement(root, "Url", type=OPENSEARCH, rel="self", template=url_for("feeds.opensearch", _external=True))
    return _xml(root, OPENSEARCH)


def atom(asked: SearchParams, found: SearchResponse) -> Element:
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": texts().language})
    kind, endpoint, page = (
        ("changes", "feeds.changes", "pages.edited") if asked.edited else ("feed", "feeds.feed", "pages.search")
    )
    _text(root, "id", _stable_id(f"{kind} {query_string(unordered(asked))}"))
    searched = asked.text.strip() or t("edited.heading" if asked.edited else "site.all")
    _text(root, "title", f"{searched} – {site().title}")
    _text(SubElement(root, "author"), "name", site().title)
    search = url_for(page, _external=True) + query_string(unordered(asked))
    SubElement(root, "link", rel="self", type=ATOM, href=_storable(request.url))
    SubElement(root, "link", rel="alternate", type="text/html", href=search)
    SubElement(root, "link", rel="search", type=OPENSEARCH, href=url_for("feeds.opensearch", _external=True))
    if found.next:
        this = url_for(endpoint, _external=True) + query_string(unordered(asked))
        SubElement(root, "link", rel="next", type=ATOM, href=with_parameters(this, [("cursor", found.next)]))
    entries = [_entry(hit.article, some) for hit, some in zip(found.results.hits, found.highlights, strict=True)]
    newest = max((entry.findtext("updated", "") for entry in entries), default=f"{date.today()}T00:00:00Z")
    _text(root, "updated", newest)
    root.extend(entries)
    return root


def _entry(article: Article, found: Highlights) -> Element:
    entry = Element("entry", {"xml:lang": article.language} if article.language else {})
    _text(entry, "id", _stable_id(article.id))
    _text(entry, "title", article.headline or t("no_headline"))
    _text(entry, "updated", article.changed or article.captured or UNKNOWN)
    if article.published:
        _text(entry, "published", _moment(article.published))
    SubElement(entry, "link", rel="alternate", type="text/html", href=permalink(article))
    if original := web_address(article.url):
        SubElement(entry, "link", rel="via", href=_storable(original))
    for author in article.authors or filter(None, [article.publisher]):
        _text(SubElement(entry, "author"), "name", author)
    for term in filter(None, [article.section, *article.tags]):
        SubElement(entry, "category", term=_storable(term))
    if summary := " … ".join(_summary(article, found)):
        _text(entry, "summary", summary)
    return entry


def _summary(article: Article, found: Highlights) -> Iterator[str]:
    """The matching passages, or the beginning of the article."""
    marked = [fragment.text for fragment in found.body if fragment.marks]
    yield from marked or filter(None, [article.standfirst or "".join(fragment.text for fragment in found.body[:1])])


def _moment(printed: PrintedDate) -> str:
    """RFC 3339: a date without a time zone is taken as UTC, one without a time as midnight."""
    moment = printed.instant or datetime.fromisoformat(f"{printed.first_day()}{printed.iso[10:] or 'T00:00'}")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:  # hours before the year 1 or after 9999
        moment = moment.replace(tzinfo=UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _stable_id(name: str) -> str:
    """The same wherever the archive is served."""
    return uuid5(NAMESPACE_URL, encodable(name)).urn


def _text(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = _storable(text)


def _storable(text: str) -> str:
    return _NOT_XML.sub("", encodable(text))


def _xml(root: Element, media_type: str) -> Response:
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type=f"{media_type}; charset=utf-8")
