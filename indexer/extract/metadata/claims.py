"""What a page says of itself in its head: JSON-LD, meta elements, title, links.

    >>> read_metadata(PageElements(tree), "https://beacon.example/1988/truce.html").headlines
    ('Truce signed', 'Truce signed, at last')

The values are claims; `indexer/extract/article_text.py` weighs them against what a reader sees.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from indexer.extract.body.dom_context import MAX_TITLE_CHARACTERS, short_text
from indexer.extract.body.page_elements import PageElements
from indexer.extract.fields.headline import cut_site_name
from indexer.extract.lexicon.line_patterns import section_of
from indexer.extract.metadata import json_ld
from indexer.extract.metadata.author_claims import author_claims, authors
from indexer.extract.metadata.breadcrumbs import printed_steps
from indexer.extract.metadata.date_claims import published, updated
from indexer.extract.metadata.saver_marks import original_of
from search.model.article import Caption, PrintedDate


@dataclass(frozen=True, slots=True)
class Metadata:
    """headlines: best evidence first. declared_first: whether that goes before what the page prints.
    published, updated: None where the page marks none up. language: a primary BCP 47 tag in lower case. canonical_url: absolute,
    never a home page. images: captions and credits that JSON-LD gives for pictures. article_body: JSON-LD's text of the article,
    paragraphs separated by blank lines where it says so."""

    headlines: tuple[str, ...] = ()
    declared_first: bool = False
    descriptions: tuple[str, ...] = ()
    published: PrintedDate | None = None
    updated: PrintedDate | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    canonical_url: str | None = None
    publisher: str | None = None
    images: tuple[Caption, ...] = ()
    article_body: str | None = None


Claim = tuple[str, str]
"""Where the page says something ("meta og:title"), and what."""


def read_claims(elements: PageElements, url: str | None) -> dict[str, list[Claim]]:
    """All that the page says of a field, by the field's name, in the order in which `read_metadata` believes it."""
    page = _read_page(elements, url)
    return {
        "headline": _headline_claims(page, _publisher(page)),
        "standfirst": list(_description_claims(page)),
        "authors": [(where, ", ".join(names)) for where, names in author_claims(page.node, page.graph, page.values) if names],
        "published": list(_publication_claims(page)),
        "updated": list(_claims(page, _UPDATED_KEYS, _UPDATED)),
        "section": list(_section_claims(page)),
        "tags": [(where, ", ".join(values)) for where, values in _tag_claims(page) if values],
        "language": list(_language_claims(page)),
        "publisher": list(_publisher_claims(page)),
        "url": list(_address_claims(page)),
    }


def read_metadata(elements: PageElements, url: str | None) -> Metadata:
    """`url` is where the page was fetched from, if known. Never raises on what a page contains."""
    page = _read_page(elements, url)
    node = page.node
    publisher = _publisher(page)
    language = _language(page)
    address = page.address or _absolute(next(json_ld.addresses(node), None), url)
    headlines = _headline_claims(page, publisher)
    return Metadata(
        headlines=_distinct(text for _, text in headlines),
        declared_first=_goes_first(page, headlines),
        descriptions=_distinct(text for _, text in _description_claims(page)),
        published=published(_publication_claims(page), elements, language, address or url),
        updated=updated(_claims(page, _UPDATED_KEYS, _UPDATED), elements, language, address or url),
        authors=authors(node, page.graph, page.values, elements, publisher),
        section=_section(page),
        tags=_tags(page),
        language=language,
        canonical_url=address,
        publisher=publisher,
        images=tuple(_images(page)),
        article_body=_article_body(node),
    )


# Keys of JSON-LD and names of meta elements, the surest first.
_UPDATED_KEYS = ("dateModified",)
_PUBLISHED_KEYS = ("datePublished", "dateCreated", "uploadDate")
_DESCRIPTION = "og:description description twitter:description dc.description sailthru.description"
_UPDATED = "article:modified_time og:updated_time article:modified datemodified last-modified dcterms.modified"
_PUBLISHED = """
article:published_time datepublished article:published og:published_time og:article:published_time parsely-pub-date sailthru.date
publish-date publishdate pubdate publication_date publication-date date.issued dcterms.created dcterms.date dc.date.issued dc.date
dcterms.issued article.published cxenseparse:recs:publishtime cxenseparse:publishtime displaydate originalpublicationdate
article_date_original published_at article:created date rnews:datepublished published-date published_date publish_date
citation_publication_date citation_online_date citation_date prism.publicationdate dc.date.created article:published_date
og:article:published_date og:pubdate og:publish_date bt:pubdate analyticsattributes.articledate article.created published
published_time publisheddate publish_time date_published article:publicationdate dc.date.publication creation_date created"""
_SECTION = (
    "article:section og:article:section articlesection parsely-section section cxenseparse:section category dc.subject.section"
)
_TAG = "article:tag news_keywords keywords parsely-tags og:article:tag sailthru.tags cxenseparse:keywords"
_LANGUAGE = "og:locale content-language language dc.language inlanguage"
MAX_TAGS = 40
MAX_SITE_NAME_LETTERS = 20
"""Letters of a site's name; what is longer and repeats the headline is none."""
MAX_SECTION_CHARACTERS = 80
"""Characters; what is longer is a sentence."""
MIN_REPEATED = 3
"""Places: title, og:title and twitter:title."""
_PARTS = re.compile(r"\||\s[-–—]\s")
SPELLED_WORDS = 4
"""So many words tell an address that was made of the headline."""


@dataclass(frozen=True, slots=True)
class _Page:
    """values: contents of the meta elements by name in lower case. title: of the title element. links: the canonical ones.
    address: the first that is one. node: JSON-LD's object of the article, {} if it has none."""

    elements: PageElements
    values: dict[str, list[str]]
    title: str | None
    links: tuple[str, ...]
    address: str | None
    graph: json_ld.Graph
    node: json_ld.Node

    def metas(self, names: str) -> Iterator[str]:
        """All values of the names, in the order of the names."""
        return (text for _, text in self.claims(names))

    def claims(self, names: str) -> Iterator[Claim]:
        for name in names.split():
            for text in self.values.get(name, ()):
                yield f"meta {name}", text


def _read_page(elements: PageElements, url: str | None) -> _Page:
    values = _values(elements.of("meta"))
    title = next((json_ld.text(title.text) for title in elements.of("title")), None)
    links = tuple(link.get("href", "") for link in elements.of("link") if "canonical" in link.get("rel", "").lower().split())
    page = _Page(elements, values, title, links, None, json_ld.read_blocks(elements.of("script")), {})
    base = next(filter(None, (base.get("href") for base in elements.of("base"))), None)
    address = _canonical_url(page, _join(url, base) if base else url)
    urls = [link for link in (address, url, *page.metas("og:url")) if link]
    node = json_ld.article_of(page.graph, urls, [*page.metas("og:title twitter:title"), title or ""])
    return replace(page, address=address, node=node)


def _values(metas: Iterable[HtmlElement]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for meta in metas:
        said = dict(meta.items())
        if content := json_ld.clean((said.get("content") or said.get("datetime") or "").strip()):
            for name in ("property", "name", "itemprop", "http-equiv"):
                if name in said and not (name == "itemprop" and next(meta.iterancestors("li"), None) is not None):  # of a comment
                    values.setdefault(said[name].strip().lower(), []).append(content)
    return values


# --- one function a field ---------------------------------------------------------------------------------------------


def _claims(page: _Page, keys: Iterable[str], names: str, later_keys: Iterable[str] = ()) -> Iterator[Claim]:
    """What JSON-LD says under the keys, then the meta elements of the names, then JSON-LD under other keys."""
    for claims in (_json_ld(page, keys), page.claims(names), _json_ld(page, later_keys)):
        yield from claims


def _json_ld(page: _Page, keys: Iterable[str]) -> Iterator[Claim]:
    for key in keys:
        if text := json_ld.text(page.node.get(key)):
            yield f"JSON-LD {key}", text


def _publication_claims(page: _Page) -> Iterator[Claim]:
    return _claims(page, _PUBLISHED_KEYS[:1], _PUBLISHED, _PUBLISHED_KEYS[1:])


def _description_claims(page: _Page) -> Iterator[Claim]:
    return _claims(page, ("description",), _DESCRIPTION)


def _headline_claims(page: _Page, publisher: str | None) -> list[Claim]:
    """JSON-LD's first, unless all else that the page says is against it: meta elements, title and address."""
    claims = list(_claimed_headlines(page, publisher))
    first, *others = [text for _, text in claims] or [""]
    agreed = len(others) > 1 and first not in others and len(set(map(json_ld.letters, others))) == 1
    if agreed and _spells(page.address, others[0]) and not _spells(page.address, first):
        return [*claims[1:], claims[0]]
    return claims


def _goes_first(page: _Page, headlines: list[Claim]) -> bool:
    """Whether the first headline is one that a newspaper's own system declares: in JSON-LD of a NewsArticle, OpinionNewsArticle,
    LiveBlogPosting …, or on a page with news_keywords; or the only one, which title and meta elements repeat. That of an Article
    or BlogPosting is often written for search engines, and so is a title of several parts."""
    if not page.node.get("headline"):
        repeated = len(headlines) >= MIN_REPEATED and len({json_ld.letters(text) for _, text in headlines}) == 1
        return "news_keywords" in page.values or (repeated and not _PARTS.search(headlines[0][1]))
    own = any(kind.endswith(("NewsArticle", "LiveBlogPosting")) for kind in json_ld.types_of(page.node))
    return own and [where for where, _ in headlines[:1]] == ["JSON-LD headline"]


def _spells(url: str | None, headline: str) -> bool:
    """Whether the address has all words of the headline, of those in plain letters: others are spelled in several ways."""
    words = {word for word in json_ld.letters(headline).split() if word.isascii()}
    return len(words) >= SPELLED_WORDS and words <= set(json_ld.letters(url or "").split())


def _claimed_headlines(page: _Page, publisher: str | None) -> Iterator[Claim]:
    node = page.node
    is_article = not any(kind.endswith(("Page", "VideoObject")) for kind in json_ld.types_of(node))
    if node.get("headline") or is_article:
        yield from _json_ld(page, ("headline",) if node.get("headline") else ("name",))
    for where, text in page.claims("og:title twitter:title"):
        yield where, cut_site_name(text, publisher) if text == page.title else text
    if page.title:
        yield "title", cut_site_name(page.title, publisher)


def _publisher(page: _Page) -> str | None:
    headlines = tuple(text for text in page.metas("og:title twitter:title") if len(text) > MAX_SITE_NAME_LETTERS)
    names = (text for _, text in _publisher_claims(page))
    named = (name for name in names if not name.startswith(("http", *headlines)) and name != page.title)
    return next(named, None) or _site_in_title(page)


def _publisher_claims(page: _Page) -> Iterator[Claim]:
    for where, value in page.claims("og:site_name application-name"):
        if text := json_ld.text(value):
            yield where, text
    for item in json_ld.resolve(page.node.get("publisher"), page.graph):
        if text := json_ld.text(item):
            yield "JSON-LD publisher", text


def _site_in_title(page: _Page) -> str | None:
    """ "HEADLINE - Meridian Post", "The Old Ledger: HEADLINE": what the title has beside the headline that the page shows."""
    title = page.title or ""
    for element in page.elements.of("h1", "h2", "b", "strong", "font") if title else ():
        shown = short_text(element, MAX_TITLE_CHARACTERS)
        before, headline, after = title.partition(shown) if len(shown) > 5 else ("", "", "")
        if headline and bool(before) != bool(after):
            name = re.split(r"\s[–—·•»-]\s|\s?[|｜_]\s?", after)[-1] if after else before.rstrip(" :|–—-")
            apart = re.match(r"\s?[|｜_»·•–—-]", after) or re.search(r"[:|–—-]\s?$", before)
            if apart and 2 < len(name) < 2 * len(shown) and len(name.split()) <= 5 and name[0].isalpha():
                return name
    return None


def _section(page: _Page) -> str | None:
    return next((section_of(text) for _, text in _section_claims(page)), None)


def _section_claims(page: _Page) -> Iterator[Claim]:
    for where, text in _claims(page, ("articleSection",), _SECTION):
        joined = re.search(r",\S|,.*,", text)  # all of WordPress's categories and tags in one string
        section = text.partition(",")[0] if joined else text
        if 0 < len(section) <= MAX_SECTION_CHARACTERS:
            yield where, section
    for step in _breadcrumbs(page.graph):
        yield "JSON-LD BreadcrumbList", step
    for step in printed_steps(page.elements)[:1]:
        yield "the breadcrumb", step


def _breadcrumbs(graph: json_ld.Graph) -> Iterator[str]:
    """The page's place in the site: what follows the home page, without the article itself."""
    for node, _ in graph.nodes:
        steps = node.get("itemListElement")
        if "BreadcrumbList" in json_ld.types_of(node) and isinstance(steps, list):
            names = [json_ld.text(step.get("name") or step.get("item")) for step in steps if isinstance(step, dict)]
            yield from [name for name in names if name and not name.startswith("http")][1:-1]


def _tags(page: _Page) -> tuple[str, ...]:
    values: list[str] = next((values for _, values in _tag_claims(page) if values), [])
    parts = re.split(r"[,;、，]", values[0]) if len(values) == 1 else values
    return _distinct(part.strip(" #") for part in parts)[:MAX_TAGS]


def _tag_claims(page: _Page) -> Iterator[tuple[str, list[str]]]:
    keywords = page.node.get("keywords")
    items = keywords if isinstance(keywords, list) else [keywords]
    yield "JSON-LD keywords", [text for item in items if (text := json_ld.text(item))]
    for name in _TAG.split():
        yield f"meta {name}", page.values.get(name, [])


def _language(page: _Page) -> str | None:
    tags = (re.match(r"\s*([a-zA-Z]{2,3})(?:[-_,\s]|$)", text) for _, text in _language_claims(page))
    return next((tag[1].lower() for tag in tags if tag), None)


def _language_claims(page: _Page) -> Iterator[Claim]:
    root = next(iter(page.elements.of("html")), page.elements.tree)
    for name in ("lang", "xml:lang"):
        if text := root.get(name):
            yield f"html {name}", text
    yield from _claims(page, ("inLanguage",), _LANGUAGE)


def _canonical_url(page: _Page, start: str | None) -> str | None:
    return next(filter(None, (_absolute(text, start) for _, text in _address_claims(page))), None)


def _address_claims(page: _Page) -> Iterator[Claim]:
    for link in page.links:
        yield "link canonical", link
    yield from page.claims("og:url twitter:url parsely-link")


def _absolute(link: str | None, base: str | None) -> str | None:
    """The address without its fragment, of a web archive's the one it shows; None for a home page and for what is no address."""
    original = original_of(link) if link else None
    joined = _join(base, original[0] if original else link.strip()) if link else None
    try:
        parts = urlsplit(joined or "")
    except ValueError:
        return None
    is_home = parts.path.strip("/") in ("", "index.html", "index.php", "home") and not parts.query
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or is_home:
        return None
    return (joined or "").partition("#")[0]


def _join(base: str | None, link: str) -> str | None:
    try:
        return urljoin(base or "", link)
    except ValueError:
        return None


_CREDIT_KEYS = ("creditText", "credit", "author", "creator", "copyrightHolder", "copyrightNotice")


def _images(page: _Page) -> Iterator[Caption]:
    for key in ("image", "associatedMedia", "primaryImageOfPage"):
        for item in json_ld.resolve(page.node.get(key), page.graph):
            if isinstance(item, dict):
                text = json_ld.text(item.get("caption") or item.get("description"))
                credit = next(filter(None, map(json_ld.text, map(item.get, _CREDIT_KEYS))), None)
                address = item.get("url") or item.get("contentUrl")
                if text or credit:
                    yield Caption(text, credit, address if isinstance(address, str) else None)


def _article_body(node: json_ld.Node) -> str | None:
    updates = node.get("liveBlogUpdate")
    pieces = [_paragraphs(node.get("articleBody") or node.get("text"))]
    for post in updates if isinstance(updates, list) else ():
        if isinstance(post, dict):
            pieces += [json_ld.text(post.get("headline")) or "", _paragraphs(post.get("articleBody"))]
    return "\n\n".join(filter(None, pieces)) or None


def _paragraphs(value: Any) -> str:
    """The text with a blank line wherever the value has a paragraph's or line's end."""
    if isinstance(value, list):
        return "\n\n".join(_paragraphs(item) for item in value if isinstance(item, str))
    if not isinstance(value, str):
        return ""
    plain = json_ld.clean(value)
    if "<" in plain:
        plain = _ANY_TAG.sub("", _END_OF_PARAGRAPH.sub("\n", plain))
    return "\n\n".join(filter(None, (" ".join(line.split()) for line in plain.splitlines())))


_END_OF_PARAGRAPH = re.compile(r"(?i)</?(?:p|br|div|h[1-6]|li|ul|blockquote)\b[^<>]{0,300}>")
_ANY_TAG = re.compile(r"<[^<>\n]{1,500}>")


def _distinct(values: Iterable[Any]) -> tuple[str, ...]:
    """Each text once, whatever its case, in order."""
    found: dict[str, str] = {}
    for text in filter(None, map(json_ld.text, values)):
        found.setdefault(text.casefold(), text)
    return tuple(found.values())
